"""WeChat Pay's gateway: version 3 and version 2 side by side, as the real host serves them."""

import secrets
from collections.abc import Callable
from dataclasses import replace

from practice.gateways.bank import Bank
from practice.gateways.call import Call, Reply
from practice.gateways.mischief import Fault, Mischief
from practice.gateways.teller import Asked, Content, Teller
from practice.gateways.wechat.keys import Merchant, Platform, Proof, make_merchant, setup_of
from practice.gateways.wechat.orders import Orders
from practice.gateways.wechat.v2 import V2, Answer, Question
from practice.gateways.wechat.v3 import V3, RefusedError, error
from practice.gateways.wechat.v3_words import RequestProof, UnprovenError, answer_headers

_AN_HOUR_S = 3600
_JSON = {"content-type": "application/json; charset=utf-8"}


class WeChatGateway(Teller):
    """`proof` says how the merchant checks the answers of version 3."""

    def __init__(
        self,
        bank: Bank,
        mischief: Mischief,
        clock: Callable[[], float],
        *,
        proof: Proof = Proof.PUBLIC_KEY,
        merchant: Merchant | None = None,
    ) -> None:
        super().__init__(bank, mischief, clock)
        self._merchant = merchant or make_merchant(clock())
        self._platform = Platform(proof, clock)
        self._request_proof = RequestProof(self._merchant)
        orders = Orders(bank)
        self._v2 = V2(orders, mischief, self._merchant, self._show_as)
        self._v3 = V3(orders, mischief, self._merchant, self._platform, self._show_as)

    @property
    def setup(self) -> dict[str, str]:
        return setup_of(self._merchant, self._platform)

    def _read(self, call: Call) -> Asked | Reply:
        if not call.path.startswith("/v3/"):
            return self._v2.read(call)
        try:
            self._request_proof.check(call, self.clock())
        except UnprovenError as refused:
            content = Content({"code": "SIGN_ERROR", "message": str(refused)})
            return Reply(401, _JSON, content.as_json())
        try:
            return self._v3.read(call)
        except RefusedError as refused:
            return self._seal(refused.content, Fault.NONE)

    def _seal(self, content: Content, fault: Fault) -> Reply:
        if isinstance(content, Answer):
            return self._v2.seal(content, fault)
        body = b"" if content.status == 204 else content.as_json()
        if content.status >= 500:
            return Reply(content.status, _JSON, body)
        signer = self._platform.rotate() if fault is Fault.KEY_ROTATED else self._platform.signer()
        if fault is Fault.UNKNOWN_SERIAL:
            signer = replace(signer, name=secrets.token_hex(20).upper())
        stamp = int(self.clock()) - (_AN_HOUR_S if fault is Fault.STALE else 0)
        signed = body + b" " if fault is Fault.BAD_SIGNATURE else body
        headers = answer_headers(signer, signed, stamp, secrets.token_hex(16))
        return Reply(content.status, {**_JSON, "Request-ID": secrets.token_hex(16), **headers}, body)

    def _trouble(self, asked: Asked, fault: Fault) -> Content:
        if isinstance(asked, Question):
            return self._v2.trouble(asked, fault)
        return self._v3.trouble(asked, fault)

    def _forged(self, asked: Asked) -> Reply:
        if isinstance(asked, Question):
            return self._v2.forged(asked)
        return Reply(403, _JSON, error(403, "NOTENOUGH").as_json())
