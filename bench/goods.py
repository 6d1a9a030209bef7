"""The sample market as the till knows it: up to 100,000 products, the same in every run."""

from __future__ import annotations

from pos_app.domain.catalogue import (
    Brand,
    Category,
    Choice,
    FieldSpec,
    Limits,
    Names,
    Payload,
    Product,
    ProductKind,
)
from pos_app.domain.money import Money


def products(number: int, seed: int = 1) -> tuple[Product, ...]:
    """That many products of the market of a seed."""
    from platform_server.domain.market import make_market

    return tuple(_product(made) for made in make_market(seed, products=number, codes=0).products)


def _product(made: object) -> Product:
    from platform_server.domain.goods import Product as Offered

    assert isinstance(made, Offered)
    limits = made.limits
    return Product(
        id=made.id,
        barcode=made.barcode,
        names=_names(made.names),
        brand=Brand(made.brand.id, _names(made.brand.names)),
        category=Category(made.category.id, _names(made.category.names)),
        kind=ProductKind(made.kind.value),
        payload=Payload(made.payload.value) if made.payload else None,
        face=Money(made.face.minor),
        wholesale=Money(made.wholesale.minor),
        price=Money(made.suggested_retail.minor),
        stock=None,
        fields=tuple(
            FieldSpec(
                field.key,
                _names(field.label),
                str(field.kind),
                tuple(Choice(option.value, _names(option.label)) for option in field.options),
                str(field.validator) if field.validator else None,
                field.required,
            )
            for field in made.fields
        ),
        limits=Limits(limits.min, limits.max, limits.step),
        return_rule=str(made.return_rule),
        qr=made.qr,
        instructions=_names(made.instructions),
        risk_class=str(made.risk_class),
        leasable=made.leasable,
        validity_days=made.validity_days,
        version=1,
    )


def _names(names: object) -> Names:
    return Names(names.zh, names.en)  # type: ignore[attr-defined]
