"""The practice Alipay: who is heard, how orders stand, what is signed, and the bill."""

from __future__ import annotations

import base64
import csv
import io
import json
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature

from practice.gateways.alipay.keys import root_serial
from practice.gateways.call import Call, Reply
from practice.gateways.course import Course, Doing
from practice.gateways.mischief import Fault, Kind, Ruled
from tests.practice.gateways.alipay_asks import CODE, KEYS, Shop, paying, post
from tests.practice.gateways.plain import faulty

DAY_S = 86_400.0


def courses(doing: Doing, after_s: float = 0) -> Ruled:
    return Ruled(course=lambda number, code: Course(doing, after_s))


@pytest.fixture
def shop() -> Shop:
    return Shop()


# --- Who is heard ---


def test_the_root_serial_is_the_one_that_is_published() -> None:
    root = Path(__file__).with_name("alipay_root.crt").read_bytes()
    assert root_serial(root) == "687b59193f3f462dd5336e5abf83c5d8_02941eef3187dddf3d3b83462e1dfcf6"


@pytest.mark.parametrize("name", ["biz_content", "timestamp", "method", "sign", "version"])
def test_one_changed_character_is_refused(shop: Shop, name: str) -> None:
    fields = shop.merchant.form("alipay.trade.pay", paying())
    fields[name] = fields[name][:-1] + ("1" if fields[name][-1] != "1" else "2")
    reply = shop.gateway.answer(post(fields))
    assert reply is not None
    assert '"code":"40002"' in reply.body.decode()
    assert shop.bank.orders() == ()


@pytest.mark.parametrize(
    ("other", "sub_code"),
    [
        ({"app_id": "2021"}, "isv.invalid-app-id"),
        ({"version": "2.0"}, "isv.invalid-version"),
        ({"charset": "gbk"}, "isv.invalid-charset"),
        ({"timestamp": ""}, "isv.missing-timestamp"),
        ({"timestamp": "2023-11-15 04:00:00"}, "isv.invalid-timestamp"),  # the same hour of Greenwich
    ],
)
def test_what_is_wrong_with_a_signed_request_is_said(
    shop: Shop, other: dict[str, str], sub_code: str
) -> None:
    said = shop.merchant.believe(
        shop.gateway.answer(shop.merchant.call("alipay.trade.pay", paying(), **other))
    )
    assert said["sub_code"] == sub_code
    assert shop.bank.orders() == ()


def test_an_unknown_method_has_no_answer_of_its_own(shop: Shop) -> None:
    reply = shop.reply("alipay.trade.steal")
    assert reply is not None
    assert reply.body.startswith(b'{"error_response":')
    assert shop.merchant.believe(reply)["sub_code"] == "isv.invalid-method"


@pytest.mark.parametrize(
    "change",
    [
        {"total_amount": "0.00"},
        {"total_amount": "1.005"},
        {"total_amount": 5},
        {"subject": "a=b"},
        {"out_trade_no": "A 1"},
        {"scene": "security_code"},
    ],
)
def test_misshapen_orders_are_refused(shop: Shop, change: dict[str, object]) -> None:
    said = shop.ask("alipay.trade.pay", **(paying() | change))
    assert said["sub_code"] == "ACQ.INVALID_PARAMETER"
    assert shop.bank.orders() == ()


# --- How orders stand ---


def test_a_payment_is_told_with_braces_and_escapes_in_it(shop: Shop) -> None:
    reply = shop.reply("alipay.trade.pay", **paying())
    assert reply is not None
    text = reply.body.decode()
    assert "c\\\\\\/" in text  # a backslash and a slash, each escaped
    assert "\\u5e97" in text
    assert "铺" in text
    said = shop.merchant.believe(reply)
    assert (said["code"], said["out_trade_no"], said["total_amount"]) == ("10000", "A1", "12.50")
    assert said["store_name"] == 'a}b{"c\\/ 店铺 ,"sign":"no"'
    assert shop.bank.kept("A1") == 1250
    assert shop.query()["trade_status"] == "TRADE_SUCCESS"


def test_no_fen_is_lost_on_the_way_from_yuan(shop: Shop) -> None:
    shop.pay(yuan="19.99")
    shop.pay("A2", "0.1", CODE[:-1] + "1")
    assert (shop.bank.kept("A1"), shop.bank.kept("A2")) == (1999, 10)


def test_only_codes_of_alipay_are_taken(shop: Shop) -> None:
    assert shop.pay(code="130000000000000000")["sub_code"] == "ACQ.PAYMENT_AUTH_CODE_INVALID"
    assert shop.pay("A2", code="nonsense")["sub_code"] == "ACQ.PAYMENT_AUTH_CODE_INVALID"
    assert shop.bank.charged("A1") == 0


def test_a_password_is_waited_for() -> None:
    shop = Shop(courses(Doing.PASSWORD_PAYS, 8))
    assert shop.pay()["code"] == "10003"
    assert shop.query()["trade_status"] == "WAIT_BUYER_PAY"
    shop.hands.advance(9)
    assert shop.query()["trade_status"] == "TRADE_SUCCESS"


@pytest.mark.parametrize(
    ("doing", "sub_code"),
    [
        (Doing.NO_MONEY, "ACQ.BUYER_BALANCE_NOT_ENOUGH"),
        (Doing.CODE_EXPIRED, "ACQ.PAYMENT_AUTH_CODE_INVALID"),
        (Doing.WRONG_WALLET, "ACQ.PAYMENT_AUTH_CODE_INVALID"),
    ],
)
def test_refusals_name_their_reason(doing: Doing, sub_code: str) -> None:
    shop = Shop(courses(doing))
    said = shop.pay()
    assert (said["code"], said["sub_code"]) == ("40004", sub_code)
    assert shop.bank.charged("A1") == 0


def test_the_same_number_again(shop: Shop) -> None:
    shop.pay()
    assert shop.pay()["sub_code"] == "ACQ.TRADE_HAS_SUCCESS"
    assert shop.pay(yuan="13.00")["sub_code"] == "ACQ.CONTEXT_INCONSISTENT"
    shop.cancel()
    assert shop.pay()["sub_code"] == "ACQ.TRADE_HAS_CLOSE"
    assert shop.bank.charged("A1") == 1


def test_an_unknown_order(shop: Shop) -> None:
    assert shop.query("B7")["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    assert shop.ask("alipay.trade.close", out_trade_no="B7")["sub_code"] == "ACQ.TRADE_NOT_EXIST"


@pytest.mark.parametrize(("remembers", "charged"), [(True, 0), (False, 1)])
def test_cancelling_an_unknown_order_is_answered_well(remembers: bool, charged: int) -> None:
    shop = Shop(remembers=remembers)
    said = shop.cancel()
    assert (said["code"], said["retry_flag"]) == ("10000", "N")
    assert "action" not in said
    shop.pay()
    assert shop.bank.charged("A1") == charged


def test_cancelling_closes_or_gives_back() -> None:
    waiting = Shop(courses(Doing.PASSWORD_NEVER))
    waiting.pay()
    assert waiting.cancel()["action"] == "close"
    assert waiting.query()["trade_status"] == "TRADE_CLOSED"
    paid = Shop()
    paid.pay()
    assert paid.cancel()["action"] == "refund"
    assert paid.bank.kept("A1") == 0


def test_cancelling_is_too_late_after_a_day(shop: Shop) -> None:
    shop.pay()
    shop.hands.advance(DAY_S + 1)
    assert shop.cancel()["sub_code"] == "ACQ.TRADE_CANCEL_TIME_OUT"
    assert shop.bank.kept("A1") == 1250


def test_a_paid_order_cannot_be_closed(shop: Shop) -> None:
    shop.pay()
    assert shop.ask("alipay.trade.close", out_trade_no="A1")["sub_code"] == "ACQ.REASON_TRADE_STATUS_INVALID"
    assert shop.bank.kept("A1") == 1250


def test_a_shown_code_is_no_order_until_it_is_scanned(shop: Shop) -> None:
    biz = {"out_trade_no": "Q1", "total_amount": "5.00", "subject": "card", "timeout_express": "2m"}
    text = shop.ask("alipay.trade.precreate", **biz)["qr_code"]
    assert shop.gateway.number_shown(text) == "Q1"
    assert shop.query("Q1")["sub_code"] == "ACQ.TRADE_NOT_EXIST"
    shop.bank.pay_shown("Q1")
    assert shop.query("Q1")["trade_status"] == "TRADE_SUCCESS"
    shop.ask("alipay.trade.precreate", **(biz | {"out_trade_no": "Q2"}))
    shop.hands.advance(121)
    shop.bank.pay_shown("Q2")
    assert shop.bank.charged("Q2") == 0


# --- Money back ---


def test_refunds_in_parts_and_again(shop: Shop) -> None:
    shop.pay()

    def refund(yuan: str, number: str) -> dict[str, object]:
        return shop.ask("alipay.trade.refund", out_trade_no="A1", refund_amount=yuan, out_request_no=number)

    def asked(number: str) -> dict[str, object]:
        return shop.ask("alipay.trade.fastpay.refund.query", out_trade_no="A1", out_request_no=number)

    assert asked("R1") == {"code": "10000", "msg": "Success"}
    assert refund("2.50", "R1")["fund_change"] == "Y"
    again = refund("2.50", "R1")
    assert (again["code"], again["fund_change"]) == ("10000", "N")
    assert refund("2.60", "R1")["sub_code"] == "ACQ.DISCORDANT_REPEAT_REQUEST"
    assert refund("10.01", "R2")["sub_code"] == "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL"
    assert shop.bank.kept("A1") == 1000
    assert shop.query()["trade_status"] == "TRADE_SUCCESS"
    assert refund("10.00", "R2")["fund_change"] == "Y"
    assert (asked("R2")["refund_status"], asked("R2")["refund_amount"]) == ("REFUND_SUCCESS", "10.00")
    assert shop.query()["trade_status"] == "TRADE_CLOSED"
    assert refund("0.01", "R3")["sub_code"] == "ACQ.TRADE_HAS_CLOSE"


# --- What goes wrong ---


@pytest.mark.parametrize("kind", [Kind.PAY, Kind.ASK, Kind.UNDO])
def test_a_bad_signature_is_one(kind: Kind) -> None:
    shop = Shop(faulty(kind, Fault.BAD_SIGNATURE))
    acts = {Kind.PAY: shop.pay, Kind.ASK: shop.query, Kind.UNDO: shop.cancel}
    for before in (Kind.PAY, Kind.ASK):
        if before is not kind:
            acts[before]()
    with pytest.raises(InvalidSignature):
        acts[kind]()
    assert shop.bank.charged("A1") == 1


def test_an_altered_amount_is_signed_well() -> None:
    assert Shop(faulty(Kind.PAY, Fault.AMOUNT_ALTERED)).pay()["total_amount"] == "12.51"


def test_the_customer_is_busy() -> None:
    shop = Shop(faulty(Kind.UNDO, Fault.BUSY))
    shop.pay()
    assert shop.cancel()["retry_flag"] == "Y"
    assert shop.bank.kept("A1") == 1250


@pytest.mark.parametrize(
    ("fault", "code", "charged"),
    [(Fault.SYSTEM_ERROR_BEFORE, "20000", 0), (Fault.SYSTEM_ERROR_AFTER, "40004", 1)],
)
def test_the_gateway_does_not_know(fault: Fault, code: str, charged: int) -> None:
    shop = Shop(faulty(Kind.PAY, fault))
    said = shop.pay()
    assert (said["code"], said["sub_code"][-16:]) == (code, "ACQ.SYSTEM_ERROR")
    assert shop.bank.charged("A1") == charged


def test_a_forged_refusal_bears_no_signature() -> None:
    shop = Shop(faulty(Kind.PAY, Fault.FORGED_REFUSAL))
    reply = shop.reply("alipay.trade.pay", **paying())
    assert reply is not None
    assert reply.status == 403
    told = json.loads(reply.body)
    assert set(told) == {"alipay_trade_pay_response"}
    assert told["alipay_trade_pay_response"]["sub_code"] == "ACQ.BUYER_BALANCE_NOT_ENOUGH"
    assert shop.bank.charged("A1") == 1


# --- Certificates ---


def test_certificate_mode_wants_both_serial_numbers() -> None:
    shop = Shop(has_certificates=True)
    assert shop.pay()["code"] == "10000"
    for name in ("app_cert_sn", "alipay_root_cert_sn"):
        wrong = shop.merchant.call("alipay.trade.query", {"out_trade_no": "A1"}, **{name: "0" * 32})
        said = shop.merchant.believe(shop.gateway.answer(wrong))
        assert said["sub_code"] == f"isv.invalid-{name.replace('_', '-')}"


def test_a_rotated_certificate_can_be_fetched() -> None:
    shop = Shop(faulty(Kind.PAY, Fault.KEY_ROTATED), has_certificates=True)
    reply = shop.reply("alipay.trade.pay", **paying())
    with pytest.raises(InvalidSignature):
        shop.merchant.believe(reply)
    assert reply is not None
    serial = json.loads(reply.body)["alipay_cert_sn"]
    fetched = shop.reply("alipay.open.app.alipaycert.download", alipay_cert_sn=serial)
    assert fetched is not None
    content = json.loads(fetched.body)["alipay_open_app_alipaycert_download_response"]["alipay_cert_content"]
    new = base64.b64decode(content)
    x509.load_pem_x509_certificate(new).verify_directly_issued_by(KEYS.root_certificate)
    shop.merchant.know(new.decode())
    assert shop.merchant.believe(reply)["out_trade_no"] == "A1"
    assert shop.merchant.believe(fetched)["code"] == "10000"
    assert shop.query()["trade_status"] == "TRADE_SUCCESS"


def test_every_rotation_has_a_serial_number_of_its_own() -> None:
    shop = Shop(faulty(Kind.ASK, *[Fault.KEY_ROTATED] * 3), has_certificates=True)
    replies = [shop.reply("alipay.trade.query", out_trade_no="A1") for _ in range(4)]
    serials = [json.loads(reply.body)["alipay_cert_sn"] for reply in replies if reply]
    assert (len(set(serials)), serials[2]) == (3, serials[3])


def test_an_unknown_serial_number_leads_nowhere() -> None:
    shop = Shop(faulty(Kind.PAY, Fault.UNKNOWN_SERIAL), has_certificates=True)
    reply = shop.reply("alipay.trade.pay", **paying())
    assert reply is not None
    serial = json.loads(reply.body)["alipay_cert_sn"]
    said = shop.ask("alipay.open.app.alipaycert.download", alipay_cert_sn=serial)
    assert said["code"] == "40004"


# --- The bill ---


def test_the_bill_of_a_day(shop: Shop) -> None:
    shop.pay("A1", "12.50", CODE)
    shop.ask("alipay.trade.refund", out_trade_no="A1", refund_amount="2.50", out_request_no="R1")
    shop.pay("A2", "1.00", CODE[:-1] + "1")
    shop.cancel("A2")
    assert bill(shop)["sub_code"] == "isv.invalid-arguments"  # the day is not over
    shop.hands.advance(DAY_S - 3 * 3600)
    assert bill(shop)["sub_code"] == "isp.bill_not_exist"  # nine o'clock
    shop.hands.advance(3600)
    packed = zipfile.ZipFile(io.BytesIO(download(shop).body))
    names = [each.filename.encode("cp437").decode("gbk") for each in packed.infolist()]
    assert [each.flag_bits & 0x800 for each in packed.infolist()] == [0, 0]
    assert [name.rpartition("_")[2] for name in names] == [
        "业务明细.csv",
        "业务明细(汇总).csv",
    ]
    lines = packed.read(packed.infolist()[0]).decode("gbk").splitlines()
    head, *rows = [row for row in csv.reader(lines) if not row[0].startswith("#")]
    assert len(head) == 25
    assert all(len(row) == 25 for row in rows)
    told = [[row[head.index(name)].strip() for name in _TOLD] for row in rows]
    assert told == [
        ["A1", "交易", "12.50", ""],
        ["A1", "退款", "-2.50", "R1"],
        ["A2", "交易", "1.00", ""],
        ["A2", "退款", "-1.00", "A2"],
    ]


_TOLD = (
    "商户订单号",
    "业务类型",
    "订单金额（元）",
    "退款批次号/请求号",
)


def test_the_bill_must_be_fetched_within_half_a_minute(shop: Shop) -> None:
    shop.pay()
    shop.hands.advance(DAY_S)
    assert download(shop).body[:2] == b"PK"
    assert download(shop, wait_s=31).body[:2] != b"PK"


def bill(shop: Shop) -> dict[str, object]:
    return shop.ask(
        "alipay.data.dataservice.bill.downloadurl.query", bill_type="trade", bill_date="2023-11-15"
    )


def download(shop: Shop, wait_s: float = 0) -> Reply:
    parts = urlsplit(str(bill(shop)["bill_download_url"]))
    shop.hands.advance(wait_s)
    reply = shop.gateway.answer(Call("GET", parts.path, parts.query))
    assert reply is not None
    return reply
