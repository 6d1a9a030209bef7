"""RSA keys and certificates as merchants have them, and signatures by SHA-256 with PKCS #1 v1.5 padding."""

from __future__ import annotations

import base64
import binascii
import re

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)

_PEM = re.compile(r"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_UNREADABLE = (ValueError, TypeError, UnsupportedAlgorithm, binascii.Error)


def private_key(text: str) -> RSAPrivateKey | None:
    """A private key in PEM or bare base64 (PKCS #1 or #8, no password); None when it is none."""
    try:
        if "-----BEGIN" in text:
            key = load_pem_private_key(text.strip().encode(), None)
        else:
            key = load_der_private_key(_unpacked(text), None)
    except _UNREADABLE:
        return None
    return key if isinstance(key, RSAPrivateKey) else None


def public_key(text: str) -> RSAPublicKey | None:
    """A public key in PEM or bare base64; None when it is none."""
    try:
        if "-----BEGIN" in text:
            key = load_pem_public_key(text.strip().encode())
        else:
            key = load_der_public_key(_unpacked(text))
    except _UNREADABLE:
        return None
    return key if isinstance(key, RSAPublicKey) else None


def certificates(text: str) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM text in their order, or one in bare base64; none when it cannot be read."""
    try:
        if "-----BEGIN" in text:
            return tuple(x509.load_pem_x509_certificates(text.strip().encode()))
        return (x509.load_der_x509_certificate(_unpacked(text)),)
    except _UNREADABLE:
        return ()


def authorities(text: str) -> tuple[x509.Certificate, ...]:
    """The certificates of a PEM text that can be read, in their order.

    Alipay's file of roots holds several algorithms, and some that strict readers refuse: those answer for nobody here.
    """
    return tuple(each for block in _PEM.findall(text) for each in certificates(block))


def key_of(certificate: x509.Certificate) -> RSAPublicKey | None:
    """The RSA key that a certificate speaks for; None when it is another kind of key."""
    try:
        key = certificate.public_key()
    except (ValueError, UnsupportedAlgorithm):
        return None
    return key if isinstance(key, RSAPublicKey) else None


def sign(key: RSAPrivateKey, message: bytes) -> str:
    """The signature in base64."""
    return base64.b64encode(key.sign(message, PKCS1v15(), SHA256())).decode()


def is_signed(key: RSAPublicKey, message: bytes, signature: str) -> bool:
    """Whether `signature` (base64) is that key's over just this message."""
    try:
        key.verify(base64.b64decode(signature, validate=True), message, PKCS1v15(), SHA256())
    except (InvalidSignature, ValueError):
        return False
    return True


def leads_to(chain: tuple[x509.Certificate, ...], roots: tuple[x509.Certificate, ...]) -> bool:
    """Whether the first certificate was issued by a root, or by an authority of the chain that leads to one."""
    wanted = chain[0]
    for _ in chain:
        if any(_is_issued(wanted, root) for root in roots):
            return True
        issuers = [
            each for each in chain[1:] if each != wanted and _is_authority(each) and _is_issued(wanted, each)
        ]
        if not issuers:
            return False
        wanted = issuers[0]
    return False


def _is_issued(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm):
        return False
    return True


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except (x509.ExtensionNotFound, ValueError):
        return False


def _unpacked(text: str) -> bytes:
    return base64.b64decode(re.sub(r"\s", "", text), validate=True)
