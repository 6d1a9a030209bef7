"""What leaves the till for good is behind the anchor: an old copy put back would let it leave a second time."""

from __future__ import annotations

import pytest

from pos_app.domain.errors import DiskTrouble, Rejected, Unreachable
from pos_app.domain.ledger import AnchorMark, LedgerEntry
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.shift import CashCount
from pos_app.shop import Giving
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.leasing import leases, pull
from tests.flows.selling import paid, sold

FULL = DiskTrouble(path="anchor", cause="full")


@pytest.fixture
def fake() -> FakeShop:
    return make_fake_shop(stock=50)


def last(fake: FakeShop, kind: str) -> LedgerEntry:
    with fake.till.open_to_read() as books:
        return [entry for entry in books.ledger.after(0, 1000) if entry.kind == kind][-1]


def owed(fake: FakeShop) -> Sale:
    sale = paid(fake, codes=1)
    fake.platform.fail_next("confirm", "before_effect", Rejected("EXPIRED", "none", {}))
    return fake.shop.go_on(sale.id).sale


def test_a_receipt_of_a_top_up_alone_is_behind_the_anchor(fake: FakeShop) -> None:
    """It opens no code, and its number must not stand on another sale's."""
    sold(fake, codes=0, top_up=True)
    assert fake.anchor.mark >= last(fake, "sale_paid").mark


def test_a_closing_slip_is_behind_the_anchor(fake: FakeShop) -> None:
    closing = fake.shop.close_shift(fake.cashier, CashCount((), Money(10_000)))
    fake.shop.print_closing(closing)
    assert fake.anchor.mark >= last(fake, "shift_closed").mark


def test_a_leased_card_is_given_back_behind_the_anchor(fake: FakeShop) -> None:
    pull(fake)
    fake.platform.fail_next("return_lease", "before_effect", Unreachable("down"))
    with pytest.raises(Unreachable):
        fake.shop.give_back_leases(fake.owner)
    assert fake.anchor.mark >= last(fake, "lease_returned").mark


def test_without_the_anchor_no_leased_card_is_given_back(fake: FakeShop) -> None:
    pull(fake)
    fake.anchor.trouble = FULL
    with pytest.raises(DiskTrouble):
        fake.shop.give_back_leases(fake.owner)
    assert ("return_lease", leases(fake)[0].lease_id) not in fake.platform.calls
    fake.anchor.trouble = None
    fake.shop.keep_leases()
    assert leases(fake)[0].returning is None


def test_money_goes_back_behind_the_anchor(fake: FakeShop) -> None:
    sale = owed(fake)
    fake.shop.give_back(Giving(fake.cashier), sale.id, sale.lines[0].line_id)
    assert fake.anchor.mark == last(fake, "money_given_back").mark


def test_nobody_is_told_to_hand_over_cash_without_the_anchor(fake: FakeShop) -> None:
    sale = owed(fake)
    fake.anchor.trouble = FULL
    with pytest.raises(DiskTrouble):
        fake.shop.give_back(Giving(fake.cashier), sale.id, sale.lines[0].line_id)


def test_an_old_copy_from_before_money_went_back_is_locked(fake: FakeShop) -> None:
    sale = owed(fake)
    old = fake.till.pages.copy()
    fake.shop.give_back(Giving(fake.cashier), sale.id, sale.lines[0].line_id)
    fake.till.pages = old
    fake.restarted().take_up()
    with fake.till.open_to_read() as books:
        assert books.till.rolled_back() == fake.anchor.mark > AnchorMark()
        assert books.sales.get(sale.id).state is SaleState.REFUND_DUE
