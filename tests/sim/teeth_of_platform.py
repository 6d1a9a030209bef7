"""Bugs that platforms had: those whose harm a shop can meet are put before the simulation, the others before the walk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from unittest.mock import patch

from platform_server.domain.leases import LEASE_SALE
from platform_server.flows import lease_cards
from platform_server.flows.run_top_ups import RunTopUps
from platform_server.store.wallets import SqlWallets
from tests.races.faults import FAULTS
from tests.sim.bite import HISTORIES, TEETH, WALK, Tooth, tooth
from tests.sim.ground import PHONE, SCARCE

# What must come together with some of them: the last cards sold meanwhile, calls that arrive late, top-ups.
_LATE, _LAST = {"net: delayed": 0.3}, {"people: dawdle": 0.6}
_PLANTED: Mapping[str, tuple[Mapping[str, float], str, str]] = {
    "a cancel of an unknown sale leaves no tombstone": (_LATE, "", HISTORIES),
    "a cancel is not final": ({}, "", WALK),
    "a cancelled sale's sold card goes back to the shelf": ({}, "", WALK),
    "a repeated cancel gives the hold back again": ({}, "", HISTORIES),
    "a line that is short is sold all the same": (_LAST, SCARCE, HISTORIES),
    "a confirm leaves no note of its key": ({}, "", HISTORIES),
    "a confirm takes the money twice": ({}, "", HISTORIES),
    "only the shop's side of a sale is posted": ({}, "", HISTORIES),
    "a late confirm sells what it no longer has": (_LAST, SCARCE, HISTORIES),
    "the shelf is not moved with the sale": ({}, "", HISTORIES),
    "a supplier's silence is taken for a no": ({}, PHONE, HISTORIES),
    "a commit is acknowledged before it is made": ({}, "", HISTORIES),
    "money is held without asking whether it is there": ({}, "", WALK),
    "the same key with other content is taken for a repeat": ({}, "", WALK),
}
TEETH += [
    Tooth(f"platform: {each.name}", each.plant, *_PLANTED[each.name])
    for each in FAULTS
    if each.name in _PLANTED
]


@tooth("platform: a top-up goes out again under a new reference", wants=PHONE, supplier__reply_lost=0.4)
def _new_reference() -> Any:
    def sending(self: RunTopUps, taken: Any) -> Any:
        fresh = replace(taken.top_up, reference=f"{taken.top_up.reference}-{taken.top_up.tries}")
        return taken.sending(self.supplier.write_order(fresh))

    return patch.object(RunTopUps, "_sending", sending)


@tooth("platform: a card that comes back from a lease frees its money twice", net__partition=0.2)
def _freed_twice() -> Any:
    plain = lease_cards.free_card

    async def free_card(books: Any, lease: Any, card: Any, at: Any) -> None:
        await plain(books, lease, card, at)
        await books.wallets.release(lease.shop_id, card.cost)

    return patch("platform_server.flows.return_lease.free_card", free_card)


@tooth("platform: a leased card's sale is told and not charged", net__partition=0.2)
def _lease_uncharged() -> Any:
    plain = SqlWallets.post

    async def post(self: Any, journal: Any) -> None:
        if journal.kind != LEASE_SALE:
            await plain(self, journal)

    return patch.object(SqlWallets, "post", post)
