"""Breaks text into lines of a width: between words and Chinese characters, never inside a number, a sum or a group."""

from __future__ import annotations

import re
from functools import lru_cache

from pos_app.printing.charset import columns

# A run of ASCII stays whole, with the currency sign before it; closing marks cling to what they close, opening ones to
# what they open, so that no line begins with a comma or ends with a bracket.
_CLOSING = "\u3001\u3002\uff0c\uff1b\uff1a\uff01\uff1f\uff09\u300b\u300d\u300f\u3011\u201d\u2019\u2026\uff05"
_OPENING = "\uff08\u300a\u300c\u300e\u3010\u201c\u2018\uffe5"
_UNIT = re.compile(rf" +|[{_OPENING}]*(?:[!-~]+|[^ ])[{_CLOSING}]*")
_DASHED = re.compile(r"[^-]*-|[^-]+")


@lru_cache(maxsize=1024)
def wrapped(text: str, width: int) -> tuple[str, ...]:
    """`text` in lines of at most `width` columns; only what is longer than a whole line is cut."""
    if columns(text) <= width:
        return (text.strip(),) if text.strip() else ()
    lines: list[str] = []
    line = ""
    for unit in _UNIT.findall(text):
        if columns(line) + columns(unit.rstrip()) <= width:
            line += unit
            continue
        if line.strip():
            lines.append(line.strip())
        *full, line = cut(unit.lstrip(), width) or [""]
        lines.extend(full)
    if line.strip():
        lines.append(line.strip())
    return tuple(lines)


@lru_cache(maxsize=1024)
def balanced(text: str, width: int) -> tuple[str, ...]:
    """`text` wrapped into as few lines as `width` allows, and these of about one length: for titles."""
    lines = wrapped(text, width)
    if len(lines) < 2:
        return lines
    by_words = _evenly(text.split(), " ", width)
    if len(by_words) == len(lines) and all(columns(line) <= width for line in by_words):
        return tuple(by_words)
    for narrower in range(columns(text) // len(lines), width):
        narrow = wrapped(text, narrower)
        if len(narrow) == len(lines):
            return narrow
    return lines


def cut(text: str, width: int) -> list[str]:
    """`text` in pieces of at most `width` columns, wherever that falls."""
    pieces: list[str] = []
    piece, used = "", 0
    for char in text:
        wide = columns(char)
        if used + wide > width:
            pieces.append(piece)
            piece, used = "", 0
        piece += char
        used += wide
    return [*pieces, piece] if piece else pieces


def code_lines(code: str, width: int) -> list[str]:
    """A code in lines that end where its groups end, each about equally long; a longer group is cut as a last resort."""
    groups = code.split(" ") if " " in code else _DASHED.findall(code)
    glue = " " if " " in code else ""
    pieces = [piece for group in groups for piece in (cut(group, width) or [""])]
    return _evenly(pieces, glue, width)


def keeps_groups(code: str, width: int) -> bool:
    """Whether every group of the code fits on a line of its own."""
    return all(
        columns(group) <= width for group in (code.split(" ") if " " in code else _DASHED.findall(code))
    )


def _evenly(pieces: list[str], glue: str, width: int) -> list[str]:
    """The pieces in as few lines as `width` allows, and these of about one length."""
    lines = _filled(pieces, glue, width)
    if len(lines) < 2:
        return lines
    even = -(-sum(map(columns, lines)) // len(lines))
    for narrower in range(max(even, *map(columns, pieces)), width):
        narrow = _filled(pieces, glue, narrower)
        if len(narrow) == len(lines):
            return narrow
    return lines


def _filled(pieces: list[str], glue: str, width: int) -> list[str]:
    lines: list[str] = []
    for piece in pieces:
        if lines and columns(lines[-1]) + len(glue) + columns(piece) <= width:
            lines[-1] += glue + piece
        else:
            lines.append(piece)
    return lines
