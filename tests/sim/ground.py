"""What every history begins with: a stocked platform and tills that belong to it, made once and copied."""

from __future__ import annotations

import shutil
from functools import lru_cache
from pathlib import Path

from platform_server.app.places import Places
from platform_server.app.wiring import World, open_platform
from platform_server.domain.goods import Product
from platform_server.domain.money import Money as PlatformMoney
from platform_server.domain.policy_defaults import default_policies
from platform_server.settings import Settings
from pos_app.domain.money import Money
from pos_app.domain.staff import Cashier, Person, Role
from tests.fakes.platform_goods import SUPPLIER, lot, product, top_up
from tests.fakes.till_pins import FakePins
from tests.proof.footing import new_folder
from tests.sim.fate import EVENING_BEFORE, Fate, TrueClock
from tests.sim.line import Line
from tests.sim.loop import SimLoop
from tests.sim.platform_side import ADDRESS, SimPlatform
from tests.sim.supplier import sim_supplier
from tests.sim.till_side import SimTill

TILLS = 2
CREDIT = 20_000_000
PLAIN, DEAR, SCARCE = (f"019393a1-0000-7000-8000-0000000000{number}" for number in ("a1", "a2", "a3"))
PHONE = "019393a1-0000-7000-8000-0000000000c2"
# Product, face and cost in fen, how many cards there are for a history, and where their numbers begin.
SHELF = (
    (PLAIN, 3_000, 2_850, 400, 0),
    (DEAR, 10_000, 9_500, 200, 100_000),
    (SCARCE, 5_000, 4_750, 8, 200_000),
)
TOP_UP_FACE, TOP_UP_COST = 5_000, 4_950
PINS = {Role.CASHIER: "135790", Role.SUPERVISOR: "246801", Role.OWNER: "975318"}
PEOPLE = {role: Cashier(f"person-{role.value}", role.value.title(), role) for role in Role}
FLOAT = 10_000


@lru_cache(maxsize=1)
def prepared() -> Path:
    """The folder that histories are copied from; it is made once a process."""
    folder = new_folder("sim-ground-")
    fate = Fate("the ground", {}, EVENING_BEFORE, is_calm=True)
    loop = SimLoop(fate)
    codes = loop.run(_stock(fate, folder))
    loop.close()
    platform = SimPlatform(fate, folder)
    line = Line(fate, platform)
    for number, code in enumerate(codes):
        till = SimTill(number, fate, folder / f"till-{number}", line, lambda till: _NO_DOORS)
        _open_till(till, code)
    platform.stop()
    return folder


def copy_of_ground() -> Path:
    """A fresh one; its owner removes it."""
    folder = new_folder("sim-")
    shutil.copytree(prepared(), folder, dirs_exist_ok=True)
    return folder


_NO_DOORS = {"printer": None, "gateways": None, "gateways_behind": None}


async def _stock(fate: Fate, folder: Path) -> list[str]:
    clock = TrueClock(fate)
    supplier, _ = sim_supplier(fate)
    places = Places.of(folder / "data", folder / "keys")
    async with open_platform(places, World(Settings(), clock, clock, supplier)) as platform:
        shop, _ = await platform.open_shop("Shop", "CNY")
        await platform.credit_wallet(shop.id, PlatformMoney(CREDIT, "CNY"), "first")
        await platform.put_suppliers([SUPPLIER])
        goods = [_card(*each[:3]) for each in SHELF]
        await platform.put_products([*goods, _phone()])
        for product_id, _, _, count, start in SHELF:
            await platform.import_codes([lot(count, product_id, start)])
        await platform.open_top_ups(True)
        await platform.keep_policies.install(default_policies())
        return [await platform.enrolment_code(ADDRESS, f"T{number + 1}") for number in range(TILLS)]


def _card(product_id: str, face: int, cost: int) -> Product:
    money = {"face": PlatformMoney(face, "CNY"), "wholesale": PlatformMoney(cost, "CNY")}
    barcode = f"69{face:011d}"
    return product(product_id, barcode=barcode, suggested_retail=PlatformMoney(face, "CNY"), **money)


def _open_till(till: SimTill, code: str) -> None:
    """Enrolled, staffed, stocked, with an open shift, the evening before."""
    till.start()
    shop = till.shop
    shop.enrol(code, f"T{till.number + 1}")
    pins = FakePins()
    with till.books.open_books() as books:
        for role, person in PEOPLE.items():
            books.staff.put(Person(person.id, person.name, role, pins.hash(PINS[role])))
        books.commit()
    shop.sync_catalogue()
    shop.refresh_account()
    shop.open_shift(PEOPLE[Role.CASHIER], Money(FLOAT))
    shop.push_outbox()
    till.stop()


def _phone() -> Product:
    money = {"wholesale": TOP_UP_COST, "suggested_retail": TOP_UP_FACE, "face": TOP_UP_FACE}
    return top_up(**{name: PlatformMoney(minor, "CNY") for name, minor in money.items()})
