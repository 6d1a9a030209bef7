"""Everything but the sale, on both stores: enrolment, admission, catalogue, ledger, top-ups, vault, wallet, doctor."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from platform_server.domain.canonical import canonical_json
from platform_server.domain.catalogue import MANY
from platform_server.domain.errors import (
    BadRequest,
    Cancelled,
    EpochFenced,
    Forbidden,
    KeyReused,
    NotFound,
    Replayed,
    Revoked,
    WrongClock,
)
from platform_server.domain.goods import Brand, CardSecret, CodeLotDraft, Names
from platform_server.domain.ledger import FIRST_PREV, LedgerEntry, LedgerHead
from platform_server.domain.market import make_market
from platform_server.domain.money import Money
from platform_server.domain.reservation import Caller
from platform_server.domain.scopes import TILL_SCOPES
from platform_server.domain.till_keys import KeyHolder, TillKey
from platform_server.domain.tills import TillState, hash_secret
from platform_server.domain.top_up import SupplierAnswer, SupplierState, TopUpState
from platform_server.flows.admit_till import AdmitTill, FindKey, SignedBy
from platform_server.flows.doctor import Doctor
from platform_server.flows.enrol_till import EnrolTill, IssueTicket, NewTill
from platform_server.flows.import_codes import ImportCodes
from platform_server.flows.keep_shop import CreditWallet, OpenShop
from platform_server.flows.keep_suppliers import PutSuppliers
from platform_server.flows.make_sample import MakeSample
from platform_server.flows.publish_catalogue import PublishCatalogue
from platform_server.flows.put_products import OpenTopUps, PutProducts, TakeOffProducts
from platform_server.flows.read_account import ReadAccount
from platform_server.store.vault import AesVault
from tests.fakes.platform_goods import CARD, OTHER, PROVENANCE, SUPPLIER, TOP_UP, lot, product, top_up
from tests.server.conftest import Counter

pytestmark = pytest.mark.anyio


def new_till(mark: str = "a", key: bytes = b"1" * 32) -> NewTill:
    return NewTill("", key, b"2" * 32, mark)


async def test_a_till_enrols_once_and_may_ask_again(counter: Counter) -> None:
    await counter.open()
    issue = IssueTicket(counter.open_books, counter.clock, counter.ids, timedelta(hours=24))
    enrol = EnrolTill(counter.open_books, counter.clock, counter.ids)
    secret = await issue("shop", "Front")
    first = await enrol(secret, new_till())
    assert (first.till.code, first.till.name, first.till.epoch) == ("T3", "Front", 1)
    again = await enrol(secret, new_till())
    assert again.is_replay
    assert again.till == first.till
    with pytest.raises(KeyReused):
        await enrol(secret, new_till("b"))
    with pytest.raises(NotFound):
        await enrol(b"x" * 16, new_till())


async def test_an_enrolment_code_does_not_last(counter: Counter) -> None:
    await counter.open()
    issue = IssueTicket(counter.open_books, counter.clock, counter.ids, timedelta(hours=24))
    secret = await issue("shop", "Front")
    counter.clock.pass_by(hours=24)
    with pytest.raises(NotFound):
        await EnrolTill(counter.open_books, counter.clock, counter.ids)(secret, new_till())


async def test_a_renewed_till_keeps_its_id_and_fences_the_old_one(counter: Counter) -> None:
    await counter.open()
    issue = IssueTicket(counter.open_books, counter.clock, counter.ids, timedelta(hours=24))
    with pytest.raises(NotFound):
        await issue("shop", "Front", renew="T9")
    secret = await issue("shop", "Front", renew="TILL")
    renewed = (await EnrolTill(counter.open_books, counter.clock, counter.ids)(secret, new_till())).till
    assert (renewed.id, renewed.epoch, renewed.previous_sign_key) == ("till", 3, b"s" * 32)
    with pytest.raises(EpochFenced):
        await counter.reserve("s")


async def test_the_only_till_is_renewed_without_a_name(counter: Counter) -> None:
    await counter.open()
    issue = IssueTicket(counter.open_books, counter.clock, counter.ids, timedelta(hours=24))
    with pytest.raises(NotFound):  # there are two
        await issue("shop", "Front", renew=True)
    async with counter.open_books() as books:
        other = await books.tills.find("other")
        await books.tills.save(replace(other, state=TillState.REVOKED))
        await books.commit()
    secret = await issue("shop", "Front", renew=True)
    renewed = (await EnrolTill(counter.open_books, counter.clock, counter.ids)(secret, new_till())).till
    assert (renewed.id, renewed.epoch) == ("till", 3)


async def test_a_ticket_whose_till_or_shop_vanished(counter: Counter) -> None:
    await counter.open()
    enrol = EnrolTill(counter.open_books, counter.clock, counter.ids)
    issue = IssueTicket(counter.open_books, counter.clock, counter.ids, timedelta(hours=24))
    secret = await issue("shop", "Front")
    async with counter.open_books() as books:
        ticket = await books.tills.find_ticket(hash_secret(secret))
        await books.tills.save_ticket(replace(ticket, till_id="gone"))
        await books.commit()
    with pytest.raises(NotFound):
        await enrol(secret, new_till())


async def test_who_may_speak(counter: Counter) -> None:
    await counter.open()
    admit = AdmitTill(counter.spend_nonce, counter.clock, timedelta(seconds=300))
    async with counter.peek_books() as books:
        till = await books.tills.find("till")
    key = TillKey("till", "till", b"s" * 32, TILL_SCOPES, 2, counter.clock.now())
    holder = KeyHolder(till, key)
    now = int(counter.clock.now().timestamp())
    signed = SignedBy("till", now, now + 300, "n" * 22)
    await admit(signed, holder)
    with pytest.raises(Replayed):
        await admit(signed, holder)
    await admit(replace(signed, keyid="new"), None)
    for created, skew in ((now - 302, -302), (now + 302, 302)):
        with pytest.raises(WrongClock) as caught:
            await admit(replace(signed, created=created, expires=created + 300, nonce="m" * 22), holder)
        assert caught.value.details == {"skew_s": skew}
    with pytest.raises(WrongClock):
        await admit(replace(signed, created=now - 10, expires=now - 1), holder)
    with pytest.raises(Revoked):
        await admit(signed, KeyHolder(replace(till, state=TillState.REVOKED), key))
    with pytest.raises(EpochFenced):
        await admit(replace(signed, is_previous_key=True), holder)
    counter.clock.pass_by(seconds=301)
    assert await counter.sweep() == 2


async def test_what_was_seen_of_keys_stays_small_and_is_forgotten_when_they_go(counter: Counter) -> None:
    await counter.open()
    find = FindKey(counter.peek_books)
    async with counter.peek_books() as books:
        till = await books.tills.find("till")
    holder = KeyHolder(till, TillKey("k", "till", b"s" * 32, TILL_SCOPES, 2, counter.clock.now()))
    for number in range(10_001):
        find.note(str(number), holder)
    assert len(find.seen) == 10_000
    assert "0" not in find.seen
    find.note("10000", None)
    assert "10000" not in find.seen
    assert await find("nobody's") is None


async def test_the_catalogue_in_pages_and_as_a_delta(counter: Counter) -> None:
    await counter.open()
    publish = PublishCatalogue(counter.peek_books, 2000)
    first = await publish("shop", None, 1)
    assert (len(first.items), first.is_complete, first.total) == (1, False, 2)
    second = await publish("shop", str(first.cursor), None)
    assert second.is_complete
    assert {first.items[0].id, second.items[0].id} == {CARD, TOP_UP}
    quiet = await publish("shop", str(second.cursor), None)
    assert (quiet.items, quiet.cursor, quiet.is_complete) == ((), second.cursor, True)
    await counter.reserve("s")
    moved = await publish("shop", str(second.cursor), None)
    assert [(row.id, row.stock, row.version) for row in moved.items] == [(CARD, 4, 1)]
    await TakeOffProducts(counter.open_books)([CARD, "unknown"])
    gone = await publish("shop", str(moved.cursor), None)
    assert (gone.items, gone.removed, gone.total) == ((), (CARD,), 1)
    assert (
        len((await publish("shop", "999999", None)).removed) == 1
    )  # of another life of the store: all again
    for cursor, limit in (("x", None), ("9" * 19, None), (None, 0), (None, 2001)):
        with pytest.raises(BadRequest):
            await publish("shop", cursor, limit)


async def test_a_changed_product_gets_a_version_and_an_unchanged_one_none(counter: Counter) -> None:
    await counter.open()
    put = PutProducts(counter.open_books, counter.clock)
    assert await put([product(), top_up()]) == 0
    assert await put([product(wholesale=Money(9_400, "CNY"))]) == 1
    assert await put([product(OTHER, brand=Brand("star", Names("\u65b0", "New")))]) == 1
    async with counter.peek_books() as books:
        found = await books.goods.find([CARD, OTHER])
        page = await books.goods.page(0, 10)
    assert found[CARD].product.version == 3  # the price, then the brand's name
    assert found[CARD].product.brand.names.en == "New"
    assert found[CARD].stock == 5
    assert [row.id for row in page.items][-2:] in ([CARD, OTHER], [OTHER, CARD])


async def test_a_product_comes_back_on_sale(counter: Counter) -> None:
    await counter.open()
    await TakeOffProducts(counter.open_books)([CARD])
    assert await PutProducts(counter.open_books, counter.clock)([product()]) == 1
    assert (await counter.reserve("s", counter.line(version=2))).cards


async def test_above_a_hundred_stock_is_many_and_moves_nothing(counter: Counter) -> None:
    await counter.open(cards=103)
    publish = PublishCatalogue(counter.peek_books, 2000)
    cursor = (await publish("shop", None, None)).cursor
    await counter.reserve("a", counter.line(quantity=2))
    assert (await publish("shop", str(cursor), None)).items == ()
    await counter.reserve("b")
    assert [row.stock for row in (await publish("shop", str(cursor), None)).items] == [100]
    assert await counter.stock(TOP_UP) == MANY


def entry(seq: int, prev: str, **other: Any) -> dict[str, Any]:
    values = {"till": "till", "epoch": 2, "seq": seq, "prev": prev, "at": "2026-11-22T06:15:29Z"}
    return {**values, "business_date": "2026-11-22", "kind": "note", "body": {}, **other}


def chain(*changes: dict[str, Any]) -> list[dict[str, Any]]:
    entries: list[dict[str, Any]] = []
    head = FIRST_PREV
    for seq, change in enumerate(changes, start=1):
        entries.append(entry(seq, head, **change))
        head = LedgerEntry.of(entries[-1]).hash
    return entries


async def test_a_ledger_is_taken_once_and_in_order(counter: Counter) -> None:
    await counter.open()
    accept = counter.accept_ledger
    caller = Caller("shop", "till")
    entries = chain({}, {"kind": "b"}, {"till": "x", "epoch": 9}, {})
    assert (await accept(caller, 2, [])).head.seq == 0
    assert (await accept(caller, 2, entries[:2])).head.seq == 2
    head = (await accept(caller, 2, entries)).head
    assert (head.seq, head.head) == (4, LedgerEntry.of(entries[3]).hash)
    assert (await accept(caller, 2, entries)).head == head
    twice = [*entries, *entries]
    assert (await accept(caller, 2, twice)).head == head


async def test_a_break_of_the_chain_stops_at_the_break(counter: Counter) -> None:
    await counter.open()
    accept = counter.accept_ledger
    caller = Caller("shop", "till")
    entries = chain({}, {}, {}, {})
    for bad, seq, effect in (
        ([entries[1]], 1, "none"),
        ([entries[0], entries[2]], 2, "done"),
        ([entry(1, FIRST_PREV, kind="forged")], 1, "none"),
        ([entries[1], entry(3, "1" * 32)], 3, "done"),
    ):
        with pytest.raises(KeyReused) as caught:
            await accept(caller, 2, bad)
        assert (caught.value.details, caught.value.effect) == ({"seq": seq}, effect)
    assert (await accept(caller, 2, entries)).head.seq == 4
    assert canonical_json(entries[0]) == LedgerEntry.of(entries[0]).text


async def test_each_epoch_has_a_chain_of_its_own(counter: Counter) -> None:
    await counter.open()
    accept = counter.accept_ledger
    caller = Caller("shop", "till")
    old, new = chain({}, {}, {"till": "x"}), chain({"epoch": 3}, {"epoch": 3}, {"epoch": 3, "till": "y"})
    await accept(caller, 2, old[:2])
    async with counter.open_books() as books:
        await books.tills.save(replace(await books.tills.find("till"), epoch=3))
        await books.commit()
    assert (await accept(caller, 3, [])).head.seq == 0
    assert (await accept(caller, 3, new)).head.head == LedgerEntry.of(new[2]).hash
    assert (await accept(caller, 3, old)).head == LedgerHead(
        3, LedgerEntry.of(old[2]).hash
    )  # the rest arrives late
    assert (await accept(caller, 3, [])).head.head == LedgerEntry.of(new[2]).hash
    with pytest.raises(BadRequest):
        await accept(caller, 3, [old[2], new[0]])
    with pytest.raises(KeyReused) as caught:
        await accept(caller, 3, [entry(4, LedgerEntry.of(old[2]).hash, epoch=3)])
    assert caught.value.details == {"seq": 4}
    async with counter.peek_books() as books:
        told = [text async for text in books.ledger.since("till", counter.clock.now())]
        assert not await books.ledger.holds("till", LedgerHead(3, "1" * 32))
        assert await books.ledger.holds("till", LedgerHead(2, LedgerEntry.of(old[1]).hash))
    assert told == [LedgerEntry.of(each).text for each in (*new[::-1], *old[::-1])]
    await counter.check()


async def sold_top_up(counter: Counter, sale: str = "s") -> None:
    await counter.reserve(sale, counter.line(TOP_UP))
    await counter.confirm(sale)


async def state(counter: Counter, sale: str = "s") -> TopUpState:
    return (await counter.read(sale)).top_ups[0].state


async def test_a_top_up_is_sent_once_and_asked_until_it_is_known(counter: Counter) -> None:
    await counter.open()
    await sold_top_up(counter)
    assert await state(counter) is TopUpState.ACCEPTED
    processing = SupplierAnswer(SupplierState.PROCESSING, "SO-9")
    counter.supplier.script.extend([processing, None, SupplierAnswer(SupplierState.SUCCESS)])
    for expected in (TopUpState.SUBMITTING, TopUpState.UNKNOWN, TopUpState.OK):
        assert await counter.run_top_ups() == 1
        assert await state(counter) is expected
        assert await counter.run_top_ups() == 0  # not due yet, or done
        counter.clock.pass_by(minutes=2)
    assert [call for call, _ in counter.supplier.calls] == ["submit", "ask", "ask"]
    assert (await counter.read("s")).top_ups[0].supplier_order == "SO-9"
    assert await counter.wallet() == (995_050, 0)
    with pytest.raises(Forbidden):
        await counter.cancel("s")


async def test_a_failed_top_up_gives_its_money_back(counter: Counter) -> None:
    await counter.open()
    await counter.reserve("s", counter.line(), counter.line(TOP_UP, "2"))
    await counter.confirm("s")
    with pytest.raises(Forbidden) as caught:
        await counter.cancel("s")
    assert caught.value.effect == "done"
    counter.supplier.script.append(SupplierAnswer(SupplierState.FAILED, None, "number not in service"))
    await counter.run_top_ups()
    assert (await counter.read("s")).top_ups[0].reason == "number not in service"
    assert await counter.wallet() == (990_500, 0)
    await counter.cancel("s")
    assert await counter.wallet() == (1_000_000, 0)
    with pytest.raises(Cancelled):
        await counter.confirm("s")


async def test_a_sale_of_nothing_but_a_failed_top_up_is_cancelled_without_money(counter: Counter) -> None:
    await counter.open()
    await sold_top_up(counter)
    counter.supplier.script.append(SupplierAnswer(SupplierState.FAILED))
    await counter.run_top_ups()
    await counter.cancel("s")
    assert await counter.wallet() == (1_000_000, 0)


async def test_a_lost_answer_is_asked_for_and_an_unheard_order_repeated(counter: Counter) -> None:
    await counter.open()
    await sold_top_up(counter)
    counter.supplier.script.extend([None, SupplierAnswer(SupplierState.NOT_FOUND)])
    await counter.run_top_ups()
    assert await state(counter) is TopUpState.UNKNOWN
    counter.clock.pass_by(minutes=1)
    await counter.run_top_ups()
    assert await state(counter) is TopUpState.OK
    assert [call for call, _ in counter.supplier.calls] == ["submit", "ask", "submit"]
    assert len({reference for _, reference in counter.supplier.calls}) == 1


async def test_a_worker_that_died_loses_nothing(counter: Counter) -> None:
    await counter.open()
    await sold_top_up(counter)
    now = counter.clock.now()
    async with counter.open_books() as books:
        (taken,) = await books.top_ups.take_due(now, now + timedelta(seconds=60), 9)
        sent = taken.sending(b"order")
        await books.top_ups.save(sent, sent.top_up, taken_until=now + timedelta(seconds=60))
        await books.top_ups.note_sent(sent.attempt(now))
        assert await books.top_ups.count_open() == 1
        await books.commit()
    assert await counter.run_top_ups() == 0
    counter.clock.pass_by(seconds=61)
    await counter.run_top_ups()
    assert await state(counter) is TopUpState.OK
    assert counter.supplier.calls[0][0] == "ask"


async def test_after_a_day_of_silence_a_person_must_look(counter: Counter) -> None:
    await counter.open()
    await sold_top_up(counter)
    counter.clock.pass_by(hours=25)
    counter.supplier.script.append(None)
    await counter.run_top_ups()
    assert await state(counter) is TopUpState.MANUAL
    assert await counter.run_top_ups() == 0


async def test_a_code_is_imported_once_in_any_spelling(counter: Counter) -> None:
    await counter.open(cards=0)
    spellings = ["AB12-CD34", "ab12 cd34", "\uff21\uff2212CD34", "\ufeffAB12\u200bCD34\r"]
    cards = [CardSecret(number=number, pin="1") for number in spellings]
    lots = [CodeLotDraft(CARD, str(i), (card,), PROVENANCE) for i, card in enumerate(cards)]
    reports = await counter.import_codes(lots)
    assert [(report.imported, report.duplicates) for report in reports] == [(1, 0), (0, 1), (0, 1), (0, 1)]
    assert reports[1].batch_id is None
    assert (await counter.import_codes(lots))[0].duplicates == 1
    assert await counter.stock() == 1
    for wrong in (TOP_UP, OTHER):
        with pytest.raises(NotFound):
            await counter.import_codes([CodeLotDraft(wrong, "x", (CardSecret(pin="1"),), PROVENANCE)])
    async with counter.peek_books() as books:
        batch = await books.cards.batch(reports[0].batch_id)
        assert (batch.count, batch.supplier_batch, batch.face) == (1, "0", product().face)
        assert (await books.cards.batch("none")) is None


async def test_money_comes_in_once_for_each_reference(counter: Counter) -> None:
    await counter.open(money=0)
    credit = CreditWallet(counter.open_books, counter.clock, counter.ids)
    for _ in range(2):
        wallet = await credit("shop", Money(500, "CNY"), "bank 1")
    assert wallet.balance == Money(500, "CNY")
    with pytest.raises(NotFound):
        await credit("nowhere", Money(500, "CNY"), "bank 1")
    with pytest.raises(ValueError, match="positive"):
        await credit("shop", Money(0, "CNY"), "bank 2")
    with pytest.raises(ValueError, match="do not mix"):
        await credit("shop", Money(5, "USD"), "bank 3")
    account = ReadAccount(counter.peek_books)
    assert (await account(Caller("shop", "till"))).available == Money(500, "CNY")
    with pytest.raises(NotFound):
        await account(Caller("nowhere", "till"))


async def test_a_sample_is_made_once(counter: Counter) -> None:
    opened = OpenShop(counter.open_books, counter.ids)
    credit = CreditWallet(counter.open_books, counter.clock, counter.ids)
    make = MakeSample(
        PutSuppliers(counter.open_books),
        PutProducts(counter.open_books, counter.clock),
        counter.import_codes,
        opened,
        credit,
    )
    market = make_market(7, 60, 50)
    suppliers, products, lots = market.suppliers, market.products, list(market.lots)
    report = await make(suppliers, products, lots)
    assert (report.products, report.cards, report.duplicates) == (60, 50, 0)
    report = await make(suppliers, products, lots)
    assert (report.products, report.cards, report.duplicates) == (0, 0, 50)
    assert (
        await make([SUPPLIER], (), [lot(6_000, next(p.id for p in products if p.payload))])
    ).cards == 6_000
    shop, is_new = await opened("x", "CNY")
    assert (shop.name, is_new) == ("Demo shop / \u793a\u4f8b\u5c0f\u5e97", False)
    assert (await ReadAccount(counter.peek_books)(Caller(shop.id, ""))).balance == Money(2_000_000, "CNY")


async def test_the_doctor_finds_a_foreign_key(counter: Counter) -> None:
    await counter.open()
    foreign = AesVault(b"x" * 32, b"f" * 32)
    findings = await Doctor(counter.peek_books, foreign)()
    broken = [finding for finding in findings if not finding.holds]
    assert [finding.name for finding in broken] == ["vault"]
    mine = ImportCodes(counter.open_books, counter.vault, counter.clock, counter.ids)
    assert (await mine([lot(1)]))[0].duplicates == 1


async def test_top_ups_open_and_close_with_the_supplier(counter: Counter) -> None:
    await counter.open()
    open_top_ups = OpenTopUps(counter.open_books)
    assert await open_top_ups(True) == 0
    assert await open_top_ups(False) == 1
    assert await counter.stock(TOP_UP) == 0
