"""The words of WeChat Pay V2: flat XML, and a signature over all of its fields."""

import hashlib
import hmac
from collections.abc import Mapping
from xml.parsers.expat import ExpatError, ParserCreate

SIGN_TYPES = ("MD5", "HMAC-SHA256")


class MalformedXmlError(ValueError):
    """Not one <xml> element with text in its children."""


def sign_v2(fields: Mapping[str, str], key: str, sign_type: str = "MD5") -> str:
    """The signature under the merchant's APIv2 key (WeChat Pay V2, "signature algorithm"), in upper-case hex.

    Empty values and `sign` itself are left out, the rest is sorted by name.
    """
    parts = [f"{name}={fields[name]}" for name in sorted(fields) if name != "sign" and fields[name] != ""]
    text = "&".join([*parts, f"key={key}"]).encode()
    if sign_type == "HMAC-SHA256":
        return hmac.new(key.encode(), text, hashlib.sha256).hexdigest().upper()
    return hashlib.md5(text, usedforsecurity=False).hexdigest().upper()


def is_signed_v2(fields: Mapping[str, str], key: str) -> bool:
    """Whether `sign` fits all other fields, by the kind that `sign_type` names (MD5 when it names none)."""
    sign_type = fields.get("sign_type") or "MD5"
    if sign_type not in SIGN_TYPES:
        return False
    expected = sign_v2(fields, key, sign_type)
    return hmac.compare_digest(expected.encode(), fields.get("sign", "").encode())


def read_xml(body: bytes) -> dict[str, str]:
    """The fields of one flat <xml> document.

    Raises MalformedXmlError, also for a document type: entities have no business here.
    """
    reader = _Reader()
    parser = ParserCreate()
    parser.StartElementHandler = reader.open
    parser.EndElementHandler = reader.close
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = reader.refuse
    try:
        parser.Parse(body, True)
    except ExpatError as error:
        raise MalformedXmlError(str(error)) from error
    return reader.fields


class _Reader:
    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._open: list[str] = []

    def open(self, name: str, _: object) -> None:
        if len(self._open) >= 2 or (not self._open and name != "xml") or (self._open and name in self.fields):
            raise MalformedXmlError(f"unexpected element {name}")
        self._open.append(name)
        if len(self._open) == 2:
            self.fields[name] = ""

    def close(self, _: str) -> None:
        self._open.pop()

    def text(self, text: str) -> None:
        if len(self._open) == 2:
            self.fields[self._open[1]] += text

    def refuse(self, *_: object) -> None:
        raise MalformedXmlError("a document type")


def write_xml(fields: Mapping[str, str]) -> bytes:
    """The fields as WeChat Pay writes them: numbers bare, everything else in CDATA."""
    lines = [f"<{name}>{_cell(text)}</{name}>" for name, text in fields.items()]
    return "\n".join(["<xml>", *lines, "</xml>"]).encode()


def _cell(text: str) -> str:
    if text.isascii() and text.isdigit():
        return text
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"
