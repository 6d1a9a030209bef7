"""What is said and heard of leases, and of the ledger's copy, between JSON and domain (`docs/protocol.md` 10)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from pos_app.domain.lease import Filling, LeaseState, Returning
from pos_app.domain.ledger import LedgerEntry, canonical
from pos_app.ports.platform import LeaseGrant, LedgerCopy, SealedLeaseCard
from pos_app.wire.platform.catalogue_messages import MoneyText
from pos_app.wire.platform.messages import LeaseText, decode, must_be, payload_of, sealed_bytes

T = TypeVar("T")


def under_way(call: T | None) -> T:
    """The call that a lease waits for; ValueError when it waits for none."""
    if call is None:
        raise ValueError("nothing is under way with this lease")
    return call


def filling_body(epoch: int, filling: Filling) -> bytes:
    return canonical({"epoch": epoch, "plan": dict(filling.plan)})


def return_body(epoch: int, returning: Returning) -> bytes:
    proof = {"seq": returning.seq, "head": returning.head}
    return canonical({"epoch": epoch, "card_ids": list(returning.card_ids), "proof": proof})


class _CardText(msgspec.Struct, frozen=True):
    card_id: str
    product_id: str
    kind: str
    face: MoneyText
    sealed: str


class _Caps(msgspec.Struct, frozen=True):
    most: int
    most_amount: MoneyText


class _GrantText(msgspec.Struct, frozen=True):
    lease_id: str
    state: str
    cards: list[_CardText]
    caps: _Caps
    expires_at: datetime


class _CopyText(msgspec.Struct, frozen=True):
    entries: list[LedgerEntry]
    acked_seq: int


def read_grant(text: bytes, lease_id: str) -> LeaseGrant:
    told = decode(text, _GrantText)
    must_be(told.lease_id, lease_id)
    cards = tuple(
        SealedLeaseCard(
            each.card_id, each.product_id, payload_of(each.kind), each.face.read(), sealed_bytes(each.sealed)
        )
        for each in told.cards
    )
    ends = told.expires_at.astimezone(UTC)
    return LeaseGrant(
        LeaseText(told.lease_id, told.state).read().state,
        ends,
        told.caps.most,
        told.caps.most_amount.read(),
        cards,
    )


def read_state(text: bytes, lease_id: str) -> LeaseState:
    told = decode(text, LeaseText)
    must_be(told.lease_id, lease_id)
    return told.read().state


def read_ledger_copy(text: bytes) -> LedgerCopy:
    told = decode(text, _CopyText)
    entries = tuple(replace(each, at=each.at.astimezone(UTC)) for each in told.entries)
    return LedgerCopy(entries, told.acked_seq)
