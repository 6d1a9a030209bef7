"""What a till sees of the shelf: products with their stock, in pages that follow a cursor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from platform_server.domain.goods import FieldSpec, Product

MANY = 101  # stock above 100 is told as "many"


@dataclass(frozen=True, slots=True)
class ShelfItem:
    """A product, how many can be sold now, and whether it is on sale at all."""

    product: Product
    stock: int
    is_on_sale: bool = True


class ShelfRow(NamedTuple):
    """A shelf item laid flat: 2,000 of them make a page, and nested values would cost three times as much."""

    id: str
    barcode: str | None
    name_zh: str
    name_en: str
    brand_id: str
    brand_zh: str
    brand_en: str
    category_id: str
    category_zh: str
    category_en: str
    kind: str
    card_kind: str | None
    payload: str | None
    face_minor: int
    wholesale_minor: int
    retail_minor: int
    currency: str
    stock: int
    fields: tuple[FieldSpec, ...]
    limit_min: int
    limit_max: int
    limit_step: int
    bans: tuple[str, ...]
    return_rule: str
    qr: str | None
    instructions_zh: str
    instructions_en: str
    risk_class: str
    leasable: bool
    validity_days: int | None
    parts: int
    return_days: int
    version: int


def lay_flat(item: ShelfItem) -> ShelfRow:
    """The same facts as a row."""
    product = item.product
    return ShelfRow(
        id=product.id,
        barcode=product.barcode,
        name_zh=product.names.zh,
        name_en=product.names.en,
        brand_id=product.brand.id,
        brand_zh=product.brand.names.zh,
        brand_en=product.brand.names.en,
        category_id=product.category.id,
        category_zh=product.category.names.zh,
        category_en=product.category.names.en,
        kind=product.kind.value,
        card_kind=product.card_kind,
        payload=None if product.payload is None else product.payload.value,
        face_minor=product.face.minor,
        wholesale_minor=product.wholesale.minor,
        retail_minor=product.suggested_retail.minor,
        currency=product.face.currency,
        stock=item.stock,
        fields=product.fields,
        limit_min=product.limits.min,
        limit_max=product.limits.max,
        limit_step=product.limits.step,
        bans=product.bans,
        return_rule=product.return_rule,
        qr=product.qr,
        instructions_zh=product.instructions.zh,
        instructions_en=product.instructions.en,
        risk_class=product.risk_class,
        leasable=product.leasable,
        validity_days=product.validity_days,
        parts=product.parts,
        return_days=product.return_days,
        version=product.version,
    )


@dataclass(frozen=True, slots=True)
class CataloguePage:
    """Products changed after a cursor, in the order of change; `cursor` is where the next question starts.

    `mark` is that of the prices it was told at: a cursor of other prices starts over.
    """

    items: tuple[ShelfRow, ...]
    removed: tuple[str, ...]
    cursor: int
    is_complete: bool
    total: int
    mark: str = ""

    @property
    def cursor_text(self) -> str:
        """What the till asks with next: the place in the order of change, and the prices' mark if there is one."""
        return f"{self.cursor}-{self.mark}" if self.mark else str(self.cursor)


def visible_stock(stock: int) -> int | str:
    """0..100 exactly, above it "many"."""
    return stock if stock < MANY else "many"
