"""Whether a line may be sold as the till asks for it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from platform_server.domain.catalogue import ShelfItem
from platform_server.domain.errors import FieldInvalid, LimitPassed, PriceChanged, ProductOff
from platform_server.domain.goods import FieldSpec, ProductKind
from platform_server.domain.pricing import LIST_PRICES, PriceList, priced_goods
from platform_server.domain.reservation import ReservedLine, WantedLine

_PATTERNS = {
    "phone_cn": re.compile(r"1[3-9][0-9]{9}"),
    "qq": re.compile(r"[1-9][0-9]{4,10}"),
    "account": re.compile(r"[^\s\x00-\x1f\x7f]{3,64}"),
    "email": re.compile(r"[^\s@]{1,64}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+"),
    "digits": re.compile(r"[0-9]{1,32}"),
}
_LONGEST_FIELD = 200


def accept_line(wanted: WantedLine, item: ShelfItem | None, prices: PriceList = LIST_PRICES) -> ReservedLine:
    """The line as it is promised, at the shop's price for its quantity.

    Raises the refusal that names what is wrong, stock and wallet apart.
    """
    if item is None or not item.is_on_sale or (item.product.kind is ProductKind.TOP_UP and item.stock == 0):
        raise ProductOff(line_id=wanted.line_id, product_id=wanted.product_id)
    product = item.product
    cost = prices.unit_cost(priced_goods(product), wanted.quantity)
    if wanted.max_unit_cost.currency != cost.currency or wanted.version != product.version:
        raise PriceChanged(line_id=wanted.line_id, product=prices.tell(item))
    if wanted.max_unit_cost < cost:
        raise PriceChanged(line_id=wanted.line_id, product=prices.tell(item))
    is_top_up = product.kind is ProductKind.TOP_UP
    _check_quantity(wanted, item, most=1 if is_top_up else product.limits.max)
    fields = _accept_fields(wanted, product.fields)
    return ReservedLine(wanted.line_id, product.id, wanted.quantity, cost, is_top_up, fields)


def _check_quantity(wanted: WantedLine, item: ShelfItem, most: int) -> None:
    limits = item.product.limits
    if wanted.quantity > most:
        raise LimitPassed(rule="max", line_id=wanted.line_id, most=most)
    if wanted.quantity < limits.min:
        raise LimitPassed(rule="min", line_id=wanted.line_id, most=most)
    if (wanted.quantity - limits.min) % limits.step:
        raise LimitPassed(rule="step", line_id=wanted.line_id, most=most)


def _accept_fields(wanted: WantedLine, specs: tuple[FieldSpec, ...]) -> Mapping[str, str]:
    accepted = {}
    for spec in specs:
        value = wanted.fields.get(spec.key, "").strip()
        if value and is_valid_field(spec, value):
            accepted[spec.key] = value
        elif value or spec.required:
            raise FieldInvalid(line_id=wanted.line_id, key=spec.key, validator=spec.validator)
    return accepted


def is_valid_field(spec: FieldSpec, value: str) -> bool:
    """Whether a value that is not empty fits its field."""
    if spec.kind == "choice":
        return value in [option.value for option in spec.options]
    if spec.validator is None:
        return len(value) <= _LONGEST_FIELD and value.isprintable()
    return len(value) <= _LONGEST_FIELD and _PATTERNS[spec.validator].fullmatch(value) is not None


def top_up_account(fields: Mapping[str, str], specs: tuple[FieldSpec, ...]) -> str:
    """Where the credit goes: the first validated field, else the first given one, else nothing."""
    for spec in specs:
        if spec.validator is not None and spec.key in fields:
            return fields[spec.key]
    return next(iter(fields.values()), "")
