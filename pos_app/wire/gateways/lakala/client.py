"""Lakala as a gateway (open platform o.lakala.com, labs v3: micropay, preorder, tradequery, revoked, close, refund)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from math import ceil
from typing import Any

from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import (
    Answer,
    Bill,
    Charge,
    GatewayRules,
    Order,
    RefundAnswer,
    RefundOrder,
    RefundStanding,
    Standing,
    Undoing,
    Way,
)
from pos_app.domain.payment_code import Wallet
from pos_app.ports.clock import Clock
from pos_app.ports.gateway import GatewayKeys
from pos_app.wire.gateways.json_replies import must_be, text
from pos_app.wire.gateways.lakala.account import NAME, Account, KeyReader
from pos_app.wire.gateways.lakala.answers import (
    DEFINITE,
    DONE,
    NOT_THERE,
    REFUND_STATES,
    SETUP_REFUSALS,
    SHOWN_ACCOUNTS,
    THEIR_TROUBLE,
    UNDER_WAY,
    WALLETS,
    Reply,
    asked,
    charged,
)
from pos_app.wire.gateways.link import BEIJING, clock_skew_s, fen
from pos_app.wire.gateways.sender import Sender
from pos_app.wire.http import Exchange, Request

_MOST_MINUTES = 15
RULES = GatewayRules(
    scans=frozenset(WALLETS.values()),
    shows=frozenset(SHOWN_ACCOUNTS),
    undo_same_day=True,
    shown_for=timedelta(minutes=5),  # what holds without timeout_express, so nothing hangs on it
    has_bill=False,
)


class Lakala:
    """`ports.gateway.Gateway`. GatewaySetupWrong: a field that is missing or no key, or their code when they refuse us."""

    name = NAME
    rules = RULES

    def __init__(self, keys: GatewayKeys, sender: Sender, clock: Clock) -> None:
        self._keys = keys
        self._sender = sender
        self._clock = clock
        self._skew_s = 0
        self._reader = KeyReader()

    @property
    def clock_skew_s(self) -> int:
        return self._skew_s

    def charge(self, charge: Charge) -> Answer:
        """GatewaySetupWrong only before anything was sent."""
        if charge.code is None:
            raise ValueError("a charge needs the customer's code")
        us = self._account()
        data = _new_order(us, charge) | {"auth_code": charge.code.text}
        exchange = self._sender.send_once(self._request(us, "trans/micropay", data))
        return charged(self._believed(us, exchange), _ours(us, charge.order))

    def show(self, charge: Charge) -> str:
        """For `charge.wallet`, or Alipay; Unreachable("server_trouble") when they make none."""
        us = self._account()
        account = SHOWN_ACCOUNTS[charge.wallet or Wallet.ALIPAY]
        left = (charge.expires_at - self._clock.now()) if charge.expires_at else RULES.shown_for
        minutes = min(max(ceil(left.total_seconds() / 60), 1), _MOST_MINUTES)
        how = {
            "account_type": account,
            "trans_type": "41",
            "acc_busi_fields": {"timeout_express": str(minutes)},
        }
        reply = self._call(us, "trans/preorder", _new_order(us, charge) | how)
        if reply.code != DONE:
            raise Unreachable("server_trouble")
        must_be(reply.data, _ours(us, charge.order), "out_trade_no")
        fields = reply.data.get("acc_resp_fields")
        code = text(fields, "code") if isinstance(fields, dict) else ""
        if not code:
            raise Unreachable("not_ours")
        return code

    def ask(self, order: Order) -> Answer:
        us = self._account()
        reply = self._call(us, "query/tradequery", _we(us) | {"out_trade_no": order.number})
        return asked(reply, _ours(us, order))

    def undo(self, order: Order) -> Undoing:
        """Revoked when the customer's code was scanned. A shown code can only be closed: once it is paid, TOO_LATE.

        An order that they do not know is undone: there is nothing to undo - yet.
        """
        us = self._account()
        data = _we(us) | {"origin_out_trade_no": order.number, "location_info": _where(us)}
        if order.way is Way.SCANNED:
            # A number of its own each time: under the old one a first attempt that failed would only be repeated.
            path, data = "relation/revoked", data | {"out_trade_no": self._fresh()}
        else:
            path = "relation/close"
        reply = self._call(us, path, data)
        must_be(reply.data, {"origin_out_trade_no": order.number})
        if reply.code == DONE or reply.code in NOT_THERE:
            return Undoing.DONE
        if reply.code in UNDER_WAY:
            return Undoing.BUSY
        if _day(order.sent_at) != _day(self._clock.now()):
            return Undoing.TOO_LATE
        is_paid = order.way is Way.SHOWN and self.ask(order).standing is Standing.PAID
        return Undoing.TOO_LATE if is_paid else Undoing.BUSY

    def refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        """What is no success is asked about: the same number may have been refunded before."""
        us = self._account()
        data = _we(us) | {
            "out_trade_no": refund.number,
            "refund_amount": str(fen(refund.amount)),
            "refund_reason": (refund.reason or "refund")[:32],
            "origin_out_trade_no": order.number,
            "location_info": _where(us),
        }
        reply = self._call(us, "relation/refund", data)
        if reply.code != DONE:
            known = self.ask_refund(order, refund)
            if known.standing is RefundStanding.DONE:
                return known
            is_no = reply.code in DEFINITE and known.standing is RefundStanding.ABSENT
            return RefundAnswer(RefundStanding.FAILED if is_no else RefundStanding.PROCESSING, reply.code)
        number = text(reply.data, "out_trade_no") or text(reply.data, "out_refund_order_no")
        told = dict(reply.data) | {"number": number}
        must_be(told, {"number": refund.number}, "number")
        must_be(told, {"origin_out_trade_no": order.number, "refund_amount": str(fen(refund.amount))})
        state = text(told, "trade_state") or "SUCCESS"
        return RefundAnswer(REFUND_STATES.get(state, RefundStanding.PROCESSING), state)

    def ask_refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        """The same query: a refund is a trade under its own number there."""
        us = self._account()
        reply = self._call(us, "query/tradequery", _we(us) | {"out_trade_no": refund.number})
        if reply.code in NOT_THERE:
            return RefundAnswer(RefundStanding.ABSENT, reply.code)
        if reply.code != DONE:
            return RefundAnswer(RefundStanding.PROCESSING, reply.code)
        must_be(reply.data, {"out_trade_no": refund.number, "merchant_no": us.merchant_no}, "out_trade_no")
        must_be(reply.data, {"refund_amount": str(fen(refund.amount)), "trade_main_type": "REFUND"})
        state = text(reply.data, "trade_state")
        return RefundAnswer(REFUND_STATES.get(state, RefundStanding.PROCESSING), state)

    def bill(self, day: date) -> Bill | None:
        """None is built: the labs interface has no call for one."""
        return None

    def begin_day(self) -> None:
        """Nothing is fetched; a field that is missing or no key is said before the first customer."""
        self._account()

    def _call(self, us: Account, path: str, data: Mapping[str, Any]) -> Reply:
        """What may be said twice, each time under a fresh nonce. Their own trouble says nothing of it: Unreachable."""
        reply = self._believed(us, self._sender.send(lambda: self._request(us, path, data)))
        if reply.code in THEIR_TROUBLE:
            raise Unreachable("server_trouble")
        if reply.code in SETUP_REFUSALS:
            raise GatewaySetupWrong(NAME, reply.code)
        return reply

    def _request(self, us: Account, path: str, data: Mapping[str, Any]) -> Request:
        return us.request(path, data, self._clock.now(), self._fresh())

    def _believed(self, us: Account, exchange: Exchange) -> Reply:
        now = self._clock.now()
        self._skew_s = clock_skew_s(exchange, now)
        return us.believe(exchange, now)

    def _account(self) -> Account:
        return self._reader.account(self._keys.read())

    def _fresh(self) -> str:
        """32 letters and digits that were never used before."""
        return self._clock.new_id().replace("-", "")


def _we(us: Account) -> dict[str, Any]:
    return {"merchant_no": us.merchant_no, "term_no": us.term_no}


def _where(us: Account) -> dict[str, str]:
    return {"request_ip": us.request_ip}


def _new_order(us: Account, charge: Charge) -> dict[str, Any]:
    return {
        **_we(us),
        "out_trade_no": charge.order.number,
        "total_amount": str(fen(charge.order.amount)),
        "subject": charge.subject[:42],
        "location_info": _where(us),
    }


def _ours(us: Account, order: Order) -> dict[str, str]:
    return {**_we(us), "out_trade_no": order.number, "total_amount": str(fen(order.amount))}


def _day(at: datetime) -> date:
    return at.astimezone(BEIJING).date()
