"""Operators, their sessions and what their pages read, in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from platform_server.domain.actions import Authority
from platform_server.domain.cards import CardState
from platform_server.domain.claims import UNDECIDED
from platform_server.domain.goods import Brand, Category, ProductKind
from platform_server.domain.money import Money
from platform_server.domain.operators import Operator, OperatorRole, Session
from platform_server.domain.overview import COUNTED, Cell, Glance, Noun, Row, RowPage, ShopDay, Wanted
from platform_server.domain.reservation import Reservation, ReservationState
from platform_server.domain.tills import TillState
from platform_server.domain.top_up import OPEN_STATES, TopUpState
from platform_server.domain.wallet import wallet_account
from tests.fakes.platform_shelves import State


class MemoryOperators:
    def __init__(self, state: State) -> None:
        self.s = state

    async def add(self, operator: Operator) -> None:
        assert operator.name not in {each.name for each in self.s.operators.values()}
        self.s.operators[operator.id] = operator

    async def find(self, operator_id: str) -> Operator | None:
        return self.s.operators.get(operator_id)

    async def lock(self, name: str) -> Operator | None:
        return next((each for each in self.s.operators.values() if each.name == name), None)

    async def lock_owners(self) -> tuple[Operator, ...]:
        everyone = sorted(self.s.operators.items())
        return tuple(o for _, o in everyone if o.role is OperatorRole.OWNER and o.is_active)

    async def save(self, operator: Operator) -> None:
        self.s.operators[operator.id] = operator

    async def open_session(self, session: Session) -> None:
        self.s.sessions[session.token_hash] = session

    async def find_session(self, token_hash: str) -> Session | None:
        return self.s.sessions.get(token_hash)

    async def save_session(self, session: Session) -> None:
        if session.token_hash in self.s.sessions:
            self.s.sessions[session.token_hash] = session

    async def end_session(self, token_hash: str) -> None:
        self.s.sessions.pop(token_hash, None)

    async def end_sessions(self, operator_id: str, but: str = "") -> None:
        for key, session in list(self.s.sessions.items()):
            if session.operator_id == operator_id and key != but:
                del self.s.sessions[key]

    async def forget_sessions(self, made_before: datetime) -> int:
        old = [key for key, session in self.s.sessions.items() if session.made_at < made_before]
        for key in old:
            del self.s.sessions[key]
        return len(old)


@dataclass
class Found:
    """A row with all that it can be found by."""

    row: Row
    parts: tuple[str, ...] = ()
    whole: tuple[str | None, ...] = ()
    owners: tuple[str | None, ...] = ()

    def fits(self, wanted: Wanted) -> bool:
        text = wanted.text
        is_found = any(text.lower() in part.lower() for part in self.parts) or text in self.whole
        state = self.row.cells.get("kind" if "amount" in self.row.cells else "state")
        return (
            (not text or is_found)
            and (not wanted.state or state is None or state == wanted.state)
            and (not wanted.of or wanted.of in self.owners)
        )


def _row(row_id: str, **cells: Cell) -> Row:
    return Row(row_id, {name: cell for name, cell in cells.items() if cell is not None})


class MemoryBrowse:
    def __init__(self, state: State) -> None:
        self.s = state

    async def page(self, noun: Noun, wanted: Wanted) -> RowPage:
        found = [each.row for each in self._all(noun) if each.fits(wanted)]
        return RowPage(tuple(found[wanted.skip : wanted.skip + wanted.limit]), min(len(found), COUNTED + 1))

    async def one(self, noun: Noun, row_id: str) -> Row | None:
        return next((each.row for each in self._all(noun) if each.row.id == row_id), None)

    async def brands(self) -> tuple[Brand, ...]:
        found = {item.product.brand.id: item.product.brand for item in self.s.items.values()}
        return tuple(sorted(found.values(), key=lambda brand: (brand.names.zh, brand.id)))

    async def categories(self) -> tuple[Category, ...]:
        found = {item.product.category.id: item.product.category for item in self.s.items.values()}
        return tuple(sorted(found.values(), key=lambda category: (category.names.zh, category.id)))

    async def glance(self, business_date: str, low_stock: int, low_money_minor: int) -> Glance:
        codes = [i for i in self.s.items.values() if i.product.kind is ProductKind.CODE and i.is_on_sale]
        low = {i.product.id for i in codes if i.stock < low_stock}
        poor = {w.shop_id for w in self.s.wallets.values() if w.available.minor < low_money_minor}
        states = [kept.top_up.state for kept in self.s.top_ups.values()]
        return Glance(
            shops=self._days(business_date),
            low_products=tuple(f.row for f in self._products() if f.row.id in low),
            low_wallets=tuple(f.row for f in self._wallets() if f.row.id in poor),
            open_incidents=sum(key not in self.s.seen for key in self.s.incidents),
            open_claims=sum(claim.state in UNDECIDED for claim in self.s.claims.values()),
            open_top_ups=sum(state in OPEN_STATES for state in states),
            manual_top_ups=states.count(TopUpState.MANUAL),
            sold_out=sum(item.stock == 0 for item in codes),
        )

    def _days(self, business_date: str) -> tuple[ShopDay, ...]:
        days = []
        for shop in self.s.shops.values():
            sold = [r for r in self._sold() if (r.shop_id, r.business_date) == (shop.id, business_date)]
            if sold:
                cost = Money.sum((r.cost for r in sold), shop.currency)
                days.append(ShopDay(shop.id, shop.name, len(sold), cost))
        return tuple(sorted(days, key=lambda day: (-day.cost.minor, day.shop_id)))

    def _sold(self) -> list[Reservation]:
        states = (ReservationState.SOLD, ReservationState.DELIVERED)
        return [each for each in self.s.reservations.values() if each.state in states]

    def _all(self, noun: Noun) -> list[Found]:
        ask: Callable[[], Iterable[Found]] = getattr(self, f"_{noun.value}")
        found = list(ask())
        if noun in (Noun.INCIDENTS, Noun.OPERATORS):
            return found
        return sorted(found, key=lambda each: each.row.id.rjust(40), reverse=True)

    def _products(self) -> Iterable[Found]:
        for item in self.s.items.values():
            p = item.product
            is_out = item.stock == 0 and p.kind is ProductKind.CODE
            state = "OFF" if not item.is_on_sale else "OUT" if is_out else "ON"
            row = _row(
                p.id,
                name_zh=p.names.zh,
                name_en=p.names.en,
                kind=p.kind.value,
                face=p.face,
                wholesale=p.wholesale,
                stock=item.stock,
                state=state,
            )
            parts = (p.names.zh, p.names.en, p.brand.names.zh, p.brand.names.en)
            yield Found(row, parts, (p.barcode, p.id), (p.brand.id, p.category.id))

    def _suppliers(self) -> Iterable[Found]:
        for file in self.s.suppliers.values():
            state = "ACTIVE" if file.is_active else "OFF"
            document = None if file.authorisation is None else file.authorisation.document
            row = _row(file.id, name_zh=file.names.zh, document=document, state=state)
            yield Found(row, (file.names.zh, file.names.en, document or ""), (file.id,))

    def _batches(self) -> Iterable[Found]:
        for batch_id, batch in self.s.batches.items():
            cards = [c for c in self.s.cards.values() if c.kept.label.batch_id == batch_id]
            left = sum(card.state is CardState.AVAILABLE for card in cards)
            product = self.s.items[batch.product_id].product
            row = _row(
                batch_id, supplier_batch=batch.supplier_batch, count=batch.count, left=left, face=product.face
            )
            parts = (batch.supplier_batch, product.names.zh, product.names.en)
            yield Found(row, parts, (batch_id,), (batch.product_id,))

    def _imports(self) -> Iterable[Found]:
        for kept in self.s.imports.values():
            state = "CUT_OFF" if kept.finished_at is None else "FINISHED"
            row = _row(kept.id, file_name=kept.file_name, added=kept.added, state=state)
            names = self.s.items[kept.product_id].product.names
            parts = (kept.file_name, kept.supplier_batch, names.zh, names.en)
            yield Found(row, parts, (kept.id, kept.by), (kept.product_id, kept.batch_id))

    def _cards(self) -> Iterable[Found]:
        for card_id, card in self.s.cards.items():
            label = card.kept.label
            row = _row(
                card_id, masked=card.kept.masked, state=card.state.value, reservation_id=card.reservation_id
            )
            whole = (card_id, label.batch_id, card.reservation_id)
            yield Found(row, (), whole, (label.product_id, label.batch_id, card.reservation_id))

    def _shops(self) -> Iterable[Found]:
        for shop in self.s.shops.values():
            live = [t for t in self.s.tills.values() if t.shop_id == shop.id and t.state is TillState.ACTIVE]
            wallet = self.s.wallets.get(shop.id)
            row = _row(
                shop.id,
                name=shop.name,
                tills=len(live),
                available=None if wallet is None else wallet.available,
            )
            yield Found(row, (shop.name,), (shop.id,))

    def _tills(self) -> Iterable[Found]:
        for till in self.s.tills.values():
            shop = self.s.shops[till.shop_id]
            row = _row(till.id, code=till.code, name=till.name, shop_id=shop.id, state=till.state.value)
            yield Found(row, (till.name, shop.name), (till.id, till.code), (shop.id,))

    def _wallets(self) -> Iterable[Found]:
        for wallet in self.s.wallets.values():
            shop = self.s.shops[wallet.shop_id]
            row = _row(
                shop.id,
                shop=shop.name,
                balance=wallet.balance,
                held=wallet.held,
                available=wallet.available,
                currency=shop.currency,
            )
            yield Found(row, (shop.name,), (shop.id,), (shop.id,))

    def _journals(self) -> Iterable[Found]:
        for journal in self.s.journals.values():
            mine = [p for p in journal.postings if p.account == wallet_account(journal.shop_id)]
            row = _row(journal.id, kind=journal.kind, reference=journal.reference, amount=mine[0].amount)
            yield Found(row, (journal.reference,), (journal.id,), (journal.shop_id,))

    def _sales(self) -> Iterable[Found]:
        for r in self.s.reservations.values():
            pieces = sum(line.quantity for line in r.lines)
            row = _row(r.id, sale_id=r.sale_id, state=r.state.value, pieces=pieces, cost=r.cost)
            yield Found(row, (), (r.sale_id, r.id, r.business_date), (r.shop_id, r.till_id))

    def _top_ups(self) -> Iterable[Found]:
        for kept in self.s.top_ups.values():
            t = kept.top_up
            row = _row(t.id, account=t.account, state=t.state.value, cost=t.cost, reference=t.reference)
            whole = (t.account, t.reference, t.supplier_order, t.id)
            yield Found(row, (), whole, (t.shop_id, t.reservation_id))

    def _claims(self) -> Iterable[Found]:
        for claim in self.s.claims.values():
            row = _row(claim.id, sale_id=claim.sale_id, state=claim.state.value, cost=claim.cost)
            names = [i.product.names for i in self.s.items.values()]
            parts = (self.s.shops[claim.shop_id].name, *(each.zh for each in names))
            owners = (claim.shop_id, claim.reservation_id, claim.card_id)
            yield Found(row, parts, (claim.id, claim.sale_id, claim.card_id), owners)

    def _incidents(self) -> Iterable[Found]:
        for key, strange in self.s.incidents.items():
            seen: Authority | None = self.s.seen.get(key)
            row = _row(
                ":".join(str(part) for part in key),
                kind=strange.kind,
                what=strange.what,
                state="OPEN" if seen is None else "SEEN",
                seen_by=None if seen is None else seen.actor,
                note=None if seen is None else seen.reason,
            )
            yield Found(row, (strange.kind, strange.what), (), (key[0],))

    def _operators(self) -> Iterable[Found]:
        for operator in sorted(self.s.operators.values(), key=lambda each: each.name):
            state = "ACTIVE" if operator.is_active else "OFF"
            row = _row(operator.id, name=operator.name, role=operator.role.value, state=state)
            yield Found(row, (operator.name,))

    def _actions(self) -> Iterable[Found]:
        for chained in self.s.actions:
            a = chained.action
            row = _row(str(chained.seq), actor=a.actor, what=a.what, subject=a.subject, reason=a.reason)
            yield Found(row, (a.what, a.reason), (a.actor, a.subject))
