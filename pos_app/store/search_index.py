"""What a product is found by, and what was typed as a query: the only file that knows how the index is spelled."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pos_app.domain.catalogue import Product

INSERT_WORDS = "INSERT INTO {name} (rowid, zh, words, pinyin, initials, category) VALUES (?, ?, ?, ?, ?, ?)"
DELETE_WORDS = "DELETE FROM {name} WHERE rowid = ?"
NOTHING = ""  # what was typed has no letter, digit or character in it

_MOST_RUNS = 8
_LONGEST_RUN = 32
_BREAK = "\u00a6"  # a token that nobody types: phrases do not reach over it

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"[a-z]+|[0-9]+|[{_HAN}]+")
_TOKENS = re.compile(rf"[a-z]+|[0-9]+|[{_HAN}]")
_WORDS = re.compile(rf"[a-z{_HAN}]+")
_PIECES = re.compile(rf"[a-z{_HAN}\s]+")


def index_words(product: Product) -> tuple[str, str, str, str]:
    """The columns of the index: characters, words, full pinyin, and initials in pairs. The name comes first in each."""
    names = (product.names, product.brand.names, product.category.names)
    face = product.face.plain().removesuffix(".00")
    return (
        f" {_BREAK} ".join(_characters(name.zh) for name in names),
        " ".join(
            (_latin(product.names.en), *(_latin(name.zh) for name in names), face.replace(".", " "))
            + tuple(_latin(name.en) for name in names[1:])
        ),
        " ".join(_pinyin(name.zh)[0] for name in names),
        f" {_BREAK} ".join(_pinyin(name.zh)[1] for name in names),
    )


def query(words: str, at_start: bool, category: int | None) -> str | None:
    """The query in FTS5's language: None for no words, NOTHING when nothing can match. Nothing typed is ever syntax."""
    if not words.strip():
        return None
    runs = [run[:_LONGEST_RUN] for run in _RUNS.findall(plain(words))[:_MOST_RUNS]]
    if not runs:
        return NOTHING
    clauses = [_clause(run, at_start and place == 0) for place, run in enumerate(runs)]
    if category is not None:
        clauses.append(f'category : "c{category}"')
    return " AND ".join(f"({clause})" for clause in clauses)


def plain(text: str) -> str:
    """Lower case, half width, without accents."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text)
    return "".join(ch for ch in parts if not unicodedata.combining(ch)).lower()


def _clause(run: str, at_start: bool) -> str:
    start = "^ " if at_start else ""
    if not run.isascii():
        return f'zh : {start}"{" ".join(run)}"'
    columns = ["words", "zh"] if at_start else ["words"]
    if run.isdigit():
        return " OR ".join(f'({column} : {start}"{run}" *)' for column in columns)
    initials = f'"{run}" *' if len(run) == 1 else f'"{_pairs(run)}"'
    by_prefix = [f'({column} : {start}"{run}" *)' for column in (*columns, "pinyin")]
    return " OR ".join([*by_prefix, f"(initials : {start}{initials})"])


def _pairs(letters: str) -> str:
    return " ".join(letters[place : place + 2] for place in range(len(letters) - 1))


@lru_cache(maxsize=32_768)
def _characters(text: str) -> str:
    return " ".join(_TOKENS.findall(plain(text)))


@lru_cache(maxsize=32_768)
def _latin(text: str) -> str:
    return " ".join(run for run in _RUNS.findall(plain(text)) if run.isascii())


@lru_cache(maxsize=32_768)
def _pinyin(text: str) -> tuple[str, str]:
    """Full pinyin from each word to the end of its piece, and the initials of each piece in pairs."""
    full: list[str] = []
    initials: list[str] = []
    for piece in _PIECES.findall(plain(text)):
        spelled = [_spell(word) for word in _WORDS.findall(piece)]
        full += ["".join(pinyin for pinyin, _ in spelled[place:]) for place in range(len(spelled))]
        letters = "".join(first for _, first in spelled)
        if letters:
            # The last letter stands alone, so that it, too, is found by itself.
            initials.append(f"{_pairs(letters)} {letters[-1]}".strip())
    return " ".join(full), f" {_BREAK} ".join(initials)


@lru_cache(maxsize=32_768)
def _spell(word: str) -> tuple[str, str]:
    if word.isascii():
        return word, word
    # Loaded only where products come in: it costs 0.15 s, and a query never needs it.
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(word)), "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
