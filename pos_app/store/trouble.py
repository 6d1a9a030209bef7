"""SQLite's errors as ours, at this one border."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlcipher3 import dbapi2

from pos_app.domain.errors import BrokenOff, DatabaseDamaged, DatabaseForeign, DiskTrouble, StoreTrouble

# The codes are the ones of https://www.sqlite.org/rescode.html; the low byte is the family.
_DISK = {
    sqlite3.SQLITE_FULL: "full",
    sqlite3.SQLITE_IOERR: "broken",
    sqlite3.SQLITE_READONLY: "denied",
    sqlite3.SQLITE_PERM: "denied",
    sqlite3.SQLITE_CANTOPEN: "denied",
}


def trouble_of(error: BaseException, path: Path) -> StoreTrouble | None:
    """What an error of the database says about its file; None for a bug of ours."""
    code = getattr(error, "sqlite_errorcode", None)
    if not isinstance(error, dbapi2.Error) or code is None:
        return None
    family = code & 0xFF
    if family in _DISK:
        return DiskTrouble(path=str(path), cause=_DISK[family])
    if family == sqlite3.SQLITE_CORRUPT:
        return DatabaseDamaged(path=str(path), found=str(error))
    if family == sqlite3.SQLITE_INTERRUPT:
        return BrokenOff()
    if family == sqlite3.SQLITE_NOTADB:
        return DatabaseForeign(path=str(path))
    return None


def trouble_with_file(error: OSError, path: Path) -> DiskTrouble:
    """What the operating system says about a file, as trouble with the disk."""
    if isinstance(error, PermissionError):
        return DiskTrouble(path=str(path), cause="denied")
    import errno

    causes = {errno.ENOSPC: "full", errno.EDQUOT: "full", errno.EROFS: "denied"}
    return DiskTrouble(path=str(path), cause=causes.get(error.errno or 0, "broken"))


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Lets errors of the database, and of the disk under it, fly as ours."""
    try:
        yield
    except dbapi2.Error as error:
        trouble = trouble_of(error, path)
        if trouble is None:
            raise
        raise trouble from error
    except OSError as error:
        raise trouble_with_file(error, path) from error
