"""Facts for paper: what a slip says, without knowing how wide the paper is or in which language it is printed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from pos_app.domain.card_code import CardSecret, grouped, qr_text
from pos_app.domain.catalogue import Names, Product
from pos_app.domain.ledger import canonical
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment
from pos_app.domain.sale import Sale, TopUpState
from pos_app.domain.shift import Closing


@dataclass(frozen=True, slots=True)
class Header:
    """What stands on top of every paper."""

    shop: str
    till: str
    cashier: str
    at: datetime  # shop's local time
    number: str | None
    copy: int


@dataclass(frozen=True, slots=True)
class ReceiptLine:
    names: Names
    quantity: int
    price: Money
    total: Money
    account: str | None


@dataclass(frozen=True, slots=True)
class SaleReceipt:
    """The sale receipt; its QR is the signed receipt and never a secret, a payment's reference the order in the wallet's bill."""

    header: Header
    lines: tuple[ReceiptLine, ...]
    total: Money
    payments: tuple[Payment, ...]
    qr: str


@dataclass(frozen=True, slots=True, repr=False)
class CodeSlip:
    """Exactly one code: its QR or its own picture, its grouped text, how to redeem it. No repr, for it holds the secret."""

    header: Header
    names: Names
    face: Money
    number: str | None
    pin: str | None
    link: str | None
    expires_at: str | None
    instructions: Names
    qr: str
    part: tuple[int, int]  # which slip of how many in this sale
    image: bytes | None = None  # a PNG, printed in the QR's place

    def __repr__(self) -> str:
        return "CodeSlip(hidden)"


@dataclass(frozen=True, slots=True)
class TopUpSlip:
    """A top-up's honest state: on its way, done, or failed."""

    header: Header
    names: Names
    face: Money
    account: str
    state: TopUpState
    reference: str | None


@dataclass(frozen=True, slots=True)
class BackSlip:
    """Money went back: all that the sale brought, or a part; `qr` is the signed receipt of it."""

    header: Header  # its number is that of the sale
    number: str
    is_whole: bool
    amount: Money
    qr: str


@dataclass(frozen=True, slots=True)
class ClosingSlip:
    """`qr` is the zero receipt of this close; closings of older programs have none."""

    header: Header
    closing: Closing
    qr: str = ""


@dataclass(frozen=True, slots=True)
class TestSlip:
    """Asks whoever set the printer up to read back `word`."""

    header: Header
    word: str


Receipt = SaleReceipt | CodeSlip | TopUpSlip | BackSlip | ClosingSlip | TestSlip


def sale_receipt(sale: Sale, header: Header, signed: str | None) -> SaleReceipt:
    """The facts of a paid sale; without a signed text, as sales of older programs are, the QR only names it."""
    lines = tuple(
        ReceiptLine(line.product.names, line.quantity, line.price, line.total, line.account)
        for line in sale.lines
    )
    return SaleReceipt(header, lines, sale.total, sale.payments, signed or f"R:{header.number}:{sale.id}")


def code_slip(product: Product, secret: CardSecret, header: Header, part: tuple[int, int]) -> CodeSlip:
    """The facts of one code."""
    return CodeSlip(
        header=header,
        names=product.names,
        face=product.face,
        number=grouped(secret.number) if secret.number else None,
        pin=grouped(secret.pin) if secret.pin else None,
        link=secret.link,
        expires_at=secret.expires_at,
        instructions=product.instructions,
        qr=qr_text(product, secret),
        part=part,
        image=secret.image,
    )


def receipt_hash(sale: Sale) -> str:
    """SHA-256 in hex over what the customer was told: number, total and lines, so that a paper can be compared later."""
    facts = {
        "receipt_number": sale.receipt_number,
        "total_minor": sale.total.minor,
        "lines": [[line.product.id, line.quantity, line.price.minor] for line in sale.lines],
    }
    return hashlib.sha256(canonical(facts)).hexdigest()
