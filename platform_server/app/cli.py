"""The commands of `python -m platform_server`."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from platform_server.app.commands import (
    backup,
    claims,
    doors,
    goods,
    leases,
    log,
    money,
    operators,
    rules,
    store_keys,
    top_ups,
    vault,
)
from platform_server.app.commands.opening import with_data, with_platform
from platform_server.domain.errors import PlatformError, StoreTrouble
from platform_server.domain.money import Money
from platform_server.domain.scopes import TILL_SCOPES, parse_scopes, write_scopes
from platform_server.settings import Settings


def main(arguments: Sequence[str] | None = None) -> int:
    """The exit code: 0 done, 1 an invariant is broken or a command was refused, 2 the server could not start."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.work(chosen))
    except KeyboardInterrupt:
        return 130
    except (PlatformError, OSError, ValueError) as trouble:
        message = _sentence(trouble)
        if chosen.command == "serve" and chosen.embedded:
            print(
                json.dumps({"ready": False, "code": type(trouble).__name__.upper(), "message": message}),
                flush=True,
            )
        else:
            print(message, file=sys.stderr)
        return 2 if chosen.command == "serve" else 1


def _sentence(trouble: Exception) -> str:
    if isinstance(trouble, PermissionError):
        return f"No permission for {trouble.filename}; choose another --data or --keys folder."
    text = str(trouble)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m platform_server", description="The card platform.")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, work: Callable[[argparse.Namespace], int], words: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=words, description=words)
        made.set_defaults(work=work)
        return made

    serve = with_data(command("serve", _serve, "answer tills"))
    serve.add_argument("--embedded", action="store_true", help="be the server of one till that starts it")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, help="default 8080; embedded: a free one")
    serve.add_argument("--address", metavar="URL", help="where tills reach it; default: where it answers")
    serve.add_argument("--supplier", metavar="practice=URL", help="who carries out top-ups")
    enrol = with_data(command("enrol", _enrol, "make the enrolment code of one till"))
    enrol.add_argument("--name", default="Till", help="the till's name")
    enrol.add_argument("--renew", metavar="T1", help="a till that gets new keys and a new epoch")
    enrol.add_argument(
        "--scopes", default=write_scopes(TILL_SCOPES), help="what its key may do, e.g. read,settlement"
    )
    enrol.add_argument(
        "--address", metavar="URL", help="where tills reach the server; default: where it answers"
    )
    sample = with_data(command("sample", _sample, "fill with a sample market"))
    sample.add_argument("--seed", type=int, default=1)
    sample.add_argument("--products", type=int, default=400)
    sample.add_argument("--codes", type=int, default=4000)
    credit = with_data(command("credit", _credit, "book money into the shop's wallet"))
    credit.add_argument("--minor", type=int, required=True, help="the amount in minor units (cents)")
    credit.add_argument("--reference", required=True, help="of the payment; the same one again books nothing")
    with_data(command("doctor", _doctor, "check every invariant"))
    operators.add_commands(commands)
    openapi = command("openapi", _openapi, "write the OpenAPI document")
    openapi.add_argument("--out", type=Path, default=Path("docs/openapi.json"))
    vault.add_commands(commands)
    top_ups.add_commands(commands)
    goods.add_commands(commands)
    money.add_commands(commands)
    doors.add_commands(commands)
    rules.add_commands(commands)
    claims.add_commands(commands)
    store_keys.add_commands(commands)
    backup.add_commands(commands)
    leases.add_commands(commands)
    log.add_commands(commands)
    return parser


def _serve(chosen: argparse.Namespace) -> int:
    from platform_server.app.logs import start_logs
    from platform_server.app.loops import run_in_loop
    from platform_server.app.places import Places
    from platform_server.app.serve import Listening, serve
    from platform_server.app.wiring import build_world

    places = Places.of(chosen.data, chosen.keys, chosen.database)
    start_logs(places.log, to_screen=not chosen.embedded)
    port = chosen.port if chosen.port is not None else (0 if chosen.embedded else 8080)
    world = build_world(Settings(), chosen.supplier)
    run_in_loop(serve(places, world, Listening(chosen.host, port, chosen.embedded, chosen.address)))
    return 0


def _enrol(chosen: argparse.Namespace) -> int:
    from platform_server.app.places import Places
    from platform_server.app.wiring import Platform

    known = Places.of(chosen.data, chosen.keys, chosen.database).address
    address = chosen.address or (known.read_text("ascii") if known.exists() else "http://127.0.0.1:8080")

    scopes = parse_scopes(chosen.scopes)

    async def work(platform: Platform) -> int:
        print(await platform.enrolment_code(address, chosen.name, chosen.renew or False, scopes))
        return 0

    return with_platform(chosen, work)


def _sample(chosen: argparse.Namespace) -> int:
    from platform_server.app.wiring import Platform
    from platform_server.domain.market import make_market

    async def work(platform: Platform) -> int:
        market = make_market(chosen.seed, chosen.products, chosen.codes)
        made = await platform.make_sample(market.suppliers, market.products, market.lots)
        print(f"{made.products} products and {made.cards} codes are new ({made.duplicates} codes were known)")
        return 0

    return with_platform(chosen, work)


def _credit(chosen: argparse.Namespace) -> int:
    from platform_server.app.wiring import Platform

    async def work(platform: Platform) -> int:
        shop, _ = await platform.open_shop("My shop / \u6211\u7684\u5c0f\u5e97", "CNY")
        wallet = await platform.credit_wallet(shop.id, Money(chosen.minor, shop.currency), chosen.reference)
        print(f"balance {wallet.balance.minor} {wallet.balance.currency} (minor units)")
        return 0

    return with_platform(chosen, work)


def _doctor(chosen: argparse.Namespace) -> int:
    from platform_server.app.places import Places
    from platform_server.app.wiring import Platform

    if not chosen.database and not Places.of(chosen.data, chosen.keys).database.exists():
        raise StoreTrouble("There is no platform in this data folder.")

    async def work(platform: Platform) -> int:
        findings = await platform.doctor()
        for finding in findings:
            print(
                f"{'ok  ' if finding.holds else 'FAIL'} {finding.name} ({' '.join(finding.proves)}): {finding.promise}"
            )
            for breach in finding.breaches[:20]:
                print(f"     {breach}")
        return 0 if all(finding.holds for finding in findings) else 1

    return with_platform(chosen, work)


def _openapi(chosen: argparse.Namespace) -> int:
    from platform_server.app.openapi import openapi_text

    chosen.out.write_text(openapi_text(), "utf-8", newline="\n")
    return 0
