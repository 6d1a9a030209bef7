"""Signs for Lakala by hand and checks its answers, so that another hand than the till's is on the pen."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from practice.gateways.call import Call, Reply

PKCS1 = padding.PKCS1v15()


class Merchant:
    """`checked` of an answer is what the signature vouches for; an answer it does not vouch for is an error."""

    def __init__(
        self, send: Callable[[Call], Reply | None], setup: dict[str, str], clock: Callable[[], float]
    ) -> None:
        self.send = send
        self.setup = setup
        self.clock = clock
        self._nonces = 0
        key = serialization.load_pem_private_key(setup["private_key"].encode(), None)
        assert isinstance(key, rsa.RSAPrivateKey)
        self._key = key

    def call(self, path: str, data: dict[str, Any], *, at: int | None = None) -> Call:
        self._nonces += 1
        filled = {"merchant_no": self.setup["merchant_no"], "term_no": self.setup["term_no"], **data}
        whole = {"req_time": "20300101120000", "version": "3.0", "req_data": filled}
        body = json.dumps(whole, ensure_ascii=False).encode()
        app, serial = self.setup["appid"], self.setup["serial_no"]
        time, nonce = str(int(self.clock()) if at is None else at), f"{self._nonces:012d}"
        message = f"{app}\n{serial}\n{time}\n{nonce}\n".encode() + body + b"\n"
        signature = base64.b64encode(self._key.sign(message, PKCS1, hashes.SHA256())).decode()
        said = f'appid="{app}",serial_no="{serial}",timestamp="{time}",nonce_str="{nonce}"'
        headers = {"authorization": f'LKLAPI-SHA256withRSA {said},signature="{signature}"'}
        return Call("POST", f"/api/v3/labs/{path}", "", headers, body)

    def ask(self, path: str, **data: Any) -> Any:
        reply = self.send(self.call(path, data))
        return None if reply is None else self.checked(reply)

    def checked(self, reply: Reply) -> Any:
        """The answer's JSON; InvalidSignature when the platform's certificate does not vouch for it."""
        said = {name.lower(): value for name, value in reply.headers.items()}
        lines = [said[f"lklapi-{name}"] for name in ("appid", "serial", "timestamp", "nonce")]
        message = "".join(f"{line}\n" for line in lines).encode() + reply.body + b"\n"
        certificate = x509.load_pem_x509_certificate(self.setup["platform_certificate"].encode())
        key = certificate.public_key()
        assert isinstance(key, rsa.RSAPublicKey)
        key.verify(base64.b64decode(said["lklapi-signature"]), message, PKCS1, hashes.SHA256())
        assert int(lines[1], 16) == certificate.serial_number
        assert abs(int(lines[2]) - self.clock()) < 300
        return json.loads(reply.body)

    def payment(self, number: str, code: str, amount: int = 500) -> dict[str, Any]:
        return {
            "out_trade_no": number,
            "auth_code": code,
            "total_amount": str(amount),
            "subject": "Card",
            "location_info": {"request_ip": "127.0.0.1"},
        }

    def pay(self, number: str, code: str, amount: int = 500) -> Any:
        return self.ask("trans/micropay", **self.payment(number, code, amount))

    def query(self, number: str) -> Any:
        return self.ask("query/tradequery", out_trade_no=number)

    def undo(self, verb: str, number: str) -> Any:
        place = {"location_info": {"request_ip": "127.0.0.1"}}
        own = {"out_trade_no": f"U{number}"} if verb == "revoked" else {}
        return self.ask(f"relation/{verb}", origin_out_trade_no=number, **own, **place)

    def refund(self, number: str, refund_number: str, amount: int) -> Any:
        return self.ask(
            "relation/refund",
            out_trade_no=refund_number,
            refund_amount=str(amount),
            origin_out_trade_no=number,
            location_info={"request_ip": "127.0.0.1"},
        )
