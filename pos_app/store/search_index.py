"""What a product is found by, and what was typed as a query: the only file that knows how the index is spelled."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pos_app.domain.catalogue import Product

INSERT_WORDS = "INSERT INTO {name} (rowid, words) VALUES (?, ?)"
JOIN_PIECES = "INSERT INTO {name} ({name}) VALUES ('optimize')"
DELETE_WORDS = "DELETE FROM {name} WHERE rowid = ?"
NOTHING = ""  # what was typed has no letter, digit or character in it

_MOST_RUNS = 8
_LONGEST_RUN = 32
# All is one column: asked for by a column, every document that has the word anywhere would be read. What a token is for
# is said by its first character instead; a plain one is a word, or how a word begins.
_START = "\u00a4"  # how the name starts
_INITIALS = "\u00a8"  # two initials that follow each other
_CATEGORY = "\u00a7"
_BREAK = "\u00a6"  # a token that nobody types: phrases do not reach over it
_START_LENGTH = 5  # names differ at their ends: whole ones would be as many tokens as there are products
# Beginnings up to here are tokens of their own, once a product. FTS5's `prefix` option would keep them for the tokens
# of every kind, once for every place: half of the index, and half of the time of a first sync.
_BEGINNING_LENGTH = 4

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"[a-z]+|[0-9]+|[{_HAN}]+")
_TOKENS = re.compile(rf"[a-z]+|[0-9]+|[{_HAN}]")
_LETTERS = re.compile(r"[a-z]+")
_NUMBERS = re.compile(r"[0-9]+")
_BETWEEN = re.compile(rf"[^a-z0-9{_HAN}]+")
_IS_PLAIN = re.compile(r"[\x00-\x7f\u3400-\u4dbf\u4e00-\u9fff]*").fullmatch
_PIECES = re.compile(rf"[a-z{_HAN}\s]+")


def index_words(product: Product, category: int) -> str:
    """The tokens of a product: how its name starts, its words and pinyin, Chinese characters, and initials in pairs."""
    zh, en = plain(product.names.zh), plain(product.names.en)
    brand, group = product.brand.names, product.category.names
    line = _line(_NUMBERS.sub("0", zh), _NUMBERS.sub("0", en), brand.zh, brand.en, group.zh, group.en)
    face = product.face.plain().removesuffix(".00").split(".")
    numbers = dict.fromkeys((*_NUMBERS.findall(zh), *_NUMBERS.findall(en), *face))
    starts = (_starts(_BETWEEN.sub("", name)[:_START_LENGTH]) for name in (zh, en))
    return " ".join((*starts, *map(_beginnings, numbers), f"{_CATEGORY}{category}", line))


def query(words: str, at_start: bool, category: int | None) -> str | None:
    """The query in FTS5's language: None for no words, NOTHING when nothing can match. Nothing typed is ever syntax."""
    if not words.strip():
        return None
    runs = [run[:_LONGEST_RUN] for run in _RUNS.findall(plain(words))[:_MOST_RUNS]]
    if not runs:
        return NOTHING
    clauses = [_clause(run, at_start and place == 0) for place, run in enumerate(runs)]
    if category is not None:
        clauses.append(f'"{_CATEGORY}{category}"')
    return " AND ".join(f"({clause})" for clause in clauses)


def plain(text: str) -> str:
    """Lower case, half width, without accents."""
    if _IS_PLAIN(text):
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(ch for ch in parts if not unicodedata.combining(ch)).lower()


def _clause(run: str, at_start: bool) -> str:
    if at_start:
        return f'"{_START}{run[:_START_LENGTH]}"'
    if not run.isascii():
        return f'"{" ".join(run)}"'
    word = f'"{run}"' if len(run) <= _BEGINNING_LENGTH else f'"{run}" *'
    if run.isdigit() or len(run) <= 2:
        return word  # a pair of initials is a plain token, too
    pairs = " ".join(f"{_INITIALS}{run[place : place + 2]}" for place in range(len(run) - 1))
    return f'{word} OR "{pairs}"'


@lru_cache(maxsize=4_096)
def _line(zh: str, en: str, *around: str) -> str:
    """The tokens that do not depend on the numbers: most products differ from the next by their face value only."""
    chinese = [_chinese(text) for text in (zh, *map(plain, around[::2]))]
    words = [*_LETTERS.findall(en), *_LETTERS.findall(zh)]
    initials: list[str] = []
    for name in around:
        words += _ascii_runs(name)
    for spelled, firsts, _ in chinese:
        words += spelled
        initials += firsts
    return " ".join(
        (
            *[_starts(how[:_START_LENGTH]) for part in chinese[0][:2] for how in part[:1]],
            *map(_beginnings, dict.fromkeys(words)),
            *map(_letters, dict.fromkeys(initials)),
            *[phrases for _, _, phrases in chinese],
        )
    )


@lru_cache(maxsize=4_096)
def _ascii_runs(name: str) -> tuple[str, ...]:
    return tuple(run for run in _RUNS.findall(plain(name)) if run.isascii())


@lru_cache(maxsize=4_096)
def _chinese(text: str) -> tuple[list[str], list[str], str]:
    """Full pinyin, initials, and what is asked for as a phrase."""
    full, initials = _spelled(text)
    return full, initials, " ".join((_characters(text), *map(_paired, initials), _BREAK))


def _starts(how: str) -> str:
    return " ".join([_START + how[:end] for end in range(1, len(how) + 1)])


@lru_cache(maxsize=8_192)
def _beginnings(word: str) -> str:
    """How a word begins, and the word."""
    return " ".join(dict.fromkeys([*[word[:end] for end in range(1, _BEGINNING_LENGTH + 1)], word]))


def _letters(initials: str) -> str:
    """Each initial and each pair of them as plain tokens."""
    pairs = [initials[place : place + 2] for place in range(len(initials) - 1)]
    return " ".join(dict.fromkeys([*initials, *pairs]))


def _spelled(text: str) -> tuple[list[str], list[str]]:
    """Full pinyin from each word to the end of its piece, and the initials of each piece."""
    full: list[str] = []
    initials: list[str] = []
    for piece in _PIECES.findall(text):
        spelled = [_spell(word) for word in piece.split()]
        full += ["".join(pinyin for pinyin, _ in spelled[place:]) for place in range(len(spelled))]
        if spelled:
            initials.append("".join(first for _, first in spelled))
    return full, initials


def _paired(initials: str) -> str:
    """Initials in pairs, as a phrase is asked for."""
    pairs = (_INITIALS + initials[place : place + 2] for place in range(len(initials) - 1))
    return " ".join((_BREAK, *pairs))


def _characters(text: str) -> str:
    """Chinese characters in their order; words between them part them."""
    return " ".join(each if each > "z" else _BREAK for each in _TOKENS.findall(text))


@lru_cache(maxsize=16_384)
def _spell(word: str) -> tuple[str, str]:
    if word.isascii():
        return word, word
    # Loaded only where products come in: it costs 0.15 s, and a query never needs it.
    from pypinyin.seg.mmseg import seg

    full: list[str] = []
    initials: list[str] = []
    for run in _RUNS.findall(word):
        syllables = [run] if run.isascii() else [one for part in seg.cut(run) for one in _readings(part)]
        full += syllables
        # What has no reading stays as it is.
        initials += syllables if run.isascii() else [one[0] if one.isascii() else one for one in syllables]
    return "".join(full), "".join(initials)


@lru_cache(maxsize=16_384)
def _readings(part: str) -> list[str]:
    """Of a character or of a word that has readings of its own; names share most of theirs."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin(part)
