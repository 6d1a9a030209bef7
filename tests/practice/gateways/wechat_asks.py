"""A merchant of WeChat Pay, as plain as can be, in both versions: it believes only what is signed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import xml.etree.ElementTree as ET
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key, load_pem_public_key

from practice.gateways.bank import Bank
from practice.gateways.call import Call, Reply
from practice.gateways.mischief import Mischief, Ruled
from practice.gateways.wechat.gateway import WeChatGateway
from practice.gateways.wechat.keys import Proof, make_merchant
from tests.practice.gateways.plain import CODE, Hands

NOON = 1_700_020_800.0  # 12:00 in Beijing
MERCHANT = make_merchant(NOON)


class Merchant:
    """`keys` by the name that Wechatpay-Serial says."""

    def __init__(self, setup: dict[str, str], now: float = NOON) -> None:
        key = load_pem_private_key(setup["merchant_key"].encode(), None)
        assert isinstance(key, RSAPrivateKey)
        self.key, self.setup, self.now = key, setup, now
        self.keys: dict[str, RSAPublicKey] = {}
        if "public_key" in setup:
            public = load_pem_public_key(setup["public_key"].encode())
            assert isinstance(public, RSAPublicKey)
            self.keys[setup["public_key_id"]] = public

    def call(self, method: str, target: str, body: bytes = b"", **other: str) -> Call:
        """A signed request; `other` replaces parts of Authorization after it was signed."""
        nonce, stamp = secrets.token_hex(16), str(int(self.now))
        message = f"{method}\n{target}\n{stamp}\n{nonce}\n".encode() + body + b"\n"
        parts = {
            "mchid": self.setup["mchid"],
            "nonce_str": nonce,
            "timestamp": stamp,
            "serial_no": self.setup["merchant_serial"],
            "signature": base64.b64encode(self.key.sign(message, PKCS1v15(), SHA256())).decode(),
            **other,
        }
        told = ",".join(f'{name}="{text}"' for name, text in parts.items())
        path, _, query = target.partition("?")
        headers = {
            "authorization": f"WECHATPAY2-SHA256-RSA2048 {told}",
            "content-type": "application/json",
            "accept": "application/json",
        }
        return Call(method, path, query, headers, body)

    def believe(self, reply: Reply | None) -> dict[str, Any]:
        """The fields and the status; InvalidSignature when they are not signed, and lately."""
        assert reply is not None
        headers = {name.lower(): text for name, text in reply.headers.items()}
        key = self.keys.get(headers.get("wechatpay-serial", ""))
        if key is None or abs(self.now - int(headers["wechatpay-timestamp"])) > 300:
            raise InvalidSignature("no key, or too old")
        stamp, nonce = headers["wechatpay-timestamp"], headers["wechatpay-nonce"]
        message = f"{stamp}\n{nonce}\n".encode() + reply.body + b"\n"
        key.verify(base64.b64decode(headers["wechatpay-signature"]), message, PKCS1v15(), SHA256())
        return {"status": reply.status, **json.loads(reply.body or b"{}")}

    def know(self, reply: Reply | None) -> list[str]:
        """Keep the certificates that an answer of /v3/certificates holds; their names."""
        assert reply is not None
        assert reply.status == 200, reply.body
        found = []
        for each in json.loads(reply.body)["data"]:
            shut = each["encrypt_certificate"]
            opened = AESGCM(self.setup["api_v3_key"].encode()).decrypt(
                shut["nonce"].encode(),
                base64.b64decode(shut["ciphertext"]),
                shut["associated_data"].encode(),
            )
            certificate = x509.load_pem_x509_certificate(opened)
            assert f"{certificate.serial_number:X}" == each["serial_no"].lstrip("0")
            key = certificate.public_key()
            assert isinstance(key, RSAPublicKey)
            self.keys[each["serial_no"]] = key
            found.append(each["serial_no"])
        return found

    def xml(self, sign_type: str = "", **fields: str) -> bytes:
        """A request of version 2."""
        told = {
            "appid": self.setup["appid"],
            "mch_id": self.setup["mchid"],
            "nonce_str": secrets.token_hex(16),
            **fields,
        }
        if sign_type:
            told["sign_type"] = sign_type
        told["sign"] = self.sign(told, sign_type)
        root = ET.Element("xml")
        for name, text in told.items():
            ET.SubElement(root, name).text = text
        return ET.tostring(root, encoding="utf-8")

    def sign(self, fields: dict[str, str], sign_type: str = "") -> str:
        key = self.setup["api_v2_key"]
        names = sorted(name for name, text in fields.items() if text and name != "sign")
        text = "".join(f"{name}={fields[name]}&" for name in names) + f"key={key}"
        if sign_type == "HMAC-SHA256":
            return hmac.new(key.encode(), text.encode(), hashlib.sha256).hexdigest().upper()
        return hashlib.md5(text.encode()).hexdigest().upper()

    def believe_xml(self, reply: Reply | None, sign_type: str = "") -> dict[str, str]:
        assert reply is not None
        fields = {each.tag: each.text or "" for each in ET.fromstring(reply.body)}
        if fields.get("sign") != self.sign(fields, sign_type):
            raise InvalidSignature(fields.get("return_msg", ""))
        return fields


class Shop:
    """A merchant and its gateway, under one clock."""

    def __init__(
        self,
        mischief: Mischief | None = None,
        *,
        remembers: bool = True,
        proof: Proof = Proof.PUBLIC_KEY,
    ) -> None:
        self.hands = Hands(NOON)
        self.bank = Bank(self.hands, remembers=remembers)
        self.gateway = WeChatGateway(
            self.bank, mischief or Ruled(), self.hands, proof=proof, merchant=MERCHANT
        )
        self.merchant = Merchant(self.gateway.setup)

    def reply(self, method: str, target: str, **fields: object) -> Reply | None:
        self.merchant.now = self.hands.now
        body = json.dumps(fields, ensure_ascii=False).encode() if method == "POST" else b""
        return self.gateway.answer(self.merchant.call(method, target, body))

    def ask(self, method: str, target: str, **fields: object) -> dict[str, Any]:
        return self.merchant.believe(self.reply(method, target, **fields))

    def paying(self, number: str = "A1", fen: int = 1250, code: str = CODE) -> dict[str, object]:
        return {
            **self.us,
            "description": "\u5361 50",
            "out_trade_no": number,
            "payer": {"auth_code": code},
            "amount": {"total": fen, "currency": "CNY"},
            "scene_info": {"store_info": {"out_id": "S1"}},
        }

    @property
    def us(self) -> dict[str, object]:
        return {"appid": MERCHANT.appid, "mchid": MERCHANT.mchid}

    def pay(self, number: str = "A1", fen: int = 1250, code: str = CODE) -> dict[str, Any]:
        return self.ask("POST", "/v3/pay/transactions/codepay", **self.paying(number, fen, code))

    def query(self, number: str = "A1") -> dict[str, Any]:
        return self.ask("GET", f"{about(number)}?mchid={MERCHANT.mchid}")

    def reverse(self, number: str = "A1") -> dict[str, Any]:
        return self.ask("POST", f"{about(number)}/reverse", **self.us)

    def refund(self, fen: int, refund_number: str, number: str = "A1", total: int = 1250) -> dict[str, Any]:
        return self.ask(
            "POST",
            "/v3/refund/domestic/refunds",
            out_trade_no=number,
            out_refund_no=refund_number,
            amount={"refund": fen, "total": total, "currency": "CNY"},
        )

    def ask_refund(self, refund_number: str) -> dict[str, Any]:
        return self.ask("GET", f"/v3/refund/domestic/refunds/{refund_number}")

    def post(self, path: str, sign_type: str = "", **fields: str) -> dict[str, str]:
        """Version 2."""
        reply = self.gateway.answer(Call("POST", path, body=self.merchant.xml(sign_type, **fields)))
        return self.merchant.believe_xml(reply, sign_type)

    def micropay(self, number: str = "A1", fen: int = 1250, code: str = CODE) -> dict[str, str]:
        return self.post("/pay/micropay", **micropaying(number, fen, code))


def micropaying(number: str = "A1", fen: int = 1250, code: str = CODE) -> dict[str, str]:
    return {
        "body": "\u5361 50",
        "out_trade_no": number,
        "total_fee": str(fen),
        "spbill_create_ip": "127.0.0.1",
        "auth_code": code,
    }


def about(number: str) -> str:
    return f"/v3/pay/transactions/out-trade-no/{number}"
