"""What a product is found by, and what was typed as a query: the only file that knows how the index is spelled."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from pos_app.domain.catalogue import Names, Product

INSERT_WORDS = (
    "INSERT INTO {name} (rowid, start, zh, words, pinyin, initials, category) VALUES (?, ?, ?, ?, ?, ?, ?)"
)
DELETE_WORDS = "DELETE FROM {name} WHERE rowid = ?"
NOTHING = ""  # what was typed has no letter, digit or character in it

_MOST_RUNS = 8
_LONGEST_RUN = 32
# How a name starts is a token of its own: asked for by a column, every document that has the word anywhere is read.
_START = "\u00a4"
_START_LENGTH = 5  # names differ at their ends: whole ones would be as many tokens as there are products
_BREAK = "\u00a6"  # a token that nobody types: phrases do not reach over it

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUNS = re.compile(rf"[a-z]+|[0-9]+|[{_HAN}]+")
_TOKENS = re.compile(rf"[a-z]+|[0-9]+|[{_HAN}]")
_PIECES = re.compile(rf"[a-z{_HAN}\s]+")


def index_words(product: Product) -> tuple[str, str, str, str, str]:
    """The columns of the index: how the name starts, characters, words, full pinyin, and initials in pairs."""
    zh, en = plain(product.names.zh), plain(product.names.en)
    full, initials = _spelled(zh)
    runs = _RUNS.findall(zh)
    face = product.face.plain().removesuffix(".00").replace(".", " ")
    around = _around(product.brand.names, product.category.names)
    return (
        " ".join(
            _START + how[:_START_LENGTH]
            for how in ("".join(runs), "".join(_RUNS.findall(en)), *full[:1], *initials[:1])
        ),
        f"{_characters(zh)} {around[0]}",
        f"{_latin(en)} {' '.join(run for run in runs if run.isascii())} {face} {around[1]}",
        f"{' '.join(full)} {around[2]}",
        f"{_paired(initials)} {around[3]}",
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
    if at_start:
        return f'"{_START}{run[:_START_LENGTH]}" *'
    if not run.isascii():
        return f'zh : "{" ".join(run)}"'
    if run.isdigit():
        return f'words : "{run}" *'
    if len(run) == 1:
        return f'{{words pinyin initials}} : "{run}" *'
    return f'({{words pinyin}} : "{run}" *) OR (initials : "{_pairs(run)}")'


@lru_cache(maxsize=4_096)
def _around(brand: Names, category: Names) -> tuple[str, str, str, str]:
    """What the brand and the category add to each column behind the name."""
    chinese = [plain(names.zh) for names in (brand, category)]
    spelled = [_spelled(zh) for zh in chinese]
    return (
        " ".join(f"{_BREAK} {_characters(zh)}" for zh in chinese),
        " ".join(_latin(text) for text in (*chinese, plain(brand.en), plain(category.en))),
        " ".join(word for full, _ in spelled for word in full),
        " ".join(f"{_BREAK} {_paired(initials)}" for _, initials in spelled),
    )


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


def _paired(initials: list[str]) -> str:
    """Initials in pairs; the last letter stands alone, so that it, too, is found by itself."""
    return f" {_BREAK} ".join(f"{_pairs(letters)} {letters[-1]}" for letters in initials)


def _pairs(letters: str) -> str:
    return " ".join(letters[place : place + 2] for place in range(len(letters) - 1))


def _characters(text: str) -> str:
    return " ".join(_TOKENS.findall(text))


def _latin(text: str) -> str:
    return " ".join(run for run in _RUNS.findall(text) if run.isascii())


@lru_cache(maxsize=16_384)
def _spell(word: str) -> tuple[str, str]:
    if word.isascii():
        return word, word
    # Loaded only where products come in: it costs 0.15 s, and a query never needs it.
    from pypinyin import Style, lazy_pinyin

    return "".join(lazy_pinyin(word)), "".join(lazy_pinyin(word, style=Style.FIRST_LETTER))
