"""Whether a line may be sold as the till asks for it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from platform_server.domain.bans import banned_by
from platform_server.domain.catalogue import ShelfItem
from platform_server.domain.errors import FieldInvalid, LimitPassed, PriceChanged, ProductOff
from platform_server.domain.goods import FieldSpec, Product, ProductKind
from platform_server.domain.goods_policy import needs_attendance
from platform_server.domain.pricing import LIST_PRICES, PriceList, priced_goods
from platform_server.domain.reservation import ReservedLine, WantedLine
from platform_server.domain.validators import LONGEST_FIELD, is_valid


def accept_line(wanted: WantedLine, item: ShelfItem | None, prices: PriceList = LIST_PRICES) -> ReservedLine:
    """The line as it is promised, at the shop's price for its quantity.

    Raises the refusal that names what is wrong, stock and wallet apart.
    """
    if item is None or not item.is_on_sale or (item.product.kind is ProductKind.TOP_UP and item.stock == 0):
        raise ProductOff(line_id=wanted.line_id, product_id=wanted.product_id, reason="off")
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


def check_bans(line: ReservedLine, product: Product, channel: str, now: datetime) -> None:
    """Raises ProductOff with the reason "channel" or "time" when the product is not sold so, or not now."""
    reason = banned_by(product.bans, channel, now)
    if reason is None and channel == "unattended" and needs_attendance(product):
        reason = "channel"
    if reason is not None:
        raise ProductOff(line_id=line.line_id, product_id=line.product_id, reason=reason)


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
        return len(value) <= LONGEST_FIELD and value.isprintable()
    return is_valid(spec.validator, value)


def top_up_account(fields: Mapping[str, str], specs: tuple[FieldSpec, ...]) -> str:
    """Where the credit goes: the first validated field, else the first given one, else nothing."""
    for spec in specs:
        if spec.validator is not None and spec.key in fields:
            return fields[spec.key]
    return next(iter(fields.values()), "")
