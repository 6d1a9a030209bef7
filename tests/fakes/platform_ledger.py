"""A till's ledger as it would write it, for the platform's tests: a chain of entries about sales."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from platform_server.domain.entry_signatures import kid_of, signed_part
from platform_server.domain.ledger import FIRST_PREV, LedgerEntry
from platform_server.domain.reservation import ReservedLine
from platform_server.domain.tills import to_base64url

AT = "2026-11-22T06:15:29.123456Z"


@dataclass
class TillLedger:
    till_id: str = "till"
    epoch: int = 2
    day: str = "2026-11-22"
    key: Ed25519PrivateKey | None = None  # it signs from now on
    entries: list[dict[str, Any]] = field(default_factory=list)
    links: list[LedgerEntry] = field(default_factory=list)

    def write(self, kind: str, body: dict[str, Any], at: str = AT, day: str | None = None) -> None:
        entry: dict[str, Any] = {
            "till": self.till_id,
            "epoch": self.epoch,
            "seq": len(self.entries) + 1,
            "prev": self.links[-1].hash if self.links else FIRST_PREV,
            "at": at,
            "business_date": day or self.day,
            "kind": kind,
            "body": body,
        }
        if self.key is not None:
            entry["kid"] = kid_of(self.key.public_key().public_bytes_raw())
            entry["sig"] = to_base64url(self.key.sign(signed_part(entry)))
        self.entries.append(entry)
        self.links.append(LedgerEntry.of(entry))

    def sale(self, sale_id: str, lines: Sequence[ReservedLine], *, day: str | None = None) -> None:
        """Paid, then confirmed."""
        told = [
            {
                "line_id": line.line_id,
                "product_id": line.product_id,
                "quantity": line.quantity,
                "cost_minor": line.unit_cost.minor,
            }
            for line in lines
        ]
        number = f"T1-{len(self.entries):06d}"
        self.write("sale_paid", {"sale_id": sale_id, "receipt_number": number, "lines": told}, day=day)
        self.write("sale_confirmed", {"sale_id": sale_id, "cards": []}, day=day)

    @property
    def lines(self) -> bytes:
        """As a file: a line of JSON for each entry."""
        return b"".join(link.text + b"\n" for link in self.links)
