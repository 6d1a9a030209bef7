"""Alipay's gateway: checks who asks, lets the trades happen, signs what they say."""

import base64
import secrets
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from urllib.parse import parse_qs, urlencode

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from practice.gateways.alipay.bill import bill_zip
from practice.gateways.alipay.keys import (
    AlipayKeys,
    alipay_certificate,
    make_alipay_keys,
    root_serial,
    serial_of,
    setup_of,
)
from practice.gateways.alipay.trades import (
    Answer,
    Question,
    RefusedError,
    Trades,
    done,
    failed,
    read_biz,
    trade_no,
)
from practice.gateways.alipay.words import (
    answer_name,
    is_request_signed,
    read_form,
    read_timestamp,
    write_answer,
    write_timestamp,
)
from practice.gateways.bank import BEIJING, Bank
from practice.gateways.call import Call, Reply
from practice.gateways.mischief import Fault, Kind, Mischief
from practice.gateways.rsa_keys import new_key
from practice.gateways.teller import Asked, Content, Teller
from practice.gateways.told import Told

GATEWAY = "/gateway.do"
DOWNLOAD = "/downloadBillFile.resource"
BILL = "alipay.data.dataservice.bill.downloadurl.query"
CERTIFICATE = "alipay.open.app.alipaycert.download"
READY_AFTER = timedelta(hours=10)
URL_LIVES_S = 30
# How far a timestamp may be off; Alipay's own bound is not published. It must catch a clock that is in another zone.
WINDOW_S = 3600
_NEEDED = ("app_id", "method", "charset", "sign_type", "sign", "timestamp", "version")
_FIXED = {"format": ("JSON", ""), "charset": ("utf-8", "UTF-8"), "sign_type": ("RSA2",), "version": ("1.0",)}


class AlipayGateway(Teller):
    """With `has_certificates` it is in certificate mode, else in key mode."""

    def __init__(
        self,
        bank: Bank,
        mischief: Mischief,
        clock: Callable[[], float],
        *,
        has_certificates: bool = False,
        keys: AlipayKeys | None = None,
    ) -> None:
        super().__init__(bank, mischief, clock)
        self._has_certificates = has_certificates
        self._keys = keys or make_alipay_keys(clock())
        self._app_key = self._keys.app_key.public_key()
        self._app_serial = serial_of(self._keys.app_certificate)
        self._root_serial = root_serial(self._keys.root)
        self._signer = self._keys.alipay_key
        self._spare: RSAPrivateKey | None = None
        self._serial = serial_of(self._keys.alipay_certificate)
        self._certificates = {self._serial: self._keys.alipay_certificate}
        self._trades = Trades(bank, mischief, self._show_as)
        self._tokens: dict[str, tuple[date, float]] = {}

    @property
    def setup(self) -> dict[str, str]:
        return setup_of(self._keys, has_certificates=self._has_certificates)

    def _read(self, call: Call) -> Asked | Reply:
        if (call.method, call.path) == ("GET", DOWNLOAD):
            return self._download(call)
        if (call.method, call.path) != ("POST", GATEWAY):
            return Reply(404, {"content-type": "text/plain"}, b"Not Found")
        method = ""
        try:
            fields = read_form(call.query, call.body)
            method = fields.get("method", "")
            self._check(fields)
            return self._asked(method, fields, call.headers.get("host", "127.0.0.1"))
        except RefusedError as error:
            known = method if self._knows(method) else ""
            return self._seal(Answer(failed(error.sub_code, error.code), method=known), Fault.NONE)
        except ValueError:
            return self._seal(Answer(failed("isv.invalid-encoding", "40002")), Fault.NONE)

    def _check(self, fields: Mapping[str, str]) -> None:
        """Whose request it is comes first: of a request that proves nothing nothing else is said."""
        for name in _NEEDED:
            if not fields.get(name):
                raise RefusedError("40001", f"isv.missing-{name.replace('_', '-')}")
        if fields["app_id"] != self._keys.app_id:
            raise RefusedError("40002", "isv.invalid-app-id")
        if not is_request_signed(fields, self._app_key):
            raise RefusedError("40002", "isv.invalid-signature")
        for name, right in _FIXED.items():
            if fields.get(name, "") not in right:
                raise RefusedError("40002", f"isv.invalid-{name.replace('_', '-')}")
        at = read_timestamp(fields["timestamp"])
        if at is None or abs(self.clock() - at) > WINDOW_S:
            raise RefusedError("40002", "isv.invalid-timestamp")
        if self._has_certificates:
            if fields.get("app_cert_sn") != self._app_serial:
                raise RefusedError("40002", "isv.invalid-app-cert-sn")
            if fields.get("alipay_root_cert_sn") != self._root_serial:
                raise RefusedError("40002", "isv.invalid-alipay-root-cert-sn")
        if not self._knows(fields["method"]):
            raise RefusedError("40002", "isv.invalid-method")

    def _knows(self, method: str) -> bool:
        return self._trades.knows(method) or method in (BILL, CERTIFICATE)

    def _asked(self, method: str, fields: Mapping[str, str], host: str) -> Question:
        biz_content = fields.get("biz_content", "")
        if method == BILL:
            return self._bill(read_biz(biz_content), host)
        if method == CERTIFICATE:
            return self._certificate(str(read_biz(biz_content).get("alipay_cert_sn")))
        return self._trades.read(method, biz_content)

    def _certificate(self, serial: str) -> Question:
        def say(told: Told) -> Answer:
            found = self._certificates.get(serial)
            if found is None or not self._has_certificates:
                return Answer(failed("isv.invalid-alipay-cert-sn"), method=CERTIFICATE)
            return Answer(done(alipay_cert_content=base64.b64encode(found).decode()), method=CERTIFICATE)

        return Question(Kind.BEGIN_DAY, "", lambda: Told(""), say, CERTIFICATE)

    def _bill(self, biz: Mapping[str, object], host: str) -> Question:
        """Of a day that is over, from ten o'clock on; a day without a movement has none."""
        try:
            day = date.fromisoformat(str(biz.get("bill_date")))
        except ValueError:
            day = date.max
        if biz.get("bill_type") != "trade" or day >= self.bank.today():
            raise RefusedError("40004", "isv.invalid-arguments")

        def say(told: Told) -> Answer:
            now = self.bank.catch_up()
            ready = datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(days=1) + READY_AFTER
            if now < ready.timestamp() or not self.bank.bill(day):
                return Answer(failed("isp.bill_not_exist"), method=BILL)
            token = secrets.token_hex(16)
            self._tokens[token] = (day, now + URL_LIVES_S)
            query = urlencode(
                {
                    "bizType": "trade",
                    "fileType": "csv.zip",
                    "bizDates": f"{day:%Y%m%d}",
                    "timestamp": write_timestamp(now),
                    "token": token,
                }
            )
            return Answer(done(bill_download_url=f"http://{host}{DOWNLOAD}?{query}"), method=BILL)

        return Question(Kind.BILL, day.isoformat(), lambda: Told(""), say, BILL)

    def _download(self, call: Call) -> Asked | Reply:
        token = parse_qs(call.query).get("token", [""])[0]
        day, ends_at = self._tokens.get(token, (date.min, 0.0))
        now = self.bank.catch_up()
        if now > ends_at:
            return Reply(200, {"content-type": "text/html"}, b"<p>the download timed out, ask again</p>")
        numbers = {each.number: trade_no(each) for each in self.bank.orders()}
        packed = bill_zip(day, self.bank.bill(day), numbers, now)
        reply = Reply(200, {"content-type": "application/zip"}, packed)
        return Question(Kind.BILL, day.isoformat(), lambda: Told(""), lambda told: reply)

    def _seal(self, content: Content, fault: Fault) -> Reply:
        method = content.method if isinstance(content, Answer) else ""
        serial = self._serial
        if fault is Fault.KEY_ROTATED and self._has_certificates:
            serial = self._rotate()
        elif fault is Fault.UNKNOWN_SERIAL:
            serial = secrets.token_hex(16)
        named = serial if self._has_certificates else None
        body = write_answer(answer_name(method), content.fields, self._signer, named)
        if fault is Fault.BAD_SIGNATURE:
            # another store's name is a change that nobody would see
            body = body.replace(b"a}b", b"a}c") if b"a}b" in body else body.replace(b'"msg":"', b'"msg":" ')
        return Reply(200, {"content-type": "text/html;charset=utf-8"}, body)

    def _rotate(self) -> str:
        # two keys take turns, since making one is slow; each turn has a certificate of its own
        self._signer, self._spare = self._spare or new_key(), self._signer
        made = alipay_certificate(self._keys, self._signer, self.clock())
        self._serial = serial_of(made)
        self._certificates[self._serial] = made
        return self._serial

    def _trouble(self, asked: Asked, fault: Fault) -> Content:
        method = asked.method if isinstance(asked, Question) else ""
        if fault is Fault.BUSY:
            return Answer(done(out_trade_no=asked.number, retry_flag="Y"), method=method)
        if fault is Fault.NOT_FOUND and asked.kind is Kind.ASK_REFUND:
            return Answer(done(), method=method)
        if fault is Fault.NOT_FOUND:
            return Answer(failed("ACQ.TRADE_NOT_EXIST"), method=method)
        if fault is Fault.SYSTEM_ERROR_BEFORE:
            return Answer(failed("aop.ACQ.SYSTEM_ERROR", "20000"), method=method)
        return Answer(failed("ACQ.SYSTEM_ERROR"), method=method)

    def _forged(self, asked: Asked) -> Reply:
        method = asked.method if isinstance(asked, Question) else ""
        content = Content(failed("ACQ.BUYER_BALANCE_NOT_ENOUGH") | {"out_trade_no": asked.number})
        body = f'{{"{answer_name(method)}":{content.as_json().decode()}}}'
        return Reply(403, {"content-type": "text/html;charset=utf-8"}, body.encode())
