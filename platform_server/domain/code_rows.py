"""What a row of a supplier's file is: a card, or a fault with its reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from platform_server.domain.errors import BadRequest
from platform_server.domain.expiry import read_expiry
from platform_server.domain.goods import CardSecret, Payload

_LONGEST_CODE = 128
_LONGEST_LINK = 2_048
_EXCEL_TEXT = re.compile(r'="(.*)"')  # how a spreadsheet is told to keep leading zeros
_ROUNDED = re.compile(r"\d(\.\d+)?[eE]\+\d{1,3}")  # a long number that a spreadsheet has cut down
_LINK = re.compile(r"https?://[^\s/]+\S*")
_UNREADABLE = "\ufffd"


class FaultReason(StrEnum):
    """Why a row brought no card."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_MANY_CELLS = "too_many_cells"
    CONTROL = "control_characters"
    UNREADABLE = "unreadable_characters"
    ROUNDED = "rounded_number"
    NO_NUMBER = "missing_number"
    NO_PIN = "missing_pin"
    BAD_LINK = "bad_link"
    BAD_DATE = "bad_date"
    PAST = "already_expired"
    IN_FILE = "duplicate_in_file"
    IN_VAULT = "already_in_vault"


DUPLICATES = (FaultReason.IN_FILE, FaultReason.IN_VAULT)


class Column(StrEnum):
    """What stands in a column."""

    NUMBER = "number"
    PIN = "pin"
    LINK = "link"
    EXPIRES_AT = "expires_at"
    CODE = "code"  # whatever the product consists of, under the one word that suppliers have for all of it
    SKIP = "skip"


# The columns that a product's row must have.
_NEEDED = {
    Payload.NUMBER_PIN: (Column.NUMBER, Column.PIN),
    Payload.PIN: (Column.PIN,),
    Payload.LINK: (Column.LINK,),
}
# What suppliers write above a column, without case, blanks and signs; the Chinese words are in the glossary's tongue.
_HEADER_WORDS = {
    Column.NUMBER: "number cardnumber cardno cardid serial serialno serialnumber sn \u5361\u53f7 \u5361\u7247\u53f7 "
    "\u5361\u7247\u53f7\u7801 \u5e8f\u5217\u53f7",
    Column.PIN: "pin pincode password cardpassword secret cardsecret \u5bc6\u7801 \u5361\u5bc6\u7801 \u5bc6\u94a5",
    Column.LINK: "link url weblink redeemlink \u94fe\u63a5 \u7f51\u5740 \u5151\u6362\u94fe\u63a5",
    Column.CODE: "code cardcode redeemcode giftcode voucher cdk cdkey key \u5361\u5bc6 \u5151\u6362\u7801 "
    "\u6fc0\u6d3b\u7801 \u5145\u503c\u7801 \u63d0\u8d27\u7801",
    Column.EXPIRES_AT: "expiresat expires expiry expirydate expirationdate expiration expdate validuntil validto "
    "validthru \u6709\u6548\u671f \u6709\u6548\u671f\u81f3 \u5230\u671f \u5230\u671f\u65e5 \u5230\u671f\u65e5\u671f "
    "\u5230\u671f\u65f6\u95f4 \u8fc7\u671f\u65f6\u95f4 \u8fc7\u671f\u65e5\u671f \u622a\u6b62\u65e5\u671f "
    "\u5931\u6548\u65e5\u671f",
}
_COLUMN_OF = {word: column for column, words in _HEADER_WORDS.items() for word in words.split()}


@dataclass(frozen=True, slots=True)
class Layout:
    """What stands in which column; a row may not have more cells than `columns`, unless a header named them."""

    payload: Payload
    columns: tuple[Column, ...]
    is_open: bool = False

    def __post_init__(self) -> None:
        if lacking := [column for column in _NEEDED[self.payload] if column not in self.columns]:
            raise BadRequest.at("columns", f"there is no column for the {lacking[0].value}")
        named = [column for column in self.columns if column is not Column.SKIP]
        if len(set(named)) != len(named):
            raise BadRequest.at("columns", "one thing stands in two columns")


@dataclass(frozen=True, slots=True)
class ExpiryRule:
    """Dates are read in `zone`; what has expired at `now` is a fault."""

    now: datetime
    zone: tzinfo


def needed_columns(payload: Payload) -> tuple[Column, ...]:
    """What a row of such a product cannot do without."""
    return _NEEDED[payload]


def usual_layout(payload: Payload) -> Layout:
    """For a file without a header: the code, then perhaps its expiry."""
    return Layout(payload, (*_NEEDED[payload], Column.EXPIRES_AT))


def named_layout(payload: Payload, names: Sequence[str]) -> Layout:
    """As an operator says it. Raises BadRequest for a name that is none."""
    columns = []
    for name in names:
        try:
            columns.append(_meant(Column(name.strip().lower() or Column.SKIP), payload))
        except ValueError:
            known = ", ".join(column.value for column in Column)
            raise BadRequest.at("columns", f"{name!r} is none of {known}") from None
    return Layout(payload, tuple(columns))


def is_header(cells: Sequence[str]) -> bool:
    """Whether a first row names columns."""
    return any(_word(cell) in _COLUMN_OF for cell in cells)


def header_layout(payload: Payload, cells: Sequence[str]) -> Layout:
    """What a header says of the columns. Raises BadRequest if a needed column lacks."""
    found = [_COLUMN_OF.get(_word(cell), Column.SKIP) for cell in cells]
    return Layout(payload, tuple(_meant(column, payload) for column in found), is_open=True)


def judge(cells: Sequence[str], layout: Layout, rule: ExpiryRule) -> CardSecret | FaultReason:
    """The card of a row, or why there is none; says nothing of duplicates."""
    bare = [_bare(cell) for cell in cells]
    if not layout.is_open and any(bare[len(layout.columns) :]):
        return FaultReason.TOO_MANY_CELLS
    values: dict[Column, str] = {
        column: value
        for column, value in zip(layout.columns, bare, strict=False)
        if column is not Column.SKIP
    }
    needed = {column: values.get(column, "") for column in _NEEDED[layout.payload]}
    fault = _fault_of(needed)
    if fault is not None:
        return fault
    try:
        expires_at = read_expiry(values.get(Column.EXPIRES_AT, ""), rule.zone)
    except (ValueError, OverflowError):
        return FaultReason.BAD_DATE
    if expires_at is not None and expires_at <= rule.now:
        return FaultReason.PAST
    return CardSecret(
        number=needed.get(Column.NUMBER),
        pin=needed.get(Column.PIN),
        link=needed.get(Column.LINK),
        expires_at=expires_at,
    )


def _fault_of(needed: dict[Column, str]) -> FaultReason | None:
    """The first that is found; faults of the text itself come before what is missing."""
    if not any(needed.values()):
        return FaultReason.EMPTY
    for column, value in needed.items():
        if len(value) > (_LONGEST_LINK if column is Column.LINK else _LONGEST_CODE):
            return FaultReason.TOO_LONG
        if _UNREADABLE in value:
            return FaultReason.UNREADABLE
        if not value.isprintable() and any(
            unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in value
        ):
            return FaultReason.CONTROL
        if _ROUNDED.fullmatch(value):
            return FaultReason.ROUNDED
        if not value:
            return FaultReason.NO_NUMBER if column is Column.NUMBER else FaultReason.NO_PIN
        if column is Column.LINK and not _LINK.fullmatch(value):
            return FaultReason.BAD_LINK
    return None


def _bare(cell: str) -> str:
    """Without what clings to a cell; full width becomes half width, so that a customer can type it."""
    text = cell.strip()
    if text.isascii() and text.isprintable():
        return text if not text.startswith('="') else _EXCEL_TEXT.sub(r"\1", text).strip()
    text = unicodedata.normalize("NFKC", text)
    return "".join(c for c in text if unicodedata.category(c) != "Cf").strip()


def _word(cell: str) -> str:
    plain = unicodedata.normalize("NFKC", cell).lower()
    return "".join(c for c in plain if c.isalnum())


def _meant(column: Column, payload: Payload) -> Column:
    """The code is whatever the product consists of; what it does not consist of is passed over."""
    needed = _NEEDED[payload]
    if column is Column.CODE:
        return needed[-1]
    return column if column in (*needed, Column.EXPIRES_AT) else Column.SKIP
