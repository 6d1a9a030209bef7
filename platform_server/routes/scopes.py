"""Which scope of a key each call asks for (docs/protocol.md section 2)."""

from __future__ import annotations

from platform_server.domain.errors import Forbidden
from platform_server.domain.scopes import Scope
from platform_server.domain.till_keys import TillKey

_SELL = frozenset({Scope.SELL})
_READ = frozenset({Scope.SELL, Scope.READ})
# By the first word of the path under /v1: what a GET asks for, and what everything else does. One of them is enough.
CALLS: dict[str, tuple[frozenset[Scope], frozenset[Scope]]] = {
    "account": (_READ, _SELL),
    "callbacks": (_READ, _SELL),
    "catalogue": (_READ, _SELL),
    "claims": (frozenset({Scope.CLAIMS}), frozenset({Scope.CLAIMS})),
    "events": (_READ, _SELL),
    "keys": (frozenset(Scope), frozenset(Scope)),
    "leases": (frozenset({Scope.LEASES}), frozenset({Scope.LEASES})),
    "ledger": (_READ, _SELL),
    "log": (_READ, _SELL),
    "reservations": (_READ, _SELL),
    "settlements": (frozenset({Scope.SETTLEMENT}), frozenset({Scope.SETTLEMENT})),
}
_UNKNOWN = (_READ, _SELL)


def check_scope(key: TillKey, method: str, path: str) -> None:
    """Raises Forbidden (details: scope) for a call outside the key's scopes; `path` begins with /v1/."""
    reading, writing = CALLS.get(path.split("/")[2], _UNKNOWN)
    enough = reading if method in ("GET", "HEAD") else writing
    if not enough & key.scopes:
        raise Forbidden("outside the scopes of this key", scope=min(enough).value)
