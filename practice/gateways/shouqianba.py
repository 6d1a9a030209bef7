"""A practice Shouqianba: one contract for Alipay, WeChat and UnionPay codes, signed with MD5, answers unsigned.

Source: doc.shouqianba.com, Web API: pay, query, refund, revoke and cancel, precreate; annex: result and response codes.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from practice.gateways.bank import BEIJING, Bank
from practice.gateways.call import Call, Reply
from practice.gateways.mischief import Fault, Kind, Mischief
from practice.gateways.shouqianba_terminals import Terminal, Terminals, is_signed
from practice.gateways.teller import Asked, Content, Teller
from practice.gateways.told import Refusal, State, Told

Fields = Mapping[str, object]

SHOWN_FOR_S = 240.0
VENDOR_SN = "91800129"
VENDOR_KEY = "c3dd4d9cd2c24e2e9c2f6cbf7ba0a6b1"
APP_ID = "2018042300000001"
ACTIVATION_CODE = "31415926"

_NOT_TEXT = {"extended", "goods_details", "reflect", "profit_sharing"}
_PAYWAYS = {"alipay": "1", "wechat": "3", "unionpay": "17", "ecny": "23"}
_WALLETS = {"1": "alipay", "2": "alipay", "3": "wechat", "17": "unionpay"}

_ORDER_STATUS = {
    State.SHOWN: "CREATED",
    State.WAITING: "CREATED",
    State.PAID: "PAID",
    State.FAILED: "PAY_CANCELED",
    State.CLOSED: "CANCELED",
    State.PART_REFUNDED: "PARTIAL_REFUNDED",
    State.REFUNDED: "REFUNDED",
}
_STATUS: Mapping[State | None, str] = {
    State.SHOWN: "IN_PROG",
    State.WAITING: "IN_PROG",
    State.FAILED: "FAIL_CANCELED",
}
_ERRORS = {
    Refusal.NO_MONEY: "INSUFFICIENT_FUND",
    Refusal.CODE_EXPIRED: "EXPIRED_BARCODE",
    Refusal.CODE_USED: "INVALID_BARCODE",
    Refusal.CODE_INVALID: "INVALID_BARCODE",
    Refusal.WRONG_WALLET: "UNEXPECTED_PROVIDER_ERROR",
    Refusal.CUSTOMER_CANCELLED: "TRADE_FAILED",
    Refusal.NUMBER_TAKEN: "CLIENT_SN_CONFLICT",
    Refusal.NUMBER_TAKEN_OTHERWISE: "CLIENT_SN_CONFLICT",
    Refusal.ORDER_CLOSED: "TRADE_FAILED",
    Refusal.NO_ORDER: "UPAY_ORDER_NOT_EXISTS",
    Refusal.ALREADY_UNDONE: "UPAY_CANCEL_ORDER_NOOP",
    Refusal.CANNOT_UNDO: "UPAY_CANCEL_INVALID_ORDER_STATE",
    Refusal.NOT_PAID: "UPAY_REFUND_INVALID_ORDER_STATE",
    Refusal.OVER_THE_REST: "REFUNDABLE_AMOUNT_NOT_ENOUGH",
    Refusal.REFUND_OTHERWISE: "UPAY_REFUND_ORDER_NOOP",
}
_UNKNOWN = {
    Kind.PAY: "PAY_FAIL_ERROR",
    Kind.SHOW: "PRECREATE_FAIL_ERROR",
    Kind.UNDO: "CANCEL_ERROR",
    Kind.REFUND: "REFUND_ERROR",
}
_IN_DOUBT = {Kind.PAY: "PAY_ERROR", Kind.UNDO: "CANCEL_ERROR", Kind.REFUND: "REFUND_ERROR"}


class _Refused(Exception):
    """The request never gets as far as business: `code` is the answer's error_code."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Shouqianba(Teller):
    """A key of a terminal lives until its day in Beijing ends; KEY_ROTATED ends it at once, without an effect.

    Answers bear no signature, so BAD_SIGNATURE, STALE and UNKNOWN_SERIAL change nothing. There is no question about
    one refund, and no bill.
    """

    def __init__(self, bank: Bank, mischief: Mischief, clock: Callable[[], float]) -> None:
        super().__init__(bank, mischief, clock)
        self._terminals = Terminals(ACTIVATION_CODE)

    @property
    def setup(self) -> dict[str, str]:
        return {
            "vendor_sn": VENDOR_SN,
            "vendor_key": VENDOR_KEY,
            "app_id": APP_ID,
            "activation_code": ACTIVATION_CODE,
        }

    def _read(self, call: Call) -> Asked | Reply:
        try:
            sn, _, sign = call.headers.get("authorization", "").partition(" ")
            if call.path == "/terminal/activate":
                if sn != VENDOR_SN or not is_signed(call.body, VENDOR_KEY, sign):
                    raise _Refused("ILLEGAL_SIGN", "the vendor's signature is wrong")
                return self._activate(_fields(call.body))
            signed = self._terminals.signer(sn, sign, call.body)
            if signed is None:
                raise _Refused("ILLEGAL_SIGN", "the terminal's signature is wrong")
            terminal, day = signed
            if call.path != "/terminal/checkin" and day != self._today():
                raise _Refused("ILLEGAL_SIGN", "the terminal's key has expired: check in")
            fields = _fields(call.body)
            if fields.get("terminal_sn") != terminal.sn:
                raise _Refused("INVALID_TERMINAL", "the body names another terminal")
            return self._want(call, fields, terminal)
        except _Refused as error:
            return _refusal(error)

    def _want(self, call: Call, fields: Fields, terminal: Terminal) -> Asked:
        match call.method, call.path:
            case "POST", "/terminal/checkin":
                return self._check_in(fields, terminal)
            case "POST", "/upay/v2/pay":
                return self._pay(fields)
            case "POST", "/upay/v2/precreate":
                return self._show(fields)
            case "POST", "/upay/v2/query":
                return self._ask(fields)
            case "POST", "/upay/v2/cancel" | "/upay/v2/revoke":
                return self._undo(fields)
            case "POST", "/upay/v2/refund":
                return self._refund(fields)
        raise _Refused("INVALID_PARAMS", "there is no such interface")

    def _before(self, asked: Asked, fault: Fault) -> Reply | None:
        if fault is Fault.KEY_ROTATED:
            self._terminals.expire()
            return _refusal(_Refused("ILLEGAL_SIGN", "the terminal's key has expired: check in"))
        return super()._before(asked, fault)

    def _today(self) -> date:
        return datetime.fromtimestamp(self.clock(), UTC).astimezone(BEIJING).date()

    # --- Terminals ---

    def _activate(self, fields: Fields) -> Asked:
        code, device_id = _text(fields, "code"), _text(fields, "device_id", 128)
        if _text(fields, "app_id") != APP_ID:
            raise _Refused("INVALID_PARAMS", "there is no such app_id")
        given: list[Terminal] = []

        def act() -> Told:
            terminal = self._terminals.activate(code, device_id, self._today())
            given[:] = [terminal] if terminal is not None else []
            return Told("activate")

        def say(told: Told) -> Content:
            if not given:
                return Content(_transport("400", "INVALID_PARAMS", "the activation code was used before"))
            return Content(_ok({"terminal_sn": given[0].sn, "terminal_key": given[0].key}))

        return Asked(Kind.BEGIN_DAY, "activate", act, say)

    def _check_in(self, fields: Fields, terminal: Terminal) -> Asked:
        if _text(fields, "device_id", 128) != terminal.device_id:
            raise _Refused("INVALID_TERMINAL", "the terminal belongs to another device")
        given: list[str] = []

        def act() -> Told:
            given[:] = [self._terminals.renew(terminal, self._today())]
            return Told("checkin")

        return Asked(
            Kind.BEGIN_DAY,
            "checkin",
            act,
            lambda _: Content(_ok({"terminal_sn": terminal.sn, "terminal_key": given[0]})),
        )

    # --- Orders ---

    def _pay(self, fields: Fields) -> Asked:
        number, amount = _text(fields, "client_sn"), _amount(fields, "total_amount")
        code = _text(fields, "dynamic_id", 35)
        _text(fields, "subject", 64), _text(fields, "operator")
        course = self.mischief.course(number, code)

        def say(told: Told) -> Content:
            if told.state is None or told.refusal in (Refusal.NUMBER_TAKEN, Refusal.NUMBER_TAKEN_OTHERWISE):
                return _failed(told, "FAIL")
            if told.state is State.FAILED:
                return _failed(told, "PAY_FAIL", with_data=True)
            return _content("PAY_IN_PROGRESS" if told.state is State.WAITING else "PAY_SUCCESS", told)

        return Asked(Kind.PAY, number, lambda: self.bank.pay(number, amount, code, course), say)

    def _show(self, fields: Fields) -> Asked:
        number, amount = _text(fields, "client_sn"), _amount(fields, "total_amount")
        _text(fields, "subject", 64), _text(fields, "operator")
        if fields.get("payway") not in _WALLETS:
            raise _Refused("INVALID_PARAMS", "payway: one of 1, 2, 3, 17")
        self.mischief.course(number, None)

        def say(told: Told) -> Content:
            if told.refusal is not None:
                return _failed(told, "PRECREATE_FAIL")
            text = self._show_as(told.number, f"https://qr.practice.invalid/sqb/{told.bank_number}")
            return _content("PRECREATE_SUCCESS", told, qr_code=text)

        return Asked(Kind.SHOW, number, lambda: self.bank.show(number, amount, SHOWN_FOR_S), say)

    def _ask(self, fields: Fields) -> Asked:
        number = self._number(fields)

        def say(told: Told) -> Content:
            return _failed(told, "FAIL") if told.refusal is not None else _content("SUCCESS", told)

        return Asked(Kind.ASK, number, lambda: self.bank.ask(number), say)

    def _undo(self, fields: Fields) -> Asked:
        number = self._number(fields)
        was_waiting = False

        def act() -> Told:
            nonlocal was_waiting
            told = self.bank.ask(number)
            made_on = datetime.fromtimestamp(told.made_at, UTC).astimezone(BEIJING).date()
            was_waiting = told.state is State.WAITING
            if told.state is State.CLOSED:
                return replace(told, refusal=Refusal.ALREADY_UNDONE)
            # as documented: on the order's own day, and nothing of which a part was refunded
            is_open = told.state in (State.SHOWN, State.WAITING, State.PAID) and made_on == self.bank.today()
            if told.state is not None and not is_open:
                return replace(told, refusal=Refusal.CANNOT_UNDO)
            return self.bank.undo(number)

        def say(told: Told) -> Content:
            if told.refusal is not None:
                return _failed(told, "FAIL")
            return _content("CANCEL_ABORT_SUCCESS" if was_waiting else "CANCEL_SUCCESS", told)

        return Asked(Kind.UNDO, number, act, say)

    def _refund(self, fields: Fields) -> Asked:
        number, amount = self._number(fields), _amount(fields, "refund_amount")
        refund_number = _text(fields, "refund_request_no", 20)
        _text(fields, "operator", 64)

        def act() -> Told:
            before = self.bank.ask(number, refund_number)
            if before.refund is not None:
                return replace(before, refusal=Refusal.REFUND_OTHERWISE)
            return self.bank.refund(number, refund_number, amount)

        def say(told: Told) -> Content:
            return _failed(told, "FAIL") if told.refusal is not None else _content("REFUND_SUCCESS", told)

        return Asked(Kind.REFUND, number, act, say)

    def _number(self, fields: Fields) -> str:
        """By Shouqianba's own number first, then by ours."""
        sn, client_sn = fields.get("sn"), fields.get("client_sn")
        by_sn = self.bank.number_of(str(sn)) if sn else None
        if by_sn is None and not client_sn:
            raise _Refused("INVALID_PARAMS", "sn or client_sn is needed")
        return by_sn if by_sn is not None else str(client_sn)

    # --- Answers ---

    def _seal(self, content: Content, fault: Fault) -> Reply:
        return Reply(content.status, {"content-type": "application/json;charset=UTF-8"}, content.as_json())

    def _trouble(self, asked: Asked, fault: Fault) -> Content:
        told = self.bank.ask(asked.number)
        if fault is Fault.NOT_FOUND:
            return _failed(Told(asked.number, refusal=Refusal.NO_ORDER), "FAIL")
        if fault is Fault.BUSY and told.state is not None:
            return _content("CANCEL_IN_PROGRESS", told, order_status="CANCEL_INPROGRESS")
        if fault is Fault.SYSTEM_ERROR_AFTER and asked.kind in _UNKNOWN and told.state is not None:
            return _content(_UNKNOWN[asked.kind], told, order_status=_IN_DOUBT.get(asked.kind, "CREATED"))
        return Content(_transport("500", "UNKNOWN_SYSTEM_ERROR", "system error"))

    def _forged(self, asked: Asked) -> Reply:
        told = Told(asked.number, State.FAILED, Refusal.NO_MONEY, failure=Refusal.NO_MONEY)
        return self._seal(replace(_failed(told, "PAY_FAIL", with_data=True), status=403), Fault.NONE)


def _content(result_code: str, told: Told, **more: str) -> Content:
    return Content(_ok({"result_code": result_code, "data": {**_data(told), **more}}))


def _failed(told: Told, result_code: str, *, with_data: bool = False) -> Content:
    code = _ERRORS[told.refusal or told.failure or Refusal.ORDER_CLOSED]
    content: dict[str, object] = {"result_code": result_code, "error_code": code, "error_message": code}
    if with_data:
        content["data"] = _data(told)
    return Content(_ok(content))


def _data(told: Told) -> dict[str, str]:
    status = _ORDER_STATUS[told.state] if told.state is not None else "CREATED"
    data = {
        "sn": told.bank_number,
        "client_sn": told.number,
        "trade_no": f"T{told.bank_number}",
        "status": _STATUS.get(told.state, "SUCCESS"),
        "order_status": status,
        "payway": _PAYWAYS.get(told.wallet, ""),
        "sub_payway": "2" if told.is_shown else "1",
        "total_amount": str(told.amount),
        "net_amount": str(0 if told.state is State.CLOSED else told.amount - told.refunded),
        "ctime": str(int(told.made_at * 1000)),
    }
    if told.paid_at is not None:
        data["finish_time"] = data["channel_finish_time"] = str(int(told.paid_at * 1000))
    return data


def _ok(content: Mapping[str, object]) -> dict[str, object]:
    return {"result_code": "200", "biz_response": content}


def _transport(result_code: str, error_code: str, message: str) -> dict[str, object]:
    return {"result_code": result_code, "error_code": error_code, "error_message": message}


def _refusal(refused: _Refused) -> Reply:
    body = json.dumps(_transport("400", refused.code, str(refused))).encode()
    return Reply(200, {"content-type": "application/json;charset=UTF-8"}, body)


def _fields(body: bytes) -> Fields:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _Refused("INVALID_PARAMS", "the body is not JSON") from error
    if not isinstance(fields, dict):
        raise _Refused("INVALID_PARAMS", "the body is not an object")
    for name, value in fields.items():
        if name not in _NOT_TEXT and not isinstance(value, str):
            raise _Refused("INVALID_PARAMS", f"{name} is not a text")
    return fields


def _text(fields: Fields, name: str, longest: int = 32) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 1 <= len(value.encode()) <= longest:
        raise _Refused("INVALID_PARAMS", f"{name} is not a text of 1 to {longest} bytes")
    return value


def _amount(fields: Fields, name: str) -> int:
    """Fen, as up to ten digits."""
    text = _text(fields, name, 10)
    if not (text.isascii() and text.isdigit()) or int(text) == 0:
        raise _Refused("INVALID_PARAMS", f"{name} is not a number of fen")
    return int(text)
