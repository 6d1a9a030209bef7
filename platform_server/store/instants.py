"""Times as whole microseconds since 1970, which every database sorts and compares alike."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

NEVER = 2**62  # later than every time: sorts cards without an expiry last
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_micros(at: datetime) -> int:
    """Exact, unlike a float of seconds."""
    return (at - _EPOCH) // _MICROSECOND


def from_micros(micros: int) -> datetime:
    """Aware UTC."""
    return _EPOCH + micros * _MICROSECOND


def expiry_to_micros(at: datetime | None) -> int:
    """None is NEVER."""
    return NEVER if at is None else to_micros(at)


def maybe_to_micros(at: datetime | None) -> int | None:
    """None stays None."""
    return None if at is None else to_micros(at)


def maybe_from_micros(micros: int | None) -> datetime | None:
    """None stays None."""
    return None if micros is None else from_micros(micros)


def micros_to_expiry(micros: int) -> datetime | None:
    """NEVER is None."""
    return None if micros == NEVER else from_micros(micros)
