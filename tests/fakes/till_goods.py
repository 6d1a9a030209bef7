"""A few products to sell in tests."""

import io

from pos_app.domain.card_code import CardSecret
from pos_app.domain.catalogue import (
    Brand,
    Category,
    FieldSpec,
    Limits,
    Names,
    Payload,
    Product,
    ProductKind,
)
from pos_app.domain.money import Money

GAMES = Category("games", Names("游戏", "Games"))
PHONE = Category("phone", Names("话费", "Phone"))
STEAM = Brand("steam", Names("蒸汽", "Steam"))
MOBILE = Brand("mobile", Names("中国移动", "China Mobile"))
PHONE_FIELD = FieldSpec("phone", Names("手机号", "Phone number"), "text", (), "phone_cn", True)


def code_product(number: int = 1, *, face: int = 10_000, payload: Payload = Payload.NUMBER_PIN) -> Product:
    """A card code of that number: its barcode ends in it, its margin is 5 %."""
    return Product(
        id=f"product-{number}",
        barcode=f"69000000{number:05d}",
        names=Names(f"蒸汽 {face // 100} 元 {number}", f"Steam {face // 100} no {number}"),
        brand=STEAM,
        category=GAMES,
        kind=ProductKind.CODE,
        payload=payload,
        face=Money(face),
        wholesale=Money(face * 95 // 100),
        price=Money(face),
        stock=None,
        fields=(),
        limits=Limits(1, 20, 1),
        return_rule="unused_proven",
        qr="https://redeem.example/?n={number}&p={pin}",
        instructions=Names("在蒸汽中兑换", "Redeem in Steam"),
        risk_class="low",
        leasable=True,
        validity_days=365,
        version=1,
    )


def top_up_product(number: int = 900, *, face: int = 5_000) -> Product:
    """A phone top-up with one field, `phone`."""
    return Product(
        id=f"product-{number}",
        barcode=None,
        names=Names(f"移动话费 {face // 100} 元", f"Mobile top-up {face // 100}"),
        brand=MOBILE,
        category=PHONE,
        kind=ProductKind.TOP_UP,
        payload=None,
        face=Money(face),
        wholesale=Money(face * 98 // 100),
        price=Money(face),
        stock=None,
        fields=(PHONE_FIELD,),
        limits=Limits(1, 1, 1),
        return_rule="never",
        qr=None,
        instructions=Names("", ""),
        risk_class="normal",
        leasable=False,
        validity_days=None,
        version=1,
    )


def qr_picture(text: str) -> bytes:
    """A QR as a supplier sends it: a small PNG."""
    import qrcode

    drawn = io.BytesIO()
    qrcode.make(text, box_size=2).save(drawn)
    return drawn.getvalue()


def code_of(product: Product, number: int) -> CardSecret:
    """The code that lies at that place of a product's stock; no two are alike."""
    text = f"{product.id}-{number:04d}"
    if product.payload is Payload.LINK:
        return CardSecret(None, None, f"https://redeem.example/{text}", None)
    if product.payload is Payload.IMAGE:
        return CardSecret(None, None, None, None, qr_picture(text))
    pin = f"PIN-{text}"
    return CardSecret(text if product.payload is Payload.NUMBER_PIN else None, pin, None, "2027-12-31")
