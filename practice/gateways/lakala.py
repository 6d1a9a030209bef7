"""A practice Lakala: aggregated codes, signed with RSA both ways (LKLAPI-SHA256withRSA).

Source: o.lakala.com, documents 1004 (signatures), 1075 (preorder), 1111 (tradequery), 1071 (close) and the vendor's
Java SDK for the other paths and fields. The vendor's list of refusals is not public: codes from BBS19000 are ours.
"""

import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from practice.gateways.bank import BEIJING, Bank
from practice.gateways.call import Call, Reply
from practice.gateways.mischief import Fault, Kind, Mischief
from practice.gateways.rsa_keys import certificate_of, is_signed, new_key, private_pem, sign
from practice.gateways.teller import Asked, Content, Teller
from practice.gateways.told import Refusal, State, Told

Fields = Mapping[str, object]

SCHEMA = "LKLAPI-SHA256withRSA"
APP_ID = "OP00000003"
MERCHANT_SERIAL = "00dfba8194c41b84cf"
MERCHANT_NO = "82229007392000A"
TERM_NO = "D9296400"
STALE_S = 3600
CLOCKS_MAY_DIFFER_S = 300
SHOWN_FOR_MINUTES = 5

OK = "BBS00000"
SYSTEM_ERROR = "BBS00001"
TIMED_OUT_INSIDE = "BBS00101"
WRONG_FIELDS = "BBS11000"
ASKED_FOR_PASSWORD = "BBS11105"  # noqa: S105  # an answer, no password
UNDER_WAY = "BBS11112"
NO_ORDER = "BBS11114"
WRONG_SIGNATURE = "BBS11200"

_CODES = {
    Refusal.NO_ORDER: NO_ORDER,
    Refusal.NO_MONEY: "BBS19001",
    Refusal.CODE_EXPIRED: "BBS19002",
    Refusal.CODE_USED: "BBS19003",
    Refusal.CODE_INVALID: "BBS19004",
    Refusal.WRONG_WALLET: "BBS19005",
    Refusal.CUSTOMER_CANCELLED: "BBS19006",
    Refusal.NUMBER_TAKEN: "BBS19010",
    Refusal.NUMBER_TAKEN_OTHERWISE: "BBS19010",
    Refusal.ORDER_CLOSED: "BBS19011",
    Refusal.CANNOT_UNDO: "BBS19012",
    Refusal.NOT_PAID: "BBS19020",
    Refusal.OVER_THE_REST: "BBS19021",
    Refusal.REFUND_OTHERWISE: "BBS19022",
}
_STATES = {
    State.SHOWN: "CREATE",
    State.WAITING: "DEAL",
    State.PAID: "SUCCESS",
    State.FAILED: "FAIL",
    State.PART_REFUNDED: "PART_REFUND",
    State.REFUNDED: "REFUND",
}
_ACCOUNT_TYPES = {"wechat": "WECHAT", "alipay": "ALIPAY", "unionpay": "UQRCODEPAY", "ecny": "DCPAY"}


class _Refused(Exception):
    """The request never gets as far as the bank: `code` is the answer's."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@cache
def _key(owner: str) -> RSAPrivateKey:
    """Made when it is first wanted; all gateways of one process share it, for making one is slow."""
    return new_key()


class Lakala(Teller):
    """Every answer is signed, refusals of a signature too. KEY_ROTATED changes the platform's key and serial for
    good; `setup` tells the new certificate."""

    def __init__(self, bank: Bank, mischief: Mischief, clock: Callable[[], float]) -> None:
        super().__init__(bank, mischief, clock)
        self._merchant_key = _key("merchant").public_key()
        self._rotations = 0
        self._certificate = self._certify()
        self._refunds: dict[str, str] = {}
        self._chance = random.Random(0)  # noqa: S311  # nonces of practice answers

    @property
    def setup(self) -> dict[str, str]:
        return {
            "appid": APP_ID,
            "serial_no": MERCHANT_SERIAL,
            "merchant_no": MERCHANT_NO,
            "term_no": TERM_NO,
            "private_key": private_pem(_key("merchant")),
            "platform_certificate": self._certificate.public_bytes(Encoding.PEM).decode(),
        }

    def _certify(self) -> x509.Certificate:
        begins = datetime.fromtimestamp(int(self.clock()), UTC)
        return certificate_of(_key(f"platform {self._rotations}"), {"CN": "Practice Lakala"}, begins)

    # --- Requests ---

    def _read(self, call: Call) -> Asked | Reply:
        try:
            self._check_signature(call)
            data = _request(call.body)
            if (data.get("merchant_no"), data.get("term_no")) != (MERCHANT_NO, TERM_NO):
                raise _Refused(WRONG_FIELDS, "another merchant or terminal")
            return self._want(call, data)
        except _Refused as error:
            return self._seal(_content(error.code, str(error)), Fault.NONE)

    def _check_signature(self, call: Call) -> None:
        schema, _, rest = call.headers.get("authorization", "").partition(" ")
        said = dict(re.findall(r'(\w+)="([^"]*)"', rest))
        at, nonce = said.get("timestamp", ""), said.get("nonce_str", "")
        if (schema, said.get("appid"), said.get("serial_no")) != (SCHEMA, APP_ID, MERCHANT_SERIAL):
            raise _Refused(WRONG_SIGNATURE, "another scheme, application or certificate")
        if not (at.isascii() and at.isdigit()) or abs(int(at) - self.clock()) > CLOCKS_MAY_DIFFER_S:
            raise _Refused(WRONG_SIGNATURE, "the time is off")
        message = _message(APP_ID, MERCHANT_SERIAL, at, nonce, call.body)
        if not nonce or not is_signed(self._merchant_key, message, said.get("signature", "")):
            raise _Refused(WRONG_SIGNATURE, "the signature is wrong")

    def _want(self, call: Call, data: Fields) -> Asked:
        match call.method, call.path:
            case "POST", "/api/v3/labs/trans/micropay":
                return self._pay(data)
            case "POST", "/api/v3/labs/trans/preorder":
                return self._show(data)
            case "POST", "/api/v3/labs/query/tradequery":
                return self._ask(data)
            case "POST", "/api/v3/labs/relation/refund":
                return self._refund(data)
            case "POST", "/api/v3/labs/relation/revoked":
                _text(data, "out_trade_no")
                return self._undo(data, may_give_back=True)
            case "POST", "/api/v3/labs/relation/close":
                return self._undo(data, may_give_back=False)
        raise _Refused(WRONG_FIELDS, "there is no such interface")

    def _pay(self, data: Fields) -> Asked:
        number, amount = _text(data, "out_trade_no"), _amount(data, "total_amount")
        code = _text(data, "auth_code", 35)
        _text(data, "subject", 42)
        _place(data)
        course = self.mischief.course(number, code)

        def say(told: Told) -> Content:
            if told.refusal is not None:
                return _refusal(told)
            if told.state is State.WAITING:
                return _content(ASKED_FOR_PASSWORD, "the customer is asked", _order(told))
            return _content(OK, "success", _order(told))

        return Asked(Kind.PAY, number, lambda: self.bank.pay(number, amount, code, course), say)

    def _show(self, data: Fields) -> Asked:
        number, amount = _text(data, "out_trade_no"), _amount(data, "total_amount")
        _text(data, "subject", 42)
        _place(data)
        if data.get("account_type") not in _ACCOUNT_TYPES.values() or data.get("trans_type") != "41":
            raise _Refused(
                WRONG_FIELDS, "account_type and trans_type: a wallet, and 41 for a code that is shown"
            )
        minutes = str(data.get("timeout_express", SHOWN_FOR_MINUTES))
        if not (minutes.isascii() and minutes.isdigit() and 1 <= int(minutes) <= 10):
            raise _Refused(WRONG_FIELDS, "timeout_express: 1 to 10 minutes")
        self.mischief.course(number, None)

        def say(told: Told) -> Content:
            if told.refusal is not None:
                return _refusal(told)
            text = self._show_as(told.number, f"https://qr.practice.invalid/lkl/{told.bank_number}")
            return _content(OK, "success", {**_order(told), "acc_resp_fields": {"code": text}})

        return Asked(Kind.SHOW, number, lambda: self.bank.show(number, amount, int(minutes) * 60), say)

    def _ask(self, data: Fields) -> Asked:
        asked = data.get("out_trade_no") or self.bank.number_of(str(data.get("trade_no", "")))
        if not asked:
            raise _Refused(WRONG_FIELDS, "out_trade_no or trade_no is needed")
        number = str(asked)
        order = self._refunds.get(number)
        if order is not None:
            return Asked(Kind.ASK_REFUND, order, lambda: self.bank.ask(order, number), _say_refund)

        def say(told: Told) -> Content:
            if told.refusal is not None:
                return _refusal(told)
            return _content(OK, "success", {**_order(told), "trade_state": _state(told)})

        return Asked(Kind.ASK, number, lambda: self.bank.ask(number), say)

    def _undo(self, data: Fields, *, may_give_back: bool) -> Asked:
        number = self._origin(data)
        _place(data)

        def act() -> Told:
            told = self.bank.ask(number)
            if told.state in (State.FAILED, State.PART_REFUNDED, State.REFUNDED) or (
                told.state is State.PAID and not may_give_back
            ):
                return replace(told, refusal=Refusal.CANNOT_UNDO)
            return self.bank.undo(number)

        def say(told: Told) -> Content:
            if told.refusal is not None:
                return _refusal(told)
            return _content(
                OK,
                "success",
                {
                    "origin_out_trade_no": told.number,
                    "origin_trade_no": told.bank_number,
                    "total_amount": str(told.amount),
                    "trade_time": _time(self.clock()),
                },
            )

        return Asked(Kind.UNDO, number, act, say)

    def _refund(self, data: Fields) -> Asked:
        number, amount = self._origin(data), _amount(data, "refund_amount")
        refund_number = _text(data, "out_trade_no")
        _place(data)
        if self._refunds.setdefault(refund_number, number) != number:
            raise _Refused(_CODES[Refusal.REFUND_OTHERWISE], "the number belongs to another order's refund")
        return Asked(
            Kind.REFUND, number, lambda: self.bank.refund(number, refund_number, amount), _say_refund
        )

    def _origin(self, data: Fields) -> str:
        by_bank = self.bank.number_of(str(data.get("origin_trade_no", "")))
        return by_bank if by_bank is not None else _text(data, "origin_out_trade_no")

    # --- Answers ---

    def _seal(self, content: Content, fault: Fault) -> Reply:
        if fault is Fault.KEY_ROTATED:
            self._rotations += 1
            self._certificate = self._certify()
        at = self.clock() - (STALE_S if fault is Fault.STALE else 0)
        body = json.dumps({**content.fields, "resp_time": _time(at)}, ensure_ascii=False).encode()
        key, serial = _key(f"platform {self._rotations}"), f"{self._certificate.serial_number:x}"
        if fault is Fault.UNKNOWN_SERIAL:
            key, serial = _key("stranger"), "5ca1ab1e"
        nonce = f"{self._chance.getrandbits(48):012x}"
        signed = body + b" " if fault is Fault.BAD_SIGNATURE else body
        headers = {
            "content-type": "application/json;charset=UTF-8",
            "Lklapi-Appid": APP_ID,
            "Lklapi-Serial": serial,
            "Lklapi-Timestamp": str(int(at)),
            "Lklapi-Nonce": nonce,
            "Lklapi-Signature": sign(key, _message(APP_ID, serial, str(int(at)), nonce, signed)),
        }
        return Reply(content.status, headers, body)

    def _trouble(self, asked: Asked, fault: Fault) -> Content:
        if fault is Fault.NOT_FOUND:
            return _content(NO_ORDER, "no such order")
        if fault is Fault.BUSY:
            return _content(UNDER_WAY, "under way")
        return _content(
            TIMED_OUT_INSIDE if fault is Fault.SYSTEM_ERROR_AFTER else SYSTEM_ERROR, "system error"
        )

    def _forged(self, asked: Asked) -> Reply:
        body = json.dumps({"code": _CODES[Refusal.NO_MONEY], "msg": "not enough balance"}).encode()
        return Reply(403, {"content-type": "application/json;charset=UTF-8"}, body)


def _message(app_id: str, serial: str, at: str, nonce: str, body: bytes) -> bytes:
    """Five lines, each with its end: application, certificate, unix seconds, nonce, the body's very bytes."""
    return f"{app_id}\n{serial}\n{at}\n{nonce}\n".encode() + body + b"\n"


def _content(code: str, message: str, data: Fields | None = None) -> Content:
    return Content({"code": code, "msg": message, "resp_data": data})


def _refusal(told: Told) -> Content:
    reason = told.refusal or Refusal.NO_ORDER
    return _content(_CODES[reason], reason.value)


def _order(told: Told) -> dict[str, object]:
    data: dict[str, object] = {
        "merchant_no": MERCHANT_NO,
        "term_no": TERM_NO,
        "out_trade_no": told.number,
        "trade_no": told.bank_number,
        "log_no": told.bank_number[-14:],
        "acc_trade_no": f"A{told.bank_number}",
        "account_type": _ACCOUNT_TYPES.get(told.wallet, ""),
        "total_amount": str(told.amount),
    }
    if told.paid_at is not None:
        data |= {"payer_amount": str(told.amount), "trade_time": _time(told.paid_at)}
    return data


def _state(told: Told) -> str:
    """CLOSE was never paid, REVOKED was paid and given back."""
    if told.state is None or told.state is State.CLOSED:
        return "CLOSE" if told.paid_at is None else "REVOKED"
    return _STATES[told.state]


def _say_refund(told: Told) -> Content:
    refund = told.refund
    if told.refusal is not None or refund is None:
        return _refusal(told)
    return _content(
        OK,
        "success",
        {
            "merchant_no": MERCHANT_NO,
            "term_no": TERM_NO,
            "out_trade_no": refund.number,
            "trade_no": refund.bank_number,
            "account_type": _ACCOUNT_TYPES.get(told.wallet, ""),
            "origin_out_trade_no": told.number,
            "origin_trade_no": told.bank_number,
            "total_amount": str(told.amount),
            "refund_amount": str(refund.amount),
            "trade_state": "SUCCESS",
            "trade_time": _time(refund.at),
        },
    )


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).astimezone(BEIJING).strftime("%Y%m%d%H%M%S")


def _request(body: bytes) -> Fields:
    """`req_data` of {req_time, version, req_data, out_org_code?}."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _Refused(WRONG_FIELDS, "the body is not JSON") from error
    if not isinstance(whole, dict) or not isinstance(whole.get("req_data"), dict):
        raise _Refused(WRONG_FIELDS, "there is no req_data")
    if whole.get("version") != "3.0" or not re.fullmatch(r"[0-9]{14}", str(whole.get("req_time"))):
        raise _Refused(WRONG_FIELDS, 'version is "3.0", req_time has 14 digits')
    return {str(name): value for name, value in whole["req_data"].items()}


def _text(fields: Fields, name: str, longest: int = 32) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise _Refused(WRONG_FIELDS, f"{name} is not a text of 1 to {longest} characters")
    return value


def _amount(fields: Fields, name: str) -> int:
    """Fen, as up to twelve digits."""
    text = _text(fields, name, 12)
    if not re.fullmatch(r"[1-9][0-9]*", text):
        raise _Refused(WRONG_FIELDS, f"{name} is not a number of fen")
    return int(text)


def _place(fields: Fields) -> None:
    place = fields.get("location_info")
    if not isinstance(place, dict) or not isinstance(place.get("request_ip"), str):
        raise _Refused(WRONG_FIELDS, "location_info.request_ip is needed")
