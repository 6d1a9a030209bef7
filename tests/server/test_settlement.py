"""A settled day: one signed file, the same bytes for ever, and every line of it beside the tills' own ledgers."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from platform_server.domain.comparison import compare, read_ledger_file, read_story
from platform_server.domain.days import BusinessDays
from platform_server.domain.errors import Damaged, Forbidden, NotFound
from platform_server.domain.money import Money
from platform_server.domain.reservation import Caller, ReservedLine
from platform_server.domain.settlement import MovedMoney, Settlement, SoldLine, lines_of, plain_receipt_number
from platform_server.domain.settlement_file import SettlementFile, read_file
from platform_server.domain.tills import Shop
from platform_server.domain.top_up import SupplierAnswer, SupplierState
from platform_server.domain.wallet import SALES, JournalHead, move, wallet_account
from platform_server.flows.compare_settlement import CompareSettlement
from platform_server.flows.settle import MakeSettlement, ReadSettlement
from platform_server.wire.documents import DocumentSigner, is_signed
from tests.fakes.platform_goods import CARD, TOP_UP
from tests.fakes.platform_ledger import TillLedger
from tests.server.conftest import Counter

pytestmark = pytest.mark.anyio
DAYS = BusinessDays("Asia/Shanghai")
TODAY = date(2026, 11, 22)
TOMORROW = TODAY + timedelta(days=1)


@dataclass
class Settling:
    """A shop that sells, its till that writes, and an operator who settles."""

    counter: Counter
    ledger: TillLedger = field(default_factory=TillLedger)
    key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)

    @property
    def make(self) -> MakeSettlement:
        signer = DocumentSigner("platform-1", self.key)
        return MakeSettlement(self.counter.open_books, self.counter.clock, signer, DAYS)

    async def sell(self, sale: str, *lines: Any, is_told: bool = True) -> None:
        await self.counter.reserve(sale, *lines)
        view = await self.counter.confirm(sale)
        if is_told:
            self.ledger.sale(sale, view.reservation.lines)

    async def push(self) -> None:
        async with self.counter.peek_books() as books:
            head = await books.ledger.head("till", 2)
        accept = self.counter.accept_ledger
        await accept(self.counter.caller, 2, copy.deepcopy(self.ledger.entries[head.seq :]))

    async def settle(self, day: date = TODAY) -> SettlementFile:
        return read_file(await self.make("shop", day))

    async def differences(self, *files: SettlementFile) -> list[str]:
        flow = CompareSettlement(self.counter.peek_books)
        return [str(each) for each in await flow([file.settlement for file in files])]


@pytest.fixture
async def settling(counter: Counter) -> Settling:
    await counter.open(cards=20)
    return Settling(counter)


async def test_a_day_is_settled_once_signed_and_the_same_bytes_for_ever(settling: Settling) -> None:
    counter = settling.counter
    await settling.sell("a", counter.line(quantity=2), counter.line(TOP_UP, "2"))
    await settling.push()
    with pytest.raises(Forbidden, match="not over"):
        await settling.settle()
    await settling.sell("b")
    counter.clock.pass_by(days=1)
    first = await settling.make("shop", TODAY)
    file = read_file(first)
    assert file.faults == ()
    assert is_signed(file.message, file.signature, settling.key.public_key().public_bytes_raw())
    assert not is_signed(file.message + b"x", file.signature, settling.key.public_key().public_bytes_raw())
    told = [
        (line.kind, line.sale_id, line.line_id, line.quantity, line.unit_cost.minor, line.cost.minor)
        for line in file.settlement.lines
    ]
    assert told == [
        ("sale", "a", "1", 2, 9_500, 19_000),
        ("sale", "a", "2", 1, 4_950, 4_950),
        ("sale", "b", "1", 1, 9_500, 9_500),
    ]
    assert [line.receipt_number for line in file.settlement.lines] == ["T1-000000", "T1-000000", ""]
    assert (file.settlement.charged.minor, file.settlement.returned.minor) == (33_450, 0)
    await settling.push()
    await settling.sell("c")
    counter.clock.pass_by(days=3)
    assert await settling.make("shop", TODAY) == first
    seal, again = await ReadSettlement(counter.peek_books)("shop", TODAY)
    assert (seal.count, seal.charged, again) == (3, Money(33_450, "CNY"), first)
    with pytest.raises(NotFound):
        await ReadSettlement(counter.peek_books)("shop", TOMORROW)
    with pytest.raises(NotFound):
        await settling.make("nowhere", TODAY)


async def test_what_comes_late_goes_into_the_next_file(settling: Settling) -> None:
    counter = settling.counter
    await settling.sell("a", counter.line(TOP_UP))
    counter.clock.pass_by(days=1)
    await settling.settle()
    await settling.sell("late")  # its business date is still the day before
    counter.supplier.script.append(SupplierAnswer(SupplierState.FAILED))
    await counter.run_top_ups()
    counter.clock.pass_by(days=2)
    with pytest.raises(Forbidden, match="closed with the file"):
        await settling.settle(TODAY - timedelta(days=1))
    file = await settling.settle(TOMORROW)
    assert [(line.day, line.kind, line.sale_id, line.is_charge) for line in file.settlement.lines] == [
        (TODAY, "sale", "late", True),
        (TOMORROW, "top_up_back", "a", False),
    ]
    assert (await settling.settle(TOMORROW + timedelta(days=1))).settlement.lines == ()


async def test_a_cancel_returns_the_lines_that_were_not_returned_before(settling: Settling) -> None:
    counter = settling.counter
    await settling.sell("a", counter.line(quantity=2), counter.line(TOP_UP, "2"))
    counter.supplier.script.append(SupplierAnswer(SupplierState.FAILED))
    await counter.run_top_ups()
    await counter.cancel("a")
    counter.clock.pass_by(days=1)
    file = await settling.settle()
    backs = [
        (line.kind, line.line_id, line.cost.minor) for line in file.settlement.lines if not line.is_charge
    ]
    assert backs == [("top_up_back", "2", 4_950), ("sale_back", "1", 19_000)]
    assert file.settlement.charged == file.settlement.returned


async def test_a_movement_of_another_kind_is_settled_and_a_booking_is_not(settling: Settling) -> None:
    counter = settling.counter
    async with counter.open_books() as books:
        head = JournalHead("j1", "shop", "goodwill", "letter 1", counter.clock.now())
        await books.wallets.post(move(head, Money(700, "CNY"), giver=SALES, taker=wallet_account("shop")))
        await books.commit()
    counter.clock.pass_by(days=1)
    (line,) = (await settling.settle()).settlement.lines
    assert (line.kind, line.sale_id, line.product_id, line.cost.minor) == ("goodwill", "", "", 700)
    assert await settling.differences(await settling.settle()) == []


async def test_settled_books_that_were_changed_are_not_signed_again(settling: Settling) -> None:
    counter = settling.counter
    await settling.sell("a")
    counter.clock.pass_by(days=1)
    await settling.settle()
    async with counter.open_books() as books:
        found = await books.reservations.find("till", "a")
        await books.reservations.replace_lines(
            replace(found, lines=(replace(found.lines[0], product_id=TOP_UP),))
        )
        await books.commit()
    with pytest.raises(Damaged, match="changed"):
        await settling.settle()
    async with counter.open_books() as books:
        await books.reservations.replace_lines(found)
        await books.commit()


async def test_a_shop_without_a_wallet_is_not_settled(settling: Settling) -> None:
    async with settling.counter.open_books() as books:
        await books.tills.add_shop(Shop("poor", "Poor", "CNY"))
        await books.commit()
    settling.counter.clock.pass_by(days=1)
    with pytest.raises(NotFound, match="wallet"):
        await settling.make("poor", TODAY)


async def test_a_day_beside_the_ledger_that_the_till_pushed(settling: Settling) -> None:
    counter = settling.counter
    await settling.sell("a", counter.line(quantity=2), counter.line(TOP_UP, "2"))
    await settling.sell("b")
    await settling.sell("untold", is_told=False)
    counter.supplier.script.append(SupplierAnswer(SupplierState.FAILED))
    await counter.run_top_ups()
    lines = [ReservedLine("1", CARD, 1, Money(9_500, "CNY"), is_top_up=False, fields={})]
    settling.ledger.sale("never sold", lines)
    settling.ledger.sale("of yesterday", lines, day="2026-11-21")
    counter.clock.pass_by(days=1)
    await settling.push()
    file = await settling.settle()
    of_till = "of till till"
    assert await settling.differences(file) == [
        f"sale untold line 1 {of_till}: missing in the till's ledger",
        f"top_up_back a line 2 {of_till}: returned here, the till's ledger knows of no failed top-up",
        f"sale never sold line 1 {of_till}: missing in the file; the till paid 9500 for 1",
    ]
    settling.ledger.write("top_up_ended", {"sale_id": "a", "line_id": "2", "state": "FAILED_FINAL"})
    await settling.push()
    assert len(await settling.differences(file)) == 2
    empty = await settling.settle(TOMORROW - timedelta(days=1))
    assert empty == file
    with pytest.raises(ValueError, match="one shop"):
        await settling.differences(file, replace(file, settlement=replace(file.settlement, shop_id="other")))


async def test_an_empty_file_beside_a_till_that_sold(settling: Settling) -> None:
    lines = [ReservedLine("1", CARD, 1, Money(9_500, "CNY"), is_top_up=False, fields={})]
    settling.ledger.sale("never sold", lines)
    await settling.push()
    settling.counter.clock.pass_by(days=1)
    assert len(await settling.differences(await settling.settle())) == 1


# --- the two tellings, without a store ---


def sold(*lines: SoldLine, **other: Any) -> MovedMoney:
    values: dict[str, Any] = {"kind": "sale", "till_id": "till", "sale_id": "s", "sale_day": TODAY}
    total = -sum(line.unit_cost.minor * line.quantity for line in lines)
    values |= {"amount": Money(total, "CNY"), "sold": lines, **other}
    at = datetime.fromisoformat("2026-11-22T06:15:29Z")
    return MovedMoney("j", values.pop("kind"), "r", at, **values)


ONE = SoldLine("1", CARD, 2, Money(9_500, "CNY"), is_top_up=False)
TWO = SoldLine("2", TOP_UP, 1, Money(4_950, "CNY"), is_top_up=True)


def settlement(*moved: MovedMoney) -> Settlement:
    lines = tuple(line for each in moved for line in lines_of(each, DAYS))
    return Settlement("shop", TODAY, "CNY", DAYS, moved[0].at, lines)


def test_what_cannot_be_told_apart_by_lines_is_one_line() -> None:
    odd = lines_of(sold(ONE, TWO, kind="sale_back", amount=Money(1, "CNY")), DAYS)
    assert [(line.line_id, line.quantity, line.cost.minor) for line in odd] == [("1", 2, 1)]
    odd = lines_of(sold(ONE, TWO, amount=Money(-1, "CNY")), DAYS)
    assert [(line.line_id, line.quantity, line.cost.minor) for line in odd] == [("", 0, 1)]
    part = lines_of(sold(ONE, TWO, kind="claim_back", amount=Money(9_500, "CNY"), line_id="1"), DAYS)
    assert [(line.line_id, line.cost.minor) for line in part] == [("1", 9_500)]


def story(*changes: tuple[str, dict[str, Any]]) -> Any:
    ledger = TillLedger()
    lines = [
        ReservedLine(each.line_id, each.product_id, each.quantity, each.unit_cost, each.is_top_up, {})
        for each in (ONE, TWO)
    ]
    ledger.sale("s", lines)
    for kind, body in changes:
        ledger.write(kind, body)
    return {"till": read_story(ledger.entries)}


FAILED = ("sale_failed", {"sale_id": "s", "code": "EXPIRED"})
CANCELLED = ("sale_cancelled", {"sale_id": "s"})
ENDED = ("top_up_ended", {"sale_id": "s", "line_id": "2", "state": "FAILED_FINAL"})


def judged(told: Any, *moved: MovedMoney) -> list[str]:
    return [f"{each.kind} {each.line_id}: {each.what}" for each in compare([settlement(*moved)], told)]


def test_every_kind_of_difference_is_named() -> None:
    back = sold(ONE, TWO, kind="sale_back", amount=Money(19_000, "CNY"))
    assert judged(story(), sold(ONE, TWO)) == []
    assert judged(story(CANCELLED), sold(ONE, TWO), back) == []
    assert judged(story(FAILED), sold(ONE, TWO)) == [
        "sale 1: charged here, refused at the till",
        "sale 2: charged here, refused at the till",
    ]
    assert judged(story(), sold(ONE, TWO), back) == [
        "sale_back 1: returned here, the till's ledger knows of no cancel"
    ]
    assert judged(story(), sold(ONE, TWO), sold(ONE, TWO)) == [
        "sale 1: settled twice",
        "sale 2: settled twice",
    ]
    assert judged(story(ENDED), sold(ONE, TWO)) == [
        "top_up_back 2: missing in the file; the till heard that it failed"
    ]
    other = sold(replace(ONE, product_id="x", quantity=1), TWO, sale_day=TOMORROW)
    assert judged(story(), other)[0] == (
        f"sale 1: product is x here and {CARD} at the till, quantity is 1 here and 2 at the till, "
        "cost is 9500 here and 19000 at the till, business date is 2026-11-23 here and 2026-11-22 at the till"
    )


def test_a_ledger_that_talks_nonsense_is_passed_over() -> None:
    ledger = TillLedger()
    ledger.write("sale_paid", {"sale_id": "s", "receipt_number": 7, "lines": [{"line_id": "1"}]})
    line = {"line_id": "1", "product_id": CARD, "quantity": 10**9, "cost_minor": "9" * 100}
    ledger.write("sale_paid", {"sale_id": "s", "receipt_number": "=1", "lines": [line]})
    ledger.write("sale_confirmed", {"sale_id": []})
    ledger.write("top_up_ended", {"sale_id": "s", "line_id": "1", "state": "OK"})
    ledger.write("signed_in", {"person_id": "x"})
    assert read_story([*ledger.entries, {}]) == read_story([])
    assert [plain_receipt_number(each) for each in ("T1-000001", "=1", 7, None)] == ["T1-000001", "", "", ""]


def test_a_ledger_file_whose_chain_is_broken_says_where() -> None:
    ledger = TillLedger()
    for number in range(4):
        ledger.write("signed_in", {"person_id": str(number)})
    till_id, _, faults = read_ledger_file(ledger.lines)
    assert (till_id, faults) == ("till", ())
    _, _, faults = read_ledger_file(ledger.lines.replace(b'"person_id":"1"', b'"person_id":"9"'))
    assert faults == ("entry 3 does not follow from the one before it: one of the two was altered",)
    foreign = TillLedger("other")
    foreign.write("signed_in", {})
    for raw in (b"", b"{}", b"[1]", b"x", ledger.lines + foreign.lines):
        with pytest.raises(ValueError, match="no ledger"):
            read_ledger_file(raw)


async def test_a_file_that_was_altered_says_so(settling: Settling) -> None:
    counter = settling.counter
    await settling.sell("a", counter.line(quantity=2))
    await settling.push()
    counter.clock.pass_by(days=1)
    raw = await settling.make("shop", TODAY)
    dearer = read_file(raw.replace(b",9500,19000,", b",9500,19001,"))
    assert dearer.faults == (
        "the file was altered: its content has another hash than it names",
        "the totals are not those of the lines",
    )
    assert await settling.differences(dearer) == [
        "sale a line 1 of till till: cost is 19001 here and 19000 at the till"
    ]
    assert read_file(raw.replace(b"settlement,1", b'"settlement",1')).faults[-1].endswith("files are")
    for wrong in (
        b"",
        b"x\ny\nz\n",
        raw[:-1],
        raw.replace(b"sha256", b"sha512"),
        raw.replace(b"settlement,1", b"settlement,2"),
        raw.replace(b",charged,till", b",given,till"),
        raw.replace(b"06:15:29.123456Z\ntotal", b"06:15:29.123456\ntotal"),
        raw.replace(b"\nline,", b"\nline,,"),
    ):
        with pytest.raises(ValueError, match="no settlement file"):
            read_file(wrong)


async def test_a_file_is_read_by_its_shop_only(settling: Settling) -> None:
    assert settling.counter.caller == Caller("shop", "till")
    await settling.sell("a")
    settling.counter.clock.pass_by(days=1)
    await settling.settle()
    with pytest.raises(NotFound):
        await ReadSettlement(settling.counter.peek_books)("other", TODAY)
