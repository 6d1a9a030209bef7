"""The practice supplier's JSON and our words for it: the one file that knows its field names."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from platform_server.domain.errors import SupplierAway
from platform_server.domain.money import Money
from platform_server.domain.top_up import SupplierAnswer, SupplierState


class OrderReply(msgspec.Struct):
    """What it says of an order; anything else is no answer."""

    reference: str
    state: Literal["processing", "success", "failed", "reversed"]
    supplier_order: str | None = None
    reason: str | None = None


def write_order(reference: str, product_id: str, account: str, face: Money) -> bytes:
    """The body of POST /orders."""
    order: dict[str, Any] = {"reference": reference, "product": product_id, "account": account}
    return msgspec.json.encode({**order, "face_minor": face.minor, "currency": face.currency})


def read_reply(reference: str, body: bytes) -> SupplierAnswer:
    """Raises SupplierAway for what is not listed, or speaks of another order."""
    try:
        reply = msgspec.json.decode(body, type=OrderReply)
    except msgspec.DecodeError as fault:  # ValidationError is one too
        raise SupplierAway("an answer that is not of the protocol") from fault
    if reply.reference != reference:
        raise SupplierAway("an answer to another order")
    return SupplierAnswer(SupplierState(reply.state), reply.supplier_order, reply.reason)
