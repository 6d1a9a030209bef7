"""What goes up and what comes down: ledger, messages, catalogue, wallet, enrolment."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_app.domain.errors import EnrolmentCodeWrong, Rejected, Unreachable
from pos_app.domain.money import Money
from pos_app.domain.outbox import MessageState
from pos_app.domain.paper import PaperKind
from pos_app.flows.push_outbox import MOST_ENTRIES
from pos_app.ports.platform import Acked
from tests.fakes.till_goods import code_product
from tests.fakes.till_platform import ENROLMENT_CODE, FakePlatform
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import sold

DOWN = Unreachable("down")
EARLIEST, LATEST = 0.8, 1.2  # of each wait


def test_everything_goes_up_once(fake: FakeShop) -> None:
    sale = sold(fake).sale
    pushed = fake.shop.push_outbox()
    assert (pushed.messages, pushed.unsent) == (1, 0)
    assert fake.shop.push_outbox().entries == 0
    with fake.till.open_to_read() as books:
        assert [e.seq for e in fake.platform.entries] == list(range(1, books.ledger.head().seq + 1))
    cards, _ = fake.platform.acks[sale.id]
    assert [(card.is_certain, card.copies) for card in cards] == [(True, 1), (True, 1)]


def test_a_long_queue_goes_up_in_parts(fake: FakeShop) -> None:
    with fake.till.open_books() as books:
        for number in range(MOST_ENTRIES + 10):
            books.ledger.append("test", fake.clock.now(), fake.shop.today(), {"n": number})
        books.commit()
    assert fake.shop.push_outbox().unsent == 0
    assert [name for name, _ in fake.platform.calls].count("push_ledger") == 2


def test_a_platform_that_takes_nothing_is_not_asked_for_ever(fake: FakeShop) -> None:
    fake.platform.push_ledger = lambda enrolment, entries: Acked(0)  # type: ignore[method-assign]
    assert fake.shop.push_outbox().unsent > 0


def test_an_ack_without_answer_waits_longer_each_time(fake: FakeShop) -> None:
    sale = sold(fake).sale
    for _ in range(2):
        fake.platform.fail_next("acknowledge", "before_effect", DOWN)
    assert fake.shop.push_outbox().unsent == 1
    assert fake.shop.push_outbox().unsent == 1  # not due yet: not even asked
    fake.clock.advance(timedelta(seconds=LATEST * 2))
    assert fake.shop.push_outbox().unsent == 1
    fake.clock.advance(timedelta(seconds=EARLIEST * 4 - 0.1))
    assert fake.shop.push_outbox().unsent == 1
    fake.clock.advance(timedelta(seconds=(LATEST - EARLIEST) * 4 + 0.1))
    assert fake.shop.push_outbox().unsent == 0
    assert fake.platform.state(sale.id) == "DELIVERED"


def test_a_refused_message_stays_and_holds_up_no_other(fake: FakeShop) -> None:
    first, second = sold(fake, codes=1).sale, sold(fake, codes=1).sale
    fake.platform.fail_next("acknowledge", "before_effect", Rejected("NOT_FOUND", "none", {}))
    assert fake.shop.push_outbox().unsent == 1
    assert fake.platform.state(second.id) == "DELIVERED"
    (refused,) = [m for m in fake.till.pages.outbox.values() if m.state is MessageState.DEAD]
    assert (refused.sale_id, refused.reason) == (first.id, "NOT_FOUND")


def test_an_ack_with_unknown_effect_is_sent_again(fake: FakeShop) -> None:
    sold(fake, codes=1)
    fake.platform.fail_next("acknowledge", "after_effect", Rejected("UNAVAILABLE", "unknown", {}))
    assert fake.shop.push_outbox().unsent == 1
    fake.clock.advance(timedelta(seconds=LATEST * 2))
    assert fake.shop.push_outbox().unsent == 0


def test_an_ack_that_was_heard_before_a_reprint_is_not_refused(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    fake.platform.fail_next("acknowledge", "after_effect", DOWN)
    assert fake.shop.push_outbox().unsent == 1
    paper = next(paper for paper in fake.shop.look_up.sale(sale.id).papers if paper.kind is PaperKind.CODE)
    fake.shop.reprint(fake.cashier, paper.id, "torn")
    fake.shop.print_due()
    fake.clock.advance(timedelta(seconds=LATEST * 2))
    assert fake.shop.push_outbox().unsent == 0


def test_the_catalogue_comes_in_pages_and_then_as_changes() -> None:
    fake = make_fake_shop([code_product(number) for number in range(1, 8)])
    fake.platform._page_size = 2
    state = fake.shop.sync_catalogue()
    assert (state.held, state.total) == (7, 7)
    fake.platform.take_off("product-3")
    fake.platform.change_price("product-4", Money(9_900), Money(9_999))
    state = fake.shop.sync_catalogue()
    assert (state.held, state.total) == (6, 6)
    assert fake.shop.look_up.products("", None, 10)


def test_a_broken_first_sync_goes_on_where_it_stood() -> None:
    fake = make_fake_shop([])
    clock = fake.clock
    fresh = FakePlatform(clock, [code_product(n) for n in range(1, 8)], page_size=3)
    shop_platform = fake.platform
    shop_platform.__dict__.update(fresh.__dict__)
    fake.till.pages.synced_at = None
    fake.till.pages.cursor = None
    pages = fake.platform.catalogue_page
    asked: list[str | None] = []

    def twice(enrolment: object, cursor: str | None) -> object:
        asked.append(cursor)
        if len(asked) == 2:
            raise DOWN
        return pages(enrolment, cursor)  # type: ignore[arg-type]

    fake.platform.catalogue_page = twice  # type: ignore[method-assign,assignment]
    with pytest.raises(Unreachable):
        fake.shop.sync_catalogue()
    status = fake.shop.look_up.status(line_up=False)
    assert (status.catalogue.held, status.catalogue.synced_at) == (3, None)
    assert fake.shop.sync_catalogue().held == 7
    assert asked[2] == asked[1]


def test_the_wallet_is_kept_and_warned_of(fake: FakeShop) -> None:
    assert fake.shop.refresh_account().balance == fake.platform.balance
    assert not fake.shop.look_up.status(line_up=True).is_wallet_low
    fake.platform.balance = Money(100)
    fake.shop.refresh_account()
    status = fake.shop.look_up.status(line_up=True)
    assert status.is_wallet_low
    assert status.line_up


def test_enrolment(fake: FakeShop) -> None:
    enrolment = fake.shop.enrol(f" {ENROLMENT_CODE} ", "Till 2")
    assert fake.shop.look_up.enrolment() == enrolment
    with pytest.raises(EnrolmentCodeWrong):
        fake.shop.enrol(ENROLMENT_CODE, "Till 2")
