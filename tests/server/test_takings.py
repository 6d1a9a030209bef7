"""What a till's closing says, against its entries added up anew: a real till's agree, an altered one is told."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from platform_server.domain.actions import Authority
from platform_server.domain.ledger import FIRST_PREV, LedgerEntry
from platform_server.domain.money import Money as PlatformMoney
from platform_server.domain.reservation import Caller
from platform_server.domain.takings import Takings, add_up, closing_differs, tells_takings
from platform_server.domain.tills import Shop, Till
from platform_server.flows import compare_shifts
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode
from pos_app.domain.shift import CashCount, Direction
from pos_app.shop import Giving
from tests.fakes.platform_world import START
from tests.fakes.till_platform import ENROLMENT
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.paying import ALIPAY, WECHAT, charge, deliver, reserved
from tests.flows.selling import basket, paid, sold
from tests.server.conftest import Counter

Entry = dict[str, Any]
BY = Authority("Ann", "counted again")
CALLER = Caller(ENROLMENT.shop_id, ENROLMENT.till_id)


def busy_shift(fake: FakeShop, code: PaymentCode = WECHAT) -> None:
    """Cash and wallets, money given back, cash beside sales, a sale that is not delivered at the end."""
    sold(fake, codes=2)
    done = sold(fake, codes=1).sale
    giving = Giving(fake.cashier, fake.supervisor, "unused")
    fake.shop.give_back(giving, done.id, done.lines[0].line_id, Money(4_000))
    sale = reserved(fake)
    charge(fake, sale, code=code)
    deliver(fake, sale)
    fake.shop.move_cash(fake.cashier, Direction.IN, Money(5_000), "change")
    fake.shop.move_cash(fake.cashier, Direction.OUT, Money(1_500), "tea")
    paid(fake, codes=1)
    fake.shop.close_shift(fake.cashier, CashCount((), Money(1)))


def entries_of(fake: FakeShop) -> list[Entry]:
    with fake.till.open_to_read() as books:
        return [entry.as_wire() for entry in books.ledger.after(0, 10_000)]


def up_to_closing(fake: FakeShop) -> list[Entry]:
    """The last entry is the closing of the one shift."""
    entries = entries_of(fake)
    (last,) = (at for at, entry in enumerate(entries) if entry["kind"] == "shift_closed")
    return entries[: last + 1]


def chained(entries: list[Entry]) -> list[Entry]:
    """As a till would have written them."""
    made: list[Entry] = []
    for number, entry in enumerate(entries, start=1):
        prev = LedgerEntry.of(made[-1]).hash if made else FIRST_PREV
        made.append({**entry, "seq": number, "prev": prev})
    return made


async def told(counter: Counter, entries: list[Entry]) -> list[int]:
    """The numbers of the closings that opened an incident."""
    async with counter.open_books() as books:
        await books.tills.add_shop(Shop(ENROLMENT.shop_id, "Shop", "CNY"))
        await books.wallets.open(ENROLMENT.shop_id, PlatformMoney(0, "CNY"))
        await books.tills.save(Till(CALLER.till_id, CALLER.shop_id, "T1", "T1", 1, b"s" * 32, b"s" * 32))
        await books.commit()
    for at in range(0, len(entries), 7):  # a shift does not come in one push
        await counter.accept_ledger(CALLER, 1, entries[at : at + 7])
    async with counter.open_books() as books:
        names = {entry["seq"]: f"{CALLER.till_id}:shift_differs:1:{entry['seq']}" for entry in entries}
        return [seq for seq, name in names.items() if await books.audit.acknowledge(name, BY, START)]


@pytest.mark.anyio
async def test_a_real_tills_shifts_are_equal_on_both_sides(counter: Counter) -> None:
    fake = make_fake_shop(stock=30)
    waiting = fake.shop.reserve(fake.cashier, basket(fake))
    busy_shift(fake)
    fake.shop.open_shift(fake.cashier, Money(7_000))
    fake.shop.take_cash(fake.cashier, waiting.id, Money(100_000))  # a sale of the shift before
    busy_shift(fake, ALIPAY)
    entries = entries_of(fake)
    assert sum(entry["kind"] == "shift_closed" for entry in entries) == 2
    assert await told(counter, entries) == []


@pytest.mark.anyio
@pytest.mark.parametrize("field", ["sales", "takings_minor", "expected_minor"])
async def test_a_closing_that_says_something_else_is_told(
    counter: Counter, field: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compare_shifts, "_AT_ONCE", 4)
    fake = make_fake_shop(stock=30)
    busy_shift(fake)
    entries = up_to_closing(fake)
    closing = entries[-1]
    entries[-1] = {**closing, "body": {**closing["body"], field: closing["body"][field] - 1}}
    assert await told(counter, chained(entries)) == [closing["seq"]]


@pytest.mark.anyio
async def test_a_sale_that_was_left_out_shows_in_the_closing(counter: Counter) -> None:
    fake = make_fake_shop(stock=30)
    busy_shift(fake)
    entries = up_to_closing(fake)
    entries.remove(next(entry for entry in entries if entry["kind"] == "sale_paid"))
    assert await told(counter, chained(entries)) == [len(entries)]


@pytest.mark.anyio
async def test_what_cannot_be_added_up_blocks_nothing(counter: Counter) -> None:
    fake = make_fake_shop(stock=30)
    busy_shift(fake)
    entries = up_to_closing(fake)
    later = next(at for at, entry in enumerate(entries) if entry["kind"] == "sale_paid")
    broken = {**entries[later], "body": {"shift_id": entries[-1]["body"]["shift_id"]}}
    nameless = {**entries[-1], "body": {}}
    unopened = [*entries[1:later], nameless, entries[-1]]  # it began in another chain: nobody can say
    whole = [
        *entries[:later],
        broken,
        entries[-1],
        {**entries[-1], "body": {**entries[-1]["body"], "sales": "2"}},
    ]
    assert await told(counter, chained([*unopened, *whole])) == [
        len(unopened) + later + 2,
        len(unopened) + later + 3,
    ]


def test_sums_are_of_what_entries_say() -> None:
    fake = make_fake_shop(stock=30)
    busy_shift(fake)
    entries = up_to_closing(fake)
    closing = entries[-1]["body"]
    sums = add_up(entries)
    assert (sums.sales, sums.total) == (closing["sales"], closing["takings_minor"])
    assert sums.expected_cash == closing["expected_minor"]
    assert sums.given_back == {"cash": 4_000}
    assert set(sums.taken) == {"cash", "wechat"}
    assert Takings().total == Takings().expected_cash == 0
    assert closing_differs(entries[-1], sums) == ""
    assert closing_differs(entries[-1], replace(sums, sales=0)).startswith("sales 4 at the till and 0 by")
    telling = [entry for entry in entries if tells_takings(LedgerEntry.of(entry).text)]
    assert add_up(telling) == sums
    assert len(telling) < len(entries)
    for wrong in ({"payments": [{"tender": "cash", "amount_minor": True}]}, {"payments": 7}, {}):
        with pytest.raises(ValueError, match="tells no sale_paid"):
            add_up([{"seq": 1, "kind": "sale_paid", "body": wrong}])
    with pytest.raises(ValueError, match="tells no cash_moved"):
        add_up([{"seq": 1, "kind": "cash_moved", "body": {"amount_minor": 1, "direction": "up"}}])
    with pytest.raises(ValueError, match="came to"):
        closing_differs({"body": {"sales": 1}}, sums)
