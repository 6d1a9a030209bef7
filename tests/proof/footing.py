"""What a campaign stands on: which program it tried, and where its files lie while it runs."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_IN_MEMORY = Path("/dev/shm")  # nothing is kept there, so nothing waits for a disk


def program_of(*folders: str) -> str:
    """Names the program that is tried, by every source file in these folders of the repository."""
    seen = hashlib.sha256()
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*.py")):
            seen.update(path.read_bytes())
    return seen.hexdigest()[:12]


def new_folder(start: str) -> Path:
    """A fresh one, in memory where the system has such a place; its owner removes it."""
    return Path(tempfile.mkdtemp(prefix=start, dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None))


@contextmanager
def quick_folder(start: str) -> Iterator[Path]:
    """The same, for as long as it is needed."""
    folder = new_folder(start)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
