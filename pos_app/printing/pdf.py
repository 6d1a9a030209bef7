"""The same rows as a PDF, as wide as the roll and as long as it takes; made when somebody asks, never inside a sale."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from pos_app.printing.bars import BAR_DOTS, bars_size, modules
from pos_app.printing.charset import columns
from pos_app.printing.picture import PaperFonts
from pos_app.printing.qr import dots_of
from pos_app.printing.raster import dots_of_picture
from pos_app.printing.rows import (
    DOTS_PER_LINE,
    DOTS_PER_MM,
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
)

if TYPE_CHECKING:
    from PIL.Image import Image

POINTS_PER_DOT = 72 / 25.4 / DOTS_PER_MM
LINE = 31  # dots from line to line
GAP = 8  # dots above and below a QR
EDGE_MM = 5
Matrix = list[list[bool]]
INK_OF_CELL = 0.9  # at this size the figures of the shipped font are just as wide as a printer's cell


def pdf_bytes(page: Page, fonts: PaperFonts) -> bytes:
    """One page of PDF with the text as text and the QR as lines."""
    from reportlab.pdfgen.canvas import Canvas

    names = _registered(fonts)
    codes = {row: _matrix(row.payload) for row in page.rows if isinstance(row, QrRow)}
    pictures = {row: dots_of_picture(row, page.paper) for row in page.rows if isinstance(row, PictureRow)}
    drawn = _Drawn(codes, pictures)
    heights = [drawn.height(row, page.paper) for row in page.rows]
    height = sum(heights) + 2 * EDGE_MM * DOTS_PER_MM
    buffer = io.BytesIO()
    canvas = Canvas(
        buffer,
        pagesize=(page.paper.width_mm * 72 / 25.4, height * POINTS_PER_DOT),
        invariant=1,
        pageCompression=1,
    )
    canvas.scale(POINTS_PER_DOT, POINTS_PER_DOT)
    canvas.translate((page.paper.width_mm * DOTS_PER_MM - page.paper.dots) / 2, 0)
    writer = _Writer(canvas, page, names, drawn)
    y = height - EDGE_MM * DOTS_PER_MM
    for row, high in zip(page.rows, heights, strict=True):
        y -= high
        writer.write(row, y)
    canvas.showPage()
    canvas.save()
    return buffer.getvalue()


@cache
def _registered(fonts: PaperFonts) -> tuple[str, str]:
    """Reading the font files is most of a first PDF; it is done once."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    names = ("paper", "paper-bold")
    for name, path in zip(names, (fonts.regular, fonts.bold), strict=True):
        pdfmetrics.registerFont(TTFont(name, str(path)))
    return names


@dataclass(frozen=True, slots=True, repr=False)
class _Drawn:
    """What of a page is not text."""

    codes: dict[QrRow, Matrix]
    pictures: dict[PictureRow, Image]

    def height(self, row: Row, paper: Paper) -> int:
        if isinstance(row, QrRow):
            return len(self.codes[row]) * dots_of(row, paper) + 2 * GAP
        if isinstance(row, PictureRow):
            return self.pictures[row].height + 2 * GAP
        if isinstance(row, BarRow):
            return bars_size(row, paper)[1] + 2 * GAP
        return _height(row)


def _height(row: Row) -> int:
    if isinstance(row, TextRow | PairRow):
        return LINE if row.size.tall == 1 else DOTS_PER_LINE * row.size.tall + GAP
    if isinstance(row, FeedRow):
        return LINE * row.lines
    return 0 if isinstance(row, CutRow) else LINE // 2


class _Writer:
    def __init__(self, canvas: Any, page: Page, names: tuple[str, str], drawn: _Drawn) -> None:
        self._canvas = canvas
        self._page = page
        self._names = names
        self._drawn = drawn

    def write(self, row: Row, y: float) -> None:
        """Draws `row` with its foot at `y`."""
        width = self._page.paper.dots
        if isinstance(row, TextRow):
            self._text_row(row, y)
        elif isinstance(row, PairRow):
            room = width * columns(row.left) / max(columns(row.left) + columns(row.right), 1)
            right = self._text(row.right, (0, y, width - room), row, Align.RIGHT)
            self._text(row.left, (0, y, width - right - 12), row, Align.LEFT)
        elif isinstance(row, RuleRow):
            self._canvas.setLineWidth(3 if row.mark == "=" else 1)
            self._canvas.line(0, y + LINE / 4, width, y + LINE / 4)
        elif isinstance(row, QrRow):
            self._qr(row, y + GAP)
        elif isinstance(row, PictureRow):
            self._picture(row, y + GAP)
        elif isinstance(row, BarRow):
            self._bars(row, y + GAP)

    def _text_row(self, row: TextRow, y: float) -> None:
        width = self._page.paper.dots
        if not row.inverse:
            indent = (len(row.text) - len(row.text.lstrip())) * 12
            self._text(row.text.strip(), (indent, y, width - indent), row, row.align)
            return
        self._canvas.rect(0, y, width, _height(row), stroke=0, fill=1)
        self._canvas.setFillGray(1)
        self._text(row.text.strip(), (0, y + GAP / 2, width), row, Align.CENTER)
        self._canvas.setFillGray(0)

    def _text(
        self, text: str, box: tuple[float, float, float], row: TextRow | PairRow, align: Align
    ) -> float:
        """Writes into the box (left, foot, width), squeezed if it must; how wide it became.

        A wide size is written tall and stretched only as far as there is room, which keeps the letters' shapes.
        """
        from reportlab.pdfbase import pdfmetrics

        left, y, room = box
        size = DOTS_PER_LINE * row.size.tall * INK_OF_CELL
        natural = pdfmetrics.stringWidth(text, self._names[row.bold], size)
        scale = 1 if row.size is not Size.TALL else 0.75
        scale = min(scale, room / natural) if natural else 1
        wide = natural * scale
        x = left + {Align.LEFT: 0.0, Align.CENTER: (room - wide) / 2, Align.RIGHT: room - wide}[align]
        if align is Align.RIGHT:
            x = self._page.paper.dots - wide
        line = self._canvas.beginText(x, y + DOTS_PER_LINE * row.size.tall * 0.22)
        line.setFont(self._names[row.bold], size)
        line.setHorizScale(scale * 100)
        line.textOut(text)
        self._canvas.drawText(line)
        return wide

    def _qr(self, row: QrRow, y: float) -> None:
        matrix, dots = self._drawn.codes[row], dots_of(row, self._page.paper)
        left = (self._page.paper.dots - len(matrix) * dots) // 2
        path = self._canvas.beginPath()
        for number, line in enumerate(reversed(matrix)):
            for start, length in _runs(line):
                path.rect(left + start * dots, y + number * dots, length * dots, dots)
        self._canvas.drawPath(path, stroke=0, fill=1)

    def _picture(self, row: PictureRow, y: float) -> None:
        from reportlab.lib.utils import ImageReader

        drawn = self._drawn.pictures[row]
        left = (self._page.paper.dots - drawn.width) // 2
        self._canvas.drawImage(ImageReader(drawn.convert("L")), left, y, drawn.width, drawn.height)

    def _bars(self, row: BarRow, y: float) -> None:
        wide, high = bars_size(row, self._page.paper)
        left = (self._page.paper.dots - wide) // 2
        path = self._canvas.beginPath()
        for start, length in _runs(list(modules(row.payload))):
            at, long = start * BAR_DOTS, length * BAR_DOTS
            if wide > high:
                path.rect(left + at, y, long, high)
            else:  # from top to bottom, as a printer draws it
                path.rect(left, y + high - at - long, wide, long)
        self._canvas.drawPath(path, stroke=0, fill=1)


def _matrix(payload: str) -> Matrix:
    import qrcode

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(payload)
    code.make(fit=True)
    return [[bool(dark) for dark in line] for line in code.get_matrix()]


def _runs(line: list[bool]) -> list[tuple[int, int]]:
    """Neighbouring dark modules as one bar, so that no reader of PDFs draws hair lines between them."""
    runs: list[tuple[int, int]] = []
    for at, dark in enumerate(line):
        if dark and runs and sum(runs[-1]) == at:
            runs[-1] = (runs[-1][0], runs[-1][1] + 1)
        elif dark:
            runs.append((at, 1))
    return runs
