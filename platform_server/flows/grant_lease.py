"""Gives a till cards to sell without us: within its caps, paid for by a hold, sealed for this till only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from platform_server.domain.cards import CardState, HeldCard
from platform_server.domain.catalogue import ShelfItem
from platform_server.domain.errors import (
    BadRequest,
    Expired,
    Forbidden,
    LimitPassed,
    ProductOff,
    Revoked,
    SoldOut,
)
from platform_server.domain.goods import ProductKind
from platform_server.domain.leases import (
    Exposure,
    Lease,
    LeaseCaps,
    LeasedCard,
    LeasedState,
    LeaseState,
    caps_of,
)
from platform_server.domain.money import Money
from platform_server.domain.pricing import priced_goods
from platform_server.domain.reservation import Caller, StepCall
from platform_server.domain.tills import Till, TillState
from platform_server.flows.apply_rules import ApplyRules
from platform_server.flows.hand_over import seal_card
from platform_server.flows.holding import hold_money
from platform_server.flows.steps import check_epoch, is_repeat
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.vault import Sealer, Vault
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class SealedLeaseCard:
    """A leased card as it leaves: `payload` of its product, `sealed` for the till; of a kit there are several."""

    card_id: str
    product_id: str
    payload: str
    face: Money
    sealed: bytes


@dataclass(frozen=True, slots=True)
class LeaseView:
    """A lease as the till is told of it; `sealed` holds every card that it may sell now."""

    lease: Lease
    state: LeaseState
    cards: tuple[LeasedCard, ...]
    sealed: tuple[SealedLeaseCard, ...] = ()
    is_replay: bool = False


@dataclass(frozen=True, slots=True)
class SealLease:
    """Sealing again for a repeat is as good as the first time: only the till can open either."""

    vault: Vault
    sealer: Sealer

    async def __call__(
        self, books: Books, till: Till, lease: Lease, cards: Sequence[LeasedCard]
    ) -> tuple[SealedLeaseCard, ...]:
        """Those that the till may sell, under docs/protocol.md section 7."""
        wanted = {card.card_id for card in cards if card.may_be_sold}
        boxed = [card for card in await books.cards.boxed(lease.id) if card.held.item_id in wanted]
        items = await books.goods.find({card.held.product_id for card in boxed})
        place = (lease.shop_id, till.id, lease.epoch, lease.lease_id)
        return tuple(
            SealedLeaseCard(
                card_id=card.held.card_id,
                product_id=card.held.product_id,
                payload=str(items[card.held.product_id].product.payload),
                face=Money(card.label.face_minor, card.label.currency),
                sealed=seal_card(self.vault, self.sealer, till, card, place),
            )
            for card in boxed
        )


@dataclass(frozen=True, slots=True)
class GrantLease:
    """Fill a lease up to a plan; the same key again tells the lease as it is now.

    `house` are the caps of a till for which no policy sets any: its amounts count in the shop's currency.
    """

    open_books: OpenBooks
    clock: Clock
    ids: Ids
    rules: ApplyRules
    seal: SealLease
    house: LeaseCaps

    async def __call__(self, caller: Caller, call: StepCall, plan: Mapping[str, int]) -> LeaseView:
        """`plan` is how many of each product the till wants to have.

        Raises ProductOff ("off", "lease"), LimitPassed, WalletEmpty, SoldOut (nothing of a product is left and the
        lease would stay empty), Expired, Forbidden (fenced), and what check_epoch raises.
        """
        now = self.clock.now()
        async with self.open_books() as books:
            await books.leases.lock(caller.shop_id)
            till = await check_epoch(books, caller, call.epoch)
            if till.state is TillState.REVOKED:
                raise Revoked
            was_done = await is_repeat(books, caller, call)
            lease = await books.leases.find(caller.till_id, call.sale_id)
            if not was_done:
                lease = await self._fill(books, caller, call, lease, plan)
                await books.reservations.add_step(caller.shop_id, caller.till_id, call, now)
            assert lease is not None  # noqa: S101 - a call under a known key made one
            cards = await books.leases.cards(lease.id)
            state = lease.state(cards, now)
            sealed = await self.seal(books, till, lease, cards) if state is LeaseState.OPEN else ()
            if not was_done:
                await books.commit()
        return LeaseView(lease, state, cards, sealed, is_replay=was_done)

    async def _fill(
        self, books: Books, caller: Caller, call: StepCall, lease: Lease | None, plan: Mapping[str, int]
    ) -> Lease:
        now = self.clock.now()
        if lease is not None and lease.fenced_at is not None:
            raise Forbidden("the lease is over", state=LeaseState.FENCED.value)
        if lease is not None and lease.expires_at <= now:
            raise Expired("the lease has run out")
        shop = await books.tills.find_shop(caller.shop_id)
        assert shop is not None  # noqa: S101 - the books' references do not allow a till without its shop
        caps, shop_caps = await self._caps(books, caller, shop.currency, now)
        items = await books.goods.find(plan)
        for product_id in sorted(plan):
            await self._check_goods(books, caller, items.get(product_id), product_id, caps)
        if any(item.product.face.currency != shop.currency for item in items.values()):
            raise BadRequest.at("body.plan", f"a lease of this shop is in {shop.currency}")
        have = () if lease is None else await books.leases.cards(lease.id)
        counts = Counter(card.product_id for card in have if card.may_be_sold)
        wanted = {i: count - counts[i] for i, count in sorted(plan.items()) if count > counts[i]}
        if wanted and any(card.state is LeasedState.RETURNED for card in have):
            # The same card may come again, and who sold it could not be told from who gave it back.
            raise Forbidden("cards of it came back: begin another lease", state=LeasedState.RETURNED.value)
        await _check_caps(books, caller, wanted, items, (caps, shop_caps))
        if lease is None:
            lease = Lease(
                id=self.ids.new_id(),
                shop_id=caller.shop_id,
                till_id=caller.till_id,
                lease_id=call.sale_id,
                epoch=call.epoch,
                granted_at=now,
                expires_at=now + caps.lifetime,
                most=caps.most,
                most_amount=caps.most_amount,
            )
        elif wanted:
            lease = replace(lease, most=caps.most, most_amount=caps.most_amount)
        await books.leases.save(lease)
        await self._take(books, lease, wanted, items, is_empty=not counts)
        return lease

    async def _caps(
        self, books: Books, caller: Caller, currency: str, now: datetime
    ) -> tuple[LeaseCaps, LeaseCaps | None]:
        book = await self.rules.known(books)
        caps = caps_of(book.policies, caller.shop_id, currency, now)
        house = replace(
            self.house,
            most_amount=Money(self.house.most_amount.minor, currency),
            most_face=Money(self.house.most_face.minor, currency),
        )
        till, shop = caps["till"] or house, caps["shop"]
        if shop is not None:  # what may be out of one card, and how long, is the tighter of the two
            face = min(till.most_face, shop.most_face, key=lambda amount: amount.minor)
            till = replace(till, most_face=face, lifetime=min(till.lifetime, shop.lifetime))
        return till, shop

    async def _check_goods(
        self, books: Books, caller: Caller, item: ShelfItem | None, product_id: str, caps: LeaseCaps
    ) -> None:
        about: dict[str, Any] = {"line_id": None, "product_id": product_id}
        if item is None or not item.is_on_sale:
            raise ProductOff(**about, reason="off")
        product = item.product
        is_fit = product.kind is ProductKind.CODE and product.card_kind != "loop"
        if not (is_fit and product.leasable and product.risk_class != "high"):
            raise ProductOff(**about, reason="lease")
        if product.face.minor > caps.most_face.minor:
            raise LimitPassed(**_limit("lease_face", caps.most_face))
        rule = await self.rules.asks_platform(books, caller, item, self.clock.now())
        if rule is not None:
            raise ProductOff(**about, reason="lease", rule=rule)

    async def _take(
        self,
        books: Books,
        lease: Lease,
        wanted: Mapping[str, int],
        items: Mapping[str, ShelfItem],
        *,
        is_empty: bool,
    ) -> None:
        prices = await books.prices.for_goods(
            lease.shop_id, [priced_goods(item.product) for item in items.values()]
        )
        taken: list[HeldCard] = []
        for product_id, count in wanted.items():
            taken += await books.cards.allocate(product_id, count, lease.id, product_id, lease.expires_at)
        if wanted and is_empty and not taken:
            (product_id, count) = next(iter(wanted.items()))
            raise SoldOut(line_id=None, product_id=product_id, wanted=count, left=0)
        now = self.clock.now()
        cards = []
        for held in taken:
            product = items[held.product_id].product
            cost = prices.unit_cost(priced_goods(product), 1)
            cards.append(LeasedCard(lease.id, held.card_id, product.id, product.face, cost, now, now))
        counted = [card for card, held in zip(cards, taken, strict=True) if held.counts]
        cost = Money.sum((card.cost for card in counted), lease.most_amount.currency)
        if cost.minor:
            await hold_money(books, lease.shop_id, cost, now)
        await books.cards.mark(lease.id, CardState.RESERVED, CardState.LEASED)
        await books.leases.add_cards(counted)


async def _check_caps(
    books: Books,
    caller: Caller,
    wanted: Mapping[str, int],
    items: Mapping[str, ShelfItem],
    caps: tuple[LeaseCaps, LeaseCaps | None],
) -> None:
    if not wanted:
        return
    face = sum(items[product_id].product.face.minor * count for product_id, count in wanted.items())
    more = Exposure(sum(wanted.values()), face)
    out = await books.leases.exposures(caller.shop_id)
    till, shop = out.get(caller.till_id, Exposure()) + more, sum(out.values(), more)
    for exposure, cap, name in ((till, caps[0], "lease"), (shop, caps[1], "lease_shop")):
        if cap is not None and not exposure.fits(cap):
            is_many = exposure.count > cap.most
            raise LimitPassed(
                **_limit(f"{name}_codes", most=cap.most)
                if is_many
                else _limit(f"{name}_amount", cap.most_amount)
            )


def _limit(rule: str, most_amount: Money | None = None, most: int | None = None) -> dict[str, Any]:
    told = {"rule": rule, "line_id": None, "most": most, "most_amount": most_amount}
    return {**told, "until": None, "needs": None}
