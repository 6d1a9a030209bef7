"""What WeChat Pay's codes mean: what is not in these lists means nothing for certain.

WeChat Pay V2 micropay, orderquery, reverse, refund, and V3 code-pay, reverse, close, refund, each with its table of codes.
The two interfaces spell some codes differently (ORDERNOTEXIST, ORDER_NOT_EXIST): the lists have them without underscores.
"""

from __future__ import annotations

from pos_app.domain.gateway import RefundStanding, Standing, Undoing

# trade_state of an order.
STANDINGS = {
    "SUCCESS": Standing.PAID,
    "REFUND": Standing.REFUNDED,
    "NOTPAY": Standing.PROCESSING,
    "USERPAYING": Standing.WAITING,
    "CLOSED": Standing.CLOSED,
    "REVOKED": Standing.CLOSED,
    "PAYERROR": Standing.BROKEN,
}

# Code of a payment that failed: the definite ones. TRADE_ERROR, INVALID_REQUEST and OUT_TRADE_NO_USED are said of repeats
# as well, and ORDERPAID of our own payment: those are asked about instead.
REFUSALS = {
    "USERPAYING": Standing.WAITING,
    **dict.fromkeys(
        (
            "PARAMERROR",
            "NOAUTH",
            "AUTHCODEEXPIRE",
            "AUTHCODEERROR",
            "AUTHCODEINVALID",
            "NOTENOUGH",
            "NOTSUPORTCARD",
            "ORDERCLOSED",
            "ORDERREVERSED",
            "SIGNERROR",
            "LACKPARAMS",
            "BUYERMISMATCH",
            "APPIDNOTEXIST",
            "MCHIDNOTEXIST",
            "APPIDMCHIDNOTMATCH",
            "XMLFORMATERROR",
        ),
        Standing.FAILED,
    ),
}

NOT_FOUND = "ORDERNOTEXIST"

# Code of an undoing. An order that is not known (yet) is as undone as it can be: it is watched.
UNDOINGS = {
    NOT_FOUND: Undoing.DONE,
    "ORDERCLOSED": Undoing.DONE,
    "ORDERREVERSED": Undoing.DONE,
    "REVERSEEXPIRE": Undoing.TOO_LATE,
    "ORDERPAID": Undoing.TOO_LATE,
}

# status of a refund. ABNORMAL: the customer's account takes nothing, a person must see to it at WeChat Pay.
REFUND_STANDINGS = {
    "SUCCESS": RefundStanding.DONE,
    "PROCESSING": RefundStanding.PROCESSING,
    "ABNORMAL": RefundStanding.PROCESSING,
    "CHANGE": RefundStanding.PROCESSING,
    "CLOSED": RefundStanding.FAILED,
    "REFUNDCLOSE": RefundStanding.FAILED,
}

# Code of a refund that failed: people must know of these. INVALID_REQUEST is said of more than is left.
REFUND_REFUSALS = frozenset(
    {
        "PARAMERROR",
        "INVALIDREQUEST",
        "NOAUTH",
        "NOTENOUGH",
        "MCHNOTEXISTS",
        "TRADEOVERDUE",
        "REFUNDFEEMISMATCH",
        "USERACCOUNTABNORMAL",
    }
)
NO_SUCH_REFUND = frozenset({"RESOURCENOTEXISTS", "REFUNDNOTEXIST"})

NO_BILL_YET = frozenset({"NOSTATEMENTEXIST", "STATEMENTCREATING", "No Bill Exist", "Bill Creating"})

# The shop is turned away as it is set up.
SETUP_WRONG = frozenset({"NOAUTH", "APPIDNOTEXIST", "MCHIDNOTEXIST", "MCHNOTEXISTS", "APPIDMCHIDNOTMATCH"})


def known(code: str) -> str:
    """A code as the lists have it."""
    return code.replace("_", "")
