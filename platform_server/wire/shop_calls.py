"""Carries events to a shop's own address: signed with the platform's key, and never to an address it must not call."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import logging
import socket
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, HTTPSignatureKeyResolver, algorithms

from platform_server.domain.endpoints import Network, check_address
from platform_server.domain.errors import SupplierAway
from platform_server.ports.world import Clock
from platform_server.wire.http import HttpCaller

log = logging.getLogger(__name__)
_LABEL, _TAG = "platform", "pos-callback-1"
_COVERED = ("@method", "@authority", "@path", "@query", "content-digest")
_LIFE = timedelta(seconds=300)


@dataclass(frozen=True, slots=True)
class CallRules:
    """How long a shop may take, and which addresses may be called (docs/protocol.md section 9)."""

    timeout_s: float
    is_near_allowed: bool
    opened: tuple[Network, ...] = ()


@dataclass(slots=True)
class _Request:
    method: str
    url: str
    headers: dict[str, str]


class _OurKey(HTTPSignatureKeyResolver):
    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def resolve_public_key(self, key_id: str) -> None:
        raise KeyError(key_id)

    def resolve_private_key(self, key_id: str) -> Ed25519PrivateKey:
        return self._key


@dataclass(frozen=True, slots=True)
class ShopCalls:
    """Implements ports.shop_caller.ShopCaller; `keyid` names the platform's key."""

    key: Ed25519PrivateKey = field(repr=False)
    keyid: str
    clock: Clock
    rules: CallRules

    async def __call__(self, url: str, body: bytes) -> bool:
        target = urlsplit(url)
        try:
            async with asyncio.timeout(self.rules.timeout_s):
                address = await self._resolve(target)
            call = HttpCaller(f"{target.scheme}://{target.netloc}", self.rules.timeout_s, address)
            path = (target.path or "/") + (f"?{target.query}" if target.query else "")
            reply = await call("POST", path, self._headers(target, path, body), body)
        except (SupplierAway, OSError, ValueError, TimeoutError) as trouble:
            log.info("callback to %s: %s", target.hostname, trouble or type(trouble).__name__)
            return False
        log.info("callback to %s: %s", target.hostname, reply.status)
        return 200 <= reply.status < 300

    async def _resolve(self, target: SplitResult) -> str:
        """An address of the name, every one of which may be called. Raises OSError or ValueError."""
        port = target.port or (443 if target.scheme == "https" else 80)
        loop = asyncio.get_running_loop()
        found = await loop.getaddrinfo(target.hostname, port, type=socket.SOCK_STREAM)
        addresses = [str(entry[4][0]) for entry in found]
        for address in addresses:
            check_address(
                address,
                is_tls=target.scheme == "https",
                is_near_allowed=self.rules.is_near_allowed,
                opened=self.rules.opened,
            )
        return addresses[0]

    def _headers(self, target: SplitResult, path: str, body: bytes) -> dict[str, str]:
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        headers = {"Host": target.netloc, "Content-Type": "application/json"}
        headers["Content-Digest"] = f"sha-256=:{digest}:"
        request = _Request("POST", f"{target.scheme}://{target.netloc}{path}", headers)
        now = self.clock.now()
        signer = HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=_OurKey(self.key))
        signer.sign(
            request,
            key_id=self.keyid,
            created=now,
            expires=now + _LIFE,
            label=_LABEL,
            tag=_TAG,
            covered_component_ids=_COVERED,
            use_existing_digest=True,
        )
        return headers
