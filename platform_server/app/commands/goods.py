"""The commands about goods: a document in, a document out, products off the shelf, who is on file."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from platform_server.app.commands.opening import say, with_data, with_platform
from platform_server.domain.canonical import read_plain_json
from platform_server.domain.errors import BadRequest
from platform_server.domain.lot_file import read_lot

if TYPE_CHECKING:
    from platform_server.app.wiring import Platform


def add_commands(commands: Any) -> None:
    """To the parser of `python -m platform_server`."""
    words = "suppliers, brands, categories and products"
    group = commands.add_parser("goods", help=words, description=words)
    goods = group.add_subparsers(dest="goods", required=True)
    load = _add(goods, "import", _import, "put a document of goods on the shelf, all of it or nothing")
    load.add_argument("file", type=Path, metavar="FILE", help="JSON, as docs/goods.md has it")
    load.add_argument("--dry-run", action="store_true", help="say what would happen, write nothing")
    tell = _add(goods, "export", _export, "write everything that is on sale as such a document")
    tell.add_argument("--out", type=Path, metavar="FILE", help="instead of standard output")
    codes = _add(goods, "codes", _bring_codes, "bring a lot of kits, pictures or cards into the vault")
    codes.add_argument("file", type=Path, metavar="FILE", help="JSON, as docs/goods.md has it")
    off = _add(goods, "off", _take_off, "take products off sale")
    off.add_argument("ids", nargs="+", metavar="ID")
    _add(goods, "suppliers", _list_suppliers, "who is on file, and why somebody may not sell")


def _add(
    commands: Any, name: str, work: Callable[[argparse.Namespace], int], words: str
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = commands.add_parser(name, help=words, description=words)
    made.set_defaults(work=work)
    return with_data(made)


def _import(chosen: argparse.Namespace) -> int:
    try:
        document = read_plain_json(chosen.file.read_bytes().removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError) as fault:
        raise ValueError(f"{chosen.file.name} is no JSON that can be read: {fault}") from fault

    async def work(platform: Platform) -> int:
        try:
            report = await platform.load_goods(document, is_dry_run=chosen.dry_run)
        except BadRequest as refusal:
            errors = refusal.details["errors"]
            _tell_faults(chosen.file.name, [(fault["where"], fault["what"]) for fault in errors])
            return 1
        verb = "would be" if chosen.dry_run else "are"
        say(f"{report.suppliers} suppliers and {report.products} products {verb} new or changed")
        return 0

    return with_platform(chosen, work)


def _bring_codes(chosen: argparse.Namespace) -> int:
    try:
        read = read_lot(read_plain_json(chosen.file.read_bytes().removeprefix(b"\xef\xbb\xbf")))
    except (ValueError, RecursionError):  # without the cause, which may repeat a code
        raise ValueError(f"{chosen.file.name} is no JSON that can be read") from None
    lot = read.lot
    if lot is None:
        _tell_faults(chosen.file.name, [(fault.where, fault.what) for fault in read.faults])
        return 1

    async def work(platform: Platform) -> int:
        (report,) = await platform.import_codes([lot])
        say(f"{report.imported} are new ({report.duplicates} hold a code that was known)")
        return 0

    return with_platform(chosen, work)


def _tell_faults(name: str, faults: Sequence[tuple[str, str]]) -> None:
    for where, what in faults:
        sys.stderr.write(f"{where or name}: {what}\n")
    sys.stderr.write(f"{len(faults)} faults; nothing was written.\n")


def _export(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        text = json.dumps(await platform.tell_goods(), ensure_ascii=False, indent=2)
        if chosen.out is None:
            say(text)
        else:
            chosen.out.write_text(text + "\n", "utf-8", newline="\n")
        return 0

    return with_platform(chosen, work)


def _take_off(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        say(f"{await platform.take_off_products(chosen.ids)} products were on sale and are not any more")
        return 0

    return with_platform(chosen, work)


def _list_suppliers(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        today = platform.world.clock.now().date()
        for file in await platform.list_suppliers():
            paper = file.authorisation
            until = (
                "" if paper is None else f", {paper.document} of {paper.granted_by} until {paper.valid_until}"
            )
            say(f"{file.id}  {file.names.zh} / {file.names.en}{until}: {file.why_not(today) or 'may sell'}")
        return 0

    return with_platform(chosen, work)
