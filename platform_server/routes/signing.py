"""Verifies requests and signs replies by RFC 9421, exactly as docs/protocol.md section 2 says."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from platform_server.domain.errors import BadSignature
from platform_server.flows.admit_till import SignedBy

TILL_LABEL, TILL_TAG = "till", "pos-till-1"
PLATFORM_LABEL, PLATFORM_TAG = "platform", "pos-platform-1"
PLATFORM_KEYID = "platform-1"
_COVERED = ("@method", "@authority", "@path", "@query", "content-digest")
_COVERED_WRITING = (*_COVERED, "idempotency-key")
_TEXTS, _NUMBERS = {"nonce", "keyid", "alg", "tag"}, {"created", "expires"}
_REPLY = ('"@status"', '"content-digest"')
_OF_REQUEST = '"signature";req;key="till"'
_REPLY_PARAMETERS = f';keyid="{PLATFORM_KEYID}";alg="ed25519";tag="{PLATFORM_TAG}"'
# RFC 8941 as a serialiser writes it, for what a till may say: strings without quotes or backslashes inside.
_SIGNATURE_OF_TILL = re.compile(
    rf"{TILL_LABEL}=(:[A-Za-z0-9+/]{{85}}[AQgw]==:)"
)  # 64 bytes in the one spelling
_INPUT_OF_TILL = re.compile(
    rf"""{TILL_LABEL}=(\(("[a-z@-]+"(?: "[a-z@-]+")*)\)((?:;[a-z]+=(?:[0-9]+|"[ !#-\[\]-~]*"))+))"""
)
_PARAMETER = re.compile(r""";([a-z]+)=(?:(0|[1-9][0-9]{0,14})|"([^"]*)")(?=;|\Z)""")
_PORT_OF = {"http": ":80", "https": ":443"}
_LONGEST_LIFE_S = 300
_LATEST = 1 << 33  # the year 2242: keeps what a stranger sends inside the calendar
_parse_key = lru_cache(maxsize=1024)(Ed25519PublicKey.from_public_bytes)


def content_digest(body: bytes) -> str:
    """RFC 9530 over the bytes as they travel."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


@dataclass(frozen=True, slots=True)
class SignedMessage:
    """A request as it came: header names in lower case, `path` with its percent signs, `query` without its mark."""

    headers: dict[str, str]
    method: str
    scheme: str
    path: str
    query: str
    body: bytes

    @property
    def components(self) -> dict[str, str | None]:
        """What a till's signature covers, by the names of RFC 9421 section 2; None for what is missing."""
        authority = self.headers.get("host", "").lower().removesuffix(_PORT_OF.get(self.scheme, " "))
        return {
            "@method": self.method,
            "@authority": authority or None,
            "@path": self.path or "/",
            "@query": f"?{self.query}",
            "content-digest": self.headers.get("content-digest"),
            "idempotency-key": self.headers.get("idempotency-key"),
        }


def signed_by(request: SignedMessage) -> SignedBy:
    """Who says to have signed, with the form checked and the truth not yet. Raises BadSignature."""
    found = _input_of(request)
    if not _SIGNATURE_OF_TILL.fullmatch(request.headers.get("signature", "")):
        raise BadSignature("exactly one signature, labelled till, in its one spelling (RFC 8941)")
    expected = _COVERED_WRITING if request.method in ("PUT", "POST") else _COVERED
    if sorted(found[2].split(" ")) != sorted(f'"{name}"' for name in expected):
        raise BadSignature(f"covers {' '.join(expected)}, no fewer and no others")
    told = _PARAMETER.findall(found[3])
    texts = {name: text for name, number, text in told if not number}
    numbers = {name: int(number) for name, number, _ in told if number}
    is_whole = len(told) == len(_TEXTS) + len(_NUMBERS) and "".join(map(_spelled, told)) == found[3]
    if not is_whole or texts.keys() != _TEXTS or numbers.keys() != _NUMBERS:
        raise BadSignature(f"parameters are {' '.join(sorted(_TEXTS | _NUMBERS))}, each once")
    if texts["tag"] != TILL_TAG or texts["alg"] != "ed25519":
        raise BadSignature(f"signed by ed25519 with tag {TILL_TAG}")
    created, expires = numbers["created"], numbers["expires"]
    if not (created < _LATEST and created <= expires <= created + _LONGEST_LIFE_S):
        raise BadSignature(f"expires at most {_LONGEST_LIFE_S} s after created")
    if not 16 <= len(texts["nonce"]) <= 64 or len(texts["keyid"]) > 36:
        raise BadSignature("a nonce is 16 random bytes, a key id at most 36 characters")
    return SignedBy(texts["keyid"], created, expires, texts["nonce"])


def _input_of(request: SignedMessage) -> re.Match[str]:
    found = _INPUT_OF_TILL.fullmatch(request.headers.get("signature-input", ""))
    if found is None:
        raise BadSignature("exactly one signature-input, labelled till, in its one spelling (RFC 8941)")
    return found


def _spelled(parameter: tuple[str, str, str]) -> str:
    name, number, text = parameter
    return f";{name}={number}" if number else f';{name}="{text}"'


def signature_base(request: SignedMessage) -> bytes:
    """What was signed (RFC 9421 section 2.5), of a request that signed_by has passed. Raises BadSignature.

    Written out for the few components that a till's signature covers, because the library takes longer over it than
    the sale itself; tests hold every base against the library's.
    """
    found = _input_of(request)
    values = request.components
    lines = []
    for name in found[2].split(" "):
        value = values[name.strip('"')]
        if value is None or not (value.isascii() and value.isprintable()):
            raise BadSignature(f"{name} is missing or not plain")
        lines.append(f"{name}: {value}")
    return "\n".join([*lines, f'"@signature-params": {found[1]}']).encode("ascii")


def verify(request: SignedMessage, public_key: bytes) -> None:
    """For a request that signed_by has passed. Raises BadSignature unless signature and digest are true for this key."""
    if request.headers.get("content-digest") != content_digest(request.body):
        raise BadSignature("the content-digest is not that of the body")
    signature = base64.b64decode(request.headers["signature"][len(TILL_LABEL) + 2 : -1])
    try:
        _parse_key(public_key).verify(signature, signature_base(request))
    except (InvalidSignature, ValueError) as fault:
        raise BadSignature("the signature is not true") from fault


@dataclass(frozen=True, slots=True)
class ReplySigner:
    """Signs with the platform's key; `now` gives the time of the signature.

    What a reply signs is always of the same three parts, so its signature base (RFC 9421 section 2.5) is written
    out here: the library takes longer over it than the sale itself. Tills and tests read it by the library.
    """

    key: Ed25519PrivateKey
    now: Callable[[], datetime]

    def sign(self, status: int, body: bytes, request: SignedMessage | None) -> dict[str, str]:
        """The three headers; `request` is given when its signature was true, and binds the reply to it."""
        digest = content_digest(body)
        names, values = list(_REPLY), [str(status), digest]
        if request is not None:
            names.append(_OF_REQUEST)
            values.append(_SIGNATURE_OF_TILL.fullmatch(request.headers["signature"])[1])  # type: ignore[index]
        inner = f"({' '.join(names)});created={int(self.now().timestamp())}{_REPLY_PARAMETERS}"
        lines = [f"{name}: {value}" for name, value in zip(names, values, strict=True)]
        base = "\n".join([*lines, f'"@signature-params": {inner}'])
        signature = base64.b64encode(self.key.sign(base.encode("ascii"))).decode("ascii")
        return {
            "content-digest": digest,
            "signature-input": f"{PLATFORM_LABEL}={inner}",
            "signature": f"{PLATFORM_LABEL}=:{signature}:",
        }

    @property
    def public_key(self) -> bytes:
        """Raw 32 bytes."""
        return self.key.public_key().public_bytes_raw()
