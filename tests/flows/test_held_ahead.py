"""What is held to sell without the platform, as the screens ask for it, and when it may stand in for a stuck sale."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.attention import Waits
from pos_app.domain.errors import Unreachable
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale
from pos_app.flows.held_ahead import STUCK_AFTER
from tests.fakes.till_goods import code_product
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.leasing import down, leases, lock, pull, sold_offline
from tests.flows.selling import paid


def stuck(fake: FakeShop, *, codes: int = 1, top_up: bool = False) -> Sale:
    """Paid, and nobody answers."""
    sale = paid(fake, codes=codes, top_up=top_up)
    down(fake)
    with pytest.raises(Unreachable):
        fake.shop.go_on(sale.id)
    return sale


def test_a_till_that_holds_nothing_says_so(fake: FakeShop) -> None:
    held = fake.shop.look_up.held()
    assert (held.count, held.value, held.until) == (0, Money(0), None)


def test_what_is_held_is_counted_by_product_until_it_ends(fake: FakeShop) -> None:
    pull(fake, pieces=3)
    held = fake.shop.look_up.status(line_up=False).held
    assert held is not None
    assert held.pieces == ((fake.products[0].id, 3),)
    assert (held.count, held.value) == (3, fake.products[0].face * 3)
    assert held.until == leases(fake)[0].expires_at
    sold_offline(fake)
    assert fake.shop.look_up.held().count == 2
    assert held.until is not None
    fake.clock.advance(held.until - fake.clock.now() - timedelta(minutes=9))
    assert fake.shop.look_up.held().count == 0  # who begins to pay now would not be done in time


def test_a_kit_is_one_piece() -> None:
    kit = make_fake_shop([replace(code_product(1), parts=3)], stock=12)
    pull(kit, pieces=2)
    assert kit.shop.look_up.held().count == 2


def test_a_locked_till_offers_nothing(fake: FakeShop) -> None:
    pull(fake)
    sale = stuck(fake)
    fake.clock.advance(STUCK_AFTER)
    assert fake.shop.look_up.sale(sale.id).can_stand_in
    assert not fake.shop.look_up.is_locked()
    lock(fake)
    assert fake.shop.look_up.is_locked()
    assert fake.shop.look_up.status(None).is_locked
    assert fake.shop.look_up.held().count == 0
    assert not fake.shop.look_up.sale(sale.id).can_stand_in


def test_a_till_that_belongs_to_nobody_holds_nothing(fake: FakeShop) -> None:
    fake.till.pages.enrolment = None
    assert fake.shop.look_up.held().count == 0


def test_other_codes_are_offered_after_a_minute_and_not_before(fake: FakeShop) -> None:
    pull(fake)
    sale = stuck(fake)
    fake.clock.advance(STUCK_AFTER - timedelta(seconds=1))
    assert not fake.shop.look_up.sale(sale.id).can_stand_in
    fake.clock.advance(timedelta(seconds=1))
    assert fake.shop.look_up.sale(sale.id).can_stand_in
    (item,) = [each for each in fake.shop.look_up.attention() if each.waits is Waits.CODE]
    assert item.can_stand_in
    fake.shop.substitute_leased(fake.cashier, sale.id)
    assert not fake.shop.look_up.sale(sale.id).can_stand_in


@pytest.mark.parametrize(("codes", "top_up"), [(4, False), (1, True)])
def test_nothing_is_offered_that_is_not_all_here(fake: FakeShop, codes: int, top_up: bool) -> None:
    pull(fake, pieces=3)
    sale = stuck(fake, codes=codes, top_up=top_up)
    fake.clock.advance(STUCK_AFTER)
    assert not fake.shop.look_up.sale(sale.id).can_stand_in


def test_codes_that_come_later_by_rule_have_no_stand_in(fake: FakeShop) -> None:
    pull(fake)
    sale = paid(fake, codes=1)
    fake.platform.opens_at = fake.clock.now() + timedelta(minutes=30)
    fake.shop.go_on(sale.id)
    fake.clock.advance(STUCK_AFTER)
    assert not fake.shop.look_up.sale(sale.id).can_stand_in
