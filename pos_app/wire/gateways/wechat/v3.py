"""WeChat Pay by interface V3: what is said, and what its believed answers mean.

WeChat Pay V3, code-pay.html and reverse.html of code-payment-v3/direct, native, refunds and tradebill.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import quote

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
from pos_app.wire.gateways.link import BEIJING, fen, text_of, within
from pos_app.wire.gateways.wechat import states
from pos_app.wire.gateways.wechat.bill import read_bill
from pos_app.wire.gateways.wechat.setup import NAME, Shop
from pos_app.wire.gateways.wechat.v3_line import Call, Told, V3Line

_ORDERS = "/v3/pay/transactions/out-trade-no/"
_REFUNDS = "/v3/refund/domestic/refunds"
_MOST_TEXT = 127


class V3:
    """The calls of V3; those of `ports.gateway.Gateway` that differ by interface."""

    def __init__(self, shop: Shop, line: V3Line, *, has_certificates: bool) -> None:
        self._shop = shop
        self._line = line
        self._has_certificates = has_certificates

    @property
    def skew_s(self) -> int:
        return self._line.skew_s

    def charge(self, charge: Charge, code: PaymentCode) -> Answer:
        content = {
            **self._order_content(charge),
            "payer": {"auth_code": code.text},
            "scene_info": {
                "device_id": within(charge.till, 32),
                "store_info": self._shop.store or {"out_id": within(charge.till, 32)},
            },
        }
        told = self._line.tell(Call("POST", "/v3/pay/transactions/codepay", content), is_once=True)
        if told.is_done:
            return self._standing(told, charge.order)
        code_of = text_of(told.value, "code")
        return Answer(states.REFUSALS.get(states.known(code_of), Standing.PROCESSING), code_of)

    def show(self, charge: Charge) -> str:
        content = {**self._order_content(charge), "notify_url": self._shop.notify_url}
        if charge.expires_at is not None:
            content["time_expire"] = charge.expires_at.astimezone(BEIJING).isoformat(timespec="seconds")
        told = self._line.tell(Call("POST", "/v3/pay/transactions/native", content))
        address = text_of(told.value, "code_url")
        if not self._must_be_done(told) or not address:
            raise Unreachable("server_trouble")
        return address

    def ask(self, order: Order) -> Answer:
        mchid = quote(self._shop.mchid, safe="")
        told = self._line.tell(Call("GET", f"{_ORDERS}{order.number}?mchid={mchid}"))
        if told.is_done:
            return self._standing(told, order)
        code = text_of(told.value, "code")
        return Answer(
            Standing.ABSENT if states.known(code) == states.NOT_FOUND else Standing.PROCESSING, code
        )

    def undo(self, order: Order) -> Undoing:
        """A scanned code is reversed, a shown one is closed."""
        if order.way is Way.SHOWN:
            call = Call("POST", f"{_ORDERS}{order.number}/close", {"mchid": self._shop.mchid})
        else:
            content = {"appid": self._shop.appid, "mchid": self._shop.mchid}
            call = Call("POST", f"{_ORDERS}{order.number}/reverse", content)
        told = self._line.tell(call)
        if told.is_done:
            # A reversal names what it undid, a closing has no words.
            if told.value.get("out_trade_no", order.number if order.way is Way.SHOWN else "") != order.number:
                raise Unreachable("not_ours")
            return Undoing.DONE
        return states.UNDOINGS.get(states.known(text_of(told.value, "code")), Undoing.BUSY)

    def refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        content: dict[str, Any] = {
            "out_trade_no": order.number,
            "out_refund_no": refund.number,
            "amount": {"refund": fen(refund.amount), "total": fen(refund.paid), "currency": "CNY"},
        }
        if refund.reason:
            content["reason"] = within(refund.reason, 80)
        told = self._line.tell(Call("POST", _REFUNDS, content))
        if told.is_done:
            return _refund_standing(told, order, refund)
        code = text_of(told.value, "code")
        is_refused = states.known(code) in states.REFUND_REFUSALS
        return RefundAnswer(RefundStanding.FAILED if is_refused else RefundStanding.PROCESSING, code)

    def ask_refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        told = self._line.tell(Call("GET", f"{_REFUNDS}/{refund.number}"))
        if told.is_done:
            return _refund_standing(told, order, refund)
        code = text_of(told.value, "code")
        is_absent = states.known(code) in states.NO_SUCH_REFUND
        return RefundAnswer(RefundStanding.ABSENT if is_absent else RefundStanding.PROCESSING, code)

    def bill(self, day: date) -> Bill | None:
        told = self._line.tell(Call("GET", f"/v3/bill/tradebill?bill_date={day.isoformat()}&bill_type=ALL"))
        if states.known(text_of(told.value, "code")) in states.NO_BILL_YET:
            return None
        address, sha1 = text_of(told.value, "download_url"), text_of(told.value, "hash_value")
        if not self._must_be_done(told) or not sha1:
            raise Unreachable("server_trouble")
        return read_bill(day, self._line.download(address, sha1))

    def begin_day(self) -> None:
        if self._has_certificates:
            self._line.fetch_certificates()

    def _order_content(self, charge: Charge) -> dict[str, Any]:
        content: dict[str, Any] = {
            "appid": self._shop.appid,
            "mchid": self._shop.mchid,
            "description": within(charge.subject, _MOST_TEXT),
            "out_trade_no": charge.order.number,
        }
        if charge.cashier:
            content["attach"] = within(charge.cashier, _MOST_TEXT)
        return {**content, "amount": {"total": fen(charge.order.amount), "currency": "CNY"}}

    def _standing(self, told: Told, order: Order) -> Answer:
        """What trade_state says, if it is said of our order, our merchant and our amount."""
        value = told.value
        must = {"out_trade_no": order.number, "mchid": self._shop.mchid}
        may = {"appid": self._shop.appid}
        amount = value.get("amount")
        if any(value.get(key) != text for key, text in must.items()):
            raise Unreachable("not_ours")
        if any(value.get(key, text) != text for key, text in may.items()):
            raise Unreachable("not_ours")
        if amount is not None and not _is_amount(amount, "total", fen(order.amount)):
            raise Unreachable("not_ours")
        state = text_of(value, "trade_state")
        standing = states.STANDINGS.get(state, Standing.PROCESSING)
        if standing is Standing.PAID and amount is None:
            raise Unreachable("not_ours")
        number = text_of(value, "transaction_id") or None
        return Answer(standing, "" if standing is Standing.PAID else state, number, Wallet.WECHAT)

    def _must_be_done(self, told: Told) -> bool:
        code = text_of(told.value, "code")
        if not told.is_done and states.known(code) in states.SETUP_WRONG:
            raise GatewaySetupWrong(NAME, code)
        return told.is_done


def _is_amount(told: object, key: str, expected: int) -> bool:
    """Whether an amount of an answer is that many fen."""
    if not isinstance(told, Mapping) or told.get("currency", "CNY") != "CNY":
        return False
    figure = told.get(key)
    return type(figure) is int and figure == expected


def _refund_standing(told: Told, order: Order, refund: RefundOrder) -> RefundAnswer:
    value = told.value
    is_ours = value.get("out_refund_no") == refund.number and value.get("out_trade_no") == order.number
    if not is_ours or not _is_amount(value.get("amount"), "refund", fen(refund.amount)):
        raise Unreachable("not_ours")
    status = text_of(value, "status")
    return RefundAnswer(states.REFUND_STANDINGS.get(status, RefundStanding.PROCESSING), status)
