"""The bodies of the lease calls as models (docs/protocol.md section 10)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from platform_server.routes.messages import (
    Epoch,
    Id,
    Instant,
    LedgerHeadMessage,
    Message,
    MoneyMessage,
    WalletMessage,
)

State = Literal["OPEN", "EXPIRED", "FENCED", "SETTLED"]


class LeaseRequest(Message):
    """How many of each product the till wants to have under this lease."""

    epoch: Epoch
    plan: Annotated[dict[Id, Annotated[int, Field(ge=0, le=1000)]], Field(min_length=1, max_length=200)]


class LeasedCardMessage(Message):
    """A card for this till only; `kind` is the payload."""

    card_id: Id
    product_id: Id
    kind: Literal["number_pin", "pin", "link", "image"]
    face: MoneyMessage
    sealed: str


class LeaseCapsMessage(Message):
    """How much may be out at this till at once, in all its leases."""

    most: int
    most_amount: MoneyMessage


class LeaseReply(Message):
    """The lease as it is, with every card that the till may sell under it now."""

    lease_id: Id
    state: State
    cards: list[LeasedCardMessage]
    caps: LeaseCapsMessage
    expires_at: Instant
    server_time: Instant


class ReturnRequest(Message):
    """Cards that were destroyed unsold, and where the till's ledger says so."""

    epoch: Epoch
    card_ids: Annotated[list[Id], Field(min_length=1, max_length=1000)]
    proof: LedgerHeadMessage


class ReturnReply(Message):
    """Where the lease stands."""

    lease_id: Id
    state: State
    server_time: Instant


class LeaseMessage(Message):
    """A lease in the account: what became of its cards, and the money that is still held for them."""

    lease_id: Id
    state: State
    epoch: int
    expires_at: Instant
    leased: int
    quarantined: int
    sold: int
    returned: int
    held: MoneyMessage


class AccountReply(Message):
    """The shop's wallet and this till's leases; limits and notices are filled by what is built later."""

    wallet: WalletMessage
    leases: list[LeaseMessage]
    limits: dict[str, Any]
    notices: list[dict[str, Any]]
    server_time: Instant
