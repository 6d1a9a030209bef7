"""A platform of before there were suppliers is brought up honestly: what was there names the unknown supplier."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import NullPool

from platform_server.store import migrate
from platform_server.store.postgres_store import read_url
from platform_server.store.sqlite_file import connect
from tests.server.conftest import KEY
from tests.server.old_schema import bring_to

OLD_ROWS = (
    "INSERT INTO brands VALUES ('b', 'b', 'b')",
    "INSERT INTO categories VALUES ('c', 'c', 'c')",
    (
        "INSERT INTO products VALUES ('p', 1, 1, TRUE, 1, 'd', NULL, 'n', 'n', 'b', 'c', 'code', 'unique', 'pin', 100, 90,"
        " 99, 'CNY', '[]', 1, 10, 1, '[]', 'never', NULL, '', '', 'low', TRUE, NULL)"
    ),
    "INSERT INTO batches VALUES ('l', 'p', 'B1', 77, 1, 100, 'CNY', 'k', '00')",
    "INSERT INTO cards VALUES ('x', 'p', 'l', 'AVAILABLE', 9, 'f', '****', 1, '00', NULL, NULL, NULL, 0)",
)


@pytest.fixture(params=["sqlite", "postgres"])
def platform_of_0002(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    """The schema of step 0002 with a product, a batch and a card."""
    if request.param == "sqlite":
        engine = migrate._file_engine(tmp_path / "platform.db", KEY)
        begin = ("PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE")
    else:
        engine = create_engine(read_url(request.getfixturevalue("postgres_url")), poolclass=NullPool)
        begin = ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
    with engine.connect() as connection:
        for statement in begin:
            connection.exec_driver_sql(statement)
        bring_to(connection, "0002", OLD_ROWS)
        yield connection
    engine.dispose()


def test_what_was_there_names_the_unknown_supplier(platform_of_0002: Connection) -> None:
    migrate._run_steps(platform_of_0002)

    def told(query: str) -> list[tuple[object, ...]]:
        return [tuple(row) for row in platform_of_0002.exec_driver_sql(query)]

    assert told("SELECT id, name_en, document FROM suppliers WHERE is_active") == [
        ("unknown", "Unknown supplier, before 0003", None)
    ]
    product = "SELECT supplier_id, goods_class, parts, uses, return_days FROM products WHERE is_on_sale"
    assert told(product) == [("unknown", "other", 1, 1, 0)]
    batch = "SELECT supplier_id, reference, received_at, uses FROM batches"
    assert told(batch) == [("unknown", "unknown, before 0003", 77, 1)]
    assert told("SELECT kit_id, source_id FROM cards") == [(None, None)]


def test_a_fresh_file_knows_no_unknown_supplier(empty_file: Path) -> None:
    raw = connect(empty_file, KEY)
    assert raw.execute("SELECT count(*) FROM suppliers").fetchone() == (0,)
    raw.close()
