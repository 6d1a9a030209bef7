"""The shift: opening cash, movements, the drawer, the count."""

from __future__ import annotations

import pytest

from pos_app.domain.errors import (
    AmountInvalid,
    NotAllowed,
    PaperTrouble,
    ReasonNeeded,
    ShiftAlreadyOpen,
    ShiftNotOpen,
)
from pos_app.domain.money import Money
from pos_app.domain.shift import CashCount, Direction
from pos_app.domain.staff import Cashier
from pos_app.flows.keep_shift import KickDrawer
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import paid, sold


def test_one_shift_at_a_time(fake: FakeShop) -> None:
    with pytest.raises(ShiftAlreadyOpen) as refused:
        fake.shop.open_shift(fake.supervisor, Money(0))
    assert refused.value.opened_by == "Cashier"


def test_the_drawer_adds_up_over_a_shift(fake: FakeShop) -> None:
    sold(fake, codes=1)
    fake.shop.move_cash(fake.cashier, Direction.IN, Money(5_000), "change")
    fake.shop.move_cash(fake.cashier, Direction.OUT, Money(2_000), " tea ")
    shift, totals = fake.shop.count_shift()
    assert (totals.sales, totals.takings, totals.moved_in, totals.moved_out) == (
        1,
        Money(10_000),
        Money(5_000),
        Money(2_000),
    )
    closing = fake.shop.close_shift(fake.cashier, CashCount(((10_000, 2),), Money(2_500)))
    assert closing.expected == shift.opening_cash + Money(13_000)
    assert closing.difference == Money(-500)
    with fake.till.open_to_read() as books:
        assert books.shifts.movements(shift.id)[1].reason == "tea"


def test_open_items_never_hold_up_the_closing(fake: FakeShop) -> None:
    sale = paid(fake, codes=1)
    closing = fake.shop.close_shift(fake.cashier, CashCount((), Money(20_000)))
    assert (closing.totals.open_items, closing.totals.open_money) == (1, sale.total)
    assert [item.sale.id for item in fake.shop.look_up.open_items()] == [sale.id]


@pytest.mark.parametrize("minor", [-1, 10_000_001])
def test_sums_that_no_drawer_holds_are_refused(fake: FakeShop, minor: int) -> None:
    with pytest.raises(AmountInvalid):
        fake.shop.move_cash(fake.cashier, Direction.IN, Money(minor), "why")
    with pytest.raises(AmountInvalid):
        fake.shop.open_shift(fake.cashier, Money(minor))
    with pytest.raises(AmountInvalid):
        fake.shop.close_shift(fake.cashier, CashCount((), Money(minor)))


def test_moving_nothing_or_for_no_reason_is_refused(fake: FakeShop) -> None:
    with pytest.raises(AmountInvalid):
        fake.shop.move_cash(fake.cashier, Direction.IN, Money(0), "why")
    with pytest.raises(ReasonNeeded):
        fake.shop.move_cash(fake.cashier, Direction.IN, Money(1), " ")


def test_without_a_shift_there_is_nothing_to_count() -> None:
    fake = make_fake_shop(shift_open=False)
    with pytest.raises(ShiftNotOpen):
        fake.shop.count_shift()
    with pytest.raises(ShiftNotOpen):
        fake.shop.close_shift(fake.cashier, CashCount((), Money(0)))
    with pytest.raises(ShiftNotOpen):
        fake.shop.move_cash(fake.cashier, Direction.IN, Money(1), "why")


def test_the_drawer_opens_after_it_was_written_down(fake: FakeShop) -> None:
    fake.shop.open_drawer(fake.cashier, "change money")
    assert fake.printer.drawers_opened == 1
    fake.printer.drawer_trouble = PaperTrouble("offline", "fake", sent=False)
    with pytest.raises(PaperTrouble):
        fake.shop.open_drawer(fake.cashier, "again")
    with fake.till.open_to_read() as books:
        kinds = [entry.kind for entry in books.ledger.after(0, 100)]
    assert kinds.count("drawer_opened") == 2


def test_the_drawer_springs_open_for_cash_if_the_shop_wants_it(fake: FakeShop) -> None:
    assert fake.shop.kick_drawer()
    assert fake.printer.drawers_opened == 1
    assert not KickDrawer(fake.printer, is_wanted=False)()
    assert fake.printer.drawers_opened == 1


def test_what_one_may_not_do_is_refused(fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cashier, "may", lambda self, permission: False)
    with pytest.raises(NotAllowed):
        fake.shop.open_drawer(fake.cashier, "x")
