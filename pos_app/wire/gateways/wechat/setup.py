"""What a shop fills in to use WeChat Pay, and the keys that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from pos_app.domain.errors import GatewaySetupWrong
from pos_app.domain.gateway import FieldKind, SetupField
from pos_app.wire.gateways import link, rsa_keys
from pos_app.wire.http import Identity

NAME = "wechat"
ADDRESS = "https://api.mch.weixin.qq.com"
FIELDS = (
    SetupField("address", default=ADDRESS),
    SetupField("api", FieldKind.CHOICE, choices=("v3", "v2"), default="v3"),
    SetupField("appid"),
    SetupField("mchid"),
    SetupField("merchant_key", FieldKind.KEY, is_needed=False),
    SetupField("merchant_serial", is_needed=False),
    SetupField("public_key", FieldKind.KEY, is_needed=False),
    SetupField("public_key_id", is_needed=False),
    SetupField("api_v3_key", FieldKind.SECRET, is_needed=False),
    SetupField("api_v2_key", FieldKind.SECRET, is_needed=False),
    SetupField("client_certificate", FieldKind.KEY, is_needed=False),
    SetupField("notify_url", is_needed=False),
    SetupField("store_id", is_needed=False),
    SetupField("out_id", is_needed=False),
)
_DEFAULTS = {each.key: each.default for each in FIELDS}
_API_V3_KEY_BYTES = 32
# Certificates of the platform, by serial number; not filled in, fetched and kept by us.
KEPT = "platform_certificate_"


@dataclass(frozen=True, slots=True)
class Shop:
    """Who sells: `store` is how WeChat Pay is told the store, empty where the shop did not say."""

    address: str
    appid: str
    mchid: str
    notify_url: str
    store: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class V3Keys:
    """Our key with the serial number of its certificate, and whose signature is believed, by its id.

    `sealing_key` opens fetched certificates; `asked_id` is the key that answers are asked to be signed with.
    """

    private_key: RSAPrivateKey = field(repr=False)
    serial: str
    believed: Mapping[str, RSAPublicKey]
    sealing_key: bytes = field(repr=False)
    asked_id: str


@dataclass(frozen=True, slots=True)
class V2Keys:
    """The key that both sides sign with; `identity` is who we are where money goes back."""

    key: bytes = field(repr=False)
    identity: Identity


def fields_of(filled: Mapping[str, str]) -> dict[str, str]:
    """What is filled in, with the defaults for what is not."""
    return {**_DEFAULTS, **{key: text.strip() for key, text in filled.items() if text.strip()}}


def read_shop(fields: Mapping[str, str]) -> Shop:
    """Raises GatewaySetupWrong with the key of the field that is missing or no good."""
    named = (("id", fields["store_id"]), ("out_id", fields["out_id"]))
    return Shop(
        link.origin(fields["address"]) or _wrong("address"),
        fields["appid"] or _wrong("appid"),
        fields["mchid"] or _wrong("mchid"),
        fields["notify_url"],
        {key: text for key, text in named if text},
    )


def read_v3(fields: Mapping[str, str]) -> V3Keys:
    """Public-key mode, certificate mode, or both; raises GatewaySetupWrong with the key of the field."""
    believed: dict[str, RSAPublicKey] = {}
    if fields["public_key_id"]:
        believed[fields["public_key_id"]] = rsa_keys.public_key(fields["public_key"]) or _wrong("public_key")
    sealing_key = fields["api_v3_key"].encode()
    if sealing_key and len(sealing_key) != _API_V3_KEY_BYTES:
        _wrong("api_v3_key")
    if not believed and not sealing_key:
        _wrong("public_key_id")
    for name, text in fields.items():
        if name.startswith(KEPT):
            believed.update(platform_keys({name.removeprefix(KEPT): text}))
    return V3Keys(
        rsa_keys.private_key(fields["merchant_key"]) or _wrong("merchant_key"),
        fields["merchant_serial"] or _wrong("merchant_serial"),
        believed,
        sealing_key,
        fields["public_key_id"],
    )


def read_v2(fields: Mapping[str, str]) -> V2Keys:
    """Raises GatewaySetupWrong with the key of the field: without a certificate nothing could be undone."""
    key = fields["api_v2_key"].encode() or _wrong("api_v2_key")
    return V2Keys(key, _identity(fields))


def check_fields(filled: Mapping[str, str]) -> None:
    """GatewaySetupWrong with the key of a field that is missing or no good; nobody is asked."""
    fields = fields_of(filled)
    read_shop(fields)
    if fields["api"] == "v2":
        read_v2(fields)
    else:
        read_v3(fields)


def platform_keys(certificates: Mapping[str, str]) -> dict[str, RSAPublicKey]:
    """The keys of certificates (PEM) by their serial numbers; what cannot be read is left out."""
    found = {}
    for serial, text in certificates.items():
        for certificate in rsa_keys.certificates(text)[:1]:
            key = rsa_keys.key_of(certificate)
            if key is not None:
                found[serial] = key
    return found


def _identity(fields: Mapping[str, str]) -> Identity:
    chain = rsa_keys.certificates(fields["client_certificate"]) or _wrong("client_certificate")
    key = rsa_keys.private_key(fields["merchant_key"]) or _wrong("merchant_key")
    if rsa_keys.key_of(chain[0]) != key.public_key():
        _wrong("client_certificate")
    return Identity(
        b"".join(each.public_bytes(Encoding.PEM) for each in chain),
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()),
    )


def _wrong(key: str) -> NoReturn:
    raise GatewaySetupWrong(NAME, key)
