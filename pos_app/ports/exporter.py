"""Reports as files."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from pos_app.domain.report import DayReport


class Exporter(Protocol):
    def write_day(self, report: DayReport, path: Path, language: str) -> None:
        """One day into `path`, as .xlsx or .csv by its ending; DiskTrouble when it cannot be written, and no half file is left."""
