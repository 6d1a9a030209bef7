"""What travels between a till and a practice gateway, apart from the wire it travels on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Call:
    """One request: `query` without its question mark, the names of `headers` in lower case, `body` as it came."""

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer; what the wire itself needs (length, date) is not in `headers`."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


class Gateway(Protocol):
    """A gateway without a wire: a simulation calls it directly, practice/gateways/door.py serves it."""

    def answer(self, call: Call) -> Reply | None:
        """The answer, or None when the connection is closed without a byte of one."""
