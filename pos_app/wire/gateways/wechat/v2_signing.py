"""Who asks and who answers at WeChat Pay V2: flat XML, signed over its sorted fields with a key that both sides know.

WeChat Pay V2, "security specification" (pay.weixin.qq.com/doc/v2).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from html import escape
from xml.etree.ElementTree import ParseError  # the error of a reader that is defused

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from pos_app.domain.errors import Unreachable

_MD5_LETTERS = 32


def sign(fields: Mapping[str, str], key: bytes) -> str:
    """HMAC-SHA256 over all fields but `sign` and empty ones, sorted, in upper-case hex."""
    return hmac.new(key, _signed_text(fields, key), hashlib.sha256).hexdigest().upper()


def sign_by_md5(fields: Mapping[str, str], key: bytes) -> str:
    """The older kind, which some answers still carry."""
    return hashlib.md5(_signed_text(fields, key), usedforsecurity=False).hexdigest().upper()


def is_signed(fields: Mapping[str, str], key: bytes) -> bool:
    """Whether the fields, whatever they are called, carry a signature under that key."""
    told = fields.get("sign", "").upper()
    by = sign_by_md5 if len(told) == _MD5_LETTERS else sign
    return hmac.compare_digest(told.encode(), by(fields, key).encode())


def write(fields: Mapping[str, str]) -> bytes:
    """The fields as the XML that travels."""
    inner = "".join(f"<{name}>{escape(text, quote=False)}</{name}>" for name, text in fields.items())
    return f"<xml>{inner}</xml>".encode()


def read(body: bytes) -> dict[str, str]:
    """The fields of an answer; Unreachable("not_ours") when it is no flat XML, repeats a field, or declares entities."""
    try:
        root = fromstring(body, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise Unreachable("not_ours") from error
    fields = {each.tag: each.text or "" for each in root}
    if root.tag != "xml" or len(fields) != len(root) or any(len(each) for each in root):
        raise Unreachable("not_ours")
    return fields


def _signed_text(fields: Mapping[str, str], key: bytes) -> bytes:
    kept = sorted((name, text) for name, text in fields.items() if text and name != "sign")
    return "&".join(f"{name}={text}" for name, text in kept).encode() + b"&key=" + key
