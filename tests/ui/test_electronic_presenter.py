"""Electronic money without Qt: from the code to what is certain, whatever the wallet says in between."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_app.domain.attempt import AttemptState
from pos_app.domain.errors import NotAPaymentCode, PaymentCodeUsed, PaymentUnsettled, Unreachable
from pos_app.domain.gateway import Standing
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.payment_code import Wallet, read_payment_code
from pos_app.domain.sale import Sale, SaleState
from pos_app.ui.pay.electronic import PayHands
from pos_app.ui.pay.presenter import PayPresenter
from pos_app.ui.pay.state import PayState, Step
from pos_app.ui.run import Lane
from pos_app.ui.session import Session
from tests.fakes.till_gateway import FakeGateway
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.ui.till_day import RunNow

WECHAT, ALIPAY = "134567890123456789", "281234567890123456"


class SeenPay:
    def __init__(self) -> None:
        self.states: list[PayState] = []

    def draw(self, state: PayState) -> None:
        self.states.append(state)

    def clear_amount(self) -> None:
        """The field is Qt's."""


class Counter:
    """A basket of 100.00, its goods set aside, and a gateway that does what it is told."""

    def __init__(self) -> None:
        self.fake: FakeShop = make_fake_shop()
        self.view, self.run = SeenPay(), RunNow()
        self.paid: list[Sale] = []
        self.parked: list[int] = []
        self.back: list[object] = []
        self.scans: list[str] = []
        self.took: list[tuple[Wallet, Money]] = []
        hands = PayHands(
            came_back=lambda error, fresh: self.back.append(error),
            paid=self.paid.append,
            scanned=self.scans.append,
            left_open=lambda trouble: None,
            changed=lambda: None,
            parked=lambda: self.parked.append(1),
            took=lambda wallet, amount: self.took.append((wallet, amount)),
        )
        session = Session(cashier=self.fake.cashier)
        self.pay = PayPresenter(self.view, self.fake.shop, self.run, session, hands)

    @property
    def state(self) -> PayState:
        return self.pay.state

    @property
    def gateway(self) -> FakeGateway:
        return self.fake.gateways.one

    def start(self, code: str | None = None) -> None:
        product = self.fake.products[0]
        sale = self.fake.shop.new_sale().with_product(product, 1, self.fake.clock.new_id())
        self.pay.start(sale, read_payment_code(code) if code else None)

    def later(self, seconds: float) -> None:
        self.fake.clock.advance(timedelta(seconds=seconds))
        self.pay.tick()

    @property
    def on_disk(self) -> Sale:
        assert self.state.sale is not None
        return self.fake.shop.look_up.sale(self.state.sale.id).sale


@pytest.fixture
def counter() -> Counter:
    return Counter()


def test_a_code_scanned_while_paying_pays_everything(counter: Counter) -> None:
    counter.start()
    counter.pay.book(WECHAT)
    assert counter.state.step is Step.DONE
    (payment,) = counter.paid[0].payments
    assert (payment.tender, payment.amount) == (Tender.WECHAT, Money(10_000))
    assert counter.took == [(Wallet.WECHAT, Money(10_000))]
    assert Lane.MONEY in counter.run.lanes


def test_a_code_scanned_on_the_selling_page_waits_for_the_goods_only(counter: Counter) -> None:
    counter.start(ALIPAY)
    assert counter.state.step is Step.DONE
    assert counter.paid[0].payments[0].tender is Tender.ALIPAY
    assert [call for call, _ in counter.gateway.calls] == ["charge"]


def test_no_drawer_opens_for_a_wallet(counter: Counter) -> None:
    counter.start(WECHAT)
    assert counter.fake.printer.drawers_opened == 0


def test_the_password_is_waited_for_with_a_countdown(counter: Counter) -> None:
    counter.gateway.next_course = Standing.WAITING
    counter.start(WECHAT)
    assert (counter.state.step, counter.state.seconds_left) == (Step.WALLET, 60)
    counter.later(2)
    assert counter.state.seconds_left == 58
    assert [call for call, _ in counter.gateway.calls] == ["charge"]  # not asked before its time
    assert counter.state.taking is not None
    counter.gateway.customer_pays(counter.state.taking.attempt.number)
    counter.later(2)
    assert counter.state.step is Step.DONE


def test_a_no_is_said_and_another_code_may_be_scanned(counter: Counter) -> None:
    counter.gateway.next_course = Standing.FAILED
    counter.start(WECHAT)
    assert counter.state.step is Step.MONEY
    assert counter.state.ended is not None
    assert counter.state.ended.state is AttemptState.FAILED
    counter.gateway.next_course = Standing.PAID
    counter.pay.book(ALIPAY)
    assert counter.state.step is Step.DONE


def test_the_same_code_held_longer_before_the_scanner_is_one_payment(counter: Counter) -> None:
    counter.gateway.next_course = Standing.WAITING
    counter.start(WECHAT)
    counter.pay.book(WECHAT)
    assert counter.state.trouble is None
    counter.pay.book(ALIPAY)
    assert isinstance(counter.state.trouble, PaymentUnsettled)
    assert [call for call, _ in counter.gateway.calls] == ["charge"]


def test_a_product_scanned_meanwhile_says_what_it_is(counter: Counter) -> None:
    counter.gateway.next_course = Standing.WAITING
    counter.start(WECHAT)
    counter.pay.book("6900000000001")
    assert isinstance(counter.state.trouble, NotAPaymentCode)
    assert (counter.scans, counter.state.step) == (["6900000000001"], Step.WALLET)


def test_a_code_of_another_sale_is_not_charged_again(counter: Counter) -> None:
    counter.start(WECHAT)
    counter.start(WECHAT)
    assert isinstance(counter.state.trouble, PaymentCodeUsed)
    assert counter.state.step is Step.MONEY


def test_stop_undoes_it_and_cash_comes_only_afterwards(counter: Counter) -> None:
    counter.gateway.next_course = Standing.WAITING
    counter.gateway.undo_says = counter.gateway.undo_says.__class__.BUSY
    counter.start(WECHAT)
    counter.pay.back()
    counter.later(0)
    assert counter.state.step is Step.WALLET  # nothing is certain: no cash, no other code
    counter.pay.book("")
    assert not counter.paid
    counter.gateway.undo_says = counter.gateway.undo_says.__class__.DONE
    counter.later(4)
    assert counter.state.step is Step.MONEY
    assert counter.state.ended is not None
    assert counter.state.ended.state is AttemptState.REVERSED
    counter.pay.book("")
    assert counter.paid[0].payments[0].tender is Tender.CASH


def test_patience_ends_by_itself(counter: Counter) -> None:
    counter.gateway.next_course = Standing.PROCESSING
    counter.start(WECHAT)
    counter.later(61)
    counter.later(1)
    assert counter.state.step is Step.MONEY
    assert counter.gateway.kept_money() == 0


def test_asking_again_does_not_wait(counter: Counter) -> None:
    counter.gateway.next_course = Standing.PROCESSING
    counter.start(WECHAT)
    assert counter.state.taking is not None
    counter.gateway.customer_pays(counter.state.taking.attempt.number)
    counter.pay.ask_again()
    assert counter.state.step is Step.DONE


def test_parked_it_is_followed_by_itself(counter: Counter) -> None:
    counter.gateway.next_course = Standing.WAITING
    counter.start(WECHAT)
    assert counter.state.taking is not None
    number, sale = counter.state.taking.attempt.number, counter.state.taking.sale
    counter.pay.park()
    assert (counter.parked, counter.state.step) == ([1], Step.NOTHING)
    counter.start(ALIPAY)  # the next customer's wallet asks for a password too
    counter.gateway.customer_pays(number)
    counter.fake.clock.advance(timedelta(seconds=10))
    counter.fake.shop.follow_all()
    assert counter.fake.shop.look_up.sale(sale.id).sale.state is SaleState.PAID


def test_a_part_by_wallet_and_the_rest_in_cash(counter: Counter) -> None:
    counter.start()
    counter.pay.typed("40")
    counter.pay.take_part()
    assert counter.state.part == Money(4_000)
    counter.pay.book("")  # only a code is waited for
    assert not counter.paid
    counter.pay.book(WECHAT)
    assert (counter.state.step, counter.state.left, counter.state.part) == (Step.MONEY, Money(6_000), None)
    counter.pay.book("100")
    assert [(p.tender, p.amount, p.change) for p in counter.paid[0].payments] == [
        (Tender.WECHAT, Money(4_000), Money(0)),
        (Tender.CASH, Money(6_000), Money(4_000)),
    ]


@pytest.mark.parametrize("typed", ["", "0", "100", "250", "abc"])
def test_what_is_no_part_is_no_part(counter: Counter, typed: str) -> None:
    counter.start()
    counter.pay.typed(typed)
    counter.pay.take_part()
    assert counter.state.part is None


def test_back_out_of_a_part_that_was_only_typed(counter: Counter) -> None:
    counter.start()
    counter.pay.typed("40")
    counter.pay.take_part()
    counter.pay.back()
    assert (counter.state.step, counter.state.part) == (Step.MONEY, None)


def test_letting_go_with_a_part_paid_gives_it_back(counter: Counter) -> None:
    counter.start()
    counter.pay.typed("40")
    counter.pay.take_part()
    counter.pay.book(WECHAT)
    sale = counter.on_disk
    counter.pay.back()
    assert counter.back == [None]
    counter.fake.clock.advance(timedelta(seconds=10))
    counter.fake.shop.follow_all()
    counter.fake.shop.recover()
    assert counter.gateway.kept_money() == 0
    assert counter.fake.shop.look_up.sale(sale.id).sale.state is SaleState.CANCELLED


def test_a_code_that_the_shop_shows(counter: Counter) -> None:
    counter.start()
    counter.pay.show(Wallet.UNIONPAY)  # this gateway shows none for it
    assert counter.state.step is Step.MONEY
    counter.pay.show(Wallet.ALIPAY)
    assert counter.state.taking is not None
    assert counter.state.taking.attempt.qr.startswith("https://pay.example/")
    counter.gateway.customer_pays(counter.state.taking.attempt.number)
    counter.later(3)
    assert counter.state.step is Step.DONE


def test_a_code_that_could_not_be_made_is_undone(counter: Counter) -> None:
    counter.start()
    counter.gateway.lose.append("show")
    counter.pay.show(Wallet.ALIPAY)
    assert counter.state.taking is not None
    assert counter.state.taking.attempt.state is AttemptState.REVERSING
    counter.later(1)
    counter.later(5)
    assert counter.state.step is Step.MONEY


def test_an_answer_to_a_sale_that_is_not_shown_changes_nothing(counter: Counter) -> None:
    counter.gateway.next_course = Standing.WAITING
    counter.start(WECHAT)
    taking = counter.state.taking
    assert taking is not None
    counter.pay.park()
    counter.pay._stands(taking)
    assert counter.state.step is Step.NOTHING


def test_a_question_that_fails_is_said_and_asked_again(counter: Counter) -> None:
    counter.gateway.next_course = Standing.WAITING
    counter.start(WECHAT)
    follow = counter.fake.shop.follow_payment

    def broken(number: str) -> object:
        raise Unreachable("down")

    object.__setattr__(counter.fake.shop, "follow_payment", broken)
    counter.later(4)
    assert isinstance(counter.state.trouble, Unreachable)
    object.__setattr__(counter.fake.shop, "follow_payment", follow)
    counter.later(1)
    assert counter.state.trouble is None


def test_keys_that_mean_nothing_now_do_nothing(counter: Counter) -> None:
    for deed in (
        counter.pay.tick,
        counter.pay.ask_again,
        counter.pay.stop,
        counter.pay.park,
        counter.pay.take_part,
    ):
        deed()
    counter.pay.book(WECHAT)
    assert counter.state.step is Step.NOTHING
