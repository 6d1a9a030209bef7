"""Lets a till in: a one-time ticket against its public keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from platform_server.domain.actions import Authority
from platform_server.domain.errors import KeyReused, NotFound
from platform_server.domain.scopes import TILL_SCOPES, Scope
from platform_server.domain.till_keys import TillKey
from platform_server.domain.tills import Shop, Ticket, Till, TillState, hash_secret
from platform_server.domain.wallet import PLATFORM
from platform_server.flows.lease_cards import fence_till
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class IssueTicket:
    """Give leave to enrol one till; only the hash of the secret is kept."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids
    lifetime: timedelta

    async def __call__(
        self,
        shop_id: str,
        till_name: str,
        renew: str | bool = False,
        scopes: frozenset[Scope] = TILL_SCOPES,
    ) -> bytes:
        """The secret for the enrolment code; `renew`: code of a till that gets new keys, a new epoch.

        True stands for the shop's only till. Raises NotFound if there is no such till, or more than one.
        """
        secret = self.ids.new_secret()
        async with self.open_books() as books:
            till_id = await _renewed(books, shop_id, renew) if renew else None
            expires_at = self.clock.now() + self.lifetime
            await books.tills.save_ticket(
                Ticket(hash_secret(secret), shop_id, till_name, expires_at, till_id, scopes=scopes)
            )
            await books.commit()
        return secret


@dataclass(frozen=True, slots=True)
class NewTill:
    """What a till says of itself; `fingerprint` is that of the whole body."""

    name: str
    sign_key: bytes
    seal_key: bytes
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """The till as it is registered."""

    shop: Shop
    till: Till
    is_replay: bool


@dataclass(frozen=True, slots=True)
class EnrolTill:
    """Register the till of a ticket; the same body again gets the same answer."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids

    async def __call__(self, secret: bytes, new: NewTill) -> Enrolled:
        """Raises NotFound for an unknown or expired ticket, KeyReused for a used one."""
        async with self.open_books() as books:
            ticket = await books.tills.find_ticket(hash_secret(secret))
            if ticket is None or (not ticket.is_used and ticket.expires_at <= self.clock.now()):
                raise NotFound("no such enrolment")
            if ticket.is_used and ticket.fingerprint != new.fingerprint:
                raise KeyReused("the enrolment code was used")
            shop = await books.tills.find_shop(ticket.shop_id)
            await books.leases.lock(ticket.shop_id)  # nothing is granted to an epoch that is just ending
            known = await books.tills.find(ticket.till_id) if ticket.till_id else None
            if shop is None or (ticket.till_id is not None and known is None):
                raise NotFound("no such enrolment")
            if ticket.is_used and known is not None:
                return Enrolled(shop, known, is_replay=True)
            till = await self._register(books, ticket, known, new)
            await books.tills.save(till)
            if known is not None:
                why = Authority(PLATFORM, f"epoch {till.epoch} began")
                await fence_till(books, till.id, why, self.clock.now())
                await self._end_keys(books, till.id)
            first = TillKey(till.id, till.id, till.sign_key, ticket.scopes, till.epoch, self.clock.now())
            await books.till_keys.save(first)
            await books.tills.save_ticket(replace(ticket, till_id=till.id, fingerprint=new.fingerprint))
            await books.commit()
        return Enrolled(shop, till, is_replay=False)

    async def _end_keys(self, books: Books, till_id: str) -> None:
        """Those of the epoch before are kept: entries and receipts are judged by them for ever."""
        now = self.clock.now()
        for key in await books.till_keys.of_till(till_id):
            ended = key if key.not_after is not None and key.not_after <= now else replace(key, not_after=now)
            # The till's own id names the key of its latest enrolment.
            keyid = self.ids.new_id() if key.keyid == till_id else key.keyid
            await books.till_keys.save(replace(ended, keyid=keyid))

    async def _register(self, books: Books, ticket: Ticket, known: Till | None, new: NewTill) -> Till:
        if known is not None:
            return replace(
                known,
                epoch=known.epoch + 1,
                sign_key=new.sign_key,
                seal_key=new.seal_key,
                previous_sign_key=known.sign_key,
            )
        number = len(await books.tills.of_shop(ticket.shop_id)) + 1
        name = new.name or ticket.till_name
        return Till(self.ids.new_id(), ticket.shop_id, f"T{number}", name, 1, new.sign_key, new.seal_key)


async def _renewed(books: Books, shop_id: str, renew: str | bool) -> str:
    tills = await books.tills.of_shop(shop_id)
    if renew is True:
        tills = tuple(till for till in tills if till.state is TillState.ACTIVE)
        if len(tills) != 1:
            raise NotFound(f"the shop has {len(tills)} tills, so one must be named")
        return tills[0].id
    named = [till.id for till in tills if till.code == renew]
    if not named:
        raise NotFound(f"no till {renew}")
    return named[0]
