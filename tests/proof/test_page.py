"""The page of proofs takes in what campaigns printed, and nothing else of it changes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.proof.page import filled, tell

PAGE = "# Title\n\n<!-- prove a -->\n\nold\n\n<!-- end -->\n\nwords\n\n<!-- prove b -->\n\n<!-- end -->\n"


def test_a_result_stands_between_its_marks() -> None:
    page = filled(PAGE, {"a": "new \\1\n"})
    assert page == PAGE.replace("old", "new \\1")
    assert filled(page, {"a": "old"}) == PAGE


def test_a_result_without_a_place_is_an_error() -> None:
    with pytest.raises(KeyError):
        filled(PAGE, {"c": "new"})


def test_results_are_laid_down_where_somebody_wants_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("POS_PROVE", raising=False)
    tell("a", "first")
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv("POS_PROVE", str(tmp_path / "out"))
    tell("a", "second")
    assert (tmp_path / "out" / "a.md").read_text(encoding="utf-8").startswith("second\n\nRun on ")
    assert capsys.readouterr().out == "\nfirst\n\nsecond\n"
