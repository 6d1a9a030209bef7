"""Brings a database to the present schema: a file is backed up first, a newer one is refused."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, exists, inspect, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlcipher3 import dbapi2

from platform_server.domain.errors import Damaged, StoreTrouble
from platform_server.store.ground import sync_folder
from platform_server.store.sqlite_file import connect
from platform_server.store.tables import batches, store_facts, tills

log = logging.getLogger(__name__)
_MIGRATIONS = Path(__file__).parent / "migrations"
_TURN = 0x706F73  # the advisory lock of whoever changes the schema
_OLDEST = (15,)


def upgrade_file(path: Path, key: bytes, backups: Path) -> None:
    """Blocks; needs the file for itself. Raises StoreTrouble for a file of a newer program."""
    engine = _file_engine(path, key)
    try:
        with engine.connect() as connection:
            present = _check_known(connection)
            if present == _head():
                return
            if present is not None:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        if present is not None:
            _back_up(path, key, backups / f"{path.stem}-{present}.db")
        with engine.connect() as connection:
            _upgrade(connection)
    finally:
        engine.dispose()


def check_file(path: Path, key: bytes) -> None:
    """For a second program beside the server: raises StoreTrouble unless the schema is the present one."""
    with open_file(path, key) as connection:
        present = _check_known(connection)
    if present != _head():
        raise StoreTrouble("The running server is of another version; stop it, then try again.")


def is_empty_database(url: URL) -> bool:
    """Whether nothing needs keys there yet. Raises StoreTrouble if it does not answer or is too old."""
    with open_database(url) as connection:
        if (connection.dialect.server_version_info or ()) < _OLDEST:
            raise StoreTrouble("PostgreSQL 15 or newer is needed.")
        if _check_known(connection) is None:
            return True
        kept = exists(select(tills.c.id)) | exists(select(batches.c.id))
        if inspect(connection).has_table(store_facts.name):
            kept |= exists(select(store_facts.c.id))
        return not connection.scalar(select(kept))


def upgrade_database(url: URL) -> None:
    """The same for PostgreSQL, one program at a time. Backing up is the work of its keeper."""
    with open_database(url) as connection:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_TURN})")
        if _check_known(connection) != _head():
            _run_steps(connection)
        connection.commit()


@contextmanager
def open_database(url: URL) -> Iterator[Connection]:
    """A connection of its own. Raises StoreTrouble if it does not answer."""
    engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection
    except OperationalError as fault:
        raise StoreTrouble(f"The database does not answer: {str(fault.orig).splitlines()[0]}") from fault
    finally:
        engine.dispose()


@contextmanager
def open_file(path: Path, key: bytes) -> Iterator[Connection]:
    """A connection of its own to the encrypted file; each statement is a commit."""
    engine = _file_engine(path, key)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _file_engine(path: Path, key: bytes) -> Engine:
    return create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: connect(path, key),
        poolclass=NullPool,
        hide_parameters=True,
    )


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


def head_revision() -> str:
    """The schema that this program needs."""
    return _head() or ""


def _head() -> str | None:
    return ScriptDirectory.from_config(_config()).get_current_head()


def _check_known(connection: Connection) -> str | None:
    present = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if present is not None and present not in known:
        raise StoreTrouble(
            "This data was written by a newer version; install that version or bring back a backup."
        )
    return present


def _back_up(path: Path, key: bytes, copy: Path) -> None:
    copy.parent.mkdir(parents=True, exist_ok=True)
    draft = copy.with_suffix(".new")
    shutil.copyfile(path, draft)
    with draft.open("rb+") as file:
        os.fsync(file.fileno())
    probe = connect(draft, key)
    faults = [row[0] for row in probe.execute("PRAGMA quick_check") if row[0] != "ok"]
    probe.close()
    if faults:
        raise Damaged(f"{path.name} is damaged ({faults[0]}); it was left as it is.")
    draft.replace(copy)
    sync_folder(copy.parent)
    log.info("backed up to %s", copy.name)


def _upgrade(connection: Connection) -> None:
    # Foreign keys rest while tables are rebuilt (trap 2), and are checked before the commit.
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    _run_steps(connection)
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        connection.rollback()
        raise StoreTrouble("The upgrade would break references; nothing was changed.")
    connection.commit()


def _run_steps(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
