"""Text files of suppliers as lines: any encoding, any line end, no line longer than memory."""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

LONGEST = 131_000  # characters of a line that are looked at; a cell of the csv module may have 131,072
_BLOCK = 1 << 18
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


class TextForm(NamedTuple):
    """What one reading found: the digest of the bytes, how they are text, how lines end."""

    digest: bytes
    encoding: str
    newline: str


def look(path: Path) -> TextForm:
    """Reads the whole file once; what is neither valid UTF-8 nor valid GB18030 is read as UTF-8 with gaps."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        marked = next((name for mark, name in _MARKS if start.startswith(mark)), None)
        trials = [_Trial(name) for name in ((marked,) if marked else ("utf-8", "gb18030"))]
        while block := file.read(_BLOCK):
            digest.update(block)
            for trial in trials:
                trial.feed(block)
        for trial in trials:
            trial.feed(b"", is_last=True)
    best = next((trial for trial in trials if trial.is_good), trials[0])
    return TextForm(digest.digest(), best.name, best.newline)


class _Trial:
    """Whether bytes are valid in an encoding, and which line end they have."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.is_good = True
        self._has_feed = self._has_return = False
        self._strict = codecs.getincrementaldecoder(name)("strict")
        self._lenient = codecs.getincrementaldecoder(name)("replace")

    @property
    def newline(self) -> str:
        """A file of line feeds may have stray returns; one of returns alone is of an old kind."""
        return "\r" if self._has_return and not self._has_feed else "\n"

    def feed(self, block: bytes, *, is_last: bool = False) -> None:
        text = self._lenient.decode(block, is_last)
        self._has_feed = self._has_feed or "\n" in text
        self._has_return = self._has_return or "\r" in text
        if self.is_good:
            try:
                self._strict.decode(block, is_last)
            except UnicodeDecodeError:
                self.is_good = False


def read_lines(path: Path, encoding: str, newline: str) -> Iterator[tuple[int, str]]:
    """Number from 1 and text of each line that is not blank, without its end, cut at LONGEST characters and one."""
    with path.open("rb") as raw:
        yield from _lines(raw, encoding, newline)


def _lines(raw: BinaryIO, encoding: str, newline: str) -> Iterator[tuple[int, str]]:
    text = io.TextIOWrapper(raw, encoding, errors="replace", newline=newline)
    number = 0
    while line := text.readline(LONGEST + 1):
        number += 1
        rest = line
        while len(rest) > LONGEST and not rest.endswith(newline):  # passed over, never held
            rest = text.readline(LONGEST + 1)
        line = line.strip("\r\n\ufeff")
        if line and not line.isspace():
            yield number, line
    text.detach()
