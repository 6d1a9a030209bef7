"""What the tests of the store begin with: a till's books of either kind, and sales to put into them."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from pos_app.domain.card_code import CardCode
from pos_app.domain.catalogue import CataloguePage, Payload, Product
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender, pay_cash
from pos_app.domain.refund import Refund, RefundState
from pos_app.domain.sale import Sale, SaleState, TopUp
from pos_app.domain.shift import Shift
from pos_app.domain.staff import Person, Role
from pos_app.domain.till import Enrolment, business_date_at
from pos_app.store.books import TillBooks
from tests.fakes.till_books import FakeTill
from tests.fakes.till_goods import code_product
from tests.fakes.till_signer import fake_signer

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # noon in the shop
DAY = date(2026, 11, 22)
KEY = bytes(range(32))
SHOP_ZONE = timezone(timedelta(hours=8))
ENROLMENT = Enrolment("shop", "Corner shop", "till", "T1", 1, "CNY", "http://127.0.0.1:1", "key")
OWNER = Person("ann", "Ann", Role.OWNER, "hash")

_ids = itertools.count(int(os.environ.get("TILL_WORLD_IDS", "1")))


def new_id() -> str:
    return f"0199-{next(_ids):08d}"


def in_shop(at: datetime) -> datetime:
    return at.astimezone(SHOP_ZONE)


@dataclass(frozen=True)
class World:
    """A till of either kind."""

    open_books: Callable[[], AbstractContextManager[Any]]
    open_to_read: Callable[[], AbstractContextManager[Any]]

    def write(self, what: Callable[[Any], Any]) -> Any:
        with self.open_books() as books:
            result = what(books)
            books.commit()
        return result

    def read(self, what: Callable[[Any], Any]) -> Any:
        with self.open_to_read() as books:
            return what(books)

    def put(self, *sales: Sale) -> None:
        self.write(lambda books: [books.sales.put(sale) for sale in sales])

    def enrolled(self) -> World:
        self.write(lambda books: (books.till.enrol(ENROLMENT), books.staff.put(OWNER)))
        return self

    def open_shift(self, shift_id: str = "shift-1") -> Shift:
        shift = Shift(shift_id, "ann", "Ann", NOON - timedelta(hours=3), Money(20_000), DAY)
        self.write(lambda books: books.shifts.open(shift))
        return shift

    def stock(self, *products: Product) -> None:
        page = CataloguePage(products, (), "c1", True, len(products))
        self.write(lambda books: books.catalogue.apply(page, NOON, True))


def fake_world(day_change_hour: int = 0) -> World:
    till = FakeTill(in_shop, day_change_hour)
    return World(till.open_books, till.open_to_read)


def open_file(folder: Path, key: bytes = KEY, day_change_hour: int = 0) -> TillBooks:
    return TillBooks(folder, key, in_shop, day_change_hour, signer=fake_signer())


def begun(
    *lines: tuple[Product, int], at: datetime = NOON, shift_id: str = "shift-1", day: date = DAY
) -> Sale:
    """A sale that has been started; top-ups carry a phone number."""
    sale = Sale(new_id(), "CNY")
    for product, quantity in lines or ((code_product(), 2),):
        fields = (("phone", "13800001234"),) if product.fields else ()
        sale = sale.with_product(product, quantity, new_id(), fields)
    for line in sale.lines:
        if line.product.fields:
            sale = sale.with_top_up(line.line_id, TopUp())
    return sale.started(at, "ann", shift_id, day)


def paid(sale: Sale, number: str, at: datetime | None = None) -> Sale:
    """The same sale with its money in."""
    reserved = sale if sale.state is SaleState.RESERVED else sale.moved_to(SaleState.RESERVED)
    assert sale.created_at is not None
    return reserved.paid((pay_cash(sale.total, sale.total + Money(500)),), at or sale.created_at, number)


def done(sale: Sale) -> Sale:
    return sale.moved_to(SaleState.CONFIRMING).moved_to(SaleState.HAVE).moved_to(SaleState.DONE)


def given_back(
    sale: Sale, line_id: str, amount: Money, at: datetime = NOON, *, shift_id: str = "shift-1", hour: int = 0
) -> tuple[Refund, Sale]:
    """So much of a line given back in cash: the refund, and the sale with it; the day changes at `hour`."""
    day = business_date_at(in_shop(at), hour)
    refund = Refund(new_id(), sale.id, line_id, Tender.CASH, amount, at, day, shift_id, RefundState.DONE)
    return refund, sale.with_refund(line_id, amount)


def card_of(sale: Sale, card_id: str, line: int = 0) -> CardCode:
    product = sale.lines[line].product
    return CardCode(
        card_id, sale.id, sale.lines[line].line_id, product.id, Payload.NUMBER_PIN, product.face, b"sealed"
    )


def named(number: int, zh: str, en: str, **changes: Any) -> Product:
    """A card of that name; `changes` replaces fields of it."""
    from pos_app.domain.catalogue import Names

    return replace(code_product(number), names=Names(zh, en), **changes)
