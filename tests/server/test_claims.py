"""Claims on both stores: who may, on what ground, once only, and the card void before anything is given."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from platform_server.domain.actions import ActionHead, Authority
from platform_server.domain.cards import CardState
from platform_server.domain.claims import UNDECIDED, ClaimOutcome, ClaimReason, ClaimState, Evidence
from platform_server.domain.errors import (
    BadRequest,
    Cancelled,
    EpochFenced,
    Forbidden,
    KeyReused,
    NotFound,
    Refused,
    SoldOut,
)
from platform_server.domain.goods import Product
from platform_server.domain.money import Money
from platform_server.domain.reservation import Caller
from platform_server.domain.shop_events import EventKind
from platform_server.domain.tills import Shop
from platform_server.domain.top_up import SupplierAnswer, SupplierState, TopUpState
from platform_server.flows.decide_claim import Grant
from platform_server.flows.list_claims import ListActions, ListClaims
from platform_server.flows.put_products import PutProducts
from tests.fakes.platform_goods import CARD, TOP_UP, lot, product
from tests.server.after_sales import OWNER, PROVED, REFUND, REISSUE, TWO, Desk
from tests.server.conftest import Counter
from tests.server.test_top_ups import REVERSED, call_for, incidents, present, step

pytestmark = pytest.mark.anyio


@pytest.fixture
async def desk(counter: Counter) -> Desk:
    await counter.open()
    return Desk(counter)


async def test_a_claim_is_opened_once_and_told_again(desk: Desk) -> None:
    (card,) = await desk.sell("s")
    first = await desk.claim("s", card)
    assert (first.claim.state, first.claim.cost, first.is_replay) == (
        ClaimState.OPEN,
        Money(9_500, "CNY"),
        False,
    )
    assert first.claim.due_at == first.claim.opened_at + timedelta(hours=72)
    again = await desk.claim("s", card)
    assert (again.claim, again.is_replay) == (first.claim, True)
    with pytest.raises(KeyReused):
        await desk.claim("s", card, body="other")
    with pytest.raises(Forbidden) as caught:
        await desk.claim("s", card, attempt=2)
    assert caught.value.details == {"state": "OPEN", "claim_id": first.claim.id}
    assert (await desk.look(first.claim)).claim == first.claim
    assert await desk.actions() == [("claim_opened", "claim")]
    assert await desk.counter.wallet() == (990_500, 0)


async def test_an_item_is_named_by_card_or_line(desk: Desk) -> None:
    cards = await desk.sell("s", 2)
    with pytest.raises(BadRequest, match="one card"):
        await desk.claim("s", line_id="1")
    for card, line in (("no-such", None), (cards[0], "2"), (None, "9"), (None, None)):
        with pytest.raises(BadRequest):
            await desk.claim("s", card, line)
    assert (await desk.claim("s", cards[1], "1")).claim.card_id == cards[1]
    (other,) = await desk.sell("t")
    by_line = await desk.claim("t", line_id="1", person="Li")
    assert (by_line.claim.card_id, by_line.claim.opened_by) == (other, "Li")


async def test_only_what_was_delivered_is_claimed_and_only_by_its_shop(desk: Desk) -> None:
    counter = desk.counter
    (card,) = await desk.sell("s", is_acked=False)
    with pytest.raises(Forbidden) as caught:
        await desk.claim("s", card)
    assert caught.value.details == {"state": "SOLD"}
    await counter.cancel("s")
    with pytest.raises(Cancelled):
        await desk.claim("s", card)
    with pytest.raises(EpochFenced):
        await desk.claim("s", card, epoch=1)
    (card,) = await desk.sell("t")
    async with counter.open_books() as books:
        await books.tills.add_shop(Shop("foreign", "Foreign", "CNY"))
        till = await books.tills.find("other")
        await books.tills.save(type(till)("theirs", "foreign", "X", "X", 2, b"s" * 32, b"k" * 32))
        await books.commit()
    stranger = Caller("foreign", "theirs")
    with pytest.raises(NotFound):
        await desk.claim("t", card, caller=stranger)
    with pytest.raises(NotFound):
        await desk.claim("never", card)
    claim = (await desk.claim("t", card, caller=Caller("shop", "other"))).claim
    assert claim.till_id == "other"
    with pytest.raises(NotFound):
        await desk.look(claim, stranger)


@pytest.mark.parametrize("reason", list(ClaimReason))
async def test_a_reason_fits_its_item(desk: Desk, reason: ClaimReason) -> None:
    counter = desk.counter
    await counter.reserve("s", counter.line(), counter.line(TOP_UP, "2"))
    (card,) = (await counter.confirm("s")).sealed
    await counter.ack("s", card.card_id)
    of_card = reason is not ClaimReason.WRONG_ACCOUNT
    of_top_up = reason in (ClaimReason.WRONG_ACCOUNT, ClaimReason.NOT_RECEIVED)
    for line, fits, attempt in (("1", of_card, 1), ("2", of_top_up, 2)):
        if fits:
            assert (await desk.claim("s", None, line, reason=reason, attempt=attempt)).claim.line_id == line
        else:
            with pytest.raises(BadRequest, match="is not said of"):
                await desk.claim("s", None, line, reason=reason, attempt=attempt)


@pytest.mark.parametrize("text", ["CANARY00000000", "pin: canary-0000 0000.", "no. n 00000000000"])
async def test_no_text_may_show_the_code(desk: Desk, text: str) -> None:
    (card,) = await desk.sell("s")
    for refused in (
        desk.claim("s", card, evidence=(Evidence("text", text),)),
        desk.claim("s", card, person=text),
    ):
        with pytest.raises(BadRequest, match="shows a code"):
            await refused
    claim = (await desk.claim("s", card)).claim
    for call in (
        desk.ask(claim, Authority("owner", text)),
        desk.deny(claim, Authority("owner", text)),
        desk.approve(claim, Grant(ClaimOutcome.REFUND, proof=text)),
    ):
        with pytest.raises(BadRequest, match="shows a code"):
            await call
    assert (await desk.look(claim)).claim.state is ClaimState.OPEN


async def test_a_refund_voids_the_card_and_fills_the_wallet_once(desk: Desk) -> None:
    cards = await desk.sell("s", 2)
    claim = (await desk.claim("s", cards[0])).claim
    await desk.ask(claim)
    assert (await desk.ask(claim)).state is ClaimState.ASKED_SUPPLIER
    done = await desk.approve(claim)
    assert await desk.approve(claim, by=Authority("else", "again", "other")) == done
    assert (await desk.state(cards[0]), await desk.state(cards[1])) == (CardState.VOID, CardState.DELIVERED)
    assert await desk.counter.wallet() == (1_000_000 - 9_500, 0)
    assert await desk.postings("claim_back") == [("platform:sales", -9_500), ("wallet:shop", 9_500)]
    told = (await desk.look(claim)).claim
    assert told == done
    assert told.decision
    assert (told.decision.refund, told.decision.note) == (Money(9_500, "CNY"), TWO.reason)
    for call in (desk.ask(claim), desk.deny(claim), desk.approve(claim, REISSUE)):
        with pytest.raises(Forbidden) as caught:
            await call
        assert caught.value.details == {"state": "APPROVED"}
    with pytest.raises(Forbidden) as caught:
        await desk.claim("s", cards[0], attempt=2)
    assert caught.value.details == {"state": "VOID"}
    whats = [("claim_opened", "claim"), ("claim_asked", "claim"), ("card_voided", "card")]
    assert await desk.actions() == [*whats, ("claim_approved", "claim")]
    assert await told_events(desk) == [
        {"claim_id": claim.id, "sale_id": "s", "state": "APPROVED", "outcome": "refund"}
    ]
    again = await desk.counter.confirm("s")
    assert [card.card_id for card in again.sealed] == [cards[1]]


async def test_a_statement_says_who_gave_it_back_and_why(desk: Desk) -> None:
    counter = desk.counter
    (card,) = await desk.sell("s")
    claim = (await desk.claim("s", card)).claim
    counter.clock.pass_by(hours=1)
    await desk.approve(claim)
    now = counter.clock.now()
    async with counter.peek_books() as books:
        (back,) = await books.accounts.movements("shop", now, now + timedelta(seconds=1))
    told = (back.kind, back.amount, back.actor, back.note)
    assert told == ("claim_back", Money(9_500, "CNY"), TWO.actor, TWO.reason)


async def told_events(desk: Desk) -> list[Any]:
    """The bodies of what the shop hears of its claims."""
    async with desk.counter.open_books() as books:
        await books.events.number(desk.counter.clock.now(), 100)
        told = [each.event for each in await books.events.after("shop", 0, 100)]
    return [event.body for event in told if event.kind is EventKind.CLAIM_DECIDED]


async def test_two_approvals_at_once_have_one_effect(desk: Desk) -> None:
    (card,) = await desk.sell("s")
    claim = (await desk.claim("s", card)).claim
    calls = [desk.approve(claim, grant) for grant in (REFUND, REISSUE) * 4] + [desk.deny(claim)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    refused = [each for each in results if isinstance(each, Exception)]
    assert all(isinstance(each, Refused) for each in refused), refused
    (outcome,) = {each for each in results if not isinstance(each, BaseException)}
    assert (await desk.look(claim)).claim == outcome
    assert outcome.decision
    assert len(await desk.postings("claim_back")) == 2 * (outcome.decision.outcome is ClaimOutcome.REFUND)
    assert (await desk.actions()).count(("claim_approved", "claim")) == 1
    assert await desk.state(card) is CardState.VOID


async def test_two_claims_at_once_are_one(desk: Desk) -> None:
    (card,) = await desk.sell("s")
    calls = [desk.claim("s", card, attempt=attempt) for attempt in (1, 1, 2, 2, 3)]
    results = await asyncio.gather(*calls, return_exceptions=True)
    opened = {each.claim.id for each in results if not isinstance(each, BaseException)}
    assert len(opened) == 1
    assert all(isinstance(each, Refused) for each in results if isinstance(each, BaseException))


async def test_a_reissue_gives_another_card_to_the_till_of_the_sale(desk: Desk) -> None:
    counter = desk.counter
    (card,) = await desk.sell("s")
    claim = (await desk.claim("s", card)).claim
    assert (await desk.look(claim)).sealed == ()
    done = await desk.approve(claim, REISSUE)
    assert done.decision
    (sealed,) = (await desk.look(claim)).sealed
    assert (sealed.card_id, sealed.line_id, sealed.product_id) == (done.decision.new_card_id, "1", CARD)
    assert sealed.card_id != card
    assert (await desk.claim("s", card)).sealed[0].card_id == sealed.card_id
    assert (await desk.look(claim, Caller("shop", "other"))).sealed == ()
    assert (await counter.wallet(), await counter.stock()) == ((990_500, 0), 3)
    counter.clock.pass_by(hours=48)
    assert (await desk.look(claim)).sealed, "nobody has it yet"
    await counter.ack("s", sealed.card_id, attempt=2)
    assert (await desk.look(claim)).sealed == ()
    again = (await desk.claim("s", sealed.card_id, attempt=2)).claim
    await desk.approve(again)
    assert await counter.wallet() == (1_000_000, 0)


async def test_a_reprinted_card_is_told_for_a_day(desk: Desk) -> None:
    (card,) = await desk.sell("s")
    claim = (await desk.claim("s", card)).claim
    (sealed,) = (await self_approved(desk, claim.id)).sealed
    await desk.counter.ack("s", sealed.card_id, attempt=2)
    assert (await desk.look(claim)).sealed


async def self_approved(desk: Desk, claim_id: str):  # type: ignore[no-untyped-def]
    claim = await desk.read(desk.counter.caller, claim_id)
    await desk.approve(claim.claim, REISSUE)
    return await desk.look(claim.claim)


async def test_without_stock_there_is_no_reissue_and_nothing_is_void(desk: Desk) -> None:
    counter = desk.counter
    cards = await desk.sell("s", 3)
    claim = (await desk.claim("s", cards[0])).claim
    await counter.reserve("waiting", counter.line(quantity=2))
    with pytest.raises(SoldOut):
        await desk.approve(claim, REISSUE)
    assert await desk.state(cards[0]) is CardState.DELIVERED
    counter.clock.pass_by(minutes=10)  # what the other sale forgot is free now
    done = await desk.approve(claim, REISSUE)
    assert done.decision
    assert done.decision.new_card_id


async def test_nobody_approves_what_he_opened(desk: Desk) -> None:
    (card,) = await desk.sell("s")
    claim = (await desk.claim("s", card, person="Li")).claim
    for by in (Authority("li ", "mine"), Authority("owner", "his", "Li")):
        with pytest.raises(Forbidden, match="does not approve"):
            await desk.approve(claim, by=by)
    assert (await desk.deny(claim, Authority("Li", "I was wrong"))).state is ClaimState.DENIED


async def test_a_denied_claim_may_be_made_again(desk: Desk) -> None:
    (card,) = await desk.sell("s")
    first = (await desk.claim("s", card)).claim
    denied = await desk.deny(first)
    assert await desk.deny(first, Authority("else", "again")) == denied
    assert [(each["state"], each["outcome"]) for each in await told_events(desk)] == [("DENIED", None)]
    with pytest.raises(Forbidden):
        await desk.approve(first)
    second = (await desk.claim("s", card, attempt=2)).claim
    assert second.id != first.id
    assert await desk.counter.wallet() == (990_500, 0)
    async with desk.counter.peek_books() as books:
        undecided = await books.claims.page([ClaimState.OPEN, ClaimState.ASKED_SUPPLIER], 10)
        assert [claim.id for claim in undecided] == [second.id]


async def test_on_what_ground_a_revealed_code_is_given_back(desk: Desk) -> None:
    (card,) = await desk.sell("s")
    claim = (await desk.claim("s", card)).claim
    with pytest.raises(Forbidden, match="proof"):
        await desk.approve(claim, by=OWNER)
    with pytest.raises(Forbidden, match="proof"):
        await desk.approve(claim, PROVED, OWNER)  # the product's rule is "never"
    with pytest.raises(BadRequest):
        await desk.approve(claim, Grant(ClaimOutcome.REFUND, proof=" "), TWO)
    await put(desk, product(return_rule="unused_proven"))
    with pytest.raises(Forbidden, match="proof"):
        await desk.approve(claim, by=OWNER)
    assert (await desk.approve(claim, PROVED, OWNER)).state is ClaimState.APPROVED


async def test_after_its_days_a_code_is_given_back_by_a_second_person_only(desk: Desk) -> None:
    cards = await desk.sell("s", 2)
    await put(desk, product(return_rule="unused_proven", return_days=7))
    desk.counter.clock.pass_by(days=7)
    claims = [(await desk.claim("s", cards[0])).claim]
    desk.counter.clock.pass_by(seconds=1)
    claims.append((await desk.claim("s", cards[1], attempt=2)).claim)
    assert (await desk.approve(claims[0], PROVED, OWNER)).state is ClaimState.APPROVED
    with pytest.raises(Forbidden, match="second person"):
        await desk.approve(claims[1], PROVED, OWNER)
    assert (await desk.approve(claims[1], PROVED, TWO)).state is ClaimState.APPROVED


async def put(desk: Desk, *products: Product) -> None:
    await PutProducts(desk.counter.open_books, desk.counter.clock)(products)


async def test_who_answers_for_it_owes_it(desk: Desk) -> None:
    cards = await desk.sell("s", 2)
    for card, outcome, attempt in zip(cards, ClaimOutcome, (1, 2), strict=True):
        claim = (await desk.claim("s", card, attempt=attempt)).claim
        await desk.approve(claim, Grant(outcome, "S-1", "factory"))
    assert await desk.postings("claim_back") == [("supplier:factory", -9_500), ("wallet:shop", 9_500)]
    assert await desk.postings("claim_debt") == [("supplier:factory", -9_500), ("platform:sales", 9_500)]
    claim = (await desk.claim("s", line_id="1", attempt=3)).claim
    with pytest.raises(NotFound, match="no such supplier"):
        await desk.approve(claim, Grant(ClaimOutcome.REFUND, "S-1", "nobody"))


async def test_a_top_up_is_refunded_when_it_rests(desk: Desk) -> None:
    counter = desk.counter
    for sale in ("s", "t"):
        await counter.reserve(sale, counter.line(TOP_UP, "1"))
        await counter.confirm(sale)
        await counter.ack(sale)
    claim = (await desk.claim("s", line_id="1", reason=ClaimReason.WRONG_ACCOUNT)).claim
    other = (await desk.claim("t", line_id="1", reason=ClaimReason.NOT_RECEIVED)).claim
    with pytest.raises(Forbidden) as caught:
        await desk.approve(claim)
    assert caught.value.details == {"state": "ACCEPTED"}
    failed = SupplierAnswer(SupplierState.FAILED, None, "no such number")
    counter.supplier.script.extend([SupplierAnswer(SupplierState.SUCCESS, "SO-1"), failed])
    await counter.run_top_ups()
    with pytest.raises(BadRequest, match="never sent again"):
        await desk.approve(claim, REISSUE)
    results = [await _tried(desk.approve(each)) for each in (claim, other)]
    assert sorted(type(each).__name__ for each in results) == ["Claim", "Forbidden"]
    assert await counter.wallet() == (1_000_000, 0)


async def _tried(call):  # type: ignore[no-untyped-def]
    try:
        return await call
    except Refused as refusal:
        return refusal


async def test_a_top_up_that_fails_after_its_refund_pays_nothing_again(desk: Desk) -> None:
    counter = desk.counter
    await counter.reserve("s", counter.line(TOP_UP, "1"))
    await counter.confirm("s")
    await counter.ack("s")
    await counter.run_top_ups()
    claim = (await desk.claim("s", line_id="1", reason=ClaimReason.WRONG_ACCOUNT)).claim
    await desk.approve(claim)
    await call_for(counter)  # the supplier says that he has news: he takes his success back
    await step(counter, REVERSED)
    assert (await present(counter)).state is TopUpState.REVERSED
    assert await incidents(counter) == ["top_up_reversed"]
    assert await counter.wallet() == (1_000_000, 0)
    assert await desk.postings("top_up_back") == []
    await counter.reserve("t", counter.line(TOP_UP, "1"))
    await counter.confirm("t")
    await counter.ack("t")
    await step(counter, SupplierAnswer(SupplierState.SUCCESS, "SO-2"))
    claim = (await desk.claim("t", line_id="1", reason=ClaimReason.WRONG_ACCOUNT)).claim
    async with counter.open_books() as books:
        assert await books.reservations.refund(claim.reservation_id, "1", claim.cost)
        assert not await books.reservations.refund(claim.reservation_id, "1", Money(1, "CNY"))


async def test_more_than_the_line_cost_never_goes_back(desk: Desk) -> None:
    (card,) = await desk.sell("s")
    claim = (await desk.claim("s", card)).claim
    async with desk.counter.open_books() as books:
        assert await books.reservations.refund(claim.reservation_id, "1", Money(1, "CNY"))
        await books.commit()
    with pytest.raises(Forbidden, match="went back"):
        await desk.approve(claim)
    assert await desk.state(card) is CardState.DELIVERED
    async with desk.counter.open_books() as books:  # the planted cent is taken out again
        assert await books.reservations.refund(claim.reservation_id, "1", Money(-1, "CNY"))
        await books.commit()


async def test_quarantine_is_left_by_proof_or_void(desk: Desk) -> None:
    counter = desk.counter
    cards = await desk.sell("s", 3, is_acked=False)
    await counter.cancel("s")
    assert (await desk.quarantine(), await counter.stock()) == (sorted(cards), 2)
    with pytest.raises(BadRequest):
        await desk.release(cards[0], " ")
    with pytest.raises(BadRequest, match="shows a code"):
        await desk.release(cards[0], "n00000000000 is fine")
    with pytest.raises(NotFound):
        await desk.release("no-such")
    await desk.release(cards[0])
    await desk.void(cards[1])
    for call in (desk.release(cards[0]), desk.void(cards[1]), desk.release(cards[1])):
        with pytest.raises(Forbidden):
            await call
    assert (await desk.quarantine(), await counter.stock()) == ([cards[2]], 3)
    assert await desk.actions() == [("quarantine_released", "card"), ("card_voided", "card")]
    await desk.void(cards[0])  # from the shelf
    assert await counter.stock() == 2
    (sold,) = await desk.sell("t")
    with pytest.raises(Forbidden) as caught:
        await desk.void(sold)
    assert caught.value.details == {"state": "DELIVERED"}
    results = await asyncio.gather(*(_tried(call) for call in (desk.void(cards[2]), desk.release(cards[2]))))
    assert len([each for each in results if isinstance(each, Forbidden)]) == 1


async def test_an_expired_card_is_void_without_moving_the_stock(counter: Counter) -> None:
    await counter.open(cards=0)
    until = counter.clock.now() + timedelta(days=1)
    await counter.import_codes([lot(1, until=until)])
    counter.clock.pass_by(days=2)
    await counter.sweep()
    desk = Desk(counter)
    async with counter.peek_books() as books:
        ((card,)) = await books.cards.in_state(CardState.EXPIRED, "", 9)
    await desk.void(card.card_id)
    assert await counter.stock() == 0


async def test_a_claim_that_nobody_made_and_a_card_that_is_gone(desk: Desk) -> None:
    (card,) = await desk.sell("s")
    claim = (await desk.claim("s", card)).claim
    with pytest.raises(NotFound):
        await desk.ask(replace(claim, id="never"))
    async with desk.counter.open_books() as books:
        assert await books.cards.move(card, CardState.DELIVERED, CardState.QUARANTINED)
        assert not await books.cards.move(card, CardState.DELIVERED, CardState.VOID)
        await books.commit()
    with pytest.raises(Forbidden, match="not DELIVERED"):
        await desk.approve(claim)
    async with desk.counter.open_books() as books:
        assert await books.cards.move(card, CardState.QUARANTINED, CardState.DELIVERED)
        await books.commit()


async def test_an_operator_sees_the_claims_and_what_was_done(desk: Desk) -> None:
    cards = await desk.sell("s", 2)
    claims = [(await desk.claim("s", card, attempt=n + 1)).claim for n, card in enumerate(cards)]
    denied = await desk.deny(claims[0])
    listing = ListClaims(desk.counter.peek_books)
    assert await listing(UNDECIDED, 10) == (claims[1],)
    assert await listing(tuple(ClaimState), 10) == (denied, claims[1])
    assert await listing.one(denied.id) == denied
    with pytest.raises(NotFound):
        await listing.one("never")
    done = ListActions(desk.counter.peek_books)
    head, actions = await done(2)
    assert [each.action.what for each in actions] == ["claim_denied", "claim_opened"]
    assert (head.seq, head.hash) == (actions[0].seq, actions[0].hash)
    assert await done.still_holds(head)
    assert await done.still_holds(ActionHead())
    assert await done.still_holds(ActionHead(actions[1].seq, actions[1].hash))
    assert not await done.still_holds(ActionHead(actions[1].seq, head.hash))
    assert not await done.still_holds(ActionHead(9, head.hash))
