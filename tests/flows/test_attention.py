"""The attention list: nothing that is open is missing, and each says since when and who must act."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.attention import TOLD_AFTER, AttentionItem, Waits
from pos_app.domain.bill import BillFinding, BillItem, Difference
from pos_app.domain.errors import NotAllowed, PaperTrouble, ReasonNeeded, Rejected, Unreachable, WrongState
from pos_app.domain.gateway import Way
from pos_app.domain.money import Money
from pos_app.domain.outbox import LONGEST_WAIT_S, Message, MessageKind, MessageState
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.payment import Tender
from pos_app.domain.payment_code import Wallet
from pos_app.domain.refund import Refund, RefundState
from pos_app.domain.shift import CashCount
from pos_app.shop import Next
from tests.fakes.till_shop import FakeShop
from tests.flows.selling import paid, sold, substituted

DOWN = Unreachable("down")


def listed(fake: FakeShop) -> tuple[AttentionItem, ...]:
    return fake.shop.look_up.attention()


def waits(fake: FakeShop) -> list[Waits]:
    return [item.waits for item in listed(fake)]


def refused(fake: FakeShop) -> Message:
    """A message that the platform refused for good."""
    sold(fake, codes=1)
    fake.platform.fail_next("acknowledge", "before_effect", Rejected("NOT_FOUND", "none", {}))
    fake.shop.push_outbox()
    (dead,) = fake.till.pages.outbox.values()
    return dead


def test_what_just_happened_is_no_concern_and_after_a_minute_it_is_one_line(fake: FakeShop) -> None:
    since = fake.clock.now()
    sold(fake, codes=1)
    sold(fake, codes=1)
    fake.clock.advance(TOLD_AFTER - timedelta(seconds=1))
    assert listed(fake) == ()
    fake.clock.advance(timedelta(seconds=1))
    (item,) = listed(fake)
    assert (item.waits, item.since, item.next_at, item.money) == (Waits.UNSENT, since, None, None)
    status = fake.shop.look_up.status(None)
    assert (item.count, status.open_items) == (status.unsent, 0)
    assert not item.waits.needs_person


def test_a_report_that_was_tried_says_when_it_is_tried_next(fake: FakeShop) -> None:
    sold(fake, codes=1)
    fake.clock.advance(TOLD_AFTER)
    fake.platform.fail_next("acknowledge", "before_effect", Rejected("UNAVAILABLE", "unknown", {}))
    fake.shop.push_outbox()
    (item,) = listed(fake)
    assert item.next_at is not None
    assert item.next_at > fake.clock.now()
    assert item.message is not None
    assert (item.count, item.message.reason) == (1, "UNAVAILABLE")
    assert fake.shop.push_outbox(at_once=True).unsent == 0
    assert listed(fake) == ()


def test_a_refused_message_waits_for_a_person_at_once(fake: FakeShop) -> None:
    dead = refused(fake)
    (item,) = listed(fake)
    assert (item.waits, item.about, item.since) == (Waits.MESSAGE_DEAD, dead.id, dead.since)
    assert (item.sale_id, item.next_at, item.waits.needs_person) == (dead.sale_id, None, True)
    assert fake.shop.look_up.status(None).open_items == 1


def test_a_refused_message_is_sent_again_on_a_persons_word(fake: FakeShop) -> None:
    dead = refused(fake)
    fake.clock.advance(timedelta(days=1))
    assert fake.shop.push_outbox().unsent == 1
    assert fake.shop.resend_message(fake.cashier, dead.id).tries == 0
    assert fake.shop.push_outbox().unsent == 0
    with pytest.raises(WrongState):
        fake.shop.resend_message(fake.cashier, dead.id)


def test_a_refused_message_is_left_by_somebody_who_answers_for_it(fake: FakeShop) -> None:
    dead = refused(fake)
    with pytest.raises(NotAllowed):
        fake.shop.leave_message(fake.cashier, dead.id, "settled")
    with pytest.raises(ReasonNeeded):
        fake.shop.leave_message(fake.supervisor, dead.id, "  ")
    assert fake.shop.leave_message(fake.supervisor, dead.id, "settled").state is MessageState.LEFT
    assert listed(fake) == ()
    entry = max(fake.till.pages.ledger.values(), key=lambda each: each.seq)
    assert (entry.kind, dict(entry.body)) == (
        "message_left",
        {
            "message": "ack",
            "sale_id": dead.sale_id,
            "code": "NOT_FOUND",
            "cashier_id": fake.supervisor.id,
            "reason": "settled",
        },
    )
    with pytest.raises(WrongState):
        fake.shop.leave_message(fake.supervisor, dead.id, "settled")
    fake.clock.advance(timedelta(days=1))
    fake.shop.push_outbox()
    assert fake.platform.acks == {}


def test_a_withdrawal_is_told_alone_and_dead_it_asks_for_a_person(fake: FakeShop) -> None:
    sale_id = substituted(fake)
    (item,) = listed(fake)
    assert (item.waits, item.sale_id, item.waits.needs_person) == (Waits.WITHDRAWING, sale_id, False)
    fake.platform.fail_next("cancel", "before_effect", Rejected("FORBIDDEN", "done", {}))
    fake.shop.push_outbox()
    (item,) = listed(fake)
    assert (item.waits, item.message and item.message.reason) == (Waits.MESSAGE_DEAD, "FORBIDDEN")


def test_a_refused_ledger_stands_on_top_and_is_not_told_twice(fake: FakeShop) -> None:
    sale = paid(fake, codes=1)
    fake.platform.fail_next("push_ledger", "before_effect", Rejected("BAD_REQUEST", "none", {}))
    since = fake.clock.now()
    fake.shop.push_outbox()
    fake.clock.advance(timedelta(hours=1))
    first, second = listed(fake)
    assert (first.waits, first.since) == (Waits.LEDGER_REFUSED, since)
    assert first.count == fake.shop.look_up.status(None).unsent
    assert (second.waits, second.sale_id) == (Waits.CODE, sale.id)
    assert fake.shop.push_outbox(at_once=True).unsent == 0
    assert waits(fake) == [Waits.CODE]


def test_a_refused_ledger_is_asked_before_its_time_on_a_persons_word(fake: FakeShop) -> None:
    sold(fake, codes=1)
    fake.platform.fail_next("push_ledger", "before_effect", Rejected("BAD_REQUEST", "none", {}))
    fake.shop.push_outbox()
    assert fake.shop.push_outbox().unsent > 0
    assert fake.shop.push_outbox(at_once=True).unsent == 0


def test_reports_wait_beside_a_refused_ledger(fake: FakeShop) -> None:
    sold(fake, codes=1)
    fake.platform.fail_next("push_ledger", "before_effect", Rejected("BAD_REQUEST", "none", {}))
    fake.platform.fail_next("acknowledge", "before_effect", DOWN)
    fake.shop.push_outbox()
    fake.clock.advance(TOLD_AFTER)
    first, second = listed(fake)
    assert (first.waits, second.waits, second.count) == (Waits.LEDGER_REFUSED, Waits.UNSENT, 1)


def test_every_kind_of_thing_is_known_again_by_what_it_is_about() -> None:
    at, money = datetime(2026, 11, 22, tzinfo=UTC), Money(100)
    whole = AttentionItem(Waits.CODE, "sale", None, at, money)
    paper = Paper("paper-1", PaperKind.CODE, "sale", "card", 1, PaperState.DUE, at)
    finding = BillFinding(Difference.UNKNOWN_ORDER, "practice", at.date(), "n-1", None, money)
    refund = Refund("refund-1", "sale", "line", Tender.CASH, money, at, at.date(), "shift", RefundState.ASKED)
    attempt = Attempt(
        "attempt-1", "sale", "practice", Way.SCANNED, Wallet.ALIPAY, money, AttemptState.SENT, at, at, at
    )
    made = {
        "": whole,
        "attempt-1": replace(whole, attempt=attempt),
        "paper-1": replace(whole, paper=paper),
        "refund-1": replace(whole, refund=refund),
        "practice:unknown_order:n-1": replace(whole, bill=BillItem(finding, at)),
        "message-1": replace(whole, message=Message.new("message-1", MessageKind.ACK, "sale", at)),
    }
    assert {item.about: item for item in made.values()} == made


def test_people_come_first_and_the_oldest_on_top(fake: FakeShop) -> None:
    waiting = [paid(fake, codes=1)]
    fake.clock.advance(timedelta(minutes=1))
    asked = []
    for _ in range(2):
        fake.printer.fail_next("timeout", sent=True)
        sale = paid(fake, codes=1)
        fake.clock.advance(timedelta(minutes=1))
        while fake.shop.go_on(sale.id).next is Next.PAPER:
            try:
                fake.shop.print_next(sale.id)
            except PaperTrouble:
                break
        asked.append(sale)
    fake.shop.push_outbox(at_once=True)
    items = listed(fake)
    assert [item.sale_id for item in items if item.waits.needs_person] == [sale.id for sale in asked]
    assert [item.sale_id for item in items][-1] == waiting[0].id
    assert len({item.key for item in items}) == len(items)


def test_a_closing_says_what_the_platform_has_not_heard(fake: FakeShop) -> None:
    refused(fake)
    _, totals = fake.shop.count_shift()
    assert totals.unsent == 1
    fake.shop.open_drawer(fake.cashier, "change")
    fake.clock.advance(timedelta(seconds=LONGEST_WAIT_S))
    closing = fake.shop.close_shift(fake.cashier, CashCount((), Money(0)))
    assert (closing.totals.unsent, closing.totals.open_items) == (2, 0)
    (entry,) = [each for each in fake.till.pages.ledger.values() if each.kind == "shift_closed"]
    assert entry.body["unsent"] == 2
