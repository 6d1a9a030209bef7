"""What the network does to the till, and what the till makes of it."""

import gzip
import ipaddress
import socket
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import zstandard
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from pos_app.domain.errors import Unreachable
from pos_app.wire.http import Exchange, Http, Patience, Request
from tests.wire.scripted_server import DROP, Heard, ScriptedServer, plain

Serve = Callable[..., ScriptedServer]
QUICK = Patience(connect_s=1, read_s=0.2, whole_s=5, most_bytes=100_000, most_decoded=200_000)


def send(server: ScriptedServer, http: Http | None = None, body: bytes = b"") -> Exchange:
    http = http or Http(QUICK, "test")
    return http.send(lambda: Request("PUT" if body else "GET", server.address + "/v1/x?a=b", {}, body))


def cause(call: Callable[[], object]) -> str:
    with pytest.raises(Unreachable) as caught:
        call()
    return caught.value.cause


def test_an_answer_comes_back_as_it_travelled(serve: Serve) -> None:
    packed = gzip.compress(b"hello", mtime=0)
    server = serve(plain(207, packed, "Content-Encoding: gzip", "X-Twice: 1", "X-Twice: 2"))
    http = Http(QUICK, "test")
    exchange = send(server, http, b"asked")
    assert (exchange.status, exchange.body) == (207, packed)
    assert exchange.headers["x-twice"] == "1, 2"
    assert http.decoded(exchange) == b"hello"
    heard = server.heard[0]
    assert (heard.method, heard.target, heard.body) == ("PUT", "/v1/x?a=b", b"asked")
    assert heard.headers["accept-encoding"] == "zstd, gzip"
    assert heard.headers["user-agent"] == "test"


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    http = Http(QUICK, "test")
    assert cause(lambda: http.send(lambda: Request("GET", f"http://127.0.0.1:{port}/", {}))) == "down"


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (DROP, "down"),
        (plain(200, b"half", "Content-Length: 400"), "down"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nFF\r\nhalf", "down"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", "down"),
        (b"SSH-2.0-OpenSSH_9\r\n", "not_ours"),
        (plain(200, b"x" * 100_001), "not_ours"),
    ],
)
def test_no_usable_answer(serve: Serve, said: bytes, expected: str) -> None:
    server = serve(said)
    assert cause(lambda: send(server)) == expected
    assert len(server.heard) == 1  # nothing is sent twice by itself


@pytest.mark.parametrize("said", [b"HTTP/1.1 200", plain(200, b"half", "Content-Length: 400")])
def test_an_answer_that_stops_coming(serve: Serve, said: bytes) -> None:
    assert cause(lambda: send(serve(said, hang_after=0))) == "timeout"


def test_an_answer_that_drips_for_ever(serve: Serve) -> None:
    impatient = Patience(connect_s=1, read_s=1, whole_s=-1)
    assert cause(lambda: send(serve(plain(200, b"drop")), Http(impatient, "test"))) == "timeout"


def test_a_redirect_is_not_followed(serve: Serve) -> None:
    elsewhere = serve(plain(200, b"here"))
    assert send(serve(plain(302, b"", f"Location: {elsewhere.address}/"))).status == 302
    assert elsewhere.heard == []


def test_a_proxy_of_the_environment_is_not_asked(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")
    assert send(serve(plain(200, b"here"))).body == b"here"


def test_an_unknown_certificate_is_refused(serve: Serve, tmp_path: Path) -> None:
    server = serve(plain(200, b"trust me"), tls=self_signed(tmp_path))
    assert cause(lambda: send(server)) == "not_ours"
    assert server.heard == []


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    alternative = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    until = datetime.now(UTC) + timedelta(days=1)
    builder = builder.not_valid_before(datetime(2020, 1, 1)).not_valid_after(until)
    certificate = builder.add_extension(alternative, critical=False).sign(key, SHA256())
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "both.pem").write_bytes(secret + certificate.public_bytes(Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context


def test_a_kept_connection_that_was_dropped_is_tried_once_more(serve: Serve) -> None:
    server = serve(plain(200, b"1"), DROP, plain(200, b"2"), DROP, DROP)
    http = Http(QUICK, "test")
    made: list[int] = []

    def make() -> Request:
        made.append(len(made))
        return Request("PUT", server.address + "/", {"Idempotency-Key": "k", "X-Nonce": str(len(made))}, b"b")

    assert http.send(make).body == b"1"
    assert http.send(make).body == b"2"
    assert [heard.headers["x-nonce"] for heard in server.heard] == ["1", "2", "3"]
    assert cause(lambda: http.send(make)) == "down"  # twice dropped is down
    assert len(server.heard) == 5


def test_a_new_connection_that_is_dropped_is_not_tried_again(serve: Serve) -> None:
    server = serve(DROP, plain(200, b"2"))
    assert cause(lambda: send(server)) == "down"
    assert len(server.heard) == 1


def test_a_connection_reopens_after_close(serve: Serve) -> None:
    server = serve(plain(200, b"1"), plain(200, b"2"), closes_after=frozenset({0}))
    http = Http(QUICK, "test")
    assert send(server, http).body == b"1"
    http.close()
    assert send(server, http).body == b"2"


BOMB = b"\0" * 300_000


@pytest.mark.parametrize(
    ("coding", "body", "expected"),
    [
        ("gzip", gzip.compress(BOMB, mtime=0), None),
        ("zstd", zstandard.compress(BOMB), None),
        ("zstd", b"not zstd", None),
        ("gzip", b"not gzip", None),
        ("gzip", gzip.compress(b"whole", mtime=0)[:-9], None),
        ("zstd", zstandard.compress(b"whole" * 99)[:-9], None),
        ("gzip", gzip.compress(b"one", mtime=0) + b"rest", None),
        ("br", b"unasked", None),
        ("zstd", zstandard.compress(b"fine"), b"fine"),
        ("GZIP", gzip.compress(b"fine", mtime=0), b"fine"),
        ("identity", b"fine", b"fine"),
    ],
)
def test_decoding(coding: str, body: bytes, expected: bytes | None) -> None:
    exchange = Exchange(Request("GET", "http://x/", {}), 200, {"content-encoding": coding}, body)
    http = Http(QUICK, "test")
    if expected is None:
        assert cause(lambda: http.decoded(exchange)) == "not_ours"
    else:
        assert http.decoded(exchange) == expected


def test_an_address_that_would_be_rewritten_is_a_bug(serve: Serve) -> None:
    with pytest.raises(ValueError, match="plain form"):
        Http(QUICK, "test").send(lambda: Request("GET", "http://127.0.0.1:1/a b", {}))


def test_the_request_is_told_in_full(serve: Serve) -> None:
    def echo(heard: Heard) -> bytes:
        return plain(200, repr(sorted(heard.headers)).encode())

    body = send(serve(echo)).body.decode()
    assert "cookie" not in body
    assert "authorization" not in body
