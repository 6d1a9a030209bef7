"""What tests of selling offline begin with: goods that sold well, codes held for them, and a line that is down."""

from __future__ import annotations

from dataclasses import replace

from pos_app.domain.lease import Lease, LeasedCard, LeasedState
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.money import Money
from pos_app.domain.sale import Sale
from pos_app.shop import Next
from tests.fakes.till_shop import FakeShop
from tests.flows.selling import basket, sold


def cards_of(fake: FakeShop, *states: LeasedState) -> list[LeasedCard]:
    """Every leased card of the till, in these states or in any."""
    with fake.till.open_to_read() as books:
        found = [card for lease in books.leases.all() for card in books.leases.cards(lease.lease_id)]
    return [card for card in found if not states or card.state in states]


def held(fake: FakeShop) -> list[LeasedCard]:
    return cards_of(fake, LeasedState.HELD)


def leases(fake: FakeShop) -> tuple[Lease, ...]:
    with fake.till.open_to_read() as books:
        return books.leases.all()


def pull(fake: FakeShop, *, pieces: int = 3) -> None:
    """So many pieces of product 1 are held: the plan is to hold what was sold in a fortnight."""
    change_rules(fake, cover_days=14)
    sold(fake, codes=pieces)
    fake.shop.push_outbox()
    fake.shop.keep_leases()
    assert len({card.kit_id for card in held(fake)}) == pieces


def down(fake: FakeShop) -> None:
    fake.platform.is_down = True


def up(fake: FakeShop) -> None:
    fake.platform.is_down = False


def reserved_offline(fake: FakeShop, *, codes: int = 1) -> Sale:
    """The platform is away; a basket becomes a sale of leased cards."""
    down(fake)
    sale = fake.shop.reserve(fake.cashier, basket(fake, codes=codes))
    assert sale.is_offline
    return sale


def sold_offline(fake: FakeShop, *, codes: int = 1) -> Sale:
    """Paid in cash and printed."""
    sale = reserved_offline(fake, codes=codes)
    sale = fake.shop.take_cash(fake.cashier, sale.id, Money(1_000_000))
    return print_all(fake, sale)


def print_all(fake: FakeShop, sale: Sale) -> Sale:
    progress = fake.shop.go_on(sale.id)
    while progress.next is Next.PAPER:
        progress = fake.shop.print_next(sale.id)
    return progress.sale


def change_rules(fake: FakeShop, **rules: object) -> None:
    """The shop's own rules are others from now on."""
    fake.house = replace(fake.house, leases=replace(fake.house.leases, **rules))  # type: ignore[arg-type]
    fake.restarted()


def settle(fake: FakeShop) -> None:
    """The line is up again; everything is told, twice over."""
    up(fake)
    for _ in range(2):
        fake.shop.recover()
        fake.shop.push_outbox()
        fake.shop.keep_leases()
        fake.shop.refresh_account()


def lock(fake: FakeShop) -> None:
    """As after an old copy of the file was put back."""
    with fake.till.open_books() as books:
        books.till.keep_rolled_back(AnchorMark(1, 999))
        books.commit()
