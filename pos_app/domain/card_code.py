"""Card codes in the till's hands: sealed, revealed, printed - and the secret itself, which shows itself to nobody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from pos_app.domain.catalogue import Payload, Product
from pos_app.domain.money import Money
from pos_app.domain.signature import framed


class CardState(StrEnum):
    """From the moment the reveal is intended a code counts as seen (I1, I3)."""

    HAVE = "have"
    REVEALING = "revealing"  # intent committed, paper's answer not known
    PRINTED = "printed"
    UNKNOWN = "unknown"  # someone must say whether the slip came out


@dataclass(frozen=True, slots=True)
class CardCode:
    """One card of one sale line; `sealed` is None once it was shredded. `copies` counts slips that may exist.

    It was sealed under `epoch`, and when it came by a lease, under `lease_id` in place of the sale.
    """

    card_id: str
    sale_id: str
    line_id: str
    product_id: str
    payload: Payload
    face: Money
    sealed: bytes | None
    state: CardState = CardState.HAVE
    copies: int = 0
    acked_at: datetime | None = None
    epoch: int | None = None
    lease_id: str | None = None

    def revealing(self) -> CardCode:
        return replace(self, state=CardState.REVEALING)

    def printed(self) -> CardCode:
        return replace(self, state=CardState.PRINTED, copies=self.copies + 1)

    def unknown(self) -> CardCode:
        return replace(self, state=CardState.UNKNOWN, copies=self.copies + 1)

    def not_printed(self, is_out: bool) -> CardCode:
        """Nothing left for the printer, though the intent stands in the ledger; `is_out`: another slip of it came out.

        Without one the customer has nothing: a slip that went missing before does not count as his.
        """
        if is_out:
            return replace(self, state=CardState.PRINTED)
        return replace(self, state=CardState.UNKNOWN if self.copies else CardState.HAVE)


@dataclass(frozen=True, slots=True)
class Binding:
    """What a sealed code is bound to (`docs/protocol.md` 7)."""

    shop_id: str
    till_id: str
    epoch: int
    sale_id: str
    line_id: str
    card_id: str
    product_id: str
    face: Money
    lease_id: str | None = None  # in place of the sale and its line

    def encode(self) -> bytes:
        """The HPKE `info`: every field with its length before it, so that no two bindings look alike (S15)."""
        return framed(
            "pos-code-1",
            self.shop_id,
            self.till_id,
            str(self.epoch),
            *((self.sale_id, self.line_id) if self.lease_id is None else (self.lease_id,)),
            self.card_id,
            self.product_id,
            str(self.face.minor),
            self.face.currency,
        )


@dataclass(frozen=True, slots=True, repr=False)
class CardSecret:
    """The code in clear, in memory only. It has no text of its own: logs and errors show nothing (S9)."""

    number: str | None
    pin: str | None
    link: str | None
    expires_at: str | None
    image: bytes | None = None  # a PNG

    def __repr__(self) -> str:
        return "CardSecret(hidden)"


def qr_text(product: Product, secret: CardSecret) -> str:
    """What the slip's QR says: the product's template filled in, else the link, the PIN, or number and PIN.

    Nothing when the code is a picture: that is printed in the QR's place.
    """
    number, pin = secret.number or "", secret.pin or ""
    if secret.link or secret.image:
        return secret.link or ""
    if product.qr:
        return product.qr.replace("{number}", number).replace("{pin}", pin)
    return f"{number} {pin}".strip()


def grouped(text: str, size: int = 4) -> str:
    """A code in groups that can be read aloud and typed: `ABCD EFGH 12`. Codes with their own dashes stay as they are."""
    if "-" in text or " " in text:
        return text
    return " ".join(text[i : i + size] for i in range(0, len(text), size))
