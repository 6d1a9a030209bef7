"""Databases as an older version left them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from platform_server.store import migrate
from tests.server.conftest import KEY


def bring_to(connection: Connection, revision: str, rows: Iterable[str]) -> None:
    """The schema of a step, with what each statement of `rows` puts there."""
    config = migrate._config()
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    for statement in rows:
        connection.exec_driver_sql(statement)


def leave_file(path: Path, revision: str, rows: str) -> None:
    """A file of that step."""
    with migrate.open_file(path, KEY) as connection:
        bring_to(connection, revision, rows.split(";"))
        connection.commit()
