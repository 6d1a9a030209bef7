"""The practice WeChat Pay, version 3: who is heard, how orders stand, what is signed, certificates and the bill."""

from __future__ import annotations

import gzip
import hashlib
import json
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography.exceptions import InvalidSignature

from practice.gateways.call import Call, Reply
from practice.gateways.course import Course, Doing
from practice.gateways.mischief import Fault, Kind, Ruled
from practice.gateways.wechat.keys import ROTATION_S, Proof
from tests.practice.gateways.plain import CODE, faulty
from tests.practice.gateways.wechat_asks import MERCHANT, Shop, about

DAY_S = 86_400.0
PAY = "/v3/pay/transactions/codepay"


def courses(doing: Doing, after_s: float = 0) -> Ruled:
    return Ruled(course=lambda number, code: Course(doing, after_s))


@pytest.fixture
def shop() -> Shop:
    return Shop()


def test_who_proves_nothing_is_not_heard(shop: Shop) -> None:
    body = json.dumps(shop.paying()).encode()
    call = shop.merchant.call("POST", PAY, body)
    reply = shop.gateway.answer(Call("POST", PAY, "", call.headers, body.replace(b"1250", b"1251")))
    assert reply is not None
    assert (reply.status, json.loads(reply.body)["code"]) == (401, "SIGN_ERROR")
    assert "Wechatpay-Signature" not in reply.headers
    assert shop.bank.orders() == ()


@pytest.mark.parametrize(
    "change",
    [
        {"amount": {"total": 0}},
        {"amount": {"total": "1250"}},
        {"amount": {"total": 12.5}},
        {"amount": {"total": 1250, "currency": "USD"}},
        {"scene_info": {"device_id": "1"}},
        {"payer": {}},
        {"out_trade_no": "A" * 33},
        {"description": ""},
        {"appid": "wx"},
    ],
)
def test_misshapen_orders_are_refused(shop: Shop, change: dict[str, object]) -> None:
    said = shop.ask("POST", PAY, **(shop.paying() | change))
    assert (said["status"], said["code"] in ("PARAM_ERROR", "APPID_MCHID_NOT_MATCH")) == (400, True)
    assert shop.bank.orders() == ()


# --- How orders stand ---


def test_a_payment(shop: Shop) -> None:
    said = shop.pay()
    assert (said["status"], said["trade_state"], said["amount"]["total"]) == (200, "SUCCESS", 1250)
    assert (said["out_trade_no"], said["mchid"]) == ("A1", MERCHANT.mchid)
    assert shop.bank.kept("A1") == 1250
    assert shop.query()["transaction_id"] == said["transaction_id"]


def test_a_password_is_waited_for() -> None:
    shop = Shop(courses(Doing.PASSWORD_PAYS, 8))
    said = shop.pay()
    assert (said["status"], said["trade_state"]) == (202, "USERPAYING")
    assert "transaction_id" not in said
    assert (shop.query()["status"], shop.query()["trade_state"]) == (200, "USERPAYING")
    shop.hands.advance(9)
    assert shop.query()["trade_state"] == "SUCCESS"


@pytest.mark.parametrize(
    ("doing", "code"),
    [
        (Doing.NO_MONEY, "NOTENOUGH"),
        (Doing.CODE_EXPIRED, "AUTHCODEEXPIRE"),
        (Doing.CODE_USED, "AUTH_CODE_ERROR"),
        (Doing.WRONG_WALLET, "AUTH_CODE_INVALID"),
    ],
)
def test_refusals_name_their_reason(doing: Doing, code: str) -> None:
    shop = Shop(courses(doing))
    assert shop.pay()["code"] == code
    assert shop.query()["trade_state"] == "PAYERROR"
    assert shop.bank.charged("A1") == 0


def test_only_codes_of_wechat_are_taken(shop: Shop) -> None:
    assert shop.pay(code="280000000000000000")["code"] == "AUTH_CODE_INVALID"
    assert shop.pay("A2", code="nonsense")["code"] == "AUTH_CODE_ERROR"


def test_the_same_number_again(shop: Shop) -> None:
    shop.pay()
    assert shop.pay()["code"] == "ORDERPAID"
    shop.reverse()
    assert shop.pay()["code"] == "ORDERREVERSED"
    assert shop.bank.charged("A1") == 1
    waiting = Shop(courses(Doing.PASSWORD_NEVER))
    waiting.pay()
    assert waiting.pay()["trade_state"] == "USERPAYING"
    assert waiting.pay(fen=1300)["code"] == "OUT_TRADE_NO_USED"


def test_an_unknown_order(shop: Shop) -> None:
    said = shop.query("B7")
    assert (said["status"], said["code"]) == (404, "ORDER_NOT_EXIST")


def test_a_question_names_the_merchant(shop: Shop) -> None:
    assert shop.ask("GET", about("A1"))["code"] == "PARAM_ERROR"


@pytest.mark.parametrize(("remembers", "charged"), [(True, 0), (False, 1)])
def test_reversing_an_unknown_order_is_answered_well(remembers: bool, charged: int) -> None:
    shop = Shop(remembers=remembers)
    assert shop.reverse() == {"status": 200, **shop.us, "out_trade_no": "A1"}
    shop.pay()
    assert shop.bank.charged("A1") == charged


def test_reversing_gives_back(shop: Shop) -> None:
    shop.pay()
    assert shop.reverse()["status"] == 200
    assert shop.query()["trade_state"] == "REVOKED"
    assert shop.bank.kept("A1") == 0


def test_reversing_is_too_late_after_a_week(shop: Shop) -> None:
    shop.pay()
    shop.hands.advance(7 * DAY_S + 1)
    assert shop.reverse()["code"] == "REVERSE_EXPIRE"
    assert shop.bank.kept("A1") == 1250


def test_closing_is_not_for_payments_by_code(shop: Shop) -> None:
    shop.pay()
    said = shop.ask("POST", f"{about('A1')}/close", mchid=MERCHANT.mchid)
    assert (said["status"], said["code"]) == (400, "INVALID_REQUEST")
    assert shop.bank.kept("A1") == 1250


# --- A code that the shop shows ---


def native(shop: Shop, number: str = "Q1", **other: object) -> dict[str, Any]:
    fields = {
        **shop.us,
        "description": "card",
        "out_trade_no": number,
        "notify_url": "https://shop.example/none",
        "amount": {"total": 500, "currency": "CNY"},
    }
    return shop.ask("POST", "/v3/pay/transactions/native", **(fields | other))


def close(shop: Shop, number: str = "Q1") -> dict[str, Any]:
    return shop.ask("POST", f"{about(number)}/close", mchid=MERCHANT.mchid)


def test_a_shown_code_is_paid(shop: Shop) -> None:
    text = native(shop)["code_url"]
    assert native(shop)["code_url"] == text
    assert shop.query("Q1")["trade_state"] == "NOTPAY"
    shop.bank.pay_shown(shop.gateway.number_shown(text) or "")
    assert shop.query("Q1")["trade_state"] == "SUCCESS"
    assert close(shop)["code"] == "ORDERPAID"
    assert shop.reverse("Q1")["code"] == "INVALID_REQUEST"
    assert shop.bank.kept("Q1") == 500


def test_a_shown_code_is_closed(shop: Shop) -> None:
    native(shop)
    assert close(shop) == {"status": 204}
    assert close(shop) == {"status": 204}
    assert shop.query("Q1")["trade_state"] == "CLOSED"
    shop.bank.pay_shown("Q1")
    assert shop.bank.charged("Q1") == 0
    assert native(shop)["code"] == "ORDER_CLOSED"
    assert close(shop, "Q9")["code"] == "ORDER_NOT_EXIST"


def test_a_shown_code_expires(shop: Shop) -> None:
    native(shop, time_expire="2023-11-15T12:02:00+08:00")
    shop.hands.advance(121)
    shop.bank.pay_shown("Q1")
    assert shop.bank.charged("Q1") == 0
    assert native(shop, "Q2", time_expire="2023-11-15T12:02:00+08:00")["code"] == "PARAM_ERROR"
    assert native(shop, "Q3", notify_url="")["code"] == "PARAM_ERROR"


# --- Money back ---


def test_refunds_in_parts_and_again(shop: Shop) -> None:
    shop.pay()
    assert shop.ask_refund("R1")["code"] == "RESOURCE_NOT_EXISTS"
    assert shop.refund(250, "R1")["status"] == "PROCESSING"
    shop.hands.advance(6)
    again = shop.refund(250, "R1")
    assert (again["status"], again["amount"]["refund"]) == ("SUCCESS", 250)
    assert shop.refund(260, "R1")["code"] == "INVALID_REQUEST"
    assert shop.refund(1001, "R2")["code"] == "INVALID_REQUEST"
    assert shop.refund(10, "R2", total=1200)["code"] == "INVALID_REQUEST"
    assert shop.refund(10, "R2", number="B7")["code"] == "RESOURCE_NOT_EXISTS"
    assert shop.bank.kept("A1") == 1000
    shop.refund(1000, "R2")
    assert shop.query()["trade_state"] == "REFUND"
    assert shop.ask_refund("R2")["out_trade_no"] == "A1"


def test_a_refund_number_is_for_one_order(shop: Shop) -> None:
    shop.pay()
    shop.pay("A2", code=CODE[:-1] + "1")
    shop.refund(100, "R1")
    assert shop.refund(100, "R1", number="A2")["code"] == "INVALID_REQUEST"
    assert shop.bank.kept("A2") == 1250


# --- What goes wrong ---


@pytest.mark.parametrize("fault", [Fault.BAD_SIGNATURE, Fault.STALE, Fault.UNKNOWN_SERIAL])
@pytest.mark.parametrize("proof", Proof)
def test_what_is_not_signed_well_is_not_believed(fault: Fault, proof: Proof) -> None:
    shop = Shop(faulty(Kind.PAY, fault), proof=proof)
    if proof is Proof.CERTIFICATES:
        shop.merchant.know(shop.reply("GET", "/v3/certificates"))
    with pytest.raises(InvalidSignature):
        shop.pay()
    assert shop.query()["trade_state"] == "SUCCESS"


def test_altered_answers_are_signed_well() -> None:
    assert Shop(faulty(Kind.PAY, Fault.AMOUNT_ALTERED)).pay()["amount"]["total"] == 1251
    assert Shop(faulty(Kind.PAY, Fault.NUMBER_ALTERED)).pay()["out_trade_no"] != "A1"


def test_the_customer_is_busy() -> None:
    shop = Shop(faulty(Kind.UNDO, Fault.BUSY))
    shop.pay()
    said = shop.reverse()
    assert (said["status"], said["code"]) == (202, "USERPAYING")
    assert shop.bank.kept("A1") == 1250


@pytest.mark.parametrize(
    ("fault", "charged"), [(Fault.SYSTEM_ERROR_BEFORE, 0), (Fault.SYSTEM_ERROR_AFTER, 1)]
)
def test_the_gateway_does_not_know(fault: Fault, charged: int) -> None:
    shop = Shop(faulty(Kind.PAY, fault))
    reply = shop.reply("POST", PAY, **shop.paying())
    assert reply is not None
    assert (reply.status, "Wechatpay-Signature" in reply.headers) == (500, False)
    assert shop.bank.charged("A1") == charged


def test_a_forged_refusal_bears_no_signature() -> None:
    shop = Shop(faulty(Kind.PAY, Fault.FORGED_REFUSAL))
    reply = shop.reply("POST", PAY, **shop.paying())
    assert reply is not None
    assert (reply.status, json.loads(reply.body)["code"]) == (403, "NOTENOUGH")
    assert "Wechatpay-Signature" not in reply.headers
    assert shop.bank.charged("A1") == 1


def test_a_question_finds_nothing_although_there_is() -> None:
    shop = Shop(faulty(Kind.ASK, Fault.NOT_FOUND))
    shop.pay()
    assert shop.query()["code"] == "ORDER_NOT_EXIST"
    assert shop.query()["trade_state"] == "SUCCESS"


# --- Certificates ---


def test_a_public_key_needs_no_certificates(shop: Shop) -> None:
    said = shop.ask("GET", "/v3/certificates")
    assert (said["status"], said["code"]) == (404, "RESOURCE_NOT_EXISTS")


def test_a_rotation_is_followed() -> None:
    shop = Shop(faulty(Kind.PAY, Fault.KEY_ROTATED), proof=Proof.CERTIFICATES)
    assert len(shop.merchant.know(shop.reply("GET", "/v3/certificates"))) == 1
    with pytest.raises(InvalidSignature):
        shop.pay()
    assert len(shop.merchant.know(shop.reply("GET", "/v3/certificates"))) == 2
    assert shop.query()["trade_state"] == "SUCCESS"
    shop.hands.advance(ROTATION_S)
    for _ in range(3):
        reply = shop.reply("GET", f"{about('A1')}?mchid={MERCHANT.mchid}")
        assert reply is not None
        assert reply.headers["Wechatpay-Serial"] == [*shop.merchant.keys][-1]


# --- The bill ---


def bill(shop: Shop, more: str = "") -> dict[str, Any]:
    return shop.ask("GET", f"/v3/bill/tradebill?bill_date=2023-11-15&bill_type=ALL{more}")


def download(shop: Shop, told: dict[str, Any]) -> Reply:
    parts = urlsplit(told["download_url"])
    reply = shop.reply("GET", f"{parts.path}?{parts.query}")
    assert reply is not None
    return reply


def test_the_bill_of_a_day(shop: Shop) -> None:
    shop.pay("A1")
    shop.refund(250, "R1")
    shop.pay("A2", 100, CODE[:-1] + "1")
    shop.reverse("A2")
    assert bill(shop)["code"] == "PARAM_ERROR"  # the day is not over
    shop.hands.advance(DAY_S - 4 * 3600)
    assert bill(shop)["code"] == "STATEMENT_CREATING"  # eight o'clock
    shop.hands.advance(3600)
    told = bill(shop)
    reply = download(shop, told)
    assert "Wechatpay-Signature" not in reply.headers
    assert told["hash_value"] == hashlib.sha1(reply.body).hexdigest()
    lines = reply.body.decode("utf-8-sig").splitlines()
    head, rows = lines[0].split(","), [line[1:].split(",`") for line in lines[1:-2]]
    assert [len(row) for row in rows] == [27] * 4 == [len(head)] * 4
    names = ("商户订单号", "交易状态", "订单金额", "商户退款单号", "申请退款金额")
    assert [[row[head.index(name)] for name in names] for row in rows] == [
        ["A1", "SUCCESS", "12.50", "0", "0.00"],
        ["A1", "REFUND", "0.00", "R1", "2.50"],
        ["A2", "SUCCESS", "1.00", "0", "0.00"],
        ["A2", "REVOKED", "0.00", "A2", "1.00"],
    ]
    assert lines[-2].startswith("总交易单数,")
    assert lines[-1] == "`4,`13.50,`3.50,`0.00,`0.00000,`13.50,`3.50"


def test_a_packed_bill_bears_the_hash_of_the_plain_one(shop: Shop) -> None:
    shop.pay()
    shop.hands.advance(DAY_S)
    told = bill(shop, "&tar_type=GZIP")
    assert hashlib.sha1(gzip.decompress(download(shop, told).body)).hexdigest() == told["hash_value"]


def test_the_bill_must_be_fetched_by_the_merchant_and_soon(shop: Shop) -> None:
    shop.pay()
    shop.hands.advance(DAY_S)
    told = bill(shop)
    parts = urlsplit(told["download_url"])
    reply = shop.gateway.answer(Call("GET", parts.path, parts.query))
    assert reply is not None
    assert reply.status == 401
    shop.hands.advance(301)
    assert download(shop, told).status == 400


def test_a_day_without_a_movement_has_no_bill(shop: Shop) -> None:
    shop.hands.advance(DAY_S)
    assert bill(shop)["code"] == "NO_STATEMENT_EXIST"
