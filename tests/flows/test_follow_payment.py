"""Every payment comes to a certain end by itself: through silence, restarts, refusals and a whole day of watching."""

from __future__ import annotations

import contextlib
import itertools
from datetime import timedelta

import pytest

from pos_app.domain.attempt import AttemptState
from pos_app.domain.errors import GatewaySetupWrong, GatewayUnknown, PaymentUnsettled, Unreachable
from pos_app.domain.gateway import GatewayRules, RefundStanding, Standing, Undoing
from pos_app.domain.money import Money
from pos_app.domain.payment_code import Wallet
from pos_app.domain.sale import Sale, SaleState
from pos_app.shop import Next
from tests.fakes.till_books import FakeBooks
from tests.fakes.till_gateway import PATIENCE, RULES, FakeGateway, FakeGateways
from tests.fakes.till_shop import FakeShop
from tests.flows.paying import (
    ALIPAY,
    PART,
    TOTAL,
    assert_delivered,
    assert_let_go,
    attempt_of,
    charge,
    follow,
    lost,
    one,
    reserved,
    sale_of,
    settle,
    wait,
)


def given_up(fake: FakeShop) -> tuple[str, Sale]:
    """A customer who never entered the password, stopped by the cashier: number and sale."""
    sale = reserved(fake)
    number = charge(fake, sale, Standing.WAITING).attempt.number
    fake.shop.stop_payment(fake.cashier, number)
    return number, sale


# --- silence ---


def test_patience_over_it_is_undone_without_a_question(fake: FakeShop) -> None:
    sale = reserved(fake)
    attempt = charge(fake, sale, Standing.WAITING).attempt
    while attempt.state is AttemptState.SENT:
        attempt = follow(fake, attempt.number)
    assert fake.clock.now() == attempt.sent_at + PATIENCE
    assert [call for call, _ in one(fake).calls].count("undo") == 0
    assert follow(fake, attempt.number).state is AttemptState.REVERSED
    assert sale_of(fake, sale).state is SaleState.RESERVED
    assert fake.shop.take_cash(fake.cashier, sale.id, TOTAL).state is SaleState.PAID
    assert_delivered(fake, sale)


def test_paid_while_nothing_could_be_heard(fake: FakeShop) -> None:
    sale = reserved(fake)
    number = lost(fake, sale, "charge!").attempt.number
    one(fake).lose.extend(["ask", "ask!", "ask"])
    for _ in range(3):
        assert follow(fake, number).state is AttemptState.SENT
    assert follow(fake, number).state is AttemptState.PAID
    assert_delivered(fake, sale)


def test_paid_and_not_heard_before_patience_was_over(fake: FakeShop) -> None:
    """The customer's money was taken, and is given back: no goods without a certain word in time."""
    sale = reserved(fake)
    number = lost(fake, sale, "charge!").attempt.number
    one(fake).lose.extend(["ask"] * 60)
    while attempt_of(fake, number).state is AttemptState.SENT:
        follow(fake, number)
    one(fake).lose.clear()
    assert one(fake).kept_money() == TOTAL.minor
    fake.shop.leave_sale(fake.cashier, sale.id, undo=True)
    assert_let_go(fake, sale)
    assert attempt_of(fake, number).state is AttemptState.REFUNDED


def test_an_order_that_never_arrived(fake: FakeShop) -> None:
    sale = reserved(fake)
    number = lost(fake, sale).attempt.number
    while attempt_of(fake, number).state is AttemptState.SENT:
        follow(fake, number)
    fake.shop.leave_sale(fake.cashier, sale.id, undo=True)
    assert_let_go(fake, sale)
    assert (attempt_of(fake, number).state, attempt_of(fake, number).undone) == (AttemptState.REVERSED, 2)


@pytest.mark.parametrize("after", [timedelta(seconds=2), timedelta(minutes=20), timedelta(hours=20)])
def test_an_order_that_arrives_when_it_was_undone_already(fake: FakeShop, after: timedelta) -> None:
    """G8: absent after two undoings is believed, and still watched for a day."""
    sale = reserved(fake)
    number = lost(fake, sale).attempt.number
    while attempt_of(fake, number).state is not AttemptState.REVERSED:
        follow(fake, number)
    assert fake.shop.take_cash(fake.cashier, sale.id, TOTAL).state is SaleState.PAID
    fake.clock.advance(after)
    one(fake).arrives_late(number, TOTAL.minor)
    settle(fake)
    assert attempt_of(fake, number).state is AttemptState.REFUNDED
    assert one(fake).kept_money() == 0
    assert sale_of(fake, sale).state is SaleState.DONE  # the cash was for the goods


def test_what_is_watched_lets_other_payments_be_made(fake: FakeShop) -> None:
    sale = reserved(fake)
    number = lost(fake, sale).attempt.number
    while attempt_of(fake, number).state is not AttemptState.REVERSED:
        follow(fake, number)
    second = charge(fake, sale, Standing.WAITING, ALIPAY).attempt.number
    one(fake).arrives_late(number, TOTAL.minor)
    wait(fake, 61)
    one(fake).customer_pays(second)
    # The first turns up paid while the second is paid too: the first goes back, the second brings the goods.
    assert_delivered(fake, sale)
    assert attempt_of(fake, number).state is AttemptState.REFUNDED
    assert [each.reference for each in sale_of(fake, sale).payments] == [second]


def test_what_turns_up_again_holds_up_the_next_payment(fake: FakeShop) -> None:
    sale = reserved(fake)
    number = lost(fake, sale).attempt.number
    while attempt_of(fake, number).state is not AttemptState.REVERSED:
        follow(fake, number)
    one(fake).arrives_late(number, TOTAL.minor)
    assert follow(fake, number).state is AttemptState.REVERSING
    with pytest.raises(PaymentUnsettled):
        charge(fake, sale, code=ALIPAY)
    assert follow(fake, number).state is AttemptState.REFUNDED
    charge(fake, sale, code=ALIPAY)
    assert_delivered(fake, sale)


def test_a_photographed_code_that_is_paid_after_it_was_undone(fake: FakeShop) -> None:
    sale = reserved(fake)
    one(fake).lose.append("show")
    number = fake.shop.show_pay_code(fake.cashier, sale.id, Wallet.ALIPAY).attempt.number
    for _ in range(2):
        follow(fake, number)
    due = attempt_of(fake, number).next_at
    assert due == fake.clock.now() + timedelta(seconds=15)
    one(fake).arrives_late(number, TOTAL.minor)
    assert follow(fake, number).state is AttemptState.REVERSING
    fake.shop.leave_sale(fake.cashier, sale.id, undo=True)
    assert_let_go(fake, sale)


# --- undoing ---


@pytest.mark.parametrize("lose", [["undo"], ["undo!"], ["undo", "ask"], ["ask", "undo!", "ask"]])
def test_undoing_goes_on_until_it_is_heard(fake: FakeShop, lose: list[str]) -> None:
    number, sale = given_up(fake)
    one(fake).customer_pays(number)
    one(fake).lose.extend(lose)
    fake.shop.leave_sale(fake.cashier, sale.id, undo=True)
    assert_let_go(fake, sale)
    assert attempt_of(fake, number).state is AttemptState.REFUNDED


def test_busy_is_asked_again(fake: FakeShop) -> None:
    number, _ = given_up(fake)
    one(fake).undo_says = Undoing.BUSY
    for _ in range(3):
        assert follow(fake, number).state is AttemptState.REVERSING
    one(fake).undo_says = Undoing.DONE
    assert follow(fake, number).state is AttemptState.REVERSED
    assert attempt_of(fake, number).standing is Standing.CLOSED


def test_what_can_not_be_undone_any_more_is_refunded_under_one_number(fake: FakeShop) -> None:
    number, _ = given_up(fake)
    one(fake).customer_pays(number)
    one(fake).undo_says = Undoing.TOO_LATE
    one(fake).lose.append("refund")
    assert [follow(fake, number).state for _ in range(2)] == [AttemptState.REVERSING, AttemptState.REFUNDED]
    refunds = [said for call, said in one(fake).calls if call == "refund"]
    assert refunds == [f"{number}R00"] * 2
    assert one(fake).kept_money() == 0


def test_a_refund_that_is_refused_or_slow_is_asked_again(fake: FakeShop) -> None:
    number, _ = given_up(fake)
    one(fake).customer_pays(number)
    one(fake).undo_says = Undoing.TOO_LATE
    for said in (RefundStanding.FAILED, RefundStanding.PROCESSING):
        one(fake).refund_says = said
        assert follow(fake, number).state is AttemptState.REVERSING
    one(fake).refund_says = RefundStanding.DONE
    assert follow(fake, number).state is AttemptState.REFUNDED


def test_after_the_gateways_window_nothing_is_undone_only_refunded(fake: FakeShop) -> None:
    number, _ = given_up(fake)
    one(fake).customer_pays(number)
    fake.clock.advance(RULES.undo_within)
    assert follow(fake, number).state is AttemptState.REFUNDED
    assert {call for call, _ in one(fake).calls} == {"charge", "ask", "refund"}


def test_after_the_window_an_order_that_is_not_there_is_undone(fake: FakeShop) -> None:
    sale = reserved(fake)
    number = lost(fake, sale).attempt.number
    fake.clock.advance(RULES.undo_within)
    fake.shop.leave_sale(fake.cashier, sale.id, undo=True)
    one(fake).lose.append("ask")
    assert_let_go(fake, sale)
    assert "undo" not in {call for call, _ in one(fake).calls}
    assert attempt_of(fake, number).state is AttemptState.REVERSED


def test_nothing_is_undone_before_the_gateway_allows_it(fake: FakeShop) -> None:
    one(fake).rules = GatewayRules(frozenset(Wallet), undo_after=timedelta(seconds=15))
    number, _ = given_up(fake)
    sent = fake.clock.now()
    seen = []
    while attempt_of(fake, number).state is AttemptState.REVERSING:
        follow(fake, number)
        seen.append("undo" in {call for call, _ in one(fake).calls})
    assert seen == [False, False, False, False, True]
    assert fake.clock.now() == sent + timedelta(seconds=15)


def test_a_gateway_that_is_set_up_wrong_is_silence(fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    def wrong(self: FakeGateway, *args: object) -> object:
        raise GatewaySetupWrong("fake", "KEY")

    number, _ = given_up(fake)
    with monkeypatch.context() as broken:
        for call in ("ask", "undo", "refund"):
            broken.setattr(FakeGateway, call, wrong)
        assert follow(fake, number).state is AttemptState.REVERSING
    assert follow(fake, number).state is AttemptState.REVERSED


def test_somebody_gave_it_back_at_the_gateways_own_counter(fake: FakeShop) -> None:
    sale = reserved(fake)
    number = charge(fake, sale, Standing.WAITING).attempt.number
    one(fake).customer_pays(number)
    one(fake).undo(attempt_of(fake, number).order)
    assert follow(fake, number).state is AttemptState.REVERSING
    assert follow(fake, number).state is AttemptState.REFUNDED
    assert sale_of(fake, sale).state is SaleState.RESERVED


# --- who follows ---


def test_a_step_that_is_not_there_is_not_taken(fake: FakeShop) -> None:
    taking = charge(fake, reserved(fake))
    calls = list(one(fake).calls)
    assert fake.shop.follow_payment(taking.attempt.number) == taking
    assert fake.shop.follow_all() == ()
    assert one(fake).calls == calls


def test_what_is_undone_for_certain_is_asked_no_more(fake: FakeShop) -> None:
    number, _ = given_up(fake)
    follow(fake, number)
    calls = list(one(fake).calls)
    assert fake.shop.follow_payment(number).attempt.state is AttemptState.REVERSED
    assert one(fake).calls == calls


@pytest.mark.parametrize("course", [Standing.PAID, Standing.WAITING])
def test_an_answer_that_comes_after_somebody_gave_up_changes_nothing(
    fake: FakeShop, monkeypatch: pytest.MonkeyPatch, course: Standing
) -> None:
    sale = reserved(fake)
    number = charge(fake, sale, Standing.WAITING).attempt.number
    answer = FakeGateway.ask

    def stopped_meanwhile(self: FakeGateway, order: object) -> object:
        monkeypatch.undo()
        fake.shop.stop_payment(fake.cashier, number)
        return answer(self, order)  # type: ignore[arg-type]

    monkeypatch.setattr(FakeGateway, "ask", stopped_meanwhile)
    if course is Standing.PAID:
        one(fake).customer_pays(number)
    taking = fake.shop.follow_payment(number)
    assert (taking.attempt.state, taking.sale.state) == (AttemptState.REVERSING, SaleState.RESERVED)


def test_the_background_leaves_to_the_counter_what_the_counter_asks(fake: FakeShop) -> None:
    number = charge(fake, reserved(fake), Standing.WAITING).attempt.number
    wait(fake, 4.9)  # due for 1.9 seconds
    assert fake.shop.follow_all() == ()
    wait(fake, 0.1)
    (taking,) = fake.shop.follow_all()
    assert taking.attempt.number == number


def test_a_gateway_that_is_gone_holds_up_no_other(fake: FakeShop) -> None:
    gone, kept = reserved(fake), reserved(fake)
    first = charge(fake, gone, Standing.WAITING).attempt.number
    other = FakeGateway(fake.clock, name="other")
    fake.gateways.all[:] = [other]
    second = charge(fake, kept, Standing.WAITING, ALIPAY).attempt.number
    other.customer_pays(second)
    wait(fake, 60)
    assert [each.attempt.number for each in fake.shop.follow_all()] == [second]
    with pytest.raises(GatewayUnknown):
        fake.shop.follow_payment(first)
    assert attempt_of(fake, first).state is AttemptState.SENT
    # Put off, so that any number of them stand in no other one's way.
    assert fake.shop.follow_all() == ()
    assert attempt_of(fake, first).next_at == fake.clock.now() + timedelta(minutes=30)
    # It stands in the attention list until the gateway is set up again.
    assert gone.id in [item.sale.id for item in fake.shop.look_up.open_items()]


# --- after a kill ---


def restart(fake: FakeShop) -> None:
    fake.restarted().take_up()


def test_a_payment_that_was_under_way_is_taken_up_and_nobody_is_charged_twice(fake: FakeShop) -> None:
    """R4: killed after it was sent, before its answer was written; the goods follow the money."""
    sale = reserved(fake)
    fake.shop.keep_basket(fake.shop.new_sale())
    one(fake).next_course = Standing.PAID
    charge_now, kept = FakeGateway.charge, one(fake)

    def killed(charge: object) -> object:
        charge_now(kept, charge)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    kept.charge = killed  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        fake.shop.charge_code(fake.cashier, sale.id, ALIPAY)
    restart(fake)
    assert sale_of(fake, sale).is_left
    assert_delivered(fake, sale)
    assert len(kept.orders) == 1


@pytest.mark.parametrize("lose", ["charge", "charge!", "charge?"])
@pytest.mark.parametrize("steps", range(4))
def test_killed_at_each_look(fake: FakeShop, lose: str, steps: int) -> None:
    """R4: wherever it stood, a restart brings it to the same end."""
    sale = reserved(fake)
    number = lost(fake, sale, lose).attempt.number
    for _ in range(steps):
        if attempt_of(fake, number).is_live:
            follow(fake, number)
    restart(fake)
    if lose == "charge!":
        assert_delivered(fake, sale)
    else:
        assert_let_go(fake, sale)


@pytest.mark.parametrize("is_written", [False, True])
@pytest.mark.parametrize("step", range(1, 9))
@pytest.mark.parametrize("course", [Standing.PAID, Standing.WAITING, Standing.FAILED])
def test_killed_at_every_commit_of_a_payment(
    fake: FakeShop, monkeypatch: pytest.MonkeyPatch, step: int, course: Standing, is_written: bool
) -> None:
    """Just before the commit of that number, or just after it."""
    sale = reserved(fake)
    commit, commits = FakeBooks.commit, itertools.count(1)

    def killed(self: FakeBooks) -> None:
        is_now = next(commits) == step
        if is_written or not is_now:
            commit(self)
        if is_now:
            raise KeyboardInterrupt

    with monkeypatch.context() as till, contextlib.suppress(KeyboardInterrupt):
        till.setattr(FakeBooks, "commit", killed)
        pay_and_deliver(fake, sale, course)
    restart(fake)
    settle(fake)
    kept = one(fake).kept_money()
    is_sold = sale_of(fake, sale).state in (SaleState.DONE, SaleState.HAVE)  # HAVE: a slip is asked about
    assert is_sold or sale_of(fake, sale).state is SaleState.CANCELLED
    assert (len(fake.platform.delivered(sale.id)), kept) == ((2, TOTAL.minor) if is_sold else (0, 0))
    assert sum(each.paid > 0 for each in one(fake).orders.values()) <= 1


def pay_and_deliver(fake: FakeShop, sale: Sale, course: Standing) -> None:
    """One payment to its end; a password is waited for twice, then the cashier says stop."""
    attempt = charge(fake, sale, course).attempt
    while attempt.state is AttemptState.SENT and attempt.tries < 3:
        attempt = follow(fake, attempt.number)
    fake.shop.stop_payment(fake.cashier, attempt.number)
    while attempt_of(fake, attempt.number).is_live:
        follow(fake, attempt.number)
    if sale_of(fake, sale).state is SaleState.RESERVED:
        fake.shop.leave_sale(fake.cashier, sale.id, undo=True)
    fake.shop.go_on(sale.id)
    fake.shop.print_due()


def test_undoing_goes_on_after_a_restart(fake: FakeShop) -> None:
    """Killed between a lost undoing and the next: the attempt is still given up, whatever the gateway says."""
    number, sale = given_up(fake)
    one(fake).customer_pays(number)
    one(fake).lose.append("undo")
    follow(fake, number)
    restart(fake)
    assert attempt_of(fake, number).state is AttemptState.REVERSING
    assert_let_go(fake, sale)


def test_a_watch_goes_on_after_a_restart(fake: FakeShop) -> None:
    sale = reserved(fake)
    number = lost(fake, sale).attempt.number
    while attempt_of(fake, number).state is not AttemptState.REVERSED:
        follow(fake, number)
    restart(fake)
    assert sale_of(fake, sale).state is SaleState.CANCELLING
    one(fake).arrives_late(number, TOTAL.minor)
    assert_let_go(fake, sale)


def test_a_part_that_was_paid_goes_back_after_a_restart(fake: FakeShop) -> None:
    """Nobody stands there to pay the rest."""
    sale = reserved(fake)
    number = charge(fake, sale, amount=PART).attempt.number
    restart(fake)
    assert attempt_of(fake, number).state is AttemptState.REVERSING
    assert_let_go(fake, sale)


def test_a_sale_that_was_paid_before_the_kill_is_delivered(fake: FakeShop) -> None:
    sale = reserved(fake)
    charge(fake, sale)
    restart(fake)
    assert_delivered(fake, sale)


def test_a_cancel_without_an_answer_is_repeated_and_takes_no_money(fake: FakeShop) -> None:
    """R13, with a payment that failed before it."""
    sale = reserved(fake)
    charge(fake, sale, Standing.FAILED)
    fake.shop.cancel_sale(fake.cashier, sale.id, "")
    fake.platform.fail_next("cancel", "after_effect", Unreachable("down"))
    assert fake.shop.recover().waiting == (sale.id,)
    restart(fake)
    assert_let_go(fake, sale)


def test_what_is_not_certain_stands_in_the_attention_list(fake: FakeShop) -> None:
    """G10, also when its sale is done otherwise."""
    number, sale = given_up(fake)
    (item,) = fake.shop.look_up.open_items()
    assert ([each.number for each in item.attempts], item.next) == ([number], Next.CASHIER)
    assert fake.shop.look_up.status(None).open_items == 1
    follow(fake, number)
    fake.shop.take_cash(fake.cashier, sale.id, Money(20_000))
    assert_delivered(fake, sale)
    assert fake.shop.look_up.open_items() == ()


def test_two_gateways_each_take_their_own(fake: FakeShop) -> None:
    first = FakeGateway(fake.clock, name="first", rules=GatewayRules(frozenset({Wallet.WECHAT})))
    second = FakeGateway(fake.clock, name="second", rules=GatewayRules(frozenset({Wallet.ALIPAY})))
    fake.gateways = FakeGateways(first, second)
    fake.restarted()
    sale = reserved(fake)
    assert charge(fake, sale, amount=PART).attempt.gateway == "first"
    taking = fake.shop.charge_code(fake.cashier, sale.id, ALIPAY)
    assert (taking.attempt.gateway, taking.sale.state) == ("second", SaleState.PAID)
    assert (first.kept_money(), second.kept_money()) == (5_000, 15_000)
