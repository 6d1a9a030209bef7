"""The platform's books in memory: whole adapters that pass the same tests as the ones on SQL."""

from __future__ import annotations

import asyncio
import copy
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime

from platform_server.domain.cards import Batch, BatchKey, BoxedCard, CardState, HeldCard, VaultCard
from platform_server.domain.catalogue import MANY, CataloguePage, ShelfItem, lay_flat
from platform_server.domain.goods import Product, ProductKind
from platform_server.domain.ledger import FIRST_PREV, LedgerEntry, LedgerHead, Strange
from platform_server.domain.money import Money
from platform_server.domain.reservation import Reservation, ReservationState, StepCall
from platform_server.domain.tills import Shop, Ticket, Till
from platform_server.domain.top_up import OPEN_STATES, TopUp, TopUpState
from platform_server.domain.wallet import Journal, Wallet, wallet_account


@dataclass
class Card:
    kept: VaultCard
    state: CardState = CardState.AVAILABLE
    reservation_id: str | None = None
    line_id: str | None = None
    printed: tuple[str, int] | None = None


@dataclass
class State:
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
    top_ups: dict[str, tuple[TopUp, datetime | None]] = field(default_factory=dict)
    entries: dict[str, list[LedgerEntry]] = field(default_factory=dict)
    incidents: dict[tuple[str, str, int], Strange] = field(default_factory=dict)

    def copied(self) -> State:
        new = State(**{name: copy.copy(value) for name, value in vars(self).items()})
        new.cards = {card_id: copy.copy(card) for card_id, card in self.cards.items()}
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


class MemoryTills:
    def __init__(self, state: State) -> None:
        self.s = state

    async def add_shop(self, shop: Shop) -> None:
        self.s.shops[shop.id] = shop

    async def find_shop(self, shop_id: str) -> Shop | None:
        return self.s.shops.get(shop_id)

    async def first_shop(self) -> Shop | None:
        return self.s.shops[min(self.s.shops)] if self.s.shops else None

    async def save(self, till: Till) -> None:
        self.s.tills[till.id] = till

    async def find(self, till_id: str) -> Till | None:
        return self.s.tills.get(till_id)

    async def of_shop(self, shop_id: str) -> tuple[Till, ...]:
        return tuple(t for _, t in sorted(self.s.tills.items()) if t.shop_id == shop_id)

    async def save_ticket(self, ticket: Ticket) -> None:
        self.s.tickets[ticket.secret_hash] = ticket

    async def find_ticket(self, secret_hash: str) -> Ticket | None:
        return self.s.tickets.get(secret_hash)

    async def remember_nonce(self, keyid: str, nonce: str, until: datetime) -> bool:
        if (keyid, nonce) in self.s.nonces:
            return False
        self.s.nonces[keyid, nonce] = until
        return True

    async def forget_nonces(self, now: datetime) -> int:
        old = [key for key, until in self.s.nonces.items() if until < now]
        for key in old:
            del self.s.nonces[key]
        return len(old)


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


class MemoryCards:
    def __init__(self, state: State) -> None:
        self.s = state

    async def known(self, fingerprints: Collection[str]) -> set[str]:
        return {card.kept.fingerprint for card in self.s.cards.values()} & set(fingerprints)

    async def add(self, batches: Sequence[Batch], cards: Sequence[VaultCard]) -> None:
        for batch in batches:
            self.s.batches[batch.key.batch_id] = batch
        for card in cards:
            self.s.cards[card.label.card_id] = Card(card)
        for product_id, count in sorted(Counter(card.label.product_id for card in cards).items()):
            self.s.move_stock(product_id, count)

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
        return tuple(sorted((_held(card) for card in taken), key=lambda held: held.card_id))

    async def release(self, reservation_id: str) -> int:
        freed = [c for c in self._of(reservation_id) if c.state is CardState.RESERVED]
        for card in freed:
            card.state, card.reservation_id, card.line_id = CardState.AVAILABLE, None, None
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
        return tuple(self._boxed(card) for card in self._of(reservation_id))

    async def note_printed(self, card_id: str, printed: str, copies: int) -> None:
        self.s.cards[card_id].printed = (printed, copies)

    async def retire_expired(self, now: datetime) -> int:
        old = [
            card
            for card in self.s.cards.values()
            if card.state is CardState.AVAILABLE
            and card.kept.sell_by is not None
            and card.kept.sell_by <= now
        ]
        for card in old:
            card.state = CardState.EXPIRED
        for product_id, count in sorted(Counter(c.kept.label.product_id for c in old).items()):
            self.s.move_stock(product_id, -count)
        return len(old)

    async def one_of_each_batch(self, after: str, limit: int) -> tuple[BoxedCard, ...]:
        firsts: dict[str, Card] = {}
        for _, card in sorted(self.s.cards.items()):
            firsts.setdefault(card.kept.label.batch_id, card)
        wanted = [card for batch_id, card in sorted(firsts.items()) if batch_id > after]
        return tuple(self._boxed(card) for card in wanted[:limit])

    async def batch_key(self, batch_id: str) -> BatchKey | None:
        batch = self.s.batches.get(batch_id)
        return None if batch is None else batch.key

    def _of(self, reservation_id: str) -> list[Card]:
        mine = [card for card in self.s.cards.values() if card.reservation_id == reservation_id]
        return sorted(mine, key=lambda card: (card.line_id or "", card.kept.label.card_id))

    def _boxed(self, card: Card) -> BoxedCard:
        key = self.s.batches[card.kept.label.batch_id].key
        return BoxedCard(_held(card), card.kept.label, card.kept.box, key)


def _held(card: Card) -> HeldCard:
    label = card.kept.label
    return HeldCard(label.card_id, card.line_id or "", label.product_id, card.state, card.kept.masked)


class MemoryReservations:
    def __init__(self, state: State) -> None:
        self.s = state

    async def find(self, till_id: str, sale_id: str) -> Reservation | None:
        return self.s.reservations.get((till_id, sale_id))

    async def add(self, reservation: Reservation) -> None:
        key = reservation.till_id, reservation.sale_id
        assert key not in self.s.reservations
        self.s.reservations[key] = reservation

    async def save(self, reservation: Reservation) -> None:
        key = reservation.till_id, reservation.sale_id
        self.s.reservations[key] = replace(reservation, lines=self.s.reservations[key].lines)

    async def replace_lines(self, reservation: Reservation) -> None:
        key = reservation.till_id, reservation.sale_id
        self.s.reservations[key] = replace(self.s.reservations[key], lines=reservation.lines)

    async def overdue(self, now: datetime, limit: int) -> tuple[Reservation, ...]:
        late = [
            r
            for r in self.s.reservations.values()
            if r.state is ReservationState.RESERVED and r.expires_at <= now
        ]
        return tuple(sorted(late, key=lambda r: r.expires_at)[:limit])

    async def find_step(self, till_id: str, call: StepCall) -> str | None:
        return self.s.steps.get((till_id, call.sale_id, call.step, call.attempt))

    async def add_step(self, shop_id: str, till_id: str, call: StepCall, at: datetime) -> None:
        key = till_id, call.sale_id, call.step, call.attempt
        assert key not in self.s.steps
        self.s.steps[key] = call.fingerprint


class MemoryWallets:
    def __init__(self, state: State) -> None:
        self.s = state

    async def open(self, shop_id: str, credit_limit: Money) -> None:
        nothing = Money(0, credit_limit.currency)
        self.s.wallets[shop_id] = Wallet(shop_id, nothing, nothing, credit_limit)

    async def find(self, shop_id: str) -> Wallet | None:
        return self.s.wallets.get(shop_id)

    async def hold(self, shop_id: str, amount: Money) -> bool:
        wallet = self.s.wallets.get(shop_id)
        if wallet is None or wallet.available < amount:
            return False
        self.s.wallets[shop_id] = replace(wallet, held=wallet.held + amount)
        return True

    async def release(self, shop_id: str, amount: Money) -> None:
        wallet = self.s.wallets[shop_id]
        self.s.wallets[shop_id] = replace(wallet, held=wallet.held - amount)

    async def post(self, journal: Journal) -> None:
        key = journal.kind, journal.reference
        assert key not in self.s.journals
        self.s.journals[key] = journal
        for posting in journal.postings:
            if posting.account == wallet_account(journal.shop_id):
                wallet = self.s.wallets[journal.shop_id]
                self.s.wallets[journal.shop_id] = replace(wallet, balance=wallet.balance + posting.amount)

    async def is_posted(self, kind: str, reference: str) -> bool:
        return (kind, reference) in self.s.journals


class MemoryTopUps:
    def __init__(self, state: State) -> None:
        self.s = state

    async def add(self, top_ups: Sequence[TopUp]) -> None:
        for top_up in top_ups:
            self.s.top_ups[top_up.id] = (top_up, None)

    async def of_reservation(self, reservation_id: str) -> tuple[TopUp, ...]:
        mine = [t for t, _ in self.s.top_ups.values() if t.reservation_id == reservation_id]
        return tuple(sorted(mine, key=lambda t: t.line_id))

    async def take_due(self, now: datetime, until: datetime, limit: int) -> tuple[TopUp, ...]:
        due = [
            t
            for t, taken in self.s.top_ups.values()
            if t.state in OPEN_STATES and t.next_at <= now and (taken is None or taken <= now)
        ]
        for top_up in due[:limit]:
            self.s.top_ups[top_up.id] = (top_up, until)
        return tuple(due[:limit])

    async def save(self, top_up: TopUp, taken_until: datetime | None = None) -> None:
        self.s.top_ups[top_up.id] = (top_up, taken_until)

    async def count_open(self) -> int:
        return sum(top_up.state in OPEN_STATES for top_up, _ in self.s.top_ups.values())


class MemoryLedger:
    def __init__(self, state: State) -> None:
        self.s = state

    async def head(self, till_id: str) -> LedgerHead:
        entries = self.s.entries.get(till_id)
        return LedgerHead(entries[-1].seq, entries[-1].hash) if entries else LedgerHead()

    async def hashes(self, till_id: str, first: int, last: int) -> Mapping[int, str]:
        return {e.seq: e.hash for e in self.s.entries.get(till_id, []) if first <= e.seq <= last}

    async def add(self, till_id: str, entries: Sequence[LedgerEntry], at: datetime) -> None:
        self.s.entries.setdefault(till_id, []).extend(entries)


class MemoryAudit:
    """Asks the invariants that a healthy memory can break; the others hold by how it is built."""

    def __init__(self, state: State) -> None:
        self.s = state

    async def open_incidents(
        self, shop_id: str, till_id: str, found: Sequence[Strange], at: datetime
    ) -> None:
        for strange in found:
            self.s.incidents.setdefault((till_id, strange.kind, strange.seq), strange)

    async def breaches(self, invariant: str) -> tuple[str, ...]:
        ask: Callable[[], list[str]] = getattr(self, f"_{invariant}", list)
        return tuple(ask())

    def _balances(self) -> list[str]:
        wrong = []
        for shop_id, wallet in self.s.wallets.items():
            account = wallet_account(shop_id)
            postings = [p for j in self.s.journals.values() for p in j.postings if p.account == account]
            if sum(p.amount.minor for p in postings) != wallet.balance.minor:
                wrong.append(f"shop {shop_id}")
        return wrong

    def _holds(self) -> list[str]:
        held: Counter[str] = Counter()
        for reservation in self.s.reservations.values():
            held[reservation.shop_id] += reservation.held.minor
        return [i for i, wallet in self.s.wallets.items() if wallet.held.minor != held[i]]

    def _credit(self) -> list[str]:
        return [i for i, w in self.s.wallets.items() if w.available.minor < 0 or w.held.minor < 0]

    def _conservation(self) -> list[str]:
        counts = Counter(card.kept.label.batch_id for card in self.s.cards.values())
        return [i for i, batch in self.s.batches.items() if counts[i] != batch.count]

    def _stock(self) -> list[str]:
        free = Counter(
            c.kept.label.product_id for c in self.s.cards.values() if c.state is CardState.AVAILABLE
        )
        codes = [i for i in self.s.items.values() if i.product.kind is ProductKind.CODE]
        return [i.product.id for i in codes if i.stock != free[i.product.id]]

    def _unique_codes(self) -> list[str]:
        marks = Counter(card.kept.fingerprint for card in self.s.cards.values())
        return [mark for mark, count in marks.items() if count > 1]

    def _allocation(self) -> list[str]:
        wrong = []
        live = (ReservationState.RESERVED, ReservationState.SOLD, ReservationState.DELIVERED)
        for r in self.s.reservations.values():
            for line in r.lines:
                mine = [
                    c for c in self.s.cards.values() if (c.reservation_id, c.line_id) == (r.id, line.line_id)
                ]
                right = [c for c in mine if c.state.value == r.state.value]
                if r.state in live and not line.is_top_up and len(right) != line.quantity:
                    wrong.append(f"sale {r.sale_id}")
        return wrong

    def _top_ups(self) -> list[str]:
        return [
            t.reference
            for t, _ in self.s.top_ups.values()
            if (t.state is TopUpState.FAILED_FINAL) != (("top_up_back", t.id) in self.s.journals)
        ]

    def _ledger(self) -> list[str]:
        broken = []
        for till_id, entries in self.s.entries.items():
            heads = [FIRST_PREV, *(entry.hash for entry in entries)]
            if [entry.prev for entry in entries] != heads[:-1]:
                broken.append(till_id)
        return broken


class MemoryBooks:
    def __init__(self, state: State) -> None:
        self.state = state
        self.tills = MemoryTills(state)
        self.goods = MemoryGoods(state)
        self.cards = MemoryCards(state)
        self.reservations = MemoryReservations(state)
        self.wallets = MemoryWallets(state)
        self.top_ups = MemoryTopUps(state)
        self.ledger = MemoryLedger(state)
        self.audit = MemoryAudit(state)
        self.is_committed = False

    async def commit(self) -> None:
        self.is_committed = True


class MemoryStore:
    """One writer at a time; what was not committed is forgotten."""

    def __init__(self) -> None:
        self.state = State()
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def open_books(self) -> AsyncIterator[MemoryBooks]:
        async with self._turn:
            books = MemoryBooks(self.state.copied())
            try:
                yield books
            finally:
                if books.is_committed:
                    self.state = books.state

    @asynccontextmanager
    async def peek_books(self) -> AsyncIterator[MemoryBooks]:
        yield MemoryBooks(self.state.copied())
