"""What stands on a slip, row by row, already cut to the width of its paper."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from pos_app.printing.charset import columns

DOTS_PER_COLUMN = 12  # font A of every ESC/POS printer: 12 x 24 dots, a Chinese character two cells
DOTS_PER_LINE = 24
DOTS_PER_MM = 8  # 203 dpi


class Align(Enum):
    LEFT = "left"
    CENTER = "center"
    RIGHT = "right"

    __hash__ = (
        object.__hash__
    )  # members are singletons; the enum's own hash is slow, and every row asks for it


class Size(Enum):
    """How many times wider and taller than a plain character."""

    NORMAL = (1, 1)
    TALL = (1, 2)
    DOUBLE = (2, 2)

    def __init__(self, wide: int, tall: int) -> None:
        self.wide = wide
        self.tall = tall

    __hash__ = object.__hash__


@dataclass(frozen=True, slots=True)
class Paper:
    """A roll of paper: its width, and what a printer can reach of it."""

    width_mm: int
    columns: int

    @property
    def dots(self) -> int:
        return self.columns * DOTS_PER_COLUMN

    def columns_of(self, size: Size) -> int:
        return self.columns // size.wide


PAPER_58 = Paper(58, 32)
PAPER_80 = Paper(80, 48)


def paper_of(width_mm: int) -> Paper:
    """The roll of that width; everything below 70 mm is the narrow one."""
    return PAPER_58 if width_mm < 70 else PAPER_80


# The rows hold secrets in clear: they have no repr, so that neither a log nor a traceback shows one (S9).


@dataclass(frozen=True, slots=True, repr=False)
class TextRow:
    """One line of text; `inverse` is white on black across the whole width."""

    text: str
    align: Align = Align.LEFT
    size: Size = Size.NORMAL
    bold: bool = False
    inverse: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class PairRow:
    """Something on the left and its figure on the right edge; the two fit on one line."""

    left: str
    right: str
    blanks: int  # between the two
    size: Size = Size.NORMAL
    bold: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class RuleRow:
    mark: str = "-"


@dataclass(frozen=True, slots=True, repr=False)
class QrRow:
    """A QR, about `side_mm` wide, as far as the paper and whole dots allow."""

    payload: str
    side_mm: int


@dataclass(frozen=True, slots=True, repr=False)
class PictureRow:
    """A PNG, about `side_mm` wide, as far as the paper and whole dots allow."""

    png: bytes
    side_mm: int


@dataclass(frozen=True, slots=True, repr=False)
class BarRow:
    """A number as a barcode, for the till's own scanner."""

    payload: str


@dataclass(frozen=True, slots=True, repr=False)
class FeedRow:
    lines: int = 1


@dataclass(frozen=True, slots=True, repr=False)
class CutRow:
    """The end of a slip."""


Row = TextRow | PairRow | RuleRow | QrRow | PictureRow | BarRow | FeedRow | CutRow


@dataclass(frozen=True, slots=True, repr=False)
class Page:
    """One slip on one paper."""

    paper: Paper
    rows: tuple[Row, ...]

    def text(self) -> str:
        """The slip as plain lines, for people who cannot see it and for tests."""
        return "\n".join(line for row in self.rows for line in _plain(row, self.paper.columns))


def pair_text(row: PairRow) -> str:
    """Both halves of a pair with the blanks between them, as wide as the paper."""
    return f"{row.left}{' ' * row.blanks}{row.right}"


def band_text(text: str, width: int) -> str:
    """`text` in the middle of a band of blanks, to be printed white on black."""
    left = (width - columns(text)) // 2
    return " " * left + text + " " * (width - columns(text) - left)


def placed(text: str, align: Align, width: int) -> str:
    """`text` with the blanks before it that put it in its place."""
    room = width - columns(text)
    before = {Align.LEFT: 0, Align.CENTER: room // 2, Align.RIGHT: room}[align]
    return " " * before + text


def _plain(row: Row, width: int) -> tuple[str, ...]:
    if isinstance(row, TextRow):
        return (placed(row.text, row.align, width // row.size.wide).rstrip(),)
    if isinstance(row, PairRow):
        return (pair_text(row),)
    if isinstance(row, RuleRow):
        return (row.mark * width,)
    if isinstance(row, QrRow):
        return (placed("[QR]", Align.CENTER, width),)
    if isinstance(row, PictureRow | BarRow):
        return (placed("[##]", Align.CENTER, width),)
    if isinstance(row, FeedRow):
        return ("",) * row.lines
    return ()
