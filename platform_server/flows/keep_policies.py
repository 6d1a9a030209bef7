"""Keeps the rules: put, switched, listed, each change with a name to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from platform_server.domain.actions import Action, Authority
from platform_server.domain.errors import NotFound
from platform_server.domain.policies import Policy
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.rule_shelves import Listed
from platform_server.ports.vault import Marker
from platform_server.ports.world import Clock


@dataclass(frozen=True, slots=True)
class KeepPolicies:
    """Changes take effect at the next reserve, in every server process."""

    open_books: OpenBooks
    clock: Clock

    async def install(self, policies: Sequence[Policy]) -> bool:
        """The first policies of a new platform; nothing where rules were ever changed."""
        async with self.open_books() as books:
            if await books.policies.version():
                return False
            await books.policies.put(policies)
            authority = Authority("platform", "a new platform begins with them")
            for policy in policies:
                await self._note(books, authority, "policy_put", policy)
            await books.commit()
        return True

    async def put(self, policies: Sequence[Policy], authority: Authority) -> None:
        """New ones and changed ones."""
        async with self.open_books() as books:
            await books.policies.put(policies)
            for policy in policies:
                await self._note(books, authority, "policy_put", policy)
            await books.commit()

    async def switch(self, policy_id: str, is_active: bool, authority: Authority) -> None:
        """On or off. Raises NotFound."""
        async with self.open_books() as books:
            if not await books.policies.switch(policy_id, is_active):
                raise NotFound(f"no policy is called {policy_id}")
            what = "policy_on" if is_active else "policy_off"
            await books.actions.append(
                Action.by(authority, self.clock.now(), what, f"policy:{policy_id}", {})
            )
            await books.commit()

    async def all(self) -> tuple[Policy, ...]:
        """By id."""
        async with self.open_books() as books:
            return await books.policies.all()

    async def _note(self, books: Books, authority: Authority, what: str, policy: Policy) -> None:
        detail = {"kind": policy.kind.value, "parameters": policy.parameters, "is_active": policy.is_active}
        action = Action.by(authority, self.clock.now(), what, f"policy:{policy.id}", detail)
        await books.actions.append(action)


@dataclass(frozen=True, slots=True)
class KeepLists:
    """Black and white lists of customers, and accounts that get no top-up; only marks are kept."""

    open_books: OpenBooks
    clock: Clock
    marker: Marker

    async def add(self, entry: Listed, text: str, authority: Authority) -> str:
        """Puts `text` (a customer token or an account) on the list `entry.kind`; its mark."""
        mark = self._mark(entry.kind, text)
        async with self.open_books() as books:
            await books.policies.enlist(Listed(entry.kind, mark, entry.note, entry.until))
            await self._note(books, authority, "listed", entry.kind, mark)
            await books.commit()
        return mark

    async def remove(self, kind: str, text: str, authority: Authority) -> None:
        """Takes it off, by itself or by its mark. Raises NotFound."""
        async with self.open_books() as books:
            for mark in (self._mark(kind, text), text):
                if await books.policies.strike(kind, mark):
                    await self._note(books, authority, "unlisted", kind, mark)
                    await books.commit()
                    return
        raise NotFound("not on that list")

    async def all(self) -> tuple[Listed, ...]:
        """Every entry of every list."""
        async with self.open_books() as books:
            return await books.policies.listed()

    def _mark(self, kind: str, text: str) -> str:
        return self.marker.mark("destination" if kind == "destination_block" else "customer", text)

    async def _note(self, books: Books, authority: Authority, what: str, kind: str, mark: str) -> None:
        action = Action.by(authority, self.clock.now(), what, f"list:{kind}", {"mark": mark})
        await books.actions.append(action)
