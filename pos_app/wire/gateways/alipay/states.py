"""What Alipay's codes mean: what is not in these lists means nothing for certain.

Alipay open platform, alipay.trade.pay, .query, .cancel, .refund and .fastpay.refund.query, each with its table of codes.
"""

from __future__ import annotations

from pos_app.domain.gateway import RefundStanding, Standing, Undoing

DONE = "10000"
WAITING = "10003"
# A request that its doors turned away: missing or wrong parameters, no right to this call.
NEVER_ACCEPTED = frozenset({"40001", "40002", "40006"})
NOT_FOUND = "ACQ.TRADE_NOT_EXIST"

# trade_status of a question.
STANDINGS = {
    "WAIT_BUYER_PAY": Standing.WAITING,
    "TRADE_SUCCESS": Standing.PAID,
    "TRADE_FINISHED": Standing.PAID,
    "TRADE_CLOSED": Standing.CLOSED,
}

# sub_code of a payment: the definite ones. ACQ.TRADE_HAS_SUCCESS and ACQ.CONTEXT_INCONSISTENT are asked about instead.
REFUSALS = {
    "ACQ.TRADE_HAS_CLOSE": Standing.CLOSED,
    **dict.fromkeys(
        (
            "ACQ.INVALID_PARAMETER",
            "ACQ.ACCESS_FORBIDDEN",
            "ACQ.PARTNER_ERROR",
            "ACQ.EXIST_FORBIDDEN_WORD",
            "ACQ.TOTAL_FEE_EXCEED",
            "ACQ.PAYMENT_AUTH_CODE_INVALID",
            "ACQ.PAYMENT_FAIL",
            "ACQ.PAYMENT_REQUEST_HAS_RISK",
            "ACQ.BUYER_SELLER_EQUAL",
            "ACQ.TRADE_BUYER_NOT_MATCH",
            "ACQ.BUYER_BALANCE_NOT_ENOUGH",
            "ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH",
            "ACQ.ERROR_BALANCE_PAYMENT_DISABLE",
            "ACQ.BUYER_ENABLE_STATUS_FORBID",
            "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR",
            "ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR",
            "ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT",
            "ACQ.BEYOND_PAY_RESTRICTION",
            "ACQ.BEYOND_PER_RECEIPT_RESTRICTION",
            "ACQ.MOBILE_PAYMENT_SWITCH_OFF",
            "ACQ.PULL_MOBILE_CASHIER_FAIL",
            "ACQ.USER_FACE_PAYMENT_SWITCH_OFF",
            "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE",
            "ACQ.SELLER_BEEN_BLOCKED",
            "ACQ.MERCHANT_STATUS_NOT_NORMAL",
            "ACQ.INVALID_STORE_ID",
        ),
        Standing.FAILED,
    ),
}

# sub_code of a cancellation. An order that Alipay does not know (yet) is as undone as it can be: it is watched.
UNDOINGS = {
    NOT_FOUND: Undoing.DONE,
    "ACQ.TRADE_CANCEL_TIME_OUT": Undoing.TOO_LATE,
    "ACQ.CANCEL_NOT_ALLOWED": Undoing.TOO_LATE,
    "ACQ.TRADE_HAS_FINISHED": Undoing.TOO_LATE,
    "ACQ.REASON_TRADE_REFUND_FEE_ERR": Undoing.TOO_LATE,
}

# sub_code of a refund: people must know of these.
REFUND_REFUSALS = frozenset(
    {
        "ACQ.INVALID_PARAMETER",
        "ACQ.ACCESS_FORBIDDEN",
        "ACQ.SELLER_BALANCE_NOT_ENOUGH",
        "ACQ.TRADE_HAS_FINISHED",
        "ACQ.TRADE_NOT_ALLOW_REFUND",
        "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
        "ACQ.REASON_TRADE_REFUND_FEE_ERR",
        "ACQ.NOT_ALLOW_PARTIAL_REFUND",
    }
)

# refund_status of a question after a refund.
REFUND_STANDINGS = {"REFUND_SUCCESS": RefundStanding.DONE}

NO_BILL_YET = frozenset({"BILL_NOT_EXIST", "NO_BILL_DATA", "isp.bill_not_exist", "isv.bill_not_exist"})
