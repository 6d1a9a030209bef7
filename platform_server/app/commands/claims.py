"""Commands after a sale: claims, quarantine, what people did, the history of a code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from platform_server.app.commands.opening import say, with_data, with_platform
from platform_server.domain.actions import ActionHead, Authority, ChainedAction
from platform_server.domain.claims import UNDECIDED, Claim, ClaimOutcome, ClaimState
from platform_server.domain.trace import Trace
from platform_server.flows.decide_claim import Grant

if TYPE_CHECKING:
    from platform_server.app.wiring import Platform

_AT_ONCE = 500
_LONGEST_CODE = 2000
_Work = Callable[[argparse.Namespace], int]


def add_commands(commands: Any) -> None:
    """To the parser of `python -m platform_server`."""
    _add_claims(_group(commands, "claims", "what shops say is wrong with what they were sold"))
    _add_quarantine(_group(commands, "quarantine", "cards that were sold and taken back"))
    actions = _add(
        commands, "actions", _list_actions, "what people did, the last first, and where the chain stands"
    )
    actions.add_argument("--limit", type=int, default=50)
    actions.add_argument("--before", type=int, metavar="SEQ", help="only those before this number")
    actions.add_argument("--kept", metavar="SEQ:HASH", help="check a head that was written down earlier")
    trace = _add(commands, "trace", _trace, "the whole history of a code, from its batch to its slip")
    which = trace.add_mutually_exclusive_group(required=True)
    which.add_argument("--code-stdin", action="store_true", help="the code is one line of standard input")
    which.add_argument("--card", metavar="ID")
    which.add_argument("--sale", metavar="ID", help="every card of the sale")
    trace.add_argument("--masked", default="", metavar="END", help="of a sale: only cards whose mask ends so")
    trace.add_argument("--json", action="store_true", help="one JSON document, its events chained by hashes")


def _add_claims(commands: Any) -> None:
    listing = _add(commands, "list", _list_claims, "claims to be decided, the first due first")
    listing.add_argument("--all", action="store_true", help="also those that are decided")
    _with_claim(_add(commands, "show", _show_claim, "everything about one claim"))
    for name, work, words in (
        ("ask", _ask, "the supplier was asked"),
        ("deny", _deny, "no; the shop is told the reason"),
        ("approve", _approve, "yes: the card is void, then money or another card is given"),
    ):
        _with_authority(_with_claim(_add(commands, name, work, words)))
    approve = commands.choices["approve"]
    approve.add_argument("--outcome", choices=[each.value for each in ClaimOutcome], required=True)
    approve.add_argument("--proof", metavar="REF", help="the supplier's reference: it is unused and void")
    approve.add_argument("--supplier", metavar="ID", help="who answers for it and owes us its cost")


def _add_quarantine(commands: Any) -> None:
    _add(commands, "list", _list_quarantine, "the cards that wait for a person")
    release = _with_authority(_add(commands, "release", _release, "back on the shelf"))
    release.add_argument("card", metavar="CARD")
    release.add_argument(
        "--proof", metavar="REF", required=True, help="the supplier's reference: it is unused"
    )
    void = _with_authority(_add(commands, "void", _void, "never to be sold"))
    void.add_argument("card", metavar="CARD")


def _group(commands: Any, name: str, words: str) -> Any:
    made = commands.add_parser(name, help=words, description=words)
    return made.add_subparsers(dest="verb", required=True)


def _add(commands: Any, name: str, work: _Work, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    made.set_defaults(work=work)
    return with_data(made)


def _with_claim(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("claim", metavar="CLAIM")
    return made


def _with_authority(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("--by", required=True, metavar="NAME", help="who does it")
    made.add_argument("--reason", required=True)
    made.add_argument("--authoriser", metavar="NAME", help="the second person who agrees")
    return made


def _authority(chosen: argparse.Namespace) -> Authority:
    return Authority(chosen.by, chosen.reason, chosen.authoriser)


def _list_claims(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        states = tuple(ClaimState) if chosen.all else UNDECIDED
        claims = await platform.after_sales.list_claims(states, _AT_ONCE)
        for claim in claims:
            item = f"card {claim.card_id}" if claim.card_id else f"top-up line {claim.line_id}"
            say(
                f"{claim.id}  {claim.state.value:<14} due {claim.due_at:%Y-%m-%d %H:%M}  {claim.reason.value}  {item}"
            )
        say(f"{len(claims)} claims")
        return 0

    return with_platform(chosen, work)


def _show_claim(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        say(_told(await platform.after_sales.list_claims.one(chosen.claim)))
        return 0

    return with_platform(chosen, work)


def _ask(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        say(_told(await platform.after_sales.ask_supplier(_authority(chosen), chosen.claim)))
        return 0

    return with_platform(chosen, work)


def _deny(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        say(_told(await platform.after_sales.deny_claim(_authority(chosen), chosen.claim)))
        return 0

    return with_platform(chosen, work)


def _approve(chosen: argparse.Namespace) -> int:
    grant = Grant(ClaimOutcome(chosen.outcome), chosen.proof, chosen.supplier)

    async def work(platform: Platform) -> int:
        say(_told(await platform.after_sales.approve_claim(_authority(chosen), chosen.claim, grant)))
        return 0

    return with_platform(chosen, work)


def _told(claim: Claim) -> str:
    decision = claim.decision
    lines = [
        f"claim     {claim.id}  {claim.state.value}",
        f"sale      {claim.sale_id}, line {claim.line_id}, card {claim.card_id or 'none: a top-up'}",
        f"reason    {claim.reason.value}, cost {claim.cost.minor} {claim.cost.currency} (minor units)",
        f"opened    {claim.opened_at:%Y-%m-%d %H:%M:%S}Z by {claim.opened_by}, due {claim.due_at:%Y-%m-%d %H:%M}Z",
        *(f"evidence  {each.kind}: {each.text} {each.sha256 or ''}".rstrip() for each in claim.evidence),
    ]
    if decision is not None:
        leave = f" with {decision.authoriser}" if decision.authoriser else ""
        lines.append(f"decided   {decision.at:%Y-%m-%d %H:%M:%S}Z by {decision.by}{leave}: {decision.note}")
        if decision.outcome is not None:
            given = (
                f"card {decision.new_card_id}" if decision.refund is None else f"{decision.refund.minor} back"
            )
            lines.append(f"outcome   {decision.outcome.value}: {given}; proof {decision.proof or 'none'}")
    return "\n".join(lines)


def _list_quarantine(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        after, count = "", 0
        while cards := await platform.after_sales.list_quarantine(after, _AT_ONCE):
            for card in cards:
                say(f"{card.card_id}  {card.masked}  product {card.product_id}")
            after, count = cards[-1].card_id, count + len(cards)
        say(f"{count} cards")
        return 0

    return with_platform(chosen, work)


def _release(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        await platform.after_sales.release_quarantine(_authority(chosen), chosen.card, chosen.proof)
        say("on the shelf again")
        return 0

    return with_platform(chosen, work)


def _void(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        await platform.after_sales.void_card(_authority(chosen), chosen.card)
        say("void")
        return 0

    return with_platform(chosen, work)


def _list_actions(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        flow = platform.after_sales.list_actions
        if chosen.kept is not None:
            seq, _, kept = chosen.kept.partition(":")
            holds = await flow.still_holds(ActionHead(int(seq), kept))
            say("everything up to there is as it was" if holds else "FAIL: it was changed")
            return 0 if holds else 1
        head, actions = await flow(chosen.limit, chosen.before)
        for each in actions:
            say(_line(each))
        say(f"head {head.seq}:{head.hash}")
        return 0

    return with_platform(chosen, work)


def _line(chained: ChainedAction) -> str:
    action = chained.action
    leave = f" with {action.authoriser}" if action.authoriser else ""
    detail = json.dumps(dict(action.detail), sort_keys=True)
    words = f"{action.what} {action.subject} by {action.actor}{leave}: {action.reason}"
    return f"{chained.seq}  {action.at:%Y-%m-%d %H:%M:%S}Z  {words}  {detail}"


def _trace(chosen: argparse.Namespace) -> int:
    code = sys.stdin.readline(_LONGEST_CODE) if chosen.code_stdin else ""

    async def work(platform: Platform) -> int:
        flow = platform.after_sales.trace_card
        if chosen.code_stdin:
            traces = await flow.by_code(code)
        elif chosen.card is not None:
            traces = await flow.by_card(chosen.card)
        else:
            traces = await flow.by_sale(chosen.sale, chosen.masked)
        if chosen.json:
            say(json.dumps([trace.told() for trace in traces], indent=2, ensure_ascii=False))
        else:
            for trace in traces:
                say(_history(trace))
        return 1 if any(trace.contradictions for trace in traces) else 0

    return with_platform(chosen, work)


def _history(trace: Trace) -> str:
    told = trace.told()
    lines = [f"card {trace.card_id}  {trace.masked}  {trace.state.value}  product {trace.product_id}"]
    for event in trace.events:
        detail = json.dumps(dict(event.detail), sort_keys=True, ensure_ascii=False)
        sale = f"  sale {event.sale_id}" if event.sale_id else ""
        lines.append(f"  {event.at:%Y-%m-%d %H:%M:%S}Z  {event.kind:<22} {event.actor}{sale}  {detail}")
    lines += [f"  CONTRADICTION: {words}" for words in trace.contradictions]
    lines.append(f"  hash {told['hash']}  actions head {trace.head.seq}:{trace.head.hash}")
    return "\n".join(lines)
