"""Code 128 (ISO/IEC 15417): the bars of a number, and how they lie on a paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pos_app.printing.charset import Unprintable
from pos_app.printing.rows import BarRow, Paper

if TYPE_CHECKING:
    from PIL.Image import Image

# Two dots are a quarter of a millimetre: what a till's scanner reads from any paper; one dot bleeds into the next.
BAR_DOTS = 2
BAR_LENGTH = 64
_START_B, _STOP = 104, "2331112"
# How wide each bar and each blank of a symbol is, by its value: six digits and a blank for each.
_SYMBOLS = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 "
    "122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 "
    "322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 "
    "112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 "
    "331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 "
    "112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 "
    "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 "
    "411311 113141 114131 311141 411131 211412 211214 211232 "
)


def modules(payload: str) -> tuple[bool, ...]:
    """From left to right, True where it is dark, in set B. Unprintable for anything but ASCII in sight."""
    values = [ord(char) - 32 for char in payload]
    if not values or not all(0 <= value < 95 for value in values):
        raise Unprintable("not for a barcode")
    check = (_START_B + sum(place * value for place, value in enumerate(values, 1))) % 103
    widths = "".join(_SYMBOLS[7 * value : 7 * value + 6] for value in (_START_B, *values, check)) + _STOP
    return tuple(place % 2 == 0 for place, width in enumerate(widths) for _ in range(int(width)))


def lies_flat(row: BarRow, paper: Paper) -> bool:
    """Across the paper where it is wide enough; else along it, for a scanner does not mind."""
    return len(modules(row.payload)) * BAR_DOTS <= paper.dots


def bars_size(row: BarRow, paper: Paper) -> tuple[int, int]:
    """Width and height in dots."""
    long = len(modules(row.payload)) * BAR_DOTS
    return (long, BAR_LENGTH) if lies_flat(row, paper) else (BAR_LENGTH, long)


def dots_of_bars(payload: str, size: tuple[int, int], is_flat: bool) -> Image:
    """The bars as a picture of that size; those that do not lie flat run from top to bottom."""
    from PIL import Image

    line = [0 if dark else 1 for dark in modules(payload)]
    made = Image.new("1", (len(line), 1) if is_flat else (1, len(line)), 1)
    made.putdata(line)
    return made.resize(size, Image.Resampling.NEAREST)
