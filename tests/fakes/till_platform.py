"""A whole platform in memory, true to `docs/protocol.md`, that fails when it is told to."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal, TypeVar

from pos_app.domain.card_code import Binding, CardSecret
from pos_app.domain.catalogue import CataloguePage, Payload, Product, ProductKind
from pos_app.domain.errors import EnrolmentCodeWrong, PosError, Rejected, Unreachable
from pos_app.domain.ledger import LedgerEntry, LedgerHead, LogPoint, canonical, first_break, time_text
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale, SaleLine, TopUp, TopUpState
from pos_app.domain.till import Account, Enrolment
from pos_app.ports.clock import Clock
from pos_app.ports.platform import (
    Acked,
    Delivery,
    PrintedCard,
    Reservation,
    ReservedLine,
    SealedCard,
    ShopEvent,
    ShopEvents,
)
from tests.fakes.till_goods import code_of
from tests.fakes.till_leasing import FakeLeasing
from tests.fakes.till_vault import seal_plainly

ENROLMENT_CODE = "K1.fake.fake.fake.00000000"
RENEWAL_CODE = "K1.fake.fake.renew.00000000"  # for the same till under its next epoch, as often as one likes
ENROLMENT = Enrolment(
    shop_id="01930000-0000-7000-8000-00000000aaaa",
    shop_name="Test shop",
    till_id="01930000-0000-7000-8000-00000000bbbb",
    till_code="T1",
    epoch=1,
    currency="CNY",
    address="http://127.0.0.1:1",
    platform_key="fake",
)
HOLD = timedelta(minutes=15)
PAGE = 2000

T = TypeVar("T")
When = Literal["before_effect", "after_effect"]
_UNHEARD = "UNHEARD"


@dataclass
class Fault:
    """Raised once, before the call did anything or after it did everything."""

    call: str
    when: When
    error: PosError


@dataclass
class HeldSale:
    """What the platform knows of one sale; a tombstone has no lines."""

    sale_id: str
    state: str = _UNHEARD
    lines: tuple[SaleLine, ...] = ()
    secrets: dict[str, tuple[CardSecret, ...]] = field(default_factory=dict)  # by line_id
    top_ups: dict[str, TopUp] = field(default_factory=dict)
    expires_at: datetime | None = None
    bodies: dict[str, Any] = field(default_factory=dict)  # what each step was first asked with

    @property
    def cost(self) -> Money:
        return Money.sum((line.cost for line in self.lines), "CNY")


class FakePlatform(FakeLeasing):
    """`ports.platform.Platform` in memory; every call is listed in `calls` as (name, sale id or None).

    Tests reach in by `put_product`, `take_off`, `script_top_up`, `fail_next` and look at `sales`, `entries`,
    `delivered`, `quarantine`, `balance`, `held`.
    """

    def __init__(
        self,
        clock: Clock,
        products: Iterable[Product] = (),
        stock: int = 10,
        seal: Callable[[Binding, CardSecret], bytes] = seal_plainly,
        page_size: int = PAGE,
    ) -> None:
        self.clock = clock
        self.enrolment = ENROLMENT
        self.clock_skew_s = 0
        self.is_down = False
        self.is_at_home = False  # on the shop's own PC, where a till gets codes by itself
        self.balance = Money(10_000_000)
        self.held = Money(0)
        self.calls: list[tuple[str, str | None]] = []
        self.sales: dict[str, HeldSale] = {}
        self.chains: dict[int, list[LedgerEntry]] = {}  # by epoch
        self.acks: dict[str, tuple[tuple[PrintedCard, ...], str]] = {}
        self.quarantine: list[str] = []
        self.faults: list[Fault] = []
        self.opens_at: datetime | None = None  # the codes of every sale come then, and not while it is frozen
        self.is_frozen = False
        self.cools_for: timedelta | None = None  # a rule at reserve says so
        self.news: list[ShopEvent] = []
        self.approvals: list[str | None] = []
        self._seal = seal
        self._page_size = page_size
        self._products: dict[str, Product] = {}
        self._codes: dict[str, list[CardSecret]] = {}
        self._changes: list[str] = []  # product ids; a cursor counts into it
        self._scripts: dict[str, list[TopUp]] = {}
        self._is_code_used = False
        self.begin_leasing()
        for product in products:
            self.put_product(product, stock)

    # --- what a test sets up and looks at ---

    def put_product(self, product: Product, stock: int | None = None) -> None:
        """Add a product or change it; `stock` fills it up with that many new codes."""
        self._products[product.id] = product
        if product.kind is ProductKind.CODE and stock is not None:
            self._codes[product.id] = [code_of(product, number) for number in range(stock)]
        self._changes.append(product.id)

    def change_price(self, product_id: str, wholesale: Money, price: Money) -> Product:
        old = self._products[product_id]
        self.put_product(replace(old, wholesale=wholesale, price=price, version=old.version + 1))
        return self.product(product_id)

    def take_off(self, product_id: str) -> None:
        """No longer on sale."""
        del self._products[product_id]
        self._changes.append(product_id)

    def product(self, product_id: str) -> Product:
        """The product as the platform would tell it now."""
        product = self._products[product_id]
        if product.kind is ProductKind.TOP_UP:
            return replace(product, stock=None)
        left = len(self._codes[product_id])
        return replace(product, stock=left if left <= 100 else None)

    def script_top_up(self, account: str, states: Sequence[TopUp]) -> None:
        """What that account's top-up answers when it is asked, one state an asking; the last one stays."""
        self._scripts[account] = list(states)

    def fail_next(self, call: str, when: When, error: PosError) -> None:
        """The next `call` (a method's name) fails so; several faults wait their turn."""
        self.faults.append(Fault(call, when, error))

    @property
    def entries(self) -> list[LedgerEntry]:
        """Of the present epoch."""
        return self.chains.setdefault(self.enrolment.epoch, [])

    def delivered(self, sale_id: str) -> tuple[CardSecret, ...]:
        """The codes that this sale was handed."""
        sale = self.sales[sale_id]
        is_handed_over = sale.state in ("SOLD", "DELIVERED")
        return tuple(s for line in sale.lines for s in sale.secrets[line.line_id]) if is_handed_over else ()

    def state(self, sale_id: str) -> str | None:
        return self.sales[sale_id].state if sale_id in self.sales else None

    def expire(self, sale_id: str) -> None:
        """The reservation's time is over now."""
        self.sales[sale_id].expires_at = self.clock.now() - timedelta(seconds=1)

    def tell(self, kind: str, sale_id: str | None = None) -> None:
        """An event; of a sale it names this till."""
        till_id = None if sale_id is None else self.enrolment.till_id
        self.news.append(ShopEvent(len(self.news) + 1, kind, till_id, sale_id))

    def take_back_top_up(self, sale_id: str, line_id: str) -> None:
        """The supplier takes back what had succeeded."""
        held = self.sales[sale_id]
        held.top_ups[line_id] = TopUp(TopUpState.FAILED_FINAL, reason="taken back")
        cost = next(line.cost for line in held.lines if line.line_id == line_id)
        self.balance = self.balance + cost
        self.tell("top_up.changed", sale_id)

    # --- the port ---

    def enrol(self, code: str, till_name: str) -> Enrolment:
        def effect() -> Enrolment:
            if code == RENEWAL_CODE:
                self.enrolment = replace(self.enrolment, epoch=self.enrolment.epoch + 1)
                self.fence_leases()
                return self.enrolment
            if code != ENROLMENT_CODE or self._is_code_used:
                raise EnrolmentCodeWrong
            self._is_code_used = True
            return self.enrolment

        return self._call("enrol", None, effect)

    def renewal_code(self, enrolment: Enrolment) -> str:
        if not self.is_at_home:
            raise EnrolmentCodeWrong
        return RENEWAL_CODE

    def catalogue_page(self, enrolment: Enrolment, cursor: str | None) -> CataloguePage:
        return self._call("catalogue_page", None, lambda: self._page(cursor))

    def account(self, enrolment: Enrolment) -> Account:
        return self._call(
            "account",
            None,
            lambda: Account(self.balance, self.held, Money(0), self.clock.now(), self.told_leases()),
        )

    def reserve(
        self, enrolment: Enrolment, sale: Sale, head: LedgerHead, approved_by: str | None = None
    ) -> Reservation:
        self.approvals.append(approved_by)
        asked = [(x.line_id, x.product.id, x.quantity, x.product.version, x.fields) for x in sale.lines]

        def effect() -> Reservation:
            held = self._heard(enrolment, sale.id, "reserve", (asked, sale.business_date, head))
            if held.state == _UNHEARD:
                self._set_aside(held, sale.lines)
            assert held.expires_at is not None
            lines = tuple(
                ReservedLine(line.line_id, line.product.wholesale, _masked(held.secrets[line.line_id]))
                for line in held.lines
            )
            cools_until = None if self.cools_for is None else self.clock.now() + self.cools_for
            return Reservation(lines, held.expires_at, cools_until)

        return self._call("reserve", sale.id, effect)

    def confirm(self, enrolment: Enrolment, sale: Sale) -> Delivery:
        def effect() -> Delivery:
            held = self._heard(enrolment, sale.id, "confirm", sale.payments)
            if held.state == _UNHEARD:
                raise Rejected("NOT_FOUND", "none", {})
            if held.state in ("RESERVED", "EXPIRED"):
                self._sell(held)
            top_ups = tuple(held.top_ups.items())
            if self.opens_at is not None and (self.is_frozen or self.clock.now() < self.opens_at):
                return Delivery((), top_ups, self.opens_at, self.is_frozen)
            return Delivery(self._cards(enrolment, held), top_ups)

        return self._call("confirm", sale.id, effect)

    def top_ups(self, enrolment: Enrolment, sale_id: str) -> tuple[tuple[str, TopUp], ...]:
        def effect() -> tuple[tuple[str, TopUp], ...]:
            if sale_id not in self.sales:
                raise Rejected("NOT_FOUND", "none", {})
            held = self.sales[sale_id]
            for line in held.lines:
                if line.line_id in held.top_ups:
                    self._move_top_up(held, line)
            return tuple(held.top_ups.items())

        return self._call("top_ups", sale_id, effect)

    def events(self, enrolment: Enrolment, after: int, most: int) -> ShopEvents:
        return self._call(
            "events", None, lambda: ShopEvents(tuple(self.news[after : after + most]), len(self.news))
        )

    def cancel(self, enrolment: Enrolment, sale_id: str, reason: str) -> None:
        def effect() -> None:
            self._must_be_present(enrolment)
            held = self.sales.setdefault(sale_id, HeldSale(sale_id))
            if held.state == "CANCELLED":
                return
            if held.state == "DELIVERED" or self._is_topping_up(held):
                raise Rejected("FORBIDDEN", "done", {"state": held.state})
            self._undo(held)

        self._call("cancel", sale_id, effect)

    def acknowledge(
        self, enrolment: Enrolment, sale_id: str, cards: Sequence[PrintedCard], receipt_hash: str
    ) -> None:
        def effect() -> None:
            held = self._heard(enrolment, sale_id, "ack", (tuple(cards), receipt_hash))
            if held.state == _UNHEARD:
                raise Rejected("NOT_FOUND", "none", {})
            if held.state not in ("SOLD", "DELIVERED"):
                raise Rejected("FORBIDDEN", "none", {"state": held.state})
            ours = {card.card_id for card in self._cards(enrolment, held)}
            if {card.card_id for card in cards} != ours:
                raise Rejected("BAD_REQUEST", "none", {"errors": []})
            held.state = "DELIVERED"
            self.acks[sale_id] = (tuple(cards), receipt_hash)

        self._call("acknowledge", sale_id, effect)

    def push_ledger(self, enrolment: Enrolment, entries: Sequence[LedgerEntry]) -> Acked:
        def effect() -> Acked:
            self._must_be_present(enrolment)
            for entry in entries:
                self._store(entry)
            chain = self.chains[entries[0].epoch]
            return Acked(len(chain), self._point(enrolment, chain))

        return self._call("push_ledger", None, effect)

    # --- inside ---

    def _point(self, enrolment: Enrolment, chain: Sequence[LedgerEntry]) -> LogPoint:
        """A point as the real one looks, under a signature that is none."""
        last, at = chain[-1], self.clock.now()
        till = {"till_id": last.till, "epoch": last.epoch, "seq": last.seq, "head": last.digest}
        told = {"shop_id": enrolment.shop_id, "size": len(chain), "root": "", "till": till}
        told |= {"at": time_text(at), "keyid": "platform-1", "signature": ""}
        return LogPoint(last.epoch, last.seq, last.digest, at, canonical(told).decode())

    def _call(self, name: str, sale_id: str | None, effect: Callable[[], T]) -> T:
        self.calls.append((name, sale_id))
        if self.is_down:
            raise Unreachable("down", was_sent=False)
        fault = next((each for each in self.faults if each.call == name), None)
        if fault is not None:
            self.faults.remove(fault)
            if fault.when == "before_effect":
                raise fault.error
        answer = effect()
        if fault is not None:
            raise fault.error
        return answer

    def _must_be_present(self, enrolment: Enrolment) -> None:
        if enrolment.epoch < self.enrolment.epoch:
            raise Rejected("EPOCH_FENCED", "none", {"epoch": self.enrolment.epoch})

    def _heard(self, enrolment: Enrolment, sale_id: str, step: str, body: Any) -> HeldSale:
        """The sale as it stands, once the rules of section 3 let the step through."""
        self._must_be_present(enrolment)
        held = self.sales.get(sale_id) or HeldSale(sale_id)
        if held.state == "CANCELLED":
            raise Rejected("CANCELLED", "none", {})
        if held.bodies.get(step, body) != body:
            raise Rejected("KEY_REUSED", "none", {})
        if held.state != _UNHEARD:
            held.bodies[step] = body
        elif step == "reserve":
            held.bodies["reserve"] = body
        return held

    def _set_aside(self, held: HeldSale, lines: tuple[SaleLine, ...]) -> None:
        for line in lines:
            self._check(line)
        charged = {line.line_id: self.product(line.product.id).wholesale for line in lines}
        held.lines = tuple(
            replace(line, product=replace(line.product, wholesale=charged[line.line_id])) for line in lines
        )
        available = self.balance - self.held
        if available < held.cost:
            raise Rejected("WALLET_EMPTY", "none", {"needed": held.cost, "available": available})
        self._take(held)
        self.held = self.held + held.cost
        held.state = "RESERVED"
        self.sales[held.sale_id] = held

    def _check(self, line: SaleLine) -> None:
        about: dict[str, Any] = {"line_id": line.line_id, "product_id": line.product.id}
        if line.product.id not in self._products:
            raise Rejected("PRODUCT_OFF", "none", about)
        product = self.product(line.product.id)
        if product.version != line.product.version or product.wholesale > line.product.wholesale:
            raise Rejected("PRICE_CHANGED", "none", {"line_id": line.line_id, "product": product})
        if line.quantity > product.limits.most:
            limit = {"rule": "max", "line_id": line.line_id, "most": product.limits.most}
            raise Rejected("LIMIT", "none", limit)
        given = dict(line.fields)
        for spec in product.fields:
            if spec.required and not given.get(spec.key):
                wrong = {"line_id": line.line_id, "key": spec.key, "validator": spec.validator}
                raise Rejected("FIELD_INVALID", "none", wrong)
        left = (
            len(self._codes[product.id]) // product.parts
            if product.kind is ProductKind.CODE
            else line.quantity
        )
        if left < line.quantity:
            raise Rejected("SOLD_OUT", "none", {**about, "wanted": line.quantity, "left": left})

    def _take(self, held: HeldSale) -> None:
        for line in held.lines:
            codes = self._codes.get(line.product.id, [])
            wanted = line.quantity * line.product.parts
            held.secrets[line.line_id] = tuple(codes[:wanted])
            del codes[:wanted]
            self._changes.append(line.product.id)
        held.expires_at = self.clock.now() + HOLD

    def _put_back(self, held: HeldSale) -> None:
        for line in held.lines:
            if line.product.id in self._codes:
                self._codes[line.product.id] += held.secrets[line.line_id]
                self._changes.append(line.product.id)
            held.secrets[line.line_id] = ()
        self.held = self.held - held.cost

    def _sell(self, held: HeldSale) -> None:
        assert held.expires_at is not None
        if held.state == "RESERVED" and self.clock.now() > held.expires_at:
            self._put_back(held)
            held.state = "EXPIRED"
        if held.state == "EXPIRED":
            self._fill_again(held)
        self.held = self.held - held.cost
        self.balance = self.balance - held.cost
        held.state = "SOLD"
        for line in held.lines:
            if line.product.kind is ProductKind.TOP_UP:
                held.top_ups[line.line_id] = TopUp(TopUpState.ACCEPTED)

    def _fill_again(self, held: HeldSale) -> None:
        for line in held.lines:
            codes = self._codes.get(line.product.id, [])
            if line.product.kind is ProductKind.CODE and len(codes) < line.quantity * line.product.parts:
                raise Rejected("EXPIRED", "none", {})
        self._take(held)
        self.held = self.held + held.cost
        held.state = "RESERVED"

    def _cards(self, enrolment: Enrolment, held: HeldSale) -> tuple[SealedCard, ...]:
        cards = []
        for line in held.lines:
            for number, secret in enumerate(held.secrets[line.line_id]):
                card_id = f"{line.line_id}-card-{number}"
                binding = Binding(
                    enrolment.shop_id,
                    enrolment.till_id,
                    enrolment.epoch,
                    held.sale_id,
                    line.line_id,
                    card_id,
                    line.product.id,
                    line.product.face,
                )
                sealed = self._seal(binding, secret)
                payload = line.product.payload or Payload.NUMBER_PIN
                card = SealedCard(line.line_id, card_id, line.product.id, payload, line.product.face, sealed)
                cards.append(card)
        return tuple(cards)

    def _is_topping_up(self, held: HeldSale) -> bool:
        states = [top_up.state for top_up in held.top_ups.values()]
        return held.state == "SOLD" and any(state is not TopUpState.FAILED_FINAL for state in states)

    def _move_top_up(self, held: HeldSale, line: SaleLine) -> None:
        if held.top_ups[line.line_id].state.is_final:
            return
        script = self._scripts.get(line.account or "", [TopUp(TopUpState.OK, reference="SUPPLIER-1")])
        before = held.top_ups[line.line_id]
        held.top_ups[line.line_id] = script.pop(0) if len(script) > 1 else script[0]
        if held.top_ups[line.line_id] != before:
            self.tell("top_up.changed", held.sale_id)
        if held.top_ups[line.line_id].state is TopUpState.FAILED_FINAL:
            self.balance = self.balance + line.cost

    def _undo(self, held: HeldSale) -> None:
        if held.state == "SOLD":
            self.quarantine += [secret.number or "" for s in held.secrets.values() for secret in s]
            self.balance = self.balance + held.cost
        elif held.state == "RESERVED":
            self._put_back(held)
        held.state = "CANCELLED"

    def _store(self, entry: LedgerEntry) -> None:
        chain = self.chains.setdefault(entry.epoch, [])
        if entry.seq <= len(chain):
            if chain[entry.seq - 1] != entry:
                raise Rejected("KEY_REUSED", "none", {"seq": entry.seq})
            return
        last = chain[-1] if chain else None
        head = LedgerHead(last.seq, last.digest) if last else LedgerHead()
        if first_break([entry], head) is not None:
            raise Rejected("KEY_REUSED", "none", {"seq": entry.seq})
        chain.append(entry)
        self.settle_entry(entry)

    def _page(self, cursor: str | None) -> CataloguePage:
        """A cursor is `full:<offset>:<change>` inside a full sync and `since:<change>` after it."""
        now = len(self._changes)
        kind, *numbers = (cursor or f"full:0:{now}").split(":")
        if kind == "full":
            offset, change = map(int, numbers)
            ids = sorted(self._products)
            page = [self.product(each) for each in ids[offset : offset + self._page_size]]
            is_last = offset + self._page_size >= len(ids)
            following = f"since:{change}" if is_last else f"full:{offset + self._page_size}:{change}"
            return CataloguePage(tuple(page), (), following, is_last, len(ids))
        start = int(numbers[0])
        changed = list(dict.fromkeys(self._changes[start : start + self._page_size]))
        end = min(start + self._page_size, now)
        products = tuple(self.product(each) for each in changed if each in self._products)
        removed = tuple(each for each in changed if each not in self._products)
        return CataloguePage(products, removed, f"since:{end}", end == now, len(self._products))


def _masked(secrets: Sequence[CardSecret]) -> tuple[str, ...]:
    return tuple("****" + (secret.number or secret.pin or secret.link or "")[-4:] for secret in secrets)
