"""The words of Alipay's gateway: a signed form in, and an answer whose signature covers a part of its own text."""

import json
import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qsl

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from practice.gateways.bank import BEIJING
from practice.gateways.rsa_keys import is_signed, sign

_YUAN = re.compile(r"[0-9]{1,9}(\.[0-9]{1,2})?")
_TIMESTAMP = "%Y-%m-%d %H:%M:%S"
# One character that is always escaped, so that an answer holds escapes and plain UTF-8 side by side.
_ESCAPED = "\u5e97"


def read_form(query: str, body: bytes) -> dict[str, str]:
    """The parameters of a request, from its address and its body.

    Raises ValueError when a name comes twice or the bytes are no UTF-8.
    """
    told = parse_qsl(query, keep_blank_values=True, errors="strict")
    sent = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=64)
    fields: dict[str, str] = {}
    for name, text in [*told, *sent]:
        if fields.get(name, text) != text:
            raise ValueError(f"{name} comes twice")
        fields[name] = text
    return fields


def is_request_signed(fields: Mapping[str, str], key: RSAPublicKey) -> bool:
    """RSA2 over all parameters but `sign` and empty ones, sorted and not encoded (Alipay, "self-made signatures")."""
    told = sorted((name, text) for name, text in fields.items() if name != "sign" and text != "")
    message = "&".join(f"{name}={text}" for name, text in told)
    return is_signed(key, message.encode(), fields.get("sign", ""))


def write_answer(name: str, content: Mapping[str, object], key: RSAPrivateKey, serial: str | None) -> bytes:
    """The answer as it travels; the signature is over exactly the text that stands after `name`.

    Slashes are escaped, and some characters, as Alipay does. `serial` names the certificate in certificate mode.
    """
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    text = text.replace("/", "\\/").replace(_ESCAPED, "\\u5e97")
    named = f',"alipay_cert_sn":"{serial}"' if serial else ""
    return f'{{"{name}":{text}{named},"sign":"{sign(key, text.encode())}"}}'.encode()


def answer_name(method: str) -> str:
    """What the answer to a method is called; `error_response` when the method means nothing."""
    return method.replace(".", "_") + "_response" if method else "error_response"


def fen_of(text: object) -> int | None:
    """An amount in yuan as Alipay writes it, in fen; None when it is none or is nothing."""
    if not isinstance(text, str) or not _YUAN.fullmatch(text):
        return None
    return int(Decimal(text) * 100) or None


def yuan_of(fen: int) -> str:
    """Fen as yuan with two decimals, a minus in front where there is one."""
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"


def read_timestamp(text: str) -> float | None:
    """A time of Beijing as Alipay writes it, in unix seconds."""
    try:
        return datetime.strptime(text, _TIMESTAMP).replace(tzinfo=BEIJING).timestamp()
    except ValueError:
        return None


def write_timestamp(at: float) -> str:
    """Unix seconds as a time of Beijing."""
    return datetime.fromtimestamp(at, BEIJING).strftime(_TIMESTAMP)
