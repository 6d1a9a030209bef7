"""P4: a scanner's burst with its Enter, into the window of the program, until the line is painted in the cart."""

from __future__ import annotations

import random
import sys
import time

from PySide6.QtCore import Qt

from bench.real_till import RealTill, show_frames
from bench.till_data import PRODUCTS
from pos_app.domain.catalogue import ProductKind

SCANS = 400
BASKET = 5
GAP_MS = 2  # between two characters, as a USB scanner sends them
BETWEEN_MS = 60  # the next card is picked up
_ASK = "SELECT id FROM products WHERE barcode IS NOT NULL AND num % 7 = 0"


def main(*arguments: str) -> int:
    """Prints the times against one frame; 0 when the promise is kept. Another number of scans may be named."""
    scans = int(next(iter(arguments or sys.argv[1:]), SCANS))
    till = RealTill()
    with till.books.open_to_read() as opened:
        found_goods = [opened.catalogue.product(row) for row in opened._connection.run(_ASK).scalars()]
        goods = [product for product in found_goods if product is not None]
        start = time.perf_counter()
        for product in goods[:1000]:
            opened.catalogue.by_barcode(product.barcode or "")
        floor = (time.perf_counter() - start) / len(goods[:1000])
    goods = [p for p in goods if p.kind is ProductKind.CODE and p.allows(1) and not p.is_sold_out]
    chance = random.Random(1)
    taken = []
    for number in range(scans):
        if number % BASKET == 0:
            till.clear()
        taken.append(_scan(till, chance.choice(goods).barcode or ""))
        till.rest(BETWEEN_MS)
    till.close()
    print(
        f"{PRODUCTS} products, {scans} scans of {len(goods)} kinds that are in stock, baskets of {BASKET},"
        f" {GAP_MS} ms between characters; the look-up by itself {1000 * floor:.3f} ms."
    )
    return 0 if show_frames("P4 Enter of a scan to the painted line", taken[BASKET:]) else 1


def _scan(till: RealTill, barcode: str) -> float:
    for char in barcode:
        till.key(char)
        till.rest(GAP_MS)
    before = till.till.state.sale.quantity
    return till.waiting(
        till.page.cart.lines.viewport(),
        lambda: till.till.state.sale.quantity > before,
        lambda: till.key("\r", Qt.Key.Key_Return),
    )
