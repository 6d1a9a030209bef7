"""Papers that must come out of a printer, each counted before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class PaperKind(StrEnum):
    CODE = "code"
    TOP_UP = "top_up"
    RECEIPT = "receipt"
    CLOSING = "closing"


class PaperState(StrEnum):
    DUE = "due"
    PRINTING = "printing"  # intent committed
    PRINTED = "printed"
    UNKNOWN = "unknown"  # bytes may have left; someone must look
    FAILED = "failed"  # nothing left; try again


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper: `subject` is a card id (CODE), line id (TOP_UP), sale id or shift id; `copy` counts from 1.

    A RECEIPT about money that went back has the number of its signed receipt as its subject.
    """

    id: str
    kind: PaperKind
    sale_id: str | None
    subject: str
    copy: int
    state: PaperState
    made_at: datetime
    cause: str | None = None

    @property
    def is_settled(self) -> bool:
        return self.state is PaperState.PRINTED
