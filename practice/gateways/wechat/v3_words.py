"""The words of WeChat Pay V3: how a request proves who it is from, and an answer that it is WeChat Pay's."""

import re
from collections import OrderedDict

from practice.gateways.call import Call
from practice.gateways.rsa_keys import is_signed, sign
from practice.gateways.wechat.keys import Merchant, PlatformKey

SCHEME = "WECHATPAY2-SHA256-RSA2048"
WINDOW_S = 300
_PART = re.compile(r'([a-z_]+)="([^"]*)"')
_NEEDED = {"mchid", "nonce_str", "timestamp", "serial_no", "signature"}


class UnprovenError(Exception):
    """The request does not prove that it is the merchant's; the text says what is wrong with it."""


class RequestProof:
    """Checks Authorization headers (WeChat Pay V3, "signature generation"), each nonce once."""

    def __init__(self, merchant: Merchant) -> None:
        self._merchant = merchant
        self._public = merchant.key.public_key()
        self._nonces: OrderedDict[str, float] = OrderedDict()

    def check(self, call: Call, now: float) -> None:
        """Return when the request is the merchant's, of the last five minutes, and new; else UnprovenError."""
        scheme, _, rest = call.headers.get("authorization", "").partition(" ")
        parts = dict(_PART.findall(rest))
        if scheme != SCHEME or set(parts) != _NEEDED:
            raise UnprovenError("Authorization is missing or misshapen")
        if (parts["mchid"], parts["serial_no"]) != (self._merchant.mchid, self._merchant.serial):
            raise UnprovenError("no such merchant or certificate serial number")
        stamp = parts["timestamp"]
        if not (stamp.isascii() and stamp.isdigit()) or abs(now - int(stamp)) > WINDOW_S:
            raise UnprovenError("the timestamp is more than five minutes off")
        target = call.path + (f"?{call.query}" if call.query else "")
        head = f"{call.method}\n{target}\n{stamp}\n{parts['nonce_str']}\n"
        if not is_signed(self._public, head.encode() + call.body + b"\n", parts["signature"]):
            raise UnprovenError("the signature does not fit")
        if not self._is_new(parts["nonce_str"], now):
            raise UnprovenError("the nonce was used before")

    def _is_new(self, nonce: str, now: float) -> bool:
        # a request may be stamped five minutes ahead and repeated until five minutes after that
        while self._nonces and now - next(iter(self._nonces.values())) > 2 * WINDOW_S:
            self._nonces.popitem(last=False)
        if nonce in self._nonces:
            return False
        self._nonces[nonce] = now
        return True


def answer_headers(signer: PlatformKey, body: bytes, stamp: int, nonce: str) -> dict[str, str]:
    """The Wechatpay-* headers over exactly these bytes (WeChat Pay V3, "signature verification")."""
    message = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
    return {
        "Wechatpay-Timestamp": str(stamp),
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Serial": signer.name,
        "Wechatpay-Signature": sign(signer.key, message),
        "Wechatpay-Signature-Type": SCHEME,
    }
