"""The platform's books in memory: whole adapters that pass the same tests as the ones on SQL."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime

from platform_server.domain.actions import Authority
from platform_server.domain.cards import CardState
from platform_server.domain.claims import Claim, ClaimOutcome
from platform_server.domain.goods import ProductKind
from platform_server.domain.ledger import FIRST_PREV, LedgerEntry, LedgerHead, Strange
from platform_server.domain.merkle import Span, TreeEdge, leaf_hash
from platform_server.domain.money import Money
from platform_server.domain.reservation import Reservation, ReservationState, StepCall, StepDone
from platform_server.domain.tills import Shop, Ticket, Till
from platform_server.domain.wallet import Journal, Wallet, wallet_account
from platform_server.ports.books import Spent
from platform_server.ports.sale_shelves import Standing
from tests.fakes.platform_accounts import MemoryAccounts, MemoryPrices, MemorySettlements
from tests.fakes.platform_after_sales import MemoryActions, MemoryClaims
from tests.fakes.platform_console import MemoryBrowse, MemoryOperators
from tests.fakes.platform_doors import MemoryEvents, MemoryFigures, MemoryTillKeys
from tests.fakes.platform_imports import MemoryImports, MemoryVaultKeys
from tests.fakes.platform_leases import MemoryLeases, broken_leases
from tests.fakes.platform_rules import MemoryCounts, MemoryPolicies, broken_limits
from tests.fakes.platform_shelves import MemoryCards, MemoryGoods, MemorySuppliers, State
from tests.fakes.platform_top_ups import MemoryTopUps, late_successes, money_back, requests

_KEPT = ("lines", "frozen_at", "frozen_why", "handed_at")  # what a save leaves as it is


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

    async def forget_nonces(self, now: datetime) -> int:
        old = [key for key, until in self.s.nonces.items() if until < now]
        for key in old:
            del self.s.nonces[key]
        return len(old)


class MemoryReservations:
    def __init__(self, state: State) -> None:
        self.s = state

    async def find(self, till_id: str, sale_id: str) -> Reservation | None:
        return self.s.reservations.get((till_id, sale_id))

    async def standing(self, till_id: str, call: StepCall) -> Standing:
        till = self.s.tills.get(till_id)
        return Standing(till, await self.find(till_id, call.sale_id), await self.find_step(till_id, call))

    async def of_sale(self, sale_id: str) -> tuple[Reservation, ...]:
        return tuple(r for key, r in sorted(self.s.reservations.items()) if key[1] == sale_id)

    async def by_id(self, reservation_id: str) -> Reservation | None:
        found = [r for r in self.s.reservations.values() if r.id == reservation_id]
        return found[0] if found else None

    async def refund(self, reservation_id: str, line_id: str, amount: Money) -> bool:
        (sale,) = (r for r in self.s.reservations.values() if r.id == reservation_id)
        after = self.s.refunded.get((reservation_id, line_id), 0) + amount.minor
        if after > sale.line(line_id).cost.minor:
            return False
        self.s.refunded[reservation_id, line_id] = after
        return True

    async def steps_of(self, till_id: str, sale_id: str) -> tuple[StepDone, ...]:
        mine = [(key[2:], at) for key, at in self.s.steps_at.items() if key[:2] == (till_id, sale_id)]
        done = [StepDone(step, attempt, at) for (step, attempt), at in mine]
        return tuple(sorted(done, key=lambda each: (each.at, each.step, each.attempt)))

    async def add(self, reservation: Reservation) -> None:
        key = reservation.till_id, reservation.sale_id
        assert key not in self.s.reservations
        self.s.reservations[key] = reservation

    async def save(self, reservation: Reservation) -> None:
        key = reservation.till_id, reservation.sale_id
        kept = {name: getattr(self.s.reservations[key], name) for name in _KEPT}
        self.s.reservations[key] = replace(reservation, **kept)

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

    async def freeze(self, reservation_id: str, why: str, at: datetime) -> bool:
        r = self._live(reservation_id)
        if r is None or r.cooling_until is None or r.handed_at is not None or r.frozen_at is not None:
            return False
        self.s.reservations[r.till_id, r.sale_id] = replace(r, frozen_at=at, frozen_why=why)
        return True

    async def thaw(self, reservation_id: str) -> bool:
        r = self._live(reservation_id)
        if r is None or r.frozen_at is None:
            return False
        self.s.reservations[r.till_id, r.sale_id] = replace(r, frozen_at=None, frozen_why=None)
        return True

    async def frozen(self) -> tuple[Reservation, ...]:
        found = [(r.frozen_at, r) for r in self.s.reservations.values() if r.frozen_at and self._live(r.id)]
        return tuple(r for _, r in sorted(found, key=lambda pair: pair[0]))

    async def note_handed(self, reservation_id: str, at: datetime) -> bool:
        for key, r in self.s.reservations.items():
            if r.id == reservation_id and r.frozen_at is None and r.handed_at is None:
                self.s.reservations[key] = replace(r, handed_at=at)
                return True
        return False

    def _live(self, reservation_id: str) -> Reservation | None:
        states = (ReservationState.RESERVED, ReservationState.SOLD)
        mine = [r for r in self.s.reservations.values() if r.id == reservation_id and r.state in states]
        return mine[0] if mine else None

    async def find_step(self, till_id: str, call: StepCall) -> str | None:
        return self.s.steps.get((till_id, call.sale_id, call.step, call.attempt))

    async def add_step(self, shop_id: str, till_id: str, call: StepCall, at: datetime) -> None:
        key = till_id, call.sale_id, call.step, call.attempt
        assert key not in self.s.steps
        self.s.steps[key] = call.fingerprint
        self.s.steps_at[key] = at


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


class MemoryLedger:
    def __init__(self, state: State) -> None:
        self.s = state

    async def head(self, till_id: str, epoch: int) -> LedgerHead:
        entries = self._chain(till_id, epoch)
        return LedgerHead(entries[-1].seq, entries[-1].hash) if entries else LedgerHead()

    async def holds(self, till_id: str, head: LedgerHead) -> bool:
        return any((e.seq, e.hash) == (head.seq, head.head) for e in self.s.entries.get(till_id, []))

    async def hashes(self, till_id: str, epoch: int, first: int, last: int) -> Mapping[int, str]:
        return {e.seq: e.hash for e in self._chain(till_id, epoch) if first <= e.seq <= last}

    async def signed_from(self, till_id: str, epoch: int) -> int | None:
        return next((e.seq for e in self._chain(till_id, epoch) if e.has_signature), None)

    async def page(self, till_id: str, epoch: int, after: int, limit: int) -> tuple[bytes, ...]:
        return tuple(e.text for e in self._chain(till_id, epoch) if e.seq > after)[:limit]

    def _chain(self, till_id: str, epoch: int) -> list[LedgerEntry]:
        return [entry for entry in self.s.entries.get(till_id, []) if entry.epoch == epoch]

    async def add(self, till_id: str, entries: Sequence[LedgerEntry], at: datetime) -> None:
        known = self.s.entries.setdefault(till_id, [])
        known.extend(entries)
        known.sort(key=lambda entry: (entry.epoch, entry.seq))
        self.s.received.update({(till_id, entry.epoch, entry.seq): at for entry in entries})

    async def naming(self, words: Collection[str], since: datetime) -> Mapping[str, Sequence[LedgerEntry]]:
        found: dict[str, list[LedgerEntry]] = {}
        for till_id, entries in sorted(self.s.entries.items()):
            for each in entries:
                is_late = self.s.received[till_id, each.epoch, each.seq] >= since
                if is_late and any(word.encode() in each.text for word in words):
                    found.setdefault(till_id, []).append(each)
        return found

    async def since(self, till_id: str, received: datetime) -> AsyncIterator[bytes]:
        for entry in reversed(self.s.entries.get(till_id, [])):
            yield entry.text


class MemoryLogs:
    def __init__(self, state: State) -> None:
        self.s = state

    async def append(self, shop_id: str, till_id: str, entries: Sequence[LedgerEntry]) -> TreeEdge:
        leaves = self.s.leaves.setdefault(shop_id, [])
        leaves.extend((till_id, each.epoch, each.seq, leaf_hash(each.text)) for each in entries)
        return await self.edge(shop_id)

    async def edge(self, shop_id: str) -> TreeEdge:
        return TreeEdge().grown(leaf[3] for leaf in self.s.leaves.get(shop_id, []))[0]

    async def place(self, till_id: str, epoch: int, seq: int) -> int | None:
        for leaves in self.s.leaves.values():
            for place, leaf in enumerate(leaves):
                if leaf[:3] == (till_id, epoch, seq):
                    return place
        return None

    async def roots(self, shop_id: str, spans: Sequence[Span]) -> tuple[bytes, ...]:
        hashes = [leaf[3] for leaf in self.s.leaves.get(shop_id, [])]
        return tuple(TreeEdge().grown(hashes[begin:end])[0].root for begin, end in spans)


class MemoryAudit:
    """Asks the invariants that a healthy memory can break; the others hold by how it is built."""

    def __init__(self, state: State) -> None:
        self.s = state

    async def open_incidents(
        self, shop_id: str, till_id: str, found: Sequence[Strange], at: datetime
    ) -> None:
        for strange in found:
            key = (till_id, strange.kind, strange.epoch, strange.seq)
            self.s.incidents.setdefault(key, strange)

    async def acknowledge(self, incident_id: str, authority: Authority, at: datetime) -> bool:
        for key in self.s.incidents:
            if ":".join(str(part) for part in key) == incident_id and key not in self.s.seen:
                self.s.seen[key] = authority
                return True
        return False

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
        for card in self.s.leased.values():
            held[self.s.leases[card.lease_id].shop_id] += card.cost.minor if card.is_out else 0
        return [i for i, wallet in self.s.wallets.items() if wallet.held.minor != held[i]]

    def _credit(self) -> list[str]:
        return [i for i, w in self.s.wallets.items() if w.available.minor < 0 or w.held.minor < 0]

    def _conservation(self) -> list[str]:
        codes = Counter(c.kept.label.batch_id for c in self.s.cards.values() if c.kept.source_id is None)
        cards = Counter(c.kept.label.batch_id for c in self.s.cards.values())
        return [
            i
            for i, batch in self.s.batches.items()
            if codes[i] != batch.count or (batch.uses and cards[i] != batch.count * batch.uses)
        ]

    def _stock(self) -> list[str]:
        free: Counter[str] = Counter()
        for card in self.s.cards.values():
            free[card.kept.label.product_id] += {CardState.AVAILABLE: 1, CardState.MASTER: 101}.get(
                card.state, 0
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
                right = [c for c in mine if c.state.value == r.state.value and c.counts]
                refunds = [
                    c
                    for c in self._refunded_claims()
                    if (c.reservation_id, c.line_id) == (r.id, line.line_id)
                ]
                gone = sum(claim.card_id is not None for claim in refunds)
                if r.state in live and not line.is_top_up and len(right) + gone != line.quantity:
                    wrong.append(f"sale {r.sale_id}")
        return wrong

    def _top_ups(self) -> list[str]:
        return money_back(self.s)

    def _late_successes(self) -> list[str]:
        return late_successes(self.s)

    def _top_up_requests(self) -> list[str]:
        return requests(self.s)

    def _settlements(self) -> list[str]:
        due: Counter[tuple[str, date]] = Counter()
        journals = {j.id: j for j in self.s.journals.values()}
        for journal_id, (shop_id, day, _) in self.s.settled.items():
            account = wallet_account(shop_id)
            postings = [p for p in journals[journal_id].postings if p.account == account]
            due[shop_id, day] -= sum(p.amount.minor for p in postings)
        return [str(k) for k, s in self.s.seals.items() if (s.charged - s.returned).minor != due[k]]

    def _limits(self) -> list[str]:
        return broken_limits(self.s.rules)

    def _refunded_claims(self) -> list[Claim]:
        return [c for c in self.s.claims.values() if c.decision and c.decision.outcome is ClaimOutcome.REFUND]

    def _refunds(self) -> list[str]:
        kinds = ("sale_back", "top_up_back", "claim_back")
        back = sum(
            max(p.amount.minor for p in j.postings) for k, j in self.s.journals.items() if k[0] in kinds
        )
        return [] if back == sum(self.s.refunded.values()) else ["money went back that no line counts"]

    def _voids(self) -> list[str]:
        void = {i for i, card in self.s.cards.items() if card.state is CardState.VOID and card.counts}
        done = {a.action.subject[5:] for a in self.s.actions if a.action.what == "card_voided"}
        return sorted(void ^ (done & set(self.s.cards)))

    def _leases(self) -> list[str]:
        return broken_leases(self.s)

    def _ledger(self) -> list[str]:
        broken = []
        for till_id, epoch in {(key, each.epoch) for key, all_ in self.s.entries.items() for each in all_}:
            entries = [entry for entry in self.s.entries[till_id] if entry.epoch == epoch]
            heads = [FIRST_PREV, *(entry.hash for entry in entries)]
            if [entry.prev for entry in entries] != heads[:-1]:
                broken.append(till_id)
        return broken

    def _log(self) -> list[str]:
        told = {leaf[:3] for leaves in self.s.leaves.values() for leaf in leaves}
        kept = {(i, e.epoch, e.seq) for i, entries in self.s.entries.items() for e in entries}
        return [str(name) for name in told ^ kept]


class MemoryBooks:
    def __init__(self, state: State) -> None:
        self.state = state
        self.tills = MemoryTills(state)
        self.goods = MemoryGoods(state)
        self.suppliers = MemorySuppliers(state)
        self.cards = MemoryCards(state)
        self.reservations = MemoryReservations(state)
        self.wallets = MemoryWallets(state)
        self.top_ups = MemoryTopUps(state)
        self.ledger = MemoryLedger(state)
        self.logs = MemoryLogs(state)
        self.prices = MemoryPrices(state)
        self.accounts = MemoryAccounts(state)
        self.settlements = MemorySettlements(state)
        self.audit = MemoryAudit(state)
        self.operators = MemoryOperators(state)
        self.browse = MemoryBrowse(state)
        self.actions = MemoryActions(state)
        self.imports = MemoryImports(state)
        self.keys = MemoryVaultKeys(state)
        self.till_keys = MemoryTillKeys(state)
        self.events = MemoryEvents(state)
        self.figures = MemoryFigures(state)
        self.policies = MemoryPolicies(state.rules)
        self.counts = MemoryCounts(state.rules, state.reservations)
        self.claims = MemoryClaims(state)
        self.leases = MemoryLeases(state)
        self.is_committed = False

    async def commit(self) -> None:
        self.is_committed = True


class MemoryStore:
    """One writer at a time; what was not committed is forgotten."""

    def __init__(self) -> None:
        self.state = State()
        self._turn = asyncio.Lock()

    async def spend_nonce(self, keyid: str, nonce: str, until: datetime) -> Spent:
        is_new = (keyid, nonce) not in self.state.nonces
        self.state.nonces.setdefault((keyid, nonce), until)
        return Spent(is_new, await MemoryBooks(self.state).till_keys.find(keyid))

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
