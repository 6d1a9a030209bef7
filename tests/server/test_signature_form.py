"""What the platform reads of a signature by itself, held against what the library writes (RFC 9421)."""

from datetime import UTC, datetime
from itertools import permutations

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms
from hypothesis import given, settings
from hypothesis import strategies as st

from platform_server.domain.errors import BadSignature
from platform_server.flows.admit_till import SignedBy
from platform_server.routes.signing import SignedMessage, content_digest, signed_by, verify
from tests.fakes.platform_till import COVERED, Message

KEY = Ed25519PrivateKey.from_private_bytes(b"\5" * 32)
PUBLIC = KEY.public_key().public_bytes_raw()
HOSTS = st.builds(
    "{}{}".format,
    st.sampled_from(["127.0.0.1", "Shop.Example", "a-b.example", "[::1]"]),
    st.sampled_from(["", ":80", ":443", ":8080"]),
)
IN_URL = st.lists(st.sampled_from([*"abz09-._~!$&'()*+,;=:@/", "%2F", "%e5", "%20"]), max_size=12).map(
    "".join
)
ORDERS = {
    "GET": list(permutations(COVERED)),
    "PUT": list(permutations((*COVERED, "idempotency-key"))),
}


@st.composite
def signed(draw: st.DrawFn) -> tuple[SignedMessage, SignedBy]:
    """A request signed by the library, and what it says of itself."""
    method, scheme = draw(st.sampled_from(sorted(ORDERS))), draw(st.sampled_from(["http", "https"]))
    host, path, query = draw(HOSTS), "/" + draw(IN_URL), draw(IN_URL)
    body = draw(st.binary(max_size=20))
    headers = {"host": host, "content-digest": content_digest(body)}
    if method == "PUT":
        headers["idempotency-key"] = draw(st.text("abc:019- ", max_size=20)).strip() or "k"
    url = f"{scheme}://{host}{path}" + (f"?{query}" if query else "")
    message = Message(method, url, headers, body)
    created = draw(st.integers(0, (1 << 33) - 1))
    told = SignedBy(
        draw(st.text("ab-019", min_size=1, max_size=36)),
        created,
        created + draw(st.integers(0, 300)),
        draw(st.text("abcXYZ019-_=+/ []", min_size=16, max_size=64)),
    )
    keys = MappingKeyResolver(public_keys={}, private_keys={told.keyid: KEY})
    HTTPMessageSigner(signature_algorithm=algorithms.ED25519, key_resolver=keys).sign(
        message,
        key_id=told.keyid,
        created=datetime.fromtimestamp(told.created, UTC),
        expires=datetime.fromtimestamp(told.expires, UTC),
        nonce=told.nonce,
        label="till",
        tag="pos-till-1",
        use_existing_digest=True,
        covered_component_ids=draw(st.sampled_from(ORDERS[method])),
    )
    lower = {name.lower(): value for name, value in message.headers.items()}
    return SignedMessage(lower, method, scheme, path, query, body), told


@given(signed())
def test_what_the_library_signs_is_found_true(pair: tuple[SignedMessage, SignedBy]) -> None:
    message, told = pair
    assert signed_by(message) == told
    verify(message, PUBLIC)


CHANGES = {
    "method": lambda message: {"method": "DELETE"},
    "host": lambda message: {"headers": message.headers | {"host": "other:81"}},
    "path": lambda message: {"path": message.path + "x"},
    "query": lambda message: {"query": message.query + "&"},
    "body": lambda message: {"body": message.body + b" "},
    "digest": lambda message: {
        "body": b"other",
        "headers": message.headers | {"content-digest": content_digest(b"other")},
    },
    "no host": lambda message: {"headers": message.headers | {"host": ""}},
    "a line more": lambda message: {"path": message.path + '\n"@query": ?'},
    "beyond ASCII": lambda message: {"path": message.path + "\u00e9"},
}


@pytest.mark.parametrize("change", CHANGES)
@settings(max_examples=15)
@given(pair=signed())
def test_nothing_that_was_signed_can_change(change: str, pair: tuple[SignedMessage, SignedBy]) -> None:
    message, _ = pair
    parts = {name: getattr(message, name) for name in SignedMessage.__slots__}
    with pytest.raises(BadSignature):
        verify(SignedMessage(**{**parts, **CHANGES[change](message)}), PUBLIC)


INPUT = (
    'till=("@method" "@authority" "@path" "@query" "content-digest")'
    ';created=5;keyid="k";alg="ed25519";expires=6;nonce="0123456789abcdef";tag="pos-till-1"'
)
SPELLINGS = [
    INPUT.replace("created=5", "created=05"),
    INPUT.replace("created=5", "created=-5"),
    INPUT.replace("created=5", "created=5.0"),
    INPUT.replace("created=5", 'created="5"'),
    INPUT.replace("created=5", "created=\u0665"),
    INPUT.replace("created=5", "created=1234567890123456"),
    INPUT.replace('keyid="k"', "keyid=k"),
    INPUT.replace('keyid="k"', 'keyid="\\k"'),
    INPUT.replace('keyid="k"', 'keyid="a\\"b"'),
    INPUT.replace('keyid="k"', 'keyid="\u00e9"'),
    INPUT.replace('keyid="k"', 'keyid="k";keyid="l"'),
    INPUT.replace(";created", "; created"),
    INPUT.replace('"@path" ', '"@path"  '),
    INPUT.replace('"@path"', '"@path";sf'),
    INPUT.replace('"@path"', '"@path" "@path"'),
    INPUT.replace('"@path"', '"@status"'),
    INPUT.replace('alg="ed25519"', 'alg="hmac-sha256"'),
    INPUT.replace(';alg="ed25519"', ""),
    INPUT + ";extra=1",
    INPUT + ";tag",
    INPUT + ";",
    INPUT + ', other=("@method")',
    " " + INPUT,
    INPUT.replace("till", "Till", 1),
    "",
]


def _of(spelled: str) -> SignedMessage:
    headers = {"signature-input": spelled, "signature": f"till=:{'A' * 86}==:"}
    return SignedMessage(headers, "GET", "http", "/", "", b"")


def test_the_one_spelling_is_read() -> None:
    assert signed_by(_of(INPUT)) == SignedBy("k", 5, 6, "0123456789abcdef")


@pytest.mark.parametrize("spelled", SPELLINGS)
def test_another_spelling_is_refused(spelled: str) -> None:
    with pytest.raises(BadSignature):
        signed_by(_of(spelled))
