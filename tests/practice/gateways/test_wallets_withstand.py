"""Every fault at every request of every order: a wallet's gateway answers or is silent, and never charges twice."""

from __future__ import annotations

import pytest

from practice.gateways.call import Call, Reply
from practice.gateways.course import Course, Doing
from practice.gateways.mischief import Fault, Ruled
from tests.practice.gateways import alipay_asks, wechat_asks
from tests.practice.gateways.wechat_asks import MERCHANT, micropaying

DAY_S = 86_400.0
COURSES = {f"A{n}": Course(doing, 3) for n, doing in enumerate(Doing)}
STATUSES = {200, 202, 204, 400, 403, 404, 500}


def mischief(fault: Fault) -> Ruled:
    """The first request of every kind about an order meets the fault."""
    return Ruled(
        course=lambda number, code: COURSES[number],
        fault=lambda kind, number, n: fault if n == 1 else Fault.NONE,
    )


def code_of(number: str, wallet: str) -> str:
    return f"{wallet}{number[1:]:0>16}"


@pytest.mark.parametrize("fault", Fault)
def test_alipay(fault: Fault) -> None:
    shop = alipay_asks.Shop(mischief(fault), remembers=False, has_certificates=True)
    for number in [*COURSES, *COURSES]:
        order: dict[str, object] = {"out_trade_no": number}
        back = {**order, "refund_amount": "1.00", "out_request_no": "R1"}
        steps: list[tuple[str, dict[str, object]]] = [
            ("alipay.trade.pay", alipay_asks.paying(number, code=code_of(number, "28"))),
            ("alipay.trade.query", order),
            ("alipay.trade.refund", back),
            ("alipay.trade.fastpay.refund.query", back),
            ("alipay.trade.cancel", order),
            ("alipay.trade.close", order),
            ("alipay.trade.precreate", {**order, "total_amount": "1.00", "subject": "card"}),
        ]
        for method, biz in steps:
            assert_reply(shop.reply(method, **biz))
            shop.hands.advance(2)
    shop.hands.advance(DAY_S)
    bill: dict[str, object] = {"bill_type": "trade", "bill_date": "2023-11-15"}
    for _ in range(2):
        assert_reply(shop.reply("alipay.data.dataservice.bill.downloadurl.query", **bill))
        assert_reply(shop.reply("alipay.open.app.alipaycert.download", alipay_cert_sn="0"))
    assert {shop.bank.charged(number) for number in COURSES} == {0, 1}


@pytest.mark.parametrize("fault", Fault)
def test_wechat(fault: Fault) -> None:
    shop = wechat_asks.Shop(mischief(fault), remembers=False)
    for number in [*COURSES, *COURSES]:
        about = wechat_asks.about(number)
        back = {"out_trade_no": number, "out_refund_no": f"R{number}"}
        native = {**shop.us, "description": "card", "notify_url": "https://shop.example/none"}
        steps: list[tuple[str, str, dict[str, object]]] = [
            (
                "POST",
                "/v3/pay/transactions/codepay",
                shop.paying(number, code=code_of(number, "13")),
            ),
            ("GET", f"{about}?mchid={MERCHANT.mchid}", {}),
            (
                "POST",
                "/v3/refund/domestic/refunds",
                {**back, "amount": {"refund": 100, "total": 1250, "currency": "CNY"}},
            ),
            ("GET", f"/v3/refund/domestic/refunds/R{number}", {}),
            ("POST", f"{about}/reverse", shop.us),
            ("POST", f"{about}/close", shop.us),
            (
                "POST",
                "/v3/pay/transactions/native",
                {**native, "out_trade_no": number, "amount": {"total": 1250}},
            ),
        ]
        for method, target, fields in steps:
            assert_reply(shop.reply(method, target, **fields))
            shop.hands.advance(2)
    shop.hands.advance(DAY_S)
    for _ in range(2):
        assert_reply(shop.reply("GET", "/v3/certificates"))
        assert_reply(shop.reply("GET", "/v3/bill/tradebill?bill_date=2023-11-15"))
    assert {shop.bank.charged(number) for number in COURSES} == {0, 1}


@pytest.mark.parametrize("fault", Fault)
def test_wechat_of_version_2(fault: Fault) -> None:
    shop = wechat_asks.Shop(mischief(fault), remembers=False)
    shown = {"notify_url": "https://shop.example/none", "product_id": "P1"}
    for number in [*COURSES, *COURSES]:
        order = {"out_trade_no": number}
        back = {**order, "out_refund_no": f"R{number}", "refund_fee": "100", "total_fee": "1250"}
        steps = [
            ("/pay/micropay", micropaying(number, code=code_of(number, "13"))),
            ("/pay/orderquery", order),
            ("/secapi/pay/refund", back),
            ("/pay/refundquery", back),
            ("/secapi/pay/reverse", order),
            ("/pay/closeorder", order),
            ("/pay/unifiedorder", {**micropaying(number), "trade_type": "NATIVE", **shown}),
            ("/pay/downloadbill", {"bill_date": "20231114"}),
        ]
        for path, fields in steps:
            assert_reply(shop.gateway.answer(Call("POST", path, body=shop.merchant.xml(**fields))))
            shop.hands.advance(2)
    shop.hands.advance(DAY_S)
    assert {shop.bank.charged(number) for number in COURSES} == {0, 1}


def assert_reply(reply: Reply | None) -> None:
    assert reply is None or (reply.status in STATUSES and (reply.body or reply.status == 204))
