"""Rows -> the bytes of an ESC/POS printer: our own Chinese text, and the commands of python-escpos around it."""

from __future__ import annotations

import logging
import shutil
from functools import cache
from typing import TYPE_CHECKING, Any

from pos_app.printing.bars import BAR_DOTS, BAR_LENGTH, bars_size, dots_of_bars, lies_flat
from pos_app.printing.charset import encoded
from pos_app.printing.qr import dots_of
from pos_app.printing.raster import dots_of_picture
from pos_app.printing.rows import (
    Align,
    BarRow,
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
    pair_text,
)

if TYPE_CHECKING:
    from PIL.Image import Image

CHINESE_ON = b"\x1c&"  # FS &: two bytes are one character; python-escpos never sends it
FEED_WITHOUT_KNIFE = 4


def warm_up() -> None:
    """Loads the library (a quarter of a second) and its commands, so that the first slip does not wait for it."""
    _start()
    for size in Size:
        for align in Align:
            _style(align, size, False, False)
            _style(align, size, True, False)
    _cut()


def page_bytes(page: Page, native_qr: bool = True, cuts: bool = True) -> bytes:
    """A whole slip, from reset to cut; `native_qr` is off for printers that can draw pictures only, no code by themselves."""
    parts = [_start()]
    text: list[str] = []  # commands are ASCII, so they travel with the text and all of it is encoded at once
    style = ""
    for row in page.rows:
        wanted = _style_of(row)
        if wanted != style:
            text.append(wanted)
            style = wanted
        if isinstance(row, QrRow | PictureRow | BarRow):
            parts += (encoded("".join(text)), _drawing(row, page.paper, native_qr))
            text.clear()
        else:
            text.append(_line(row, page.paper, cuts))
    return b"".join((*parts, encoded("".join(text))))


@cache
def drawer_bytes(pin: int) -> bytes:
    """The pulse that opens the cash drawer wired to that pin of the printer."""
    dummy = _dummy()
    dummy.cashdraw(pin)
    return bytes(dummy.output)


def _line(row: Row, paper: Paper, cuts: bool) -> str:
    if isinstance(row, TextRow):
        return row.text + "\n"
    if isinstance(row, PairRow):
        return pair_text(row) + "\n"
    if isinstance(row, RuleRow):
        return row.mark * paper.columns + "\n"
    if isinstance(row, FeedRow):
        return "\n" * row.lines
    return _cut() if cuts else "\n" * FEED_WITHOUT_KNIFE


def _style_of(row: Row) -> str:
    if isinstance(row, TextRow):
        return _style(row.align, row.size, row.bold, row.inverse)
    if isinstance(row, PairRow):
        return _style(Align.LEFT, row.size, row.bold, False)
    is_centred = isinstance(row, QrRow | BarRow)
    return _style(Align.CENTER if is_centred else Align.LEFT, Size.NORMAL, False, False)


@cache
def _start() -> bytes:
    dummy = _dummy()
    dummy.hw("INIT")
    return bytes(dummy.output) + CHINESE_ON


@cache
def _style(align: Align, size: Size, bold: bool, inverse: bool) -> str:
    """GS ! and not ESC !: only the former is promised to reach Chinese characters too."""
    dummy = _dummy()
    dummy.set(
        align=align.value, bold=bold, invert=inverse, custom_size=True, width=size.wide, height=size.tall
    )
    return bytes(dummy.output).decode("ascii")


@cache
def _cut() -> str:
    """The library feeds six lines first: the way from the head to the knife."""
    dummy = _dummy()
    dummy.cut(mode="PART")
    return bytes(dummy.output).decode("ascii")


def _drawing(row: QrRow | PictureRow | BarRow, paper: Paper, native: bool) -> bytes:
    if isinstance(row, PictureRow):
        return _centred(dots_of_picture(row, paper), paper)
    if isinstance(row, QrRow):
        return _qr(row, paper) if native else _drawn_qr(row, paper)
    is_flat = lies_flat(row, paper)
    if native and is_flat:
        return _bars(row)
    return _centred(dots_of_bars(row.payload, bars_size(row, paper), is_flat), paper)


def _bars(row: BarRow) -> bytes:
    """GS h, w and H set height, width and no digits; GS k 73 is Code 128, set B. By hand: the library prints to stdout."""
    data = b"{B" + row.payload.replace("{", "{{").encode("ascii")
    head = bytes((0x1D, 0x68, BAR_LENGTH, 0x1D, 0x77, BAR_DOTS, 0x1D, 0x48, 0, 0x1D, 0x6B, 73, len(data)))
    return head + data


def _qr(row: QrRow, paper: Paper) -> bytes:
    """Model 2, level M: a slip is creased and sweated on, and a phone must still read it."""
    dummy = _dummy()
    dummy.qr(row.payload, native=True, ec=1, size=dots_of(row, paper))
    return bytes(dummy.output)


def _drawn_qr(row: QrRow, paper: Paper) -> bytes:
    """The same QR as a picture, with its own margin, since not every printer aligns pictures."""
    import qrcode
    from PIL import Image

    dots = dots_of(row, paper)
    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, box_size=dots, border=0)
    code.add_data(row.payload)
    code.make(fit=True)
    matrix = code.get_matrix()
    side = len(matrix) * dots
    small = Image.new("1", (len(matrix), len(matrix)), 1)
    small.putdata([0 if dark else 1 for line in matrix for dark in line])
    return _centred(small.resize((side, side), Image.Resampling.NEAREST), paper)


def _centred(drawn: Image, paper: Paper) -> bytes:
    from PIL import Image

    left = (paper.dots - drawn.width) // 2
    picture = Image.new("1", (left + drawn.width, drawn.height), 1)
    picture.paste(drawn, (left, 0))
    dummy = _dummy()
    dummy.image(picture, impl="bitImageRaster")
    return encoded(_style(Align.LEFT, Size.NORMAL, False, False)) + bytes(dummy.output)


def _dummy() -> Any:
    return _library().Dummy()


@cache
def _library() -> Any:
    """python-escpos, and what it leaves lying about put away: a handler on the root logger, a temporary folder."""
    root = logging.getLogger()
    handlers = list(root.handlers)
    import escpos.capabilities
    from escpos import printer

    for handler in [each for each in root.handlers if each not in handlers]:
        root.removeHandler(handler)
    shutil.rmtree(escpos.capabilities.pickle_dir, ignore_errors=True)
    return printer
