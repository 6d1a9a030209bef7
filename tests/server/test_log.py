"""The shops' logs on every store: each entry a leaf once, points that are signed, proofs that convince an outsider."""

import asyncio
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from platform_server.domain.canonical import binding
from platform_server.domain.errors import BadRequest, KeyReused, NotFound, Revoked
from platform_server.domain.ledger import LedgerEntry
from platform_server.domain.log_point import SignedPoint
from platform_server.domain.merkle import EMPTY_ROOT, TreeEdge, inclusion_spans, leaf_hash
from platform_server.domain.money import Money
from platform_server.domain.reservation import Caller
from platform_server.domain.tills import Shop, Till
from platform_server.flows.read_ledger import ReadLedger
from platform_server.flows.read_log import ProveEntry, ProveGrowth, TellLog
from platform_server.wire.documents import is_signed
from tests.fakes.platform_ledger import TillLedger
from tests.server.conftest import KEY, Counter
from tests.server.merkle_check import is_consistent, is_included

pytestmark = pytest.mark.anyio
PUBLIC = Ed25519PrivateKey.from_private_bytes(KEY).public_key().public_bytes_raw()
OTHER = Caller("shop", "other")


def ledger_of(till_id: str, count: int, epoch: int = 2) -> TillLedger:
    made = TillLedger(till_id, epoch)
    for number in range(count):
        made.write("note", {"number": number})
    return made


async def push(counter: Counter, caller: Caller, entries: Sequence[dict[str, Any]]) -> SignedPoint:
    return (await counter.accept_ledger(caller, 2, entries)).log


def leaf(ledger: TillLedger, seq: int) -> bytes:
    return leaf_hash(ledger.links[seq - 1].text)


async def test_a_push_is_answered_with_a_signed_point_of_the_shops_log(counter: Counter) -> None:
    await counter.open()
    mine, other = ledger_of("till", 3), ledger_of("other", 2)
    empty = await push(counter, counter.caller, [])
    assert (empty.point.size, empty.point.root) == (0, EMPTY_ROOT)
    await push(counter, counter.caller, mine.entries[:2])
    await push(counter, OTHER, other.entries)
    signed = await push(counter, counter.caller, mine.entries)  # two of them are known already
    point = signed.point
    order = [leaf(mine, 1), leaf(mine, 2), leaf(other, 1), leaf(other, 2), leaf(mine, 3)]
    assert (point.size, point.root) == (5, TreeEdge().grown(order)[0].root)
    assert (point.shop_id, point.till_id, point.epoch, point.head.seq) == ("shop", "till", 2, 3)
    words = ("pos-log-1", "shop", 5, point.root.hex(), "till", 2, 3, mine.links[2].hash, point.at_text)
    assert is_signed(binding(*words), signed.signature, PUBLIC)
    assert not is_signed(binding(*words[:-1], "2026-01-01T00:00:00.000000Z"), signed.signature, PUBLIC)
    told = await TellLog(counter.peek_books, counter.clock, counter.signer)(OTHER)
    assert (told.point.size, told.point.root) == (point.size, point.root)
    assert (told.point.till_id, told.point.head.seq) == ("other", 2)
    with pytest.raises(NotFound):
        await TellLog(counter.peek_books, counter.clock, counter.signer)(Caller("shop", "nobody"))


async def test_what_breaks_the_chain_is_no_leaf(counter: Counter) -> None:
    await counter.open()
    mine = ledger_of("till", 3)
    with pytest.raises(KeyReused):
        await push(counter, counter.caller, [mine.entries[0], mine.entries[2]])
    assert (await push(counter, counter.caller, [])).point.size == 1


async def test_each_shop_has_a_log_of_its_own(counter: Counter) -> None:
    await counter.open()
    async with counter.open_books() as books:
        await books.tills.add_shop(Shop("next", "Next door", "CNY"))
        await books.wallets.open("next", Money(0, "CNY"))
        await books.tills.save(Till("away", "next", "T1", "T1", 2, b"s" * 32, b"s" * 32))
        await books.commit()
    mine, away = ledger_of("till", 2), ledger_of("away", 1)
    await push(counter, counter.caller, mine.entries)
    theirs = await push(counter, Caller("next", "away"), away.entries)
    assert (theirs.point.shop_id, theirs.point.size, theirs.point.root) == ("next", 1, leaf(away, 1))


async def test_proofs_convince_also_across_the_stored_levels(counter: Counter) -> None:
    await counter.open()
    mine, other = ledger_of("till", 700), ledger_of("other", 3)
    sizes = []
    for first in range(0, 700, 350):
        sizes.append((await push(counter, counter.caller, mine.entries[first : first + 350])).point)
        sizes.append((await push(counter, OTHER, other.entries[: 1 + first // 350])).point)
    prove, grow = ProveEntry(counter.peek_books), ProveGrowth(counter.peek_books)
    last = sizes[-1]
    for seq, place in ((1, 0), (256, 255), (257, 256), (350, 349), (351, 351), (700, 700)):
        proof = await prove(counter.caller, 2, seq, None)
        assert (proof.index, proof.size) == (place, 702)
        assert is_included(leaf(mine, seq), place, 702, proof.path, last.root)
    early = await prove(counter.caller, 2, 7, sizes[0].size)
    assert is_included(leaf(mine, 7), 6, 350, early.path, sizes[0].root)
    for one, two in pairwise(sizes):
        path = await grow(counter.caller, one.size, two.size)
        assert is_consistent(one.size, two.size, path, one.root, two.root)
    path = await grow(counter.caller, sizes[0].size, last.size)
    assert is_consistent(sizes[0].size, last.size, path, sizes[0].root, last.root)
    assert await grow(counter.caller, 0, 5) == await grow(counter.caller, 702, 702) == ()


async def test_what_cannot_be_proved_is_refused(counter: Counter) -> None:
    await counter.open()
    await push(counter, counter.caller, ledger_of("till", 3).entries)
    prove, grow = ProveEntry(counter.peek_books), ProveGrowth(counter.peek_books)
    assert (await prove(counter.caller, 2, 2, 2)).path
    for seq, size in ((4, None), (3, 2)):
        with pytest.raises(NotFound):
            await prove(counter.caller, 2, seq, size)
    with pytest.raises(NotFound):
        await prove(OTHER, 2, 1, None)  # another till's
    with pytest.raises(BadRequest):
        await prove(counter.caller, 2, 1, 4)
    for first, second in ((2, 1), (0, 4)):
        with pytest.raises(BadRequest):
            await grow(counter.caller, first, second)


async def test_many_tills_push_at_once_and_every_entry_is_a_leaf_once(counter: Counter) -> None:
    await counter.open()
    names = [f"till-{number}" for number in range(6)]
    async with counter.open_books() as books:
        for name in names:
            await books.tills.save(Till(name, "shop", name, name, 2, b"s" * 32, b"s" * 32))
        await books.commit()
    ledgers = [ledger_of(name, 12) for name in names]

    async def run(ledger: TillLedger) -> list[SignedPoint]:
        caller = Caller("shop", ledger.till_id)
        return [await push(counter, caller, ledger.entries[at : at + 3]) for at in range(0, 12, 3)]

    told = await asyncio.gather(*(run(ledger) for ledger in ledgers))
    points = sorted((signed.point for points in told for signed in points), key=lambda point: point.size)
    assert [point.size for point in points] == list(range(3, 73, 3))
    async with counter.peek_books() as books:
        places = {
            await books.logs.place(ledger.till_id, 2, link.seq): leaf_hash(link.text)
            for ledger in ledgers
            for link in ledger.links
        }
        path = await books.logs.roots("shop", inclusion_spans(5, 72))
    assert sorted(places) == list(range(72))
    order = [places[place] for place in range(72)]
    assert is_included(order[5], 5, 72, path, points[-1].root)
    for point in points:  # whatever was told to anybody is a beginning of the one log
        assert point.root == TreeEdge().grown(order[: point.size])[0].root


async def test_a_ledger_is_read_back_as_it_was_stored(counter: Counter) -> None:
    await counter.open()
    mine = ledger_of("till", 5)
    await push(counter, counter.caller, mine.entries)
    read = ReadLedger(counter.peek_books, 3)
    first = await read(counter.caller, 2, 0, None)
    assert (list(first.entries), first.acked_seq) == ([link.text for link in mine.links[:3]], 5)
    second = await read(counter.caller, 2, 3, 500)
    assert [*first.entries, *second.entries] == [link.text for link in mine.links]
    assert len((await read(counter.caller, 2, 0, 1)).entries) == 1
    nothing = await read(counter.caller, 1, 0, None)
    assert (list(nothing.entries), nothing.acked_seq) == ([], 0)
    assert not (await read(OTHER, 2, 0, None)).entries
    with pytest.raises(BadRequest):
        await read(counter.caller, 3, 0, None)
    with pytest.raises(Revoked):
        await read(Caller("shop", "nobody"), 2, 0, None)


async def test_a_former_epoch_goes_into_the_same_log_and_is_read_back(counter: Counter) -> None:
    await counter.open()
    old = ledger_of("till", 2, epoch=1)
    signed = await push(counter, counter.caller, old.entries)
    assert (signed.point.epoch, signed.point.head.seq, signed.point.size) == (1, 2, 2)
    back = await ReadLedger(counter.peek_books, 500)(counter.caller, 1, 1, None)
    assert [LedgerEntry.of(entry).text for entry in old.entries[1:]] == list(back.entries)
    proof = await ProveEntry(counter.peek_books)(counter.caller, 1, 2, None)
    assert is_included(leaf(old, 2), 1, 2, proof.path, signed.point.root)
