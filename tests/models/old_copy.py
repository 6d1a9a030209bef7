"""A paid sale online, and an old copy of the till's file put back: nothing is handed over or given back a second time.

It follows `pos_app/flows/sell_online.py`, `pos_app/flows/give_back.py` and `docs/decisions/0013-no-sale-is-lost.md`. The
anchor goes before whatever leaves the till; after a new epoch nobody trusts the books about what has left it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tests.models.explore import Model, Mutant

# A till that falls at each try would try for ever: with so many entries it falls no more.
LONGEST = 6


class Disk(NamedTuple):
    """The till's file: how far the sale is, and what its ledger says of it; `is_doubtful` after a new epoch."""

    till: str = "paid"
    ledger: tuple[str, ...] = ("paid",)
    is_doubtful: bool = False


class World(NamedTuple):
    """`hand`: what is about to leave the till, "" for nothing. `slips` and `cash` count what has left it."""

    disk: Disk = Disk()
    copy: Disk | None = None
    was_put_back: bool = False
    is_locked: bool = False
    anchor: int = 0
    hand: str = ""
    is_raised: bool = False
    shop: str = "reserved"
    heard: tuple[str, ...] = ()
    slips: int = 0
    cash: int = 0


class OldCopy:
    """The rules, but for the one that is `broken`."""

    def __init__(self, broken: str = "") -> None:
        self.broken = broken

    def moves(self, w: World) -> Iterator[tuple[str, World]]:
        if w.shop == "reserved":
            yield "confirm is taken", w._replace(shop="sold")
            yield "the reservation ran out, confirm: gone for good", w._replace(shop="dead")
        if w.copy is None and not (w.was_put_back or w.is_locked):
            yield "the file is copied", w._replace(copy=w.disk)
        if w.copy is not None:
            old = w._replace(disk=w.copy, copy=None, was_put_back=True, hand="", is_raised=False)
            is_behind = w.anchor > len(old.disk.ledger)
            yield (
                "the copy is put back",
                old._replace(is_locked=is_behind and self.broken != "an anchor nobody reads"),
            )
        if w.is_locked:
            yield "a new epoch", self._anew(w)
            return
        known = len(w.heard)
        if w.disk.ledger[:known] != w.heard:
            yield (
                "the platform knows another ledger: locked",
                w._replace(is_locked=True, hand="", is_raised=False),
            )
        elif len(w.disk.ledger) > known:
            yield "the platform hears the next entry", w._replace(heard=w.disk.ledger[: known + 1])
        yield from self._till(w)

    def _till(self, w: World) -> Iterator[tuple[str, World]]:
        till = w.disk.till
        if w.hand:
            if len(w.disk.ledger) < LONGEST:
                yield "the till falls and starts again", w._replace(hand="", is_raised=False)
            yield from self._leaves(w)
        elif till == "paid" and w.shop == "sold":
            is_asked = w.disk.is_doubtful and self.broken != "after a new epoch what is paid prints by itself"
            yield "hears its code", _kept(w, "revealing" if is_asked else "have", "have")
        elif till == "paid" and w.shop == "dead":
            yield "hears a final no", _kept(w, "asked" if self._doubts(w) else "due", "due")
        elif till == "have":
            yield "the intent to reveal is written", _kept(w, "revealing", "seen")._replace(hand="slip")
        elif till == "due":
            yield "the money back is written down", _kept(w, "giving", "back")._replace(hand="cash")
        elif till in ("revealing", "giving", "asked"):
            yield from self._person(w)

    def _doubts(self, w: World) -> bool:
        return w.disk.is_doubtful and self.broken != "after a new epoch what is due is paid"

    def _leaves(self, w: World) -> Iterator[tuple[str, World]]:
        """First the anchor, then the thing itself, then the word that it is done."""
        skips = {"cash": "no anchor before money goes back", "slip": "no anchor before a slip"}
        if not w.is_raised and self.broken != skips[w.hand]:
            yield "the anchor is raised", w._replace(is_raised=True, anchor=max(w.anchor, len(w.disk.ledger)))
        elif w.hand == "slip":
            yield "the slip comes out", _done(w, "done")._replace(slips=w.slips + 1)
        else:
            yield "the money is handed over", _done(w, "back")._replace(cash=w.cash + 1)

    def _person(self, w: World) -> Iterator[tuple[str, World]]:
        """Somebody looks: did the slip come out, did the customer get his money?"""
        till = w.disk.till
        if till == "revealing":
            yield (
                "looked: it is out" if w.slips else "looked: it is not out",
                _done(w, "done" if w.slips else "have"),
            )
        elif w.cash:
            yield "looked: he has his money", _done(w, "back")
        else:
            yield "looked: he has not", _done(w, "due" if not w.disk.is_doubtful else "sure")

    def _anew(self, w: World) -> World:
        """The books go on, in doubt about everything that may have left the till."""
        ask = {
            "have": "revealing",
            "due": "asked" if self.broken != "after a new epoch what is due is paid" else "due",
        }
        disk = Disk(ask.get(w.disk.till, w.disk.till), w.heard, is_doubtful=True)
        return w._replace(disk=disk, is_locked=False, anchor=0, copy=None)

    def breach(self, w: World) -> str:
        if w.cash > 1:
            return "I9 the money went back twice"
        if w.cash and w.slips:
            return "I9 money back for a code that was seen"
        if w.slips > 1:
            return "I21 a second slip without a number"
        if self.is_settled(w) and w.slips + w.cash != 1:
            return "I2 at rest, and the customer has neither"
        return ""

    def is_settled(self, w: World) -> bool:
        is_told = w.disk.ledger == w.heard
        return w.disk.till in ("done", "back") and not w.hand and not w.is_locked and is_told


def _kept(w: World, till: str, entry: str) -> World:
    return w._replace(disk=w.disk._replace(till=till, ledger=w.disk.ledger + (entry,)))


def _done(w: World, till: str) -> World:
    state = "due" if till == "sure" else till
    is_doubtful = w.disk.is_doubtful and till not in ("sure", "have")
    return w._replace(disk=w.disk._replace(till=state, is_doubtful=is_doubtful), hand="", is_raised=False)


def old_copy(broken: str = "") -> Model:
    """One sale, one copy."""
    rules = OldCopy(broken)
    return Model("old copy", World(), rules.moves, rules.breach, rules.is_settled)


MUTANTS = tuple(
    Mutant(flag, breaks, old_copy)
    for flag, breaks in (
        ("an anchor nobody reads", ("I9", "I21")),
        ("no anchor before a slip", ("I21",)),
        ("no anchor before money goes back", ("I9",)),
        ("after a new epoch what is due is paid", ("I9",)),
        ("after a new epoch what is paid prints by itself", ("I21",)),
    )
)
