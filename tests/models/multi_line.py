"""A sale of two lines from two products: all of it or nothing, at reserve, at a late confirm, at cancel, and from leases.

It follows `platform_server/flows/holding.py` and `docs/decisions/0013-no-sale-is-lost.md`. Money is cash here: wallets
stand in the model of one line.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from tests.models.crowd import Crowd, Rules, Step
from tests.models.explore import Model, Mutant

PRODUCTS = ("a", "b")
NOBODY = -1


class Card(NamedTuple):
    """A card of one product: shelf, reserved, sold, apart, delivered; till, bound."""

    product: str
    place: str = "shelf"
    owner: int = NOBODY


Shelf = tuple[Card, ...]


class Sale(NamedTuple):
    """A sale of one `a` and one `b`: on the till's disk, at the platform (`shop`), and on the wire for ever."""

    till: str = "new"
    has: frozenset[int] = frozenset()
    seen: frozenset[int] = frozenset()
    leased: bool = False
    owed: str = ""
    shop: str = "none"
    asked: frozenset[str] = frozenset()
    told: frozenset[str | frozenset[int]] = frozenset()

    def ask(self, call: str, **changes: object) -> Sale:
        return self._replace(asked=self.asked | {call}, **changes)  # type: ignore[arg-type]

    def tell(self, answer: str | frozenset[int], **changes: object) -> Sale:
        return self._replace(told=self.told | {answer}, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class MultiLine:
    """The rules, but for the one that is `broken`."""

    broken: str = ""

    def moves(self, who: int, sale: Sale, shelf: Shelf) -> Iterator[Step]:
        for label, after in self._till(sale):
            yield label, after, shelf
        if sale.till == "paid":
            yield from self._substitute(who, sale, shelf)
        yield from self._platform(who, sale, shelf)

    def _till(self, sale: Sale) -> Iterator[tuple[str, Sale]]:
        if sale.till == "new":
            yield "reserve is sent", sale.ask("reserve", till="reserving")
        if sale.till == "reserving":
            yield "silence: let go", sale.ask("cancel", till="cancelling")
            if "reserved" in sale.told:
                yield "hears that all waits", sale._replace(till="reserved")
            if "refused" in sale.told:
                yield "hears sold out", sale._replace(till="cancelled")
        if sale.till == "reserved":
            yield "let go", sale.ask("cancel", till="cancelling")
            yield "cash is taken", sale.ask("confirm", till="paid")
        if sale.till == "paid":
            for cards in (each for each in sale.told if isinstance(each, frozenset)):
                yield "hears its codes", sale._replace(till="have", has=cards)
            if "no" in sale.told:
                yield "hears a final no: money back", sale._replace(till="back")
        if sale.till == "cancelling" and "cancelled" in sale.told:
            yield "hears that it is cancelled", sale._replace(till="cancelled")
        if sale.till == "have":
            yield from self._printed(sale)
        if sale.owed and {"ack": "acked", "withdraw": "cancelled"}[sale.owed] in sale.told:
            yield f"{sale.owed} is heard", sale._replace(owed="")

    def _printed(self, sale: Sale) -> Iterator[tuple[str, Sale]]:
        """Slip by slip; the sale is done with the last one."""
        for card in sorted(sale.has - sale.seen):
            out = sale._replace(seen=sale.seen | {card})
            is_last = out.seen == out.has or self.broken == "done with the first slip"
            if is_last and sale.leased:
                out = out._replace(till="done")
            elif is_last:
                out = out.ask("ack", till="done", owed="ack")
            yield "a slip comes out", out

    def _substitute(self, who: int, sale: Sale, shelf: Shelf) -> Iterator[Step]:
        taken = self._taken(shelf, "till", "bound", who, is_greedy=self.broken == "leases fill what they can")
        if taken is None:
            return
        cards = frozenset(n for n, card in enumerate(taken) if card.place == "bound" and card.owner == who)
        yield (
            "leased cards take the place",
            sale.ask("cancel", till="have", has=cards, leased=True, owed="withdraw"),
            taken,
        )

    def _platform(self, who: int, sale: Sale, shelf: Shelf) -> Iterator[Step]:
        if sale.shop == "reserved":
            yield "the reservation runs out", sale._replace(shop="expired"), _moved(shelf, who, "shelf")
        if "reserve" in sale.asked and sale.shop == "none":
            kept = self._taken(shelf, "shelf", "reserved", who, is_greedy=False)
            if kept is not None:
                yield "reserve", sale.tell("reserved", shop="reserved"), kept
            else:
                part = self._taken(shelf, "shelf", "reserved", who, is_greedy=True)
                is_kept = self.broken == "a part of a reservation is kept" and part is not None
                yield "reserve: sold out", sale.tell("refused"), part if is_kept and part else shelf
        if "confirm" in sale.asked:
            yield from self._confirm(who, sale, shelf)
        if "cancel" in sale.asked and sale.shop != "delivered":
            place = "apart" if sale.shop == "sold" else "shelf"
            only = "a" if self.broken == "cancel lets go of the first line" else ""
            yield "cancel", sale.tell("cancelled", shop="cancelled"), _moved(shelf, who, place, only)
        if "ack" in sale.asked and sale.shop in ("sold", "delivered"):
            yield "ack", sale.tell("acked", shop="delivered"), _moved(shelf, who, "delivered")

    def _confirm(self, who: int, sale: Sale, shelf: Shelf) -> Iterator[Step]:
        if sale.shop == "reserved":
            yield "confirm", sale.tell(_held(shelf, who), shop="sold"), _moved(shelf, who, "sold")
        elif sale.shop == "expired":
            is_greedy = self.broken == "a late confirm fills what it can"
            filled = self._taken(shelf, "shelf", "sold", who, is_greedy=is_greedy)
            if filled is None:
                yield "late confirm: gone for good", sale.tell("no", shop="dead"), shelf
            else:
                yield "late confirm, filled again", sale.tell(_held(filled, who), shop="sold"), filled
        elif sale.shop in ("dead", "cancelled"):
            yield "confirm: a final no", sale.tell("no"), shelf

    def _taken(self, shelf: Shelf, place: str, to: str, who: int, *, is_greedy: bool) -> Shelf | None:
        """A card of each product; None when that cannot be, or nothing at all when it takes what there is."""
        after, count = shelf, 0
        for product in PRODUCTS:
            free = (n for n, card in enumerate(after) if (card.product, card.place) == (product, place))
            number = next(free, None)
            if number is not None:
                count += 1
                after = after[:number] + (Card(product, to, who),) + after[number + 1 :]
        return after if count == len(PRODUCTS) or (is_greedy and count) else None

    def breach(self, who: int, sale: Sale, shelf: Shelf) -> str:
        held = [card for card in shelf if card.owner == who and card.place != "bound"]
        holds = sale.shop in ("reserved", "sold", "delivered")
        products = [shelf[n].product for n in sorted(sale.has)]
        if sale.has and sorted(products) != list(PRODUCTS):
            return "I6 not one card for each line"
        if [card.product for card in held] != (list(PRODUCTS) if holds else []):
            return "I5 the row and the shelf disagree"
        if any(shelf[n].owner not in (who, NOBODY) for n in sale.has):
            return "I1 a card of another sale"
        if not self.is_settled(who, sale, shelf):
            return ""
        if sale.till == "done" and sale.seen != sale.has:
            return "I4 done, and a slip is missing"
        is_charged = sale.shop in ("sold", "delivered")
        is_served = sale.till == "done" and not sale.leased
        return "" if is_charged == is_served else "I5 the platform's word and the till's disagree"

    def is_settled(self, _who: int, sale: Sale, _shelf: Shelf) -> bool:
        return sale.till in ("new", "done", "back", "cancelled") and not sale.owed


def _held(shelf: Shelf, who: int) -> frozenset[int]:
    return frozenset(n for n, card in enumerate(shelf) if card.owner == who and card.place != "bound")


def _moved(shelf: Shelf, who: int, place: str, only: str = "") -> Shelf:
    owner = NOBODY if place in ("shelf", "apart") else who
    return tuple(
        card._replace(place=place, owner=owner)
        if card.owner == who and card.place != "bound" and only in ("", card.product)
        else card
        for card in shelf
    )


def multi_line(sales: int = 2, *, broken: str = "") -> Model:
    """So many sales of an `a` and a `b`; there are two of `a`, one of `b`, and one of each in the till."""
    rules = MultiLine(broken)
    crowd = Crowd(f"two lines, {sales} sales", sales, Rules(rules.moves, rules.breach, rules.is_settled))
    shelf = (Card("a"), Card("a"), Card("b"), Card("a", "till"), Card("b", "till"))
    return crowd.model(Sale(), shelf)


def _pair(broken: str) -> Model:
    return multi_line(broken=broken)


def _poor(broken: str) -> Model:
    """One leased card for two lines."""
    rules = MultiLine(broken)
    crowd = Crowd("two lines, 1 sale", 1, Rules(rules.moves, rules.breach, rules.is_settled))
    return crowd.model(Sale(), (Card("a"), Card("b"), Card("a", "till")))


MUTANTS = (
    Mutant("a part of a reservation is kept", ("I5",), _pair),
    Mutant("a late confirm fills what it can", ("I5", "I6"), _pair),
    Mutant("cancel lets go of the first line", ("I5",), _pair),
    Mutant("leases fill what they can", ("I6",), _poor),
    Mutant("done with the first slip", ("I4",), _pair),
)
