"""How domain values lie in columns: times, money and JSON, the same way on every shelf."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from pos_app.domain.catalogue import Product
from pos_app.domain.sale import Sale
from pos_app.domain.shift import Closing

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)

encode = msgspec.json.Encoder().encode
read_product = msgspec.json.Decoder(Product).decode
read_sale = msgspec.json.Decoder(Sale).decode
read_closing = msgspec.json.Decoder(Closing).decode
read_pairs = msgspec.json.Decoder(tuple[tuple[str, str], ...]).decode
read_masked = msgspec.json.Decoder(tuple[tuple[str, tuple[str, ...]], ...]).decode


def micros(at: datetime) -> int:
    """An instant as whole microseconds since 1970; a time without a zone is a bug and raises."""
    return (at - _EPOCH) // _MICROSECOND


def maybe_micros(at: datetime | None) -> int | None:
    return None if at is None else (at - _EPOCH) // _MICROSECOND


def instant(value: int) -> datetime:
    return _EPOCH + timedelta(microseconds=value)


def maybe_instant(value: int | None) -> datetime | None:
    return None if value is None else _EPOCH + timedelta(microseconds=value)


def as_text(value: Any) -> str:
    return encode(value).decode()
