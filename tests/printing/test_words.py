"""The words on paper: complete in both languages, and each of them used."""

import json
import re
from dataclasses import asdict, fields
from string import Formatter

import pytest

from pos_app.printing.words import PaperWords, read_words
from tests.printing.conftest import LANGUAGES, words_of
from tests.printing.samples import ROOT


def test_both_languages_have_the_same_words() -> None:
    assert asdict(words_of("zh")).keys() == asdict(words_of("en")).keys()


def test_both_languages_have_the_same_blanks_to_fill() -> None:
    blanks = [
        {
            key: {name for _, name, _, _ in Formatter().parse(said) if name}
            for key, said in asdict(words).items()
        }
        for words in map(words_of, LANGUAGES)
    ]
    assert blanks[0] == blanks[1]


def test_every_word_is_used() -> None:
    room = ROOT / "pos_app" / "printing"
    used = set(re.findall(r"\b(?:words|self)\.(\w+)", "".join(p.read_text() for p in room.rglob("*.py"))))
    assert {field.name for field in fields(PaperWords)} <= used


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_file_that_misses_a_word_or_has_one_too_many_is_refused(language: str) -> None:
    path = ROOT / "resources" / "words" / f"receipt.{language}.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    with pytest.raises(ValueError, match="total"):
        read_words({key: said for key, said in data.items() if key != "total"})
    with pytest.raises(ValueError, match="joke"):
        read_words({**data, "joke": "?"})


def test_a_tender_without_a_word_says_its_own_name() -> None:
    assert words_of("en").tender("cash") == "cash"
    assert words_of("zh").tender("cash") == "现金"
    assert words_of("zh").tender("voucher") == "voucher"
