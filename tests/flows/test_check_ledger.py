"""An old copy of the books is known by what the platform holds, also when its anchor was put back with it or is gone."""

from __future__ import annotations

import pytest

from pos_app.domain.errors import Rejected, RolledBack, Unreachable
from pos_app.domain.ledger import AnchorMark
from pos_app.ports.platform import Acked
from tests.fakes.till_pages import Pages
from tests.fakes.till_platform import RENEWAL_CODE
from tests.fakes.till_shop import FakeShop
from tests.flows.selling import basket, paid, sold


def locked(fake: FakeShop) -> AnchorMark | None:
    with fake.till.open_to_read() as books:
        return books.till.rolled_back()


def acked(fake: FakeShop) -> int:
    with fake.till.open_to_read() as books:
        return books.ledger.acked()


def put_back(fake: FakeShop, pages: Pages, anchor: AnchorMark) -> None:
    """The whole PC as it was, its anchor too."""
    fake.till.pages, fake.anchor.mark = pages, anchor
    fake.restarted().take_up()
    assert locked(fake) is None


def copied(fake: FakeShop) -> tuple[Pages, AnchorMark]:
    fake.shop.push_outbox()
    return fake.till.pages.copy(), fake.anchor.mark


def test_books_that_are_the_latest_are_not_locked(fake: FakeShop) -> None:
    sold(fake)
    assert fake.shop.check_ledger() is None
    fake.shop.push_outbox()
    assert fake.shop.check_ledger() is None
    sold(fake)
    assert fake.shop.check_ledger() is None


def test_a_platform_that_holds_more_locks_the_till(fake: FakeShop) -> None:
    old = copied(fake)
    sold(fake)
    fake.shop.push_outbox()
    put_back(fake, *old)
    fake.platform.is_down = True
    with pytest.raises(Unreachable):
        fake.shop.check_ledger()
    fake.platform.is_down = False
    found = fake.shop.check_ledger()
    assert found == AnchorMark(1, len(fake.platform.entries)) == locked(fake)
    assert fake.shop.check_ledger() == found
    with pytest.raises(RolledBack):
        fake.shop.reserve(fake.cashier, basket(fake))


def test_a_ledger_that_forks_locks_the_till(fake: FakeShop) -> None:
    old = copied(fake)
    paid(fake)
    fake.shop.push_outbox()
    put_back(fake, *old)
    paid(fake, codes=1)  # another history
    assert fake.shop.push_outbox().messages == 0
    assert locked(fake) == AnchorMark(1, acked(fake) + 1)
    calls = len(fake.platform.calls)
    fake.shop.push_outbox(at_once=True)
    fake.shop.recover()
    assert len(fake.platform.calls) == calls  # nothing that these books say is acted on


def test_a_push_is_answered_with_more_than_was_ever_written_here(fake: FakeShop) -> None:
    sold(fake)
    held = fake.platform.push_ledger
    fake.platform.push_ledger = lambda *asked: Acked(held(*asked).seq + 3)  # type: ignore[method-assign]
    fake.shop.push_outbox()
    assert locked(fake) == AnchorMark(1, len(fake.platform.entries) + 3)
    assert acked(fake) == 0


def test_a_platform_that_lost_what_it_had_locks_no_till(fake: FakeShop) -> None:
    sold(fake)
    fake.shop.push_outbox()
    sold(fake)
    fake.platform.fail_next("push_ledger", "before_effect", Rejected("KEY_REUSED", "none", {"seq": 2}))
    fake.shop.push_outbox()
    assert locked(fake) is None


def test_a_till_that_was_enrolled_anew_meanwhile_is_not_locked_by_the_old_answer(fake: FakeShop) -> None:
    old = copied(fake)
    sold(fake)
    fake.shop.push_outbox()
    put_back(fake, *old)
    ask = fake.platform.ledger_copy

    def ask_while_enrolled_anew(*asked: object) -> object:
        answer = ask(*asked)  # type: ignore[arg-type]
        fake.shop.enrol(RENEWAL_CODE, "Till")
        return answer

    fake.platform.ledger_copy = ask_while_enrolled_anew  # type: ignore[assignment,method-assign]
    assert fake.shop.check_ledger() is None


def test_an_anchor_that_is_gone_locks_the_till(fake: FakeShop) -> None:
    fake.shop.take_up()
    assert fake.anchor.mark == AnchorMark(1, 0)  # made at the first start, before anything is revealed
    assert locked(fake) is None
    sold(fake)
    fake.anchor.mark = AnchorMark()
    fake.restarted().take_up()
    with fake.till.open_to_read() as books:
        assert books.till.rolled_back() == AnchorMark(1, books.ledger.head().seq)


def test_the_first_start_of_this_version_misses_no_anchor(fake: FakeShop) -> None:
    sold(fake)
    fake.anchor.mark = AnchorMark()  # as a till of before had none
    fake.restarted().take_up()
    assert locked(fake) is None
    fake.anchor.mark = AnchorMark()
    fake.restarted().take_up()
    assert locked(fake) is not None


def test_an_anchor_that_cannot_be_made_is_not_missed_later(fake: FakeShop) -> None:
    fake.anchor.trouble = Unreachable("disk")
    with pytest.raises(Unreachable):
        fake.shop.take_up()
    fake.anchor.trouble = None
    fake.restarted().take_up()
    assert locked(fake) is None
