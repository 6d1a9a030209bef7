"""What proves an operator: passwords under argon2id, one-time codes whose secrets are sealed at rest."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from platform_server.domain.canonical import binding

_ISSUER = "Card platform"
_STEP_S = 30
_NONCE = 12
_AT_ONCE = 2  # hashes in work: a flood of sign-ins must not take memory and cores from the tills
_NOBODY = "$argon2id$v=19$m=19456,t=2,p=1$8O5rvJ88Mvikdi1YZP5BRQ$p9/ugJr0Nzzg2eWqezwQQZoERJz65lKBPM3AlTg9Als"


@dataclass(frozen=True, slots=True, repr=False)
class ConsoleKeys:
    """32 bytes each: seals the secrets of one-time codes; signs cookies."""

    codes: bytes
    cookies: bytes

    @classmethod
    def of(cls, root: bytes) -> ConsoleKeys:
        """From a key of the store that is never rotated, so that a rotation locks no operator out (HKDF-SHA256)."""
        return cls(_derive(root, b"pos-operator-codes-1"), _derive(root, b"pos-console-cookies-1"))


def _derive(root: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(root)


class Argon2Passwords:
    """Implements ports.operators.Passwords: argon2id, 19 MiB, two passes (OWASP's least)."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._turns = asyncio.Semaphore(_AT_ONCE)

    async def hash(self, password: str) -> str:
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def is_right(self, password: str, known: str | None) -> bool:
        async with self._turns:
            is_right = await asyncio.to_thread(self._verify, known or _NOBODY, password)
        return is_right and known is not None

    def _verify(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password)
        except (VerificationError, InvalidHashError):
            return False


class SealedCodes:
    """Implements ports.operators.OneTimeCodes; `key` is 32 bytes."""

    def __init__(self, key: bytes) -> None:
        self._key = AESGCM(key)

    def new_secret(self) -> str:
        return pyotp.random_base32()

    def seal(self, operator_id: str, secret: str) -> bytes:
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._key.encrypt(nonce, secret.encode("ascii"), _bound_to(operator_id))

    def step_of(self, operator_id: str, box: bytes, code: str, now: datetime) -> int | None:
        try:
            secret = self._key.decrypt(box[:_NONCE], box[_NONCE:], _bound_to(operator_id))
        except InvalidTag:
            return None
        codes = pyotp.TOTP(secret.decode("ascii"), interval=_STEP_S)
        step = int(now.timestamp()) // _STEP_S
        typed = "".join(code.split()).encode("utf-8")
        found = None
        for each in (step - 1, step, step + 1):  # all three, so that the time taken tells nothing
            if hmac.compare_digest(codes.generate_otp(each).encode("ascii"), typed):
                found = each
        return found

    def uri(self, name: str, secret: str) -> str:
        return pyotp.TOTP(secret, interval=_STEP_S).provisioning_uri(name=name, issuer_name=_ISSUER)


def _bound_to(operator_id: str) -> bytes:
    return binding("pos-operator-1", operator_id)
