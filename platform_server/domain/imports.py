"""The import of one file: how far it came, and what became of its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from platform_server.domain.code_rows import DUPLICATES, FaultReason


@dataclass(frozen=True, slots=True)
class ImportFault:
    """A row in quarantine; `row` is its line in the file, and nothing of what it said is kept."""

    row: int
    reason: FaultReason


@dataclass(frozen=True, slots=True)
class CodeImport:
    """One file for one product. `mark` is a keyed hash of what was in the file and how it was read.

    `last_row` is the line up to which everything is settled; `batch_id` is None until a card of it was new.
    """

    id: str
    mark: str
    product_id: str
    file_name: str
    supplier_batch: str
    by: str
    began_at: datetime
    last_row: int = 0
    added: int = 0
    duplicates: int = 0
    faults: int = 0
    batch_id: str | None = None
    finished_at: datetime | None = None

    @property
    def rows(self) -> int:
        """Every row that was not blank is one of these."""
        return self.added + self.duplicates + self.faults

    def moved_on(self, last_row: int, added: int, found: Sequence[ImportFault]) -> CodeImport:
        """After some more rows."""
        double = sum(fault.reason in DUPLICATES for fault in found)
        return replace(
            self,
            last_row=last_row,
            added=self.added + added,
            duplicates=self.duplicates + double,
            faults=self.faults + len(found) - double,
        )


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an operator is told: `reasons` counts every fault, `examples` names the first rows of each."""

    done: CodeImport
    reasons: Mapping[FaultReason, int]
    examples: Mapping[FaultReason, tuple[int, ...]]
