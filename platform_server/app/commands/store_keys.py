"""`store-keys` carries the keys of a store to another host, or to where its backups are guarded."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_server.app.commands.opening import say, with_data
from platform_server.domain.errors import Damaged, StoreTrouble

if TYPE_CHECKING:
    from platform_server.app.places import Places
    from platform_server.store.keys import StoreKeys


def add_commands(commands: Any) -> None:
    """`store-keys export` and `store-keys import`."""
    words = "the keys of this store: to another server's host, or beside a backup"
    made = commands.add_parser("store-keys", help=words, description=words)
    actions = made.add_subparsers(dest="action", required=True)
    _add(
        actions, "export", _export, "write the keys to a new file of this user alone; guard it like the vault"
    )
    _add(actions, "import", _import, "lay the keys of such a file into their place, if they fit the database")


def _add(actions: Any, name: str, work: Callable[[argparse.Namespace], int], words: str) -> None:
    made = with_data(actions.add_parser(name, help=words, description=words))
    made.add_argument("file", type=Path)
    made.set_defaults(work=work)


def _export(chosen: argparse.Namespace) -> int:
    from platform_server.app.store_wiring import key_cabinet
    from platform_server.store.keys import write_private

    if chosen.file.exists():
        raise StoreTrouble(f"{chosen.file} is there already; nothing was written.")
    write_private(chosen.file, key_cabinet(_places(chosen)).take_out())
    say(f"The keys are in {chosen.file}: whoever reads it and has the database can open every card.")
    return 0


def _import(chosen: argparse.Namespace) -> int:
    from platform_server.app.store_wiring import key_cabinet

    places = _places(chosen)
    cabinet = key_cabinet(places)
    text = chosen.file.read_text("ascii")
    brought, here = cabinet.read_brought(text), _load(cabinet.load)
    if here == brought:
        say("These keys are here already.")
        return 0
    if here is not None and _fault(places, here) is None:
        raise StoreTrouble("The keys that lie here fit this database; they were left as they are.")
    fault = _fault(places, brought)
    if fault is not None:
        raise fault
    cabinet.bring_in(text)
    say("The keys are in their place.")
    return 0


def _load(load: Callable[[], StoreKeys | None]) -> StoreKeys | None:
    """What is damaged may be replaced."""
    try:
        return load()
    except Damaged:
        return None


def _fault(places: Places, keys: StoreKeys) -> Damaged | None:
    from platform_server.app.store_wiring import check_keys

    try:
        check_keys(places, keys)
    except Damaged as fault:
        return fault
    return None


def _places(chosen: argparse.Namespace) -> Places:
    from platform_server.app.places import Places

    return Places.of(chosen.data, chosen.keys, chosen.database)
