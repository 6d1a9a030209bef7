"""The one entry: what did the person, or the scanner, mean?"""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_app.domain.entry import EntryKind, phone_text, read_entry
from pos_app.domain.errors import QuantityInvalid


@pytest.mark.parametrize(
    ("raw", "kind", "text", "quantity"),
    [
        ("", EntryKind.EMPTY, "", None),
        ("   ", EntryKind.EMPTY, "", None),
        ("3*", EntryKind.QUANTITY, "", 3),
        ("3 x", EntryKind.QUANTITY, "", 3),
        ("12\uff0a", EntryKind.QUANTITY, "", 12),
        ("2*2000000000015", EntryKind.BARCODE, "2000000000015", 2),
        ("2000000000015", EntryKind.BARCODE, "2000000000015", None),
        ("20000004", EntryKind.BARCODE, "20000004", None),
        ("13800138000", EntryKind.PHONE, "13800138000", None),
        ("138 0013 8000", EntryKind.PHONE, "13800138000", None),
        ("138-0013-8000", EntryKind.PHONE, "13800138000", None),
        ("134567890123456789", EntryKind.PAYMENT_CODE, "134567890123456789", None),
        ("2812345678901234", EntryKind.PAYMENT_CODE, "2812345678901234", None),
        ("6212345678901234567", EntryKind.PAYMENT_CODE, "6212345678901234567", None),
        ("xh 100", EntryKind.WORDS, "xh 100", None),
        ("2*\u661f\u6cb3", EntryKind.WORDS, "\u661f\u6cb3", 2),
        ("100", EntryKind.WORDS, "100", None),
        ("12800138000", EntryKind.WORDS, "12800138000", None),
    ],
)
def test_reads(raw: str, kind: EntryKind, text: str, quantity: int | None) -> None:
    entry = read_entry(raw)
    assert (entry.kind, entry.text, entry.quantity) == (kind, text, quantity)


@pytest.mark.parametrize("raw", ["0*", "0*abc", "1000*x", "2000000000015*", "2000000000015*2000000000015"])
def test_a_wild_quantity_is_refused(raw: str) -> None:
    with pytest.raises(QuantityInvalid) as refused:
        read_entry(raw)
    assert refused.value.most == 999


@given(st.text())
def test_any_text_is_read_or_refused(raw: str) -> None:
    with contextlib.suppress(QuantityInvalid):
        read_entry(raw)


@pytest.mark.parametrize(
    ("digits", "text"), [("", ""), ("138", "138"), ("1380", "138 0"), ("13800138000", "138 0013 8000")]
)
def test_phone_numbers_are_shown_3_4_4(digits: str, text: str) -> None:
    assert phone_text(digits) == text
