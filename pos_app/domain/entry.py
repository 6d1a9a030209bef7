"""The one entry of the selling page: what did the person, or the scanner, mean?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from pos_app.domain.errors import QuantityInvalid
from pos_app.domain.payment_code import read_payment_code
from pos_app.domain.sale import MOST_DIGITS_OF_A_QUANTITY

_QUANTITY = re.compile(r"([0-9]{1,64})\s*[*x\u00d7\uff0a]\s*(.*)", re.DOTALL)
_PHONE = re.compile(r"1[3-9][0-9]{9}")
_BARCODE = re.compile(r"[0-9]{8}|[0-9]{12,14}")


class EntryKind(StrEnum):
    EMPTY = "empty"
    QUANTITY = "quantity"  # "3*" alone: for the next product, or the line just rung up
    BARCODE = "barcode"
    PHONE = "phone"
    PAYMENT_CODE = "payment_code"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was entered: its kind, the text without the quantity, and the quantity (None when none was said)."""

    kind: EntryKind
    text: str
    quantity: int | None


def read_entry(raw: str) -> Entry:
    """Understands quantity (`3*`), phone number, payment code, barcode, and words; QuantityInvalid for a wild quantity.

    A barcode is only a guess here: the catalogue decides, exactly, before anything else is tried.
    """
    text = raw.strip()
    quantity = None
    match = _QUANTITY.fullmatch(text)
    if match:
        digits, text = match.group(1), match.group(2).strip()
        if len(digits) > MOST_DIGITS_OF_A_QUANTITY or int(digits) == 0:
            raise QuantityInvalid(text=digits, least=1, most=10**MOST_DIGITS_OF_A_QUANTITY - 1)
        quantity = int(digits)
    if not text:
        return Entry(EntryKind.EMPTY if quantity is None else EntryKind.QUANTITY, "", quantity)
    compact = re.sub(r"[\s-]", "", text)
    if _PHONE.fullmatch(compact):
        return Entry(EntryKind.PHONE, compact, quantity)
    if read_payment_code(compact) is not None:
        return Entry(EntryKind.PAYMENT_CODE, compact, quantity)
    if _BARCODE.fullmatch(text):
        return Entry(EntryKind.BARCODE, text, quantity)
    return Entry(EntryKind.WORDS, text, quantity)


def phone_text(number: str) -> str:
    """A mobile number as people read it, 3-4-4; what is not finished yet is grouped as far as it goes."""
    return " ".join(part for part in (number[:3], number[3:7], number[7:]) if part)


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A checked mobile number: digits, carrier slug (mobile, unicom, telecom, broadnet or None), and place.

    Numbers can be ported, so the carrier is a hint.
    """

    digits: str
    carrier: str | None
    place_zh: str
    place_en: str
