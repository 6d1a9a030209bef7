"""Codes as one JSON document, for what does not come in rows: kits and pictures; docs/goods.md has its form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import Any

from platform_server.domain.goods import CardSecret, CodeLotDraft, Provenance
from platform_server.domain.plain_reader import Fault, Place

FORM = 1
MOST_UNITS = 5_000


@dataclass(frozen=True, slots=True)
class LotFile:
    """The lot that a document says, or its faults; neither shows a code."""

    lot: CodeLotDraft | None
    faults: tuple[Fault, ...]


def read_lot(document: Any) -> LotFile:
    """Plain JSON as a lot; no fault repeats what stood in its place."""
    top = Place(document, "")
    lot = None
    if top.expect(("lot", "product", "supplier_batch", "supplier", "reference", "received", "cards", "kits")):
        if top.at("lot").value != FORM:
            top.at("lot").say(f"is not {FORM}, the form that this program reads")
        product_id, batch = top.at("product").text(), top.at("supplier_batch").text()
        supplier_id, reference = top.at("supplier").text(), top.at("reference").text()
        received_at = datetime.combine(top.at("received").day(), time(), UTC)
        cards = [_card(place) for place in top.at("cards").items()]
        kits = [[_card(place) for place in kit.items()] for kit in top.at("kits").items()]
        if not 1 <= len(cards) + len(kits) <= MOST_UNITS:
            top.say(f"a lot has 1 to {MOST_UNITS} cards and kits; longer lists come in by import")
        if not top.faults:
            lot = CodeLotDraft(
                product_id,
                batch,
                tuple(filter(None, cards)),
                Provenance(supplier_id, reference, received_at),
                tuple(tuple(filter(None, kit)) for kit in kits),
            )
    return LotFile(lot, tuple(top.faults))


def _card(place: Place) -> CardSecret | None:
    before = len(place.faults)
    place.expect(("number", "pin", "link", "image", "expires_at"))
    number, pin, link, image = (place.at(name).maybe_text() for name in ("number", "pin", "link", "image"))
    until = _time(place.at("expires_at"))
    if len(place.faults) > before:
        return None
    try:
        return CardSecret(number, pin, link, image, until)
    except ValueError as fault:
        place.say(str(fault))
        return None


def _time(place: Place) -> datetime | None:
    text = place.maybe_text()
    try:
        told = None if not text else datetime.fromisoformat(text)
    except ValueError:
        told = datetime.min  # noqa: DTZ901 - without a zone, so it is refused below
    if told is not None and told.tzinfo is None:
        place.say("is not a time with its zone, as 2027-12-31T16:00:00Z")
    return told
