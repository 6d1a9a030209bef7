"""Keeping codes for selling offline: pulled by plan, once, followed in time, and given back only with proof."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.errors import NotAllowed, NotSoldOffline, Rejected, Unreachable
from pos_app.domain.lease import LeasedCard, LeasedState, LeaseState
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.money import Money
from pos_app.flows.keep_leases import MOST_TRIES, LeasesKept
from tests.fakes.till_goods import code_product
from tests.fakes.till_platform import RENEWAL_CODE
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.leasing import (
    cards_of,
    change_rules,
    down,
    held,
    leases,
    pull,
    reserved_offline,
    settle,
    sold_offline,
    up,
)
from tests.flows.selling import basket, sold

DOWN = Unreachable("down")


@pytest.fixture
def fake() -> FakeShop:
    return make_fake_shop(stock=50)


def asked(fake: FakeShop, call: str) -> int:
    return sum(name == call for name, _ in fake.platform.calls)


def lent(fake: FakeShop) -> Counter[str]:
    return Counter(piece.state for each in fake.platform.leases.values() for piece in each.pieces)


# --- pulling ---


def test_nothing_is_pulled_before_anything_was_sold(fake: FakeShop) -> None:
    assert fake.shop.keep_leases() == LeasesKept(0, 0)
    assert leases(fake) == ()


def test_the_plan_is_pulled_once_and_filled_up_when_it_runs_low(fake: FakeShop) -> None:
    pull(fake)
    calls = asked(fake, "fill_lease")
    assert fake.shop.keep_leases() == LeasesKept(0, 0)
    assert asked(fake, "fill_lease") == calls
    sold_offline(fake)
    up(fake)
    fake.shop.push_outbox()
    assert fake.shop.keep_leases().came == 2  # one more sold, one more to cover
    (lease,) = leases(fake)
    assert lease.attempts == 2
    assert fake.shop.refresh_account().held == Money(4 * 9_500)


@pytest.mark.parametrize("when", ["before_effect", "after_effect"])
def test_a_lost_answer_is_asked_again_under_the_same_key(fake: FakeShop, when: str) -> None:
    change_rules(fake, cover_days=14)
    sold(fake, codes=2)
    fake.platform.fail_next("fill_lease", when, DOWN)  # type: ignore[arg-type]
    with pytest.raises(Unreachable):
        fake.shop.keep_leases()
    fake.restarted()
    assert fake.shop.keep_leases().came == 2
    assert lent(fake) == Counter(leased=2)
    (lease,) = leases(fake)
    assert (lease.attempts, lease.filling) == (1, None)


def test_a_card_that_was_destroyed_is_never_taken_in_again(fake: FakeShop) -> None:
    """An old answer of the same filling still names it."""
    pull(fake)
    fill = fake.platform.fill_lease
    lease = leases(fake)[0]
    old = fill(fake.platform.enrolment, lease.asking({"product-1": 3}))
    fake.shop.give_back_leases(fake.owner)
    with fake.till.open_books() as books:
        again = [
            LeasedCard(c.card_id, lease.lease_id, c.card_id, c.product_id, c.payload, c.face, c.sealed)
            for c in old.cards
        ]
        assert books.leases.take_in(again) == 0


def test_a_product_that_is_not_lent_does_not_keep_the_others_away(fake: FakeShop) -> None:
    change_rules(fake, cover_days=14)
    sold(fake, codes=2)
    both = fake.shop.ring_up.product(basket(fake, codes=1), fake.products[1], 2).sale
    sale = fake.shop.reserve(fake.cashier, both)
    fake.shop.take_cash(fake.cashier, sale.id, Money(100_000))
    fake.platform.off_lease = {"product-1"}
    fake.shop.keep_leases()
    assert Counter(card.product_id for card in held(fake)) == Counter({"product-2": 2})
    calls = asked(fake, "fill_lease")
    fake.shop.keep_leases()
    assert asked(fake, "fill_lease") == calls  # it is not asked for again under this lease


def test_a_round_comes_to_an_end(fake: FakeShop) -> None:
    """However many products are refused one by one, the wire lane is not kept for longer than this."""
    goods = [code_product(number) for number in range(1, MOST_TRIES + 3)]
    fake = make_fake_shop(goods, stock=9)
    change_rules(fake, cover_days=14)
    basket_of_all = fake.shop.new_sale()
    for product in goods:
        basket_of_all = fake.shop.ring_up.product(basket_of_all, product, 1).sale
    sale = fake.shop.reserve(fake.cashier, basket_of_all)
    fake.shop.take_cash(fake.cashier, sale.id, sale.total)
    fake.platform.off_lease = {product.id for product in goods[:-1]}
    assert fake.shop.keep_leases() == LeasesKept(0, 0)
    assert asked(fake, "fill_lease") == MOST_TRIES
    assert fake.shop.keep_leases().came == 1


@pytest.mark.parametrize(("cap", "pieces"), [("most", 3), ("most_amount", 2)])
def test_what_the_platform_caps_is_asked_for_less(fake: FakeShop, cap: str, pieces: int) -> None:
    change_rules(fake, cover_days=14)
    sold(fake, codes=6)
    setattr(fake.platform, cap, 4 if cap == "most" else Money(25_000))
    fake.shop.keep_leases()
    assert 0 < len(held(fake)) <= pieces
    assert lent(fake).total() == len(held(fake))
    assert [finding for finding in fake.shop.doctor() if not finding.holds] == []


def test_a_cap_of_nothing_is_not_asked_about_for_ever(fake: FakeShop) -> None:
    change_rules(fake, cover_days=14)
    sold(fake, codes=6)
    fake.platform.most = 0
    fake.shop.keep_leases()
    calls = asked(fake, "fill_lease")
    fake.shop.keep_leases()
    assert asked(fake, "fill_lease") == calls
    fake.platform.most = 100
    fake.clock.advance(timedelta(hours=1))
    assert fake.shop.keep_leases().came == 6  # a lease of its own, after an hour


def test_an_empty_wallet_lends_less(fake: FakeShop) -> None:
    change_rules(fake, cover_days=14)
    sold(fake, codes=4)
    fake.platform.balance = Money(20_000)
    assert fake.shop.keep_leases().came == 2


def test_what_is_dearer_than_the_platform_lends(fake: FakeShop) -> None:
    change_rules(fake, cover_days=14)
    sold(fake, codes=2)
    fake.platform.most_face = Money(9_999)
    assert fake.shop.keep_leases() == LeasesKept(0, 0)
    assert leases(fake)[0].left_out == ("product-1",)


def test_nothing_left_on_the_shelf(fake: FakeShop) -> None:
    change_rules(fake, cover_days=14)
    sold(fake, codes=2)
    fake.platform.put_product(fake.products[0], stock=0)
    assert fake.shop.keep_leases() == LeasesKept(0, 0)
    fake.shop.sync_catalogue()
    calls = asked(fake, "fill_lease")
    fake.shop.keep_leases()
    assert asked(fake, "fill_lease") == calls


@pytest.mark.parametrize(
    ("code", "details"),
    [
        ("EXPIRED", {}),
        ("FORBIDDEN", {"state": "FENCED"}),
        ("FORBIDDEN", {"state": "RETURNED"}),
        ("KEY_REUSED", {}),
    ],
)
def test_a_lease_that_is_over_is_followed_by_another(
    fake: FakeShop, code: str, details: dict[str, str]
) -> None:
    change_rules(fake, cover_days=14)
    sold(fake, codes=2)
    fake.platform.fail_next("fill_lease", "before_effect", Rejected(code, "none", details))
    assert fake.shop.keep_leases().came == 2
    assert len(leases(fake)) == 2


@pytest.mark.parametrize(
    ("code", "effect"), [("REVOKED", "none"), ("UNAVAILABLE", "unknown"), ("BAD_REQUEST", "none")]
)
def test_another_refusal_is_passed_on(fake: FakeShop, code: str, effect: str) -> None:
    change_rules(fake, cover_days=14)
    sold(fake, codes=2)
    fake.platform.fail_next("fill_lease", "before_effect", Rejected(code, effect, {}))
    with pytest.raises(Rejected):
        fake.shop.keep_leases()
    assert fake.shop.keep_leases().came == 2


# --- giving back ---


def test_a_lease_that_runs_out_is_followed_and_what_is_left_goes_back(fake: FakeShop) -> None:
    pull(fake)
    fake.clock.advance(timedelta(hours=22, minutes=1))
    fake.shop.keep_leases()
    assert lent(fake) == Counter(returned=3, leased=3)
    assert fake.shop.refresh_account().held == Money(3 * 9_500)
    first, second = leases(fake)
    assert (first.returning, len(held(fake))) == (None, 3)
    assert {card.lease_id for card in held(fake)} == {second.lease_id}
    fake.clock.advance(timedelta(hours=2))
    fake.shop.refresh_account()
    assert leases(fake)[0].is_over


def test_a_card_that_came_back_may_come_again_under_another_lease(fake: FakeShop) -> None:
    """The codes are on the shelf again, and the shelf is where the next lease is filled from."""
    fake.platform.put_product(fake.products[0], stock=6)
    pull(fake)
    fake.clock.advance(timedelta(hours=22, minutes=1))
    fake.shop.keep_leases()
    sale = sold_offline(fake)
    settle(fake)
    assert sale.state == "done"
    assert fake.platform.incidents == []


@pytest.mark.parametrize("lost", ["push_ledger", "return_lease"])
@pytest.mark.parametrize("when", ["before_effect", "after_effect"])
def test_a_return_is_repeated_until_it_is_answered(fake: FakeShop, lost: str, when: str) -> None:
    pull(fake)
    fake.platform.fail_next(lost, when, DOWN)  # type: ignore[arg-type]
    with pytest.raises(Unreachable):
        fake.shop.give_back_leases(fake.owner)
    assert held(fake) == []
    assert len(cards_of(fake, LeasedState.DESTROYED)) == 3
    assert all(card.sealed is None for card in cards_of(fake))
    fake.restarted()
    change_rules(fake, is_on=False)
    fake.clock.advance(timedelta(minutes=1))
    fake.shop.push_outbox()
    fake.shop.keep_leases()
    assert lent(fake) == Counter(returned=3)
    assert fake.platform.held == Money(0)
    assert fake.platform.incidents == []


def test_destroyed_and_told_are_one_commit(fake: FakeShop) -> None:
    pull(fake)
    fake.till.fail_next_commit = RuntimeError("power")
    with pytest.raises(RuntimeError):
        fake.shop.give_back_leases(fake.owner)
    assert len(held(fake)) == 3
    assert asked(fake, "return_lease") == 0


def test_a_ledger_that_is_not_up_there_proves_nothing_yet(fake: FakeShop) -> None:
    pull(fake)
    unproven = Rejected("FORBIDDEN", "none", {"state": "UNPROVEN"})
    fake.platform.fail_next("return_lease", "before_effect", unproven)
    assert fake.shop.give_back_leases(fake.owner) == 3
    assert leases(fake)[0].returning is not None
    assert fake.shop.give_back_leases(fake.owner) == 0
    assert leases(fake)[0].returning is None
    assert lent(fake) == Counter(returned=3)


@pytest.mark.parametrize(("code", "ends"), [("NOT_FOUND", True), ("REVOKED", False), ("KEY_REUSED", True)])
def test_a_return_that_is_refused(fake: FakeShop, code: str, ends: bool) -> None:
    pull(fake)
    fake.platform.fail_next("return_lease", "before_effect", Rejected(code, "none", {}))
    fake.shop.give_back_leases(fake.owner)
    assert (leases(fake)[0].returning is None) is ends


def test_what_is_bound_to_a_customer_stays_his(fake: FakeShop) -> None:
    pull(fake)
    sale = reserved_offline(fake)
    up(fake)
    assert fake.shop.give_back_leases(fake.owner) == 2
    assert len(cards_of(fake, LeasedState.BOUND)) == 1
    fake.shop.cancel_sale(fake.cashier, sale.id, "")
    change_rules(fake, is_on=False)
    assert fake.shop.keep_leases().went == 1  # a second return of the same lease
    assert lent(fake) == Counter(returned=3)
    assert leases(fake)[0].returns == 2


def test_switched_off_everything_goes_back_and_nothing_comes(fake: FakeShop) -> None:
    pull(fake)
    change_rules(fake, is_on=False)
    assert fake.shop.keep_leases() == LeasesKept(0, 3)
    assert fake.shop.keep_leases() == LeasesKept(0, 0)
    assert lent(fake) == Counter(returned=3)


def test_not_everybody_gives_back(fake: FakeShop) -> None:
    with pytest.raises(NotAllowed):
        fake.shop.give_back_leases(fake.cashier)


def test_an_expired_lease_goes_back_when_the_line_is_there(fake: FakeShop) -> None:
    pull(fake)
    down(fake)
    fake.clock.advance(timedelta(hours=25))
    with pytest.raises(Unreachable):
        fake.shop.keep_leases()
    assert held(fake) == []
    settle(fake)
    assert lent(fake) == Counter(returned=3, leased=3)
    assert fake.platform.incidents == []


def test_a_short_lease_is_followed_in_its_last_quarter(fake: FakeShop) -> None:
    pull(fake)
    with fake.till.open_books() as books:
        lease = books.leases.all()[0]
        ends = lease.begun_at + timedelta(hours=1)
        books.leases.put(replace(lease, expires_at=ends))
        books.commit()
    fake.clock.advance(timedelta(minutes=44))
    assert fake.shop.keep_leases() == LeasesKept(0, 0)
    fake.clock.advance(timedelta(minutes=2))
    assert fake.shop.keep_leases() == LeasesKept(3, 3)


# --- other epochs ---


def test_leases_of_a_former_epoch_are_given_back_and_never_sold(fake: FakeShop) -> None:
    """Enrolled anew without an accident: what is held was not sold, and the new epoch may prove it."""
    pull(fake)
    with fake.till.open_books() as books:
        books.till.enrol(fake.platform.enrol(RENEWAL_CODE, "Till"))
        books.commit()
    down(fake)
    with pytest.raises(NotSoldOffline):
        fake.shop.reserve(fake.cashier, basket(fake))
    settle(fake)
    assert lent(fake)["returned"] == 3
    assert fake.platform.incidents == []
    assert {card.lease_id for card in held(fake)} == {
        lease.lease_id for lease in leases(fake) if lease.epoch == 2
    }


def test_a_filling_of_a_former_epoch_is_not_asked_again(fake: FakeShop) -> None:
    change_rules(fake, cover_days=14)
    sold(fake, codes=2)
    fake.platform.fail_next("fill_lease", "before_effect", DOWN)
    with pytest.raises(Unreachable):
        fake.shop.keep_leases()
    with fake.till.open_books() as books:
        books.till.enrol(fake.platform.enrol(RENEWAL_CODE, "Till"))
        books.commit()
    fake.shop.keep_leases()
    old, new = leases(fake)
    assert (old.epoch, old.filling, new.epoch, len(held(fake))) == (1, None, 2, 2)


def test_an_old_copy_neither_pulls_nor_gives_back(fake: FakeShop) -> None:
    pull(fake)
    fake.anchor.mark = AnchorMark(1, 10_000)
    fake.restarted().take_up()
    fake.clock.advance(timedelta(hours=30))
    calls = len(fake.platform.calls)
    assert fake.shop.keep_leases() == LeasesKept(0, 0)
    assert len(fake.platform.calls) == calls


def test_a_settled_lease_is_no_longer_told_of(fake: FakeShop) -> None:
    pull(fake)
    down(fake)
    with pytest.raises(Unreachable):
        fake.shop.refresh_account()
    assert leases(fake)[0].state is LeaseState.OPEN
    up(fake)
    for piece in next(iter(fake.platform.leases.values())).pieces:
        piece.state = "returned"  # an operator settled it on the supplier's word
    fake.platform.fence_leases()
    fake.shop.refresh_account()
    assert leases(fake)[0].state is LeaseState.SETTLED


def test_a_kit_whose_product_left_the_catalogue_is_still_kept() -> None:
    fake = make_fake_shop([code_product(1), code_product(2)], stock=50)
    pull(fake)
    with fake.till.open_books() as books:
        books.leases.put(replace(books.leases.all()[0].asking({"product-1": 4})))
        books.commit()
    fake.till.pages.products.clear()
    assert fake.shop.keep_leases().came == 1
