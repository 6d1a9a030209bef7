"""An old copy of the books put back: noticed before anything is done, and ended by a new epoch that loses no number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.attention import Waits
from pos_app.domain.card_code import CardState
from pos_app.domain.errors import (
    DiskTrouble,
    EnrolmentCodeWrong,
    NotAllowed,
    NotSoldOffline,
    ReasonNeeded,
    Rejected,
    RolledBack,
    Unreachable,
    WrongState,
)
from pos_app.domain.lease import LeasedState
from pos_app.domain.ledger import AnchorMark, LedgerEntry
from pos_app.domain.money import Money
from pos_app.domain.paper import PaperKind, PaperState
from pos_app.domain.receipt import CodeSlip
from pos_app.domain.sale import SaleState
from pos_app.domain.till import Enrolment
from pos_app.flows.recover import Recovered
from pos_app.ports.platform import Acked
from pos_app.shop import Giving
from tests.fakes.till_books import FakeTill
from tests.fakes.till_pages import Pages
from tests.fakes.till_platform import RENEWAL_CODE
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.leasing import cards_of, down, leases, pull, reserved_offline, settle, sold_offline, up
from tests.flows.paying import charge
from tests.flows.selling import basket, paid, run_out, sold


@pytest.fixture
def fake() -> FakeShop:
    return make_fake_shop(stock=50)


def put_back(fake: FakeShop, pages: Pages) -> None:
    """The till's file as it was, under a till that starts."""
    fake.till.pages = pages.copy()
    fake.restarted().take_up()


def head(fake: FakeShop) -> AnchorMark:
    with fake.till.open_to_read() as books:
        return AnchorMark(books.till.enrolment().epoch, books.ledger.head().seq)


def locked(fake: FakeShop) -> AnchorMark | None:
    with fake.till.open_to_read() as books:
        return books.till.rolled_back()


# --- the anchor ---


def test_the_anchor_is_raised_after_the_intent_and_before_a_code_is_opened(fake: FakeShop) -> None:
    sale = paid(fake)
    fake.shop.go_on(sale.id)
    assert fake.anchor.mark == AnchorMark()
    fake.anchor.trouble = DiskTrouble("anchor", "denied")
    with pytest.raises(DiskTrouble):
        fake.shop.print_next(sale.id)
    assert fake.vault.opened == []
    paper = fake.shop.look_up.sale(sale.id).papers[0]
    assert (paper.state, paper.cause) == (PaperState.FAILED, "disk")
    fake.anchor.trouble = None
    fake.shop.retry_paper(paper.id)
    fake.shop.print_next(sale.id)
    assert fake.anchor.mark == head(fake)
    assert len(fake.vault.opened) == 1


def test_a_code_on_the_screen_raises_it_too(fake: FakeShop) -> None:
    sale = paid(fake, codes=1)
    fake.shop.go_on(sale.id)
    (card,) = fake.shop.look_up.sale(sale.id).cards
    fake.shop.show_code(fake.supervisor, card.card_id, "no paper")
    assert fake.anchor.mark == head(fake)


def test_the_present_books_are_not_locked(fake: FakeShop) -> None:
    sold(fake)
    fake.restarted().take_up()
    assert locked(fake) is None
    assert [finding for finding in fake.shop.doctor() if not finding.holds] == []


def test_a_till_that_belongs_to_nobody_is_not_locked(fake: FakeShop) -> None:
    fake.till.pages = FakeTill().pages
    fake.anchor.mark = AnchorMark(1, 5)
    fake.restarted().take_up()
    assert locked(fake) is None


# --- an old copy ---


def test_a_payment_under_a_clock_that_was_ahead_is_told_by_its_own_ledger(fake: FakeShop) -> None:
    fake.clock.advance(timedelta(days=3))
    charge(fake, fake.shop.reserve(fake.cashier, basket(fake)))
    old = fake.till.pages.copy()
    sold(fake)
    put_back(fake, old)
    fake.clock.advance(timedelta(days=-3))
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    assert [finding for finding in fake.shop.doctor() if not finding.holds] == []


def test_an_old_copy_locks_everything_that_sells_or_reveals(fake: FakeShop) -> None:
    waits, has = paid(fake, codes=1), paid(fake, codes=1)
    fake.shop.go_on(has.id)
    old = fake.till.pages.copy()
    sold(fake)
    put_back(fake, old)
    assert locked(fake) == fake.anchor.mark
    before = fake.till.pages
    (card,) = fake.shop.look_up.sale(has.id).cards
    for call in (
        lambda: fake.shop.reserve(fake.cashier, basket(fake)),
        lambda: fake.shop.print_next(has.id),
        lambda: fake.shop.show_code(fake.supervisor, card.card_id, "why"),
        lambda: fake.shop.cancel_sale(fake.cashier, paid_sale(fake), ""),
        lambda: fake.shop.go_on(waits.id),
        lambda: fake.shop.substitute_leased(fake.cashier, waits.id),
    ):
        with pytest.raises((RolledBack, NotSoldOffline)):
            call()
    assert fake.shop.recover() == Recovered()
    assert fake.vault.opened.count(card.card_id) == 0
    assert fake.till.pages.ledger == before.ledger
    fake.restarted().take_up()  # it is kept on disk
    assert locked(fake) is not None
    assert {f.invariant.split()[0] for f in fake.shop.doctor() if not f.holds} == {"R16"}


def paid_sale(fake: FakeShop) -> str:
    """A sale that stands reserved in the books, put there by hand: nothing begins one in an old copy."""
    with fake.till.open_books() as books:
        begun = replace(basket(fake), id="by-hand").started(fake.clock.now(), "x", "s", fake.shop.today())
        books.sales.put(begun.moved_to(SaleState.RESERVED))
        books.commit()
    return "by-hand"


def test_an_unpaid_reservation_of_an_old_copy_is_left_alone_at_start(fake: FakeShop) -> None:
    sale = fake.shop.reserve(fake.cashier, basket(fake))
    old = fake.till.pages.copy()
    fake.shop.cancel_sale(fake.cashier, sale.id, "")
    sold(fake)
    put_back(fake, old)
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.RESERVED


# --- beginning anew ---


def test_a_new_epoch_goes_on_where_the_old_one_stood(fake: FakeShop) -> None:
    first = sold(fake).sale
    old = fake.till.pages.copy()
    second = sold(fake).sale
    third = sold(fake).sale
    fake.shop.push_outbox()
    put_back(fake, old)
    enrolment = fake.shop.begin_anew(f" {RENEWAL_CODE} ", "Till")
    assert (enrolment.epoch, locked(fake)) == (2, None)
    assert [sale.receipt_number for sale in (first, second, third)] == ["T1-000001", "T1-000002", "T1-000003"]
    fourth = sold(fake).sale
    assert fourth.receipt_number == "T1-000004"
    fake.shop.push_outbox()
    begun = fake.platform.entries[0]
    assert (begun.epoch, begun.kind) == (2, "epoch_begun")
    former = [each.body.get("receipt_number") for each in fake.till.pages.ledger.values() if each.epoch == 1]
    assert [each for each in former if each] == ["T1-000001", "T1-000002", "T1-000003"]
    assert begun.body["before"]["seq"] == len(former)
    assert (begun.body["receipts_from"], begun.body["receipts_to"]) == (2, 3)
    assert [finding for finding in fake.shop.doctor() if not finding.holds] == []
    fake.restarted().take_up()
    assert locked(fake) is None
    assert fake.anchor.mark.epoch == 2


def test_a_number_that_nobody_can_know_of_is_not_given_again(fake: FakeShop) -> None:
    """The last sales were printed and never pushed; only the anchor tells that there was something."""
    sold(fake)
    fake.shop.push_outbox()
    old = fake.till.pages.copy()
    lost = [sold(fake, codes=1).sale.receipt_number for _ in range(3)]
    put_back(fake, old)
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    number = sold(fake).sale.receipt_number
    assert number not in lost
    assert max(lost) < number  # type: ignore[type-var,operator]
    assert [finding for finding in fake.shop.doctor() if not finding.holds] == []


def test_nothing_was_lost_when_nothing_was_sold_since(fake: FakeShop) -> None:
    sold(fake)
    fake.shop.push_outbox()
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    assert sold(fake).sale.receipt_number == "T1-000002"
    assert [finding for finding in fake.shop.doctor() if not finding.holds] == []


def test_a_long_ledger_is_read_back_page_by_page(fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pos_app.flows.begin_anew.PAGE", 3)
    old = fake.till.pages.copy()
    for _ in range(4):
        sold(fake, codes=1)
    fake.shop.push_outbox()
    put_back(fake, old)
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    assert sold(fake).sale.receipt_number == "T1-000005"


def test_a_copy_from_before_another_epoch_reads_both_back(fake: FakeShop) -> None:
    old = fake.till.pages.copy()
    sold(fake)
    fake.shop.push_outbox()
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    sold(fake)
    fake.shop.push_outbox()
    put_back(fake, old)
    assert locked(fake) is not None
    assert fake.shop.begin_anew(RENEWAL_CODE, "Till").epoch == 3
    assert sold(fake).sale.receipt_number == "T1-000003"


def test_broken_off_it_goes_on_without_another_code(fake: FakeShop) -> None:
    old = fake.till.pages.copy()
    sold(fake)
    fake.shop.push_outbox()
    put_back(fake, old)
    fake.platform.fail_next("ledger_copy", "before_effect", Unreachable("down"))
    with pytest.raises(Unreachable):
        fake.shop.begin_anew(RENEWAL_CODE, "Till")
    fake.restarted().take_up()
    assert locked(fake) is not None
    with pytest.raises(RolledBack):
        fake.shop.reserve(fake.cashier, basket(fake))
    assert fake.shop.begin_anew("", "Till").epoch == 2
    assert sold(fake).sale.receipt_number == "T1-000002"


def test_the_platform_at_home_gives_the_code_itself(fake: FakeShop) -> None:
    fake.platform.is_at_home = True
    assert fake.shop.begin_anew("", "Till").epoch == 2
    fake.platform.is_at_home = False
    with pytest.raises(EnrolmentCodeWrong):
        fake.shop.begin_anew("", "Till")


def test_what_the_former_epoch_had_not_told_is_told_by_the_next(fake: FakeShop) -> None:
    sold(fake)
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    assert fake.platform.chains.get(1, []) == []
    fake.shop.push_outbox()
    with fake.till.open_to_read() as books:
        assert tuple(fake.platform.chains[1]) == books.ledger.of_epoch(1, 0, 100)
        assert books.ledger.former_unsent(10) == ()


def test_a_former_ledger_that_is_refused_holds_up_nothing(fake: FakeShop) -> None:
    sold(fake)
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    push = fake.platform.push_ledger

    def refuse_the_old(enrolment: Enrolment, entries: Sequence[LedgerEntry]) -> Acked:
        if entries[0].epoch == 1:
            raise Rejected("KEY_REUSED", "none", {"seq": 1})
        return push(enrolment, entries)

    fake.platform.push_ledger = refuse_the_old  # type: ignore[method-assign]
    assert fake.shop.push_outbox().unsent == 0

    def take_one(enrolment: Enrolment, entries: Sequence[LedgerEntry]) -> Acked:
        return push(enrolment, entries[:1] if entries[0].epoch == 1 else entries)

    fake.platform.push_ledger = take_one  # type: ignore[method-assign]
    sold(fake)
    fake.shop.push_outbox()
    assert len(fake.platform.chains[1]) == 1


@pytest.mark.parametrize("wrong", ["another till", "no new epoch", "no code"])
def test_a_wrong_code_leaves_it_locked(fake: FakeShop, wrong: str) -> None:
    old = fake.till.pages.copy()
    sold(fake)
    put_back(fake, old)
    told = fake.platform.enrolment
    answer = {"another till": replace(told, till_id="other", epoch=2), "no new epoch": told}.get(wrong)
    if answer is not None:
        fake.platform.enrol = lambda code, till_name: answer  # type: ignore[method-assign]
    with pytest.raises(EnrolmentCodeWrong):
        fake.shop.begin_anew("K1.other", "Till")
    assert locked(fake) is not None
    assert fake.shop.look_up.enrolment() == told


def test_codes_held_by_an_old_copy_are_never_sold_nor_given_back(fake: FakeShop) -> None:
    """The lost part of the books sold one of them; the copy does not know which."""
    pull(fake)
    old = fake.till.pages.copy()
    sold_offline(fake)
    put_back(fake, old)
    up(fake)
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    assert {card.state for card in cards_of(fake)} == {LeasedState.DESTROYED}
    assert all(lease.is_over for lease in leases(fake))
    settle(fake)
    old_pieces = [p for each in fake.platform.leases.values() if each.epoch == 1 for p in each.pieces]
    assert {piece.state for piece in old_pieces} == {"quarantined"}
    assert fake.platform.incidents == []


def test_a_sale_begun_with_leased_cards_of_the_old_copy_ends_without_them(fake: FakeShop) -> None:
    pull(fake)
    sale = reserved_offline(fake)
    old = fake.till.pages.copy()
    up(fake)
    sold(fake)
    put_back(fake, old)
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    with pytest.raises(NotSoldOffline):
        fake.shop.take_cash(fake.cashier, sale.id, Money(100_000))
    fake.restarted().take_up()
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.CANCELLED
    down(fake)
    with pytest.raises((NotSoldOffline, Unreachable)):
        fake.shop.reserve(fake.cashier, basket(fake))


def test_papers_of_the_old_copy_are_asked_about_before_they_print(fake: FakeShop) -> None:
    sale = paid(fake, codes=2)
    fake.shop.go_on(sale.id)
    fake.shop.print_next(sale.id)
    old = fake.till.pages.copy()
    run_out(fake, sale)
    fake.shop.push_outbox()
    put_back(fake, old)
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    assert fake.shop.print_due() == 0
    first, *papers = fake.shop.look_up.sale(sale.id).papers
    assert first.state is PaperState.PRINTED
    assert {(paper.state, paper.cause) for paper in papers} == {(PaperState.UNKNOWN, "restored")}
    printed = len(fake.printer.of_kind(CodeSlip))
    for paper in papers:
        fake.shop.answer_slip(fake.cashier, paper.id, paper.kind is PaperKind.CODE)
    fake.shop.print_due()
    assert len(fake.printer.of_kind(CodeSlip)) == printed
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.DONE


def test_an_old_slip_prints_again_under_the_new_epoch(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    fake.shop.push_outbox()
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    paper = fake.shop.look_up.sale(sale.id).papers[0]
    fake.shop.reprint(fake.cashier, paper.id, "lost")
    fake.shop.print_due()
    first, second = fake.printer.of_kind(CodeSlip)[-2:]
    assert (first.pin, second.header.copy) == (second.pin, 2)


def test_a_sale_confirmed_under_a_former_epoch_waits_for_a_person(fake: FakeShop) -> None:
    sale = paid(fake, codes=1)
    fake.platform.fail_next("confirm", "after_effect", Unreachable("timeout"))
    with pytest.raises(Unreachable):
        fake.shop.go_on(sale.id)
    for code in ("KEY_REUSED", "EPOCH_FENCED"):
        fake.platform.fail_next("confirm", "before_effect", Rejected(code, "none", {}))
        with pytest.raises(Rejected):
            fake.shop.go_on(sale.id)
        assert fake.shop.go_on.look(sale.id).sale.state is SaleState.CONFIRMING


# --- what may be out already ---


def refused_for_good(fake: FakeShop, sale_id: str) -> None:
    fake.platform.fail_next("confirm", "before_effect", Rejected("EXPIRED", "none", {}))
    fake.shop.go_on(sale_id)


def test_a_sale_paid_in_the_old_copy_prints_nothing_before_somebody_looked(fake: FakeShop) -> None:
    """It was confirmed and handed over in the part of the books that is lost, and nobody had heard of it."""
    sale = paid(fake, codes=1)
    old = fake.till.pages.copy()
    fake.shop.go_on(sale.id)
    fake.shop.print_next(sale.id)
    put_back(fake, old)
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    fake.platform.sales[sale.id].bodies.clear()  # the platform takes the same confirm under the new epoch
    fake.shop.recover()
    assert fake.shop.print_due() == 0
    view = fake.shop.look_up.sale(sale.id)
    assert {(paper.state, paper.cause) for paper in view.papers} == {(PaperState.UNKNOWN, "restored")}
    assert {card.state for card in view.cards} == {CardState.UNKNOWN}
    for paper in view.papers:
        fake.shop.answer_slip(fake.cashier, paper.id, came_out=True)
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.DONE
    assert len(fake.printer.of_kind(CodeSlip)) == 1


def test_leased_cards_do_not_step_in_where_goods_may_be_out_already(fake: FakeShop) -> None:
    pull(fake)
    sale = paid(fake, codes=1)
    old = fake.till.pages.copy()
    fake.shop.substitute_leased(fake.cashier, sale.id)
    fake.shop.print_due()
    put_back(fake, old)
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    fake.shop.keep_leases()
    assert cards_of(fake, LeasedState.HELD)
    with pytest.raises(WrongState):
        fake.shop.substitute_leased(fake.cashier, sale.id)
    assert not fake.shop.look_up.sale(sale.id).can_stand_in


def test_money_that_may_be_back_already_needs_a_second_person(fake: FakeShop) -> None:
    sale = paid(fake, codes=1)
    refused_for_good(fake, sale.id)
    line_id = sale.lines[0].line_id
    old = fake.till.pages.copy()
    fake.shop.give_back(Giving(fake.cashier), sale.id, line_id)
    put_back(fake, old)
    assert locked(fake) is not None
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    (item,) = (each for each in fake.shop.look_up.attention() if each.waits is Waits.GIVE_BACK)
    assert item.is_doubtful
    with pytest.raises(NotAllowed):
        fake.shop.give_back(Giving(fake.cashier), sale.id, line_id)
    with pytest.raises(ReasonNeeded):
        fake.shop.give_back(Giving(fake.cashier, fake.supervisor), sale.id, line_id)
    fake.shop.give_back(Giving(fake.cashier, fake.supervisor, "has it, asked him"), sale.id, line_id)
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.REFUNDED


def test_what_was_not_paid_in_the_old_copy_is_in_no_doubt(fake: FakeShop) -> None:
    sale = fake.shop.reserve(fake.cashier, basket(fake))
    old = fake.till.pages.copy()
    sold(fake)
    put_back(fake, old)
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    assert not fake.shop.go_on.look(sale.id).sale.is_doubtful


def test_after_a_fork_the_platforms_history_is_read_back_from_where_both_agree(fake: FakeShop) -> None:
    fake.shop.push_outbox()
    old, anchor = fake.till.pages.copy(), fake.anchor.mark
    for _ in range(2):
        sold(fake, codes=1)
    fake.shop.push_outbox()
    put_back(fake, old)
    with fake.till.open_books() as books:  # its anchor was put back with it, and it sold on
        books.till.keep_rolled_back(None)
        books.commit()
    fake.anchor.mark = anchor
    for _ in range(12):  # a longer history than the platform's, without a sale
        fake.shop.cancel_sale(fake.cashier, fake.shop.reserve(fake.cashier, basket(fake)).id, "left")
    fake.shop.push_outbox()
    assert locked(fake) is not None
    fake.shop.begin_anew(RENEWAL_CODE, "Till")
    assert sold(fake).sale.receipt_number == "T1-000003"
