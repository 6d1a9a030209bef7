"""Draws what came out of a printer, dot for dot, as a picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pos_app.printing.bars import dots_of_bars, modules
from pos_app.printing.charset import Unprintable, columns
from pos_app.printing.decoder import (
    CutHere,
    Fed,
    Look,
    Mark,
    Printed,
    PrintedBars,
    PrintedLine,
    PrintedPicture,
    PrintedQr,
)
from pos_app.printing.rows import DOTS_PER_COLUMN, DOTS_PER_LINE, Align

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageFont import FreeTypeFont

INK, GROUND = 0, 255
MARGIN = 32  # what no printer reaches on either side
EDGE = 24  # above the first and below the last mark


@dataclass(frozen=True, slots=True)
class PaperFonts:
    """The files of the shipped font."""

    regular: Path
    bold: Path


def draw(printed: Printed, fonts: PaperFonts) -> Image:
    """The paper as a grey picture, a dot of the printer a pixel."""
    from PIL import Image

    pieces = [_piece(mark, printed.width, fonts) for mark in printed.marks]
    width = printed.width * DOTS_PER_COLUMN
    height = sum(piece.height for piece in pieces)
    paper = Image.new("L", (width + 2 * MARGIN, height + 2 * EDGE), GROUND)
    y = EDGE
    for mark, piece in zip(printed.marks, pieces, strict=True):
        paper.paste(piece, (MARGIN + _left(mark, piece.width, width), y))
        y += piece.height
    return paper


def _piece(mark: Mark, width: int, fonts: PaperFonts) -> Image:
    from PIL import Image

    if isinstance(mark, PrintedLine):
        return _line_piece(mark, fonts)
    if isinstance(mark, PrintedQr):
        return _qr_piece(mark)
    if isinstance(mark, PrintedBars):
        return _bars_piece(mark)
    if isinstance(mark, PrintedPicture):
        bits = Image.frombytes("1", (mark.width, mark.height), mark.bits, "raw", "1;I")
        return bits.convert("L")
    if isinstance(mark, CutHere):
        return _cut_piece(width * DOTS_PER_COLUMN)
    return Image.new("L", (1, mark.dots if isinstance(mark, Fed) else 0), GROUND)


def _left(mark: Mark, wide: int, width: int) -> int:
    align = (
        mark.align if isinstance(mark, PrintedLine | PrintedQr | PrintedBars | PrintedPicture) else Align.LEFT
    )
    room = max(width - wide, 0)
    return {Align.LEFT: 0, Align.CENTER: room // 2, Align.RIGHT: room}[align]


def _line_piece(line: PrintedLine, fonts: PaperFonts) -> Image:
    """Characters stand on the line's foot, as a printer sets mixed sizes."""
    from PIL import Image

    piece = Image.new("L", (max(line.columns * DOTS_PER_COLUMN, 1), line.height), GROUND)
    x = 0
    for char, look in line.chars:
        cell = _cell(char, look, fonts)
        piece.paste(cell, (x, line.height - cell.height))
        x += cell.width
    return piece


@lru_cache(maxsize=2048)
def _cell(char: str, look: Look, fonts: PaperFonts) -> Image:
    """A character in its cell; drawn as tall as it will be, then squeezed to its width."""
    from PIL import Image, ImageDraw

    tall, wide = DOTS_PER_LINE * look.tall, columns(char) * DOTS_PER_COLUMN * look.wide
    ink, ground = (GROUND, INK) if look.inverse else (INK, GROUND)
    font = _font(fonts.bold if look.bold else fonts.regular, round(tall * 0.92))
    natural = columns(char) * DOTS_PER_COLUMN * look.tall
    room = max(natural, math.ceil(font.getlength(char)))
    square = Image.new("L", (room, tall), ground)
    pen = ImageDraw.Draw(square)
    pen.text((room / 2, tall * 0.81), char, fill=ink, font=font, anchor="ms")
    return square if room == wide else square.resize((wide, tall), Image.Resampling.LANCZOS)


@lru_cache(maxsize=16)
def _font(path: Path, size: int) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(str(path), size)


def _qr_piece(mark: PrintedQr) -> Image:
    import qrcode
    from PIL import Image
    from qrcode.exceptions import DataOverflowError

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=0)
    code.add_data(mark.payload)
    try:
        code.make(fit=True)
    except (ValueError, DataOverflowError):
        return Image.new("L", (1, DOTS_PER_LINE), GROUND)  # a printer, too, prints nothing then
    matrix = code.get_matrix()
    small = Image.new("L", (len(matrix), len(matrix)), GROUND)
    small.putdata([INK if dark else GROUND for line in matrix for dark in line])
    side = len(matrix) * mark.dots
    return small.resize((side, side), Image.Resampling.NEAREST)


def _bars_piece(mark: PrintedBars) -> Image:
    from PIL import Image

    try:
        wide = len(modules(mark.payload)) * mark.dots
    except Unprintable:
        wide = 0
    if not wide or not mark.height:
        return Image.new("L", (1, DOTS_PER_LINE), GROUND)  # a printer, too, prints nothing then
    return dots_of_bars(mark.payload, (wide, mark.height), is_flat=True).convert("L")


def _cut_piece(width: int) -> Image:
    from PIL import Image, ImageDraw

    piece = Image.new("L", (width, 16), GROUND)
    pen = ImageDraw.Draw(piece)
    for x in range(0, width, 16):
        pen.line((x, 8, x + 7, 8), fill=170, width=2)
    return piece
