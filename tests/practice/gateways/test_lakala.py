"""The practice Lakala: signatures both ways, and what it says of every state."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from cryptography.exceptions import InvalidSignature

from practice.gateways.bank import Bank
from practice.gateways.lakala import Lakala
from practice.gateways.mischief import ByCode, Fault, Kind, Mischief, Ruled
from tests.practice.gateways.lakala_client import Merchant
from tests.practice.gateways.plain import Hands, faulty


def code(ending: str = "900") -> str:
    return f"280000000000000{ending}"


def opened(mischief: Mischief | None = None, *, remembers: bool = True) -> tuple[Merchant, Lakala, Hands]:
    hands = Hands()
    gateway = Lakala(Bank(hands, remembers=remembers), mischief or ByCode(), hands)
    return Merchant(gateway.answer, gateway.setup, hands), gateway, hands


def state(answer: Any) -> str:
    assert answer["code"] == "BBS00000", answer
    told: str = answer["resp_data"]["trade_state"]
    return told


def in_header(old: str, new: str) -> Callable[[Any], Any]:
    def spoil(call: Any) -> Any:
        said = call.headers["authorization"]
        assert old in said
        return replace(call, headers={"authorization": said.replace(old, new, 1)})

    return spoil


@pytest.mark.parametrize(
    "spoil",
    [
        lambda call: replace(call, body=call.body + b" "),
        lambda call: replace(call, body=call.body.replace(b'"500"', b'"501"')),
        lambda call: replace(call, headers={}),
        in_header("LKLAPI", "LKLAPJ"),
        in_header('appid="OP', 'appid="OQ'),
        in_header('serial_no="00d', 'serial_no="00e'),
        in_header('nonce_str="0', 'nonce_str="1'),
        in_header('timestamp="10000000', 'timestamp="10000001'),
        in_header('signature="', 'signature="A'),
        in_header('signature="', 'x="'),
    ],
)
def test_one_byte_that_differs_is_refused(spoil: Callable[[Any], Any]) -> None:
    merchant, gateway, _ = opened()
    call = merchant.call("trans/micropay", merchant.payment("A1", code()))
    reply = gateway.answer(spoil(call))
    assert reply is not None
    assert merchant.checked(reply)["code"] == "BBS11200"
    assert gateway.bank.orders() == ()
    assert gateway.answer(call) is not None
    assert gateway.bank.kept("A1") == 500


@pytest.mark.parametrize(("off_s", "code_"), [(299, "BBS00000"), (301, "BBS11200"), (-301, "BBS11200")])
def test_a_clock_that_is_off_is_refused(off_s: int, code_: str) -> None:
    merchant, gateway, hands = opened()
    call = merchant.call("trans/micropay", merchant.payment("A1", code()), at=int(hands.now) + off_s)
    reply = gateway.answer(call)
    assert reply is not None
    assert merchant.checked(reply)["code"] == code_


@pytest.mark.parametrize(
    "wrong",
    [
        {"total_amount": 500},
        {"total_amount": "0"},
        {"total_amount": "5.00"},
        {"out_trade_no": "A" * 33},
        {"subject": "x" * 43},
        {"location_info": {}},
        {"merchant_no": "another"},
        {"term_no": "another"},
    ],
)
def test_fields_are_checked(wrong: dict[str, Any]) -> None:
    merchant, gateway, _ = opened()
    answer = merchant.ask("trans/micropay", **{**merchant.payment("A1", code()), **wrong})
    assert answer["code"] == "BBS11000"
    assert gateway.bank.orders() == ()


@pytest.mark.parametrize(
    ("wallet", "account_type"),
    [
        ("130000000000000900", "WECHAT"),
        ("280000000000000900", "ALIPAY"),
        ("6200000000000000900", "UQRCODEPAY"),
    ],
)
def test_every_wallet_pays(wallet: str, account_type: str) -> None:
    merchant, gateway, _ = opened()
    answer = merchant.pay("A1", wallet)
    data = answer["resp_data"]
    assert (answer["code"], data["out_trade_no"], data["total_amount"]) == ("BBS00000", "A1", "500")
    assert data["account_type"] == account_type
    assert state(merchant.ask("query/tradequery", trade_no=data["trade_no"])) == "SUCCESS"
    assert gateway.bank.kept("A1") == 500


def test_what_becomes_of_a_payment() -> None:
    merchant, gateway, hands = opened()
    assert merchant.pay("A1", code("002"))["code"] == "BBS11105"
    assert state(merchant.query("A1")) == "DEAL"
    hands.advance(8)
    assert state(merchant.query("A1")) == "SUCCESS"
    assert merchant.pay("A2", code("001"))["code"] == "BBS19001"
    assert state(merchant.query("A2")) == "FAIL"
    assert merchant.pay("A1", code("002"))["code"] == "BBS19010"
    assert merchant.query("A3")["code"] == "BBS11114"
    assert gateway.bank.kept("A1") == 500


def test_undoing() -> None:
    merchant, gateway, _ = opened()
    assert merchant.undo("revoked", "A0")["code"] == "BBS11114"
    merchant.pay("A1", code("901"))
    assert merchant.undo("close", "A1")["code"] == "BBS19012"
    assert merchant.undo("revoked", "A1")["resp_data"]["origin_out_trade_no"] == "A1"
    assert merchant.undo("revoked", "A1")["code"] == "BBS00000"
    assert state(merchant.query("A1")) == "REVOKED"
    merchant.pay("A2", code("003"))
    assert merchant.undo("revoked", "A2")["code"] == "BBS00000"
    assert state(merchant.query("A2")) == "CLOSE"
    assert [gateway.bank.kept(number) for number in ("A1", "A2")] == [0, 0]


def test_refunds_have_a_number_that_can_be_asked_for() -> None:
    merchant, gateway, _ = opened()
    merchant.pay("A1", code())
    merchant.pay("A2", code("901"))
    assert merchant.refund("A1", "R1", 200)["resp_data"]["refund_amount"] == "200"
    assert merchant.refund("A1", "R1", 200)["code"] == "BBS00000"
    assert merchant.refund("A1", "R1", 100)["code"] == "BBS19022"
    assert merchant.refund("A2", "R1", 200)["code"] == "BBS19022"
    assert merchant.refund("A1", "R2", 301)["code"] == "BBS19021"
    assert state(merchant.query("A1")) == "PART_REFUND"
    assert state(merchant.query("R1")) == "SUCCESS"
    assert merchant.query("R2")["code"] == "BBS11114"
    assert merchant.refund("A1", "R2", 300)["code"] == "BBS00000"
    assert state(merchant.query("A1")) == "REFUND"
    assert (gateway.bank.kept("A1"), gateway.bank.kept("A2")) == (0, 500)


def test_a_shown_code() -> None:
    merchant, gateway, hands = opened()
    fields = {
        "total_amount": "500",
        "subject": "Card",
        "location_info": {"request_ip": "127.0.0.1"},
        "account_type": "WECHAT",
        "trans_type": "41",
        "timeout_express": "2",
    }
    answer = merchant.ask("trans/preorder", out_trade_no="A1", **fields)
    assert gateway.number_shown(answer["resp_data"]["acc_resp_fields"]["code"]) == "A1"
    assert state(merchant.query("A1")) == "CREATE"
    gateway.bank.pay_shown("A1")
    assert state(merchant.query("A1")) == "SUCCESS"
    merchant.ask("trans/preorder", out_trade_no="A2", **fields)
    assert merchant.undo("close", "A2")["code"] == "BBS00000"
    merchant.ask("trans/preorder", out_trade_no="A3", **fields)
    hands.advance(120)
    assert [state(merchant.query(number)) for number in ("A2", "A3")] == ["CLOSE", "CLOSE"]
    assert merchant.ask("trans/preorder", out_trade_no="A4", **{**fields, "timeout_express": "11"})[
        "code"
    ] == ("BBS11000")


@pytest.mark.parametrize("fault", [Fault.BAD_SIGNATURE, Fault.UNKNOWN_SERIAL, Fault.KEY_ROTATED])
def test_an_answer_that_the_certificate_does_not_vouch_for(fault: Fault) -> None:
    merchant, gateway, _ = opened(faulty(Kind.PAY, fault))
    with pytest.raises(InvalidSignature):
        merchant.pay("A1", code())
    assert gateway.bank.kept("A1") == 500


def test_a_rotated_key_stays_and_the_setup_tells_it() -> None:
    merchant, gateway, _ = opened(faulty(Kind.PAY, Fault.KEY_ROTATED))
    with pytest.raises(InvalidSignature):
        merchant.pay("A1", code())
    with pytest.raises(InvalidSignature):
        merchant.query("A1")
    merchant.setup = gateway.setup
    assert state(merchant.query("A1")) == "SUCCESS"


def test_a_stale_answer_is_well_signed_and_old() -> None:
    merchant, gateway, hands = opened(faulty(Kind.PAY, Fault.STALE))
    reply = gateway.answer(merchant.call("trans/micropay", merchant.payment("A1", code())))
    assert reply is not None
    hands.advance(-3600)
    assert merchant.checked(reply)["code"] == "BBS00000"


@pytest.mark.parametrize(
    ("fault", "told", "kept"),
    [
        (Fault.SYSTEM_ERROR_BEFORE, "BBS00001", 0),
        (Fault.SYSTEM_ERROR_AFTER, "BBS00101", 500),
        (Fault.DUPLICATE, "BBS19010", 500),
        (Fault.AMOUNT_ALTERED, "BBS00000", 500),
        (Fault.NUMBER_ALTERED, "BBS00000", 500),
    ],
)
def test_what_a_payment_meets(fault: Fault, told: str, kept: int) -> None:
    merchant, gateway, _ = opened(faulty(Kind.PAY, fault))
    answer = merchant.pay("A1", code())
    assert (answer["code"], gateway.bank.kept("A1")) == (told, kept)
    if told == "BBS00000":
        said = (answer["resp_data"]["out_trade_no"], answer["resp_data"]["total_amount"])
        assert said == (("A1", "501") if fault is Fault.AMOUNT_ALTERED else ("A0", "500"))


def test_a_forged_refusal_is_unsigned() -> None:
    merchant, gateway, _ = opened(faulty(Kind.PAY, Fault.FORGED_REFUSAL))
    reply = gateway.answer(merchant.call("trans/micropay", merchant.payment("A1", code())))
    assert reply is not None
    assert (reply.status, json.loads(reply.body)["code"]) == (403, "BBS19001")
    assert "Lklapi-Signature" not in reply.headers
    assert gateway.bank.kept("A1") == 500


def test_busy_and_not_found() -> None:
    script = {Kind.UNDO: Fault.BUSY, Kind.ASK: Fault.NOT_FOUND}
    merchant, _, _ = opened(
        Ruled(fault=lambda kind, _, n: script.get(kind, Fault.NONE) if n == 1 else Fault.NONE)
    )
    merchant.pay("A1", code())
    assert merchant.undo("revoked", "A1")["code"] == "BBS11112"
    assert merchant.query("A1")["code"] == "BBS11114"
    assert state(merchant.query("A1")) == "SUCCESS"


def test_a_signature_is_256_bytes() -> None:
    merchant, gateway, _ = opened()
    reply = gateway.answer(merchant.call("query/tradequery", {"out_trade_no": "A1"}))
    assert reply is not None
    assert len(base64.b64decode(reply.headers["Lklapi-Signature"])) == 256
