"""WeChat Pay's client by interface V3: what it says, what it believes, what it makes of each answer."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from pos_app.domain.errors import DiskTrouble, GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import Charge, Order, RefundOrder, RefundStanding, Standing, Undoing, Way
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.wire.gateways.wechat.client import FIELDS, NAME, RULES, WechatGateway
from pos_app.wire.http import Request
from tests.fakes.scripted_wallets import (
    MERCHANT,
    PLATFORM,
    ROOT,
    WALLET,
    MemoryKeys,
    Reply,
    ScriptedSender,
    V3Side,
    bare,
    certificate,
    must_be_signed,
    pem,
    private_pem,
    public_pem,
    said,
)
from tests.fakes.till_clock import NOON_IN_CHINA, FakeClock

CODE = PaymentCode(Wallet.WECHAT, "131234567890123456")
ORDER = Order("T1K7Q2X8M4", Money(1250), Way.SCANNED, NOON_IN_CHINA)
SHOWN_ORDER = replace(ORDER, way=Way.SHOWN)
CHARGE = Charge(ORDER, "点卡 50", "till-1", "Li", CODE)
SHOWN = Charge(SHOWN_ORDER, "Steam 50", "till-1", "Li", expires_at=NOON_IN_CHINA + timedelta(minutes=2))
GIVE = RefundOrder("T1K7Q2X8M4R1", Money(250), Money(1250), "broken")
SIDE = V3Side()
API_KEY = "0123456789abcdef0123456789ABCDEF"
COMMON = {
    "appid": "wx8888888888888888",
    "mchid": "1900000109",
    "merchant_key": private_pem(MERCHANT),
    "merchant_serial": "3775B6A45ACD588826D15E583A95F5DD",
    "notify_url": "https://shop.example/told",
}
FILLED = {**COMMON, "public_key": public_pem(WALLET), "public_key_id": SIDE.key_id}
CERTIFIED = {**COMMON, "api_v3_key": API_KEY}
MINE = {"appid": COMMON["appid"], "mchid": COMMON["mchid"], "out_trade_no": ORDER.number}
PAID = {
    **MINE,
    "transaction_id": "4200001",
    "trade_type": "MICROPAY",
    "trade_state": "SUCCESS",
    "amount": {"total": 1250, "payer_total": 1200, "currency": "CNY"},
}
ASKED = f"/v3/pay/transactions/out-trade-no/{ORDER.number}"


def gateway(*script: Reply | Unreachable, **filled: str) -> tuple[WechatGateway, ScriptedSender]:
    return keeping(MemoryKeys({**FILLED, **filled}), *script)


def keeping(keys: MemoryKeys, *script: Reply | Unreachable) -> tuple[WechatGateway, ScriptedSender]:
    sender = ScriptedSender(list(script))
    return WechatGateway(keys, sender, FakeClock()), sender


def told(status: int, value: Mapping[str, Any] | None) -> WechatGateway:
    return gateway(SIDE.answer(status, value))[0]


def refused(status: int, code: str) -> WechatGateway:
    return gateway(SIDE.refusal(status, code))[0]


def cause(call: Callable[[], object]) -> str:
    with pytest.raises(Unreachable) as caught:
        call()
    assert caught.value.was_sent
    return caught.value.cause


def must_be_ours(request: Request, target: str) -> None:
    """The Authorization of a request, checked by code of the test's own."""
    scheme, _, rest = request.headers["Authorization"].partition(" ")
    assert scheme == "WECHATPAY2-SHA256-RSA2048"
    said_by = {part.split("=", 1)[0]: part.split("=", 1)[1].strip('"') for part in rest.split(",")}
    assert (said_by["mchid"], said_by["serial_no"]) == (COMMON["mchid"], COMMON["merchant_serial"])
    assert said_by["timestamp"] == str(int(NOON_IN_CHINA.timestamp()))
    message = f"{request.method}\n{target}\n{said_by['timestamp']}\n{said_by['nonce_str']}\n".encode()
    must_be_signed(MERCHANT, message + request.body + b"\n", said_by["signature"])
    assert request.url == "https://api.mch.weixin.qq.com" + target


# --- What is said ---


def test_a_payment_is_signed_over_the_bytes_that_are_sent_and_sent_once() -> None:
    client, sender = gateway(SIDE.answer(200, PAID))
    client.charge(CHARGE)
    sent = sender.sent[0]
    must_be_ours(sent, "/v3/pay/transactions/codepay")
    assert sender.once == [True]
    assert sent.headers["Wechatpay-Serial"] == SIDE.key_id
    assert (sent.headers["Accept"], sent.headers["Content-Type"]) == ("application/json", "application/json")
    assert json.loads(sent.body) == {
        "appid": COMMON["appid"],
        "mchid": COMMON["mchid"],
        "description": "点卡 50",
        "out_trade_no": ORDER.number,
        "attach": "Li",
        "amount": {"total": 1250, "currency": "CNY"},
        "payer": {"auth_code": CODE.text},
        "scene_info": {"device_id": "till-1", "store_info": {"out_id": "till-1"}},
    }


@pytest.mark.parametrize(
    ("filled", "store"),
    [({"store_id": "S1"}, {"id": "S1"}), ({"out_id": "A"}, {"out_id": "A"})],
)
def test_the_store_is_named(filled: dict[str, str], store: dict[str, str]) -> None:
    client, sender = gateway(SIDE.answer(200, PAID), **filled)
    client.charge(CHARGE)
    assert json.loads(sender.sent[0].body)["scene_info"]["store_info"] == store


def test_a_long_subject_is_cut_between_letters() -> None:
    client, sender = gateway(SIDE.answer(200, PAID))
    client.charge(replace(CHARGE, subject="卡" * 60))
    assert json.loads(sender.sent[0].body)["description"] == "卡" * 42


def test_only_a_payment_is_sent_once_and_every_question_has_a_nonce_of_its_own() -> None:
    client, sender = gateway(*[said(200, b"")] * 6)
    calls: list[tuple[Callable[[], object], str]] = [
        (lambda: client.show(SHOWN), "/v3/pay/transactions/native"),
        (lambda: client.ask(ORDER), f"{ASKED}?mchid=1900000109"),
        (lambda: client.undo(ORDER), f"{ASKED}/reverse"),
        (lambda: client.refund(ORDER, GIVE), "/v3/refund/domestic/refunds"),
        (lambda: client.ask_refund(ORDER, GIVE), f"/v3/refund/domestic/refunds/{GIVE.number}"),
        (lambda: client.bill(date(2026, 11, 21)), "/v3/bill/tradebill?bill_date=2026-11-21&bill_type=ALL"),
    ]
    for place, (call, target) in enumerate(calls):
        assert cause(call) == "not_ours"
        must_be_ours(sender.sent[place], target)
    assert sender.once == [False] * 6
    assert len({each.headers["Authorization"] for each in sender.sent}) == 6


def test_a_practice_address() -> None:
    client, sender = gateway(SIDE.answer(200, PAID), address="http://127.0.0.1:8123/")
    client.ask(ORDER)
    assert sender.sent[0].url == f"http://127.0.0.1:8123{ASKED}?mchid=1900000109"


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("address", "http://api.mch.weixin.qq.com"),
        ("appid", ""),
        ("mchid", ""),
        ("merchant_key", "nonsense"),
        ("merchant_serial", ""),
        ("public_key", "nonsense"),
        ("public_key_id", ""),
        ("api_v3_key", "short-secret"),
    ],
)
def test_a_field_that_is_no_good_is_named_before_anything_is_sent(key: str, text: str) -> None:
    client, sender = gateway(**{key: text})
    for call in (lambda: client.charge(CHARGE), client.begin_day):
        with pytest.raises(GatewaySetupWrong) as caught:
            call()
        assert (caught.value.name, caught.value.reason) == (NAME, key)
        assert not text or text not in repr(caught.value)
    assert sender.sent == []


def test_what_it_can_do() -> None:
    client, _ = gateway()
    assert (client.name, client.rules, client.clock_skew_s) == ("wechat", RULES, 0)
    assert (RULES.patience, RULES.undo_after) == (timedelta(seconds=45), timedelta(seconds=15))
    assert (RULES.undo_within, RULES.shown_for) == (timedelta(days=7), timedelta(minutes=2))
    defaults = {each.key: each.default for each in FIELDS}
    assert (defaults["api"], defaults["address"]) == ("v3", "https://api.mch.weixin.qq.com")


def test_a_shop_that_cannot_be_called_shows_no_code() -> None:
    client, sender = gateway(notify_url="")
    assert client.rules.shows == frozenset()
    with pytest.raises(GatewaySetupWrong) as caught:
        client.show(SHOWN)
    assert (caught.value.reason, sender.sent) == ("notify_url", [])


# --- What a payment came to ---


@pytest.mark.parametrize("status", [200, 202])
@pytest.mark.parametrize(
    ("state", "standing"),
    [
        ("SUCCESS", Standing.PAID),
        ("USERPAYING", Standing.WAITING),
        ("NOTPAY", Standing.PROCESSING),
        ("CLOSED", Standing.CLOSED),
        ("REVOKED", Standing.CLOSED),
        ("PAYERROR", Standing.BROKEN),
        ("REFUND", Standing.REFUNDED),
        ("ACCEPT", Standing.PROCESSING),
        ("", Standing.PROCESSING),
    ],
)
def test_any_success_is_read_by_its_trade_state(status: int, state: str, standing: Standing) -> None:
    value = {**PAID, "trade_state": state}
    for answer in (told(status, value).charge(CHARGE), told(status, value).ask(ORDER)):
        assert (answer.standing, answer.wallet, answer.gateway_number) == (standing, Wallet.WECHAT, "4200001")
        assert answer.reason == ("" if standing is Standing.PAID else state)


@pytest.mark.parametrize(
    ("code", "standing"),
    [
        ("USERPAYING", Standing.WAITING),
        ("SYSTEM_ERROR", Standing.PROCESSING),
        ("SYSTEMERROR", Standing.PROCESSING),
        ("BANK_ERROR", Standing.PROCESSING),
        ("BANKERROR", Standing.PROCESSING),
        ("TRADE_ERROR", Standing.PROCESSING),
        ("INVALID_REQUEST", Standing.PROCESSING),
        ("OUT_TRADE_NO_USED", Standing.PROCESSING),
        ("ORDER_PAID", Standing.PROCESSING),
        ("ORDERPAID", Standing.PROCESSING),
        ("FREQUENCY_LIMITED", Standing.PROCESSING),
        ("NEVER_HEARD_OF", Standing.PROCESSING),
        ("", Standing.PROCESSING),
        ("AUTH_CODE_EXPIRE", Standing.FAILED),
        ("AUTHCODEEXPIRE", Standing.FAILED),
        ("AUTH_CODE_INVALID", Standing.FAILED),
        ("AUTH_CODE_ERROR", Standing.FAILED),
        ("NOT_ENOUGH", Standing.FAILED),
        ("NOTENOUGH", Standing.FAILED),
        ("NOTSUPORTCARD", Standing.FAILED),
        ("BUYER_MISMATCH", Standing.FAILED),
        ("ORDER_CLOSED", Standing.FAILED),
        ("ORDERREVERSED", Standing.FAILED),
        ("PARAM_ERROR", Standing.FAILED),
        ("NO_AUTH", Standing.FAILED),
        ("SIGN_ERROR", Standing.FAILED),
        ("LACK_PARAMS", Standing.FAILED),
        ("APPID_NOT_EXIST", Standing.FAILED),
        ("MCHID_NOT_EXIST", Standing.FAILED),
        ("APPID_MCHID_NOT_MATCH", Standing.FAILED),
        ("XML_FORMAT_ERROR", Standing.FAILED),
    ],
)
def test_a_signed_refusal_counts_only_from_the_list(code: str, standing: Standing) -> None:
    answer = refused(400, code).charge(CHARGE)
    assert (answer.standing, answer.reason) == (standing, code)


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "AUTH_CODE_EXPIRE"), (403, "NOT_ENOUGH"), (401, "SIGN_ERROR"), (404, "ORDER_NOT_EXIST")],
)
def test_an_unsigned_refusal_is_none(status: int, code: str) -> None:
    forged = said(status, json.dumps({"code": code}).encode())
    for call in (
        lambda: gateway(forged)[0].charge(CHARGE),
        lambda: gateway(forged)[0].ask(ORDER),
        lambda: gateway(forged)[0].undo(ORDER),
    ):
        assert cause(call) == "not_ours"


@pytest.mark.parametrize(
    "changed",
    [
        {"out_trade_no": "T1K7Q2X8M5"},
        {"out_trade_no": None},
        {"mchid": "1900000110"},
        {"mchid": None},
        {"appid": "wx9"},
        {"amount": {"total": 1251}},
        {"amount": {"total": 1250.0}},
        {"amount": {"total": "1250"}},
        {"amount": {"total": 1250, "currency": "USD"}},
        {"amount": {"payer_total": 1250}},
        {"amount": 1250},
        {"amount": None},
    ],
)
def test_another_order_merchant_or_amount_is_not_ours(changed: dict[str, Any]) -> None:
    value = {key: told for key, told in {**PAID, **changed}.items() if told is not None}
    assert cause(lambda: told(200, value).charge(CHARGE)) == "not_ours"
    assert cause(lambda: told(200, value).ask(ORDER)) == "not_ours"


# --- What is believed ---


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (said(200, b"<html>busy</html>"), "not_ours"),
        (said(200, json.dumps(PAID).encode()), "not_ours"),
        (said(500, b'{"code":"SYSTEM_ERROR"}'), "server_trouble"),
        (SIDE.refusal(500, "SYSTEM_ERROR"), "server_trouble"),
        (V3Side(key=MERCHANT).answer(200, PAID), "signature"),
        (V3Side(late_s=301).answer(200, PAID), "signature"),
        (V3Side(late_s=-301).answer(200, PAID), "signature"),
        (V3Side(key_id="PUB_KEY_ID_0117").answer(200, PAID), "signature"),
        (SIDE.answer(302, PAID), "not_ours"),
        (said(200, b"[]", SIDE.headers(b"[]")), "not_ours"),
        (said(200, b"{", SIDE.headers(b"{")), "not_ours"),
        (said(200, b"", SIDE.headers(b"")), "not_ours"),
        (said(200, json.dumps(PAID).encode(), SIDE.headers(b"{}")), "signature"),
        (Unreachable("timeout"), "timeout"),
    ],
)
def test_what_is_not_believed(reply: Reply | Unreachable, expected: str) -> None:
    client, _ = gateway(reply)
    assert cause(lambda: client.charge(CHARGE)) == expected


@pytest.mark.parametrize("late_s", [300, -300])
def test_an_answer_is_fresh_for_five_minutes(late_s: int) -> None:
    client, _ = gateway(V3Side(late_s=late_s).answer(200, PAID))
    assert client.charge(CHARGE).standing is Standing.PAID


@pytest.mark.parametrize("missing", ["timestamp", "nonce", "serial", "signature"])
def test_a_signature_with_a_hole_is_none(missing: str) -> None:
    body = json.dumps(PAID).encode()
    headers = {key: text for key, text in SIDE.headers(body).items() if key != f"wechatpay-{missing}"}
    client, _ = gateway(said(200, body, headers))
    assert cause(lambda: client.charge(CHARGE)) == "not_ours"


@pytest.mark.parametrize("timestamp", ["", "-5", "1e9", "٣", "9" * 20, "yesterday"])
def test_a_timestamp_that_is_none(timestamp: str) -> None:
    body = json.dumps(PAID).encode()
    client, _ = gateway(said(200, body, {**SIDE.headers(body), "wechatpay-timestamp": timestamp}))
    assert cause(lambda: client.charge(CHARGE)) == "not_ours"


def test_a_clock_that_is_ten_minutes_off_is_told_by_the_date() -> None:
    reply = V3Side(late_s=600).answer(200, PAID)
    date_text = (NOON_IN_CHINA - timedelta(minutes=10)).strftime("%a, %d %b %Y %H:%M:%S GMT")

    def dated(request: Request) -> Any:
        exchange = reply(request)
        return replace(exchange, headers={**exchange.headers, "date": date_text})

    client, _ = gateway(dated)
    assert cause(lambda: client.ask(ORDER)) == "signature"
    assert client.clock_skew_s == 600


# --- Certificates ---

OLD = certificate(PLATFORM, WALLET, ROOT, 11)
NEW = certificate(PLATFORM, MERCHANT, ROOT, 12)
OLD_SIDE = V3Side("5157F09EFDC096DE15EBE81A47057A7232F1B8E1")
NEW_SIDE = V3Side("6157F09EFDC096DE15EBE81A47057A7232F1B8E2", MERCHANT)
BOTH = {OLD_SIDE.key_id: OLD, NEW_SIDE.key_id: NEW}


def test_the_first_certificate_is_fetched_in_the_middle_of_an_answer_and_kept() -> None:
    keys = MemoryKeys(dict(CERTIFIED))
    listed = OLD_SIDE.certificates(API_KEY.encode(), {OLD_SIDE.key_id: OLD})
    client, sender = keeping(keys, OLD_SIDE.answer(200, PAID), listed)
    assert client.charge(CHARGE).standing is Standing.PAID
    assert sender.once == [True, False]
    must_be_ours(sender.sent[1], "/v3/certificates")
    assert "Wechatpay-Serial" not in sender.sent[0].headers
    assert keys.filled[f"platform_certificate_{OLD_SIDE.key_id}"] == pem(OLD)
    again, asked = keeping(keys, OLD_SIDE.answer(200, PAID))
    assert again.ask(ORDER).standing is Standing.PAID
    assert len(asked.sent) == 1


def test_a_changed_certificate_is_fetched_once_and_both_are_believed() -> None:
    keys = MemoryKeys({**CERTIFIED, f"platform_certificate_{OLD_SIDE.key_id}": pem(OLD)})
    client, sender = keeping(
        keys,
        OLD_SIDE.answer(200, PAID),
        NEW_SIDE.answer(200, PAID),
        OLD_SIDE.certificates(API_KEY.encode(), BOTH),
        NEW_SIDE.answer(200, PAID),
        OLD_SIDE.answer(200, PAID),
    )
    for _ in range(4):
        assert client.ask(ORDER).standing is Standing.PAID
    assert len(sender.sent) == 5


def test_a_certificate_that_is_listed_no_more_is_forgotten() -> None:
    keys = MemoryKeys({**CERTIFIED, f"platform_certificate_{OLD_SIDE.key_id}": pem(OLD)})
    only_new = NEW_SIDE.certificates(API_KEY.encode(), {NEW_SIDE.key_id: NEW})
    client, _ = keeping(keys, only_new, OLD_SIDE.answer(200, PAID), only_new)
    client.begin_day()
    assert [key for key in keys.filled if key.startswith("platform_")] == [
        f"platform_certificate_{NEW_SIDE.key_id}"
    ]
    assert cause(lambda: client.ask(ORDER)) == "signature"


@pytest.mark.parametrize(
    "reply",
    [
        Unreachable("down", was_sent=False),
        Unreachable("timeout"),
        said(500, b""),
        said(401, b'{"code":"SIGN_ERROR"}'),
        said(404, b""),
        said(200, b"<html>", OLD_SIDE.headers(b"<html>")),
        OLD_SIDE.answer(200, {"data": []}),
        OLD_SIDE.answer(200, {"data": [{"serial_no": "1"}]}),
        OLD_SIDE.certificates(b"x" * 32, BOTH),
        said(200, b'{"data":[]}'),
        V3Side(OLD_SIDE.key_id, MERCHANT).certificates(API_KEY.encode(), BOTH),
        V3Side(OLD_SIDE.key_id, late_s=400).certificates(API_KEY.encode(), BOTH),
        V3Side("ANOTHER").certificates(API_KEY.encode(), BOTH),
    ],
)
def test_whatever_becomes_of_the_certificates_the_payment_was_sent(reply: Reply | Unreachable) -> None:
    client, _ = keeping(MemoryKeys(dict(CERTIFIED)), OLD_SIDE.answer(200, PAID), reply)
    assert cause(lambda: client.charge(CHARGE)) == "signature"


def test_a_full_disk_costs_only_another_fetch() -> None:
    keys = MemoryKeys(dict(CERTIFIED), DiskTrouble("keys", "full"))
    client, _ = keeping(keys, OLD_SIDE.answer(200, PAID), OLD_SIDE.certificates(API_KEY.encode(), BOTH))
    assert client.charge(CHARGE).standing is Standing.PAID


def test_the_day_begins_with_the_certificates() -> None:
    client, sender = keeping(MemoryKeys(dict(CERTIFIED)), OLD_SIDE.certificates(API_KEY.encode(), BOTH))
    client.begin_day()
    must_be_ours(sender.sent[0], "/v3/certificates")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (said(401, b'{"code":"SIGN_ERROR"}'), "SIGN_ERROR"),
        (said(404, b'{"code":"RESOURCE_NOT_EXISTS"}'), "public_key"),
        (OLD_SIDE.certificates(b"x" * 32, BOTH), "api_v3_key"),
    ],
)
def test_the_day_begins_with_a_wrong_setup(reply: Reply, reason: str) -> None:
    client, _ = keeping(MemoryKeys(dict(CERTIFIED)), reply)
    with pytest.raises(GatewaySetupWrong) as caught:
        client.begin_day()
    assert caught.value.reason == reason
    assert API_KEY not in repr(caught.value)


def test_a_shop_that_moves_to_the_public_key_believes_both() -> None:
    keys = MemoryKeys({**FILLED, "api_v3_key": API_KEY})
    client, sender = keeping(
        keys,
        SIDE.answer(200, PAID),
        NEW_SIDE.answer(200, PAID),
        NEW_SIDE.certificates(API_KEY.encode(), BOTH),
        SIDE.answer(200, PAID),
        said(404, b""),
    )
    for _ in range(3):
        assert client.ask(ORDER).standing is Standing.PAID
    client.begin_day()  # it has no certificates any more
    assert len(sender.sent) == 5


def test_a_shop_with_a_public_key_alone_fetches_nothing() -> None:
    client, sender = gateway()
    client.begin_day()
    assert sender.sent == []


# --- Undoing ---


@pytest.mark.parametrize(
    ("status", "code", "undoing"),
    [
        (400, "USERPAYING", Undoing.BUSY),
        (202, "USERPAYING", Undoing.BUSY),  # a success of HTTP that names a trouble is none
        (400, "SYSTEM_ERROR", Undoing.BUSY),
        (400, "TRADE_ERROR", Undoing.BUSY),
        (400, "", Undoing.BUSY),
        (404, "ORDER_NOT_EXIST", Undoing.DONE),
        (400, "ORDER_CLOSED", Undoing.DONE),
        (400, "ORDERREVERSED", Undoing.DONE),
        (400, "REVERSE_EXPIRE", Undoing.TOO_LATE),
        (400, "ORDER_PAID", Undoing.TOO_LATE),
    ],
)
@pytest.mark.parametrize("order", [ORDER, SHOWN_ORDER])
def test_an_undoing_that_is_refused(order: Order, status: int, code: str, undoing: Undoing) -> None:
    assert refused(status, code).undo(order) is undoing


def test_a_scanned_order_is_reversed_and_a_shown_one_closed() -> None:
    client, sender = gateway(SIDE.answer(200, MINE), SIDE.answer(204, None))
    assert client.undo(ORDER) is Undoing.DONE
    assert client.undo(SHOWN_ORDER) is Undoing.DONE
    must_be_ours(sender.sent[0], f"{ASKED}/reverse")
    must_be_ours(sender.sent[1], f"{ASKED}/close")
    assert json.loads(sender.sent[0].body) == {"appid": COMMON["appid"], "mchid": COMMON["mchid"]}
    assert json.loads(sender.sent[1].body) == {"mchid": COMMON["mchid"]}


@pytest.mark.parametrize("number", ["X", None, ""])
def test_undoing_another_order_is_no_answer(number: str | None) -> None:
    value = {key: text for key, text in {**MINE, "out_trade_no": number}.items() if text is not None}
    assert cause(lambda: told(200, value).undo(ORDER)) == "not_ours"
    if number is not None:
        assert cause(lambda: told(200, value).undo(SHOWN_ORDER)) == "not_ours"


def test_a_refusal_may_come_as_a_success() -> None:
    assert refused(202, "USERPAYING").charge(CHARGE).standing is Standing.WAITING
    assert refused(202, "USERPAYING").ask(ORDER).standing is Standing.PROCESSING
    assert refused(202, "USERPAYING").undo(ORDER) is Undoing.BUSY
    assert refused(202, "USERPAYING").undo(SHOWN_ORDER) is Undoing.BUSY
    assert refused(200, "NOT_ENOUGH").refund(ORDER, GIVE).standing is RefundStanding.FAILED
    assert refused(202, "SYSTEM_ERROR").ask_refund(ORDER, GIVE).standing is RefundStanding.PROCESSING


@pytest.mark.parametrize(
    ("code", "standing"),
    [
        ("ORDER_NOT_EXIST", Standing.ABSENT),
        ("ORDERNOTEXIST", Standing.ABSENT),
        ("SYSTEM_ERROR", Standing.PROCESSING),
    ],
)
def test_an_order_that_is_not_there(code: str, standing: Standing) -> None:
    assert refused(404, code).ask(ORDER).standing is standing


# --- Refunds ---

REFUNDED = {
    "out_refund_no": GIVE.number,
    "out_trade_no": ORDER.number,
    "amount": {"refund": 250, "total": 1250, "currency": "CNY"},
}


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("SUCCESS", RefundStanding.DONE),
        ("PROCESSING", RefundStanding.PROCESSING),
        ("ABNORMAL", RefundStanding.PROCESSING),
        ("CLOSED", RefundStanding.FAILED),
        ("", RefundStanding.PROCESSING),
    ],
)
def test_how_a_refund_stands(status: str, standing: RefundStanding) -> None:
    value = {**REFUNDED, "status": status}
    assert told(200, value).refund(ORDER, GIVE).standing is standing
    assert told(200, value).ask_refund(ORDER, GIVE).standing is standing


@pytest.mark.parametrize(
    ("code", "given", "asked"),
    [
        ("NOT_ENOUGH", RefundStanding.FAILED, RefundStanding.PROCESSING),
        ("SYSTEM_ERROR", RefundStanding.PROCESSING, RefundStanding.PROCESSING),
        ("INVALID_REQUEST", RefundStanding.FAILED, RefundStanding.PROCESSING),
        ("USER_ACCOUNT_ABNORMAL", RefundStanding.FAILED, RefundStanding.PROCESSING),
        ("NO_AUTH", RefundStanding.FAILED, RefundStanding.PROCESSING),
        ("MCH_NOT_EXISTS", RefundStanding.FAILED, RefundStanding.PROCESSING),
        ("TRADE_OVERDUE", RefundStanding.FAILED, RefundStanding.PROCESSING),
        ("REFUND_FEE_MISMATCH", RefundStanding.FAILED, RefundStanding.PROCESSING),
        ("PARAM_ERROR", RefundStanding.FAILED, RefundStanding.PROCESSING),
        ("RESOURCE_NOT_EXISTS", RefundStanding.PROCESSING, RefundStanding.ABSENT),
    ],
)
def test_a_refund_that_is_refused(code: str, given: RefundStanding, asked: RefundStanding) -> None:
    assert refused(400, code).refund(ORDER, GIVE).standing is given
    assert refused(404, code).ask_refund(ORDER, GIVE).standing is asked


@pytest.mark.parametrize(
    "changed",
    [{"out_refund_no": "R2"}, {"out_trade_no": "X"}, {"amount": {"refund": 251}}, {"amount": None}],
)
def test_another_refund_is_not_ours(changed: dict[str, Any]) -> None:
    value = {**REFUNDED, "status": "SUCCESS", **changed}
    assert cause(lambda: told(200, value).refund(ORDER, GIVE)) == "not_ours"
    assert cause(lambda: told(200, value).ask_refund(ORDER, GIVE)) == "not_ours"


def test_a_refund_carries_its_own_number_however_often_it_is_asked() -> None:
    client, sender = gateway(*[SIDE.answer(200, {**REFUNDED, "status": "PROCESSING"})] * 2)
    for _ in range(2):
        client.refund(ORDER, GIVE)
    assert sender.sent[0].body == sender.sent[1].body
    assert json.loads(sender.sent[0].body) == {**REFUNDED, "reason": "broken"}


# --- A shown code ---


def test_a_shown_code_dies_when_the_screen_says_so() -> None:
    client, sender = gateway(SIDE.answer(200, {"code_url": "weixin://wxpay/bizpayurl?pr=1"}))
    assert client.show(SHOWN) == "weixin://wxpay/bizpayurl?pr=1"
    content = json.loads(sender.sent[0].body)
    assert content["time_expire"] == "2026-11-22T12:02:00+08:00"
    assert content["notify_url"] == COMMON["notify_url"]


def test_no_code_to_show() -> None:
    assert cause(lambda: told(200, {}).show(SHOWN)) == "server_trouble"
    assert cause(lambda: refused(400, "OUT_TRADE_NO_USED").show(SHOWN)) == "server_trouble"
    with pytest.raises(GatewaySetupWrong) as caught:
        refused(403, "NO_AUTH").show(SHOWN)
    assert caught.value.reason == "NO_AUTH"


# --- The bill ---

RAW = "﻿交易时间,微信订单号,商户订单号,交易状态,商户退款单号,订单金额,申请退款金额\n总交易单数,总额\n`0,`0.00\n".encode()
FILE = "https://api.mch.weixin.qq.com/v3/billdownload/file?token=a-b_c"
WHERE = {"hash_type": "SHA1", "hash_value": hashlib.sha1(RAW).hexdigest(), "download_url": FILE}


def test_the_bill_is_fetched_signed_and_its_hash_is_checked() -> None:
    client, sender = gateway(SIDE.answer(200, WHERE), said(200, RAW))
    bill = client.bill(date(2026, 11, 21))
    assert bill is not None
    assert (bill.raw, bill.lines) == (RAW, ())
    must_be_ours(sender.sent[1], "/v3/billdownload/file?token=a-b_c")


@pytest.mark.parametrize("code", ["NO_STATEMENT_EXIST", "STATEMENT_CREATING"])
def test_the_bill_is_not_ready(code: str) -> None:
    assert refused(400, code).bill(date(2026, 11, 21)) is None


@pytest.mark.parametrize(
    ("replies", "expected"),
    [
        ([SIDE.answer(200, {**WHERE, "hash_value": "0" * 40}), said(200, RAW)], "not_ours"),
        ([SIDE.answer(200, {**WHERE, "hash_value": ""})], "server_trouble"),
        ([SIDE.answer(200, WHERE), said(200, RAW[:-2])], "not_ours"),
        ([SIDE.answer(200, WHERE), said(403, RAW)], "not_ours"),
        ([SIDE.answer(200, WHERE), said(500, RAW)], "server_trouble"),
        ([SIDE.answer(200, {**WHERE, "download_url": "file:///x"})], "not_ours"),
        ([SIDE.refusal(400, "SYSTEM_ERROR")], "server_trouble"),
        ([said(400, b'{"code":"NO_STATEMENT_EXIST"}')], "not_ours"),
    ],
)
def test_no_bill_today(replies: list[Reply], expected: str) -> None:
    client, _ = gateway(*replies)
    assert cause(lambda: client.bill(date(2026, 11, 21))) == expected


# --- Secrets ---


def test_no_secret_is_in_a_representation_or_an_error() -> None:
    client, sender = gateway(V3Side(key=MERCHANT).answer(200, PAID), api_v3_key=API_KEY)
    with pytest.raises(Unreachable) as caught:
        client.charge(CHARGE)
    held = [client.__dict__["_calls"], client.__dict__["_calls"].__dict__["_line"].__dict__]
    shown = " ".join([repr(caught.value), str(caught.value), repr(sender.sent), repr(client), repr(held)])
    assert CODE.text not in shown
    assert API_KEY not in shown
    assert bare(private_pem(MERCHANT))[70:110] not in shown
