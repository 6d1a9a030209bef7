"""The disk: pragmas, encryption, migrations, keys, the lock, the vault's boxes."""

import asyncio
import logging
import os
import shutil
import sqlite3
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool
from sqlcipher3 import dbapi2

from platform_server.domain.cards import CardLabel
from platform_server.domain.errors import StoreTrouble
from platform_server.domain.goods import CardSecret
from platform_server.store import keys as key_store
from platform_server.store import migrate, sqlite_file
from platform_server.store.keys import KeyPlaces, load_or_make_keys
from platform_server.store.lock import DataLock
from platform_server.store.migrate import check_file, upgrade_database, upgrade_file
from platform_server.store.postgres_store import read_url
from platform_server.store.sqlite_file import check_library, connect, reader_engine, writer_engine
from platform_server.store.sqlite_store import SqliteStore
from platform_server.store.tables import metadata
from platform_server.store.vault import AesVault
from tests.server.conftest import KEY

HEAD = ScriptDirectory(str(Path(migrate.__file__).parent / "migrations")).get_current_head()


@pytest.fixture
def file(tmp_path: Path, empty_file: Path) -> Path:
    return Path(shutil.copy(empty_file, tmp_path / "platform.db"))


def test_the_schema_is_what_the_tables_say(file: Path) -> None:
    engine = create_engine("sqlite://", module=dbapi2, creator=lambda: connect(file, KEY), poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        changes = [c for c in compare_metadata(context, metadata) if "alembic_version" not in str(c)]
    assert changes == []


def test_postgres_has_the_same_schema(postgres_url: str) -> None:
    engine = create_engine(read_url(postgres_url), poolclass=NullPool)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        changes = [c for c in compare_metadata(context, metadata) if "alembic_version" not in str(c)]
    assert changes == []
    upgrade_database(read_url(postgres_url))
    with engine.connect() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    with pytest.raises(StoreTrouble, match="newer version"):
        upgrade_database(read_url(postgres_url))


def test_a_database_that_is_none_is_said_in_one_sentence(tmp_path: Path) -> None:
    for text, words in (
        ("mysql://nobody@localhost/x", "Only PostgreSQL"),
        ("no url", "postgresql://"),
    ):
        with pytest.raises(StoreTrouble, match=words):
            read_url(text)
    with pytest.raises(StoreTrouble, match="does not answer"):
        upgrade_database(read_url(f"postgresql://postgres@/x?host={tmp_path}"))


def test_a_file_is_upgraded_once_backed_up_before_and_refused_when_newer(file: Path, tmp_path: Path) -> None:
    upgrade_file(file, KEY, tmp_path / "backups")
    assert not (tmp_path / "backups").exists()
    check_file(file, KEY)
    raw = connect(file, KEY)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.close()
    for use in (lambda: upgrade_file(file, KEY, tmp_path), lambda: check_file(file, KEY)):
        with pytest.raises(StoreTrouble, match="newer version"):
            use()


def test_an_upgrade_backs_up_first(file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = tmp_path / "migrations"
    shutil.copytree(Path(migrate.__file__).parent / "migrations", steps)
    (steps / "versions" / "v9000_next.py").write_text(
        f'revision = "9000"\ndown_revision = "{HEAD}"\n\n\ndef upgrade():\n'
        "    from alembic import op\n\n    op.execute('CREATE TABLE added (id INTEGER)')\n",
        "utf-8",
    )
    monkeypatch.setattr(migrate, "_MIGRATIONS", steps)
    with pytest.raises(StoreTrouble, match="another version"):
        check_file(file, KEY)
    upgrade_file(file, KEY, tmp_path / "backups")
    assert connect(file, KEY).execute("SELECT count(*) FROM added").fetchone() == (0,)
    backup = connect(tmp_path / "backups" / f"platform-{HEAD}.db", KEY)
    assert backup.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)


def test_an_upgrade_that_would_break_references_changes_nothing(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = tmp_path / "migrations"
    shutil.copytree(Path(migrate.__file__).parent / "migrations", steps)
    (steps / "versions" / "v9000_bad.py").write_text(
        f'revision = "9000"\ndown_revision = "{HEAD}"\n\n\ndef upgrade():\n    from alembic import op\n\n'
        '    op.execute("INSERT INTO wallets (shop_id, currency, balance_minor, held_minor, credit_limit_minor)'
        " VALUES ('no shop', 'CNY', 0, 0, 0)\")\n",
        "utf-8",
    )
    monkeypatch.setattr(migrate, "_MIGRATIONS", steps)
    with pytest.raises(StoreTrouble, match="references"):
        upgrade_file(file, KEY, tmp_path / "backups")
    raw = connect(file, KEY)
    assert raw.execute("SELECT count(*) FROM wallets").fetchone() == (0,)
    assert raw.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)


def test_a_wrong_key_and_a_damaged_file_are_said(file: Path) -> None:
    with pytest.raises(StoreTrouble, match="does not open"):
        connect(file, b"x" * 32)
    file.write_bytes(os.urandom(8192))
    with pytest.raises(StoreTrouble, match="does not open"):
        connect(file, KEY)


def test_pragmas_are_read_back(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raw = connect(file, KEY, is_reader=True)
    found = [raw.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]
    assert found == ["wal", 2]
    with pytest.raises(dbapi2.OperationalError):
        raw.execute("DELETE FROM shops")
    monkeypatch.setattr(sqlite_file, "_PRAGMAS", (("synchronous", "NORMAL", 2),))
    with pytest.raises(StoreTrouble, match="synchronous"):
        connect(file, KEY)


@pytest.mark.parametrize(
    ("version", "is_good"),
    [
        ("3.51.3", True),
        ("3.53.4", True),
        ("3.44.6", True),
        ("3.50.7", True),
        ("3.50.6", False),
        ("3.40.1", False),
    ],
)
def test_a_sqlite_that_can_lose_its_log_is_refused(
    version: str, is_good: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dbapi2, "sqlite_version", version)
    if is_good:
        check_library()
    else:
        with pytest.raises(StoreTrouble, match="too old"):
            check_library()


def test_the_lock_is_held_by_one(tmp_path: Path) -> None:
    first, second = DataLock(tmp_path / "lock"), DataLock(tmp_path / "lock")
    asyncio.run(first.take(0))
    with pytest.raises(StoreTrouble, match="Another platform"):
        asyncio.run(second.take(0.06))
    first.give_back()
    first.give_back()
    asyncio.run(second.take(0))
    second.give_back()


def places(tmp_path: Path, **other: Any) -> KeyPlaces:
    return replace(KeyPlaces(tmp_path / "keys", tmp_path / "user"), **other)


def data_of(tmp_path: Path) -> Path:
    data = tmp_path / "data" / "platform"
    data.mkdir(parents=True, exist_ok=True)
    return data


def test_keys_lie_in_their_own_place(tmp_path: Path) -> None:
    data = data_of(tmp_path)
    made = load_or_make_keys(data, places(tmp_path), has_database=False)
    assert load_or_make_keys(data, places(tmp_path), has_database=True) == made
    (path,) = (tmp_path / "keys").iterdir()
    assert os.name != "posix" or path.stat().st_mode & 0o777 == 0o600
    path.write_text("{}")
    with pytest.raises(StoreTrouble, match="damaged"):
        load_or_make_keys(data, places(tmp_path), has_database=True)
    path.unlink()
    with pytest.raises(StoreTrouble, match="missing"):
        load_or_make_keys(data, places(tmp_path), has_database=True)
    with pytest.raises(StoreTrouble, match="inside the data folder"):
        load_or_make_keys(data, places(tmp_path, only=tmp_path / "data" / "keys"), has_database=False)


def test_keys_in_a_keyring_leave_no_file(tmp_path: Path) -> None:
    data = data_of(tmp_path)
    made = load_or_make_keys(data, places(tmp_path, only=None), has_database=False)
    assert load_or_make_keys(data, places(tmp_path, only=None), has_database=True) == made
    assert not (tmp_path / "user").exists()


def test_without_a_keyring_keys_are_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import keyring
    from keyring.backends.fail import Keyring

    keyring.set_keyring(Keyring())
    data = data_of(tmp_path)
    made = load_or_make_keys(data, places(tmp_path, only=None), has_database=False)
    assert len(list((tmp_path / "user").iterdir())) == 1
    assert load_or_make_keys(data, places(tmp_path, only=None), has_database=True) == made


def test_a_keyring_that_asks_its_user_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import keyring

    asked = threading.Event()
    monkeypatch.setattr(key_store, "_KEYRING_WAIT_S", 0.01)
    monkeypatch.setattr(keyring, "get_password", lambda *_: asked.wait(5))
    monkeypatch.setattr(keyring, "set_password", lambda *_: asked.wait(5))
    load_or_make_keys(data_of(tmp_path), places(tmp_path, only=None), has_database=False)
    asked.set()
    assert len(list((tmp_path / "user").iterdir())) == 1


def test_a_box_opens_only_under_its_own_label() -> None:
    vault = AesVault(b"k" * 32, b"f" * 32)
    key = vault.new_batch_key("batch")
    label = CardLabel("card", "product", 100, "CNY", "batch")
    secret = CardSecret(pin="CANARY")
    box = vault.shut(key, label, secret)
    assert vault.open(key, label, box) == secret
    assert b"CANARY" not in box
    changes: list[Any] = [
        ("card_id", "x"), ("product_id", "x"), ("face_minor", 1), ("currency", "USD"), ("batch_id", "x"), ("version", 2),
    ]  # fmt: skip
    for name, value in changes:
        with pytest.raises(ValueError, match="belong together"):
            vault.open(key, replace(label, **{name: value}), box)
    for wrong in (
        replace(key, batch_id="x"),
        replace(key, wrapped=key.wrapped[:-1] + bytes([key.wrapped[-1] ^ 1])),
        vault.new_batch_key("batch"),
    ):
        with pytest.raises(ValueError, match="belong together"):
            vault.open(wrong, label, box)
    with pytest.raises(ValueError, match="belong together"):
        vault.open(key, label, box[:20])


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.mark.anyio
async def test_a_disk_that_failed_is_not_written_again(
    sql_store: SqliteStore, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def fail() -> None:
        async with sql_store.open_books():
            raise OperationalError("INSERT", {}, sqlite3.OperationalError("disk I/O error"))

    with caplog.at_level(logging.CRITICAL), pytest.raises(OperationalError):
        await fail()
    assert "disk failed" in caplog.text
    with pytest.raises(StoreTrouble, match="started again"):
        await fail()
    async with sql_store.peek_books() as books:
        assert await books.tills.first_shop() is None


@pytest.mark.anyio
async def test_another_programs_write_is_waited_for(file: Path) -> None:
    store = SqliteStore(writer_engine(file, KEY), reader_engine(file, KEY))
    other = connect(file, KEY)
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(0.02, other.execute, "ROLLBACK")
    async with store.open_books() as books:
        assert await books.tills.first_shop() is None
    await store.tidy()
    other.close()
    await store.close()
