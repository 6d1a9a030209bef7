"""One order at a gateway that forgets what it never had: asked until it is certain, or undone and watched for a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.models.sale import Sale


@dataclass(frozen=True)
class Payment:
    """The rules of `pos_app/domain/attempt.py` and `pos_app/flows/follow_payment.py`, but for the one that is `broken`."""

    broken: str = ""

    def moves(self, sale: Sale) -> Iterator[tuple[str, Sale]]:
        if sale.till == "reserved" and sale.order == "none" and sale.cash == "none":
            yield "the order is written, the charge sent", sale.ask("charge", order="sent")
        if "charge" in sale.asked and sale.gateway == "none":
            yield "the charge arrives and is paid", sale._replace(gateway="paid")
            yield "the charge arrives and is declined", sale._replace(gateway="declined")
        if sale.order == "sent":
            yield from self._followed(sale)
        if sale.order == "undoing":
            yield from self._undone(sale)
        if sale.order == "watched":
            if sale.gateway == "paid":
                yield "the watch finds it paid", sale._replace(order="undoing")
            elif sale.gateway == "declined":
                yield "the watch finds it closed", sale._replace(order="undone")
            else:
                after_a_day = sale.asked - {"charge"}  # nothing is under way for a day
                yield "a day is over", sale._replace(order="undone", asked=after_a_day)
        if "refund" in sale.asked:
            if sale.gateway == "paid":
                yield "the refund arrives", sale._replace(gateway="returned")
            elif self.broken == "another refund number each try":
                yield "another refund arrives", sale._replace(gateway="too much back")

    def _followed(self, sale: Sale) -> Iterator[tuple[str, Sale]]:
        if sale.gateway == "paid" and sale.till == "reserved":
            yield "asked: it is paid", sale.ask("confirm", order="paid", till="paid")
            if self.broken == "another order number each try":
                yield "no answer: charged again", sale._replace(gateway="twice")
        if sale.gateway == "declined":
            yield "asked: declined", sale._replace(order="declined")
        yield "patience is over: undone from here on", sale._replace(order="undoing")

    def _undone(self, sale: Sale) -> Iterator[tuple[str, Sale]]:
        if sale.gateway == "paid":
            yield "undone: the money goes back", sale._replace(gateway="returned")
            if self.broken == "paid after giving up" and sale.till == "reserved":
                yield "a late answer: it is paid", sale.ask("confirm", till="paid")
        elif sale.gateway == "returned":
            yield "asked: it was given back", sale._replace(order="undone")
        elif sale.gateway == "declined":
            yield "asked: it is closed", sale._replace(order="undone")
        else:
            state = "undone" if self.broken == "no watch after undoing" else "watched"
            yield "asked: never heard of it", sale._replace(order=state)
