"""Closes a shop's business date: one signed file of everything that moved its wallet, and never another one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from platform_server.domain.canonical import read_plain_json
from platform_server.domain.comparison import TillStory, read_story, tells
from platform_server.domain.days import BusinessDays
from platform_server.domain.errors import Damaged, Forbidden, NotFound
from platform_server.domain.settlement import MovedMoney, SettledLine, Settlement, SettlementSeal, lines_of
from platform_server.domain.settlement_file import digest_of, signed_message, write_body, write_file
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.signer import Signer
from platform_server.ports.world import Clock

_MARGIN = timedelta(
    days=1
)  # a till's clock may be wrong, and its ledger may arrive before its sale is confirmed


@dataclass(frozen=True, slots=True)
class MakeSettlement:
    """Settle what is not settled yet up to a business date that is over; made again, the file is the same bytes."""

    open_books: OpenBooks
    clock: Clock
    signer: Signer
    days: BusinessDays

    async def __call__(self, shop_id: str, day: date) -> bytes:
        """The file. Raises NotFound, Forbidden for a day that is not over or lies before the last settled one."""
        async with self.open_books() as books:
            if not await books.settlements.lock(shop_id):
                raise NotFound("no such shop")
            seal = await books.settlements.find(shop_id, day)
            if seal is not None:
                return await write_again(books, seal)
            await self._check_may_close(books, shop_id, day)
            file = await self._close(books, shop_id, day)
            await books.commit()
        return file

    async def _check_may_close(self, books: Books, shop_id: str, day: date) -> None:
        if self.clock.now() < self.days.end_of(day):
            raise Forbidden(f"the business date {day} is not over", state="OPEN")
        last = await books.settlements.last_day(shop_id)
        if last is not None and day < last:
            raise Forbidden(f"{day} was closed with the file of {last}", state="CLOSED")

    async def _close(self, books: Books, shop_id: str, day: date) -> bytes:
        wallet = await books.wallets.find(shop_id)
        if wallet is None:
            raise NotFound("the shop has no wallet")
        moved = await books.settlements.unsettled(shop_id, day, self.days.end_of(day))
        moved = await self._with_receipts(books, shop_id, day, moved)
        settlement = Settlement(
            shop_id=shop_id,
            day=day,
            currency=wallet.balance.currency,
            days=self.days,
            made_at=self.clock.now(),
            lines=_lines(moved, self.days),
        )
        body = write_body(settlement)
        digest = digest_of(body)
        seal = SettlementSeal(
            shop_id=shop_id,
            day=day,
            days=self.days,
            made_at=settlement.made_at,
            count=len(settlement.lines),
            charged=settlement.charged,
            returned=settlement.returned,
            digest=digest,
            keyid=self.signer.keyid,
            signature=self.signer.sign(signed_message(shop_id, day, digest)),
        )
        await books.settlements.add(seal, {each.journal_id: each.receipt_number for each in moved})
        return write_file(body, seal.keyid, seal.signature)

    async def _with_receipts(
        self, books: Books, shop_id: str, day: date, moved: Sequence[MovedMoney]
    ) -> tuple[MovedMoney, ...]:
        """With the receipt numbers as far as the tills' ledgers tell them now."""
        since = story_start(day, _lines(moved, self.days), self.days)
        stories = await read_stories(books, shop_id, since)
        numbered = []
        for each in moved:
            story = stories.get(each.till_id or "", TillStory())
            numbered.append(replace(each, receipt_number=story.receipt_number(each.sale_id or "")))
        return tuple(numbered)


@dataclass(frozen=True, slots=True)
class ReadSettlement:
    """The file of a day that was settled, for the shop that asks."""

    peek_books: OpenBooks

    async def __call__(self, shop_id: str, day: date) -> tuple[SettlementSeal, bytes]:
        """Its seal and its bytes. Raises NotFound for a day that has no file."""
        async with self.peek_books() as books:
            seal = await books.settlements.find(shop_id, day)
            if seal is None:
                raise NotFound("that day is not settled")
            return seal, await write_again(books, seal)


async def write_again(books: Books, seal: SettlementSeal) -> bytes:
    """The file of a settled day out of its journals. Raises Damaged when it is not the one that was signed."""
    moved = await books.settlements.settled(seal.shop_id, seal.day)
    settlement = Settlement(
        shop_id=seal.shop_id,
        day=seal.day,
        currency=seal.charged.currency,
        days=seal.days,
        made_at=seal.made_at,
        lines=_lines(moved, seal.days),
    )
    body = write_body(settlement)
    if digest_of(body) != seal.digest:
        raise Damaged(f"The books of {seal.day} were changed after they were settled; run the doctor.")
    return write_file(body, seal.keyid, seal.signature)


async def read_stories(books: Books, shop_id: str, since: datetime) -> dict[str, TillStory]:
    """What the ledgers of the shop's tills tell of its sales since then; by till id."""
    stories = {}
    for till in await books.tills.of_shop(shop_id):
        entries = [read_plain_json(text) async for text in books.ledger.since(till.id, since) if tells(text)]
        stories[till.id] = read_story(entries)
    return stories


def story_start(day: date, lines: Sequence[SettledLine], days: BusinessDays) -> datetime:
    """When the tills may have begun to tell of the sales that these lines of a settlement are about."""
    times = [days.start_of(each) for each in {day, *(line.day for line in lines)}]
    return min(*times, *(line.at for line in lines), days.end_of(day)) - _MARGIN


def _lines(moved: Sequence[MovedMoney], days: BusinessDays) -> tuple[SettledLine, ...]:
    return tuple(line for each in moved for line in lines_of(each, days))
