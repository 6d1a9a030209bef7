"""What Alipay's face-to-face methods do with the bank, and the fields that they answer."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from practice.gateways.alipay.words import fen_of, write_timestamp, yuan_of
from practice.gateways.bank import BEIJING, Bank
from practice.gateways.course import Course, Doing, wallet_of
from practice.gateways.mischief import Kind, Mischief
from practice.gateways.teller import Asked, Content
from practice.gateways.told import Refusal, State, Told

UNDO_WITHIN_S = 24 * 3600
SHOWN_S = 2 * 3600
# Braces, quotes, escapes and something that looks like a signature: all of it may stand inside a value.
STORE_NAME = 'a}b{"c\\/ \u5e97\u94fa ,"sign":"no"'

_NUMBER = re.compile(r"[A-Za-z0-9_]{1,64}")
_TIMEOUT = re.compile(r"([1-9][0-9]{0,4})([mhd])")
_SECONDS = {"m": 60, "h": 3600, "d": 86_400}
_UNTRADED = (Refusal.CODE_EXPIRED, Refusal.CODE_USED, Refusal.CODE_INVALID, Refusal.WRONG_WALLET)
_FAILURES = {
    Refusal.NO_MONEY: "ACQ.BUYER_BALANCE_NOT_ENOUGH",
    Refusal.CUSTOMER_CANCELLED: "ACQ.PAYMENT_FAIL",
    **dict.fromkeys(_UNTRADED, "ACQ.PAYMENT_AUTH_CODE_INVALID"),
}
_REFUND_REFUSALS = {
    Refusal.NO_ORDER: "ACQ.TRADE_NOT_EXIST",
    Refusal.NOT_PAID: "ACQ.TRADE_STATUS_ERROR",
    Refusal.OVER_THE_REST: "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
    Refusal.REFUND_OTHERWISE: "ACQ.DISCORDANT_REPEAT_REQUEST",
}
_STATUS = {
    State.SHOWN: "WAIT_BUYER_PAY",
    State.WAITING: "WAIT_BUYER_PAY",
    State.PAID: "TRADE_SUCCESS",
    State.PART_REFUNDED: "TRADE_SUCCESS",
    State.REFUNDED: "TRADE_CLOSED",
    State.CLOSED: "TRADE_CLOSED",
    State.FAILED: "TRADE_CLOSED",
}
_PAID = (State.PAID, State.PART_REFUNDED, State.REFUNDED)


class RefusedError(Exception):
    """The request is not carried out; `code` and `sub_code` as Alipay's answers have them."""

    def __init__(self, code: str, sub_code: str) -> None:
        super().__init__(sub_code)
        self.code = code
        self.sub_code = sub_code


@dataclass(frozen=True, slots=True)
class Answer(Content):
    """An answer to a method; the name of its part of the text is made of it."""

    method: str = ""


@dataclass(frozen=True, slots=True)
class Question(Asked):
    """A request of one method."""

    method: str = ""


def failed(sub_code: str, code: str = "40004") -> dict[str, object]:
    """The fields of an answer that says no."""
    return {"code": code, "msg": _MEANINGS[code], "sub_code": sub_code, "sub_msg": sub_code.lower()}


def done(**fields: object) -> dict[str, object]:
    """The fields of an answer that says yes."""
    return {"code": "10000", "msg": "Success", **fields}


_MEANINGS = {
    "10003": "order success pay inprocess",
    "20000": "Service Currently Unavailable",
    "40001": "Missing Required Arguments",
    "40002": "Invalid Arguments",
    "40004": "Business Failed",
}
_Fields = Mapping[str, object]


class Trades:
    """The methods by name; `show_as` is told the number of an order and the text of its QR code."""

    def __init__(self, bank: Bank, mischief: Mischief, show_as: Callable[[str, str], object]) -> None:
        self._bank = bank
        self._mischief = mischief
        self._show_as = show_as
        self._methods: dict[str, Callable[[str, Mapping[str, Any]], Question]] = {
            "alipay.trade.pay": self._pay,
            "alipay.trade.precreate": self._precreate,
            "alipay.trade.query": self._query,
            "alipay.trade.cancel": self._cancel,
            "alipay.trade.close": self._close,
            "alipay.trade.refund": self._refund,
            "alipay.trade.fastpay.refund.query": self._refund_query,
        }

    def knows(self, method: str) -> bool:
        """Whether this is a method about trades."""
        return method in self._methods

    def read(self, method: str, biz_content: str) -> Question:
        """The request, or RefusedError when its content is not what the method wants."""
        return self._methods[method](method, read_biz(biz_content))

    def _pay(self, method: str, biz: Mapping[str, Any]) -> Question:
        number, amount, code = _number(biz), _amount(biz, "total_amount"), biz.get("auth_code")
        scene = "security_code" if str(code).startswith("fp") else "bar_code"
        if not isinstance(code, str) or biz.get("scene") != scene:
            raise RefusedError("40004", "ACQ.INVALID_PARAMETER")
        _check_subject(biz)
        course = self._mischief.course(number, code)
        if wallet_of(code) not in ("alipay", None):
            course = Course(Doing.WRONG_WALLET)
        return Question(
            Kind.PAY,
            number,
            lambda: self._bank.pay(number, amount, code, course),
            lambda told: Answer(_paid(told), method=method),
            method,
        )

    def _precreate(self, method: str, biz: Mapping[str, Any]) -> Question:
        number, amount = _number(biz), _amount(biz, "total_amount")
        _check_subject(biz)
        lives_s = _timeout(biz)
        text = "https://qr.alipay.com/bax" + sha256(number.encode()).hexdigest()[:24]
        self._mischief.course(number, None)
        self._show_as(number, text)

        def say(told: Told) -> Answer:
            if told.refusal not in (None, Refusal.NUMBER_TAKEN):
                return Answer(failed(_TAKEN.get(told.refusal, "ACQ.CONTEXT_INCONSISTENT")), method=method)
            if told.state is not State.SHOWN:
                return Answer(failed(_ended(told)), method=method)
            return Answer(done(out_trade_no=told.number, qr_code=text), method=method)

        return Question(
            Kind.SHOW,
            number,
            lambda: self._bank.show(number, amount, lives_s, is_order_at_once=False),
            say,
            method,
        )

    def _query(self, method: str, biz: Mapping[str, Any]) -> Question:
        number = _number(biz)
        return Question(
            Kind.ASK,
            number,
            lambda: self._bank.ask(number),
            lambda told: Answer(_described(told), method=method),
            method,
        )

    def _cancel(self, method: str, biz: Mapping[str, Any]) -> Question:
        number = _number(biz)

        def act() -> Told:
            told = self._bank.ask(number)
            return told if self._is_too_old(told) else self._bank.undo(number)

        def say(told: Told) -> Answer:
            if self._is_too_old(told):
                return Answer(failed("ACQ.TRADE_CANCEL_TIME_OUT") | {"retry_flag": "N"}, method=method)
            fields = done(out_trade_no=told.number, retry_flag="N")
            # of an order that it does not know Alipay says yes, too
            if told.refusal is None:
                fields |= {
                    "trade_no": trade_no(told),
                    "action": "close" if told.paid_at is None else "refund",
                }
            return Answer(fields, method=method)

        return Question(Kind.UNDO, number, act, say, method)

    def _close(self, method: str, biz: Mapping[str, Any]) -> Question:
        number = _number(biz)

        def act() -> Told:
            told = self._bank.ask(number)
            return self._bank.undo(number) if told.state in (State.SHOWN, State.WAITING) else told

        def say(told: Told) -> Answer:
            if told.refusal is Refusal.NO_ORDER:
                return Answer(failed("ACQ.TRADE_NOT_EXIST"), method=method)
            if told.state is not State.CLOSED:
                return Answer(failed("ACQ.REASON_TRADE_STATUS_INVALID"), method=method)
            return Answer(done(out_trade_no=told.number, trade_no=trade_no(told)), method=method)

        return Question(Kind.UNDO, number, act, say, method)

    def _refund(self, method: str, biz: Mapping[str, Any]) -> Question:
        number, amount = _number(biz), _amount(biz, "refund_amount")
        refund_number = biz.get("out_request_no") or number
        if not isinstance(refund_number, str) or not _NUMBER.fullmatch(refund_number):
            raise RefusedError("40004", "ACQ.INVALID_PARAMETER")
        is_new: list[bool] = []

        def act() -> Told:
            is_new.append(self._bank.ask(number, refund_number).refund is None)
            return self._bank.refund(number, refund_number, amount)

        def say(told: Told) -> Answer:
            if told.refusal is not None:
                is_closed = told.state in (State.CLOSED, State.REFUNDED) and told.refund is None
                sub_code = "ACQ.TRADE_HAS_CLOSE" if is_closed else _REFUND_REFUSALS[told.refusal]
                return Answer(failed(sub_code), method=method)
            fields = done(
                out_trade_no=told.number,
                trade_no=trade_no(told),
                buyer_logon_id=_BUYER,
                fund_change="Y" if is_new[-1] else "N",
                refund_fee=yuan_of(told.refunded),
                gmt_refund_pay=write_timestamp(told.refund.at if told.refund else told.made_at),
            )
            return Answer(fields, method=method)

        return Question(Kind.REFUND, number, act, say, method)

    def _refund_query(self, method: str, biz: Mapping[str, Any]) -> Question:
        number, refund_number = _number(biz), biz.get("out_request_no")
        if not isinstance(refund_number, str):
            raise RefusedError("40004", "ACQ.INVALID_PARAMETER")

        def say(told: Told) -> Answer:
            if told.refusal is Refusal.NO_ORDER:
                return Answer(failed("ACQ.TRADE_NOT_EXIST"), method=method)
            if told.refund is None:  # Alipay says yes, and nothing else
                return Answer(done(), method=method)
            fields = done(
                out_trade_no=told.number,
                trade_no=trade_no(told),
                out_request_no=refund_number,
                total_amount=yuan_of(told.amount),
                refund_amount=yuan_of(told.refund.amount),
                refund_status="REFUND_SUCCESS",
            )
            return Answer(fields, method=method)

        return Question(Kind.ASK_REFUND, number, lambda: self._bank.ask(number, refund_number), say, method)

    def _is_too_old(self, told: Told) -> bool:
        return told.state is not None and self._bank.catch_up() - told.made_at > UNDO_WITHIN_S


_BUYER = "pra***@example.com"
_TAKEN = {
    Refusal.ORDER_CLOSED: "ACQ.TRADE_HAS_CLOSE",
    Refusal.NUMBER_TAKEN_OTHERWISE: "ACQ.CONTEXT_INCONSISTENT",
}


def read_biz(text: str) -> Mapping[str, Any]:
    """The content of a request, or RefusedError when it is no JSON object."""
    try:
        biz = json.loads(text)
    except (ValueError, RecursionError):
        biz = None
    if not isinstance(biz, dict):
        raise RefusedError("40002", "isv.invalid-biz-content")
    return biz


def trade_no(told: Told) -> str:
    """Alipay's own number of an order: 28 digits that begin with the day."""
    day = datetime.fromtimestamp(told.made_at, BEIJING).strftime("%Y%m%d")
    return f"{day}2200{re.sub('[^0-9]', '', told.bank_number):0>16}"


def _paid(told: Told) -> _Fields:
    if told.refusal in (Refusal.ORDER_CLOSED, Refusal.NUMBER_TAKEN_OTHERWISE):
        return failed(_ended(told) if told.state in (State.CLOSED, None) else _TAKEN[told.refusal])
    if told.refusal is Refusal.NUMBER_TAKEN and told.state in (*_PAID, State.CLOSED):
        return failed(_ended(told))
    if told.failure is not None:
        return failed(_FAILURES[told.failure]) | {"out_trade_no": told.number}
    if told.state is State.WAITING:
        return _trade(told) | {"code": "10003", "msg": _MEANINGS["10003"]}
    return done(**_trade(told), gmt_payment=write_timestamp(told.paid_at or told.made_at))


def _described(told: Told) -> _Fields:
    if told.state is None or told.failure in _UNTRADED:
        return failed("ACQ.TRADE_NOT_EXIST") | {"out_trade_no": told.number}
    return done(**_trade(told), trade_status=_STATUS[told.state])


def _trade(told: Told) -> dict[str, object]:
    return {
        "out_trade_no": told.number,
        "trade_no": trade_no(told),
        "total_amount": yuan_of(told.amount),
        "buyer_logon_id": _BUYER,
        "store_name": STORE_NAME,
    }


def _ended(told: Told) -> str:
    return "ACQ.TRADE_HAS_SUCCESS" if told.state in _PAID else "ACQ.TRADE_HAS_CLOSE"


def _number(biz: Mapping[str, Any]) -> str:
    number = biz.get("out_trade_no")
    if not isinstance(number, str) or not _NUMBER.fullmatch(number):
        raise RefusedError("40004", "ACQ.INVALID_PARAMETER")
    return number


def _amount(biz: Mapping[str, Any], name: str) -> int:
    amount = fen_of(biz.get(name))
    if amount is None:
        raise RefusedError("40004", "ACQ.INVALID_PARAMETER")
    return amount


def _check_subject(biz: Mapping[str, Any]) -> None:
    subject = biz.get("subject")
    if not isinstance(subject, str) or not 1 <= len(subject) <= 256 or set(subject) & set("/=&"):
        raise RefusedError("40004", "ACQ.INVALID_PARAMETER")


def _timeout(biz: Mapping[str, Any]) -> float:
    text = biz.get("timeout_express")
    if text is None:
        return SHOWN_S
    found = _TIMEOUT.fullmatch(str(text))
    if found is None:
        raise RefusedError("40004", "ACQ.INVALID_PARAMETER")
    return int(found[1]) * _SECONDS[found[2]]
