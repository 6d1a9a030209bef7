"""What every kind of books promises of leases: cards once, in order, found while their lease sells; and of old copies."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlcipher3 import dbapi2

from pos_app.domain.catalogue import Payload
from pos_app.domain.errors import RolledBack
from pos_app.domain.lease import Filling, Lease, LeasedCard, LeasedState, LeaseState, Returning
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.money import Money
from tests.fakes.till_goods import code_product
from tests.store.till_world import DAY, ENROLMENT, NOON, World, begun, card_of, given_back, paid

SOON, LATER = NOON + timedelta(hours=1), NOON + timedelta(hours=24)


def lease(lease_id: str = "lease-1", **changes: object) -> Lease:
    return replace(Lease(lease_id, 1, NOON, expires_at=LATER), **changes)  # type: ignore[arg-type]


def card(
    card_id: str, lease_id: str = "lease-1", product_id: str = "product-1", kit_id: str = ""
) -> LeasedCard:
    return LeasedCard(
        card_id, lease_id, kit_id or card_id, product_id, Payload.NUMBER_PIN, Money(10_000), b"sealed"
    )


def take_in(world: World, *cards: LeasedCard) -> int:
    count: int = world.write(lambda books: books.leases.take_in(cards))
    return count


def put(world: World, *leases: Lease) -> None:
    world.write(lambda books: [books.leases.put(each) for each in leases])


def put_card(world: World, changed: LeasedCard) -> None:
    world.write(lambda books: books.leases.put_card(changed))


def keep_rolled_back(world: World, mark: AnchorMark | None) -> None:
    world.write(lambda books: books.till.keep_rolled_back(mark))


def ids(cards: Sequence[LeasedCard]) -> list[str]:
    return [each.card_id for each in cards]


def test_a_lease_comes_back_as_it_was(world: World) -> None:
    full = lease(
        state=LeaseState.FENCED,
        most=7,
        most_amount=Money(5),
        attempts=3,
        returns=2,
        filling=Filling(3, (("product-1", 2),)),
        returning=Returning(2, ("card-1",), 9, "f" * 32),
        is_closing=True,
        left_out=("product-9",),
        asks_at_most=4,
    )
    for step in (Lease("lease-1", 1, NOON), full, lease(state=LeaseState.SETTLED)):
        put(world, step)
        assert world.read(lambda books: books.leases.get("lease-1")) == step
    with pytest.raises(KeyError):
        world.read(lambda books: books.leases.get("other"))


def test_unfinished_leases_are_told_oldest_first(world: World) -> None:
    over = lease("lease-2", state=LeaseState.SETTLED)
    owes = replace(over, lease_id="lease-3", returning=Returning(1, ("c",), 1, "h"))
    for each in (lease(), over, owes):
        put(world, each)
    assert [each.lease_id for each in world.read(lambda books: books.leases.unfinished())] == [
        "lease-1",
        "lease-3",
    ]
    assert [each.lease_id for each in world.read(lambda books: books.leases.all())] == [
        "lease-1",
        "lease-2",
        "lease-3",
    ]


def test_a_card_is_taken_in_once(world: World) -> None:
    world.write(lambda books: [books.leases.put(lease(name)) for name in ("lease-1", "lease-2")])
    assert take_in(world, card("card-1"), card("card-2")) == 2
    assert take_in(world, card("card-2"), card("card-3")) == 1
    assert take_in(world, card("card-1", "lease-2")) == 0  # it is held under another lease
    world.write(lambda books: books.leases.put_card(card("card-1").destroyed()))
    assert take_in(world, card("card-1")) == 0  # never again under the lease that it was destroyed under
    assert take_in(world, card("card-1", "lease-2")) == 1  # it came back, and is lent anew
    assert ids(world.read(lambda books: books.leases.cards("lease-1"))) == ["card-1", "card-2", "card-3"]


def test_a_card_goes_its_way(world: World) -> None:
    sale = begun()
    world.put(sale)
    world.write(lambda books: books.leases.put(lease()))
    take_in(world, card("card-1"), card("card-2", product_id="product-2"))
    held = card("card-1")
    bound = held.bound(sale.id, sale.lines[0].line_id)
    for step in (bound, bound.freed(), bound, bound.sold()):
        put_card(world, step)
        assert world.read(lambda books: books.leases.cards("lease-1"))[0] == step
        mine = world.read(lambda books: books.leases.of_sale(sale.id))
        assert ids(mine) == (["card-1"] if step.sale_id else [])
        assert ("card-1" in ids(world.read(lambda books: books.leases.held()))) is (
            step.state is LeasedState.HELD
        )
    with pytest.raises(KeyError):
        world.write(lambda books: books.leases.put_card(card("card-9")))
    assert card("card-1").destroyed().sealed is None


def test_what_is_sealed_is_what_is_still_here(world: World) -> None:
    world.write(lambda books: books.leases.put(lease()))
    take_in(world, card("card-1"))
    for wrong in (
        replace(card("card-1"), sealed=None),
        replace(card("card-1").destroyed(), sealed=b"sealed"),
        replace(card("card-1"), state=LeasedState.BOUND),
        replace(card("card-1"), sale_id="sale", line_id="line"),
    ):
        with pytest.raises((ValueError, dbapi2.IntegrityError)):
            put_card(world, wrong)


def test_cards_are_found_by_the_lease_that_ends_first(world: World) -> None:
    world.write(
        lambda books: [
            books.leases.put(each)
            for each in (
                lease("late"),
                lease("soon", expires_at=SOON),
                lease("fenced", state=LeaseState.FENCED),
                lease("old", epoch=0),
                lease("silent", expires_at=None),
            )
        ]
    )
    take_in(world, card("c-late", "late"), card("c-soon", "soon"), card("c-kit", "soon", kit_id="c-soon"))
    take_in(world, card("c-fenced", "fenced"), card("c-old", "old"), card("c-silent", "silent"))
    take_in(world, card("c-other", "late", "product-2"))
    sellable = lambda until: ids(world.read(lambda books: books.leases.sellable("product-1", 1, until)))  # noqa: E731
    assert sellable(NOON) == ["c-soon", "c-kit", "c-late"]
    assert sellable(SOON - timedelta(microseconds=1)) == ["c-soon", "c-kit", "c-late"]
    assert sellable(SOON) == ["c-late"]
    assert sellable(LATER) == []
    assert len(world.read(lambda books: books.leases.held("product-1"))) == 6
    assert len(world.read(lambda books: books.leases.held())) == 7


def test_codes_that_came_by_a_lease_wait_to_be_told(world: World) -> None:
    sale = paid(begun(), "T1-000001")
    world.put(sale)
    leased = replace(card_of(sale, "card-1"), epoch=1, lease_id="lease-1")
    plain = replace(card_of(sale, "card-2"), epoch=1)
    world.write(lambda books: [books.cards.put(each) for each in (leased, plain)])
    assert world.read(lambda books: books.cards.leased_not_told()) == (leased,)
    assert world.read(lambda books: books.cards.get("card-2")) == plain
    world.write(lambda books: books.cards.put(replace(leased, acked_at=NOON)))
    assert world.read(lambda books: books.cards.leased_not_told()) == ()


def test_an_offline_sale_is_known_as_one(world: World) -> None:
    sale = replace(begun(), is_offline=True)
    world.put(sale)
    assert world.read(lambda books: books.sales.get(sale.id)).is_offline
    plain = begun()
    world.put(plain)
    assert not world.read(lambda books: books.sales.get(plain.id)).is_offline
    world.put(replace(plain, is_offline=True))  # leased cards stepped in
    assert world.read(lambda books: books.sales.get(plain.id)).is_offline


def test_when_its_codes_come_and_that_it_is_in_doubt_is_kept(world: World) -> None:
    sale = replace(begun(), cools_until=NOON)
    world.put(sale)
    kept = world.read(lambda books: books.sales.get(sale.id))
    assert (kept.cools_until, kept.is_doubtful) == (NOON, False)
    world.put(replace(sale, is_doubtful=True))
    assert world.read(lambda books: books.sales.get(sale.id)).is_doubtful
    world.put(replace(sale, cools_until=NOON + timedelta(hours=1)))
    assert world.read(lambda books: books.sales.get(sale.id)).cools_until == NOON + timedelta(hours=1)


def test_an_old_copy_takes_no_further_entry(world: World) -> None:
    assert world.read(lambda books: books.till.rolled_back()) is None
    for mark in (AnchorMark(1, 7), AnchorMark(2, 1)):
        keep_rolled_back(world, mark)
        assert world.read(lambda books: books.till.rolled_back()) == mark
    with pytest.raises(RolledBack):
        world.write(lambda books: books.ledger.append("kind", NOON, DAY, {}))
    world.write(lambda books: books.till.keep_rolled_back(None))
    world.write(lambda books: books.ledger.append("kind", NOON, DAY, {}))
    assert world.read(lambda books: books.ledger.head().seq) == 1


def test_that_an_anchor_was_seen_and_which_event_was_last_are_kept(world: World) -> None:
    assert world.read(lambda books: (books.till.is_anchored(), books.till.last_event())) == (False, 0)
    world.write(lambda books: (books.till.keep_anchored(), books.till.keep_last_event(7)))
    world.write(lambda books: (books.till.keep_anchored(), books.till.keep_last_event(9)))
    assert world.read(lambda books: (books.till.is_anchored(), books.till.last_event())) == (True, 9)


def test_receipt_numbers_skip_what_was_given_out_elsewhere(world: World) -> None:
    assert world.write(lambda books: books.sales.skip_receipt_numbers(0)) == 1
    assert world.write(lambda books: books.sales.next_receipt_number()) == "T1-000001"
    assert world.write(lambda books: books.sales.skip_receipt_numbers(5)) == 2
    assert world.write(lambda books: books.sales.skip_receipt_numbers(3)) == 6
    assert world.write(lambda books: books.sales.next_receipt_number()) == "T1-000006"


def test_pieces_are_counted_from_a_day_on(world: World) -> None:
    old = paid(begun((code_product(1), 2), day=DAY - timedelta(days=1)), "T1-000001")
    new = paid(begun((code_product(1), 3), (code_product(2), 1)), "T1-000002")
    world.open_shift()
    world.put(old, new, begun((code_product(3), 1)))
    since = lambda day: dict(world.read(lambda books: books.reports.pieces_since(day)))  # noqa: E731
    assert since(DAY) == {"product-1": 3, "product-2": 1}
    assert since(DAY - timedelta(days=1)) == {"product-1": 5, "product-2": 1}
    assert since(DAY + timedelta(days=1)) == {}
    refund, back = given_back(new, new.lines[1].line_id, new.lines[1].total)
    world.put(back)
    world.write(lambda books: books.refunds.add(refund, back))
    assert since(DAY) == {"product-1": 3}


def enrol(world: World, epoch: int) -> None:
    world.write(lambda books: books.till.enrol(replace(ENROLMENT, epoch=epoch)))


def test_what_former_epochs_left_unsaid(world: World) -> None:
    def append(count: int) -> None:
        world.write(lambda books: [books.ledger.append("kind", NOON, DAY, {}) for _ in range(count)])

    def unsent(most: int = 10) -> list[tuple[int, int]]:
        return [(e.epoch, e.seq) for e in world.read(lambda books: books.ledger.former_unsent(most))]

    append(3)
    assert unsent() == []
    for epoch in (2, 3):
        enrol(world, epoch)
        append(2)
    assert unsent() == [(1, 1), (1, 2), (1, 3)]
    assert unsent(2) == [(1, 1), (1, 2)]
    world.write(lambda books: books.ledger.keep_acked(3, 1))
    assert unsent() == [(2, 1), (2, 2)]
    world.write(lambda books: books.ledger.keep_acked(2, 2))
    assert unsent() == []
    assert world.read(lambda books: books.ledger.acked()) == 0
