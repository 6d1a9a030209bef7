"""Campaigns of many sales at each practice gateway, and their figures as lines of a table."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from multiprocessing import get_context

from pos_app.wire.gateways.sender import Sender
from pos_app.wire.http import Http, Patience
from practice.gateways.door import Door, gateway_server
from practice.gateways.mischief import Commanded
from practice.suppliers.desk import MovableClock
from tests.fakes.till_clock import FakeClock
from tests.payments.counter import Wired, fields_of, wire
from tests.payments.mix import Dice
from tests.payments.street import Breaking, Losses, Street

A_DAY = 25
PART = 5_000
_HEAD = (
    "| gateway | memory | wire | sales | delivered | requests | faults | undone "
    "| refunded | double | unpaid | without goods | s | seed |"
)
_RULE = "|---|---|---|---|---|---|---|---|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Plan:
    """What is run: `until` ends it early, after so many losses."""

    practice: str
    remembers: bool
    sales: int
    seed: int = 1
    is_over_http: bool = False
    breaking: Breaking | None = None
    until: int | None = None


@dataclass
class Outcome:
    """What came of it."""

    plan: Plan
    losses: Losses
    seen: Counter[str]
    faults: Counter[str]
    requests: int
    seconds: float
    lost: list[str] = field(default_factory=list)

    @property
    def row(self) -> str:
        plan, seen, losses = self.plan, self.seen, self.losses
        cells = [
            plan.practice,
            "remembers" if plan.remembers else "forgets",
            "http" if plan.is_over_http else "in process",
            seen["sales"],
            seen["delivered"],
            self.requests,
            sum(count for name, count in self.faults.items() if not name.startswith("customer")),
            seen["reversed"],
            seen["refunded"] + seen["refund done"],
            losses.double,
            losses.unpaid,
            losses.without_goods,
            round(self.seconds),
            plan.seed,
        ]
        return "| " + " | ".join(map(str, cells)) + " |"


def run_in_parts(plan: Plan, processes: int) -> Outcome:
    """A long one as parts of `PART` sales, each with a seed of its own, counted on from the plan's."""
    starts = range(0, plan.sales, PART)
    parts = [
        replace(plan, sales=min(PART, plan.sales - start), seed=plan.seed + number)
        for number, start in enumerate(starts)
    ]
    if len(parts) == 1:
        return run(plan)
    began = time.monotonic()
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        outcomes = list(pool.map(run, parts))
    return Outcome(
        plan,
        Losses(
            sum(each.losses.double for each in outcomes),
            sum(each.losses.unpaid for each in outcomes),
            sum(each.losses.without_goods for each in outcomes),
        ),
        sum((each.seen for each in outcomes), Counter()),
        sum((each.faults for each in outcomes), Counter()),
        sum(each.requests for each in outcomes),
        time.monotonic() - began,
        [line for each in outcomes for line in each.lost],
    )


def run(plan: Plan) -> Outcome:
    """All of it in this process, on a clock that only the campaign moves."""
    clock = FakeClock()
    began = time.monotonic()
    chance = random.Random(f"{plan.seed} {plan.practice} {plan.remembers} {plan.is_over_http}")
    known: list[Wired] = []

    def made_at(number: str) -> float | None:
        told = known[0].teller.bank.ask(number)
        return None if told.state is None else told.made_at

    dice = Dice(chance, lambda: clock.now().timestamp(), made_at, plan.practice)
    wired = wire(plan.practice, clock, dice, remembers=plan.remembers)
    known.append(wired)
    opening = _over_http(wired, plan.practice) if plan.is_over_http else _in_process(wired)
    with opening as sender:
        street = Street(wired, sender, clock, dice, plan.breaking)
        while street.seen["sales"] < plan.sales:
            street.day(min(A_DAY, plan.sales - street.seen["sales"]))
            if plan.until is not None and street.losses.total >= plan.until:
                break
    seconds = time.monotonic() - began
    requests = street.line.requests
    return Outcome(plan, street.losses, street.seen, dice.thrown, requests, seconds, street.lost)


@contextmanager
def _in_process(wired: Wired) -> Iterator[Sender]:
    yield wired.sender


@contextmanager
def _over_http(wired: Wired, practice: str) -> Iterator[Sender]:
    """The same gateway behind a port of this machine, and the till's own client of HTTP."""
    door = Door(wired.teller, Commanded(wired.teller.mischief), MovableClock(wired.teller.clock))
    server = gateway_server(door)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    http = Http(Patience(), "pos_app/campaign")
    address = f"http://127.0.0.1:{server.server_address[1]}"
    wired.keys.fields = fields_of(practice, wired.teller.setup, address)
    try:
        yield http
    finally:
        http.close()
        server.shutdown()
        thread.join()
        server.server_close()


def table(outcomes: list[Outcome]) -> str:
    """A line for each, and which faults there were in all."""
    return "\n".join([_HEAD, _RULE, *(each.row for each in outcomes)])


def faults_told(outcomes: list[Outcome]) -> str:
    """All faults by kind, the most frequent first, and what became of the payments."""
    faults: Counter[str] = sum((each.faults for each in outcomes), Counter())
    seen: Counter[str] = sum((each.seen for each in outcomes), Counter())
    lines = [
        ", ".join(f"{name.replace('_', ' ')} {count}" for name, count in each.most_common())
        for each in (faults, seen)
    ]
    return "\n".join(lines)
