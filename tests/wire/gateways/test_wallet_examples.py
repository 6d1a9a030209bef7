"""The recorded exchanges: from given facts the clients say exactly these bytes, and make of these replies exactly this.

Keys, clock and nonces are fixed, and RSA signatures of PKCS #1 v1.5 are the same every time.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, is_dataclass
from datetime import date
from typing import Any

import pytest

from pos_app.ports.gateway import Gateway
from pos_app.wire.gateways.alipay.client import AlipayGateway
from pos_app.wire.gateways.wechat.client import WechatGateway
from tests.fakes.scripted_wallets import EXAMPLES, MemoryKeys, Reply, ScriptedSender, said
from tests.fakes.till_clock import FakeClock
from tests.wire.gateways import test_alipay, test_wechat_v2, test_wechat_v3

Say = Callable[[Gateway], object]
ALIPAY, V3, V2 = "alipay", "wechat v3", "wechat v2"
FACTS: dict[str, Any] = {ALIPAY: test_alipay, V3: test_wechat_v3, V2: test_wechat_v2}


@dataclass(frozen=True)
class Example:
    """Who says it, what is said, and what is answered when it is recorded."""

    who: str
    say: Say
    reply: Reply


def alipay(method: str, value: dict[str, Any], say: Say) -> Example:
    return Example(ALIPAY, say, test_alipay.SIDE.answer(method, value))


def v3(status: int, value: dict[str, Any] | None, say: Say) -> Example:
    return Example(V3, say, test_wechat_v3.SIDE.answer(status, value))


def v2(value: dict[str, str], say: Say) -> Example:
    return Example(V2, say, test_wechat_v2.answer(value))


A, W, X = test_alipay, test_wechat_v3, test_wechat_v2
NO = {"code": "40004", "msg": "Business Failed"}
RECORDED = {
    "alipay/pay-paid": alipay(A.PAY, A.PAID, lambda it: it.charge(A.CHARGE)),
    "alipay/pay-waiting": alipay(A.PAY, {**A.OURS, "code": "10003"}, lambda it: it.charge(A.CHARGE)),
    "alipay/pay-refused": alipay(
        A.PAY, {**NO, "sub_code": "ACQ.PAYMENT_AUTH_CODE_INVALID"}, lambda it: it.charge(A.CHARGE)
    ),
    "alipay/pay-unknown": alipay(
        A.PAY, {"code": "20000", "sub_code": "aop.ACQ.SYSTEM_ERROR"}, lambda it: it.charge(A.CHARGE)
    ),
    "alipay/precreate": alipay(
        A.SHOW, {**A.OURS, "qr_code": "https://qr.alipay.com/bax0"}, lambda it: it.show(A.SHOWN)
    ),
    "alipay/query-paid": alipay(
        A.ASK, {**A.PAID, "trade_status": "TRADE_SUCCESS"}, lambda it: it.ask(A.ORDER)
    ),
    "alipay/query-absent": alipay(
        A.ASK, {**NO, "sub_code": "ACQ.TRADE_NOT_EXIST"}, lambda it: it.ask(A.ORDER)
    ),
    "alipay/cancel-again": alipay(A.CANCEL, {**A.OURS, "retry_flag": "Y"}, lambda it: it.undo(A.ORDER)),
    "alipay/cancel-refunded": alipay(
        A.CANCEL, {**A.OURS, "retry_flag": "N", "action": "refund"}, lambda it: it.undo(A.ORDER)
    ),
    "alipay/refund": alipay(
        A.REFUND, {**A.OURS, "fund_change": "Y", "refund_fee": "2.50"}, lambda it: it.refund(A.ORDER, A.GIVE)
    ),
    "alipay/refund-query": alipay(
        A.ASK_REFUND,
        {**A.REFUNDED, "refund_status": "REFUND_SUCCESS"},
        lambda it: it.ask_refund(A.ORDER, A.GIVE),
    ),
    "wechat/v3-codepay-paid": v3(200, W.PAID, lambda it: it.charge(W.CHARGE)),
    "wechat/v3-codepay-userpaying": v3(
        202, {**W.MINE, "trade_state": "USERPAYING"}, lambda it: it.charge(W.CHARGE)
    ),
    "wechat/v3-codepay-refused": v3(
        400, {"code": "AUTH_CODE_EXPIRE", "message": "x"}, lambda it: it.charge(W.CHARGE)
    ),
    "wechat/v3-native": v3(200, {"code_url": "weixin://wxpay/bizpayurl?pr=1"}, lambda it: it.show(W.SHOWN)),
    "wechat/v3-query-paid": v3(200, W.PAID, lambda it: it.ask(W.ORDER)),
    "wechat/v3-query-absent": v3(
        404, {"code": "ORDER_NOT_EXIST", "message": "x"}, lambda it: it.ask(W.ORDER)
    ),
    "wechat/v3-reverse": v3(200, W.MINE, lambda it: it.undo(W.ORDER)),
    "wechat/v3-reverse-busy": v3(400, {"code": "USERPAYING", "message": "x"}, lambda it: it.undo(W.ORDER)),
    "wechat/v3-close": v3(204, None, lambda it: it.undo(W.SHOWN_ORDER)),
    "wechat/v3-refund": v3(
        200, {**W.REFUNDED, "status": "PROCESSING"}, lambda it: it.refund(W.ORDER, W.GIVE)
    ),
    "wechat/v3-refund-query": v3(
        200, {**W.REFUNDED, "status": "SUCCESS"}, lambda it: it.ask_refund(W.ORDER, W.GIVE)
    ),
    "wechat/v3-bill-not-ready": v3(
        400, {"code": "NO_STATEMENT_EXIST", "message": "x"}, lambda it: it.bill(date(2026, 11, 21))
    ),
    "wechat/v2-micropay-paid": v2(X.PAID, lambda it: it.charge(X.CHARGE)),
    "wechat/v2-micropay-userpaying": v2(
        {**X.MINE, "result_code": "FAIL", "err_code": "USERPAYING"}, lambda it: it.charge(X.CHARGE)
    ),
    "wechat/v2-unifiedorder": v2({**X.MINE, "code_url": "weixin://wxpay/1"}, lambda it: it.show(X.SHOWN)),
    "wechat/v2-orderquery": v2({**X.PAID, "trade_state": "SUCCESS"}, lambda it: it.ask(X.ORDER)),
    "wechat/v2-reverse-recall": v2({**X.MINE, "recall": "Y"}, lambda it: it.undo(X.ORDER)),
    "wechat/v2-closeorder": v2(X.MINE, lambda it: it.undo(X.SHOWN_ORDER)),
    "wechat/v2-refund-refused": v2(
        {**X.MINE, "result_code": "FAIL", "err_code": "NOTENOUGH"}, lambda it: it.refund(X.ORDER, X.GIVE)
    ),
    "wechat/v2-refundquery": v2(
        {**X.REFUNDED, "refund_status_0": "SUCCESS"}, lambda it: it.ask_refund(X.ORDER, X.GIVE)
    ),
    "wechat/v2-downloadbill": Example(V2, lambda it: it.bill(date(2026, 11, 21)), said(200, X.RAW)),
}


def exchanged(example: Example, reply: Reply) -> dict[str, Any]:
    """The exchange as it is recorded."""
    sender = ScriptedSender([reply])
    kind = AlipayGateway if example.who == ALIPAY else WechatGateway
    result = example.say(kind(MemoryKeys(dict(FACTS[example.who].FILLED)), sender, FakeClock()))
    (request,) = sender.sent
    answered = reply(request)
    return {
        "request": {
            "line": f"{request.method} {request.url}",
            "headers": dict(request.headers),
            "body": request.body.decode(),
        },
        "reply": {
            "status": answered.status,
            "headers": dict(answered.headers),
            "body": answered.body.decode(),
        },
        "means": means(result),
    }


def means(result: object) -> object:
    """What a call came to, as JSON has it."""
    if is_dataclass(result) and not isinstance(result, type):
        return json.loads(json.dumps(asdict(result), default=lambda each: str(type(each).__name__)))
    return result


def test_every_recorded_exchange_is_read() -> None:
    found = {path.relative_to(EXAMPLES).with_suffix("").as_posix() for path in EXAMPLES.rglob("*.json")}
    ours = {name for name in found if name.startswith(("alipay/", "wechat/"))}
    assert ours == set(RECORDED)


@pytest.mark.parametrize("name", RECORDED)
def test_a_recorded_exchange(name: str) -> None:
    recorded = json.loads((EXAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    told = recorded["reply"]
    reply = said(told["status"], told["body"].encode(), told["headers"])
    assert exchanged(RECORDED[name], reply) == recorded
