"""Opens the store of a data folder with the keys that belong to it."""

from __future__ import annotations

import os

from platform_server.app.places import Places
from platform_server.store.belonging import check_database_keys, check_file_keys, mark_database, mark_file
from platform_server.store.key_ring import StoredKeyRing
from platform_server.store.keys import KeyCabinet, KeyPlaces, StoreKeys, load_or_make_keys
from platform_server.store.migrate import check_file, is_empty_database, upgrade_database, upgrade_file
from platform_server.store.postgres_store import PostgresStore, postgres_engine, read_url
from platform_server.store.sqlite_file import check_library, reader_engine, writer_engine
from platform_server.store.sqlite_store import SqliteStore

Store = SqliteStore | PostgresStore


def open_store(places: Places, is_alone: bool) -> tuple[Store, StoreKeys]:
    """Blocks. Raises StoreTrouble with what to do."""
    return _open_database(places) if places.url else _open_file(places, is_alone)


def key_ring(places: Places) -> StoredKeyRing:
    """The vault's keys in their place."""
    return StoredKeyRing(key_cabinet(places))


def key_cabinet(places: Places) -> KeyCabinet:
    """All keys of a data folder in their place."""
    return KeyCabinet(places.data, _key_places(places))


def check_keys(places: Places, keys: StoreKeys) -> None:
    """Whether they fit the database, if there is one. Raises Damaged."""
    if places.url is not None:
        check_database_keys(read_url(places.url), keys)
    elif places.database.exists():
        check_file_keys(places.database, keys)


def _open_file(places: Places, is_alone: bool) -> tuple[SqliteStore, StoreKeys]:
    check_library()
    keys = load_or_make_keys(places.data, _key_places(places), has_database=places.database.exists())
    if is_alone:
        upgrade_file(places.database, keys.database, places.backups)
    else:
        check_file(places.database, keys.database)
    mark_file(places.database, keys, key_ring(places).keks)
    file = (places.database, keys.database)
    return SqliteStore(writer_engine(*file), reader_engine(*file)), keys


def _open_database(places: Places) -> tuple[PostgresStore, StoreKeys]:
    """Several programs may work on one database; whoever comes first brings its schema up."""
    url = read_url(places.url or "")
    keys = load_or_make_keys(places.data, _key_places(places), has_database=not is_empty_database(url))
    upgrade_database(url)
    mark_database(url, keys, key_ring(places).keks)
    return PostgresStore(postgres_engine(url)), keys


def _key_places(places: Places) -> KeyPlaces:
    return KeyPlaces(places.keys, places.user_keys, outside=os.environ.get("POS_PLATFORM_KEK", ""))
