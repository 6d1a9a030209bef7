"""Reports as files."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from pos_app.domain.report import DayReport


class Exporter(Protocol):
    def write_day(self, report: DayReport, path: Path, language: str) -> None:
        """One day into `path`, .xlsx or .csv by its ending; DiskTrouble, and no half file, when it cannot be."""
