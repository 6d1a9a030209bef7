"""Card codes as the vault keeps them: state, fingerprint, mask, never the secret."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from platform_server.domain.canonical import binding
from platform_server.domain.goods import CardSecret, Payload, Provenance
from platform_server.domain.money import Money
from platform_server.domain.pictures import picture_bytes


class CardState(StrEnum):
    """Where a card is; their counts add up to what was imported.

    A card is one thing that can be sold once: a code, one use of a repeatable code, one sale of a loop code.
    IN_KIT waits for the first card of its kit, which stands on the shelf for all of it; MASTER is a loop code that is
    never sold itself, only copied. LEASED is at a till that may sell it without us (domain.leases).
    """

    AVAILABLE = "AVAILABLE"
    RESERVED = "RESERVED"
    LEASED = "LEASED"
    SOLD = "SOLD"
    DELIVERED = "DELIVERED"
    QUARANTINED = "QUARANTINED"
    EXPIRED = "EXPIRED"
    IN_KIT = "IN_KIT"
    MASTER = "MASTER"
    VOID = "VOID"


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
    """A card at rest; `box` is the ciphertext, `sell_by` the last instant it may be sold or None.

    `kit_id` is the first card of its kit (of that one too). `source_id` is the card whose box holds the code of this
    one, a further use of it; its own box is empty.
    """

    label: CardLabel
    fingerprint: str
    masked: str
    box: bytes
    sell_by: datetime | None
    state: CardState = CardState.AVAILABLE
    kit_id: str | None = None
    source_id: str | None = None

    @property
    def is_unit(self) -> bool:
        """Whether it stands for what came in as one: neither a further code of a kit nor a further use."""
        return self.source_id is None and self.kit_id in (None, self.label.card_id)


@dataclass(frozen=True, slots=True)
class Batch:
    """One delivery of one product by a supplier; `face` is that of the product when it came in.

    `count` codes, each with `uses` cards (0: as many as are sold).
    """

    key: BatchKey
    product_id: str
    supplier_batch: str
    imported_at: datetime
    count: int
    face: Money
    provenance: Provenance
    uses: int = 1


@dataclass(frozen=True, slots=True)
class HeldCard:
    """A card that belongs to a line of a reservation, without its secret; of a kit's cards the first counts."""

    card_id: str
    line_id: str
    product_id: str
    state: CardState
    masked: str
    kit_id: str | None = None

    @property
    def counts(self) -> bool:
        """Whether it is one of what was bought: the further cards of a kit are not."""
        return self.kit_id in (None, self.card_id)

    @property
    def item_id(self) -> str:
        """The card that stands for all of what was bought: itself, or the first of its kit."""
        return self.kit_id or self.card_id


@dataclass(frozen=True, slots=True, repr=False)
class BoxedCard:
    """A held card with its ciphertext and the wrapped key of its batch: what handing over needs.

    `label` is that of the card whose box it is: a further use of a code opens under the label of its source.
    """

    held: HeldCard
    label: CardLabel
    box: bytes
    batch_key: BatchKey


@dataclass(frozen=True, slots=True, repr=False)
class CardRecord:
    """Everything that is written of one card; `printed` and `copies` are what its till told last."""

    boxed: BoxedCard
    reservation_id: str | None
    fingerprint: str
    sell_by: datetime | None
    printed: str | None
    copies: int
    supplier_batch: str
    imported_at: datetime
    provenance: Provenance


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
        "".join((secret.image or "").split()),
    ]
    return binding("pos-code-identity-1", *parts)


def use_fingerprint(fingerprint: str, use: int | str) -> str:
    """The unique mark of a further use of the code with that fingerprint: 2, 3, ... or the id of the use's card."""
    return hashlib.sha256(binding("pos-code-use-1", fingerprint, use)).hexdigest()


def secret_fault(payload: Payload, secret: CardSecret) -> str | None:
    """Why a secret is no card of a product with that payload, in a sentence without the secret; None when it is."""
    wanted = {
        Payload.NUMBER_PIN: ("number", "pin"),
        Payload.PIN: ("pin",),
        Payload.LINK: ("link",),
        Payload.IMAGE: ("image",),
    }[payload]
    for name in ("number", "pin", "link", "image"):
        if bool(getattr(secret, name)) != (name in wanted):
            return f"a card of payload {payload.value} consists of {' and '.join(wanted)}"
    if secret.image is not None:
        try:
            picture_bytes(secret.image)
        except ValueError as fault:
            return str(fault)
    return None


def shows_code(text: str, secret: CardSecret) -> bool:
    """Whether somebody wrote a code into a text, in whatever spelling; parts of fewer than 4 characters tell nothing."""
    said = normalise_code(text)
    parts = (normalise_code(part) for part in (secret.number, secret.pin, secret.link) if part)
    return any(len(part) >= 4 and part in said for part in parts)


def mask_code(secret: CardSecret) -> str:
    """Stars and at most the last four characters, fewer when four would give away much of a short code."""
    text = normalise_code(secret.number or secret.pin or "") or (secret.link or "")
    shown = 4 if len(text) >= 12 else 2 if len(text) >= 8 else 0
    return "****" + text[len(text) - shown :]
