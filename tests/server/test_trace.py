"""The history of a code: whole, chained, without the code, and at odds with itself wherever somebody edited a row."""

import hashlib
import json
from contextlib import nullcontext
from typing import Any

import pytest
from sqlalchemy import text

from platform_server.domain.canonical import canonical_json
from platform_server.domain.cards import CardState
from platform_server.domain.claims import ClaimOutcome
from platform_server.domain.errors import NotFound
from platform_server.domain.ledger import LedgerEntry
from platform_server.domain.trace import FIRST_TRACE_PREV, Trace
from platform_server.flows.decide_claim import Grant
from platform_server.flows.trace_card import TraceCard
from tests.fakes.platform_goods import CARD, TOP_UP
from tests.fakes.platform_world import START
from tests.server.after_sales import Desk
from tests.server.conftest import Counter

pytestmark = pytest.mark.anyio

PAYMENT = {"tender": "cash", "amount": {"minor": 9_900, "currency": "CNY"}, "reference": None}
EVIDENCE = json.dumps({"payments": [PAYMENT], "retail": []})


class TillLedger:
    """Writes what a till would write, in its chain."""

    def __init__(self, counter: Counter, till_id: str = "till") -> None:
        self.counter, self.till_id = counter, till_id

    async def write(self, kind: str, body: dict[str, Any], day: str = "2026-11-22") -> None:
        async with self.counter.open_books() as books:
            head = await books.ledger.head(self.till_id, 2)
            at = self.counter.clock.now().isoformat().replace("+00:00", "Z")
            entry = {"till": self.till_id, "epoch": 2, "seq": head.seq + 1, "prev": head.head, "at": at}
            entry |= {"business_date": day, "kind": kind, "body": body}
            link = LedgerEntry.of(entry)
            await books.ledger.add(self.till_id, [link], self.counter.clock.now())
            await books.logs.append("shop", self.till_id, [link])
            await books.commit()

    async def sell(self, sale: str, cards: list[str]) -> None:
        """The entries of one sale of one line: paid, confirmed, each code revealed."""
        line = {"line_id": "1", "product_id": CARD, "quantity": len(cards), "cost_minor": 9_500}
        paid = {"sale_id": sale, "receipt_number": "T1-000001", "total_minor": 9_900, "lines": [line]}
        await self.write("sale_paid", {**paid, "payments": [{"tender": "cash", "amount_minor": 9_900}]})
        await self.write("sale_confirmed", {"sale_id": sale, "cards": cards})
        for card in cards:
            await self.write("code_revealed", {"sale_id": sale, "card_id": card, "copy": 1})


def trace(counter: Counter) -> TraceCard:
    return TraceCard(counter.peek_books, counter.vault)


async def story(counter: Counter) -> tuple[str, str]:
    """A card sold, printed, claimed and reissued; it and the one in its place."""
    await counter.open()
    desk = Desk(counter)
    await counter.reserve("s")
    counter.clock.pass_by(seconds=5)
    (card,) = (await counter.confirm("s", text=EVIDENCE)).sealed
    await TillLedger(counter).sell("s", [card.card_id])
    counter.clock.pass_by(seconds=5)
    await counter.ack("s", card.card_id)
    counter.clock.pass_by(hours=1)
    claim = (await desk.claim("s", card.card_id)).claim
    counter.clock.pass_by(hours=1)
    done = await desk.approve(claim, Grant(ClaimOutcome.REISSUE, "S-1"))
    assert done.decision
    assert done.decision.new_card_id
    return card.card_id, done.decision.new_card_id


def kinds(told: Trace) -> list[str]:
    return [event.kind for event in told.events]


async def test_a_code_is_followed_from_the_batch_to_the_slip_and_beyond(counter: Counter) -> None:
    card, new = await story(counter)
    (told,) = await trace(counter).by_code("n-00000000000 canary 00000000")
    assert (told.card_id, told.masked, told.state) == (card, "****0000", CardState.VOID)
    first = ["imported", "reserved", "sold", "till_sale_paid", "till_sale_confirmed", "till_code_revealed"]
    assert kinds(told) == [*first, "delivered", "claim_opened", "card_voided", "claim_approved"]
    assert told.contradictions == ()
    (other,) = await trace(counter).by_card(new)
    later = ["claim_opened", "card_reissued", "claim_approved"]
    assert kinds(other) == ["imported", *first[3:5], "delivered", *later]
    assert other.contradictions == ()
    assert {each.card_id for each in await trace(counter).by_sale("s")} == {card, new}
    assert [each.card_id for each in await trace(counter).by_sale("s", "0001")] == [new]


async def test_the_answer_is_a_chain_and_holds_no_code(counter: Counter) -> None:
    card, _ = await story(counter)
    (told,) = await trace(counter).by_card(card)
    answer = told.told()
    prev = FIRST_TRACE_PREV
    for event in answer["events"]:
        link = {name: value for name, value in event.items() if name != "hash"}
        assert link["prev"] == prev
        prev = hashlib.sha256(canonical_json(link)).hexdigest()
        assert event["hash"] == prev
    assert answer["hash"] == prev
    assert answer["actions_head"]["seq"] == 5  # the shop's first money was one
    assert not [word for word in ("CANARY", "N0000", "canary") if word in json.dumps(answer)]
    assert "CANARY" not in repr(told)


async def test_what_is_not_there_is_not_found(counter: Counter) -> None:
    await counter.open()
    for call in (
        trace(counter).by_code("CANARY00000000"),
        trace(counter).by_code(" "),
        trace(counter).by_card("no-such"),
        trace(counter).by_sale("never"),
    ):
        with pytest.raises(NotFound):
            await call


async def test_a_card_taken_back_and_sold_again_keeps_its_past(counter: Counter) -> None:
    await counter.open(cards=1)
    desk = Desk(counter)
    (card,) = await desk.sell("s", is_acked=False)
    await counter.cancel("s")
    await desk.release(card)
    (again,) = await desk.sell("t", is_acked=False)
    assert again == card
    (told,) = await trace(counter).by_card(card)
    assert sorted(kinds(told)) == sorted(
        ["imported", "reserved", "sold", "cancelled", "quarantine_released", "reserved", "sold"]
    )
    assert told.contradictions == ()
    await TillLedger(counter).write("code_revealed", {"sale_id": "s", "card_id": card, "copy": 1})
    (told,) = await trace(counter).by_card(card)
    assert told.contradictions == ("entry 1 of till till reveals the code, its sale is CANCELLED",)


async def test_an_expired_card_says_so(counter: Counter) -> None:
    await counter.open(cards=0)
    from tests.fakes.platform_goods import lot

    await counter.import_codes([lot(1, until=START.replace(day=23))])
    counter.clock.pass_by(days=3)
    await counter.sweep()
    (told,) = await trace(counter).by_code("N00000000000 CANARY00000000")
    assert kinds(told) == ["imported", "expired"]


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("sale_cancelled", {"sale_id": "s"}, "cancels the sale"),
        ("sale_confirmed", {"sale_id": "s", "cards": ["c-else"]}, "got other cards"),
        ("sale_confirmed", {"sale_id": "s"}, "not of the known form"),
        ("sale_confirmed", {"sale_id": "u", "cards": ["CARD"]}, "has the card in sale u"),
        ("code_shown", {"sale_id": "u", "card_id": "CARD"}, "has the card in sale u"),
        ("sale_paid", {"sale_id": "s", "lines": [], "payments": []}, "other lines"),
        ("sale_paid", {"sale_id": "s", "lines": 5, "payments": []}, "not of the known form"),
    ],
)
async def test_what_a_till_says_against_the_rows(
    counter: Counter, kind: str, body: dict[str, Any], words: str
) -> None:
    await counter.open()
    (card,) = await Desk(counter).sell("s", is_acked=False)
    told_body = json.loads(json.dumps(body).replace("CARD", card))
    await TillLedger(counter).write(kind, told_body)
    (told,) = await trace(counter).by_card(card)
    assert any(words in each for each in told.contradictions), told.contradictions


async def test_what_is_not_finished_is_no_contradiction(counter: Counter) -> None:
    await counter.open()
    desk = Desk(counter)
    (card,) = await desk.sell("s")
    await desk.claim("s", card)
    assert (await trace(counter).by_card(card))[0].contradictions == ()
    (held,) = (await counter.reserve("t")).cards
    line = {"line_id": "1", "product_id": CARD, "quantity": 1, "cost_minor": 9_500}
    paid = {"sale_id": "t", "lines": [line], "payments": [{"tender": "cash", "amount_minor": 9_900}]}
    await TillLedger(counter).write("sale_paid", paid)  # its confirm is still on the way
    assert (await trace(counter).by_card(held.card_id))[0].contradictions == ()


async def test_entries_of_other_cards_are_left_out(counter: Counter) -> None:
    await counter.open()
    first, second = await Desk(counter).sell("s", 2, is_acked=False)
    ledger = TillLedger(counter)
    await ledger.write("reprinted", {"paper": "code", "subject": second, "copy": 2, "reason": "CANARY"})
    await ledger.write("reprinted", {"paper": "code", "subject": first, "copy": 2, "reason": "CANARY"})
    await ledger.write("reprinted", {"paper": "sale", "subject": first, "sale_id": "s"})
    (told,) = await trace(counter).by_card(first)
    assert [event.detail["seq"] for event in told.events if event.source == "till"] == [2, 3]
    assert "CANARY" not in json.dumps(told.told())


PLANTED = [
    ("UPDATE cards SET state = 'DELIVERED' WHERE state = 'VOID'", "its actions say"),
    ("UPDATE cards SET copies = 3 WHERE state = 'VOID'", "revealed 1 copies of 3"),
    ("UPDATE cards SET masked = '****9999' WHERE state = 'VOID'", "of another code"),
    ("UPDATE cards SET fingerprint = 'x' WHERE state = 'VOID'", "of another code"),
    ("UPDATE cards SET product_id = 'other' WHERE state = 'VOID'", "does not belong to this row"),
    ("UPDATE cards SET version = 2 WHERE state = 'VOID'", "does not belong to this row"),
    ("UPDATE cards SET reservation_id = NULL WHERE state = 'VOID'", "has the card in sale s"),
    ("UPDATE cards SET reservation_id = 'gone' WHERE state = 'VOID'", "has the card in sale s"),
    ("UPDATE reservation_lines SET quantity = 2", "has other lines"),
    ("UPDATE reservation_lines SET unit_cost_minor = 9600", "agreed to a lower cost"),
    ("UPDATE reservations SET business_date = '2026-11-21'", "is of 2026-11-22"),
    ("UPDATE reservations SET evidence = '{\"payments\":[]}'", "has other payments"),
    ("UPDATE reservations SET sale_id = 'z'", "has the card in sale s"),
    ("UPDATE claims SET evidence = '[]'", "is not what was opened"),
    ("UPDATE claims SET card_id = NULL WHERE card_id IS NOT NULL", "names a claim that is not of this card"),
    ("UPDATE claims SET state = 'OPEN', decided_at = NULL", "its actions say otherwise"),
    ("UPDATE claims SET outcome = 'refund'", "was decided otherwise"),
    ("UPDATE claims SET refund_minor = 5", "was decided otherwise"),
    ("UPDATE ledger_entries SET hash = 'x' WHERE seq = 2", "entry 2 of till till was changed"),
    ("UPDATE ledger_entries SET prev = 'x' WHERE seq = 3", "entry 3 of till till was changed"),
    ("DELETE FROM ledger_entries WHERE seq = 3", "revealed 0 copies of 1"),
    ("UPDATE actions SET reason = 'nothing' WHERE seq = 2", "the chain of actions breaks at 2"),
    ("UPDATE actions SET authoriser = NULL WHERE seq = 3", "the chain of actions breaks at 3"),
]


async def test_any_edit_shows(any_store: Any) -> None:
    counter = Counter(any_store.open_books, any_store.peek_books)
    card, _ = await story(counter)
    unread = {"text": f"no json {card}".encode()}
    rewrite = "UPDATE ledger_entries SET text = :text WHERE seq = 2"
    more = [(rewrite, "entry 2 of till till was changed"), (rewrite, "entry 2 of till till cannot be read")]
    for edit, words in PLANTED + more:
        async with any_store.open_books() as books:  # seen in this transaction, then forgotten
            await books._connection.execute(
                text(edit.replace('":', '"\\:')), unread if edit == rewrite else {}
            )
            (told,) = await TraceCard(lambda: nullcontext(books), counter.vault).by_card(card)
        assert any(words in each for each in told.contradictions), (edit, told.contradictions)


async def test_a_top_up_has_no_card_to_trace(counter: Counter) -> None:
    await counter.open()
    await counter.reserve("s", counter.line(TOP_UP, "1"))
    with pytest.raises(NotFound):
        await trace(counter).by_sale("s")
