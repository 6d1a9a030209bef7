"""WeChat Pay V3: payment by code, QR orders, refunds, the bill and the platform's certificates."""

import gzip
import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qs, unquote

from practice.gateways.bank import BEIJING, Bank
from practice.gateways.call import Call, Reply
from practice.gateways.mischief import Fault, Kind, Mischief
from practice.gateways.teller import Asked, Content
from practice.gateways.told import Refusal, State, Told
from practice.gateways.wechat.bill import Readiness, bill_csv, readiness
from practice.gateways.wechat.keys import Merchant, Platform, Proof, seal
from practice.gateways.wechat.orders import (
    MEANINGS,
    NUMBER,
    REFUND_NUMBER,
    SHOWN_S,
    Orders,
    code_text,
    course_of,
    names_of,
    refund_id,
    refusal_of_pay,
    trade_state,
    transaction_id,
)

URL_LIVES_S = 300
_PAY = "/v3/pay/transactions/"
_STATUS_OF = {
    "ORDERPAID": 403,
    "ORDERREVERSED": 403,
    "OUT_TRADE_NO_USED": 403,
    "NOTENOUGH": 403,
    "TRADE_ERROR": 403,
    "ORDER_CLOSED": 400,
    "AUTHCODEEXPIRE": 400,
    "AUTH_CODE_ERROR": 400,
    "AUTH_CODE_INVALID": 400,
}
_REFUND_REFUSALS = {
    Refusal.NO_ORDER: (404, "RESOURCE_NOT_EXISTS"),
    Refusal.NOT_PAID: (400, "INVALID_REQUEST"),
    Refusal.OVER_THE_REST: (400, "INVALID_REQUEST"),
    Refusal.REFUND_OTHERWISE: (400, "INVALID_REQUEST"),
}


class RefusedError(Exception):
    """The request is not carried out."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.content = error(status, code)


def error(status: int, code: str) -> Content:
    """An error as version 3 writes it."""
    return Content({"code": code, "message": code.replace("_", " ").lower()}, status)


class V3:
    """Reads requests whose Authorization was found good."""

    def __init__(
        self,
        orders: Orders,
        mischief: Mischief,
        merchant: Merchant,
        platform: Platform,
        show_as: Callable[[str, str], object],
    ) -> None:
        self._orders = orders
        self._bank: Bank = orders.bank
        self._mischief = mischief
        self._merchant = merchant
        self._platform = platform
        self._show_as = show_as
        self._tokens: dict[str, tuple[bytes, date, float]] = {}

    def read(self, call: Call) -> Asked:
        """What is asked, or RefusedError."""
        query = {name: texts[-1] for name, texts in parse_qs(call.query).items()}
        if found := re.fullmatch(_PAY + r"out-trade-no/([^/]+)(?:/(reverse|close))?", call.path):
            return self._about(call, unquote(found[1]), found[2], query)
        if found := re.fullmatch("/v3/refund/domestic/refunds/([^/]+)", call.path):
            return self._ask_refund(_checked(unquote(found[1]), REFUND_NUMBER))
        match call.method, call.path:
            case "POST", "/v3/pay/transactions/codepay":
                return self._pay(self._fields(call))
            case "POST", "/v3/pay/transactions/native":
                return self._native(self._fields(call))
            case "POST", "/v3/refund/domestic/refunds":
                return self._refund(_object(call.body))
            case "GET", "/v3/bill/tradebill":
                return self._bill(query, call.headers.get("host", "127.0.0.1"))
            case "GET", "/v3/billdownload/file":
                return self._download(query.get("token", ""))
            case "GET", "/v3/certificates":
                return Asked(Kind.BEGIN_DAY, "", lambda: Told(""), self._certificates)
        raise RefusedError(404, "RESOURCE_NOT_EXISTS")

    def trouble(self, asked: Asked, fault: Fault) -> Content:
        """Version 3's own words for what goes wrong."""
        if fault is Fault.BUSY:
            return error(202, "USERPAYING")
        if fault is Fault.NOT_FOUND:
            is_order = asked.kind is Kind.ASK
            return error(404, "ORDER_NOT_EXIST" if is_order else "RESOURCE_NOT_EXISTS")
        return error(500, "BANKERROR" if fault is Fault.SYSTEM_ERROR_AFTER else "SYSTEM_ERROR")

    # --- Orders ---

    def _pay(self, fields: Mapping[str, Any]) -> Asked:
        number, amount = self._order(fields)
        code, scene = _inside(fields, "payer").get("auth_code"), _inside(fields, "scene_info")
        store = _inside(scene, "store_info")
        if not isinstance(code, str) or not (store.get("id") or store.get("out_id")):
            raise RefusedError(400, "PARAM_ERROR")
        course = course_of(self._mischief, number, code)

        def say(told: Told) -> Content:
            refused = refusal_of_pay(told)
            if refused is not None:
                return error(_STATUS_OF[refused], refused)
            return self._describe(told, 202 if told.state is State.WAITING else 200)

        return Asked(Kind.PAY, number, lambda: self._bank.pay(number, amount, code, course), say)

    def _native(self, fields: Mapping[str, Any]) -> Asked:
        number, amount = self._order(fields)
        if not str(fields.get("notify_url", "")).startswith("https://"):
            raise RefusedError(400, "PARAM_ERROR")
        lives_s = self._lives(fields.get("time_expire"))
        text = code_text(number)
        self._mischief.course(number, None)
        self._show_as(number, text)

        def say(told: Told) -> Content:
            if told.refusal is Refusal.NUMBER_TAKEN_OTHERWISE:
                return error(403, "OUT_TRADE_NO_USED")
            if told.state is State.SHOWN:
                return Content({"code_url": text})
            is_closed = told.state in (State.CLOSED, None)
            return error(400, "ORDER_CLOSED") if is_closed else error(403, "ORDERPAID")

        return Asked(Kind.SHOW, number, lambda: self._bank.show(number, amount, lives_s), say)

    def _about(self, call: Call, number: str, act: str | None, query: Mapping[str, str]) -> Asked:
        _checked(number, NUMBER)
        if act is None and call.method == "GET":
            if query.get("mchid") != self._merchant.mchid:
                raise RefusedError(400, "PARAM_ERROR")
            return Asked(Kind.ASK, number, lambda: self._bank.ask(number), self._describe)
        if call.method != "POST" or act is None:
            raise RefusedError(404, "RESOURCE_NOT_EXISTS")
        fields = _object(call.body)
        if fields.get("mchid") != self._merchant.mchid:
            raise RefusedError(400, "PARAM_ERROR")
        if act == "close":
            return Asked(Kind.UNDO, number, lambda: self._orders.close(number), self._closed)
        if fields.get("appid") != self._merchant.appid:
            raise RefusedError(400, "APPID_MCHID_NOT_MATCH")
        return Asked(Kind.UNDO, number, lambda: self._orders.reverse(number), self._reversed)

    def _closed(self, told: Told) -> Content:
        if told.refusal is Refusal.NO_ORDER:
            return error(404, "ORDER_NOT_EXIST")
        if told.refusal is None or (told.is_shown and told.state is State.CLOSED):
            return Content({}, 204)
        return error(403, "ORDERPAID") if told.is_shown else error(400, "INVALID_REQUEST")

    def _reversed(self, told: Told) -> Content:
        """An order that it does not know is reversed, too."""
        if told.refusal is Refusal.CANNOT_UNDO:
            return error(400, "INVALID_REQUEST") if told.is_shown else error(403, "REVERSE_EXPIRE")
        names = {"appid": self._merchant.appid, "mchid": self._merchant.mchid}
        return Content({**names, "out_trade_no": told.number})

    def _describe(self, told: Told, status: int = 200) -> Content:
        if told.state is None:
            return error(404, "ORDER_NOT_EXIST")
        state = trade_state(told)
        fields: dict[str, object] = {
            "appid": self._merchant.appid,
            "mchid": self._merchant.mchid,
            "out_trade_no": told.number,
            "trade_state": state,
            "trade_state_desc": MEANINGS[state],
            "trade_type": "NATIVE" if told.is_shown else "MICROPAY",
            "amount": {"total": told.amount, "currency": "CNY"},
        }
        if told.paid_at is not None:
            fields["transaction_id"] = transaction_id(told)
            fields["success_time"] = _moment(told.paid_at)
            fields["bank_type"] = "OTHERS"
            fields["payer"] = {"openid": "oPractice"}
        return Content(fields, status)

    # --- Money back ---

    def _refund(self, fields: Mapping[str, Any]) -> Asked:
        number = _checked(fields.get("out_trade_no"), NUMBER)
        refund_number = _checked(fields.get("out_refund_no"), REFUND_NUMBER)
        amount = _inside(fields, "amount")
        refund, total = _fen(amount.get("refund")), _fen(amount.get("total"))
        if amount.get("currency") != "CNY":
            raise RefusedError(400, "PARAM_ERROR")
        return Asked(
            Kind.REFUND,
            number,
            lambda: self._orders.refund(number, refund_number, refund, total),
            self._refunded,
        )

    def _ask_refund(self, refund_number: str) -> Asked:
        number = self._orders.order_of(refund_number)
        return Asked(
            Kind.ASK_REFUND,
            number or refund_number,
            lambda: self._bank.ask(self._orders.order_of(refund_number), refund_number),
            self._refunded,
        )

    def _refunded(self, told: Told) -> Content:
        if told.refusal is not None:
            return error(*_REFUND_REFUSALS[told.refusal])
        if told.refund is None:
            return error(404, "RESOURCE_NOT_EXISTS")
        status = self._orders.refund_status(told.refund)
        fields: dict[str, object] = {
            "refund_id": refund_id(told.refund),
            "out_refund_no": told.refund.number,
            "transaction_id": transaction_id(told),
            "out_trade_no": told.number,
            "channel": "ORIGINAL",
            "user_received_account": "\u652f\u4ed8\u7528\u6237\u96f6\u94b1",
            "create_time": _moment(told.refund.at),
            "status": status,
            "amount": {"total": told.amount, "refund": told.refund.amount, "currency": "CNY"},
        }
        if status == "SUCCESS":
            fields["success_time"] = _moment(told.refund.at)
        return Content(fields)

    # --- Once a day ---

    def _bill(self, query: Mapping[str, str], host: str) -> Asked:
        day = _day(query.get("bill_date", ""))
        if query.get("bill_type", "ALL") != "ALL" or query.get("tar_type", "GZIP") != "GZIP":
            raise RefusedError(400, "PARAM_ERROR")

        def say(told: Told) -> Content:
            match readiness(self._bank, day):
                case Readiness.NOT_OVER:
                    return error(400, "PARAM_ERROR")
                case Readiness.IN_THE_MAKING:
                    return error(400, "STATEMENT_CREATING")
                case Readiness.EMPTY:
                    return error(400, "NO_STATEMENT_EXIST")
            text = bill_csv(self._bank.bill(day), self._merchant, names_of(self._bank))
            token = secrets.token_hex(16)
            sent = gzip.compress(text) if "tar_type" in query else text
            self._tokens[token] = (sent, day, self._bank.catch_up() + URL_LIVES_S)
            digest = hashlib.sha1(text, usedforsecurity=False).hexdigest()
            url = f"http://{host}/v3/billdownload/file?token={token}"
            return Content({"hash_type": "SHA1", "hash_value": digest, "download_url": url})

        return Asked(Kind.BILL, day.isoformat(), lambda: Told(""), say)

    def _download(self, token: str) -> Asked:
        """The file itself; its answer bears no signature."""
        sent, day, ends_at = self._tokens.get(token, (b"", date.min, 0.0))
        if self._bank.catch_up() > ends_at:
            raise RefusedError(400, "INVALID_REQUEST")
        reply = Reply(200, {"content-type": "application/octet-stream"}, sent)
        return Asked(Kind.BILL, day.isoformat(), lambda: Told(""), lambda told: reply)

    def _certificates(self, told: Told) -> Content:
        if self._platform.proof is Proof.PUBLIC_KEY:
            return error(404, "RESOURCE_NOT_EXISTS")
        listed = [
            {
                "serial_no": each.name,
                "effective_time": each.begins.astimezone(BEIJING).isoformat() if each.begins else "",
                "expire_time": each.ends.astimezone(BEIJING).isoformat() if each.ends else "",
                "encrypt_certificate": seal(
                    self._merchant.api_v3_key, each.certificate or b"", "certificate"
                ),
            }
            for each in self._platform.told()
        ]
        return Content({"data": listed})

    # --- What a request must hold ---

    def _fields(self, call: Call) -> Mapping[str, Any]:
        fields = _object(call.body)
        if (fields.get("appid"), fields.get("mchid")) != (self._merchant.appid, self._merchant.mchid):
            raise RefusedError(400, "APPID_MCHID_NOT_MATCH")
        return fields

    def _order(self, fields: Mapping[str, Any]) -> tuple[str, int]:
        description = fields.get("description")
        if not isinstance(description, str) or not 1 <= len(description) <= 127:
            raise RefusedError(400, "PARAM_ERROR")
        amount = _inside(fields, "amount")
        if amount.get("currency", "CNY") != "CNY":
            raise RefusedError(400, "PARAM_ERROR")
        return _checked(fields.get("out_trade_no"), NUMBER), _fen(amount.get("total"))

    def _lives(self, time_expire: object) -> float:
        if time_expire is None:
            return SHOWN_S
        try:
            ends = datetime.fromisoformat(str(time_expire))
        except ValueError:
            raise RefusedError(400, "PARAM_ERROR") from None
        if ends.tzinfo is None or ends.timestamp() <= self._bank.catch_up():
            raise RefusedError(400, "PARAM_ERROR")
        return ends.timestamp() - self._bank.catch_up()


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        fields = None
    if not isinstance(fields, dict):
        raise RefusedError(400, "PARAM_ERROR")
    return fields


def _inside(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = fields.get(name)
    return found if isinstance(found, dict) else {}


def _checked(text: object, pattern: re.Pattern[str]) -> str:
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise RefusedError(400, "PARAM_ERROR")
    return text


def _fen(amount: object) -> int:
    if not isinstance(amount, int) or isinstance(amount, bool) or amount <= 0:
        raise RefusedError(400, "PARAM_ERROR")
    return amount


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise RefusedError(400, "PARAM_ERROR") from None


def _moment(at: float) -> str:
    return datetime.fromtimestamp(int(at), BEIJING).isoformat()
