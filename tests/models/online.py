"""A sale of one code from the reserve to the ack, with cancel, expiry, a gateway, and a leased card in its place (R12).

It follows `docs/protocol.md` 3 to 5 and 10, `pos_app/flows/` and `platform_server/flows/`. Calls and answers that were
once on the wire stay there: they are lost, late, doubled and out of order by being taken never, whenever, or again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.models.crowd import Crowd, Rules, Step
from tests.models.explore import Model, Mutant
from tests.models.payment import Payment
from tests.models.sale import NOBODY, SEVERAL, Card, Sale, Shelf, filled_for, held_by, moved, put


@dataclass(frozen=True)
class Online:
    """The rules, but for the one that is `broken`; The first so many sales may be paid by `wallets`, the others in cash.

    `cools`: the platform sells but withholds the code for a while, in which an operator may end the sale.
    """

    broken: str = ""
    wallets: int = 9
    cools: bool = False

    def moves(self, who: int, sale: Sale, shelf: Shelf) -> Iterator[Step]:
        for label, after in self._counter(sale):
            yield label, after, shelf
        for label, after in self._till_hears(sale):
            yield label, after, shelf
        yield from self._substitute(who, sale, shelf)
        yield from self._paper(who, sale, shelf)
        yield from self._platform(who, sale, shelf)
        if who < self.wallets:
            for label, after in Payment(self.broken).moves(sale):
                yield label, after, shelf

    # --- the till ---

    def _counter(self, sale: Sale) -> Iterator[tuple[str, Sale]]:
        is_free = sale.order in ("none", "undone", "declined", "watched")
        if sale.till == "new":
            yield "the intent is written, reserve is sent", sale.ask("reserve", till="reserving")
        if sale.till == "reserving":
            yield "silence or a restart: let go", sale.ask("cancel", till="cancelling")
        if sale.till == "reserved" and is_free:
            yield "let go, the platform is told", sale.ask("cancel", till="cancelling")
            yield "cash is taken", sale.ask("confirm", till="paid", cash="in")
        if sale.till == "reserved" and sale.order == "sent":
            if self.broken == "let go while a payment is out":
                yield "let go, its payment forgotten", sale.ask("cancel", till="cancelling", order="none")
            if self.broken == "goods before money":
                yield "confirmed before the money is there", sale.ask("confirm", till="paid")
        if sale.till == "paid" and self.broken == "silence to confirm is a refund":
            yield "no answer: the money goes back", sale._replace(till="due")
        if sale.till == "paid" and self.broken == "a refusal of the caller ends the sale":
            yield "enrolled anew, confirm is refused: KEY_REUSED", sale._replace(till="due")
        if sale.till == "due":
            if sale.cash == "in":
                yield "cash is given back", sale._replace(till="back", cash="back")
            else:
                yield "the refund is written down, sent", sale.ask("refund", till="giving")
        if sale.till == "giving" and sale.gateway == "returned":
            yield "the refund is done", sale._replace(till="back")

    def _till_hears(self, sale: Sale) -> Iterator[tuple[str, Sale]]:
        if sale.till == "reserving" and "reserved" in sale.told:
            yield "hears that the card waits", sale._replace(till="reserved")
        if sale.till == "reserving" and "refused" in sale.told:
            yield "hears sold out", sale._replace(till="cancelled")
        for card in sale.told:
            if isinstance(card, int) and self._takes_codes(sale):
                yield "hears the code", sale._replace(till="have", card=card, leased=False)
        if sale.till == "paid" and "no" in sale.told:
            ends = "cancelled" if self.broken == "late money is dropped" else "due"
            yield "hears a final no", sale._replace(till=ends)
        if sale.till == "cancelling" and "cancelled" in sale.told:
            yield "hears that it is cancelled", sale._replace(till="cancelled")
        if sale.owed == "withdraw" and "cancelled" in sale.told:
            yield "the withdrawal is heard", sale._replace(owed="")
        if sale.owed == "ack":
            sent = sale.ask("ack")
            if self.broken == "an ack that was sent counts as heard":
                sent = sale._replace(owed="")
            yield "ack is sent", sent
            if "acked" in sale.told:
                yield "the ack is heard", sale._replace(owed="")

    def _takes_codes(self, sale: Sale) -> bool:
        """A code is taken in only while the sale waits for one: who bound a leased card waits no more."""
        if self.broken == "substitution without its promise" and sale.leased:
            return sale.till in ("have", "done")
        return sale.till == "paid"

    def _substitute(self, who: int, sale: Sale, shelf: Shelf) -> Iterator[Step]:
        """R12, one commit: a leased card is bound, the sale has it, the online one is promised to be withdrawn."""
        may_not = self.cools and self.broken != "substitution for a sale that cools"  # told at the reserve
        if sale.till != "paid" or may_not:
            return
        for number, card in enumerate(shelf):
            if card.place != "till":
                continue
            has = sale.ask("cancel", till="have", card=number, leased=True, owed="withdraw")
            if self.broken == "substitution without withdrawal":
                has = sale._replace(till="have", card=number, leased=True)
            bound = (
                card
                if self.broken == "a leased card is not bound"
                else card._replace(place="bound", owner=who)
            )
            yield "a leased card takes the place", has, put(shelf, number, bound)
            return

    def _paper(self, who: int, sale: Sale, shelf: Shelf) -> Iterator[Step]:
        if sale.till in ("have", "again") and not sale.printing:
            intent = sale._replace(till="revealing", printing=True)
            if self.broken == "print without intent":
                intent = sale._replace(printing=True)
            yield "the intent to reveal is written", intent, shelf
        if sale.printing:
            seen = shelf[sale.card].seen
            out = shelf[sale.card]._replace(seen=who if seen in (NOBODY, who) else SEVERAL)
            yield "the slip comes out", sale, put(shelf, sale.card, out)
            yield "restart while it prints", sale._replace(till="question", printing=False), shelf
            if seen == NOBODY:
                yield "paper trouble, nothing was sent", sale._replace(till="again", printing=False), shelf
            else:
                yield "printed", self._done(sale), shelf
        if sale.till == "question":
            yield "nobody has it readable: again", sale._replace(till="again"), shelf
            if shelf[sale.card].seen != NOBODY:
                yield "somebody looked: it is out", self._done(sale), shelf
            if self.broken == "a slip that is lost is paid back":
                yield "the money goes back", sale._replace(till="due"), shelf

    def _done(self, sale: Sale) -> Sale:
        owed = sale.owed if sale.leased else "ack"
        return sale._replace(till="done", printing=False, owed=owed)

    # --- the platform: each call as often and as late as the wire likes ---

    def _platform(self, who: int, sale: Sale, shelf: Shelf) -> Iterator[Step]:
        if sale.shop == "reserved":
            yield "the reservation runs out", sale._replace(shop="expired"), moved(shelf, who, "shelf")
        if "reserve" in sale.asked and sale.shop in ("none", "reserved"):
            filled = filled_for(shelf, who, "reserved")
            if sale.shop == "reserved":
                yield "reserve again", sale.tell("reserved"), shelf
            elif filled is None:
                yield "reserve: sold out", sale.tell("refused"), shelf
            else:
                yield "reserve", sale.tell("reserved", shop="reserved"), filled
        if "confirm" in sale.asked:
            yield from self._confirm(who, sale, shelf)
        if sale.shop == "withheld":
            yield (
                "frozen, and ended by an operator",
                sale._replace(shop="cancelled"),
                moved(shelf, who, "apart"),
            )
        if "cancel" in sale.asked and sale.shop != "delivered":
            place = "apart" if sale.shop in ("sold", "withheld") else "shelf"
            row = "none" if self.broken == "no tombstone" else "cancelled"
            yield "cancel", sale.tell("cancelled", shop=row), moved(shelf, who, place)
        if "ack" in sale.asked and sale.shop in ("sold", "delivered"):
            yield "ack", sale.tell("acked", shop="delivered"), moved(shelf, who, "delivered")

    def _confirm(self, who: int, sale: Sale, shelf: Shelf) -> Iterator[Step]:
        row = "withheld" if self.cools else "sold"
        if sale.shop == "reserved":
            told = sale if self.cools else sale.tell(held_by(shelf, who))
            yield "confirm", told._replace(shop=row), moved(shelf, who, row)
        elif sale.shop == "withheld":
            yield (
                "confirm after the wait",
                sale.tell(held_by(shelf, who), shop="sold"),
                moved(shelf, who, "sold"),
            )
        elif sale.shop in ("sold", "delivered"):
            more = filled_for(shelf, who, "sold") if self.broken == "confirm allocates again" else None
            if more is None:
                yield "confirm again", sale.tell(held_by(shelf, who)), shelf
            else:
                fresh = next(n for n, card in enumerate(more) if card != shelf[n])
                yield "confirm again, another card", sale.tell(fresh), more
        elif sale.shop == "expired" and self.broken == "a late confirm keeps the old card":
            yield (
                "late confirm",
                sale.tell(0, shop="sold"),
                put(shelf, 0, shelf[0]._replace(place="sold", owner=who)),
            )
        elif sale.shop == "expired":
            filled = filled_for(shelf, who, row)
            if filled is not None:
                told = sale if self.cools else sale.tell(held_by(filled, who))
                yield "late confirm, filled again", told._replace(shop=row), filled
            else:
                kept = "expired" if self.broken == "a final no is forgotten" else "dead"
                yield "late confirm: gone for good", sale.tell("no", shop=kept), shelf
        elif sale.shop in ("dead", "cancelled"):
            yield "confirm: a final no", sale.tell("no"), shelf

    # --- what must hold ---

    def breach(self, who: int, sale: Sale, shelf: Shelf) -> str:
        seen = sum(card.seen == who for card in shelf)
        mine = [card.place for card in shelf if card.owner == who and card.place != "bound"]
        holds = sale.shop in ("reserved", "withheld", "sold", "delivered")
        rules = (
            ("I1 two sales saw one code", all(card.seen != SEVERAL for card in shelf)),
            ("I11 a repeat tells another card", sum(isinstance(each, int) for each in sale.told) <= 1),
            ("I6 more than its one code", seen <= 1 and len(mine) <= 1),
            ("I5 the row and the shelf disagree", mine == ([sale.shop] if holds else [])),
            ("I12 alive after its cancel", "cancelled" not in sale.told or sale.shop == "cancelled"),
            (
                "I3 seen, and not paid",
                not seen or sale.cash == "in" or sale.gateway not in ("none", "declined"),
            ),
            (
                "I22 seen before the wait is over",
                not (self.cools and seen) or sale.shop in ("sold", "delivered"),
            ),
            ("I21 seen without a written intent", sale.till != "have" or shelf[sale.card].seen != who),
            ("I9 more was given back than taken", sale.money >= 0),
            (
                "I9 money back for a code that was seen",
                not seen or sale.till not in ("due", "giving", "back"),
            ),
            ("I2 charged twice", sale.money <= 1 or sale.order in ("undoing", "watched")),
            (
                "I2 it has the goods, and its money is undone",
                not seen or sale.money or sale.till in ("due", "back"),
            ),
        )
        wrong = next((words for words, is_so in rules if not is_so), "")
        return wrong or (self._at_rest(sale, seen) if self.is_settled(who, sale, shelf) else "")

    def _at_rest(self, sale: Sale, seen: int) -> str:
        if sale.till == "new":
            return ""
        if sale.till == "done":
            if sale.money != 1 or not seen:
                return "I2 done, and money and goods do not agree"
            if sale.leased:
                return "I5 paid for twice" if sale.shop in ("sold", "delivered") else ""
            return "" if sale.shop == "delivered" else "I4 handed over, and the platform never hears"
        if sale.money:
            late = sale.shop in ("dead", "expired")
            return "I13 late money has no end" if late else "I2 money is kept for nothing"
        return "I5 a card is sold to nobody" if sale.shop in ("sold", "delivered") else ""

    def is_settled(self, _who: int, sale: Sale, _shelf: Shelf) -> bool:
        """Nobody has a next step of his own: no sale, payment, message or slip is open."""
        is_over = sale.till in ("new", "done", "back", "cancelled")
        return is_over and not sale.owed and sale.order not in ("sent", "undoing", "watched")


def online(
    sales: int, cards: int, leased: int, *, wallets: int = 9, cools: bool = False, broken: str = ""
) -> Model:
    """So many sales that want one card each, of so many on the shelf and so many in the till."""
    rules = Online(broken, wallets, cools)
    paid = f", {wallets} by wallet" if wallets < sales else ""
    more = f" + {leased} leased" if leased else ""
    name = f"online, {sales} x {cards}{more}{paid}{', cooling' if cools else ''}"
    crowd = Crowd(name, sales, Rules(rules.moves, rules.breach, rules.is_settled))
    return crowd.model(Sale(), (Card(),) * cards + (Card("till"),) * leased)


def _small(broken: str) -> Model:
    return online(2, 1, 1, broken=broken)


def _rich(broken: str) -> Model:
    return online(1, 2, 1, broken=broken)


def _cooling(broken: str) -> Model:
    return online(1, 1, 1, cools=True, broken=broken)


MUTANTS = (
    Mutant("no tombstone", ("I12",), _small),
    Mutant("no watch after undoing", ("I2",), _small),
    Mutant("another order number each try", ("I2",), _small),
    Mutant("another refund number each try", ("I9",), _small),
    Mutant("paid after giving up", ("I2",), _small),
    Mutant("let go while a payment is out", ("I2",), _small),
    Mutant("goods before money", ("I3",), _small),
    Mutant("silence to confirm is a refund", ("I5",), _small),
    Mutant("a refusal of the caller ends the sale", ("I5",), _small),
    Mutant("a final no is forgotten", ("I5",), _small),
    Mutant("late money is dropped", ("I13",), _small),
    Mutant("print without intent", ("I21",), _small),
    Mutant("a slip that is lost is paid back", ("I9",), _small),
    Mutant("confirm allocates again", ("I6", "I11"), _rich),
    Mutant("a late confirm keeps the old card", ("I5",), _small),
    Mutant("an ack that was sent counts as heard", ("I4",), _small),
    Mutant("substitution without its promise", ("I6",), _small),
    Mutant("substitution without withdrawal", ("I5",), _small),
    Mutant("substitution for a sale that cools", ("I22",), _cooling),
    Mutant("a leased card is not bound", ("I1",), _small),
)
