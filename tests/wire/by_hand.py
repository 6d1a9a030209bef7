"""RFC 9421 and 9530 as the protocol uses them, written by hand: what the library made is checked against this."""

import base64
import hashlib
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from tests.wire.scripted_server import Heard, plain

REPLY = ('"@status"', '"content-digest"', '"signature";req;key="till"')
REPLY_TO_NOBODY = ('"@status"', '"content-digest"')


def digest(body: bytes) -> str:
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def request_base(method: str, url: str, headers: Mapping[str, str]) -> str:
    """The text that a till's signature is over, from the components that it says it covers."""
    found = {name.lower(): value for name, value in headers.items()}
    parts = urlsplit(url)
    values = {
        "@method": method,
        "@authority": parts.netloc.lower(),
        "@path": parts.path,
        "@query": "?" + parts.query,
        **found,
    }
    params = found["signature-input"].removeprefix("till=")
    names = re.findall(r'"([^"]+)"', params[: params.index(")")])
    lines = [f'"{name}": {values[name]}' for name in names]
    return "\n".join([*lines, f'"@signature-params": {params}'])


def signature(headers: Mapping[str, str], label: str) -> bytes:
    found = {name.lower(): value for name, value in headers.items()}
    match = re.fullmatch(label + "=:(.*):", found["signature"])
    assert match
    return base64.b64decode(match.group(1))


def verify_request(key: Ed25519PublicKey, method: str, url: str, headers: Mapping[str, str]) -> None:
    """InvalidSignature when it does not hold."""
    key.verify(signature(headers, "till"), request_base(method, url, headers).encode())


class PlatformByHand:
    """Signs replies as the protocol says, or nearly."""

    def __init__(self) -> None:
        self.key = Ed25519PrivateKey.generate()

    @property
    def public_key(self) -> bytes:
        return self.key.public_key().public_bytes_raw()

    def headers(
        self,
        heard_signature: str,
        status: int,
        body: bytes,
        covered: tuple[str, ...] = REPLY,
        params: str = ';created=1;keyid="platform-1";alg="ed25519";tag="pos-platform-1"',
    ) -> dict[str, str]:
        """`heard_signature` is the value of the request's Signature header."""
        values = {
            '"@status"': str(status),
            '"content-digest"': digest(body),
            '"signature";req;key="till"': heard_signature.removeprefix("till="),
        }
        told = f"({' '.join(covered)}){params}"
        base = "\n".join([*(f"{name}: {values[name]}" for name in covered), f'"@signature-params": {told}'])
        signed = base64.b64encode(self.key.sign(base.encode())).decode()
        return {
            "Content-Digest": digest(body),
            "Signature-Input": f"platform={told}",
            "Signature": f"platform=:{signed}:",
        }

    def reply(
        self, heard: Heard, status: int, body: object, *more: str, covered: tuple[str, ...] = REPLY
    ) -> bytes:
        """A whole signed reply on the wire; a body that is not bytes is said as JSON."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = self.headers(heard.headers.get("signature", ""), status, raw, covered)
        return plain(status, raw, *(f"{name}: {value}" for name, value in headers.items()), *more)


def problem(
    code: str, effect: str = "none", at: datetime | None = None, **details: object
) -> dict[str, object]:
    told = (at or datetime(2026, 11, 22, tzinfo=UTC)).isoformat().replace("+00:00", "Z")
    return {
        "code": code,
        "message": "no",
        "retryable": False,
        "effect": effect,
        "server_time": told,
        "details": details,
    }
