"""Canonical JSON, its fingerprint, and length-prefixed bindings (docs/protocol.md 1 and 7)."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from typing import Any


def canonical_json(value: Any) -> bytes:
    """Keys sorted, no blanks, UTF-8 without escapes. Raises ValueError for anything but plain JSON."""
    _check_plain(value)
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode("utf-8")


def _check_plain(value: Any) -> None:
    if value is None or isinstance(value, (str, bool, int)):
        return
    if isinstance(value, list):
        for item in value:
            _check_plain(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise ValueError("keys are strings")  # noqa: TRY004 - one kind of error for one kind of fault
            _check_plain(item)
    else:
        raise ValueError(f"{type(value).__name__} has no canonical form")  # noqa: TRY004


def read_plain_json(text: bytes) -> Any:
    """JSON with a canonical form. Raises ValueError for fractions, doubled keys and broken text."""
    no = _no_fraction
    return json.loads(text, parse_float=no, parse_constant=no, object_pairs_hook=_no_doubles)


def _no_fraction(text: str) -> Any:
    raise ValueError(f"{text} is not a whole number")


def _no_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise ValueError("a key is there twice")
    return result


def fingerprint(value: Any) -> str:
    """Hex SHA-256 of the canonical form."""
    return hashlib.sha256(canonical_json(value)).hexdigest()


def instant_text(at: datetime) -> str:
    """RFC 3339 in UTC with a Z, always with microseconds."""
    return at.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def binding(*parts: str | int) -> bytes:
    """Each part as four bytes of length, big-endian, then its UTF-8 bytes; numbers in decimal."""
    encoded = [str(part).encode("utf-8") for part in parts]
    return b"".join(len(part).to_bytes(4, "big") + part for part in encoded)
