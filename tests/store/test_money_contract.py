"""The shelves of electronic money, on the real file and on the fake: the same promises."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.bill import BillFinding, BillItem, Difference, KeptBill
from pos_app.domain.errors import NoSuchAttempt
from pos_app.domain.gateway import Answer, BillKind, BillLine, RefundAnswer, RefundStanding, Standing, Undoing
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender
from pos_app.domain.payment_code import Wallet
from pos_app.domain.refund import Refund, RefundState
from pos_app.domain.sale import Sale
from tests.fakes.till_money import asked_refund, sent_attempt
from tests.store.till_world import DAY, NOON, World, begun, done, paid

S = timedelta(seconds=1)
EVER = NOON + timedelta(days=999)


def attempt_of(sale: Sale, number: str = "N1", **changes: Any) -> Attempt:
    return sent_attempt(number=number, sale_id=sale.id, code_digest=f"digest-{number}", **changes)


def put(world: World, *attempts: Attempt) -> None:
    world.write(lambda books: [books.attempts.put(each) for each in attempts])


def stored(world: World, number: str = "N1") -> Attempt:
    attempt: Attempt = world.read(lambda books: books.attempts.get(number))
    return attempt


def numbers(found: Iterable[Attempt | Refund]) -> list[str]:
    return [each.number for each in found]


def a_sale(world: World) -> Sale:
    sale = begun()
    world.put(sale)
    return sale


# --- attempts ---


def test_an_attempt_comes_back_as_it_was_at_every_step(world: World) -> None:
    sale = a_sale(world)
    sent = attempt_of(sale, code_end="6789", qr="https://pay.example/1")
    silent = sent.no_answer(NOON, was_sent=False)
    waiting = silent.heard(Answer(Standing.WAITING, "USERPAYING", "G1", Wallet.UNIONPAY), NOON + S)
    given_up = waiting.give_up(NOON + 2 * S)
    once = given_up.heard_undone(Undoing.DONE, Answer(Standing.ABSENT), NOON + 3 * S, NOON)
    watched = once.heard_undone(Undoing.DONE, Answer(Standing.ABSENT), NOON + 4 * S, NOON)
    for step in (sent, silent, waiting, given_up, once, watched):
        put(world, step)
        assert stored(world) == step
    assert world.read(lambda books: books.attempts.of_sale(sale.id)) == (watched,)


def test_an_attempt_that_was_never_made(world: World) -> None:
    with pytest.raises(NoSuchAttempt) as refused:
        stored(world, "none")
    assert refused.value.number == "none"
    assert world.read(lambda books: books.attempts.find("none")) is None
    assert world.read(lambda books: books.attempts.with_code("none")) is None
    assert world.read(lambda books: books.attempts.of_sale("none")) == ()


def test_a_sale_has_one_attempt_under_way(world: World) -> None:
    """G3 holds on disk too, whatever a flow forgets."""
    sale = a_sale(world)
    first = attempt_of(sale)
    put(world, first)
    with pytest.raises(Exception, match=r"attempt|payment"):
        put(world, attempt_of(sale, "N2"))
    put(world, first.give_up(NOON), attempt_of(sale, "N2"))
    assert numbers(world.read(lambda books: books.attempts.of_sale(sale.id))) == ["N1", "N2"]
    put(world, attempt_of(a_sale(world), "N3"))  # another sale has its own


def test_counters_rise_and_are_burnt_only_by_a_commit(world: World) -> None:
    assert [world.write(lambda books: books.attempts.next_counter()) for _ in range(2)] == [1, 2]
    with world.open_books() as books:
        assert [books.attempts.next_counter() for _ in range(2)] == [3, 4]
    assert world.write(lambda books: books.attempts.next_counter()) == 3


def test_a_code_finds_the_last_attempt_that_used_it(world: World) -> None:
    sale, other = a_sale(world), a_sale(world)
    first = attempt_of(sale).heard(Answer(Standing.FAILED), NOON)
    second = replace(attempt_of(other, "N2"), code_digest=first.code_digest)
    put(world, first, second, attempt_of(sale, "N3", qr="shown"))
    assert world.read(lambda books: books.attempts.with_code(first.code_digest)) == second
    shown = replace(attempt_of(a_sale(world), "N4"), code_digest="")
    put(world, shown)
    assert world.read(lambda books: books.attempts.with_code("")) is None


def test_what_is_due_comes_longest_waiting_first(world: World) -> None:
    first, second, third, never = (
        replace(attempt_of(a_sale(world), f"N{n}"), next_at=at)
        for n, at in enumerate((NOON + 2 * S, NOON, NOON + 9 * S, None))
    )
    put(world, first, second, third, never)

    def due(seconds: int, most: int = 9) -> list[str]:
        return numbers(world.read(lambda books: books.attempts.due(NOON + seconds * S, most)))

    assert due(-1) == []
    assert due(0) == ["N1"]
    assert due(2) == ["N1", "N0"]
    assert due(9) == ["N1", "N0", "N2"]
    assert due(9, most=2) == ["N1", "N0"]
    put(world, replace(second, state=AttemptState.PAID, next_at=None))
    assert due(9) == ["N0", "N2"]


def test_what_is_not_certain_is_unsettled_and_what_is_watched_is_not(world: World) -> None:
    sent, given_up, watched, over = (attempt_of(a_sale(world), f"N{n}") for n in range(4))
    put(world, over.heard(Answer(Standing.PAID), NOON), given_up.give_up(NOON), sent)
    put(world, replace(watched, state=AttemptState.REVERSED, next_at=NOON))
    assert sorted(numbers(world.read(lambda books: books.attempts.unsettled()))) == ["N0", "N1"]


def test_unsettled_attempts_come_oldest_first(world: World) -> None:
    for n in (2, 0, 1):
        put(world, attempt_of(a_sale(world), f"N{n}"))
    assert numbers(world.read(lambda books: books.attempts.unsettled())) == ["N2", "N0", "N1"]


def test_an_attempt_is_found_by_both_its_numbers_exactly(world: World) -> None:
    sale = a_sale(world)
    put(world, attempt_of(sale, "N12", gateway_number="G12"))
    found = [world.read(partial(_found, number)) for number in ("N12", "G12", "N1", "G1", "n12", "")]
    assert found == ["N12", "N12", None, None, None, None]


def _found(number: str, books: Any) -> str | None:
    attempt = books.attempts.find(number)
    return None if attempt is None else str(attempt.number)


def test_attempts_of_a_gateway_between_two_instants(world: World) -> None:
    late, early, after, other = (
        attempt_of(a_sale(world), f"N{n}", sent_at=NOON + seconds * S, gateway=gateway)
        for n, (seconds, gateway) in enumerate(((9, "fake"), (0, "fake"), (10, "fake"), (5, "other")))
    )
    put(world, late, early, after, other)
    found = world.read(lambda books: books.attempts.sent_between("fake", NOON, NOON + 10 * S))
    assert numbers(found) == ["N1", "N0"]


def test_what_is_not_committed_was_no_attempt(world: World) -> None:
    sale = a_sale(world)
    with world.open_books() as books:
        books.attempts.put(attempt_of(sale))
    with pytest.raises(NoSuchAttempt):
        stored(world)


# --- refunds ---


def by_wechat(world: World) -> Sale:
    """Delivered; 50.00 of it by WeChat, the rest in cash."""
    world.open_shift()
    sale = begun()
    rest = sale.total - Money(5_000)
    parts = (
        Payment(Tender.WECHAT, Money(5_000), Money(5_000), Money(0), "N1"),
        Payment(Tender.CASH, rest, rest, Money(0)),
    )
    both = done(replace(paid(sale, "T1-000001"), payments=parts))
    world.put(sale, both)
    return both


def give(world: World, sale: Sale, number: str, minor: int, **changes: Any) -> tuple[Refund, Sale]:
    """So much of the first line written down as going back to WeChat."""
    line = sale.lines[0].line_id
    given = asked_refund(number=number, sale_id=sale.id, line_id=line, amount=Money(minor), **changes)
    after = sale.with_refund(line, Money(minor))
    world.put(after)
    world.write(lambda books: books.refunds.add(given, after))
    return given, after


def test_a_refund_comes_back_as_it_was_at_every_step(world: World) -> None:
    refund, _ = give(world, by_wechat(world), "R1", 2_000)
    lost = refund.heard(None, NOON)
    refused = lost.heard(RefundAnswer(RefundStanding.FAILED, "NOTENOUGH"), NOON)
    over = refused.heard(RefundAnswer(RefundStanding.DONE), NOON)
    assert world.read(lambda books: books.refunds.get("R1")) == refund
    for step in (lost, refused, over):
        world.write(partial(_put_refund, step))
        assert world.read(lambda books: books.refunds.get("R1")) == step
    assert over.state is RefundState.DONE


def _put_refund(refund: Refund, books: Any) -> None:
    books.refunds.put(refund)


def test_a_refund_that_was_never_made(world: World) -> None:
    with pytest.raises(KeyError):
        world.read(lambda books: books.refunds.get("none"))
    with pytest.raises(KeyError):
        world.write(lambda books: books.refunds.put(asked_refund(number="none")))


def test_refunds_are_found_while_they_are_on_their_way(world: World) -> None:
    sale = by_wechat(world)
    first, sale = give(world, sale, "R1", 1_000, next_at=NOON + 5 * S, at=NOON)
    second, sale = give(world, sale, "R2", 1_000, next_at=NOON + 2 * S, at=NOON + S)
    cash, sale = give(
        world, sale, "R3", 1_000, next_at=None, state=RefundState.DONE, tender=Tender.CASH,
        order=None, paid=None, gateway="", at=NOON + 2 * S,
    )  # fmt: skip

    def due(seconds: int, most: int = 9) -> list[str]:
        return numbers(world.read(lambda books: books.refunds.due(NOON + seconds * S, most)))

    assert (due(1), due(2), due(5), due(5, most=1)) == ([], ["R2"], ["R2", "R1"], ["R2"])
    assert world.read(lambda books: books.refunds.unsettled()) == (first, second)
    assert world.read(lambda books: books.refunds.of_sale(sale.id)) == (first, second, cash)
    assert world.read(lambda books: books.refunds.since(NOON + S)) == (second, cash)
    over = first.heard(RefundAnswer(RefundStanding.DONE), NOON)
    world.write(lambda books: books.refunds.put(over))
    assert (due(5), world.read(lambda books: books.refunds.unsettled())) == (["R2"], (second,))


def test_a_refund_leaves_the_day_and_the_tender_it_goes_by(world: World) -> None:
    sale = by_wechat(world)
    give(world, sale, "R1", 2_000)
    report = world.read(lambda books: books.reports.day(DAY))
    assert (report.figures.takings, report.figures.refunds) == (Money(18_000), Money(2_000))
    assert {share.key: share.takings.minor for share in report.by_tender} == {"cash": 15_000, "wechat": 3_000}
    shift = world.read(lambda books: books.shifts.current())
    totals = world.read(lambda books: books.shifts.totals(shift))
    assert totals.cash_refunded == Money(0)  # nothing leaves the drawer


def test_a_refund_that_is_heard_of_counts_once(world: World) -> None:
    refund, _ = give(world, by_wechat(world), "R1", 2_000)
    before = world.read(lambda books: books.reports.day(DAY))
    world.write(lambda books: books.refunds.put(refund.heard(RefundAnswer(RefundStanding.DONE), NOON)))
    assert world.read(lambda books: books.reports.day(DAY)) == before


# --- bills ---

RAW = "微信 bill\n".encode() * 500
LINES = (
    BillLine(BillKind.PAID, "N1", Money(5_000), "G1"),
    BillLine(BillKind.REFUND, "N1", Money(100), "G1", "N1R01"),
)


def bill(day: date = DAY, gateway: str = "fake") -> KeptBill:
    return KeptBill(gateway, day, NOON, "ab" * 32, LINES)


def test_a_bill_is_kept_as_it_came(world: World) -> None:
    world.write(lambda books: books.bills.keep(bill(), RAW))
    assert world.read(lambda books: books.bills.get("fake", DAY)) == bill()
    assert world.read(lambda books: books.bills.raw("fake", DAY)) == RAW
    assert world.read(lambda books: books.bills.get("fake", DAY + timedelta(days=1))) is None
    assert world.read(lambda books: books.bills.get("other", DAY)) is None
    with pytest.raises(KeyError):
        world.read(lambda books: books.bills.raw("other", DAY))


def test_a_bill_is_kept_once(world: World) -> None:
    world.write(lambda books: books.bills.keep(bill(), RAW))
    with pytest.raises(Exception, match="bill"):
        world.write(lambda books: books.bills.keep(bill(), b"another"))
    assert world.read(lambda books: books.bills.raw("fake", DAY)) == RAW


def test_days_of_bills_are_of_one_gateway_and_oldest_first(world: World) -> None:
    days = [DAY, DAY - timedelta(days=2), DAY - timedelta(days=1)]
    world.write(lambda books: [books.bills.keep(bill(day), b"") for day in days])
    world.write(lambda books: books.bills.keep(bill(DAY, "other"), b""))
    assert world.read(lambda books: books.bills.days("fake")) == tuple(sorted(days))
    assert world.read(lambda books: books.bills.days("none")) == ()


def item(number: str, seconds: int = 0) -> BillItem:
    finding = BillFinding(Difference.UNKNOWN_ORDER, "fake", DAY, number, None, Money(100), "sale-1")
    return BillItem(finding, NOON + seconds * S)


def test_a_difference_is_an_item_until_somebody_settles_it(world: World) -> None:
    late, early = item("N1", 5), item("N2", 1)
    world.write(lambda books: (books.bills.put_item(late), books.bills.put_item(early)))
    assert list(world.read(lambda books: books.bills.open_items())) == [early, late]
    settled = replace(early, settled_at=NOON + 9 * S, settled_by="ann", note="paid out")
    world.write(lambda books: books.bills.put_item(settled))
    assert list(world.read(lambda books: books.bills.open_items())) == [late]
    assert world.read(lambda books: books.bills.item(early.finding.key)) == settled
    with pytest.raises(KeyError):
        world.read(lambda books: books.bills.item("none"))


def test_a_difference_that_is_found_again_stays_as_it_is(world: World) -> None:
    settled = replace(item("N1"), settled_at=NOON, settled_by="ann")
    world.write(lambda books: (books.bills.put_item(item("N2")), books.bills.put_item(settled)))
    world.write(lambda books: (books.bills.put_item(item("N1", 9)), books.bills.put_item(item("N2", 9))))
    assert list(world.read(lambda books: books.bills.open_items())) == [item("N2")]
    assert world.read(lambda books: books.bills.item(settled.finding.key)) == settled
