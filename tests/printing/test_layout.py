"""Every kind of slip on both papers in both languages, kept as text; UPDATE_GOLDEN=1 writes the files anew."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.card_code import grouped
from pos_app.domain.catalogue import Names
from pos_app.domain.money import Money
from pos_app.domain.receipt import Header, ReceiptLine, SaleReceipt
from pos_app.domain.sale import TopUpState
from pos_app.printing.charset import Unprintable, columns
from pos_app.printing.layout import account_text, lay_out
from pos_app.printing.qr import LEAST_DOTS, dots_of, modules_of
from pos_app.printing.rows import (
    PAPER_58,
    PAPER_80,
    Page,
    PairRow,
    Paper,
    QrRow,
    RuleRow,
    Size,
    TextRow,
    pair_text,
    paper_of,
)
from pos_app.printing.sheet import money_text
from pos_app.printing.words import PaperWords
from tests.printing.conftest import LANGUAGES, words_of
from tests.printing.samples import (
    SAMPLES,
    cash,
    changed,
    closing,
    code,
    header,
    link_code,
    pin_code,
    sale,
    top_up,
    yuan,
)

GOLDEN = Path(__file__).parent / "golden"
PAPERS = (PAPER_58, PAPER_80)
MARKS = {Size.NORMAL: " ", Size.TALL: "T", Size.DOUBLE: "D"}


def described(page: Page) -> str:
    """The page as text with the look of each row before it: size, bold, inverse."""
    said = []
    for row in page.rows:
        look = "   "
        if isinstance(row, TextRow | PairRow):
            inverse = isinstance(row, TextRow) and row.inverse
            look = MARKS[row.size] + ("b" if row.bold else " ") + ("i" if inverse else " ")
        text = Page(page.paper, (row,)).text()
        said += [f"{look}|{line}".rstrip() for line in text.split("\n")]
    return "\n".join(said) + "\n"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.width_mm))
@pytest.mark.parametrize("name", SAMPLES)
def test_slip_is_laid_out_as_before(name: str, paper: Paper, language: str) -> None:
    path = GOLDEN / f"{name}.{paper.width_mm}.{language}.txt"
    said = described(lay_out(SAMPLES[name], words_of(language), paper))
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(said, encoding="utf-8")
    assert said == path.read_text(encoding="utf-8")


def test_no_golden_file_is_left_of_a_slip_that_is_no_more() -> None:
    expected = {
        f"{name}.{paper.width_mm}.{lang}.txt" for name in SAMPLES for paper in PAPERS for lang in LANGUAGES
    }
    assert {path.name for path in GOLDEN.iterdir()} == expected


def test_a_reprint_says_so_at_both_ends(words: PaperWords) -> None:
    rows = [row for row in lay_out(code(copy=3), words, PAPER_80).rows if isinstance(row, TextRow)]
    bands = [index for index, row in enumerate(rows) if row.inverse]
    assert len(bands) == 2
    assert all("COPY 3" in rows[band].text for band in bands)
    assert bands[0] <= 2
    assert bands[1] == len(rows) - 1
    assert not [
        row for row in lay_out(code(), words, PAPER_80).rows if isinstance(row, TextRow) and row.inverse
    ]


def test_the_scam_warning_stands_above_the_code(words: PaperWords) -> None:
    text = lay_out(code(), words, PAPER_80).text()
    assert 0 < text.index("96110") < text.index("8842 0133")


def test_the_receipts_own_qr_is_smaller_than_a_codes_and_says_what_it_is(words: PaperWords) -> None:
    for paper in PAPERS:
        receipt_page, code_page = lay_out(sale(), words, paper), lay_out(code(), words, paper)
        receipt_mm, code_mm = (_qr_mm(page) for page in (receipt_page, code_page))
        assert receipt_mm < 0.85 * code_mm
        (row,) = [row for row in receipt_page.rows if isinstance(row, QrRow)]
        assert dots_of(row, paper) >= LEAST_DOTS  # a phone reads it at 203 dpi
        assert words.receipt_qr in receipt_page.text()


def test_a_sale_receipt_shows_no_code(words: PaperWords) -> None:
    assert "QJ7K" not in lay_out(sale(), words, PAPER_58).text()


@pytest.mark.parametrize("state", TopUpState)
def test_only_a_credited_top_up_is_called_credited(state: TopUpState, words: PaperWords) -> None:
    text = lay_out(top_up(state), words, PAPER_80).text()
    assert (words.state_ok in text) == (state is TopUpState.OK)
    assert (words.state_failed in text) == (state is TopUpState.FAILED_FINAL)


@pytest.mark.parametrize(
    ("counted", "word"),
    [(187370, "difference_even"), (187371, "difference_over"), (187369, "difference_short")],
)
def test_a_closing_says_over_or_short_in_a_word(counted: int, word: str, words: PaperWords) -> None:
    page = lay_out(closing(counted), words, PAPER_58)
    (said,) = [row for row in page.rows if isinstance(row, PairRow) and row.size is Size.DOUBLE]
    assert said.left == getattr(words, word)
    assert said.right == f"￥0.0{abs(counted - 187370)}"


def test_a_closing_says_what_the_platform_has_not_heard(words: PaperWords) -> None:
    slip = closing()
    assert words.unsent not in lay_out(slip, words, PAPER_58).text()
    totals = replace(slip.closing.totals, unsent=37)
    page = lay_out(replace(slip, closing=replace(slip.closing, totals=totals)), words, PAPER_58)
    (said,) = [row for row in page.rows if isinstance(row, PairRow) and row.left == words.unsent]
    assert said.right == "37"


def test_times_are_the_shops(words: PaperWords) -> None:
    text = lay_out(closing(), words, PAPER_80).text()
    assert "2026-11-22 08:01" in text
    assert "2026-11-22 21:58" in text
    assert "2027-07-01 00:00" in lay_out(link_code(), words, PAPER_80).text()


@pytest.mark.parametrize("expires_at", ["31/12/2028 or when used up", "2028-12-31T25:00"])
def test_an_expiry_that_is_no_instant_is_printed_as_the_supplier_wrote_it(expires_at: str) -> None:
    slip = changed(code(), expires_at=expires_at)
    assert expires_at in lay_out(slip, words_of("en"), PAPER_80).text()


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (yuan(1250), "￥12.50"),
        (yuan(-5), "-￥0.05"),
        (Money(1250, "USD"), "USD 12.50"),
        (Money(1250, "JPY"), "JPY 1250"),
    ],
)
def test_sums(money: Money, text: str) -> None:
    assert money_text(money) == text


@pytest.mark.parametrize(
    ("account", "said"),
    [("13800138000", "138 0013 8000"), ("23800138000", "23800138000"), ("qq12345", "qq12345")],
)
def test_mobile_numbers_are_said_in_groups(account: str, said: str) -> None:
    assert account_text(account) == said


@pytest.mark.parametrize("field", ["number", "pin", "link"])
def test_a_code_that_cannot_be_printed_exactly_is_not_printed(field: str, words: PaperWords) -> None:
    with pytest.raises(Unprintable):
        lay_out(changed(code(), **{field: "AB\u200bCD"}), words, PAPER_58)


def test_a_qr_that_no_paper_holds_is_refused() -> None:
    assert modules_of("x" * 14) == 21
    assert modules_of("x" * 15) == 25
    with pytest.raises(Unprintable):
        modules_of("x" * 2332)
    assert [dots_of(QrRow("x" * size, 30), PAPER_58) for size in (71, 400, 2331)] == [6, 3, 2]
    assert dots_of(QrRow("x" * 71, 5), PAPER_58) == 3


def test_a_long_key_keeps_its_groups(words: PaperWords) -> None:
    for paper in PAPERS:
        text = "".join(lay_out(pin_code(), words, paper).text().split())
        assert "V7K2M-QX94B-T3HWD-8RN6C-YJ5PF" in text


def test_a_name_that_is_too_long_for_its_line_gets_lines_of_its_own() -> None:
    page = lay_out(
        changed(code(), header=_named("Emporium of Digital Wonders, 12 Harbour Road")),
        words_of("en"),
        PAPER_58,
    )
    assert "Cashier\n  Emporium of Digital Wonders,\n  12 Harbour Road" in page.text()


def test_a_group_that_is_longer_than_the_paper_is_cut_as_the_last_resort(words: PaperWords) -> None:
    secret = "A1B2" * 20
    text = lay_out(changed(code(), pin=f"{secret}-X", number=None), words, PAPER_58).text()
    assert f"{secret}-X" in "".join(text.split())


def test_papers() -> None:
    assert (paper_of(58), paper_of(57), paper_of(80), paper_of(72)) == (
        PAPER_58,
        PAPER_58,
        PAPER_80,
        PAPER_80,
    )
    assert (PAPER_58.dots, PAPER_80.dots) == (384, 576)


def test_pages_and_rows_show_nothing_of_themselves(words: PaperWords) -> None:
    page = lay_out(code(), words, PAPER_58)
    assert "QJ7K" not in repr(page) + repr(page.rows)


NAMES = st.text(min_size=1, max_size=60)
CODES = st.text(alphabet="ABCDEFGHJKLMNPQRSTUVWXYZ23456789-", min_size=1, max_size=90).map(grouped)


@given(
    name=NAMES, secret=CODES, shop=NAMES, minor=st.integers(-(10**12), 10**12), paper=st.sampled_from(PAPERS)
)
def test_no_row_is_wider_than_the_paper_and_the_code_is_whole(
    name: str, secret: str, shop: str, minor: int, paper: Paper
) -> None:
    words = words_of("en")
    names = Names(name, name)
    slip = changed(code(), names=names, pin=secret, number=None, face=yuan(minor), instructions=names)
    slip = changed(slip, header=_named(shop))
    page = lay_out(slip, words, paper)
    _fits(page)
    start = next(i for i, row in enumerate(page.rows) if isinstance(row, TextRow) and row.text == words.pin)
    said = ""
    for row in page.rows[start + 1 :]:
        if not isinstance(row, TextRow):
            break
        said += row.text
    assert said.replace(" ", "") == secret.replace(" ", "")


@given(name=NAMES, account=NAMES, minor=st.integers(0, 10**12), quantity=st.integers(1, 999))
def test_no_line_of_a_sale_is_wider_than_the_paper_and_no_sum_is_cut(
    name: str, account: str, minor: int, quantity: int
) -> None:
    line = ReceiptLine(Names(name, name), quantity, yuan(minor), yuan(minor * quantity), account)
    total = yuan(minor * quantity)
    receipt = SaleReceipt(_named(name), (line,), total, (cash(total.minor, total.minor),), "R:1:2")
    for paper in PAPERS:
        page = lay_out(receipt, words_of("zh"), paper)
        _fits(page)
        rights = [row.right for row in page.rows if isinstance(row, PairRow)]
        assert rights.count(money_text(total)) >= 3


def _fits(page: Page) -> None:
    for row in page.rows:
        if isinstance(row, TextRow):
            assert columns(row.text) <= page.paper.columns_of(row.size)
        elif isinstance(row, PairRow):
            width = page.paper.columns_of(row.size)
            assert columns(row.left) + columns(row.right) <= width
            assert columns(pair_text(row)) == width
        elif isinstance(row, RuleRow):
            assert len(row.mark) == 1
        elif isinstance(row, QrRow):
            assert modules_of(row.payload) * dots_of(row, page.paper) <= page.paper.dots


def _qr_mm(page: Page) -> float:
    (row,) = [row for row in page.rows if isinstance(row, QrRow)]
    return modules_of(row.payload) * dots_of(row, page.paper) / 8


def _named(shop: str) -> Header:
    return replace(header(), shop=shop, cashier=shop, till=shop)
