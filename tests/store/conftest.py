"""Gives the contract tests both kinds of books."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.till_world import World, fake_world, open_file


@pytest.fixture(params=["file", "fake"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """A till that is enrolled, empty otherwise: once on a real file, once in memory."""
    if request.param == "fake":
        yield fake_world().enrolled()
        return
    books = open_file(tmp_path)
    try:
        yield World(books.open_books, books.open_to_read).enrolled()
    finally:
        books.close()
