"""Claims, quarantine and trace of what is more than one card or more than one sale: kits and codes for everybody."""

import pytest

from platform_server.domain.cards import CardState
from platform_server.domain.errors import BadRequest, SoldOut
from platform_server.flows.put_products import PutProducts
from platform_server.flows.trace_card import TraceCard
from tests.fakes.platform_goods import OTHER, lot, product
from tests.server.after_sales import REISSUE, Desk
from tests.server.conftest import Counter
from tests.server.test_card_kinds import kits, sell_kits

pytestmark = pytest.mark.anyio


async def test_a_kit_is_claimed_as_a_whole(counter: Counter) -> None:
    await sell_kits(counter)
    await counter.import_codes([kits((1, 2, 3), (4, 5, 6), (7, 8, 9), counter=counter)])
    desk = Desk(counter)
    await counter.reserve("s", counter.line(OTHER))
    cards = [card.card_id for card in (await counter.confirm("s")).sealed]
    await counter.ack("s", *cards)
    claim = (await desk.claim("s", cards[2])).claim
    assert claim.card_id == cards[0]
    await desk.approve(claim, REISSUE)
    new = [card.card_id for card in (await desk.look(claim)).sealed]
    assert (len(new), {await desk.state(card) for card in cards}) == (3, {CardState.VOID})
    assert {await desk.state(card) for card in new} == {CardState.DELIVERED}
    again = (await desk.claim("s", new[1], attempt=2)).claim
    await desk.approve(again)
    assert (await counter.wallet(), await counter.stock(OTHER)) == ((1_000_000, 0), 1)
    for card in (*cards, *new):
        (told,) = await TraceCard(counter.peek_books, counter.vault).by_card(card)
        assert (told.contradictions, told.events[-1].kind) == ((), "claim_approved")


async def test_a_kit_leaves_the_quarantine_as_a_whole(counter: Counter) -> None:
    await sell_kits(counter)
    await counter.import_codes([kits((1, 2, 3), (4, 5, 6), counter=counter)])
    desk = Desk(counter)
    await counter.reserve("s", counter.line(OTHER, quantity=2))
    await counter.confirm("s")
    await counter.cancel("s")
    first, second = await desk.quarantine()
    async with counter.peek_books() as books:
        parts = [
            card.card_id for card in await books.cards.held((await books.reservations.find("till", "s")).id)
        ]
    other = next(card for card in parts if card not in (first, second))
    for call in (desk.void(other), desk.release(other)):
        with pytest.raises(BadRequest, match="name its first"):
            await call
    await desk.release(first)
    await desk.void(second)
    assert await counter.stock(OTHER) == 1


async def test_a_code_of_several_uses_is_traced_through_all_and_taken_off_the_shelf(counter: Counter) -> None:
    await counter.open()
    desk = Desk(counter)
    await PutProducts(counter.open_books, counter.clock)([product(OTHER, card_kind="loop")])
    await counter.import_codes([lot(1, OTHER, 900)])
    for sale in ("s", "t"):
        await counter.reserve(sale, counter.line(OTHER))
        await counter.confirm(sale)
    traces = await TraceCard(counter.peek_books, counter.vault).by_code("N00000000900 CANARY00000900")
    assert [trace.state for trace in traces] == [CardState.MASTER, CardState.SOLD, CardState.SOLD]
    assert [trace.contradictions for trace in traces] == [(), (), ()]
    assert {event.sale_id for trace in traces for event in trace.events} == {None, "s", "t"}
    (card,) = [card.card_id for card in (await counter.confirm("s")).sealed]
    await counter.ack("s", card)
    claim = (await desk.claim("s", card)).claim
    with pytest.raises(SoldOut):  # the same code again would be no other
        await desk.approve(claim, REISSUE)
    await desk.approve(claim)
    await desk.void(traces[0].card_id)
    assert await counter.stock(OTHER) == 0
