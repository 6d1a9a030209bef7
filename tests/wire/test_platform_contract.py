"""What `ports.platform.Platform` promises, kept by the fake and by the client against the real embedded server."""

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from pos_app.domain.card_code import Binding
from pos_app.domain.catalogue import Product, ProductKind
from pos_app.domain.errors import CodeSealBroken, EnrolmentCodeWrong, Rejected
from pos_app.domain.lease import Lease, LeaseState
from pos_app.domain.ledger import LedgerEntry, LedgerHead
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender, pay_cash
from pos_app.domain.sale import Sale, SaleLine, TopUp, TopUpState
from pos_app.domain.till import Enrolment
from pos_app.ports.clock import Clock
from pos_app.ports.platform import Delivery, Platform, PrintedCard
from pos_app.store.vault import HpkeVault
from pos_app.wire.embedded import ChildProcess, EmbeddedPlatform, Program
from pos_app.wire.http import Http, Patience
from pos_app.wire.platform.client import PlatformClient
from pos_app.wire.system_clock import SystemClock
from tests.fakes.till_clock import FakeClock
from tests.fakes.till_goods import code_product, top_up_product
from tests.fakes.till_platform import ENROLMENT_CODE, FakePlatform
from tests.fakes.till_vault import FakeVault

ROOT = Path(__file__).parents[2]
PHONE = "13800138000"
TODAY = date(2026, 11, 22)


@dataclass
class Market:
    """An enrolled till, what it may buy, and the means to look behind the answers."""

    platform: Platform
    clock: Clock
    enrolment: Enrolment
    opens: Callable[[bytes, Binding], object]
    used_code: str
    newcomer: Platform  # another till, with keys of its own
    products: dict[str, Product] = field(default_factory=dict)

    def sync(self, cursor: str | None = None) -> str:
        """Every page from there on; the cursor to go on from."""
        while True:
            page = self.platform.catalogue_page(self.enrolment, cursor)
            self.products |= {product.id: product for product in page.products}
            for gone in page.removed:
                self.products.pop(gone, None)
            cursor = page.cursor
            if page.is_last:
                return cursor

    def code_product(self) -> Product:
        """The best stocked card code."""
        self.sync()
        codes = [each for each in self.products.values() if each.kind is ProductKind.CODE]
        return max(codes, key=lambda each: 101 if each.stock is None else each.stock)

    def top_up_product(self) -> Product:
        self.sync()
        return next(
            each
            for each in self.products.values()
            if each.kind is ProductKind.TOP_UP and [spec.validator for spec in each.fields] == ["phone_cn"]
        )

    def sale(self, *lines: tuple[Product, int]) -> Sale:
        made = tuple(
            SaleLine(self.clock.new_id(), product, quantity, product.price, self._fields(product))
            for product, quantity in lines
        )
        return Sale(self.clock.new_id(), "CNY", made, business_date=TODAY)

    def paid(self, sale: Sale) -> Sale:
        return replace(sale, payments=(pay_cash(sale.total, sale.total),))

    def sold(self, *lines: tuple[Product, int]) -> tuple[Sale, Delivery]:
        sale = self.sale(*lines)
        self.platform.reserve(self.enrolment, sale, LedgerHead())
        sale = self.paid(sale)
        return sale, self.platform.confirm(self.enrolment, sale)

    def refusal(self, call: Callable[[], object]) -> Rejected:
        with pytest.raises(Rejected) as caught:
            call()
        return caught.value

    def reserving(self, sale: Sale) -> Callable[[], object]:
        return lambda: self.platform.reserve(self.enrolment, sale, LedgerHead(), "someone")

    def leasable(self) -> Product:
        """One that may be lent, and of which there are enough."""
        self.sync()
        return next(
            each
            for each in self.products.values()
            if each.kind is ProductKind.CODE
            and each.leasable
            and each.risk_class == "low"
            and each.parts == 1
            and each.face <= Money(20_000)
            and (each.stock is None or each.stock > 8)
        )

    def lease(self) -> Lease:
        return Lease(self.clock.new_id(), self.enrolment.epoch, self.clock.now())

    def tell(self, kind: str, body: dict[str, object]) -> LedgerEntry:
        """The next entry of the till's ledger, pushed."""
        before = self.platform.ledger_copy(self.enrolment, 1, 0, 500).entries
        head = LedgerHead(before[-1].seq, before[-1].digest) if before else LedgerHead()
        till, now = self.enrolment.till_id, self.clock.now()
        entry = LedgerEntry(till, 1, head.seq + 1, head.digest, now, TODAY, kind, body)
        assert self.platform.push_ledger(self.enrolment, [entry]).seq == entry.seq
        return entry

    def _fields(self, product: Product) -> tuple[tuple[str, str], ...]:
        return tuple((spec.key, PHONE) for spec in product.fields)


@pytest.fixture(scope="module")
def fake_market() -> Market:
    clock = FakeClock()
    products = [code_product(number) for number in range(1, 8)]
    platform = FakePlatform(clock, [*products, top_up_product()], stock=15, page_size=3)
    enrolment = platform.enrol(ENROLMENT_CODE, "Counter")
    return Market(platform, clock, enrolment, FakeVault().open, ENROLMENT_CODE, platform)


@pytest.fixture(scope="module")
def real_market(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Market]:
    pytest.importorskip("platform_server.app.cli")
    folder = tmp_path_factory.mktemp("market")
    supplier = ChildProcess(
        Program((sys.executable, "-m", "practice"), ROOT, folder / "s.log"), ("supplier", "--embedded")
    )
    program = Program((sys.executable, "-m", "platform_server"), ROOT, folder / "p.log")
    address = str(supplier.start()["address"])
    server = EmbeddedPlatform(program, folder / "data", folder / "keys", address)
    server.run_once(["sample", "--seed", "7", "--products", "60", "--codes", "600"])
    clock, seal_key = SystemClock(), X25519PrivateKey.generate()
    seal_public = seal_key.public_key().public_bytes_raw()
    try:
        server.start()
        http = Http(Patience(), "contract test")
        client = PlatformClient(http, Ed25519PrivateKey.generate(), seal_public, clock, "test")
        newcomer = PlatformClient(http, Ed25519PrivateKey.generate(), seal_public, clock, "test")
        code = server.enrolment_code("Counter")
        enrolment = client.enrol(code, "Counter")
        assert client.enrol(code, "Counter") == enrolment  # its answer may have been lost
        yield Market(
            client,
            clock,
            enrolment,
            HpkeVault(seal_key).open,
            code,
            newcomer,
        )
        http.close()
    finally:
        server.stop()
        supplier.stop()


@pytest.fixture(params=["fake_market", "real_market"])
def market(request: pytest.FixtureRequest) -> Market:
    found: Market = request.getfixturevalue(request.param)
    return found


def test_a_code_is_taken_from_one_till_only(market: Market) -> None:
    with pytest.raises(EnrolmentCodeWrong):
        market.newcomer.enrol(market.used_code, "Another")


def test_the_catalogue_comes_whole_and_then_only_what_changed(market: Market) -> None:
    market.products.clear()
    cursor = market.sync()
    page = market.platform.catalogue_page(market.enrolment, cursor)
    assert (page.products, page.removed, page.is_last) == ((), (), True)
    assert page.total == len(market.products)
    product = market.code_product()
    market.sold((product, 1))
    page = market.platform.catalogue_page(market.enrolment, cursor)
    if product.stock is not None:
        assert [(each.id, each.stock) for each in page.products] == [(product.id, product.stock - 1)]
        assert page.products[0].version == product.version


def test_money_is_held_then_taken(market: Market) -> None:
    product = market.code_product()
    before = market.platform.account(market.enrolment)
    sale = market.sale((product, 2))
    market.platform.reserve(market.enrolment, sale, LedgerHead())
    held = market.platform.account(market.enrolment)
    assert held.held - before.held == sale.cost
    market.platform.confirm(market.enrolment, market.paid(sale))
    after = market.platform.account(market.enrolment)
    assert (after.balance, after.held) == (before.balance - sale.cost, before.held)


def test_a_sale_of_codes(market: Market) -> None:
    platform, enrolment, product = market.platform, market.enrolment, market.code_product()
    sale = market.sale((product, 2))
    reserved = platform.reserve(enrolment, sale, LedgerHead())
    assert platform.reserve(enrolment, sale, LedgerHead()) == reserved
    (line,) = reserved.lines
    assert (line.line_id, line.unit_cost, len(line.masked)) == (sale.lines[0].line_id, product.wholesale, 2)
    assert all(len(text.lstrip("*")) <= 4 for text in line.masked)
    sale = market.paid(sale)
    delivery, again = platform.confirm(enrolment, sale), platform.confirm(enrolment, sale)
    ids = [card.card_id for card in delivery.cards]
    assert ids == [card.card_id for card in again.cards]
    assert len(set(ids)) == 2
    for card in (*delivery.cards, *again.cards):
        assert (card.line_id, card.product_id) == (line.line_id, product.id)
        assert (card.face, card.payload) == (product.face, product.payload)
        assert market.opens(card.sealed, binding(market, sale, card.line_id, card.card_id, product))
        with pytest.raises(CodeSealBroken):
            market.opens(card.sealed, binding(market, sale, "another", card.card_id, product))
    assert delivery.top_ups == ()
    printed = [PrintedCard(each, True, 1) for each in ids]
    platform.acknowledge(enrolment, sale.id, printed, "0" * 64)
    platform.acknowledge(enrolment, sale.id, printed, "0" * 64)
    no = market.refusal(lambda: platform.cancel(enrolment, sale.id, "too late"))
    assert (no.code, no.effect, no.details) == ("FORBIDDEN", "done", {"state": "DELIVERED"})


def test_a_sale_that_is_paid_in_parts_by_wallets_and_cash(market: Market) -> None:
    platform, enrolment = market.platform, market.enrolment
    sale = market.sale((market.code_product(), 1))
    platform.reserve(enrolment, sale, LedgerHead())
    wallets = [
        Payment(tender, Money(1), Money(1), Money(0), f"0T126112200{number:02d}C7QX")
        for number, tender in enumerate(each for each in Tender if each is not Tender.CASH)
    ]
    rest = sale.total - Money(len(wallets))
    sale = replace(sale, payments=(*wallets, pay_cash(rest, rest)))
    cards = platform.confirm(enrolment, sale).cards
    assert [card.card_id for card in platform.confirm(enrolment, sale).cards] == [cards[0].card_id]
    other = replace(sale, payments=(replace(wallets[0], reference="0T126112200ZZZZZZ"), *sale.payments[1:]))
    assert market.refusal(lambda: platform.confirm(enrolment, other)).code == "KEY_REUSED"


def binding(market: Market, sale: Sale, line_id: str, card_id: str, product: Product) -> Binding:
    told = market.enrolment
    return Binding(
        told.shop_id, told.till_id, told.epoch, sale.id, line_id, card_id, product.id, product.face
    )


def test_a_cancel_before_everything_is_for_ever(market: Market) -> None:
    sale = market.sale((market.code_product(), 1))
    market.platform.cancel(market.enrolment, sale.id, "never mind")
    market.platform.cancel(market.enrolment, sale.id, "never mind")
    for call in (
        market.reserving(sale),
        lambda: market.platform.confirm(market.enrolment, market.paid(sale)),
    ):
        no = market.refusal(call)
        assert (no.code, no.effect) == ("CANCELLED", "none")


def test_a_cancel_gives_the_hold_and_the_stock_back(market: Market) -> None:
    product = market.code_product()
    before = market.platform.account(market.enrolment)
    sale = market.sale((product, 1))
    market.platform.reserve(market.enrolment, sale, LedgerHead())
    market.platform.cancel(market.enrolment, sale.id, "cashier")
    after = market.platform.account(market.enrolment)
    assert (after.balance, after.held) == (before.balance, before.held)
    market.sync()
    assert market.products[product.id].stock == product.stock


def test_a_cancel_of_what_is_sold_gives_the_price_back_but_not_the_stock(market: Market) -> None:
    product = market.code_product()
    before = market.platform.account(market.enrolment)
    sale, _ = market.sold((product, 1))
    market.platform.cancel(market.enrolment, sale.id, "not revealed")
    assert market.platform.account(market.enrolment).balance == before.balance
    market.sync()
    if product.stock is not None:
        assert market.products[product.id].stock == product.stock - 1


def test_refusals_before_money(market: Market) -> None:
    product = market.code_product()
    newer = replace(product, version=product.version + 1)
    cheaper = replace(product, wholesale=product.wholesale - Money(1))
    for known in (newer, cheaper):
        sale = market.sale((known, 1))
        no = market.refusal(market.reserving(sale))
        assert (no.code, no.effect) == ("PRICE_CHANGED", "none")
        assert no.details == {"line_id": sale.lines[0].line_id, "product": product}
    unknown = replace(product, id=market.clock.new_id())
    no = market.refusal(market.reserving(market.sale((unknown, 1))))
    assert (no.code, no.effect, no.details["product_id"]) == ("PRODUCT_OFF", "none", unknown.id)
    no = market.refusal(market.reserving(market.sale((product, product.limits.most + 1))))
    assert (no.code, no.details["rule"], no.details["most"]) == ("LIMIT", "max", product.limits.most)


def test_sold_out_says_what_is_left(market: Market) -> None:
    market.sync()
    product = next(
        each
        for each in market.products.values()
        if each.stock is not None and each.limits.most > each.stock and each.limits.step == 1
    )
    sale = market.sale((product, product.limits.most), (market.code_product(), 1))
    no = market.refusal(market.reserving(sale))
    assert (no.code, no.effect) == ("SOLD_OUT", "none")
    assert no.details == {
        "line_id": sale.lines[0].line_id,
        "product_id": product.id,
        "wanted": product.limits.most,
        "left": product.stock,
    }


def test_another_body_under_the_same_key_has_no_effect(market: Market) -> None:
    product = market.code_product()
    sale = market.sale((product, 1))
    market.platform.reserve(market.enrolment, sale, LedgerHead())
    changed = replace(sale, lines=(replace(sale.lines[0], quantity=2),))
    no = market.refusal(market.reserving(changed))
    assert (no.code, no.effect) == ("KEY_REUSED", "none")


def test_a_sale_that_nobody_reserved(market: Market) -> None:
    sale = market.paid(market.sale((market.code_product(), 1)))
    for call in (
        lambda: market.platform.confirm(market.enrolment, sale),
        lambda: market.platform.top_ups(market.enrolment, sale.id),
        lambda: market.platform.acknowledge(market.enrolment, sale.id, [], ""),
    ):
        assert market.refusal(call).code == "NOT_FOUND"


def test_an_ack_names_all_cards(market: Market) -> None:
    sale, _ = market.sold((market.code_product(), 1))
    no = market.refusal(lambda: market.platform.acknowledge(market.enrolment, sale.id, [], "x"))
    assert (no.code, no.effect) == ("BAD_REQUEST", "none")


def test_a_top_up_moves_by_itself(market: Market) -> None:
    product = market.top_up_product()
    sale, delivery = market.sold((product, 1), (market.code_product(), 1))
    line_id = sale.lines[0].line_id
    assert len(delivery.cards) == 1
    assert [told[0] for told in delivery.top_ups] == [line_id]
    told: TopUp = delivery.top_ups[0][1]
    ends_at = time.monotonic() + 30
    while not told.state.is_final:
        assert time.monotonic() < ends_at, told
        told = dict(market.platform.top_ups(market.enrolment, sale.id))[line_id]
    assert told.state is TopUpState.OK
    assert told.reference
    no = market.refusal(lambda: market.platform.cancel(market.enrolment, sale.id, "why"))
    assert (no.code, no.effect) == ("FORBIDDEN", "done")


def test_a_top_up_that_moved_is_told_as_an_event(market: Market) -> None:
    before = market.platform.events(market.enrolment, 0, 500).last_seq
    sale, _ = market.sold((market.top_up_product(), 1))
    for _ in range(200):
        market.platform.top_ups(market.enrolment, sale.id)
        news = market.platform.events(market.enrolment, before, 500)
        mine = [event for event in news.events if event.sale_id == sale.id]
        if mine:
            break
        time.sleep(0.05)
    assert {(event.kind, event.till_id) for event in mine} == {("top_up.changed", market.enrolment.till_id)}
    assert [event.seq for event in news.events] == list(range(before + 1, before + 1 + len(news.events)))
    assert market.platform.events(market.enrolment, news.last_seq, 500).last_seq >= news.last_seq


def test_a_top_up_without_its_account_is_refused(market: Market) -> None:
    sale = market.sale((market.top_up_product(), 1))
    bare = replace(sale, lines=(replace(sale.lines[0], fields=()),))
    no = market.refusal(market.reserving(bare))
    key = sale.lines[0].product.fields[0].key
    assert (no.code, no.details["key"], no.details["validator"]) == ("FIELD_INVALID", key, "phone_cn")


def test_the_ledger_is_taken_once_and_in_order(market: Market) -> None:
    till = market.enrolment.till_id
    chain: list[LedgerEntry] = []
    for seq in range(1, 6):
        prev = chain[-1].digest if chain else LedgerHead().digest
        body = {"sale_id": f"卡 {seq}", "total_minor": 5, "lines": [{"a": True, "b": None}]}
        chain.append(LedgerEntry(till, 1, seq, prev, market.clock.now(), TODAY, "note", body))

    def push(enrolment: Enrolment, entries: Sequence[LedgerEntry]) -> int:
        return market.platform.push_ledger(enrolment, entries).seq

    assert push(market.enrolment, chain[:2]) == 2
    assert push(market.enrolment, chain[:3]) == 3  # the answer before was lost: the same start, more entries
    assert push(market.enrolment, chain[:2]) == 3
    broken = replace(chain[4], prev="f" * 32)
    no = market.refusal(lambda: push(market.enrolment, [chain[3], broken]))
    assert (no.code, no.details["seq"]) == ("KEY_REUSED", 5)
    forked = replace(chain[2], kind="other")
    no = market.refusal(lambda: push(market.enrolment, [forked]))
    assert (no.code, no.details["seq"]) == ("KEY_REUSED", 3)
    assert push(market.enrolment, chain[3:]) == 5


def test_a_lease_is_filled_up_and_told_again(market: Market) -> None:
    platform, enrolment, product = market.platform, market.enrolment, market.leasable()
    before = platform.account(enrolment)
    lease = market.lease().asking({product.id: 2})
    grant, again = platform.fill_lease(enrolment, lease), platform.fill_lease(enrolment, lease)
    ids = [card.card_id for card in grant.cards]
    assert (grant.state, len(set(ids)), grant.expires_at > market.clock.now()) == (LeaseState.OPEN, 2, True)
    assert [card.card_id for card in again.cards] == ids
    more = platform.fill_lease(enrolment, lease.asking({product.id: 3}))
    assert (len(more.cards), set(ids) < {card.card_id for card in more.cards}) == (3, True)
    assert more.expires_at == grant.expires_at
    after = platform.account(enrolment)
    assert after.held - before.held == product.wholesale * 3
    assert (lease.lease_id, LeaseState.OPEN) in [(each.lease_id, each.state) for each in after.leases]
    for card in more.cards:
        assert (card.product_id, card.face, card.payload) == (product.id, product.face, product.payload)
        bound = leased_binding(market, lease, card.card_id, product)
        assert market.opens(card.sealed, bound)
        for other in (
            replace(bound, epoch=2),
            replace(bound, lease_id="other"),
            replace(bound, lease_id=None),
        ):
            with pytest.raises(CodeSealBroken):
                market.opens(card.sealed, other)


def leased_binding(market: Market, lease: Lease, card_id: str, product: Product) -> Binding:
    told = market.enrolment
    return Binding(
        told.shop_id,
        told.till_id,
        lease.epoch,
        "any",
        "any",
        card_id,
        product.id,
        product.face,
        lease.lease_id,
    )


def test_another_plan_under_the_same_key_lends_nothing(market: Market) -> None:
    product = market.leasable()
    lease = market.lease()
    market.platform.fill_lease(market.enrolment, lease.asking({product.id: 1}))
    other = lease.asking({product.id: 2})
    no = market.refusal(lambda: market.platform.fill_lease(market.enrolment, other))
    assert (no.code, no.effect) == ("KEY_REUSED", "none")


def test_what_is_not_lent(market: Market) -> None:
    top_up = market.lease().asking({market.top_up_product().id: 1})
    no = market.refusal(lambda: market.platform.fill_lease(market.enrolment, top_up))
    assert (no.code, no.effect, no.details["reason"]) == ("PRODUCT_OFF", "none", "lease")
    product = market.leasable()
    many = market.lease().asking({product.id: 101})
    no = market.refusal(lambda: market.platform.fill_lease(market.enrolment, many))
    assert (no.code, no.details["rule"]) == ("LIMIT", "lease_codes")
    assert no.details["most"] == 100


def test_leased_cards_come_back_on_the_ledgers_proof(market: Market) -> None:
    platform, enrolment, product = market.platform, market.enrolment, market.leasable()
    before = platform.account(enrolment)
    lease = market.lease().asking({product.id: 3})
    first, second, third = (card.card_id for card in platform.fill_lease(enrolment, lease).cards)
    noise = market.tell("note", {})
    early = lease.giving_back([first, second], noise.seq, noise.digest)
    no = market.refusal(lambda: platform.return_lease(enrolment, early))
    assert (no.code, no.effect, no.details["state"]) == ("FORBIDDEN", "none", "UNPROVEN")
    told = market.tell("lease_returned", {"lease_id": lease.lease_id, "card_ids": [first, second]})
    back = lease.giving_back([first, second], told.seq, told.digest)
    # The refused call wrote nothing under its key, so the same attempt may speak again.
    assert platform.return_lease(enrolment, back) is LeaseState.OPEN
    assert platform.return_lease(enrolment, back) is LeaseState.OPEN
    assert platform.account(enrolment).held - before.held == product.wholesale
    line = {"line_id": "l1", "leased": [{"lease_id": lease.lease_id, "card_id": third}]}
    sold = market.tell("sale_paid", {"sale_id": market.clock.new_id(), "lines": [line]})
    after = platform.account(enrolment)
    assert (after.held, before.balance - after.balance) == (before.held, product.wholesale)
    wrong = back.giving_back([third], sold.seq, sold.digest)
    no = market.refusal(lambda: platform.return_lease(enrolment, wrong))
    assert (no.code, no.details) == ("FORBIDDEN", {"state": "SOLD", "card_id": third})
    refill = lease.asking({product.id: 3})
    no = market.refusal(lambda: platform.fill_lease(enrolment, refill))
    assert (no.code, no.details["state"]) == ("FORBIDDEN", "RETURNED")


def test_the_ledger_is_read_back_as_it_was_pushed(market: Market) -> None:
    entry = market.tell("note", {"text": "\u5361", "count": 3})
    copy = market.platform.ledger_copy(market.enrolment, 1, entry.seq - 1, 10)
    assert (copy.entries, copy.acked_seq) == ((entry,), entry.seq)
    assert market.platform.ledger_copy(market.enrolment, 1, entry.seq, 10).entries == ()
    assert len(market.platform.ledger_copy(market.enrolment, 1, 0, 2).entries) == 2
