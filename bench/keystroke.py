"""P3, its second half: a key in the window of the program until the list of what was found is painted."""

from __future__ import annotations

import random
import re
import sys

from bench.real_till import RealTill, show_frames
from bench.till_data import PRODUCTS
from pos_app.domain.catalogue import Product

KEYSTROKES = 600
MOST_LETTERS = 8
BETWEEN_MS = 30  # a very quick typist
_ASK = "SELECT id FROM products WHERE num % 7 = 0"


def main(*arguments: str) -> int:
    """Prints the times against one frame; 0 when the promise is kept. Another number of keystrokes may be named."""
    number = int(next(iter(arguments or sys.argv[1:]), KEYSTROKES))
    till = RealTill()
    with till.books.open_to_read() as opened:
        found_goods = [opened.catalogue.product(row) for row in opened._connection.run(_ASK).scalars()]
        goods = [product for product in found_goods if product is not None]
    chance = random.Random(1)
    taken: list[tuple[float, str]] = []
    found = 0
    while len(taken) < number + 10:
        till.clear()
        words = chance.choice(_ways(chance.choice(goods)))[:MOST_LETTERS]
        for end, letter in enumerate(words, 1):
            if letter != " ":
                taken.append((_press(till, words[:end]), words[:end]))
                found += bool(till.till.state.hits)
            else:
                till.key(letter)
            till.rest(BETWEEN_MS)
    till.close()
    measured = taken[10:]
    print(
        f"{PRODUCTS} products, {len(measured)} keystrokes of names, {found / len(taken):.0%} of them found something."
    )
    kept = show_frames("P3 key event to the painted list", [seconds for seconds, _ in measured])
    slowest = sorted(measured, reverse=True)[:5]
    print("The slowest, in ms: " + ", ".join(f"{words!r} {1000 * seconds:.1f}" for seconds, words in slowest))
    return 0 if kept else 1


def _ways(product: Product) -> tuple[str, ...]:
    """How people type it, as far as the first digit, which would pick from the list."""
    names = (product.names.zh.replace(" ", ""), product.names.en.lower(), product.brand.names.en.lower())
    words = (str(re.split("[0-9]", name)[0]).strip() for name in names)
    return tuple(word for word in words if word) or ("a",)


def _press(till: RealTill, words: str) -> float:
    return till.waiting(
        till.page.hits.viewport(),
        lambda: till.till.state.hits_for == words,
        lambda: till.key(words[-1]),
    )
