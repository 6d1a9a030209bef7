"""Payment codes: which wallet a code belongs to that a customer holds up, and what of it may be kept."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum


class Wallet(StrEnum):
    """Whose money it is; a gateway may carry several of them."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    UNIONPAY = "unionpay"
    ECNY = "ecny"


@dataclass(frozen=True, slots=True)
class CodeRange:
    """Codes of one wallet: `pattern` must match all of the code."""

    wallet: Wallet
    pattern: str


# The ranges as the wallets publish them: WeChat Pay "payment code" 10-15 (18 digits; 15 is Hong Kong), Alipay "barcode
# payment" 25-30 (16 to 24 digits) and face codes ("fp" and 33 characters); UnionPay QR (62, 19 digits) and e-CNY
# (01, 19 digits) as acquirers document them.
CODE_RANGES = (
    CodeRange(Wallet.WECHAT, r"1[0-5][0-9]{16}"),
    CodeRange(Wallet.ALIPAY, r"(?:2[5-9]|30)[0-9]{14,22}"),
    CodeRange(Wallet.ALIPAY, r"fp[0-9A-Za-z]{33}"),
    CodeRange(Wallet.UNIONPAY, r"62[0-9]{17}"),
    CodeRange(Wallet.ECNY, r"01[0-9]{17}"),
)


@dataclass(frozen=True, slots=True)
class PaymentCode:
    """What a customer's phone shows for about a minute: good for one payment, a secret until it is used."""

    wallet: Wallet
    text: str

    @property
    def end(self) -> str:
        """All that is ever written down of it."""
        return self.text[-4:]

    @property
    def digest(self) -> str:
        """By which the same code is known again: SHA-256 in hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def __repr__(self) -> str:
        return f"PaymentCode({self.wallet.value} ...{self.end})"


def read_payment_code(text: str) -> PaymentCode | None:
    """The payment code in `text`, blanks and hyphens aside; None when it is none.

    Only a guess where a barcode has as many digits: the catalogue is asked first.
    """
    compact = re.sub(r"[\s-]", "", text)
    for each in CODE_RANGES:
        if re.fullmatch(each.pattern, compact):
            return PaymentCode(each.wallet, compact)
    return None
