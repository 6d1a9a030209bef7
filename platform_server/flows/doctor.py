"""Proves the invariants that can be seen from the platform's books."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.sale_shelves import INVARIANTS, PROVES
from platform_server.ports.vault import Vault

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """One question, what it promises, the sentences of its breaches, and which invariants it proves."""

    name: str
    promise: str
    breaches: tuple[str, ...]
    proves: tuple[str, ...] = ()

    @property
    def holds(self) -> bool:
        """No breach was found."""
        return not self.breaches


@dataclass(frozen=True, slots=True)
class Doctor:
    """Look at everything, change nothing."""

    peek_books: OpenBooks
    vault: Vault

    async def __call__(self) -> tuple[Finding, ...]:
        """A finding for each invariant, and one for the vault's keys."""
        findings = []
        async with self.peek_books() as books:
            for name, promise in INVARIANTS.items():
                findings.append(Finding(name, promise, await books.audit.breaches(name), PROVES[name]))
            sealed = await self._try_keys(books)
            findings.append(Finding("vault", "the keys open a card of every batch", sealed, ("I20",)))
        return tuple(findings)

    async def _try_keys(self, books: Books) -> tuple[str, ...]:
        try:
            return await self._unopened(books)
        except ValueError as fault:  # a row that no program of ours wrote
            return (f"the cards cannot be read: {fault}",)

    async def _unopened(self, books: Books) -> tuple[str, ...]:
        breaches = []
        after = ""
        while cards := await books.cards.one_of_each_key(after, _AT_ONCE):
            for card in cards:
                try:
                    self.vault.open(card.batch_key, card.label, card.box)
                except ValueError:
                    breaches.append(f"batch {card.label.batch_id} does not open")
            after = cards[-1].label.batch_id
        return tuple(breaches)
