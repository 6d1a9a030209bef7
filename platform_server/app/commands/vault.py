"""`import` brings suppliers' files into the vault, `imports` tells of them, `rotate-keys` changes the vault's keys."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import json
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from platform_server.app.commands.opening import say, with_data, with_platform
from platform_server.domain.cards import Batch
from platform_server.domain.code_rows import FaultReason
from platform_server.domain.errors import BadRequest
from platform_server.domain.imports import CodeImport, ImportFault, ImportReport
from platform_server.flows.read_codes import ImportOrder
from platform_server.flows.rotate_keys import Rotation
from platform_server.settings import Settings

if TYPE_CHECKING:
    from platform_server.app.wiring import Platform

_TELL_EVERY_S = 1.0
_CHECKPOINT_EVERY = 10  # pieces: the write-ahead log stays some megabytes long
_EXAMPLES = 10
_NEWEST = 20


def add_commands(commands: Any) -> None:
    """`import`, `imports` and `rotate-keys`."""
    bring = _add(
        commands, "import", _import, "bring a supplier's file of codes (CSV, TXT, XLSX) into the vault"
    )
    bring.add_argument("file", type=Path)
    bring.add_argument("--product", required=True, metavar="ID", help="the product that the codes are of")
    bring.add_argument(
        "--supplier-batch", required=True, metavar="NO", help="what the supplier calls the delivery"
    )
    bring.add_argument("--reference", required=True, metavar="NO", help="of its invoice or delivery note")
    bring.add_argument("--supplier", metavar="ID", help="who delivered it; default: the product's supplier")
    bring.add_argument("--received", metavar="DAY", help="when it came, YYYY-MM-DD in UTC; default: now")
    bring.add_argument(
        "--columns", default="", metavar="NAMES", help="e.g. number,pin,expires_at; skip passes one over"
    )
    bring.add_argument("--separator", help="a character, or tab, dashes, blanks, none; default: found out")
    bring.add_argument("--zone", default=Settings().import_zone, help="of the dates in the file")
    bring.add_argument("--by", default=None, metavar="NAME", help="who imports; default: the system's user")
    bring.add_argument("--dry-run", action="store_true", help="say what would come, write nothing")
    bring.add_argument("--report", type=Path, metavar="FILE", help="write the report as JSON too")
    imports = _add(commands, "imports", _imports, "list imports, or tell all of one")
    imports.add_argument("id", nargs="?")
    rotate = _add(commands, "rotate-keys", _rotate, "change the key of the vault; cut off, run it again")
    rotate.add_argument(
        "--deep", action="store_true", help="renew the keys of batches too, and shut every card again"
    )


def _add(
    commands: Any, name: str, work: Callable[[argparse.Namespace], int], words: str
) -> argparse.ArgumentParser:
    made: argparse.ArgumentParser = with_data(commands.add_parser(name, help=words, description=words))
    made.set_defaults(work=work)
    return made


def _import(chosen: argparse.Namespace) -> int:
    order = ImportOrder(
        path=str(chosen.file.absolute()),
        product_id=chosen.product,
        by=chosen.by or _user(),
        zone=_zone(chosen.zone),
        supplier_batch=chosen.supplier_batch,
        reference=chosen.reference,
        supplier_id=chosen.supplier,
        received_at=_received(chosen.received),
        columns=tuple(name for name in chosen.columns.split(",") if chosen.columns),
        separator=chosen.separator,
    )

    async def work(platform: Platform) -> int:
        return await (_try if chosen.dry_run else _bring)(platform, order, chosen.report)

    return with_platform(chosen, work)


def _received(day: str | None) -> datetime | None:
    if day is None:
        return None
    try:
        return datetime.combine(date.fromisoformat(day), time(), UTC)
    except ValueError:
        raise BadRequest.at("received", "a day is written YYYY-MM-DD") from None


async def _bring(platform: Platform, order: ImportOrder, out: Path | None) -> int:
    outcome = await platform.import_file(order, _Meter(platform.store.tidy))
    report, batch = await platform.read_imports.report(outcome.done.id)
    if outcome.was_finished:
        say(f"This file was imported at {report.done.finished_at:%Y-%m-%d %H:%M} UTC; nothing was added now.")
    _tell_report(report, batch, out)
    return 0


async def _try(platform: Platform, order: ImportOrder, out: Path | None) -> int:
    reasons: Counter[FaultReason] = Counter()
    examples: dict[FaultReason, tuple[int, ...]] = {}
    meter = _Meter(None)

    async def tell(done: CodeImport, faults: tuple[ImportFault, ...]) -> None:
        reasons.update(fault.reason for fault in faults)
        for fault in faults:
            seen = examples.get(fault.reason, ())
            examples[fault.reason] = seen if len(seen) == _EXAMPLES else (*seen, fault.row)
        await meter(done)

    done = await platform.try_file(order, tell)
    say("A dry run: nothing was written.")
    _tell_report(ImportReport(done, reasons, examples), None, out)
    return 0


class _Meter:
    """Progress on standard error, about once a second; between pieces the write-ahead log is emptied."""

    def __init__(self, checkpoint: Callable[[], Awaitable[None]] | None) -> None:
        self._checkpoint = checkpoint
        self._pieces = 0
        self._began = self._told = 0.0
        self._rows_before = 0

    async def __call__(self, done: CodeImport) -> None:
        now = asyncio.get_running_loop().time()
        self._pieces += 1
        if self._pieces == 1:
            self._began, self._rows_before = now, done.rows
        if self._pieces == 1 or now - self._told >= _TELL_EVERY_S:
            self._told = now
            rate = (done.rows - self._rows_before) / (now - self._began) if now > self._began else 0.0
            sys.stderr.write(
                f"{done.rows} rows: {done.added} new, {done.duplicates} duplicates, {done.faults} refused"
                f" ({rate:.0f} rows/s)\n"
            )
            sys.stderr.flush()
        if self._checkpoint is not None and self._pieces % _CHECKPOINT_EVERY == 0:
            await self._checkpoint()


def _imports(chosen: argparse.Namespace) -> int:
    async def work(platform: Platform) -> int:
        if chosen.id is not None:
            _tell_report(*await platform.read_imports.report(chosen.id), None)
            return 0
        for done in await platform.read_imports.recent(_NEWEST):
            state = "unfinished" if done.finished_at is None else "finished"
            say(
                f"{done.id} {done.began_at:%Y-%m-%d %H:%M} {state} {_sums(done)} {done.file_name} by {done.by}"
            )
        return 0

    return with_platform(chosen, work)


def _rotate(chosen: argparse.Namespace) -> int:
    from platform_server.app.places import Places
    from platform_server.store.lock import DataLock

    async def work(platform: Platform) -> int:
        lock = DataLock(Places.of(chosen.data, chosen.keys, chosen.database).rotation)
        await lock.take(0)
        try:
            _tell_rotation(await platform.rotate_keys(chosen.deep, tell))
        finally:
            lock.give_back()
        return 0

    async def tell(done: Rotation) -> None:
        sys.stderr.write(f"{done.rewrapped} batch keys rewrapped, {done.shut_again} cards shut again\n")
        sys.stderr.flush()

    return with_platform(chosen, work)


def _tell_rotation(done: Rotation) -> None:
    say(f"{'A new key' if done.is_new else 'The key'} {done.kek_id} wraps the vault.")
    say(f"{done.rewrapped} batch keys were rewrapped, {done.shut_again} cards shut again.")
    for kek_id in done.retired:
        say(f"{kek_id} is deleted; a backup made before needs a copy of the keys of its time.")
    for kek_id in done.left_outside:
        say(f"Nothing needs {kek_id} any more: take it out of POS_PLATFORM_KEK.")


def _tell_report(report: ImportReport, batch: Batch | None, out: Path | None) -> None:
    done = report.done
    say(f"{done.file_name}: {done.rows} rows, {_sums(done)}.")
    if batch is not None:
        say(
            f"Batch {batch.key.batch_id} has {batch.count} codes of {batch.face.minor} {batch.face.currency} (minor units)."
        )
    for reason, count in sorted(report.reasons.items()):
        lines = ", ".join(str(line) for line in report.examples[reason])
        say(
            f"  {reason.value}: {count} (lines {lines}{', ...' if count > len(report.examples[reason]) else ''})"
        )
    if out is not None:
        out.write_text(json.dumps(_plain(report, batch), indent=2, ensure_ascii=False) + "\n", "utf-8")


def _plain(report: ImportReport, batch: Batch | None) -> Mapping[str, Any]:
    """The report as JSON: lines and reasons, nothing of what stood in them."""
    done = report.done
    face = None if batch is None else {"minor": batch.face.minor, "currency": batch.face.currency}
    reasons = {
        reason.value: {"count": count, "first_lines": list(report.examples[reason])}
        for reason, count in sorted(report.reasons.items())
    }
    return {
        "import_id": done.id or None,
        "file": done.file_name,
        "product_id": done.product_id,
        "supplier_batch": done.supplier_batch,
        "by": done.by,
        "began_at": done.began_at.isoformat(),
        "finished_at": None if done.finished_at is None else done.finished_at.isoformat(),
        "rows": done.rows,
        "added": done.added,
        "duplicates": done.duplicates,
        "faults": done.faults,
        "reasons": reasons,
        "batch_id": done.batch_id,
        "codes_in_batch": None if batch is None else batch.count,
        "face": face,
    }


def _sums(done: CodeImport) -> str:
    return f"{done.added} new, {done.duplicates} duplicates, {done.faults} refused"


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise BadRequest.at("zone", f"{name!r} is no time zone") from None


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # an account without a name
        return "unknown"
