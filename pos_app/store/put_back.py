"""Puts a backup in the place of the books: a move that sets the present files aside and deletes nothing.

The order outlives a power cut at any point. The chosen copy is looked over, copied and synced under the name
`books.ready-STAMP.db`; from that moment on every `books.db` beside it is the old one. What is left to do is only moving,
and is done to its end by whoever opens the folder next.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from pos_app.store.backups import BACKUPS, find, looking_at, must_be_sound
from pos_app.store.ground import sync_file, sync_folder
from pos_app.store.inspector import SOUND
from pos_app.store.trouble import translated

ASIDE = "aside"
_READY = "books.ready-"


def put_back(till: Path, books: str, name: str, key: bytes, stamp: str) -> Path:
    """The backup `name` becomes the file `books` in the folder `till`, which nobody may have open; the folder that holds what
    was there before. `stamp` names that folder.

    NoSuchBackup; DatabaseDamaged or DatabaseForeign when the copy is not sound or not under this key: nothing was changed then.
    """
    chosen = find(till / BACKUPS, name)
    with looking_at(chosen, key) as ask:
        must_be_sound(ask, chosen)
    half, ready = till / "books.half", till / f"{_READY}{stamp}.db"
    with translated(half):
        half.unlink(missing_ok=True)
        shutil.copyfile(chosen, half)
        half.chmod(0o600)
        sync_file(half)
        half.replace(ready)
        sync_folder(till)
        finish(till, books)
    return till / ASIDE / stamp


def finish(till: Path, books: str) -> None:
    """Carries a move to its end that was begun, now or before a power cut; nothing when none was. DiskTrouble."""
    with translated(till / books):
        for ready in sorted(till.glob(f"{_READY}*.db")):
            aside = till / ASIDE / ready.name.removeprefix(_READY).removesuffix(".db")
            aside.mkdir(mode=0o700, parents=True, exist_ok=True)
            for old in (books, f"{books}-wal", f"{books}-shm", SOUND):
                if (till / old).exists():
                    (till / old).replace(aside / old)
            for folder in (aside, aside.parent, till):
                sync_folder(folder)
            ready.replace(till / books)
            sync_folder(till)
