"""What both versions of WeChat Pay say of an order, and the rules that they share."""

import hashlib
import re
from datetime import datetime

from practice.gateways.bank import BEIJING, Bank
from practice.gateways.course import Course, Doing, wallet_of
from practice.gateways.mischief import Mischief
from practice.gateways.told import Refund, Refusal, State, Told
from practice.gateways.wechat.bill import Names

UNDO_WITHIN_S = 7 * 24 * 3600
SHOWN_S = 2 * 3600
# A refund is accepted at once and done a little later.
REFUND_TAKES_S = 5
NUMBER = re.compile(r"[0-9A-Za-z_\-*]{1,32}")
REFUND_NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")

MEANINGS = {
    "SUCCESS": "paid",
    "REFUND": "refunded",
    "NOTPAY": "not paid yet",
    "CLOSED": "closed",
    "REVOKED": "reversed",
    "USERPAYING": "the customer is asked for the password",
    "PAYERROR": "payment failed, reverse the order",
}
# Version 2 has published these; version 3 is believed to use the same (its own list is not published in full).
FAILURES = {
    Refusal.NO_MONEY: "NOTENOUGH",
    Refusal.CODE_EXPIRED: "AUTHCODEEXPIRE",
    Refusal.CODE_USED: "AUTH_CODE_ERROR",
    Refusal.CODE_INVALID: "AUTH_CODE_ERROR",
    Refusal.WRONG_WALLET: "AUTH_CODE_INVALID",
    Refusal.CUSTOMER_CANCELLED: "TRADE_ERROR",
}
_STATES = {
    State.SHOWN: "NOTPAY",
    State.WAITING: "USERPAYING",
    State.PAID: "SUCCESS",
    State.PART_REFUNDED: "REFUND",
    State.REFUNDED: "REFUND",
    State.FAILED: "PAYERROR",
}
_PAID = (State.PAID, State.PART_REFUNDED, State.REFUNDED)


def trade_state(told: Told) -> str:
    """One of the states of WeChat Pay's list; REVOKED is for orders that a code of the customer's began."""
    if told.state is State.CLOSED or told.state is None:
        return "CLOSED" if told.is_shown else "REVOKED"
    return _STATES[told.state]


def refusal_of_pay(told: Told) -> str | None:
    """The code of WeChat Pay's for a payment that is refused; None when the order stands as it is told."""
    if told.refusal is Refusal.ORDER_CLOSED:
        return "ORDERREVERSED"
    if told.refusal in (Refusal.NUMBER_TAKEN, Refusal.NUMBER_TAKEN_OTHERWISE):
        if told.state in _PAID:
            return "ORDERPAID"
        if told.state is State.CLOSED:
            return "ORDERREVERSED"
        if told.refusal is Refusal.NUMBER_TAKEN_OTHERWISE:
            return "OUT_TRADE_NO_USED"
    return FAILURES[told.failure] if told.failure is not None else None


def course_of(mischief: Mischief, number: str, code: str) -> Course:
    """What the customer does; WeChat Pay takes no other wallet's code."""
    course = mischief.course(number, code)
    return course if wallet_of(code) in ("wechat", None) else Course(Doing.WRONG_WALLET)


def code_text(number: str) -> str:
    """The text of the QR code by which this order can be paid; the same however often it is asked for."""
    return "weixin://wxpay/bizpayurl?pr=" + hashlib.sha256(number.encode()).hexdigest()[:9]


def transaction_id(told: Told) -> str:
    """WeChat Pay's own number of an order, 28 digits."""
    day = datetime.fromtimestamp(told.made_at, BEIJING).strftime("%Y%m%d")
    return f"4200{day}{told.bank_number[1:]:0>16}"


def refund_id(refund: Refund) -> str:
    """WeChat Pay's own number of a refund."""
    return f"5030{refund.bank_number[1:]:0>24}"


def names_of(bank: Bank) -> dict[str, Names]:
    """What the bill says of each order beside the bank's own words."""
    return {
        each.number: Names(transaction_id(each), "NATIVE" if each.is_shown else "MICROPAY")
        for each in bank.orders()
    }


class Orders:
    """The bank under WeChat Pay's own rules; a refund is found by its number alone."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self._order_of: dict[str, str] = {}

    def reverse(self, number: str) -> Told:
        """Undo an order of a payment code, within seven days; CANNOT_UNDO for any other."""
        told = self.bank.ask(number)
        if told.state is None:
            return self.bank.undo(number)
        is_too_old = self.bank.catch_up() - told.made_at > UNDO_WITHIN_S
        if told.is_shown or is_too_old:
            return Told(number, told.state, Refusal.CANNOT_UNDO, is_shown=told.is_shown)
        return self.bank.undo(number)

    def close(self, number: str) -> Told:
        """Close a QR order that is not paid; CANNOT_UNDO for any other, its state says why."""
        told = self.bank.ask(number)
        if told.state is None:
            return told
        if not told.is_shown or told.state not in (State.SHOWN, State.WAITING):
            return Told(number, told.state, Refusal.CANNOT_UNDO, is_shown=told.is_shown)
        return self.bank.undo(number)

    def refund(self, number: str, refund_number: str, amount: int, total: int) -> Told:
        """Give money back; REFUND_OTHERWISE when `total` is not what the order was."""
        told = self.bank.ask(number)
        if told.state is not None and (
            told.amount != total or self._order_of.get(refund_number, number) != number
        ):
            return Told(number, told.state, Refusal.REFUND_OTHERWISE)
        done = self.bank.refund(number, refund_number, amount)
        if done.refund is not None:
            self._order_of[refund_number] = number
        return done

    def order_of(self, refund_number: str) -> str:
        """The order of a refund; empty for one that never happened."""
        return self._order_of.get(refund_number, "")

    def refund_status(self, refund: Refund) -> str:
        """PROCESSING for some seconds, then SUCCESS."""
        return "SUCCESS" if self.bank.catch_up() - refund.at >= REFUND_TAKES_S else "PROCESSING"
