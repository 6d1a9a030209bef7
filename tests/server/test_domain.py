"""The platform's nouns: what they refuse, and what they compute."""

import base64
import hashlib
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_server.domain.canonical import binding, canonical_json, fingerprint, read_plain_json
from platform_server.domain.cards import mask_code
from platform_server.domain.catalogue import ShelfItem, visible_stock
from platform_server.domain.errors import BadRequest, FieldInvalid, LimitPassed, ProductOff, Refused
from platform_server.domain.goods import CardSecret, FieldSpec, Limits, Names, Payload, ProductKind
from platform_server.domain.money import Money
from platform_server.domain.reservation import Reservation, ReservationState, WantedLine, parse_key
from platform_server.domain.rules import accept_line, is_valid_field, top_up_account
from platform_server.domain.tills import from_base64url, to_base64url, write_enrolment_code
from platform_server.domain.wallet import Journal, JournalHead, Posting, move
from tests.fakes.platform_goods import product, top_up

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CNY = "CNY"


def test_money_refuses_nonsense() -> None:
    assert Money(2, CNY) + Money(3, CNY) - Money(1, CNY) == Money(4, CNY)
    assert Money(2, CNY) * 3 == Money.sum([Money(5, CNY), Money(1, CNY)], CNY)
    assert Money(1, CNY) < Money(2, CNY)
    assert Money(2, CNY) <= Money(2, CNY)
    wrong: Any = 1.5
    for make in (lambda: Money(wrong, CNY), lambda: Money(True, CNY), lambda: Money(1, CNY) * wrong):
        with pytest.raises(TypeError):
            make()
    for currency in ("cny", "CN", "CNYY", "\uff23NY"):
        with pytest.raises(ValueError, match="currency"):
            Money(1, currency)
    with pytest.raises(ValueError, match="do not mix"):
        Money(1, CNY) + Money(1, "USD")


@pytest.mark.parametrize(
    "change",
    [
        {"payload": None},
        {"kind": ProductKind.TOP_UP},
        {"card_kind": None},
        {"face": Money(0, CNY)},
        {"wholesale": Money(-1, CNY)},
        {"return_rule": "always"},
        {"risk_class": "huge"},
    ],
)
def test_a_product_that_could_not_be_sold(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"code|prices|unknown"):
        product(**change)


def test_fields_limits_and_cards_refuse_nonsense() -> None:
    label = Names("", "")
    with pytest.raises(ValueError, match="field"):
        FieldSpec("k", label, "password")
    with pytest.raises(ValueError, match="validator"):
        FieldSpec("k", label, validator="iban")
    for limits in ((0, 1, 1), (2, 1, 1), (1, 1, 0)):
        with pytest.raises(ValueError, match="limits"):
            Limits(*limits)
    with pytest.raises(ValueError, match="without"):
        CardSecret()
    with pytest.raises(ValueError, match="time zone"):
        CardSecret(pin="1", expires_at=datetime(2026, 1, 1))


def test_a_secret_does_not_show_itself() -> None:
    secret = CardSecret("N0", "CANARY", "L", "I", NOW)
    assert "CANARY" not in f"{secret!r} {secret} {[secret]} {vars(Exception(secret))}"


@pytest.mark.parametrize(
    ("secret", "masked"),
    [
        (CardSecret(number="1234-5678-9012", pin="X"), "****9012"),
        (CardSecret(pin="12345678"), "****78"),
        (CardSecret(pin="1234567"), "****"),
        (CardSecret(link="https://x.example/abcdef"), "****cdef"),
        (CardSecret(image="png"), "****"),
    ],
)
def test_a_mask_gives_little_away(secret: CardSecret, masked: str) -> None:
    assert mask_code(secret) == masked


def test_canonical_json() -> None:
    value = {"b": [1, True, None], "a": "\u5361\n"}
    assert canonical_json(value) == '{"a":"\u5361\\n","b":[1,true,null]}'.encode()
    assert fingerprint(value) == hashlib.sha256(canonical_json(value)).hexdigest()
    assert read_plain_json(canonical_json(value)) == value
    for wrong in (1.5, {1: 2}, b"x"):
        with pytest.raises(ValueError, match=r"."):
            canonical_json([wrong])
    for text in (b"1.5", b"NaN", b'{"a":1,"a":2}', b"{"):
        with pytest.raises(ValueError, match=r"."):
            read_plain_json(text)


@given(st.lists(st.text()), st.lists(st.text()))
def test_no_two_bindings_share_their_bytes(one: list[str], two: list[str]) -> None:
    assert (binding(*one) == binding(*two)) == (one == two)


@given(st.binary(max_size=70))
def test_base64url(raw: bytes) -> None:
    text = to_base64url(raw)
    assert from_base64url(text) == from_base64url(text, len(raw)) == raw
    assert "=" not in text
    with pytest.raises(ValueError, match=r"."):
        from_base64url(text, len(raw) + 1)
    with pytest.raises(ValueError, match=r"."):
        from_base64url(text + "=")


def test_an_enrolment_code() -> None:
    version, address, key, secret, check = write_enrolment_code("http://x:1", b"k" * 32, b"s" * 16).split(".")
    assert (version, base64.urlsafe_b64decode(address + "==")) == ("K1", b"http://x:1")
    head = f"{version}.{address}.{key}.{secret}"
    assert check == hashlib.sha256(head.encode()).hexdigest()[:8]


@pytest.mark.parametrize("key", ["", "s:reserve", "t:reserve:1", "s:cancel:1", "s:reserve:0", "s:reserve:01"])
def test_an_idempotency_key_of_another_call(key: str) -> None:
    with pytest.raises(BadRequest):
        parse_key(key, "s", "reserve")
    with pytest.raises(BadRequest):
        parse_key("s:reserve:\u0661", "s", "reserve")
    with pytest.raises(BadRequest):
        parse_key("s:reserve:1234567", "s", "reserve")
    assert parse_key("s:reserve:12", "s", "reserve") == 12


def wanted(quantity: int = 1, **fields: str) -> WantedLine:
    return WantedLine("1", "p", quantity, 1, Money(9_500, CNY), fields)


def test_quantities() -> None:
    item = ShelfItem(product(limits=Limits(2, 8, 3)), 5)
    for quantity, rule in ((1, "min"), (9, "max"), (4, "step")):
        with pytest.raises(LimitPassed) as caught:
            accept_line(wanted(quantity), item)
        assert caught.value.details == {"rule": rule, "line_id": "1", "most": 8}
    assert accept_line(wanted(5), item).cost == Money(47_500, CNY)
    with pytest.raises(LimitPassed):
        accept_line(wanted(2, phone="13800138000"), ShelfItem(top_up(), 101))


def test_a_top_up_without_a_supplier_is_off() -> None:
    with pytest.raises(ProductOff):
        accept_line(wanted(phone="13800138000"), ShelfItem(top_up(), 0))


@pytest.mark.parametrize(
    ("validator", "good", "bad"),
    [
        ("phone_cn", "13800138000", "23800138000"),
        ("qq", "10001", "01001"),
        ("account", "user.name@x", "a b c"),
        ("email", "a@b.example", "a@b"),
        ("digits", "0123", "12a"),
        (None, "any thing \u5361", "line\nbreak"),
    ],
)
def test_validators(validator: str | None, good: str, bad: str) -> None:
    spec = FieldSpec("k", Names("", ""), validator=validator)
    assert is_valid_field(spec, good)
    assert not is_valid_field(spec, bad)
    assert not is_valid_field(spec, "1" * 300)


def test_fields_of_a_top_up() -> None:
    item = ShelfItem(top_up(), 101)
    line = accept_line(wanted(phone=" 13800138000 ", region="north", foreign="x"), item)
    assert line.fields == {"phone": "13800138000", "region": "north"}
    assert top_up_account(line.fields, item.product.fields) == "13800138000"
    assert top_up_account({"region": "north"}, item.product.fields) == "north"
    assert top_up_account({}, ()) == ""
    wrongs: list[Any] = [{}, {"phone": "1"}, {"phone": "13800138000", "region": "mars"}]
    for wrong in wrongs:
        with pytest.raises(FieldInvalid) as caught:
            accept_line(wanted(**wrong), item)
    assert caught.value.details == {"line_id": "1", "key": "region", "validator": None}


def test_stock_is_told_up_to_a_hundred() -> None:
    assert [visible_stock(stock) for stock in (0, 100, 101)] == [0, 100, "many"]


def test_journals_add_up() -> None:
    head = JournalHead("j", "shop", "sale", "r", NOW)
    assert sum(p.amount.minor for p in move(head, Money(5, CNY), giver="a", taker="b").postings) == 0
    with pytest.raises(ValueError, match="zero"):
        Journal("j", "shop", "sale", "r", NOW, (Posting("a", Money(1, CNY)),))
    with pytest.raises(ValueError, match="positive"):
        move(head, Money(-5, CNY), giver="a", taker="b")


def test_a_line_is_found_by_its_id() -> None:
    line = accept_line(wanted(), ShelfItem(product(), 5))
    nothing = Money(0, CNY)
    state = ReservationState.SOLD
    sale = Reservation("r", "s", "t", "x", state, 1, 1, "2026-11-22", (line,), nothing, NOW, NOW)
    assert sale.line("1") == line
    assert replace(sale, lines=()).cost == nothing
    with pytest.raises(KeyError):
        sale.line("2")


def test_a_refusal_says_its_code_when_it_says_nothing_else() -> None:
    assert str(Refused()) == "FORBIDDEN"
    assert Payload("pin") is Payload.PIN
