"""Shouqianba's client: the very bytes of its requests, and what it believes of unsigned answers."""

import hashlib
import json
import traceback
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from pos_app.domain.errors import GatewaySetupWrong, Unreachable
from pos_app.domain.gateway import Answer, FieldKind, RefundStanding, Standing, Undoing
from pos_app.domain.payment_code import Wallet
from pos_app.wire.gateways import shouqianba
from pos_app.wire.gateways.shouqianba import Shouqianba, answers
from tests.fakes.gateway_sender import MemoryKeys, ScriptedSender, Step, Told, TwitchySender
from tests.fakes.till_clock import FakeClock
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

SN, KEY, NEW = "100298371039", "68d499beda5f72116592f5c527465656", "0f2b0bc07a4e2d1c90ad4c4be0fc7e55"
OLD = "11112222333344445555666677778888"
ACTIVE = setup("shouqianba") | {"terminal_sn": SN, "terminal_key": KEY, "checked_in_on": "2026-11-22"}
BOTH = ACTIVE | {"terminal_key": NEW, "previous_key": KEY}
QUESTIONS = [name for name in CALLS if name not in ("begin_day", "charge", "undo_shown")]


def client(
    *script: Step, keys: Mapping[str, str] | None = None, clock: FakeClock | None = None
) -> tuple[Shouqianba, ScriptedSender, MemoryKeys]:
    sender, kept = ScriptedSender(*script), MemoryKeys(ACTIVE if keys is None else keys)
    return Shouqianba(kept, sender, clock or FakeClock()), sender, kept


def said(result: str, error: str = "", **data: Any) -> Told:
    """A business answer; None leaves a field of the order out."""
    order = {"client_sn": NUMBER, "total_amount": "1250", "sn": "789", "payway": "2"} | data
    business: dict[str, Any] = {"result_code": result}
    if error:
        business["error_code"] = error
    business["data"] = {key: value for key, value in order.items() if value is not None}
    return Told(json.dumps({"result_code": "200", "biz_response": business}).encode())


def refused(error: str, code: str = "400", status: int = 200) -> Told:
    return Told(json.dumps({"result_code": code, "error_code": error}).encode(), status)


def key_of(request: Any) -> str:
    """By which of the test's keys a request is signed."""
    sign = request.headers["Authorization"].split(" ")[1]
    keys = [KEY, NEW, OLD, ACTIVE["vendor_key"]]
    (key,) = [each for each in keys if hashlib.md5(request.body + each.encode()).hexdigest() == sign]
    return key


ILLEGAL = refused("ILLEGAL_SIGN")


# --- the wire, to the byte ---


@pytest.mark.parametrize("case", examples("shouqianba"))
def test_an_example_is_said_and_read_to_the_byte(case: Example) -> None:
    gateway, sender, kept = client(case.reply, keys=case.keys)
    read = CALLS[case.call](gateway)
    (request,) = sender.heard
    assert (request.method, request.url) == (case.request["method"], case.request["url"])
    assert dict(request.headers) == case.request["headers"]
    assert request.body.decode() == case.request["body"]
    assert plain(read) == case.read
    assert kept.keeps == ([case.kept] if case.kept else [])


def test_only_what_takes_money_or_uses_up_a_code_is_said_exactly_once() -> None:
    names = [(case.values[0].call, case.id) for case in examples("shouqianba")]  # type: ignore[attr-defined]
    once = set()
    for call, name in names:
        case = example("shouqianba", name)
        gateway, sender, _ = client(case.reply, keys=case.keys)
        CALLS[call](gateway)
        once |= {name} if sender.said_once else set()
    assert once == {"activate", "pay-paid", "pay-in-progress", "pay-failed", "pay-refused"}


def test_a_question_that_is_made_twice_is_the_same_question() -> None:
    sender = TwitchySender(said("SUCCESS", order_status="PAID"))
    assert Shouqianba(MemoryKeys(ACTIVE), sender, FakeClock()).ask(ORDER).standing is Standing.PAID
    assert sender.heard[0] == sender.heard[1]


# --- a pay ---


@pytest.mark.parametrize(
    ("result", "status", "standing"),
    [
        ("PAY_SUCCESS", "PAID", Standing.PAID),
        ("PAY_SUCCESS", "CREATED", Standing.PROCESSING),
        ("PAY_SUCCESS", None, Standing.PROCESSING),
        ("PAY_FAIL", "PAY_CANCELED", Standing.FAILED),
        ("PAY_FAIL", "CANCELED", Standing.FAILED),
        ("PAY_FAIL", "PAY_ERROR", Standing.PROCESSING),
        ("PAY_FAIL", "PAID", Standing.PROCESSING),
        ("PAY_IN_PROGRESS", "CREATED", Standing.WAITING),
        ("PAY_FAIL_ERROR", "PAY_ERROR", Standing.PROCESSING),
        ("PAY_FAIL_IN_PROGRESS", "CREATED", Standing.PROCESSING),
        ("FAIL", "PAY_CANCELED", Standing.PROCESSING),
        ("SOMETHING_NEW", "PAID", Standing.PROCESSING),
        ("", "PAID", Standing.PROCESSING),
    ],
)
def test_a_pay_is_read_by_both_layers(result: str, status: str | None, standing: Standing) -> None:
    gateway, sender, _ = client(said(result, order_status=status))
    assert gateway.charge(CHARGE).standing is standing
    assert len(sender.heard) == 1


def test_every_row_of_the_tables_is_pinned() -> None:
    """What is definite may only grow here, on purpose."""
    assert {code for code, standing in answers.PAY_STANDINGS.items() if standing is Standing.FAILED} == {
        "PAY_FAIL"
    }
    assert {code for code, standing in answers.PAY_STANDINGS.items() if standing is Standing.PAID} == {
        "PAY_SUCCESS"
    }
    assert {
        code for code, standing in answers.REFUND_STANDINGS.items() if standing is RefundStanding.FAILED
    } == {"REFUND_FAIL"}


@pytest.mark.parametrize(
    "answer",
    [
        said("PAY_FAIL", "EXPIRED_BARCODE", order_status="PAY_CANCELED", client_sn=None),
        said("FAIL", "CLIENT_SN_CONFLICT", client_sn=None, total_amount=None),
        said("FAIL", "UPAY_TERMINAL_STATUS_ABNORMAL", client_sn=None, total_amount=None),
        refused("INVALID_PARAMS"),
        refused("INVALID_PARAMS", status=400),
        refused("INVALID_TERMINAL"),
        refused("UNKNOWN_SYSTEM_ERROR", "500"),
        refused("UNKNOWN_SYSTEM_ERROR", "500", status=500),
        ILLEGAL,
    ],
)
def test_a_no_that_does_not_name_our_order_decides_nothing(answer: Told) -> None:
    gateway, sender, _ = client(answer)
    assert gateway.charge(CHARGE).standing is Standing.PROCESSING
    assert len(sender.heard) == 1, "a pay is never said again, not even under the other key"


HTML = b"<html><body>502 Bad Gateway</body></html>"
GOOD = said("SUCCESS", order_status="PAID").body


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (Told(HTML, 502), "server_trouble"),
        (Told(HTML), "not_ours"),
        (Told(HTML, 429), "busy"),
        (Told(GOOD, 500), "server_trouble"),
        (Told(GOOD, 403), "not_ours"),
        (Told(GOOD[:-9]), "not_ours"),
        (Told(b""), "not_ours"),
        (Told(b"[]"), "not_ours"),
        (Told(b"null"), "not_ours"),
        (Told(b'{"result_code":200.5}'), "not_ours"),
        (Told(b'{"result_code":"302"}'), "not_ours"),
        (Told(b'{"code":"200"}'), "not_ours"),
        (Told(b"\xff\xfe" + GOOD), "not_ours"),
        (Told(b"[" * 100_000), "not_ours"),
        (Told(GOOD, headers={"content-encoding": "gzip"}), "not_ours"),
    ],
)
@pytest.mark.parametrize("call", ["charge", "ask"])
def test_what_cannot_be_understood_is_no_answer(answer: Told, cause: str, call: str) -> None:
    gateway, _, _ = client(answer)
    with pytest.raises(Unreachable) as caught:
        CALLS[call](gateway)
    assert (caught.value.cause, caught.value.was_sent) == (cause, True)


@pytest.mark.parametrize("call", [*QUESTIONS, "charge"])
@pytest.mark.parametrize("lost", [Unreachable("timeout"), Unreachable("down", was_sent=False)])
def test_silence_is_handed_on_as_it_is(call: str, lost: Unreachable) -> None:
    gateway, sender, _ = client(lost)
    with pytest.raises(Unreachable) as caught:
        CALLS[call](gateway)
    assert caught.value is lost
    assert len(sender.heard) == 1


@pytest.mark.parametrize(
    "altered",
    [
        {"client_sn": "T1261122000018"},
        {"total_amount": "1"},
        {"total_amount": "12.50"},
        {"terminal_sn": "100298371040"},
        {"total_amount": None},
    ],
    ids=str,
)
@pytest.mark.parametrize(("call", "result"), [("charge", "PAY_SUCCESS"), ("ask", "SUCCESS")])
def test_paid_is_only_believed_of_our_number_amount_and_terminal(
    call: str, result: str, altered: dict[str, Any]
) -> None:
    gateway, _, _ = client(said(result, order_status="PAID", **altered))
    with pytest.raises(Unreachable, match="not_ours"):
        CALLS[call](gateway)


@pytest.mark.parametrize("result", ["PAY_FAIL", "PAY_IN_PROGRESS"])
def test_another_orders_failure_is_not_ours(result: str) -> None:
    gateway, _, _ = client(said(result, order_status="PAY_CANCELED", client_sn="T1261122000018"))
    with pytest.raises(Unreachable, match="not_ours"):
        gateway.charge(CHARGE)


def test_an_order_without_its_number_in_the_answer_is_not_believed() -> None:
    for status in ("PAID", "CANCELED", "PAY_CANCELED", "REFUNDED"):
        gateway, _, _ = client(said("SUCCESS", order_status=status, client_sn=None))
        with pytest.raises(Unreachable, match="not_ours"):
            gateway.ask(ORDER)


# --- questions ---


@pytest.mark.parametrize(
    ("status", "standing"),
    [*answers.ORDER_STANDINGS.items(), ("IN_QUEUE", Standing.PROCESSING), ("", Standing.PROCESSING)],
)
def test_an_order_stands_as_its_state_says(status: str, standing: Standing) -> None:
    gateway, _, _ = client(said("SUCCESS", order_status=status))
    assert gateway.ask(ORDER) == Answer(standing, status, "789", Wallet.ALIPAY)


def test_nobody_is_at_a_password_before_a_shown_code_is_scanned() -> None:
    gateway, _, _ = client(said("SUCCESS", order_status="CREATED"))
    assert gateway.ask(SHOWN).standing is Standing.PROCESSING


def test_the_states_that_end_an_order_are_these_and_no_others() -> None:
    ends = {
        status: standing.value
        for status, standing in answers.ORDER_STANDINGS.items()
        if standing not in (Standing.PROCESSING, Standing.WAITING)
    }
    assert ends == {
        "PAID": "paid",
        "PARTIAL_REFUNDED": "paid",
        "REFUNDED": "refunded",
        "PAY_CANCELED": "failed",
        "CANCELED": "closed",
    }


@pytest.mark.parametrize("error", ["UPAY_ORDER_NOT_EXISTS", "UPAY_ORDER_NOT_EXIST", "TRADE_NOT_EXIST"])
def test_an_order_that_is_not_there_is_absent(error: str) -> None:
    gateway, _, _ = client(said("FAIL", error, client_sn=None, total_amount=None))
    assert gateway.ask(ORDER).standing is Standing.ABSENT


@pytest.mark.parametrize("call", QUESTIONS)
def test_their_trouble_says_nothing_of_the_order(call: str) -> None:
    gateway, _, _ = client(refused("UNKNOWN_SYSTEM_ERROR", "500"))
    with pytest.raises(Unreachable, match="server_trouble"):
        CALLS[call](gateway)


@pytest.mark.parametrize("answer", [said("FAIL", "TRADE_TIMEOUT"), refused("X")])
def test_a_question_that_is_not_answered_leaves_it_open(answer: Told) -> None:
    gateway, _, _ = client(answer)
    assert gateway.ask(ORDER).standing is Standing.PROCESSING


@pytest.mark.parametrize("error", ["INVALID_TERMINAL", "TERMINAL_NOT_EXISTS"])
@pytest.mark.parametrize("call", QUESTIONS)
def test_a_terminal_that_they_refuse_is_a_wrong_setup(call: str, error: str) -> None:
    gateway, _, _ = client(refused(error))
    with pytest.raises(GatewaySetupWrong) as caught:
        CALLS[call](gateway)
    assert (caught.value.name, caught.value.reason) == ("shouqianba", error)


def test_the_payways_are_wallets() -> None:
    told = {"1": Wallet.ALIPAY, "2": Wallet.ALIPAY, "3": Wallet.WECHAT, "17": Wallet.UNIONPAY, "18": None}
    for payway, wallet in told.items():
        gateway, _, _ = client(said("SUCCESS", order_status="PAID", payway=payway))
        assert gateway.ask(ORDER).wallet is wallet


# --- undoing ---


@pytest.mark.parametrize(
    ("result", "error", "today", "later"),
    [
        ("CANCEL_SUCCESS", "", Undoing.DONE, Undoing.DONE),
        ("CANCEL_ABORT_SUCCESS", "", Undoing.DONE, Undoing.DONE),
        ("FAIL", "UPAY_CANCEL_ORDER_NOOP", Undoing.DONE, Undoing.DONE),
        ("FAIL", "UPAY_ORDER_NOT_EXISTS", Undoing.DONE, Undoing.DONE),
        ("CANCEL_IN_PROGRESS", "", Undoing.BUSY, Undoing.BUSY),
        ("CANCEL_ABORT_IN_PROGRESS", "", Undoing.BUSY, Undoing.BUSY),
        ("CANCEL_ERROR", "UPAY_TCP_ORDER_NOT_REFUNDABLE", Undoing.BUSY, Undoing.TOO_LATE),
        ("CANCEL_ABORT_ERROR", "", Undoing.BUSY, Undoing.TOO_LATE),
        ("FAIL", "UPAY_CANCEL_INVALID_ORDER_STATE", Undoing.BUSY, Undoing.TOO_LATE),
        ("SOMETHING_NEW", "", Undoing.BUSY, Undoing.TOO_LATE),
    ],
)
def test_a_cancel_is_read_by_its_code_and_the_day(
    result: str, error: str, today: Undoing, later: Undoing
) -> None:
    for past, undoing in ((timedelta(hours=11, minutes=59), today), (timedelta(hours=12), later)):
        clock = FakeClock()
        clock.advance(past)  # the order was sent at noon in Beijing
        gateway, _, _ = client(said(result, error), clock=clock)
        assert gateway.undo(ORDER) is undoing


def test_a_cancel_that_was_not_looked_at_is_never_too_late() -> None:
    clock = FakeClock()
    clock.advance(timedelta(days=2))
    gateway, _, _ = client(refused("INVALID_PARAMS"), clock=clock)
    assert gateway.undo(ORDER) is Undoing.BUSY


def test_another_orders_cancel_is_not_ours() -> None:
    gateway, _, _ = client(said("CANCEL_SUCCESS", client_sn="T1261122000018"))
    with pytest.raises(Unreachable, match="not_ours"):
        gateway.undo(ORDER)


# --- refunds ---

TSN = f"{NUMBER}-{REFUND.number}"
PART = said("SUCCESS", order_status="PARTIAL_REFUNDED", client_tsn=f"{NUMBER}-R2")


@pytest.mark.parametrize(
    ("error", "order", "standing"),
    [
        # The same refund asked again after its answer was lost.
        (
            "UPAY_REFUND_INVALID_ORDER_STATE",
            said("SUCCESS", order_status="REFUNDED", client_tsn=TSN),
            RefundStanding.DONE,
        ),
        # All of it went back by other refunds: this one did not happen.
        ("UPAY_REFUND_INVALID_ORDER_STATE", said("SUCCESS", order_status="REFUNDED"), RefundStanding.FAILED),
        ("UPAY_REFUND_INVALID_ORDER_STATE", said("SUCCESS", order_status="PAID"), RefundStanding.FAILED),
        ("REFUNDABLE_AMOUNT_NOT_ENOUGH", PART, RefundStanding.FAILED),
        ("ACCOUNT_BALANCE_NOT_ENOUGH", said("SUCCESS", order_status="PAID"), RefundStanding.FAILED),
        ("ACCOUNT_BALANCE_NOT_ENOUGH", said("SUCCESS", order_status="PAY_ERROR"), RefundStanding.PROCESSING),
        ("ACCOUNT_BALANCE_NOT_ENOUGH", said("FAIL", "X"), RefundStanding.PROCESSING),
        ("SOMETHING_NEW", said("SUCCESS", order_status="PAID"), RefundStanding.PROCESSING),
    ],
)
def test_a_refund_that_is_refused_is_asked_about(error: str, order: Told, standing: RefundStanding) -> None:
    """The refusal does not name the order; the order's own answer does."""
    gateway, sender, _ = client(said("FAIL", error, client_sn=None, total_amount=None), order)
    assert gateway.refund(ORDER, REFUND).standing is standing
    assert [request.url.rsplit("/", 1)[1] for request in sender.heard] == ["refund", "query"]


@pytest.mark.parametrize(
    ("answer", "standing"),
    [
        (said("REFUND_SUCCESS", order_status="PARTIAL_REFUNDED"), RefundStanding.DONE),
        (said("REFUND_SUCCESS", client_tsn=TSN), RefundStanding.DONE),
        (said("FAIL", "UPAY_REFUND_ORDER_NOOP", client_sn=None), RefundStanding.DONE),
        (said("REFUND_FAIL", "X"), RefundStanding.FAILED),
        (said("REFUND_FAIL", "X", client_sn=None), RefundStanding.PROCESSING),
        (said("REFUND_IN_PROGRESS"), RefundStanding.PROCESSING),
        (said("REFUND_ERROR"), RefundStanding.PROCESSING),
        (said("REFUND_FAIL_ERROR"), RefundStanding.PROCESSING),
        (said("SOMETHING_NEW"), RefundStanding.PROCESSING),
        (refused("INVALID_PARAMS"), RefundStanding.PROCESSING),
    ],
)
def test_a_refund_is_only_ended_by_a_clear_word(answer: Told, standing: RefundStanding) -> None:
    gateway, _, _ = client(answer)
    assert gateway.refund(ORDER, REFUND).standing is standing


@pytest.mark.parametrize(
    "altered",
    [
        {"client_sn": "T1261122000018"},
        {"client_sn": None},
        {"total_amount": "1251"},
        {"client_tsn": f"{NUMBER}-OTHER"},
        {"refund_request_no": "OTHER"},
    ],
    ids=str,
)
def test_another_refund_is_not_ours(altered: dict[str, Any]) -> None:
    gateway, _, _ = client(said("REFUND_SUCCESS", **altered))
    with pytest.raises(Unreachable, match="not_ours"):
        gateway.refund(ORDER, REFUND)


@pytest.mark.parametrize(
    ("answer", "standing"),
    [
        (said("SUCCESS", order_status="REFUNDED", client_tsn=TSN), RefundStanding.DONE),
        (said("SUCCESS", order_status="REFUNDED"), RefundStanding.ABSENT),
        (said("SUCCESS", order_status="PARTIAL_REFUNDED", client_tsn=TSN), RefundStanding.DONE),
        (
            said("SUCCESS", order_status="PARTIAL_REFUNDED", refund_request_no=REFUND.number),
            RefundStanding.DONE,
        ),
        (
            said("SUCCESS", order_status="PARTIAL_REFUNDED", client_tsn=f"{NUMBER}-R2"),
            RefundStanding.ABSENT,
        ),
        (said("SUCCESS", order_status="PARTIAL_REFUNDED"), RefundStanding.ABSENT),
        (said("SUCCESS", order_status="PAID"), RefundStanding.ABSENT),
        (said("SUCCESS", order_status="REFUND_ERROR"), RefundStanding.PROCESSING),
        (said("FAIL", "UPAY_ORDER_NOT_EXISTS", client_sn=None), RefundStanding.PROCESSING),
    ],
)
def test_a_refund_stands_as_the_order_says(answer: Told, standing: RefundStanding) -> None:
    gateway, _, _ = client(answer)
    assert gateway.ask_refund(ORDER, REFUND).standing is standing


def test_an_order_that_is_refunded_is_the_refund_of_all_of_it() -> None:
    gateway, _, _ = client(said("SUCCESS", order_status="REFUNDED"))
    whole = replace(REFUND, amount=REFUND.paid)
    assert gateway.ask_refund(ORDER, whole).standing is RefundStanding.DONE


# --- a shown code ---


def test_a_shown_code_is_for_the_wallet_that_was_asked_for() -> None:
    for wallet, payway in ((Wallet.ALIPAY, "1"), (Wallet.WECHAT, "3"), (None, "3")):
        gateway, sender, _ = client(said("PRECREATE_SUCCESS", qr_code="https://qr.example/1"))
        assert gateway.show(replace(SHOW, wallet=wallet)) == "https://qr.example/1"
        assert json.loads(sender.heard[0].body)["payway"] == payway
    assert shouqianba.RULES.shows == {Wallet.ALIPAY, Wallet.WECHAT}


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (said("PRECREATE_FAIL", "UNEXPECTED_PROVIDER_ERROR"), "server_trouble"),
        (said("PRECREATE_FAIL_ERROR"), "server_trouble"),
        (refused("X", "500"), "server_trouble"),
        (said("PRECREATE_SUCCESS"), "not_ours"),
        (said("PRECREATE_SUCCESS", qr_code="q", total_amount="1"), "not_ours"),
        (said("PRECREATE_SUCCESS", qr_code="q", client_sn="T1"), "not_ours"),
    ],
)
def test_no_code_is_shown_that_is_not_for_this_order(answer: Told, cause: str) -> None:
    gateway, _, _ = client(answer)
    with pytest.raises(Unreachable, match=cause):
        gateway.show(SHOW)


# --- the terminal and its keys ---


def test_a_day_begins_with_one_check_in() -> None:
    clock = FakeClock()
    clock.advance(timedelta(hours=12))
    gateway, sender, kept = client(example("shouqianba", "checkin").reply, clock=clock)
    gateway.begin_day()
    gateway.begin_day()
    assert [request.url.rsplit("/", 1)[1] for request in sender.heard] == ["checkin"]
    assert kept.told["checked_in_on"] == "2026-11-23"
    clock.advance(timedelta(hours=23, minutes=59))
    gateway.begin_day()
    assert len(sender.heard) == 1, "the same day in Beijing"


def test_a_check_in_whose_answer_was_lost_is_done_again_under_the_old_key() -> None:
    keys = ACTIVE | {"checked_in_on": "2026-11-21"}
    gateway, sender, kept = client(Unreachable("timeout"), example("shouqianba", "checkin").reply, keys=keys)
    with pytest.raises(Unreachable):
        gateway.begin_day()
    assert kept.keeps == []
    gateway.begin_day()
    assert [key_of(request) for request in sender.heard] == [KEY, KEY]
    assert (kept.told["terminal_key"], kept.told["previous_key"]) == (NEW, KEY)


def test_the_old_key_goes_when_the_new_one_has_signed_a_good_call() -> None:
    gateway, sender, kept = client(
        Unreachable("timeout"),
        refused("X", "500"),
        refused("X"),
        said("SUCCESS", order_status="PAID"),
        keys=BOTH,
    )
    for _ in range(2):
        with pytest.raises(Unreachable):
            gateway.ask(ORDER)
    gateway.ask(ORDER)
    assert kept.told["previous_key"] == KEY
    gateway.ask(ORDER)
    assert kept.keeps == [{"previous_key": ""}]
    assert [key_of(request) for request in sender.heard] == [NEW] * 4


def test_a_check_in_on_another_lane_is_not_undone_by_an_answer_under_the_key_before() -> None:
    def checked_in_meanwhile(request: Any) -> Told:
        kept.keep({"terminal_key": OLD, "previous_key": NEW})
        return said("SUCCESS", order_status="PAID")

    gateway, _, kept = client(checked_in_meanwhile, keys=BOTH)
    gateway.ask(ORDER)
    assert (kept.told["terminal_key"], kept.told["previous_key"]) == (OLD, NEW)


def test_a_pay_keeps_nothing_and_reads_the_keyring_once() -> None:
    gateway, _, kept = client(said("PAY_SUCCESS", order_status="PAID"), keys=BOTH)
    gateway.charge(CHARGE)
    assert (kept.keeps, kept.reads) == ([], 1)


def test_while_the_new_key_is_refused_the_old_one_serves() -> None:
    good = said("SUCCESS", order_status="PAID")
    gateway, sender, kept = client(ILLEGAL, good, good, said("PAY_SUCCESS", order_status="PAID"), keys=BOTH)
    assert gateway.ask(ORDER).standing is Standing.PAID
    assert gateway.ask(ORDER).standing is Standing.PAID
    assert gateway.charge(CHARGE).standing is Standing.PAID
    assert [key_of(request) for request in sender.heard] == [NEW, KEY, KEY, KEY]
    assert kept.told["previous_key"] == KEY, "both are kept until the new one works"


def test_a_pay_that_is_refused_for_its_sign_is_asked_about_under_the_other_key() -> None:
    absent = said("FAIL", "UPAY_ORDER_NOT_EXISTS", client_sn=None, total_amount=None)
    gateway, sender, _ = client(ILLEGAL, absent, keys=BOTH)
    assert gateway.charge(CHARGE) == Answer(Standing.PROCESSING, "ILLEGAL_SIGN")
    assert gateway.ask(ORDER).standing is Standing.ABSENT
    assert [key_of(request) for request in sender.heard] == [NEW, KEY]


def test_a_key_that_was_rotated_in_mid_day_is_fetched_by_a_check_in() -> None:
    gateway, sender, kept = client(
        ILLEGAL, example("shouqianba", "checkin").reply, said("SUCCESS", order_status="PAID")
    )
    assert gateway.ask(ORDER).standing is Standing.PAID
    assert [key_of(request) for request in sender.heard] == [KEY, KEY, NEW]
    assert (kept.told["terminal_key"], kept.told["previous_key"]) == (NEW, "")


def test_when_every_key_is_refused_a_person_must_help() -> None:
    gateway, sender, kept = client(*[ILLEGAL] * 4, refused("CODE_EXPIRED"), *[ILLEGAL] * 4, keys=BOTH)
    for _ in range(2):
        with pytest.raises(GatewaySetupWrong) as caught:
            gateway.ask(ORDER)
        assert (caught.value.name, caught.value.reason) == ("shouqianba", "ILLEGAL_SIGN")
    asked_for = [request.url.rsplit("/", 1)[1] for request in sender.heard]
    assert asked_for == [*["query"] * 2, *["checkin"] * 2, "activate", *["query"] * 2, *["checkin"] * 2]
    assert kept.keeps == []


def test_when_every_key_is_refused_the_same_code_may_activate_again() -> None:
    again, good = example("shouqianba", "activate").reply, said("SUCCESS", order_status="PAID")
    keys = ACTIVE | {"terminal_key": OLD, "previous_key": NEW}
    gateway, sender, kept = client(*[ILLEGAL] * 4, again, good, keys=keys)
    assert gateway.ask(ORDER).standing is Standing.PAID
    assert key_of(sender.heard[-1]) == kept.told["terminal_key"] == KEY
    assert kept.told.get("previous_key", "") == ""


def test_a_fresh_key_that_is_refused_too_is_a_wrong_setup() -> None:
    gateway, _, _ = client(ILLEGAL, example("shouqianba", "checkin").reply, ILLEGAL, ILLEGAL)
    with pytest.raises(GatewaySetupWrong, match="ILLEGAL_SIGN"):
        gateway.ask(ORDER)


def test_another_terminals_check_in_is_not_kept() -> None:
    answer = example("shouqianba", "checkin").reply
    other = replace(answer, body=answer.body.replace(SN.encode(), b"100298371040"))
    gateway, _, kept = client(other, keys=ACTIVE | {"checked_in_on": ""})
    with pytest.raises(Unreachable, match="not_ours"):
        gateway.begin_day()
    assert kept.keeps == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (refused("CODE_EXPIRED"), GatewaySetupWrong("shouqianba", "CODE_EXPIRED")),
        (ILLEGAL, GatewaySetupWrong("shouqianba", "ILLEGAL_SIGN")),
        (refused("UNKNOWN_SYSTEM_ERROR", "500"), Unreachable("server_trouble")),
        (Told(b'{"result_code":"200"}'), Unreachable("not_ours")),
        (Told(b'{"result_code":"200","biz_response":{"terminal_sn":"1"}}'), Unreachable("not_ours")),
        (Unreachable("timeout"), Unreachable("timeout")),
    ],
)
def test_an_activation_that_brings_no_key_keeps_none(answer: Step, error: Exception) -> None:
    gateway, sender, kept = client(answer, keys=setup("shouqianba"))
    with pytest.raises(type(error)) as caught:
        gateway.begin_day()
    assert vars(caught.value) == vars(error)
    assert kept.keeps == []
    assert len(sender.heard) == 1


@pytest.mark.parametrize("missing", ["vendor_sn", "vendor_key", "app_id", "activation_code", "device_id"])
def test_a_missing_field_is_named_before_anything_leaves(missing: str) -> None:
    gateway, sender, _ = client(keys=setup("shouqianba") | {missing: "  "})
    with pytest.raises(GatewaySetupWrong) as caught:
        gateway.begin_day()
    assert (caught.value.reason, sender.heard) == (missing, [])


@pytest.mark.parametrize("call", [*QUESTIONS, "charge"])
def test_without_a_key_nothing_leaves(call: str) -> None:
    gateway, sender, _ = client(keys=setup("shouqianba"))
    with pytest.raises(GatewaySetupWrong, match="terminal_key"):
        CALLS[call](gateway)
    assert sender.heard == []


@pytest.mark.parametrize(
    ("address", "is_good"),
    [
        ("http://127.0.0.1:8080/", True),
        ("http://localhost:8080", True),
        ("https://example.cn/base", True),
        ("http://vsi-api.shouqianba.com", False),
        ("ftp://127.0.0.1", False),
        ("vsi-api.shouqianba.com", False),
        ("https://", False),
        ("https://example.cn/?a=b", False),
        ("https://example.cn/a/../b", False),
        ("https://Example.cn", False),
        ("https://user@example.cn", False),
        ("https://\u6536.cn", False),
        ("http://127.0.0.1.example.cn", False),
    ],
)
def test_an_address_is_https_or_this_pc(address: str, is_good: bool) -> None:
    """Only TLS vouches for the answers."""
    gateway, sender, _ = client(said("SUCCESS", order_status="PAID"), keys=ACTIVE | {"address": address})
    if is_good:
        gateway.ask(ORDER)
        assert sender.heard[0].url == address.rstrip("/") + "/upay/v2/query"
    else:
        with pytest.raises(GatewaySetupWrong, match="address"):
            gateway.ask(ORDER)


def test_the_real_address_is_the_default() -> None:
    gateway, sender, _ = client(said("SUCCESS", order_status="PAID"), keys=ACTIVE | {"address": ""})
    gateway.ask(ORDER)
    assert sender.heard[0].url.startswith(shouqianba.ADDRESS + "/")


# --- clock, secrets, bill ---


@pytest.mark.parametrize(
    ("told", "skew"),
    [
        ("Sun, 22 Nov 2026 03:50:00 GMT", 600),
        ("Sun, 22 Nov 2026 04:10:00 GMT", -600),
        ("Sun, 22 Nov 2026 03:59:00 GMT", 0),
        ("Sun, 22 Nov 2026 03:58:59 GMT", 61),
        ("yesterday", 0),
    ],
)
@pytest.mark.parametrize("call", ["ask", "charge"])
def test_a_clock_that_is_off_is_noticed(call: str, told: str, skew: int) -> None:
    gateway, _, _ = client(Told(HTML, 502, {"date": told}))
    assert gateway.clock_skew_s == 0
    with pytest.raises(Unreachable):
        CALLS[call](gateway)
    assert gateway.clock_skew_s == skew


def every_trouble() -> list[tuple[str, Callable[[], tuple[Shouqianba, ScriptedSender, MemoryKeys]]]]:
    leaky = Told(json.dumps({"result_code": "200", "terminal_key": KEY, "dynamic_id": CODE}).encode()[:-1])
    return [
        ("charge", lambda: client(leaky)),
        ("ask", lambda: client(leaky)),
        ("ask", lambda: client(*[ILLEGAL] * 4, refused("CODE_EXPIRED"), keys=BOTH)),
        ("charge", lambda: client(said("PAY_SUCCESS", order_status="PAID", total_amount="1"))),
        ("begin_day", lambda: client(leaky, keys=setup("shouqianba"))),
        ("begin_day", lambda: client(refused("CODE_EXPIRED"), keys=setup("shouqianba"))),
    ]


@pytest.mark.parametrize(("call", "make"), every_trouble())
def test_no_secret_is_in_what_goes_wrong(call: str, make: Callable[..., Any]) -> None:
    gateway, _, _ = make()
    with pytest.raises((Unreachable, GatewaySetupWrong)) as caught:
        CALLS[call](gateway)
    told = "".join(traceback.format_exception(caught.value)) + repr(vars(caught.value))
    chain, seen = caught.value.__context__, ""
    while chain is not None:
        seen += repr(vars(chain)) + repr(chain.args) + repr(getattr(chain, "doc", ""))
        chain = chain.__context__
    for secret in (CODE, KEY, NEW, ACTIVE["vendor_key"], ACTIVE["activation_code"]):
        assert secret not in told + seen


def test_no_secret_is_in_what_is_printed() -> None:
    gateway, sender, _ = client(said("PAY_SUCCESS", order_status="PAID"), keys=BOTH)
    answer = gateway.charge(CHARGE)
    read = answers.read_reply(sender_exchange(sender))
    told = repr(gateway) + repr(vars(gateway)) + repr(answer) + repr(read) + repr(CHARGE)
    told += repr(vars(vars(gateway)["_terminal"])["_refused_key"]) + repr(
        vars(gateway)["_terminal"].identity()
    )
    for secret in (CODE, KEY, NEW):
        assert secret not in told


def sender_exchange(sender: ScriptedSender) -> Any:
    sender.script = [said("PAY_SUCCESS", order_status="PAID", payer_login=CODE)]
    return sender.send(lambda: sender.heard[0])


def test_the_setup_says_which_fields_are_secrets() -> None:
    secrets = {each.key for each in shouqianba.FIELDS if each.kind is not FieldKind.TEXT}
    assert secrets == {"vendor_key", "activation_code"}
    assert [each.key for each in shouqianba.FIELDS if not each.is_needed] == []


def test_there_is_no_bill() -> None:
    gateway, sender, _ = client()
    assert gateway.bill(FakeClock().now().date()) is None
    assert not gateway.rules.has_bill
    assert sender.heard == []
