"""`worker` carries top-ups beside the server; `top-ups` shows them to people and takes their decisions."""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import signal
from contextlib import suppress
from typing import Any

from platform_server.app.commands.opening import say, with_data, with_platform
from platform_server.domain.errors import StoreTrouble
from platform_server.domain.top_up import TopUp, TopUpState
from platform_server.settings import Settings


def add_commands(commands: Any) -> None:
    """`commands` is what argparse calls the subparsers of the program."""
    words = "carry top-ups to the supplier, beside the server or other workers"
    worker = with_data(commands.add_parser("worker", help=words, description=words))
    worker.add_argument("--supplier", metavar="practice=URL", required=True, help="who carries out top-ups")
    worker.set_defaults(work=_work)
    words = "look at top-ups, have one asked about, decide one that nobody answers for"
    top_ups = commands.add_parser("top-ups", help=words, description=words)
    verbs = top_ups.add_subparsers(dest="verb", required=True)
    listing = with_data(verbs.add_parser("list", help="orders with what was done for them, as lines of JSON"))
    names = [state.value for state in TopUpState]
    listing.add_argument("--state", action="append", choices=names, help="default: MANUAL and UNKNOWN")
    listing.set_defaults(work=_list)
    ask = with_data(verbs.add_parser("ask", help="ask the supplier about an order at once"))
    ask.add_argument("reference")
    ask.set_defaults(work=_ask)
    settle = with_data(verbs.add_parser("settle", help="decide a MANUAL order; failed gives the money back"))
    settle.add_argument("reference")
    outcome = settle.add_mutually_exclusive_group(required=True)
    outcome.add_argument("--succeeded", action="store_true")
    outcome.add_argument("--failed", action="store_true")
    settle.add_argument("--evidence", required=True, help="what the decision rests on")
    settle.add_argument("--actor", required=True, help="who decides")
    settle.add_argument("--authoriser", help="a second person who stands for it")
    settle.set_defaults(work=_settle)


def _work(chosen: argparse.Namespace) -> int:
    from platform_server.app.logs import start_logs
    from platform_server.app.loops import run_in_loop
    from platform_server.app.places import Places
    from platform_server.app.top_up_work import work_on_top_ups
    from platform_server.app.wiring import build_world, open_platform

    places = Places.of(chosen.data, chosen.keys, chosen.database)
    if not chosen.database and not places.database.exists():
        raise StoreTrouble("There is no platform in this data folder; start the server first.")
    start_logs(places.log, to_screen=True)
    world = build_world(Settings(), chosen.supplier)

    async def run() -> None:
        # never alone: the schema is the server's business, and its lock stays free for it
        async with open_platform(places, world, is_alone=False) as platform:
            work = asyncio.create_task(work_on_top_ups(platform, asyncio.Event()))
            if os.name == "posix":
                asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, work.cancel)
            say(json.dumps({"ready": True, "pid": os.getpid()}))
            with suppress(asyncio.CancelledError):
                await work

    run_in_loop(run())
    return 0


def _list(chosen: argparse.Namespace) -> int:
    from platform_server.app.wiring import Platform

    states = [TopUpState(name) for name in chosen.state or ("MANUAL", "UNKNOWN")]

    async def work(platform: Platform) -> int:
        for top_up, attempts in await platform.list_top_ups(states):
            done = [f"{each.number} {each.kind.value} {each.outcome or 'open'}" for each in attempts]
            say(json.dumps({**_facts(top_up), "attempts": done}, ensure_ascii=False))
        return 0

    return with_platform(chosen, work)


def _ask(chosen: argparse.Namespace) -> int:
    from platform_server.app.wiring import Platform

    async def work(platform: Platform) -> int:
        await platform.call_for_top_up(chosen.reference)
        say("a worker asks the supplier now")
        return 0

    return with_platform(chosen, work)


def _settle(chosen: argparse.Namespace) -> int:
    from platform_server.app.wiring import Platform
    from platform_server.domain.actions import Authority

    async def work(platform: Platform) -> int:
        authority = Authority(chosen.actor, chosen.evidence, chosen.authoriser)
        settled = await platform.settle_top_up(chosen.reference, chosen.succeeded, authority)
        say(json.dumps(_facts(settled)))
        return 0

    return with_platform(chosen, work)


def _facts(top_up: TopUp) -> dict[str, Any]:
    """What a person needs; of the account only its end."""
    return {
        "reference": top_up.reference,
        "state": top_up.state.value,
        "accepted_at": top_up.accepted_at.isoformat(),
        "account": "****" + top_up.account[-4:],
        "cost": [top_up.cost.minor, top_up.cost.currency],
        "supplier_order": top_up.supplier_order,
        "reason": top_up.reason,
        "late_success": top_up.late_success,
    }
