"""What a shop fills in to use Alipay, and the keys that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NoReturn

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from pos_app.domain.errors import GatewaySetupWrong
from pos_app.domain.gateway import FieldKind, SetupField
from pos_app.wire.gateways import link, rsa_keys
from pos_app.wire.gateways.alipay import signing

NAME = "alipay"
ADDRESS = "https://openapi.alipay.com"
FIELDS = (
    SetupField("address", default=ADDRESS),
    SetupField("app_id"),
    SetupField("mode", FieldKind.CHOICE, choices=("key", "certificate"), default="key"),
    SetupField("private_key", FieldKind.KEY),
    SetupField("alipay_public_key", FieldKind.KEY, is_needed=False),
    SetupField("app_certificate", FieldKind.KEY, is_needed=False),
    SetupField("alipay_root_certificate", FieldKind.KEY, is_needed=False),
    SetupField("alipay_certificate", FieldKind.KEY, is_needed=False),
    SetupField(
        "pay_product",
        FieldKind.CHOICE,
        is_needed=False,
        choices=("FACE_TO_FACE_PAYMENT", "OFFLINE_PAYMENT"),
        default="FACE_TO_FACE_PAYMENT",
    ),
    SetupField(
        "qr_product",
        FieldKind.CHOICE,
        is_needed=False,
        choices=("QR_CODE_OFFLINE", "FACE_TO_FACE_PAYMENT"),
        default="QR_CODE_OFFLINE",
    ),
    SetupField("store_id", is_needed=False),
    SetupField("terminal_id", is_needed=False),
)
_DEFAULTS = {each.key: each.default for each in FIELDS}
# The certificate that Alipay changed to since; not filled in, kept by us.
RENEWED = "alipay_certificate_renewed"


@dataclass(frozen=True, slots=True)
class Setup:
    """The filled-in fields, read: `alipay_keys` by the number of their certificate, "" where there is none.

    `subject` is what Alipay's certificate is made out to, `roots` who answers for it.
    """

    address: str
    app_id: str
    private_key: RSAPrivateKey = field(repr=False)
    alipay_keys: Mapping[str, RSAPublicKey]
    pay_product: str
    qr_product: str
    store_id: str = ""
    terminal_id: str = ""
    app_number: str = ""
    root_number: str = ""
    roots: tuple[x509.Certificate, ...] = ()
    subject: x509.Name | None = None


def read_setup(filled: Mapping[str, str]) -> Setup:
    """Raises GatewaySetupWrong with the key of the field that is missing or no good; never with what stands in it."""
    fields = {**_DEFAULTS, **{key: text.strip() for key, text in filled.items() if text.strip()}}
    address = link.origin(fields["address"].removesuffix("/gateway.do")) or _wrong("address")
    key = rsa_keys.private_key(fields["private_key"]) or _wrong("private_key")
    is_certified = fields["mode"] == "certificate"
    roots = _roots(fields) if is_certified else ()
    return Setup(
        address,
        fields["app_id"] or _wrong("app_id"),
        key,
        _certified(fields) if is_certified else _plain(fields),
        fields["pay_product"],
        fields["qr_product"],
        fields["store_id"],
        fields["terminal_id"],
        signing.certificate_number(_chain(fields, "app_certificate")[0]) if is_certified else "",
        signing.root_number(roots),
        roots,
        _chain(fields, "alipay_certificate")[0].subject if is_certified else None,
    )


def _plain(fields: Mapping[str, str]) -> dict[str, RSAPublicKey]:
    return {"": rsa_keys.public_key(fields["alipay_public_key"]) or _wrong("alipay_public_key")}


def _certified(fields: Mapping[str, str]) -> dict[str, RSAPublicKey]:
    leaves = [_chain(fields, "alipay_certificate")[0]]
    leaves += rsa_keys.certificates(fields.get(RENEWED, ""))[:1]
    return {
        signing.certificate_number(leaf): rsa_keys.key_of(leaf) or _wrong("alipay_certificate")
        for leaf in leaves
    }


def _roots(fields: Mapping[str, str]) -> tuple[x509.Certificate, ...]:
    filled = fields["alipay_root_certificate"]
    found = rsa_keys.authorities(filled) if "-----BEGIN" in filled else rsa_keys.certificates(filled)
    return found if signing.root_number(found) else _wrong("alipay_root_certificate")


def _chain(fields: Mapping[str, str], key: str) -> tuple[x509.Certificate, ...]:
    return rsa_keys.certificates(fields[key]) or _wrong(key)


def _wrong(key: str) -> NoReturn:
    raise GatewaySetupWrong(NAME, key)
