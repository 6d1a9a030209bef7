"""What the doctor says of leased cards, each breach planted in the books by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pos_app.domain.card_code import CardCode
from pos_app.domain.lease import Lease, LeasedState
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.money import Money
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.leasing import cards_of, held, leases, pull, sold_offline, up
from tests.flows.selling import sold


@pytest.fixture
def fake() -> FakeShop:
    """Two codes held, one sold from its lease."""
    fake = make_fake_shop(stock=50)
    pull(fake)
    sold_offline(fake)
    up(fake)
    return fake


def broken(fake: FakeShop) -> set[str]:
    return {finding.invariant.split()[0] for finding in fake.shop.doctor() if not finding.holds}


def write(fake: FakeShop, what: Any) -> None:
    with fake.till.open_books() as books:
        what(books)
        books.commit()


def test_all_is_well(fake: FakeShop) -> None:
    assert broken(fake) == set()
    told = {f.invariant.split()[0]: f.seen for f in fake.shop.doctor()}
    assert told["I1"] == "4 codes, 3 leased, 0 twice"
    assert told["I18"] == "0 sold late, 0 not told, 0 leases above their caps"


def test_a_lease_that_was_never_granted_has_no_caps(fake: FakeShop) -> None:
    write(fake, lambda books: books.leases.put(Lease("new", 1, fake.clock.now())))
    assert broken(fake) == set()


def test_a_card_in_hand_that_was_handed_over(fake: FakeShop) -> None:
    card, sale = held(fake)[0], sold(fake, codes=1).sale
    line = sale.lines[0]
    code = CardCode(
        card.card_id,
        sale.id,
        line.line_id,
        card.product_id,
        card.payload,
        card.face,
        None,
        lease_id=card.lease_id,
    )
    write(fake, lambda books: books.cards.put(code))
    assert "I1" in broken(fake)


def test_a_card_of_another_lease_by_that_name_is_another_matter(fake: FakeShop) -> None:
    """It came back, was sold by the platform in the ordinary way, and the tombstone of its lease stands."""
    card = held(fake)[0]
    sale = sold(fake, codes=1).sale
    write(fake, lambda books: books.leases.put_card(card.destroyed()))
    plain = replace(fake.till.pages.cards[f"{sale.lines[0].line_id}-card-0"], card_id=card.card_id)
    fake.till.pages.cards.pop(f"{sale.lines[0].line_id}-card-0")
    write(fake, lambda books: books.cards.put(plain))
    assert "I1" not in broken(fake)


def test_a_sold_card_that_is_nobodys(fake: FakeShop) -> None:
    (card,) = cards_of(fake, LeasedState.SOLD)
    fake.till.pages.cards.pop(card.card_id)
    assert "I1" in broken(fake)


def test_sold_after_the_end_of_its_lease(fake: FakeShop) -> None:
    lease = leases(fake)[0]
    write(
        fake, lambda books: books.leases.put(replace(lease, expires_at=fake.clock.now() - timedelta(hours=1)))
    )
    assert broken(fake) == {"I18"}


def test_sold_without_the_ledgers_word(fake: FakeShop) -> None:
    card, sale = held(fake)[0], sold(fake, codes=1).sale
    write(
        fake,
        lambda books: books.leases.put_card(card.bound(sale.id, sale.lines[0].line_id).sold()),
    )
    assert {"I1", "I18"} <= broken(fake)


@pytest.mark.parametrize("caps", [{"most": 1}, {"most_amount": Money(19_999)}])
def test_more_is_held_than_the_platform_lent(fake: FakeShop, caps: dict[str, Any]) -> None:
    lease = leases(fake)[0]
    write(fake, lambda books: books.leases.put(replace(lease, **caps)))
    assert broken(fake) == {"I18"}


def test_an_anchor_beyond_the_ledger(fake: FakeShop) -> None:
    assert fake.anchor.mark <= AnchorMark(1, 999)
    fake.anchor.mark = AnchorMark(1, 999)
    assert broken(fake) == {"R16"}
