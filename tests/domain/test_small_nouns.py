"""The small nouns: codes, people, shifts, the ledger, the outbox, reports."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.card_code import Binding, CardCode, CardSecret, CardState, grouped, qr_text
from pos_app.domain.catalogue import Payload
from pos_app.domain.errors import Rejected
from pos_app.domain.ledger import (
    FIRST_PREV,
    LedgerEntry,
    LedgerHead,
    canonical,
    first_bad_signature,
    first_break,
    time_text,
)
from pos_app.domain.money import Money
from pos_app.domain.outbox import LONGEST_WAIT_S, wait_before
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.receipt import Header, code_slip
from pos_app.domain.report import DayFigures, change_percent
from pos_app.domain.shift import CashCount, Shift, ShiftTotals
from pos_app.domain.signature import framed, kid_of
from pos_app.domain.signed_receipt import cards_print, compact_id
from pos_app.domain.staff import LONGEST_LOCK, Cashier, Permission, Person, Role, is_weak
from pos_app.domain.till import Account, business_date_at
from tests.fakes.till_goods import code_product

AT = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SECRET = CardSecret("1234567890", "ABCDEFGH12", None, "2027-12-31")


def test_a_secret_shows_itself_to_nobody() -> None:
    header = Header("shop", "T1", "Ann", AT, "T1-000001", 1)
    slip = code_slip(code_product(1), SECRET, header, (1, 1))
    for shown in (repr(SECRET), str(SECRET), f"{SECRET}", repr(slip), str([slip])):
        assert "1234567890" not in shown
        assert "ABCDEFGH12" not in shown
    assert slip.number == "1234 5678 90"
    assert slip.pin == "ABCD EFGH 12"
    pin_only = code_slip(
        code_product(1), replace(SECRET, number=None, pin=None, link="https://x.example"), header, (1, 1)
    )
    assert (pin_only.number, pin_only.pin, pin_only.qr) == (None, None, "https://x.example")


def test_the_qr_says_template_link_pin_or_both() -> None:
    product = code_product(1)
    assert qr_text(product, SECRET) == "https://redeem.example/?n=1234567890&p=ABCDEFGH12"
    plain = replace(product, qr=None)
    assert qr_text(plain, SECRET) == "1234567890 ABCDEFGH12"
    assert qr_text(plain, replace(SECRET, number=None)) == "ABCDEFGH12"
    assert qr_text(product, replace(SECRET, link="https://l.example")) == "https://l.example"


def test_a_picture_is_its_own_qr() -> None:
    secret = CardSecret(None, None, None, None, b"PNG")
    assert qr_text(code_product(1), secret) == ""
    slip = code_slip(code_product(1), secret, Header("shop", "T1", "Ann", AT, "T1-000001", 1), (1, 1))
    assert (slip.image, slip.number, slip.pin, slip.link) == (b"PNG", None, None, None)
    assert "PNG" not in repr(secret) + repr(slip)


def test_codes_with_their_own_groups_stay_as_they_are() -> None:
    assert grouped("ABCDE-FGHIJ") == "ABCDE-FGHIJ"
    assert grouped("AB CD") == "AB CD"


@given(st.lists(st.text(), min_size=7, max_size=7), st.lists(st.text(), min_size=7, max_size=7))
def test_no_two_bindings_look_alike(a: list[str], b: list[str]) -> None:
    def binding(parts: list[str]) -> bytes:
        shop, till, sale, line, card, product, currency = parts
        return Binding(shop, till, 1, sale, line, card, product, Money(100, currency)).encode()

    encodable = all(_can_be_encoded(text) for text in a + b)
    if encodable:
        assert (binding(a) == binding(b)) is (a == b)


def _can_be_encoded(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def test_a_card_counts_its_slips() -> None:
    card = CardCode("c", "s", "l", "p", Payload.PIN, Money(100), b"sealed")
    assert card.revealing().not_printed(is_out=False).state is CardState.HAVE
    printed = card.revealing().printed()
    assert (printed.state, printed.copies) == (CardState.PRINTED, 1)
    assert printed.revealing().not_printed(is_out=True).state is CardState.PRINTED
    assert card.revealing().unknown().revealing().not_printed(is_out=False).state is CardState.UNKNOWN
    assert card.revealing().unknown().copies == 1


def test_a_printed_paper_is_settled() -> None:
    paper = Paper("p", PaperKind.CODE, "s", "c", 1, PaperState.DUE, AT)
    assert not paper.is_settled
    assert replace(paper, state=PaperState.PRINTED).is_settled


def person(role: Role = Role.CASHIER) -> Person:
    return Person("p", "Ann", role, "hash")


def test_five_wrong_pins_lock_and_each_five_more_lock_longer() -> None:
    someone = person()
    for _ in range(4):
        someone = someone.after_wrong_pin(AT)
        assert not someone.is_locked(AT)
    assert someone.tries_left == 1
    someone = someone.after_wrong_pin(AT)
    assert someone.locked_until() == AT + timedelta(minutes=1)
    assert someone.is_locked(AT + timedelta(seconds=59))
    assert not someone.is_locked(AT + timedelta(minutes=1))
    for _ in range(5):
        someone = someone.after_wrong_pin(AT)
    assert someone.locked_until() == AT + timedelta(minutes=2)
    for _ in range(500):
        someone = someone.after_wrong_pin(AT)
    assert someone.locked_until() == AT + LONGEST_LOCK
    assert someone.after_right_pin().locked_until() is None


def test_setting_the_clock_back_does_not_unlock() -> None:
    someone = person()
    for _ in range(5):
        someone = someone.after_wrong_pin(AT)
    assert someone.is_locked(AT - timedelta(days=1))


@pytest.mark.parametrize(
    ("role", "may_see_day", "may_override"),
    [(Role.CASHIER, False, False), (Role.SUPERVISOR, False, True), (Role.OWNER, True, True)],
)
def test_roles(role: Role, may_see_day: bool, may_override: bool) -> None:
    cashier = Cashier("p", "Ann", role)
    assert cashier.may(Permission.SELL)
    assert cashier.may(Permission.SEE_DAY) is may_see_day
    assert cashier.may(Permission.OVERRIDE) is may_override


@pytest.mark.parametrize("pin", ["", "12345", "111111", "123456", "987654", "890123", "12a456", "\u0661" * 6])
def test_weak_pins(pin: str) -> None:
    assert is_weak(pin)


def test_a_pin_with_some_thought_in_it_will_do() -> None:
    assert not is_weak("135790")


def entry(seq: int, prev: str) -> LedgerEntry:
    return LedgerEntry(
        "till", 1, seq, prev, AT, date(2026, 11, 22), "kind", {"n": seq, "list": [1, {"a": "\u5361"}]}
    )


def test_the_chain_breaks_where_it_was_touched() -> None:
    first = entry(1, FIRST_PREV)
    second = entry(2, first.digest)
    third = entry(3, second.digest)
    assert first_break((first, second, third), LedgerHead()) is None
    assert first_break((first, third), LedgerHead()) == 3
    assert first_break((second, first), LedgerHead()) == 2
    edited = replace(second, body={"n": 20})
    assert first_break((first, edited, third), LedgerHead()) == 3
    assert len(first.digest) == 32


def test_what_is_signed_is_all_but_the_signature() -> None:
    plain = entry(1, FIRST_PREV)
    signed = replace(plain, kid="kid", sig="sig")
    assert "kid" not in plain.as_wire()
    assert signed.as_wire() == {**plain.as_wire(), "kid": "kid", "sig": "sig"}
    assert signed.signing_input == replace(signed, sig=None).signing_input
    assert signed.signing_input.startswith(framed("pos-entry-1"))
    assert signed.digest not in (plain.digest, replace(signed, sig="gis").digest)


def test_unsigned_entries_are_good_up_to_the_first_signed_one() -> None:
    plain = entry(1, FIRST_PREV)
    good = replace(plain, seq=2, kid="k", sig="s")

    def holds(kid: str, message: bytes, signature: str) -> bool:
        return (kid, signature) == ("k", "s")

    assert first_bad_signature((), holds, False) is None
    assert first_bad_signature((plain, good), holds, False) is None
    assert first_bad_signature((plain, good), holds, True) == 1
    assert first_bad_signature((good, replace(plain, seq=3)), holds, False) == 3
    assert first_bad_signature((replace(good, sig=None),), holds, False) == 2
    assert first_bad_signature((replace(good, kid=None),), holds, False) == 2
    assert first_bad_signature((good, replace(good, seq=3, sig="t")), holds, False) == 3


def test_ids_are_written_short() -> None:
    assert compact_id("01930000-0000-7000-8000-00000000aaaa") == "AZMAAAAAcACAAAAAAACqqg"
    assert len(compact_id("no uuid")) == 22
    assert compact_id("no uuid") != compact_id("another")


def test_cards_are_named_as_a_set() -> None:
    assert cards_print(("b", "a")) == cards_print(("a", "b"))
    assert len({cards_print(("ab",)), cards_print(("a", "b")), cards_print(())}) == 3
    assert len(cards_print(("a",))) == 11


def test_the_name_of_a_key() -> None:
    assert kid_of(bytes(32)) == "Zmh6rfhi"
    assert framed("a", b"") == b"\0\0\0\1a\0\0\0\0"


def test_a_ledger_has_no_floats() -> None:
    for body in ({"a": 1.5}, {"a": [1.5]}, {"a": {"b": (1.5,)}}):
        with pytest.raises(TypeError, match="float"):
            canonical(body)
    assert canonical({"b": 1, "a": "\u5361"}) == '{"a":"\u5361","b":1}'.encode()


def test_times_are_utc_with_a_z() -> None:
    assert time_text(AT) == "2026-11-22T04:00:00.000000Z"


def test_waiting_grows_and_ends() -> None:
    assert wait_before(0) == timedelta(seconds=2)
    assert wait_before(3) == timedelta(seconds=16)
    assert wait_before(1000) == timedelta(seconds=LONGEST_WAIT_S)


def test_the_drawer_adds_up() -> None:
    totals = ShiftTotals(3, Money(300), Money(300), Money(20), Money(50), Money(30), 0, Money(0))
    assert totals.expected_cash(Money(1000)) == Money(1300)
    count = CashCount(((100, 12), (50, 1)), Money(45))
    assert count.total == Money(1295)
    shift = Shift("s", "p", "Ann", AT, Money(1000), date(2026, 11, 22))
    from pos_app.domain.shift import Closing

    assert Closing(shift, totals, Money(1300), count.total, "Ann", AT).difference == Money(-5)


def test_average_and_change() -> None:
    assert DayFigures(3, Money(1000), Money(0), Money(0)).average == Money(333)
    assert DayFigures(0, Money(0), Money(0), Money(0)).average == Money(0)
    assert change_percent(112, 100) == 12
    assert change_percent(50, 100) == -50
    assert change_percent(50, 0) is None


def test_the_day_changes_at_the_hour_of_the_shop() -> None:
    local = datetime(2026, 11, 22, 5, 59, tzinfo=UTC)
    assert business_date_at(local, 6) == date(2026, 11, 21)
    assert business_date_at(local, 0) == date(2026, 11, 22)


def test_a_wallet_has_its_credit() -> None:
    assert Account(Money(100), Money(30), Money(50), AT).available == Money(120)


def test_only_an_unknown_effect_leaves_it_open() -> None:
    assert not Rejected("UNAVAILABLE", "unknown", {}).is_final
    assert Rejected("EXPIRED", "none", {}).is_final
