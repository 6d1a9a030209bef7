"""WeChat Pay by interface V2: what is said, and what its believed answers mean.

WeChat Pay V2, micropay, orderquery, reverse, refund, refundquery, unifiedorder, closeorder, downloadbill.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import (
    Answer,
    Bill,
    Charge,
    Order,
    RefundAnswer,
    RefundOrder,
    RefundStanding,
    Standing,
    Undoing,
    Way,
)
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.ports.clock import Clock
from pos_app.wire.gateways import link
from pos_app.wire.gateways.link import BEIJING, fen, within
from pos_app.wire.gateways.sender import Sender
from pos_app.wire.gateways.wechat import states, v2_signing
from pos_app.wire.gateways.wechat.bill import read_bill
from pos_app.wire.gateways.wechat.setup import NAME, Shop, V2Keys
from pos_app.wire.http import Exchange, Identity, Request

_MOST_TEXT = 127
# The interface wants one; a till behind a router has none that means anything to anybody.
_OUR_IP = "127.0.0.1"

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Call:
    """Where to, with what, and as whom to TLS."""

    path: str
    fields: Fields
    identity: Identity | None = None


class V2:
    """The calls of V2; those of `ports.gateway.Gateway` that differ by interface."""

    def __init__(self, shop: Shop, ours: V2Keys, sender: Sender, clock: Clock) -> None:
        self._shop = shop
        self._ours = ours
        self._sender = sender
        self._clock = clock
        self.skew_s = 0

    def charge(self, charge: Charge, code: PaymentCode) -> Answer:
        fields = {**_order_fields(charge), "auth_code": code.text}
        told = self._ask(_Call("/pay/micropay", fields), is_once=True)
        if told["result_code"] == "SUCCESS":
            return self._paid(told, charge.order)
        _may_name(told, charge.order)
        reason = told.get("err_code", "")
        return Answer(states.REFUSALS.get(states.known(reason), Standing.PROCESSING), reason)

    def show(self, charge: Charge) -> str:
        fields = {
            **_order_fields(charge),
            "trade_type": "NATIVE",
            "product_id": charge.order.number,
            "notify_url": self._shop.notify_url,
        }
        if charge.expires_at is not None:
            fields["time_expire"] = charge.expires_at.astimezone(BEIJING).strftime("%Y%m%d%H%M%S")
        told = self._ask(_Call("/pay/unifiedorder", fields))
        if states.known(told.get("err_code", "")) in states.SETUP_WRONG:
            raise GatewaySetupWrong(NAME, told["err_code"])
        if told["result_code"] != "SUCCESS" or not told.get("code_url"):
            raise Unreachable("server_trouble")
        return told["code_url"]

    def ask(self, order: Order) -> Answer:
        told = self._ask(_Call("/pay/orderquery", {"out_trade_no": order.number}))
        if told["result_code"] != "SUCCESS":
            reason = told.get("err_code", "")
            is_absent = states.known(reason) == states.NOT_FOUND
            return Answer(Standing.ABSENT if is_absent else Standing.PROCESSING, reason)
        state = told.get("trade_state", "")
        standing = states.STANDINGS.get(state, Standing.PROCESSING)
        if standing is Standing.PAID:
            return self._paid(told, order)
        _must_name(told, order)
        return Answer(standing, state, told.get("transaction_id") or None, Wallet.WECHAT)

    def undo(self, order: Order) -> Undoing:
        """A scanned code is reversed, which takes our certificate; a shown one is closed. recall Y: once more."""
        fields = {"out_trade_no": order.number}
        if order.way is Way.SHOWN:
            told = self._ask(_Call("/pay/closeorder", fields))
        else:
            told = self._ask(_Call("/secapi/pay/reverse", fields, self._ours.identity))
        _may_name(told, order)
        if told.get("recall") == "Y":
            return Undoing.BUSY
        if told["result_code"] == "SUCCESS":
            return Undoing.DONE
        return states.UNDOINGS.get(states.known(told.get("err_code", "")), Undoing.BUSY)

    def refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        """V2 only says that it has heard: whether money went back is asked at once."""
        fields = {
            "out_trade_no": order.number,
            "out_refund_no": refund.number,
            "total_fee": str(fen(refund.paid)),
            "refund_fee": str(fen(refund.amount)),
            "refund_desc": within(refund.reason, 80),
        }
        told = self._ask(_Call("/secapi/pay/refund", fields, self._ours.identity))
        _may_name(told, order)
        if told["result_code"] == "SUCCESS":
            answer = self.ask_refund(order, refund)
            is_absent = answer.standing is RefundStanding.ABSENT
            return RefundAnswer(RefundStanding.PROCESSING, answer.reason) if is_absent else answer
        reason = told.get("err_code", "")
        is_refused = states.known(reason) in states.REFUND_REFUSALS
        return RefundAnswer(RefundStanding.FAILED if is_refused else RefundStanding.PROCESSING, reason)

    def ask_refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        told = self._ask(_Call("/pay/refundquery", {"out_refund_no": refund.number}))
        if told["result_code"] != "SUCCESS":
            reason = told.get("err_code", "")
            is_absent = states.known(reason) in states.NO_SUCH_REFUND
            return RefundAnswer(RefundStanding.ABSENT if is_absent else RefundStanding.PROCESSING, reason)
        _must_name(told, order)
        expected = {"out_refund_no_0": refund.number, "refund_fee_0": str(fen(refund.amount))}
        if any(told.get(name) != text for name, text in expected.items()):
            raise Unreachable("not_ours")
        status = told.get("refund_status_0", "")
        return RefundAnswer(states.REFUND_STANDINGS.get(status, RefundStanding.PROCESSING), status)

    def bill(self, day: date) -> Bill | None:
        """The file is not signed at all, only its way is sealed; so is the word that there is none yet."""
        body = self._body(self._exchange(_Call("/pay/downloadbill", _bill_fields(day))))
        if not body.lstrip().startswith(b"<xml"):
            return read_bill(day, body)
        told = v2_signing.read(body)
        if {told.get("return_msg", ""), told.get("err_code_des", "")} & states.NO_BILL_YET:
            return None
        raise Unreachable("server_trouble")

    def begin_day(self) -> None:
        """V2 has nothing to fetch."""

    def _ask(self, call: _Call, *, is_once: bool = False) -> Fields:
        """The believed answer; one with return_code FAIL is not signed, so nothing is known."""
        told = v2_signing.read(self._body(self._exchange(call, is_once=is_once)))
        if told.get("return_code") != "SUCCESS" or not told.get("sign"):
            raise Unreachable("not_ours")
        if not v2_signing.is_signed(told, self._ours.key):
            raise Unreachable("signature")
        if (told.get("appid"), told.get("mch_id")) != (self._shop.appid, self._shop.mchid):
            raise Unreachable("not_ours")
        if told.get("result_code") not in ("SUCCESS", "FAIL"):
            raise Unreachable("not_ours")
        return told

    def _exchange(self, call: _Call, *, is_once: bool = False) -> Exchange:
        def make() -> Request:
            fields = {
                "appid": self._shop.appid,
                "mch_id": self._shop.mchid,
                "nonce_str": self._clock.new_id().replace("-", ""),
                "sign_type": "HMAC-SHA256",
                **{name: text for name, text in call.fields.items() if text},
            }
            fields["sign"] = v2_signing.sign(fields, self._ours.key)
            headers = {"Content-Type": "text/xml; charset=utf-8", "Accept-Encoding": "identity"}
            address = self._shop.address + call.path
            return Request("POST", address, headers, v2_signing.write(fields), call.identity)

        exchange = self._sender.send_once(make()) if is_once else self._sender.send(make)
        self.skew_s = link.clock_skew_s(exchange, self._clock.now())
        return exchange

    def _body(self, exchange: Exchange) -> bytes:
        body = link.plain_body(exchange)
        if exchange.status != 200:
            raise Unreachable("not_ours")
        return body

    def _paid(self, told: Fields, order: Order) -> Answer:
        _must_name(told, order)
        if told.get("total_fee") != str(fen(order.amount)) or told.get("fee_type", "CNY") != "CNY":
            raise Unreachable("not_ours")
        return Answer(Standing.PAID, "", told.get("transaction_id") or None, Wallet.WECHAT)


def _order_fields(charge: Charge) -> dict[str, str]:
    return {
        "body": within(charge.subject, _MOST_TEXT),
        "out_trade_no": charge.order.number,
        "total_fee": str(fen(charge.order.amount)),
        "spbill_create_ip": _OUR_IP,
        "device_info": within(charge.till, 32),
        "attach": within(charge.cashier, _MOST_TEXT),
    }


def _bill_fields(day: date) -> dict[str, str]:
    return {"bill_date": day.strftime("%Y%m%d"), "bill_type": "ALL"}


def _must_name(told: Fields, order: Order) -> None:
    if told.get("out_trade_no") != order.number:
        raise Unreachable("not_ours")


def _may_name(told: Fields, order: Order) -> None:
    if told.get("out_trade_no", order.number) != order.number:
        raise Unreachable("not_ours")
