"""Takes a till up again after a power cut as the program would, drives it until nothing is left to do, and counts."""

from __future__ import annotations

import pickle
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from pos_app.domain.errors import PosError, StoreTrouble
from pos_app.domain.ledger import LedgerHead
from pos_app.domain.money import Money
from pos_app.domain.paper import PaperState
from pos_app.domain.receipt import CodeSlip
from pos_app.domain.sale import SaleSearch, SaleState
from pos_app.store.backups import BACKUPS, looking_at, must_be_sound
from pos_app.store.books import TillBooks
from tests.cuts.reopen import Known
from tests.cuts.witness import on_disk
from tests.fakes.till_shop import FakeShop
from tests.flows.selling import sold
from tests.store.till_world import KEY, open_file

_OUT = timedelta(minutes=3)  # how long the power was gone
_IDS_OF_AFTERWARDS = 1_000_000  # chance gives no id twice
_MOST_BEATS = 12


def recover(folder: Path, known: Known, worlds: list[bytes]) -> list[str]:
    """Sentences about what was lost, doubled or left silent; empty when all is well."""
    if known.world < 0:
        return []
    try:
        books = open_file(folder)
    except StoreTrouble as trouble:
        return [f"does not open: {trouble!r}"]
    try:
        fake = _world(worlds[known.world], books, folder)
        return list(_taken_up(fake, known, folder))
    except PosError as trouble:
        return [f"stops: {trouble!r}"]
    finally:
        books.close()


def _world(kept: bytes, books: TillBooks, folder: Path) -> FakeShop:
    fake = on_disk(pickle.loads(kept), books, folder)
    fake.clock.advance(_OUT)
    fake.clock.ids_given += _IDS_OF_AFTERWARDS
    fake.platform.is_down = False
    return fake


def _taken_up(fake: FakeShop, known: Known, folder: Path) -> Iterator[str]:
    fake.shop.take_up()
    for _ in range(_MOST_BEATS):
        fake.clock.advance(timedelta(minutes=1))
        _beat(fake)
        with fake.till.open_to_read() as books:
            is_quiet = not books.sales.open_sales() and not books.outbox.unsent()
        if is_quiet:
            break
    else:
        yield "it has no end"
    yield from _findings(fake)
    yield from _backups(fake, known, folder)
    yield from _promises(fake, known)
    yield from _goods(fake)
    yield from _sells_again(fake)


def _beat(fake: FakeShop) -> None:
    """One heartbeat, and a person who looks whether a slip came out."""
    fake.shop.recover()
    with fake.till.open_to_read() as books:
        papers = [paper for sale in books.sales.open_sales() for paper in books.papers.of_sale(sale.id)]
    for paper in papers:
        if paper.state is PaperState.UNKNOWN:
            fake.shop.answer_slip(fake.cashier, paper.id, came_out=False)
        elif paper.state is PaperState.FAILED:
            fake.shop.retry_paper(paper.id)
    fake.shop.print_due()
    fake.shop.push_outbox()
    fake.shop.keep_leases()
    fake.shop.shred()


def _findings(fake: FakeShop) -> Iterator[str]:
    yield from (f"{each.invariant}: {each.seen}" for each in fake.shop.doctor() if not each.holds)


def _backups(fake: FakeShop, known: Known, folder: Path) -> Iterator[str]:
    """What has the name of a backup is a whole one, and the closing that was told to have one has it."""
    found = fake.shop.back_up.all()
    for each in found:
        with looking_at(folder / BACKUPS / each.name, KEY) as ask:
            must_be_sound(ask, folder / BACKUPS / each.name)
    times = {each.at.isoformat() for each in found}
    yield from (f"LOST: the backup of {at}" for at in known.saved if at not in times)


def _promises(fake: FakeShop, known: Known) -> Iterator[str]:
    """Whoever had paid when the light went out is on record under his receipt number, and has his goods."""
    done = set(known.done)
    with fake.till.open_to_read() as books:
        head = books.ledger.head()
        for sale_id, receipt in known.paid:
            sale = books.sales.get(sale_id)
            if sale.receipt_number != receipt or sale.state is not SaleState.DONE:
                was = "was served" if sale_id in done else "had paid"
                yield f"LOST: {receipt} {was} and is {sale.state} as {sale.receipt_number}"
    entries = fake.platform.entries
    there = LedgerHead(entries[-1].seq, entries[-1].digest) if entries else LedgerHead()
    if there != head:
        yield f"the platform holds {there.seq} entries, the till {head.seq}"


def _goods(fake: FakeShop) -> Iterator[str]:
    """What came out on paper, before and after, is what each sale was sold; nothing stays set aside."""
    of_code: dict[str, set[str]] = {}
    of_sale: dict[str, set[str]] = {}
    for slip in fake.printer.of_kind(CodeSlip):
        of_code.setdefault(slip.qr, set()).add(slip.header.number or "")
        of_sale.setdefault(slip.header.number or "", set()).add(slip.qr)
    if twice := [codes for codes in of_code.values() if len(codes) > 1]:
        yield f"{len(twice)} codes came out for two sales"
    states = Counter(held.state for held in fake.platform.sales.values())
    if set(states) - {"DELIVERED", "CANCELLED"}:
        yield f"the platform is left with {dict(states)}"
    if fake.platform.incidents:
        yield f"the platform opened {fake.platform.incidents}"
    with fake.till.open_to_read() as books:
        sold = [books.sales.get(each.sale_id) for each in books.sales.search(SaleSearch(most=1_000))]
        for sale in sold:
            owed = sum(line.quantity for line in sale.lines) if sale.receipt_number else 0
            if sale.receipt_number and len(of_sale.get(sale.receipt_number, ())) != owed:
                yield f"{sale.receipt_number} did not get its {owed} codes on paper"


def _sells_again(fake: FakeShop) -> Iterator[str]:
    with fake.till.open_to_read() as books:
        is_open = books.shifts.current() is not None
    if not is_open:
        fake.shop.open_shift(fake.cashier, Money(0))
    if sold(fake, codes=1).sale.state is not SaleState.DONE:
        yield "it does not sell any more"
