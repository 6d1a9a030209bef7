"""Suppliers' files of codes, as rows of text whatever their form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol


class FileRow(NamedTuple):
    """A row that is not blank: its line in the file, counted from 1, and its cells as they stand there."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FileForm:
    """What a file is, found by reading it once; `digest` is the SHA-256 of its bytes."""

    path: str
    name: str
    digest: bytes
    kind: str  # "text" or "xlsx"
    encoding: str = ""
    newline: str = "\n"


class CodeFiles(Protocol):
    """Reads from disk and takes its time: never call it on the event loop."""

    def look(self, path: str) -> FileForm:
        """What it is. Raises BadRequest for a file that is none we can read, OSError if it is not there."""
        ...

    def rows(self, form: FileForm, separator: str | None, cells: int) -> Iterator[FileRow]:
        """All rows in order; of an unchanged file always the same. A blank row is left out, its line counted.

        `separator` None finds it out; `cells` is how many a row must at least have, which helps to guess.
        A row is never much longer than 131,000 characters: the rest of such a line is passed over.
        Raises BadRequest if the file turns out to be damaged.
        """
        ...
