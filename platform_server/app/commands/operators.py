"""Commands for operators: who may sign in at the console."""

from __future__ import annotations

import argparse
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from platform_server.app.commands.opening import say, with_data, with_platform
from platform_server.domain.actions import Authority
from platform_server.domain.operators import LANGUAGES, OperatorRole
from platform_server.domain.overview import Noun, Wanted

if TYPE_CHECKING:
    from platform_server.app.wiring import Platform
    from platform_server.flows.keep_operators import FirstSecrets

_Command = Callable[["Platform", argparse.Namespace], Awaitable[int]]
_ROLES = [role.value for role in OperatorRole]


def add_commands(commands: Any) -> None:
    """`operator add|list|renew|off`."""
    words = "who may sign in at the console"
    group = commands.add_parser("operator", help=words, description=words)
    named = group.add_subparsers(dest="action", required=True)
    made = _add(named, "add", _add_operator, "a new operator; prints their first password, once")
    made.add_argument("name")
    made.add_argument("--role", choices=_ROLES, required=True)
    made.add_argument("--language", choices=LANGUAGES, default=LANGUAGES[0])
    made = _add(named, "renew", _renew, "a new password and authenticator for one who lost them")
    made.add_argument("name")
    made = _add(named, "off", _off, "an operator who may not sign in any more")
    made.add_argument("name")
    _add(named, "list", _list, "all operators")


def _add(group: Any, name: str, command: _Command, words: str) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = group.add_parser(name, help=words, description=words)
    made.set_defaults(work=lambda chosen: with_platform(chosen, lambda platform: command(platform, chosen)))
    return with_data(made)


async def _add_operator(platform: Platform, chosen: argparse.Namespace) -> int:
    from platform_server.app.console_wiring import operator_flows

    flows = operator_flows(platform)
    made = await flows.add(_authority("add"), chosen.name, OperatorRole(chosen.role))
    await flows.speak_to(made.name, chosen.language)
    _hand_out(made)
    return 0


async def _renew(platform: Platform, chosen: argparse.Namespace) -> int:
    from platform_server.app.console_wiring import operator_flows

    _hand_out(await operator_flows(platform).renew(_authority("renew"), chosen.name))
    return 0


async def _off(platform: Platform, chosen: argparse.Namespace) -> int:
    from platform_server.app.console_wiring import operator_flows

    flows = operator_flows(platform)
    await flows.change(_authority("off"), chosen.name, None, is_active=False)
    say(f"{chosen.name} may not sign in any more.")
    return 0


async def _list(platform: Platform, chosen: argparse.Namespace) -> int:
    async with platform.store.peek_books() as books:
        page = await books.browse.page(Noun.OPERATORS, Wanted(limit=1_000))
    for row in page.rows:
        cells = row.cells
        say(f"{cells['name']}  {cells['role']}  {cells['state']}")
    return 0


def _authority(command: str) -> Authority:
    """Whoever may run a command on the platform's own machine."""
    return Authority("command line", f"operator {command}")


def _hand_out(made: FirstSecrets) -> None:
    from platform_server.console.pictures import qr_text

    say(f"name            {made.name}")
    say(f"first password  {made.password}")
    say(f"authenticator   {made.uri}")
    say(qr_text(made.uri))
    say("Shown once and kept nowhere. Sign in at /admin with name, password and a code of the authenticator.")
