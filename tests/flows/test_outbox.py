"""Each message by itself: withdrawn orders, waits with a hint, the dead and the living, and a ledger that is refused."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_app.domain.errors import Rejected, Unreachable
from pos_app.domain.outbox import FIRST_WAIT_S, LONGEST_WAIT_S, Message, MessageState, wait_of
from pos_app.flows.push_outbox import SUBSTITUTED
from tests.fakes.till_shop import FakeShop
from tests.flows.leasing import pull
from tests.flows.selling import paid, sold, substituted

DOWN = Unreachable("down")
LONGEST = timedelta(seconds=LONGEST_WAIT_S * 1.2)


def message(fake: FakeShop, sale_id: str) -> Message:
    return next(each for each in fake.till.pages.outbox.values() if each.sale_id == sale_id)


def test_a_withdrawn_order_is_cancelled_until_it_is_answered_and_open_until_then(fake: FakeShop) -> None:
    sale_id = substituted(fake)
    fake.platform.fail_next("cancel", "after_effect", DOWN)
    for _ in range(2):
        assert [view.sale.id for view in fake.shop.look_up.open_items()] == [sale_id]
        fake.shop.push_outbox()
        fake.clock.advance(LONGEST)
    assert fake.platform.state(sale_id) == "CANCELLED"
    assert message(fake, sale_id).state is MessageState.SENT
    assert fake.shop.look_up.open_items() == ()
    assert [name for name, about in fake.platform.calls if about == sale_id].count("cancel") == 2


def test_a_withdrawal_says_why(fake: FakeShop) -> None:
    sale_id, reasons = substituted(fake), []
    fake.platform.cancel = lambda enrolment, sale_id, reason: reasons.append((sale_id, reason))  # type: ignore[method-assign]
    fake.shop.push_outbox()
    assert reasons == [(sale_id, SUBSTITUTED)]


def test_waits_differ_from_row_to_row_and_never_by_more_than_a_fifth() -> None:
    first = {wait_of(f"row-{number}", 0).total_seconds() for number in range(200)}
    assert len(first) == 200
    assert FIRST_WAIT_S * 0.8 <= min(first) < FIRST_WAIT_S * 0.85
    assert FIRST_WAIT_S * 1.15 < max(first) <= FIRST_WAIT_S * 1.2
    assert wait_of("row", 3) == wait_of("row", 3) != wait_of("row", 4)
    assert LONGEST_WAIT_S * 0.8 <= wait_of("row", 99).total_seconds() <= LONGEST_WAIT_S * 1.2


def test_a_hint_of_the_platform_is_waited_for(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    fake.platform.fail_next("acknowledge", "before_effect", Unreachable("busy", 90))
    fake.shop.push_outbox()
    assert message(fake, sale.id).next_try_at == fake.clock.now() + timedelta(seconds=90)
    fake.clock.advance(timedelta(seconds=89))
    assert fake.shop.push_outbox().unsent == 1
    fake.clock.advance(timedelta(seconds=1))
    assert fake.shop.push_outbox().unsent == 0


def test_silence_ends_the_round_and_counts_against_nobody_else(fake: FakeShop) -> None:
    first, second = sold(fake, codes=1).sale, sold(fake, codes=1).sale
    fake.platform.fail_next("acknowledge", "before_effect", DOWN)
    fake.shop.push_outbox()
    assert (message(fake, first.id).tries, message(fake, second.id).tries) == (1, 0)
    assert [name for name, _ in fake.platform.calls].count("acknowledge") == 1
    fake.shop.push_outbox()
    assert message(fake, second.id).state is MessageState.SENT


def test_a_question_that_the_platform_stumbles_over_ends_no_round(fake: FakeShop) -> None:
    first, second = sold(fake, codes=1).sale, sold(fake, codes=1).sale
    fake.platform.fail_next("acknowledge", "before_effect", Unreachable("server_trouble"))
    fake.shop.push_outbox()
    assert message(fake, first.id).tries == 1
    assert message(fake, second.id).state is MessageState.SENT


def test_a_no_to_the_whole_till_kills_no_message(fake: FakeShop) -> None:
    first, second = sold(fake, codes=1).sale, sold(fake, codes=1).sale
    fake.platform.fail_next("acknowledge", "before_effect", Rejected("EPOCH_FENCED", "none", {}))
    fake.shop.push_outbox()
    told = message(fake, first.id)
    assert (told.state, told.reason, told.tries) == (MessageState.DUE, "EPOCH_FENCED", 1)
    assert message(fake, second.id).tries == 0


def test_a_ledger_that_is_refused_is_kept_waits_and_holds_up_no_message(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    for _ in range(2):
        fake.platform.fail_next("push_ledger", "before_effect", Rejected("BAD_REQUEST", "none", {}))
    since = fake.clock.now()
    assert fake.shop.push_outbox().entries == 0
    assert message(fake, sale.id).state is MessageState.SENT
    with fake.till.open_to_read() as books:
        refusal = books.ledger.refusal()
    assert refusal is not None
    assert (refusal.seq, refusal.code, refusal.since, refusal.tries) == (1, "BAD_REQUEST", since, 1)
    fake.shop.push_outbox()
    assert [name for name, _ in fake.platform.calls].count("push_ledger") == 1  # it waits
    fake.clock.advance(LONGEST)
    fake.shop.push_outbox()
    with fake.till.open_to_read() as books:
        again = books.ledger.refusal()
    assert again is not None
    assert (again.since, again.tries) == (since, 2)
    fake.clock.advance(LONGEST)
    assert fake.shop.push_outbox().unsent == 0
    with fake.till.open_to_read() as books:
        assert books.ledger.refusal() is None


def test_a_ledger_that_the_platform_stumbles_over_holds_up_no_message(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    fake.platform.fail_next("push_ledger", "before_effect", Unreachable("server_trouble"))
    with pytest.raises(Unreachable):
        fake.shop.push_outbox()
    assert message(fake, sale.id).state is MessageState.SENT


def test_a_line_that_is_down_is_not_asked_again_for_each_message(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    fake.platform.fail_next("push_ledger", "before_effect", DOWN)
    with pytest.raises(Unreachable):
        fake.shop.push_outbox()
    assert message(fake, sale.id).tries == 0


def test_a_withdrawal_tells_nothing_of_the_codes_that_were_given_instead(fake: FakeShop) -> None:
    pull(fake)
    sale = paid(fake, codes=1)
    fake.shop.substitute_leased(fake.cashier, sale.id)
    fake.shop.push_outbox()
    assert fake.platform.state(sale.id) == "CANCELLED"
    with fake.till.open_to_read() as books:
        (card,) = books.cards.of_sale(sale.id)
    assert (card.acked_at, card.sealed is None) == (None, False)
