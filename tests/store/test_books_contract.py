"""What every kind of books promises: transactions, sales, cards, papers, ledger, outbox, shifts, people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.errors import (
    NoSuchSale,
    NotEnrolled,
    ShiftAlreadyOpen,
    ShiftNotOpen,
    UnknownPerson,
)
from pos_app.domain.ledger import LedgerHead, LedgerRefusal, first_break
from pos_app.domain.money import Money
from pos_app.domain.outbox import Message, MessageKind, MessageState
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.sale import Sale, SaleSearch, SaleState, TopUp, TopUpState
from pos_app.domain.shift import CashMovement, Closing, Direction
from pos_app.domain.staff import Person, Role
from pos_app.domain.till import Account
from pos_app.ports.books import Books
from tests.fakes.till_goods import code_product, top_up_product
from tests.store.till_world import (
    DAY,
    ENROLMENT,
    NOON,
    OWNER,
    World,
    begun,
    card_of,
    done,
    fake_world,
    given_back,
    open_file,
    paid,
)


def test_what_is_not_committed_is_undone(world: World) -> None:
    sale = begun()
    with world.open_books() as books:
        books.sales.put(sale)
        assert books.sales.get(sale.id) == sale
    with pytest.raises(NoSuchSale):
        world.read(lambda books: books.sales.get(sale.id))


def test_what_the_platform_charges_is_kept_with_the_reservation(world: World) -> None:
    sale = begun()
    world.put(sale)
    charged = sale.moved_to(SaleState.RESERVED).with_costs({sale.lines[0].line_id: Money(7)})
    world.put(charged)
    assert world.read(lambda books: books.sales.get(sale.id)) == charged
    assert charged.lines[0].cost == Money(7 * charged.lines[0].quantity)


def test_an_error_undoes_everything(world: World) -> None:
    sale = begun()

    def fail() -> None:
        with world.open_books() as books:
            books.sales.put(sale)
            books.commit()
            books.sales.keep_basket(Sale("basket", "CNY"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert world.read(lambda books: books.sales.get(sale.id)) == sale
    assert world.read(lambda books: books.sales.basket()) is None


def test_a_reader_sees_one_picture_and_keeps_nothing(world: World) -> None:
    sale = begun()
    with world.open_to_read() as books:
        assert books.sales.open_sales() == ()
        world.put(sale)
        assert books.sales.open_sales() == ()
        books.commit()
    assert world.read(lambda books: books.sales.open_sales()) == (sale,)


def test_before_enrolment() -> None:
    with fake_world().open_books() as books:
        with pytest.raises(NotEnrolled):
            books.till.enrolment()
        with pytest.raises(NotEnrolled):
            books.ledger.append("kind", NOON, DAY, {})
        assert books.ledger.head() == LedgerHead()


def test_before_enrolment_on_a_file(tmp_path: Path) -> None:
    file = open_file(tmp_path)
    with file.open_books() as books:
        with pytest.raises(NotEnrolled):
            books.till.enrolment()
        with pytest.raises(NotEnrolled):
            books.ledger.append("kind", NOON, DAY, {})
        assert books.ledger.head() == LedgerHead()
        assert books.reports.day(DAY).figures.takings == Money(0)
    file.close()


def test_till_and_account(world: World) -> None:
    account = Account(Money(1), Money(2), Money(3), NOON)
    moved = replace(ENROLMENT, epoch=2, address="http://[::1]:2")
    assert world.read(lambda books: books.till.account()) is None
    world.write(lambda books: (books.till.enrol(moved), books.till.keep_account(account)))
    assert world.read(lambda books: (books.till.enrolment(), books.till.account())) == (moved, account)


def test_people(world: World) -> None:
    locked = replace(Person("bo", "Bo", Role.CASHIER, "h"), wrong_tries=5, locked_at=NOON)
    gone = Person("al", "Al", Role.CASHIER, "h", is_active=False)
    world.write(lambda books: (books.staff.put(locked), books.staff.put(gone)))
    assert world.read(lambda books: books.staff.people()) == (OWNER, locked)
    assert world.read(lambda books: books.staff.person("al")) == gone
    world.write(lambda books: books.staff.put(locked.after_right_pin()))
    assert world.read(lambda books: books.staff.person("bo")).wrong_tries == 0
    with pytest.raises(UnknownPerson):
        world.read(lambda books: books.staff.person("nobody"))


def test_a_sale_comes_back_as_it_was_at_every_step(world: World) -> None:
    sale = begun((code_product(), 2), (top_up_product(), 1))
    reserved = replace(
        sale.moved_to(SaleState.RESERVED), expires_at=NOON, masked=((sale.lines[0].line_id, ("12", "34")),)
    )
    money_in = paid(reserved, "T1-000001")
    top_up = sale.lines[1].line_id
    told = money_in.moved_to(SaleState.CONFIRMING).with_top_up(
        top_up, TopUp(TopUpState.FAILED_FINAL, "ref", "no such number")
    )
    refunded = told.moved_to(SaleState.HAVE).moved_to(SaleState.DONE).with_refund(top_up, Money(5_000))
    for step in (sale, reserved, money_in, told, refunded):
        world.put(step)
        with world.open_to_read() as books:
            assert books.sales.get(step.id) == step


def test_open_sales_are_those_with_something_left_to_do(world: World) -> None:
    codes = done(paid(begun(), "T1-000001"))
    top_up = done(paid(begun((top_up_product(), 1)), "T1-000002"))
    line = top_up.lines[0].line_id
    cancelled = begun().moved_to(SaleState.CANCELLED)
    waiting = begun()
    world.put(codes, top_up, cancelled, waiting)
    assert world.read(lambda books: books.sales.open_sales()) == (top_up, waiting)
    failed = top_up.with_top_up(line, TopUp(TopUpState.FAILED_FINAL))
    world.put(failed)
    assert world.read(lambda books: books.sales.open_sales()) == (failed, waiting)
    world.put(failed.with_refund(line, Money(5_000)))
    assert world.read(lambda books: books.sales.open_sales()) == (waiting,)


@pytest.mark.parametrize(
    "state", [PaperState.DUE, PaperState.PRINTING, PaperState.UNKNOWN, PaperState.FAILED]
)
def test_a_sale_with_a_paper_to_come_is_open_whatever_else_it_is(world: World, state: PaperState) -> None:
    sale = done(paid(begun(), "T1-000001"))
    world.put(sale)
    paper = Paper("paper", PaperKind.RECEIPT, sale.id, sale.id, 1, state, NOON)
    world.write(lambda books: books.papers.put(paper))
    assert world.read(lambda books: books.sales.open_sales()) == (sale,)
    (found,) = world.read(lambda books: books.sales.search(SaleSearch(only_open=True)))
    assert found.needs_attention
    world.write(lambda books: books.papers.put(replace(paper, state=PaperState.PRINTED)))
    assert world.read(lambda books: books.sales.open_sales()) == ()
    assert world.read(lambda books: books.sales.search(SaleSearch(only_open=True))) == ()


def test_a_basket_is_no_sale(world: World) -> None:
    basket = Sale("basket", "CNY").with_product(code_product(), 3, "line")
    with pytest.raises(ValueError, match="keep_basket"):
        world.write(lambda books: books.sales.put(basket))
    world.write(lambda books: books.sales.keep_basket(basket))
    assert world.read(lambda books: books.sales.basket()) == basket
    world.write(lambda books: books.sales.keep_basket(None))
    assert world.read(lambda books: books.sales.basket()) is None


def test_receipt_numbers_are_gapless(world: World) -> None:
    assert world.write(lambda books: books.sales.next_receipt_number()) == "T1-000001"
    with world.open_books() as books:
        assert books.sales.next_receipt_number() == "T1-000002"
    assert world.write(lambda books: books.sales.next_receipt_number()) == "T1-000002"


def test_sales_are_found(world: World) -> None:
    first = paid(begun(), "T1-000012")
    second = paid(begun((top_up_product(), 1), at=NOON + timedelta(hours=2)), "T1-000013")
    third = begun(at=NOON + timedelta(days=1), day=DAY + timedelta(days=1))
    world.put(done(first), second, third)

    def found(**by: Any) -> list[str]:
        rows = world.read(lambda books: books.sales.search(SaleSearch(**by)))
        return [row.sale_id for row in rows]

    assert found() == [third.id, second.id, first.id]
    assert found(most=1) == [third.id]
    assert found(text="T1-000012") == found(text="t1-000012") == found(text="12") == [first.id]
    assert found(text="1234") == found(text="13800001234") == [second.id]
    assert found(text="9999") == found(text="%") == found(text="' OR 1=1") == []
    assert found(amount=Money(5_000)) == [second.id]
    assert found(day=DAY) == [second.id, first.id]
    assert found(hours=(12, 13)) == [third.id, first.id]
    assert found(hours=(13, 23)) == [second.id]
    assert found(hours=(14, 11)) == [second.id]
    assert found(only_open=True) == [third.id, second.id]
    row = world.read(lambda books: books.sales.search(SaleSearch(text="13")))[0]
    assert (row.receipt_number, row.cashier, row.total, row.lines, row.needs_attention) == (
        "T1-000013",
        "Ann",
        Money(5_000),
        1,
        True,
    )
    assert (row.at, row.first_line) == (NOON + timedelta(hours=2), second.lines[0].product.names)


def test_a_card_belongs_to_one_sale(world: World) -> None:
    sale, other = begun((code_product(1), 1), (code_product(2), 1)), begun()
    world.put(sale, other)
    second, first = card_of(sale, "card-a", line=1), card_of(sale, "card-b")
    world.write(lambda books: (books.cards.put(second), books.cards.put(first)))
    assert world.read(lambda books: books.cards.of_sale(sale.id)) == (first, second)
    for wrong in (card_of(other, "card-a"), replace(first, line_id=sale.lines[1].line_id)):
        with world.open_books() as books, pytest.raises(ValueError, match="belongs to another sale"):
            books.cards.put(wrong)
    assert world.read(lambda books: books.cards.get("card-a")) == second
    with pytest.raises(KeyError):
        world.read(lambda books: books.cards.get("none"))


def test_cards_are_shredded_after_their_time(world: World) -> None:
    sale = begun((code_product(), 3))
    world.put(sale)
    acked = replace(card_of(sale, "a").revealing().printed(), acked_at=NOON)
    late = replace(card_of(sale, "b"), acked_at=NOON + timedelta(hours=1))
    world.write(lambda books: [books.cards.put(card) for card in (acked, late, card_of(sale, "c"))])
    assert world.read(lambda books: books.cards.to_shred(NOON + timedelta(hours=1))) == (acked,)
    world.write(lambda books: books.cards.put(replace(acked, sealed=None)))
    assert world.read(lambda books: books.cards.to_shred(NOON + timedelta(hours=1))) == ()
    assert world.read(lambda books: books.cards.get("a")).sealed is None


def test_papers_in_the_order_in_which_they_were_made(world: World) -> None:
    sale = begun()
    world.put(sale)
    later = Paper("z", PaperKind.CODE, sale.id, "card", 1, PaperState.DUE, NOON)
    receipt = Paper("a", PaperKind.RECEIPT, sale.id, sale.id, 1, PaperState.DUE, NOON)
    closing = Paper("m", PaperKind.CLOSING, None, "shift", 1, PaperState.DUE, NOON)
    world.write(lambda books: [books.papers.put(paper) for paper in (later, receipt, closing)])
    printed = replace(later, state=PaperState.UNKNOWN, cause="timeout")
    world.write(lambda books: books.papers.put(printed))
    assert world.read(lambda books: books.papers.of_sale(sale.id)) == (printed, receipt)
    assert world.read(lambda books: books.papers.get("m")) == closing
    with pytest.raises(KeyError):
        world.read(lambda books: books.papers.get("none"))


def test_the_ledger_is_a_chain(world: World) -> None:
    bodies: list[dict[str, Any]] = [{"name": "\u661f\u6cb3", "lines": [1, {"x": True}]}, {}, {"n": 3}]
    made = world.write(lambda books: [books.ledger.append("kind", NOON, DAY, body) for body in bodies])
    entries = world.read(lambda books: books.ledger.after(0, 10))
    assert entries == tuple(made)
    assert first_break(entries, LedgerHead()) is None
    assert world.read(lambda books: books.ledger.head()) == LedgerHead(3, made[2].digest)
    assert [entry.seq for entry in world.read(lambda books: books.ledger.after(1, 1))] == [2]
    with pytest.raises(TypeError):
        world.write(lambda books: books.ledger.append("kind", NOON, DAY, {"price": 1.5}))
    world.write(lambda books: (books.ledger.keep_acked(2), books.ledger.keep_acked(1)))
    assert world.read(lambda books: books.ledger.acked()) == 2


def test_the_latest_time_outlives_a_clock_set_back(world: World) -> None:
    assert world.read(lambda books: books.ledger.latest_at()) is None
    times = (NOON, NOON + timedelta(hours=1), NOON - timedelta(days=1))
    world.write(lambda books: [books.ledger.append("kind", at, DAY, {}) for at in times])
    assert world.read(lambda books: books.ledger.latest_at()) == NOON + timedelta(hours=1)
    world.write(lambda books: books.till.enrol(replace(ENROLMENT, epoch=2)))
    assert world.read(lambda books: books.ledger.latest_at()) is None


def test_a_new_epoch_begins_a_new_chain(world: World) -> None:
    world.write(lambda books: (books.ledger.append("kind", NOON, DAY, {}), books.ledger.keep_acked(1)))
    world.write(lambda books: books.till.enrol(replace(ENROLMENT, epoch=2)))
    assert world.read(lambda books: (books.ledger.head(), books.ledger.acked())) == (LedgerHead(), 0)
    entry = world.write(lambda books: books.ledger.append("kind", NOON, DAY, {}))
    assert (entry.epoch, entry.seq) == (2, 1)


def test_the_outbox(world: World) -> None:
    first, second = begun(), begun()
    world.put(first, second)
    due = Message.new("z", MessageKind.ACK, first.id, NOON)
    later = Message.new("a", MessageKind.WITHDRAW, second.id, NOON + timedelta(seconds=1))
    world.write(lambda books: (books.outbox.add(due), books.outbox.add(later)))
    assert world.read(lambda books: books.outbox.due(NOON, 9)) == (due,)
    assert world.read(lambda books: books.outbox.due(NOON + timedelta(seconds=1), 9)) == (due, later)
    assert world.read(lambda books: books.outbox.due(NOON + timedelta(seconds=1), 1)) == (due,)
    with pytest.raises(ValueError, match="already"):
        world.write(lambda books: books.outbox.add(replace(due, id="other")))
    dead = replace(due, state=MessageState.DEAD, tries=3, reason="LIMIT")
    world.write(
        lambda books: (books.outbox.keep(dead), books.outbox.keep(replace(later, state=MessageState.SENT)))
    )
    assert world.read(lambda books: (books.outbox.unsent(), books.outbox.due(NOON, 9))) == (1, ())
    assert world.read(lambda books: (books.outbox.get("z"), books.outbox.open_messages())) == (dead, (dead,))
    world.write(lambda books: books.outbox.keep(replace(dead, state=MessageState.LEFT)))
    assert world.read(lambda books: (books.outbox.unsent(), books.outbox.open_messages())) == (0, ())
    with pytest.raises(KeyError):
        world.read(lambda books: books.outbox.get("other"))
    with pytest.raises(KeyError):
        world.write(lambda books: books.outbox.keep(replace(due, id="other")))


def keeping(message: Message) -> Callable[[Books], None]:
    return lambda books: books.outbox.keep(message)


def refused_with(refusal: LedgerRefusal) -> Callable[[Books], None]:
    return lambda books: books.ledger.keep_refusal(refusal)


def test_a_sale_is_open_while_its_withdrawal_is_not_taken(world: World) -> None:
    kept, gone = (done(paid(begun(), f"T1-00000{number}")) for number in (1, 2))
    shift = world.open_shift()
    world.put(kept, gone)
    assert world.read(lambda books: books.sales.open_sales()) == ()
    told = Message.new("w", MessageKind.WITHDRAW, kept.id, NOON)
    world.write(
        lambda books: (
            books.outbox.add(told),
            books.outbox.add(Message.new("a", MessageKind.ACK, gone.id, NOON)),
        )
    )
    for open_still in (told, replace(told, state=MessageState.DEAD)):
        world.write(keeping(open_still))
        assert [sale.id for sale in world.read(lambda books: books.sales.open_sales())] == [kept.id]
        assert world.read(lambda books: books.shifts.totals(shift)).open_items == 1
    for over in (MessageState.SENT, MessageState.LEFT):
        world.write(keeping(replace(told, state=over)))
        assert world.read(lambda books: books.sales.open_sales()) == ()


def test_a_ledger_that_was_refused(world: World) -> None:
    assert world.read(lambda books: books.ledger.refusal()) is None
    first = LedgerRefusal(7, "KEY_REUSED", NOON, 1, NOON + timedelta(seconds=2))
    again = replace(first, tries=2, next_try_at=NOON + timedelta(seconds=9))
    for each in (first, again):
        world.write(refused_with(each))
        assert world.read(lambda books: books.ledger.refusal()) == each
    world.write(lambda books: books.ledger.keep_refusal(None))
    assert world.read(lambda books: books.ledger.refusal()) is None
    world.write(lambda books: books.ledger.keep_refusal(first))
    world.write(lambda books: books.till.enrol(replace(ENROLMENT, epoch=2)))
    assert world.read(lambda books: books.ledger.refusal()) is None  # it was the chain of another epoch


def test_a_shift_from_opening_to_closing(world: World) -> None:
    shift = world.open_shift()
    assert world.read(lambda books: books.shifts.current()) == shift
    with pytest.raises(ShiftAlreadyOpen) as caught:
        world.open_shift("shift-2")
    assert caught.value.opened_by == "Ann"
    top_up = done(paid(begun((top_up_product(), 1)), "T1-000001"))
    line = top_up.lines[0].line_id
    world.put(top_up, paid(begun(), "T1-000002"), paid(begun(shift_id="other"), "T1-000003"), begun())
    moves = [
        CashMovement(f"m{way.value}", shift.id, way, Money(amount), "why", "ann", NOON)
        for way, amount in ((Direction.IN, 700), (Direction.OUT, 300))
    ]
    world.write(lambda books: [books.shifts.move_cash(move) for move in moves])
    assert world.read(lambda books: books.shifts.movements(shift.id)) == tuple(moves)
    refund, failed = given_back(top_up.with_top_up(line, TopUp(TopUpState.FAILED_FINAL)), line, Money(5_000))
    before = world.read(lambda books: books.shifts.totals(shift))
    assert (before.open_items, before.open_money) == (4, Money(45_000))
    world.put(failed)
    world.write(lambda books: books.refunds.add(refund, failed))
    totals = world.read(lambda books: books.shifts.totals(shift))
    assert (totals.sales, totals.takings, totals.cash_taken) == (2, Money(20_000), Money(25_000))
    assert (totals.cash_refunded, totals.moved_in, totals.moved_out) == (Money(5_000), Money(700), Money(300))
    assert (totals.open_items, totals.open_money) == (3, Money(40_000))
    closing = Closing(
        shift,
        totals,
        totals.expected_cash(shift.opening_cash),
        Money(40_400),
        "Ann",
        NOON + timedelta(hours=9),
    )
    assert world.read(lambda books: books.shifts.last_closing()) is None
    world.write(lambda books: books.shifts.close(closing))
    kept = world.read(lambda books: books.shifts.last_closing())
    assert kept == replace(closing, shift=replace(shift, closed_at=closing.closed_at))
    assert kept.difference == Money(0)
    assert world.read(lambda books: books.shifts.current()) is None
    with pytest.raises(ShiftNotOpen):
        world.write(lambda books: books.shifts.close(closing))


def test_a_refund_is_written_down_once(world: World) -> None:
    sale = paid(begun(), "T1-000001")
    world.put(sale)
    refund, back = given_back(sale, sale.lines[0].line_id, Money(100))
    world.write(lambda books: books.refunds.add(refund, back))
    with pytest.raises(Exception, match="refund"):
        world.write(lambda books: books.refunds.add(refund, back))
