"""Makes a till's first file: whole and on disk before it has its name, or a power cut would leave half of one for ever."""

from __future__ import annotations

from pathlib import Path

from pos_app.domain.errors import DiskTrouble
from pos_app.store.engine import BooksEngine
from pos_app.store.ground import sync_folder
from pos_app.store.migrate import migrate
from pos_app.store.trouble import translated


def make_fresh(path: Path, database_key: bytes) -> None:
    """An empty file in its present shape at `path`, where none is; what an earlier try left over goes. DiskTrouble."""
    half = path.with_name(path.name + ".fresh")
    with translated(path):
        for ending in ("", "-journal", "-wal", "-shm"):
            half.with_name(half.name + ending).unlink(missing_ok=True)
    engine = BooksEngine(half, database_key)
    try:
        migrate(engine, path.parent)
        if not engine.checkpoint():  # nobody else has it open, so it was the disk
            raise DiskTrouble(path=str(path), cause="broken")
    finally:
        engine.close()
    with translated(path):
        half.replace(path)
        sync_folder(path.parent)
