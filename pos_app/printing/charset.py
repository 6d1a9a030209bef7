"""What a Chinese receipt printer can print: ASCII, one column wide, and the two-byte characters of GBK, two wide."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

ENCODING = "gbk"
UNKNOWN = "?"

# Characters that people really write and printers do not have, each with the one that comes nearest.
LOOK_ALIKES = {
    "\u00a5": "\uffe5",  # the yen sign of keyboards: four bytes in GB18030, and rubbish on paper
    "\u20ac": "EUR",
    "\u00a3": "GBP",
    "\u2022": "\u00b7",
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2212": "-",
    "\u00ae": "(R)",
    "\u00a9": "(C)",
    "\u2713": "\u221a",
    "\u2714": "\u221a",
    "\u00df": "ss",
    "\u00e6": "ae",
    "\u00c6": "AE",
    "\u00f8": "o",
    "\u00d8": "O",
    "\u0142": "l",
    "\u0141": "L",
    "\U00020bb7": "\u5409",
    "\u3402": "\u559c",
    "\u7de3": "\u7f18",
}

# Punctuation that GBK has only as full squares: right among Chinese characters, torn apart in a Latin sentence.
_LATIN_MARKS = str.maketrans({
    "\u201c": '"', "\u201d": '"', "\u2018": "'", "\u2019": "'", "\u2026": "...", "\u2014": "-", "\u00d7": "x",
})  # fmt: skip
_FIRST_CHINESE, _FIRST_SIGN = "\u2e80", "\uffe0"  # the currency signs are at home in both


class Unprintable(ValueError):
    """A code or a sum that the printer cannot carry exactly; better no paper than a wrong one."""


def columns(text: str) -> int:
    """How many columns `text` takes: on a GBK printer everything that is not ASCII is a full square."""
    return len(text) if text.isascii() else len(text.encode(ENCODING, "replace"))


def exact(text: str) -> str:
    """`text` unchanged, or Unprintable: for codes and money, where a look-alike would be a lie."""
    if text.isascii() and text.isprintable():
        return text
    if not all(map(_is_carried, text)):
        raise Unprintable("a character of a code or a sum is not in the printer's font")
    return text


@lru_cache(maxsize=4096)
def fitted(text: str) -> str:
    """`text` as the printer can carry it: for names and sentences. What has no look-alike becomes a question mark."""
    if text.isascii() and text.isprintable():
        return text
    said = "".join(_fitted_char(char) for char in unicodedata.normalize("NFC", text))
    is_chinese = any(_FIRST_CHINESE <= char < _FIRST_SIGN for char in said)
    return said if is_chinese else said.translate(_LATIN_MARKS)


def encoded(text: str) -> bytes:
    """The printer's bytes of a text that was `fitted` or found `exact`."""
    return text.encode(ENCODING)


@lru_cache(maxsize=16384)
def _fitted_char(char: str) -> str:
    if char in "\t\r\n\v\f\x85\u2028\u2029":
        return " "
    if unicodedata.category(char) in ("Cc", "Cf", "Mn", "Me", "Cs", "Co"):
        return ""  # marks, joiners, variation selectors and directions: nothing that a person would miss
    if char in LOOK_ALIKES:
        return LOOK_ALIKES[char]
    if unicodedata.category(char) == "Zs":
        return "\u3000" if char == "\u3000" else " "
    decomposed = unicodedata.normalize("NFKD", char)
    if decomposed[0].isascii() and decomposed[0].isalpha() and len(decomposed) > 1 and _is_marked(decomposed):
        return decomposed[0]  # GBK has some accented letters, but as wide squares that tear a word apart
    if _is_carried(char):
        return char
    plain = "".join(each for each in decomposed if _is_carried(each))
    return plain or UNKNOWN


def _is_marked(decomposed: str) -> bool:
    return all(unicodedata.category(each) == "Mn" for each in decomposed[1:])


@lru_cache(maxsize=16384)
def _is_carried(char: str) -> bool:
    if char < "\x80":
        return char.isprintable()
    try:
        return len(char.encode(ENCODING)) == 2
    except UnicodeEncodeError:
        return False
