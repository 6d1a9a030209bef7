"""The shelves for imports and for the keys of the vault's batches."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from platform_server.domain.cards import BatchKey, BoxedCard
from platform_server.domain.imports import CodeImport, ImportFault, ImportReport


class ImportShelf(Protocol):
    """Files that came in, each once, and the rows in quarantine."""

    async def begin(self, draft: CodeImport) -> CodeImport:
        """The import of this mark: the draft, or the one that was begun before."""
        ...

    async def advance(self, before: CodeImport, after: CodeImport, faults: Sequence[ImportFault]) -> bool:
        """Moves it on; False, and nothing is done, if it is not where `before` says: another program moved it."""
        ...

    async def finish(self, import_id: str, at: datetime) -> None:
        """All its rows are settled."""
        ...

    async def recent(self, limit: int) -> tuple[CodeImport, ...]:
        """The newest first."""
        ...

    async def report(self, import_id: str, examples: int) -> ImportReport | None:
        """With every reason's count and its first rows, at most `examples` each."""
        ...


class KeyShelf(Protocol):
    """Data keys of batches, and which key-encryption keys may still wrap them."""

    async def wants_deep(self, kek_id: str) -> bool:
        """Whether a rotation to this key-encryption key is to renew data keys too and has not finished."""
        ...

    async def want_deep(self, kek_id: str, is_wanted: bool) -> None:
        """Remembers it."""
        ...

    async def wrapped_elsewhere(self, kek_id: str, limit: int) -> tuple[BatchKey, ...]:
        """Some that are wrapped by another key-encryption key."""
        ...

    async def rewrap(self, before: BatchKey, after: BatchKey) -> bool:
        """Puts one in the place of the other; False if `before` is not there any more."""
        ...

    async def retire(self, kek_id: str) -> bool:
        """From now on no batch may use it; False, and nothing is done, while one does."""
        ...

    async def made_before(self, kek_id: str, limit: int) -> tuple[BatchKey, ...]:
        """The newest data key of some batches, if it was made under another key-encryption key."""
        ...

    async def outgrown(self, limit: int) -> tuple[BatchKey, ...]:
        """The newest data key of some batches that have an older one too."""
        ...

    async def put(self, key: BatchKey) -> bool:
        """A batch's next data key; False if it is not the next one."""
        ...

    async def shut_before(self, key: BatchKey, limit: int) -> tuple[BoxedCard, ...]:
        """Some cards of its batch that are shut under an older data key."""
        ...

    async def shut_again(self, boxes: Sequence[tuple[BoxedCard, bytes]], version: int) -> None:
        """Each card's box under another data key of its batch; one that was shut again meanwhile stays."""
        ...

    async def drop_older(self, key: BatchKey) -> bool:
        """Deletes the older data keys of its batch; False, and nothing is done, while a card is shut under one."""
        ...
