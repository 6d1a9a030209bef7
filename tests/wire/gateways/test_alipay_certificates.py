"""Alipay in certificate mode: the numbers of certificates, and the day on which Alipay changes its own."""

import base64
import hashlib
from dataclasses import replace
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from pos_app.domain.errors import DiskTrouble, GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import Standing
from pos_app.wire.gateways import rsa_keys
from pos_app.wire.gateways.alipay.client import AlipayGateway
from pos_app.wire.gateways.alipay.signing import certificate_number, root_number, signed_text
from pos_app.wire.http import Exchange
from tests.fakes.scripted_wallets import (
    MERCHANT,
    WALLET,
    AlipaySide,
    Issuer,
    MemoryKeys,
    ScriptedSender,
    certificate,
    named,
    pem,
    private_pem,
    said,
)
from tests.fakes.till_clock import NOON_IN_CHINA, FakeClock
from tests.wire.gateways.test_alipay import ASK, ORDER, PAID, cause, parameters

DOWNLOAD = "alipay.open.app.alipaycert.download"
ISSUER_NAME = named(
    (NameOID.COUNTRY_NAME, "CN"),
    (NameOID.ORGANIZATION_NAME, "Ant Financial"),
    (NameOID.ORGANIZATIONAL_UNIT_NAME, "Certification Authority"),
    (NameOID.COMMON_NAME, "Ant Financial Certification Authority R1"),
)
ROOT_KEY = rsa.generate_private_key(65537, 2048)
ROOT = Issuer(ISSUER_NAME, ROOT_KEY)
MIDDLE_KEY = rsa.generate_private_key(65537, 2048)
MIDDLE = Issuer(named((NameOID.COMMON_NAME, "Class 2 R1")), MIDDLE_KEY)
ALIPAY = named((NameOID.COMMON_NAME, "Alipay-2088"))
SHOP = named((NameOID.COMMON_NAME, "Shop-2021"))
ROOT_CERTIFICATE = certificate(ISSUER_NAME, ROOT_KEY, ROOT, 1001, is_authority=True)
MIDDLE_CERTIFICATE = certificate(MIDDLE.name, MIDDLE_KEY, ROOT, 1002, is_authority=True)
OURS = certificate(SHOP, MERCHANT, MIDDLE, 2001)
THEIRS = certificate(ALIPAY, WALLET, MIDDLE, 3001)
NEXT_KEY = rsa.generate_private_key(65537, 2048)
NEXT = certificate(ALIPAY, NEXT_KEY, MIDDLE, 3002)
PAID_ASKED = {**PAID, "trade_status": "TRADE_SUCCESS"}


def not_rsa() -> x509.Certificate:
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateBuilder(ISSUER_NAME, ISSUER_NAME, key.public_key(), 77)
    builder = builder.not_valid_before(NOON_IN_CHINA).not_valid_after(NOON_IN_CHINA)
    return builder.sign(key, SHA256())


def number(of: x509.Certificate, issuer: str) -> str:
    return hashlib.md5(f"{issuer}{of.serial_number}".encode()).hexdigest()


ISSUER_TEXT = "CN=Ant Financial Certification Authority R1,OU=Certification Authority,O=Ant Financial,C=CN"
FILLED = {
    "app_id": "2021000000000001",
    "mode": "certificate",
    "private_key": private_pem(MERCHANT),
    "app_certificate": pem(OURS),
    "alipay_root_certificate": pem(ROOT_CERTIFICATE, not_rsa()),
    "alipay_certificate": pem(THEIRS, MIDDLE_CERTIFICATE),
}


def gateway(*script: Any, **filled: str) -> tuple[AlipayGateway, ScriptedSender]:
    return keeping(MemoryKeys({**FILLED, **filled}), *script)


def keeping(keys: MemoryKeys, *script: Any) -> tuple[AlipayGateway, ScriptedSender]:
    sender = ScriptedSender(list(script))
    return AlipayGateway(keys, sender, FakeClock()), sender


def downloaded(*chain: x509.Certificate, by: rsa.RSAPrivateKey = NEXT_KEY) -> Any:
    content = base64.b64encode(pem(*chain).encode()).decode()
    return AlipaySide(by, certificate_number(NEXT)).answer(
        DOWNLOAD, {"code": "10000", "alipay_cert_content": content}
    )


def test_a_certificate_is_called_by_its_issuer_and_its_serial_number() -> None:
    assert certificate_number(ROOT_CERTIFICATE) == number(ROOT_CERTIFICATE, ISSUER_TEXT)
    assert certificate_number(OURS) == number(OURS, "CN=Class 2 R1")


def test_what_is_signed_of_a_request() -> None:
    parameters = {"b": "2 &=", "a": "\u4e2d", "sign": "x", "empty": "", "sign_type": "RSA2"}
    assert signed_text(parameters) == "a=\u4e2d&b=2 &=&sign_type=RSA2".encode()


def test_of_the_roots_only_those_signed_by_rsa_count() -> None:
    other = certificate(ISSUER_NAME, WALLET, ROOT, 1009)
    expected = f"{number(ROOT_CERTIFICATE, ISSUER_TEXT)}_{number(other, ISSUER_TEXT)}"
    assert root_number((ROOT_CERTIFICATE, not_rsa(), other)) == expected


def test_a_root_that_nobody_here_can_read_is_passed_over() -> None:
    der = bytearray(not_rsa().public_bytes(Encoding.DER))
    der[40] ^= 0xFF
    strange = base64.b64encode(der).decode()
    assert rsa_keys.certificates(strange) == ()
    roots = f"-----BEGIN CERTIFICATE-----\n{strange}\n-----END CERTIFICATE-----\n{pem(ROOT_CERTIFICATE)}"
    client, sender = gateway(said(200, b""), alipay_root_certificate=roots)
    with pytest.raises(Unreachable):
        client.ask(ORDER)
    told = parameters(sender.sent[0])["alipay_root_cert_sn"]
    assert told == number(ROOT_CERTIFICATE, ISSUER_TEXT)


def test_both_numbers_are_said_and_the_answers_number_is_known() -> None:
    side = AlipaySide(certificate_number=certificate_number(THEIRS))
    client, sender = gateway(side.answer(ASK, PAID_ASKED))
    assert client.ask(ORDER).standing is Standing.PAID
    sent = parameters(sender.sent[0])
    assert sent["app_cert_sn"] == number(OURS, "CN=Class 2 R1")
    assert sent["alipay_root_cert_sn"] == number(ROOT_CERTIFICATE, ISSUER_TEXT)


def test_a_root_that_cannot_be_read_does_not_count() -> None:
    """As in Alipay's own file, whose elliptic roots strict readers refuse."""
    unreadable = pem(not_rsa()).replace("MII", "MIA", 1)
    side = AlipaySide(certificate_number=certificate_number(THEIRS))
    roots = unreadable + pem(ROOT_CERTIFICATE)
    client, sender = gateway(side.answer(ASK, PAID_ASKED), alipay_root_certificate=roots)
    assert client.ask(ORDER).standing is Standing.PAID
    assert parameters(sender.sent[0])["alipay_root_cert_sn"] == number(ROOT_CERTIFICATE, ISSUER_TEXT)
    with pytest.raises(GatewaySetupWrong, match="alipay_root_certificate"):
        gateway(alipay_root_certificate=unreadable)[0].ask(ORDER)


def test_key_mode_says_no_numbers() -> None:
    client, sender = gateway(said(200, b""), mode="key", alipay_public_key=key_of(THEIRS))
    with pytest.raises(Unreachable):
        client.ask(ORDER)
    assert not {"app_cert_sn", "alipay_root_cert_sn"} & set(parameters(sender.sent[0]))


def key_of(of: x509.Certificate) -> str:
    from cryptography.hazmat.primitives.serialization import PublicFormat

    return of.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def test_a_changed_certificate_is_fetched_believed_and_kept() -> None:
    keys = MemoryKeys(dict(FILLED))
    side = AlipaySide(NEXT_KEY, certificate_number(NEXT))
    answer = side.answer(ASK, PAID_ASKED)
    client, sender = keeping(keys, answer, downloaded(NEXT, MIDDLE_CERTIFICATE), answer)
    assert client.ask(ORDER).standing is Standing.PAID
    assert parameters(sender.sent[1])["method"] == DOWNLOAD
    assert client.ask(ORDER).standing is Standing.PAID  # now without asking
    assert len(sender.sent) == 3
    again, _ = keeping(keys, answer)
    assert again.ask(ORDER).standing is Standing.PAID


def test_a_full_disk_costs_only_another_fetch() -> None:
    keys = MemoryKeys(dict(FILLED), DiskTrouble("keys", "full"))
    answer = AlipaySide(NEXT_KEY, certificate_number(NEXT)).answer(ASK, PAID_ASKED)
    client, _ = keeping(keys, answer, downloaded(NEXT, MIDDLE_CERTIFICATE))
    assert client.ask(ORDER).standing is Standing.PAID


def other_merchants() -> Any:
    """A merchant's own certificate, honestly issued under the same root."""
    theirs = certificate(SHOP, NEXT_KEY, MIDDLE, NEXT.serial_number)
    return downloaded(theirs, MIDDLE_CERTIFICATE)


def issued_by_a_merchant() -> Any:
    merchant = Issuer(SHOP, MERCHANT)
    forged = certificate(ALIPAY, NEXT_KEY, merchant, 9)
    content = base64.b64encode(pem(forged, OURS, MIDDLE_CERTIFICATE).encode()).decode()
    side = AlipaySide(NEXT_KEY, certificate_number(forged))
    return forged, side.answer(DOWNLOAD, {"code": "10000", "alipay_cert_content": content})


@pytest.mark.parametrize(
    "reply",
    [
        downloaded(
            certificate(ALIPAY, NEXT_KEY, Issuer(MIDDLE.name, NEXT_KEY), NEXT.serial_number),
            MIDDLE_CERTIFICATE,
        ),
        downloaded(NEXT),  # nobody of the chain leads to the root
        downloaded(THEIRS, MIDDLE_CERTIFICATE),  # not the one that was asked for
        downloaded(NEXT, MIDDLE_CERTIFICATE, by=WALLET),
        other_merchants(),
        AlipaySide(NEXT_KEY).answer(DOWNLOAD, {"code": "40004"}),
        AlipaySide(NEXT_KEY).answer(DOWNLOAD, {"code": "10000", "alipay_cert_content": "%%"}),
        AlipaySide(NEXT_KEY).answer(DOWNLOAD, "[]"),
        said(200, b"<html>"),
        Unreachable("down", was_sent=False),
    ],
)
def test_a_changed_certificate_that_nobody_answers_for(reply: Any) -> None:
    side = AlipaySide(NEXT_KEY, certificate_number(NEXT))
    client, _ = gateway(side.answer(ASK, PAID_ASKED), reply)
    assert cause(lambda: client.ask(ORDER)) == "signature"


def test_a_merchant_cannot_issue_certificates() -> None:
    forged, reply = issued_by_a_merchant()
    side = AlipaySide(NEXT_KEY, certificate_number(forged))
    client, _ = gateway(side.answer(ASK, PAID_ASKED), reply)
    assert cause(lambda: client.ask(ORDER)) == "signature"


def test_a_wrong_number_over_a_right_signature() -> None:
    """In key mode there is nothing to fetch."""
    side = AlipaySide(certificate_number="0" * 32)
    client, sender = gateway(side.answer(ASK, PAID_ASKED), mode="key", alipay_public_key=key_of(THEIRS))
    assert cause(lambda: client.ask(ORDER)) == "signature"
    assert len(sender.sent) == 1


def test_roots_of_which_none_is_signed_by_rsa() -> None:
    client, _ = gateway(alipay_root_certificate=pem(not_rsa()))
    with pytest.raises(GatewaySetupWrong) as caught:
        client.begin_day()
    assert caught.value.reason == "alipay_root_certificate"


@pytest.mark.parametrize("field", ["app_certificate", "alipay_root_certificate", "alipay_certificate"])
def test_a_certificate_that_is_missing_is_named(field: str) -> None:
    client, _ = gateway(**{field: ""})
    with pytest.raises(GatewaySetupWrong) as caught:
        client.begin_day()
    assert caught.value.reason == field


def test_the_signature_is_over_the_text_not_over_its_number() -> None:
    side = AlipaySide(WALLET, certificate_number(THEIRS))
    honest = side.answer(ASK, PAID_ASKED)

    def renumbered(request: Any) -> Exchange:
        exchange = honest(request)
        return replace(exchange, body=exchange.body.replace(certificate_number(THEIRS).encode(), b"", 1))

    client, _ = gateway(renumbered)
    assert cause(lambda: client.ask(ORDER)) == "signature"  # a certificate mode answer names its certificate
