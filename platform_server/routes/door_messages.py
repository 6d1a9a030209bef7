"""The bodies of the calls about keys, callbacks and events (docs/protocol.md sections 5 and 9)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from platform_server.routes.messages import Count, Epoch, Id, Instant, Key, Message


class KeyRequest(Message):
    """`proof`: signature of the new key over the till's id and the key itself."""

    epoch: Epoch
    sign_key: Key
    proof: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{86}$")]


class KeyReply(Message):
    """The new key's id; the one that signed the call ends at `former_ends_at`."""

    keyid: Id
    scopes: list[Literal["sell", "read", "claims", "leases", "settlement"]]
    not_before: Instant
    former_ends_at: Instant
    server_time: Instant


class ShopCallbackRequest(Message):
    """Where the shop wants to be called; null for nowhere."""

    epoch: Epoch
    url: Annotated[str, Field(max_length=500)] | None


class ShopCallbackReply(Message):
    """Where the shop stands; `parked_at` is set when the platform has given up calling."""

    url: str | None
    last_seq: Count
    delivered_seq: Count
    parked_at: Instant | None
    server_time: Instant


class EventMessage(Message):
    """One event; `seq` is 1, 2, ... without a gap for each shop."""

    seq: Annotated[int, Field(ge=1)]
    kind: Literal["top_up.changed", "sale.released", "claim.decided", "catalogue.changed", "account.notice"]
    at: Instant
    body: dict[str, Any]


class EventsReply(Message):
    """A page in order; `last_seq` is the number of the shop's last event."""

    events: list[EventMessage]
    last_seq: Count
    server_time: Instant


class HealthReply(Message):
    """The process answers."""

    status: Literal["ok"]
