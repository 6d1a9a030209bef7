"""A walk through everything a till may ask, each answer foretold: a platform with a fault stumbles somewhere.

After each call the wallet, the shelf and the doctor are asked too. `Stumble` says where it happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from platform_server.domain.money import Money
from platform_server.domain.top_up import SupplierAnswer, SupplierState
from tests.fakes.platform_goods import CARD, OTHER, TOP_UP, lot, product
from tests.fakes.platform_process import Served, served
from tests.fakes.platform_till import FakeTill, Message, Reply, line_of, new_id
from tests.fakes.platform_world import START

COST, DEAR, TOPPED = 9_500, 600_000, 4_950
SOON = "019393a1-0000-7000-8000-0000000000c4"  # its cards run out before any reservation does
CARDS = 6


class Stumble(Exception):
    """Something was not as foretold; `by` is who noticed."""

    def __init__(self, by: str, what: str) -> None:
        super().__init__(f"{by}: {what}")
        self.by = by


@dataclass
class Walker:
    """A till with a notebook: which code it saw in which sale, and what its wallet must be."""

    platform: Served
    till: FakeTill
    calls: int = 0
    balance: int = 1_000_000
    held: int = 0
    shelf: int = CARDS
    codes: dict[str, str] = field(default_factory=dict)
    goods: dict[str, dict[str, Any]] = field(default_factory=dict)

    def look(self) -> None:
        """Everything that must be so after any call."""
        account = self.till.call("GET", "/v1/account").json["wallet"]
        found = (account["balance"]["minor"], account["held"]["minor"])
        self.must(found == (self.balance, self.held), f"wallet {found}, not {(self.balance, self.held)}")
        self.goods = {each["id"]: each for each in self.till.catalogue()}
        stock = self.goods[CARD]["stock"]
        self.must(stock == self.shelf, f"{stock} on the shelf, not {self.shelf}")
        for finding in self.platform.invariants():
            raise Stumble("doctor", f"{finding.name}: {finding.breaches[0]}")

    def must(self, holds: bool, what: str) -> None:
        if not holds:
            raise Stumble("walk", what)

    def hear(self, reply: Reply, wanted: str) -> Reply:
        code = "OK" if reply.status_code in (200, 201) else reply.json["code"]
        self.must(code == wanted, f"call {self.calls} heard {code}, not {wanted}")
        return reply

    def line(self, product_id: str, line_id: str = "1", quantity: int = 1, **fields: str) -> dict[str, Any]:
        return line_of(self.goods[product_id], line_id, quantity, **fields)

    def reserve(self, sale: str, wanted: str, *lines: dict[str, Any], attempt: int = 1) -> Reply:
        """Held and off the shelf by what is expected to happen."""
        chosen = list(lines) or [self.line(CARD)]
        reply = self.hear(self.till.reserve(sale, chosen, attempt), wanted)
        if wanted == "OK" and not reply.is_replay:
            self.held += sum(each["quantity"] * each["max_unit_cost"]["minor"] for each in chosen)
            self.shelf -= sum(each["quantity"] for each in chosen if each["product_id"] == CARD)
        self.look()
        return reply

    def step(self, sale: str, step: str, wanted: str, cost: int = 0, **body: Any) -> Reply:
        """`cost` is what this very call takes from the wallet (below zero: gives back), out of the hold first."""
        reply = self.hear(self.till.step(sale, step, **body), wanted)
        self.balance -= cost
        if step == "confirm" and wanted == "OK":
            self.held -= cost
            self.open(sale, reply)
        self.look()
        return reply

    def let_go(self, sale: str, held: int = COST, cards: int = 1) -> None:
        """A cancel before the confirm, which gives back money and cards."""
        self.held -= held
        self.shelf += cards
        self.step(sale, "cancel", "OK")

    def open(self, sale: str, reply: Reply) -> None:
        """What was handed over is written down; a code of another sale is the worst that can happen."""
        for card in reply.json["cards"]:
            code = self.till.open(sale, card)["number"]
            before = self.codes.setdefault(code, sale)
            self.must(before == sale, f"code {code} of sale {before} is sold again")

    def sell(self, sale: str, quantity: int = 1) -> Reply:
        self.reserve(sale, "OK", self.line(CARD, quantity=quantity))
        reply = self.step(sale, "confirm", "OK", quantity * COST)
        self.must(len(reply.json["cards"]) == quantity, f"{len(reply.json['cards'])} cards for {quantity}")
        return reply


def furnish(folder: Path) -> None:
    """A platform with cards, dear cards, cards that run out soon, and a top-up."""
    with served(folder, cards=CARDS) as platform:
        dear = {"face": Money(DEAR + 1_000, "CNY"), "wholesale": Money(DEAR, "CNY")}
        goods = [product(OTHER, barcode=None, **dear), product(SOON, barcode=None)]
        platform.ask(platform.platform.put_products(goods))
        lots = [lot(3, OTHER, 1_000), lot(3, SOON, 2_000, START + timedelta(minutes=5))]
        platform.ask(platform.platform.import_codes(lots))


@contextmanager
def walking(folder: Path) -> Iterator[Walker]:
    """Through a furnished folder."""
    with served(folder, cards=CARDS) as platform:
        walker = Walker(platform, platform.till())

        def counted(*arguments: Any) -> Any:
            walker.calls += 1
            return plain(*arguments)

        plain, walker.till.transport = walker.till.transport, counted
        yield walker


def walk(walker: Walker) -> None:
    """All of it. Raises Stumble."""
    walker.look()
    for part in _PARTS:
        part(walker)


def _a_sale_and_its_repeats(walker: Walker) -> None:
    sale, two = new_id(), walker.line(CARD, quantity=2)
    walker.reserve(sale, "OK", two)
    walker.must(walker.reserve(sale, "OK", two).is_replay, "a repeated reserve is a new one")
    walker.reserve(sale, "KEY_REUSED", walker.line(CARD, quantity=1))
    walker.reserve(sale, "FORBIDDEN", two, attempt=2)
    told = walker.step(sale, "confirm", "OK", 2 * COST)
    walker.must(len(told.json["cards"]) == 2, "not the two cards")
    again = walker.step(sale, "confirm", "OK")
    same = {card["card_id"] for card in told.json["cards"]}
    walker.must({card["card_id"] for card in again.json["cards"]} == same, "other cards at the repeat")
    printed = [{"card_id": card, "printed": "yes", "copies": 1} for card in sorted(same)]
    walker.step(sale, "ack", "OK", cards=printed)
    walker.step(sale, "cancel", "FORBIDDEN")


def _a_tombstone(walker: Walker) -> None:
    sale = new_id()
    walker.step(sale, "cancel", "OK")
    walker.reserve(sale, "CANCELLED")
    walker.step(sale, "confirm", "CANCELLED")


def _a_cancel_gives_back_once(walker: Walker) -> None:
    sale, other = new_id(), new_id()
    walker.reserve(other, "OK")
    walker.reserve(sale, "OK")
    walker.let_go(sale)
    walker.step(sale, "cancel", "OK")
    walker.reserve(sale, "CANCELLED")
    walker.let_go(other)


def _a_sold_one_is_cancelled(walker: Walker) -> None:
    sale = new_id()
    walker.sell(sale)
    walker.step(sale, "cancel", "OK", -COST)  # the card stays off the shelf
    walker.step(sale, "cancel", "OK")
    walker.step(sale, "confirm", "CANCELLED")


def _all_lines_or_none(walker: Walker) -> None:
    lines = [walker.line(CARD), walker.line(OTHER, "2", 4)]
    walker.reserve(new_id(), "SOLD_OUT", *lines)


def _money_is_held_before_it_is_spent(walker: Walker) -> None:
    first, second = new_id(), new_id()
    walker.reserve(first, "OK", walker.line(OTHER))
    walker.reserve(second, "WALLET_EMPTY", walker.line(OTHER))
    walker.let_go(first, DEAR, cards=0)


def _what_runs_out_is_not_sold(walker: Walker) -> None:
    walker.reserve(new_id(), "SOLD_OUT", walker.line(SOON))


def _a_late_confirm(walker: Walker) -> None:
    """The first is filled again; the second finds its card sold to somebody else, for good."""
    sale = new_id()
    walker.reserve(sale, "OK")
    walker.platform.clock.pass_by(minutes=11)
    walker.step(sale, "confirm", "OK", COST)
    late, left = new_id(), walker.shelf
    walker.reserve(late, "OK", walker.line(CARD, quantity=left))
    walker.platform.clock.pass_by(minutes=11)
    walker.held, walker.shelf = 0, left
    walker.sell(new_id(), left)
    walker.step(late, "confirm", "EXPIRED")
    walker.step(late, "confirm", "EXPIRED")


def _a_top_up(walker: Walker) -> None:
    """Silence is no failure; what the supplier never heard of goes out again as the same order."""
    sale, supplier = new_id(), walker.platform.supplier
    walker.reserve(sale, "OK", walker.line(TOP_UP, phone="13800138000"))
    walker.step(sale, "confirm", "OK", TOPPED)
    supplier.script.extend([None, SupplierAnswer(SupplierState.NOT_FOUND), None])
    worker = walker.platform.platform.run_top_ups
    assert worker is not None
    for _ in range(3):
        walker.platform.ask(worker())
        walker.platform.clock.pass_by(seconds=90)
        walker.look()
    (line,) = walker.till.read(sale).json["top_ups"]
    walker.must(line["state"] == "OK", f"the top-up is {line['state']}")
    walker.must(len(supplier.orders) == 1, f"the supplier has {len(supplier.orders)} orders for one top-up")


def _a_replay(walker: Walker) -> None:
    message = walker.till.build("GET", "/v1/account")
    walker.hear(walker.till.send(message), "OK")
    again = Message(message.method, message.url, dict(message.headers), message.body)
    walker.hear(walker.till.send(again), "REPLAY")


def _an_older_self(walker: Walker) -> None:
    """A till that was set up anew must not be disturbed by what it was before."""
    code = walker.platform.ask(
        walker.platform.platform.enrolment_code(walker.platform.address, "Front", "T1")
    )
    newer = FakeTill(walker.till.transport, code, now=walker.till.now)
    walker.hear(newer.enrol(), "OK")
    sale, older = new_id(), replace(newer, epoch=1)
    walker.hear(older.step(sale, "cancel"), "EPOCH_FENCED")
    walker.hear(walker.till.read(sale), "EPOCH_FENCED")
    walker.till = newer
    walker.look()


_PARTS: list[Callable[[Walker], None]] = [
    _a_sale_and_its_repeats,
    _a_tombstone,
    _a_cancel_gives_back_once,
    _a_sold_one_is_cancelled,
    _all_lines_or_none,
    _money_is_held_before_it_is_spent,
    _what_runs_out_is_not_sold,
    _a_late_confirm,
    _a_top_up,
    _a_replay,
    _an_older_self,
]
