"""What is raced for: shops, tills and codes made from numbers alone, so that every process knows them without asking."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from platform_server.app.wiring import Platform
from platform_server.domain.goods import CardSecret, CodeLotDraft
from platform_server.domain.money import Money
from platform_server.domain.policy_defaults import default_policies
from platform_server.domain.scopes import TILL_SCOPES
from platform_server.domain.till_keys import TillKey
from platform_server.domain.tills import Shop, Till
from tests.fakes.platform_goods import PROVENANCE, SUPPLIER, product

PRODUCTS = 8  # few, so that everybody wants the same ones
SCARCE = PRODUCTS - 1  # and of this one there is hardly any
SCARCE_CODES = 60
SHOPS = 4
POOR = SHOPS - 1  # the shop whose wallet runs dry
RICH_MINOR, POOR_MINOR = 10**10, 100_000
COST = 950
_LOT = 2_000


def _numbered(kind: str, number: int) -> str:
    return f"0199{kind}-0000-7000-8000-{number:012d}"


def product_id(number: int) -> str:
    return _numbered("00aa", number)


def till_id(number: int) -> str:
    return _numbered("00bb", number)


def shop_of(till: int) -> int:
    """One till in sixteen belongs to the poor shop."""
    return POOR if till % 16 == 15 else till % POOR


def shop_id(number: int) -> str:
    return _numbered("00cc", number)


def first_balance(shop: int) -> int:
    return POOR_MINOR if shop == POOR else RICH_MINOR


@cache
def sign_key(till: int) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"sign %d" % till).digest())


@cache
def seal_key(till: int) -> X25519PrivateKey:
    return X25519PrivateKey.from_private_bytes(hashlib.sha256(b"seal %d" % till).digest())


def code_of(product: int, serial: int) -> str:
    return f"{product:02d}X{serial:09d}"


def product_of(code: str) -> str:
    """The product that a code belongs to; whoever gets another was given the wrong card."""
    return product_id(int(code[:2]))


@dataclass(frozen=True)
class Stocked:
    """How much there is."""

    tills: int
    codes: int


async def stock(platform: Platform, wanted: Stocked) -> None:
    """The goods, the shops with their money, the tills with their keys; the policies of a new platform stand."""
    await platform.keep_policies.install(default_policies())
    async with platform.store.open_books() as books:
        for shop in range(SHOPS):
            await books.tills.add_shop(Shop(shop_id(shop), f"Shop {shop}", "CNY"))
            await books.wallets.open(shop_id(shop), Money(0, "CNY"))
        now = platform.world.clock.now()
        for number in range(wanted.tills):
            public = sign_key(number).public_key().public_bytes_raw()
            seal, name = seal_key(number).public_key().public_bytes_raw(), f"T{number}"
            owner = shop_id(shop_of(number))
            await books.tills.save(Till(till_id(number), owner, name, name, 1, public, seal))
            await books.till_keys.save(TillKey(till_id(number), till_id(number), public, TILL_SCOPES, 1, now))
        await books.commit()
    for shop in range(SHOPS):
        await platform.credit_wallet(shop_id(shop), Money(first_balance(shop), "CNY"), f"first {shop}")
    await platform.put_suppliers([SUPPLIER])
    await platform.put_products([_product(number) for number in range(PRODUCTS)])
    for number in range(PRODUCTS):
        count = SCARCE_CODES if number == SCARCE else wanted.codes // (PRODUCTS - 1)
        for start in range(0, count, _LOT):
            serials = range(start, min(start + _LOT, count))
            cards = tuple(CardSecret(number=code_of(number, i), pin=f"{i:08d}") for i in serials)
            lot = CodeLotDraft(product_id(number), f"B{number}-{start}", cards, PROVENANCE)
            await platform.import_codes([lot])


def _product(number: int) -> Any:
    cheap = {"face": Money(1_000, "CNY"), "wholesale": Money(COST, "CNY")}
    return product(product_id(number), barcode=None, suggested_retail=Money(990, "CNY"), **cheap)
