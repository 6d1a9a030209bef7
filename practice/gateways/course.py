"""What a customer does with one payment, and whose money a payment code stands for."""

import re
from dataclasses import dataclass
from enum import StrEnum


class Doing(StrEnum):
    PAYS = "pays"
    PASSWORD_PAYS = "password_pays"  # noqa: S105  # asked for a password, pays after a while
    PASSWORD_NEVER = "password_never"  # noqa: S105  # asked, and puts the phone away
    PASSWORD_CANCELS = "password_cancels"  # noqa: S105  # asked, and says no after a while
    NO_MONEY = "no_money"
    CODE_EXPIRED = "code_expired"
    CODE_USED = "code_used"
    WRONG_WALLET = "wrong_wallet"
    # asked; the first undo is answered well and does nothing; a while after it the customer pays
    PAYS_AFTER_UNDO = "pays_after_undo"


@dataclass(frozen=True, slots=True)
class Course:
    """`after_s`: seconds until a customer who was asked for a password does what `doing` says."""

    doing: Doing = Doing.PAYS
    after_s: float = 0.0


# The ranges of payment codes as the wallets and their acquirers publish them.
WALLETS = (
    ("wechat", re.compile(r"1[0-5][0-9]{16}")),
    ("alipay", re.compile(r"(?:2[5-9]|30)[0-9]{14,22}|fp[0-9A-Za-z]{33}")),
    ("unionpay", re.compile(r"62[0-9]{17}")),
    ("ecny", re.compile(r"01[0-9]{17}")),
)
# How a code of each wallet begins and how long it is, where one is made.
SHAPES = {"wechat": ("13", 18), "alipay": ("28", 18), "unionpay": ("62", 19), "ecny": ("01", 19)}


def wallet_of(code: str) -> str | None:
    """The wallet that a payment code belongs to, None when it is no payment code."""
    for wallet, pattern in WALLETS:
        if pattern.fullmatch(code):
            return wallet
    return None
