"""The settlement file: CSV that anybody can read, sum up and check (docs/settlement.md)."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from platform_server.domain.canonical import binding
from platform_server.domain.days import BusinessDays
from platform_server.domain.money import Money
from platform_server.domain.settlement import SettledLine, Settlement
from platform_server.domain.tills import from_base64url, to_base64url

FORM = "1"
SIGNED_AS = "pos-settlement-1"
COLUMNS = (
    "business_date",
    "kind",
    "direction",
    "till_id",
    "sale_id",
    "receipt_number",
    "line_id",
    "product_id",
    "quantity",
    "unit_cost_minor",
    "cost_minor",
    "journal_id",
    "reference",
    "at",
)
_DIRECTIONS = {"charged": True, "returned": False}


@dataclass(frozen=True, slots=True)
class SettlementFile:
    """A file as it was read: `faults` says in sentences what does not fit inside it; the signature is judged apart."""

    settlement: Settlement
    digest: str
    keyid: str
    signature: bytes
    faults: tuple[str, ...]

    @property
    def message(self) -> bytes:
        """What the signature is over."""
        return signed_message(self.settlement.shop_id, self.settlement.day, self.digest)


def signed_message(shop_id: str, day: date, digest: str) -> bytes:
    """Shop, day and hash, each with its length before it, under a name of their own."""
    return binding(SIGNED_AS, shop_id, day.isoformat(), digest)


def write_body(settlement: Settlement) -> bytes:
    """Everything that is hashed: head, columns, lines, totals. The same settlement gives the same bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    days = settlement.days
    head = ("settlement", FORM, settlement.shop_id, settlement.day.isoformat(), settlement.currency)
    writer.writerow((*head, days.zone, days.change_hour, _instant(settlement.made_at)))
    writer.writerow(("columns", *COLUMNS))
    writer.writerows(_row(line) for line in settlement.lines)
    writer.writerows(_totals(settlement))
    return text.getvalue().encode("utf-8")


def digest_of(body: bytes) -> str:
    """Hex SHA-256."""
    return hashlib.sha256(body).hexdigest()


def write_file(body: bytes, keyid: str, signature: bytes) -> bytes:
    """The body with its hash and its signature in two more rows."""
    trailer = f"sha256,{digest_of(body)}\nsignature,{keyid},{to_base64url(signature)}\n"
    return body + trailer.encode("ascii")


def read_file(raw: bytes) -> SettlementFile:
    """Raises ValueError for what is no settlement file; what was altered inside one stands in `faults`."""
    try:
        body, digest, keyid, signature = _split(raw)
        settlement, totals = _read_body(body.decode("utf-8"))
    except (ValueError, KeyError, IndexError) as fault:
        raise ValueError(f"this is no settlement file: {fault}") from fault
    faults = []
    if digest_of(body) != digest:
        faults.append("the file was altered: its content has another hash than it names")
    if totals != [[str(value) for value in row] for row in _totals(settlement)]:
        faults.append("the totals are not those of the lines")
    elif write_body(settlement) != body:
        faults.append("the file is not written as settlement files are")
    return SettlementFile(settlement, digest, keyid, signature, tuple(faults))


def _split(raw: bytes) -> tuple[bytes, str, str, bytes]:
    parts = raw.split(b"\n")
    if len(parts) < 3 or parts[-1] != b"":
        raise ValueError("it does not end as one")
    named, digest = parts[-3].decode("ascii").split(",")
    signed, keyid, signature = parts[-2].decode("ascii").split(",")
    if (named, signed) != ("sha256", "signature"):
        raise ValueError("it has no hash and no signature at its end")
    body = raw[: len(raw) - len(parts[-2]) - len(parts[-3]) - 2]
    return body, digest, keyid, from_base64url(signature, 64)


def _read_body(text: str) -> tuple[Settlement, list[list[str]]]:
    rows = list(csv.reader(io.StringIO(text)))
    name, form, shop_id, day, currency, zone, change_hour, made_at = rows[0]
    if (name, form) != ("settlement", FORM) or tuple(rows[1]) != ("columns", *COLUMNS):
        raise ValueError("its first rows are not those of one")
    lines = [_line(row[1:], currency) for row in rows[2:] if row[0] == "line"]
    settlement = Settlement(
        shop_id=shop_id,
        day=date.fromisoformat(day),
        currency=currency,
        days=BusinessDays(zone, int(change_hour)),
        made_at=_read_instant(made_at),
        lines=tuple(lines),
    )
    return settlement, [row for row in rows[2:] if row[0] != "line"]


def _row(line: SettledLine) -> Sequence[str | int]:
    return (
        "line",
        line.day.isoformat(),
        line.kind,
        "charged" if line.is_charge else "returned",
        line.till_id,
        line.sale_id,
        line.receipt_number,
        line.line_id,
        line.product_id,
        line.quantity,
        line.unit_cost.minor,
        line.cost.minor,
        line.journal_id,
        line.reference,
        _instant(line.at),
    )


def _line(row: list[str], currency: str) -> SettledLine:
    told = dict(zip(COLUMNS, row, strict=True))
    return SettledLine(
        day=date.fromisoformat(told["business_date"]),
        kind=told["kind"],
        is_charge=_DIRECTIONS[told["direction"]],
        till_id=told["till_id"],
        sale_id=told["sale_id"],
        receipt_number=told["receipt_number"],
        line_id=told["line_id"],
        product_id=told["product_id"],
        quantity=int(told["quantity"]),
        unit_cost=Money(int(told["unit_cost_minor"]), currency),
        cost=Money(int(told["cost_minor"]), currency),
        journal_id=told["journal_id"],
        reference=told["reference"],
        at=_read_instant(told["at"]),
    )


def _totals(settlement: Settlement) -> list[tuple[str, str, int, int]]:
    charged, returned = settlement.charged, settlement.returned
    charges = sum(line.is_charge for line in settlement.lines)
    return [
        ("total", "charged", charges, charged.minor),
        ("total", "returned", len(settlement.lines) - charges, returned.minor),
        ("total", "due", len(settlement.lines), (charged - returned).minor),
    ]


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _read_instant(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return at
