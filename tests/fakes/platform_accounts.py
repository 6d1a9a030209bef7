"""The shelves for prices, statements and settlements in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from platform_server.domain.money import Money
from platform_server.domain.pricing import LIST_PRICES, PricedGoods, PriceList, PriceTier, price_mark
from platform_server.domain.reservation import Reservation
from platform_server.domain.settlement import NOT_SETTLED, SALE, MovedMoney, SettlementSeal, SoldLine
from platform_server.domain.statement import Movement
from platform_server.domain.wallet import Journal, Wallet, wallet_account
from tests.fakes.platform_shelves import State


class MemoryPrices:
    def __init__(self, state: State) -> None:
        self.s = state

    async def put(self, tier: PriceTier) -> None:
        _, version = self.s.tiers.get(tier.id, (tier, 0))
        self.s.tiers[tier.id] = (tier, version + 1)

    async def find(self, name: str) -> PriceTier | None:
        return next((tier for tier, _ in self.s.tiers.values() if tier.name == name), None)

    async def tiers(self) -> tuple[PriceTier, ...]:
        return tuple(sorted((tier for tier, _ in self.s.tiers.values()), key=lambda tier: tier.name))

    async def assign(self, shop_id: str, tier_id: str | None) -> None:
        self.s.shop_tiers.pop(shop_id, None)
        if tier_id is not None:
            self.s.shop_tiers[shop_id] = tier_id

    async def for_goods(self, shop_id: str, goods: Sequence[PricedGoods]) -> PriceList:
        return await self.of_shop(shop_id)

    async def of_shop(self, shop_id: str) -> PriceList:
        tier_id = self.s.shop_tiers.get(shop_id)
        if tier_id is None:
            return LIST_PRICES
        tier, version = self.s.tiers[tier_id]
        return PriceList.of(price_mark(tier_id, version), tier.rules)


class MemoryAccounts:
    def __init__(self, state: State) -> None:
        self.s = state

    async def lock(self, shop_id: str) -> Wallet | None:
        return self.s.wallets.get(shop_id)

    async def balance_before(self, shop_id: str, at: datetime) -> Money:
        currency = self.s.wallets[shop_id].balance.currency
        return Money.sum((m.amount for m in self._movements(shop_id) if m.at < at), currency)

    async def movements(self, shop_id: str, since: datetime, until: datetime) -> tuple[Movement, ...]:
        found = [m for m in self._movements(shop_id) if since <= m.at < until]
        return tuple(sorted(found, key=lambda m: (m.at, m.journal_id)))

    async def set_limit(self, shop_id: str, limit: Money) -> None:
        self.s.wallets[shop_id] = replace(self.s.wallets[shop_id], credit_limit=limit)

    def _movements(self, shop_id: str) -> Iterator[Movement]:
        for j in self.s.journals.values():
            for posting in j.postings:
                if posting.account == wallet_account(shop_id):
                    yield Movement(j.id, j.at, j.kind, j.reference, posting.amount, j.actor, j.note)


class MemorySettlements:
    def __init__(self, state: State) -> None:
        self.s = state

    async def lock(self, shop_id: str) -> bool:
        return shop_id in self.s.shops

    async def find(self, shop_id: str, day: date) -> SettlementSeal | None:
        return self.s.seals.get((shop_id, day))

    async def last_day(self, shop_id: str) -> date | None:
        return max((day for shop, day in self.s.seals if shop == shop_id), default=None)

    async def unsettled(self, shop_id: str, day: date, until: datetime) -> tuple[MovedMoney, ...]:
        fresh = [m for m in self._moved(shop_id) if m.journal_id not in self.s.settled]
        return tuple(m for m in fresh if (m.sale_day <= day if _is_sale(m) else m.at < until))  # type: ignore[operator]

    async def settled(self, shop_id: str, day: date) -> tuple[MovedMoney, ...]:
        marks = {
            i: number for i, (shop, on, number) in self.s.settled.items() if (shop, on) == (shop_id, day)
        }
        mine = [m for m in self._moved(shop_id) if m.journal_id in marks]
        return tuple(replace(m, receipt_number=marks[m.journal_id]) for m in mine)

    async def add(self, seal: SettlementSeal, receipt_numbers: Mapping[str, str]) -> None:
        assert (seal.shop_id, seal.day) not in self.s.seals
        assert not receipt_numbers.keys() & self.s.settled.keys()
        self.s.seals[seal.shop_id, seal.day] = seal
        for journal_id, number in receipt_numbers.items():
            self.s.settled[journal_id] = (seal.shop_id, seal.day, number)

    def _moved(self, shop_id: str) -> list[MovedMoney]:
        sales = {reservation.id: reservation for reservation in self.s.reservations.values()}
        found = []
        for journal in self.s.journals.values():
            amounts = [p.amount for p in journal.postings if p.account == wallet_account(shop_id)]
            if amounts and journal.kind not in NOT_SETTLED:
                moved = _one(journal, amounts[0], sales.get(journal.reservation_id or ""))
                found.append(self._leased(moved))
        return sorted(found, key=lambda m: (m.at, m.journal_id))

    def _leased(self, moved: MovedMoney) -> MovedMoney:
        for card in self.s.leased.values():
            if card.journal_id == moved.journal_id:
                is_told = card.sold_seq is not None
                line_id = (card.line_id if is_told else None) or ""
                line = SoldLine(line_id, card.product_id, 1, card.cost, is_top_up=False)
                till_id, sale_id = self.s.leases[card.lease_id].till_id, card.sale_id if is_told else None
                return replace(moved, till_id=till_id, sale_id=sale_id, sold=(line,))
        return moved


def _is_sale(moved: MovedMoney) -> bool:
    return moved.kind == SALE and moved.sale_id is not None


def _one(journal: Journal, amount: Money, sale: Reservation | None) -> MovedMoney:
    plain = MovedMoney(
        journal.id, journal.kind, journal.reference, journal.at, amount, line_id=journal.line_id
    )
    if sale is None:
        return plain
    sold = tuple(
        SoldLine(line.line_id, line.product_id, line.quantity, line.unit_cost, line.is_top_up)
        for line in sale.lines
    )
    day = date.fromisoformat(sale.business_date)
    return replace(plain, till_id=sale.till_id, sale_id=sale.sale_id, sale_day=day, sold=sold)
