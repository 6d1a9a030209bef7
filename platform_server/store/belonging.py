"""Keys and database belong together: the database keeps a mark of its keys, looked at whenever it is opened."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import URL, Connection, inspect, select

from platform_server.domain.canonical import binding
from platform_server.domain.errors import Damaged
from platform_server.store.dialect import insert_absent
from platform_server.store.keys import StoreKeys
from platform_server.store.migrate import open_database, open_file
from platform_server.store.tables import batch_keys, store_facts
from platform_server.store.vault import name_kek

Keks = Callable[[], Sequence[bytes]]
_ROW = 1
_LOOKS = 3  # a rotation beside us changes the database and the key file one after the other


def mark_file(path: Path, keys: StoreKeys, keks: Keks) -> None:
    """Checks an SQLite file of the present schema, and leaves the mark of these keys if it has none.

    `keks` reads the key-encryption keys as they lie there now. Raises Damaged when keys and file do not belong together.
    """
    with open_file(path, keys.database) as connection:
        _mark(connection, keys, keks)


def mark_database(url: URL, keys: StoreKeys, keks: Keks) -> None:
    """The same for PostgreSQL; of two servers that come with keys of their own the second is refused."""
    with open_database(url) as connection:
        _mark(connection, keys, keks)
        connection.commit()


def check_file_keys(path: Path, keys: StoreKeys) -> None:
    """Whether keys that somebody brings fit a file of whatever schema; changes nothing. Raises Damaged."""
    with open_file(path, keys.database) as connection:
        _check(connection, keys, keys.all_keks)


def check_database_keys(url: URL, keys: StoreKeys) -> None:
    """The same for PostgreSQL."""
    with open_database(url) as connection:
        _check(connection, keys, keys.all_keks)


def key_mark(keys: StoreKeys) -> str:
    """64 hex digits of the two keys that never change: what replies are signed with, and the index of codes."""
    public = Ed25519PrivateKey.from_private_bytes(keys.platform).public_key().public_bytes_raw()
    return hmac.new(keys.fingerprint, binding("pos-store-mark-1") + public, hashlib.sha256).hexdigest()


def _mark(connection: Connection, keys: StoreKeys, keks: Keks) -> None:
    _check(connection, keys, keks)
    if _kept(connection) is None:
        row = {"id": _ROW, "key_mark": key_mark(keys)}
        connection.execute(insert_absent(connection, store_facts).values(**row))
        _check(connection, keys, keks)  # another server may have come first


def _kept(connection: Connection) -> str | None:
    return connection.scalar(select(store_facts.c.key_mark).where(store_facts.c.id == _ROW))


def _check(connection: Connection, keys: StoreKeys, keks: Keks) -> None:
    known = set(inspect(connection).get_table_names())
    if store_facts.name in known and _kept(connection) not in (None, key_mark(keys)):
        raise Damaged(
            "These keys belong to another database; bring in those of this one with store-keys import, "
            "or name the right --database, --data or --keys."
        )
    missing = _missing(connection, keks) if batch_keys.name in known else []
    if missing:
        raise Damaged(
            f"A key of the vault is missing ({', '.join(missing)}); bring back the key file or POS_PLATFORM_KEK "
            "that belongs to this database."
        )


def _missing(connection: Connection, keks: Keks) -> list[str]:
    missing: set[str] = set()
    for _ in range(_LOOKS):
        needed = set(connection.scalars(select(batch_keys.c.kek_id).distinct()))
        missing = needed - {name_kek(kek) for kek in keks()}
        if not missing:
            break
    return sorted(missing)
