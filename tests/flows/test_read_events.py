"""What the platform tells afterwards reaches the till once: a top-up taken back is owed to its customer again."""

from __future__ import annotations

import pytest

from pos_app.domain.attention import Waits
from pos_app.domain.errors import Rejected, Unreachable
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.sale import Sale, SaleState, TopUp, TopUpState
from tests.fakes.till_shop import FakeShop
from tests.flows.selling import sold


def topped_up(fake: FakeShop) -> Sale:
    """A sale whose top-up succeeded, days ago; its events are read."""
    sale = sold(fake, codes=1, top_up=True).sale
    fake.shop.recover()
    fake.shop.print_due()
    fake.shop.read_events()
    sale = fake.shop.go_on.look(sale.id).sale
    assert sale.lines[-1].top_up is not None
    assert (sale.state, sale.lines[-1].top_up.state) == (SaleState.DONE, TopUpState.OK)
    assert fake.shop.look_up.open_items() == ()
    return sale


def waits(fake: FakeShop) -> list[Waits]:
    return [item.waits for item in fake.shop.look_up.attention()]


def last_event(fake: FakeShop) -> int:
    with fake.till.open_to_read() as books:
        return books.till.last_event()


def asked(fake: FakeShop) -> list[str]:
    return [name for name, _ in fake.platform.calls]


def test_a_top_up_that_was_taken_back_is_owed_to_the_customer(fake: FakeShop) -> None:
    sale = topped_up(fake)
    fake.platform.take_back_top_up(sale.id, sale.lines[-1].line_id)
    assert fake.shop.recover().moved == ()  # nobody asks about what has ended
    assert fake.shop.read_events() is False
    assert waits(fake) == [Waits.GIVE_BACK]
    (item,) = fake.shop.look_up.attention()
    assert item.line is not None
    assert item.line.line_id == sale.lines[-1].line_id
    assert fake.shop.print_due() == 0
    with fake.till.open_to_read() as books:
        told = [e.body["state"] for e in books.ledger.after(0, 1000) if e.kind == "top_up_ended"]
    assert told == ["OK", "FAILED_FINAL"]


def test_an_event_is_dealt_with_once_and_its_number_outlives_a_restart(fake: FakeShop) -> None:
    sale = topped_up(fake)
    fake.platform.take_back_top_up(sale.id, sale.lines[-1].line_id)
    fake.shop.read_events()
    assert last_event(fake) == len(fake.platform.news)
    fake.restarted()
    fake.platform.calls.clear()
    fake.shop.read_events()
    assert asked(fake) == ["events"]


def test_what_got_no_answer_is_asked_again(fake: FakeShop) -> None:
    sale = topped_up(fake)
    fake.platform.take_back_top_up(sale.id, sale.lines[-1].line_id)
    for call in ("events", "top_ups"):
        fake.platform.fail_next(call, "before_effect", Unreachable("down"))
        with pytest.raises(Unreachable):
            fake.shop.read_events()
        assert waits(fake) == []
    for code, effect in (("REVOKED", "none"), ("UNAVAILABLE", "unknown")):
        fake.platform.fail_next("top_ups", "before_effect", Rejected(code, effect, {}))
        with pytest.raises(Rejected):
            fake.shop.read_events()
    fake.shop.read_events()
    assert waits(fake) == [Waits.GIVE_BACK]


def test_what_is_not_of_this_till_is_passed_over(fake: FakeShop) -> None:
    sale = topped_up(fake)
    fake.platform.tell("top_up.changed", "unknown here")
    fake.platform.tell("sale.released", sale.id)
    fake.platform.tell("account.notice")
    fake.platform.calls.clear()
    assert fake.shop.read_events() is False
    assert asked(fake) == ["events", "events"]
    assert last_event(fake) == len(fake.platform.news)


def test_a_sale_that_the_platform_does_not_know_holds_up_nothing(fake: FakeShop) -> None:
    sale = topped_up(fake)
    fake.platform.tell("top_up.changed", sale.id)
    fake.platform.fail_next("top_ups", "before_effect", Rejected("NOT_FOUND", "none", {}))
    fake.platform.tell("catalogue.changed")
    assert fake.shop.read_events() is True
    assert fake.shop.read_events() is False


def test_more_than_one_page(fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos_app.flows.read_events.AT_ONCE", 2)
    for kind in ("catalogue.changed", "account.notice", "account.notice"):
        fake.platform.tell(kind)
    assert fake.shop.read_events() is True
    assert last_event(fake) == 3


def test_a_late_success_does_not_undo_a_failure(fake: FakeShop) -> None:
    failed, fine = TopUp(TopUpState.FAILED_FINAL), TopUp(TopUpState.OK)
    assert not failed.may_become(fine)
    assert fine.may_become(failed)
    assert not fine.may_become(TopUp(TopUpState.UNKNOWN))


def test_an_old_copy_asks_nothing(fake: FakeShop) -> None:
    with fake.till.open_books() as books:
        books.till.keep_rolled_back(AnchorMark(1, 99))
        books.commit()
    fake.platform.calls.clear()
    assert fake.shop.read_events() is False
    assert asked(fake) == []
