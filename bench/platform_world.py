"""A stocked platform with many shops and tills, and the statements of one sale as they were really sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from typing import Any
from unittest.mock import patch

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from platform_server.app.wiring import Platform
from platform_server.domain.goods import CardSecret, CodeLotDraft
from platform_server.domain.ledger import LedgerHead
from platform_server.domain.money import Money
from platform_server.domain.reservation import Caller, StepCall, WantedLine
from platform_server.domain.scopes import TILL_SCOPES
from platform_server.domain.till_keys import TillKey
from platform_server.domain.tills import Shop, Till
from platform_server.flows.apply_rules import ApplyRules, KnownRules
from platform_server.flows.confirm import Confirm, Evidence
from platform_server.flows.hand_over import HandOver
from platform_server.flows.reserve import Order, Reserve
from platform_server.store import fast, inline, wired
from platform_server.wire.sealing import HpkeSealer
from tests.fakes.platform_goods import PROVENANCE, SUPPLIER, product

PRODUCTS, SHOPS, TILLS = 50, 8, 32
EVIDENCE = (
    '{"payments":[{"amount":{"currency":"CNY","minor":9900},"reference":null,"tender":"cash"}],"retail":[]}'
)
_LOT = 2_000
SIGN_KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32) for number in range(TILLS)]
SEAL_KEY = X25519PrivateKey.from_private_bytes(b"\7" * 32).public_key().public_bytes_raw()


def numbered(kind: str, number: int) -> str:
    """A UUIDv7 by number, which SQL can spell too."""
    return f"0199{kind}-0000-7000-8000-{number:012d}"


def product_id(number: int) -> str:
    return numbered("00aa", number)


def till_id(number: int) -> str:
    return numbered("00bb", number)


def shop_id(number: int) -> str:
    return numbered("00cc", number % SHOPS)


async def stock(platform: Platform, codes: int) -> None:
    """Fifty products, eight shops with money, four tills each, and that many codes."""
    async with platform.store.open_books() as books:
        for number in range(SHOPS):
            await books.tills.add_shop(Shop(shop_id(number), f"Shop {number}", "CNY"))
            await books.wallets.open(shop_id(number), Money(0, "CNY"))
        for number, key in enumerate(SIGN_KEYS):
            public = key.public_key().public_bytes_raw()
            name = f"T{number}"
            await books.tills.save(Till(till_id(number), shop_id(number), name, name, 1, public, SEAL_KEY))
            since = platform.world.clock.now()
            await books.till_keys.save(
                TillKey(till_id(number), till_id(number), public, TILL_SCOPES, 1, since)
            )
        await books.commit()
    for number in range(SHOPS):
        await platform.credit_wallet(shop_id(number), Money(10**12, "CNY"), f"first {number}")
    await platform.put_suppliers([SUPPLIER])
    await platform.put_products([product(product_id(n), barcode=None) for n in range(PRODUCTS)])
    lot = min(_LOT, max(1, codes // PRODUCTS))
    for start in range(0, codes, lot):
        cards = tuple(CardSecret(number=f"N{start + i:011d}", pin=f"P{start + i:011d}") for i in range(lot))
        number = start // lot % PRODUCTS
        await platform.import_codes([CodeLotDraft(product_id(number), f"B{start}", cards, PROVENANCE)])


@dataclass
class Statements:
    """What one sale sent, in order: the SQL with its values, and BEGIN and COMMIT between."""

    sent: list[tuple[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Counter:
    """Reserve and confirm at the store, without a wire."""

    platform: Platform
    hand_over: HandOver
    rules: KnownRules = field(default_factory=KnownRules)

    @classmethod
    def of(cls, platform: Platform) -> Counter:
        return cls(platform, HandOver(platform.vault, HpkeSealer()))

    async def sell(self, sale: str, number: int) -> None:
        """One card to till `number`; the product goes by the sale's last digits."""
        world, books = self.platform.world, self.platform.store.open_books
        settings = world.settings
        caller = Caller(shop_id(number), till_id(number))
        which = product_id(int(sale[-6:]) % PRODUCTS)
        line = WantedLine("1", which, 1, 1, Money(9_500, "CNY"), {})
        rules = ApplyRules(self.rules, self.platform.marker, UTC, settings.said_kept)
        reserve = Reserve(books, world.clock, world.ids, settings.reservation_lifetime, rules)
        await reserve(
            caller, StepCall(sale, "reserve", 1, "f" * 64, 1), Order("2026-11-22", [line], LedgerHead())
        )
        confirm = Confirm(
            books, world.clock, world.ids, self.hand_over, timedelta(minutes=10), timedelta(hours=24)
        )
        await confirm(caller, StepCall(sale, "confirm", 1, "e" * 64, 1), Evidence(EVIDENCE, ()))


@contextmanager
def recorded_on_postgres() -> Iterator[Statements]:
    """What goes through the short way to PostgreSQL while the context lasts; values by their number, from 1."""
    told = Statements()
    trip = wired.WiredFast._trip

    async def _trip(self: Any, *asked: Any) -> Any:
        for spelled, values in (*self._waiting, *asked):
            told.sent.append((spelled.sql, spelled.values(values)))
        return await trip(self, *asked)

    with patch.object(wired.WiredFast, "_trip", _trip):
        yield told


def as_pgbench(statements: Statements, expressions: Mapping[str, str]) -> str:
    """A script for pgbench: values that `expressions` names are computed there, all others stand as they were."""

    def spell(value: Any) -> str:
        if value is None:
            return "NULL"
        if isinstance(value, bool | int):
            return str(value).lower()
        text = str(value)
        quoted = (
            "'" + text.replace("'", "''").replace(":", "' || chr(58) || '") + "'"
        )  # pgbench reads :name anywhere
        return expressions.get(text, quoted)

    lines = ["\\set product random(0, 49)", "\\set n :n + 1"]
    for sql, values in statements.sent:
        filled = re.sub(r"\$(\d+)", _speller(values, spell), sql)
        lines.append(" ".join(filled.split()) + ";")
    return "\n".join(lines) + "\n"


def _speller(values: Sequence[Any], spell: Callable[[Any], str]) -> Callable[[re.Match[str]], str]:
    return lambda found: f"({spell(values[int(found[1]) - 1])})"


@contextmanager
def recorded_on_sqlite() -> Iterator[Statements]:
    """The same on SQLite."""
    told = Statements()
    run: Callable[..., Any] = inline.run_inline

    def run_inline(raw: Any, sql: str, values: Any = ()) -> Any:
        told.sent.append((sql, list(values)))
        return run(raw, sql, values)

    with patch.object(fast, "run_inline", run_inline):
        yield told
