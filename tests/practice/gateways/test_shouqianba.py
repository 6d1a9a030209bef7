"""The practice Shouqianba: what it signs for, and what it says of every state, in three layers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from practice.gateways.bank import Bank
from practice.gateways.mischief import ByCode, Fault, Kind, Mischief, Ruled
from practice.gateways.shouqianba import Shouqianba
from practice.gateways.shouqianba_terminals import signature
from tests.practice.gateways.plain import Hands, faulty
from tests.practice.gateways.shouqianba_client import Terminal

DAY_S = 86_400


def code(ending: str = "900") -> str:
    return f"280000000000000{ending}"


def opened(mischief: Mischief | None = None, *, remembers: bool = True) -> tuple[Terminal, Shouqianba, Hands]:
    hands = Hands()
    gateway = Shouqianba(Bank(hands, remembers=remembers), mischief or ByCode(), hands)
    terminal = Terminal(gateway.answer, gateway.setup)
    terminal.activate()
    return terminal, gateway, hands


def biz(content: Any) -> tuple[str, str | None]:
    assert content["result_code"] == "200", content
    answer = content["biz_response"]
    return answer["result_code"], answer.get("data", {}).get("order_status")


def error(content: Any) -> str:
    code: str = content.get("error_code") or content["biz_response"]["error_code"]
    return code


@pytest.mark.parametrize(
    ("body", "key", "digest"),
    [
        (b"", "", "d41d8cd98f00b204e9800998ecf8427e"),
        (b"a", "bc", "900150983cd24fb0d6963f7d28e17f72"),
        (b"message ", "digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ],
    ids=["RFC 1321 empty", "RFC 1321 abc", "RFC 1321 message digest"],
)
def test_the_signature_is_the_md5_of_body_and_key(body: bytes, key: str, digest: str) -> None:
    assert signature(body, key) == digest


# --- Signatures and terminals ---


@pytest.mark.parametrize(
    "spoil",
    [
        lambda call: replace(call, body=call.body[:-1] + b" }"),
        lambda call: replace(call, body=call.body.replace(b"500", b"501")),
        lambda call: replace(call, headers={"authorization": call.headers["authorization"][:-1] + "x"}),
        lambda call: replace(call, headers={"authorization": call.headers["authorization"].upper()}),
        lambda call: replace(call, headers={"authorization": "1" + call.headers["authorization"]}),
        lambda call: replace(call, headers={}),
    ],
)
def test_one_byte_that_differs_is_refused(spoil: Callable[[Any], Any]) -> None:
    terminal, gateway, _ = opened()
    call = terminal.call("/upay/v2/pay", {"terminal_sn": terminal.sn, **terminal.payment("A1", code())})
    reply = gateway.answer(spoil(call))
    assert reply is not None
    assert error(json.loads(reply.body)) == "ILLEGAL_SIGN"
    assert gateway.bank.orders() == ()
    assert gateway.answer(call) is not None
    assert gateway.bank.kept("A1") == 500


def test_a_terminal_is_activated_by_the_vendor_only() -> None:
    _, gateway, _ = opened()
    wrong = Terminal(gateway.answer, {**gateway.setup, "vendor_key": "wrong"})
    assert error(wrong.activate()) == "ILLEGAL_SIGN"


def test_an_activation_code_belongs_to_one_device() -> None:
    terminal, gateway, _ = opened()
    assert error(Terminal(gateway.answer, gateway.setup, "till-2").activate()) == "INVALID_PARAMS"
    first = terminal.sn
    assert terminal.activate()["result_code"] == "200"
    assert terminal.sn == first
    assert biz(terminal.pay("A1", code())) == ("PAY_SUCCESS", "PAID")


def test_the_old_key_is_good_until_the_new_one_has_signed() -> None:
    terminal, _, _ = opened()
    old = terminal.key
    new = terminal.check_in()["biz_response"]["terminal_key"]
    assert new != old
    assert terminal.pay("A1", code("901"))["result_code"] == "200"
    terminal.key = new
    assert terminal.pay("A2", code("902"))["result_code"] == "200"
    terminal.key = old
    assert error(terminal.pay("A3", code("903"))) == "ILLEGAL_SIGN"


def test_a_lost_check_in_is_asked_again_with_the_old_key() -> None:
    terminal, _, _ = opened(faulty(Kind.BEGIN_DAY, Fault.NONE, Fault.LOST_AFTER))
    assert terminal.check_in() is not None
    assert terminal.check_in() is None
    terminal.key = terminal.check_in()["biz_response"]["terminal_key"]
    assert biz(terminal.pay("A1", code())) == ("PAY_SUCCESS", "PAID")


def test_a_key_dies_with_its_day_except_for_a_check_in() -> None:
    terminal, gateway, hands = opened()
    hands.advance(DAY_S)
    assert error(terminal.pay("A1", code())) == "ILLEGAL_SIGN"
    terminal.key = terminal.check_in()["biz_response"]["terminal_key"]
    assert biz(terminal.pay("A2", code("901"))) == ("PAY_SUCCESS", "PAID")
    assert [each.number for each in gateway.bank.orders()] == ["A2"]


def test_a_key_rotated_in_the_middle_of_the_day() -> None:
    terminal, gateway, _ = opened(faulty(Kind.PAY, Fault.KEY_ROTATED))
    assert error(terminal.pay("A1", code())) == "ILLEGAL_SIGN"
    assert error(terminal.query("A1")) == "ILLEGAL_SIGN"
    terminal.key = terminal.check_in()["biz_response"]["terminal_key"]
    assert error(terminal.query("A1")) == "UPAY_ORDER_NOT_EXISTS"
    assert gateway.bank.orders() == ()


def test_a_terminal_speaks_for_itself_only() -> None:
    terminal, _, _ = opened()
    assert error(terminal.ask("/upay/v2/query", terminal_sn="9", client_sn="A1")) == "INVALID_TERMINAL"


@pytest.mark.parametrize(
    "wrong",
    [
        {"total_amount": 500},
        {"total_amount": "5.00"},
        {"total_amount": "0"},
        {"total_amount": "12345678901"},
        {"client_sn": ""},
        {"client_sn": "A" * 33},
        {"subject": "x" * 65},
        {"dynamic_id": ""},
        {"payway": 3},
    ],
)
def test_all_values_are_texts_of_their_length(wrong: dict[str, Any]) -> None:
    terminal, gateway, _ = opened()
    content = terminal.ask("/upay/v2/pay", **{**terminal.payment("A1", code()), **wrong})
    assert (content["result_code"], content["error_code"]) == ("400", "INVALID_PARAMS")
    assert gateway.bank.orders() == ()


# --- Orders ---


@pytest.mark.parametrize("wallet", ["130000000000000900", "280000000000000900", "6200000000000000900"])
def test_every_wallet_pays_through_one_contract(wallet: str) -> None:
    terminal, _, _ = opened()
    content = terminal.pay("A1", wallet)
    assert biz(content) == ("PAY_SUCCESS", "PAID")
    data = content["biz_response"]["data"]
    assert (data["client_sn"], data["total_amount"], data["net_amount"]) == ("A1", "500", "500")
    assert all(isinstance(value, str) for value in data.values())
    assert biz(terminal.ask("/upay/v2/query", sn=data["sn"])) == ("SUCCESS", "PAID")


@pytest.mark.parametrize(
    ("ending", "error_code"),
    [
        ("001", "INSUFFICIENT_FUND"),
        ("005", "EXPIRED_BARCODE"),
        ("006", "INVALID_BARCODE"),
        ("007", "UNEXPECTED_PROVIDER_ERROR"),
    ],
)
def test_a_definite_no_is_already_reversed(ending: str, error_code: str) -> None:
    terminal, _, _ = opened()
    content = terminal.pay("A1", code(ending))
    assert biz(content) == ("PAY_FAIL", "PAY_CANCELED")
    assert error(content) == error_code
    assert biz(terminal.query("A1")) == ("SUCCESS", "PAY_CANCELED")


def test_a_password_then_paid() -> None:
    terminal, _, hands = opened()
    assert biz(terminal.pay("A1", code("002"))) == ("PAY_IN_PROGRESS", "CREATED")
    assert biz(terminal.query("A1")) == ("SUCCESS", "CREATED")
    hands.advance(8)
    assert biz(terminal.query("A1")) == ("SUCCESS", "PAID")


def test_a_number_is_good_for_one_order() -> None:
    terminal, gateway, _ = opened()
    terminal.pay("A1", code("901"))
    for again in (terminal.pay("A1", code("901")), terminal.pay("A1", code("902"), 700)):
        assert biz(again) == ("FAIL", None)
        assert error(again) == "CLIENT_SN_CONFLICT"
    assert gateway.bank.kept("A1") == 500


def test_cancelling_in_every_state() -> None:
    terminal, gateway, hands = opened()
    assert error(terminal.cancel("A0")) == "UPAY_ORDER_NOT_EXISTS"
    terminal.pay("A1", code("901"))
    assert biz(terminal.cancel("A1")) == ("CANCEL_SUCCESS", "CANCELED")
    assert error(terminal.cancel("A1")) == "UPAY_CANCEL_ORDER_NOOP"
    assert biz(terminal.query("A1")) == ("SUCCESS", "CANCELED")
    terminal.pay("A2", code("003"))
    assert biz(terminal.ask("/upay/v2/revoke", client_sn="A2")) == ("CANCEL_ABORT_SUCCESS", "CANCELED")
    terminal.pay("A3", code("902"))
    terminal.refund("A3", "R1", 100)
    assert error(terminal.cancel("A3")) == "UPAY_CANCEL_INVALID_ORDER_STATE"
    terminal.pay("A4", code("903"))
    hands.advance(DAY_S)
    terminal.key = terminal.check_in()["biz_response"]["terminal_key"]
    assert error(terminal.cancel("A4")) == "UPAY_CANCEL_INVALID_ORDER_STATE"
    assert [gateway.bank.kept(number) for number in ("A1", "A2", "A3", "A4")] == [0, 0, 400, 500]


def test_refunds() -> None:
    terminal, gateway, _ = opened()
    terminal.pay("A1", code())
    assert biz(terminal.refund("A1", "R1", 200)) == ("REFUND_SUCCESS", "PARTIAL_REFUNDED")
    assert error(terminal.refund("A1", "R1", 200)) == "UPAY_REFUND_ORDER_NOOP"
    assert error(terminal.refund("A1", "R2", 301)) == "REFUNDABLE_AMOUNT_NOT_ENOUGH"
    assert terminal.query("A1")["biz_response"]["data"]["net_amount"] == "300"
    assert biz(terminal.refund("A1", "R2", 300)) == ("REFUND_SUCCESS", "REFUNDED")
    assert gateway.bank.kept("A1") == 0
    assert error(terminal.refund("A1", "R" * 21, 1)) == "INVALID_PARAMS"


def test_a_shown_code() -> None:
    terminal, gateway, hands = opened()
    fields = {"total_amount": "500", "payway": "3", "subject": "Card", "operator": "Li"}
    content = terminal.ask("/upay/v2/precreate", client_sn="A1", **fields)
    assert biz(content) == ("PRECREATE_SUCCESS", "CREATED")
    assert gateway.number_shown(content["biz_response"]["data"]["qr_code"]) == "A1"
    gateway.bank.pay_shown("A1")
    assert biz(terminal.query("A1")) == ("SUCCESS", "PAID")
    terminal.ask("/upay/v2/precreate", client_sn="A2", **fields)
    hands.advance(240)
    assert biz(terminal.query("A2")) == ("SUCCESS", "CANCELED")
    assert error(terminal.ask("/upay/v2/precreate", client_sn="A3", **{**fields, "payway": "99"})) == (
        "INVALID_PARAMS"
    )


# --- What goes wrong, in this protocol's words ---


@pytest.mark.parametrize(
    ("fault", "layer", "kept"),
    [
        (Fault.SYSTEM_ERROR_BEFORE, ("500", "UNKNOWN_SYSTEM_ERROR"), 0),
        (Fault.SYSTEM_ERROR_AFTER, ("200", "PAY_FAIL_ERROR"), 500),
        (Fault.DUPLICATE, ("200", "FAIL"), 500),
        (Fault.AMOUNT_ALTERED, ("200", "PAY_SUCCESS"), 500),
        (Fault.BAD_SIGNATURE, ("200", "PAY_SUCCESS"), 500),
    ],
)
def test_what_a_payment_meets(fault: Fault, layer: tuple[str, str], kept: int) -> None:
    terminal, gateway, _ = opened(faulty(Kind.PAY, fault))
    content = terminal.pay("A1", code())
    assert (content["result_code"], content.get("error_code") or biz(content)[0]) == layer
    assert gateway.bank.kept("A1") == kept
    if fault is Fault.AMOUNT_ALTERED:
        assert content["biz_response"]["data"]["total_amount"] == "501"


def test_a_forged_refusal_is_no_200() -> None:
    terminal, gateway, _ = opened(faulty(Kind.PAY, Fault.FORGED_REFUSAL))
    call = terminal.call("/upay/v2/pay", {"terminal_sn": terminal.sn, **terminal.payment("A1", code())})
    reply = gateway.answer(call)
    assert reply is not None
    assert (reply.status, error(json.loads(reply.body))) == (403, "INSUFFICIENT_FUND")
    assert gateway.bank.kept("A1") == 500


def test_busy_and_not_found() -> None:
    script = {Kind.UNDO: Fault.BUSY, Kind.ASK: Fault.NOT_FOUND}
    terminal, _, _ = opened(
        Ruled(fault=lambda kind, _, n: script.get(kind, Fault.NONE) if n == 1 else Fault.NONE)
    )
    terminal.pay("A1", code())
    assert biz(terminal.cancel("A1")) == ("CANCEL_IN_PROGRESS", "CANCEL_INPROGRESS")
    assert error(terminal.query("A1")) == "UPAY_ORDER_NOT_EXISTS"
    assert biz(terminal.query("A1")) == ("SUCCESS", "PAID")
    assert biz(terminal.cancel("A1")) == ("CANCEL_SUCCESS", "CANCELED")
