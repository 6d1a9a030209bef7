"""Ring up what was scanned, typed or touched."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_app.domain.catalogue import FieldSpec, Product, ProductKind
from pos_app.domain.entry import Entry, EntryKind, PhoneNumber, read_entry
from pos_app.domain.errors import (
    FieldInvalid,
    NothingFound,
    PaymentCodeTooSoon,
    PaymentCodeUnsupported,
    SoldOut,
    UnknownBarcode,
)
from pos_app.domain.gateway import Way
from pos_app.domain.payment_code import PaymentCode, read_payment_code
from pos_app.domain.sale import Sale
from pos_app.ports.books import Books, OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import Gateways
from pos_app.ports.number_plan import NumberPlan

MOST_FOUND = 50


@dataclass(frozen=True)
class RungUp:
    """What came of an entry: the sale as it is now, and, where a choice is left, what there is to choose from.

    `chosen` is the product just rung up. `phone` is set when a number was entered: `offers` are its top-ups.
    `needs_fields` is a top-up that must be told its account first. `quantity` waits for the next product.
    `payment_code` is a customer's: it is time to pay.
    """

    sale: Sale
    chosen: Product | None = None
    offers: tuple[Product, ...] = ()
    phone: PhoneNumber | None = None
    needs_fields: Product | None = None
    quantity: int | None = None
    payment_code: PaymentCode | None = None


@dataclass(frozen=True)
class NewSale:
    """An empty basket."""

    clock: Clock
    currency: str

    def __call__(self) -> Sale:
        return Sale(self.clock.new_id(), self.currency)


@dataclass(frozen=True)
class RingUp:
    """One entry: barcode exactly first, then quantity, phone number, words. Never a part of a barcode."""

    open_to_read: OpenToRead
    clock: Clock
    number_plan: NumberPlan
    gateways: Gateways

    def __call__(self, sale: Sale, text: str, waiting_quantity: int | None = None) -> RungUp:
        with self.open_to_read() as books:
            product = books.catalogue.by_barcode(text.strip())
            if product is not None:
                return self._add(sale, product, waiting_quantity or product.limits.least)
            entry = read_entry(text)
            quantity = entry.quantity or waiting_quantity
            if entry.quantity is not None and entry.text:
                product = books.catalogue.by_barcode(entry.text)
                if product is not None:
                    return self._add(sale, product, entry.quantity)
            return self._not_a_barcode(books, sale, entry, quantity)

    def product(self, sale: Sale, product: Product, quantity: int | None = None) -> RungUp:
        """A tile or a found row was picked."""
        return self._add(sale, product, quantity or product.limits.least)

    def top_up(self, sale: Sale, product: Product, values: tuple[tuple[str, str], ...]) -> RungUp:
        """A top-up with its account; FieldInvalid when the account cannot be one."""
        checked = tuple(
            (spec.key, self._checked(spec, dict(values).get(spec.key, ""))) for spec in product.fields
        )
        if product.is_sold_out:
            raise SoldOut(product_id=product.id, wanted=1, left=0)
        return RungUp(sale.with_product(product, 1, self.clock.new_id(), checked), chosen=product)

    def _not_a_barcode(self, books: Books, sale: Sale, entry: Entry, quantity: int | None) -> RungUp:
        if entry.kind in (EntryKind.EMPTY, EntryKind.QUANTITY):
            return RungUp(sale, quantity=quantity)
        if entry.kind is EntryKind.PAYMENT_CODE:
            return self._payment_code(sale, entry.text)
        if entry.kind is EntryKind.BARCODE:
            raise UnknownBarcode(barcode=entry.text)
        if entry.kind is EntryKind.PHONE:
            number = self.number_plan.check(entry.text)
            offers = books.catalogue.top_ups_for_phone(number.carrier, MOST_FOUND)
            return RungUp(sale, offers=offers, phone=number)
        found = books.catalogue.find(entry.text, None, MOST_FOUND)
        if not found:
            raise NothingFound(text=entry.text)
        return RungUp(sale, offers=found, quantity=quantity)

    def _payment_code(self, sale: Sale, text: str) -> RungUp:
        code = read_payment_code(text)
        if code is None or self.gateways.for_wallet(code.wallet, Way.SCANNED) is None:
            raise PaymentCodeUnsupported
        if not sale.lines:
            raise PaymentCodeTooSoon
        return RungUp(sale, payment_code=code)

    def _add(self, sale: Sale, product: Product, quantity: int) -> RungUp:
        if product.is_sold_out:
            raise SoldOut(product_id=product.id, wanted=quantity, left=0)
        if product.kind is ProductKind.TOP_UP:
            return RungUp(sale, needs_fields=product)
        added = sale.with_product(product, quantity, self.clock.new_id())
        wanted = next(line.quantity for line in added.lines if line.product.id == product.id)
        if product.stock is not None and wanted > product.stock:
            raise SoldOut(product_id=product.id, wanted=wanted, left=product.stock)
        return RungUp(added, chosen=product)

    def _checked(self, spec: FieldSpec, value: str) -> str:
        text = value.strip()
        if not text and not spec.required:
            return ""
        if spec.options and text in {option.value for option in spec.options}:
            return text
        if spec.is_phone:
            return self.number_plan.check("".join(ch for ch in text if ch.isdigit())).digits
        if spec.options or not is_account(text, spec.validator):
            raise FieldInvalid(key=spec.key, validator=spec.validator or "account")
        return text


def is_account(text: str, validator: str | None) -> bool:
    """Whether `text` has the shape its validator asks for (`docs/protocol.md` 5)."""
    if validator == "qq":
        return text.isascii() and text.isdigit() and 5 <= len(text) <= 11 and text[0] != "0"
    if validator == "digits":
        return text.isascii() and text.isdigit() and len(text) <= 32
    if validator == "email":
        name, at, host = text.partition("@")
        return bool(name and at and "." in host.strip(".")) and " " not in text
    return 2 <= len(text) <= 64


@dataclass(frozen=True)
class KeepBasket:
    """The basket on the page is put on disk at every change, so that a power cut does not empty it."""

    open_books: OpenBooks

    def __call__(self, sale: Sale | None) -> None:
        with self.open_books() as books:
            books.sales.keep_basket(sale if sale is not None and sale.lines else None)
            books.commit()


@dataclass(frozen=True)
class RefreshBasket:
    """The basket with every product as the catalogue has it now; what is no longer sold leaves it."""

    open_to_read: OpenToRead

    def __call__(self, sale: Sale) -> Sale:
        with self.open_to_read() as books:
            for line in sale.lines:
                product = books.catalogue.product(line.product.id)
                sale = sale.without_line(line.line_id) if product is None else sale.with_fresh(product)
        return sale


@dataclass(frozen=True)
class TakeUpBasket:
    """The basket that was on the page when the till stopped, under a new id, or an empty one."""

    open_to_read: OpenToRead
    new_sale: NewSale

    def __call__(self) -> Sale:
        with self.open_to_read() as books:
            kept = books.sales.basket()
        fresh = self.new_sale()
        return fresh if kept is None else replace(fresh, lines=kept.lines)
