"""A server that asks who we are: the client's certificate is shown, and its key lies nowhere afterwards."""

import datetime as dt
import ipaddress
import os
import ssl
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest
import requests.adapters
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from pos_app.domain.errors import Unreachable
from pos_app.wire.http import Http, Identity, Patience, Request
from tests.wire.scripted_server import ScriptedServer, plain

Serve = Callable[..., ScriptedServer]
QUICK = Patience(connect_s=1, read_s=1, whole_s=5)


def self_issued(name: str) -> tuple[bytes, bytes]:
    """A certificate and its key, PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(called, called, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now - dt.timedelta(days=1)).not_valid_after(now + dt.timedelta(days=1))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = builder.add_extension(names, critical=False).sign(key, SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return certificate.public_bytes(Encoding.PEM), secret


@pytest.fixture
def asking(serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ScriptedServer, Identity]:
    """A server that we trust and that lets only one client in."""
    certificate, key = self_issued("server")
    ours = Identity(*self_issued("till"))
    (tmp_path / "server.pem").write_bytes(certificate + key)
    (tmp_path / "client.pem").write_bytes(ours.certificate)
    (tmp_path / "trusted.pem").write_bytes(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "server.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_verify_locations(tmp_path / "client.pem")
    monkeypatch.setattr(requests.adapters, "DEFAULT_CA_BUNDLE_PATH", str(tmp_path / "trusted.pem"))
    return serve(plain(200, b"1"), plain(200, b"2"), tls=context), ours


def ask(http: Http, server: ScriptedServer, identity: Identity | None) -> bytes:
    return http.send_once(Request("POST", server.address + "/", {}, b"x", identity)).body


def test_the_certificate_opens_the_door_and_only_where_it_is_shown(
    asking: tuple[ScriptedServer, Identity], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server, ours = asking
    left = tmp_path / "left"
    left.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(left))
    http = Http(QUICK, "test")
    assert ask(http, server, ours) == b"1"
    assert list(left.iterdir()) == []
    with pytest.raises(Unreachable):
        ask(Http(QUICK, "test"), server, None)
    assert len(server.heard) == 1
    http.close()


def test_a_server_with_a_certificate_of_nobody_is_refused_with_an_identity_too(
    asking: tuple[ScriptedServer, Identity], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    server, ours = asking
    (tmp_path / "trusted.pem").write_bytes(ours.certificate)
    with pytest.raises(Unreachable) as caught:
        ask(Http(QUICK, "test"), server, ours)
    assert (caught.value.cause, server.heard) == ("not_ours", [])


def test_what_lies_on_disk_for_a_moment_is_encrypted(
    asking: tuple[ScriptedServer, Identity], monkeypatch: pytest.MonkeyPatch
) -> None:
    server, ours = asking
    seen: list[bytes] = []
    load = ssl.SSLContext.load_cert_chain

    def watched(self: ssl.SSLContext, place: Path, *more: object, **how: object) -> None:
        seen.append(Path(place).read_bytes())
        assert os.name != "posix" or Path(place).parent.stat().st_mode & 0o077 == 0
        load(self, place, *more, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(ssl.SSLContext, "load_cert_chain", watched)
    http = Http(QUICK, "test")
    assert ask(http, server, ours) == b"1"
    assert ask(http, server, ours) == b"2"
    assert len(seen) == 1
    assert b"ENCRYPTED PRIVATE KEY" in seen[0]
    assert b"BEGIN PRIVATE KEY" not in seen[0]
    http.close()


def test_a_key_of_another_certificate() -> None:
    ours = Identity(self_issued("till")[0], self_issued("other")[1])
    with pytest.raises(ValueError, match="belong together"):
        Http(QUICK, "test").send_once(Request("GET", "https://127.0.0.1:1/", {}, b"", ours))


def test_neither_key_nor_body_is_in_a_representation() -> None:
    ours = Identity(*self_issued("till"))
    request = Request("POST", "https://h/", {}, b"281234567890123456", ours)
    assert "281234567890123456" not in repr(request)
    assert "PRIVATE" not in repr(request)
