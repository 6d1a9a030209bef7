"""Alipay's client: what it says, what it believes, and what it makes of each answer."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import (
    Charge,
    Order,
    RefundOrder,
    RefundStanding,
    Standing,
    Undoing,
    Way,
)
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.wire.gateways.alipay.client import FIELDS, NAME, RULES, AlipayGateway
from pos_app.wire.http import Request
from tests.fakes.scripted_wallets import (
    MERCHANT,
    WALLET,
    AlipaySide,
    MemoryKeys,
    Reply,
    ScriptedSender,
    bare,
    must_be_signed,
    private_pem,
    public_pem,
    said,
)
from tests.fakes.till_clock import NOON_IN_CHINA, FakeClock

PAY, ASK, CANCEL, REFUND = (f"alipay.trade.{verb}" for verb in ("pay", "query", "cancel", "refund"))
ASK_REFUND = "alipay.trade.fastpay.refund.query"
SHOW = "alipay.trade.precreate"
CODE = PaymentCode(Wallet.ALIPAY, "281234567890123456")
ORDER = Order("T1K7Q2X8M4", Money(1250), Way.SCANNED, NOON_IN_CHINA)
CHARGE = Charge(ORDER, "Steam 50 & more", "till-1", "Li", CODE)
SHOWN = Charge(
    replace(ORDER, way=Way.SHOWN), "Steam 50", "till-1", "Li", expires_at=NOON_IN_CHINA + timedelta(minutes=2)
)
GIVE = RefundOrder("T1K7Q2X8M4R1", Money(250), Money(1250), "broken")
SIDE = AlipaySide()
FILLED = {
    "app_id": "2021000000000001",
    "private_key": private_pem(MERCHANT),
    "alipay_public_key": public_pem(WALLET),
}
OURS = {"code": "10000", "msg": "Success", "out_trade_no": ORDER.number}
PAID = {**OURS, "trade_no": "2026112222001", "total_amount": "12.50"}


def gateway(*script: Reply | Unreachable, **filled: str) -> tuple[AlipayGateway, ScriptedSender]:
    sender = ScriptedSender(list(script))
    return AlipayGateway(MemoryKeys({**FILLED, **filled}), sender, FakeClock()), sender


def told(method: str, value: Mapping[str, Any] | str) -> AlipayGateway:
    return gateway(SIDE.answer(method, value))[0]


def cause(call: Callable[[], object]) -> str:
    with pytest.raises(Unreachable) as caught:
        call()
    assert caught.value.was_sent
    return caught.value.cause


def parameters(request: Request) -> dict[str, str]:
    return dict(parse_qsl(request.body.decode(), strict_parsing=True))


# --- What is said ---


def test_a_payment_is_signed_over_what_is_sent_and_sent_once() -> None:
    client, sender = gateway(SIDE.answer(PAY, PAID))
    client.charge(CHARGE)
    sent = parameters(sender.sent[0])
    assert (sender.sent[0].method, sender.once) == ("POST", [True])
    assert sender.sent[0].url == "https://openapi.alipay.com/gateway.do?charset=utf-8"
    joined = "&".join(f"{key}={sent[key]}" for key in sorted(sent) if key != "sign")
    must_be_signed(MERCHANT, joined.encode(), sent["sign"])
    assert sent["timestamp"] == "2026-11-22 12:00:00"  # Beijing's
    assert (sent["sign_type"], sent["charset"], sent["version"]) == ("RSA2", "utf-8", "1.0")
    assert json.loads(sent["biz_content"]) == {
        "out_trade_no": ORDER.number,
        "total_amount": "12.50",
        "subject": "Steam 50   more",
        "operator_id": "Li",
        "terminal_id": "till-1",
        "scene": "bar_code",
        "auth_code": CODE.text,
        "product_code": "FACE_TO_FACE_PAYMENT",
        "timeout_express": "5m",
    }


def test_a_face_code_is_another_scene_and_the_shop_may_name_its_store() -> None:
    client, sender = gateway(SIDE.answer(PAY, PAID), store_id="S1", terminal_id="T9")
    client.charge(replace(CHARGE, code=PaymentCode(Wallet.ALIPAY, "fp" + "a" * 33)))
    content = json.loads(parameters(sender.sent[0])["biz_content"])
    assert (content["scene"], content["store_id"], content["terminal_id"]) == ("security_code", "S1", "T9")


def test_only_a_payment_is_sent_once() -> None:
    client, sender = gateway(*[said(200, b"")] * 6)
    calls: list[Callable[[], object]] = [
        lambda: client.show(SHOWN),
        lambda: client.ask(ORDER),
        lambda: client.undo(ORDER),
        lambda: client.refund(ORDER, GIVE),
        lambda: client.ask_refund(ORDER, GIVE),
        lambda: client.bill(NOON_IN_CHINA.date()),
    ]
    for call in calls:
        assert cause(call) == "not_ours"
    assert sender.once == [False] * 6


def test_a_shown_code_dies_when_the_screen_says_so() -> None:
    client, sender = gateway(SIDE.answer(SHOW, {**OURS, "qr_code": "https://qr.alipay.com/bax0"}))
    assert client.show(SHOWN) == "https://qr.alipay.com/bax0"
    content = json.loads(parameters(sender.sent[0])["biz_content"])
    assert (content["timeout_express"], content["product_code"]) == ("2m", "QR_CODE_OFFLINE")


def test_keys_may_be_bare_and_the_address_a_practice_one() -> None:
    client, sender = gateway(
        SIDE.answer(PAY, PAID),
        private_key=bare(private_pem(MERCHANT)),
        alipay_public_key=bare(public_pem(WALLET)),
        address="http://127.0.0.1:8123/gateway.do",
    )
    assert client.charge(CHARGE).standing is Standing.PAID
    assert sender.sent[0].url == "http://127.0.0.1:8123/gateway.do?charset=utf-8"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("app_id", ""),
        ("private_key", "nonsense"),
        ("private_key", public_pem(WALLET)),
        ("alipay_public_key", ""),
        ("address", "http://pay.example"),
        ("address", "https://pay.example/elsewhere"),
    ],
)
def test_a_field_that_is_no_good_is_named_before_anything_is_sent(key: str, text: str) -> None:
    client, sender = gateway(**{key: text})
    for call in (lambda: client.charge(CHARGE), client.begin_day):
        with pytest.raises(GatewaySetupWrong) as caught:
            call()
        assert (caught.value.name, caught.value.reason) == (NAME, key)
        assert not text or text not in repr(caught.value)
    assert sender.sent == []


def test_another_currency_is_not_taken() -> None:
    client, sender = gateway()
    with pytest.raises(ValueError, match="JPY"):
        client.charge(replace(CHARGE, order=replace(ORDER, amount=Money(1250, "JPY"))))
    assert sender.sent == []


def test_what_it_can_do() -> None:
    client, _ = gateway()
    assert (client.name, client.rules) == ("alipay", RULES)
    assert (RULES.scans, RULES.shows) == (frozenset({Wallet.ALIPAY}), frozenset({Wallet.ALIPAY}))
    assert (RULES.patience, RULES.undo_within) == (timedelta(seconds=60), timedelta(hours=24))
    assert {each.key: each.default for each in FIELDS}["address"] == "https://openapi.alipay.com"


# --- What a payment came to ---


def test_paid() -> None:
    answer = told(PAY, PAID).charge(CHARGE)
    assert (answer.standing, answer.gateway_number, answer.wallet) == (
        Standing.PAID,
        "2026112222001",
        Wallet.ALIPAY,
    )


def test_the_customer_is_asked_for_a_password() -> None:
    assert told(PAY, {**OURS, "code": "10003"}).charge(CHARGE).standing is Standing.WAITING


@pytest.mark.parametrize(
    ("code", "sub_code", "standing"),
    [
        ("20000", "aop.ACQ.SYSTEM_ERROR", Standing.PROCESSING),
        ("20000", "isp.unknow-error", Standing.PROCESSING),
        ("40004", "ACQ.SYSTEM_ERROR", Standing.PROCESSING),
        ("40004", "aop.ACQ.SYSTEM_ERROR", Standing.PROCESSING),
        ("40004", "ACQ.TRADE_HAS_SUCCESS", Standing.PROCESSING),
        ("40004", "ACQ.CONTEXT_INCONSISTENT", Standing.PROCESSING),
        ("40004", "ACQ.NEVER_HEARD_OF", Standing.PROCESSING),
        ("40005", "isv.app-call-limited", Standing.PROCESSING),
        ("77777", "", Standing.PROCESSING),
        ("40002", "aop.ACQ.SYSTEM_ERROR", Standing.PROCESSING),
        ("20000", "ACQ.PAYMENT_FAIL", Standing.PROCESSING),
        ("40004", "ACQ.TRADE_HAS_CLOSE", Standing.CLOSED),
        ("40004", "ACQ.PAYMENT_AUTH_CODE_INVALID", Standing.FAILED),
        ("40004", "ACQ.BUYER_BALANCE_NOT_ENOUGH", Standing.FAILED),
        ("40004", "ACQ.PAYMENT_FAIL", Standing.FAILED),
        ("40004", "ACQ.PAYMENT_REQUEST_HAS_RISK", Standing.FAILED),
        ("40004", "ACQ.TOTAL_FEE_EXCEED", Standing.FAILED),
        ("40001", "isv.missing-timestamp", Standing.FAILED),
        ("40002", "isv.invalid-app-id", Standing.FAILED),
        ("40006", "isv.insufficient-isv-permissions", Standing.FAILED),
    ],
)
def test_a_refusal_counts_only_from_the_list(code: str, sub_code: str, standing: Standing) -> None:
    answer = told(PAY, {"code": code, "sub_code": sub_code}).charge(CHARGE)
    assert answer.standing is standing
    assert answer.reason == (sub_code or code).removeprefix("aop.")


@pytest.mark.parametrize(
    "sub_code",
    [
        "INVALID_PARAMETER",
        "ACCESS_FORBIDDEN",
        "PARTNER_ERROR",
        "EXIST_FORBIDDEN_WORD",
        "BUYER_SELLER_EQUAL",
        "TRADE_BUYER_NOT_MATCH",
        "BUYER_BANKCARD_BALANCE_NOT_ENOUGH",
        "ERROR_BALANCE_PAYMENT_DISABLE",
        "BUYER_ENABLE_STATUS_FORBID",
        "BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR",
        "BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR",
        "ERROR_BUYER_CERTIFY_LEVEL_LIMIT",
        "BEYOND_PAY_RESTRICTION",
        "BEYOND_PER_RECEIPT_RESTRICTION",
        "MOBILE_PAYMENT_SWITCH_OFF",
        "PULL_MOBILE_CASHIER_FAIL",
        "USER_FACE_PAYMENT_SWITCH_OFF",
        "NO_PAYMENT_INSTRUMENTS_AVAILABLE",
        "SELLER_BEEN_BLOCKED",
        "MERCHANT_STATUS_NOT_NORMAL",
        "INVALID_STORE_ID",
    ],
)
def test_the_other_definite_refusals(sub_code: str) -> None:
    answer = told(PAY, {"code": "40004", "sub_code": f"ACQ.{sub_code}"}).charge(CHARGE)
    assert answer.standing is Standing.FAILED


@pytest.mark.parametrize(
    "changed",
    [
        {"out_trade_no": "T1K7Q2X8M5"},
        {"out_trade_no": None},
        {"total_amount": "12.51"},
        {"total_amount": "1250"},
        {"total_amount": "12.500"},
        {"total_amount": 12.5},
        {"total_amount": None},
    ],
)
def test_another_order_or_amount_is_not_ours(changed: dict[str, Any]) -> None:
    value = {key: told for key, told in {**PAID, **changed}.items() if told is not None}
    assert cause(lambda: told(PAY, value).charge(CHARGE)) == "not_ours"
    assert cause(lambda: told(ASK, {**value, "trade_status": "TRADE_SUCCESS"}).ask(ORDER)) == "not_ours"


@pytest.mark.parametrize("status", ["WAIT_BUYER_PAY", "TRADE_CLOSED"])
def test_another_amount_is_not_ours_however_it_stands(status: str) -> None:
    value = {**PAID, "total_amount": "12.51", "trade_status": status}
    assert cause(lambda: told(ASK, value).ask(ORDER)) == "not_ours"


# --- What is believed ---


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (said(200, b"<html>busy</html>"), "not_ours"),
        (said(200, b""), "not_ours"),
        (said(200, b'{"alipay_trade_pay_response":{"code":"10000"'), "not_ours"),
        (said(200, b"[" * 100_000), "not_ours"),
        (said(200, b"\xff\xfe"), "not_ours"),
        (said(302, b"{}"), "not_ours"),
        (said(403, b"{}"), "not_ours"),
        (said(502, b"{}"), "server_trouble"),
        (
            said(200, b'{"alipay_trade_pay_response":{"code":"40004","sub_code":"ACQ.PAYMENT_FAIL"}}'),
            "not_ours",
        ),
        (said(200, b'{"error_response":{"code":"40002"},"sign":""}'), "not_ours"),
        (said(200, b'{"alipay_trade_pay_response":{"code":"10000"},"sign":"AAAA"}'), "signature"),
        (said(200, b'{"alipay_trade_pay_response":{"code":"10000"},"sign":"%%"}'), "signature"),
        (AlipaySide(key=MERCHANT).answer(PAY, PAID), "signature"),
        (SIDE.answer(ASK, PAID), "not_ours"),
        (SIDE.answer(PAY, "[]"), "not_ours"),
        (SIDE.answer(PAY, '"paid"'), "not_ours"),
        (Unreachable("timeout"), "timeout"),
    ],
)
def test_what_is_not_believed(reply: Reply | Unreachable, expected: str) -> None:
    client, _ = gateway(reply)
    assert cause(lambda: client.charge(CHARGE)) == expected


def test_nothing_left_this_pc() -> None:
    client, _ = gateway(Unreachable("down", was_sent=False))
    with pytest.raises(Unreachable) as caught:
        client.charge(CHARGE)
    assert not caught.value.was_sent


def test_an_answer_that_was_changed_on_its_way() -> None:
    honest = SIDE.answer(PAY, PAID)

    def changed(request: Request) -> Any:
        exchange = honest(request)
        return replace(exchange, body=exchange.body.replace(b"12.50", b"12.5"))

    client, _ = gateway(changed)
    assert cause(lambda: client.charge(CHARGE)) == "signature"


def test_a_coding_that_was_not_asked_for() -> None:
    honest = SIDE.answer(PAY, PAID)
    client, sender = gateway(lambda request: replace(honest(request), headers={"content-encoding": "gzip"}))
    assert cause(lambda: client.charge(CHARGE)) == "not_ours"
    assert sender.sent[0].headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    "text",
    [
        '{"code":"10000","out_trade_no":"T1K7Q2X8M4","total_amount":"12.50","store_name":"a}b{c\\"}"}',
        '{"code":"10000","out_trade_no":"T1K7Q2X8M4","total_amount":"12.50","url":"http:\\/\\/x\\u4e2d"}',
        '{ "code" : "10000" , "out_trade_no":"T1K7Q2X8M4",\n"total_amount":"12.50","a":[{"b":"\\\\"}] }',
        '{"code":"10000","out_trade_no":"T1K7Q2X8M4","total_amount":"12.50","n":"中文 ]}"}',
        '{"x":"\\"alipay_trade_pay_response\\":{","code":"10000","out_trade_no":"T1K7Q2X8M4","total_amount":"12.50"}',
    ],
)
def test_the_very_text_is_verified_whatever_stands_in_it(text: str) -> None:
    assert told(PAY, text).charge(CHARGE).standing is Standing.PAID


def test_an_answer_hidden_in_a_text_is_none() -> None:
    value = json.dumps({"code": "40004", "sub_code": "ACQ.PAYMENT_FAIL"})
    paid = f'"alipay_trade_pay_response":{json.dumps(PAID)}'
    client, _ = gateway(SIDE.answer(PAY, value, name=f'x\\",{json.dumps(paid)[1:-1]},\\"y'))
    assert cause(lambda: client.charge(CHARGE)) == "not_ours"


def test_an_answer_said_twice_is_none() -> None:
    twice = b'{"alipay_trade_pay_response":{},"alipay_trade_pay_response":{},"sign":"AAAA"}'
    client, _ = gateway(said(200, twice))
    assert cause(lambda: client.charge(CHARGE)) == "not_ours"


def test_a_signed_refusal_at_the_door() -> None:
    client, _ = gateway(
        SIDE.answer(PAY, {"code": "40002", "sub_code": "isv.illegal-json"}, name="error_response")
    )
    assert client.charge(CHARGE).standing is Standing.FAILED


@pytest.mark.parametrize(("ahead_s", "skew_s"), [(0, 0), (59, 0), (-59, 0), (600, 600), (-600, -600)])
def test_this_pcs_clock_is_held_against_the_answers_date(ahead_s: int, skew_s: int) -> None:
    gateways_time = NOON_IN_CHINA - timedelta(seconds=ahead_s)
    date = gateways_time.strftime("%a, %d %b %Y %H:%M:%S GMT")
    client, _ = gateway(said(200, b"whatever", {"date": date}))
    assert client.clock_skew_s == 0
    with pytest.raises(Unreachable):
        client.ask(ORDER)
    assert client.clock_skew_s == skew_s


@pytest.mark.parametrize("date", ["", "yesterday", "Sun, 22 Nov 2026 03:00:00 -0000"])
def test_a_date_that_says_nothing(date: str) -> None:
    client, _ = gateway(said(200, b"", {"date": date}))
    with pytest.raises(Unreachable):
        client.ask(ORDER)
    assert client.clock_skew_s == 0


# --- How an order stands ---


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("WAIT_BUYER_PAY", Standing.WAITING),
        ("TRADE_SUCCESS", Standing.PAID),
        ("TRADE_FINISHED", Standing.PAID),
        ("TRADE_CLOSED", Standing.CLOSED),
        ("TRADE_NEW", Standing.PROCESSING),
        ("", Standing.PROCESSING),
    ],
)
def test_how_an_order_stands(status: str, standing: Standing) -> None:
    answer = told(ASK, {**PAID, "trade_status": status}).ask(ORDER)
    assert (answer.standing, answer.gateway_number) == (standing, "2026112222001")


@pytest.mark.parametrize(
    ("sub_code", "standing"),
    [
        ("ACQ.TRADE_NOT_EXIST", Standing.ABSENT),
        ("ACQ.SYSTEM_ERROR", Standing.PROCESSING),
        ("ACQ.INVALID_PARAMETER", Standing.PROCESSING),
    ],
)
def test_an_order_that_cannot_be_told_about(sub_code: str, standing: Standing) -> None:
    assert told(ASK, {"code": "40004", "sub_code": sub_code}).ask(ORDER).standing is standing


@pytest.mark.parametrize(
    ("value", "undoing"),
    [
        ({**OURS, "retry_flag": "N", "action": "close"}, Undoing.DONE),
        ({**OURS, "retry_flag": "N", "action": "refund"}, Undoing.DONE),
        ({"code": "10000", "retry_flag": "N"}, Undoing.DONE),  # an order that it does not know
        ({**OURS, "retry_flag": "Y"}, Undoing.BUSY),
        ({"code": "20000", "sub_code": "isp.unknow-error"}, Undoing.BUSY),
        ({"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"}, Undoing.BUSY),
        ({"code": "40004", "sub_code": "AQC.SYSTEM_ERROR"}, Undoing.BUSY),
        ({"code": "40004", "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH"}, Undoing.BUSY),
        ({"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}, Undoing.DONE),
        ({"code": "40004", "sub_code": "ACQ.TRADE_CANCEL_TIME_OUT"}, Undoing.TOO_LATE),
        ({"code": "40004", "sub_code": "ACQ.CANCEL_NOT_ALLOWED"}, Undoing.TOO_LATE),
        ({"code": "40004", "sub_code": "ACQ.TRADE_HAS_FINISHED"}, Undoing.TOO_LATE),
        ({"code": "40004", "sub_code": "ACQ.REASON_TRADE_REFUND_FEE_ERR"}, Undoing.TOO_LATE),
    ],
)
def test_undoing(value: dict[str, str], undoing: Undoing) -> None:
    assert told(CANCEL, value).undo(ORDER) is undoing


def test_undoing_another_order_is_no_answer() -> None:
    assert (
        cause(lambda: told(CANCEL, {**OURS, "out_trade_no": "X", "retry_flag": "N"}).undo(ORDER))
        == "not_ours"
    )


# --- Refunds ---


@pytest.mark.parametrize(
    ("value", "standing"),
    [
        ({**OURS, "fund_change": "Y", "refund_fee": "7.50"}, RefundStanding.DONE),
        ({"code": "20000", "sub_code": "aop.ACQ.SYSTEM_ERROR"}, RefundStanding.PROCESSING),
        ({"code": "40004", "sub_code": "ACQ.SELLER_BALANCE_NOT_ENOUGH"}, RefundStanding.FAILED),
        ({"code": "40004", "sub_code": "ACQ.TRADE_STATUS_ERROR"}, RefundStanding.PROCESSING),
        ({"code": "40004", "sub_code": "ACQ.DISCORDANT_REPEAT_REQUEST"}, RefundStanding.PROCESSING),
        ({"code": "40004", "sub_code": "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"}, RefundStanding.FAILED),
        ({"code": "40004", "sub_code": "ACQ.TRADE_HAS_FINISHED"}, RefundStanding.FAILED),
        ({"code": "40004", "sub_code": "ACQ.REASON_TRADE_REFUND_FEE_ERR"}, RefundStanding.FAILED),
        ({"code": "40004", "sub_code": "ACQ.TRADE_NOT_ALLOW_REFUND"}, RefundStanding.FAILED),
        ({"code": "40004", "sub_code": "ACQ.NOT_ALLOW_PARTIAL_REFUND"}, RefundStanding.FAILED),
        ({"code": "40004", "sub_code": "ACQ.INVALID_PARAMETER"}, RefundStanding.FAILED),
        ({"code": "40004", "sub_code": "ACQ.ACCESS_FORBIDDEN"}, RefundStanding.FAILED),
        ({"code": "40006", "sub_code": "isv.insufficient-isv-permissions"}, RefundStanding.FAILED),
    ],
)
def test_a_refund(value: dict[str, str], standing: RefundStanding) -> None:
    assert told(REFUND, value).refund(ORDER, GIVE).standing is standing


@pytest.mark.parametrize(
    ("value", "standing"),
    [
        ({"code": "10000", "msg": "Success"}, RefundStanding.ABSENT),
        ({"code": "20000"}, RefundStanding.PROCESSING),
        ("REFUND_SUCCESS", RefundStanding.DONE),
    ],
)
def test_a_repeated_refund_moves_nothing_and_is_asked_about(value: Any, standing: RefundStanding) -> None:
    asked = {**REFUNDED, "refund_status": value} if isinstance(value, str) else value
    client, sender = gateway(
        SIDE.answer(REFUND, {**OURS, "fund_change": "N"}), SIDE.answer(ASK_REFUND, asked)
    )
    assert client.refund(ORDER, GIVE).standing is standing
    assert parameters(sender.sent[1])["method"] == ASK_REFUND


def test_a_refund_carries_its_own_number_however_often_it_is_asked() -> None:
    client, sender = gateway(*[SIDE.answer(REFUND, {**OURS, "fund_change": "Y"})] * 2)
    for _ in range(2):
        client.refund(ORDER, GIVE)
    contents = [json.loads(parameters(each)["biz_content"]) for each in sender.sent]
    assert contents[0] == contents[1]
    assert contents[0] == {
        "out_trade_no": ORDER.number,
        "refund_amount": "2.50",
        "out_request_no": GIVE.number,
        "refund_reason": "broken",
    }


REFUNDED = {**OURS, "out_request_no": GIVE.number, "refund_amount": "2.50", "total_amount": "12.50"}


@pytest.mark.parametrize(
    ("value", "standing"),
    [
        ({**REFUNDED, "refund_status": "REFUND_SUCCESS"}, RefundStanding.DONE),
        ({**REFUNDED, "refund_status": "REFUND_PROCESSING"}, RefundStanding.PROCESSING),
        (REFUNDED, RefundStanding.PROCESSING),
        ({"code": "10000", "msg": "Success"}, RefundStanding.ABSENT),
        ({"code": "40004", "sub_code": "ACQ.TRADE_NOT_EXIST"}, RefundStanding.ABSENT),
        ({"code": "40004", "sub_code": "TRADE_NOT_EXIST"}, RefundStanding.ABSENT),
        ({"code": "40004", "sub_code": "ACQ.SYSTEM_ERROR"}, RefundStanding.PROCESSING),
    ],
)
def test_how_a_refund_stands(value: dict[str, str], standing: RefundStanding) -> None:
    assert told(ASK_REFUND, value).ask_refund(ORDER, GIVE).standing is standing


@pytest.mark.parametrize(
    "changed", [{"out_request_no": "R2"}, {"refund_amount": "12.50"}, {"out_trade_no": "X"}]
)
def test_another_refund_is_not_ours(changed: dict[str, str]) -> None:
    value = {**REFUNDED, "refund_status": "REFUND_SUCCESS", **changed}
    assert cause(lambda: told(ASK_REFUND, value).ask_refund(ORDER, GIVE)) == "not_ours"


# --- A shown code ---


@pytest.mark.parametrize("sub_code", ["isv.insufficient-isv-permissions", "isv.invalid-signature"])
def test_a_shop_that_may_not_show_codes(sub_code: str) -> None:
    code = "40006" if "permissions" in sub_code else "40002"
    with pytest.raises(GatewaySetupWrong) as caught:
        told(SHOW, {"code": code, "sub_code": sub_code}).show(SHOWN)
    assert caught.value.reason == sub_code


@pytest.mark.parametrize(
    "value",
    [{"code": "20000"}, {"code": "40004", "sub_code": "ACQ.TRADE_HAS_SUCCESS"}, OURS, {**OURS, "code": "1"}],
)
def test_no_code_to_show(value: dict[str, str]) -> None:
    assert cause(lambda: told(SHOW, value).show(SHOWN)) == "server_trouble"


# --- Secrets ---


def test_no_secret_is_in_a_representation_or_an_error() -> None:
    client, sender = gateway(AlipaySide(key=MERCHANT).answer(PAY, PAID))
    with pytest.raises(Unreachable) as caught:
        client.charge(CHARGE)
    shown = " ".join(
        [
            repr(caught.value),
            str(caught.value),
            repr(CHARGE),
            repr(sender.sent),
            repr(client),
            repr(client.__dict__),
        ]
    )
    assert CODE.text not in shown
    assert bare(private_pem(MERCHANT))[70:110] not in shown
