"""Spreads a number of codes over the code products: popular ones get more, some few, some none."""

FEW = 3


def is_sold_out(place: int) -> bool:
    """Whether the product at this place among the code products never gets a code."""
    return place % 41 == 23


def is_low(place: int) -> bool:
    """Whether the product at this place gets just the fewest codes."""
    return place % 29 == 19


def spread(codes: int, products: int) -> list[int]:
    """How many codes each of the code products gets, in their order of popularity; adds up to `codes`."""
    served = [place for place in range(products) if not is_sold_out(place)]
    if not served:
        return []
    least = min(FEW, codes // len(served))
    counts = [0] * products
    for place in served:
        counts[place] = least
    _share(codes - least * len(served), [place for place in served if not is_low(place)], counts)
    return counts


def _share(codes: int, places: list[int], counts: list[int]) -> None:
    weights = [1 + 10_000 // (10 + place) for place in places]
    total, before = sum(weights), 0
    for place, weight in zip(places, weights, strict=True):
        # cutting the whole at running totals loses nothing to rounding
        counts[place] += (before + weight) * codes // total - before * codes // total
        before += weight
