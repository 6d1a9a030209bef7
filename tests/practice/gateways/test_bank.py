"""What the bank behind the practice gateways promises: money moves once, and undoing means what its memory says."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from practice.gateways.bank import Bank
from practice.gateways.course import Course, Doing, wallet_of
from practice.gateways.told import Refusal, State
from tests.practice.gateways.plain import CODE, Hands

PAYS = Course()
OTHER = "130000000000000001"


@pytest.fixture
def hands() -> Hands:
    return Hands()


@pytest.fixture
def bank(hands: Hands) -> Bank:
    return Bank(hands)


def test_a_payment_moves_the_money_once(bank: Bank) -> None:
    before = bank.balance(CODE)
    assert bank.pay("A1", 500, CODE, PAYS).state is State.PAID
    assert (bank.charged("A1"), bank.kept("A1"), bank.balance(CODE)) == (1, 500, before - 500)


def test_a_number_is_good_for_one_order(bank: Bank) -> None:
    bank.pay("A1", 500, CODE, PAYS)
    assert bank.pay("A1", 500, CODE, PAYS).refusal is Refusal.NUMBER_TAKEN
    assert bank.pay("A1", 501, CODE, PAYS).refusal is Refusal.NUMBER_TAKEN_OTHERWISE
    assert bank.pay("A1", 500, OTHER, PAYS).refusal is Refusal.NUMBER_TAKEN_OTHERWISE
    assert (bank.charged("A1"), bank.kept("A1")) == (1, 500)


def test_a_code_is_good_for_one_payment(bank: Bank) -> None:
    bank.pay("A1", 500, CODE, PAYS)
    told = bank.pay("A2", 500, CODE, PAYS)
    assert (told.state, told.refusal, told.failure) == (State.FAILED, Refusal.CODE_USED, Refusal.CODE_USED)
    assert bank.charged("A2") == 0


def test_a_code_that_was_made_here_lives_a_minute(bank: Bank, hands: Hands) -> None:
    fresh, old = bank.new_code("alipay", "012"), bank.new_code("alipay")
    assert (wallet_of(fresh), fresh[-3:]) == ("alipay", "012")
    assert bank.pay("A1", 500, fresh, PAYS).state is State.PAID
    hands.advance(61)
    assert bank.pay("A2", 500, old, PAYS).refusal is Refusal.CODE_EXPIRED


@pytest.mark.parametrize(
    ("code", "refusal"),
    [("280000000000000000", Refusal.WRONG_WALLET), ("6901234567892", Refusal.CODE_INVALID)],
)
def test_a_code_of_another_wallet_is_refused(hands: Hands, code: str, refusal: Refusal) -> None:
    bank = Bank(hands, wallets=frozenset({"wechat"}))
    assert bank.pay("A1", 500, code, PAYS).refusal is refusal


def test_a_wallet_that_holds_less_is_refused(bank: Bank) -> None:
    assert bank.pay("A1", bank.balance(CODE) + 1, CODE, PAYS).refusal is Refusal.NO_MONEY
    assert bank.kept("A1") == 0


@pytest.mark.parametrize(
    ("doing", "state", "kept"),
    [
        (Doing.PASSWORD_PAYS, State.PAID, 500),
        (Doing.PASSWORD_NEVER, State.WAITING, 0),
        (Doing.PASSWORD_CANCELS, State.FAILED, 0),
    ],
)
def test_a_customer_who_is_asked_for_a_password(
    bank: Bank, hands: Hands, doing: Doing, state: State, kept: int
) -> None:
    assert bank.pay("A1", 500, CODE, Course(doing, 8)).state is State.WAITING
    hands.advance(7)
    assert bank.ask("A1").state is State.WAITING
    hands.advance(1)
    assert (bank.ask("A1").state, bank.kept("A1")) == (state, kept)


@pytest.mark.parametrize("doing", [Doing.NO_MONEY, Doing.CODE_EXPIRED, Doing.CODE_USED, Doing.WRONG_WALLET])
def test_a_course_can_refuse(bank: Bank, doing: Doing) -> None:
    told = bank.pay("A1", 500, CODE, Course(doing))
    assert (told.state, told.refusal) == (State.FAILED, Refusal(doing.value))
    assert bank.charged("A1") == 0


def test_undoing_an_unpaid_order_closes_it_for_ever(bank: Bank, hands: Hands) -> None:
    bank.pay("A1", 500, CODE, Course(Doing.PASSWORD_PAYS, 8))
    assert bank.undo("A1").state is State.CLOSED
    hands.advance(9)
    assert (bank.ask("A1").state, bank.charged("A1")) == (State.CLOSED, 0)


def test_undoing_a_paid_order_gives_all_of_it_back_once(bank: Bank) -> None:
    before = bank.balance(CODE)
    bank.pay("A1", 500, CODE, PAYS)
    bank.refund("A1", "R1", 200)
    assert [bank.undo("A1").state, bank.undo("A1").state] == [State.CLOSED, State.CLOSED]
    assert (bank.charged("A1"), bank.kept("A1"), bank.balance(CODE)) == (1, 0, before)


def test_a_customer_who_pays_after_the_first_undo_is_paid_back_by_the_second(
    bank: Bank, hands: Hands
) -> None:
    bank.pay("A1", 500, CODE, Course(Doing.PAYS_AFTER_UNDO, 2))
    hands.advance(60)
    assert bank.undo("A1").refusal is None
    assert bank.kept("A1") == 0
    hands.advance(2)
    assert (bank.ask("A1").state, bank.kept("A1")) == (State.PAID, 500)
    bank.undo("A1")
    assert (bank.ask("A1").state, bank.kept("A1")) == (State.CLOSED, 0)


@pytest.mark.parametrize(("remembers", "kept"), [(True, 0), (False, 500)])
def test_what_undoing_an_unknown_order_means(hands: Hands, remembers: bool, kept: int) -> None:
    bank = Bank(hands, remembers=remembers)
    bank.later(20, lambda: bank.pay("A1", 500, CODE, PAYS))
    assert bank.undo("A1").refusal is Refusal.NO_ORDER
    hands.advance(19)
    assert bank.kept("A1") == 0
    hands.advance(1)
    assert (bank.kept("A1"), bank.charged("A1")) == (kept, kept // 500)


def test_what_comes_late_comes_in_its_order(bank: Bank, hands: Hands) -> None:
    bank.later(30, lambda: bank.undo("A1"))
    bank.later(20, lambda: bank.pay("A1", 500, CODE, PAYS))
    hands.advance(100)
    told = bank.ask("A1")
    assert (told.state, told.paid_at) == (State.CLOSED, hands.now - 80)


def test_refunds_happen_once_each_and_never_over_the_rest(bank: Bank) -> None:
    bank.pay("A1", 500, CODE, PAYS)
    assert bank.refund("A1", "R1", 200).state is State.PART_REFUNDED
    assert bank.refund("A1", "R1", 200).refusal is None
    assert bank.kept("A1") == 300
    assert bank.refund("A1", "R1", 100).refusal is Refusal.REFUND_OTHERWISE
    assert bank.refund("A1", "R2", 301).refusal is Refusal.OVER_THE_REST
    assert bank.refund("A1", "R2", 0).refusal is Refusal.OVER_THE_REST
    assert bank.refund("A1", "R2", 300).state is State.REFUNDED
    assert bank.refund("A1", "R3", 1).refusal is Refusal.OVER_THE_REST
    assert bank.kept("A1") == 0
    told = bank.ask("A1", "R2").refund
    assert told is not None
    assert told.amount == 300
    assert bank.ask("A1", "R3").refund is None


def test_only_paid_orders_are_refunded(bank: Bank) -> None:
    assert bank.refund("A1", "R1", 1).refusal is Refusal.NO_ORDER
    bank.pay("A1", 500, CODE, Course(Doing.PASSWORD_NEVER))
    assert bank.refund("A1", "R1", 1).refusal is Refusal.NOT_PAID


def test_a_shown_code_is_paid_once(bank: Bank) -> None:
    assert bank.show("A1", 500, 120).state is State.SHOWN
    assert bank.pay_shown("A1").state is State.PAID
    assert bank.pay_shown("A1").refusal is Refusal.ORDER_CLOSED
    assert (bank.charged("A1"), bank.kept("A1")) == (1, 500)


def test_a_shown_code_is_dead_after_its_time_and_after_an_undo(bank: Bank, hands: Hands) -> None:
    bank.show("A1", 500, 120)
    bank.show("A2", 500, 120)
    bank.undo("A1")
    assert bank.pay_shown("A1").refusal is Refusal.ORDER_CLOSED
    hands.advance(120)
    assert bank.pay_shown("A2").refusal is Refusal.ORDER_CLOSED
    assert bank.ask("A2").state is State.CLOSED


@pytest.mark.parametrize(("remembers", "kept"), [(True, 0), (False, 500)])
def test_where_a_shown_code_is_no_order_yet(hands: Hands, remembers: bool, kept: int) -> None:
    bank = Bank(hands, remembers=remembers)
    bank.show("A1", 500, 120, is_order_at_once=False)
    assert bank.ask("A1").refusal is Refusal.NO_ORDER
    assert bank.undo("A1").refusal is Refusal.NO_ORDER
    bank.pay_shown("A1")
    assert bank.kept("A1") == kept
    assert (bank.ask("A1").state is State.PAID) is (not remembers)


def test_a_bill_has_every_movement_of_its_day_with_both_numbers(bank: Bank, hands: Hands) -> None:
    today = bank.today()
    bank.pay("A1", 500, CODE, PAYS)
    bank.pay("A2", 700, OTHER, PAYS)
    bank.pay("A3", 900, "130000000000000002", Course(Doing.PASSWORD_NEVER))
    bank.refund("A1", "R1", 200)
    bank.undo("A2")
    hands.advance(86_400)
    bank.refund("A1", "R2", 300)
    lines = [(line.is_refund, line.number, line.amount, line.refund_number) for line in bank.bill(today)]
    assert lines == [
        (False, "A1", 500, ""),
        (False, "A2", 700, ""),
        (True, "A1", 200, "R1"),
        (True, "A2", 700, ""),
    ]
    assert [line.refund_number for line in bank.bill(today + timedelta(days=1))] == ["R2"]
    assert all(line.bank_number for line in bank.bill(today))


def anything(bank: Bank, chance: random.Random, code: str) -> Callable[[], object]:
    """Some request about some order."""
    number = f"A{chance.randrange(100)}"
    course = Course(chance.choice(list(Doing)), chance.choice([0, 3, 8]))
    refund, amount, at_once = f"R{chance.randrange(4)}", chance.choice([100, 500]), chance.random() < 0.5
    match chance.randrange(8):
        case 0 | 1 | 2 | 3:
            return lambda: bank.pay(number, 500, code, course)
        case 4:
            return lambda: bank.show(number, 500, 9, is_order_at_once=at_once)
        case 5:
            return lambda: bank.pay_shown(number, course)
        case 6:
            return lambda: bank.undo(number)
    return lambda: bank.refund(number, refund, amount)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("remembers", [True, False])
def test_no_mixture_of_requests_makes_or_loses_money(hands: Hands, seed: int, remembers: bool) -> None:
    chance = random.Random(seed)
    bank = Bank(hands, remembers=remembers)
    for step in range(400):
        act = anything(bank, chance, f"13000000000000{step:04d}")
        if chance.random() < 0.3:
            bank.later(chance.choice([0, 2, 20]), act)
        else:
            act()
        hands.advance(chance.choice([0, 1, 5]))
    hands.advance(100)
    for told in bank.orders():
        assert bank.charged(told.number) <= 1
        assert 0 <= bank.kept(told.number) <= told.amount
        assert (bank.kept(told.number) > 0) == (told.state in (State.PAID, State.PART_REFUNDED))
    moved = sum(-line.amount if line.is_refund else line.amount for line in bank.bill(bank.today()))
    assert moved == sum(bank.kept(told.number) for told in bank.orders()) > 0
