"""What a signed receipt says, field by field, as a text that fits into a QR (`docs/receipt-format.md`)."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from pos_app.domain.money import Money
from pos_app.domain.signature import framed, packed

_VERSION = "K1"
_WORD = "pos-receipt-1"
_DIGITS = 6
_CARDS_BYTES = 8
_ID_BYTES = 16
_AT, _CURRENCY, _QUANTITY = 4, 6, 8  # where these fields stand in a text
_TIME = "%Y%m%dT%H%M%SZ"


class ReceiptType(StrEnum):
    SALE = "S"
    WHOLE = "V"  # everything that a sale brought was given back by this one paper
    PART = "R"  # a part of it was
    TRAINING = "T"  # no sale, and not in the turnover
    ZERO = "Z"  # at a shift's close: that the till stood there, and with which turnover


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """All that is signed but the key's name; `turnover` (minor units) is what this till ever sold, this paper included.

    `entry` is the digest of the ledger entry that made it true, `cards` the ids of the cards that it speaks of.
    """

    shop_id: str
    till_id: str
    number: str
    at: datetime
    type: ReceiptType
    amount: Money
    quantity: int
    turnover: int
    entry: str
    cards: tuple[str, ...] = ()

    def text(self, kid: str) -> str:
        """Everything before the signature."""
        fields = (
            _VERSION,
            compact_id(self.shop_id),
            compact_id(self.till_id),
            self.number,
            self.at.astimezone(UTC).strftime(_TIME),
            self.type.value,
            self.amount.currency,
            str(self.amount.minor),
            str(self.quantity),
            str(self.turnover),
            packed(bytes.fromhex(self.entry)),
            cards_print(self.cards),
            kid,
        )
        return ".".join(fields)


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """One that was signed, as it is kept: `subject` is a sale id, for ZERO a shift id; `turnover` in minor units."""

    number: str
    type: ReceiptType
    subject: str
    turnover: int
    text: str

    @property
    def at(self) -> datetime:
        """Aware UTC, to the second."""
        return datetime.strptime(self.text.split(".")[_AT], _TIME).replace(tzinfo=UTC)

    @property
    def amount(self) -> Money:
        """What it is about, as its text says."""
        currency, minor = self.text.split(".")[_CURRENCY:_QUANTITY]
        return Money(int(minor), currency)


def signing_input(text: str) -> bytes:
    """What the signature is made over, for the text before it."""
    return framed(_WORD, text)


def compact_id(one: str) -> str:
    """A UUID's 16 bytes as base64url; any other id by the first 16 bytes of its SHA-256."""
    try:
        raw = uuid.UUID(one).bytes
    except ValueError:
        raw = hashlib.sha256(one.encode()).digest()[:_ID_BYTES]
    return packed(raw)


def cards_print(card_ids: Iterable[str]) -> str:
    """Names a set of cards without telling any: 8 bytes of SHA-256 over their sorted ids, each with its length."""
    return packed(hashlib.sha256(framed(*sorted(card_ids))).digest()[:_CARDS_BYTES])


def sale_number(receipt_number: str) -> str:
    """The digits of a receipt number: `000123` of `T1-000123`."""
    return receipt_number.rpartition("-")[2]


def back_number(receipt_number: str, count: int) -> str:
    """The number of the paper by which money of that sale goes back for the `count`th time: `000123-1`."""
    return f"{sale_number(receipt_number)}-{count}"


def zero_number(count: int) -> str:
    """Zero receipts are counted by themselves: `Z000001`."""
    return f"Z{count:0{_DIGITS}d}"
