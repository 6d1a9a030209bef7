"""A sale's road on both stores: reserve, confirm, cancel, ack, and everything that may come instead."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from platform_server.domain.cards import CardState
from platform_server.domain.errors import (
    BadRequest,
    Cancelled,
    EpochFenced,
    Expired,
    Forbidden,
    KeyReused,
    LimitPassed,
    NotFound,
    PriceChanged,
    ProductOff,
    Refused,
    Revoked,
    SoldOut,
    WalletEmpty,
)
from platform_server.domain.ledger import LedgerEntry, LedgerHead
from platform_server.domain.money import Money
from platform_server.domain.reservation import Caller, ReservationState
from platform_server.flows.cancel import Cancel
from platform_server.flows.put_products import OpenTopUps, PutProducts, TakeOffProducts
from tests.fakes.platform_goods import CARD, OTHER, TOP_UP, lot, product
from tests.server.conftest import Counter

pytestmark = pytest.mark.anyio


async def test_a_sale_from_end_to_end(counter: Counter) -> None:
    await counter.open()
    reserved = await counter.reserve("s", counter.line(quantity=2))
    assert reserved.state is ReservationState.RESERVED
    assert [card.masked for card in reserved.cards] == ["****0000", "****0001"]
    assert await counter.wallet() == (1_000_000, 19_000)
    assert await counter.stock() == 3
    sold = await counter.confirm("s", line_ids=["1"])
    assert (sold.state, len(sold.sealed)) == (ReservationState.SOLD, 2)
    assert await counter.wallet() == (981_000, 0)
    done = await counter.ack("s", *(card.card_id for card in sold.sealed))
    assert done.state is ReservationState.DELIVERED
    assert {card.state for card in (await counter.read("s")).cards} == {CardState.DELIVERED}


async def test_each_step_repeated_tells_the_same_and_does_nothing(counter: Counter) -> None:
    await counter.open()
    first = await counter.reserve("s")
    again = await counter.reserve("s")
    assert (again.is_replay, again.cards) == (True, first.cards)
    sold = await counter.confirm("s")
    repeated = await counter.confirm("s")
    assert repeated.is_replay
    assert [card.card_id for card in repeated.sealed] == [card.card_id for card in sold.sealed]
    assert (await counter.reserve("s")).state is ReservationState.SOLD
    await counter.ack("s", sold.sealed[0].card_id)
    assert (await counter.ack("s", sold.sealed[0].card_id)).is_replay
    assert await counter.wallet() == (990_500, 0)


async def test_the_same_key_with_another_body_is_refused(counter: Counter) -> None:
    await counter.open()
    await counter.reserve("s")
    with pytest.raises(KeyReused):
        await counter.reserve("s", body="other")
    sold = await counter.confirm("s")
    with pytest.raises(KeyReused):
        await counter.confirm("s", body="other")
    await counter.ack("s", sold.sealed[0].card_id)
    with pytest.raises(KeyReused):
        await counter.ack("s", body="other")


async def test_a_cancel_before_the_reserve_is_a_tombstone(counter: Counter) -> None:
    await counter.open()
    assert (await counter.cancel("s")).state is ReservationState.CANCELLED
    for late in (counter.reserve("s"), counter.confirm("s"), counter.ack("s")):
        with pytest.raises(Cancelled):
            await late
    assert (await counter.cancel("s")).is_replay
    assert (await counter.cancel("s", attempt=2)).is_replay
    with pytest.raises(KeyReused):
        await counter.cancel("s", body="other")
    assert (await counter.read("s")).state is ReservationState.CANCELLED


async def test_a_cancel_gives_back_what_was_held(counter: Counter) -> None:
    await counter.open()
    await counter.reserve("s", counter.line(quantity=5))
    await counter.cancel("s")
    assert await counter.wallet() == (1_000_000, 0)
    assert await counter.stock() == 5


async def test_a_cancel_after_the_sale_puts_the_card_away_and_the_money_back(counter: Counter) -> None:
    await counter.open()
    await counter.reserve("s")
    await counter.confirm("s")
    await counter.cancel("s")
    assert await counter.wallet() == (1_000_000, 0)
    assert await counter.stock() == 4
    assert (await counter.read("s")).cards[0].state is CardState.QUARANTINED


async def test_what_was_delivered_is_not_cancelled(counter: Counter) -> None:
    await counter.open()
    await counter.reserve("s")
    sold = await counter.confirm("s")
    await counter.ack("s", sold.sealed[0].card_id)
    with pytest.raises(Forbidden) as caught:
        await counter.cancel("s")
    assert (caught.value.effect, caught.value.details) == ("done", {"state": "DELIVERED"})
    with pytest.raises(Forbidden) as caught:
        await counter.confirm("s", attempt=2)
    assert caught.value.effect == "done"


async def test_the_last_card_goes_to_one_of_two(counter: Counter) -> None:
    await counter.open(cards=1)
    outcomes = await asyncio.gather(counter.reserve("a"), counter.reserve("b"), return_exceptions=True)
    refused = [outcome for outcome in outcomes if isinstance(outcome, SoldOut)]
    assert len(refused) == 1
    assert refused[0].details == {"line_id": "1", "product_id": CARD, "wanted": 1, "left": 0}


async def test_all_lines_or_none(counter: Counter) -> None:
    await counter.open(cards=3)
    with pytest.raises(SoldOut) as caught:
        await counter.reserve("s", counter.line(quantity=2), counter.line(line_id="2", quantity=2))
    assert caught.value.details["left"] == 1
    assert (await counter.wallet(), await counter.stock()) == ((1_000_000, 0), 3)
    with pytest.raises(NotFound):
        await counter.read("s")


async def test_the_wallet_is_not_overdrawn(counter: Counter) -> None:
    await counter.open(money=10_000)
    await counter.reserve("a")
    with pytest.raises(WalletEmpty) as caught:
        await counter.reserve("b")
    assert caught.value.details == {"needed": Money(9_500, "CNY"), "available": Money(500, "CNY")}
    assert await counter.stock() == 4


async def test_a_shop_without_a_wallet_buys_nothing(counter: Counter) -> None:
    await counter.open()
    async with counter.open_books() as books:
        till = await books.tills.find("till")
        await books.tills.add_shop(type(await books.tills.find_shop("shop"))("poor", "Poor", "CNY"))
        await books.tills.save(type(till)("p", "poor", "T1", "", 2, b"s" * 32, till.seal_key))
        await books.commit()
    with pytest.raises(NotFound):
        await counter.reserve("s", caller=Caller("poor", "p"))


async def test_an_overdue_reservation_makes_room(counter: Counter) -> None:
    await counter.open(cards=1, money=9_500)
    await counter.reserve("a")
    counter.clock.pass_by(minutes=10)
    assert (await counter.read("a")).state is ReservationState.EXPIRED
    await counter.reserve("b")
    assert (await counter.read("a")).cards == ()


async def test_an_overdue_reservation_frees_the_wallet(counter: Counter) -> None:
    await counter.open(money=9_500)
    await counter.reserve("a")
    counter.clock.pass_by(minutes=10)
    await counter.reserve("b")
    assert await counter.wallet() == (9_500, 9_500)


@pytest.mark.parametrize("is_swept", [True, False])
async def test_a_late_confirm_is_filled_again(counter: Counter, is_swept: bool) -> None:
    await counter.open()
    await counter.reserve("s", counter.line(), counter.line(TOP_UP, "2"))
    counter.clock.pass_by(hours=1)
    if is_swept:
        assert await counter.sweep() == 1
        assert await counter.stock() == 5
    sold = await counter.confirm("s")
    assert (sold.state, len(sold.sealed), len(sold.top_ups)) == (ReservationState.SOLD, 1, 1)
    await counter.run_top_ups()


async def test_a_late_confirm_without_stock_is_expired_for_good(counter: Counter) -> None:
    await counter.open(cards=1)
    await counter.reserve("s")
    counter.clock.pass_by(minutes=11)
    await counter.reserve("b")
    for attempt in (1, 1, 2):
        with pytest.raises(Expired):
            await counter.confirm("s", attempt=attempt)
    await counter.cancel("b")
    with pytest.raises(Expired):  # stock is back, but the customer has had their money back
        await counter.confirm("s")
    assert (await counter.reserve("s", attempt=2)).state is ReservationState.RESERVED
    assert (await counter.confirm("s", attempt=2)).state is ReservationState.SOLD


async def test_a_late_confirm_without_money_is_expired(counter: Counter) -> None:
    await counter.open(money=9_500)
    await counter.reserve("s")
    counter.clock.pass_by(minutes=11)
    await counter.reserve("b")
    with pytest.raises(Expired):
        await counter.confirm("s")
    assert await counter.stock() == 4


async def test_a_late_top_up_whose_supplier_is_gone_is_expired(counter: Counter) -> None:
    await counter.open()
    await counter.reserve("s", counter.line(TOP_UP))
    counter.clock.pass_by(minutes=11)
    await OpenTopUps(counter.open_books)(False)
    with pytest.raises(Expired):
        await counter.confirm("s")


async def test_another_attempt_waits_for_the_first_to_end(counter: Counter) -> None:
    await counter.open()
    await counter.reserve("s", attempt=2)
    with pytest.raises(Forbidden) as caught:
        await counter.reserve("s", attempt=3)
    assert caught.value.details == {"state": "RESERVED"}
    counter.clock.pass_by(minutes=11)
    with pytest.raises(Forbidden):  # older than the one that stood last
        await counter.reserve("s", attempt=1)
    renewed = await counter.reserve("s", counter.line(quantity=3), attempt=3)
    assert len(renewed.cards) == 3
    assert (await counter.read("s")).reservation.lines[0].quantity == 3


async def test_only_the_till_of_the_day_may_speak(counter: Counter) -> None:
    await counter.open()
    with pytest.raises(EpochFenced) as caught:
        await counter.reserve("s", epoch=1)
    assert caught.value.details == {"epoch": 2}
    with pytest.raises(BadRequest):
        await counter.reserve("s", epoch=3)
    with pytest.raises(Revoked):
        await counter.reserve("s", caller=Caller("shop", "nobody"))


async def test_each_till_has_its_own_sales(counter: Counter) -> None:
    await counter.open()
    await counter.reserve("s")
    other = await counter.reserve("s", caller=Caller("shop", "other"))
    assert not other.is_replay


async def test_what_the_order_may_not_be(counter: Counter) -> None:
    await counter.open()
    dollars = product(
        OTHER,
        face=Money(100, "USD"),
        wholesale=Money(90, "USD"),
        suggested_retail=Money(99, "USD"),
    )
    await PutProducts(counter.open_books, counter.clock)([dollars])
    in_dollars = counter.line(OTHER, "2", max_unit_cost=Money(90, "USD"))
    cases: list[tuple[type[Refused], Any]] = [
        (BadRequest, (counter.line(), counter.line())),
        (BadRequest, (counter.line(), in_dollars)),
        (PriceChanged, (counter.line(version=2),)),
        (PriceChanged, (counter.line(max_unit_cost=Money(9_499, "CNY")),)),
        (LimitPassed, (counter.line(quantity=11),)),
        (ProductOff, (counter.line("019393a1-0000-7000-8000-00000000dead"),)),
    ]
    for refusal, lines in cases:
        with pytest.raises(refusal):
            await counter.reserve("s", *lines)
    await TakeOffProducts(counter.open_books)([CARD])
    with pytest.raises(ProductOff):
        await counter.reserve("s")


async def test_steps_out_of_order(counter: Counter) -> None:
    await counter.open()
    with pytest.raises(NotFound):
        await counter.confirm("s")
    with pytest.raises(NotFound):
        await counter.ack("s")
    reserved = await counter.reserve("s")
    with pytest.raises(Forbidden) as caught:
        await counter.ack("s", reserved.cards[0].card_id)
    assert caught.value.details == {"state": "RESERVED"}
    with pytest.raises(BadRequest):
        await counter.confirm("s", line_ids=["9"])
    sold = await counter.confirm("s")
    for wrong in ([], ["nobody's"]):
        with pytest.raises(BadRequest):
            await counter.ack("s", *wrong)
    await counter.ack("s", sold.sealed[0].card_id)
    copied = await counter.ack("s", sold.sealed[0].card_id, attempt=2)
    assert copied.state is ReservationState.DELIVERED


async def test_cards_are_told_again_until_a_day_after_the_ack(counter: Counter) -> None:
    await counter.open()
    await counter.reserve("s")
    sold = await counter.confirm("s")
    await counter.ack("s", sold.sealed[0].card_id)
    counter.clock.pass_by(hours=23)
    assert len((await counter.confirm("s")).sealed) == 1
    counter.clock.pass_by(hours=1)
    assert (await counter.confirm("s")).sealed == ()


async def test_first_to_expire_goes_first_and_the_expired_stays(counter: Counter) -> None:
    await counter.open(cards=1)
    now = counter.clock.now()
    await counter.import_codes(
        [
            lot(1, start=100, until=now + timedelta(days=2)),
            lot(1, start=200, until=now + timedelta(days=1)),
            lot(1, start=300, until=now + timedelta(minutes=9)),  # would be dead before it is paid for
        ]
    )
    masks = [(await counter.reserve(sale)).cards[0].masked for sale in "abc"]
    assert masks == ["****0200", "****0100", "****0000"]
    with pytest.raises(SoldOut):
        await counter.reserve("d")
    counter.clock.pass_by(minutes=9)
    assert await counter.sweep() == 1
    assert await counter.stock() == 0
    assert await counter.sweep() == 0


async def test_a_ledger_that_forked_is_told_to_people(counter: Counter) -> None:
    await counter.open()
    await counter.reserve("s", ledger=LedgerHead(7, "1" * 32))
    async with counter.open_books() as books:
        link = LedgerEntry(1, "0" * 32, b"{}", 2)
        await books.ledger.add("till", [link], counter.clock.now())
        await books.logs.append("shop", "till", [link])
        head = await books.ledger.head("till", 2)
        await books.commit()
    await counter.reserve("t", ledger=head)
    await counter.reserve("u", ledger=LedgerHead(1, "1" * 32))


async def test_a_tombstone_needs_a_shop(counter: Counter) -> None:
    await counter.open()
    with pytest.raises(NotFound):
        await Cancel(counter.open_books, counter.clock, counter.ids)(
            Caller("nowhere", "till"), counter.step("s", "cancel"), ""
        )


async def test_what_expired_may_still_be_cancelled(counter: Counter) -> None:
    await counter.open()
    await counter.reserve("s")
    counter.clock.pass_by(minutes=11)
    await counter.sweep()
    assert (await counter.cancel("s")).state is ReservationState.CANCELLED
    with pytest.raises(Cancelled):
        await counter.confirm("s")
