"""Files into the vault, on every store: each code once, wherever it is cut off; every row accounted for."""

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest

from platform_server.domain.code_rows import FaultReason
from platform_server.domain.errors import BadRequest, Busy, Collided, KeyChanged, NotFound
from platform_server.domain.goods import CardSecret, Payload, Provenance
from platform_server.domain.imports import CodeImport, ImportFault
from platform_server.flows.import_file import ImportFile, ImportOutcome, TryFile
from platform_server.flows.put_products import PutProducts
from platform_server.flows.read_codes import ImportOrder, ReadCodes
from platform_server.flows.read_imports import ReadImports
from platform_server.ports.code_files import FileForm
from platform_server.wire.files.reader import DiskCodeFiles
from tests.fakes.platform_goods import CARD, OTHER, TOP_UP, lot, product
from tests.server.conftest import Counter
from tests.server.test_code_rows import SHANGHAI, day

pytestmark = pytest.mark.anyio
T = TypeVar("T")


async def at_once(work: Callable[[], T]) -> T:
    return work()


class Cut(Exception):
    """The power went."""


class Desk:
    """An operator with a file."""

    def __init__(self, counter: Counter, path: Path, pieces: int = 4) -> None:
        self.counter, self.path, self.pieces = counter, path, pieces
        self.told: list[CodeImport] = []

    def read(self) -> ReadCodes:
        counter = self.counter
        mark = counter.vault.fingerprint
        return ReadCodes(counter.peek_books, DiskCodeFiles(), mark, counter.clock, at_once, self.pieces)

    def flow(self) -> ImportFile:
        counter = self.counter
        return ImportFile(counter.open_books, self.read(), counter.vault, counter.clock, counter.ids)

    def order(self, **other: Any) -> ImportOrder:
        given = ImportOrder(str(self.path), CARD, "ann", SHANGHAI, "B-7", "INVOICE-7")
        return replace(given, **other)

    async def bring(self, cut_after: int | None = None, **other: Any) -> ImportOutcome:
        async def tell(done: CodeImport) -> None:
            self.told.append(done)
            if len(self.told) == cut_after:
                raise Cut

        return await self.flow()(self.order(**other), tell)

    async def secrets(self) -> list[CardSecret]:
        """Everything in the vault, opened, by selling it all."""
        counter = self.counter
        async with counter.open_books() as books:
            await books.cards.allocate(CARD, 10_000, "r", "1", counter.clock.now())
            boxed = await books.cards.boxed("r")
        return [counter.vault.open(card.batch_key, card.label, card.box) for card in boxed]


@pytest.fixture
async def desk(counter: Counter, tmp_path: Path) -> Desk:
    await counter.open(cards=0)
    return Desk(counter, tmp_path / "codes.csv")


FILE = """\
卡号,密码,有效期
N000001,PIN-000001,2027-12-31
N000002,PIN-000002,
n 000001,pin000001,2027-12-31

N000003,,2027-12-31
N000004,PIN-000004,2020-01-01
N000005,PIN-000005,soon
Ｎ000002,pin 000002,永久
N000006,PIN-000006,2028-12-31
"""


async def test_a_file_comes_in_with_every_row_accounted_for(desk: Desk) -> None:
    desk.path.write_text(FILE, "utf-8")
    done = (await desk.bring()).done
    assert (done.rows, done.added, done.duplicates, done.faults) == (8, 3, 2, 3)
    assert [told.last_row for told in desk.told] == [6, 10]
    assert (done.by, done.supplier_batch, done.file_name) == ("ann", "B-7", "codes.csv")
    read = ReadImports(desk.counter.peek_books)
    report, batch = await read.report(done.id)
    assert report.done == done
    assert report.reasons == {
        FaultReason.IN_FILE: 2, FaultReason.NO_PIN: 1, FaultReason.PAST: 1, FaultReason.BAD_DATE: 1
    }  # fmt: skip
    assert report.examples[FaultReason.IN_FILE] == (4, 9)
    assert report.examples[FaultReason.BAD_DATE] == (8,)
    assert batch is not None
    assert (batch.count, batch.supplier_batch, batch.face) == (3, "B-7", product().face)
    assert await read.recent(5) == (done,)
    with pytest.raises(NotFound):
        await read.report("none")
    assert await desk.counter.stock() == 3
    assert {(secret.number, secret.pin, secret.expires_at) for secret in await desk.secrets()} == {
        ("N000001", "PIN-000001", day(2027, 12, 31)),
        ("N000002", "PIN-000002", None),
        ("N000006", "PIN-000006", day(2028, 12, 31)),
    }


async def test_the_same_file_again_adds_nothing_and_another_reading_is_another_import(desk: Desk) -> None:
    desk.path.write_text(FILE, "utf-8")
    first = await desk.bring()
    again = await desk.bring()
    assert (again.done, again.was_finished, first.was_finished) == (first.done, True, False)
    other = (await desk.bring(columns=("number", "pin", "skip"))).done
    assert other.id != first.done.id
    assert (other.added, other.duplicates, other.faults) == (2, 5, 1)  # without dates two more are cards
    desk.path.write_text(FILE + "N000007,PIN-000007,\n", "utf-8")
    longer = (await desk.bring()).done
    report, _ = await ReadImports(desk.counter.peek_books).report(longer.id)
    assert longer.added == 1
    assert (report.reasons[FaultReason.IN_VAULT], report.reasons[FaultReason.IN_FILE]) == (4, 1)
    assert await desk.counter.stock() == 6


@pytest.mark.parametrize("cut_after", [1, 3])
async def test_cut_off_and_run_again_each_code_comes_once(desk: Desk, cut_after: int) -> None:
    chance = random.Random(7)
    codes = [f"{chance.randrange(30):04d},P{chance.randrange(2)}" for _ in range(60)]
    desk.path.write_text("\n".join(codes), "utf-8")
    with pytest.raises(Cut):
        await desk.bring(cut_after)
    assert desk.told[-1].finished_at is None
    done = (await desk.bring()).done
    assert (done.added, done.rows) == (len(set(codes)), len(codes))
    assert done.finished_at is not None
    assert await desk.counter.stock() == len(set(codes))
    report, batch = await ReadImports(desk.counter.peek_books).report(done.id)
    assert report.reasons == {FaultReason.IN_FILE: len(codes) - len(set(codes))}
    assert batch is not None
    assert batch.count == len(set(codes))


async def test_what_cannot_be_read_leaves_no_trace(desk: Desk) -> None:
    desk.path.write_text("密码\nP1\n", "utf-8")
    wrongs: list[tuple[type[Exception], dict[str, Any]]] = [
        (BadRequest, {}),
        (BadRequest, {"columns": ("pin",)}),
        (BadRequest, {"separator": "several"}),
        (BadRequest, {"path": "nowhere"}),
        (NotFound, {"product_id": TOP_UP}),
        (NotFound, {"product_id": OTHER}),
    ]
    for kind, other in wrongs:
        with pytest.raises(kind):
            await desk.bring(**other)
    assert await ReadImports(desk.counter.peek_books).recent(5) == ()


async def test_an_empty_file_and_one_without_a_card(desk: Desk) -> None:
    desk.path.write_text("\n", "utf-8")
    done = (await desk.bring()).done
    assert (done.rows, done.batch_id) == (0, None)
    desk.path.write_text("N1\nN2\n", "utf-8")
    done = (await desk.bring(separator="comma")).done
    assert (done.faults, done.batch_id, await desk.counter.stock()) == (2, None, 0)
    report, batch = await ReadImports(desk.counter.peek_books).report(done.id)
    assert (report.reasons, batch) == ({FaultReason.NO_PIN: 2}, None)


async def test_other_payloads(desk: Desk) -> None:
    linked = "019393a1-0000-7000-8000-0000000000c4"
    put = PutProducts(desk.counter.open_books, desk.counter.clock)
    await put([product(linked, payload=Payload.LINK), product(OTHER, payload=Payload.PIN)])
    desk.path.write_text("https://x.example/1\nhttp:/broken\n", "utf-8")
    assert (await desk.bring(product_id=linked)).done.added == 1
    desk.path.write_text("ABCD EFGH\nABCDEFGH\n", "utf-8")
    done = (await desk.bring(product_id=OTHER)).done
    assert (done.added, done.duplicates) == (1, 1)


async def test_other_kinds_of_cards(desk: Desk) -> None:
    put = PutProducts(desk.counter.open_books, desk.counter.clock)
    await put([product(OTHER, card_kind="repeatable", uses=3)])
    desk.path.write_text("A1,P1\nA2,P2\nA1,P1\n", "utf-8")
    done = (await desk.bring(product_id=OTHER)).done
    assert (done.added, done.duplicates, await desk.counter.stock(OTHER)) == (2, 1, 6)
    loop, kit, picture = (f"019393a1-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))
    await put([product(loop, card_kind="loop"), product(kit, card_kind="kit", parts=2)])
    await put([product(picture, payload=Payload.IMAGE)])
    desk.path.write_text("B1,P1\n", "utf-8")
    assert (await desk.bring(product_id=loop)).done.added == 1
    assert await desk.counter.stock(loop) == 101
    for wrong in (kit, picture):
        with pytest.raises(BadRequest, match="bring them with goods codes"):
            await desk.bring(product_id=wrong)


async def test_a_batch_names_where_it_came_from(desk: Desk) -> None:
    desk.path.write_text("A1,P1\n", "utf-8")
    wrongs: list[dict[str, Any]] = [{"supplier_batch": " "}, {"reference": ""}]
    for wrong in wrongs:
        with pytest.raises(BadRequest, match="names the supplier's batch and the invoice"):
            await desk.bring(**wrong)
    with pytest.raises(NotFound, match="no supplier nobody is on file"):
        await desk.bring(supplier_id="nobody")
    received_at = desk.counter.clock.now() - timedelta(days=2)
    done = (await desk.bring(received_at=received_at)).done
    async with desk.counter.peek_books() as books:
        batch = await books.cards.batch(done.batch_id or "")
    assert batch is not None
    assert batch.provenance == Provenance("factory", "INVOICE-7", received_at)


async def test_a_dry_run_says_what_would_come_and_writes_nothing(desk: Desk) -> None:
    desk.path.write_text(FILE, "utf-8")
    await desk.counter.import_codes([lot(3)])
    async with desk.counter.open_books() as books:
        known = CardSecret("N000006", "pin 000006")
        assert not await books.cards.known([desk.counter.vault.fingerprint(known)])
    faults: list[ImportFault] = []

    async def tell(done: CodeImport, found: tuple[ImportFault, ...]) -> None:
        faults.extend(found)

    done = await TryFile(desk.read())(desk.order(), tell)
    assert (done.rows, done.added, done.duplicates, done.faults) == (8, 3, 2, 3)
    assert sorted(fault.row for fault in faults) == [4, 6, 7, 8, 9]
    assert await ReadImports(desk.counter.peek_books).recent(5) == ()
    assert await desk.counter.stock() == 3
    brought = (await desk.bring()).done
    assert (brought.added, brought.duplicates, brought.faults) == (done.added, done.duplicates, done.faults)
    after = await TryFile(desk.read())(desk.order(), tell)
    assert (after.added, after.duplicates) == (0, 5)


@pytest.mark.parametrize("is_finished", [True, False])
async def test_two_programs_do_not_import_one_file_at_once(desk: Desk, is_finished: bool) -> None:
    desk.path.write_text("\n".join(f"N{i},P{i}" for i in range(20)), "utf-8")
    first, second = desk.flow(), Desk(desk.counter, desk.path)

    async def meanwhile(done: CodeImport) -> None:
        if done.last_row == 4:
            with suppress(Cut):
                await second.bring(None if is_finished else 1)

    with pytest.raises(Busy, match="let it finish"):
        await first(desk.order(), meanwhile)
    await desk.bring()
    assert await desk.counter.stock() == 20


async def test_a_code_that_another_file_brought_in_the_last_moment(desk: Desk) -> None:
    """Between looking and writing: the unique hash refuses it, and the counts are right all the same."""
    desk.path.write_text("N000001,P1\nN000002,P2\n", "utf-8")
    flow = desk.flow()
    other = Desk(desk.counter, desk.path.with_name("other.csv"))
    other.path.write_text("n000001,p1\n", "utf-8")

    async def known_too_early(work: Callable[[], T]) -> T:
        found = work()
        if isinstance(found, tuple):  # the cards are shut, nothing is written yet
            await other.bring()
        return found

    late = replace(flow, read=replace(flow.read, apart=known_too_early))

    async def tell(done: CodeImport) -> None:
        pass

    done = (await late(desk.order(), tell)).done
    assert (done.added, done.duplicates) == (1, 1)
    report, batch = await ReadImports(desk.counter.peek_books).report(done.id)
    assert report.examples == {FaultReason.IN_VAULT: (1,)}
    assert batch is not None
    assert (batch.count, await desk.counter.stock()) == (1, 2)


class Stumbling:
    """Books whose cards are refused a few times, as if another transaction had come first."""

    def __init__(self, counter: Counter, fault: type[Exception], times: int) -> None:
        self._open, self._fault, self.left = counter.open_books, fault, times

    @asynccontextmanager
    async def open_books(self) -> AsyncIterator[Any]:
        async with self._open() as books:
            add = books.cards.add

            async def failing(*given: Any) -> Any:
                if self.left:
                    self.left -= 1
                    raise self._fault
                return await add(*given)

            books.cards.add = failing
            yield books


@pytest.mark.parametrize("fault", [Collided, KeyChanged])
async def test_a_meeting_of_two_writers_is_tried_again_but_not_for_ever(
    desk: Desk, fault: type[Exception]
) -> None:
    desk.path.write_text("N1,P1\n", "utf-8")

    async def tell(done: CodeImport) -> None:
        pass

    for times, is_done in ((99, False), (2, True)):
        stumbling = Stumbling(desk.counter, fault, times)
        flow = replace(desk.flow(), open_books=stumbling.open_books)
        if is_done:
            assert (await flow(desk.order(), tell)).done.added == 1
        else:
            with pytest.raises(fault):
                await flow(desk.order(), tell)
            assert stumbling.left == 96


async def test_a_batch_grows_only_under_its_newest_key(desk: Desk) -> None:
    counter = desk.counter
    desk.path.write_text("\n".join(f"N{i},P{i}" for i in range(12)), "utf-8")

    async def renew(done: CodeImport) -> None:
        """A rotation gives the batch another key after its first piece."""
        if done.last_row > 4:
            return
        async with counter.open_books() as books:
            assert await books.keys.put(counter.vault.new_batch_key(done.batch_id or "", 2))
            assert not await books.keys.put(counter.vault.new_batch_key(done.batch_id or "", 2))
            await books.commit()

    done = (await desk.flow()(desk.order(), renew)).done
    assert done.added == 12
    async with counter.peek_books() as books:
        boxed = await books.cards.one_of_each_key("", 10)
        assert [card.label.version for card in boxed] == [1, 2]
    assert len(await desk.secrets()) == 12


async def test_a_retired_key_brings_nothing_in(desk: Desk) -> None:
    counter = desk.counter
    async with counter.open_books() as books:
        assert await books.keys.retire(counter.vault.kek_id)
        await books.commit()
    with pytest.raises(KeyChanged):
        await counter.import_codes([lot(1)])
    assert await counter.stock() == 0


async def test_a_pieces_worth_of_work_is_done_beside_the_loop(desk: Desk) -> None:
    desk.path.write_text("\n".join(f"N{i},P{i}" for i in range(9)), "utf-8")
    flow = desk.flow()
    beside = replace(flow, read=replace(flow.read, apart=asyncio.to_thread))

    async def tell(done: CodeImport) -> None:
        pass

    assert (await beside(desk.order(), tell)).done.added == 9


async def test_the_mark_of_a_file_is_a_keyed_hash(desk: Desk) -> None:
    desk.path.write_text("N1,P1\n", "utf-8")
    form: FileForm = DiskCodeFiles().look(str(desk.path))
    done = (await desk.bring()).done
    assert form.digest.hex() not in done.mark
    assert len(done.mark) == 64


async def test_two_files_with_the_same_codes_at_the_same_time(desk: Desk) -> None:
    codes = [f"N{i:06d},P{i}" for i in range(60)]
    other = Desk(desk.counter, desk.path.with_name("other.csv"), pieces=7)
    desk.path.write_text("\n".join(codes[:45]), "utf-8")
    other.path.write_text("\n".join(reversed(codes[15:])), "utf-8")
    first, second = await asyncio.gather(desk.bring(), other.bring())
    assert first.done.added + second.done.added == 60
    assert first.done.duplicates + second.done.duplicates == 30
    assert await desk.counter.stock() == 60
    assert len(await desk.secrets()) == 60
