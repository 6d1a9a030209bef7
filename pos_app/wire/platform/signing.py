"""Who we are and who answers: requests signed and replies checked by RFC 9421 (`docs/protocol.md` 2)."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import Enum

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureKeyResolver,
    InvalidSignature,
)
from http_message_signatures.algorithms import ED25519

from pos_app.domain.signature import packed
from pos_app.wire.http import Exchange, Request

_LIVES = timedelta(seconds=300)
_ASKED = ("@method", "@authority", "@path", "@query", "content-digest")
_ANSWERED = frozenset({'"@status"', '"content-digest"', '"signature";req;key="till"'})
_ANSWERED_NOBODY = frozenset({'"@status"', '"content-digest"'})


class Answer(Enum):
    """What a reply's signature proves: the answer to this very request, only the platform's word, or nothing."""

    OURS = "ours"
    ANYBODYS = "anybodys"
    FORGED = "forged"
    UNSIGNED = "unsigned"


class Signer:
    """Signs requests with the till's key; the caller says as whom and at what time."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._signer = HTTPMessageSigner(signature_algorithm=ED25519, key_resolver=_OwnKey(key))

    def sign(self, request: Request, key_id: str, at: datetime) -> Request:
        """The request with digest and signature; an Idempotency-Key must be in it before."""
        headers = dict(request.headers)
        is_keyed = any(name.lower() == "idempotency-key" for name in headers)
        message = _Asked(request.method, request.url, headers)
        self._signer.sign(
            message,
            key_id=key_id,
            created=at,
            expires=at + _LIVES,
            nonce=packed(secrets.token_bytes(16)),
            label="till",
            tag="pos-till-1",
            body=request.body,
            covered_component_ids=(*_ASKED, "idempotency-key") if is_keyed else _ASKED,
        )
        return replace(request, headers=headers)


def check(exchange: Exchange, platform_key: bytes) -> Answer:
    """What the reply's signature proves under the pinned key; the digest of the body is part of it."""
    headers = exchange.headers
    if "signature" not in headers or "signature-input" not in headers:
        return Answer.UNSIGNED
    verifier = _TimelessVerifier(signature_algorithm=ED25519, key_resolver=_PinnedKey(platform_key))
    asked = _Asked(exchange.request.method, exchange.request.url, dict(exchange.request.headers))
    try:
        results = verifier.verify(
            _Answered(exchange.status, dict(headers), asked),
            max_age=None,
            expect_tag="pos-platform-1",
            expect_label="platform",
            body=exchange.body,
        )
    except InvalidSignature:
        return Answer.FORGED
    if len(results) != 1 or results[0].parameters.get("alg") != "ed25519":
        return Answer.FORGED
    covered = frozenset(results[0].covered_components) - {'"@signature-params"'}
    return {_ANSWERED: Answer.OURS, _ANSWERED_NOBODY: Answer.ANYBODYS}.get(covered, Answer.FORGED)


@dataclass
class _Asked:
    """A request as the library wants to see it."""

    method: str
    url: str
    headers: dict[str, str]


@dataclass
class _Answered:
    """A reply as the library wants to see it."""

    status_code: int
    headers: Mapping[str, str]
    request: _Asked


class _OwnKey(HTTPSignatureKeyResolver):
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return self._key


class _PinnedKey(HTTPSignatureKeyResolver):
    """Trusts the one key of the enrolment code, under any number that the platform gives it."""

    def __init__(self, raw: bytes) -> None:
        self._key = Ed25519PublicKey.from_public_bytes(raw)

    def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
        return self._key if key_id.startswith("platform-") else None


class _TimelessVerifier(HTTPMessageVerifier):
    """Does not compare the platform's clock with ours: a reply is fresh because it covers our own nonce."""

    def validate_created_and_expires(self, sig_input: object, max_age: timedelta | None = None) -> None:
        return
