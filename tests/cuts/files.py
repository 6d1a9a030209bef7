"""What a till does with whole files, cut at every call: the very first start, an upgrade, and a backup that is put back.

Run as a program it is what is recorded: `python -m tests.cuts.files SCENE ROOT WITNESS`.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from pos_app.domain.backup import BackupKind
from pos_app.domain.errors import StoreTrouble
from pos_app.domain.sale import SaleSearch
from pos_app.store.backups import BACKUPS, looking_at, must_be_sound
from pos_app.store.books import BOOKS, TillBooks
from pos_app.store.keys import load_keys
from pos_app.store.migrate import HEAD
from pos_app.store.put_back import ASIDE, put_back
from pos_app.store.signer import TillSigner
from tests.cuts.campaign import environment
from tests.cuts.disk import cuts
from tests.cuts.reopen import Place
from tests.cuts.trace import Said, record
from tests.cuts.witness import connect
from tests.proof.footing import quick_folder
from tests.store.test_signed_upgrade import an_old_file
from tests.store.till_world import ENROLMENT, KEY, NOON, World, begun, in_shop, open_file, paid


@dataclass(frozen=True)
class Scene:
    """`prepare` makes the folder as it lies there, `live` is recorded and says it is done, `check` what a cut left."""

    prepare: Callable[[Path], None]
    live: Callable[[Path], str]
    check: Callable[[Path, str], Iterator[str]]


def try_some(name: str, most: int, share: float) -> tuple[int, list[str]]:
    """How many states were opened, and what was wrong in which of them: of up to `most` for each moment a share."""
    scene, wrong, states, chance = SCENES[name], list[str](), 0, random.Random(1)
    with quick_folder("cuts-") as folder:
        root, witness = folder / "disk", folder / "witness"
        (root / "till").mkdir(parents=True)
        scene.prepare(root)
        words = [sys.executable, "-m", "tests.cuts.files", name, str(root), str(witness)]
        recording, place = record(words, root, witness, environment()), Place(folder / "again")
        for moment, disk, choice in cuts(recording, 1, most):
            if chance.random() > share:
                continue
            done = [op.text for op in recording.ops[:moment] if isinstance(op, Said)]
            said = done[-1] if done else ""
            place.lay_out(disk, choice)
            states += 1
            try:
                wrong += [f"moment {moment}, {choice}: {each}" for each in scene.check(place.folder, said)]
            except StoreTrouble as trouble:
                wrong.append(f"moment {moment}, {choice}: {trouble!r}")
            place.was_written()
    return states, wrong


# --- the very first start: keys, then books under them ---


def _first(root: Path) -> str:
    keys = load_keys(root / "till", root / "keys", use_keyring=False)
    signer = TillSigner(keys.sign_key)
    books = TillBooks(root / "till", keys.database_key, in_shop, signer=signer)
    _world(books).enrolled()
    return hashlib.sha256(keys.database_key).hexdigest()


def _check_first(root: Path, said: str) -> Iterator[str]:
    (root / "till").mkdir(parents=True, exist_ok=True)
    keys = load_keys(root / "till", root / "keys", use_keyring=False)
    if said and hashlib.sha256(keys.database_key).hexdigest() != said:
        yield "LOST: its keys"
    books = TillBooks(root / "till", keys.database_key, in_shop, signer=TillSigner(keys.sign_key))
    try:
        with books.open_to_read() as found:
            if said and found.till.enrolment() != ENROLMENT:
                yield "LOST: the enrolment"
        yield from books.inspector.trouble()
    finally:
        books.close()


# --- an upgrade, with the backup before it ---


def _prepare_upgrade(root: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        an_old_file(root / "till", patch)


def _upgrade(root: Path) -> str:
    open_file(root / "till")
    return "upgraded"


def _check_upgrade(root: Path, said: str) -> Iterator[str]:
    till = root / "till"
    is_new = _revision(till) == HEAD
    if said and not is_new:
        yield "LOST: the upgrade"
    saved = list((till / BACKUPS).glob("*.db"))
    if is_new and not saved:
        yield "upgraded, and the backup before it is gone"
    yield from _unsound(till, saved)
    yield from _holds(till, entries=3)


def _revision(till: Path) -> str:
    connection = connect(till)
    try:
        return str(connection.execute("SELECT version_num FROM alembic_version").fetchone()[0])
    except dbapi2.Error as error:
        return f"unreadable: {error}"
    finally:
        connection.close()


# --- a backup put back: the present file is set aside ---


def _prepare_restore(root: Path) -> None:
    books = open_file(root / "till")
    world = _world(books).enrolled()
    world.put(paid(begun(), "T1-000001"))
    books.backups.make(BackupKind.HAND, NOON)
    world.put(paid(begun(), "T1-000002"))
    books.close()


def _restore(root: Path) -> str:
    (saved,) = (root / "till" / BACKUPS).glob("*.db")
    put_back(root / "till", BOOKS, saved.name, KEY, "one")
    return "put back"


def _check_restore(root: Path, said: str) -> Iterator[str]:
    till = root / "till"
    seen = _sales(till)
    if seen not in ((1,) if said else (1, 2)):
        yield f"{'LOST' if said else 'odd'}: {seen} sales"
    aside = till / ASIDE / "one"
    if seen == 1 and _sales(aside) != 2:
        yield "LOST: what was set aside"
    yield from _unsound(till, list((till / BACKUPS).glob("*.db")))


# --- what they share ---


def _world(books: TillBooks) -> World:
    return World(books.open_books, books.open_to_read)


def _unsound(till: Path, saved: list[Path]) -> Iterator[str]:
    """What has the name of a backup is whole."""
    for path in saved:
        try:
            with looking_at(path, KEY) as ask:
                must_be_sound(ask, path)
        except StoreTrouble as trouble:
            yield f"{path.name}: {trouble!r}"


def _holds(till: Path, entries: int) -> Iterator[str]:
    books = open_file(till)
    try:
        with books.open_to_read() as found:
            if len(found.ledger.after(0, 100)) != entries:
                yield "LOST: entries of the ledger"
        yield from books.inspector.trouble()
    finally:
        books.close()


def _sales(till: Path) -> int:
    if not (till / BOOKS).exists() and till.parent.name == ASIDE:
        return 0
    books = open_file(till)
    try:
        with books.open_to_read() as found:
            return len(found.sales.search(SaleSearch(most=100)))
    finally:
        books.close()


SCENES = {
    "the first start": Scene(lambda root: None, _first, _check_first),
    "an upgrade": Scene(_prepare_upgrade, _upgrade, _check_upgrade),
    "a backup put back": Scene(_prepare_restore, _restore, _check_restore),
}


def main(name: str, root: Path, witness: Path) -> None:
    setattr(shutil, "_USE_CP_SENDFILE", False)  # noqa: B010  # a copy by the kernel shows no bytes to the recorder
    said = SCENES[name].live(root)
    file = os.open(witness, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(file, said.encode())
    os._exit(0)  # the power goes: nothing is closed in order


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
