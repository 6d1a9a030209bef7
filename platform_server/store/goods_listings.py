"""Lists of what is sold and where it came from, as data."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import and_, case, func, not_, select

from platform_server.domain.goods import ProductKind
from platform_server.domain.overview import Noun
from platform_server.store.listing import Listing
from platform_server.store.tables import batches, brands, cards, categories, imports, products, suppliers

_IS_OUT = and_(products.c.stock == 0, products.c.kind == ProductKind.CODE.value)
_ON_SALE = case((not_(products.c.is_on_sale), "OFF"), (_IS_OUT, "OUT"), else_="ON")
_PRODUCTS = Listing(
    select(
        products.c.id.label("row_id"),
        products.c.name_zh,
        products.c.name_en,
        brands.c.name_zh.label("brand_zh"),
        brands.c.name_en.label("brand_en"),
        categories.c.name_zh.label("category_zh"),
        categories.c.name_en.label("category_en"),
        products.c.kind,
        products.c.payload,
        products.c.barcode,
        products.c.face_minor.label("face"),
        products.c.wholesale_minor.label("wholesale"),
        products.c.retail_minor.label("retail"),
        products.c.currency,
        products.c.stock,
        _ON_SALE.label("state"),
        products.c.return_rule,
        products.c.risk_class,
        products.c.limit_max,
        products.c.supplier_id,
        products.c.goods_class,
        products.c.card_kind,
        products.c.version,
    ).select_from(products.join(brands).join(categories)),
    products.c.id,
    (products.c.id.desc(),),
    state=_ON_SALE,
    found_by=(products.c.name_zh, products.c.name_en, brands.c.name_zh, brands.c.name_en),
    named_by=(products.c.barcode, products.c.id),
    belongs_to=(products.c.brand_id, products.c.category_id, products.c.supplier_id),
    money=("face", "wholesale", "retail"),
)

_BATCHES = Listing(
    select(
        batches.c.id.label("row_id"),
        batches.c.imported_at,
        products.c.name_zh,
        products.c.name_en,
        batches.c.product_id,
        batches.c.supplier_batch,
        batches.c.supplier_id,
        batches.c.reference,
        batches.c.count,
        select(func.count())
        .where(cards.c.batch_id == batches.c.id, cards.c.state == "AVAILABLE")
        .correlate(batches)
        .scalar_subquery()
        .label("left"),
        batches.c.face_minor.label("face"),
        batches.c.currency,
    ).select_from(batches.join(products, products.c.id == batches.c.product_id)),
    batches.c.id,
    (batches.c.id.desc(),),
    found_by=(batches.c.supplier_batch, products.c.name_zh, products.c.name_en),
    named_by=(batches.c.id,),
    belongs_to=(batches.c.product_id, batches.c.supplier_id),
    instants=("imported_at",),
    money=("face",),
)

_ON_FILE = case((suppliers.c.is_active, "ACTIVE"), else_="OFF")
_SUPPLIERS = Listing(
    select(
        suppliers.c.id.label("row_id"),
        suppliers.c.name_zh,
        suppliers.c.name_en,
        suppliers.c.document,
        suppliers.c.granted_by,
        suppliers.c.valid_from,
        suppliers.c.valid_until,
        _ON_FILE.label("state"),
    ),
    suppliers.c.id,
    (suppliers.c.id.desc(),),
    state=_ON_FILE,
    found_by=(suppliers.c.name_zh, suppliers.c.name_en, suppliers.c.document),
    named_by=(suppliers.c.id,),
)

_IMPORTED = case((imports.c.finished_at.is_(None), "CUT_OFF"), else_="FINISHED")
_IMPORTS = Listing(
    select(
        imports.c.id.label("row_id"),
        imports.c.began_at,
        imports.c.file_name,
        products.c.name_zh,
        products.c.name_en,
        imports.c.added,
        imports.c.duplicates,
        imports.c.faults,
        _IMPORTED.label("state"),
        imports.c.supplier_batch,
        imports.c.imported_by,
        imports.c.finished_at,
        imports.c.product_id,
        imports.c.batch_id,
    ).select_from(imports.join(products, products.c.id == imports.c.product_id)),
    imports.c.id,
    (imports.c.id.desc(),),
    state=_IMPORTED,
    found_by=(imports.c.file_name, imports.c.supplier_batch, products.c.name_zh, products.c.name_en),
    named_by=(imports.c.id, imports.c.imported_by),
    belongs_to=(imports.c.product_id, imports.c.batch_id),
    instants=("began_at", "finished_at"),
)

_CARDS = Listing(
    select(
        cards.c.id.label("row_id"),
        cards.c.masked,
        products.c.name_zh,
        products.c.name_en,
        cards.c.state,
        cards.c.sell_by,
        cards.c.batch_id,
        cards.c.product_id,
        cards.c.reservation_id,
        cards.c.printed,
        cards.c.copies,
    ).select_from(cards.join(products, products.c.id == cards.c.product_id)),
    cards.c.id,
    (cards.c.id.desc(),),
    state=cards.c.state,
    named_by=(cards.c.id, cards.c.batch_id, cards.c.reservation_id),
    belongs_to=(cards.c.product_id, cards.c.batch_id, cards.c.reservation_id),
    instants=("sell_by",),
)

GOODS: Mapping[Noun, Listing] = {
    Noun.PRODUCTS: _PRODUCTS,
    Noun.BATCHES: _BATCHES,
    Noun.SUPPLIERS: _SUPPLIERS,
    Noun.IMPORTS: _IMPORTS,
    Noun.CARDS: _CARDS,
}
