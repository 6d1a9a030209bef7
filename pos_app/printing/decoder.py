"""Reads the bytes meant for a printer as a printer would; whatever it does not know it reports and steps over."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from pos_app.printing.charset import columns
from pos_app.printing.rows import DOTS_PER_LINE, Align

SPACING = 30  # dots from line to line after a reset: a sixth of an inch at 180 dpi, as printers are delivered
MOST_PICTURE_BYTES = 4_000_000


@dataclass(frozen=True, slots=True)
class Look:
    """How a character is drawn."""

    wide: int = 1
    tall: int = 1
    bold: bool = False
    inverse: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class PrintedLine:
    chars: tuple[tuple[str, Look], ...]
    align: Align
    height: int

    @property
    def text(self) -> str:
        return "".join(char for char, _ in self.chars)

    @property
    def columns(self) -> int:
        return sum(columns(char) * look.wide for char, look in self.chars)


@dataclass(frozen=True, slots=True, repr=False)
class PrintedQr:
    payload: str
    dots: int
    align: Align


@dataclass(frozen=True, slots=True, repr=False)
class PrintedBars:
    """A barcode of Code 128 that lies across the paper; sizes in dots."""

    payload: str
    dots: int
    height: int
    align: Align


@dataclass(frozen=True, slots=True, repr=False)
class PrintedPicture:
    """A raster: one bit a dot, rows of whole bytes."""

    width: int
    height: int
    bits: bytes
    align: Align


@dataclass(frozen=True, slots=True)
class Fed:
    dots: int


@dataclass(frozen=True, slots=True)
class CutHere:
    """The knife."""


Mark = PrintedLine | PrintedQr | PrintedBars | PrintedPicture | Fed | CutHere


@dataclass(frozen=True, slots=True, repr=False)
class Printed:
    """What came out: the marks on the paper, and what the printer did besides."""

    marks: tuple[Mark, ...]
    width: int
    drawer_kicks: int
    unknown: tuple[bytes, ...]

    @property
    def text(self) -> str:
        """The paper as lines; a QR is one line that says so."""
        return "\n".join(line for mark in self.marks for line in _plain(mark, self.width))

    @property
    def qrs(self) -> tuple[str, ...]:
        return tuple(mark.payload for mark in self.marks if isinstance(mark, PrintedQr))

    @property
    def cuts(self) -> int:
        return sum(isinstance(mark, CutHere) for mark in self.marks)


def read_bytes(data: bytes, width: int) -> Printed:
    """What a printer of `width` columns would make of `data`; never raises."""
    return _Decoder(data, width).run()


def _plain(mark: Mark, width: int) -> tuple[str, ...]:
    if isinstance(mark, PrintedLine):
        scale = max((look.wide for _, look in mark.chars), default=1)
        room = max(width // scale - columns(mark.text), 0)
        before = {Align.LEFT: 0, Align.CENTER: room // 2, Align.RIGHT: room}[mark.align]
        return ((" " * before + mark.text).rstrip(),)
    if isinstance(mark, PrintedQr):
        return (" " * ((width - 4) // 2) + "[QR]",)
    if isinstance(mark, PrintedBars | PrintedPicture):
        return (" " * ((width - 4) // 2) + "[##]",)
    return ()


# How many bytes of operands follow a command that we may step over: it changes nothing that we show.
_ESC_SKIPS = {
    b" ": 1, b"-": 1, b"G": 1, b"M": 1, b"R": 1, b"S": 0, b"T": 1, b"V": 1, b"r": 1, b"t": 1, b"u": 1, b"v": 0,
    b"{": 1, b"=": 1, b"$": 2, b"\\": 2, b"%": 1, b"U": 1, b"L": 0, b"W": 8, b"B": 2, b"c": 2, b"<": 0, b"?": 1,
}  # fmt: skip
_GS_SKIPS = {
    b"/": 1, b"H": 1, b"I": 1, b"L": 2, b"P": 2, b"W": 2, b"a": 1, b"b": 1, b"f": 1, b"r": 1,
    b"|": 1, b"$": 2, b"\\": 2, b":": 0, b"^": 3, b"T": 1, b"E": 1,
}  # fmt: skip
_FS_SKIPS = {b"-": 1, b"S": 2, b"W": 1, b"C": 1, b"p": 2, b"2": 74, b"?": 2}
_CODE_128 = 73
_ALIGNS = {0: Align.LEFT, 1: Align.CENTER, 2: Align.RIGHT, 48: Align.LEFT, 49: Align.CENTER, 50: Align.RIGHT}


class _Decoder:
    def __init__(self, data: bytes, width: int) -> None:
        self._data, self._at, self._width = data, 0, width
        self._marks: list[Mark] = []
        self._unknown: list[bytes] = []
        self._kicks = 0
        self._reset()

    def run(self) -> Printed:
        lead: dict[int, Callable[[], None]] = {
            0x0A: self._end_line, 0x0D: _nothing, 0x09: self._tab, 0x0C: self._end_line,
            0x10: self._dle, 0x1B: self._esc, 0x1C: self._fs, 0x1D: self._gs,
        }  # fmt: skip
        while self._at < len(self._data):
            byte = self._data[self._at]
            if byte in lead:
                self._at += 1
                lead[byte]()
            else:
                self._character(byte)
        if self._line:
            self._end_line()
        return Printed(tuple(self._marks), self._width, self._kicks, tuple(self._unknown))

    def _reset(self) -> None:
        self._look, self._align = Look(), Align.LEFT
        self._is_chinese = True  # as printers for China are delivered
        self._spacing = SPACING
        self._qr_dots, self._qr_payload = 3, ""
        self._bar_dots, self._bar_height = 3, 162
        self._line: list[tuple[str, Look]] = []
        self._used = 0

    def _character(self, byte: int) -> None:
        if byte < 0x20 or byte == 0x7F:
            self._strange(1)
        elif byte < 0x80:
            self._put(chr(byte))
            self._at += 1
        elif self._is_chinese:
            self._chinese()
        else:
            self._put(bytes((byte,)).decode("cp437"))
            self._at += 1

    def _chinese(self) -> None:
        pair = self._data[self._at : self._at + 2]
        try:
            char = pair.decode("gbk")
        except UnicodeDecodeError:
            # Four-byte GB18030 among others: cheap printers make rubbish of it, so it must be seen here.
            self._strange(2)
            return
        self._put(char)
        self._at += 2

    def _put(self, char: str) -> None:
        wide = columns(char) * self._look.wide
        if self._used + wide > self._width:
            self._end_line()
        self._line.append((char, self._look))
        self._used += wide

    def _tab(self) -> None:
        for _ in range(8 - self._used % 8):
            self._put(" ")

    def _end_line(self) -> None:
        tall = max((look.tall for _, look in self._line), default=1)
        height = max(self._spacing, tall * DOTS_PER_LINE)
        self._marks.append(PrintedLine(tuple(self._line), self._align, height))
        self._line, self._used = [], 0

    def _flush(self) -> None:
        if self._line:
            self._end_line()

    def _dle(self) -> None:
        kind = self._take(1)
        self._take({b"\x04": 1, b"\x05": 1, b"\x14": 3}.get(kind, 0))

    def _esc(self) -> None:
        command = self._take(1)
        if command == b"@":
            self._line, self._used = [], 0  # a reset forgets what was not printed yet
            self._reset()
        elif command == b"!":
            bits = self._number()
            self._look = Look(
                2 if bits & 0x20 else 1, 2 if bits & 0x10 else 1, bool(bits & 8), self._look.inverse
            )
        elif command == b"E":
            self._look = replace(self._look, bold=bool(self._number() & 1))
        elif command == b"a":
            self._align = _ALIGNS.get(self._number(), self._align)
        elif command in (b"d", b"J"):
            amount = self._number()
            self._flush()
            self._marks.append(Fed(amount * (self._spacing if command == b"d" else 1)))
        elif command in (b"2", b"3"):
            self._spacing = SPACING if command == b"2" else self._number()
        elif command == b"p":
            self._take(3)
            self._kicks += 1
        elif command in (b"i", b"m"):
            self._cut()
        elif command == b"*":
            self._column_picture()
        elif command == b"D":
            end = self._data.find(b"\0", self._at)
            self._at = len(self._data) if end < 0 else end + 1
        else:
            self._step_over(b"\x1b", command, _ESC_SKIPS)

    def _fs(self) -> None:
        command = self._take(1)
        if command in (b"&", b"."):
            self._is_chinese = command == b"&"
        elif command == b"!":
            bits = self._number()
            self._look = replace(self._look, wide=2 if bits & 4 else 1, tall=2 if bits & 8 else 1)
        else:
            self._step_over(b"\x1c", command, _FS_SKIPS)

    def _gs(self) -> None:
        command = self._take(1)
        if command == b"!":
            bits = self._number()
            self._look = replace(self._look, wide=(bits >> 4 & 7) + 1, tall=(bits & 7) + 1)
        elif command == b"B":
            self._look = replace(self._look, inverse=bool(self._number() & 1))
        elif command == b"V":
            if self._number() in (65, 66, 97, 98, 103, 104):
                self._take(1)
            self._cut()
        elif command == b"(":
            self._extended()
        elif command == b"v":
            self._raster()
        elif command == b"k":
            self._barcode()
        elif command == b"w":
            self._bar_dots = self._number()
        elif command == b"h":
            self._bar_height = self._number()
        else:
            self._step_over(b"\x1d", command, _GS_SKIPS)

    def _cut(self) -> None:
        self._flush()
        self._marks.append(CutHere())

    def _extended(self) -> None:
        """GS ( x: every one of them says its own length."""
        kind = self._take(1)
        body = self._take(self._short())
        if kind != b"k" or body[:1] != b"1":
            return
        function, rest = body[1:2], body[2:]
        if function == b"C" and rest:
            self._qr_dots = min(max(rest[0], 1), 16)
        elif function == b"P":
            self._qr_payload = rest[1:].decode("utf-8", "replace")
        elif function == b"Q" and self._qr_payload:
            self._flush()
            self._marks.append(PrintedQr(self._qr_payload, self._qr_dots, self._align))

    def _raster(self) -> None:
        self._take(2)  # the zero of its name, and the scale, which we never use
        width, height = self._short(), self._short()
        bits = self._take(min(width * height, MOST_PICTURE_BYTES))
        self._flush()
        if width and bits:
            self._marks.append(PrintedPicture(width * 8, len(bits) // width, bits, self._align))

    def _column_picture(self) -> None:
        depth = 3 if self._number() in (32, 33) else 1
        self._take(depth * self._short())

    def _barcode(self) -> None:
        system = self._number()
        if system >= 65:
            data = self._take(self._number())
            if system == _CODE_128 and data[:2] == b"{B":
                # A brace begins a change of the set, unless it is doubled.
                text = re.sub(rb"\{(.?)", lambda found: b"{" if found[1] == b"{" else b"", data[2:])
                payload = text.decode("ascii", "replace")
                self._flush()
                self._marks.append(PrintedBars(payload, self._bar_dots, self._bar_height, self._align))
            return
        end = self._data.find(b"\0", self._at)
        self._at = len(self._data) if end < 0 else end + 1

    def _step_over(self, lead: bytes, command: bytes, skips: dict[bytes, int]) -> None:
        if command in skips:
            self._take(skips[command])
        else:
            self._unknown.append(lead + command)

    def _strange(self, count: int) -> None:
        self._unknown.append(self._take(count))

    def _take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        self._at += count
        return taken

    def _number(self) -> int:
        return int.from_bytes(self._take(1), "little")

    def _short(self) -> int:
        return int.from_bytes(self._take(2), "little")


def _nothing() -> None:
    """A carriage return does nothing on its own."""
