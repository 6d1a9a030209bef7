"""The shelf for what people did: it only grows."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from platform_server.domain.actions import Action, ActionHead, ChainedAction


class ActionShelf(Protocol):
    """One chain for the whole platform."""

    async def append(self, action: Action) -> ActionHead:
        """The chain with this action at its end. Writers queue here until they commit: make it the last act."""
        ...

    async def head(self) -> ActionHead:
        """Where the chain stands; whoever writes it down can tell later that nothing before it was changed."""
        ...

    async def latest(self, limit: int, before: int | None = None) -> tuple[ChainedAction, ...]:
        """The newest first, those below the number `before` if it is given."""
        ...

    async def about(self, subjects: Collection[str]) -> tuple[ChainedAction, ...]:
        """Everything done to these subjects, oldest first."""
        ...

    async def verify(self) -> int | None:
        """The number at which the chain breaks, None when it holds from the first to the head."""
        ...
