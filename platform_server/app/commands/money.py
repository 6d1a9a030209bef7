"""Commands for money: wallets, price tiers and settled days."""

from __future__ import annotations

import argparse
import getpass
import json
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_server.app.commands.opening import say, with_data, with_platform
from platform_server.domain.actions import Authority
from platform_server.domain.comparison import Difference, compare, read_ledger_file
from platform_server.domain.money import Money
from platform_server.domain.pricing import read_rules
from platform_server.domain.settlement import Settlement
from platform_server.domain.settlement_file import SettlementFile, read_file
from platform_server.domain.statement import write_statement
from platform_server.domain.tills import from_base64url, to_base64url
from platform_server.wire.documents import is_signed

if TYPE_CHECKING:
    from platform_server.app.money_wiring import MoneyFlows
    from platform_server.app.wiring import Platform
    from platform_server.domain.tills import Shop
    from platform_server.domain.wallet import Wallet

_Command = Callable[["Platform", "MoneyFlows", argparse.Namespace], Awaitable[int]]
_MOST_TOLD = 50


def add_commands(commands: Any) -> None:
    """`wallet`, `prices` and `settlement`."""
    _add_wallet(
        _group(commands, "wallet", "statement, money in and out, and the credit limit of a shop's wallet")
    )
    _add_prices(_group(commands, "prices", "wholesale price tiers"))
    _add_settlement(_group(commands, "settlement", "settled days: signed files, checked and compared"))


def _group(commands: Any, name: str, words: str) -> Any:
    made = commands.add_parser(name, help=words, description=words)
    return made.add_subparsers(dest="action", required=True)


def _add(group: Any, name: str, command: _Command, words: str) -> argparse.ArgumentParser:
    """One that works on an open platform."""

    def work(chosen: argparse.Namespace) -> int:
        from platform_server.app.money_wiring import money_flows

        return with_platform(chosen, lambda platform: command(platform, money_flows(platform), chosen))

    made: argparse.ArgumentParser = group.add_parser(name, help=words, description=words)
    made.set_defaults(work=work)
    with_data(made).add_argument("--shop", metavar="ID", help="default: the first shop")
    return made


def _add_wallet(group: Any) -> None:
    statement = _add(group, "statement", _statement, "every movement between two business dates, as CSV")
    statement.add_argument("--from", dest="first", type=date.fromisoformat, required=True, metavar="DAY")
    statement.add_argument("--to", dest="last", type=date.fromisoformat, required=True, metavar="DAY")
    statement.add_argument("--out", type=Path, metavar="FILE.csv", help="default: the screen")
    for name, command, words in (
        ("credit", _credit, "book money into a wallet"),
        ("debit", _debit, "book money out of a wallet"),
        ("limit", _limit, "set how far below zero a wallet may go"),
    ):
        made = _add(group, name, command, words)
        made.add_argument("--minor", type=int, required=True, help="in minor units (cents)")
        _add_authority(made)
        if name != "limit":
            made.add_argument("--reference", required=True, help="the same one again books nothing")


def _add_prices(group: Any) -> None:
    put = _add(group, "put", _put_prices, "make a price tier, or replace its rules")
    put.add_argument("name")
    put.add_argument("file", type=Path, help="JSON, as docs/settlement.md shows it")
    assign = _add(group, "assign", _assign, "let a shop belong to a tier")
    assign.add_argument("name", nargs="?", help="without one the shop pays list prices")
    _add_authority(put)
    _add_authority(assign)
    _add(group, "list", _list_prices, "every tier and its rules, a line each")


def _add_settlement(group: Any) -> None:
    make = _add(group, "make", _make, "close a business date and write its file; again: the same file")
    make.add_argument("--date", dest="day", type=date.fromisoformat, required=True, metavar="DAY")
    make.add_argument("--out", type=Path, metavar="FILE.csv", help="default: settlement-DAY.csv")
    beside = _add(group, "compare", _compare_pushed, "compare files with the tills' ledgers, line by line")
    beside.add_argument("--file", dest="files", type=Path, nargs="+", required=True, metavar="FILE.csv")
    beside.add_argument(
        "--till-ledger",
        dest="ledgers",
        type=Path,
        nargs="+",
        metavar="FILE.jsonl",
        help="ledgers as the tills wrote them; default: as they were pushed to this platform",
    )
    with_platform_work = beside.get_default("work")
    beside.set_defaults(
        work=lambda chosen: _compare_files(chosen) if chosen.ledgers else with_platform_work(chosen)
    )
    words = "check the hash, the sums and the signature of a file"
    verify: argparse.ArgumentParser = group.add_parser("verify", help=words, description=words)
    verify.add_argument("file", type=Path)
    verify.add_argument("--key", required=True, help="the platform's public key, 32 bytes in base64url")
    verify.set_defaults(work=_verify)


def _add_authority(made: argparse.ArgumentParser) -> None:
    made.add_argument("--reason", required=True)
    made.add_argument("--actor", default=_me(), help="who does it; default: who is logged in")


def _by(chosen: argparse.Namespace) -> Authority:
    return Authority(chosen.actor, chosen.reason)


def _me() -> str:
    try:
        return f"operator:{getpass.getuser()}"
    except (ImportError, KeyError, OSError):  # an account without a name
        return "operator"


async def _shop(flows: MoneyFlows, chosen: argparse.Namespace) -> Shop:
    return await flows.find_shop(chosen.shop)


async def _statement(platform: Platform, flows: MoneyFlows, chosen: argparse.Namespace) -> int:
    shop = await _shop(flows, chosen)
    statement = await flows.tell_statement(shop.id, chosen.first, chosen.last)
    text = write_statement(statement)
    if chosen.out is None:
        say(text.rstrip("\n"))
    else:
        chosen.out.write_text(text, "utf-8", newline="\n")
        say(f"{len(statement.movements)} movements, closing balance {statement.closing.minor}: {chosen.out}")
    return 0


async def _credit(platform: Platform, flows: MoneyFlows, chosen: argparse.Namespace) -> int:
    return await _book(platform.credit_wallet, flows, chosen)


async def _debit(platform: Platform, flows: MoneyFlows, chosen: argparse.Namespace) -> int:
    return await _book(flows.debit_wallet, flows, chosen)


async def _book(
    book: Callable[[str, Money, str, Authority], Awaitable[Wallet]],
    flows: MoneyFlows,
    chosen: argparse.Namespace,
) -> int:
    shop = await _shop(flows, chosen)
    wallet = await book(shop.id, Money(chosen.minor, shop.currency), chosen.reference, _by(chosen))
    say(f"balance {wallet.balance.minor} {shop.currency} (minor units)")
    return 0


async def _limit(platform: Platform, flows: MoneyFlows, chosen: argparse.Namespace) -> int:
    shop = await _shop(flows, chosen)
    limit = Money(chosen.minor, shop.currency)
    wallet = await flows.set_credit_limit(shop.id, limit, _by(chosen))
    say(f"credit limit {wallet.credit_limit.minor} {shop.currency} (minor units)")
    return 0


async def _put_prices(platform: Platform, flows: MoneyFlows, chosen: argparse.Namespace) -> int:
    shop = await _shop(flows, chosen)
    rules = read_rules(json.loads(chosen.file.read_text("utf-8")), shop.currency)
    tier = await flows.put_tier(chosen.name, rules, _by(chosen))
    say(f"price tier {tier.name} has {len(tier.rules)} rules")
    return 0


async def _assign(platform: Platform, flows: MoneyFlows, chosen: argparse.Namespace) -> int:
    shop = await _shop(flows, chosen)
    await flows.assign_tier(shop.id, chosen.name, _by(chosen))
    say(f"shop {shop.id} pays {'list prices' if chosen.name is None else f'the prices of {chosen.name}'}")
    return 0


async def _list_prices(platform: Platform, flows: MoneyFlows, chosen: argparse.Namespace) -> int:
    for tier in await flows.list_tiers():
        say(f"{tier.name}: {len(tier.rules)} rules")
        for rule in tier.rules:
            steps = (
                f"{each.from_quantity}+ {each.rate_bp} bp"
                if each.fixed is None
                else f"{each.from_quantity}+ {each.fixed.minor}"
                for each in rule.breaks
            )
            say(f"  {rule.scope} {rule.subject}".rstrip() + f": {', '.join(steps)}")
    return 0


async def _make(platform: Platform, flows: MoneyFlows, chosen: argparse.Namespace) -> int:
    shop = await _shop(flows, chosen)
    raw = await flows.make_settlement(shop.id, chosen.day)
    out = chosen.out or Path(f"settlement-{chosen.day}.csv")
    out.write_bytes(raw)
    file = read_file(raw)
    done = file.settlement
    key = to_base64url(platform.platform_key.public_key().public_bytes_raw())
    say(
        f"{out}: {len(done.lines)} lines, charged {done.charged.minor}, returned {done.returned.minor} {done.currency}"
    )
    say(f"sha256 {file.digest}, signed by {file.keyid} {key}")
    return 0


async def _compare_pushed(platform: Platform, flows: MoneyFlows, chosen: argparse.Namespace) -> int:
    files = [read_file(path.read_bytes()) for path in chosen.files]
    return _tell(files, await flows.compare_settlement([file.settlement for file in files]))


def _compare_files(chosen: argparse.Namespace) -> int:
    files = [read_file(path.read_bytes()) for path in chosen.files]
    stories = {}
    faults = []
    for path in chosen.ledgers:
        till_id, stories[till_id], broken = read_ledger_file(path.read_bytes())
        faults += [f"{path}: {fault}" for fault in broken]
    for fault in faults:
        say(fault)
    left_out = {line.till_id for file in files for line in file.settlement.lines} - stories.keys() - {""}
    if left_out:
        say(f"not compared, for their ledgers are not here: tills {', '.join(sorted(left_out))}")
    settlements: list[Settlement] = [file.settlement for file in files]
    return _tell(files, compare(settlements, stories)) or (1 if faults else 0)


def _tell(files: list[SettlementFile], differences: tuple[Difference, ...]) -> int:
    faults = [f"{file.settlement.day}: {fault}" for file in files for fault in file.faults]
    for fault in faults:
        say(fault)
    for difference in differences[:_MOST_TOLD]:
        say(str(difference))
    if len(differences) > _MOST_TOLD:
        say(f"and {len(differences) - _MOST_TOLD} more")
    lines = sum(len(file.settlement.lines) for file in files)
    say(f"{lines} lines compared, {len(differences)} differ")
    return 1 if faults or differences else 0


def _verify(chosen: argparse.Namespace) -> int:
    file = read_file(chosen.file.read_bytes())
    faults = list(file.faults)
    if not is_signed(file.message, file.signature, from_base64url(chosen.key, 32)):
        faults.append("the signature is not that of this key")
    for fault in faults:
        say(fault)
    if not faults:
        done = file.settlement
        say(f"true: shop {done.shop_id}, {done.day}, {len(done.lines)} lines, signed by {file.keyid}")
    return 1 if faults else 0
