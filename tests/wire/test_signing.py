"""Signatures, checked by code that shares nothing with the library that made them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.wire.http import Exchange, Request
from pos_app.wire.platform.signing import Answer, Signer, check
from tests.wire.by_hand import REPLY, REPLY_TO_NOBODY, PlatformByHand, digest, verify_request

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
BODY = b'{"epoch":1}'
URL = "http://127.0.0.1:8080/v1/reservations/0193?cursor=a%2Fb&limit=2"


def signed(method: str = "PUT", url: str = URL, key: str | None = "0193:reserve:1") -> Request:
    headers = {"Idempotency-Key": key} if key else {}
    return Signer(KEY).sign(Request(method, url, headers, BODY), "till-1", NOON)


def test_a_request_verifies_by_hand_and_covers_exactly_what_the_protocol_says() -> None:
    request = signed()
    verify_request(KEY.public_key(), request.method, request.url, request.headers)
    told = request.headers["Signature-Input"]
    covered = '("@method" "@authority" "@path" "@query" "content-digest" "idempotency-key")'
    assert told.startswith(f"till={covered};")
    seconds = int(NOON.timestamp())
    for param in (f"created={seconds}", f"expires={seconds + 300}", 'keyid="till-1"', 'tag="pos-till-1"'):
        assert f";{param}" in told
    assert ';alg="ed25519"' in told
    assert request.headers["Content-Digest"] == digest(BODY)


def test_a_get_covers_no_key_and_an_empty_body_too() -> None:
    request = Signer(KEY).sign(Request("GET", "http://h/v1/account", {}), "till-1", NOON)
    verify_request(KEY.public_key(), request.method, request.url, request.headers)
    assert '("@method" "@authority" "@path" "@query" "content-digest");' in request.headers["Signature-Input"]
    assert request.headers["Content-Digest"] == digest(b"")


def test_a_default_port_is_no_part_of_the_authority() -> None:
    request = Signer(KEY).sign(Request("GET", "https://pay.example:443/v1/account", {}), "t", NOON)
    verify_request(KEY.public_key(), "GET", "https://pay.example/v1/account", request.headers)


def test_no_nonce_comes_twice() -> None:
    assert len({signed().headers["Signature-Input"] for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "mutate",
    [
        lambda r: replace(r, method="POST"),
        lambda r: replace(r, url=r.url.replace("8080", "8081")),
        lambda r: replace(r, url=r.url.replace("0193", "0194")),
        lambda r: replace(r, url=r.url.replace("limit=2", "limit=3")),
        lambda r: replace(r, headers={**r.headers, "Content-Digest": digest(b"{}")}),
        lambda r: replace(r, headers={**r.headers, "Idempotency-Key": "0193:reserve:2"}),
        lambda r: replace(
            r,
            headers={
                **r.headers,
                "Signature-Input": r.headers["Signature-Input"].replace("till-1", "till-2"),
            },
        ),
    ],
)
def test_a_changed_request_does_not_verify(mutate: Callable[[Request], Request]) -> None:
    changed = mutate(signed())
    with pytest.raises(InvalidSignature):
        verify_request(KEY.public_key(), changed.method, changed.url, changed.headers)


PLATFORM = PlatformByHand()


def answered(
    request: Request,
    status: int = 200,
    body: bytes = b"{}",
    covered: tuple[str, ...] = REPLY,
    params: str = "",
) -> Exchange:
    more = {"params": params} if params else {}
    headers = PLATFORM.headers(request.headers["Signature"], status, body, covered, **more)
    return Exchange(request, status, {name.lower(): value for name, value in headers.items()}, body)


def test_the_platforms_answer_is_believed() -> None:
    assert check(answered(signed()), PLATFORM.public_key) is Answer.OURS


def test_an_answer_bound_to_nothing_is_known_as_such() -> None:
    answer = check(answered(signed(), 401, covered=REPLY_TO_NOBODY), PLATFORM.public_key)
    assert answer is Answer.ANYBODYS


@pytest.mark.parametrize(
    "mutate",
    [
        lambda e: replace(e, status=201),
        lambda e: replace(e, body=b"{ }"),
        lambda e: replace(e, request=signed()),  # the answer to another asking of the same
        lambda e: replace(e, headers={**e.headers, "content-digest": digest(b"{ }")}),
        lambda e: replace(e, body=b"{ }", headers={**e.headers, "content-digest": digest(b"{ }")}),
        lambda e: replace(e, headers={k: v for k, v in e.headers.items() if k != "content-digest"}),
        lambda e: replace(e, headers={**e.headers, "signature": "platform=:AAAA:"}),
        lambda e: replace(e, headers={**e.headers, "signature": "nonsense"}),
        lambda e: replace(e, headers={**e.headers, "signature-input": "platform=("}),
        lambda e: replace(
            e, headers={**e.headers, "signature-input": e.headers["signature-input"].replace("=1;", "=2;")}
        ),
        lambda e: answered(e.request, covered=('"@status"', '"signature";req;key="till"')),
        lambda e: answered(e.request, covered=('"content-digest"', '"signature";req;key="till"')),
        lambda e: answered(e.request, params=';created=1;keyid="platform-1";alg="ed25519";tag="other"'),
        lambda e: answered(e.request, params=';created=1;keyid="till-1";alg="ed25519";tag="pos-platform-1"'),
        lambda e: answered(e.request, params=';created=1;keyid="platform-1";tag="pos-platform-1"'),
    ],
)
def test_a_changed_answer_is_forged(mutate: Callable[[Exchange], Exchange]) -> None:
    assert check(mutate(answered(signed())), PLATFORM.public_key) is Answer.FORGED


def test_another_platforms_answer_is_forged() -> None:
    assert check(answered(signed()), PlatformByHand().public_key) is Answer.FORGED


def test_an_answer_without_signature_is_said_to_have_none() -> None:
    assert check(Exchange(signed(), 200, {}, b"<html>"), PLATFORM.public_key) is Answer.UNSIGNED


def test_the_platforms_clock_does_not_matter() -> None:
    params = ';created=9999999999;keyid="platform-7";alg="ed25519";tag="pos-platform-1"'
    assert check(answered(signed(), params=params), PLATFORM.public_key) is Answer.OURS
