"""Leased cards: granted, sold without the platform, revealed behind the anchor, given back, fenced; an old copy put back.

It follows `docs/protocol.md` 10, `docs/decisions/0013-no-sale-is-lost.md` and `platform_server/flows/`. One till, one
platform, and the world beyond that buys whatever is on the shelf. The till's file is copied once and put back once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.models.explore import Model, Mutant

WORLD = 0  # who buys from the shelf; the till's own sales are 1, 2, ...
MOST_GRANTS = 2

Entry = tuple[
    str, int, int
]  # what the ledger says of a card: ("sold" | "seen" | "gone", card, sale or grant)


class Slip(NamedTuple):
    """A leased card as the till's file has it: have, held, sold, seen or gone; of which grant, and for which sale."""

    state: str = "never"
    grant: int = 0
    sale: int = 0


class Disk(NamedTuple):
    """The till's file."""

    epoch: int
    cards: tuple[Slip, ...]
    ledger: tuple[Entry, ...] = ()


class Held(NamedTuple):
    """A card as the platform has it: shelf, leased, apart, sold, elsewhere; its grant, and whether it heard of its end."""

    state: str = "shelf"
    grant: int = 0
    is_deleted: bool = False


class World(NamedTuple):
    """All of it. `opening`: (card, step) of the code in the till's memory, step 0 before the anchor, 1 behind it.

    `anchor` is (epoch, number), outside the file. `sent` are grants on the wire, `back` returns; both stay there.
    """

    disk: Disk
    held: tuple[Held, ...]
    saw: tuple[frozenset[int], ...]
    copy: Disk | None = None
    was_put_back: bool = False
    is_locked: bool = False
    opening: tuple[int, int] | None = None
    anchor: tuple[int, int] = (1, 0)
    copied_ledger: tuple[Entry, ...] = ()
    epoch: int = 1
    is_over: bool = False
    sent: frozenset[tuple[int, int]] = frozenset()
    back: frozenset[tuple[int, int]] = frozenset()
    sales: int = 0
    broke: str = ""


def changed(each: tuple[Any, ...], number: int, value: object) -> tuple[Any, ...]:
    return each[:number] + (value,) + each[number + 1 :]


class Lease:
    """The rules, but for the one that is `broken`."""

    def __init__(self, broken: str, sales: int, *, copies: bool) -> None:
        self.broken, self.most, self.copies = broken, sales, copies

    def moves(self, w: World) -> Iterator[tuple[str, World]]:
        for card, held in enumerate(w.held):
            yield from self._platform(w, card, held)
        yield from self._push(w)
        yield from self._world(w)
        if w.is_locked:
            if w.epoch == 1:
                yield "enrolled anew: a new epoch, its leases fenced", self._fenced(w)
            return
        if w.opening is not None:
            yield from self._opened(w, *w.opening)
        for card, slip in enumerate(w.disk.cards):
            yield from self._till(w, card, slip)

    # --- the platform, and what else happens ---

    def _platform(self, w: World, card: int, held: Held) -> Iterator[tuple[str, World]]:
        if held.state == "shelf":
            yield f"card {card} is sold elsewhere", _seen(w, card, WORLD, held._replace(state="elsewhere"))
            if held.grant < MOST_GRANTS and w.epoch == 1 and not w.is_over:
                given = Held("leased", held.grant + 1)
                yield (
                    f"card {card} is leased",
                    _put(w, card, given)._replace(sent=w.sent | {(card, given.grant)}),
                )
        if (card, held.grant) in w.back and held.state in ("leased", "apart") and held.is_deleted:
            yield f"the return of {card} is taken", _put(w, card, held._replace(state="shelf"))
        if held.state == "leased" and w.is_over and self.broken == "an expired lease is taken back":
            yield f"card {card} is taken back", _put(w, card, held._replace(state="shelf"))
        if held.state == "apart" and self.broken == "unused counts as unseen":
            yield f"the supplier says that {card} is unused", _put(w, card, held._replace(state="shelf"))

    def _push(self, w: World) -> Iterator[tuple[str, World]]:
        """The next entry, if it continues what the platform has; what was heard before changes nothing."""
        known = len(w.copied_ledger)
        if w.disk.ledger[:known] != w.copied_ledger:
            if self.broken != "a fork of the ledger is not heeded":
                yield "the platform knows another ledger: locked", w._replace(is_locked=True, opening=None)
            return
        if len(w.disk.ledger) == known:
            return
        what, card, told = w.disk.ledger[known]
        after = w._replace(copied_ledger=w.disk.ledger[: known + 1])
        held = w.held[card]
        if what == "sold" and held.state in ("leased", "apart"):
            after = _put(after, card, held._replace(state="sold"))
        elif (
            what == "sold" and held.state == "shelf"
        ):  # it had come back: an incident, and nobody gets it now
            after = _put(after, card, held._replace(state="apart"))
        elif what == "gone" and held.grant == told:
            after = _put(after, card, held._replace(is_deleted=True))
        yield f"the platform hears: {what} {card}", after

    def _world(self, w: World) -> Iterator[tuple[str, World]]:
        if not w.is_over:
            yield "the lease runs out", w._replace(is_over=True)
        if self.copies and w.copy is None and not (w.was_put_back or w.is_locked):
            yield "the file is copied", w._replace(copy=w.disk)
        if w.copy is not None and not w.was_put_back:
            yield "the copy is put back", self._started(w._replace(disk=w.copy, copy=None, was_put_back=True))
        if not w.is_locked and w.opening is not None:
            yield "the till falls and starts again", self._started(w)

    def _started(self, w: World) -> World:
        """The first thing at a start: a file behind its anchor is an old one."""
        fresh = w._replace(opening=None)
        is_old = _is_behind(w)
        is_blind = self.broken in ("no anchor", "the anchor is looked at when a code is opened")
        return fresh._replace(is_locked=is_old and not is_blind)

    def _fenced(self, w: World) -> World:
        """What may be at the till lies apart; the till has nothing but what it can prove was sold."""
        place = "shelf" if self.broken == "a new epoch frees its leases" else "apart"
        held = tuple(each._replace(state=place) if each.state == "leased" else each for each in w.held)
        ledger = w.copied_ledger  # read back, so that numbers go on
        cards = tuple(each if each.state in ("sold", "seen") else Slip("gone", 9) for each in w.disk.cards)
        if self.broken == "a new epoch keeps its leases":
            cards = w.disk.cards
        disk = Disk(2, cards, ledger)
        anchor = (2, 0)
        return w._replace(disk=disk, held=held, epoch=2, is_locked=False, opening=None, anchor=anchor)

    # --- the till ---

    def _till(self, w: World, card: int, slip: Slip) -> Iterator[tuple[str, World]]:
        for grant in (1, 2):
            is_new = grant > slip.grant or (
                self.broken == "a grant is taken in twice" and slip.state in ("gone", "seen")
            )
            if (card, grant) in w.sent and is_new:
                yield f"card {card} comes in", _kept(w, card, Slip("have", grant))
        may_bind = not w.is_over or self.broken == "an expired lease is sold"
        if slip.state == "have" and w.sales < self.most and may_bind:
            broke = "I18 bound after its lease ended" if w.is_over else ""
            bound = _kept(w, card, Slip("held", slip.grant, w.sales + 1))
            yield f"{card} is bound, the customer pays", bound._replace(sales=w.sales + 1, broke=broke)
        if slip.state == "held":
            paid = _kept(w, card, slip._replace(state="sold"), ("sold", card, slip.sale))
            yield f"{card}: the money is in", paid
            yield f"{card}: the customer goes", _kept(w, card, Slip("have", slip.grant))
            if self.broken == "revealed when it is bound":
                yield f"{card} is shown too early", _seen(w, card, slip.sale)
        if slip.state in ("sold", "seen") and w.opening is None and slip.sale not in w.saw[card]:
            if slip.state == "sold":
                w = _kept(w, card, slip._replace(state="seen"), ("seen", card, slip.sale))
            is_late = self.broken.startswith("the anchor is looked at") and _is_behind(w)
            yield f"{card}: the intent to reveal is written", w._replace(opening=(card, 0), is_locked=is_late)
        if slip.state == "have":
            yield from self._given_back(w, card, slip)
        if slip.state == "gone" and slip.grant in (1, 2) and (card, slip.grant) not in w.back:
            yield from self._asked_back(w, card, slip)

    def _given_back(self, w: World, card: int, slip: Slip) -> Iterator[tuple[str, World]]:
        gone = _kept(w, card, slip._replace(state="gone"), ("gone", card, slip.grant))
        if self.broken == "given back before it is destroyed":
            written = w._replace(disk=w.disk._replace(ledger=w.disk.ledger + (("gone", card, slip.grant),)))
            if (card, slip.grant) not in w.back:
                yield (
                    f"{card} is given back, not destroyed yet",
                    written._replace(back=w.back | {(card, slip.grant)}),
                )
        else:
            yield f"{card} is destroyed", gone

    def _asked_back(self, w: World, card: int, slip: Slip) -> Iterator[tuple[str, World]]:
        """The anchor goes before the return as it goes before a code: an old copy still has the card."""
        asked = w._replace(back=w.back | {(card, slip.grant)})
        if self.broken != "no anchor before a return":
            asked = asked._replace(anchor=max(w.anchor, (w.disk.epoch, len(w.disk.ledger))))
        yield f"the return of {card} is asked", asked

    def _opened(self, w: World, card: int, step: int) -> Iterator[tuple[str, World]]:
        slip = w.disk.cards[card]
        raised = w._replace(opening=(card, 1), anchor=max(w.anchor, (w.disk.epoch, len(w.disk.ledger))))
        out = _seen(w, card, slip.sale)
        if step == 0 and self.broken != "the slip goes before the anchor":
            yield f"{card}: the anchor is raised", raised
        elif slip.sale not in w.saw[card]:
            yield f"{card}: the slip comes out", out._replace(opening=(card, step))
        elif step == 0:
            yield f"{card}: the anchor is raised", raised
        else:
            yield f"{card}: settled", w._replace(opening=None)

    # --- what must hold ---

    def breach(self, w: World) -> str:
        for card, saw in enumerate(w.saw):
            if len(saw) > 1:
                return "I1 two customers have one code"
            early = [
                s for s in saw if s != WORLD and ("seen", card, s) not in w.disk.ledger and not w.was_put_back
            ]
            if early:
                return "I3 seen before it was paid and written down"
            if w.held[card].state == "shelf" and saw:
                return "I1 a code that was seen is on the shelf"
        return w.broke

    def is_settled(self, w: World) -> bool:
        """Nothing is on its way: what was sold is seen and told, what the till has it may sell or give back."""
        if w.is_locked or w.opening is not None:
            return False
        is_told = w.disk.ledger == w.copied_ledger
        slips = w.disk.cards
        is_out = all(
            slip.state != "held" and (slip.state not in ("sold", "seen") or slip.sale in w.saw[card])
            for card, slip in enumerate(slips)
        )
        return is_told and is_out


def _is_behind(w: World) -> bool:
    """Whether something was revealed or given back after the last entry of this file."""
    return w.anchor > (w.disk.epoch, len(w.disk.ledger))


def _put(w: World, card: int, held: Held) -> World:
    return w._replace(held=changed(w.held, card, held))


def _kept(w: World, card: int, slip: Slip, entry: Entry | None = None) -> World:
    ledger = w.disk.ledger if entry is None else w.disk.ledger + (entry,)
    return w._replace(disk=w.disk._replace(cards=changed(w.disk.cards, card, slip), ledger=ledger))


def _seen(w: World, card: int, who: int, held: Held | None = None) -> World:
    after = w._replace(saw=changed(w.saw, card, w.saw[card] | {who}))
    return after if held is None else _put(after, card, held)


def lease(cards: int, sales: int, *, copies: bool = True, broken: str = "") -> Model:
    """One till with so many cards to lease, which sells at most so often; with or without a copy of its file."""
    rules = Lease(broken, sales, copies=copies)
    start = World(Disk(1, (Slip(),) * cards), (Held(),) * cards, (frozenset(),) * cards)
    name = f"lease, {sales} x {cards}" + ("" if copies else ", no copy")
    return Model(name, start, rules.moves, rules.breach, rules.is_settled)


def _one(broken: str) -> Model:
    return lease(1, 2, broken=broken)


MUTANTS = tuple(
    Mutant(flag, breaks, _one)
    for flag, breaks in (
        ("an expired lease is taken back", ("I1",)),
        ("an expired lease is sold", ("I18",)),
        ("a grant is taken in twice", ("I1",)),
        ("given back before it is destroyed", ("I1",)),
        ("a new epoch frees its leases", ("I1",)),
        ("no anchor", ("I1",)),
        ("the anchor is looked at when a code is opened", ("I1",)),
        ("no anchor before a return", ("I1",)),
        ("a fork of the ledger is not heeded", ("I4",)),
        ("the slip goes before the anchor", ("I1",)),
        ("a new epoch keeps its leases", ("I1",)),
        ("revealed when it is bound", ("I3",)),
        ("unused counts as unseen", ("I1",)),
    )
)
