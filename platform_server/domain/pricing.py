"""What a shop pays: the one place that computes a wholesale price.

A price tier holds rules. For one product the most specific rule counts: product, brand, category, all. A rule has
breaks by quantity: a break counts from its quantity on and names a fixed price or a rate of the list price in basis
points. Of the breaks that count the cheapest is taken, so one more piece never makes a piece dearer.
A rate is rounded half up to the minor unit and never falls below 1.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from platform_server.domain.canonical import binding
from platform_server.domain.catalogue import ShelfItem, ShelfRow
from platform_server.domain.goods import Product
from platform_server.domain.money import Money

SCOPES = ("product", "brand", "category", "all")  # the most specific first
WHOLE_BP = 10_000
_MOST_BP = 100_000
_MOST_BREAKS = 20


class PricedGoods(NamedTuple):
    """What a price depends on: whose goods they are, and the list price of one."""

    product_id: str
    brand_id: str
    category_id: str
    wholesale: Money


@dataclass(frozen=True, slots=True)
class PriceBreak:
    """From so many pieces of a line on: a fixed price for one, or a rate of its list price, one of the two."""

    from_quantity: int
    fixed: Money | None = None
    rate_bp: int | None = None

    def __post_init__(self) -> None:
        if self.from_quantity < 1:
            raise ValueError("a break begins at a quantity of 1 or more")
        if (self.fixed is None) == (self.rate_bp is None):
            raise ValueError("a break has a fixed price or a rate, one of the two")
        if self.fixed is not None and self.fixed.minor < 1:
            raise ValueError("a fixed price is positive")
        if self.rate_bp is not None and not 1 <= self.rate_bp <= _MOST_BP:
            raise ValueError(f"a rate is between 1 and {_MOST_BP} basis points")

    def price(self, wholesale: Money) -> Money:
        """Of one piece whose list price is `wholesale`."""
        if self.rate_bp is None:
            return self.fixed or wholesale
        rounded = (wholesale.minor * self.rate_bp + WHOLE_BP // 2) // WHOLE_BP
        return Money(max(1, rounded), wholesale.currency)


@dataclass(frozen=True, slots=True)
class PriceRule:
    """What a tier says of one product, brand or category (`subject`), or of all ("")."""

    scope: str
    subject: str
    breaks: tuple[PriceBreak, ...]

    def __post_init__(self) -> None:
        if self.scope not in SCOPES:
            raise ValueError(f"a scope is one of {', '.join(SCOPES)}")
        if (self.scope == "all") != (self.subject == "") or len(self.subject) > 64:
            raise ValueError('a rule names its product, brand or category; a rule for "all" names nothing')
        starts = [each.from_quantity for each in self.breaks]
        if not starts or starts[0] != 1 or starts != sorted(set(starts)) or len(starts) > _MOST_BREAKS:
            raise ValueError(f"breaks begin at 1, rise, and are at most {_MOST_BREAKS}")
        if len({each.fixed.currency for each in self.breaks if each.fixed is not None}) > 1:
            raise ValueError("one rule has one currency")

    def price(self, wholesale: Money, quantity: int) -> Money | None:
        """Of one piece; None when the rule's fixed prices are of another currency. Less than 1 counts as 1."""
        if any(each.fixed is not None and each.fixed.currency != wholesale.currency for each in self.breaks):
            return None
        prices = [each.price(wholesale) for each in self.breaks if each.from_quantity <= max(1, quantity)]
        return min(prices, key=lambda price: price.minor)


@dataclass(frozen=True, slots=True)
class PriceTier:
    """A price list that shops can belong to; `name` is what operators call it."""

    id: str
    name: str
    rules: tuple[PriceRule, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.name) <= 60:
            raise ValueError("a tier has a name of at most 60 characters")
        if len({(rule.scope, rule.subject) for rule in self.rules}) != len(self.rules):
            raise ValueError("a tier has one rule for one subject")


@dataclass(frozen=True, slots=True)
class PriceList:
    """The rules that count for one shop now; `mark` changes whenever any of them may have changed."""

    mark: str = ""
    rules: Mapping[tuple[str, str], PriceRule] = field(default_factory=dict)

    @classmethod
    def of(cls, mark: str, rules: Iterable[PriceRule]) -> PriceList:
        """Found by scope and subject."""
        return cls(mark, {(rule.scope, rule.subject): rule for rule in rules})

    def unit_cost(self, goods: PricedGoods, quantity: int) -> Money:
        """What one piece costs this shop in a line of `quantity`: the list price where no rule counts."""
        subjects = (goods.product_id, goods.brand_id, goods.category_id, "")
        for key in zip(SCOPES, subjects, strict=True):
            rule = self.rules.get(key)
            price = None if rule is None else rule.price(goods.wholesale, quantity)
            if price is not None:
                return price
        return goods.wholesale

    def tell(self, item: ShelfItem) -> ShelfItem:
        """The item as this shop's catalogue shows it: the price of the smallest quantity it can buy."""
        product = item.product
        price = self.unit_cost(priced_goods(product), product.limits.min)
        return replace(item, product=replace(product, wholesale=price))

    def tell_row(self, row: ShelfRow) -> ShelfRow:
        """The same for a row of a catalogue page."""
        list_price = Money(row.wholesale_minor, row.currency)
        goods = PricedGoods(row.id, row.brand_id, row.category_id, list_price)
        return row._replace(wholesale_minor=self.unit_cost(goods, row.limit_min).minor)


LIST_PRICES = PriceList()


def priced_goods(product: Product) -> PricedGoods:
    """What a product's price depends on."""
    return PricedGoods(product.id, product.brand.id, product.category.id, product.wholesale)


def price_mark(tier_id: str, version: int) -> str:
    """8 hex digits that differ between tiers and between the states of one."""
    return hashlib.sha256(binding("pos-prices-1", tier_id, version)).hexdigest()[:8]


def read_rules(told: Any, currency: str) -> tuple[PriceRule, ...]:
    """The rules of a tier's JSON document; raises ValueError that names the rule and what is wrong with it.

    `{"rules": [{"scope": "brand", "subject": "star", "breaks": [{"from": 1, "rate_bp": 9700}, {"from": 10, "minor": 950}]}]}`
    """
    if not isinstance(told, dict) or not isinstance(told.get("rules"), list):
        raise ValueError('a tier is {"rules": [...]}')  # noqa: TRY004 - one kind of error for one kind of fault
    rules = []
    for number, rule in enumerate(told["rules"], start=1):
        try:
            breaks = tuple(_read_break(each, currency) for each in rule["breaks"])
            rules.append(PriceRule(rule["scope"], rule.get("subject", ""), breaks))
        except KeyError as fault:
            raise ValueError(f"rule {number} has no {fault.args[0]}") from fault
        except (TypeError, AttributeError) as fault:
            raise ValueError(f"rule {number} is not of the form that docs/settlement.md shows") from fault
        except ValueError as fault:
            raise ValueError(f"rule {number}: {fault}") from fault
    return tuple(rules)


def _read_break(told: Mapping[str, Any], currency: str) -> PriceBreak:
    fixed = Money(told["minor"], currency) if "minor" in told else None
    rate = told.get("rate_bp")
    if type(told["from"]) is not int or not (rate is None or type(rate) is int):
        raise TypeError("quantities and rates are whole numbers")
    return PriceBreak(told["from"], fixed, rate)
