"""Commands for rules at reserve: policies, lists, and sales frozen in their cooling time."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_server.app.commands.opening import say, with_data, with_platform
from platform_server.domain.actions import Authority
from platform_server.domain.policies import Policy, read_policy
from platform_server.domain.policy_defaults import default_policies
from platform_server.flows.freeze_sale import FREEZERS
from platform_server.ports.rule_shelves import LISTS, Listed

if TYPE_CHECKING:
    from platform_server.app.wiring import Platform

_Work = Callable[["Platform", argparse.Namespace], Awaitable[int]]


def add_commands(commands: Any) -> None:
    """`policies`, `blocklist` and `freeze`."""
    policies = _group(commands, "policies", "the rules at reserve: list, put, on, off")
    _add(policies, "list", _list_policies, "every policy as a line of JSON")
    put = _add(policies, "put", _put_policies, "add or change the policies of a JSON file (a list)")
    put.add_argument("file", type=Path)
    _with_authority(put)
    for verb in ("on", "off"):
        made = _add(policies, verb, _switch_policy, f"switch a policy {verb}")
        made.add_argument("id")
        _with_authority(made)

    lists = _group(commands, "blocklist", "black and white lists: list, add, remove")
    _add(lists, "list", _list_lists, "every entry; only marks are kept, so nobody can be read")
    for verb, work in (("add", _enlist), ("remove", _strike)):
        made = _add(lists, verb, work, f"{verb} what is read from standard input, a line each")
        made.add_argument("kind", choices=LISTS)
        _with_authority(made)
        if verb == "add":
            made.add_argument("--note", default="", help="why, without a name or a number")
            made.add_argument("--until", type=datetime.fromisoformat, help="with its time zone")

    freeze = _group(commands, "freeze", "stop a sale whose codes have not left: list, add, lift, refund")
    _add(freeze, "list", _list_frozen, "all that are frozen")
    for verb, flow in (("add", "freeze"), ("lift", "thaw"), ("refund", "refund")):
        made = _add(freeze, verb, _freeze, f"{verb} a freeze")
        made.set_defaults(flow=flow)
        made.add_argument("sale_id")
        _with_authority(made)
        if verb == "add":
            made.add_argument("--by", choices=FREEZERS, default="operator", help="who asked for it")


def _group(commands: Any, name: str, words: str) -> Any:
    made = commands.add_parser(name, help=words, description=words)
    return made.add_subparsers(dest="verb", required=True)


def _add(group: Any, name: str, work: _Work, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = with_data(group.add_parser(name, help=words, description=words))

    async def begin(platform: Platform, chosen: argparse.Namespace) -> int:
        # A change that came before the first start would look as if somebody had done without these.
        await platform.keep_policies.install(default_policies())
        return await work(platform, chosen)

    made.set_defaults(work=lambda chosen: with_platform(chosen, lambda platform: begin(platform, chosen)))
    return made


async def _list_policies(platform: Platform, chosen: argparse.Namespace) -> int:
    for policy in await platform.keep_policies.all():
        say(json.dumps(_plain(policy), ensure_ascii=False))
    return 0


async def _put_policies(platform: Platform, chosen: argparse.Namespace) -> int:
    told = json.loads(chosen.file.read_text("utf-8"))
    if not isinstance(told, list):
        raise ValueError("the file holds a list of policies")  # noqa: TRY004  # it becomes a sentence
    policies = [read_policy(each) for each in told]
    await platform.keep_policies.put(policies, _authority(chosen))
    say(f"{len(policies)} policies put")
    return 0


async def _switch_policy(platform: Platform, chosen: argparse.Namespace) -> int:
    await platform.keep_policies.switch(chosen.id, chosen.verb == "on", _authority(chosen))
    say(f"{chosen.id} is {chosen.verb}")
    return 0


async def _list_lists(platform: Platform, chosen: argparse.Namespace) -> int:
    for entry in await platform.keep_lists.all():
        until = "" if entry.until is None else f" until {entry.until.isoformat()}"
        say(f"{entry.kind} {entry.mark}{until} {entry.note}".rstrip())
    return 0


async def _enlist(platform: Platform, chosen: argparse.Namespace) -> int:
    if chosen.until is not None and chosen.until.tzinfo is None:
        raise ValueError("--until needs a time zone, e.g. 2030-01-01T00:00+08:00")
    for text in _lines():
        say(
            await platform.keep_lists.add(
                Listed(chosen.kind, "", chosen.note, chosen.until), text, _authority(chosen)
            )
        )
    return 0


async def _strike(platform: Platform, chosen: argparse.Namespace) -> int:
    for text in _lines():
        await platform.keep_lists.remove(chosen.kind, text, _authority(chosen))
        say("removed")
    return 0


async def _list_frozen(platform: Platform, chosen: argparse.Namespace) -> int:
    for sale in await platform.freeze_sale.listed():
        say(f"{sale.sale_id} {sale.state.value} {sale.frozen_why}")
    return 0


async def _freeze(platform: Platform, chosen: argparse.Namespace) -> int:
    asked_by = (chosen.by,) if chosen.flow == "freeze" else ()
    flow = getattr(platform.freeze_sale, chosen.flow)
    sale = await flow(chosen.sale_id, *asked_by, _authority(chosen))
    say(f"{sale.sale_id} is {sale.state.value}{' and frozen' if sale.frozen_at else ''}")
    return 0


def _plain(policy: Policy) -> dict[str, Any]:
    """As `put` reads it."""
    told: dict[str, Any] = {"id": policy.id, "scope": policy.scope, "subject": policy.subject}
    told |= {"kind": policy.kind.value, "parameters": policy.parameters, "source": policy.source}
    times = {"valid_from": policy.valid_from, "valid_until": policy.valid_until}
    spelt = {name: None if at is None else at.isoformat() for name, at in times.items()}
    return {**told, "is_active": policy.is_active, **spelt}


def _lines() -> list[str]:
    """Customers and accounts come by standard input: what is typed behind a command stays in histories."""
    return [line.strip() for line in sys.stdin if line.strip()]


def _with_authority(made: argparse.ArgumentParser) -> None:
    made.add_argument("--reason", required=True, help="why; it is kept")
    made.add_argument("--actor", help="who does it; default: the user of this system")


def _authority(chosen: argparse.Namespace) -> Authority:
    return Authority(chosen.actor or _user(), chosen.reason)


def _user() -> str:
    try:
        return f"{getpass.getuser()} (command)"
    except (OSError, KeyError):  # a system without that user's name
        return "command"
