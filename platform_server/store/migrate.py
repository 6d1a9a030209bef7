"""Brings a database file to the present schema: backed up first, a newer one refused."""

from __future__ import annotations

import logging
import os
import shutil
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool
from sqlcipher3 import dbapi2

from platform_server.domain.errors import Damaged, StoreTrouble
from platform_server.store.sqlite_file import connect

log = logging.getLogger(__name__)
_MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade_file(path: Path, key: bytes, backups: Path) -> None:
    """Blocks; needs the file for itself. Raises StoreTrouble for a file of a newer program."""
    engine = create_engine(
        "sqlite://",
        module=dbapi2,
        creator=lambda: connect(path, key),
        poolclass=NullPool,
        hide_parameters=True,
    )
    try:
        with engine.connect() as connection:
            present = _check_known(connection)
            if present == ScriptDirectory.from_config(_config()).get_current_head():
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
    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: connect(path, key), poolclass=NullPool)
    with engine.connect() as connection:
        present = _check_known(connection)
    engine.dispose()
    if present != ScriptDirectory.from_config(_config()).get_current_head():
        raise StoreTrouble("The running server is of another version; stop it, then try again.")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    return config


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
    log.info("backed up to %s", copy.name)


def _upgrade(connection: Connection) -> None:
    # Foreign keys rest while tables are rebuilt (trap 2), and are checked before the commit.
    connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
    connection.exec_driver_sql("BEGIN IMMEDIATE")
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
        connection.rollback()
        raise StoreTrouble("The upgrade would break references; nothing was changed.")
    connection.commit()
