"""What Shouqianba's answers mean (doc.shouqianba.com, Web API: resultCode, responseCode, payway; sqb-payment-skills).

Answers are not signed, only TLS vouches for them: whatever decides something must name our order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pos_app.domain.gateway import Answer, RefundStanding, Standing, Undoing
from pos_app.domain.payment_code import Wallet
from pos_app.wire.gateways.json_replies import must_be, read_object, text, unusable
from pos_app.wire.http import Exchange

# biz_response.result_code of a pay, and the order_status that must come with what decides. What is missing here is
# unknown. In progress means: the customer is asked for a password.
PAY_STANDINGS = {
    "PAY_SUCCESS": Standing.PAID,
    "PAY_FAIL": Standing.FAILED,
    "PAY_IN_PROGRESS": Standing.WAITING,
    "PAY_FAIL_ERROR": Standing.PROCESSING,
    "PAY_FAIL_IN_PROGRESS": Standing.PROCESSING,
}
DECIDED_BY = {
    Standing.PAID: frozenset({"PAID"}),
    Standing.FAILED: frozenset({"PAY_CANCELED", "CANCELED"}),
}

# biz_response.data.order_status of a query.
ORDER_STANDINGS = {
    "PAID": Standing.PAID,
    "PARTIAL_REFUNDED": Standing.PAID,
    "REFUNDED": Standing.REFUNDED,
    "PAY_CANCELED": Standing.FAILED,
    "CANCELED": Standing.CLOSED,
    "CREATED": Standing.WAITING,
    "PAY_ERROR": Standing.PROCESSING,
    "REFUND_ERROR": Standing.PROCESSING,
    "CANCEL_ERROR": Standing.PROCESSING,
    "CANCEL_INPROGRESS": Standing.PROCESSING,
}

# biz_response.result_code of a cancel and of a refund.
UNDOINGS = {
    "CANCEL_SUCCESS": Undoing.DONE,
    "CANCEL_ABORT_SUCCESS": Undoing.DONE,
    "CANCEL_IN_PROGRESS": Undoing.BUSY,
    "CANCEL_ABORT_IN_PROGRESS": Undoing.BUSY,
}
REFUND_STANDINGS = {
    "REFUND_SUCCESS": RefundStanding.DONE,
    "REFUND_FAIL": RefundStanding.FAILED,
    "REFUND_IN_PROGRESS": RefundStanding.PROCESSING,
    "REFUND_ERROR": RefundStanding.PROCESSING,
    "REFUND_FAIL_ERROR": RefundStanding.PROCESSING,
}

# error_code of a FAIL (the pages spell the first one in two ways), and of a call that was refused.
NOT_THERE = frozenset({"UPAY_ORDER_NOT_EXISTS", "UPAY_ORDER_NOT_EXIST", "TRADE_NOT_EXIST"})
NOTHING_TO_UNDO = NOT_THERE | {"UPAY_CANCEL_ORDER_NOOP"}
REFUNDED_BEFORE = frozenset({"UPAY_REFUND_ORDER_NOOP"})
REFUSED_REFUNDS = frozenset(
    {
        "UPAY_REFUND_INVALID_ORDER_STATE",
        "REFUNDABLE_AMOUNT_NOT_ENOUGH",
        "REFUND_AMT_NOT_EQUAL_TOTAL",
        "UPAY_TCP_ORDER_NOT_REFUNDABLE",
        "ACCOUNT_BALANCE_NOT_ENOUGH",
        "SELLER_BALANCE_NOT_ENOUGH",
    }
)
ILLEGAL_SIGN = "ILLEGAL_SIGN"
SETUP_REFUSALS = frozenset({"INVALID_TERMINAL", "TERMINAL_NOT_EXISTS"})

# data.payway; a precreate must say one of the second list.
WALLETS = {"1": Wallet.ALIPAY, "2": Wallet.ALIPAY, "3": Wallet.WECHAT, "17": Wallet.UNIONPAY}
SHOWN_PAYWAYS = {Wallet.WECHAT: "3", Wallet.ALIPAY: "1"}


@dataclass(frozen=True, slots=True)
class Reply:
    """The three layers of an answer: `code` of the call, `business` of what was asked for, `data` of the order.

    `reason` is the error code of the layer that refuses, or `business`.
    """

    code: str
    business: str
    reason: str
    data: Mapping[str, Any] = field(repr=False)

    @property
    def order_status(self) -> str:
        return text(self.data, "order_status")

    def says(self, business: str, reasons: frozenset[str]) -> bool:
        return self.business == business and self.reason in reasons


def read_reply(exchange: Exchange) -> Reply:
    """Unreachable when it is none of theirs."""
    told = read_object(exchange)
    code = text(told, "result_code")
    if code not in ("200", "400", "500") or (exchange.status != 200 and code == "200"):
        raise unusable(exchange)
    if code != "200":
        return Reply(code, "", text(told, "error_code") or code, {})
    outer = told.get("biz_response")
    outer = outer if isinstance(outer, dict) else {}
    inner = outer.get("data")
    data = {**outer, **inner} if isinstance(inner, dict) else outer
    business = text(outer, "result_code")
    return Reply(code, business, text(outer, "error_code") or business, data)


def charged(reply: Reply, ours: Mapping[str, str]) -> Answer:
    """What a pay brought; a decision that the layers do not agree on, or a no without our number, is none."""
    standing = PAY_STANDINGS.get(reply.business, Standing.PROCESSING)
    if standing in DECIDED_BY and reply.order_status not in DECIDED_BY[standing]:
        standing = Standing.PROCESSING
    if standing is Standing.FAILED and not text(reply.data, "client_sn"):
        standing = Standing.PROCESSING
    return answered(standing, reply.reason, reply, ours)


def asked(reply: Reply, ours: Mapping[str, str]) -> Answer:
    """How a query says that the order stands."""
    if reply.says("FAIL", NOT_THERE):
        return Answer(Standing.ABSENT, reply.reason)
    if reply.business != "SUCCESS":
        return Answer(Standing.PROCESSING, reply.reason)
    standing = ORDER_STANDINGS.get(reply.order_status, Standing.PROCESSING)
    return answered(standing, reply.order_status, reply, ours)


def answered(standing: Standing, reason: str, reply: Reply, ours: Mapping[str, str]) -> Answer:
    """Raises Unreachable("not_ours") when the answer is about another order, amount or terminal.

    The pages' own examples leave out the terminal, so it need not be named.
    """
    needed = {Standing.PAID: ("client_sn", "total_amount"), Standing.PROCESSING: (), Standing.WAITING: ()}
    must_be(reply.data, ours, *needed.get(standing, ("client_sn",)))
    number = text(reply.data, "sn") or None
    return Answer(standing, reason, number, WALLETS.get(text(reply.data, "payway")))
