"""Commands about cards that tills hold in advance."""

from __future__ import annotations

import argparse
from collections import Counter
from typing import TYPE_CHECKING, Any

from platform_server.app.commands.opening import say, with_data, with_platform
from platform_server.domain.actions import Authority
from platform_server.domain.leases import LeaseState
from platform_server.flows.grant_lease import LeaseView

if TYPE_CHECKING:
    from platform_server.app.wiring import Platform

_AT_ONCE = 200


def add_commands(commands: Any) -> None:
    """To the parser of `python -m platform_server`."""
    words = "cards that tills hold to sell without the platform"
    verbs = commands.add_parser("leases", help=words, description=words).add_subparsers(
        dest="verb", required=True
    )
    words = "every lease that is not settled: its till, its time, what became of its cards"
    listing = with_data(verbs.add_parser("list", help=words, description=words))
    listing.set_defaults(work=_list)
    listing.add_argument("--all", action="store_true", help="also those that are settled, and every card")
    words = "end a lease; what is still at the till goes into quarantine, its money stays held"
    away = _deciding(verbs.add_parser("quarantine", help=words, description=words))
    away.set_defaults(work=_quarantine)
    words = "decide what became of the quarantined cards of a lease"
    settle = _deciding(verbs.add_parser("settle", help=words, description=words))
    settle.set_defaults(work=_settle)
    settle.add_argument("--as", dest="outcome", choices=("sold", "unsold"), required=True)
    settle.add_argument("--card", action="append", default=[], metavar="ID", help="default: all of them")
    settle.add_argument("--proof", default="", metavar="REF", help="unsold: the supplier's reference")


def _deciding(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("lease", metavar="LEASE", help="the id that `leases list` shows first")
    made.add_argument("--by", required=True, metavar="NAME", help="who does it")
    made.add_argument("--reason", required=True)
    return with_data(made)


def _list(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        after, count = "", 0
        while views := await platform.leasing.read.page(after, _AT_ONCE):
            for view in views:
                if chosen.all or view.state is not LeaseState.SETTLED:
                    say("\n".join(_told(view, with_cards=chosen.all)))
                    count += 1
            after = views[-1].lease.id
        say(f"{count} leases")
        return 0

    return with_platform(chosen, work)


def _told(view: LeaseView, *, with_cards: bool) -> list[str]:
    lease = view.lease
    counts = Counter(card.state.value.lower() for card in view.cards)
    what = ", ".join(f"{count} {state}" for state, count in sorted(counts.items())) or "no cards"
    why = f" ({lease.fenced_why})" if lease.fenced_why else ""
    line = f"{lease.id}  {view.state.value:<8} till {lease.till_id} epoch {lease.epoch}"
    lines = [f"{line} until {lease.expires_at:%Y-%m-%d %H:%M}Z: {what}{why}"]
    if with_cards:
        for card in view.cards:
            sale = f"  sale {card.sale_id}" if card.sale_id else ""
            lines.append(f"  {card.card_id}  {card.state.value:<11} {card.cost.minor} minor units{sale}")
    return lines


def _quarantine(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        count = await platform.leasing.quarantine(Authority(chosen.by, chosen.reason), chosen.lease)
        say(f"{count} cards are in quarantine")
        return 0

    return with_platform(chosen, work)


def _settle(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        flow, authority = platform.leasing.settle, Authority(chosen.by, chosen.reason)
        if chosen.outcome == "sold":
            say(f"{await flow.sold(authority, chosen.lease, chosen.card)} cards are charged")
        else:
            count = await flow.unsold(authority, chosen.lease, chosen.proof, chosen.card)
            say(f"{count} cards are void, their money is free")
        return 0

    return with_platform(chosen, work)
