"""The printer without paper, and the printer that is chosen at the moment."""

from collections.abc import Callable

import pytest

from pos_app.domain.errors import PaperTrouble
from pos_app.printing.chosen import ChosenPrinter
from pos_app.printing.escpos_printer import Style
from pos_app.printing.rows import PAPER_58, PAPER_80
from pos_app.printing.virtual import VirtualPaper, VirtualPrinter
from tests.printing.conftest import words_of
from tests.printing.samples import changed, code, sale

STYLE = Style(words_of("zh"), PAPER_58)


def trouble_of(act: Callable[[], None]) -> PaperTrouble:
    with pytest.raises(PaperTrouble) as caught:
        act()
    return caught.value


def test_virtual_printer_keeps_the_last_papers_in_memory() -> None:
    printer = VirtualPrinter(STYLE, kept=2)
    seen: list[VirtualPaper] = []
    printer.listen(seen.append)
    for _ in range(3):
        printer.print(code())
    printer.open_drawer()
    assert [paper.number for paper in printer.papers()] == [2, 3]
    assert [paper.number for paper in seen] == [1, 2, 3]
    assert printer.papers()[-1].read().qrs == (code().qr,)
    assert printer.papers()[-1].page is not None
    assert printer.drawer_kicks == 1
    printer.forget()
    assert printer.papers() == ()


def test_virtual_printer_without_paper_takes_nothing() -> None:
    printer = VirtualPrinter(STYLE)
    printer.run_out()
    trouble = trouble_of(lambda: printer.print(code()))
    assert (trouble.cause, trouble.sent) == ("paper_out", False)
    assert printer.papers() == ()
    printer.load()
    printer.print(code())
    assert len(printer.papers()) == 1


def test_virtual_printer_can_run_out_in_the_middle_of_a_slip() -> None:
    printer = VirtualPrinter(STYLE)
    printer.run_out(after_bytes=200)
    trouble = trouble_of(lambda: printer.print(code()))
    assert (trouble.cause, trouble.sent) == ("paper_out", True)
    (half,) = printer.papers()
    assert half.page is None
    assert half.read().cuts == 0


def test_a_code_that_cannot_be_printed_exactly_is_a_broken_slip_and_nothing_left() -> None:
    for slip in (changed(code(), pin="AB\u200bCD"), changed(code(), qr="x" * 3000)):
        trouble = trouble_of(lambda slip=slip: VirtualPrinter(STYLE).print(slip))  # type: ignore[misc]
        assert (trouble.cause, trouble.sent) == ("broken", False)


def test_the_chosen_printer_can_be_changed_and_listeners_stay() -> None:
    chosen = ChosenPrinter("none", "", STYLE)
    seen: list[VirtualPaper] = []
    chosen.listen(seen.append)
    assert chosen.virtual is None
    assert trouble_of(lambda: chosen.print(sale())).cause == "none"
    chosen.choose("virtual", "", Style(words_of("en"), PAPER_80))
    chosen.print(sale())
    chosen.open_drawer()
    assert chosen.virtual is not None
    assert chosen.virtual.drawer_kicks == 1
    assert [paper.width for paper in seen] == [48]
    assert "Thank you" in seen[0].read().text
