"""The bodies of the calls about ledgers and the shop's log, as models."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import ConfigDict, Field, StringConstraints

from platform_server.domain.log_point import SignedPoint
from platform_server.domain.tills import to_base64url
from platform_server.routes.messages import Count, Epoch, Hash, Id, Instant, LedgerHeadMessage, Message, Name

Root = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
_SEALS = {  # of any type: what is wrong with them is an incident, and never a reason to refuse
    "kid": {"description": "which key signed it, 8 characters"},
    "sig": {"description": "Ed25519 in base64url"},
}


class LedgerEntryMessage(Message):
    """Stored as it came, with whatever else it says; `body` is the till's own."""

    model_config = ConfigDict(
        strict=True, extra="allow", json_schema_extra=lambda schema: schema["properties"].update(_SEALS)
    )

    till: str
    epoch: int
    seq: Annotated[int, Field(ge=1, le=2**53)]
    prev: Hash
    at: Instant
    business_date: str
    kind: Name
    body: dict[str, Any]


class LedgerRequest(Message):
    """Entries in order."""

    epoch: Epoch
    from_seq: Annotated[int, Field(ge=1, le=2**53)]
    entries: Annotated[list[LedgerEntryMessage], Field(max_length=500)]


class ChainMessage(Message):
    """Where a chain of a till stands in the log."""

    till_id: Id
    epoch: int
    seq: Count
    head: Hash


class LogPointMessage(Message):
    """What the platform signs of a shop's log."""

    shop_id: Id
    size: Count
    root: Root
    till: ChainMessage
    at: Instant
    keyid: str
    signature: str

    @classmethod
    def of(cls, signed: SignedPoint) -> LogPointMessage:
        """From the domain."""
        point = signed.point
        chain = ChainMessage.model_construct(
            till_id=point.till_id, epoch=point.epoch, seq=point.head.seq, head=point.head.head
        )
        return cls.model_construct(
            shop_id=point.shop_id,
            size=point.size,
            root=point.root.hex(),
            till=chain,
            at=point.at_text,
            keyid=signed.keyid,
            signature=to_base64url(signed.signature),
        )


class LedgerReply(Message):
    """How far the platform has the chain, and the shop's log with it."""

    acked_seq: Count
    checkpoint: LedgerHeadMessage
    log: LogPointMessage
    server_time: Instant


class ReadBackReply(Message):
    """Entries as they are stored."""

    entries: list[LedgerEntryMessage]
    acked_seq: Count
    server_time: Instant


class LogReply(Message):
    """The shop's log as it stands."""

    log: LogPointMessage
    server_time: Instant


class InclusionReply(Message):
    """Which leaf an entry is, and the hashes that prove it, from the leaf upwards."""

    index: Count
    size: Count
    path: list[Root]
    server_time: Instant


class ConsistencyReply(Message):
    """The hashes that prove that the log only grew."""

    path: list[Root]
    server_time: Instant
