"""Keys and database belong together, on both engines: another host's keys are refused and can be carried over."""

import asyncio
from pathlib import Path

import pytest

from platform_server.app.cli import main
from platform_server.app.places import Places
from platform_server.app.store_wiring import open_store
from platform_server.app.wiring import World, open_platform
from platform_server.domain.errors import Damaged, StoreTrouble
from platform_server.settings import Settings
from platform_server.store.belonging import mark_database
from platform_server.store.keys import StoreKeys
from platform_server.store.postgres_store import read_url
from platform_server.wire.world import MachineIds
from tests.fakes.platform_goods import SUPPLIER, lot, product
from tests.fakes.platform_world import HandClock

pytestmark = pytest.mark.anyio


def host(folder: Path, url: str | None = None) -> Places:
    return Places.of(folder / "data", folder / "keys", url)


def words(folder: Path, url: str | None) -> list[str]:
    given = ["--data", str(folder / "data"), "--keys", str(folder / "keys")]
    return given + (["--database", url] if url else [])


@pytest.fixture(params=["sqlite", "postgres"])
def url(request: pytest.FixtureRequest) -> str | None:
    return None if request.param == "sqlite" else str(request.getfixturevalue("postgres_url"))


async def stocked(places: Places) -> None:
    async with open_platform(places, World(Settings(), HandClock(), MachineIds())) as platform:
        await platform.put_suppliers([SUPPLIER])
        await platform.put_products([product()])
        await platform.import_codes([lot(2)])


async def close(places: Places) -> StoreKeys:
    store, keys = open_store(places, True)
    await store.close()
    return keys


def key_file(folder: Path) -> Path:
    (path,) = (folder / "keys").glob("*.platform.json")
    return path


async def test_keys_of_another_database_are_refused(tmp_path: Path, url: str | None) -> None:
    """The same file name, the same database key, other keys for replies and codes: only the mark can tell."""
    kept = await close(host(tmp_path / "a", url))
    other = await close(host(tmp_path / "b"))
    theirs, mine = key_file(tmp_path / "b").read_text(), key_file(tmp_path / "a").read_text()
    assert await close(host(tmp_path / "a", url)) == kept
    for name in ("platform", "fingerprint"):
        mixed = mine.replace(text_of(mine, name), text_of(theirs, name))
        key_file(tmp_path / "a").write_text(mixed)
        with pytest.raises(Damaged, match="belong to another database"):
            open_store(host(tmp_path / "a", url), True)
    assert other.platform != kept.platform


def text_of(stored: str, name: str) -> str:
    return stored.split(f'"{name}": "')[1].split('"')[0]


async def test_a_missing_key_of_the_vault_is_named_before_anything_is_done(
    tmp_path: Path, url: str | None
) -> None:
    await stocked(host(tmp_path / "a", url))
    await close(host(tmp_path / "b"))
    theirs, mine = key_file(tmp_path / "b").read_text(), key_file(tmp_path / "a").read_text()
    key_file(tmp_path / "a").write_text(mine.replace(text_of(mine, "kek"), text_of(theirs, "kek")))
    with pytest.raises(Damaged, match="key of the vault is missing"):
        open_store(host(tmp_path / "a", url), True)


async def test_a_database_from_before_takes_no_mark_of_keys_that_do_not_open_it(
    tmp_path: Path, postgres_url: str
) -> None:
    import psycopg

    await stocked(host(tmp_path / "a", postgres_url))
    with psycopg.connect(postgres_url) as connection:
        connection.execute("DELETE FROM store_facts")
    other = await close(host(tmp_path / "b"))
    with pytest.raises(Damaged, match="key of the vault"):
        mark_database(read_url(postgres_url), other, other.all_keks)
    await close(host(tmp_path / "a", postgres_url))


async def test_of_two_servers_with_keys_of_their_own_the_second_is_refused(
    tmp_path: Path, postgres_url: str
) -> None:
    """The keys are made while the database is still empty; a database that is marked makes nobody new ones."""
    late = await close(host(tmp_path / "late"))  # as if both had looked at the same empty database
    await close(host(tmp_path / "a", postgres_url))
    with pytest.raises(Damaged, match="belong to another database"):
        mark_database(read_url(postgres_url), late, late.all_keks)
    with pytest.raises(Damaged, match="store-keys import"):
        open_store(host(tmp_path / "b", postgres_url), True)
    assert not (tmp_path / "b" / "keys").exists()


def test_a_second_host_works_with_the_keys_that_were_carried_over(
    tmp_path: Path, postgres_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(stocked(host(tmp_path / "a", postgres_url)))
    carried = tmp_path / "carried.json"
    first, second = (words(tmp_path / name, postgres_url) for name in ("a", "b"))
    assert main(["store-keys", "export", str(carried), *first]) == 0
    assert carried.stat().st_mode & 0o777 == 0o600
    assert main(["store-keys", "export", str(carried), *first]) == 1  # never over another
    assert main(["store-keys", "import", str(carried), *second]) == 0
    assert main(["store-keys", "import", str(carried), *second]) == 0  # they are here already
    assert main(["doctor", *second]) == 0
    assert text_of(carried.read_text(), "kek") not in capsys.readouterr().out


def test_keys_that_fit_are_never_replaced_and_keys_that_do_not_never_brought_in(
    tmp_path: Path, url: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    asyncio.run(stocked(host(tmp_path / "a", url)))
    asyncio.run(close(host(tmp_path / "b")))
    theirs, mine = tmp_path / "theirs.json", tmp_path / "mine.json"
    assert main(["store-keys", "export", str(theirs), *words(tmp_path / "b", None)]) == 0
    assert main(["store-keys", "export", str(mine), *words(tmp_path / "a", url)]) == 0
    before = key_file(tmp_path / "a").read_bytes()
    assert main(["store-keys", "import", str(theirs), *words(tmp_path / "a", url)]) == 1
    assert "left as they are" in capsys.readouterr().err
    path = key_file(tmp_path / "a")
    path.write_text("{}")  # damaged: now nothing that fits is here
    assert main(["store-keys", "import", str(theirs), *words(tmp_path / "a", url)]) == 1
    assert path.read_text() == "{}"
    assert main(["store-keys", "import", str(mine), *words(tmp_path / "a", url)]) == 0
    assert path.read_bytes() == before
    path.unlink()
    with pytest.raises(StoreTrouble, match="missing"):
        open_store(host(tmp_path / "a", url), True)
    assert main(["store-keys", "export", str(tmp_path / "x"), *words(tmp_path / "a", url)]) == 1
    mine.write_text("no keys")
    assert main(["store-keys", "import", str(mine), *words(tmp_path / "a", url)]) == 1
