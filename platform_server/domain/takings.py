"""What a till took, added up anew from its own ledger: by shift, to compare with its closing, or by business date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

CASH = "cash"
_TELLING = tuple(
    f'"kind":"{kind}"'.encode() for kind in ("sale_paid", "money_given_back", "cash_moved", "shift_opened")
)


@dataclass(frozen=True, slots=True)
class Takings:
    """Paid sales, what came in and went back by tender, and cash beside sales; all in minor units."""

    sales: int = 0
    taken: Mapping[str, int] = field(default_factory=dict)
    given_back: Mapping[str, int] = field(default_factory=dict)
    opening: int = 0
    moved: int = 0  # cash put in less cash taken out

    @property
    def total(self) -> int:
        """What came in, less what went back."""
        return sum(self.taken.values()) - sum(self.given_back.values())

    @property
    def expected_cash(self) -> int:
        """What should lie in the drawer."""
        return self.opening + self.taken.get(CASH, 0) - self.given_back.get(CASH, 0) + self.moved


def tells_takings(text: bytes) -> bool:
    """Whether the canonical text of an entry can be one that `add_up` looks at: most are not worth reading."""
    return any(kind in text for kind in _TELLING)


def opens_shift(entry: Mapping[str, Any], shift_id: str) -> bool:
    """Whether the shift began with it."""
    return bool(entry["kind"] == "shift_opened" and entry["body"].get("shift_id") == shift_id)


def add_up(entries: Iterable[Mapping[str, Any]]) -> Takings:
    """Over entries in any order, of one shift or one day. Raises ValueError when one of them has not its form."""
    sales = opening = moved = 0
    taken: Counter[str] = Counter()
    given_back: Counter[str] = Counter()
    for entry in entries:
        kind, body = entry["kind"], entry["body"]
        try:
            if kind == "sale_paid":
                sales += 1
                _count(taken, body["payments"])
            elif kind == "money_given_back":
                _count(given_back, body["refunds"])
            elif kind == "cash_moved":
                moved += _whole(body["amount_minor"]) * {"in": 1, "out": -1}[body["direction"]]
            elif kind == "shift_opened":
                opening += _whole(body["opening_minor"])
        except (KeyError, TypeError) as fault:
            raise ValueError(f"entry {entry['seq']} tells no {kind}") from fault
    return Takings(sales, dict(taken), dict(given_back), opening, moved)


def closing_differs(closing: Mapping[str, Any], ours: Takings) -> str:
    """Where the till's own closing says something else; empty when it agrees. Raises ValueError for no closing."""
    body = closing["body"]
    try:
        told = [_whole(body[name]) for name in ("sales", "takings_minor", "expected_minor")]
    except (KeyError, TypeError) as fault:
        raise ValueError("does not say what the shift came to") from fault
    counted = (ours.sales, ours.total, ours.expected_cash)
    names = ("sales", "takings", "expected cash")
    wrong = [
        f"{name} {theirs} at the till and {own} by its entries"
        for name, theirs, own in zip(names, told, counted, strict=True)
        if theirs != own
    ]
    return ", ".join(wrong)


def _count(sums: Counter[str], parts: Any) -> None:
    for part in parts:
        sums[str(part["tender"])] += _whole(part["amount_minor"])


def _whole(told: object) -> int:
    if type(told) is not int:
        raise TypeError("not a whole number")
    return told
