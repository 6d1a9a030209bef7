"""Changes the keys of the vault, in small commits: whenever it is cut off, the next run goes on from there."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from platform_server.domain.cards import BatchKey, BoxedCard
from platform_server.ports.books import OpenBooks
from platform_server.ports.vault import KeyRing, Vault

_KEYS_AT_ONCE = 200
_CARDS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Rotation:
    """What was done in this run; `left_outside` are keys that must be taken out where they were handed in."""

    kek_id: str
    is_new: bool
    rewrapped: int = 0
    shut_again: int = 0
    retired: tuple[str, ...] = ()
    left_outside: tuple[str, ...] = ()


TellRotation = Callable[[Rotation], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class RotateKeys:
    """New key-encryption key, every data key rewrapped, the old one forgotten when nothing needs it.

    Only one at a time may run; a server beside it goes on, and learns the new key when it first meets it.
    """

    open_books: OpenBooks
    peek_books: OpenBooks
    vault: Vault
    ring: KeyRing

    async def __call__(self, is_deep: bool, tell: TellRotation) -> Rotation:
        """`is_deep`: every data key that is older than the key-encryption key is renewed too, and its cards shut again.

        Raises StoreTrouble if the first key is handed in from outside and is in use everywhere already.
        """
        done = await self._begin(is_deep)
        done = await self._rewrap(done, tell)
        if await self._wants_deep(done.kek_id):
            done = await self._go_deep(done, tell)
            async with self.open_books() as books:
                await books.keys.want_deep(done.kek_id, False)
                await books.commit()
        return await self._retire(done, tell)

    async def _begin(self, is_deep: bool) -> Rotation:
        """A fresh key, unless the last rotation was cut off: then that one goes on."""
        first, *older = self.ring.ids()
        async with self.peek_books() as books:
            is_open = bool(older) or bool(await books.keys.wrapped_elsewhere(first, 1))
            is_open = is_open or await books.keys.wants_deep(first)
        kek_id = first if is_open else self.ring.renew()
        self.vault.learn()
        if is_deep:
            async with self.open_books() as books:
                await books.keys.want_deep(kek_id, True)
                await books.commit()
        return Rotation(kek_id, is_new=not is_open)

    async def _wants_deep(self, kek_id: str) -> bool:
        async with self.peek_books() as books:
            return await books.keys.wants_deep(kek_id)

    async def _rewrap(self, done: Rotation, tell: TellRotation) -> Rotation:
        while True:
            async with self.open_books() as books:
                keys = await books.keys.wrapped_elsewhere(done.kek_id, _KEYS_AT_ONCE)
                for key in keys:
                    await books.keys.rewrap(key, self.vault.rewrap(key))
                await books.commit()
            if not keys:
                return done
            done = replace(done, rewrapped=done.rewrapped + len(keys))
            await tell(done)

    async def _go_deep(self, done: Rotation, tell: TellRotation) -> Rotation:
        """Batch by batch; a batch that has two data keys was being shut again, so it comes first."""
        while True:
            async with self.open_books() as books:
                begun = await books.keys.outgrown(1)
                old = begun or await books.keys.made_before(done.kek_id, 1)
                if old and not begun:
                    fresh = self.vault.new_batch_key(old[0].batch_id, old[0].version + 1)
                    await books.keys.put(fresh)
                    await books.commit()
            if not old:
                return done
            if begun:
                done = await self._shut_again(begun[0], done, tell)

    async def _shut_again(self, key: BatchKey, done: Rotation, tell: TellRotation) -> Rotation:
        while True:
            async with self.open_books() as books:
                cards = await books.keys.shut_before(key, _CARDS_AT_ONCE)
                await books.keys.shut_again([(card, self._box(card, key)) for card in cards], key.version)
                if not cards:
                    await books.keys.drop_older(key)
                await books.commit()
            if not cards:
                return done
            done = replace(done, shut_again=done.shut_again + len(cards))
            await tell(done)

    def _box(self, card: BoxedCard, key: BatchKey) -> bytes:
        secret = self.vault.open(card.batch_key, card.label, card.box)
        return self.vault.shut(key, replace(card.label, version=key.version), secret)

    async def _retire(self, done: Rotation, tell: TellRotation) -> Rotation:
        """A key is forgotten after a commit that says that no batch uses it, and that none may from now on."""
        for kek_id in self.ring.ids():
            while kek_id != done.kek_id and not await self._is_retired(kek_id):
                done = await self._rewrap(done, tell)  # a server that knew only the old key brought a batch
            if kek_id == done.kek_id:
                continue
            if self.ring.retire(kek_id):
                done = replace(done, retired=(*done.retired, kek_id))
            else:
                done = replace(done, left_outside=(*done.left_outside, kek_id))
        self.vault.learn()
        return done

    async def _is_retired(self, kek_id: str) -> bool:
        async with self.open_books() as books:
            is_retired = await books.keys.retire(kek_id)
            await books.commit()
        return is_retired
