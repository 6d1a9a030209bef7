"""The words on paper as they ship, for every test of the printing room."""

import json

import pytest

from pos_app.printing.words import PaperWords, read_words
from tests.printing.samples import ROOT

LANGUAGES = ("zh", "en")


def words_of(language: str) -> PaperWords:
    path = ROOT / "resources" / "words" / f"receipt.{language}.json"
    return read_words(json.loads(path.read_text(encoding="utf-8")))


@pytest.fixture(params=LANGUAGES)
def words(request: pytest.FixtureRequest) -> PaperWords:
    return words_of(request.param)
