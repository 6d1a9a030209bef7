"""RSA with SHA-256 as both wallets use it: keys made at start, signatures in base64."""

import base64
import binascii
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID

_NAMES = {
    "C": NameOID.COUNTRY_NAME,
    "O": NameOID.ORGANIZATION_NAME,
    "OU": NameOID.ORGANIZATIONAL_UNIT_NAME,
    "CN": NameOID.COMMON_NAME,
}
_LIFE = timedelta(days=5 * 365)


def new_key() -> RSAPrivateKey:
    """A fresh key of 2048 bits; takes a tenth of a second or several."""
    return generate_private_key(65537, 2048)


def sign(key: RSAPrivateKey, message: bytes) -> str:
    """PKCS #1 v1.5 over SHA-256, in base64."""
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def is_signed(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    """Whether the base64 text is this key's signature of exactly these bytes."""
    try:
        key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, binascii.Error, ValueError):
        return False
    return True


def private_pem(key: RSAPrivateKey) -> str:
    """The key as merchants get it from the wallets' tools (PKCS #8)."""
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def public_pem(key: RSAPrivateKey) -> str:
    """Its public half, as an X.509 SubjectPublicKeyInfo."""
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def certificate_of(
    key: RSAPrivateKey | EllipticCurvePrivateKey,
    names: dict[str, str],
    begins: datetime,
    issuer: x509.Certificate | None = None,
    issuer_key: RSAPrivateKey | None = None,
) -> x509.Certificate:
    """A certificate over the key, good for five years; without an issuer it signs itself."""
    subject = x509.Name([x509.NameAttribute(_NAMES[name], text) for name, text in names.items()])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + _LIFE)
        .sign(issuer_key or key, SHA256())
    )
