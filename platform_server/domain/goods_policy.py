"""What may not be put on sale, whoever asks: judged when a product is put on the shelf."""

from __future__ import annotations

from platform_server.domain.bans import UNATTENDED
from platform_server.domain.goods import Product, ProductKind
from platform_server.domain.goods_classes import GOODS_CLASSES, HIGH_VALUE, MOST_DELIVERY_MINUTES

_WHOLE = 10_000


def faults(product: Product) -> tuple[str, ...]:
    """One sentence for each rule that it breaks; empty when it may be sold."""
    found = []
    if product.kind is ProductKind.TOP_UP:
        found += _top_up_faults(product)
    if needs_attendance(product) and UNATTENDED not in product.bans:
        found.append(f'games and goods of high value are not sold unattended: add the ban "{UNATTENDED}"')
    return tuple(found)


def _top_up_faults(product: Product) -> list[str]:
    found = []
    share = GOODS_CLASSES[product.goods_class].least_share
    for name, price in (("wholesale", product.wholesale), ("suggested_retail", product.suggested_retail)):
        if price.minor * _WHOLE < product.face.minor * share:
            found.append(
                f"{name} is far below face value: a top-up of class {product.goods_class} costs at least "
                f"{share / 100:g} % of it, because cheaper ones are a way to launder money"
            )
    if product.delivery_minutes > MOST_DELIVERY_MINUTES:
        found.append(
            f"a top-up is credited within {MOST_DELIVERY_MINUTES} minutes, not spread over {product.delivery_minutes}"
        )
    return found


def needs_attendance(product: Product) -> bool:
    """Whether a person must stand at the counter when it is sold: games, and goods of high value."""
    high = HIGH_VALUE.get(product.face.currency)
    is_dear = product.risk_class == "high" if high is None else product.face.minor >= high
    return is_dear or GOODS_CLASSES[product.goods_class].is_game
