"""Reads the code that a platform hands to a new till (`docs/protocol.md` 2)."""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass
from urllib.parse import urlsplit

from pos_app.domain.errors import EnrolmentCodeWrong
from pos_app.domain.signature import unpacked

_KEY_BYTES = 32
_SECRET_BYTES = 16
_CHECK_DIGITS = 8


@dataclass(frozen=True, slots=True, repr=False)
class EnrolmentCode:
    """Where the platform is, the key that it signs with, and the one-time secret, which is never shown."""

    address: str
    platform_key: str
    secret: str

    def __repr__(self) -> str:
        return f"EnrolmentCode({self.address})"


def read_enrolment_code(text: str) -> EnrolmentCode:
    """What the code says, blanks and line breaks of a mail forgiven; EnrolmentCodeWrong when it is not one."""
    code = "".join(text.split())
    body, _, check = code.rpartition(".")
    parts = body.split(".")
    if hashlib.sha256(body.encode()).hexdigest()[:_CHECK_DIGITS] != check.lower() or len(parts) != 4:
        raise EnrolmentCodeWrong
    version, address, key, secret = parts
    try:
        sizes = len(unpacked(key)), len(unpacked(secret))
        plain = unpacked(address).decode("ascii")
    except ValueError as error:  # not base64url, or not ASCII
        raise EnrolmentCodeWrong from error
    if version != "K1" or sizes != (_KEY_BYTES, _SECRET_BYTES) or not _is_usable(plain):
        raise EnrolmentCodeWrong
    return EnrolmentCode(plain, key, secret)


def _is_usable(address: str) -> bool:
    """An origin alone in its plain form, and TLS beyond loopback and private networks."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    if address != f"{parts.scheme}://{shown}" + (f":{port}" if port is not None else ""):
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and _is_near(host)))


def _is_near(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        place = ipaddress.ip_address(host)
    except ValueError:
        return False
    return place.is_loopback or place.is_link_local or (place.is_private and not place.is_unspecified)
