"""A top-up: one order at one supplier under one reference, asked about until it is certain, decided by a person after a day.

It follows `docs/protocol.md` 6 and `platform_server/domain/top_up.py`. A supplier may take an order late, answer "not
found" before that, call a success back, and lose every answer; under one reference it takes one order.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.models.explore import Model, Mutant

OPEN = ("submitting", "unknown")
GIVEN_BACK = ("failed", "reversed")


class Order(NamedTuple):
    """`row` is the platform's. `sent` orders (supplier and reference) are on the wire; `at` is what each made of its own.

    `by` says why the money went back to the wallet, `loss` that a success after it was booked; `till` is what the till
    knows and `customer` whether his money is with the shop.
    """

    row: str = "accepted"
    sent: frozenset[str] = frozenset()
    at: tuple[tuple[str, str], ...] = ()
    by: str = ""
    loss: bool = False
    is_a_day_old: bool = False
    is_a_month_old: bool = False
    till: str = "waits"
    customer: str = "paid"

    @property
    def successes(self) -> int:
        return sum(state.count("success") for _, state in self.at)

    def known(self, name: str) -> str:
        return dict(self.at).get(name, "not found")

    def made(self, name: str, state: str) -> Order:
        return self._replace(at=tuple(sorted({**dict(self.at), name: state}.items())))


class TopUp:
    """The rules, but for the one that is `broken`."""

    def __init__(self, broken: str = "") -> None:
        self.broken = broken

    def moves(self, order: Order) -> Iterator[tuple[str, Order]]:
        yield from self._supplier(order)
        yield from self._worker(order)
        yield from self._person(order)
        yield from self._till(order)
        if not order.is_a_day_old:
            yield "a day is over", order._replace(is_a_day_old=True)
        on_its_way = [name for name in order.sent if order.known(name) in ("not found", "processing")]
        is_quiet = order.is_a_day_old and not on_its_way and not self._has_news(order)
        if is_quiet and not order.is_a_month_old:  # of thirty daily looks one was answered
            yield "a month is over", order._replace(is_a_month_old=True)

    def _supplier(self, order: Order) -> Iterator[tuple[str, Order]]:
        for name in sorted(order.sent):
            state = order.known(name)
            if state == "not found":
                yield f"{name} is taken", order.made(name, "processing")
            elif state == "processing":
                yield f"{name} succeeds", order.made(name, "success")
                yield f"{name} fails", order.made(name, "failure")
            elif state == "success" and self.broken == "the supplier takes a reference twice":
                yield f"{name} is taken again and succeeds", order.made(name, "success success")
            if state == "success" and not order.is_a_month_old:
                yield f"{name} is taken back by the supplier", order.made(name, "reversal")

    def _worker(self, order: Order) -> Iterator[tuple[str, Order]]:
        """One step of a worker: written down before it is done; silence moves an order to UNKNOWN, a day's to MANUAL."""
        if order.row == "accepted":
            yield "written down and sent", order._replace(row="submitting", sent=order.sent | {"first"})
        if order.row in OPEN:
            yield "silence", order._replace(row="manual" if order.is_a_day_old else "unknown")
            yield from self._silence_is_misread(order)
        told = order.known("first")
        may_hear = order.row in (*OPEN, "manual", "ok") or (
            order.row in GIVEN_BACK and not order.is_a_month_old
        )
        if order.sent and may_hear:
            yield from self._hears(order, told)
        if "second" in order.sent and order.row in OPEN:
            yield from self._hears(order, order.known("second"))

    def _hears(self, order: Order, told: str) -> Iterator[tuple[str, Order]]:
        if "success" in told and order.row not in GIVEN_BACK:
            yield "hears of the success", order._replace(row="ok")
        elif "success" in told and self.broken != "a late success is dropped":
            yield "hears of a late success: a loss", order._replace(loss=True)
        if told == "failure" and order.row in (*OPEN, "manual"):
            yield "hears that it failed: the money goes back", order._replace(row="failed", by="failure")
        if told == "reversal" and order.row in (*OPEN, "manual", "ok"):
            yield "hears that it was taken back", order._replace(row="reversed", by="reversal")
        if told == "not found" and order.row in OPEN and self.broken == "not found is a failure":
            yield "not found: the money goes back", order._replace(row="failed", by="failure")
        if self.broken == "a callback is believed" and order.row in OPEN:
            yield "a forged callback: failed", order._replace(row="failed", by="failure")

    def _silence_is_misread(self, order: Order) -> Iterator[tuple[str, Order]]:
        if self.broken in ("another reference after silence", "another supplier after silence"):
            yield "silence: sent once more, elsewhere", order._replace(sent=order.sent | {"second"})
        if self.broken == "silence is a refund":
            yield "silence: the money goes back", order._replace(row="failed", by="failure")

    def _person(self, order: Order) -> Iterator[tuple[str, Order]]:
        if order.row == "manual":
            yield "a person says: it failed", order._replace(row="failed", by="person")
            if order.successes:
                yield "a person says: it succeeded", order._replace(row="ok")

    def _till(self, order: Order) -> Iterator[tuple[str, Order]]:
        """It asks until the end is known, and hears of a change after that by the platform's events."""
        listens = order.till == "waits" or self.broken != "after a success the till asks no more"
        if order.row == "ok" and order.till == "waits":
            yield "the till hears OK", order._replace(till="ok")
        if order.row in GIVEN_BACK and order.till != "failed" and listens:
            yield "the till hears FAILED_FINAL", order._replace(till="failed")
        may_give = order.till == "failed" or (
            self.broken == "the customer is paid back too early" and order.row == "manual"
        )
        if order.customer == "paid" and may_give:
            yield "the customer has his money back", order._replace(customer="back")

    def breach(self, order: Order) -> str:
        if order.successes > 1:
            return "I8 two successes for one order"
        if order.by == "failure" and order.successes:
            return "I8 money back by itself, and a success"
        if order.customer == "back" and order.row not in GIVEN_BACK:
            return "I8 the customer is paid back before it is certain"
        if not self.is_settled(order):
            return ""
        if order.row in GIVEN_BACK and order.successes and not order.loss:
            return "I8 a late success that nobody booked"
        if (order.row in GIVEN_BACK) is not (order.customer == "back"):
            return "I2 the shop has its money again, the customer not"
        return ""

    def is_settled(self, order: Order) -> bool:
        """A month is over and nobody has a step left."""
        is_final = order.row in ("ok", *GIVEN_BACK)
        return order.is_a_month_old and is_final and not self._has_news(order) and not any(self._till(order))

    def _has_news(self, order: Order) -> bool:
        """Whether a look at the supplier would change anything."""
        return any(after != order for _, after in self._worker(order))


def top_up(broken: str = "") -> Model:
    """One top-up."""
    rules = TopUp(broken)
    return Model("top-up", Order(), rules.moves, rules.breach, rules.is_settled)


MUTANTS = tuple(
    Mutant(flag, breaks, top_up)
    for flag, breaks in (
        ("another reference after silence", ("I8",)),
        ("another supplier after silence", ("I8",)),
        ("not found is a failure", ("I8",)),
        ("silence is a refund", ("I8",)),
        ("the supplier takes a reference twice", ("I8",)),
        ("a callback is believed", ("I8",)),
        ("a late success is dropped", ("I4", "I8")),
        ("the customer is paid back too early", ("I8",)),
        ("after a success the till asks no more", ("I2",)),
    )
)
