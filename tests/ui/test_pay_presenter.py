"""Paying without Qt: what happens to the money, the goods and the paper, whatever fails in between."""

from __future__ import annotations

from typing import Any

import pytest

from pos_app.domain.errors import (
    AmountInvalid,
    CashTooLow,
    DiskTrouble,
    PaperTrouble,
    PosError,
    PriceChanged,
    Rejected,
    SoldOut,
    Unreachable,
    WalletEmpty,
)
from pos_app.domain.money import Money
from pos_app.domain.paper import PaperState
from pos_app.domain.sale import Sale, SaleState
from pos_app.ui.pay.electronic import PayHands
from pos_app.ui.pay.presenter import PayPresenter
from pos_app.ui.pay.state import PayState, Step
from pos_app.ui.session import Session
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.ui.till_day import RunNow


class SeenPay:
    def __init__(self) -> None:
        self.states: list[PayState] = []

    def draw(self, state: PayState) -> None:
        self.states.append(state)

    def clear_amount(self) -> None:
        """The field is Qt's."""


class Counter:
    """The presenter at a shop that prints to a virtual pile."""

    def __init__(self) -> None:
        self.fake: FakeShop = make_fake_shop()
        self.view = SeenPay()
        self.back: list[tuple[PosError | None, Sale | None]] = []
        self.paid: list[Sale] = []
        self.scans: list[str] = []
        self.left_open: list[PosError | None] = []
        hands = PayHands(
            came_back=lambda error, fresh: self.back.append((error, fresh)),
            paid=self.paid.append,
            scanned=self.scans.append,
            left_open=self.left_open.append,
            changed=lambda: None,
            papers=lambda n: tuple(b"%d" % i for i in range(n, len(self.fake.printer.printed))),
        )
        session = Session(cashier=self.fake.cashier)
        self.pay = PayPresenter(self.view, self.fake.shop, RunNow(), session, hands)

    def basket(self, *places: int) -> Sale:
        sale = self.fake.shop.new_sale()
        for place in places or (0,):
            product = self.fake.products[place]
            fields = (("phone", "13800138000"),) if product.fields else ()
            sale = sale.with_product(product, 1, self.fake.clock.new_id(), fields)
        return sale

    @property
    def state(self) -> PayState:
        return self.pay.state


@pytest.fixture
def counter() -> Counter:
    return Counter()


def test_asking_then_cash_then_done(counter: Counter) -> None:
    counter.pay.start(counter.basket(0, 1))
    assert list(dict.fromkeys(state.step for state in counter.view.states)) == [Step.ASKING, Step.MONEY]
    assert counter.state.likely[0] == Money(20_000)
    counter.pay.typed("250")
    assert counter.state.change == Money(5_000)
    counter.pay.book("250")
    assert counter.state.step is Step.DONE
    assert counter.paid[0].receipt_number == "T1-000001"
    assert all(paper.state is PaperState.PRINTED for paper in counter.state.papers)
    assert len(counter.state.pictures) == 3


def test_booking_twice_is_harmless(counter: Counter) -> None:
    counter.pay.start(counter.basket())
    counter.pay.book("")
    counter.pay.book("")
    counter.pay.back()
    assert len(counter.paid) == 1
    assert counter.state.step is Step.DONE


@pytest.mark.parametrize(
    ("typed", "error"),
    [("1", CashTooLow), ("abc", AmountInvalid), ("1000001", AmountInvalid), ("1.234", AmountInvalid)],
)
def test_a_sum_that_cannot_be_is_said_and_nothing_is_booked(
    counter: Counter, typed: str, error: type
) -> None:
    counter.pay.start(counter.basket())
    counter.pay.book(typed)
    assert isinstance(counter.state.trouble, error)
    assert counter.state.step is Step.MONEY
    assert not counter.paid


@pytest.mark.parametrize("text", ["6900000000001", "12345678", "139567890123456", "SN12345678"])
def test_a_scan_is_never_cash(counter: Counter, text: str) -> None:
    counter.pay.start(counter.basket())
    counter.pay.book(text)
    assert counter.scans == [text]
    assert counter.state.step is Step.MONEY


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("timeout"),
        Rejected("WALLET_EMPTY", "none", {"needed": Money(5), "available": Money(1)}),
        Rejected("UNAVAILABLE", "unknown", {}),
    ],
)
def test_every_refusal_comes_before_the_money(counter: Counter, error: PosError) -> None:
    counter.fake.platform.fail_next("reserve", "before_effect", error)
    counter.pay.start(counter.basket())
    assert counter.state.step is Step.NOTHING
    assert isinstance(counter.back[0][0], type(error) | WalletEmpty)
    counter.fake.shop.recover()
    assert counter.fake.platform.held == Money(0)


def test_sold_out_and_a_new_price(counter: Counter) -> None:
    product = counter.fake.products[0]
    counter.fake.platform.put_product(product, stock=0)
    counter.pay.start(counter.basket())
    assert isinstance(counter.back[-1][0], SoldOut)
    counter.fake.platform.put_product(product, stock=5)
    counter.fake.platform.change_price(product.id, product.wholesale, Money(11_000))
    counter.pay.start(counter.basket())
    error, fresh = counter.back[-1]
    assert isinstance(error, PriceChanged)
    assert fresh is not None
    assert fresh.total == Money(11_000)


def test_a_disk_that_fails_leaves_the_money_unbooked(counter: Counter) -> None:
    counter.pay.start(counter.basket())
    counter.fake.till.fail_next_commit = DiskTrouble("till.db", "full")
    counter.pay.book("")
    assert isinstance(counter.state.trouble, DiskTrouble)
    assert counter.state.step is Step.MONEY
    counter.pay.book("")
    assert len(counter.paid) == 1


def test_no_answer_after_the_money_is_amber_and_heals(counter: Counter) -> None:
    counter.pay.start(counter.basket())
    counter.fake.platform.fail_next("confirm", "after_effect", Unreachable("timeout"))
    counter.pay.book("")
    assert isinstance(counter.state.trouble, Unreachable)
    assert counter.state.is_waiting
    counter.fake.shop.recover()
    counter.fake.shop.print_due()
    counter.pay.refresh()
    assert counter.state.trouble is None
    assert counter.state.sale is not None
    assert counter.state.sale.state is SaleState.DONE


def test_a_final_no_after_the_money_is_a_refund(counter: Counter) -> None:
    counter.pay.start(counter.basket())
    counter.fake.platform.fail_next("confirm", "before_effect", Rejected("EXPIRED", "none", {}))
    counter.pay.book("")
    assert counter.state.is_refund_due


def test_paper_that_fails_and_paper_that_nobody_knows_of(counter: Counter) -> None:
    counter.fake.printer.fail_next("cover_open")
    counter.pay.start(counter.basket())
    counter.pay.book("")
    assert isinstance(counter.state.trouble, PaperTrouble)
    counter.fake.printer.fail_next("broken", sent=True)
    counter.pay.print_again()
    assert counter.state.papers_in(PaperState.UNKNOWN)
    counter.pay.answer(came_out=False)
    assert not counter.state.papers_in(PaperState.UNKNOWN, PaperState.FAILED, PaperState.DUE)
    assert counter.state.sale is not None
    assert counter.state.sale.state is SaleState.DONE


def test_the_sale_before_is_followed_although_the_next_is_shown(counter: Counter) -> None:
    counter.pay.start(counter.basket())
    counter.pay.book("")
    first = counter.state.sale
    assert first is not None
    counter.pay.start(counter.basket(1))
    counter.pay._stuck(first.id, Unreachable("down"))
    counter.pay._paper_failed(first.id, PaperTrouble("offline", "x", sent=False))
    assert (
        counter.left_open == [None, PaperTrouble("offline", "x", sent=False)] or len(counter.left_open) == 2
    )
    assert counter.state.step is Step.MONEY


def test_escape_while_asking_lets_go_as_soon_as_there_is_an_answer(counter: Counter) -> None:
    waiting: list[Any] = []

    class RunLate(RunNow):
        def __call__(self, lane, work, done, failed):  # type: ignore[no-untyped-def]
            waiting.append((lane, work, done, failed))

    run, late = counter.pay._run, RunLate()
    counter.pay._run = late
    counter.pay.start(counter.basket())
    counter.pay.back()
    assert counter.state.is_leaving
    counter.pay._run = run
    for job in waiting:
        run(*job)
    assert counter.back == [(None, None)]
    assert counter.fake.platform.held == Money(0)
