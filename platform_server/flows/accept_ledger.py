"""Takes in a till's ledger: in order, once, as it was written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from platform_server.domain.entry_signatures import IsSigned, SignatureJudge
from platform_server.domain.errors import BadRequest, KeyReused
from platform_server.domain.ledger import LedgerEntry, LedgerHead, Strange, judge_entry
from platform_server.domain.log_point import LogPoint, SignedPoint
from platform_server.domain.reservation import Caller
from platform_server.domain.tills import Till
from platform_server.flows.compare_shifts import CompareShifts
from platform_server.flows.read_log import sign_point
from platform_server.flows.settle_leases import SettleLeases
from platform_server.flows.steps import check_epoch
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.signer import Signer
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class Accepted:
    """Where the chain stands now, and the shop's log with it."""

    head: LedgerHead
    log: SignedPoint


@dataclass(frozen=True, slots=True)
class AcceptLedger:
    """Store what continues the chain, compare what is known, settle the leased cards they name, and judge the rest apart."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids
    signer: Signer
    is_signed: IsSigned

    async def __call__(self, caller: Caller, epoch: int, entries: Sequence[Mapping[str, Any]]) -> Accepted:
        """The new head of the epoch that they are of (none: the present one), which may be a former one.

        Raises KeyReused with {seq} at the first misfit; the entries before it are stored.
        """
        now = self.clock.now()
        async with self.open_books() as books:
            till = await check_epoch(books, caller, epoch)
            read = [_placed(LedgerEntry.of(entry), till.epoch) for entry in entries]
            chain = _chain_of(read, till.epoch)
            head = await books.ledger.head(caller.till_id, chain)
            known = await books.ledger.hashes(caller.till_id, chain, read[0].seq, head.seq) if read else {}
            fresh, broken = _sort_out(read, head, known)
            told = {
                entry["seq"]: entry for entry in reversed(entries)
            }  # the first of a number is the one stored
            new = [told[entry.seq] for entry in fresh]
            strange = await self._judge(books, till, chain, new)
            await books.ledger.add(caller.till_id, fresh, now)
            shifts = await CompareShifts(books, till.id, chain)(new)
            strange += [replace(odd, epoch=chain) for odd in shifts]
            await books.audit.open_incidents(caller.shop_id, caller.till_id, strange, now)
            edge = await books.logs.append(till.shop_id, till.id, fresh)
            await books.commit()
        if broken is not None:
            raise KeyReused("the chain breaks", effect="done" if fresh else "none", seq=broken)
        head = LedgerHead(fresh[-1].seq, fresh[-1].hash) if fresh else head
        point = LogPoint(till.shop_id, edge.size, edge.root, till.id, chain, head, now)
        return Accepted(head, sign_point(self.signer, point))

    async def _judge(
        self, books: Books, till: Till, chain: int, fresh: Sequence[Mapping[str, Any]]
    ) -> list[Strange]:
        """What is odd in entries that are about to be stored; what they say of leased cards is done."""
        if not fresh:
            return []
        keys = await books.till_keys.of_till(till.id)
        signed_from = await books.ledger.signed_from(till.id, chain)
        strange = [odd for entry in fresh for odd in judge_entry(entry, till.id, till.epoch)]
        strange += SignatureJudge(keys, chain, signed_from, self.is_signed)(fresh)
        strange += await SettleLeases(books, self.ids, till.id, self.clock.now())(fresh)
        return [replace(odd, epoch=chain) for odd in strange]


def _chain_of(read: Sequence[LedgerEntry], present: int) -> int:
    """The one epoch that all are of. Raises BadRequest."""
    chains = {entry.epoch for entry in read} or {present}
    if len(chains) > 1:
        raise BadRequest.at("body.entries", "of one epoch at a time")
    return chains.pop()


def _placed(entry: LedgerEntry, present: int) -> LedgerEntry:
    """One that names an epoch never given is told of, and kept in the present one."""
    return entry if entry.epoch <= present else replace(entry, epoch=present)


def _sort_out(
    read: Sequence[LedgerEntry], head: LedgerHead, known: Mapping[int, str]
) -> tuple[list[LedgerEntry], int | None]:
    fresh: list[LedgerEntry] = []
    hashes = dict(known)
    for entry in read:
        if entry.seq == head.seq + 1 and entry.prev == head.head:
            fresh.append(entry)
            head = LedgerHead(entry.seq, entry.hash)
            hashes[entry.seq] = entry.hash
        elif hashes.get(entry.seq) != entry.hash:
            return fresh, min(entry.seq, head.seq + 1)
    return fresh, None
