"""Electronic money at the counter: on disk before it leaves, one at a time, and never the same code twice."""

from __future__ import annotations

import pytest

from pos_app.domain.attempt import AttemptState
from pos_app.domain.errors import (
    AmountInvalid,
    CashTooLow,
    NoSuchAttempt,
    NotAllowed,
    PaymentCodeUnsupported,
    PaymentCodeUsed,
    PaymentUnsettled,
    ShiftNotOpen,
    Unreachable,
    WrongState,
)
from pos_app.domain.gateway import Charge, GatewayRules, Order, Standing, Way
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.domain.sale import SaleState
from pos_app.domain.shift import CashCount
from pos_app.domain.staff import Cashier, Role
from pos_app.shop import Giving
from tests.fakes.till_gateway import PATIENCE, FakeGateway
from tests.fakes.till_shop import FakeShop
from tests.flows.paying import (
    ALIPAY,
    PART,
    TOTAL,
    WECHAT,
    assert_delivered,
    assert_let_go,
    attempt_of,
    charge,
    deliver,
    follow,
    lost,
    one,
    reserved,
    sale_of,
    settle,
    wait,
)
from tests.flows.selling import basket


def moves(fake: FakeShop) -> list[str]:
    with fake.till.open_to_read() as books:
        entries = books.ledger.after(0, 1000)
    return [entry.body["state"] for entry in entries if entry.kind == "payment_moved"]


# --- a code is scanned ---


def test_a_scanned_code_pays_for_the_goods(fake: FakeShop) -> None:
    sale = reserved(fake)
    taking = charge(fake, sale)
    assert (taking.attempt.state, taking.sale.state) == (AttemptState.PAID, SaleState.PAID)
    assert (taking.left, taking.sale.receipt_number) == (Money(0), "T1-000001")
    (payment,) = taking.sale.payments
    assert (payment.tender, payment.amount, payment.reference) == (
        Tender.WECHAT,
        TOTAL,
        taking.attempt.number,
    )
    assert deliver(fake, sale).state is SaleState.DONE
    assert moves(fake) == ["sent", "paid"]
    assert_delivered(fake, sale)


def test_what_the_gateway_hears(fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[Charge] = []
    answer = FakeGateway.charge

    def listening(self: FakeGateway, asked: Charge) -> object:
        heard.append(asked)
        return answer(self, asked)

    monkeypatch.setattr(FakeGateway, "charge", listening)
    taking = charge(fake, reserved(fake), amount=PART)
    (said,) = heard
    assert (said.code, said.till, said.cashier) == (WECHAT, "T1", fake.cashier.id[-12:])
    assert said.order == Order(taking.attempt.number, PART, Way.SCANNED, taking.attempt.sent_at)
    assert said.expires_at == taking.attempt.deadline == taking.attempt.sent_at + PATIENCE
    assert 0 < len(said.subject) <= 60
    assert not set(said.subject) & set("/=&<>\"'")
    assert taking.attempt.number.startswith("0T1261122")  # the day of Beijing


def test_it_is_on_disk_before_a_byte_of_it_leaves(fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """G2: whatever happens to the call, the books know of it."""
    sale, seen = reserved(fake), []

    def cut(self: FakeGateway, asked: Charge) -> object:
        seen.append(fake.till.pages.attempts[asked.order.number])
        raise KeyboardInterrupt

    monkeypatch.setattr(FakeGateway, "charge", cut)
    with pytest.raises(KeyboardInterrupt):
        charge(fake, sale)
    (stored,) = seen
    assert (stored.state, stored.sale_id, stored.code_end) == (AttemptState.SENT, sale.id, "6789")
    assert moves(fake) == ["sent"]


def test_a_code_is_written_down_nowhere(fake: FakeShop) -> None:
    taking = charge(fake, reserved(fake))
    with fake.till.open_to_read() as books:
        everything = repr(fake.till.pages) + repr(books.ledger.after(0, 1000)) + repr(taking)
    assert taking.attempt.code_end == "6789"
    assert WECHAT.text not in everything


def test_a_commit_that_fails_sends_nothing(fake: FakeShop) -> None:
    sale = reserved(fake)
    fake.till.fail_next_commit = OSError("disk")
    with pytest.raises(OSError, match="disk"):
        charge(fake, sale)
    assert one(fake).calls == []
    assert charge(fake, sale).sale.state is SaleState.PAID


def test_a_password_is_waited_for(fake: FakeShop) -> None:
    sale = reserved(fake)
    taking = charge(fake, sale, Standing.WAITING)
    number = taking.attempt.number
    assert (taking.attempt.standing, taking.attempt.is_live, taking.left) == (Standing.WAITING, True, TOTAL)
    assert follow(fake, number).state is AttemptState.SENT
    one(fake).customer_pays(number)
    assert follow(fake, number).state is AttemptState.PAID
    assert_delivered(fake, sale)


def test_a_declined_code_is_final_and_another_may_be_tried(fake: FakeShop) -> None:
    sale = reserved(fake)
    taking = charge(fake, sale, Standing.FAILED)
    assert (taking.attempt.state, taking.attempt.reason) == (AttemptState.FAILED, "FAILED")
    assert taking.sale.state is SaleState.RESERVED
    assert charge(fake, sale, code=ALIPAY).attempt.tender is Tender.ALIPAY
    assert_delivered(fake, sale)


def test_a_declined_code_and_then_cash(fake: FakeShop) -> None:
    sale = reserved(fake)
    charge(fake, sale, Standing.FAILED)
    assert fake.shop.take_cash(fake.cashier, sale.id, TOTAL).state is SaleState.PAID
    assert_delivered(fake, sale)


def test_a_lost_answer_is_asked_for(fake: FakeShop) -> None:
    sale = reserved(fake)
    taking = lost(fake, sale, "charge!")
    assert (taking.attempt.state, taking.attempt.standing) == (AttemptState.SENT, None)
    assert follow(fake, taking.attempt.number).state is AttemptState.PAID
    assert_delivered(fake, sale)


def test_an_order_that_never_left_has_failed_after_one_question(fake: FakeShop) -> None:
    sale = reserved(fake)
    taking = lost(fake, sale, "charge?")
    assert taking.attempt.is_due(fake.clock.now())
    assert follow(fake, taking.attempt.number).state is AttemptState.FAILED
    assert fake.shop.take_cash(fake.cashier, sale.id, TOTAL).state is SaleState.PAID
    assert_delivered(fake, sale)


def test_a_gateway_that_is_set_up_wrong_took_nothing(fake: FakeShop) -> None:
    sale = reserved(fake)
    one(fake).setup_wrong = "KEY"
    taking = charge(fake, sale)
    assert (taking.attempt.state, taking.attempt.reason) == (AttemptState.FAILED, "SETUP KEY")


# --- once, and one at a time ---


@pytest.mark.parametrize("course", [Standing.PAID, Standing.WAITING])
def test_the_same_code_again_is_the_same_attempt(fake: FakeShop, course: Standing) -> None:
    sale = reserved(fake)
    first = charge(fake, sale, course)
    assert charge(fake, sale, course) == first
    assert one(fake).codes == [WECHAT.text]


def test_a_code_that_was_used_is_refused_elsewhere(fake: FakeShop) -> None:
    first, second = reserved(fake), reserved(fake)
    charge(fake, first)
    with pytest.raises(PaymentCodeUsed):
        charge(fake, second)
    assert one(fake).codes == [WECHAT.text]


def test_a_code_that_failed_is_not_tried_again(fake: FakeShop) -> None:
    sale = reserved(fake)
    charge(fake, sale, Standing.FAILED)
    with pytest.raises(PaymentCodeUsed):
        charge(fake, sale)


def test_beside_a_payment_that_is_not_certain_there_is_no_other(fake: FakeShop) -> None:
    """G3: no other code, no code of the shop, no cash, and the sale is not let go; undone or not."""
    sale = reserved(fake)
    number = charge(fake, sale, Standing.WAITING).attempt.number
    for _ in range(2):
        with pytest.raises(PaymentUnsettled):
            charge(fake, sale, code=ALIPAY)
        with pytest.raises(PaymentUnsettled):
            fake.shop.show_pay_code(fake.cashier, sale.id, Wallet.ALIPAY)
        with pytest.raises(PaymentUnsettled):
            fake.shop.take_cash(fake.cashier, sale.id, TOTAL)
        with pytest.raises(PaymentUnsettled):
            fake.shop.cancel_sale(fake.cashier, sale.id, "")
        fake.shop.stop_payment(fake.cashier, number)
    assert [call for call, _ in one(fake).calls] == ["charge"]
    assert follow(fake, number).state is AttemptState.REVERSED
    assert fake.shop.take_cash(fake.cashier, sale.id, TOTAL).state is SaleState.PAID
    assert_delivered(fake, sale)


def test_two_counters_of_one_till_send_one_order(fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same code, scanned again while the first call is under way."""
    sale, answer = reserved(fake), FakeGateway.charge

    def scanned_again_meanwhile(self: FakeGateway, asked: Charge) -> object:
        assert charge(fake, sale).attempt.number == asked.order.number
        return answer(self, asked)

    monkeypatch.setattr(FakeGateway, "charge", scanned_again_meanwhile)
    charge(fake, sale)
    assert_delivered(fake, sale)


def test_what_stands_on_the_way(fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    sale = reserved(fake)
    for amount in (Money(0), Money(-1), TOTAL + Money(1)):
        with pytest.raises(AmountInvalid):
            charge(fake, sale, amount=amount)
    one(fake).rules = GatewayRules(scans=frozenset({Wallet.ALIPAY}))
    with pytest.raises(PaymentCodeUnsupported):
        charge(fake, sale)
    fake.shop.close_shift(fake.cashier, CashCount((), Money(0)))
    with pytest.raises(ShiftNotOpen):
        charge(fake, sale, code=ALIPAY)
    monkeypatch.setattr(Cashier, "may", lambda self, permission: False)
    nobody = Cashier("x", "x", Role.CASHIER)
    with pytest.raises(NotAllowed):
        fake.shop.charge_code(nobody, sale.id, ALIPAY)
    with pytest.raises(NotAllowed):
        fake.shop.show_pay_code(nobody, sale.id, Wallet.ALIPAY)
    with pytest.raises(NotAllowed):
        fake.shop.stop_payment(nobody, "any")
    with pytest.raises(NotAllowed):
        fake.shop.leave_sale(nobody, sale.id, undo=True)
    assert one(fake).calls == []


def test_a_sale_that_is_paid_takes_no_more(fake: FakeShop) -> None:
    sale = reserved(fake)
    fake.shop.take_cash(fake.cashier, sale.id, TOTAL)
    with pytest.raises(WrongState):
        charge(fake, sale)
    with pytest.raises(WrongState):
        fake.shop.leave_sale(fake.cashier, sale.id, undo=True)
    assert one(fake).calls == []


def test_numbers_of_orders_are_never_given_twice(fake: FakeShop) -> None:
    sale = reserved(fake)
    numbers = {
        charge(fake, sale, Standing.FAILED, PaymentCode(Wallet.WECHAT, f"13{n:016d}")).attempt.number
        for n in range(30)
    }
    assert len(numbers) == 30
    assert {len(number) for number in numbers} == {17}


# --- in parts ---


def test_a_part_by_wallet_and_the_rest_in_cash(fake: FakeShop) -> None:
    sale = reserved(fake)
    taking = charge(fake, sale, amount=PART)
    assert (taking.sale.state, taking.left) == (SaleState.RESERVED, Money(15_000))
    with pytest.raises(PaymentUnsettled):
        fake.shop.cancel_sale(fake.cashier, sale.id, "")  # money of it is with us
    with pytest.raises(CashTooLow):
        fake.shop.take_cash(fake.cashier, sale.id, Money(14_999))
    paid = fake.shop.take_cash(fake.cashier, sale.id, Money(20_000))
    assert [(each.tender, each.amount.minor) for each in paid.payments] == [
        (Tender.WECHAT, 5_000),
        (Tender.CASH, 15_000),
    ]
    assert paid.change == Money(5_000)
    assert_delivered(fake, sale)


def test_two_wallets_share_a_sale(fake: FakeShop) -> None:
    sale = reserved(fake)
    first = charge(fake, sale, amount=PART)
    second = charge(fake, sale, code=ALIPAY)
    assert second.attempt.amount == first.left == Money(15_000)
    assert [each.tender for each in second.sale.payments] == [Tender.WECHAT, Tender.ALIPAY]
    assert_delivered(fake, sale)


# --- a code of the shop ---


def test_a_code_of_the_shop_is_shown_and_paid(fake: FakeShop) -> None:
    sale = reserved(fake)
    shown = fake.shop.show_pay_code(fake.cashier, sale.id, Wallet.ALIPAY).attempt
    assert (shown.state, shown.way, shown.code_digest) == (AttemptState.SENT, Way.SHOWN, "")
    assert shown.qr.endswith(shown.number)
    assert shown.deadline == shown.sent_at + one(fake).rules.shown_for
    one(fake).customer_pays(shown.number)
    assert follow(fake, shown.number).payment.tender is Tender.ALIPAY
    assert_delivered(fake, sale)


def test_a_code_that_nobody_scans_runs_out(fake: FakeShop) -> None:
    sale = reserved(fake)
    number = fake.shop.show_pay_code(fake.cashier, sale.id, Wallet.ALIPAY).attempt.number
    fake.clock.at = attempt_of(fake, number).deadline
    assert fake.shop.follow_payment(number).attempt.state is AttemptState.REVERSING
    assert follow(fake, number).state is AttemptState.REVERSED
    assert sale_of(fake, sale).state is SaleState.RESERVED  # the customer is still there


@pytest.mark.parametrize("call", ["show", "show!"])
def test_a_code_that_the_gateway_did_not_give_is_undone(fake: FakeShop, call: str) -> None:
    sale = reserved(fake)
    one(fake).lose.append(call)
    attempt = fake.shop.show_pay_code(fake.cashier, sale.id, Wallet.ALIPAY).attempt
    assert (attempt.state, attempt.qr, attempt.reason) == (AttemptState.REVERSING, "", "timeout")
    fake.shop.leave_sale(fake.cashier, sale.id, undo=True)
    assert_let_go(fake, sale)


def test_a_gateway_that_shows_none(fake: FakeShop) -> None:
    with pytest.raises(PaymentCodeUnsupported):
        fake.shop.show_pay_code(fake.cashier, reserved(fake).id, Wallet.UNIONPAY)


# --- stop ---


def test_after_stop_it_is_undone_whatever_is_heard(fake: FakeShop) -> None:
    """G7: the customer pays in the same moment; the money goes back and no goods go out for it."""
    sale = reserved(fake)
    number = charge(fake, sale, Standing.WAITING).attempt.number
    stopped = fake.shop.stop_payment(fake.cashier, number)
    assert stopped.attempt.state is AttemptState.REVERSING
    one(fake).customer_pays(number)
    one(fake).lose.append("undo")
    assert follow(fake, number).standing is Standing.PAID  # heard, and not believed to be for us
    assert attempt_of(fake, number).state is AttemptState.REVERSING
    assert follow(fake, number).state is AttemptState.REFUNDED
    assert sale_of(fake, sale).state is SaleState.RESERVED
    assert one(fake).kept_money() == 0
    assert moves(fake) == ["sent", "reversing", "refunded"]


def test_stop_comes_too_late_for_what_is_certain(fake: FakeShop) -> None:
    sale = reserved(fake)
    taking = charge(fake, sale)
    assert fake.shop.stop_payment(fake.cashier, taking.attempt.number) == taking
    with pytest.raises(NoSuchAttempt):
        fake.shop.stop_payment(fake.cashier, "none")


@pytest.mark.parametrize("lose", [None, "charge", "charge!"])
def test_stop_while_the_charge_is_under_way(
    fake: FakeShop, monkeypatch: pytest.MonkeyPatch, lose: str | None
) -> None:
    """The charge's own answer finds the attempt given up, and changes nothing."""
    sale, answer = reserved(fake), FakeGateway.charge
    one(fake).lose.extend([lose] if lose else [])

    def stopped_meanwhile(self: FakeGateway, asked: Charge) -> object:
        fake.shop.stop_payment(fake.cashier, asked.order.number)
        return answer(self, asked)

    monkeypatch.setattr(FakeGateway, "charge", stopped_meanwhile)
    taking = charge(fake, sale)
    assert (taking.attempt.state, taking.sale.state) == (AttemptState.REVERSING, SaleState.RESERVED)
    fake.shop.leave_sale(fake.cashier, sale.id, undo=True)
    assert_let_go(fake, sale)


# --- the next customer ---


def test_a_sale_that_is_left_is_undone_with_all_its_parts(fake: FakeShop) -> None:
    sale = reserved(fake)
    first = charge(fake, sale, amount=PART).attempt.number
    second = charge(fake, sale, Standing.WAITING, ALIPAY).attempt.number
    left = fake.shop.leave_sale(fake.cashier, sale.id, undo=True)
    assert left.is_left
    # Its goods stay set aside, and its first part stays paid, until the second is certain (G9).
    assert fake.platform.state(sale.id) == "RESERVED"
    assert attempt_of(fake, first).state is AttemptState.PAID
    assert attempt_of(fake, second).state is AttemptState.REVERSING
    with pytest.raises(WrongState):
        charge(fake, sale, code=PaymentCode(Wallet.WECHAT, "100000000000000000"))
    with pytest.raises(WrongState):
        fake.shop.take_cash(fake.cashier, sale.id, TOTAL)
    assert_let_go(fake, sale)
    assert attempt_of(fake, first).state is AttemptState.REFUNDED


def test_a_sale_with_a_part_paid_and_nothing_open_is_undone_at_once(fake: FakeShop) -> None:
    sale = reserved(fake)
    number = charge(fake, sale, amount=PART).attempt.number
    fake.shop.leave_sale(fake.cashier, sale.id, undo=False)
    assert attempt_of(fake, number).state is AttemptState.REVERSING
    assert_let_go(fake, sale)


def test_a_sale_that_nothing_was_paid_for_is_let_go_when_it_is_left(fake: FakeShop) -> None:
    sale = reserved(fake)
    charge(fake, sale, Standing.FAILED)
    assert fake.shop.leave_sale(fake.cashier, sale.id, undo=False).state is SaleState.CANCELLING
    assert_let_go(fake, sale)


def test_a_parked_sale_that_is_paid_in_the_end_gets_its_goods(fake: FakeShop) -> None:
    sale = reserved(fake)
    number = charge(fake, sale, Standing.WAITING).attempt.number
    fake.shop.leave_sale(fake.cashier, sale.id, undo=False)
    next_basket = basket(fake, codes=1)
    fake.shop.keep_basket(next_basket)
    one(fake).customer_pays(number)
    assert_delivered(fake, sale)
    assert fake.till.pages.basket == next_basket  # the next customer's goods stay where they are


def test_a_parked_sale_that_nobody_pays_is_let_go(fake: FakeShop) -> None:
    sale = reserved(fake)
    charge(fake, sale, Standing.WAITING)
    fake.shop.leave_sale(fake.cashier, sale.id, undo=False)
    assert_let_go(fake, sale)


def test_the_basket_is_emptied_by_what_is_paid_at_the_counter(fake: FakeShop) -> None:
    sale = reserved(fake)
    fake.shop.keep_basket(basket(fake))
    charge(fake, sale)
    assert fake.till.pages.basket is None


def test_money_for_a_sale_that_is_gone_goes_back(fake: FakeShop) -> None:
    """Whoever ended the sale: a payment for it is not kept."""
    sale = reserved(fake)
    number = charge(fake, sale, Standing.WAITING).attempt.number
    with fake.till.open_books() as books:
        books.sales.put(sale.moved_to(SaleState.CANCELLING, trouble="elsewhere"))
        books.commit()
    one(fake).customer_pays(number)
    wait(fake, 5)
    assert fake.shop.follow_payment(number).attempt.state is AttemptState.REVERSING
    assert_let_go(fake, sale)


def test_what_the_platform_cannot_deliver_goes_back_the_way_it_came(fake: FakeShop) -> None:
    """G12."""
    sale = reserved(fake)
    charge(fake, sale)
    fake.platform.cancel(fake.platform.enrolment, sale.id, "operator")
    fake.platform.fail_next("confirm", "before_effect", Unreachable("down"))
    with pytest.raises(Unreachable):
        fake.shop.go_on(sale.id)
    assert fake.shop.go_on(sale.id).sale.state is SaleState.REFUND_DUE
    given = fake.shop.give_back(Giving(fake.cashier), sale.id, sale.lines[0].line_id)
    assert (given.cash, given.electronic) == (Money(0), TOTAL)
    settle(fake)
    assert one(fake).kept_money() == 0
    assert sale_of(fake, sale).state is SaleState.REFUNDED
