"""What every call about a sale passes first: epoch, tombstone, idempotency key."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from platform_server.domain.cards import HeldCard
from platform_server.domain.errors import BadRequest, Cancelled, EpochFenced, KeyReused, Revoked
from platform_server.domain.money import Money
from platform_server.domain.reservation import Caller, Reservation, ReservationState, StepCall
from platform_server.domain.tills import Till
from platform_server.domain.top_up import TopUp
from platform_server.ports.books import Books


@dataclass(frozen=True, slots=True)
class Admission:
    """Who asks, what the platform holds of the sale, and whether this very call had its effect before."""

    till: Till
    reservation: Reservation | None
    is_replay: bool


@dataclass(frozen=True, slots=True)
class SealedCard:
    """A card handed over: `payload` of its product, `sealed` for the till."""

    card_id: str
    line_id: str
    product_id: str
    payload: str
    face: Money
    sealed: bytes


@dataclass(frozen=True, slots=True)
class SaleView:
    """A sale as the till is told of it; `sealed` is filled by a confirm only."""

    reservation: Reservation
    state: ReservationState
    cards: tuple[HeldCard, ...]
    top_ups: tuple[TopUp, ...]
    sealed: tuple[SealedCard, ...] = ()
    is_replay: bool = False


async def check_epoch(books: Books, caller: Caller, epoch: int) -> Till:
    """The till, if it speaks for its present epoch. Raises EpochFenced, Revoked or BadRequest."""
    return _in_epoch(await books.tills.find(caller.till_id), epoch)


def _in_epoch(till: Till | None, epoch: int) -> Till:
    if till is None:
        raise Revoked("the till is not known any more")
    if epoch < till.epoch:
        raise EpochFenced(epoch=till.epoch)
    if epoch > till.epoch:
        raise BadRequest.at("body.epoch", "this epoch was never given")
    return till


async def admit_step(books: Books, caller: Caller, call: StepCall) -> Admission:
    """Raises EpochFenced, Cancelled (but not to a cancel) or KeyReused; nothing is written."""
    standing = await books.reservations.standing(caller.till_id, call)
    till, reservation = _in_epoch(standing.till, call.epoch), standing.reservation
    is_cancelled = reservation is not None and reservation.state is ReservationState.CANCELLED
    if is_cancelled and call.step != "cancel":
        raise Cancelled
    return Admission(till, reservation, is_replay=_is_repeat(standing.fingerprint, call))


async def is_repeat(books: Books, caller: Caller, call: StepCall) -> bool:
    """Whether this very call had its effect before. Raises KeyReused."""
    return _is_repeat(await books.reservations.find_step(caller.till_id, call), call)


def _is_repeat(known: str | None, call: StepCall) -> bool:
    if known not in (None, call.fingerprint, call.as_before):
        raise KeyReused
    return known is not None


async def view_sale(
    books: Books,
    reservation: Reservation,
    now: datetime,
    is_replay: bool = False,
    *,
    tells_cards: bool = True,
) -> SaleView:
    """The sale as it stands; a reservation past its time shows as EXPIRED even before it is swept."""
    state = reservation.state
    if state is ReservationState.RESERVED and reservation.expires_at <= now:
        state = ReservationState.EXPIRED
    cards = await books.cards.held(reservation.id) if tells_cards else ()
    top_ups: tuple[TopUp, ...] = ()
    if any(line.is_top_up for line in reservation.lines):
        top_ups = await books.top_ups.of_reservation(reservation.id)
    return SaleView(reservation, state, cards, top_ups, is_replay=is_replay)
