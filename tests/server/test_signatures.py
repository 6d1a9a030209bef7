"""Nothing of a signature may be changed, left out or added."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.fakes.platform_process import Served, served
from tests.fakes.platform_till import COVERED, FakeTill, new_id
from tests.server.test_api import refused


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running
        assert running.invariants() == []


@pytest.fixture
def till(platform: Served) -> FakeTill:
    return platform.till()


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FakeTill]:
    """One till for all that changes nothing."""
    with served(tmp_path_factory.mktemp("lasting")) as running:
        yield running.till()


MUTATIONS: list[dict[str, Any]] = [
    {"method": "POST"},
    {"path": "/v1/catalogue"},
    {"path": "/v1/account?x=1"},
    {"path": "/v1/%61ccount"},
    {"host": "127.0.0.1:1"},
    {"body": b"x"},
    {"header": ("content-digest", "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:")},
    {"header": ("signature", "till=:AAAA:")},
    {"header": ("signature", "till=nonsense")},
    {"drop": "signature"},
    {"drop": "signature-input"},
    {"drop": "content-digest"},
    {"sign": {"tag": "pos-till-2"}},
    {"sign": {"tag": None}},
    {"sign": {"nonce": None}},
    {"sign": {"nonce": "short"}},
    {"sign": {"expires": None}},
    {"sign": {"expires_in": 301}},
    {"sign": {"expires_in": -1}},
    {"sign": {"include_alg": False}},
    {"sign": {"label": "other"}},
    {"sign": {"key_id": "019393a1-5c00-7000-8000-000000000001"}},
    {"sign": {"key_id": "new"}},
    {"sign": {"covered_component_ids": COVERED[:4]}},
    {"sign": {"covered_component_ids": (*COVERED, "accept-encoding")}},
    {"sign": {"covered_component_ids": ("@method", "@authority", "@target-uri", "@query", "content-digest")}},
    {"twice": True},
]


@pytest.mark.parametrize("change", MUTATIONS, ids=lambda change: str(change)[:50])
def test_nothing_of_a_signature_may_be_changed(lasting: FakeTill, change: dict[str, Any]) -> None:
    till = lasting
    message = till.build("GET", "/v1/account?y=%2F")
    if "body" in change:
        message.body = change["body"]
    if "method" in change:
        message.method = change["method"]
        message.headers["idempotency-key"] = "x"
    if "path" in change:
        message.url = till.address + change["path"]
    if "host" in change:
        message.headers["host"] = change["host"]
    if "header" in change:
        name, value = change["header"]
        message.headers[_named(message.headers, name)] = (
            value if "digest" not in name else value.replace("47", "48")
        )
    if "drop" in change:
        del message.headers[_named(message.headers, change["drop"])]
    if "sign" in change:
        options = dict(change["sign"])
        if "expires_in" in options:
            options["expires"] = datetime.fromtimestamp(till.now() + options.pop("expires_in"), UTC)
        till.sign(message, **options)
    if "twice" in change:
        till.sign(message, label="second", append_if_signature_exists=True)
    refused(till.send(message, is_bound=False), "SIGNATURE", 401)


def _named(headers: dict[str, str], name: str) -> str:
    return next(each for each in headers if each.lower() == name)


def test_a_write_signs_its_key(till: FakeTill) -> None:
    sale = new_id()
    message = till.build(
        "POST", f"/v1/reservations/{sale}/cancel", {"epoch": 1, "reason": ""}, key=f"{sale}:cancel:1"
    )
    till.sign(message, covered_component_ids=COVERED)
    refused(till.send(message, is_bound=False), "SIGNATURE", 401)
    till.sign(message)
    message.headers["idempotency-key"] = f"{sale}:cancel:2"
    refused(till.send(message, is_bound=False), "SIGNATURE", 401)


def test_a_key_of_another_hand(till: FakeTill) -> None:
    till.sign_key = Ed25519PrivateKey.generate()
    refused(till.send(till.build("GET", "/v1/account"), is_bound=False), "SIGNATURE", 401)


def test_an_enrolment_is_signed_by_the_key_it_names(platform: Served) -> None:
    till = platform.till(is_enrolled=False)
    message = till.build("POST", "/v1/enrolments", {"sign_key": "x"}, key="k", keyid="new")
    refused(till.send(message, is_bound=False), "SIGNATURE", 401)
    message = till.build("POST", "/v1/enrolments", [], key="k", keyid="new")
    refused(till.send(message, is_bound=False), "SIGNATURE", 401)
