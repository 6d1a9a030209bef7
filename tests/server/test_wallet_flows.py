"""Prices of a shop at reserve and in the catalogue; money in and out; statements; holds under races."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import date, timedelta

import pytest

from platform_server.domain.actions import Authority
from platform_server.domain.days import BusinessDays
from platform_server.domain.errors import Forbidden, NotFound, PriceChanged, WalletEmpty
from platform_server.domain.money import Money
from platform_server.domain.pricing import PriceBreak, PriceRule
from platform_server.domain.statement import Statement, plain_cell, write_statement
from platform_server.domain.top_up import SupplierAnswer, SupplierState
from platform_server.flows.keep_prices import AssignTier, ListTiers, PutTier
from platform_server.flows.keep_shop import CreditWallet, FindShop
from platform_server.flows.keep_wallet import DebitWallet, SetCreditLimit, TellStatement
from platform_server.flows.publish_catalogue import PublishCatalogue
from tests.fakes.platform_goods import CARD, TOP_UP
from tests.server.conftest import Counter

pytestmark = pytest.mark.anyio
DAYS = BusinessDays("Asia/Shanghai")
TODAY = date(2026, 11, 22)
BY = Authority("ann", "agreed")


def rates(*steps: tuple[int, int]) -> PriceRule:
    return PriceRule("brand", "star", tuple(PriceBreak(start, None, rate) for start, rate in steps))


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


async def actions(counter: Counter) -> list[str]:
    """What was done, the oldest first."""
    async with counter.peek_books() as books:
        return [each.action.what for each in reversed(await books.actions.latest(10))]


async def give_tier(counter: Counter, *rules: PriceRule) -> None:
    await PutTier(counter.open_books, counter.clock, counter.ids)("gold", rules, BY)
    await AssignTier(counter.open_books, counter.clock)("shop", "gold", BY)


async def test_a_line_costs_what_the_shops_tier_says(counter: Counter) -> None:
    await counter.open()
    await give_tier(
        counter, rates((1, 9_000), (3, 8_000)), PriceRule("all", "", (PriceBreak(1, yuan(4_000)),))
    )
    view = await counter.reserve(
        "s", counter.line(quantity=2), counter.line(line_id="2", quantity=3), counter.line(TOP_UP, "3")
    )
    assert [line.unit_cost.minor for line in view.reservation.lines] == [8_550, 7_600, 4_000]
    assert await counter.wallet() == (1_000_000, 2 * 8_550 + 3 * 7_600 + 4_000)
    await counter.confirm("s")
    assert await counter.wallet() == (1_000_000 - 2 * 8_550 - 3 * 7_600 - 4_000, 0)


async def test_a_dearer_tier_is_told_to_a_till_that_knows_the_older_price(counter: Counter) -> None:
    await counter.open()
    await give_tier(counter, rates((1, 10_500)))
    with pytest.raises(PriceChanged) as told:
        await counter.reserve("s")
    assert told.value.details["product"].product.wholesale == yuan(9_975)
    await counter.reserve("s", counter.line(max_unit_cost=yuan(9_975)))
    with pytest.raises(PriceChanged) as told:
        await counter.reserve("t", counter.line(max_unit_cost=yuan(9_975), version=2))
    assert told.value.details["product"].product.wholesale == yuan(9_975)


async def test_a_change_of_prices_reaches_every_till_of_the_shop(counter: Counter) -> None:
    await counter.open()
    publish = PublishCatalogue(counter.peek_books, 2000)
    put = PutTier(counter.open_books, counter.clock, counter.ids)
    assign = AssignTier(counter.open_books, counter.clock)
    plain = await publish("shop", None, None)
    assert plain.cursor_text == str(plain.cursor)
    tier = await put("gold", [rates((1, 9_000))], BY)
    await assign("shop", "gold", BY)
    golden = await publish("shop", plain.cursor_text, None)
    assert {row.id: row.wholesale_minor for row in golden.items} == {CARD: 8_550, TOP_UP: 4_950}
    assert (await publish("shop", golden.cursor_text, None)).items == ()
    assert await put("gold", [rates((1, 9_000))], BY) == tier  # nothing changed: nothing is fetched again
    assert (await publish("shop", golden.cursor_text, None)).items == ()
    assert (await put("gold", [rates((1, 8_000))], BY)).id == tier.id
    cheaper = await publish("shop", golden.cursor_text, 1)
    assert (len(cheaper.items), cheaper.is_complete) == (1, False)
    rest = await publish("shop", cheaper.cursor_text, None)
    prices = {row.id: row.wholesale_minor for row in (*cheaper.items, *rest.items)}
    assert prices == {CARD: 7_600, TOP_UP: 4_950}
    assert (await publish("other shop", plain.cursor_text, None)).items == ()
    await assign("shop", None, BY)
    assert len((await publish("shop", rest.cursor_text, None)).items) == 2
    await put("gold", [], BY)
    assert [(each.name, each.rules) for each in await ListTiers(counter.peek_books)()] == [("gold", ())]
    await assign("shop", "gold", BY)
    assert (await publish("shop", None, None)).items[0].wholesale_minor in (9_500, 4_950)


async def test_a_tier_is_given_to_a_shop_that_exists(counter: Counter) -> None:
    await counter.open()
    assign, find = AssignTier(counter.open_books, counter.clock), FindShop(counter.peek_books)
    for shop_id, name in (("nowhere", None), ("shop", "silver")):
        with pytest.raises(NotFound):
            await assign(shop_id, name, BY)
    assert (await find(None)).id == (await find("shop")).id == "shop"
    with pytest.raises(NotFound):
        await find("nowhere")


async def test_money_goes_out_once_for_each_reference_and_never_below(counter: Counter) -> None:
    await counter.open(money=10_000)
    debit = DebitWallet(counter.open_books, counter.clock, counter.ids)
    await counter.reserve("s")
    for _ in range(2):
        wallet = await debit("shop", yuan(500), "bank 9", BY)
    assert (wallet.balance, wallet.available) == (yuan(9_500), yuan(0))
    with pytest.raises(WalletEmpty):
        await debit("shop", yuan(1), "bank 10", BY)
    with pytest.raises(NotFound):
        await debit("nowhere", yuan(1), "bank 10", BY)
    for reference in ("", "r\n", "x" * 121):
        with pytest.raises(ValueError, match="reference"):
            await debit("shop", yuan(1), reference, BY)
    assert await actions(counter) == ["wallet_credited", "wallet_debited"]


async def test_a_credit_limit_is_set_with_a_reason_and_not_below_what_is_used(counter: Counter) -> None:
    await counter.open(money=0)
    limit = SetCreditLimit(counter.open_books, counter.clock)
    with pytest.raises(WalletEmpty):
        await counter.reserve("s")
    for _ in range(2):
        assert (await limit("shop", yuan(9_500), BY)).available == yuan(9_500)
    await counter.reserve("s")
    await counter.confirm("s")
    with pytest.raises(Forbidden, match="9500"):
        await limit("shop", yuan(9_499), BY)
    with pytest.raises(ValueError, match="negative"):
        await limit("shop", yuan(-1), BY)
    assert await actions(counter) == ["credit_limit_set"]


async def test_a_statement_tells_every_movement_and_adds_up(counter: Counter) -> None:
    await counter.open(money=100_000)
    credit = CreditWallet(counter.open_books, counter.clock, counter.ids)
    tell = TellStatement(counter.peek_books, DAYS)
    await counter.reserve("s", counter.line(), counter.line(TOP_UP, "2"))
    await counter.confirm("s")
    counter.clock.pass_by(days=1)
    counter.supplier.script.append(SupplierAnswer(SupplierState.FAILED, None, "no such number"))
    await counter.run_top_ups()
    await counter.cancel("s")
    await credit("shop", yuan(700), "=1+1", Authority("ann", "@cash"))
    both = await tell("shop", TODAY, TODAY + timedelta(days=1))
    assert [(m.kind, m.amount.minor, m.actor, m.note) for m in both.movements] == [
        ("funding", 100_000, "operator", "payment"),
        ("sale", -14_450, "till:till", "confirmed"),
        ("top_up_back", 4_950, "platform", "no such number"),
        ("sale_back", 9_500, "till:till", "left"),
        ("funding", 700, "ann", "@cash"),
    ]
    assert (both.opening, both.closing) == (yuan(0), yuan(100_700))
    second = await tell("shop", TODAY + timedelta(days=1), TODAY + timedelta(days=1))
    assert (second.opening, len(second.movements), second.closing) == (yuan(85_550), 3, yuan(100_700))
    rows = list(csv.DictReader(io.StringIO(write_statement(both))))
    assert [row["balance_minor"] for row in rows] == [
        "0", "100000", "85550", "90500", "100000", "100700", "100700",
    ]  # fmt: skip
    assert [row["reference"] for row in rows][1] == "first"
    assert rows[5]["reference"] == "'=1+1"
    assert (rows[5]["note"], rows[5]["in_minor"], rows[2]["out_minor"]) == ("'@cash", "700", "14450")
    with pytest.raises(NotFound):
        await tell("nowhere", TODAY, TODAY)
    with pytest.raises(ValueError, match="ends"):
        await tell("shop", TODAY, TODAY - timedelta(days=1))
    with pytest.raises(ValueError, match="add up"):
        Statement("shop", both.since, both.until, both.opening, both.movements[1:], both.closing)
    assert plain_cell("plain") == "plain"


@pytest.mark.parametrize("limit", [0, 30])
async def test_64_holds_at_once_never_pass_the_limit(counter: Counter, limit: int) -> None:
    """S26: 64 at once for 7 each where 100 and the credit are all there is."""
    await counter.open(money=100, cards=0)
    if limit:
        await SetCreditLimit(counter.open_books, counter.clock)("shop", yuan(limit), BY)

    async def hold() -> bool:
        async with counter.open_books() as books:
            is_held: bool = await books.wallets.hold("shop", yuan(7))
            await asyncio.sleep(0)
            await books.commit()
        return is_held

    held = await asyncio.gather(*(hold() for _ in range(64)))
    assert sum(held) == (100 + limit) // 7
    async with counter.open_books() as books:
        await books.wallets.release("shop", yuan(7 * sum(held)))
        await books.commit()


async def test_64_bookings_at_once_of_one_reference_are_one(counter: Counter) -> None:
    await counter.open(money=0, cards=0)
    credit = CreditWallet(counter.open_books, counter.clock, counter.ids)
    debit = DebitWallet(counter.open_books, counter.clock, counter.ids)
    await asyncio.gather(*(credit("shop", yuan(90), f"in {n % 2}") for n in range(64)))
    assert await counter.wallet() == (180, 0)
    taken = await asyncio.gather(
        *(debit("shop", yuan(50), f"out {n}", BY) for n in range(16)), return_exceptions=True
    )
    assert sum(isinstance(each, WalletEmpty) for each in taken) == 13
    assert await counter.wallet() == (30, 0)


def test_a_business_date_changes_at_its_hour() -> None:
    night = BusinessDays("Asia/Shanghai", 6)
    assert DAYS.start_of(TODAY).isoformat() == "2026-11-21T16:00:00+00:00"
    assert night.start_of(TODAY).isoformat() == "2026-11-21T22:00:00+00:00"
    assert night.date_of(night.start_of(TODAY)) == TODAY
    assert night.date_of(night.start_of(TODAY) - timedelta(microseconds=1)) == TODAY - timedelta(days=1)
    assert night.end_of(TODAY) == night.start_of(TODAY + timedelta(days=1))
    for zone, hour in (("Nowhere/Here", 0), ("../x", 0), ("Asia/Shanghai", 24)):
        with pytest.raises(ValueError, match=r"zone|o'clock"):
            BusinessDays(zone, hour)
