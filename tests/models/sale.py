"""The nouns of a sale of one code: the sale at all its ends, a card, and the shelf on which cards lie."""

from __future__ import annotations

from typing import NamedTuple

NOBODY, SEVERAL = -1, -2


class Card(NamedTuple):
    """Where a card is (shelf, reserved, sold, delivered, apart; till, bound: leased), for whom, and who saw its code."""

    place: str = "shelf"
    owner: int = NOBODY
    seen: int = NOBODY


Shelf = tuple[Card, ...]


class Sale(NamedTuple):
    """One sale at both ends.

    On the till's disk: `till` (how far it is), `order` (its payment at the gateway), `cash`, `card`, `leased`, `owed`
    (a message that the platform must hear). In the till's memory: `printing`. Elsewhere: `gateway`, `shop` (the
    platform's row). On the wire for ever: `asked`, `told`.
    """

    till: str = "new"
    order: str = "none"
    cash: str = "none"
    card: int = NOBODY
    leased: bool = False
    owed: str = ""
    printing: bool = False
    gateway: str = "none"
    shop: str = "none"
    asked: frozenset[str] = frozenset()
    told: frozenset[str | int] = frozenset()

    def ask(self, call: str, **changes: object) -> Sale:
        return self._replace(asked=self.asked | {call}, **changes)  # type: ignore[arg-type]

    def tell(self, answer: str | int, **changes: object) -> Sale:
        return self._replace(told=self.told | {answer}, **changes)  # type: ignore[arg-type]

    @property
    def money(self) -> int:
        """How often its price is with the shop."""
        return (self.cash == "in") + {"paid": 1, "twice": 2, "too much back": -1}.get(self.gateway, 0)


def put(shelf: Shelf, number: int, card: Card) -> Shelf:
    return shelf[:number] + (card,) + shelf[number + 1 :]


def held_by(shelf: Shelf, who: int) -> int:
    return next(n for n, card in enumerate(shelf) if card.owner == who and card.place != "bound")


def filled_for(shelf: Shelf, who: int, place: str) -> Shelf | None:
    """The first free card for this sale; None when there is none."""
    for number, card in enumerate(shelf):
        if card.place == "shelf":
            return put(shelf, number, card._replace(place=place, owner=who))
    return None


def moved(shelf: Shelf, who: int, place: str) -> Shelf:
    owner = NOBODY if place in ("shelf", "apart") else who
    return tuple(
        card._replace(place=place, owner=owner) if card.owner == who and card.place != "bound" else card
        for card in shelf
    )
