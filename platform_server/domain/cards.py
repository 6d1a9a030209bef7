"""Card codes as the vault keeps them: state, fingerprint, mask, never the secret."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from platform_server.domain.canonical import binding
from platform_server.domain.goods import CardSecret
from platform_server.domain.money import Money


class CardState(StrEnum):
    """Where a card is; their counts add up to what was imported."""

    AVAILABLE = "AVAILABLE"
    RESERVED = "RESERVED"
    SOLD = "SOLD"
    DELIVERED = "DELIVERED"
    QUARANTINED = "QUARANTINED"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True, repr=False)
class BatchKey:
    """A data key of a batch as wrapped by the key-encryption key named `kek_id`; opaque bytes.

    `version` counts the batch's data keys; a card's label says under which of them its box was shut.
    """

    batch_id: str
    kek_id: str
    wrapped: bytes
    version: int = 1


@dataclass(frozen=True, slots=True)
class CardLabel:
    """What a sealed card is bound to: another row's ciphertext does not open under it."""

    card_id: str
    product_id: str
    face_minor: int
    currency: str
    batch_id: str
    version: int = 1

    def aad(self) -> bytes:
        """Length-prefixed, so no two labels share their bytes."""
        face = (self.face_minor, self.currency)
        return binding("pos-vault-1", self.card_id, self.product_id, *face, self.batch_id, self.version)


@dataclass(frozen=True, slots=True, repr=False)
class VaultCard:
    """A card at rest; `box` is the ciphertext, `sell_by` the last instant it may be sold or None."""

    label: CardLabel
    fingerprint: str
    masked: str
    box: bytes
    sell_by: datetime | None


@dataclass(frozen=True, slots=True)
class Batch:
    """One delivery of one product by a supplier; `face` is that of the product when it came in."""

    key: BatchKey
    product_id: str
    supplier_batch: str
    imported_at: datetime
    count: int
    face: Money


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card that belongs to a line of a reservation, without its secret."""

    card_id: str
    line_id: str
    product_id: str
    state: CardState
    masked: str


@dataclass(frozen=True, slots=True, repr=False)
class BoxedCard:
    """A held card with its ciphertext and the wrapped key of its batch: what handing over needs."""

    held: HeldCard
    label: CardLabel
    box: bytes
    batch_key: BatchKey


def normalise_code(text: str) -> str:
    """One spelling for a number or PIN: full width to half, no blank, dash or hidden mark, capitals."""
    if text.isascii() and text.isalnum():  # what follows would change nothing else, at ten times the cost
        return text.upper()
    folded = unicodedata.normalize("NFKC", text)
    kept = [c for c in folded if not c.isspace() and unicodedata.category(c) not in ("Cf", "Cc", "Pd")]
    return "".join(kept).upper()


def code_identity(secret: CardSecret) -> bytes:
    """The bytes whose keyed hash must be unique; a link keeps its capitals, because paths differ by them."""
    parts = [
        normalise_code(secret.number or ""),
        normalise_code(secret.pin or ""),
        "".join((secret.link or "").replace("\ufeff", "").split()),
        secret.image or "",
    ]
    return binding("pos-code-identity-1", *parts)


def mask_code(secret: CardSecret) -> str:
    """Stars and at most the last four characters, fewer when four would give away much of a short code."""
    text = normalise_code(secret.number or secret.pin or "") or (secret.link or "")
    shown = 4 if len(text) >= 12 else 2 if len(text) >= 8 else 0
    return "****" + text[len(text) - shown :]
