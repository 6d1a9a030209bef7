"""The bodies of the claim calls as models (docs/protocol.md section 5)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from platform_server.routes.messages import (
    Epoch,
    Id,
    Instant,
    LineId,
    Message,
    MoneyMessage,
    Name,
    SealedCardMessage,
)

_Words = Annotated[str, StringConstraints(max_length=2000)]
_Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class EvidenceMessage(Message):
    """A text, or a file that the shop keeps: its name or description, and its SHA-256 in hex."""

    kind: Literal["text", "file"]
    text: _Words
    sha256: _Sha256 | None = None


class ClaimRequest(Message):
    """What is wrong with which item of which sale; `person` is who stands at the till."""

    epoch: Epoch
    sale_id: Id
    card_id: Id | None = None
    line_id: LineId | None = None
    reason: Literal["code_invalid", "already_used", "wrong_account", "not_received"]
    evidence: Annotated[list[EvidenceMessage], Field(max_length=10)]
    person: Name | None = None


class ClaimReply(Message):
    """Where a claim stands; `cards` holds the new card of a reissue, sealed for the till of the sale."""

    claim_id: Id
    sale_id: Id
    line_id: str
    card_id: Id | None
    reason: str
    state: Literal["OPEN", "ASKED_SUPPLIER", "APPROVED", "DENIED"]
    due_at: Instant
    outcome: Literal["refund", "reissue"] | None
    refund: MoneyMessage | None
    note: str | None
    cards: list[SealedCardMessage]
    server_time: Instant
