"""What an operator's monitor reads of the books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts at one moment; a time is that of the oldest thing that waits, None when nothing does.

    `held` is by currency, in minor units.
    """

    top_ups: Mapping[str, int]
    held: Mapping[str, int]
    reserved: int
    oldest_top_up: datetime | None
    unnumbered_events: int
    oldest_event: datetime | None
    parked_callbacks: int
