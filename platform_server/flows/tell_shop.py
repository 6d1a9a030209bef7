"""Writes what a shop must hear beside the effect that it tells of."""

from __future__ import annotations

from platform_server.domain.claims import Claim
from platform_server.domain.money import Money
from platform_server.domain.reservation import Reservation
from platform_server.domain.shop_events import EventKind, ShopEvent
from platform_server.domain.top_up import TopUp
from platform_server.ports.books import Books


async def tell_top_up(books: Books, before: TopUp, after: TopUp) -> None:
    """Nothing while its state stays."""
    if before.told_state is after.told_state:
        return
    sale = await books.reservations.by_id(after.reservation_id)
    assert sale is not None  # noqa: S101 - the books' references do not allow an order without its sale
    body = {
        "till_id": sale.till_id,
        "sale_id": sale.sale_id,
        "line_id": after.line_id,
        "reference": after.reference,
        "state": after.told_state.value,
        "reason": after.reason,
    }
    await books.events.add(ShopEvent(after.shop_id, EventKind.TOP_UP_CHANGED, body))


async def tell_released(books: Books, released: Reservation) -> None:
    """Only what the platform let go by itself: a till knows of its own cancel."""
    body = {"till_id": released.till_id, "sale_id": released.sale_id, "state": released.state.value}
    await books.events.add(ShopEvent(released.shop_id, EventKind.SALE_RELEASED, body))


async def tell_catalogue(books: Books) -> None:
    """To every shop; the catalogue itself says what changed."""
    await books.events.add(ShopEvent(None, EventKind.CATALOGUE_CHANGED, {}))


async def tell_credit(books: Books, shop_id: str, amount: Money, reference: str) -> None:
    """That money came into the wallet."""
    money = {"minor": amount.minor, "currency": amount.currency}
    body = {"notice": "credited", "amount": money, "reference": reference}
    await books.events.add(ShopEvent(shop_id, EventKind.ACCOUNT_NOTICE, body))


async def tell_claim(books: Books, sale_id: str, decided: Claim) -> None:
    """How a claim ended; its cards and reasons are asked for by its id."""
    outcome = None if decided.decision is None else decided.decision.outcome
    body = {
        "claim_id": decided.id,
        "sale_id": sale_id,
        "state": decided.state.value,
        "outcome": None if outcome is None else outcome.value,
    }
    await books.events.add(ShopEvent(decided.shop_id, EventKind.CLAIM_DECIDED, body))
