"""Copies the encrypted file while programs write to it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from platform_server.domain.errors import Damaged, StoreTrouble
from platform_server.store.ground import sync_folder
from platform_server.store.sqlite_file import connect, connect_empty

_CHECKS = ("quick_check", "foreign_key_check", "cipher_integrity_check")


def back_up_file(path: Path, key: bytes, copy: Path) -> None:
    """One moment of the file, under the same key, looked over, whole or not there, also after a power cut.

    Blocks; writers go on beside it. Raises StoreTrouble if `copy` is there already, Damaged if either is not whole.
    """
    if copy.exists():
        raise StoreTrouble(f"{copy} is there already; nothing was written.")
    draft = copy.with_name(copy.name + ".new")
    draft.unlink(missing_ok=True)
    os.close(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    try:
        _copy(path, key, draft)
        _look_over(draft, key)
        with draft.open("rb+") as file:
            os.fsync(file.fileno())
        draft.replace(copy)
    except dbapi2.DatabaseError as trouble:
        raise Damaged(f"{path.name} cannot be copied ({trouble}); nothing was kept.") from trouble
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(copy.absolute().parent)


def _copy(path: Path, key: bytes, draft: Path) -> None:
    """In one step: in pieces every commit of a server would make it begin again."""
    source, target = connect(path, key), connect_empty(draft, key)
    try:
        source.backup(target, pages=-1)
    finally:
        target.close()
        source.close()


def _look_over(draft: Path, key: bytes) -> None:
    probe: Any = connect(draft, key)
    try:
        faults = [row for check in _CHECKS for row in probe.execute(f"PRAGMA {check}") if row[0] != "ok"]
    finally:
        probe.close()
    if faults:
        raise Damaged(
            f"The database is damaged ({faults[0][0]}); nothing was kept, an older backup is better."
        )
