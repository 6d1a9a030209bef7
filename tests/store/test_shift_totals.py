"""What a shift took by each wallet, in memory and in the file alike; and closings of programs that knew of none."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import msgspec

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.gateway import Way
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender
from pos_app.domain.payment_code import Wallet
from pos_app.domain.refund import Refund, RefundState
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.shift import Closing, TenderTotals
from pos_app.store.rows import encode, read_closing
from tests.store.till_world import DAY, NOON, World, begun, done, new_id, paid

_NOTHING = Money(0)


def by(tender: Tender, minor: int) -> Payment:
    reference = None if tender is Tender.CASH else new_id()
    return Payment(tender, Money(minor), Money(minor), _NOTHING, reference)


def paid_by(number: str, *payments: Payment, **changes: Any) -> Sale:
    sale = begun(**changes).moved_to(SaleState.RESERVED)
    return done(sale.paid(payments, NOON, number))


def back(sale: Sale, tender: Tender, minor: int, state: RefundState, shift_id: str = "shift-1") -> Refund:
    waits = NOON if state is RefundState.ASKED else None
    line = sale.lines[0].line_id
    return Refund(
        new_id(), sale.id, line, tender, Money(minor), NOON, DAY, shift_id, state, next_at=waits
    )  # fmt: skip


def live(sale: Sale, minor: int, state: AttemptState) -> Attempt:
    return Attempt(
        new_id(), sale.id, "practice", Way.SCANNED, Wallet.ALIPAY, Money(minor), state, NOON, NOON, NOON
    )


def test_each_wallet_is_told_with_what_went_back_and_cash_is_not_among_them(world: World) -> None:
    shift = world.open_shift()
    assert world.read(lambda books: books.shifts.totals(shift)).by_tender == ()
    split = paid_by("T1-000001", by(Tender.WECHAT, 12_000), by(Tender.CASH, 8_000))
    whole = paid_by("T1-000002", by(Tender.WECHAT, 20_000))
    other = paid_by("T1-000003", by(Tender.ALIPAY, 20_000), shift_id="other")
    waiting = begun().moved_to(SaleState.RESERVED)
    undone = begun().moved_to(SaleState.RESERVED)
    world.put(split, whole, other, waiting, undone)

    def give(books: Any, refund: Refund, sale: Sale) -> None:
        given = sale.with_refund(refund.line_id, refund.amount)
        books.sales.put(given)
        books.refunds.add(refund, given)

    world.write(lambda books: give(books, back(whole, Tender.WECHAT, 700, RefundState.DONE), whole))
    world.write(lambda books: give(books, back(other, Tender.ALIPAY, 900, RefundState.ASKED), other))
    elsewhere = back(split, Tender.WECHAT, 300, RefundState.DONE, shift_id="other")
    world.write(lambda books: give(books, elsewhere, split))
    world.write(lambda books: books.attempts.put(live(waiting, 20_000, AttemptState.SENT)))
    world.write(lambda books: books.attempts.put(live(undone, 5_000, AttemptState.REVERSING)))
    totals = world.read(lambda books: books.shifts.totals(shift))
    assert totals.by_tender == (
        TenderTotals(Tender.WECHAT, 2, Money(32_000), 1, Money(700)),
        TenderTotals(Tender.ALIPAY, 0, Money(0), 1, Money(900)),
    )
    assert (totals.checking, totals.checking_money) == (2, Money(25_000))
    assert (totals.cash_taken, totals.sales) == (Money(8_000), 2)
    assert totals.open_items == 3  # both reserved ones, and the one whose refund is on its way
    wallets = Money.sum((each.taken - each.given_back for each in totals.by_tender), "CNY")
    assert wallets + totals.cash_taken - totals.cash_refunded == totals.takings


def test_a_closing_keeps_its_wallets_and_an_older_one_has_none(world: World) -> None:
    shift = world.open_shift()
    world.put(paid_by("T1-000001", by(Tender.ECNY, 20_000)), paid(begun(), "T1-000002"))
    totals = world.read(lambda books: books.shifts.totals(shift))
    closing = Closing(shift, totals, Money(1), Money(1), "Ann", NOON + timedelta(hours=1))
    world.write(lambda books: books.shifts.close(closing))
    kept = world.read(lambda books: books.shifts.last_closing())
    assert kept.totals.by_tender == (TenderTotals(Tender.ECNY, 1, Money(20_000), 0, Money(0)),)
    old = msgspec.json.decode(encode(closing))
    for each in ("by_tender", "checking", "checking_money"):
        del old["totals"][each]
    before = replace(totals, by_tender=(), checking=0, checking_money=None)
    assert read_closing(msgspec.json.encode(old)).totals == before
