"""Whatever becomes of a payment on its way, bank and till tell the same in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_app.domain.attempt import AttemptState
from pos_app.domain.errors import PaymentCodeUnsupported, PaymentCodeUsed, PaymentUnsettled
from pos_app.domain.gateway import Standing
from pos_app.domain.money import Money
from pos_app.domain.payment_code import Wallet
from practice.gateways.bank import FULL_WALLET_FEN
from practice.gateways.course import Course, Doing
from practice.gateways.mischief import Fault, Kind
from tests.payments.failures.bench import ALL, DATED, NAMING_THEIR_KEY, PRICE, SIGNED, Counter

every_gateway = pytest.mark.parametrize("practice", ALL)
forgetting = pytest.mark.parametrize("remembers", [True, False], ids=["remembers", "forgets"])

SENT, PAID, FAILED = AttemptState.SENT, AttemptState.PAID, AttemptState.FAILED
REVERSING, REVERSED, REFUNDED = AttemptState.REVERSING, AttemptState.REVERSED, AttemptState.REFUNDED


@every_gateway
def test_pay_is_answered(practice: str) -> None:
    counter = Counter(practice)
    attempt = counter.scan()
    assert attempt.state is PAID
    assert counter.kept(attempt) == PRICE.minor
    counter.settle()
    counter.agree()


@every_gateway
def test_pay_times_out_and_is_paid(practice: str) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [Fault.LOST_AFTER]
    attempt = counter.scan()
    assert (attempt.state, attempt.standing) == (SENT, None)
    assert counter.ask(attempt).state is PAID
    assert counter.kept(attempt) == PRICE.minor
    counter.settle()
    counter.agree()


@every_gateway
@forgetting
def test_pay_times_out_and_is_not_paid(practice: str, remembers: bool) -> None:
    counter = Counter(practice, remembers=remembers)
    counter.script.next[Kind.PAY] = [Fault.LOST_BEFORE]
    attempt = counter.scan()
    assert counter.wait(attempt).state is REVERSING
    counter.settle()
    assert counter.stored(attempt).state is REVERSED
    counter.agree()


@every_gateway
def test_pay_arrives_late_while_it_is_asked_for(practice: str) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [Fault.LATE]
    attempt = counter.scan()
    assert counter.ask(attempt).standing is Standing.ABSENT
    assert counter.wait(attempt).state is PAID
    counter.settle()
    counter.agree()


@every_gateway
@forgetting
@pytest.mark.parametrize("late", [90.0, 20_000.0])
def test_pay_arrives_after_it_was_given_up(practice: str, late: float, remembers: bool) -> None:
    """Also there where an undone order is forgotten, so that the late request takes the customer's money."""
    counter = Counter(practice, remembers=remembers)
    counter.script.next[Kind.PAY] = [Fault.LATE]
    counter.script.late = late
    attempt = counter.scan()
    counter.wait(attempt)
    counter.settle()
    assert counter.stored(attempt).state in (REVERSED, REFUNDED)
    assert (counter.wired.teller.bank.charged(attempt.number) == 1) == (not remembers)
    counter.agree()


@every_gateway
def test_answer_lost_and_the_first_question_finds_no_such_order(practice: str) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [Fault.LOST_AFTER]
    counter.script.next[Kind.ASK] = [Fault.NOT_FOUND]
    attempt = counter.scan()
    assert counter.ask(attempt).state is SENT
    assert counter.ask(attempt).state is PAID
    counter.agree()


# --- the password ---


@every_gateway
def test_password_then_paid(practice: str) -> None:
    counter = Counter(practice)
    counter.script.customer(Doing.PASSWORD_PAYS, 8)
    attempt = counter.scan()
    assert attempt.state is SENT
    # Lakala's word for it is not public
    waiting = Standing.PROCESSING if practice == "lakala" else Standing.WAITING
    assert counter.ask(attempt).standing is waiting
    with pytest.raises(PaymentUnsettled):
        counter.fake.shop.take_cash(counter.fake.cashier, attempt.sale_id, Money(20_000))
    with pytest.raises(PaymentUnsettled):
        counter.scan(counter.sale_of(attempt))
    assert counter.wait(attempt).state is PAID
    counter.settle()
    counter.agree()


@every_gateway
def test_password_then_cancelled_and_another_code_pays(practice: str) -> None:
    counter = Counter(practice)
    counter.script.customer(Doing.PASSWORD_CANCELS, 8)
    attempt = counter.scan()
    counter.wait(attempt)
    while counter.stored(attempt).state is REVERSING:  # WeChat Pay wants such an order reversed
        counter.ask(attempt)
    assert counter.stored(attempt).state is (REVERSED if practice.startswith("wechat") else FAILED)
    counter.script.doing = Course()
    assert counter.scan(counter.sale_of(attempt)).state is PAID
    counter.settle()
    counter.agree()


@every_gateway
def test_password_ignored_and_cash_pays(practice: str) -> None:
    counter = Counter(practice)
    counter.script.customer(Doing.PASSWORD_NEVER)
    attempt = counter.scan()
    assert counter.wait(attempt).state is REVERSING
    while counter.stored(attempt).state is REVERSING:
        counter.ask(attempt)
    assert counter.stored(attempt).state is REVERSED
    counter.fake.shop.take_cash(counter.fake.cashier, attempt.sale_id, PRICE)
    counter.settle()
    counter.agree()


@every_gateway
def test_password_typed_after_the_first_undo(practice: str) -> None:
    """The gateway says that it undid the order, and the customer pays all the same."""
    counter = Counter(practice)
    counter.script.customer(Doing.PAYS_AFTER_UNDO, 2)
    attempt = counter.scan()
    counter.wait(attempt)
    counter.settle()
    assert counter.wired.teller.bank.charged(attempt.number) == 1
    assert counter.sale_of(attempt).paid_at is None
    counter.agree()


@every_gateway
def test_password_typed_when_patience_is_over(practice: str) -> None:
    counter = Counter(practice)
    counter.script.customer(Doing.PASSWORD_PAYS, 75)
    attempt = counter.scan()
    counter.wait(attempt)
    counter.settle()
    assert counter.stored(attempt).state in (REVERSED, REFUNDED)
    counter.agree()


@every_gateway
def test_the_cashier_stops_a_payment_that_is_paid_in_the_same_moment(practice: str) -> None:
    counter = Counter(practice)
    counter.script.customer(Doing.PASSWORD_PAYS, 1)
    attempt = counter.scan()
    assert counter.stop(attempt).state is REVERSING
    counter.settle()
    assert counter.stored(attempt).state in (REVERSED, REFUNDED)
    assert counter.wired.teller.bank.charged(attempt.number) == 1
    counter.agree()


@every_gateway
@pytest.mark.parametrize("undo", [False, True])
def test_the_next_customer_is_served_while_one_looks_for_the_password(practice: str, undo: bool) -> None:
    counter = Counter(practice)
    counter.script.customer(Doing.PASSWORD_PAYS, 20)
    attempt = counter.scan()
    counter.fake.shop.leave_sale(counter.fake.cashier, attempt.sale_id, undo=undo)
    counter.script.doing = Course()
    assert counter.scan().state is PAID
    counter.settle()
    assert (counter.stored(attempt).state is PAID) == (not undo)
    counter.agree()


# --- troubles that say nothing ---

TROUBLES = {
    "SYSTEMERROR or ACQ.SYSTEM_ERROR's like, not paid": Fault.SYSTEM_ERROR_BEFORE,
    "BANKERROR or ACQ.SYSTEM_ERROR, paid": Fault.SYSTEM_ERROR_AFTER,
    "500, not paid": Fault.ERROR_500_BEFORE,
    "500, paid": Fault.ERROR_500_AFTER,
    "a web page, paid": Fault.HTML,
    "an unsigned refusal, paid": Fault.FORGED_REFUSAL,
    "answered twice, paid": Fault.DUPLICATE,
}
UNPAID = (Fault.SYSTEM_ERROR_BEFORE, Fault.ERROR_500_BEFORE)


@every_gateway
@pytest.mark.parametrize("fault", TROUBLES.values(), ids=TROUBLES.keys())
def test_trouble_there_is_no_answer(practice: str, fault: Fault) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [fault]
    attempt = counter.scan()
    assert attempt.state in (SENT, PAID)
    assert counter.wait(attempt).state is (REVERSING if fault in UNPAID else PAID)
    counter.settle()
    counter.agree()


@every_gateway
@pytest.mark.parametrize("fault", TROUBLES.values(), ids=TROUBLES.keys())
def test_trouble_with_every_question(practice: str, fault: Fault) -> None:
    """Nothing is said of a payment that is paid: it goes back, and nobody gets goods for it."""
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [Fault.LOST_AFTER]
    counter.script.always[Kind.ASK] = fault
    attempt = counter.scan()
    if fault is Fault.DUPLICATE:
        assert counter.wait(attempt).state is PAID
    else:
        assert counter.wait(attempt).state is REVERSING
    counter.script.always.clear()
    counter.settle()
    counter.agree()


# --- definite words ---

REFUSALS = (Doing.NO_MONEY, Doing.CODE_EXPIRED, Doing.CODE_USED, Doing.WRONG_WALLET)


@every_gateway
@pytest.mark.parametrize("doing", REFUSALS)
def test_a_definite_refusal_and_the_next_code_pays_at_once(practice: str, doing: Doing) -> None:
    counter = Counter(practice)
    counter.script.customer(doing)
    attempt = counter.scan()
    # Lakala's codes are not public, so it is asked before it is believed
    assert attempt.state is (SENT if practice == "lakala" else FAILED)
    assert counter.wait(attempt).state is FAILED
    counter.script.doing = Course()
    assert counter.scan(counter.sale_of(attempt)).state is PAID
    counter.settle()
    counter.agree()


@every_gateway
def test_a_code_is_charged_once(practice: str) -> None:
    counter = Counter(practice)
    code = counter.code()
    first = counter.scan(code=code)
    with pytest.raises(PaymentCodeUsed):
        counter.scan(code=code)
    again = counter.fake.shop.charge_code(counter.fake.cashier, first.sale_id, code)
    assert again.attempt.number == first.number
    assert counter.heard(Kind.PAY, first) == 1
    counter.agree()


@every_gateway
def test_a_wallet_that_nobody_takes_is_not_sent(practice: str) -> None:
    counter = Counter(practice)
    refused = [each for each in Wallet if each not in counter.rules.scans]
    for wallet in refused:
        with pytest.raises(PaymentCodeUnsupported):
            counter.scan(code=counter.code(wallet))
    assert counter.wired.teller.bank.orders() == ()


# --- the same order number again ---


@every_gateway
def test_an_order_number_that_another_till_took(practice: str) -> None:
    """OUT_TRADE_NO_USED, CONTEXT_INCONSISTENT, CLIENT_SN_CONFLICT: what is paid there is not our customer's."""
    counter = Counter(practice)
    foreign, bank = counter.code(), counter.wired.teller.bank
    counter.script.before_pay = lambda number: bank.pay(number, 777, foreign.text, Course())
    ours = counter.code()
    attempt = counter.scan(code=ours)
    assert attempt.state is SENT
    assert counter.wait(attempt).state is REVERSING
    counter.pass_time(timedelta(hours=1))
    assert bank.balance(ours.text) == FULL_WALLET_FEN
    assert counter.sale_of(attempt).paid_at is None


# --- answers that cannot be believed ---


@pytest.mark.parametrize("kind", [Kind.PAY, Kind.ASK])
@pytest.mark.parametrize(
    ("practice", "fault"),
    [
        *((name, Fault.BAD_SIGNATURE) for name in SIGNED),
        *((name, Fault.STALE) for name in DATED),
        *((name, Fault.UNKNOWN_SERIAL) for name in NAMING_THEIR_KEY),
        *((name, Fault.AMOUNT_ALTERED) for name in ALL),
        *((name, Fault.NUMBER_ALTERED) for name in ALL),
    ],
)
def test_an_answer_that_cannot_be_believed(practice: str, fault: Fault, kind: Kind) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [Fault.LOST_AFTER]
    counter.script.next[kind] = [fault]
    attempt = counter.scan()
    assert attempt.state is SENT, "believed"
    if kind is Kind.ASK:
        assert counter.ask(attempt).state is SENT, "believed"
    assert counter.ask(attempt).state is PAID
    counter.settle()
    counter.agree()


@every_gateway
def test_questions_time_out_throughout(practice: str) -> None:
    counter = Counter(practice)
    counter.script.next[Kind.PAY] = [Fault.LOST_AFTER]
    counter.script.always[Kind.ASK] = Fault.LOST_BEFORE
    attempt = counter.scan()
    assert counter.wait(attempt).state is REVERSING
    for _ in range(12):
        assert counter.ask(attempt).state is REVERSING  # undone, says the gateway; believed only when asked
    assert counter.kept(attempt) == 0
    counter.script.always.clear()
    counter.settle()
    counter.agree()
