"""Both sides' keys and certificates of a practice Alipay, and the serial numbers that certificate mode sends."""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ssl import DER_cert_to_PEM_cert

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding

from practice.gateways.rsa_keys import certificate_of, new_key, private_pem, public_pem

_RSA_SIGNATURES = "1.2.840.113549.1.1"
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
_ECDSA = bytes.fromhex("300a06082a8648ce3d040302")
_ECDSA_WITH_NULL = bytes.fromhex("300c06082a8648ce3d0403020500")


@dataclass(frozen=True)
class AlipayKeys:
    """The texts of certificates are PEM; `root` holds several of them, as Alipay's own file does."""

    app_id: str
    app_key: RSAPrivateKey = field(repr=False)
    app_certificate: bytes
    alipay_key: RSAPrivateKey = field(repr=False)
    alipay_certificate: bytes
    root: bytes
    root_certificate: x509.Certificate
    root_key: RSAPrivateKey = field(repr=False)


def make_alipay_keys(now: float) -> AlipayKeys:
    """Fresh keys: the application's, Alipay's, and those of the authority that signs both certificates."""
    begins = datetime.fromtimestamp(int(now), UTC)
    root_key, app_key, alipay_key = new_key(), new_key(), new_key()
    root = certificate_of(root_key, _authority("R1"), begins)
    app = certificate_of(app_key, _holder("Practice Shop"), begins, root, root_key)
    alipay = certificate_of(alipay_key, _holder("Practice Alipay"), begins, root, root_key)
    odd = certificate_of(generate_private_key(SECP256R1()), _authority("E1"), begins)
    return AlipayKeys(
        app_id="2021000000000001",
        app_key=app_key,
        app_certificate=app.public_bytes(Encoding.PEM),
        alipay_key=alipay_key,
        alipay_certificate=alipay.public_bytes(Encoding.PEM),
        root=_with_null(odd) + root.public_bytes(Encoding.PEM),
        root_certificate=root,
        root_key=root_key,
    )


def alipay_certificate(keys: AlipayKeys, key: RSAPrivateKey, now: float) -> bytes:
    """A fresh certificate of Alipay's over the key."""
    begins = datetime.fromtimestamp(int(now), UTC)
    made = certificate_of(key, _holder("Practice Alipay"), begins, keys.root_certificate, keys.root_key)
    return made.public_bytes(Encoding.PEM)


def certificate_serial(certificate: x509.Certificate) -> str:
    """What Alipay calls a certificate's SN: MD5 over the issuer, most particular name first, and the decimal serial."""
    text = f"{certificate.issuer.rfc4514_string()}{certificate.serial_number}"
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def root_serial(root: bytes) -> str:
    """The SNs of the certificates in the root file that RSA signed, joined by underscores.

    Others may not even be readable: Alipay's own file holds such, and they do not count.
    """
    return "_".join(certificate_serial(each) for each in _readable(root) if _is_rsa(each))


def serial_of(pem: bytes) -> str:
    """The SN of the first certificate in the text."""
    return certificate_serial(x509.load_pem_x509_certificate(pem))


def setup_of(keys: AlipayKeys, *, has_certificates: bool) -> dict[str, str]:
    """What a client must be told, under the names that merchants know."""
    shared = {"app_id": keys.app_id, "private_key": private_pem(keys.app_key)}
    if not has_certificates:
        return {**shared, "mode": "key", "alipay_public_key": public_pem(keys.alipay_key)}
    return {
        **shared,
        "mode": "certificate",
        "app_certificate": keys.app_certificate.decode(),
        "alipay_certificate": keys.alipay_certificate.decode(),
        "alipay_root_certificate": keys.root.decode(),
    }


def _readable(root: bytes) -> list[x509.Certificate]:
    found = []
    for pem in _PEM.findall(root):
        try:
            found.append(x509.load_pem_x509_certificate(pem))
        except ValueError:
            continue
    return found


def _is_rsa(certificate: x509.Certificate) -> bool:
    return certificate.signature_algorithm_oid.dotted_string.startswith(_RSA_SIGNATURES)


def _authority(generation: str) -> dict[str, str]:
    name = f"Practice Certification Authority {generation}"
    return {"C": "CN", "O": "Practice", "OU": "Certification Authority", "CN": name}


def _holder(name: str) -> dict[str, str]:
    return {"C": "CN", "O": name, "OU": "Alipay", "CN": name}


def _with_null(certificate: x509.Certificate) -> bytes:
    """The certificate as some are in Alipay's root file: ECDSA with parameters that strict readers refuse."""
    told = certificate.tbs_certificate_bytes
    rest = certificate.public_bytes(Encoding.DER)[4 + len(told) :]
    inner = _sequence(told[4:].replace(_ECDSA, _ECDSA_WITH_NULL, 1))
    return DER_cert_to_PEM_cert(_sequence(inner + rest.replace(_ECDSA, _ECDSA_WITH_NULL, 1))).encode()


def _sequence(content: bytes) -> bytes:
    """DER, for contents of 256 to 65,535 bytes."""
    return b"\x30\x82" + len(content).to_bytes(2, "big") + content
