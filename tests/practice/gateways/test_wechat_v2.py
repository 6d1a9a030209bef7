"""The practice WeChat Pay, version 2, over the same orders as version 3."""

from __future__ import annotations

import gzip

import pytest
from cryptography.exceptions import InvalidSignature

from practice.gateways.call import Call
from practice.gateways.course import Course, Doing
from practice.gateways.mischief import Fault, Kind, Ruled
from practice.gateways.wechat.v2_words import read_xml
from tests.practice.gateways.plain import faulty
from tests.practice.gateways.wechat_asks import Shop, micropaying

DAY_S = 86_400.0


def courses(doing: Doing, after_s: float = 0) -> Ruled:
    return Ruled(course=lambda number, code: Course(doing, after_s))


@pytest.fixture
def shop() -> Shop:
    return Shop()


def query(shop: Shop, number: str = "A1") -> dict[str, str]:
    return shop.post("/pay/orderquery", out_trade_no=number)


def reverse(shop: Shop, number: str = "A1") -> dict[str, str]:
    return shop.post("/secapi/pay/reverse", out_trade_no=number)


def refund(shop: Shop, fen: int, refund_number: str, total: int = 1250) -> dict[str, str]:
    return shop.post(
        "/secapi/pay/refund",
        out_trade_no="A1",
        out_refund_no=refund_number,
        refund_fee=str(fen),
        total_fee=str(total),
    )


@pytest.mark.parametrize("sign_type", ["", "MD5", "HMAC-SHA256"])
def test_a_payment_is_signed_as_it_was_asked(shop: Shop, sign_type: str) -> None:
    said = shop.post("/pay/micropay", sign_type, **micropaying())
    assert (said["result_code"], said["out_trade_no"], said["total_fee"]) == ("SUCCESS", "A1", "1250")
    assert query(shop)["trade_state"] == "SUCCESS"
    assert shop.query()["trade_state"] == "SUCCESS"  # version 3 knows it, too


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b">1250<", b">1251<"),
        (b">A1<", b">A2<"),
        (b"</xml>", b"<more>1</more></xml>"),
        (b"</xml>", b""),
        (b"<xml>", b'<!DOCTYPE xml [<!ENTITY e "1">]><xml>'),
    ],
)
def test_who_proves_nothing_is_told_so_without_a_signature(shop: Shop, old: bytes, new: bytes) -> None:
    body = shop.merchant.xml(**micropaying())
    assert old in body
    reply = shop.gateway.answer(Call("POST", "/pay/micropay", body=body.replace(old, new)))
    assert reply is not None
    said = read_xml(reply.body)
    assert (said["return_code"], "sign" in said) == ("FAIL", False)
    assert shop.bank.orders() == ()


def test_what_is_missing_is_said(shop: Shop) -> None:
    fields = micropaying()
    del fields["spbill_create_ip"]
    assert shop.post("/pay/micropay", **fields)["err_code"] == "LACK_PARAMS"
    assert shop.post("/pay/micropay", **(micropaying() | {"total_fee": "12.50"}))["err_code"] == "PARAM_ERROR"


def test_a_password_is_waited_for() -> None:
    shop = Shop(courses(Doing.PASSWORD_PAYS, 8))
    said = shop.micropay()
    assert (said["result_code"], said["err_code"]) == ("FAIL", "USERPAYING")
    assert query(shop)["trade_state"] == "USERPAYING"
    shop.hands.advance(9)
    assert query(shop)["trade_state"] == "SUCCESS"


@pytest.mark.parametrize(
    ("doing", "code"),
    [(Doing.NO_MONEY, "NOTENOUGH"), (Doing.CODE_EXPIRED, "AUTHCODEEXPIRE")],
)
def test_refusals_name_their_reason(doing: Doing, code: str) -> None:
    shop = Shop(courses(doing))
    assert shop.micropay()["err_code"] == code
    assert query(shop)["trade_state"] == "PAYERROR"


def test_the_same_number_again_and_an_unknown_one(shop: Shop) -> None:
    shop.micropay()
    assert shop.micropay()["err_code"] == "ORDERPAID"
    assert query(shop, "B7")["err_code"] == "ORDERNOTEXIST"


def test_reversing_gives_back(shop: Shop) -> None:
    shop.micropay()
    said = reverse(shop)
    assert (said["result_code"], said["recall"]) == ("SUCCESS", "N")
    assert query(shop)["trade_state"] == "REVOKED"
    assert shop.bank.kept("A1") == 0


def test_reversing_while_the_customer_pays() -> None:
    shop = Shop(faulty(Kind.UNDO, Fault.BUSY))
    shop.micropay()
    said = reverse(shop)
    assert (said["result_code"], said["err_code"], said["recall"]) == ("FAIL", "USERPAYING", "Y")
    assert shop.bank.kept("A1") == 1250


def test_reversing_is_too_late_after_a_week(shop: Shop) -> None:
    shop.micropay()
    shop.hands.advance(7 * DAY_S + 1)
    said = reverse(shop)
    assert (said["err_code"], said["recall"]) == ("REVERSE_EXPIRE", "N")


def native(shop: Shop, number: str = "Q1", **other: str) -> dict[str, str]:
    fields = micropaying(number, 500) | {
        "auth_code": "",
        "trade_type": "NATIVE",
        "notify_url": "https://shop.example/none",
        "product_id": "P1",
    }
    return shop.post("/pay/unifiedorder", **(fields | other))


def close(shop: Shop, number: str = "Q1") -> dict[str, str]:
    return shop.post("/pay/closeorder", out_trade_no=number)


def test_a_shown_code_is_paid(shop: Shop) -> None:
    text = native(shop)["code_url"]
    assert native(shop)["code_url"] == text
    assert query(shop, "Q1")["trade_state"] == "NOTPAY"
    shop.bank.pay_shown(shop.gateway.number_shown(text) or "")
    assert query(shop, "Q1")["trade_state"] == "SUCCESS"
    assert native(shop)["err_code"] == "ORDERPAID"
    assert close(shop)["err_code"] == "ORDERPAID"
    assert shop.bank.kept("Q1") == 500


def test_a_shown_code_is_closed(shop: Shop) -> None:
    native(shop)
    assert close(shop)["result_code"] == close(shop)["result_code"] == "SUCCESS"
    shop.bank.pay_shown("Q1")
    assert shop.bank.charged("Q1") == 0
    assert native(shop)["err_code"] == "ORDERCLOSED"
    assert close(shop, "Q9")["err_code"] == "ORDERNOTEXIST"


def test_a_shown_code_expires(shop: Shop) -> None:
    native(shop, time_expire="20231115120200")
    shop.hands.advance(121)
    shop.bank.pay_shown("Q1")
    assert shop.bank.charged("Q1") == 0
    assert native(shop, "Q2", time_expire="20231115120200")["err_code"] == "PARAM_ERROR"
    assert native(shop, "Q3", product_id="")["err_code"] == "LACK_PARAMS"


def test_refunds_in_parts_and_again(shop: Shop) -> None:
    shop.micropay()
    asked = {"out_refund_no": "R1"}
    assert shop.post("/pay/refundquery", **asked)["err_code"] == "REFUNDNOTEXIST"
    assert refund(shop, 250, "R1")["refund_fee"] == "250"
    assert shop.post("/pay/refundquery", **asked)["refund_status_0"] == "PROCESSING"
    shop.hands.advance(6)
    assert refund(shop, 250, "R1")["result_code"] == "SUCCESS"
    said = shop.post("/pay/refundquery", **asked)
    assert (said["refund_status_0"], said["out_refund_no_0"], said["refund_fee_0"]) == (
        "SUCCESS",
        "R1",
        "250",
    )
    assert refund(shop, 1001, "R2")["err_code"] == "REFUND_FEE_MISMATCH"
    assert refund(shop, 100, "R2", total=1)["err_code"] == "REFUND_FEE_MISMATCH"
    assert shop.bank.kept("A1") == 1000


@pytest.mark.parametrize(
    ("fault", "code", "charged"),
    [(Fault.SYSTEM_ERROR_BEFORE, "SYSTEMERROR", 0), (Fault.SYSTEM_ERROR_AFTER, "BANKERROR", 1)],
)
def test_the_gateway_does_not_know(fault: Fault, code: str, charged: int) -> None:
    shop = Shop(faulty(Kind.PAY, fault))
    assert shop.micropay()["err_code"] == code
    assert shop.bank.charged("A1") == charged


def test_a_bad_signature_is_one() -> None:
    shop = Shop(faulty(Kind.PAY, Fault.BAD_SIGNATURE))
    with pytest.raises(InvalidSignature):
        shop.micropay()


def test_a_forged_refusal_bears_no_signature() -> None:
    shop = Shop(faulty(Kind.PAY, Fault.FORGED_REFUSAL))
    reply = shop.gateway.answer(Call("POST", "/pay/micropay", body=shop.merchant.xml(**micropaying())))
    assert reply is not None
    said = read_xml(reply.body)
    assert (reply.status, said["err_code"], "sign" in said) == (403, "NOTENOUGH", False)
    assert shop.bank.charged("A1") == 1


def test_the_bill(shop: Shop) -> None:
    shop.micropay()

    def fetch(**more: str) -> bytes:
        body = shop.merchant.xml(bill_date="20231115", bill_type="ALL", **more)
        reply = shop.gateway.answer(Call("POST", "/pay/downloadbill", body=body))
        assert reply is not None
        return reply.body

    said = read_xml(fetch())
    assert (said["return_code"], said["return_msg"], said["error_code"]) == ("FAIL", "No Bill Exist", "20002")
    shop.hands.advance(DAY_S)
    plain = fetch()
    assert plain.decode("utf-8-sig").splitlines()[1].split(",`")[6] == "A1"
    assert gzip.decompress(fetch(tar_type="GZIP")) == plain
