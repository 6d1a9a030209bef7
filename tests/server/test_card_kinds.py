"""Kits, codes for several uses, codes for everybody, pictures: each card is sold once, and the doctor agrees."""

import asyncio
import base64
import json
import struct
import zlib
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from platform_server.domain.cards import CardState, HeldCard, secret_fault
from platform_server.domain.errors import BadRequest, Collided, Expired, SoldOut
from platform_server.domain.goods import CardSecret, CodeLotDraft, Payload
from platform_server.domain.goods_file import write_goods
from platform_server.domain.lot_file import read_lot
from platform_server.domain.pictures import MOST_BYTES, picture_bytes
from platform_server.flows.put_products import PutProducts
from tests.fakes.platform_goods import CARD, OTHER, PROVENANCE, SUPPLIER, lot, product
from tests.fakes.platform_process import command
from tests.server.conftest import Counter

pytestmark = pytest.mark.anyio


def png(width: int = 8, height: int = 8, filler: int = 0) -> str:
    """A real picture: black, `filler` bytes of text in it."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    rows = b"".join(b"\0" + bytes((width + 7) // 8) for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    parts = (chunk(b"IHDR", head), chunk(b"tEXt", b"x" * filler), chunk(b"IDAT", zlib.compress(rows)))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(parts) + chunk(b"IEND", b"")).decode()


def code(number: int) -> CardSecret:
    return CardSecret(number=f"K{number:011d}", pin=f"CANARY{number:08d}")


def kits(*kits: tuple[int, ...], days: dict[int, int] | None = None, counter: Counter) -> CodeLotDraft:
    def dated(number: int) -> CardSecret:
        secret = code(number)
        if days is None or number not in days:
            return secret
        return CardSecret(
            secret.number, secret.pin, expires_at=counter.clock.now() + timedelta(days=days[number])
        )

    made = tuple(tuple(dated(number) for number in kit) for kit in kits)
    return CodeLotDraft(OTHER, "KITS", (), PROVENANCE, made)


async def sell_kits(counter: Counter) -> None:
    await counter.open()
    await PutProducts(counter.open_books, counter.clock)([product(OTHER, card_kind="kit", parts=3)])


async def states(counter: Counter, product_id: str = OTHER) -> dict[str, int]:
    """How many cards of a product are in which state, as the store counts them."""
    found: dict[str, int] = {}
    async with counter.peek_books() as books:
        if hasattr(books, "state"):
            cards = [c for c in books.state.cards.values() if c.kept.label.product_id == product_id]
            names = [card.state.value for card in cards]
        else:
            rows = await books._connection.exec_driver_sql(
                f"SELECT state FROM cards WHERE product_id = '{product_id}'"
            )
            names = [row[0] for row in rows]
    for name in names:
        found[name] = found.get(name, 0) + 1
    return found


# --- kits ---


async def test_a_kit_is_sold_as_one_and_handed_over_in_parts(counter: Counter) -> None:
    await sell_kits(counter)
    (report,) = await counter.import_codes([kits((1, 2, 3), (4, 5, 6), counter=counter)])
    assert (report.imported, await counter.stock(OTHER)) == (2, 2)
    assert await states(counter) == {"AVAILABLE": 2, "IN_KIT": 4}
    reserved = await counter.reserve("s", counter.line(OTHER, quantity=2))
    assert [card.masked for card in reserved.cards] == [f"****000{n}" for n in range(1, 7)]
    assert await counter.wallet() == (1_000_000, 19_000)
    sold = await counter.confirm("s")
    assert len({card.card_id for card in sold.sealed}) == 6
    assert {card.line_id for card in sold.sealed} == {"1"}
    with pytest.raises(BadRequest, match="not the cards"):
        await counter.ack("s", *(card.card_id for card in sold.sealed[:5]))
    await counter.ack("s", *(card.card_id for card in sold.sealed))
    assert await states(counter) == {"DELIVERED": 6}


async def test_a_kit_that_was_let_go_is_whole_again(counter: Counter) -> None:
    await sell_kits(counter)
    await counter.import_codes([kits((1, 2, 3), (4, 5, 6), counter=counter)])
    await counter.reserve("s", counter.line(OTHER))
    await counter.cancel("s")
    assert await states(counter) == {"AVAILABLE": 2, "IN_KIT": 4}
    assert await counter.stock(OTHER) == 2
    await counter.reserve("late", counter.line(OTHER, quantity=2))
    counter.clock.pass_by(minutes=11)
    assert len((await counter.confirm("late")).sealed) == 6
    await counter.cancel("late")
    assert await states(counter) == {"QUARANTINED": 6}


async def test_the_last_kit_goes_to_one_of_two(counter: Counter) -> None:
    await sell_kits(counter)
    await counter.import_codes([kits((1, 2, 3), counter=counter)])
    line = counter.line(OTHER)
    outcomes = await asyncio.gather(
        counter.reserve("a", line), counter.reserve("b", line), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, SoldOut)]
    assert len(refused) == 1
    assert (refused[0].details["wanted"], refused[0].details["left"]) == (1, 0)
    with pytest.raises(SoldOut) as caught:
        await counter.reserve("c", counter.line(OTHER, quantity=2))
    assert caught.value.details["left"] == 0


async def test_a_code_in_a_kit_is_nowhere_else(counter: Counter) -> None:
    await sell_kits(counter)
    single = CodeLotDraft(CARD, "S", (code(2),), PROVENANCE)
    await counter.import_codes([single])
    taken, twice, fresh = (1, 2, 3), (4, 5, 4), (1, 7, 3)
    (report,) = await counter.import_codes([kits(taken, twice, fresh, counter=counter)])
    assert (report.imported, report.duplicates) == (1, 2)
    assert (await counter.import_codes([CodeLotDraft(CARD, "S2", (code(7),), PROVENANCE)]))[0].duplicates == 1


async def test_a_kit_expires_with_the_first_of_its_codes(counter: Counter) -> None:
    await sell_kits(counter)
    await counter.import_codes([kits((1, 2, 3), (4, 5, 6), counter=counter, days={2: 2, 3: 9, 6: 5})])
    first = await counter.reserve("s", counter.line(OTHER))
    assert first.cards[0].masked == "****0001"
    await counter.cancel("s")
    counter.clock.pass_by(days=3)
    assert await counter.sweep() == 1
    assert await states(counter) == {"EXPIRED": 3, "AVAILABLE": 1, "IN_KIT": 2}


async def test_a_kit_comes_with_all_its_codes(counter: Counter) -> None:
    await sell_kits(counter)
    for wrong in (kits((1, 2), counter=counter), lot(1, OTHER, 50)):
        with pytest.raises(BadRequest, match="its product is sold with 3"):
            await counter.import_codes([wrong])
    whole = CodeLotDraft(CARD, "K", (), PROVENANCE, ((code(1), code(2)),))
    with pytest.raises(BadRequest, match="its product is sold with 1"):
        await counter.import_codes([whole])


# --- several uses ---


async def test_a_repeatable_code_is_sold_as_often_as_it_may_be_used(counter: Counter) -> None:
    await counter.open()
    await PutProducts(counter.open_books, counter.clock)([product(OTHER, card_kind="repeatable", uses=3)])
    draft = CodeLotDraft(OTHER, "R", (code(1),), PROVENANCE)
    (report,) = await counter.import_codes([draft])
    assert (report.imported, await counter.stock(OTHER)) == (1, 3)
    assert (await counter.import_codes([draft]))[0].duplicates == 1
    one = await counter.reserve("a", counter.line(OTHER, quantity=2))
    other = await counter.reserve("b", counter.line(OTHER))
    assert len({card.card_id for card in (*one.cards, *other.cards)}) == 3
    assert {card.masked for card in (*one.cards, *other.cards)} == {"****0001"}
    with pytest.raises(SoldOut):
        await counter.reserve("c", counter.line(OTHER))
    assert await opened(counter, "a") == [code(1)] * 2
    assert await opened(counter, "b") == [code(1)]
    await counter.check()
    assert len((await counter.confirm("a")).sealed) == 2
    assert (await counter.import_codes([CodeLotDraft(CARD, "R", (code(1),), PROVENANCE)]))[0].duplicates == 1


async def opened(counter: Counter, sale: str) -> list[CardSecret]:
    async with counter.peek_books() as books:
        reservation = await books.reservations.find("till", sale)
        boxed = await books.cards.boxed(reservation.id)
    return [counter.vault.open(card.batch_key, card.label, card.box) for card in boxed]


# --- a code for everybody ---


async def sell_loop(counter: Counter, days: int | None = None) -> None:
    await counter.open()
    await PutProducts(counter.open_books, counter.clock)([product(OTHER, card_kind="loop")])
    until = None if days is None else counter.clock.now() + timedelta(days=days)
    secret = CardSecret("L00000000001", "CANARY00000001", expires_at=until)
    await counter.import_codes([CodeLotDraft(OTHER, "L", (secret,), PROVENANCE)])


async def test_a_loop_code_is_sold_to_many(counter: Counter) -> None:
    await sell_loop(counter)
    assert await counter.stock(OTHER) == 101
    cards: list[HeldCard] = []
    for sale in "abc":
        cards += (await counter.reserve(sale, counter.line(OTHER, quantity=4))).cards
        assert len((await counter.confirm(sale)).sealed) == 4
    assert len({card.card_id for card in cards}) == 12
    assert {secret.number for secret in await opened(counter, "b")} == {"L00000000001"}
    assert await counter.stock(OTHER) == 101
    assert await states(counter) == {"MASTER": 1, "SOLD": 12}
    await counter.cancel("b")
    assert await states(counter) == {"MASTER": 1, "SOLD": 8, "QUARANTINED": 4}
    draft = CodeLotDraft(CARD, "L2", (CardSecret("l0000-0000001", "CANARY00000001"),), PROVENANCE)
    assert (await counter.import_codes([draft]))[0].duplicates == 1


async def test_a_copy_that_was_let_go_is_sold_next(counter: Counter) -> None:
    await sell_loop(counter)
    first = await counter.reserve("a", counter.line(OTHER, quantity=2))
    await counter.cancel("a")
    assert await states(counter) == {"MASTER": 1, "AVAILABLE": 2}
    assert await counter.stock(OTHER) == 103
    again = await counter.reserve("b", counter.line(OTHER, quantity=3))
    assert {card.card_id for card in first.cards} < {card.card_id for card in again.cards}
    assert await states(counter) == {"MASTER": 1, "RESERVED": 3}


async def test_many_at_once_get_a_copy_each(counter: Counter) -> None:
    await sell_loop(counter)
    line = counter.line(OTHER)
    views = await asyncio.gather(*(counter.reserve(f"s{i}", line) for i in range(8)))
    assert len({view.cards[0].card_id for view in views}) == 8


async def test_an_expired_loop_is_sold_out(counter: Counter) -> None:
    await sell_loop(counter, days=1)
    await counter.reserve("late", counter.line(OTHER))
    await counter.reserve("gone", counter.line(OTHER))
    await counter.cancel("gone")
    counter.clock.pass_by(days=1)
    assert await counter.sweep() == 4  # one overdue sale; its copy, the copy let go, the master
    assert await counter.stock(OTHER) == 0
    with pytest.raises(SoldOut):
        await counter.reserve("s", counter.line(OTHER))
    with pytest.raises(Expired):
        await counter.confirm("late")


# --- pictures, and secrets that fit ---


async def test_a_picture_is_a_code_like_any_other(counter: Counter) -> None:
    await counter.open()
    await PutProducts(counter.open_books, counter.clock)([product(OTHER, payload=Payload.IMAGE, qr=None)])
    text = png()
    broken = text[:40] + "\n" + text[40:]
    lots = [CodeLotDraft(OTHER, "P", (CardSecret(image=each),), PROVENANCE) for each in (text, broken)]
    assert [report.imported for report in await counter.import_codes(lots)] == [1, 0]
    reserved = await counter.reserve("s", counter.line(OTHER))
    assert reserved.cards[0].masked == "****"
    (card,) = (await counter.confirm("s")).sealed
    assert card.payload == "image"
    assert reserved.cards[0].state is CardState.RESERVED


def test_what_is_no_picture() -> None:
    raw = base64.b64decode(png())
    assert picture_bytes(png(2_000, 1)) == base64.b64decode(png(2_000, 1))
    wrongs = [b"", raw[:40], b"GIF89a" + raw, raw.replace(b"IHDR", b"IHDX")]
    for wrong in wrongs:
        with pytest.raises(ValueError, match="a PNG in base64"):
            picture_bytes(base64.b64encode(wrong).decode())
    for text in ("CANARY!", "\u5361"):
        with pytest.raises(ValueError, match="a PNG in base64") as caught:
            picture_bytes(text)
        assert text not in str(caught.value)
    with pytest.raises(ValueError, match="at most"):
        picture_bytes(png(filler=MOST_BYTES))
    with pytest.raises(ValueError, match="dots a side"):
        picture_bytes(png(2_001, 1))


@pytest.mark.parametrize(
    ("payload", "secret", "is_right"),
    [
        (Payload.NUMBER_PIN, CardSecret("CANARY", "CANARY"), True),
        (Payload.NUMBER_PIN, CardSecret(pin="CANARY"), False),
        (Payload.PIN, CardSecret(pin="CANARY"), True),
        (Payload.PIN, CardSecret("CANARY", "CANARY"), False),
        (Payload.LINK, CardSecret(link="CANARY"), True),
        (Payload.LINK, CardSecret(pin="CANARY"), False),
        (Payload.IMAGE, CardSecret(image=png()), True),
        (Payload.IMAGE, CardSecret(image="CANARY"), False),
        (Payload.IMAGE, CardSecret(link="CANARY"), False),
    ],
)
def test_a_secret_fits_its_product(payload: Payload, secret: CardSecret, is_right: bool) -> None:
    fault = secret_fault(payload, secret)
    assert (fault is None) == is_right
    assert "CANARY" not in (fault or "")


async def test_a_secret_that_does_not_fit_is_told_by_its_place(counter: Counter) -> None:
    await counter.open()
    draft = CodeLotDraft(CARD, "B7", (code(1), CardSecret(pin="CANARY")), PROVENANCE)
    with pytest.raises(
        BadRequest, match="lot B7 card 2: a card of payload number_pin consists of number and pin"
    ):
        await counter.import_codes([draft])
    assert await counter.stock() == 5


# --- lots as documents ---


def told_lot(**other: object) -> dict[str, object]:
    kit = [
        {"number": "K00000000001", "pin": "CANARY00000001"},
        {"number": "K00000000002", "pin": "CANARY00000002"},
    ]
    given = {
        "lot": 1,
        "product": OTHER,
        "supplier_batch": "B7",
        "supplier": "factory",
        "reference": "INVOICE-1",
    }
    return {**given, "received": "2026-11-01", "kits": [kit], **other}


def test_a_lot_is_read_as_it_was_written() -> None:
    until = "2027-12-31T16:00:00Z"
    read = read_lot(told_lot(cards=[{"pin": "P", "expires_at": until}, {"image": png(), "link": None}]))
    assert read.faults == ()
    assert read.lot == CodeLotDraft(
        OTHER,
        "B7",
        (CardSecret(pin="P", expires_at=datetime.fromisoformat(until)), CardSecret(image=png())),
        PROVENANCE,
        ((code(1), code(2)),),
    )


@pytest.mark.parametrize(
    ("wrong", "where", "what"),
    [
        ({"lot": 2}, "lot", "is not 1"),
        ({"reference": ""}, "reference", "is not a text"),
        ({"received": "soon"}, "received", "is not a day"),
        ({"kits": []}, "", "a lot has 1 to"),
        ({"cards": [{}]}, "cards[0]", "a card without"),
        ({"cards": [{"pin": 7}]}, "cards[0].pin", "is not a text"),
        ({"cards": ["CANARY"]}, "cards[0]", "is not an object"),
        ({"kits": [[{"pin": "P", "cvv": "1"}]]}, "kits[0][0].cvv", "is not known here"),
        ({"cards": [{"pin": "P", "expires_at": "CANARY"}]}, "cards[0].expires_at", "is not a time"),
        ({"cards": [{"pin": "P", "expires_at": "2027-12-31"}]}, "cards[0].expires_at", "is not a time"),
        ({"colour": "red"}, "colour", "is not known here"),
    ],
)
def test_a_fault_of_a_lot_is_told_by_its_place_without_its_codes(
    wrong: dict[str, object], where: str, what: str
) -> None:
    read = read_lot(told_lot(**wrong))
    assert read.lot is None
    assert [fault for fault in read.faults if fault.where == where and what in fault.what], read.faults
    assert "CANARY" not in str(read.faults)


def test_what_is_no_lot() -> None:
    assert read_lot([]).faults


@pytest.mark.slow
def test_kits_by_hand(tmp_path: Path) -> None:
    goods, lot_file = tmp_path / "goods.json", tmp_path / "lot.json"
    goods.write_text(json.dumps(write_goods([SUPPLIER], [product(OTHER, card_kind="kit", parts=2)])), "utf-8")
    assert command(tmp_path, "goods", "import", str(goods)).returncode == 0
    lot_file.write_text(json.dumps(told_lot()), "utf-8")
    assert (
        command(tmp_path, "goods", "codes", str(lot_file)).stdout
        == "1 are new (0 hold a code that was known)\n"
    )
    assert command(tmp_path, "goods", "codes", str(lot_file)).stdout.startswith("0 are new (1 hold")
    lot_file.write_text(json.dumps(told_lot(kits=[[{"pin": "CANARY"}]])), "utf-8")
    refused = command(tmp_path, "goods", "codes", str(lot_file))
    assert (refused.returncode, "its product is sold with 2" in refused.stderr) == (1, True)
    lot_file.write_text(json.dumps(told_lot(reference="")), "utf-8")
    assert command(tmp_path, "goods", "codes", str(lot_file)).stderr.startswith("reference: is not a text")
    lot_file.write_text('{"pin": "CANARY', "utf-8")
    broken = command(tmp_path, "goods", "codes", str(lot_file))
    assert (broken.returncode, "CANARY" in broken.stdout + broken.stderr) == (1, False)
    assert command(tmp_path, "doctor").returncode == 0


# --- two programs at once, and keys that change ---


async def test_two_programs_that_bring_one_code_in_two_kits(counter: Counter) -> None:
    await sell_kits(counter)
    drafts = [kits((1, 2, 3), counter=counter), kits((3, 4, 5), counter=counter)]
    outcomes = await asyncio.gather(
        *(counter.import_codes([draft]) for draft in drafts), return_exceptions=True
    )
    assert all(isinstance(outcome, tuple | Collided) for outcome in outcomes), outcomes
    assert await counter.stock(OTHER) == 1
    assert sum((await states(counter)).values()) == 3


async def test_further_uses_open_after_their_batch_was_shut_again(counter: Counter) -> None:
    await sell_loop(counter)
    ticket = "019393a1-0000-7000-8000-000000000009"
    await PutProducts(counter.open_books, counter.clock)([product(ticket, card_kind="repeatable", uses=3)])
    await counter.import_codes([CodeLotDraft(ticket, "R", (code(1),), PROVENANCE)])
    await counter.reserve("before", counter.line(OTHER), counter.line(ticket, "2", quantity=2))
    await shut_again(counter)
    await counter.reserve("after", counter.line(OTHER, quantity=2), counter.line(ticket, "2"))
    assert {secret.number for secret in await opened(counter, "before")} == {"L00000000001", code(1).number}
    assert {secret.number for secret in await opened(counter, "after")} == {"L00000000001", code(1).number}


async def shut_again(counter: Counter) -> None:
    """Every batch under a new data key, as a deep rotation does it."""
    async with counter.open_books() as books:
        while old := await books.keys.made_before("a key that made none", 100):
            fresh = [key for key in old if key.version == 1]
            if not fresh:
                break
            for key in fresh:
                await books.keys.put(counter.vault.new_batch_key(key.batch_id, 2))
        for key in await books.keys.outgrown(100):
            while cards := await books.keys.shut_before(key, 100):
                boxes = []
                for card in cards:
                    secret = counter.vault.open(card.batch_key, card.label, card.box)
                    boxes.append(
                        (card, counter.vault.shut(key, replace(card.label, version=key.version), secret))
                    )
                await books.keys.shut_again(boxes, key.version)
            assert await books.keys.drop_older(key)
        await books.commit()
