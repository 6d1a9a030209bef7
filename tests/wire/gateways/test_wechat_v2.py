"""WeChat Pay's client by interface V2: flat XML, one key for both sides, a certificate where money goes back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest

from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import Charge, Order, RefundOrder, RefundStanding, Standing, Undoing, Way
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.wire.gateways.wechat import v2_signing
from pos_app.wire.gateways.wechat.client import WechatGateway
from pos_app.wire.http import Request
from tests.fakes.scripted_wallets import (
    MERCHANT,
    PLATFORM,
    ROOT,
    WALLET,
    MemoryKeys,
    Reply,
    ScriptedSender,
    certificate,
    pem,
    private_pem,
    said,
    v2_signed,
    v2_xml,
)
from tests.fakes.till_clock import NOON_IN_CHINA, FakeClock

CODE = PaymentCode(Wallet.WECHAT, "131234567890123456")
ORDER = Order("T1K7Q2X8M4", Money(1250), Way.SCANNED, NOON_IN_CHINA)
SHOWN_ORDER = replace(ORDER, way=Way.SHOWN)
CHARGE = Charge(ORDER, "Steam <50> & 点卡", "till-1", "Li", CODE)
SHOWN = Charge(SHOWN_ORDER, "Steam 50", "till-1", "Li", expires_at=NOON_IN_CHINA + timedelta(minutes=2))
GIVE = RefundOrder("T1K7Q2X8M4R1", Money(250), Money(1250), "broken")
API_KEY = "192006250b4c09247ec02edce69f6a2d"
CERTIFICATE = certificate(PLATFORM, MERCHANT, ROOT, 21)
FILLED = {
    "api": "v2",
    "appid": "wx8888888888888888",
    "mchid": "1900000109",
    "api_v2_key": API_KEY,
    "client_certificate": pem(CERTIFICATE),
    "merchant_key": private_pem(MERCHANT),
    "notify_url": "https://shop.example/told",
}
MINE = {
    "return_code": "SUCCESS",
    "result_code": "SUCCESS",
    "appid": FILLED["appid"],
    "mch_id": FILLED["mchid"],
    "nonce_str": "x",
}
PAID = {
    **MINE,
    "out_trade_no": ORDER.number,
    "total_fee": "1250",
    "fee_type": "CNY",
    "transaction_id": "4200001",
    "attach": "",
    "a_new_field": "it is signed too",
}


def answer(fields: dict[str, str], kind: str = "hmac") -> Reply:
    return said(200, v2_xml(v2_signed(fields, API_KEY, kind)))


def refusal(code: str, **more: str) -> Reply:
    return answer({**MINE, "result_code": "FAIL", "err_code": code, **more})


def gateway(*script: Reply | Unreachable, **filled: str) -> tuple[WechatGateway, ScriptedSender]:
    sender = ScriptedSender(list(script))
    return WechatGateway(MemoryKeys({**FILLED, **filled}), sender, FakeClock()), sender


def cause(call: Callable[[], object]) -> str:
    with pytest.raises(Unreachable) as caught:
        call()
    assert caught.value.was_sent
    return caught.value.cause


def fields_of(request: Request) -> dict[str, str]:
    return {each.tag: each.text or "" for each in ElementTree.fromstring(request.body)}


# --- The published vector ---

VECTOR = {
    "appid": "wxd930ea5d5a258f4f",
    "mch_id": "10000100",
    "device_info": "1000",
    "body": "test",
    "nonce_str": "ibuaiVcKdpRxkhJA",
    "empty": "",
    "sign": "does not count",
}


def test_the_published_signatures() -> None:
    assert v2_signing.sign_by_md5(VECTOR, API_KEY.encode()) == "9A0A8659F005D6984697E2CA0A9CF3B7"
    expected = "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6"
    assert v2_signing.sign(VECTOR, API_KEY.encode()) == expected


# --- What is said ---


def test_a_payment_is_signed_over_its_fields_and_sent_once() -> None:
    client, sender = gateway(answer(PAID))
    assert client.charge(CHARGE).standing is Standing.PAID
    sent = fields_of(sender.sent[0])
    assert (sender.once, sender.sent[0].url) == ([True], "https://api.mch.weixin.qq.com/pay/micropay")
    assert sender.sent[0].identity is None
    told = sent.pop("sign")
    assert v2_signed(sent, API_KEY)["sign"] == told
    assert len(sent.pop("nonce_str")) == 32
    assert sent == {
        "appid": FILLED["appid"],
        "mch_id": FILLED["mchid"],
        "sign_type": "HMAC-SHA256",
        "body": CHARGE.subject,
        "out_trade_no": ORDER.number,
        "total_fee": "1250",
        "spbill_create_ip": "127.0.0.1",
        "device_info": "till-1",
        "attach": "Li",
        "auth_code": CODE.text,
    }


def test_what_is_empty_is_not_said() -> None:
    client, sender = gateway(answer(PAID))
    client.charge(replace(CHARGE, cashier=""))
    assert "attach" not in fields_of(sender.sent[0])


def test_what_gives_money_back_says_who_we_are() -> None:
    client, sender = gateway(*[said(200, b"")] * 6)
    calls: list[tuple[Callable[[], object], str, bool]] = [
        (lambda: client.show(SHOWN), "/pay/unifiedorder", False),
        (lambda: client.ask(ORDER), "/pay/orderquery", False),
        (lambda: client.undo(ORDER), "/secapi/pay/reverse", True),
        (lambda: client.undo(SHOWN_ORDER), "/pay/closeorder", False),
        (lambda: client.refund(ORDER, GIVE), "/secapi/pay/refund", True),
        (lambda: client.ask_refund(ORDER, GIVE), "/pay/refundquery", False),
    ]
    for place, (call, path, is_known) in enumerate(calls):
        assert cause(call) == "not_ours"
        sent = sender.sent[place]
        assert sent.url == "https://api.mch.weixin.qq.com" + path
        assert (sent.identity is not None) is is_known
        if sent.identity is not None:
            assert sent.identity.certificate == pem(CERTIFICATE).encode()
    assert sender.once == [False] * 6
    assert len({fields_of(each)["nonce_str"] for each in sender.sent}) == 6


@pytest.mark.parametrize(
    ("key", "text", "named"),
    [
        ("api_v2_key", "", "api_v2_key"),
        ("client_certificate", "", "client_certificate"),
        ("client_certificate", "nonsense", "client_certificate"),
        ("merchant_key", "nonsense", "merchant_key"),
        ("merchant_key", private_pem(WALLET), "client_certificate"),
    ],
)
def test_a_field_that_is_no_good_is_named(key: str, text: str, named: str) -> None:
    client, _ = gateway(**{key: text})
    with pytest.raises(GatewaySetupWrong) as caught:
        client.begin_day()
    assert caught.value.reason == named


# --- What is believed ---


@pytest.mark.parametrize("kind", ["hmac", "md5"])
def test_both_kinds_of_signature(kind: str) -> None:
    client, _ = gateway(answer(PAID, kind))
    assert client.charge(CHARGE).standing is Standing.PAID


def changed(old: bytes, new: bytes) -> Reply:
    honest = answer(PAID)

    def reply(request: Request) -> Any:
        exchange = honest(request)
        assert old in exchange.body
        return replace(exchange, body=exchange.body.replace(old, new))

    return reply


HONEST = v2_xml(v2_signed(PAID, API_KEY))
# Both would be right in all but their form: the entity stands for the nonce, the amount is said twice.
ENTITY = b'<!DOCTYPE xml [<!ENTITY a "x">]>' + HONEST.replace(b"<![CDATA[x]]>", b"&a;")
TWICE = HONEST.replace(b"<xml>", b"<xml><total_fee>1251</total_fee>")


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (changed(b"1250", b"1251"), "signature"),
        (changed(b"it is signed too", b"is it"), "signature"),
        (changed(b"<sign><![CDATA[", b"<sign><![CDATA[A"), "signature"),
        (answer({**PAID, "mch_id": "1"}), "not_ours"),
        (answer({**PAID, "appid": "wx9"}), "not_ours"),
        (answer({key: text for key, text in PAID.items() if key != "mch_id"}), "not_ours"),
        (answer({**PAID, "out_trade_no": "T1K7Q2X8M5"}), "not_ours"),
        (answer({**PAID, "total_fee": "1251"}), "not_ours"),
        (answer({**PAID, "fee_type": "HKD"}), "not_ours"),
        (answer({**PAID, "result_code": "MAYBE"}), "not_ours"),
        (said(200, v2_xml(PAID)), "not_ours"),
        (said(200, v2_xml({"return_code": "FAIL", "return_msg": "sign error"})), "not_ours"),
        (refusal("NOTENOUGH", return_code="FAIL"), "not_ours"),
        (refusal("NOTENOUGH", out_trade_no="T1K7Q2X8M5"), "not_ours"),
        (said(200, b"<html><body>busy</body></html>"), "not_ours"),
        (said(200, TWICE), "not_ours"),
        (said(200, HONEST.replace(b"<xml>", b"<xml><a><b>1</b></a>")), "not_ours"),
        (said(200, HONEST.replace(b"xml>", b"html>")), "not_ours"),
        (said(200, b"<xml><return_code>SUCC"), "not_ours"),
        (said(200, ENTITY), "not_ours"),
        (said(200, b'<?xml version="1.0" encoding="no-such"?><xml/>'), "not_ours"),
        (said(404, b""), "not_ours"),
        (said(503, b""), "server_trouble"),
        (Unreachable("timeout"), "timeout"),
    ],
)
def test_what_is_not_believed(reply: Reply | Unreachable, expected: str) -> None:
    client, _ = gateway(reply)
    assert cause(lambda: client.charge(CHARGE)) == expected


# --- What a payment came to ---


@pytest.mark.parametrize(
    ("code", "standing"),
    [
        ("USERPAYING", Standing.WAITING),
        ("SYSTEMERROR", Standing.PROCESSING),
        ("BANKERROR", Standing.PROCESSING),
        ("ORDERPAID", Standing.PROCESSING),
        ("TRADE_ERROR", Standing.PROCESSING),
        ("INVALID_REQUEST", Standing.PROCESSING),
        ("OUT_TRADE_NO_USED", Standing.PROCESSING),
        ("NEVER_HEARD_OF", Standing.PROCESSING),
        ("PARAM_ERROR", Standing.FAILED),
        ("NOAUTH", Standing.FAILED),
        ("AUTHCODEEXPIRE", Standing.FAILED),
        ("NOTENOUGH", Standing.FAILED),
        ("NOTSUPORTCARD", Standing.FAILED),
        ("ORDERCLOSED", Standing.FAILED),
        ("ORDERREVERSED", Standing.FAILED),
        ("AUTH_CODE_ERROR", Standing.FAILED),
        ("AUTH_CODE_INVALID", Standing.FAILED),
        ("SIGNERROR", Standing.FAILED),
        ("LACK_PARAMS", Standing.FAILED),
        ("BUYER_MISMATCH", Standing.FAILED),
        ("APPID_NOT_EXIST", Standing.FAILED),
        ("MCHID_NOT_EXIST", Standing.FAILED),
        ("APPID_MCHID_NOT_MATCH", Standing.FAILED),
        ("XML_FORMAT_ERROR", Standing.FAILED),
    ],
)
def test_a_refusal_counts_only_from_the_list(code: str, standing: Standing) -> None:
    client, _ = gateway(refusal(code))
    told = client.charge(CHARGE)
    assert (told.standing, told.reason) == (standing, code)


@pytest.mark.parametrize(
    ("state", "standing"),
    [
        ("SUCCESS", Standing.PAID),
        ("REFUND", Standing.REFUNDED),
        ("NOTPAY", Standing.PROCESSING),
        ("CLOSED", Standing.CLOSED),
        ("REVOKED", Standing.CLOSED),
        ("USERPAYING", Standing.WAITING),
        ("PAYERROR", Standing.BROKEN),
        ("ACCEPT", Standing.PROCESSING),
    ],
)
def test_how_an_order_stands(state: str, standing: Standing) -> None:
    client, _ = gateway(answer({**PAID, "trade_state": state}))
    assert client.ask(ORDER).standing is standing


@pytest.mark.parametrize("state", ["SUCCESS", "CLOSED", "REVOKED", "PAYERROR"])
def test_how_another_order_stands_is_no_answer(state: str) -> None:
    client, _ = gateway(answer({**PAID, "out_trade_no": "X", "trade_state": state}))
    assert cause(lambda: client.ask(ORDER)) == "not_ours"


@pytest.mark.parametrize(
    ("code", "standing"), [("ORDERNOTEXIST", Standing.ABSENT), ("SYSTEMERROR", Standing.PROCESSING)]
)
def test_an_order_that_cannot_be_told_about(code: str, standing: Standing) -> None:
    client, _ = gateway(refusal(code))
    assert client.ask(ORDER).standing is standing


# --- Undoing ---


@pytest.mark.parametrize(
    ("reply", "undoing"),
    [
        (answer({**MINE, "recall": "N"}), Undoing.DONE),
        (answer({**MINE, "recall": "Y"}), Undoing.BUSY),
        (refusal("USERPAYING", recall="Y"), Undoing.BUSY),
        (refusal("SYSTEMERROR", recall="Y"), Undoing.BUSY),
        (refusal("USERPAYING"), Undoing.BUSY),
        (refusal("NEVER_HEARD_OF", recall="N"), Undoing.BUSY),
        (refusal("REVERSE_EXPIRE", recall="N"), Undoing.TOO_LATE),
        (refusal("ORDERNOTEXIST", recall="N"), Undoing.DONE),
    ],
)
def test_reversing(reply: Reply, undoing: Undoing) -> None:
    client, _ = gateway(reply)
    assert client.undo(ORDER) is undoing


@pytest.mark.parametrize(
    ("reply", "undoing"),
    [
        (answer(MINE), Undoing.DONE),
        (refusal("ORDERPAID"), Undoing.TOO_LATE),
        (refusal("ORDERCLOSED"), Undoing.DONE),
        (refusal("SYSTEMERROR"), Undoing.BUSY),
    ],
)
def test_closing(reply: Reply, undoing: Undoing) -> None:
    client, _ = gateway(reply)
    assert client.undo(SHOWN_ORDER) is undoing


# --- Refunds ---


@pytest.mark.parametrize(
    ("reply", "standing"),
    [
        (refusal("SYSTEMERROR"), RefundStanding.PROCESSING),
        (refusal("BIZERR_NEED_RETRY"), RefundStanding.PROCESSING),
        (refusal("NOTENOUGH"), RefundStanding.FAILED),
        (refusal("TRADE_OVERDUE"), RefundStanding.FAILED),
        (refusal("USER_ACCOUNT_ABNORMAL"), RefundStanding.FAILED),
    ],
)
def test_a_refund(reply: Reply, standing: RefundStanding) -> None:
    client, sender = gateway(reply)
    assert client.refund(ORDER, GIVE).standing is standing
    sent = fields_of(sender.sent[0])
    assert (sent["out_refund_no"], sent["refund_fee"], sent["total_fee"]) == (GIVE.number, "250", "1250")


REFUNDED = {**MINE, "out_trade_no": ORDER.number, "out_refund_no_0": GIVE.number, "refund_fee_0": "250"}


@pytest.mark.parametrize(
    ("reply", "standing"),
    [
        (answer({**REFUNDED, "refund_status_0": "SUCCESS"}), RefundStanding.DONE),
        (answer({**REFUNDED, "refund_status_0": "PROCESSING"}), RefundStanding.PROCESSING),
        (answer({**REFUNDED, "refund_status_0": "CHANGE"}), RefundStanding.PROCESSING),
        (answer({**REFUNDED, "refund_status_0": "REFUNDCLOSE"}), RefundStanding.FAILED),
        (answer(REFUNDED), RefundStanding.PROCESSING),
        (refusal("REFUNDNOTEXIST"), RefundStanding.ABSENT),
        (refusal("SYSTEMERROR"), RefundStanding.PROCESSING),
    ],
)
def test_how_a_refund_stands(reply: Reply, standing: RefundStanding) -> None:
    client, _ = gateway(reply)
    assert client.ask_refund(ORDER, GIVE).standing is standing


@pytest.mark.parametrize(
    "changed_to", [{"out_refund_no_0": "R2"}, {"refund_fee_0": "251"}, {"out_trade_no": "X"}]
)
def test_another_refund_is_not_ours(changed_to: dict[str, str]) -> None:
    client, _ = gateway(answer({**REFUNDED, "refund_status_0": "SUCCESS", **changed_to}))
    assert cause(lambda: client.ask_refund(ORDER, GIVE)) == "not_ours"


# --- A shown code, the bill, secrets ---


def test_a_shown_code_dies_when_the_screen_says_so() -> None:
    client, sender = gateway(answer({**MINE, "code_url": "weixin://wxpay/bizpayurl?pr=1"}))
    assert client.show(SHOWN) == "weixin://wxpay/bizpayurl?pr=1"
    sent = fields_of(sender.sent[0])
    assert (sent["time_expire"], sent["trade_type"]) == ("20261122120200", "NATIVE")
    assert sent["notify_url"] == FILLED["notify_url"]


def test_no_code_to_show() -> None:
    client, _ = gateway(refusal("ORDERPAID"), answer(MINE), refusal("NOAUTH"))
    assert [cause(lambda: client.show(SHOWN)) for _ in range(2)] == ["server_trouble"] * 2
    with pytest.raises(GatewaySetupWrong):
        client.show(SHOWN)


RAW = "交易时间,微信订单号,商户订单号,交易状态,商户退款单号,订单金额\n总交易单数,总额\n`0,`0.00\n".encode()


def test_the_bill() -> None:
    client, sender = gateway(said(200, RAW))
    bill = client.bill(date(2026, 11, 21))
    assert bill is not None
    assert (bill.raw, bill.lines) == (RAW, ())
    sent = fields_of(sender.sent[0])
    assert (sent["bill_date"], sent["bill_type"]) == ("20261121", "ALL")


def test_the_bill_is_not_ready_or_no_bill() -> None:
    def fails(text: str) -> Reply:
        return said(200, v2_xml({"return_code": "FAIL", "return_msg": text, "error_code": "20002"}))

    client, _ = gateway(
        fails("No Bill Exist"), fails("Bill Creating"), fails("sign error"), said(200, b"<html>")
    )
    day = date(2026, 11, 21)
    assert [client.bill(day), client.bill(day)] == [None, None]
    assert [cause(lambda: client.bill(day)) for _ in range(2)] == ["server_trouble", "not_ours"]


def test_no_secret_is_in_a_representation_or_an_error() -> None:
    client, sender = gateway(changed(b"1250", b"1251"), said(200, b""))
    for call in (lambda: client.charge(CHARGE), lambda: client.undo(ORDER)):
        with pytest.raises(Unreachable) as caught:
            call()
        held = client.__dict__["_calls"].__dict__
        shown = " ".join([repr(caught.value), str(caught.value), repr(sender.sent), repr(held)])
        assert CODE.text not in shown
        assert API_KEY not in shown
        assert private_pem(MERCHANT)[100:140] not in shown
