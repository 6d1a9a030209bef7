"""What the platform's books in memory consist of, and the shelves for goods and cards."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from platform_server.domain.actions import Authority, ChainedAction
from platform_server.domain.cards import (
    Batch,
    BoxedCard,
    CardRecord,
    CardState,
    HeldCard,
    VaultCard,
    use_fingerprint,
)
from platform_server.domain.catalogue import MANY, CataloguePage, ShelfItem, lay_flat
from platform_server.domain.claims import Claim
from platform_server.domain.errors import KeyChanged
from platform_server.domain.goods import Product, ProductKind, Shape
from platform_server.domain.imports import CodeImport, ImportFault
from platform_server.domain.leases import Lease, LeasedCard
from platform_server.domain.ledger import LedgerEntry, Strange
from platform_server.domain.operators import Operator, Session
from platform_server.domain.pricing import PriceTier
from platform_server.domain.reservation import Reservation
from platform_server.domain.settlement import SettlementSeal
from platform_server.domain.shop_events import Callback, NumberedEvent, ShopEvent
from platform_server.domain.suppliers import SupplierFile
from platform_server.domain.till_keys import TillKey
from platform_server.domain.tills import Shop, Ticket, Till
from platform_server.domain.top_up import Attempt, CallbackNotice, TopUp
from platform_server.domain.wallet import Journal, Wallet
from tests.fakes.platform_imports import Keys, MemoryVaultKeys
from tests.fakes.platform_rules import Rules


@dataclass
class Card:
    kept: VaultCard
    state: CardState = CardState.AVAILABLE
    reservation_id: str | None = None
    line_id: str | None = None
    printed: tuple[str, int] | None = None

    @property
    def counts(self) -> bool:
        return self.kept.kit_id in (None, self.kept.label.card_id)


@dataclass(frozen=True)
class KeptTopUp:
    top_up: TopUp
    taken_until: datetime | None = None
    fence: int = 0
    calls: int = 0


@dataclass
class State:
    suppliers: dict[str, SupplierFile] = field(default_factory=dict)
    shops: dict[str, Shop] = field(default_factory=dict)
    tills: dict[str, Till] = field(default_factory=dict)
    tickets: dict[str, Ticket] = field(default_factory=dict)
    nonces: dict[tuple[str, str], datetime] = field(default_factory=dict)
    items: dict[str, ShelfItem] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    batches: dict[str, Batch] = field(default_factory=dict)
    cards: dict[str, Card] = field(default_factory=dict)
    reservations: dict[tuple[str, str], Reservation] = field(default_factory=dict)
    steps: dict[tuple[str, str, str, int], str] = field(default_factory=dict)
    wallets: dict[str, Wallet] = field(default_factory=dict)
    journals: dict[tuple[str, str], Journal] = field(default_factory=dict)
    top_ups: dict[str, KeptTopUp] = field(default_factory=dict)
    attempts: dict[tuple[str, int, str], Attempt] = field(default_factory=dict)
    callbacks: dict[tuple[str, str], CallbackNotice] = field(default_factory=dict)
    entries: dict[str, list[LedgerEntry]] = field(default_factory=dict)
    incidents: dict[tuple[str, str, int, int], Strange] = field(default_factory=dict)
    seen: dict[tuple[str, str, int, int], Authority] = field(default_factory=dict)
    operators: dict[str, Operator] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    actions: list[ChainedAction] = field(default_factory=list)
    imports: dict[str, CodeImport] = field(default_factory=dict)
    faults: dict[str, tuple[ImportFault, ...]] = field(default_factory=dict)
    keys: Keys = field(default_factory=Keys)
    tiers: dict[str, tuple[PriceTier, int]] = field(default_factory=dict)
    shop_tiers: dict[str, str] = field(default_factory=dict)
    seals: dict[tuple[str, date], SettlementSeal] = field(default_factory=dict)
    settled: dict[str, tuple[str, date, str]] = field(default_factory=dict)
    till_keys: dict[str, TillKey] = field(default_factory=dict)
    outbox: list[ShopEvent] = field(default_factory=list)
    events: list[NumberedEvent] = field(default_factory=list)
    shop_callbacks: dict[str, tuple[Callback, datetime | None]] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    claims: dict[str, Claim] = field(default_factory=dict)
    leases: dict[str, Lease] = field(default_factory=dict)
    leased: dict[tuple[str, str], LeasedCard] = field(default_factory=dict)
    refunded: dict[tuple[str, str], int] = field(default_factory=dict)
    steps_at: dict[tuple[str, str, str, int], datetime] = field(default_factory=dict)
    received: dict[tuple[str, int, int], datetime] = field(default_factory=dict)

    leaves: dict[str, list[tuple[str, int, int, bytes]]] = field(default_factory=dict)

    def copied(self) -> State:
        new = State(**{name: copy.copy(value) for name, value in vars(self).items()})
        new.cards = {card_id: copy.copy(card) for card_id, card in self.cards.items()}
        new.leaves = {shop_id: list(leaves) for shop_id, leaves in self.leaves.items()}
        new.entries = {till_id: list(entries) for till_id, entries in self.entries.items()}
        return new

    def place(self, product_id: str) -> None:
        self.places[product_id] = max(self.places.values(), default=0) + 1

    def move_stock(self, product_id: str, change: int) -> None:
        item = self.items[product_id]
        after = item.stock + change
        if not (item.stock >= MANY and after >= MANY):
            self.place(product_id)
        self.items[product_id] = replace(item, stock=after)


class MemoryGoods:
    def __init__(self, state: State) -> None:
        self.s = state

    async def put(self, products: Sequence[Product]) -> int:
        changed = 0
        for product in products:
            for known_id, known in list(self.s.items.items()):
                self._rename(known_id, known, product)
            before = self.s.items.get(product.id)
            if before is None:
                self.s.items[product.id] = ShelfItem(product, 0)
            else:
                same = replace(product, version=before.product.version) == before.product
                if same and before.is_on_sale:
                    continue
                newer = replace(product, version=before.product.version + 1)
                self.s.items[product.id] = ShelfItem(newer, before.stock)
            self.s.place(product.id)
            changed += 1
        return changed

    def _rename(self, known_id: str, known: ShelfItem, product: Product) -> None:
        old = known.product
        brand = product.brand if product.brand.id == old.brand.id else old.brand
        category = product.category if product.category.id == old.category.id else old.category
        if known_id != product.id and (brand, category) != (old.brand, old.category):
            newer = replace(old, brand=brand, category=category, version=old.version + 1)
            self.s.items[known_id] = replace(known, product=newer)
            self.s.place(known_id)

    async def take_off(self, product_ids: Collection[str]) -> int:
        gone = [i for i in product_ids if i in self.s.items and self.s.items[i].is_on_sale]
        for product_id in gone:
            self.s.items[product_id] = replace(self.s.items[product_id], is_on_sale=False)
            self.s.place(product_id)
        return len(gone)

    async def find(self, product_ids: Collection[str]) -> Mapping[str, ShelfItem]:
        return {i: self.s.items[i] for i in product_ids if i in self.s.items}

    async def shapes(self, product_ids: Collection[str]) -> Mapping[str, Shape]:
        return {i: self.s.items[i].product.shape for i in product_ids if i in self.s.items}

    async def by_barcode(self, barcodes: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, tuple[str, ...]] = {}
        for product_id, item in sorted(self.s.items.items()):
            barcode = item.product.barcode
            if barcode in barcodes and barcode is not None:
                found[barcode] = (*found.get(barcode, ()), product_id)
        return found

    async def page(self, cursor: int, limit: int) -> CataloguePage:
        last = max(self.s.places.values(), default=0)
        cursor = 0 if cursor > last else cursor
        order = sorted((place, i) for i, place in self.s.places.items() if place > cursor)[:limit]
        items = [self.s.items[i] for _, i in order]
        end = order[-1][0] if order else cursor
        return CataloguePage(
            tuple(lay_flat(item) for item in items if item.is_on_sale),
            tuple(item.product.id for item in items if not item.is_on_sale),
            end,
            end >= last,
            sum(item.is_on_sale for item in self.s.items.values()),
        )

    async def open_top_ups(self, is_open: bool) -> int:
        stock = MANY if is_open else 0
        moved = 0
        for product_id, item in self.s.items.items():
            if item.product.kind is ProductKind.TOP_UP and item.stock != stock:
                self.s.items[product_id] = replace(item, stock=stock)
                self.s.place(product_id)
                moved += 1
        return moved


_WEIGHTS = {CardState.AVAILABLE: 1, CardState.MASTER: MANY}


class MemorySuppliers:
    def __init__(self, state: State) -> None:
        self.s = state

    async def put(self, files: Sequence[SupplierFile]) -> int:
        changed = {file.id: file for file in files if self.s.suppliers.get(file.id) != file}
        self.s.suppliers |= changed
        return len(changed)

    async def find(self, supplier_ids: Collection[str]) -> Mapping[str, SupplierFile]:
        return {i: self.s.suppliers[i] for i in supplier_ids if i in self.s.suppliers}

    async def all(self) -> tuple[SupplierFile, ...]:
        return tuple(file for _, file in sorted(self.s.suppliers.items()))

    async def lapsed(self, today: date, limit: int) -> tuple[str, ...]:
        gone = {
            i
            for i, file in self.s.suppliers.items()
            if not file.is_active or (file.authorisation and file.authorisation.valid_until < today)
        }
        found = [
            i for i, item in self.s.items.items() if item.is_on_sale and item.product.supplier_id in gone
        ]
        return tuple(sorted(found)[:limit])


class MemoryCards:
    def __init__(self, state: State) -> None:
        self.s = state

    async def known(self, fingerprints: Collection[str]) -> Mapping[str, str]:
        kept = {card.kept.fingerprint: card.kept.label.batch_id for card in self.s.cards.values()}
        return {mark: kept[mark] for mark in fingerprints if mark in kept}

    async def add(self, batches: Sequence[Batch], cards: Sequence[VaultCard]) -> set[str]:
        for batch in batches:
            self._take_batch(batch)
        lost = set(await self.known({card.fingerprint for card in cards}))
        fresh = [card for card in cards if card.fingerprint not in lost]
        for card in fresh:
            self.s.cards[card.label.card_id] = Card(card, card.state)
            batch = self.s.batches[card.label.batch_id]
            self.s.batches[card.label.batch_id] = replace(batch, count=batch.count + (card.source_id is None))
        weights: Counter[str] = Counter()
        for card in fresh:
            weights[card.label.product_id] += _WEIGHTS.get(card.state, 0)
        for product_id, weight in sorted(weights.items()):
            self.s.move_stock(product_id, weight)
        return lost

    def _take_batch(self, batch: Batch) -> None:
        if batch.key.kek_id in self.s.keys.retired:
            raise KeyChanged
        known = self.s.batches.get(batch.key.batch_id)
        if known is None:
            self.s.batches[batch.key.batch_id] = replace(batch, count=0)
            self.s.keys.put(batch.key)
        elif MemoryVaultKeys(self.s).newest(batch.key.batch_id).version != batch.key.version:
            raise KeyChanged

    async def allocate(
        self, product_id: str, quantity: int, reservation_id: str, line_id: str, good_until: datetime
    ) -> tuple[HeldCard, ...]:
        free = [
            card
            for card in self.s.cards.values()
            if card.state is CardState.AVAILABLE
            and card.kept.label.product_id == product_id
            and (card.kept.sell_by is None or card.kept.sell_by > good_until)
        ]
        free.sort(key=lambda c: (c.kept.sell_by is None, c.kept.sell_by or good_until, c.kept.label.card_id))
        taken = free[:quantity]
        for card in taken:
            card.state, card.reservation_id, card.line_id = CardState.RESERVED, reservation_id, line_id
        if taken:
            self.s.move_stock(product_id, -len(taken))
        for card in self._others_of(taken):
            card.state, card.reservation_id, card.line_id = CardState.RESERVED, reservation_id, line_id
            taken.append(card)
        return tuple(sorted((_held(card) for card in taken), key=lambda held: held.card_id))

    async def copy_master(
        self,
        product_id: str,
        card_ids: Sequence[str],
        reservation_id: str,
        line_id: str,
        good_until: datetime,
    ) -> tuple[HeldCard, ...]:
        masters = [
            card
            for card in self.s.cards.values()
            if card.state is CardState.MASTER
            and card.kept.label.product_id == product_id
            and (card.kept.sell_by is None or card.kept.sell_by > good_until)
        ]
        if not masters:
            return ()
        kept = masters[0].kept
        for card_id in card_ids:
            copied = replace(
                kept,
                label=replace(kept.label, card_id=card_id),
                fingerprint=use_fingerprint(kept.fingerprint, card_id),
                source_id=kept.label.card_id,
            )
            self.s.cards[card_id] = Card(copied, CardState.RESERVED, reservation_id, line_id)
        return tuple(_held(self.s.cards[card_id]) for card_id in card_ids)

    async def release(self, reservation_id: str) -> int:
        freed = [c for c in self._of(reservation_id) if c.state is CardState.RESERVED]
        for card in freed:
            card.state = CardState.AVAILABLE if card.counts else CardState.IN_KIT
            card.reservation_id, card.line_id = None, None
        freed = [card for card in freed if card.state is CardState.AVAILABLE]
        for product_id, count in sorted(Counter(c.kept.label.product_id for c in freed).items()):
            self.s.move_stock(product_id, count)
        return len(freed)

    async def mark(self, reservation_id: str, before: CardState, after: CardState) -> int:
        marked = [card for card in self._of(reservation_id) if card.state is before]
        for card in marked:
            card.state = after
        return len(marked)

    async def held(self, reservation_id: str) -> tuple[HeldCard, ...]:
        return tuple(_held(card) for card in self._of(reservation_id))

    async def boxed(self, reservation_id: str) -> tuple[BoxedCard, ...]:
        return tuple(self.boxed_card(card) for card in self._of(reservation_id))

    async def note_printed(self, card_id: str, printed: str, copies: int) -> None:
        self.s.cards[card_id].printed = (printed, copies)

    async def retire_expired(self, now: datetime) -> int:
        old = [
            card
            for card in self.s.cards.values()
            if card.state in _WEIGHTS and card.kept.sell_by is not None and card.kept.sell_by <= now
        ]
        for card in old:
            self.s.move_stock(card.kept.label.product_id, -_WEIGHTS[card.state])
        for card in (*old, *self._others_of(old)):
            card.state = CardState.EXPIRED
        return len(old)

    async def find(self, card_id: str) -> CardRecord | None:
        card = self.s.cards.get(card_id)
        return None if card is None else self._record(card)

    async def find_code(self, fingerprint: str) -> CardRecord | None:
        found = [card for card in self.s.cards.values() if card.kept.fingerprint == fingerprint]
        return self._record(found[0]) if found else None

    async def move(self, card_id: str, before: CardState, after: CardState) -> bool:
        card = self.s.cards[card_id]
        if card.state is not before:
            return False
        kit = [each for each in self.s.cards.values() if each.kept.kit_id == card_id and not each.counts]
        for each in (card, *kit):
            each.state = after
            if after is CardState.AVAILABLE:
                each.state = after if each.counts else CardState.IN_KIT
                each.reservation_id = each.line_id = None
        change = _WEIGHTS.get(after, 0) - _WEIGHTS.get(before, 0)
        if change:
            self.s.move_stock(card.kept.label.product_id, change)
        return True

    async def uses_of(self, card_id: str, limit: int) -> tuple[str, ...]:
        return tuple(i for i, card in sorted(self.s.cards.items()) if card.kept.source_id == card_id)[:limit]

    async def in_state(self, state: CardState, after: str, limit: int) -> tuple[HeldCard, ...]:
        found = [
            _held(card)
            for i, card in sorted(self.s.cards.items())
            if card.state is state and i > after and card.counts
        ]
        return tuple(found[:limit])

    def _record(self, card: Card) -> CardRecord:
        batch = self.s.batches[card.kept.label.batch_id]
        printed, copies = card.printed or (None, 0)
        return CardRecord(
            self.boxed_card(card),
            card.reservation_id,
            card.kept.fingerprint,
            card.kept.sell_by,
            printed,
            copies,
            batch.supplier_batch,
            batch.imported_at,
            batch.provenance,
        )

    async def one_of_each_key(self, after: str, limit: int) -> tuple[BoxedCard, ...]:
        firsts: dict[tuple[str, int], Card] = {}
        for _, card in sorted(self.s.cards.items()):
            if card.kept.source_id is None:
                firsts.setdefault((card.kept.label.batch_id, card.kept.label.version), card)
        bearers = sorted({batch_id for batch_id, _ in firsts if batch_id > after})[:limit]
        return tuple(self.boxed_card(card) for place, card in sorted(firsts.items()) if place[0] in bearers)

    async def batch(self, batch_id: str) -> Batch | None:
        batch = self.s.batches.get(batch_id)
        return None if batch is None else replace(batch, key=MemoryVaultKeys(self.s).newest(batch_id))

    def _others_of(self, firsts: Sequence[Card]) -> list[Card]:
        kits = {card.kept.kit_id for card in firsts} - {None}
        return [c for c in self.s.cards.values() if c.kept.kit_id in kits and c.state is CardState.IN_KIT]

    def _of(self, reservation_id: str) -> list[Card]:
        mine = [card for card in self.s.cards.values() if card.reservation_id == reservation_id]
        return sorted(mine, key=lambda card: (card.line_id or "", card.kept.label.card_id))

    def boxed_card(self, card: Card) -> BoxedCard:
        source = card if card.kept.source_id is None else self.s.cards[card.kept.source_id]
        key = self.s.keys.wrapped[source.kept.label.batch_id, source.kept.label.version]
        return BoxedCard(_held(card), source.kept.label, source.kept.box, key)


def _held(card: Card) -> HeldCard:
    label = card.kept.label
    return HeldCard(
        label.card_id, card.line_id or "", label.product_id, card.state, card.kept.masked, card.kept.kit_id
    )
