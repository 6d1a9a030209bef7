"""How large a QR becomes: its modules, and the dots that each may take on a paper."""

from __future__ import annotations

from pos_app.printing.charset import Unprintable
from pos_app.printing.rows import DOTS_PER_MM, Paper, QrRow

QUIET_MODULES = 4
LEAST_DOTS = (
    3  # three eighths of a millimetre: smaller is hard to read, so only taken when the paper forces it
)

# Bytes that fit into versions 1 to 40 at error correction M (ISO/IEC 18004, table 7).
_BYTES_AT_M = (
    14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 287, 331, 362, 412, 450, 504, 560, 624, 666,
    711, 779, 857, 911, 997, 1059, 1125, 1190, 1264, 1370, 1452, 1538, 1628, 1722, 1809, 1911, 1989, 2099, 2213, 2331,
)  # fmt: skip


def modules_of(payload: str) -> int:
    """The most modules that a printer takes for the side of this QR; digits alone may take fewer."""
    size = len(payload.encode())
    for version, most in enumerate(_BYTES_AT_M, 1):
        if size <= most:
            return 17 + 4 * version
    raise Unprintable("too long for a QR")


def dots_of(row: QrRow, paper: Paper) -> int:
    """Dots for a module: as large as the slip wants it, as small as the paper forces it."""
    modules = modules_of(row.payload)
    room = paper.dots // (modules + 2 * QUIET_MODULES)
    wanted = row.side_mm * DOTS_PER_MM // modules
    return min(max(wanted, LEAST_DOTS), room)
