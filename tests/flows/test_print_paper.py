"""Paper: intent first, outcome after; nothing is printed twice by accident and every copy has a name to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

import pytest

from pos_app.domain.card_code import CardState
from pos_app.domain.errors import (
    CodeSealBroken,
    DiskTrouble,
    NotAllowed,
    NothingToReprint,
    PaperTrouble,
    ReasonNeeded,
    WrongState,
)
from pos_app.domain.money import Money
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.receipt import ClosingSlip, CodeSlip, Receipt, SaleReceipt
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.shift import CashCount
from pos_app.shop import Next
from tests.fakes.till_shop import FakeShop
from tests.flows.selling import paid, run_out, sold


def code_papers(fake: FakeShop, sale_id: str) -> list[Paper]:
    return [paper for paper in fake.shop.look_up.sale(sale_id).papers if paper.kind is PaperKind.CODE]


def last_entry(fake: FakeShop) -> tuple[str, dict[str, object]]:
    with fake.till.open_to_read() as books:
        entry = books.ledger.after(books.ledger.head().seq - 1, 1)[0]
    return entry.kind, dict(entry.body)


def test_paper_out_is_said_and_printed_again_as_the_same_copy(fake: FakeShop) -> None:
    sale = paid(fake, codes=1)
    fake.shop.go_on(sale.id)
    fake.printer.fail_next("paper_out")
    with pytest.raises(PaperTrouble) as trouble:
        fake.shop.print_next(sale.id)
    assert trouble.value.cause == "paper_out"
    (paper,) = code_papers(fake, sale.id)
    assert (paper.state, paper.cause) == (PaperState.FAILED, "paper_out")
    assert fake.shop.look_up.sale(sale.id).cards[0].state is CardState.HAVE
    assert run_out(fake, sale).next is Next.PERSON  # the receipt came out, the code waits
    fake.shop.retry_paper(paper.id)
    assert run_out(fake, sale).sale.state is SaleState.DONE
    (slip,) = fake.printer.of_kind(CodeSlip)
    assert slip.header.copy == 1


def test_a_slip_whose_outcome_the_disk_refused_becomes_a_question_at_the_next_beat(fake: FakeShop) -> None:
    """Found by the simulation: it printed by itself for ever, and only a restart asked about it."""
    sale = paid(fake, codes=1)
    fake.shop.go_on(sale.id)
    plain = fake.printer.print

    def print_on_a_full_disk(receipt: Receipt) -> None:
        plain(receipt)
        fake.till.fail_next_commit = DiskTrouble(path="books.db", cause="full")

    with patch.object(fake.printer, "print", print_on_a_full_disk), pytest.raises(DiskTrouble):
        fake.shop.print_next(sale.id)
    (paper,) = code_papers(fake, sale.id)
    assert paper.state is PaperState.PRINTING
    fake.shop.print_due()
    (paper,) = code_papers(fake, sale.id)
    assert (paper.state, paper.cause) == (PaperState.UNKNOWN, "restart")
    assert fake.shop.look_up.sale(sale.id).cards[0].state is CardState.UNKNOWN
    assert len(fake.printer.of_kind(CodeSlip)) == 1


def test_only_a_failed_paper_is_tried_again(fake: FakeShop) -> None:
    progress = sold(fake, codes=1)
    with pytest.raises(WrongState):
        fake.shop.retry_paper(progress.papers[0].id)


def in_doubt(fake: FakeShop) -> Sale:
    """A sale of one code, of whose slip nobody knows whether it came out."""
    sale = paid(fake, codes=1)
    fake.shop.go_on(sale.id)
    fake.printer.fail_next("timeout", sent=True)
    with pytest.raises(PaperTrouble):
        fake.shop.print_next(sale.id)
    return sale


def test_bytes_that_may_have_left_become_a_question(fake: FakeShop) -> None:
    sale = in_doubt(fake)
    run_out(fake, sale)
    (paper,) = code_papers(fake, sale.id)
    assert paper.state is PaperState.UNKNOWN
    fake.shop.answer_slip(fake.cashier, paper.id, came_out=True)
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.DONE
    assert last_entry(fake)[0] == "slip_answered"
    with pytest.raises(WrongState):
        fake.shop.answer_slip(fake.cashier, paper.id, came_out=True)


def test_a_lost_slip_is_printed_as_copy_two(fake: FakeShop) -> None:
    sale = in_doubt(fake)
    (paper,) = code_papers(fake, sale.id)
    again = fake.shop.answer_slip(fake.cashier, paper.id, came_out=False)
    assert (again.copy, again.state) == (2, PaperState.DUE)
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.HAVE
    assert run_out(fake, sale).sale.state is SaleState.DONE
    assert fake.printer.of_kind(CodeSlip)[-1].header.copy == 2
    assert fake.shop.look_up.sale(sale.id).cards[0].copies == 2


def test_a_copy_that_fails_after_a_lost_slip_is_not_handed_over(fake: FakeShop) -> None:
    sale = in_doubt(fake)
    run_out(fake, sale)
    (first,) = code_papers(fake, sale.id)
    fake.shop.answer_slip(fake.cashier, first.id, came_out=False)
    fake.printer.fail_next("offline")
    with pytest.raises(PaperTrouble):
        fake.shop.print_next(sale.id)
    view = fake.shop.look_up.sale(sale.id)
    assert (view.sale.state, view.cards[0].state) == (SaleState.HAVE, CardState.UNKNOWN)
    (failed,) = [paper for paper in code_papers(fake, sale.id) if paper.state is PaperState.FAILED]
    fake.shop.retry_paper(failed.id)
    assert run_out(fake, sale).sale.state is SaleState.DONE


def test_a_receipt_in_doubt_does_not_hold_up_the_sale(fake: FakeShop) -> None:
    sale = paid(fake, codes=1)
    fake.shop.go_on(sale.id)
    fake.shop.print_next(sale.id)
    fake.printer.fail_next("timeout", sent=True)
    with pytest.raises(PaperTrouble):
        fake.shop.print_next(sale.id)
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.DONE
    receipt = next(p for p in fake.shop.look_up.sale(sale.id).papers if p.kind is PaperKind.RECEIPT)
    fake.shop.answer_slip(fake.cashier, receipt.id, came_out=False)
    fake.shop.print_next(sale.id)
    assert fake.printer.of_kind(SaleReceipt)[-1].header.copy == 2


def test_nothing_due_prints_nothing(fake: FakeShop) -> None:
    progress = sold(fake, codes=1)
    before = len(fake.printer.printed)
    assert fake.shop.print_next(progress.sale.id).next is Next.NOTHING
    assert len(fake.printer.printed) == before


def test_a_seal_that_is_not_ours_is_not_printed(fake: FakeShop) -> None:
    sale = paid(fake, codes=1)
    fake.shop.go_on(sale.id)
    card = fake.till.pages.cards[next(iter(fake.till.pages.cards))]
    fake.till.pages.cards[card.card_id] = replace(card, sealed=b"other")
    with pytest.raises(CodeSealBroken):
        fake.shop.print_next(sale.id)
    (paper,) = code_papers(fake, sale.id)
    assert (paper.state, paper.cause) == (PaperState.FAILED, "seal")


def test_a_reprint_is_marked_counted_and_has_a_reason(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    (paper,) = code_papers(fake, sale.id)
    with pytest.raises(ReasonNeeded):
        fake.shop.reprint(fake.cashier, paper.id, "  ")
    again = fake.shop.reprint(fake.cashier, paper.id, "torn")
    assert again.copy == 2
    assert last_entry(fake)[1]["reason"] == "torn"
    assert run_out(fake, sale).sale.state is SaleState.DONE
    assert fake.printer.of_kind(CodeSlip)[-1].header.copy == 2
    assert fake.shop.look_up.sale(sale.id).cards[0].copies == 2


def test_the_third_copy_of_a_code_needs_a_second_person(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    (paper,) = code_papers(fake, sale.id)
    fake.shop.reprint(fake.cashier, paper.id, "torn")
    for authoriser in (None, fake.cashier):
        with pytest.raises(NotAllowed):
            fake.shop.reprint(fake.cashier, paper.id, "torn again", authoriser)
    third = fake.shop.reprint(fake.cashier, paper.id, "torn again", fake.supervisor)
    assert third.copy == 3
    assert last_entry(fake)[1]["authoriser_id"] == fake.supervisor.id


def test_a_receipt_can_be_printed_as_often_as_asked(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    receipt = next(p for p in fake.shop.look_up.sale(sale.id).papers if p.kind is PaperKind.RECEIPT)
    copies = [fake.shop.reprint(fake.cashier, receipt.id, "wanted").copy for _ in range(3)]
    assert copies == [2, 3, 4]


def test_a_shredded_code_is_not_reprinted(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    assert fake.shop.shred() == 0
    fake.shop.push_outbox()
    fake.clock.advance(timedelta(hours=25))
    assert fake.shop.shred() == 1
    assert fake.shop.shred() == 0
    (paper,) = code_papers(fake, sale.id)
    with pytest.raises(NothingToReprint):
        fake.shop.reprint(fake.cashier, paper.id, "torn")
    (card,) = fake.shop.look_up.sale(sale.id).cards
    with pytest.raises(NothingToReprint):
        fake.shop.show_code(fake.supervisor, card.card_id, "asked")


def test_a_code_whose_slip_is_wanted_is_not_shredded(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    (paper,) = code_papers(fake, sale.id)
    fake.shop.reprint(fake.cashier, paper.id, "torn")
    fake.shop.push_outbox()
    fake.clock.advance(timedelta(hours=25))
    assert fake.shop.shred() == 0
    fake.shop.print_next(sale.id)
    assert fake.shop.shred() == 1


def test_a_code_that_is_gone_when_its_slip_is_due_is_said(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    (paper,) = code_papers(fake, sale.id)
    fake.shop.reprint(fake.cashier, paper.id, "torn")
    (card,) = fake.till.pages.cards.values()
    fake.till.pages.cards[card.card_id] = replace(card, sealed=None)
    with pytest.raises(NothingToReprint):
        fake.shop.print_next(sale.id)


def test_a_code_on_the_screen_is_audited_and_finishes_the_sale(fake: FakeShop) -> None:
    sale = paid(fake, codes=1)
    fake.shop.go_on(sale.id)
    fake.printer.fail_next("broken")
    with pytest.raises(PaperTrouble):
        fake.shop.print_next(sale.id)
    (card,) = fake.shop.look_up.sale(sale.id).cards
    with pytest.raises(NotAllowed):
        fake.shop.show_code(fake.cashier, card.card_id, "printer broken")
    secret = fake.shop.show_code(fake.cashier, card.card_id, "printer broken", fake.supervisor)
    assert secret.pin == fake.platform.delivered(sale.id)[0].pin
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.DONE
    kind, body = last_entry(fake)
    assert (kind, body["authoriser_id"], body["reason"]) == (
        "code_shown",
        fake.supervisor.id,
        "printer broken",
    )


def test_a_supervisor_shows_a_printed_code_again(fake: FakeShop) -> None:
    sale = sold(fake, codes=1).sale
    (card,) = fake.shop.look_up.sale(sale.id).cards
    fake.shop.show_code(fake.supervisor, card.card_id, "customer asks")
    assert fake.shop.look_up.sale(sale.id).cards[0].copies == 2


def test_a_closed_shift_stays_closed_when_paper_fails(fake: FakeShop) -> None:
    closing = fake.shop.close_shift(fake.cashier, CashCount((), Money(10_000)))
    fake.printer.fail_next("offline")
    with pytest.raises(PaperTrouble):
        fake.shop.print_closing(closing)
    fake.shop.print_closing(closing)
    (slip,) = fake.printer.of_kind(ClosingSlip)
    assert slip.closing.difference == Money(0)
    assert fake.shop.look_up.current_shift() is None
    assert fake.shop.look_up.last_closing() == closing
