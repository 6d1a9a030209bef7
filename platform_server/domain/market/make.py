"""Makes the sample market: products that are always the same, ids and codes that follow the seed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from platform_server.domain.bans import UNATTENDED
from platform_server.domain.goods import CodeLotDraft, Product, ProductKind
from platform_server.domain.goods_classes import GOODS_CLASSES
from platform_server.domain.market.assortment import Article, articles
from platform_server.domain.market.code_formats import SERIAL_BITS
from platform_server.domain.market.ean13 import in_store_barcode
from platform_server.domain.market.lots import Lots, Supply
from platform_server.domain.market.sample.ranges import CATEGORIES
from platform_server.domain.market.sample.supplier import SUPPLIER
from platform_server.domain.market.stock import spread
from platform_server.domain.money import Money
from platform_server.domain.suppliers import SupplierFile

PRODUCTS = 500
CODES = 20_000
MOST_PRODUCTS = 100_000

_FIRST_ID_AT_MS = 1_767_225_600_000  # 2026-01-01: ids sort in the order of the assortment
_CREDITED_WITHIN_MINUTES = 10
_RETURN_DAYS = 7
_CLASS_OF = {
    "games": "game_card",
    "phone": "phone_credit",
    "video-music": "membership",
    "shopping-gift": "gift_card",
    "fuel": "fuel",
    "software": "software",
    "virtual-items": "game_credit",
}
_SHELF_OF = {category.id: shelf for shelf, category in enumerate(CATEGORIES)}


@dataclass(frozen=True, slots=True)
class Market:
    """What the suppliers of the sample offer and deliver; the lots are made while they are read."""

    suppliers: tuple[SupplierFile, ...]
    products: tuple[Product, ...]
    lots: Iterable[CodeLotDraft]


def make_market(
    seed: int, products: int = PRODUCTS, codes: int = CODES, delivered_at: datetime | None = None
) -> Market:
    """The market of a seed; ValueError for a size that cannot be made.

    Names, barcodes and prices do not depend on the seed, and a larger market begins with the smaller one.
    With `delivered_at` (aware) the cards of goods with a validity expire that many days later.
    """
    if not 1 <= products <= MOST_PRODUCTS:
        raise ValueError(f"a market has 1 to {MOST_PRODUCTS} products")
    if not 0 <= codes < 1 << SERIAL_BITS:
        raise ValueError(f"a market has 0 to {(1 << SERIAL_BITS) - 1} codes")
    assortment = articles(products)
    made = tuple(_product(seed, place, article) for place, article in enumerate(assortment))
    return Market((SUPPLIER,), made, Lots(seed, _supplies(made, assortment, codes), delivered_at))


def _supplies(made: tuple[Product, ...], assortment: tuple[Article, ...], codes: int) -> tuple[Supply, ...]:
    places = [place for place, product in enumerate(made) if product.kind is ProductKind.CODE]
    counts = spread(codes, len(places))
    return tuple(
        Supply(made[place].id, made[place].brand.id, place + 1, assortment[place].range.terms, count)
        for place, count in zip(places, counts, strict=True)
    )


def _product(seed: int, place: int, article: Article) -> Product:
    offer, terms = article.range, article.range.terms
    face_minor = article.size.face_yuan * 100
    wholesale_minor = face_minor * terms.wholesale // 10_000
    # a suggested price has no fractions of ten fen, and rounding up keeps it above wholesale
    retail_minor = -(-face_minor * terms.retail // 100_000) * 10
    risk_class = _risk_class(article.size.face_yuan)
    is_code = terms.payload is not None
    goods_class = _CLASS_OF[offer.category.id]
    is_attended = GOODS_CLASSES[goods_class].is_game or risk_class == "high"
    return Product(
        id=_product_id(seed, place),
        barcode=in_store_barcode(_SHELF_OF[offer.category.id], place + 1),
        names=offer.name(article.size),
        brand=offer.brand,
        category=offer.category,
        kind=ProductKind.CODE if is_code else ProductKind.TOP_UP,
        payload=terms.payload,
        face=Money(face_minor, "CNY"),
        wholesale=Money(wholesale_minor, "CNY"),
        suggested_retail=Money(retail_minor, "CNY"),
        instructions=terms.instructions,
        supplier_id=SUPPLIER.id,
        goods_class=goods_class,
        fields=terms.fields,
        limits=terms.limits,
        bans=(UNATTENDED,) if is_attended else (),
        return_rule=terms.return_rule,
        return_days=_RETURN_DAYS if terms.return_rule == "unused_proven" else 0,
        delivery_minutes=0 if is_code else _CREDITED_WITHIN_MINUTES,
        qr=f"https://redeem.example/{offer.brand.id}?{terms.redeem}" if terms.redeem else None,
        risk_class=risk_class,
        leasable=terms.is_leasable and risk_class != "high",
        validity_days=terms.validity_days,
        card_kind="unique" if is_code else None,
    )


def _risk_class(face_yuan: int) -> str:
    if face_yuan >= 500:
        return "high"
    return "low" if face_yuan <= 50 else "normal"


def _product_id(seed: int, place: int) -> str:
    digest = blake2b(f"product:{seed}:{place}".encode(), digest_size=10).hexdigest()
    moment = f"{_FIRST_ID_AT_MS + place:012x}"
    variant = "89ab"[int(digest[3], 16) % 4]
    return f"{moment[:8]}-{moment[8:]}-7{digest[:3]}-{variant}{digest[4:7]}-{digest[7:19]}"
