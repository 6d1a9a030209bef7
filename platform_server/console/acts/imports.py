"""The act that brings a supplier's file of codes into the vault, or tries what it would bring."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

from platform_server.console.acts.form import Act, Doing, Field, FormFault, Told
from platform_server.console.uploads import Upload
from platform_server.domain.code_rows import FaultReason
from platform_server.domain.errors import BadRequest
from platform_server.domain.goods import ProductKind
from platform_server.domain.imports import CodeImport, ImportFault
from platform_server.domain.operators import Right
from platform_server.domain.overview import Noun
from platform_server.flows.read_codes import ImportOrder

_MEMORY = Path("/dev/shm")  # noqa: S108  # a disk in memory: nothing of a file of codes is left on a real one
_EXAMPLES = 10


@asynccontextmanager
async def _laid_down(upload: Upload) -> AsyncIterator[Path]:
    """The file in a folder of this user alone, in memory where the system has that; gone afterwards."""
    folder = await asyncio.to_thread(_new_folder)
    try:
        path = folder / (re.sub(r"[^\w.-]", "_", Path(upload.name).name)[-80:].lstrip(".") or "codes")
        await asyncio.to_thread(path.write_bytes, upload.content)
        yield path
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _new_folder() -> Path:
    home = _MEMORY if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) else None
    return Path(tempfile.mkdtemp(prefix="pos-import-", dir=home))


async def _import_codes(doing: Doing) -> Told:
    upload = doing.uploads["file"]
    async with _laid_down(upload) as path:
        order = ImportOrder(
            path=str(path),
            product_id=doing.subject,
            by=doing.authority.actor,
            zone=doing.desk.zone,
            supplier_batch=doing.values["supplier_batch"],
            reference=doing.values["delivery"],
        )
        try:
            if doing.values["way"] == "try":
                return await _try(doing, order)
            outcome = await doing.desk.flows.import_file(order, _nobody_waits)
        except BadRequest:
            raise FormFault(file="fault.file") from None
    report, _ = await doing.desk.flows.read_imports.report(outcome.done.id)
    sentence = "import_codes_known" if outcome.was_finished else "import_codes"
    return Told(sentence, _sums(report.done), report=_lines(doing, report.reasons, report.examples))


async def _try(doing: Doing, order: ImportOrder) -> Told:
    reasons: Counter[FaultReason] = Counter()
    examples: dict[FaultReason, tuple[int, ...]] = {}

    async def tell(done: CodeImport, faults: tuple[ImportFault, ...]) -> None:
        for fault in faults:
            reasons[fault.reason] += 1
            examples[fault.reason] = (*examples.get(fault.reason, ()), fault.row)[:_EXAMPLES]

    done = await doing.desk.flows.try_file(order, tell)
    return Told("import_codes_tried", _sums(done), report=_lines(doing, reasons, examples))


async def _nobody_waits(done: CodeImport) -> None:
    """The page is shown at the end; a cut connection leaves what is settled, and the same file goes on from there."""


def _sums(done: CodeImport) -> Mapping[str, str]:
    sums = {"rows": done.rows, "added": done.added, "duplicates": done.duplicates, "faults": done.faults}
    return {name: str(count) for name, count in sums.items()}


def _lines(
    doing: Doing, reasons: Mapping[FaultReason, int], examples: Mapping[FaultReason, tuple[int, ...]]
) -> tuple[tuple[str, str], ...]:
    """Why rows were left out, and in which lines; never what stood there."""
    say = doing.desk.words.say
    return tuple(
        (
            say(doing.language, f"fault_reason.{reason.value}"),
            say(
                doing.language,
                "report.lines",
                count=count,
                lines=", ".join(str(line) for line in examples.get(reason, ())),
            ),
        )
        for reason, count in sorted(reasons.items())
    )


IMPORT_ACTS = (
    Act(
        "import_codes",
        Right.IMPORT_CODES,
        Noun.PRODUCTS,
        _import_codes,
        (
            Field("file", "file"),
            Field("delivery"),
            Field("supplier_batch"),
            Field("way", "choice", ("try", "bring")),
        ),
        is_noted=True,
        needs_reason=False,
        fits=lambda row: row.cells["kind"] == ProductKind.CODE.value,
    ),
)
