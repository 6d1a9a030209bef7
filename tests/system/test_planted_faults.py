"""Faults that other platforms have, planted into ours: every one is found, and a platform without one passes."""

import asyncio
import random
import re
import shutil
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest

from platform_server.app.places import Places
from platform_server.app.wiring import build_world, open_platform
from platform_server.settings import Settings
from tests.races import market
from tests.races.calls import Mouth
from tests.races.client import Sale, Till, Wrong
from tests.races.crowd import crowd
from tests.races.faults import FAULTS, Fault, Plant
from tests.races.servers import Home, Server
from tests.races.walk import Stumble, furnish, walk, walking

pytestmark = pytest.mark.slow


def name_of(planted: Fault) -> str:
    return planted.name


SOUND = Fault("none: the platform as it is", "", nullcontext)
TABLE: list[str] = []


@dataclass
class Found:
    """Who noticed a fault, and after how many calls."""

    calls: int
    by: str = ""
    what: str = ""


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once, walked through as a copy."""
    folder = tmp_path_factory.mktemp("furnished")
    furnish(folder)
    return folder


def by_walk(plant: Plant, folder: Path) -> Found:
    with walking(folder) as walker:
        try:
            with plant():
                walk(walker)
        except Stumble as found:
            return Found(walker.calls, found.by, str(found))
        return Found(walker.calls)


def by_crowd(plant: Plant, folder: Path, url: str) -> Found:
    stumbles: list[Stumble] = []
    calls = crowd(folder, url, plant, stumbles.append)
    return Found(calls, stumbles[0].by, str(stumbles[0])) if stumbles else Found(calls)


def by_kill(folder: Path, *launcher: str) -> Found:
    """Sold, killed in the same moment, started again without the fault: the sale must still be there."""
    home = Home(folder)
    asyncio.run(_stock(home))
    server = Server(home, launcher or ("platform_server",))
    mouth = Mouth(0, [server.address], random.Random(1), lose=0.0)
    till = Till(0, mouth, random.Random(1), lambda *_, **__: None)
    line = {"line_id": "1", "product_id": market.product_id(0), "quantity": 1, "version": 1, "fields": {}}
    line["max_unit_cost"] = {"minor": market.COST, "currency": "CNY"}
    sale = Sale("019900dd-0000-7000-8000-000000000001", 0, [line])

    async def sell_and_ask_again() -> None:
        try:
            await till.buy(sale)
            server.kill()
            server.launcher = ("platform_server",)
            server.start()
            await till.must(till.confirm(sale), "OK")
        finally:
            await mouth.close()

    try:
        server.start()
        asyncio.run(sell_and_ask_again())
    except Wrong as found:
        return Found(mouth.tally["calls"], "kill", str(found))
    finally:
        server.make_end()
    return Found(mouth.tally["calls"])


async def _stock(home: Home) -> None:
    places = Places.of(home.folder / "data", home.folder / "keys", home.url)
    async with open_platform(places, build_world(Settings(), None)) as platform:
        await market.stock(platform, market.Stocked(tills=1, codes=70))


def note(planted: Fault, found: Found) -> None:
    what = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "...", found.what.partition(": ")[2])
    TABLE.append(f"| {planted.name} | {found.by or 'nobody'} | {found.calls} | {what[:70]} |")


@pytest.mark.parametrize("planted", [SOUND, *(each for each in FAULTS if each.by == "walk")], ids=name_of)
def test_the_walk(planted: Fault, tmp_path: Path, furnished: Path) -> None:
    shutil.copytree(furnished, tmp_path, dirs_exist_ok=True)
    judge(planted, by_walk(planted.plant, tmp_path))


@pytest.mark.parametrize("planted", [SOUND, *(each for each in FAULTS if each.by == "crowd")], ids=name_of)
def test_the_crowd(planted: Fault, tmp_path: Path, postgres_url: str) -> None:
    judge(planted, by_crowd(planted.plant, tmp_path, postgres_url))


@pytest.mark.parametrize("planted", [SOUND, *(each for each in FAULTS if each.by == "kill")], ids=name_of)
def test_the_kill(planted: Fault, tmp_path: Path) -> None:
    planter = () if planted is SOUND else ("tests.races.planted_server", planted.name)
    judge(planted, by_kill(tmp_path, *planter))


def judge(planted: Fault, found: Found) -> None:
    note(planted, found)
    assert bool(found.by) == (planted is not SOUND), found


def test_the_table_is_long_enough(capsys: pytest.CaptureFixture[str]) -> None:
    """Printed last; each of its rows was asserted above."""
    assert len({each.name for each in FAULTS}) == len(FAULTS) >= 12
    with capsys.disabled():
        print("\n| planted fault | found by | calls | what was seen |")
        print("|---|---|---|---|")
        print("\n".join(TABLE))
