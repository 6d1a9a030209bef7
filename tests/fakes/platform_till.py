"""A till in miniature: signs, checks replies, opens sealed cards; written from docs/protocol.md alone."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier, MappingKeyResolver, algorithms

Transport = Callable[[str, str, Mapping[str, str], bytes], tuple[int, dict[str, str], bytes]]
COVERED = ("@method", "@authority", "@path", "@query", "content-digest")


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def new_id() -> str:
    text = (
        f"{time.time_ns() // 1_000_000:012x}7{secrets.randbits(12):03x}{secrets.randbits(62) | 1 << 63:016x}"
    )
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


@dataclass
class Message:
    method: str
    url: str
    headers: dict[str, str]
    body: bytes = b""


@dataclass
class Reply:
    status_code: int
    headers: dict[str, str]
    body: bytes
    request: Message | None

    @property
    def json(self) -> Any:
        return json.loads(self.plain)

    @property
    def plain(self) -> bytes:
        """The body, unpacked."""
        packing = self.headers.get("content-encoding")
        if packing == "zstd":
            return zstandard.ZstdDecompressor().decompressobj().decompress(self.body)
        return gzip.decompress(self.body) if packing == "gzip" else self.body

    @property
    def is_replay(self) -> bool:
        return self.headers.get("idempotent-replay") == "true"


@dataclass
class FakeTill:
    """Enrols by code, then speaks; `now` may be turned to try a wrong clock."""

    transport: Transport
    code: str
    sign_key: Ed25519PrivateKey = field(default_factory=Ed25519PrivateKey.generate)
    seal_key: X25519PrivateKey = field(default_factory=X25519PrivateKey.generate)
    till_id: str = "new"
    shop_id: str = ""
    epoch: int = 1
    now: Callable[[], float] = time.time
    keyid: str = ""  # once a key has followed the first one
    entries: list[dict[str, Any]] = field(default_factory=list)

    def __post_init__(self) -> None:
        _, address, key, secret, check = self.code.split(".")
        assert hashlib.sha256(self.code.rsplit(".", 1)[0].encode()).hexdigest()[:8] == check
        self.address = unb64(address).decode()
        self.platform_key = unb64(key)
        self.secret = unb64(secret)

    def enrol(self, name: str = "Till") -> Reply:
        body = {
            "secret": b64(self.secret),
            "till_name": name,
            "sign_key": b64(self.sign_key.public_key().public_bytes_raw()),
            "seal_key": b64(self.seal_key.public_key().public_bytes_raw()),
            "app_version": "0.1.0",
        }
        key = f"{hashlib.sha256(self.secret).hexdigest()[:16]}:enrol:1"
        reply = self.call("POST", "/v1/enrolments", body, key=key, keyid="new")
        if reply.status_code == 201:
            self.till_id, self.shop_id = reply.json["till_id"], reply.json["shop"]["id"]
            self.epoch = reply.json["epoch"]
        return reply

    def follow(self, new: Ed25519PrivateKey, **other: Any) -> Reply:
        """Hand in a key that is to follow the present one."""
        key = b64(new.public_key().public_bytes_raw())
        parts = [part.encode() for part in ("pos-new-key-1", self.till_id, key)]
        proof = new.sign(b"".join(len(part).to_bytes(4, "big") + part for part in parts))
        body = {"epoch": self.epoch, "sign_key": key, "proof": b64(proof), **other}
        mark = hashlib.sha256(key.encode()).hexdigest()[:16]
        return self.call("POST", "/v1/keys", body, key=f"{self.till_id}:key:{mark}")

    def be_called_at(self, url: str | None) -> Reply:
        """Say where the shop wants to be called."""
        mark = hashlib.sha256((url or "").encode()).hexdigest()[:16]
        body = {"epoch": self.epoch, "url": url}
        return self.call("PUT", "/v1/callbacks", body, key=f"{self.till_id}:callbacks:{mark}")

    def build(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, keyid: str | None = None
    ) -> Message:
        raw = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {"host": self.address.removeprefix("http://"), "accept-encoding": "zstd, gzip"}
        if raw:
            headers["content-type"] = "application/json"
        if method in ("PUT", "POST"):
            headers["idempotency-key"] = key or ""
        message = Message(method, self.address + path, headers, raw)
        self.sign(message, keyid=keyid)
        return message

    def sign(self, message: Message, *, keyid: str | None = None, **other: Any) -> None:
        digest = base64.b64encode(hashlib.sha256(message.body).digest()).decode()
        message.headers["content-digest"] = f"sha-256=:{digest}:"
        at = self.now()
        options: dict[str, Any] = {
            "key_id": keyid or self.keyid or self.till_id,
            "created": datetime.fromtimestamp(at, UTC),
            "expires": datetime.fromtimestamp(at + 300, UTC),
            "nonce": b64(secrets.token_bytes(16)),
            "label": "till",
            "tag": "pos-till-1",
            "use_existing_digest": True,
            "covered_component_ids": COVERED
            + (("idempotency-key",) if message.method in ("PUT", "POST") else ()),
        }
        options |= other
        keys = MappingKeyResolver(public_keys={}, private_keys={options["key_id"]: self.sign_key})
        signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=keys)
        signer.sign(message, **options)

    def send(self, message: Message, *, is_bound: bool = True) -> Reply:
        status, headers, body = self.transport(message.method, message.url, message.headers, message.body)
        reply = Reply(status, headers, body, message)
        self.check(reply, is_bound=is_bound)
        return reply

    def check(self, reply: Reply, *, is_bound: bool = True) -> None:
        """Digest over the bytes as they travelled, then the platform's signature bound to our request."""
        digest = base64.b64encode(hashlib.sha256(reply.body).digest()).decode()
        assert reply.headers["content-digest"] == f"sha-256=:{digest}:"
        keys = MappingKeyResolver(
            public_keys={"platform-1": Ed25519PublicKey.from_public_bytes(self.platform_key)}, private_keys={}
        )
        verifier = HTTPMessageVerifier(signature_algorithm=algorithms.ED25519, key_resolver=keys)
        verifier.max_clock_skew = type(verifier.max_clock_skew)(days=36500)
        (result,) = verifier.verify(reply, expect_tag="pos-platform-1", expect_label="platform")
        wanted = ['"@status"', '"content-digest"'] + (['"signature";req;key="till"'] if is_bound else [])
        assert [name for name in result.covered_components if name != '"@signature-params"'] == wanted
        assert set(result.parameters) == {"created", "keyid", "alg", "tag"}

    def call(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, keyid: str | None = None
    ) -> Reply:
        return self.send(self.build(method, path, body, key=key, keyid=keyid))

    def catalogue(self, limit: int = 2000) -> list[dict[str, Any]]:
        products: list[dict[str, Any]] = []
        cursor = ""
        while True:
            page = self.call("GET", f"/v1/catalogue?cursor={cursor}&limit={limit}").json
            products += page["products"]
            cursor = page["cursor"]
            if page["complete"]:
                return products

    def reserve(self, sale_id: str, lines: list[dict[str, Any]], attempt: int = 1, **other: Any) -> Reply:
        body = {
            "epoch": self.epoch,
            "business_date": "2026-11-22",
            "lines": lines,
            "customer_token": None,
            "answers": None,
            "ledger": {"seq": 0, "head": "0" * 32},
            **other,
        }
        return self.call("PUT", f"/v1/reservations/{sale_id}", body, key=f"{sale_id}:reserve:{attempt}")

    def step(self, sale_id: str, step: str, attempt: int = 1, **body: Any) -> Reply:
        defaults: dict[str, dict[str, Any]] = {
            "confirm": {
                "payments": [
                    {"tender": "cash", "amount": {"minor": 100, "currency": "CNY"}, "reference": None}
                ],
                "retail": [],
            },
            "cancel": {"reason": "customer left"},
            "ack": {"cards": [], "receipt_hash": "0" * 64},
        }
        whole = {"epoch": self.epoch, **defaults[step], **body}
        return self.call(
            "POST", f"/v1/reservations/{sale_id}/{step}", whole, key=f"{sale_id}:{step}:{attempt}"
        )

    def read(self, sale_id: str) -> Reply:
        return self.call("GET", f"/v1/reservations/{sale_id}")

    def lease(self, lease_id: str, plan: dict[str, int], attempt: int = 1) -> Reply:
        body = {"epoch": self.epoch, "plan": plan}
        return self.call("PUT", f"/v1/leases/{lease_id}", body, key=f"{lease_id}:lease:{attempt}")

    def give_back(self, lease_id: str, card_ids: list[str], attempt: int = 1) -> Reply:
        """Cards that were destroyed unsold; the ledger that says so was pushed before."""
        head = {
            "seq": self.entries[-1]["seq"],
            "head": hashlib.sha256(canonical(self.entries[-1])).hexdigest()[:32],
        }
        body = {"epoch": self.epoch, "card_ids": card_ids, "proof": head}
        return self.call("POST", f"/v1/leases/{lease_id}/return", body, key=f"{lease_id}:return:{attempt}")

    def write(self, kind: str, body: dict[str, Any]) -> None:
        """The next entry of the ledger; not pushed yet."""
        mine = [each for each in self.entries if each["epoch"] == self.epoch]
        prev = hashlib.sha256(canonical(mine[-1])).hexdigest()[:32] if mine else "0" * 32
        at = datetime.fromtimestamp(self.now(), UTC).isoformat(timespec="microseconds")
        entry = {"till": self.till_id, "epoch": self.epoch, "seq": len(mine) + 1, "prev": prev}
        entry |= {"at": at.replace("+00:00", "Z"), "business_date": "2026-11-22", "kind": kind, "body": body}
        self.entries.append(entry)

    def push(self) -> Reply:
        """The whole ledger of this epoch."""
        mine = [each for each in self.entries if each["epoch"] == self.epoch]
        body = {"epoch": self.epoch, "from_seq": 1, "entries": mine}
        return self.call("POST", "/v1/ledger", body, key=f"{self.till_id}:ledger:1")

    def open_leased(self, lease_id: str, card: dict[str, Any]) -> dict[str, Any]:
        """The binding names the lease in place of sale and line."""
        return self._open(card, lease_id)

    def open(self, sale_id: str, card: dict[str, Any]) -> dict[str, Any]:
        return self._open(card, sale_id, card["line_id"])

    def _open(self, card: dict[str, Any], *place: str) -> dict[str, Any]:
        parts = ["pos-code-1", self.shop_id, self.till_id, str(self.epoch), *place]
        parts += [card["card_id"], card["product_id"], str(card["face"]["minor"]), card["face"]["currency"]]
        info = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
        suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
        opened: dict[str, Any] = json.loads(suite.decrypt(unb64(card["sealed"]), self.seal_key, info))
        return opened


def line_of(product: dict[str, Any], line_id: str = "1", quantity: int = 1, **fields: str) -> dict[str, Any]:
    """A line that asks for a product as the catalogue shows it."""
    return {
        "line_id": line_id,
        "product_id": product["id"],
        "quantity": quantity,
        "version": product["version"],
        "max_unit_cost": product["wholesale"],
        "fields": fields,
    }
