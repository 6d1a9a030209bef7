"""Brings the till's file to its present shape: backed up first, newer files refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pos_app.domain.errors import DatabaseDamaged, DatabaseForeign, DatabaseNewer
from pos_app.store.backups import back_up
from pos_app.store.connection import BooksConnection
from pos_app.store.engine import BooksEngine

# The newest step. It stands here so that a file in its present shape opens without loading Alembic (0.2 s).
HEAD = "0004"

STEPS = Path(__file__).parent / "migrations"


def migrate(engine: BooksEngine, backups: Path) -> None:
    """Nothing when the file is up to date. DatabaseNewer for a file of a later program, DatabaseForeign for another's."""
    with engine.writing() as connection:
        found = revision(connection)
        connection.roll_back()
    if found == HEAD:
        return
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    steps = ScriptDirectory(str(STEPS))
    if found is not None:
        try:
            steps.get_revision(found)
        except CommandError:
            raise DatabaseNewer(path=str(engine.path), revision=found) from None
        back_up(engine, backups, f"before-{HEAD}-from-{found}")
    _upgrade(engine, steps)


def revision(connection: BooksConnection) -> str | None:
    """The last step that the file has seen; None for a fresh one."""
    tables = connection.run("SELECT name FROM sqlite_master WHERE type = 'table'").scalars()
    if not tables:
        return None
    path = connection.run("PRAGMA database_list").one()[2]
    if "alembic_version" not in tables:
        raise DatabaseForeign(path=path)
    found = connection.run("SELECT version_num FROM alembic_version").scalars()
    if len(found) != 1:
        raise DatabaseDamaged(path=path, found=f"{len(found)} revisions")
    return str(found[0])


def _upgrade(engine: BooksEngine, steps: Any) -> None:
    from alembic.config import Config
    from alembic.runtime.environment import EnvironmentContext

    def to_head(found: Any, context: Any) -> Any:
        return steps._upgrade_revs("head", found)  # noqa: SLF001  # what alembic's own command does

    with engine.rebuilding() as connection:
        config = Config(attributes={"connection": connection.core})
        with EnvironmentContext(config, steps, fn=to_head):
            steps.run_env()
        broken = connection.run("PRAGMA foreign_key_check").all()
        if broken:
            raise DatabaseDamaged(
                path=str(engine.path), found=f"{len(broken)} rows point nowhere after the upgrade"
            )
        engine.commit(connection)
