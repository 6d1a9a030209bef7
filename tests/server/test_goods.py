"""What may be put on sale, by whom, when and through which channel: the schema of goods and the policy over it."""

from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest

from platform_server.domain.bans import UNATTENDED, banned_by, parse_ban
from platform_server.domain.errors import Forbidden, NotFound, ProductOff
from platform_server.domain.goods import (
    CodeLotDraft,
    FieldOption,
    FieldSpec,
    Names,
    Payload,
    Product,
    ProductKind,
    Provenance,
)
from platform_server.domain.goods_classes import GOODS_CLASSES, REFUSED_CLASSES
from platform_server.domain.goods_policy import faults
from platform_server.domain.ledger import LedgerHead
from platform_server.domain.market import make_market
from platform_server.domain.money import Money
from platform_server.domain.suppliers import Authorisation, SupplierFile
from platform_server.domain.validators import VALIDATORS, asks_for_secret, is_valid
from platform_server.flows.keep_suppliers import ListSuppliers, PutSuppliers
from platform_server.flows.put_products import PutProducts, TakeOffProducts
from platform_server.flows.reserve import Order, Reserve
from platform_server.routes.shelf_messages import Validator
from tests.fakes.platform_goods import CARD, OTHER, PROVENANCE, SUPPLIER, lot, product, top_up
from tests.server.conftest import Counter

LABEL = Names("\u53f7", "Number")
PAPER = SUPPLIER.authorisation


# --- validators ---

GOOD_AND_BAD = {
    "phone_cn": ("13800138000", "12800138000"),
    "phone_cn_mobile": ("13800138000", "13000138000"),
    "phone_cn_unicom": ("18600138000", "13800138000"),
    "phone_cn_telecom": ("19900138000", "13800138000"),
    "phone_cn_broadnet": ("19200138000", "13800138000"),
    "phone_cn_ported": ("13300138000", "17000138000"),
    "phone_cn_virtual": ("17000138000", "13800138000"),
    "landline_cn": ("010-62345678", "10-62345678"),
    "phone_hk": ("51234567", "11234567"),
    "phone_mo": ("61234567", "51234567"),
    "phone_tw": ("0912345678", "912345678"),
    "phone_intl": ("+4915112345678", "4915112345678"),
    "qq": ("13800138000", "0123456"),
    "qq_not_phone": ("12800138000", "13800138000"),
    "wechat": ("wxid_abc123", "1abcdef"),
    "wechat_any": ("13800138000", "_ab"),
    "email": ("a@b.example", "a@b"),
    "email_or_phone": ("13800138000", "a@b"),
    "alipay": ("a@b.example", "name"),
    "account": ("user.name@x", "a b c"),
    "digits": ("0123", "12a"),
    "letters_digits": ("aB9", "a-b"),
    "game_uid": ("100200300", "0100"),
    "game_id": ("Star.Fox_9", "_x"),
    "role_name": ("\u661f\u8fb0 One", " \u661f"),
    "steam_id": ("76561198000000000", "76561298000000000"),
    "battle_tag": ("Hero#12345", "Hero12345"),
    "fuel_card_sinopec": ("1000111234567890123", "1000121234567890123"),
    "fuel_card_cnpc": ("9123456789012345", "8123456789012345"),
    "utility_number": ("1234567890", "1234"),
}


def test_every_validator_is_tried_and_published() -> None:
    assert set(GOOD_AND_BAD) == set(VALIDATORS) == set(get_args(Validator))
    assert len(VALIDATORS) >= 27


@pytest.mark.parametrize("validator", VALIDATORS)
def test_a_validator_takes_the_one_and_not_the_other(validator: str) -> None:
    good, bad = GOOD_AND_BAD[validator]
    assert is_valid(validator, good)
    assert not is_valid(validator, bad)
    assert not is_valid(validator, good + "\n")
    assert not is_valid(validator, "")
    assert not is_valid(validator, "1" * 300)


# --- what a form never asks for ---

SECRETS = [
    "password", "PassWord", "account_password",
    "accountPassword", "ｐａｓｓｗｏｒｄ", "pass-word", "p a s s w o r d", "passwd", "pwd",
    "login.pwd", "user pass", "PIN", "card_pin", "cardPin", "secret", "clientSecret", "cvv", "CVV2", "cvc", "otp", "sms_code",
    "verifyCode",
    "access_token", "密码", "登录密码", "支付口令", "短信验证码", "动态码", "mima", "身份证号", "id_card", "ID number",
    "护照", "passport", "银行卡号", "credit card", "助记词",
]  # fmt: skip
HARMLESS = [
    "phone",
    "account",
    "shipping",
    "opinion",
    "region",
    "qq",
    "compass",
    "区服",
    "手机号码",
    "游戏编号",
    "player id",
]


@pytest.mark.parametrize("text", SECRETS)
def test_a_field_that_asks_for_a_secret_is_refused(text: str) -> None:
    assert asks_for_secret(text)
    for key, label in ((text, LABEL), ("k", Names(text, "x")), ("k", Names("x", text))):
        with pytest.raises(ValueError, match="asks for a secret"):
            FieldSpec(key, label)


@pytest.mark.parametrize("text", HARMLESS)
def test_a_harmless_field_is_taken(text: str) -> None:
    assert FieldSpec(text, LABEL).key == text


@pytest.mark.parametrize("kind", ["password", "secret", "hidden", "file", ""])
def test_secret_kinds_do_not_exist(kind: str) -> None:
    with pytest.raises(ValueError, match="a field is one of"):
        FieldSpec("k", LABEL, kind)


def test_a_field_is_whole() -> None:
    option = FieldOption("x", LABEL)
    cases: list[tuple[Any, ...]] = [("k", LABEL, "choice"), ("k", LABEL, "text", (option,)), (" ", LABEL)]
    for case in cases:
        with pytest.raises(ValueError, match="options exactly"):
            FieldSpec(*case)
    with pytest.raises(ValueError, match="a validator is one of"):
        FieldSpec("k", LABEL, validator="id_card")


# --- the schema of a product ---

WRONG: list[tuple[dict[str, Any], str]] = [
    ({"payload": None}, "has a payload"),
    ({"card_kind": None}, "has a card kind"),
    ({"card_kind": "eternal"}, "a card kind is one of"),
    ({"card_kind": "kit"}, "a kit has"),
    ({"card_kind": "kit", "parts": 21}, "a kit has"),
    ({"parts": 2}, "a kit has"),
    ({"card_kind": "repeatable"}, "a repeatable card has"),
    ({"uses": 2}, "a repeatable card has"),
    ({"wholesale": Money(0, "CNY")}, "prices are"),
    ({"wholesale": Money(9_500, "USD")}, "prices are"),
    ({"return_rule": "always"}, "return rule"),
    ({"risk_class": "odd"}, "risk class"),
    ({"return_days": 7}, "return_days"),
    ({"return_rule": "unused_proven", "return_days": 3651}, "return_days"),
    ({"validity_days": 0}, "validity_days"),
    ({"goods_class": "player_gold"}, "a goods class is one of"),
    ({"fields": (FieldSpec("k", LABEL), FieldSpec("k", LABEL))}, "twice"),
    ({"bans": ("never on Sundays",)}, "a ban is"),
    ({"delivery_minutes": 5}, "delivery_minutes"),
]


@pytest.mark.parametrize(("wrong", "words"), WRONG)
def test_a_product_that_could_not_be_sold(wrong: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        product(**wrong)


def test_a_product_is_taken_back_within_days() -> None:
    assert product(return_rule="unused_proven", return_days=7).return_days == 7


def test_no_refused_class_can_be_sold() -> None:
    assert not set(REFUSED_CLASSES) & set(GOODS_CLASSES)
    for goods_class in REFUSED_CLASSES:
        with pytest.raises(ValueError, match="goods class"):
            product(goods_class=goods_class)


# --- the policy ---


def yuan(minor: int) -> Money:
    return Money(minor, "CNY")


POLICY: list[tuple[Product, str | None]] = [
    (product(), None),
    (top_up(), None),
    (top_up(wholesale=yuan(4_750)), None),
    (top_up(wholesale=yuan(4_749)), "wholesale is far below face value"),
    (top_up(suggested_retail=yuan(4_500)), "suggested_retail is far below"),
    (top_up(delivery_minutes=120), None),
    (top_up(delivery_minutes=121), "not spread over 121"),
    (product(wholesale=yuan(100)), None),  # a card may be cheap: it is revealed at once and cannot be spread
    (product(goods_class="game_card"), "not sold unattended"),
    (product(goods_class="game_card", bans=(UNATTENDED,)), None),
    (product(face=yuan(50_000), bans=()), "not sold unattended"),
    (product(face=yuan(49_999), bans=()), None),
    (product(face=yuan(50_000)), None),
]


@pytest.mark.parametrize(("what", "words"), POLICY)
def test_the_policy(what: Product, words: str | None) -> None:
    found = faults(what)
    assert len(found) == (words is not None)
    assert words is None or words in found[0]


def test_elsewhere_the_risk_class_says_what_is_of_high_value() -> None:
    prices: dict[str, Any] = {name: Money(100, "JPY") for name in ("face", "wholesale", "suggested_retail")}
    assert faults(product(**prices)) == ()
    assert len(faults(product(**prices, risk_class="high"))) == 1


def test_the_sample_market_keeps_the_policy() -> None:
    assert not [made.id for made in make_market(1, 2_000, 0).products if faults(made)]


# --- bans ---

SHANGHAI = "time {} {} Asia/Shanghai"


@pytest.mark.parametrize(
    "text",
    ["", "channel", "channel moon", "time", "time 8 08:00-09:00 UTC", "time 1 24:00-09:00 UTC", "time 1 08:00-08:00 UTC",
     "time 2,1 08:00-09:00 UTC", "time 1,1 08:00-09:00 UTC", "time 1 08:00-09:00 Mars/Olympus", "time 1 08:00-09:00 ../etc"],
)  # fmt: skip
def test_what_is_no_ban(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        parse_ban(text)


@pytest.mark.parametrize(
    ("ban", "at", "is_banned"),
    [
        (SHANGHAI.format("7", "08:00-09:00"), "2026-11-22T00:00", True),  # a Sunday, 08:00 there
        (SHANGHAI.format("7", "08:00-09:00"), "2026-11-22T01:00", False),
        (SHANGHAI.format("1,6", "08:00-09:00"), "2026-11-22T00:00", False),
        (SHANGHAI.format("7", "22:00-06:00"), "2026-11-22T14:30", True),
        (SHANGHAI.format("7", "22:00-06:00"), "2026-11-22T21:59", True),  # Monday 05:59, begun on Sunday
        (SHANGHAI.format("7", "22:00-06:00"), "2026-11-22T22:00", False),
        (
            SHANGHAI.format("7", "22:00-06:00"),
            "2026-11-21T20:00",
            False,
        ),  # Sunday 04:00, begun on no banned day
        (SHANGHAI.format("6", "22:00-06:00"), "2026-11-21T20:00", True),
        (SHANGHAI.format("7", "00:00-24:00"), "2026-11-22T15:59", True),
        ("time 7 01:00-02:00 Europe/Berlin", "2026-03-29T00:30", True),
    ],
)
def test_a_ban_by_the_clock_of_its_zone(ban: str, at: str, is_banned: bool) -> None:
    moment = datetime.fromisoformat(at).replace(tzinfo=UTC)
    assert banned_by((ban,), "counter", moment) == ("time" if is_banned else None)


def test_a_ban_by_channel() -> None:
    now = datetime(2026, 11, 22, tzinfo=UTC)
    assert banned_by((UNATTENDED,), "unattended", now) == "channel"
    assert banned_by((UNATTENDED, "channel online"), "counter", now) is None


async def reserve(counter: Counter, product_id: str, channel: str) -> None:
    order = Order("2026-11-22", (counter.line(product_id),), LedgerHead(), channel)
    flow = Reserve(counter.open_books, counter.clock, counter.ids, counter.lifetime, counter.rules)
    await flow(counter.caller, counter.step("s", "reserve", body=channel), order)


@pytest.mark.anyio
async def test_a_ban_holds_at_the_reserve(counter: Counter) -> None:
    await counter.open()
    put = PutProducts(counter.open_books, counter.clock)
    await put([product(OTHER, bans=("channel online", "time 7 14:00-15:00 Asia/Shanghai"))])
    await counter.import_codes([lot(1, OTHER, 50)])
    for channel, reason in (("online", "channel"), ("counter", "time")):
        with pytest.raises(ProductOff) as caught:
            await reserve(counter, OTHER, channel)
        assert caught.value.details == {"line_id": "1", "product_id": OTHER, "reason": reason}
    counter.clock.pass_by(hours=1)
    await reserve(counter, OTHER, "counter")


@pytest.mark.anyio
async def test_what_needs_a_person_is_not_sold_unattended_whatever_its_bans_say(counter: Counter) -> None:
    await counter.open()
    async with counter.open_books() as books:
        await books.goods.put([product(OTHER, face=yuan(50_000), bans=())])  # of before the policy
        await books.commit()
    with pytest.raises(ProductOff) as caught:
        await reserve(counter, OTHER, "unattended")
    assert caught.value.details["reason"] == "channel"
    await reserve(counter, CARD, "unattended")


# --- suppliers ---


@pytest.mark.parametrize(
    ("paper", "is_active", "words"),
    [
        (PAPER, True, None),
        (PAPER, False, "switched off"),
        (None, True, "no authorisation"),
        (Authorisation("D", "G", date(2026, 11, 23), date(2027, 1, 1)), True, "begins on 2026-11-23"),
        (Authorisation("D", "G", date(2020, 1, 1), date(2026, 11, 21)), True, "ended on 2026-11-21"),
        (Authorisation("D", "G", date(2026, 11, 22), date(2026, 11, 22)), True, None),
    ],
)
def test_who_may_sell(paper: Authorisation | None, is_active: bool, words: str | None) -> None:
    said = SupplierFile("s", LABEL, paper, is_active).why_not(date(2026, 11, 22))
    assert (said is None) == (words is None)
    assert words is None or words in (said or "")


def test_a_file_is_whole() -> None:
    for wrong in ("", "a b", "\u5382", "x" * 65):
        with pytest.raises(ValueError, match="id of a supplier"):
            SupplierFile(wrong, LABEL, None)
    for document, granted_by in ((" ", "x"), ("x", "")):
        with pytest.raises(ValueError, match="names its document"):
            Authorisation(document, granted_by, date(2026, 1, 1), date(2026, 1, 2))
    with pytest.raises(ValueError, match="ends before"):
        Authorisation("x", "x", date(2026, 1, 2), date(2026, 1, 1))
    for supplier_id, reference in (("", "x"), ("x", " ")):
        with pytest.raises(ValueError, match="a batch names"):
            Provenance(supplier_id, reference, datetime.now(UTC))
    with pytest.raises(ValueError, match="time zone"):
        Provenance("x", "x", datetime(2026, 1, 1))


@pytest.mark.anyio
async def test_without_an_authorisation_nothing_is_put_on_sale_or_imported(counter: Counter) -> None:
    await counter.open()
    put_suppliers, put = PutSuppliers(counter.open_books), PutProducts(counter.open_books, counter.clock)
    theirs = product(OTHER, supplier_id="new")
    with pytest.raises(
        Forbidden, match=f"product {OTHER}: no supplier new is on file: nothing of it is put on sale"
    ):
        await put([theirs])
    papers = SupplierFile("new", LABEL, None)
    assert await put_suppliers([papers, papers]) == 1
    with pytest.raises(
        Forbidden, match="supplier new has no authorisation on file: nothing of it is put on sale"
    ):
        await put([product(), theirs])
    assert await put_suppliers([SupplierFile("new", LABEL, PAPER), SUPPLIER]) == 1
    assert await put([theirs]) == 1
    draft = lot(1, OTHER, 50)
    foreign = CodeLotDraft(OTHER, "B", draft.cards, Provenance("nobody", "I", PROVENANCE.received_at))
    with pytest.raises(NotFound, match="no supplier nobody"):
        await counter.import_codes([foreign])
    await put_suppliers([SupplierFile("factory", LABEL, PAPER, is_active=False)])
    with pytest.raises(Forbidden, match="switched off"):
        await counter.import_codes([draft])
    listed = await ListSuppliers(counter.peek_books)()
    assert [(file.id, file.is_active) for file in listed] == [("factory", False), ("new", True)]


@pytest.mark.anyio
async def test_goods_of_a_lapsed_supplier_leave_the_shelf(counter: Counter) -> None:
    await counter.open()
    assert await counter.sweep() == 0
    paper = Authorisation("D", "G", date(2026, 1, 1), date(2026, 11, 22))
    await PutSuppliers(counter.open_books)([SupplierFile("factory", LABEL, paper)])
    assert await counter.sweep() == 0
    counter.clock.pass_by(days=1)
    assert await counter.sweep() == 2
    assert await counter.sweep() == 0
    with pytest.raises(ProductOff) as caught:
        await counter.reserve("s")
    assert caught.value.details["reason"] == "off"


@pytest.mark.anyio
async def test_a_supplier_of_before_keeps_its_goods_until_they_are_put_again(counter: Counter) -> None:
    await counter.open()
    await PutSuppliers(counter.open_books)([SupplierFile("factory", LABEL, None)])
    assert await counter.sweep() == 0
    assert (await counter.reserve("s")).cards
    with pytest.raises(Forbidden, match="no authorisation"):
        await PutProducts(counter.open_books, counter.clock)([product()])


@pytest.mark.anyio
async def test_the_policy_and_the_shape_stand_at_the_shelf(counter: Counter) -> None:
    await counter.open()
    put = PutProducts(counter.open_books, counter.clock)
    with pytest.raises(Forbidden, match=f"product {OTHER}: games and goods of high value"):
        await put([product(OTHER, goods_class="game_card")])
    changes: list[dict[str, Any]] = [
        {"payload": Payload.PIN},
        {"card_kind": "kit", "parts": 2},
        {"card_kind": "loop"},
        {"kind": ProductKind.TOP_UP, "payload": None, "card_kind": None, "goods_class": "membership"},
    ]
    for change in changes:
        with pytest.raises(Forbidden, match="another kind of card"):
            await put([product(**change)])
    everything = product(
        OTHER,
        barcode=None,
        goods_class="voucher",
        card_kind="repeatable",
        uses=3,
        return_rule="unused_proven",
        return_days=14,
        validity_days=90,
        bans=(UNATTENDED, "time 1,7 22:00-08:00 Asia/Shanghai"),
    )
    assert await put([everything, top_up(delivery_minutes=30)]) == 2
    async with counter.peek_books() as books:
        found = await books.goods.find([OTHER])
        assert found[OTHER].product == everything
        assert await books.goods.by_barcode(["6901234567892", "nobody's"]) == {
            "6901234567892": (CARD, top_up().id)
        }
        assert set(await books.goods.shapes([CARD, OTHER, "unknown"])) == {CARD, OTHER}
    await TakeOffProducts(counter.open_books)([OTHER])
    assert await put([everything]) == 1
