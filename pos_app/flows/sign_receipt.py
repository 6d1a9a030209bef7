"""Sign a receipt in the commit that makes it true: kept, so that a reprint shows the same, and told by the ledger."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from pos_app.domain.ledger import LedgerEntry
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale, SaleLine
from pos_app.domain.shift import Closing
from pos_app.domain.signed_receipt import (
    ReceiptFacts,
    ReceiptType,
    SignedReceipt,
    back_number,
    sale_number,
    zero_number,
)
from pos_app.ports.books import Books


def sign_sale(books: Books, sale: Sale, now: datetime) -> SignedReceipt:
    """The goods of a paid sale are in hand; its cards stand on their shelf already. Signed once: again gives the same."""
    signed = [receipt for receipt in books.receipts.of(sale.id) if receipt.type is ReceiptType.SALE]
    if signed:
        return signed[0]
    who = books.till.enrolment()
    facts = ReceiptFacts(
        shop_id=who.shop_id,
        till_id=who.till_id,
        number=sale_number(sale.receipt_number or ""),
        at=sale.paid_at or now,
        type=ReceiptType.SALE,
        amount=sale.total,
        quantity=sale.quantity,
        turnover=books.receipts.turnover() + sale.total.minor,
        entry=books.ledger.digest_of_sale(sale.id),
        cards=_cards(books, sale, {line.line_id for line in sale.lines}),
    )
    return _keep(books, facts, sale.id, sale.day, now)


def sign_back(books: Books, sale: Sale, line: SaleLine, amount: Money, entry: LedgerEntry) -> SignedReceipt:
    """So much of this line went back to the customer, as `entry` tells; pieces count when the last of their price went."""
    who = books.till.enrolment()
    is_whole = amount == sale.total
    earlier = sum(each.type is not ReceiptType.SALE for each in books.receipts.of(sale.id))
    facts = ReceiptFacts(
        shop_id=who.shop_id,
        till_id=who.till_id,
        number=back_number(sale.receipt_number or "", earlier + 1),
        at=entry.at,
        type=ReceiptType.WHOLE if is_whole else ReceiptType.PART,
        amount=amount,
        quantity=line.quantity if line.kept.is_zero else 0,
        turnover=books.receipts.turnover(),
        entry=entry.digest,
        cards=_cards(books, sale, {line.line_id}),
    )
    return _keep(books, facts, sale.id, entry.business_date, entry.at)


def sign_zero(books: Books, closing: Closing, entry: LedgerEntry) -> SignedReceipt:
    """The shift is closed, as `entry` tells: nothing is sold, the turnover stands where it stands."""
    who = books.till.enrolment()
    facts = ReceiptFacts(
        shop_id=who.shop_id,
        till_id=who.till_id,
        number=zero_number(books.receipts.zeros() + 1),
        at=closing.closed_at,
        type=ReceiptType.ZERO,
        amount=Money(0, closing.expected.currency),
        quantity=0,
        turnover=books.receipts.turnover(),
        entry=entry.digest,
    )
    return _keep(books, facts, closing.shift.id, entry.business_date, entry.at)


def _cards(books: Books, sale: Sale, line_ids: Collection[str]) -> tuple[str, ...]:
    return tuple(card.card_id for card in books.cards.of_sale(sale.id) if card.line_id in line_ids)


def _keep(books: Books, facts: ReceiptFacts, subject: str, day: date, now: datetime) -> SignedReceipt:
    receipt = books.receipts.sign(facts, subject)
    body = {
        "subject": subject,
        "number": receipt.number,
        "type": receipt.type.value,
        "turnover_minor": receipt.turnover,
        "text": receipt.text,
    }
    books.ledger.append("receipt_signed", now, day, body)
    return receipt
