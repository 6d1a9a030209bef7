"""The machine's own clock and names."""

from __future__ import annotations

import secrets
import time
from datetime import UTC, datetime


class SystemClock:
    """Implements ports.world.Clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)


class MachineIds:
    """Implements ports.world.Ids; ids of one process rise strictly, so what is made later sorts later."""

    def __init__(self) -> None:
        self._last = 0

    def new_id(self) -> str:
        # RFC 9562 version 7: 48 bits of milliseconds, 12 bits of fraction (method 3), 62 random bits.
        ticks = time.time_ns() * 4096 // 1_000_000
        self._last = max(ticks, self._last + 1)
        milliseconds, fraction = divmod(self._last, 4096)
        tail = secrets.randbits(62) | 1 << 63
        text = f"{milliseconds:012x}7{fraction:03x}{tail:016x}"
        return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"

    def new_secret(self) -> bytes:
        return secrets.token_bytes(16)
