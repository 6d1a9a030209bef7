"""Puts the ranges into one order of products, best-sellers first, that only grows at its end."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from platform_server.domain.market.sample.brands import brand_ranges
from platform_server.domain.market.sample.more_brands import more_ranges
from platform_server.domain.market.sample.ranges import CATEGORIES, Range
from platform_server.domain.market.sample.sizes import Size


@dataclass(frozen=True, slots=True)
class Article:
    """One size of a range: what becomes a product."""

    range: Range
    size: Size


def articles(wanted: int) -> tuple[Article, ...]:
    """The first articles of the endless shelf; ValueError when so many cannot be invented."""
    found = tuple(islice(chain(_written(), _invented()), wanted))
    if len(found) < wanted:
        raise ValueError(f"the market has at most {len(found)} products")
    return found


def _written() -> Iterator[Article]:
    by_category = [[offer for offer in brand_ranges() if offer.category is shelf] for shelf in CATEGORIES]
    turns = [offer for turn in zip_longest(*by_category) for offer in turn if offer is not None]
    for rank in range(max(len(offer.sizes) for offer in turns)):
        yield from (Article(offer, offer.sizes[rank]) for offer in turns if rank < len(offer.sizes))


def _invented() -> Iterator[Article]:
    return (Article(offer, size) for offer in more_ranges() for size in offer.sizes)
