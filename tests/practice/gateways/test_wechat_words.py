"""WeChat Pay's signatures against the published examples, and what they refuse."""

from __future__ import annotations

import pytest

from practice.gateways.call import Call
from practice.gateways.wechat.keys import Platform, Proof, seal, setup_of
from practice.gateways.wechat.v2_words import (
    MalformedXmlError,
    is_signed_v2,
    read_xml,
    sign_v2,
    write_xml,
)
from practice.gateways.wechat.v3_words import RequestProof, UnprovenError, answer_headers
from tests.practice.gateways.plain import Hands
from tests.practice.gateways.wechat_asks import MERCHANT, NOON, Merchant

# The example of "signature algorithm" in WeChat Pay's documents of version 2.
PUBLISHED = {
    "appid": "wxd930ea5d5a258f4f",
    "mch_id": "10000100",
    "device_info": "1000",
    "body": "test",
    "nonce_str": "ibuaiVcKdpRxkhJA",
}
PUBLISHED_KEY = "192006250b4c09247ec02edce69f6a2d"


@pytest.mark.parametrize(
    ("sign_type", "signature"),
    [
        ("MD5", "9A0A8659F005D6984697E2CA0A9CF3B7"),
        ("HMAC-SHA256", "6A9AE1657590FD6257D693A078E1C3E4BB6BA4DC30B23E0EE2496E54170DACD6"),
    ],
)
def test_the_published_signatures_of_version_2(sign_type: str, signature: str) -> None:
    assert sign_v2(PUBLISHED, PUBLISHED_KEY, sign_type) == signature
    assert sign_v2(PUBLISHED | {"attach": "", "sign": "x"}, PUBLISHED_KEY, sign_type) == signature


def test_every_field_of_version_2_counts() -> None:
    signed = PUBLISHED | {"sign": "9A0A8659F005D6984697E2CA0A9CF3B7"}
    assert is_signed_v2(signed, PUBLISHED_KEY)
    for name in PUBLISHED:
        assert not is_signed_v2(signed | {name: signed[name] + "1"}, PUBLISHED_KEY)
    assert not is_signed_v2(signed | {"more": "1"}, PUBLISHED_KEY)
    assert not is_signed_v2(signed | {"sign_type": "HMAC-SHA256"}, PUBLISHED_KEY)
    assert not is_signed_v2(signed | {"sign_type": "NONE"}, PUBLISHED_KEY)
    assert not is_signed_v2(PUBLISHED, PUBLISHED_KEY)


def test_xml_goes_out_and_comes_back() -> None:
    fields = {"a": "]]>", "b": "<&>", "c": "", "d": "12", "e": "卡"}
    assert read_xml(write_xml(fields)) == fields


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<a/>",
        b"<xml><a><b>1</b></a></xml>",
        b"<xml><a>1</a><a>2</a></xml>",
        b'<!DOCTYPE xml [<!ENTITY e "1">]><xml><a>&e;</a></xml>',
        b'<!DOCTYPE xml SYSTEM "file:///etc/hostname"><xml><a>1</a></xml>',
    ],
)
def test_other_xml_is_refused(body: bytes) -> None:
    with pytest.raises(MalformedXmlError):
        read_xml(body)


# --- Version 3 ---


@pytest.fixture(scope="module")
def merchant() -> Merchant:
    return Merchant(setup_of(MERCHANT, Platform(Proof.PUBLIC_KEY, Hands(NOON))))


def test_a_request_is_heard_once(merchant: Merchant) -> None:
    proof = RequestProof(MERCHANT)
    call = merchant.call("POST", "/v3/a?b=c", b'{"d":1}')
    proof.check(call, NOON)
    with pytest.raises(UnprovenError, match="nonce"):
        proof.check(call, NOON + 200)


def test_a_nonce_is_remembered_while_its_request_could_be_repeated(merchant: Merchant) -> None:
    proof = RequestProof(MERCHANT)
    merchant.now = NOON + 299
    call = merchant.call("GET", "/v3/a")
    merchant.now = NOON
    proof.check(call, NOON)
    proof.check(merchant.call("GET", "/v3/b"), NOON + 299)
    with pytest.raises(UnprovenError, match="nonce"):
        proof.check(call, NOON + 598)


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_wrong_clock_is_refused(merchant: Merchant, seconds: int) -> None:
    with pytest.raises(UnprovenError, match="timestamp"):
        RequestProof(MERCHANT).check(merchant.call("GET", "/v3/a"), NOON + seconds)


def test_every_part_of_a_request_counts(merchant: Merchant) -> None:
    good = merchant.call("POST", "/v3/a?b=c", b'{"d":1}')
    changed = [
        Call("PUT", good.path, good.query, good.headers, good.body),
        Call(good.method, "/v3/b", good.query, good.headers, good.body),
        Call(good.method, good.path, "b=d", good.headers, good.body),
        Call(good.method, good.path, "", good.headers, good.body),
        Call(good.method, good.path, good.query, good.headers, b'{"d":2}'),
        Call(good.method, good.path, good.query, good.headers, b'{"d":1} '),
        Call(good.method, good.path, good.query, {}, good.body),
        merchant.call("POST", "/v3/a", mchid="1"),
        merchant.call("POST", "/v3/a", serial_no="1"),
        merchant.call("POST", "/v3/a", nonce_str="1"),
        merchant.call("POST", "/v3/a", timestamp=str(int(NOON) + 1)),
        merchant.call("POST", "/v3/a", signature="!"),
    ]
    for call in changed:
        with pytest.raises(UnprovenError):
            RequestProof(MERCHANT).check(call, NOON)
    RequestProof(MERCHANT).check(good, NOON)


def test_certificates_rotate_gradually() -> None:
    hands = Hands(NOON)
    platform = Platform(Proof.CERTIFICATES, hands)
    old = platform.signer()
    new = platform.rotate()
    assert [each.name for each in platform.told()] == [old.name, new.name]

    def share() -> float:
        return sum(platform.signer() is new for _ in range(100)) / 100

    at_once = share()
    hands.advance(1800)
    halfway = share()
    hands.advance(1800)
    assert (at_once, share()) == (0, 1)
    assert 0.4 < halfway < 0.6


def test_the_public_key_does_not_rotate() -> None:
    platform = Platform(Proof.PUBLIC_KEY, Hands(NOON))
    assert platform.rotate() is platform.signer()
    assert platform.told() == []
    assert platform.signer().name.startswith("PUB_KEY_ID_")


def test_keys_stand_in_no_repr() -> None:
    platform = Platform(Proof.PUBLIC_KEY, Hands(NOON))
    assert MERCHANT.api_v3_key not in repr(MERCHANT)
    assert MERCHANT.api_v2_key not in repr(MERCHANT)
    assert "RSAPrivateKey" not in repr(MERCHANT) + repr(platform.signer())


def test_a_sealed_certificate_names_its_algorithm() -> None:
    sealed = seal(MERCHANT.api_v3_key, b"text", "certificate")
    assert (sealed["algorithm"], len(sealed["nonce"])) == ("AEAD_AES_256_GCM", 12)


def test_an_answer_is_signed_with_its_time_and_nonce() -> None:
    headers = answer_headers(Platform(Proof.PUBLIC_KEY, Hands(NOON)).signer(), b"{}", int(NOON), "n")
    assert (headers["Wechatpay-Timestamp"], headers["Wechatpay-Nonce"]) == (str(int(NOON)), "n")
