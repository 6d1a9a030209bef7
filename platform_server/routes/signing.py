"""Verifies requests and signs replies by RFC 9421, exactly as docs/protocol.md section 2 says."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    algorithms,
)
from http_message_signatures.exceptions import HTTPMessageSignaturesException

from platform_server.domain.errors import BadSignature
from platform_server.flows.admit_till import SignedBy

TILL_LABEL, TILL_TAG = "till", "pos-till-1"
PLATFORM_LABEL, PLATFORM_TAG = "platform", "pos-platform-1"
PLATFORM_KEYID = "platform-1"
_COVERED = ("@method", "@authority", "@path", "@query", "content-digest")
_COVERED_WRITING = (*_COVERED, "idempotency-key")
_PARAMETERS = {"created", "expires", "nonce", "keyid", "alg", "tag"}
_REPLY = ('"@status"', '"content-digest"')
_OF_REQUEST = '"signature";req;key="till"'
_REPLY_PARAMETERS = f';keyid="{PLATFORM_KEYID}";alg="ed25519";tag="{PLATFORM_TAG}"'
_SIGNATURE_OF_TILL = re.compile(rf"{TILL_LABEL}=(:[A-Za-z0-9+/]{{86}}==:)")  # 64 bytes in the one spelling
_LONGEST_LIFE_S = 300
_LATEST = 1 << 33  # the year 2242: keeps what a stranger sends inside the calendar
_parse_key = lru_cache(maxsize=1024)(Ed25519PublicKey.from_public_bytes)


def content_digest(body: bytes) -> str:
    """RFC 9530 over the bytes as they travel."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


@dataclass(slots=True)
class SignedMessage:
    """A request or a reply in the shape the library wants; `url` keeps the path as it came, percent signs and all."""

    headers: dict[str, str]
    method: str = ""
    url: str = ""
    body: bytes = b""


class _OneKey(HTTPSignatureKeyResolver):
    def __init__(self, public: bytes) -> None:
        self._public = public

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey:
        return _parse_key(self._public)

    def resolve_private_key(self, key_id: str) -> None:
        """We have none of a till's."""


class _Verifier(HTTPMessageVerifier):
    def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
        """Left to the flow, whose clock and window they are."""


def signed_by(request: SignedMessage) -> SignedBy:
    """Who says to have signed, with the form checked and the truth not yet. Raises BadSignature."""
    try:
        verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=None)
        read: Any = verifier._get_sig_inputs_and_signatures  # noqa: SLF001 - no public reader exists
        found = list(read(request))
    except HTTPMessageSignaturesException as fault:
        raise BadSignature(str(fault)) from fault
    if len(found) != 1 or not _SIGNATURE_OF_TILL.fullmatch(request.headers["signature"]):
        raise BadSignature("exactly one signature, labelled till")
    _, components, signature = found[0]
    spelled = (f"{TILL_LABEL}={components}", f"{TILL_LABEL}={signature}")
    if (request.headers["signature-input"], request.headers["signature"]) != spelled:
        raise BadSignature("signature and input in their one spelling (RFC 8941), no other")
    expected = _COVERED_WRITING if request.method in ("PUT", "POST") else _COVERED
    covered = [str(component) for component in components]
    if sorted(covered) != sorted(f'"{name}"' for name in expected):
        raise BadSignature(f"covers {' '.join(expected)}, no fewer and no others")
    parameters = dict(components.params)
    if set(parameters) != _PARAMETERS or parameters["tag"] != TILL_TAG:
        raise BadSignature(f"parameters are {' '.join(sorted(_PARAMETERS))} with tag {TILL_TAG}")
    return _checked(parameters)


def _checked(parameters: dict[str, Any]) -> SignedBy:
    created, expires = parameters["created"], parameters["expires"]
    if not (0 <= created < _LATEST and created <= expires <= created + _LONGEST_LIFE_S):
        raise BadSignature(f"expires at most {_LONGEST_LIFE_S} s after created")
    if not 16 <= len(parameters["nonce"]) <= 64 or len(parameters["keyid"]) > 36:
        raise BadSignature("a nonce is 16 random bytes, a key id at most 36 characters")
    return SignedBy(parameters["keyid"], created, expires, parameters["nonce"])


def verify(request: SignedMessage, public_key: bytes) -> None:
    """Raises BadSignature unless signature and digest are true for this key."""
    if request.headers.get("content-digest") != content_digest(request.body):
        raise BadSignature("the content-digest is not that of the body")
    verifier = _Verifier(signature_algorithm=algorithms.ED25519, key_resolver=_OneKey(public_key))
    try:
        verifier.verify(request, max_age=None, expect_tag=TILL_TAG)
    except (HTTPMessageSignaturesException, ValueError) as fault:
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
