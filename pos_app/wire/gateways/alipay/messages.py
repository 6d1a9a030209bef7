"""What is said to Alipay and what its believed answers mean (opendocs.alipay.com, face to face payments)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import (
    Answer,
    Charge,
    Order,
    RefundAnswer,
    RefundOrder,
    RefundStanding,
    Standing,
    Undoing,
)
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.wire.gateways.alipay import states
from pos_app.wire.gateways.alipay.setup import NAME, Setup
from pos_app.wire.gateways.link import in_yuan, text_of, within, yuan

Content = dict[str, str]
Told = Mapping[str, object]

# A payment that nobody asks about any more dies by itself; less than five minutes Alipay does not recommend.
_SCANNED_FOR = "5m"


def charge_content(charge: Charge, code: PaymentCode, setup: Setup) -> Content:
    """alipay.trade.pay: the customer's code is for this one payment."""
    return _filled(
        {
            **_order_content(charge, setup),
            "scene": "security_code" if code.text.startswith("fp") else "bar_code",
            "auth_code": code.text,
            "product_code": setup.pay_product,
            "timeout_express": _SCANNED_FOR,
        }
    )


def show_content(charge: Charge, setup: Setup, now: datetime) -> Content:
    """alipay.trade.precreate: payable until about `expires_at`; Alipay counts in whole minutes."""
    left = ((charge.expires_at or now) - now).total_seconds()
    return _filled(
        {
            **_order_content(charge, setup),
            "product_code": setup.qr_product,
            "timeout_express": f"{max(1, round(left / 60))}m",
        }
    )


def order_content(order: Order) -> Content:
    """alipay.trade.query and alipay.trade.cancel."""
    return {"out_trade_no": order.number}


def refund_content(order: Order, refund: RefundOrder) -> Content:
    """alipay.trade.refund: the same out_request_no again is the same refund."""
    return _filled(
        {
            "out_trade_no": order.number,
            "refund_amount": in_yuan(refund.amount),
            "out_request_no": refund.number,
            "refund_reason": within(refund.reason, 255),
        }
    )


def refund_question(order: Order, refund: RefundOrder) -> Content:
    """alipay.trade.fastpay.refund.query."""
    return {"out_trade_no": order.number, "out_request_no": refund.number}


def charged(told: Told, order: Order) -> Answer:
    """What became of a payment: 10000 is paid, 10003 the customer's turn, a listed refusal a no, the rest unclear."""
    code, reason = _code(told)
    _must_be_ours(told, order)
    if code == states.DONE:
        return _paid(told, order)
    if code == states.WAITING:
        return _answer(told, Standing.WAITING)
    return _answer(told, _refused(code, reason), reason)


def asked(told: Told, order: Order) -> Answer:
    """How the order stands, by trade_status."""
    code, reason = _code(told)
    _must_be_ours(told, order)
    if code != states.DONE:
        return Answer(Standing.ABSENT if reason == states.NOT_FOUND else Standing.PROCESSING, reason)
    status = text_of(told, "trade_status")
    standing = states.STANDINGS.get(status, Standing.PROCESSING)
    return _paid(told, order) if standing is Standing.PAID else _answer(told, standing, status)


def shown(told: Told, order: Order) -> str:
    """The text of the QR code; GatewaySetupWrong when the shop may not have one."""
    _must_be_ours(told, order)
    code = must_be_done(told)
    if code != states.DONE or not text_of(told, "qr_code"):
        raise Unreachable("server_trouble")
    return text_of(told, "qr_code")


def undone(told: Told, order: Order) -> Undoing:
    """What a cancellation came to; retry_flag Y asks to be called again."""
    code, reason = _code(told)
    _must_be_ours(told, order, is_named=False)
    if code == states.DONE:
        return Undoing.BUSY if text_of(told, "retry_flag") == "Y" else Undoing.DONE
    return states.UNDOINGS.get(reason, Undoing.BUSY)


def refunded(told: Told, order: Order) -> RefundAnswer | None:
    """What a refund came to: fund_change Y moved money now; None for N, which must be asked about."""
    code, reason = _code(told)
    _must_be_ours(told, order)
    if code == states.DONE:
        return RefundAnswer(RefundStanding.DONE) if text_of(told, "fund_change") == "Y" else None
    is_refused = code in states.NEVER_ACCEPTED or reason in states.REFUND_REFUSALS
    return RefundAnswer(RefundStanding.FAILED if is_refused else RefundStanding.PROCESSING, reason)


def refund_asked(told: Told, order: Order, refund: RefundOrder) -> RefundAnswer:
    """How a refund stands; an answer without one knows of none."""
    code, reason = _code(told)
    if code != states.DONE:
        is_absent = reason.removeprefix("ACQ.") == "TRADE_NOT_EXIST"
        return RefundAnswer(RefundStanding.ABSENT if is_absent else RefundStanding.PROCESSING, reason)
    status, amount = text_of(told, "refund_status"), text_of(told, "refund_amount")
    if not status and not amount:
        return RefundAnswer(RefundStanding.ABSENT)
    _must_be_ours(told, order, has_amount=False)
    if text_of(told, "out_request_no") != refund.number or (amount and yuan(amount) != refund.amount):
        raise Unreachable("not_ours")
    return RefundAnswer(states.REFUND_STANDINGS.get(status, RefundStanding.PROCESSING), status)


def bill_address(told: Told) -> str | None:
    """Where the bill lies for half a minute; None while there is none."""
    if _code(told)[1] in states.NO_BILL_YET:
        return None
    code = must_be_done(told)
    if code != states.DONE or not text_of(told, "bill_download_url"):
        raise Unreachable("server_trouble")
    return text_of(told, "bill_download_url")


def must_be_done(told: Told) -> str:
    """The code; GatewaySetupWrong when the shop is turned away as it is set up."""
    code, reason = _code(told)
    if code in states.NEVER_ACCEPTED or reason == "ACQ.ACCESS_FORBIDDEN":
        raise GatewaySetupWrong(NAME, reason)
    return code


def _order_content(charge: Charge, setup: Setup) -> Content:
    return {
        "out_trade_no": charge.order.number,
        "total_amount": in_yuan(charge.order.amount),
        "subject": charge.subject.translate({ord(sign): " " for sign in "/=&"}),
        "store_id": setup.store_id,
        "operator_id": within(charge.cashier, 28),
        "terminal_id": within(setup.terminal_id or charge.till, 32),
    }


def _filled(content: Content) -> Content:
    return {key: text for key, text in content.items() if text}


def _code(told: Told) -> tuple[str, str]:
    code = text_of(told, "code")
    return code, (text_of(told, "sub_code") or code).removeprefix("aop.")


def _must_be_ours(told: Told, order: Order, *, is_named: bool = True, has_amount: bool = True) -> None:
    """An answer that means something must name our order; wherever it names one or an amount, it must be ours."""
    number = text_of(told, "out_trade_no")
    must_name = is_named and text_of(told, "code") in (states.DONE, states.WAITING)
    if (number or must_name) and number != order.number:
        raise Unreachable("not_ours")
    amount = told.get("total_amount") if has_amount else None
    if amount is not None and yuan(str(amount)) != order.amount:
        raise Unreachable("not_ours")


def _paid(told: Told, order: Order) -> Answer:
    if yuan(text_of(told, "total_amount")) != order.amount:
        raise Unreachable("not_ours")
    return _answer(told, Standing.PAID)


def _refused(code: str, reason: str) -> Standing:
    if code in states.NEVER_ACCEPTED and not reason.endswith("SYSTEM_ERROR"):
        return Standing.FAILED
    return states.REFUSALS.get(reason, Standing.PROCESSING) if code == "40004" else Standing.PROCESSING


def _answer(told: Told, standing: Standing, reason: str = "") -> Answer:
    return Answer(standing, reason, text_of(told, "trade_no") or None, Wallet.ALIPAY)
