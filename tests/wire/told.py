"""Domain values as the platform would tell them, written apart from the code that reads them."""

from typing import Any

from pos_app.domain.catalogue import Names, Product
from pos_app.domain.money import Money


def told_money(money: Money) -> dict[str, object]:
    return {"minor": money.minor, "currency": money.currency}


def told_names(names: Names) -> dict[str, str]:
    return {"zh": names.zh, "en": names.en}


def told_product(product: Product, **more: Any) -> dict[str, Any]:
    fields = [
        {
            "key": spec.key,
            "label": told_names(spec.label),
            "kind": spec.kind,
            "options": [{"value": each.value, "label": told_names(each.label)} for each in spec.options],
            "validator": spec.validator,
            "required": spec.required,
        }
        for spec in product.fields
    ]
    return {
        "id": product.id,
        "barcode": product.barcode,
        "names": told_names(product.names),
        "brand": {"id": product.brand.id, "names": told_names(product.brand.names)},
        "category": {"id": product.category.id, "names": told_names(product.category.names)},
        "kind": product.kind.value,
        "card_kind": "unique" if product.parts == 1 else "kit",
        "payload": product.payload.value if product.payload else None,
        "face": told_money(product.face),
        "wholesale": told_money(product.wholesale),
        "suggested_retail": told_money(product.price),
        "stock": "many" if product.stock is None else product.stock,
        "fields": fields,
        "limits": {
            "min": product.limits.least,
            "max": product.limits.most,
            "step": product.limits.step,
        },
        "bans": [],
        "return_rule": product.return_rule,
        "qr": product.qr,
        "instructions": told_names(product.instructions),
        "risk_class": product.risk_class,
        "leasable": product.leasable,
        "validity_days": product.validity_days,
        "parts": product.parts,
        "return_days": 0,
        "version": product.version,
        **more,
    }
