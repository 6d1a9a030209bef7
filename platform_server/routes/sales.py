"""The doors of a sale: reserve, read, confirm, cancel, ack."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request, Response

from platform_server.domain.canonical import canonical_json, fingerprint
from platform_server.domain.errors import BadRequest
from platform_server.domain.judge import Answers
from platform_server.domain.ledger import LedgerHead
from platform_server.domain.reservation import ReservationState, StepCall, WantedLine, parse_key
from platform_server.domain.tills import to_base64url
from platform_server.flows.acknowledge import Acknowledge, PrintedCard
from platform_server.flows.apply_rules import Asker
from platform_server.flows.cancel import Cancel
from platform_server.flows.confirm import Confirm, Evidence
from platform_server.flows.read_reservation import ReadReservation
from platform_server.flows.reserve import Order, Reserve
from platform_server.flows.steps import SaleView, SealedCard
from platform_server.ports.world import Clock
from platform_server.routes import messages as m
from platform_server.routes.answers import REFUSALS, reply
from platform_server.routes.guard import Visit
from platform_server.routes.problems import write_instant

SaleId = Annotated[str, Path(pattern=m.UUID7)]


@dataclass(frozen=True, slots=True)
class SaleFlows:
    """What these doors open on; `wake` tells the top-up worker that there may be work.

    `allocated` is told how many cards each new reservation took.
    """

    reserve: Reserve
    confirm: Confirm
    cancel: Cancel
    acknowledge: Acknowledge
    read: ReadReservation
    clock: Clock
    wake: Callable[[], None]
    allocated: Callable[[int], None]


def sale_routes(flows: SaleFlows) -> APIRouter:
    """All five; each under /v1/reservations/{sale_id}."""
    router = APIRouter(prefix="/v1/reservations/{sale_id}", responses=REFUSALS, tags=["sales"])

    @router.put("", response_model=m.ReserveReply)
    async def reserve(request: Request, sale_id: SaleId, body: m.ReserveRequest) -> Response:
        visit: Visit = request.state.visit
        order = _order(body)
        view = await flows.reserve(visit.caller, _step(visit, sale_id, "reserve", body.epoch), order)
        if not view.is_replay:
            flows.allocated(len(view.cards))
        return reply(_reserved(view, _now(flows)), is_replay=view.is_replay)

    @router.get("", response_model=m.SaleReply)
    async def read(request: Request, sale_id: SaleId) -> Response:
        visit: Visit = request.state.visit
        return reply(_whole(await flows.read(visit.caller, sale_id), _now(flows)))

    @router.post("/confirm", response_model=m.ConfirmReply)
    async def confirm(request: Request, sale_id: SaleId, body: m.ConfirmRequest) -> Response:
        visit: Visit = request.state.visit
        step = _step(visit, sale_id, "confirm", body.epoch)
        view = await flows.confirm(visit.caller, step, _evidence(body))
        if view.top_ups:
            flows.wake()
        return reply(_confirmed(view, _now(flows)), is_replay=view.is_replay)

    @router.post("/cancel", response_model=m.StateReply)
    async def cancel(request: Request, sale_id: SaleId, body: m.CancelRequest) -> Response:
        visit: Visit = request.state.visit
        step = _step(visit, sale_id, "cancel", body.epoch)
        step = replace(step, fingerprint=fingerprint({"reason": body.reason}), as_before=step.fingerprint)
        view = await flows.cancel(visit.caller, step, body.reason)
        return reply(_state(view, _now(flows)), is_replay=view.is_replay)

    @router.post("/ack", response_model=m.StateReply)
    async def ack(request: Request, sale_id: SaleId, body: m.AckRequest) -> Response:
        visit: Visit = request.state.visit
        cards = [PrintedCard(card.card_id, card.printed, card.copies) for card in body.cards]
        view = await flows.acknowledge(visit.caller, _step(visit, sale_id, "ack", body.epoch), cards)
        return reply(_state(view, _now(flows)), is_replay=view.is_replay)

    return router


def _now(flows: SaleFlows) -> str:
    return write_instant(flows.clock.now())


def _step(visit: Visit, sale_id: str, step: str, epoch: int) -> StepCall:
    return StepCall(sale_id, step, parse_key(visit.key, sale_id, step), visit.fingerprint, epoch)


def _order(body: m.ReserveRequest) -> Order:
    try:
        date.fromisoformat(body.business_date)
    except ValueError as fault:
        raise BadRequest.at("body.business_date", "not a day") from fault
    lines = [
        WantedLine(
            line_id=line.line_id,
            product_id=line.product_id,
            quantity=line.quantity,
            version=line.version,
            max_unit_cost=line.max_unit_cost.to_money(),
            fields=line.fields,
        )
        for line in body.lines
    ]
    head = LedgerHead(body.ledger.seq, body.ledger.head)
    told = body.answers
    answers = None if told is None else Answers(told.age, told.purpose, told.id_checked)
    asker = Asker(body.customer_token, body.cashier, body.approved_by, answers)
    return Order(body.business_date, lines, head, body.channel, asker)


def _evidence(body: m.ConfirmRequest) -> Evidence:
    told = body.model_dump(include={"payments", "retail"})
    return Evidence(canonical_json(told).decode(), {line.line_id for line in body.retail})


def _reserved(view: SaleView, now: str) -> m.ReserveReply:
    sale = view.reservation
    lines = [
        m.ReservedLineMessage.model_construct(
            line_id=line.line_id,
            unit_cost=m.MoneyMessage.of(line.unit_cost),
            masked=[card.masked for card in view.cards if card.line_id == line.line_id],
        )
        for line in sale.lines
    ]
    return m.ReserveReply.model_construct(
        sale_id=sale.sale_id,
        state=view.state.value,
        lines=lines,
        expires_at=write_instant(sale.expires_at),
        server_time=now,
        cooling_until=None if sale.cooling_until is None else write_instant(sale.cooling_until),
    )


def _whole(view: SaleView, now: str) -> m.SaleReply:
    sale = view.reservation
    lines = []
    for line in sale.lines:
        cards = [card for card in view.cards if card.line_id == line.line_id]
        states = [
            m.CardStateMessage.model_construct(card_id=card.card_id, state=card.state.value) for card in cards
        ]
        masked = [card.masked for card in cards]
        cost = m.MoneyMessage.of(line.unit_cost)
        lines.append(
            m.SaleLineMessage.model_construct(
                line_id=line.line_id, unit_cost=cost, masked=masked, cards=states
            )
        )
    return m.SaleReply.model_construct(
        sale_id=sale.sale_id,
        state=view.state.value,
        lines=lines,
        top_ups=_top_ups(view),
        expires_at=write_instant(sale.expires_at),
        server_time=now,
        **_withheld(view),
    )


def _confirmed(view: SaleView, now: str) -> m.ConfirmReply:
    return m.ConfirmReply.model_construct(
        sale_id=view.reservation.sale_id,
        state=view.state.value,
        cards=sealed_cards(view.sealed),
        top_ups=_top_ups(view),
        server_time=now,
        **_withheld(view),
    )


def _withheld(view: SaleView) -> dict[str, Any]:
    """`reveal_at` is there as long as the codes are not handed over because of it."""
    sale = view.reservation
    is_shut = sale.is_withheld and view.state in (ReservationState.SOLD, ReservationState.DELIVERED)
    at = sale.cooling_until if is_shut else None
    return {
        "reveal_at": None if at is None else write_instant(at),
        "frozen": is_shut and sale.frozen_at is not None,
    }


def sealed_cards(cards: Sequence[SealedCard]) -> list[m.SealedCardMessage]:
    """As a confirm and a claim hand them over."""
    return [
        m.SealedCardMessage.model_construct(
            line_id=card.line_id,
            card_id=card.card_id,
            product_id=card.product_id,
            kind=card.payload,
            face=m.MoneyMessage.of(card.face),
            sealed=to_base64url(card.sealed),
        )
        for card in cards
    ]


def _state(view: SaleView, now: str) -> m.StateReply:
    return m.StateReply.model_construct(
        sale_id=view.reservation.sale_id, state=view.state.value, server_time=now
    )


def _top_ups(view: SaleView) -> list[m.TopUpMessage]:
    return [
        m.TopUpMessage.model_construct(
            line_id=top_up.line_id,
            state=top_up.told_state.value,
            reference=top_up.reference,
            reason=top_up.reason,
        )
        for top_up in view.top_ups
    ]
