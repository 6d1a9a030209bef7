"""Rows of suppliers' files, judged: what is a card, what is a fault, and what nobody can say."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from platform_server.domain.cards import normalise_code
from platform_server.domain.code_rows import (
    Column,
    ExpiryRule,
    FaultReason,
    Layout,
    header_layout,
    is_header,
    judge,
    named_layout,
    usual_layout,
)
from platform_server.domain.errors import BadRequest
from platform_server.domain.expiry import read_expiry
from platform_server.domain.fingerprints import Fingerprints
from platform_server.domain.goods import CardSecret, Payload

SHANGHAI = ZoneInfo("Asia/Shanghai")
RULE = ExpiryRule(datetime(2026, 11, 22, 6, 15, tzinfo=UTC), SHANGHAI)
LAST = timedelta(days=1) - timedelta(microseconds=1)


def day(year: int, month: int, of_month: int) -> datetime:
    """The last instant of a day in Shanghai."""
    return datetime(year, month, of_month, tzinfo=SHANGHAI) + LAST


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("2027-12-31", day(2027, 12, 31)),
        ("2027/1/2", day(2027, 1, 2)),
        ("2027.01.02", day(2027, 1, 2)),
        ("２０２７年１月２日", day(2027, 1, 2)),
        ("20270102", day(2027, 1, 2)),
        ("31/12/2027", day(2027, 12, 31)),
        ("12-31-2027", day(2027, 12, 31)),
        ("5/5/2027", day(2027, 5, 5)),
        ("2028-02", day(2028, 2, 29)),
        ("2027年12月", day(2027, 12, 31)),
        ("2027-12-31 08:00", datetime(2027, 12, 31, tzinfo=UTC)),
        ("2027-12-31 08:00:01", datetime(2027, 12, 31, 0, 0, 1, tzinfo=UTC)),
        ("2027-12-31T08:00:00Z", datetime(2027, 12, 31, 8, tzinfo=UTC)),
        ("2027-12-31T08:00:00.123+02:00", datetime(2027, 12, 31, 6, tzinfo=UTC)),
        ("2027-12-31T08:00:00-0500", datetime(2027, 12, 31, 13, tzinfo=UTC)),
        ("永久有效", None),
        ("NEVER", None),
        (" ", None),
    ],
)
def test_a_date_is_read_to_its_last_instant(text: str, until: datetime | None) -> None:
    found = read_expiry(text, SHANGHAI)
    assert found == until
    assert found is None or found.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["03/04/2027", "2027-02-30", "2027-13", "soon", "46752", "31/31/2027", "2027-12-31 25:00", "0000-01-01"],
)
def test_what_can_be_read_in_two_ways_is_no_date(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_expiry(text, SHANGHAI)


@given(st.text(alphabet="0123456789-/.年月日 T:Z+", max_size=30))
def test_no_date_breaks_the_reader(text: str) -> None:
    rule = ExpiryRule(datetime(1, 1, 2, tzinfo=UTC), SHANGHAI)
    found = judge(["C0DE", text], usual_layout(Payload.PIN), rule)
    assert isinstance(found, (CardSecret, FaultReason))


@pytest.mark.parametrize(
    ("payload", "cells", "found"),
    [
        (Payload.NUMBER_PIN, ["N1", "P1"], CardSecret("N1", "P1")),
        (
            Payload.NUMBER_PIN,
            ["N1", "P1", "2027-12-31"],
            CardSecret("N1", "P1", expires_at=day(2027, 12, 31)),
        ),
        (Payload.NUMBER_PIN, ["\ufeff N1\u200b", "Ｐ１\r", "", " "], CardSecret("N1", "P1")),
        (Payload.NUMBER_PIN, ['="0012"', "\tP1"], CardSecret("0012", "P1")),
        (Payload.PIN, ["AB CD-EF"], CardSecret(pin="AB CD-EF")),
        (Payload.LINK, ["https://x.example/a?b=C"], CardSecret(link="https://x.example/a?b=C")),
        (Payload.NUMBER_PIN, ["", "", "2027-12-31"], FaultReason.EMPTY),
        (Payload.PIN, [], FaultReason.EMPTY),
        (Payload.NUMBER_PIN, ["N1"], FaultReason.NO_PIN),
        (Payload.NUMBER_PIN, ["", "P1"], FaultReason.NO_NUMBER),
        (Payload.NUMBER_PIN, ["N1", "P1", "", "more"], FaultReason.TOO_MANY_CELLS),
        (Payload.PIN, ["P" * 129], FaultReason.TOO_LONG),
        (Payload.PIN, ["P" * 128], CardSecret(pin="P" * 128)),
        (Payload.LINK, ["https://x.example/" + "a" * 2048], FaultReason.TOO_LONG),
        (Payload.PIN, ["P\x00Q"], FaultReason.CONTROL),
        (Payload.PIN, ["P\rQ"], FaultReason.CONTROL),
        (Payload.PIN, ["P\u3000Q卡"], CardSecret(pin="P Q卡")),
        (Payload.PIN, ["P\ufffdQ"], FaultReason.UNREADABLE),
        (Payload.NUMBER_PIN, ["1.23457E+15", "P1"], FaultReason.ROUNDED),
        (Payload.PIN, ["1E+20"], FaultReason.ROUNDED),
        (Payload.PIN, ["1E20"], CardSecret(pin="1E20")),
        (Payload.LINK, ["www.x.example"], FaultReason.BAD_LINK),
        (Payload.LINK, ["javascript:alert(1)"], FaultReason.BAD_LINK),
        (Payload.PIN, ["P1", "soon"], FaultReason.BAD_DATE),
        (Payload.PIN, ["P1", "9999-99-99"], FaultReason.BAD_DATE),
        (Payload.PIN, ["P1", "2026-11-21"], FaultReason.PAST),
        (Payload.PIN, ["P1", "2026-11-22"], CardSecret(pin="P1", expires_at=day(2026, 11, 22))),
    ],
)
def test_a_row_is_a_card_or_says_why_not(
    payload: Payload, cells: list[str], found: CardSecret | FaultReason
) -> None:
    assert judge(cells, usual_layout(payload), RULE) == found


@pytest.mark.parametrize(
    ("payload", "cells", "columns"),
    [
        (Payload.NUMBER_PIN, ["卡号", "密码", "有效期"], (Column.NUMBER, Column.PIN, Column.EXPIRES_AT)),
        (Payload.NUMBER_PIN, ["序号", "Card No.", "PIN Code"], (Column.SKIP, Column.NUMBER, Column.PIN)),
        (Payload.NUMBER_PIN, ["卡密", "卡号"], (Column.PIN, Column.NUMBER)),
        (Payload.PIN, ["card_no", "CDK"], (Column.SKIP, Column.PIN)),
        (Payload.LINK, ["Code", "Valid until"], (Column.LINK, Column.EXPIRES_AT)),
    ],
)
def test_a_header_says_what_stands_where(
    payload: Payload, cells: list[str], columns: tuple[Column, ...]
) -> None:
    assert is_header(cells)
    assert header_layout(payload, cells).columns == columns


def test_a_row_of_codes_is_no_header() -> None:
    assert not is_header(["880000000001", "ABCDEF"])
    header = header_layout(Payload.NUMBER_PIN, ["卡号", "卡密"])
    assert judge(["N1", "P1", "a note that no column has"], header, RULE) == CardSecret("N1", "P1")


def test_what_an_operator_says_of_the_columns() -> None:
    assert named_layout(Payload.PIN, ["skip", " PIN "]) == Layout(Payload.PIN, (Column.SKIP, Column.PIN))
    assert named_layout(Payload.LINK, ["code", ""]).columns == (Column.LINK, Column.SKIP)
    for payload, names in (
        (Payload.NUMBER_PIN, ["pin"]),
        (Payload.PIN, ["pin", "pin"]),
        (Payload.PIN, ["password"]),
    ):
        with pytest.raises(BadRequest, match="columns"):
            named_layout(payload, names)
    with pytest.raises(BadRequest, match="no column for the number"):
        header_layout(Payload.NUMBER_PIN, ["密码"])


@given(
    st.lists(st.text(max_size=200), max_size=6),
    st.sampled_from([Payload.NUMBER_PIN, Payload.PIN, Payload.LINK]),
)
def test_no_row_breaks_the_judge(cells: list[str], payload: Payload) -> None:
    found = judge(cells, usual_layout(payload), RULE)
    if isinstance(found, CardSecret):
        shown = "".join(value for value in (found.number, found.pin, found.link) if value)
        assert shown
        assert "\ufeff" not in shown
        assert not any(c in shown for c in "\r\n\x00\u200b")


@given(st.text(max_size=40))
def test_the_short_way_to_one_spelling_is_the_long_way(text: str) -> None:
    assert normalise_code(text) == normalise_code(f"{text}\u200b")


def test_fingerprints_are_a_set() -> None:
    seen = Fingerprints()
    chance = random.Random(1)
    marks = [f"{chance.getrandbits(64):016x}rest" for _ in range(70_000)]
    assert all(seen.add(mark) for mark in marks)
    assert not any(seen.add(mark) for mark in marks)
    assert seen.add("0" * 16)
    assert not seen.add("0" * 16)
