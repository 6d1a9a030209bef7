"""Histories by the thousand: seeds shared out to processes, their sums, what was done already, and tables of it all."""

from __future__ import annotations

import gc
import json
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from itertools import count, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from tests.proof.footing import ROOT, program_of
from tests.sim import mix
from tests.sim.ground import prepared
from tests.sim.history import CUSTOMERS, History, Outcome

MEMORY = ROOT / "out" / "prove" / "sim.json"
CHUNK = 10  # seeds, after which what was done is remembered
# A seed is the same history as long as these are the same.
FOLDERS = ("pos_app", "platform_server", "practice", "tests/sim")


@dataclass
class Tally:
    """Sums over histories; `breaches` are (seed, invariant, what was seen)."""

    histories: int = 0
    customers: int = 0
    sales: int = 0
    paid: int = 0
    delivered: int = 0
    calls: int = 0
    cpu_s: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    reached: Counter[str] = field(default_factory=Counter)
    waited: Counter[str] = field(default_factory=Counter)
    for_people: Counter[str] = field(default_factory=Counter)
    disputes: Counter[str] = field(default_factory=Counter)
    ended: Counter[str] = field(default_factory=Counter)  # "SECONDS what it had waited for"
    breaches: list[tuple[str, str, str]] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.histories += 1
        for name in ("customers", "sales", "paid", "delivered", "calls"):
            setattr(self, name, getattr(self, name) + getattr(outcome, name))
        for name in ("faults", "reached", "waited", "for_people", "disputes"):
            getattr(self, name).update(getattr(outcome, name))
        self.ended.update(f"{round(seconds)} {why}" for why, seconds in outcome.ended)
        self.breaches += [(outcome.seed, each.invariant, each.seen) for each in outcome.breaches]

    def join(self, other: Tally) -> None:
        for name, mine in vars(self).items():
            its = getattr(other, name)
            if isinstance(mine, Counter):
                mine.update(its)
            else:
                setattr(self, name, mine + its)

    @classmethod
    def of(cls, told: dict[str, Any]) -> Tally:
        """As it was kept in JSON."""
        tally = cls()
        for name, value in told.items():
            setattr(tally, name, Counter(value) if isinstance(value, dict) else value)
        return tally


def run_chunk(seeds: Iterable[int], rates: str, customers: int) -> Tally:
    """These seeds, one after another, in this process."""
    tally, began = Tally(), time.process_time()
    prepared()
    gc.freeze()  # what every history stands on is not looked through again and again
    gc.set_threshold(50_000)
    for seed in seeds:
        tally.add(History(f"{rates} {seed}", mix.MIXES[rates], customers=customers).run())
    tally.cpu_s = time.process_time() - began
    return tally


def run_seeds(
    seeds: Iterable[int], processes: int, rates: str = "campaign", customers: int = CUSTOMERS
) -> Iterator[tuple[list[int], Tally]]:
    """Chunk by chunk as they end."""
    wanted = list(seeds)
    chunks = [wanted[at : at + CHUNK] for at in range(0, len(wanted), CHUNK)]
    if processes == 1:
        for chunk in chunks:
            yield chunk, run_chunk(chunk, rates, customers)
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        running = {pool.submit(run_chunk, chunk, rates, customers): chunk for chunk in chunks}
        for done in as_completed(running):
            yield running[done], done.result()


@dataclass
class Part:
    """What was run of one program."""

    program: str
    seeds: set[int] = field(default_factory=set)
    tally: Tally = field(default_factory=Tally)

    def as_json(self) -> dict[str, Any]:
        return {"program": self.program, "seeds": ranges_of(self.seeds), "tally": vars(self.tally)}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> Part:
        seeds = {seed for first, last in kept["seeds"] for seed in range(first, last + 1)}
        return cls(kept["program"], seeds, Tally.of(kept["tally"]))


class Memory:
    """What was run over days, program by program; a run goes on with seeds that none of them has had.

    A violation is mended in the next program, and with that the count begins anew.
    """

    def __init__(self, path: Path = MEMORY, program: str | None = None) -> None:
        self.path = path
        program = program_of(*FOLDERS) if program is None else program
        kept = [Part.of(each) for each in json.loads(path.read_text())] if path.exists() else []
        if not any(part.program == program for part in kept):
            wrong = [at for at, part in enumerate(kept) if part.tally.breaches]
            kept = [*kept[max(wrong, default=-1) + 1 :], Part(program)]
        self.parts = kept
        self.now = next(part for part in kept if part.program == program)

    @property
    def tally(self) -> Tally:
        whole = Tally()
        for part in self.parts:
            whole.join(part.tally)
        return whole

    def keep(self, seeds: Iterable[int], tally: Tally) -> None:
        """On disk when it returns, whole or not at all."""
        self.now.seeds |= set(seeds)
        self.now.tally.join(tally)
        self.path.parent.mkdir(parents=True, exist_ok=True)
        half = self.path.with_suffix(".half")
        half.write_text(json.dumps([part.as_json() for part in self.parts]))
        half.replace(self.path)

    def fresh(self, wanted: int) -> list[int]:
        """The next seeds that nobody has run."""
        done = set().union(*(part.seeds for part in self.parts))
        return list(islice((seed for seed in count(1) if seed not in done), wanted))

    def told(self) -> str:
        """The sum, and what each program has of it."""
        lines = [told(self.tally), "", "| program | seeds | histories | sales | paid | faults | violations |"]
        lines.append("|---|---|---|---|---|---|---|")
        for part in self.parts:
            each, seeds = part.tally, _named(part.seeds)
            figures = (each.histories, each.sales, each.paid, sum(each.faults.values()), len(each.breaches))
            name = f"{part.program}, the present one" if part is self.now else part.program
            lines.append("| " + " | ".join([name, seeds, *map(str, figures)]) + " |")
        return "\n".join(lines)


def ranges_of(seeds: Iterable[int]) -> list[list[int]]:
    ranges: list[list[int]] = []
    for seed in sorted(seeds):
        if ranges and ranges[-1][1] == seed - 1:
            ranges[-1][1] = seed
        else:
            ranges.append([seed, seed])
    return ranges


def _named(seeds: Iterable[int]) -> str:
    return ", ".join(f"{first}-{last}" if first < last else f"{first}" for first, last in ranges_of(seeds))


# --- what is printed ---


def told(tally: Tally, seeds: str = "") -> str:
    """Everything as tables."""
    faults = sum(tally.faults.values())
    per_s = tally.sales / tally.cpu_s if tally.cpu_s else 0.0
    bound = 3 / tally.paid if tally.paid and not tally.breaches else None
    lines = [
        *([f"seeds {seeds}"] if seeds else []),
        (
            f"{tally.histories} histories, {tally.customers} customers, {tally.sales} sales begun, {tally.paid} of them paid "
            f"and {tally.delivered} delivered, {tally.calls} calls, {faults} faults ({faults / max(1, tally.sales):.1f} a sale), "
            f"{tally.cpu_s:.0f} s of processor ({per_s:.1f} sales/s)"
        ),
        f"{len(tally.breaches)} violations"
        + ("" if bound is None else f"; at 95 % at most {bound:.1e} a paid sale, for the faults below"),
        *_endings(tally),
        "",
        "| fault | count | of each chance | in the field |",
        "|---|---|---|---|",
    ]
    for name, times in sorted(tally.faults.items()):
        rates = [f"{each[name]:.4g}" if name in each else "its own mix" for each in (mix.CAMPAIGN, mix.FIELD)]
        lines.append(f"| {name} | {times} | {rates[0]} | {rates[1]} |")
    for title, counter in (
        ("reached", tally.reached),
        ("waited for, when the network came back", tally.waited),
        ("then a person's to do, after it or at once", tally.for_people),
        ("disputes between people", tally.disputes),
    ):
        lines += ["", f"| {title} | count |", "|---|---|"]
        lines += [f"| {name} | {count} |" for name, count in sorted(counter.items())]
    lines += [f"VIOLATION seed {seed}: {invariant}: {seen}" for seed, invariant, seen in tally.breaches[:40]]
    return "\n".join(lines)


def _endings(tally: Tally) -> list[str]:
    """How many of those that waited for an answer came to a known end without anybody, and how long that took."""
    waited, ended = tally.waited.total(), tally.ended.total()
    after = sum(times for why, times in tally.for_people.items() if ", after " in why)
    first = (
        f"when the network came back {waited} sales waited for an answer: {ended} came to a known end by themselves "
        f"({ended / max(1, waited):.2%}), {after} of these to a slip or to money that is a person's to do"
    )
    lines = [first]
    for why in sorted(tally.waited):
        told = {
            int(each.partition(" ")[0]): times
            for each, times in tally.ended.items()
            if each.endswith(f" {why}")
        }
        seconds = sorted(Counter(told).elements())
        if seconds:
            p99 = seconds[min(len(seconds) - 1, int(len(seconds) * 0.99))]
            lines.append(
                f"- {why}: half of {len(seconds)} within {seconds[len(seconds) // 2]} s, 99 % within {p99} s"
            )
    return lines
