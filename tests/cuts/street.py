"""A real till at a real platform: both with their files, the platform a process of its own, the till a fork of ours."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pos_app.bootstrap.opening import OpenTill, open_till
from pos_app.bootstrap.till_settings import TillSettings
from pos_app.domain.catalogue import Product, ProductKind
from pos_app.domain.errors import NotSoldOffline, PaperTrouble, PosError
from pos_app.domain.money import Money
from pos_app.domain.paper import PaperKind, PaperState
from pos_app.domain.sale import SaleSearch, SaleState
from pos_app.domain.shift import CashCount, Direction
from pos_app.domain.staff import Cashier, Role
from pos_app.places import Places, places
from pos_app.shop import Giving, Next, Shop
from tests.cuts.steps import Diary, Steps
from tests.fakes.platform_process import ROOT
from tests.races.servers import ENVIRONMENT, Home, Server

PINS = {Role.OWNER: "975318", Role.SUPERVISOR: "246801", Role.CASHIER: "135790"}
_MOST_BEATS = 12


@dataclass
class Street:
    """One platform and the folders of one till; `day` and `again` each live in a process of their own."""

    home: Home
    server: Server
    where: Places
    diary: Diary

    def day(self, last: int = 0) -> tuple[int, list[str]]:
        """A day that is killed at its step `last`: how the process ended, and the names of its steps if it did not."""

        def live(said: Callable[[object], None]) -> None:
            steps = Steps(self.diary, last)
            steps.install()
            with opened(self.where) as till:
                live_a_day(till.shop, self.diary, steps)
            said(steps.names)

        return _apart(live)

    def again(self) -> list[str]:
        """Started anew, driven until nothing is left to do; sentences about what is wrong then."""

        def live(said: Callable[[object], None]) -> None:
            Steps(self.diary).install()
            with opened(self.where) as till:
                said(list(taken_up(till.shop, self.diary)))

        code, found = _apart(live)
        return found if code == 0 else [f"it ended with {code}", *found]

    def doctors(self) -> list[str]:
        """What the two commands say, if it is not that all is well."""
        words = [sys.executable, "-m", "pos_app", "doctor", "--data", str(self.where.data)]
        till = subprocess.run(
            [*words, "--keys", str(self.where.keys)],
            cwd=ROOT,
            env=ENVIRONMENT,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        return [done.stdout + done.stderr for done in (till, self.home.doctor()) if done.returncode != 0]


@contextmanager
def street(folder: Path) -> Iterator[Street]:
    """A platform with the sample market, and a till that belongs to it and has its people; ended on leaving."""
    home = Home(folder / "platform")
    run_tool("sample", "--products", "400", "--codes", "4000", *home.arguments)
    credit = ("wallet", "credit", "--minor", "100000000", "--reference", "cuts", "--reason", "days on end")
    run_tool(*credit, *home.arguments)
    server = Server(home).start()
    try:
        told = run_tool("enrol", "--address", server.address, *home.arguments)
        code = re.search(r"K1\.\S+", told)
        assert code, told
        where = places(folder / "till", folder / "keys")
        _move_in(where, code.group())
        yield Street(home, server, where, Diary(folder / "diary"))
    finally:
        server.make_end()


def run_tool(*words: str) -> str:
    command = [sys.executable, "-m", "platform_server", *words]
    done = subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _move_in(where: Places, code: str) -> None:
    where.prepare()
    TillSettings(where).keep({"platform": "elsewhere", "printer": "virtual"})
    till = open_till(where, where.keys, is_visit=True)
    try:
        till.shop.enrol(code, "Till")
        owner = None
        for role, pin in PINS.items():
            person = till.shop.add_person(owner, role.value.title(), role, pin)
            owner = owner or Cashier(person.id, person.name, person.role)
        till.shop.sync_catalogue()
    finally:
        till.close()


@contextmanager
def opened(where: Places) -> Iterator[OpenTill]:
    till = open_till(where, where.keys)
    try:
        yield till
    finally:
        till.close()


def _apart(live: Callable[[Callable[[object], None]], None]) -> tuple[int, Any]:
    """Do it in a fork: how that ended (0, or the signal below 0), and what it said last."""
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ours)
        code = 1
        try:
            live(lambda told: _say(theirs, told))
            code = 0
        except BaseException:  # noqa: BLE001  # it must not come back into the copy of the tests
            _say(theirs, traceback.format_exc().splitlines()[-12:])
        finally:
            os._exit(code)
    os.close(theirs)
    with open(ours, encoding="utf-8") as pipe:  # noqa: PTH123  # a descriptor
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status), json.loads(said) if said else []


def _say(pipe: int, told: object) -> None:
    os.write(pipe, json.dumps(told).encode())


def live_a_day(shop: Shop, diary: Diary, steps: Steps) -> None:
    """Everything that a counter does on a day, once; what was told to the customer is in the diary."""
    shop.take_up()
    _sync(shop)
    people = {person.role: person for person in shop.look_up.people()}
    cashier = shop.sign_in(people[Role.CASHIER].id, PINS[Role.CASHIER])
    supervisor = Cashier(people[Role.SUPERVISOR].id, "Supervisor", Role.SUPERVISOR)
    if shop.look_up.current_shift() is None:
        shop.open_shift(cashier, Money(20_000))
    product = _product(shop)
    sale = _sell(shop, diary, cashier, product, 2)
    left = shop.reserve(cashier, shop.ring_up.product(shop.new_sale(), product, 1).sale)
    shop.cancel_sale(cashier, left.id, "changed mind")
    shop.go_on(left.id)
    paper = next(each for each in shop.go_on.look(sale).papers if each.kind is PaperKind.CODE)
    shop.reprint(cashier, paper.id, "torn")
    _hand_over(shop, diary, sale)
    line = shop.go_on.look(sale).sale.lines[0]
    shop.give_back(Giving(cashier, supervisor, "unused"), sale, line.line_id, Money(300))
    shop.move_cash(cashier, Direction.OUT, Money(1_000), "bank")
    _beat(shop)
    steps.is_line_down = True
    with contextlib.suppress(NotSoldOffline):  # nothing of it may be held on the first day
        _sell(shop, diary, cashier, product, 1)
    steps.is_line_down = False
    shop.print_closing(shop.close_shift(cashier, CashCount((), Money(30_000))))
    _beat(shop)


def _product(shop: Shop) -> Product:
    """The cheapest of which enough is left for a day (none told: plenty)."""
    found = [each for each in shop.look_up.products("", None, 500) if each.kind is ProductKind.CODE]
    enough = [each for each in found if each.limits.most >= 2 and (each.stock is None or each.stock >= 6)]
    return min((each for each in enough if each.price >= Money(300)), key=lambda each: each.price.minor)


def _sell(shop: Shop, diary: Diary, cashier: Cashier, product: Product, pieces: int) -> str:
    sale = shop.reserve(cashier, shop.ring_up.product(shop.new_sale(), product, pieces).sale)
    shop.kick_drawer()
    sale = shop.take_cash(cashier, sale.id, sale.total)
    diary.write(paid=sale.id, receipt=sale.receipt_number)
    _hand_over(shop, diary, sale.id)
    return sale.id


def _hand_over(shop: Shop, diary: Diary, sale_id: str) -> None:
    progress = shop.go_on(sale_id)
    while progress.next is Next.PAPER:
        progress = shop.print_next(sale_id)
    diary.write(done=sale_id)


def _sync(shop: Shop) -> None:
    shop.sync_catalogue()
    shop.refresh_account()


def _beat(shop: Shop) -> None:
    shop.recover()
    shop.push_outbox()
    shop.print_due()
    shop.keep_leases()
    shop.mind_files()
    shop.back_up.if_due()
    shop.shred()


def taken_up(shop: Shop, diary: Diary) -> Iterator[str]:
    """By the road of the program: taken up, and beaten until nothing waits."""
    shop.take_up()
    owner = next(each for each in shop.look_up.people() if each.role is Role.OWNER)
    someone = Cashier(owner.id, owner.name, owner.role)
    for _ in range(_MOST_BEATS):
        try:
            _beat(shop)
        except PaperTrouble as trouble:
            yield f"{trouble!r}"
        for view in shop.look_up.open_items():
            for paper in view.papers:
                if paper.state is PaperState.UNKNOWN:
                    shop.answer_slip(someone, paper.id, came_out=False)
                elif paper.state is PaperState.FAILED:
                    shop.retry_paper(paper.id)
        if not shop.look_up.open_items() and shop.push_outbox().unsent == 0:
            break
    else:
        yield f"it has no end: {shop.look_up.open_items()}"
    yield from (f"{each.invariant}: {each.seen}" for each in shop.doctor() if not each.holds)
    yield from _promises(shop, diary)


def _promises(shop: Shop, diary: Diary) -> Iterator[str]:
    """All that was told holds: who had paid has his goods under his receipt number, and no code came out twice."""
    slips = diary.slips()
    for facts in diary.read():
        sale_id = facts.get("paid") or facts.get("done")
        if sale_id is None:
            continue
        try:
            sale = shop.look_up.sale(sale_id).sale
        except PosError as trouble:
            yield f"LOST: {trouble!r}"
            continue
        if sale.state is not SaleState.DONE or sale.receipt_number != facts.get(
            "receipt", sale.receipt_number
        ):
            yield f"LOST: {facts} is {sale.state}, {sale.receipt_number}"
    owners: dict[str, str] = {}
    for number, codes in slips.items():
        for code in codes:
            if owners.setdefault(code, number) != number:
                yield f"one code on slips of {number} and {owners[code]}"
    for each in shop.look_up.sales(SaleSearch(most=100_000)):
        if each.receipt_number is None:
            continue
        sale = shop.look_up.sale(each.sale_id).sale
        owed = sum(line.quantity * line.product.parts for line in sale.lines)
        if len(slips.get(each.receipt_number, ())) != owed:
            yield f"{each.receipt_number}: {len(slips.get(each.receipt_number, ()))} codes on paper, {owed} owed"
