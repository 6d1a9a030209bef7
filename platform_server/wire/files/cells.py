"""Lines of text as cells: finds out what stands between them."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Sequence

from platform_server.domain.errors import BadRequest

Split = Callable[[str], Sequence[str]]
_CHARACTERS = ("\t", ",", ";", "|", "\uff0c", "\uff1b")  # the last two: as a Chinese keyboard writes them
_DASHES = re.compile(r"\s*-{3,}\s*")
_BLANKS = re.compile(r"\s{2,}")
_BLANK = re.compile(r"\s+")
_ENOUGH = 0.8  # of the first lines must agree: a few may be broken
_NAMES = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|"}


def splitter(said: str | None, sample: Sequence[str], cells: int) -> Split:
    """`said` is a character, a word for it, "dashes", "blanks" or "none"; None finds it out in the first lines.

    A single blank parts cells only where nothing else does and a row must have several: codes have blanks too.
    """
    if said is not None:
        return _said(said)
    for split in _candidates(cells):
        if _agreement(split, sample, cells) >= _ENOUGH:
            return split
    return _whole


def _said(said: str) -> Split:
    if said == "none":
        return _whole
    if said in ("dashes", "----"):
        return _by_pattern(_DASHES)
    if said in ("blanks", " "):
        return _by_pattern(_BLANK)
    character = _NAMES.get(said, said)
    if len(character) != 1 or character in '"\r\n':
        raise BadRequest.at(
            "separator", "is one character, or tab, comma, semicolon, pipe, dashes, blanks, none"
        )
    return _by_character(character)


def _candidates(cells: int) -> list[Split]:
    named = [_by_character(character) for character in _CHARACTERS]
    patterns = [_DASHES, _BLANKS, *([_BLANK] if cells > 1 else [])]
    return [*named, *(_by_pattern(pattern) for pattern in patterns)]


def _agreement(split: Split, sample: Sequence[str], cells: int) -> float:
    """The share of lines with one same number of cells, at least two and as many as a row must have."""
    counts = Counter(len(split(line)) for line in sample)
    usual, times = max(counts.items(), key=lambda each: (each[1], each[0]), default=(1, 0))
    return times / len(sample) if usual >= max(2, cells) else 0.0


def _whole(line: str) -> Sequence[str]:
    return (line,) if not line.startswith('"') else _by_character("\t")(line)


def _by_pattern(pattern: re.Pattern[str]) -> Split:
    return lambda line: pattern.split(line.strip())


def _by_character(character: str) -> Split:
    """Each line by itself: a quote that nobody closed may cost its own row, never the rest of the file."""

    def split(line: str) -> Sequence[str]:
        if '"' not in line:
            return line.split(character)
        try:
            return next(csv.reader([line], delimiter=character), [line])
        except csv.Error:  # a stray return beside quotes
            return line.split(character)

    return split
