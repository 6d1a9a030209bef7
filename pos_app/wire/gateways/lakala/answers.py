"""What Lakala's answers mean (open platform o.lakala.com: labs v3, micropay, tradequery, return codes)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pos_app.domain.gateway import Answer, RefundStanding, Standing
from pos_app.domain.payment_code import Wallet
from pos_app.wire.gateways.json_replies import must_be, text

# Codes of an answer. What is in none of these lists is unknown.
DONE = "BBS00000"
UNDER_WAY = {
    "BBS10000": Standing.WAITING,  # the customer is asked for a password
    "BBS11105": Standing.PROCESSING,
    "BBS11112": Standing.PROCESSING,
}
DEFINITE = frozenset(
    {"BBS11000", "BBS11106", "BBS11200"}
)  # looked at and not taken: fields, set-up, signature
SETUP_REFUSALS = frozenset({"BBS11106", "BBS11200"})
NOT_THERE = frozenset({"BBS11114"})
THEIR_TROUBLE = frozenset({"BBS00001", "BBS00100", "BBS00101"})  # system, their network, its time-out

# resp_data.trade_state of a query.
TRADE_STANDINGS = {
    "SUCCESS": Standing.PAID,
    "PART_REFUND": Standing.PAID,
    "REFUND": Standing.REFUNDED,
    "REVOKED": Standing.CLOSED,
    "CLOSE": Standing.CLOSED,
    "FAIL": Standing.FAILED,
    "INIT": Standing.PROCESSING,
    "CREATE": Standing.PROCESSING,
    "DEAL": Standing.PROCESSING,
    "UNKNOWN": Standing.PROCESSING,
}
REFUND_STATES = {"SUCCESS": RefundStanding.DONE, "FAIL": RefundStanding.FAILED}

# What a shown code is for: their name of the wallet. WeChat Pay has no code to show there, only its own pages.
SHOWN_ACCOUNTS = {Wallet.ALIPAY: "ALIPAY", Wallet.UNIONPAY: "UQRCODEPAY"}
WALLETS = {
    "WECHAT": Wallet.WECHAT,
    "ALIPAY": Wallet.ALIPAY,
    "UQRCODEPAY": Wallet.UNIONPAY,
    "DCPAY": Wallet.ECNY,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """`code` of the answer and what it says of the trade."""

    code: str
    data: Mapping[str, Any] = field(repr=False)


def under_way(reply: Reply) -> Standing:
    return UNDER_WAY.get(reply.code, Standing.PROCESSING)


def charged(reply: Reply, ours: Mapping[str, str]) -> Answer:
    """What a micropay brought. Success needs no state beside it; a no is only what was looked at and not taken."""
    if reply.code == DONE:
        return answered(text(reply.data, "trade_state") or "SUCCESS", reply, ours)
    standing = Standing.FAILED if reply.code in DEFINITE else UNDER_WAY.get(reply.code, Standing.PROCESSING)
    must_be(reply.data, ours)
    return Answer(standing, reply.code)


def asked(reply: Reply, ours: Mapping[str, str]) -> Answer:
    """How a query says that the order stands: its code only says whether there is one."""
    if reply.code in NOT_THERE:
        return Answer(Standing.ABSENT, reply.code)
    if reply.code != DONE:
        return Answer(UNDER_WAY.get(reply.code, Standing.PROCESSING), reply.code)
    return answered(text(reply.data, "trade_state"), reply, ours)


def answered(state: str, reply: Reply, ours: Mapping[str, str]) -> Answer:
    """Raises Unreachable("not_ours") for another order, amount or merchant.

    Their own examples leave out the merchant; the application id, which is signed, says whose answer it is.
    """
    standing = TRADE_STANDINGS.get(state, Standing.PROCESSING)
    must_be(reply.data, ours, "out_trade_no", *(("total_amount",) if standing is Standing.PAID else ()))
    number = text(reply.data, "trade_no") or None
    return Answer(standing, state, number, WALLETS.get(text(reply.data, "account_type")))
