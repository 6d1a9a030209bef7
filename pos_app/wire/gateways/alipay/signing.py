"""Who asks and who answers at Alipay: RSA2 over sorted parameters, and over the very text of an answer.

Alipay open platform, "sign" and "verify" of the gateway (opendocs.alipay.com/common/02kf5q) and "certificate mode".
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from pos_app.domain.errors import Unreachable
from pos_app.wire.gateways import rsa_keys

_BLANK = re.compile(r"[ \t\r\n]*")
_RSA_SIGNED = "1.2.840.113549.1.1."


@dataclass(frozen=True, slots=True)
class Told:
    """An answer taken apart: the value of its method with the exact text that is signed, and what stands around it."""

    name: str
    value: Any
    text: str
    sign: str
    certificate_number: str


def signed_text(parameters: Mapping[str, str]) -> bytes:
    """What is signed of a request: all parameters but `sign` and empty ones, sorted, raw, joined."""
    kept = sorted((key, value) for key, value in parameters.items() if value and key != "sign")
    return "&".join(f"{key}={value}" for key, value in kept).encode()


def sign(parameters: Mapping[str, str], key: RSAPrivateKey) -> str:
    """The `sign` parameter of a request."""
    return rsa_keys.sign(key, signed_text(parameters))


def read(body: bytes, method: str) -> Told:
    """The answer to `method`; Unreachable("not_ours") when it is no answer of this gateway to it.

    The end of each value is found by the JSON reader itself: braces and escapes within texts mean nothing.
    """
    name = method.replace(".", "_") + "_response"
    try:
        found = _members(body.decode())
    except (ValueError, RecursionError) as error:
        raise Unreachable("not_ours") from error
    own = [key for key in (name, "error_response") if key in found]
    sign_value, number = (found.get(key, ("", ""))[0] for key in ("sign", "alipay_cert_sn"))
    if len(own) != 1 or not isinstance(sign_value, str) or not isinstance(number, str):
        raise Unreachable("not_ours")
    value, text = found[own[0]]
    return Told(own[0], value, text, sign_value, number)


def is_signed(told: Told, key: RSAPublicKey) -> bool:
    """Whether that key signed just this text."""
    return rsa_keys.is_signed(key, told.text.encode(), told.sign)


def certificate_number(certificate: x509.Certificate) -> str:
    """The number by which Alipay calls a certificate: MD5 over its issuer's name and its serial number."""
    name = certificate.issuer.rfc4514_string() + str(certificate.serial_number)
    return hashlib.md5(name.encode(), usedforsecurity=False).hexdigest()


def root_number(roots: tuple[x509.Certificate, ...]) -> str:
    """The numbers of those roots that are signed by RSA; the others (SM2) do not count."""
    counted = [each for each in roots if each.signature_algorithm_oid.dotted_string.startswith(_RSA_SIGNED)]
    return "_".join(certificate_number(each) for each in counted)


def _members(text: str) -> dict[str, tuple[Any, str]]:
    """The members of a JSON object, each with the exact text of its value; ValueError when it is none or repeats one."""
    reader = json.JSONDecoder()
    found: dict[str, tuple[Any, str]] = {}
    place = _after(text, _blank(text, 0), "{")
    while True:
        key, place = reader.raw_decode(text, _blank(text, place))
        start = _blank(text, _after(text, _blank(text, place), ":"))
        value, place = reader.raw_decode(text, start)
        if not isinstance(key, str) or key in found:
            raise ValueError("not an object of different names")
        found[key] = (value, text[start:place])
        place = _blank(text, place)
        if text[place : place + 1] != ",":
            break
        place += 1
    if text[_after(text, place, "}") :].strip():
        raise ValueError("something stands behind the object")
    return found


def _blank(text: str, place: int) -> int:
    found = _BLANK.match(text, place)
    return found.end() if found else place


def _after(text: str, place: int, sign_expected: str) -> int:
    if text[place : place + 1] != sign_expected:
        raise ValueError(f"no {sign_expected} where one belongs")
    return place + 1
