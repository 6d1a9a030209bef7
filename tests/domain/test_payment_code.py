"""Which wallet a code belongs to, and what may be written down of it."""

from __future__ import annotations

import pytest

from pos_app.domain.payment_code import PaymentCode, Wallet, read_payment_code

WECHAT, ALIPAY, FACE = "134567890123456789", "281234567890123456", "fp" + "0123456789a" * 3
UNIONPAY, ECNY = "6223456789012345678", "0123456789012345678"


@pytest.mark.parametrize(
    ("text", "wallet"),
    [
        (WECHAT, Wallet.WECHAT),
        ("100000000000000000", Wallet.WECHAT),
        ("159999999999999999", Wallet.WECHAT),
        (ALIPAY, Wallet.ALIPAY),
        ("25" + "0" * 14, Wallet.ALIPAY),
        ("30" + "9" * 22, Wallet.ALIPAY),
        (FACE, Wallet.ALIPAY),
        (UNIONPAY, Wallet.UNIONPAY),
        (ECNY, Wallet.ECNY),
    ],
)
def test_a_code_tells_its_wallet(text: str, wallet: Wallet) -> None:
    assert read_payment_code(text) == PaymentCode(wallet, text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "6900000000001",  # a product
        "13800138000",  # a phone number
        WECHAT[:-1],
        WECHAT + "0",
        "169999999999999999",
        "24" + "0" * 14,
        "31" + "0" * 14,
        "25" + "0" * 13,
        "25" + "0" * 23,
        FACE[:-1],
        FACE + "0",
        UNIONPAY[:-1],
        UNIONPAY + "0",
        "63" + "0" * 17,
        ECNY[:-1],
        "1345678901234567\u0661\u0662",  # digits, but not of a payment code
        f"{WECHAT}\u0000",
    ],
)
def test_what_is_no_code_is_none(text: str) -> None:
    assert read_payment_code(text) is None


def test_blanks_and_hyphens_are_not_part_of_it() -> None:
    assert read_payment_code("1345 6789-0123 4567 89\n") == PaymentCode(Wallet.WECHAT, WECHAT)


def test_a_code_shows_its_end_only() -> None:
    code = PaymentCode(Wallet.WECHAT, WECHAT)
    assert code.end == "6789"
    for shown in (repr(code), str(code), f"{code}", repr([code])):
        assert WECHAT not in shown
        assert "...6789" in shown
