"""Leases in any order of events: grants, sales offline, late and repeated pushes, returns, restarts, people."""

import asyncio
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from platform_server.domain.errors import Refused
from platform_server.store.postgres_store import PostgresStore, postgres_engine, read_url
from platform_server.store.sqlite_file import reader_engine, writer_engine
from platform_server.store.sqlite_store import SqliteStore
from tests.fakes.platform_books import MemoryStore
from tests.fakes.postgres import Postgres
from tests.server.after_sales import Desk
from tests.server.conftest import KEY, Counter
from tests.server.leasing import BY, Leasing

CARDS = 8


class Leases(RuleBasedStateMachine):
    """An honest till beside an honest platform: it never sells what it deleted, nor twice, nor for an epoch that is over.

    `held` is what the till has in its inbox, `gone` what it destroyed; `customers` has every code that anybody got.
    """

    def __init__(self, store: Any) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.store = store
        self.counter = Counter(store.open_books, store.peek_books, store.spend_nonce)
        self.till = Leasing(self.counter)
        self.do(self.counter.open(cards=CARDS))
        self.held: dict[tuple[str, str], bool] = {}
        self.gone: set[tuple[str, str]] = set()
        self.customers: list[str] = []
        self.returns: list[tuple[str, str]] = []
        self.plans: dict[str, list[int]] = {}
        self.sales = 0

    def do(self, work: Any) -> Any:
        return self.loop.run_until_complete(work)

    def try_to(self, work: Any) -> Any:
        """What is refused has no effect; the invariants see to it."""
        try:
            return self.do(work)
        except Refused:
            return None

    def take_in(self, lease: str, view: Any) -> None:
        """The inbox: once each, and never again what was destroyed."""
        for card in view.sealed if view is not None else ():
            key = (lease, card.card_id)
            if key not in self.gone and key not in self.held:
                self.held[key] = True

    @rule(lease=st.sampled_from(["a", "b"]), count=st.integers(0, 4))
    def grant(self, lease: str, count: int) -> None:
        name = f"{lease}{self.till.epoch}"
        plans = self.plans.setdefault(name, [])
        view = self.try_to(self.till.grant(name, len(plans) + 1, count=count))
        if view is not None:
            plans.append(count)
        self.take_in(name, view)

    @precondition(lambda self: any(self.plans.values()))
    @rule(data=st.data())
    def repeat_a_grant(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(name for name, plans in self.plans.items() if plans)))
        attempt = data.draw(st.integers(1, len(self.plans[name])))
        self.take_in(name, self.try_to(self.till.grant(name, attempt, count=self.plans[name][attempt - 1])))

    def in_hand(self) -> list[tuple[str, str]]:
        return sorted(key for key, is_here in self.held.items() if is_here)

    @precondition(lambda self: self.in_hand())
    @rule(data=st.data())
    def sell_offline(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self.in_hand()))
        self.sales += 1
        self.held[key] = False
        self.customers.append(key[1])
        self.till.sell(key[1], f"sale-{self.sales}", key[0])

    @rule()
    def sell_online(self) -> None:
        self.sales += 1
        sale = f"online-{self.sales}"
        if self.try_to(self.counter.reserve(sale)) is not None:
            self.customers += [card.card_id for card in self.do(self.counter.confirm(sale)).sealed]

    @precondition(lambda self: self.till.entries)
    @rule(data=st.data())
    def push(self, data: st.DataObject) -> None:
        """From anywhere: repeats, and pushes that leave a gap."""
        self.try_to(self.till.push(data.draw(st.integers(1, len(self.till.entries)))))

    @precondition(lambda self: self.in_hand())
    @rule(data=st.data())
    def destroy(self, data: st.DataObject) -> None:
        key = data.draw(st.sampled_from(self.in_hand()))
        self.held[key] = False
        self.gone.add(key)
        self.returns.append(key)
        self.till.delete(key[1], lease=key[0])

    @precondition(lambda self: self.returns)
    @rule(data=st.data())
    def give_back(self, data: st.DataObject) -> None:
        lease, card = data.draw(st.sampled_from(sorted(set(self.returns))))
        self.try_to(self.till.give_back(card, lease=lease, attempt=data.draw(st.integers(1, 3))))

    @rule(hours=st.sampled_from([1, 30]))
    def time_passes(self, hours: int) -> None:
        self.counter.clock.pass_by(hours=hours)
        self.do(self.counter.sweep())

    @rule()
    def enrol_anew(self) -> None:
        """The old installation is gone: what it held is not sold any more, what it wrote may still arrive."""
        self.held = dict.fromkeys(self.held, False)
        self.do(self.till.renew())

    @precondition(lambda self: self.plans)
    @rule(data=st.data(), is_sold=st.booleans())
    def a_person_decides(self, data: st.DataObject, is_sold: bool) -> None:
        """Into quarantine; and when the till's whole ledger has come in, what it does not say was not sold."""
        name = data.draw(st.sampled_from(sorted(self.plans)))
        if not self.plans[name]:
            return
        lease, _ = self.do(self.till.lease(name))
        for key in self.held:
            if key[0] == name:
                self.held[key] = False  # the shop took it out of the till
        self.try_to(self.till.quarantine(BY, lease.id))
        self.do(self.till.push())
        settle = self.till.settle
        self.try_to(settle.sold(BY, lease.id) if is_sold else settle.unsold(BY, lease.id, "S-1"))

    @invariant()
    def no_code_has_two_customers(self) -> None:
        assert len(self.customers) == len(set(self.customers))

    @invariant()
    def the_doctor_is_content(self) -> None:
        self.do(self.counter.check())

    def teardown(self) -> None:
        """Everything arrives in the end: each sale is paid for once, and nothing odd was seen but late sales."""
        if self.till.entries:
            self.do(self.till.push())
        self.do(self.counter.check())
        sold = [card for card, _ in self.settled()]
        offline = [card for card in self.customers if card in sold]
        assert len(sold) == len(set(sold))
        assert set(self.do(self.till.incidents())) <= {"lease_sold_late"}
        named = {card for card, sale in self.settled() if sale is not None}
        assert named == {entry["body"]["lines"][0]["leased"][0]["card_id"] for entry in self.told_sales()}
        assert set(offline) >= named
        assert len(self.do(Desk(self.counter).postings("lease_sale"))) == 2 * len(sold)
        close = getattr(self.store, "close", None)
        if close is not None:
            self.do(close())
        self.loop.close()

    def told_sales(self) -> list[dict[str, Any]]:
        return [entry for entry in self.till.entries if entry["kind"] == "sale_paid"]

    def settled(self) -> list[tuple[str, str | None]]:
        async def look() -> list[tuple[str, str | None]]:
            async with self.counter.peek_books() as books:
                leases = await books.leases.page("", 1000)
                cards = [card for lease in leases for card in await books.leases.cards(lease.id)]
                return [(card.card_id, card.sale_id) for card in cards if card.state.value == "SOLD"]

        return list(self.do(look()))


def play(make: Any, examples: int, steps: int) -> None:
    told = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    machine: Any = lambda: Leases(make())  # noqa: E731
    run_state_machine_as_test(machine, settings=told)


def test_in_memory() -> None:
    play(MemoryStore, 60, 25)


def test_on_a_file(tmp_path: Path, empty_file: Path) -> None:
    def make() -> SqliteStore:
        path = tmp_path / "platform.db"
        for old in tmp_path.glob("platform.db*"):
            old.unlink()
        shutil.copy(empty_file, path)
        return SqliteStore(writer_engine(path, KEY), reader_engine(path, KEY))

    play(make, 5, 20)


@pytest.mark.slow
def test_on_postgres(postgres: Postgres) -> None:
    with ExitStack() as stack:

        def make() -> PostgresStore:
            return PostgresStore(postgres_engine(read_url(stack.enter_context(postgres.database()))))

        play(make, 3, 20)
