"""Selling while nobody answers: all or nothing from leased cards, within limits and time, and told by the ledger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pos_app.domain.attempt import AttemptState
from pos_app.domain.errors import (
    NotSoldOffline,
    PaymentUnsettled,
    RolledBack,
    ShiftNotOpen,
    SoldOut,
    Unreachable,
    WrongState,
)
from pos_app.domain.gateway import Standing
from pos_app.domain.lease import LeasedState, LeaseState
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.money import Money
from pos_app.domain.receipt import CodeSlip
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.shift import CashCount
from pos_app.domain.till import Account
from pos_app.shop import Giving, Next
from tests.fakes.till_goods import code_product, top_up_product
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.leasing import (
    cards_of,
    change_rules,
    down,
    held,
    leases,
    print_all,
    pull,
    reserved_offline,
    settle,
    sold_offline,
    up,
)
from tests.flows.paying import charge, one
from tests.flows.selling import PHONE, basket, paid, sold

WHY = tuple[str, str]


@pytest.fixture
def fake() -> FakeShop:
    """Three pieces of product 1 are held."""
    fake = make_fake_shop(stock=50)
    pull(fake)
    return fake


def entries(fake: FakeShop, kind: str) -> list[dict[str, Any]]:
    with fake.till.open_to_read() as books:
        return [dict(e.body) for e in books.ledger.after(0, 1000) if e.kind == kind]


def refused(fake: FakeShop, codes: int = 1) -> WHY:
    with pytest.raises(NotSoldOffline) as caught:
        fake.shop.reserve(fake.cashier, basket(fake, codes=codes))
    return caught.value.product_id, caught.value.why


def doctor_is_content(fake: FakeShop) -> None:
    assert [finding for finding in fake.shop.doctor() if not finding.holds] == []


# --- what comes from where ---


def test_what_the_platform_can_reserve_it_reserves(fake: FakeShop) -> None:
    sale = fake.shop.reserve(fake.cashier, basket(fake))
    assert (sale.state, sale.is_offline) == (SaleState.RESERVED, False)
    assert len(held(fake)) == 3


def test_a_refusal_of_the_platform_is_no_silence(fake: FakeShop) -> None:
    wanted = basket(fake, codes=1)
    fake.platform.put_product(fake.products[0], stock=0)
    with pytest.raises(SoldOut):
        fake.shop.reserve(fake.cashier, wanted)
    assert len(held(fake)) == 3


def test_a_sale_offline_from_basket_to_slip_and_ledger(fake: FakeShop) -> None:
    before = fake.platform.balance
    sale = sold_offline(fake, codes=2)
    assert (sale.state, sale.receipt_number) == (SaleState.DONE, "T1-000002")
    secrets = {
        secret.number for lent in fake.platform.leases.values() for p in lent.pieces for secret in p.secrets
    }
    slips = fake.printer.of_kind(CodeSlip)[-2:]
    assert {slip.number.replace(" ", "") for slip in slips if slip.number} <= secrets
    (told,) = [body for body in entries(fake, "sale_paid") if body["sale_id"] == sale.id]
    named = {each["card_id"] for line in told["lines"] for each in line["leased"]}
    assert named == {card.card_id for card in cards_of(fake, LeasedState.SOLD)}
    assert all(card.sealed is None for card in cards_of(fake, LeasedState.SOLD))
    settle(fake)
    assert fake.platform.incidents == []
    assert before - fake.platform.balance == sale.cost
    assert fake.platform.state(sale.id) is None  # its ledger told it; nothing was asked
    assert fake.shop.look_up.open_items() == ()
    assert fake.shop.push_outbox().unsent == 0
    doctor_is_content(fake)


def test_what_was_asked_of_the_platform_is_withdrawn_later(fake: FakeShop) -> None:
    fake.platform.fail_next("reserve", "after_effect", Unreachable("timeout"))
    sale = fake.shop.reserve(fake.cashier, basket(fake, codes=1))
    assert sale.is_offline
    (left,) = [item.sale for item in fake.shop.look_up.open_items() if item.sale.id != sale.id]
    assert left.state is SaleState.CANCELLING
    fake.shop.recover()
    assert fake.platform.state(left.id) == "CANCELLED"


def test_a_line_known_to_be_down_lets_nobody_wait(fake: FakeShop) -> None:
    sale = fake.shop.reserve(fake.cashier, basket(fake, codes=1), is_away=True)
    assert sale.is_offline
    assert ("reserve", sale.id) not in fake.platform.calls
    back = fake.shop.reserve(fake.cashier, basket(fake, codes=3), is_away=True)
    assert not back.is_offline  # two were left: the platform is asked after all


def test_without_anything_held_it_is_silence_as_ever() -> None:
    fake = make_fake_shop()
    down(fake)
    with pytest.raises(Unreachable):
        fake.shop.reserve(fake.cashier, basket(fake))


# --- what is not sold offline ---


def test_all_or_nothing(fake: FakeShop) -> None:
    down(fake)
    assert refused(fake, codes=4) == ("product-1", "too_few")
    assert len(held(fake)) == 3
    other = fake.shop.ring_up.product(basket(fake, codes=1), fake.products[1], 1).sale
    with pytest.raises(NotSoldOffline) as caught:
        fake.shop.reserve(fake.cashier, other)
    assert (caught.value.product_id, caught.value.why) == ("product-2", "not_leased")
    assert cards_of(fake, LeasedState.BOUND) == []


def test_two_lines_never_share_a_card(fake: FakeShop) -> None:
    down(fake)
    wanted = basket(fake, codes=2)
    twice = replace(wanted, lines=(wanted.lines[0], replace(wanted.lines[0], line_id="other", quantity=1)))
    sale = fake.shop.reserve(fake.cashier, twice)
    bound = cards_of(fake, LeasedState.BOUND)
    assert {(card.sale_id, card.line_id) for card in bound} == {
        (sale.id, wanted.lines[0].line_id),
        (sale.id, "other"),
    }
    assert len(bound) == 3


def test_a_top_up_needs_the_platform(fake: FakeShop) -> None:
    down(fake)
    sale = fake.shop.ring_up.top_up(basket(fake, codes=1), top_up_product(), PHONE).sale
    with pytest.raises(NotSoldOffline) as caught:
        fake.shop.reserve(fake.cashier, sale)
    assert caught.value.why == "top_up"


def test_goods_that_may_no_longer_be_leased(fake: FakeShop) -> None:
    wanted = basket(fake, codes=1)
    product = replace(wanted.lines[0].product, leasable=False)
    down(fake)
    with pytest.raises(NotSoldOffline) as caught:
        fake.shop.reserve(fake.cashier, replace(wanted, lines=(replace(wanted.lines[0], product=product),)))
    assert caught.value.why == "not_leased"


def test_limits_of_one_sale() -> None:
    fake = make_fake_shop(stock=99)
    pull(fake, pieces=8)
    down(fake)
    assert refused(fake, codes=6) == ("product-1", "limit")
    assert fake.shop.reserve(fake.cashier, basket(fake, codes=5)).is_offline
    dear = make_fake_shop([code_product(1, face=40_000)], stock=99)
    pull(dear, pieces=2)
    sold(dear, codes=2)
    dear.shop.keep_leases()
    down(dear)
    assert refused(dear, codes=3) == ("product-1", "limit")
    assert dear.shop.reserve(dear.cashier, basket(dear, codes=2)).is_offline


def test_a_lease_that_ends_soon_binds_nothing(fake: FakeShop) -> None:
    down(fake)
    fake.clock.advance(timedelta(hours=24) - timedelta(minutes=10))
    assert refused(fake) == ("product-1", "expired")
    fake.clock.advance(timedelta(minutes=-1))
    assert fake.shop.reserve(fake.cashier, basket(fake, codes=1)).is_offline


def test_a_clock_set_back_lengthens_no_lease(fake: FakeShop) -> None:
    fake.clock.advance(timedelta(hours=24))
    with fake.till.open_books() as books:  # the platform's time is known now, and no word of the lease
        books.till.keep_account(Account(Money(0), Money(0), Money(0), fake.clock.now()))
        books.commit()
    fake.clock.advance(timedelta(hours=-20))
    down(fake)
    assert refused(fake) == ("product-1", "expired")


def test_what_the_platform_fenced_is_not_sold(fake: FakeShop) -> None:
    fake.platform.fence_leases()
    fake.shop.refresh_account()
    down(fake)
    assert refused(fake) == ("product-1", "expired")


def test_no_shift_no_sale(fake: FakeShop) -> None:
    wanted = basket(fake)
    counted = fake.shop.count_shift()[0]
    fake.shop.close_shift(fake.cashier, CashCount((), counted.opening_cash))
    with pytest.raises(ShiftNotOpen):
        fake.shop.reserve(fake.cashier, wanted, is_away=True)


def test_an_old_copy_sells_nothing(fake: FakeShop) -> None:
    fake.anchor.mark = AnchorMark(1, 10_000)
    fake.restarted().take_up()
    for is_away in (True, False):
        with pytest.raises(RolledBack):
            fake.shop.reserve(fake.cashier, basket(fake), is_away=is_away)


# --- between binding and money ---


def test_letting_go_frees_the_cards_without_anybody(fake: FakeShop) -> None:
    sale = reserved_offline(fake, codes=2)
    assert len(held(fake)) == 1
    assert fake.shop.cancel_sale(fake.cashier, sale.id, "").state is SaleState.CANCELLED
    assert len(held(fake)) == 3
    assert [body["sale_id"] for body in entries(fake, "sale_cancelled")] == [sale.id]
    with pytest.raises(WrongState):
        fake.shop.take_cash(fake.cashier, sale.id, Money(100_000))
    calls = len(fake.platform.calls)
    fake.shop.go_on(sale.id)
    assert len(fake.platform.calls) == calls


def test_a_restart_frees_them_and_keeps_the_basket(fake: FakeShop) -> None:
    sale = reserved_offline(fake, codes=2)
    shop = fake.restarted()
    shop.take_up()
    assert len(held(fake)) == 3
    assert shop.go_on.look(sale.id).sale.state is SaleState.CANCELLED
    kept = shop.take_up_basket()
    assert (kept.state, kept.is_offline, len(kept.lines)) == (SaleState.BASKET, False, 1)
    up(fake)
    assert not shop.reserve(fake.cashier, kept).is_offline


def test_the_lease_ended_before_cash(fake: FakeShop) -> None:
    sale = reserved_offline(fake)
    fake.clock.advance(timedelta(hours=24))
    with pytest.raises(NotSoldOffline) as caught:
        fake.shop.take_cash(fake.cashier, sale.id, Money(100_000))
    assert caught.value.why == "expired"
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.RESERVED
    assert fake.shop.cancel_sale(fake.cashier, sale.id, "").state is SaleState.CANCELLED


# --- wallets ---


def test_a_wallet_pays_an_offline_sale(fake: FakeShop) -> None:
    sale = reserved_offline(fake)
    assert charge(fake, sale).attempt.state is AttemptState.PAID
    assert print_all(fake, sale).state is SaleState.DONE
    settle(fake)
    doctor_is_content(fake)


def test_the_lease_ended_while_the_customer_paid(fake: FakeShop) -> None:
    """The money is in and the cards may not be sold any more: it goes back, and nothing is revealed."""
    sale = reserved_offline(fake)
    taking = charge(fake, sale, Standing.PROCESSING)
    fake.clock.advance(timedelta(hours=24))
    one(fake).customer_pays(taking.attempt.order.number)
    assert fake.shop.follow_payment(taking.attempt.number).attempt.state is AttemptState.PAID
    now = fake.shop.go_on.look(sale.id)
    assert (now.sale.state, now.sale.trouble, now.papers) == (SaleState.REFUND_DUE, "LEASE_EXPIRED", ())
    assert cards_of(fake, LeasedState.SOLD, LeasedState.BOUND) == []
    (told,) = [body for body in entries(fake, "sale_paid") if body["sale_id"] == sale.id]
    assert all("leased" not in line for line in told["lines"])
    fake.shop.give_back(Giving(fake.cashier), sale.id, sale.lines[0].line_id)
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.REFUNDED
    settle(fake)
    assert fake.platform.incidents == []
    doctor_is_content(fake)


def test_no_wallet_is_charged_for_a_lease_that_ended(fake: FakeShop) -> None:
    sale = reserved_offline(fake)
    fake.clock.advance(timedelta(hours=24))
    with pytest.raises(NotSoldOffline):
        charge(fake, sale)
    assert one(fake).calls == []


def test_what_is_sold_from_leases_cannot_be_cancelled(fake: FakeShop) -> None:
    sale = sold_offline(fake)
    with pytest.raises(WrongState):
        fake.shop.cancel_sale(fake.cashier, sale.id, "pressed too late")
    assert len(cards_of(fake, LeasedState.SOLD)) == 1


def test_a_payment_that_is_undone_frees_the_cards(fake: FakeShop) -> None:
    sale = reserved_offline(fake)
    taking = charge(fake, sale, Standing.PROCESSING)
    with pytest.raises(PaymentUnsettled):
        fake.shop.cancel_sale(fake.cashier, sale.id, "")
    fake.shop.leave_sale(fake.cashier, sale.id, undo=True)
    assert len(cards_of(fake, LeasedState.BOUND)) == 1
    fake.shop.follow_payment(taking.attempt.number)
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.CANCELLED
    assert len(held(fake)) == 3


# --- R12: a paid sale that is stuck ---


def stuck(fake: FakeShop, *, codes: int = 1, top_up: bool = False) -> Sale:
    sale = paid(fake, codes=codes, top_up=top_up)
    down(fake)
    with pytest.raises(Unreachable):
        fake.shop.go_on(sale.id)
    return sale


def test_leased_cards_step_in_and_the_late_answer_is_not_taken_in(fake: FakeShop) -> None:
    sale = paid(fake, codes=2)
    fake.platform.fail_next("confirm", "after_effect", Unreachable("timeout"))  # the platform has sold it
    with pytest.raises(Unreachable):
        fake.shop.go_on(sale.id)
    have = fake.shop.substitute_leased(fake.cashier, sale.id)
    assert (have.state, have.is_offline) == (SaleState.HAVE, True)
    late = fake.platform.confirm(fake.platform.enrolment, sale)
    assert len(late.cards) == 2
    done = print_all(fake, sale)
    assert done.state is SaleState.DONE
    assert [item.sale.id for item in fake.shop.look_up.open_items()] == [sale.id]  # not withdrawn yet
    settle(fake)
    assert fake.platform.state(sale.id) == "CANCELLED"
    assert len(fake.platform.quarantine) == 2
    assert fake.shop.look_up.open_items() == ()
    assert fake.platform.incidents == []
    slips = fake.printer.of_kind(CodeSlip)
    assert len([slip for slip in slips if slip.header.number == done.receipt_number]) == 2
    doctor_is_content(fake)


def test_the_answer_that_comes_second_changes_nothing(fake: FakeShop) -> None:
    """The confirm was under way while somebody gave leased cards instead."""
    sale = paid(fake)
    confirm = fake.platform.confirm

    def confirm_after_the_lease(*args: Any) -> Any:
        del fake.platform.confirm  # type: ignore[attr-defined]
        fake.shop.substitute_leased(fake.cashier, sale.id)
        return confirm(*args)

    fake.platform.confirm = confirm_after_the_lease  # type: ignore[method-assign,assignment]
    progress = fake.shop.go_on(sale.id)
    with fake.till.open_to_read() as books:
        cards = books.cards.of_sale(sale.id)
    assert len(cards) == 2
    assert all(card.lease_id for card in cards)
    assert (progress.next, len(progress.papers)) == (Next.PAPER, 3)


def test_leased_cards_never_step_in_for_a_sale_that_cools(fake: FakeShop) -> None:
    """The wait is known from the reserve, also when the answer to the confirm is lost."""
    fake.platform.cools_for = timedelta(minutes=30)
    sale = paid(fake, codes=1)
    fake.platform.fail_next("confirm", "after_effect", Unreachable("down"))
    with pytest.raises(Unreachable):
        fake.shop.go_on(sale.id)
    with pytest.raises(WrongState):
        fake.shop.substitute_leased(fake.cashier, sale.id)
    assert len(held(fake)) == 3


def test_the_promise_and_the_cards_are_one_commit(fake: FakeShop) -> None:
    sale = stuck(fake)
    fake.till.fail_next_commit = RuntimeError("power")
    with pytest.raises(RuntimeError):
        fake.shop.substitute_leased(fake.cashier, sale.id)
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.CONFIRMING
    assert len(held(fake)) == 3
    commits = fake.till.commits
    fake.shop.substitute_leased(fake.cashier, sale.id)
    assert fake.till.commits == commits + 1
    with pytest.raises(WrongState):
        fake.shop.substitute_leased(fake.cashier, sale.id)


def test_only_what_is_stuck_and_covered_gets_leased_cards(fake: FakeShop) -> None:
    with pytest.raises(NotSoldOffline) as caught:
        fake.shop.substitute_leased(fake.cashier, stuck(fake, codes=4).id)
    assert caught.value.why == "too_few"
    up(fake)
    with pytest.raises(NotSoldOffline) as caught:
        fake.shop.substitute_leased(fake.cashier, stuck(fake, top_up=True).id)
    assert caught.value.why == "top_up"
    up(fake)
    waits = paid(fake, codes=1)
    fake.platform.opens_at = fake.clock.now() + timedelta(minutes=30)
    fake.shop.go_on(waits.id)
    with pytest.raises(WrongState):  # its codes come later by a rule, not by an accident
        fake.shop.substitute_leased(fake.cashier, waits.id)
    unpaid = fake.shop.reserve(fake.cashier, basket(fake, codes=1))
    with pytest.raises(WrongState):
        fake.shop.substitute_leased(fake.cashier, unpaid.id)


def test_nothing_is_given_for_a_lease_that_ended(fake: FakeShop) -> None:
    sale = stuck(fake)
    fake.clock.advance(timedelta(hours=24))
    with pytest.raises(NotSoldOffline) as caught:
        fake.shop.substitute_leased(fake.cashier, sale.id)
    assert caught.value.why == "expired"


# --- afterwards ---


def test_a_leased_code_prints_again_and_is_shredded_when_it_was_told(fake: FakeShop) -> None:
    sale = sold_offline(fake)
    view = fake.shop.look_up.sale(sale.id)
    fake.shop.reprint(fake.cashier, view.papers[0].id, "smudged")
    assert fake.shop.print_due() == 1
    first, second = fake.printer.of_kind(CodeSlip)[-2:]
    assert first.pin == second.pin
    fake.clock.advance(timedelta(hours=25))
    fake.shop.shred()
    assert [card.sealed is None for card in fake.shop.look_up.sale(sale.id).cards] == [
        False
    ]  # nobody heard of it
    settle(fake)
    fake.clock.advance(timedelta(hours=25))
    fake.shop.shred()
    assert [card.sealed for card in fake.shop.look_up.sale(sale.id).cards] == [None]


def test_a_kit_is_sold_as_a_whole() -> None:
    kit = replace(code_product(1, face=2_000), parts=3)
    fake = make_fake_shop([kit], stock=99)
    pull(fake, pieces=2)
    assert len(held(fake)) == 6
    sale = sold_offline(fake)
    assert len(fake.shop.look_up.sale(sale.id).cards) == 3
    (told,) = [body for body in entries(fake, "sale_paid") if body["sale_id"] == sale.id]
    assert len(told["lines"][0]["leased"]) == 1
    settle(fake)
    assert fake.platform.incidents == []
    change_rules(fake, is_on=False)
    settle(fake)
    assert held(fake) == []
    assert {piece.state for lent in fake.platform.leases.values() for piece in lent.pieces} == {
        "sold",
        "returned",
    }
    assert leases(fake)[0].state is not LeaseState.FENCED
    doctor_is_content(fake)
