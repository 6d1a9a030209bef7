"""Goods as a document: read back as written, every fault told with its place, all of it or nothing."""

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from platform_server.domain.errors import BadRequest
from platform_server.domain.goods import FieldOption, FieldSpec, Limits, Names, Payload
from platform_server.domain.goods_classes import REFUSED_CLASSES
from platform_server.domain.goods_file import NEW, read_goods, write_goods
from platform_server.domain.market import make_market
from platform_server.domain.suppliers import SupplierFile
from platform_server.flows.load_goods import LoadGoods, TellGoods
from platform_server.flows.put_products import TakeOffProducts
from tests.fakes.platform_goods import CARD, OTHER, SUPPLIER, product, top_up
from tests.fakes.platform_process import command
from tests.server.conftest import Counter

Json = dict[str, Any]


def document() -> Json:
    """One supplier, a card and a top-up, as a file has them."""
    return json.loads(json.dumps(write_goods([SUPPLIER], [product(), top_up()])))  # type: ignore[no-any-return]


def test_what_is_written_is_read_back() -> None:
    market = make_market(3, 300, 0)
    field = FieldSpec(
        "server", Names("\u533a", "Server"), "choice", (FieldOption("1", Names("\u4e00", "One")),)
    )
    others = [
        product(OTHER, card_kind="kit", parts=3, bans=("channel online",), limits=Limits(2, 8, 2)),
        product(CARD, payload=Payload.IMAGE, card_kind="repeatable", uses=4, validity_days=30, qr=None),
        top_up(fields=(field,), delivery_minutes=15),
    ]
    papers = (*market.suppliers, SupplierFile("idle", Names("\u95f2", "Idle"), None, is_active=False))
    for suppliers, products in ((papers, market.products), ((SUPPLIER,), tuple(others))):
        read = read_goods(json.loads(json.dumps(write_goods(suppliers, products))))
        assert read.faults == ()
        assert (read.suppliers, read.products) == (tuple(suppliers), tuple(products))


def test_what_may_be_left_out() -> None:
    told = two_products()
    card = told["products"][0]
    for name in ("id", "fields", "limits", "bans", "return_rule", "return_days", "qr", "risk_class", "leasable", "parts",
                 "uses", "validity_days", "delivery_minutes", "card_kind", "instructions"):  # fmt: skip
        del card[name]
    del told["suppliers"][0]["is_active"]
    read = read_goods(told)
    assert read.faults == ()
    expected = replace(product(), id=NEW, instructions=Names("", ""), leasable=False)
    assert read.products[0] == expected


Change = Callable[[Json], Any]


def paper(told: Json) -> Json:
    found: Json = told["suppliers"][0]["authorisation"]
    return found


FAULTS: list[tuple[str, str, Change]] = [
    ("goods", "is not 1", lambda d: d.update(goods=2)),
    ("extra", "is not known here", lambda d: d.update(extra=1)),
    ("products", "is not a list", lambda d: d.update(products={})),
    ("suppliers[0].authorisation", "is not an object", lambda d: d["suppliers"][0].update(authorisation=[])),
    ("suppliers[0].authorisation.document", "is missing", lambda d: paper(d).pop("document")),
    ("suppliers[0].authorisation.valid_until", "is not a day", lambda d: paper(d).update(valid_until="1.2.2027")),
    ("suppliers[0].authorisation.valid_until", "is not a text", lambda d: paper(d).update(valid_until=" ")),
    ("suppliers[0]", "ends before it begins", lambda d: paper(d).update(valid_until="2019-01-01")),
    ("suppliers[0]", "the id of a supplier", lambda d: d["suppliers"][0].update(id="a b")),
    ("suppliers[0].is_active", "neither true nor false", lambda d: d["suppliers"][0].update(is_active=1)),
    ("suppliers[0].id", "there 2 times", lambda d: d["suppliers"].append(d["suppliers"][0])),
    ("brands[0].names.en", "is missing", lambda d: d["brands"][0]["names"].pop("en")),
    ("categories[0]", "is not an object", lambda d: d.update(categories=["games"])),
    ("products[1]", "is not an object", lambda d: d["products"].__setitem__(1, 7)),
    ("products[0].colour", "is not known here", lambda d: d["products"][0].update(colour="red")),
    ("products[0].id", "is not a UUIDv7", lambda d: d["products"][0].update(id="1")),
    ("products[0]", "neither an id nor a barcode", lambda d: d["products"][0].update(id=None, barcode=None)),
    ("products[1].barcode", "there 2 times", lambda d: d["products"][1].update(id=None)),
    ("products[1].id", "there 2 times", lambda d: d["products"][1].update(id=CARD)),
    ("products[0].brand", "comet is not in this document", lambda d: d["products"][0].update(brand="comet")),
    ("products[0].kind", "is not one of code, top_up", lambda d: d["products"][0].update(kind="gift")),
    ("products[0].payload", "is not one of", lambda d: d["products"][0].update(payload="dance")),
    ("products[1].delivery_minutes", "is missing", lambda d: d["products"][1].pop("delivery_minutes")),
    ("products[0].goods_class", "is missing", lambda d: d["products"][0].pop("goods_class")),
    ("products[0].supplier", "is missing", lambda d: d["products"][0].pop("supplier")),
    ("products[0].leasable", "neither true nor false", lambda d: d["products"][0].update(leasable="yes")),
    ("products[0].face.minor", "is not a whole number", lambda d: d["products"][0]["face"].update(minor=True)),
    ("products[0].face", "three capital letters", lambda d: d["products"][0]["face"].update(currency="yuan")),
    ("products[0].face.currency", "is missing", lambda d: d["products"][0]["face"].pop("currency")),
    ("products[0].limits", "limits are", lambda d: d["products"][0]["limits"].update(min=0)),
    ("products[0].limits", "is not an object", lambda d: d["products"][0].update(limits=5)),
    ("products[0].parts", "is not a whole number", lambda d: d["products"][0].update(parts="2")),
    ("products[0]", "a kit has 2 to 20 parts", lambda d: d["products"][0].update(card_kind="kit")),
    ("products[0]", "a ban is", lambda d: d["products"][0].update(bans=["never"])),
    ("products[0].bans[0]", "is not a text", lambda d: d["products"][0].update(bans=[5])),
    ("products[1].fields[0].kind", "is not one of text, choice", lambda d: d["products"][1]["fields"][0].update(kind="password")),
    ("products[1].fields[1]", "asks for a secret", lambda d: d["products"][1]["fields"][1].update(key="login_password")),
    ("products[1].fields[1]", "a validator is one of", lambda d: d["products"][1]["fields"][1].update(validator="id_card")),
    ("products[1].fields[0].options[0].label", "is missing", lambda d: d["products"][1]["fields"][0]["options"][0].pop("label")),
    ("products[0].instructions.zh", "is not a text", lambda d: d["products"][0]["instructions"].update(zh=5)),
]  # fmt: skip


@pytest.mark.parametrize(("where", "what", "change"), FAULTS)
def test_a_fault_is_told_by_its_place(where: str, what: str, change: Change) -> None:
    told = document()
    if "barcode" not in where:
        told["products"][1]["barcode"] = None
    change(told)
    read = read_goods(told)
    assert [fault for fault in read.faults if fault.where == where and what in fault.what], read.faults
    assert len({str(fault) for fault in read.faults}) <= 3


@pytest.mark.parametrize("goods_class", sorted(REFUSED_CLASSES))
def test_what_is_never_sold_is_refused_with_its_reason(goods_class: str) -> None:
    told = document()
    told["products"] = [{**told["products"][0], "goods_class": goods_class}]
    (fault,) = read_goods(told).faults
    assert str(fault) == f"products[0].goods_class: is never sold: {REFUSED_CLASSES[goods_class]}"


@pytest.mark.parametrize("told", [None, [], 5, "x", {}])
def test_what_is_no_document_of_goods(told: Any) -> None:
    assert read_goods(told).faults


def test_all_faults_are_told_at_once() -> None:
    told = document()
    told["products"][1]["barcode"] = None
    told["products"][0]["face"]["minor"] = "1"
    told["products"][1]["kind"] = "x"
    told["suppliers"][0]["names"] = None
    assert [fault.where for fault in read_goods(told).faults] == [
        "suppliers[0].names",
        "products[0].face.minor",
        "products[1].kind",
    ]


# --- onto the shelf ---


def loading(counter: Counter) -> LoadGoods:
    return LoadGoods(counter.open_books, counter.clock, counter.ids)


def two_products() -> Json:
    told = document()
    told["products"][1]["barcode"] = None
    return told


@pytest.mark.anyio
async def test_a_document_is_loaded_once_and_told_again(counter: Counter) -> None:
    load, tell = loading(counter), TellGoods(counter.peek_books)
    dry = await load(two_products(), is_dry_run=True)
    assert (dry.suppliers, dry.products) == (1, 2)
    assert (await tell())["products"] == []
    assert await load(two_products(), is_dry_run=False) == dry
    again = await load(two_products(), is_dry_run=False)
    assert (again.suppliers, again.products) == (0, 0)
    assert await tell() == two_products() | {
        "products": sorted(two_products()["products"], key=lambda p: p["id"])
    }
    await TakeOffProducts(counter.open_books)([CARD])
    assert [each["id"] for each in (await tell())["products"]] == [top_up().id]


@pytest.mark.anyio
async def test_a_product_without_an_id_is_found_by_its_barcode(counter: Counter) -> None:
    load, told = loading(counter), two_products()
    fresh = {**told["products"][0], "id": None}
    told["products"] = [fresh]
    await load(told, is_dry_run=False)
    (first,) = (await TellGoods(counter.peek_books)())["products"]
    told["products"] = [{**fresh, "names": {"zh": "\u65b0", "en": "New"}}]
    assert (await load(told, is_dry_run=False)).products == 1
    (second,) = (await TellGoods(counter.peek_books)())["products"]
    assert (second["id"], second["names"]["en"]) == (first["id"], "New")
    twin = copy.deepcopy(told)
    twin["products"] = [{**fresh, "id": OTHER}]
    await load(twin, is_dry_run=False)
    with pytest.raises(BadRequest, match="2 products bear the barcode 6901234567892; say the id"):
        await load(told, is_dry_run=False)


@pytest.mark.anyio
async def test_what_the_shelf_refuses_is_told_by_its_place_and_writes_nothing(counter: Counter) -> None:
    told = two_products()
    told["products"][0] |= {"goods_class": "game_card", "supplier": "nobody"}
    told["products"][1]["wholesale"]["minor"] = 4_000
    with pytest.raises(BadRequest) as caught:
        await loading(counter)(told, is_dry_run=False)
    assert [each["where"] for each in caught.value.details["errors"]] == [
        "products[0]",
        "products[0]",
        "products[1]",
    ]
    assert "no supplier nobody is on file" in str(caught.value)
    told_now = await TellGoods(counter.peek_books)()
    assert (told_now["suppliers"], told_now["products"]) == ([], [])


@pytest.mark.slow
def test_by_hand(tmp_path: Path) -> None:
    file, out = tmp_path / "goods.json", tmp_path / "out.json"
    file.write_bytes(b"\xef\xbb\xbf" + json.dumps(two_products()).encode())
    dry = command(tmp_path, "goods", "import", str(file), "--dry-run")
    assert dry.stdout == "1 suppliers and 2 products would be new or changed\n", dry.stderr
    assert command(tmp_path, "goods", "import", str(file)).stdout.startswith(
        "1 suppliers and 2 products are new"
    )
    assert command(tmp_path, "goods", "export", "--out", str(out)).returncode == 0
    assert {each["id"] for each in json.loads(out.read_text("utf-8"))["products"]} == {CARD, top_up().id}
    assert (
        "factory  \u5382 / Factory, DOC-1 of Star until 2099-12-31: may sell"
        in command(tmp_path, "goods", "suppliers").stdout
    )
    assert command(tmp_path, "goods", "off", CARD).stdout.startswith("1 products")
    shown = json.loads(command(tmp_path, "goods", "export").stdout)
    assert [each["id"] for each in shown["products"]] == [top_up().id]
    broken = two_products()
    broken["products"][1]["fields"][1]["key"] = "password"
    file.write_text(json.dumps(broken), "utf-8")
    refused = command(tmp_path, "goods", "import", str(file))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "products[1].fields[1]: 'password' asks for a secret" in refused.stderr
    assert refused.stderr.endswith("1 faults; nothing was written.\n")
    file.write_text("{'no': json}", "utf-8")
    assert "is no JSON that can be read" in command(tmp_path, "goods", "import", str(file)).stderr
