"""What the fields of a top-up may hold: one name, one pattern; docs/goods.md explains each."""

from __future__ import annotations

import re
import unicodedata

LONGEST_FIELD = 200

# Prefixes of China's numbering plan; a ported number keeps its prefix, so a prefix tells who gave the number out,
# not who carries it today.
_CN_MOBILE = r"1(?:34[0-8]|(?:3[5-9]|4[78]|5[0-27-9]|7[28]|8[2-478]|9[578])[0-9])[0-9]{7}"
_CN_UNICOM = r"1(?:3[0-2]|4[56]|5[56]|66|7[56]|8[56]|96)[0-9]{8}"
_CN_TELECOM = r"1(?:33|49|53|7[37]|8[019]|9[0139])[0-9]{8}"
_CN_BROADNET = r"192[0-9]{8}"
_CN_VIRTUAL = r"1(?:6[257]|7[01])[0-9]{8}"
_CN_PHONE = r"1[3-9][0-9]{9}"
_QQ = r"[1-9][0-9]{4,10}"
_WECHAT = r"[A-Za-z][A-Za-z0-9_-]{5,19}"
_EMAIL = r"[^\s@]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"

_PATTERNS = {
    name: re.compile(pattern)
    for name, pattern in {
        "phone_cn": _CN_PHONE,
        "phone_cn_mobile": _CN_MOBILE,
        "phone_cn_unicom": _CN_UNICOM,
        "phone_cn_telecom": _CN_TELECOM,
        "phone_cn_broadnet": _CN_BROADNET,
        "phone_cn_ported": rf"{_CN_MOBILE}|{_CN_UNICOM}|{_CN_TELECOM}|{_CN_BROADNET}",
        "phone_cn_virtual": _CN_VIRTUAL,
        "landline_cn": r"0[1-9][0-9]{1,2}-?[2-8][0-9]{6,7}",
        "phone_hk": r"[4-9][0-9]{7}",
        "phone_mo": r"6[0-9]{7}",
        "phone_tw": r"09[0-9]{8}",
        "phone_intl": r"\+[1-9][0-9]{6,14}",
        "qq": _QQ,
        "qq_not_phone": rf"(?!{_CN_PHONE}$){_QQ}",
        "wechat": _WECHAT,
        "wechat_any": rf"{_WECHAT}|{_CN_PHONE}|{_QQ}",
        "email": _EMAIL,
        "email_or_phone": rf"{_EMAIL}|{_CN_PHONE}",
        "alipay": rf"{_EMAIL}|{_CN_PHONE}",
        "account": r"[^\s\x00-\x1f\x7f]{3,64}",
        "digits": r"[0-9]{1,32}",
        "letters_digits": r"[A-Za-z0-9]{1,64}",
        "game_uid": r"[1-9][0-9]{4,15}",
        "game_id": r"[A-Za-z0-9][A-Za-z0-9_.-]{2,31}",
        "role_name": r"[^\W_](?:[\w.\- ]{0,22}[^\W_])?",
        "steam_id": r"7656119[0-9]{10}",
        "battle_tag": r"[^\W\d_]\w{2,11}#[0-9]{4,8}",
        "fuel_card_sinopec": r"100011[0-9]{13}",
        "fuel_card_cnpc": r"9[0-9]{15}",
        "utility_number": r"[0-9]{5,20}",
    }.items()
}
VALIDATORS = tuple(_PATTERNS)

# What asks for a secret or for an identity document has no place in a form. Long words smell anywhere in a text,
# short ones only as a word of their own ("pin" is also in "shipping").
_SMELLS = (
    "password", "passwd", "passcode", "passphrase", "passwort", "secret", "credential", "privatekey", "mnemonic",
    "cardpin", "securitycode", "verificationcode", "verifycode", "smscode", "authcode", "onetimecode",
    "idcard", "identitycard", "idnumber", "passport", "bankcard", "creditcard", "debitcard",
    "\u5bc6\u7801", "\u5bc6\u78bc", "\u53e3\u4ee4", "\u5bc6\u94a5", "\u52a9\u8bb0\u8bcd", "\u9a8c\u8bc1\u7801",
    "\u9a57\u8b49\u78bc", "\u6821\u9a8c\u7801", "\u52a8\u6001\u7801", "\u5b89\u5168\u7801", "\u4ee4\u724c",
    "\u8eab\u4efd\u8bc1", "\u8eab\u4efd\u8b49", "\u62a4\u7167", "\u8b77\u7167", "\u94f6\u884c\u5361", "\u4fe1\u7528\u5361",
)  # fmt: skip
_SHORT_SMELLS = frozenset(
    (
        "pw",
        "pwd",
        "psw",
        "pass",
        "pin",
        "cvv",
        "cvv2",
        "cvc",
        "cvn",
        "otp",
        "totp",
        "mfa",
        "2fa",
        "token",
        "mima",
    )
)


def is_valid(validator: str, value: str) -> bool:
    """Whether a value has the form that a validator asks for. Raises KeyError for a validator that is none."""
    return len(value) <= LONGEST_FIELD and _PATTERNS[validator].fullmatch(value) is not None


def asks_for_secret(text: str) -> bool:
    """Whether a key or a label asks for a password, a one-time code, a card or an identity document, however spelled."""
    folded = unicodedata.normalize("NFKC", text)
    split = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", folded).casefold()
    words = re.findall(r"[^\W_]+", split)
    together = "".join(words)
    return any(smell in together for smell in _SMELLS) or not _SHORT_SMELLS.isdisjoint(words)
