"""WeChat Pay V2 in XML: payment by code, QR orders, question, reversal, close, refund, bill; the same orders as V3."""

import gzip
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from practice.gateways.bank import BEIJING
from practice.gateways.call import Call, Reply
from practice.gateways.mischief import Fault, Kind, Mischief
from practice.gateways.teller import Asked, Content
from practice.gateways.told import Refusal, State, Told
from practice.gateways.wechat.bill import Readiness, bill_csv, readiness
from practice.gateways.wechat.keys import Merchant
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
from practice.gateways.wechat.v2_words import MalformedXmlError, is_signed_v2, read_xml, sign_v2, write_xml

NO_BILL = "20002"
_REFUND_REFUSALS = {
    Refusal.NO_ORDER: "ORDERNOTEXIST",
    Refusal.NOT_PAID: "TRADE_STATE_ERROR",
    Refusal.OVER_THE_REST: "REFUND_FEE_MISMATCH",
    Refusal.REFUND_OTHERWISE: "REFUND_FEE_MISMATCH",
}
_Fields = Mapping[str, str]
_Texts = dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer(Content):
    """An answer of version 2; it is signed in the way in which the request was."""

    sign_type: str = "MD5"


@dataclass(frozen=True, slots=True)
class Question(Asked):
    """A request of version 2."""

    sign_type: str = "MD5"


class V2:
    """Reads requests in XML and writes the answers; the client's certificate of /secapi is not asked for."""

    def __init__(
        self, orders: Orders, mischief: Mischief, merchant: Merchant, show_as: Callable[[str, str], object]
    ) -> None:
        self._orders = orders
        self._show_as = show_as
        self._bank = orders.bank
        self._mischief = mischief
        self._merchant = merchant
        self._paths: Mapping[str, Callable[[_Fields, str], Asked | Reply]] = {
            "/pay/micropay": self._pay,
            "/pay/unifiedorder": self._native,
            "/pay/closeorder": self._close,
            "/pay/orderquery": self._query,
            "/secapi/pay/reverse": self._reverse,
            "/secapi/pay/refund": self._refund,
            "/pay/refundquery": self._refund_query,
            "/pay/downloadbill": self._bill,
        }

    def read(self, call: Call) -> Asked | Reply:
        """What is asked, or the unsigned answer to a request that proves nothing."""
        try:
            fields = read_xml(call.body)
        except MalformedXmlError:
            return unsigned("XML_FORMAT_ERROR")
        if call.method != "POST" or call.path not in self._paths:
            return Reply(404, {"content-type": "text/plain"}, b"Not Found")
        if not fields.get("nonce_str") or not is_signed_v2(fields, self._merchant.api_v2_key):
            return unsigned("SIGNERROR")
        if (fields.get("appid"), fields.get("mch_id")) != (self._merchant.appid, self._merchant.mchid):
            return unsigned("APPID_MCHID_NOT_MATCH")
        return self._paths[call.path](fields, fields.get("sign_type") or "MD5")

    def seal(self, answer: Answer, fault: Fault) -> Reply:
        """The answer in XML, signed over all of its fields."""
        fields = {
            "return_code": "SUCCESS",
            "return_msg": "OK",
            "appid": self._merchant.appid,
            "mch_id": self._merchant.mchid,
            "nonce_str": secrets.token_hex(16),
            **{name: str(text) for name, text in answer.fields.items()},
        }
        signature = sign_v2(fields, self._merchant.api_v2_key, answer.sign_type)
        if fault is Fault.BAD_SIGNATURE:
            signature = signature[:-1] + ("0" if signature[-1] != "0" else "1")
        return _xml(200, fields | {"sign": signature})

    def trouble(self, asked: Question, fault: Fault) -> Answer:
        """Version 2's own words for what goes wrong."""
        if fault is Fault.BUSY:
            return Answer(_no("USERPAYING") | {"recall": "Y"}, sign_type=asked.sign_type)
        if fault is Fault.NOT_FOUND:
            code = "ORDERNOTEXIST" if asked.kind is Kind.ASK else "REFUNDNOTEXIST"
            return Answer(_no(code), sign_type=asked.sign_type)
        is_pay_done = fault is Fault.SYSTEM_ERROR_AFTER and asked.kind is Kind.PAY
        return Answer(_no("BANKERROR" if is_pay_done else "SYSTEMERROR"), sign_type=asked.sign_type)

    def forged(self, asked: Question) -> Reply:
        """A refusal that nobody signed."""
        fields = {"return_code": "SUCCESS", "return_msg": "OK", **_no("NOTENOUGH")}
        return _xml(403, fields | {"out_trade_no": asked.number})

    def _pay(self, fields: _Fields, sign_type: str) -> Asked | Reply:
        number, amount, code = (
            fields.get("out_trade_no", ""),
            _fen(fields, "total_fee"),
            fields.get("auth_code"),
        )
        if not NUMBER.fullmatch(number) or not amount or not code:
            return self._refused("PARAM_ERROR", sign_type)
        if not fields.get("spbill_create_ip") or not 1 <= len(fields.get("body", "")) <= 127:
            return self._refused("LACK_PARAMS", sign_type)
        course = course_of(self._mischief, number, code)

        def say(told: Told) -> Answer:
            refused = refusal_of_pay(told)
            if refused is None and told.state is State.WAITING:
                refused = "USERPAYING"
            said = _no(refused) if refused else _yes() | _paid(told)
            return Answer(said, sign_type=sign_type)

        return Question(
            Kind.PAY, number, lambda: self._bank.pay(number, amount, code, course), say, sign_type
        )

    def _native(self, fields: _Fields, sign_type: str) -> Asked | Reply:
        number, amount = fields.get("out_trade_no", ""), _fen(fields, "total_fee")
        lives_s = self._lives(fields.get("time_expire", ""))
        if not NUMBER.fullmatch(number) or not amount or lives_s is None:
            return self._refused("PARAM_ERROR", sign_type)
        needed = ("body", "spbill_create_ip", "notify_url", "product_id")
        if fields.get("trade_type") != "NATIVE" or not all(fields.get(name) for name in needed):
            return self._refused("LACK_PARAMS", sign_type)
        text = code_text(number)
        self._mischief.course(number, None)
        self._show_as(number, text)

        def say(told: Told) -> Answer:
            if told.refusal is Refusal.NUMBER_TAKEN_OTHERWISE:
                said = _no("OUT_TRADE_NO_USED")
            elif told.state is State.SHOWN:
                made = {"prepay_id": f"wx{text[-9:]}", "code_url": text}
                said = _yes() | {"trade_type": "NATIVE"} | made
            else:
                said = _no("ORDERCLOSED" if told.state in (State.CLOSED, None) else "ORDERPAID")
            return Answer(said, sign_type=sign_type)

        return Question(Kind.SHOW, number, lambda: self._bank.show(number, amount, lives_s), say, sign_type)

    def _lives(self, time_expire: str) -> float | None:
        """Seconds from now; None for a time that is none or over."""
        if not time_expire:
            return SHOWN_S
        try:
            ends = datetime.strptime(time_expire, "%Y%m%d%H%M%S").replace(tzinfo=BEIJING)
        except ValueError:
            return None
        left = ends.timestamp() - self._bank.catch_up()
        return left if left > 0 else None

    def _close(self, fields: _Fields, sign_type: str) -> Asked | Reply:
        number = fields.get("out_trade_no", "")

        def say(told: Told) -> Answer:
            if told.refusal is Refusal.NO_ORDER:
                said = _no("ORDERNOTEXIST")
            elif told.refusal is None:
                said = _yes()
            elif told.is_shown:
                said = _no("ORDERCLOSED" if told.state is State.CLOSED else "ORDERPAID")
            else:
                said = _no("INVALID_REQUEST")
            return Answer(said, sign_type=sign_type)

        return Question(Kind.UNDO, number, lambda: self._orders.close(number), say, sign_type)

    def _query(self, fields: _Fields, sign_type: str) -> Asked | Reply:
        number = fields.get("out_trade_no", "")

        def say(told: Told) -> Answer:
            if told.state is None:
                return Answer(_no("ORDERNOTEXIST"), sign_type=sign_type)
            state = trade_state(told)
            said = {"trade_state": state, "trade_state_desc": MEANINGS[state]}
            known = _paid(told) if told.paid_at is not None else {"out_trade_no": told.number}
            return Answer(_yes() | said | known | {"total_fee": str(told.amount)}, sign_type=sign_type)

        return Question(Kind.ASK, number, lambda: self._bank.ask(number), say, sign_type)

    def _reverse(self, fields: _Fields, sign_type: str) -> Asked | Reply:
        number = fields.get("out_trade_no", "")

        def say(told: Told) -> Answer:
            is_refused = told.refusal is Refusal.CANNOT_UNDO
            said = _no("INVALID_REQUEST" if told.is_shown else "REVERSE_EXPIRE") if is_refused else _yes()
            return Answer(said | {"recall": "N"}, sign_type=sign_type)

        return Question(Kind.UNDO, number, lambda: self._orders.reverse(number), say, sign_type)

    def _refund(self, fields: _Fields, sign_type: str) -> Asked | Reply:
        number, refund_number = fields.get("out_trade_no", ""), fields.get("out_refund_no", "")
        amount, total = _fen(fields, "refund_fee"), _fen(fields, "total_fee")
        if (
            not NUMBER.fullmatch(number)
            or not REFUND_NUMBER.fullmatch(refund_number)
            or not (amount and total)
        ):
            return self._refused("PARAM_ERROR", sign_type)

        def say(told: Told) -> Answer:
            if told.refusal is not None:
                return Answer(_no(_REFUND_REFUSALS[told.refusal]), sign_type=sign_type)
            said = {
                "transaction_id": transaction_id(told),
                "out_trade_no": told.number,
                "out_refund_no": refund_number,
                "refund_id": refund_id(told.refund) if told.refund else "",
                "refund_fee": str(amount),
                "total_fee": str(told.amount),
                "cash_fee": str(told.amount),
            }
            return Answer(_yes() | said, sign_type=sign_type)

        return Question(
            Kind.REFUND,
            number,
            lambda: self._orders.refund(number, refund_number, amount, total),
            say,
            sign_type,
        )

    def _refund_query(self, fields: _Fields, sign_type: str) -> Asked | Reply:
        refund_number = fields.get("out_refund_no", "")

        def say(told: Told) -> Answer:
            if told.refund is None:
                return Answer(_no("REFUNDNOTEXIST"), sign_type=sign_type)
            said = {
                "transaction_id": transaction_id(told),
                "out_trade_no": told.number,
                "total_fee": str(told.amount),
                "refund_count": "1",
                "out_refund_no_0": told.refund.number,
                "refund_id_0": refund_id(told.refund),
                "refund_fee_0": str(told.refund.amount),
                "refund_status_0": self._orders.refund_status(told.refund),
            }
            return Answer(_yes() | said, sign_type=sign_type)

        return Question(
            Kind.ASK_REFUND,
            self._orders.order_of(refund_number) or refund_number,
            lambda: self._bank.ask(self._orders.order_of(refund_number), refund_number),
            say,
            sign_type,
        )

    def _bill(self, fields: _Fields, sign_type: str) -> Asked | Reply:
        try:
            day = datetime.strptime(fields.get("bill_date", ""), "%Y%m%d").replace(tzinfo=BEIJING).date()
        except ValueError:
            return unsigned("invalid bill_date", "20001")
        if fields.get("bill_type", "ALL") != "ALL" or fields.get("tar_type", "GZIP") != "GZIP":
            return unsigned("invalid bill_type", "20001")

        def say(told: Told) -> Reply:
            if readiness(self._bank, day) is not Readiness.READY:
                return unsigned("No Bill Exist", NO_BILL)
            text = bill_csv(self._bank.bill(day), self._merchant, names_of(self._bank))
            return Reply(
                200, {"content-type": "text/plain"}, gzip.compress(text) if fields.get("tar_type") else text
            )

        return Question(Kind.BILL, day.isoformat(), lambda: Told(""), say, sign_type)

    def _refused(self, code: str, sign_type: str) -> Reply:
        return self.seal(Answer(_no(code), sign_type=sign_type), Fault.NONE)


def unsigned(message: str, error_code: str = "") -> Reply:
    """return_code FAIL bears no signature."""
    coded = {"error_code": error_code} if error_code else {}
    return _xml(200, {"return_code": "FAIL", "return_msg": message, **coded})


def _xml(status: int, fields: _Fields) -> Reply:
    return Reply(status, {"content-type": "text/plain"}, write_xml(fields))


def _yes() -> _Texts:
    return {"result_code": "SUCCESS"}


def _no(code: str) -> _Texts:
    return {"result_code": "FAIL", "err_code": code, "err_code_des": code.lower()}


def _paid(told: Told) -> _Texts:
    at = datetime.fromtimestamp(told.paid_at or told.made_at, BEIJING)
    return {
        "openid": "oPractice",
        "is_subscribe": "N",
        "trade_type": "NATIVE" if told.is_shown else "MICROPAY",
        "bank_type": "OTHERS",
        "total_fee": str(told.amount),
        "fee_type": "CNY",
        "cash_fee": str(told.amount),
        "transaction_id": transaction_id(told),
        "out_trade_no": told.number,
        "attach": "",
        "time_end": f"{at:%Y%m%d%H%M%S}",
    }


def _fen(fields: _Fields, name: str) -> int:
    text = fields.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0
