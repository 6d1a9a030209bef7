"""Suppliers as the platform has them on file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from platform_server.domain.goods import Names

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


@dataclass(frozen=True, slots=True)
class Authorisation:
    """The paper that lets a supplier sell: its reference, who gave it, and its first and last day (in UTC)."""

    document: str
    granted_by: str
    valid_from: date
    valid_until: date

    def __post_init__(self) -> None:
        if not self.document.strip() or not self.granted_by.strip():
            raise ValueError("an authorisation names its document and who granted it")
        if self.valid_until < self.valid_from:
            raise ValueError("an authorisation ends before it begins")


@dataclass(frozen=True, slots=True)
class SupplierFile:
    """What is on file of a supplier; `id` is a short ASCII slug or a UUID. Without an authorisation it may not sell."""

    id: str
    names: Names
    authorisation: Authorisation | None
    is_active: bool = True

    def __post_init__(self) -> None:
        if not _ID.fullmatch(self.id):
            raise ValueError("the id of a supplier is 1 to 64 letters, digits, dots, dashes and underscores")

    def why_not(self, today: date) -> str | None:
        """One sentence that says why it may not sell on that day (of UTC); None when it may."""
        paper = self.authorisation
        if not self.is_active:
            return f"supplier {self.id} is switched off"
        if paper is None:
            return f"supplier {self.id} has no authorisation on file"
        if today < paper.valid_from:
            return f"the authorisation of supplier {self.id} begins on {paper.valid_from}"
        if today > paper.valid_until:
            return f"the authorisation of supplier {self.id} ended on {paper.valid_until}"
        return None
