"""A slip being written: takes texts, sums and codes, and keeps every row within the paper."""

from __future__ import annotations

from collections.abc import Sequence

from pos_app.domain.money import Money
from pos_app.printing.charset import columns, exact, fitted
from pos_app.printing.rows import (
    Align,
    BarRow,
    CutRow,
    FeedRow,
    Page,
    PairRow,
    Paper,
    PictureRow,
    QrRow,
    Row,
    RuleRow,
    Size,
    TextRow,
    band_text,
)
from pos_app.printing.wrapping import balanced, code_lines, keeps_groups, wrapped

CURRENCY_SIGNS = {"CNY": "\uffe5"}  # the full-width sign: the only one that GBK has
MOST_LINES_OF_A_CODE = 3


def money_text(money: Money) -> str:
    """A sum as paper shows it; other currencies say their code."""
    sign = "-" if money.minor < 0 else ""
    symbol = CURRENCY_SIGNS.get(money.currency, f"{money.currency} ")
    return exact(f"{sign}{symbol}{money.plain().lstrip('-')}")


class Sheet:
    """Collects rows; what is a sum or a code is printed exactly or not at all, all else as well as the printer can."""

    def __init__(self, paper: Paper) -> None:
        self._paper = paper
        self._rows: list[Row] = []

    def text(self, text: str, align: Align = Align.LEFT, bold: bool = False, indent: int = 0) -> None:
        width = self._paper.columns - indent
        breaking = wrapped if align is Align.LEFT else balanced
        for line in breaking(fitted(text), width):
            self._rows.append(TextRow(" " * indent + line, align, Size.NORMAL, bold))

    def title(self, text: str, sizes: Sequence[Size] = (Size.DOUBLE, Size.TALL), most_lines: int = 2) -> None:
        """`text` in the middle, bold, in the first of the sizes in which it takes few lines."""
        said = fitted(text)
        for size in sizes:
            lines = balanced(said, self._paper.columns_of(size))
            if len(lines) <= most_lines:
                break
        self._rows.extend(TextRow(line, Align.CENTER, size, bold=True) for line in lines)

    def band(self, text: str) -> None:
        """`text` white on black across the paper: nobody overlooks it."""
        said = fitted(text)
        size = Size.DOUBLE
        if any(columns(word) > self._paper.columns_of(size) for word in said.split()):
            size = Size.TALL
        width = self._paper.columns_of(size)
        for line in balanced(said, width):
            self._rows.append(TextRow(band_text(line, width), Align.LEFT, size, bold=True, inverse=True))

    def pair(self, left: str, right: str, size: Size = Size.NORMAL, bold: bool = False) -> None:
        """`right` is printed exactly, on the right edge; `left` wraps before it does."""
        said, figure = fitted(left), exact(right)
        taken = columns(figure)
        width = self._paper.columns_of(size)
        blanks = width - columns(said) - taken
        if blanks < 1 and size is Size.DOUBLE:
            size, blanks = Size.TALL, blanks + self._paper.columns - width
        if blanks < 1:
            *lines, last = wrapped(said, self._paper.columns) or ("",)
            blanks = self._paper.columns - columns(last) - taken
            if blanks < 1:
                lines, last, blanks = [*lines, last], "", self._paper.columns - taken
            self._rows.extend(TextRow(line, Align.LEFT, size, bold) for line in lines)
            said = last
        self._rows.append(PairRow(said, figure, blanks, size, bold))

    def sum(self, label: str, money: Money, size: Size = Size.NORMAL, bold: bool = False) -> None:
        self.pair(label, money_text(money), size, bold)

    def fact(self, label: str, value: str) -> None:
        """A label and what is known; a value that is too long gets lines of its own."""
        said = fitted(value)
        if columns(fitted(label)) + 1 + columns(said) <= self._paper.columns:
            self.pair(label, said)
            return
        self.text(label)
        self.text(value, indent=2)

    def code(self, label: str, code: str) -> None:
        """A secret in the largest type in which its groups stay whole."""
        said = exact(code)
        self.text(label, Align.CENTER, bold=True)
        for size in (Size.DOUBLE, Size.TALL):
            width = self._paper.columns_of(size)
            lines = code_lines(said, width)
            if len(lines) <= MOST_LINES_OF_A_CODE and keeps_groups(said, width):
                break
        else:
            size, lines = Size.NORMAL, code_lines(said, self._paper.columns)
        self._rows.extend(TextRow(line, Align.CENTER, size, bold=True) for line in lines)

    def rule(self, mark: str = "-") -> None:
        self._rows.append(RuleRow(mark))

    def feed(self, lines: int = 1) -> None:
        self._rows.append(FeedRow(lines))

    def qr(self, payload: str, side_mm: int) -> None:
        """With the quiet lines around it that a camera needs."""
        self._rows += (FeedRow(), QrRow(payload, side_mm), FeedRow())

    def picture(self, png: bytes, side_mm: int) -> None:
        """A code that is a picture, with quiet lines around it like a QR."""
        self._rows += (FeedRow(), PictureRow(png, side_mm), FeedRow())

    def bars(self, number: str) -> None:
        """A number as a barcode with its digits under it."""
        self._rows += (FeedRow(), BarRow(exact(number)), FeedRow())
        self.text(number, Align.CENTER)

    def page(self) -> Page:
        """The finished slip."""
        return Page(self._paper, (*self._rows, CutRow()))
