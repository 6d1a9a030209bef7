"""Power cuts by the thousand: a day is recorded, every state that a cut may leave is laid out, and the till reopened."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from itertools import count
from pathlib import Path

from tests.cuts.disk import cuts
from tests.cuts.recovery import recover
from tests.cuts.reopen import Place, Told, glance, look, worlds_beside
from tests.cuts.trace import Recording, record
from tests.proof.footing import ROOT, program_of, quick_folder

OURS = "WAL FULL"
_LOOKED_AT = 0.01  # of the states that were glanced at
_LOOKED_AT_FIRST = 0.1  # before anything was promised, when a glance says nothing
_TOLD = 5


@dataclass(frozen=True)
class Form:
    """How many states are reopened by the store, and how many are taken up by the whole till."""

    states: int
    recoveries: int
    customers: int = 12
    most: int = 6  # states of one moment


FORMS = {
    "short": Form(3_000, 30, customers=5, most=2),
    "full": Form(20_000, 1_000),
    "release": Form(1_000_000, 50_000),
}


@dataclass(frozen=True)
class Tally:
    """What became of the states: how many were reopened, and in which of them something was missing."""

    recordings: int = 0
    operations: int = 0
    states: int = 0
    looked_at: int = 0
    recoveries: int = 0
    lost: int = 0  # states in which something that had been told was not there
    damaged: int = 0  # states that could not be read, or were nothing whole
    unrecovered: int = 0  # states from which the till did not come to a good end
    told: tuple[str, ...] = field(default=())

    def __add__(self, other: Tally) -> Tally:
        sums = {
            name: value + getattr(other, name)
            for name, value in asdict(self).items()
            if isinstance(value, int)
        }
        return Tally(**sums, told=(*self.told, *other.told)[:_TOLD])


@dataclass(frozen=True)
class Part:
    """One recorded day and what is done with it; the same part is the same states, to the last byte."""

    seed: int
    form: Form
    way: str = OURS

    def run(self) -> Tally:
        with quick_folder("cuts-") as folder:
            recording = record_day(folder, self)
            told, worlds = Told.of(recording.ops), worlds_beside(folder / "witness")
            place, chance = Place(folder / "again"), random.Random(self.seed)
            till, mode = place.folder / "till", "ro" if self.way.startswith("WAL") else "rw"
            share = self.form.recoveries / self.form.states
            tally = Tally(recordings=1, operations=len(recording.ops))
            for moment, disk, choice in cuts(recording, self.seed, self.form.most):
                known = told.at[moment]
                place.lay_out(disk, choice)
                seen = glance(till, told, known, mode)
                tally = replace(tally, states=tally.states + 1)
                wants_look = chance.random() < (_LOOKED_AT if known.commit else _LOOKED_AT_FIRST)
                if seen is None and wants_look:
                    seen = look(till, told, known)
                    tally = replace(tally, looked_at=tally.looked_at + 1)
                if wants_look or mode == "rw":
                    place.was_written()
                if seen is not None:
                    is_lost = seen.startswith("LOST")
                    line = f"seed {self.seed}, moment {moment}, {choice}: {seen}"
                    tally += Tally(lost=is_lost, damaged=not is_lost, told=(line,))
                elif known.world >= 0 and chance.random() < share:
                    place.lay_out(disk, choice)
                    found = recover(till, known, worlds)
                    place.was_written()
                    lines = tuple(
                        f"seed {self.seed}, moment {moment}, {choice}: {each}" for each in found[:1]
                    )
                    tally += Tally(recoveries=1, unrecovered=bool(found), told=lines)
        return tally


def record_day(folder: Path, part: Part) -> Recording:
    disk, witness = folder / "disk", folder / "witness"
    (disk / "till").mkdir(parents=True)
    words = [str(disk / "till"), str(witness), str(part.seed), str(part.form.customers), part.way]
    return record([sys.executable, "-m", "tests.cuts.day", *words], disk, witness, environment())


def run(form: Form, first_seed: int = 1) -> Tally:
    """As many days as it takes, one after the other."""
    tally, seed = Tally(), first_seed
    while not _is_enough(form, tally):
        tally += Part(seed, form).run()
        seed += 1
    return tally


def run_remembered(form: Form, memory: Path, jobs: int) -> dict[str, Tally]:
    """The same, seed by seed, on several processors, each seed once: by program, the present one and those before it.

    What went wrong is mended in the next program, and with that the count begins anew.
    """
    memory.parent.mkdir(parents=True, exist_ok=True)
    program = program_of("pos_app", "tests/cuts")
    sums, done = _remembered(memory, program)
    fresh = (seed for seed in count(1) if seed not in done)
    with ProcessPoolExecutor(jobs) as pool:
        while not _is_enough(form, sum(sums.values(), Tally())):
            batch = [Part(next(fresh), form) for _ in range(jobs)]
            for part, found in zip(batch, pool.map(Part.run, batch), strict=True):
                with memory.open("a", encoding="utf-8") as file:
                    file.write(json.dumps({"program": program, "seed": part.seed, **asdict(found)}) + "\n")
                sums[program] += found
            print(told([(OURS, sum(sums.values(), Tally()))])[-1], flush=True)
    return sums


def _is_enough(form: Form, tally: Tally) -> bool:
    return tally.states >= form.states and tally.recoveries >= form.recoveries


def _remembered(memory: Path, program: str) -> tuple[dict[str, Tally], set[int]]:
    """Sums by program, and the seeds that they are of."""
    sums: dict[str, Tally] = {}
    done: set[int] = set()
    for line in memory.read_text(encoding="utf-8").splitlines() if memory.exists() else ():
        facts = json.loads(line)
        named, seed = facts.pop("program"), facts.pop("seed")
        if named not in sums and any(each.told for each in sums.values()):
            sums, done = {}, set()
        sums[named] = sums.get(named, Tally()) + Tally(**{**facts, "told": tuple(facts["told"])})
        done.add(seed)
    if program not in sums and any(each.told for each in sums.values()):
        sums, done = {}, set()
    sums.setdefault(program, Tally())
    return sums, done


def told(rows: Iterable[tuple[str, Tally]]) -> list[str]:
    """The table of docs/proof.md."""
    lines = [
        "| files kept | days | operations | states reopened | lost | damaged | taken up by the whole till | without a good end |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for name, tally in rows:
        figures = (tally.recordings, tally.operations, tally.states, tally.lost, tally.damaged)
        ends = (tally.recoveries, tally.unrecovered)
        lines.append("| " + " | ".join([name, *map(str, (*figures, *ends))]) + " |")
    return lines


def environment() -> dict[str, str]:
    kept = {**os.environ, "PYTHONPATH": str(ROOT)}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)
    return kept


def can_record() -> bool:
    """strace is there and may be used: a container may forbid it."""
    if shutil.which("strace") is None:
        return False
    return (
        subprocess.run(["strace", "-o", os.devnull, "true"], capture_output=True, check=False).returncode == 0
    )
