"""Reads plain JSON values place by place and notes every fault with its place instead of stopping at the first."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from platform_server.domain.goods import Names
from platform_server.domain.money import Money


@dataclass(frozen=True, slots=True)
class Fault:
    """One sentence about one place, e.g. `products[3].face`."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True, slots=True)
class Place:
    """A value and where it stands; what is read from a faulty one is harmless and never used."""

    value: Any
    where: str
    faults: list[Fault] = field(default_factory=list)
    is_there: bool = True

    def say(self, what: str) -> None:
        """Notes a fault here."""
        self.faults.append(Fault(self.where, what))

    def at(self, name: str) -> Place:
        """The field of that name; a missing one is noted when it is read without a default."""
        where = f"{self.where}.{name}" if self.where else name
        if not isinstance(self.value, dict):
            return Place(None, where, [], is_there=False)  # that this is no object is said once
        return Place(self.value.get(name), where, self.faults, is_there=name in self.value)

    def expect(self, names: Collection[str]) -> bool:
        """Whether this is an object; fields that nobody knows are noted, so that a slip of the pen is not silent."""
        if not isinstance(self.value, dict):
            self._missing_or("is not an object")
            return False
        for name in self.value.keys() - set(names):
            self.at(name).say("is not known here")
        return True

    def items(self) -> list[Place]:
        """The places of a list; none when it is missing."""
        if not self.is_there:
            return []
        if not isinstance(self.value, list):
            self.say("is not a list")
            return []
        return [Place(each, f"{self.where}[{i}]", self.faults) for i, each in enumerate(self.value)]

    def text(self) -> str:
        """A text that is not empty."""
        if not isinstance(self.value, str) or not self.value.strip():
            self._missing_or("is not a text, or empty")
            return ""
        return self.value

    def maybe_text(self) -> str | None:
        """A text, or nothing."""
        return None if self.value is None else self.text()

    def whole(self, default: int | None = None) -> int:
        """A whole number."""
        if not self.is_there and default is not None:
            return default
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            self._missing_or("is not a whole number")
            return 0
        return self.value

    def flag(self, *, default: bool) -> bool:
        """True or false."""
        if not self.is_there:
            return default
        if not isinstance(self.value, bool):
            self.say("is neither true nor false")
        return bool(self.value)

    def one_of(self, allowed: Collection[str], default: str | None = None) -> str:
        """One of some words."""
        if not self.is_there and default is not None:
            return default
        if self.value not in tuple(allowed):
            self._missing_or(f"is not one of {', '.join(allowed)}")
            return next(iter(allowed))
        return str(self.value)

    def day(self) -> date:
        """A day as YYYY-MM-DD."""
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            if isinstance(self.value, str) and self.value.strip():
                self.say("is not a day as YYYY-MM-DD")
            return date.min

    def names(self) -> Names:
        """The same words in both languages."""
        self.expect(("zh", "en"))
        return Names(self.at("zh").text(), self.at("en").text())

    def words(self) -> Names:
        """The same, but either may be empty or missing."""
        if not self.is_there:
            return Names("", "")
        self.expect(("zh", "en"))
        return Names(*(each.text() if each.value else "" for each in (self.at("zh"), self.at("en"))))

    def money(self) -> Money:
        """Minor units with a currency."""
        self.expect(("minor", "currency"))
        minor, currency = self.at("minor").whole(), self.at("currency").text()
        try:
            return Money(minor, currency)
        except ValueError as fault:
            if currency:
                self.say(str(fault))
            return Money(1, "CNY")

    def _missing_or(self, what: str) -> None:
        self.say(what if self.is_there else "is missing")
