"""Each fault of the practice gateways: what becomes of the money, and what becomes of the answer."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from practice.gateways.course import Doing
from practice.gateways.mischief import BY_ENDING, ByCode, Commanded, Fault, Kind, Ruled
from tests.practice.gateways.plain import CODE, call, faulty, pay, plain, said

NO_EFFECT = {Fault.LOST_BEFORE, Fault.LATE, Fault.ERROR_500_BEFORE, Fault.SYSTEM_ERROR_BEFORE}
NO_ANSWER = {Fault.LOST_BEFORE, Fault.LOST_AFTER, Fault.LATE}


@pytest.mark.parametrize("fault", list(Fault))
def test_a_fault_has_its_effect_or_none_and_never_two(fault: Fault) -> None:
    teller, _ = plain(faulty(Kind.PAY, fault))
    reply = teller.answer(pay())
    assert teller.bank.charged("A1") == (0 if fault in NO_EFFECT else 1)
    assert (reply is None) is (fault in NO_ANSWER)


def test_a_late_request_arrives_when_its_time_has_come() -> None:
    teller, hands = plain(faulty(Kind.PAY, Fault.LATE))
    teller.answer(pay())
    hands.advance(19.9)
    assert said(teller.answer(call("ask")))["state"] is None
    hands.advance(0.1)
    assert said(teller.answer(call("ask")))["state"] == "paid"


@pytest.mark.parametrize(("remembers", "charged"), [(True, 0), (False, 1)])
def test_a_late_request_after_an_undo_is_what_the_memory_makes_of_it(remembers: bool, charged: int) -> None:
    teller, hands = plain(faulty(Kind.PAY, Fault.LATE), remembers=remembers)
    teller.answer(pay())
    teller.answer(call("undo"))
    hands.advance(20)
    assert teller.bank.charged("A1") == charged


@pytest.mark.parametrize("fault", [Fault.ERROR_500_BEFORE, Fault.ERROR_500_AFTER])
def test_a_crash_is_a_500(fault: Fault) -> None:
    reply = plain(faulty(Kind.PAY, fault))[0].answer(pay())
    assert reply is not None
    assert reply.status == 500


def test_a_page_is_no_answer() -> None:
    reply = plain(faulty(Kind.PAY, Fault.HTML))[0].answer(pay())
    assert reply is not None
    assert (reply.status, reply.body[:9]) == (200, b"<!doctype")


@pytest.mark.parametrize(
    ("fault", "amount", "number"),
    [(Fault.AMOUNT_ALTERED, 501, "A1"), (Fault.NUMBER_ALTERED, 500, "A0"), (Fault.NONE, 500, "A1")],
)
def test_an_altered_answer_is_well_signed(fault: Fault, amount: int, number: str) -> None:
    reply = plain(faulty(Kind.PAY, fault))[0].answer(pay())
    told = said(reply)
    assert (told["amount"], told["number"]) == (amount, number)
    assert reply is not None
    assert reply.headers["digest"] == hashlib.sha256(reply.body).hexdigest()


def test_a_duplicate_is_answered_as_the_second_one() -> None:
    teller, _ = plain(faulty(Kind.PAY, Fault.DUPLICATE))
    assert said(teller.answer(pay()))["refusal"] == "number_taken"
    assert teller.bank.kept("A1") == 500


def test_a_forged_refusal_lies() -> None:
    teller, _ = plain(faulty(Kind.PAY, Fault.FORGED_REFUSAL))
    reply = teller.answer(pay())
    assert (said(reply)["refusal"], teller.bank.kept("A1")) == ("no_money", 500)
    assert reply is not None
    assert "digest" not in reply.headers


def test_busy_undoes_nothing_and_means_nothing_elsewhere() -> None:
    teller, _ = plain(Ruled(fault=lambda kind, _, n: Fault.BUSY if n == 1 else Fault.NONE))
    assert said(teller.answer(pay()))["state"] == "paid"
    assert said(teller.answer(call("undo"))) == {"trouble": "busy"}
    assert teller.bank.kept("A1") == 500
    assert said(teller.answer(call("undo")))["state"] == "closed"


def test_not_found_is_said_of_an_order_that_is_there() -> None:
    teller, _ = plain(Ruled(fault=lambda kind, _, n: Fault.NOT_FOUND if n == 1 else Fault.NONE))
    assert said(teller.answer(pay()))["state"] == "paid"
    assert said(teller.answer(call("ask"))) == {"trouble": "not_found"}
    assert said(teller.answer(call("ask")))["state"] == "paid"


def test_requests_are_counted_by_kind_and_order() -> None:
    teller, _ = plain(faulty(Kind.ASK, Fault.LOST_BEFORE))
    for each in (call("ask"), call("ask"), call("ask", "A2"), call("undo")):
        teller.answer(each)
    assert teller.heard_of("A1") == {"ask": 2, "undo": 1}
    assert teller.heard(Kind.ASK, "A2") == 1


@pytest.mark.parametrize("ending", sorted(BY_ENDING))
def test_a_code_means_what_its_row_says(ending: str) -> None:
    row = BY_ENDING[ending]
    teller, _ = plain(ByCode())
    teller.answer(pay(code=CODE[:-3] + ending))
    hit = row.faults.get(Kind.PAY, (Fault.NONE,))[0]
    pays = row.course.doing is Doing.PAYS and hit not in NO_EFFECT
    assert teller.bank.charged("A1") == int(pays)


def test_any_other_code_is_paid_at_once_and_a_row_is_used_up() -> None:
    teller, _ = plain(ByCode())
    assert said(teller.answer(pay("A1", code=CODE[:-3] + "031")))["state"] == "waiting"
    answers = [said(teller.answer(call("undo"))) for _ in range(3)]
    assert answers[:2] == [{"trouble": "busy"}] * 2
    assert answers[2]["state"] == "closed"
    assert said(teller.answer(pay("A2", code=CODE[:-3] + "999")))["state"] == "paid"


def test_a_row_can_go_on_for_ever() -> None:
    teller, _ = plain(ByCode())
    teller.answer(pay(code=CODE[:-3] + "033"))
    assert [teller.answer(call("ask")) for _ in range(5)] == [None] * 5


def test_commands_come_before_everything_else_and_only_once() -> None:
    commanded = Commanded(ByCode())
    teller, _ = plain(commanded)
    commanded.order(Kind.PAY, [Fault.LOST_BEFORE], "A2")
    commanded.order(Kind.PAY, [Fault.ERROR_500_BEFORE])
    crashed = teller.answer(pay("A1"))
    assert crashed is not None
    assert crashed.status == 500
    assert teller.answer(pay("A2")) is None
    assert said(teller.answer(pay("A3")))["state"] == "paid"


def test_the_page_lists_every_ending_and_no_other() -> None:
    page = (Path(__file__).resolve().parents[3] / "docs" / "practice-gateways.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| ([0-9, ]+) \|", page, re.MULTILINE)
    listed = [ending for cell in cells for ending in cell.split(", ")]
    assert sorted(listed) == sorted(BY_ENDING)
