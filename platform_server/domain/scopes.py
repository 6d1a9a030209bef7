"""What a key of a till may be used for."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Scope(StrEnum):
    """What a key may be used for; docs/protocol.md section 2 lists the calls of each."""

    SELL = "sell"
    READ = "read"
    CLAIMS = "claims"
    LEASES = "leases"
    SETTLEMENT = "settlement"


TILL_SCOPES = frozenset({Scope.SELL, Scope.READ, Scope.CLAIMS, Scope.LEASES})


def parse_scopes(text: str) -> frozenset[Scope]:
    """Of "read,settlement". Raises ValueError for an unknown one or none."""
    scopes = frozenset(Scope(part.strip()) for part in text.split(",") if part.strip())
    if not scopes:
        raise ValueError("a key needs a scope")
    return scopes


def write_scopes(scopes: Iterable[Scope]) -> str:
    """In the order of the alphabet, so that equal sets have equal texts."""
    return ",".join(sorted(scope.value for scope in scopes))
