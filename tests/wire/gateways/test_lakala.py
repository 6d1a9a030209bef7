"""Lakala's client: the very bytes of its requests, and that it believes only what is signed, fresh and ours."""

import base64
import json
import traceback
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import Answer, FieldKind, RefundStanding, Standing, Undoing
from pos_app.domain.payment_code import Wallet
from pos_app.wire.gateways import lakala
from pos_app.wire.gateways.lakala import Lakala, answers
from tests.fakes.gateway_sender import MemoryKeys, ScriptedSender, Step, Told, TwitchySender
from tests.fakes.till_clock import NOON_IN_CHINA, FakeClock
from tests.wire.gateways.facts import (
    CALLS,
    CHARGE,
    CODE,
    NUMBER,
    ORDER,
    REFUND,
    SHOW,
    SHOWN,
    Example,
    example,
    examples,
    plain,
    setup,
)

APP, MERCHANT, TERM = "OP00000003", "822290070111135", "29034705"
# Short keys, for speed: those of the examples are as long as real ones.
THEIRS, OURS = (rsa.generate_private_key(65537, 1024) for _ in range(2))
FORGERS = OURS  # any key but theirs
PLATFORM = THEIRS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
PRIVATE = OURS.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
SETUP = setup("lakala") | {"platform_certificate": PLATFORM, "private_key": PRIVATE}
QUESTIONS = [name for name in CALLS if name not in ("begin_day", "charge")]
HTML = b"<html><body>502 Bad Gateway</body></html>"


def client(
    *script: Step, keys: Mapping[str, str] | None = None, clock: FakeClock | None = None
) -> tuple[Lakala, ScriptedSender, MemoryKeys]:
    sender, kept = ScriptedSender(*script), MemoryKeys(SETUP if keys is None else keys)
    return Lakala(kept, sender, clock or FakeClock()), sender, kept


def signed(
    body: bytes,
    at: datetime = NOON_IN_CHINA,
    by: rsa.RSAPrivateKey = THEIRS,
    app: str = APP,
    status: int = 200,
) -> Told:
    """As the open platform says it, written apart from the client."""
    seconds, nonce = str(int(at.timestamp())), "8vNBqkFlDfGH"
    message = b"\n".join([app.encode(), b"017d6ae9ad6e", seconds.encode(), nonce.encode(), body, b""])
    signature = base64.b64encode(by.sign(message, PKCS1v15(), SHA256())).decode()
    headers = {
        "lklapi-appid": app,
        "lklapi-serial": "017d6ae9ad6e",
        "lklapi-timestamp": seconds,
        "lklapi-nonce": nonce,
        "lklapi-signature": signature,
    }
    return Told(body, status, headers)


def body(code: str, **data: Any) -> bytes:
    """An answer about the order; None leaves a field out, no fields at all leave out resp_data."""
    told: dict[str, Any] = {"msg": "x", "resp_time": "20261122120001", "code": code}
    trade = {"out_trade_no": NUMBER, "total_amount": "1250", "merchant_no": MERCHANT, "trade_no": "789"}
    if data:
        told["resp_data"] = {key: value for key, value in (trade | data).items() if value is not None}
    return json.dumps(told).encode()


def said(code: str, **data: Any) -> Told:
    return signed(body(code, **data))


PAID = said("BBS00000", trade_state="SUCCESS", account_type="ALIPAY")


# --- the wire, to the byte ---


@pytest.mark.parametrize("case", examples("lakala"))
def test_an_example_is_said_and_read_to_the_byte(case: Example) -> None:
    """Signatures of the examples, both ways, were made with openssl."""
    gateway, sender, kept = client(case.reply, keys=case.keys)
    read = CALLS[case.call](gateway)
    (request,) = sender.heard
    assert (request.method, request.url) == (case.request["method"], case.request["url"])
    assert dict(request.headers) == case.request["headers"]
    assert request.body.decode() == case.request["body"]
    assert plain(read) == case.read
    assert kept.keeps == []
    assert sender.said_once == (sender.heard if case.call == "charge" else [])


def test_a_question_that_is_made_twice_carries_two_nonces() -> None:
    sender = TwitchySender(PAID)
    assert Lakala(MemoryKeys(SETUP), sender, FakeClock()).ask(ORDER).standing is Standing.PAID
    first, second = sender.heard
    assert first.body == second.body
    assert first.headers["Authorization"] != second.headers["Authorization"]


def test_each_revocation_has_a_number_of_its_own() -> None:
    gateway, sender, _ = client(*[said("BBS00000", origin_out_trade_no=NUMBER)] * 2)
    gateway.undo(ORDER)
    gateway.undo(ORDER)
    numbers = {json.loads(request.body)["req_data"]["out_trade_no"] for request in sender.heard}
    assert len(numbers) == 2
    assert all(len(number) == 32 and number.isalnum() for number in numbers)


# --- a pay ---


@pytest.mark.parametrize(
    ("answer", "standing"),
    [
        (said("BBS00000", account_type="WECHAT"), Standing.PAID),
        (said("BBS00000", trade_state="SUCCESS"), Standing.PAID),
        (said("BBS00000", trade_state="DEAL"), Standing.PROCESSING),
        (said("BBS00000", trade_state="SOMETHING_NEW"), Standing.PROCESSING),
        (said("BBS10000"), Standing.WAITING),
        (said("BBS10000", trade_state="DEAL"), Standing.WAITING),
        (said("BBS11105"), Standing.PROCESSING),
        (said("BBS11112"), Standing.PROCESSING),
        (said("BBS11000"), Standing.FAILED),
        (said("BBS11106"), Standing.FAILED),
        (said("BBS11200"), Standing.FAILED),
        (said("BBS00001"), Standing.PROCESSING),
        (said("BBS00100"), Standing.PROCESSING),
        (said("BBS00101"), Standing.PROCESSING),
        (said("BBS11114"), Standing.PROCESSING),
        (said("BBS99999"), Standing.PROCESSING),
        (said("000000", trade_state="SUCCESS"), Standing.PROCESSING),
        (said("", trade_state="SUCCESS"), Standing.PROCESSING),
    ],
)
def test_a_pay_is_read_by_its_code(answer: Told, standing: Standing) -> None:
    gateway, sender, _ = client(answer)
    assert gateway.charge(CHARGE).standing is standing
    assert sender.heard == sender.said_once


def test_what_is_definite_is_this_and_nothing_else() -> None:
    assert sorted(answers.DEFINITE) == ["BBS11000", "BBS11106", "BBS11200"]
    ends = {
        state: standing.value
        for state, standing in answers.TRADE_STANDINGS.items()
        if standing is not Standing.PROCESSING
    }
    assert ends == {
        "SUCCESS": "paid",
        "PART_REFUND": "paid",
        "REFUND": "refunded",
        "REVOKED": "closed",
        "CLOSE": "closed",
        "FAIL": "failed",
    }


@pytest.mark.parametrize(
    "altered",
    [
        {"out_trade_no": "T1261122000018"},
        {"out_trade_no": None},
        {"total_amount": "1"},
        {"total_amount": None},
        {"merchant_no": "822290070111136"},
        {"term_no": "29034706"},
    ],
    ids=str,
)
@pytest.mark.parametrize("call", ["charge", "ask"])
def test_paid_is_only_believed_of_our_number_amount_and_merchant(call: str, altered: dict[str, Any]) -> None:
    gateway, _, _ = client(said("BBS00000", trade_state="SUCCESS", **altered))
    with pytest.raises(Unreachable, match="not_ours"):
        CALLS[call](gateway)


def test_another_orders_failure_is_not_ours() -> None:
    gateway, _, _ = client(said("BBS11000", out_trade_no="T1261122000018"))
    with pytest.raises(Unreachable, match="not_ours"):
        gateway.charge(CHARGE)


# --- whom it believes ---

GOOD = body("BBS00000", trade_state="SUCCESS")


def without(name: str) -> Told:
    told = signed(GOOD)
    return replace(told, headers={key: value for key, value in told.headers.items() if key != name})


UNBELIEVABLE = [
    ("unsigned", Told(GOOD), "signature"),
    ("unsigned no", Told(body("BBS11000")), "signature"),
    ("forged", signed(GOOD, by=FORGERS), "signature"),
    ("altered", replace(signed(GOOD), body=GOOD.replace(b"1250", b"1251")), "signature"),
    ("stale", signed(GOOD, NOON_IN_CHINA - timedelta(seconds=301)), "signature"),
    ("of the future", signed(GOOD, NOON_IN_CHINA + timedelta(seconds=301)), "signature"),
    ("to another application", signed(GOOD, app="OP00000004"), "signature"),
    ("no application", without("lklapi-appid"), "signature"),
    ("no serial", without("lklapi-serial"), "signature"),
    ("no time", without("lklapi-timestamp"), "signature"),
    ("no nonce", without("lklapi-nonce"), "signature"),
    (
        "a time without end",
        replace(signed(GOOD), headers=dict(signed(GOOD).headers) | {"lklapi-timestamp": "9" * 5000}),
        "signature",
    ),
    (
        "no base64",
        replace(signed(GOOD), headers=dict(signed(GOOD).headers) | {"lklapi-signature": "?"}),
        "signature",
    ),
    ("signed 500", signed(GOOD, status=500), "server_trouble"),
    ("signed 400", signed(body("BBS11000"), status=400), "not_ours"),
    ("a page", Told(HTML, 502), "server_trouble"),
    ("a page that is fine", Told(HTML), "not_ours"),
    ("a signed page", signed(HTML), "not_ours"),
    ("too many requests", Told(b"{}", 429), "busy"),
    ("cut short", signed(GOOD[:-9]), "not_ours"),
    ("no object", signed(b"[]"), "not_ours"),
    ("coded", replace(signed(GOOD), headers={"content-encoding": "gzip"}), "not_ours"),
]


@pytest.mark.parametrize(
    ("answer", "cause"), [pytest.param(answer, cause, id=name) for name, answer, cause in UNBELIEVABLE]
)
@pytest.mark.parametrize("call", ["charge", "ask"])
def test_what_cannot_be_believed_is_no_answer(answer: Told, cause: str, call: str) -> None:
    gateway, _, _ = client(answer)
    with pytest.raises(Unreachable) as caught:
        CALLS[call](gateway)
    assert (caught.value.cause, caught.value.was_sent) == (cause, True)


def test_an_answer_may_be_five_minutes_old() -> None:
    for old in (timedelta(seconds=300), timedelta(seconds=-300)):
        gateway, _, _ = client(signed(GOOD, NOON_IN_CHINA + old))
        assert gateway.ask(ORDER).standing is Standing.PAID


@pytest.mark.parametrize("call", [*QUESTIONS, "charge"])
@pytest.mark.parametrize("lost", [Unreachable("timeout"), Unreachable("down", was_sent=False)])
def test_silence_is_handed_on_as_it_is(call: str, lost: Unreachable) -> None:
    gateway, sender, _ = client(lost)
    with pytest.raises(Unreachable) as caught:
        CALLS[call](gateway)
    assert caught.value is lost
    assert len(sender.heard) == 1


# --- questions ---


@pytest.mark.parametrize(
    ("state", "standing"), [*answers.TRADE_STANDINGS.items(), ("SOMETHING_NEW", Standing.PROCESSING)]
)
def test_an_order_stands_as_its_state_says(state: str, standing: Standing) -> None:
    gateway, _, _ = client(said("BBS00000", trade_state=state, account_type="UQRCODEPAY"))
    assert gateway.ask(ORDER) == Answer(standing, state, "789", Wallet.UNIONPAY)


def test_found_is_not_paid() -> None:
    """BBS00000 only says that there is such a trade."""
    gateway, _, _ = client(said("BBS00000", account_type="WECHAT"))
    assert gateway.ask(ORDER).standing is Standing.PROCESSING


@pytest.mark.parametrize(
    ("code", "standing"),
    [
        ("BBS11114", Standing.ABSENT),
        ("BBS10000", Standing.WAITING),
        ("BBS11105", Standing.PROCESSING),
        ("BBS11112", Standing.PROCESSING),
        ("BBS11000", Standing.PROCESSING),
        ("BBS99999", Standing.PROCESSING),
    ],
)
def test_a_question_that_finds_nothing_ends_nothing(code: str, standing: Standing) -> None:
    gateway, _, _ = client(said(code))
    assert gateway.ask(ORDER).standing is standing


@pytest.mark.parametrize("code", ["BBS00001", "BBS00100", "BBS00101"])
@pytest.mark.parametrize("call", QUESTIONS)
def test_their_trouble_says_nothing_of_the_order(call: str, code: str) -> None:
    gateway, _, _ = client(said(code))
    with pytest.raises(Unreachable, match="server_trouble"):
        CALLS[call](gateway)


@pytest.mark.parametrize("code", ["BBS11106", "BBS11200"])
@pytest.mark.parametrize("call", QUESTIONS)
def test_a_refusal_of_our_setup_is_said_as_such(call: str, code: str) -> None:
    gateway, _, _ = client(said(code))
    with pytest.raises(GatewaySetupWrong) as caught:
        CALLS[call](gateway)
    assert (caught.value.name, caught.value.reason) == ("lakala", code)


def test_account_types_are_wallets() -> None:
    told = {
        "WECHAT": Wallet.WECHAT,
        "ALIPAY": Wallet.ALIPAY,
        "UQRCODEPAY": Wallet.UNIONPAY,
        "DCPAY": Wallet.ECNY,
        "BESTPAY": None,
    }
    for account, wallet in told.items():
        gateway, _, _ = client(said("BBS00000", trade_state="SUCCESS", account_type=account))
        assert gateway.ask(ORDER).wallet is wallet
    assert lakala.RULES.scans == set(Wallet)


# --- undoing ---


@pytest.mark.parametrize(
    ("code", "today", "later"),
    [
        ("BBS00000", Undoing.DONE, Undoing.DONE),
        ("BBS11114", Undoing.DONE, Undoing.DONE),
        ("BBS10000", Undoing.BUSY, Undoing.BUSY),
        ("BBS11112", Undoing.BUSY, Undoing.BUSY),
        ("BBS11105", Undoing.BUSY, Undoing.BUSY),
        ("BBS11000", Undoing.BUSY, Undoing.TOO_LATE),
        ("BBS99999", Undoing.BUSY, Undoing.TOO_LATE),
    ],
)
def test_a_revocation_is_read_by_its_code_and_the_day(code: str, today: Undoing, later: Undoing) -> None:
    for past, undoing in ((timedelta(hours=11, minutes=59), today), (timedelta(hours=12), later)):
        clock = FakeClock()
        clock.advance(past)  # the order was sent at noon in Beijing
        gateway, sender, _ = client(signed(body(code), clock.now()), clock=clock)
        assert gateway.undo(ORDER) is undoing
        assert sender.heard[0].url.endswith("/relation/revoked")


def test_another_orders_revocation_is_not_ours() -> None:
    gateway, _, _ = client(said("BBS00000", origin_out_trade_no="T1261122000018"))
    with pytest.raises(Unreachable, match="not_ours"):
        gateway.undo(ORDER)


@pytest.mark.parametrize(
    ("state", "undoing"), [("SUCCESS", Undoing.TOO_LATE), ("CREATE", Undoing.BUSY), ("CLOSE", Undoing.BUSY)]
)
def test_a_shown_code_that_cannot_be_closed_is_asked_about(state: str, undoing: Undoing) -> None:
    """Closing gives nothing back: what was paid meanwhile can only be refunded."""
    gateway, sender, _ = client(said("BBS99999"), said("BBS00000", trade_state=state))
    assert gateway.undo(SHOWN) is undoing
    assert [request.url.rsplit("/", 1)[1] for request in sender.heard] == ["close", "tradequery"]


# --- refunds ---


def refunded(code: str = "BBS00000", **data: Any) -> Told:
    trade = {"out_trade_no": REFUND.number, "total_amount": "500", "origin_out_trade_no": NUMBER}
    return said(code, **(trade | data))


@pytest.mark.parametrize(
    ("answer", "standing"),
    [
        (refunded(), RefundStanding.DONE),
        (refunded(refund_amount="500"), RefundStanding.DONE),
        (refunded(out_trade_no=None, out_refund_order_no=REFUND.number), RefundStanding.DONE),
        (refunded(trade_state="DEAL"), RefundStanding.PROCESSING),
        (refunded(trade_state="FAIL"), RefundStanding.FAILED),
    ],
)
def test_a_refund_is_only_ended_by_a_clear_word(answer: Told, standing: RefundStanding) -> None:
    gateway, _, _ = client(answer)
    assert gateway.refund(ORDER, REFUND).standing is standing


@pytest.mark.parametrize(
    ("code", "trade", "standing"),
    [
        # The same refund asked again after its answer was lost.
        ("BBS99999", refunded(trade_state="SUCCESS"), RefundStanding.DONE),
        ("BBS11112", refunded(trade_state="SUCCESS"), RefundStanding.DONE),
        ("BBS11112", refunded(trade_state="DEAL"), RefundStanding.PROCESSING),
        ("BBS99999", said("BBS11114"), RefundStanding.PROCESSING),
        ("BBS11000", said("BBS11114"), RefundStanding.FAILED),
        ("BBS11000", said("BBS99999"), RefundStanding.PROCESSING),
        ("BBS10000", said("BBS11114"), RefundStanding.PROCESSING),
    ],
)
def test_a_refund_that_is_no_success_is_asked_about(code: str, trade: Told, standing: RefundStanding) -> None:
    gateway, sender, _ = client(said(code), trade)
    assert gateway.refund(ORDER, REFUND).standing is standing
    assert [request.url.rsplit("/", 1)[1] for request in sender.heard] == ["refund", "tradequery"]


@pytest.mark.parametrize(
    "altered",
    [
        {"out_trade_no": NUMBER},
        {"out_trade_no": None},
        {"origin_out_trade_no": "T1261122000018"},
        {"refund_amount": "501"},
    ],
    ids=str,
)
def test_another_refund_is_not_ours(altered: dict[str, Any]) -> None:
    gateway, _, _ = client(refunded(**altered))
    with pytest.raises(Unreachable, match="not_ours"):
        gateway.refund(ORDER, REFUND)


@pytest.mark.parametrize(
    ("answer", "standing"),
    [
        (refunded(trade_state="SUCCESS", trade_main_type="REFUND"), RefundStanding.DONE),
        (refunded(trade_state="FAIL"), RefundStanding.FAILED),
        (refunded(trade_state="DEAL"), RefundStanding.PROCESSING),
        (refunded(), RefundStanding.PROCESSING),
        (said("BBS11114"), RefundStanding.ABSENT),
        (said("BBS11112"), RefundStanding.PROCESSING),
        (said("BBS99999"), RefundStanding.PROCESSING),
    ],
)
def test_a_refund_stands_as_its_own_trade(answer: Told, standing: RefundStanding) -> None:
    gateway, _, _ = client(answer)
    assert gateway.ask_refund(ORDER, REFUND).standing is standing


@pytest.mark.parametrize(
    "altered",
    [
        {"out_trade_no": NUMBER},
        {"merchant_no": "822290070111136"},
        {"refund_amount": "501"},
        {"trade_main_type": "MICROPAY"},
    ],
    ids=str,
)
def test_another_trade_is_not_our_refund(altered: dict[str, Any]) -> None:
    gateway, _, _ = client(refunded(trade_state="SUCCESS", **altered))
    with pytest.raises(Unreachable, match="not_ours"):
        gateway.ask_refund(ORDER, REFUND)


# --- a shown code ---


@pytest.mark.parametrize(
    ("left", "minutes"),
    [(None, "5"), (timedelta(minutes=2), "2"), (timedelta(seconds=61), "2"), (timedelta(0), "1")],
)
def test_a_shown_code_ends_with_its_time(left: timedelta | None, minutes: str) -> None:
    gateway, sender, _ = client(said("BBS00000", acc_resp_fields={"code": "https://qr.example/1"}))
    ends = None if left is None else NOON_IN_CHINA + left
    assert gateway.show(replace(SHOW, expires_at=ends)) == "https://qr.example/1"
    asked = json.loads(sender.heard[0].body)["req_data"]
    assert asked["acc_busi_fields"] == {"timeout_express": minutes}


def test_a_shown_code_is_for_the_wallet_that_was_asked_for() -> None:
    accounts = {Wallet.ALIPAY: "ALIPAY", Wallet.UNIONPAY: "UQRCODEPAY", None: "ALIPAY"}
    for wallet, account in accounts.items():
        gateway, sender, _ = client(said("BBS00000", acc_resp_fields={"code": "q"}))
        gateway.show(replace(SHOW, wallet=wallet))
        assert json.loads(sender.heard[0].body)["req_data"]["account_type"] == account
    assert lakala.RULES.shows == {Wallet.ALIPAY, Wallet.UNIONPAY}


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (said("BBS99999"), "server_trouble"),
        (said("BBS00000", acc_resp_fields={"code": ""}), "not_ours"),
        (said("BBS00000", acc_resp_fields="code"), "not_ours"),
        (said("BBS00000", acc_resp_fields={"code": "q"}, out_trade_no="T1"), "not_ours"),
        (said("BBS00000", acc_resp_fields={"code": "q"}, total_amount="1"), "not_ours"),
    ],
)
def test_no_code_is_shown_that_is_not_for_this_order(answer: Told, cause: str) -> None:
    gateway, _, _ = client(answer)
    with pytest.raises(Unreachable, match=cause):
        gateway.show(SHOW)


# --- the setup ---


@pytest.mark.parametrize(
    "missing",
    ["app_id", "serial_no", "private_key", "platform_certificate", "merchant_no", "term_no"],
)
def test_a_missing_field_is_named_before_anything_leaves(missing: str) -> None:
    for call in ("begin_day", "charge"):
        gateway, sender, _ = client(keys=SETUP | {missing: " "})
        with pytest.raises(GatewaySetupWrong) as caught:
            CALLS[call](gateway)
        assert (caught.value.name, caught.value.reason, sender.heard) == ("lakala", missing, [])


def bare(pem: bytes) -> str:
    return "".join(line for line in pem.decode().splitlines() if not line.startswith("-----"))


@pytest.mark.parametrize("kind", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
@pytest.mark.parametrize("is_bare", [False, True])
def test_a_private_key_may_come_in_any_of_its_forms(kind: PrivateFormat, is_bare: bool) -> None:
    pem = OURS.private_bytes(Encoding.PEM, kind, NoEncryption())
    told = bare(pem) if is_bare else pem.decode()
    gateway, sender, _ = client(PAID, keys=SETUP | {"private_key": told})
    gateway.ask(ORDER)
    request = sender.heard[0]
    sent = dict(part.split("=", 1) for part in request.headers["Authorization"].split(" ", 1)[1].split(","))
    parts = [sent[name].strip('"') for name in ("appid", "serial_no", "timestamp", "nonce_str")]
    message = "".join(f"{part}\n" for part in parts).encode() + request.body + b"\n"
    OURS.public_key().verify(base64.b64decode(sent["signature"][1:-1]), message, PKCS1v15(), SHA256())


@pytest.mark.parametrize("is_bare", [False, True])
def test_the_platform_may_be_known_by_its_certificate_or_its_key(is_bare: bool) -> None:
    case = example("lakala", "tradequery")
    for told in (case.keys["platform_certificate"], PLATFORM):
        key = bare(told.encode()) if is_bare else told
        reply = PAID if told == PLATFORM else case.reply
        gateway, _, _ = client(reply, keys=SETUP | {"platform_certificate": key})
        assert gateway.ask(ORDER).standing is Standing.PAID


EC_KEY = ec.generate_private_key(ec.SECP256R1())
NO_KEYS = [
    "not a key",
    "AAAA",
    "-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----",
    EC_KEY.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode(),
    EC_KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode(),
]


@pytest.mark.parametrize("field", ["private_key", "platform_certificate"])
@pytest.mark.parametrize("told", NO_KEYS)
def test_what_is_no_key_is_a_wrong_setup_and_is_not_repeated(field: str, told: str) -> None:
    gateway, _, _ = client(keys=SETUP | {field: told})
    with pytest.raises(GatewaySetupWrong) as caught:
        gateway.begin_day()
    assert caught.value.reason == field
    assert told not in "".join(traceback.format_exception(caught.value))


def test_a_key_that_was_changed_in_the_setup_counts_at_once() -> None:
    gateway, sender, kept = client(PAID, PAID)
    gateway.ask(ORDER)
    pem = THEIRS.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    kept.told["private_key"] = pem.decode()
    kept.told["term_no"] = "29034706"
    gateway.ask(ORDER)
    first, second = sender.heard
    assert first.headers["Authorization"] != second.headers["Authorization"]
    assert json.loads(second.body)["req_data"]["term_no"] == "29034706"


def test_a_charge_reads_the_keyring_once() -> None:
    gateway, _, kept = client(PAID)
    gateway.charge(CHARGE)
    assert (kept.reads, kept.keeps) == (1, [])


def test_the_test_environment_has_a_path_of_its_own() -> None:
    gateway, sender, _ = client(
        PAID, keys=SETUP | {"address": "https://test.wsmsd.cn/sit/", "out_org_code": "X"}
    )
    gateway.ask(ORDER)
    assert sender.heard[0].url == "https://test.wsmsd.cn/sit/api/v3/labs/query/tradequery"
    assert json.loads(sender.heard[0].body)["out_org_code"] == "X"


# --- clock, secrets, bill ---


@pytest.mark.parametrize("call", ["ask", "charge"])
def test_a_clock_that_is_off_is_noticed(call: str) -> None:
    late = NOON_IN_CHINA + timedelta(minutes=10)
    date = {"date": "Sun, 22 Nov 2026 04:10:00 GMT"}
    told = signed(GOOD, late)
    gateway, _, _ = client(replace(told, headers=dict(told.headers) | date))
    assert gateway.clock_skew_s == 0
    with pytest.raises(Unreachable, match="signature"):
        CALLS[call](gateway)
    assert gateway.clock_skew_s == -600


def test_no_secret_is_in_what_goes_wrong_or_is_printed() -> None:
    secrets = [CODE, SETUP["private_key"], bare(SETUP["private_key"].encode())[100:200]]
    leaky = signed(json.dumps({"code": "BBS00000", "auth_code": CODE}).encode()[:-1])
    for reply in (leaky, signed(GOOD, by=FORGERS), said("BBS00000", total_amount="1")):
        gateway, _, _ = client(reply)
        with pytest.raises(Unreachable) as caught:
            gateway.charge(CHARGE)
        told = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
        assert not [each for each in secrets if each in told]
        assert not getattr(caught.value.__context__, "doc", "")
    gateway, _, _ = client(PAID)
    printed = repr(gateway.charge(CHARGE)) + repr(gateway) + repr(gateway._account())
    assert not [each for each in secrets if each in printed]


def test_the_setup_says_which_fields_are_keys() -> None:
    keys = {each.key for each in lakala.FIELDS if each.kind is FieldKind.KEY}
    assert keys == {"private_key", "platform_certificate"}
    assert {each.key: each.default for each in lakala.FIELDS if each.default} == {
        "address": lakala.ADDRESS,
        "request_ip": "127.0.0.1",
    }


def test_there_is_no_bill() -> None:
    gateway, sender, _ = client()
    assert gateway.bill(NOON_IN_CHINA.date()) is None
    assert not gateway.rules.has_bill
    assert sender.heard == []
