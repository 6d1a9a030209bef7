"""Shouqianba as a gateway (doc.shouqianba.com, Web API: interface/pay, precreate, query, revoke&cancel, refund)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from pos_app.domain.errors import Unreachable
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
from pos_app.wire.gateways.link import fen
from pos_app.wire.gateways.sender import Sender
from pos_app.wire.gateways.shouqianba.answers import (
    NOTHING_TO_UNDO,
    REFUND_STANDINGS,
    REFUNDED_BEFORE,
    REFUSED_REFUNDS,
    SHOWN_PAYWAYS,
    UNDOINGS,
    asked,
    charged,
)
from pos_app.wire.gateways.shouqianba.terminal import NAME, Identity, Terminal, beijing_day

RULES = GatewayRules(
    scans=frozenset({Wallet.WECHAT, Wallet.ALIPAY, Wallet.UNIONPAY}),
    shows=frozenset(SHOWN_PAYWAYS),
    undo_same_day=True,
    shown_for=timedelta(minutes=4),  # theirs; no field of a request changes it
    has_bill=False,
)
_OPERATOR = "till"  # a refund must name somebody; who it was stands in our own books


class Shouqianba:
    """`ports.gateway.Gateway`. GatewaySetupWrong: a field that is missing, or their code when they refuse the terminal;
    ILLEGAL_SIGN means that a person must ask them for a new activation code."""

    name = NAME
    rules = RULES

    def __init__(self, keys: GatewayKeys, sender: Sender, clock: Clock) -> None:
        self._terminal = Terminal(keys, sender, clock)

    @property
    def clock_skew_s(self) -> int:
        return self._terminal.skew_s

    def charge(self, charge: Charge) -> Answer:
        """GatewaySetupWrong only before anything was sent: a pay that is refused for its sign is asked about."""
        if charge.code is None:
            raise ValueError("a charge needs the customer's code")
        till = self._terminal.identity()
        fields = _new_order(till, charge) | {"dynamic_id": charge.code.text}
        return charged(self._terminal.pay(till, "/upay/v2/pay", fields), _ours(till, charge.order))

    def show(self, charge: Charge) -> str:
        """For `charge.wallet`, or WeChat Pay; Unreachable("server_trouble") when they make none."""
        payway = SHOWN_PAYWAYS[charge.wallet or Wallet.WECHAT]
        till = self._terminal.identity()
        fields = _new_order(till, charge) | {"payway": payway, "sub_payway": "2"}
        reply = self._terminal.call(till, "/upay/v2/precreate", fields)
        if reply.business != "PRECREATE_SUCCESS":
            raise Unreachable("server_trouble")
        must_be(reply.data, _ours(till, charge.order), "client_sn", "total_amount")
        code = text(reply.data, "qr_code")
        if not code:
            raise Unreachable("not_ours")
        return code

    def ask(self, order: Order) -> Answer:
        till = self._terminal.identity()
        reply = self._terminal.call(till, "/upay/v2/query", _known(till, order))
        answer = asked(reply, _ours(till, order))
        if order.way is Way.SHOWN and answer.standing is Standing.WAITING:
            return replace(
                answer, standing=Standing.PROCESSING
            )  # nobody is at a password: nobody scanned it yet
        return answer

    def undo(self, order: Order) -> Undoing:
        """An order that they do not know is undone: there is nothing to undo - yet."""
        till = self._terminal.identity()
        reply = self._terminal.call(till, "/upay/v2/cancel", _known(till, order))
        must_be(reply.data, _ours(till, order))
        if reply.says("FAIL", NOTHING_TO_UNDO):
            return Undoing.DONE
        if reply.business in UNDOINGS:
            return UNDOINGS[reply.business]
        was_today = self._terminal.today() == beijing_day(order.sent_at)
        return Undoing.BUSY if was_today or not reply.business else Undoing.TOO_LATE

    def refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        """A refusal does not name the order, so the order is asked: the refund may have been made before."""
        till = self._terminal.identity()
        fields = _known(till, order) | {
            "refund_request_no": refund.number,
            "refund_amount": str(fen(refund.amount)),
            "operator": _OPERATOR,
        }
        reply = self._terminal.call(till, "/upay/v2/refund", fields)
        if reply.says("FAIL", REFUNDED_BEFORE):
            return RefundAnswer(RefundStanding.DONE, reply.reason)
        if reply.business == "FAIL":
            return self._refused(order, refund, reply.reason)
        standing = REFUND_STANDINGS.get(reply.business, RefundStanding.PROCESSING)
        is_done = standing is RefundStanding.DONE
        must_be(reply.data, _ours(till, order) | _named(order, refund), *(["client_sn"] if is_done else []))
        if not text(reply.data, "client_sn"):
            standing = RefundStanding.PROCESSING
        return RefundAnswer(standing, reply.reason)

    def ask_refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        """ABSENT also when money went back and nothing says by which refund: the same number again settles it."""
        till = self._terminal.identity()
        fields = _known(till, order) | {"refund_request_no": refund.number}
        reply = self._terminal.call(till, "/upay/v2/query", fields)
        if reply.business != "SUCCESS":
            return RefundAnswer(RefundStanding.PROCESSING, reply.reason)
        must_be(reply.data, _ours(till, order), "client_sn", "total_amount")
        status = reply.order_status
        is_named = any(text(reply.data, key) == value for key, value in _named(order, refund).items())
        is_whole = status == "REFUNDED" and refund.amount == refund.paid
        if is_whole or (is_named and status in ("REFUNDED", "PARTIAL_REFUNDED")):
            return RefundAnswer(RefundStanding.DONE, status)
        if status in ("PAID", "PARTIAL_REFUNDED", "REFUNDED"):
            return RefundAnswer(RefundStanding.ABSENT, status)
        return RefundAnswer(RefundStanding.PROCESSING, status)

    def _refused(self, order: Order, refund: RefundOrder, reason: str) -> RefundAnswer:
        known = self.ask_refund(order, refund)
        if known.standing is RefundStanding.DONE:
            return known
        is_no = reason in REFUSED_REFUNDS and known.standing is RefundStanding.ABSENT
        return RefundAnswer(RefundStanding.FAILED if is_no else RefundStanding.PROCESSING, reason)

    def bill(self, day: date) -> Bill | None:
        """There is none by this interface: merchants take theirs from the portal."""
        return None

    def begin_day(self) -> None:
        """Activation, or the day's check-in. One whose answer was lost is done again under the same key."""
        self._terminal.begin_day()


def _new_order(till: Identity, charge: Charge) -> dict[str, str]:
    return {
        **_known(till, charge.order),
        "total_amount": str(fen(charge.order.amount)),
        "subject": charge.subject[:64],
        "operator": (charge.cashier or charge.till)[:32],
    }


def _known(till: Identity, order: Order) -> dict[str, str]:
    return {"terminal_sn": till.sn, "client_sn": order.number}


def _ours(till: Identity, order: Order) -> dict[str, str]:
    return {**_known(till, order), "total_amount": str(fen(order.amount))}


def _named(order: Order, refund: RefundOrder) -> dict[str, str]:
    """How an answer names a refund: by its own number, or behind the order's ("refund": client_tsn)."""
    return {"refund_request_no": refund.number, "client_tsn": f"{order.number}-{refund.number}"}
