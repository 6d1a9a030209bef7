"""Turns a picture that is a code into the dots of a printer: black or white, nothing between that a scanner could misread."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pos_app.printing.charset import Unprintable
from pos_app.printing.rows import DOTS_PER_MM, Paper, PictureRow

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_SIDE = 2_000
DARK = 128


def dots_of_picture(row: PictureRow, paper: Paper) -> Image:
    """In black and white, grown by whole dots or shrunk to the paper. Unprintable when it is no picture."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(row.png), formats=("PNG",)) as opened:
            if max(opened.size) > MOST_SIDE:
                raise Unprintable("too large a picture")
            drawn = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise Unprintable("no picture") from None
    ground = Image.new("RGBA", drawn.size, "white")
    ground.alpha_composite(drawn)
    grey = ground.convert("L")
    wanted = min(row.side_mm * DOTS_PER_MM, paper.dots)
    if grey.width > paper.dots:
        size = (paper.dots, max(1, grey.height * paper.dots // grey.width))
        grey = grey.resize(size, Image.Resampling.LANCZOS)
    else:
        times = max(1, wanted // grey.width)
        grey = grey.resize((grey.width * times, grey.height * times), Image.Resampling.NEAREST)
    return grey.point(lambda dot: 255 if dot >= DARK else 0).convert("1")
