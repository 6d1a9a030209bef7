"""`backup` copies the database while the server runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from platform_server.app.commands.opening import say, with_data
from platform_server.domain.errors import StoreTrouble


def add_commands(commands: Any) -> None:
    """`backup`."""
    words = "copy the database, encrypted as it is, to a new file; the server may run meanwhile"
    made = with_data(commands.add_parser("backup", help=words, description=words))
    made.add_argument("file", type=Path)
    made.set_defaults(work=_backup)


def _backup(chosen: argparse.Namespace) -> int:
    from platform_server.app.places import Places
    from platform_server.app.store_wiring import key_cabinet
    from platform_server.store.backup import back_up_file

    if chosen.database:
        raise StoreTrouble("PostgreSQL has tools of its own for this: pg_dump or pg_basebackup.")
    places = Places.of(chosen.data, chosen.keys)
    if not places.database.exists():
        raise StoreTrouble("There is no platform in this data folder.")
    cabinet = key_cabinet(places)
    keys = cabinet.load()
    if keys is None:
        raise cabinet.missing()
    back_up_file(places.database, keys.database, chosen.file)
    say(f"{chosen.file} is whole; only the keys of today open it: keep those of store-keys export elsewhere.")
    return 0
