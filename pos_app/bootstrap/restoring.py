"""Backups while the books are closed: which there are, and one of them put in their place."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from pos_app.domain.backup import Backup
from pos_app.places import Places


def backups_at(where: Places) -> tuple[Backup, ...]:
    """Newest first, each at the shop's local time; DiskTrouble when they cannot be listed."""
    from pos_app.store.backups import BACKUPS, backups_in
    from pos_app.wire.system_clock import SystemClock

    clock = SystemClock()
    return tuple(replace(each, at=clock.local(each.at)) for each in backups_in(where.till / BACKUPS))


def restore(where: Places, keys_dir: Path | None, name: str) -> Path:
    """That backup takes the place of the books, which nobody may have open; the folder in which the present files lie now.

    AlreadyRunning, KeysMissing, NoSuchBackup, or DatabaseDamaged and DatabaseForeign for a copy that is no good: nothing is
    changed then.
    """
    from pos_app.store.backups import stamp_of
    from pos_app.store.books import BOOKS
    from pos_app.store.keys import load_keys
    from pos_app.store.lock import TillLock
    from pos_app.store.put_back import put_back
    from pos_app.wire.system_clock import SystemClock

    lock = TillLock(where.till)
    try:
        keys = load_keys(where.till, where.keys, use_keyring=keys_dir is None)
        return put_back(where.till, BOOKS, name, keys.database_key, stamp_of(SystemClock().now()))
    finally:
        lock.release()
