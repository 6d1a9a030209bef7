"""`log` tells a shop's log over its tills' entries, signed, proves what stands in it, and adds up what it tells of money."""

from __future__ import annotations

import argparse
import json
from datetime import date
from typing import TYPE_CHECKING, Any

from platform_server.app.commands.opening import say, with_data, with_platform
from platform_server.app.money_wiring import money_flows
from platform_server.domain.errors import BadRequest, NotFound
from platform_server.domain.reservation import Caller
from platform_server.routes import ledger_messages as m

if TYPE_CHECKING:
    from platform_server.app.wiring import Platform


def add_commands(commands: Any) -> None:
    """log checkpoint|prove|takings; what they say is JSON, as docs/protocol.md section 11 has it."""
    words = "the log of a shop over all entries of its tills"
    verbs = commands.add_parser("log", help=words, description=words).add_subparsers(
        dest="verb", required=True
    )
    words = "the log as it stands, signed, with where the present chain of a till stands in it"
    point = _about_till(verbs.add_parser("checkpoint", help=words, description=words))
    point.set_defaults(work=_checkpoint)
    words = "prove that an entry is in the log (--epoch, --seq), or that the log only grew (--from)"
    prove = _about_till(verbs.add_parser("prove", help=words, description=words))
    prove.set_defaults(work=_prove)
    prove.add_argument("--epoch", type=int)
    prove.add_argument("--seq", type=int, help="the number of an entry of that till and epoch")
    prove.add_argument("--from", type=int, dest="first", metavar="SIZE", help="of the earlier log")
    prove.add_argument("--size", type=int, help="of the log that is proved; default: as it is now")
    words = "what each till took on a business date, added up from its own entries as far as they came in"
    takings = with_data(verbs.add_parser("takings", help=words, description=words))
    takings.set_defaults(work=_takings)
    takings.add_argument("--date", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD")
    takings.add_argument("--shop", metavar="ID", help="default: the first shop")


def _about_till(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    made.add_argument("--till", default="T1", metavar="CODE", help="default: T1")
    made.add_argument("--shop", metavar="ID", help="default: the first shop")
    return with_data(made)


def _checkpoint(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        signed = await platform.ledgers.doors.tell_log(await _caller(platform, chosen))
        say(m.LogPointMessage.of(signed).model_dump_json())
        return 0

    return with_platform(chosen, work)


def _prove(chosen: argparse.Namespace) -> int:
    if (chosen.seq is None) == (chosen.first is None) or (chosen.seq is None) != (chosen.epoch is None):
        raise BadRequest("say either --epoch and --seq, or --from")

    async def work(platform: Platform) -> int:
        caller, doors = await _caller(platform, chosen), platform.ledgers.doors
        if chosen.seq is None:
            size = chosen.size if chosen.size is not None else (await doors.tell_log(caller)).point.size
            told: dict[str, Any] = {"from": chosen.first, "to": size}
            path = await doors.prove_growth(caller, chosen.first, size)
        else:
            proof = await doors.prove_entry(caller, chosen.epoch, chosen.seq, chosen.size)
            told, path = {"index": proof.index, "size": proof.size}, proof.path
        say(json.dumps({**told, "path": [each.hex() for each in path]}))
        return 0

    return with_platform(chosen, work)


def _takings(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        flows = money_flows(platform)
        shop = await flows.find_shop(chosen.shop)
        for till, takings in await flows.tell_takings(shop.id, chosen.date):
            told: dict[str, Any] = {"till_code": till.code, "sales": takings.sales}
            told |= {"takings_minor": takings.total, "taken": takings.taken, "given_back": takings.given_back}
            say(json.dumps(told))
        return 0

    return with_platform(chosen, work)


async def _caller(platform: Platform, chosen: argparse.Namespace) -> Caller:
    """The till that is asked about. Raises NotFound."""
    shop = await money_flows(platform).find_shop(chosen.shop)
    for till, _ in await platform.doors.list_tills(shop.id):
        if till.code == chosen.till:
            return Caller(till.shop_id, till.id)
    raise NotFound(f"no till {chosen.till}")
