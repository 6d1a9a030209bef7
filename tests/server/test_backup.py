"""A copy that is made while the server sells opens, is whole, and shows one moment."""

import asyncio
import os
import shutil
from pathlib import Path

import pytest

from platform_server.app.cli import main
from platform_server.domain.errors import Damaged, StoreTrouble
from platform_server.flows.doctor import Doctor
from platform_server.store.backup import back_up_file
from platform_server.store.sqlite_file import connect, reader_engine, writer_engine
from platform_server.store.sqlite_store import SqliteStore
from tests.server.conftest import KEY, Counter

pytestmark = pytest.mark.anyio


async def test_a_copy_under_load_is_one_whole_moment(sql_store: SqliteStore, tmp_path: Path) -> None:
    shop = Counter(sql_store.open_books, sql_store.peek_books, sql_store.spend_nonce)
    await shop.open(cards=200, money=10_000_000)
    copies, is_over = [tmp_path / f"copy-{number}.db" for number in range(3)], asyncio.Event()
    sold = 0

    async def sell() -> None:
        nonlocal sold
        while not is_over.is_set():
            sold += 1
            await shop.reserve(f"sale-{sold}")
            await shop.confirm(f"sale-{sold}")

    selling = asyncio.create_task(sell())
    known = []
    for copy in copies:
        before = sold
        await asyncio.to_thread(back_up_file, tmp_path / "platform.db", KEY, copy)
        known.append((before, sold))
    is_over.set()
    await selling
    for copy, (least, most) in zip(copies, known, strict=True):
        assert copy.stat().st_mode & 0o777 == 0o600
        store = SqliteStore(writer_engine(copy, KEY), reader_engine(copy, KEY))
        findings = await Doctor(store.peek_books, shop.vault)()
        assert [finding for finding in findings if not finding.holds] == []
        await store.close()
        raw = connect(copy, KEY)
        (there,) = raw.execute("SELECT count(*) FROM reservations WHERE state = 'SOLD'").fetchone()
        raw.close()
        assert least - 1 <= there <= most
    assert known[-1][1] > known[0][0], "nothing was sold meanwhile"
    assert not [name for name in os.listdir(tmp_path) if ".new" in name]  # noqa: PTH208 - quick, in a loop


@pytest.mark.parametrize("place", [5_000, -3_000])
def test_no_copy_over_another_file_and_none_of_a_damaged_one(
    tmp_path: Path, empty_file: Path, place: int
) -> None:
    path, copy = tmp_path / "platform.db", tmp_path / "copy.db"
    shutil.copy(empty_file, path)
    copy.write_bytes(b"mine")
    with pytest.raises(StoreTrouble, match="already"):
        back_up_file(path, KEY, copy)
    assert copy.read_bytes() == b"mine"
    copy.unlink()
    raw = bytearray(path.read_bytes())
    raw[place : place + 1_000] = bytes(1_000)
    path.write_bytes(bytes(raw))
    with pytest.raises(Damaged):
        back_up_file(path, KEY, copy)
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith("copy")] == []


def test_by_its_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    where = ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]
    copy = tmp_path / "copy.db"
    assert main(["backup", str(copy), *where]) == 1
    assert main(["sample", "--products", "3", "--codes", "9", *where]) == 0
    assert main(["backup", str(copy), *where]) == 0
    assert main(["backup", str(copy), *where]) == 1
    capsys.readouterr()
    assert main(["backup", str(copy), "--database", "postgresql://nobody@localhost/x", *where]) == 1
    assert "pg_dump" in capsys.readouterr().err
    home = tmp_path / "data" / "platform"
    for name in ("platform.db", "platform.db-wal", "platform.db-shm"):
        (home / name).unlink(missing_ok=True)
    shutil.copy(copy, home / "platform.db")  # a restore
    assert main(["doctor", *where]) == 0
    next((tmp_path / "keys").iterdir()).unlink()
    assert main(["backup", str(tmp_path / "other.db"), *where]) == 1
