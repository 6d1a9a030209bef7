"""A shop's day without its line: the power fails, the line comes back, and both sides are asked what happened."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.cuts.disk import Disk
from tests.cuts.trace import Said, record
from tests.system.demo_run import ROOT, DemoFolders, environment, free_port, run_tool, wait_for

_SPARE = 1.3  # codes held for each that the day will sell
_PIECES = 1.5  # of a sale, on average
_CARD = re.compile(r"^  (\S+)  (\w+) +\d+ minor units(?:  sale (\S+))?$", re.MULTILINE)


@dataclass(frozen=True)
class Form:
    sales: int
    cuts: int


FORMS = {"short": Form(12, 1), "full": Form(500, 5), "release": Form(500, 5)}


@dataclass
class Evening:
    """What the day came to; `wrong` are sentences about what does not agree."""

    sales: int = 0
    acknowledged: int = 0
    cuts: int = 0
    held: int = 0
    sold: int = 0
    back: int = 0
    takings: int = 0
    slips: int = 0
    wrong: list[str] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        yield f"{self.sales} sales from leases without the platform, {self.cuts} power cuts among them"
        yield f"  acknowledged at the counter {self.acknowledged}, lost {self._count('LOST')}"
        yield f"  codes held in the morning {self.held}, sold {self.sold}, back on the shelf {self.back}"
        yield f"  slips {self.slips}, codes on paper for two sales {self._count('TWICE')}"
        yield (
            f"  takings {self.takings / 100:.2f} on both sides"
            if not self.wrong
            else f"  WRONG: {self.wrong}"
        )

    def _count(self, word: str) -> int:
        return sum(each.startswith(word) for each in self.wrong)


@dataclass
class Said_:
    """What the till told before the power went, of all parts of the day."""

    paid: dict[str, tuple[str, int]] = field(default_factory=dict)  # sale id: receipt number, minor units
    slips: list[tuple[str, str]] = field(default_factory=list)  # what a QR said, sale id

    def hear(self, text: str) -> None:
        facts = json.loads(text)
        if "receipt" in facts:
            self.paid[facts["paid"]] = (facts["receipt"], facts["total"])
        if "slip" in facts:
            self.slips.append((facts["slip"], facts["of"]))


class Street:
    """The shop's till and the platform, each in its own folders; the line between them is there or not."""

    def __init__(self, folder: Path, form: Form, seed: int) -> None:
        self.folder, self.form, self.chance = folder, form, random.Random(seed)
        self.shop, self.witness = folder / "shop", folder / "witness"
        self.most = round(form.sales * _PIECES * _SPARE)
        self.said = Said_()
        self.port = str(free_port())

    @property
    def _platform(self) -> tuple[str, ...]:
        return "--data", str(self.folder / "platform"), "--keys", str(self.folder / "platform-keys")

    def platform_tool(self, *words: str) -> str:
        done = run_tool("platform_server", *words, *self._platform)
        assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"
        return done.stdout

    def found(self) -> None:
        """A platform with a market, whose rules let this shop hold a day's worth, and a till that belongs to it."""
        self.platform_tool("sample", "--products", "400", "--codes", str(400 * max(10, self.most // 10)))
        self.platform_tool("credit", "--minor", "100000000", "--reference", "for the day")
        (rule,) = (
            found
            for found in map(json.loads, self.platform_tool("policies", "list").splitlines())
            if found["id"] == "lease-till"
        )
        rule["parameters"] |= {"most": self.most, "most_amount": {"minor": 100_000_000, "currency": "CNY"}}
        rules = self.folder / "rules.json"
        rules.write_text(json.dumps([rule]), encoding="utf-8")
        self.platform_tool("policies", "put", str(rules), "--reason", "a day without a line")
        told = self.platform_tool("enrol", "--name", "Counter", "--address", f"http://127.0.0.1:{self.port}")
        code = re.search(r"K1\.\S+", told)
        assert code, told
        with self.line():
            where = DemoFolders.under(self.shop)
            joined = run_tool("pos_app", "enrol", code.group(), *where.arguments)
            assert joined.returncode == 0, joined.stderr
            self.till("yesterday")

    @contextmanager
    def line(self) -> Iterator[None]:
        """The platform answers, and is gone afterwards."""
        command = [sys.executable, "-m", "platform_server", "serve", "--port", self.port, *self._platform]
        with subprocess.Popen(command, cwd=ROOT, env=environment(), stderr=subprocess.DEVNULL) as server:
            try:
                wait_for(int(self.port))
                yield
            finally:
                server.terminate()

    def till(self, work: str, *words: str) -> dict[str, Any]:
        """The till's process to its end, in order; the last thing that it said."""
        command = self._command(work, *words)
        done = subprocess.run(
            command, cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=900, check=False
        )
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        lines = self.witness.read_text(encoding="utf-8").splitlines()
        for line in lines:
            self.said.hear(line)
        self.witness.unlink()
        told: dict[str, Any] = json.loads(lines[-1])
        return told

    def part_of_the_day(self, customers: int) -> None:
        """So many customers; then the power goes somewhere among the last of them."""
        seed = str(self.chance.randrange(1 << 30))
        command = self._command("day", seed, str(customers))
        recording = record(command, self.shop, self.witness, environment())
        begin, end = recording.begin, len(recording.ops)
        moment = self.chance.randint(end - (end - begin) // 10, end)
        disk = Disk(recording.root)
        for op in recording.ops[:moment]:
            disk.take(op)
            if isinstance(op, Said):
                self.said.hear(op.text)
        choice = self.chance.choice(list(disk.choices(self.chance, 50)))
        files, folders = disk.files(choice), disk.folders(choice)
        shutil.rmtree(self.shop)
        for path in (str(self.shop), *folders):
            Path(path).mkdir(mode=0o700, parents=True, exist_ok=True)
        for path, data in files.items():
            Path(path).write_bytes(data)
            Path(path).chmod(0o600)
        self.witness.unlink()

    def rest_of_the_day(self, customers: int) -> None:
        """The last of them; then the program is gone, and the power stays."""
        self.till("day", str(self.chance.randrange(1 << 30)), str(customers))

    def _command(self, work: str, *words: str) -> list[str]:
        fixed = (work, str(self.shop), str(self.witness), str(self.most))
        return [sys.executable, "-m", "tests.offline.till", *fixed, *words]


def run(folder: Path, form: Form, seed: int) -> Evening:
    """The whole day."""
    street = Street(folder, form, seed)
    street.found()
    before = dict(street.said.paid)
    held = len(_cards(street, "LEASED"))
    for part in range(1, form.cuts + 1):
        due = form.sales * part // (form.cuts + 1) - (len(street.said.paid) - len(before))
        street.part_of_the_day(due)
    street.rest_of_the_day(form.sales - (len(street.said.paid) - len(before)))
    acknowledged = dict(street.said.paid)
    with street.line():
        told = street.till("evening")
    evening = Evening(cuts=form.cuts, acknowledged=len(acknowledged) - len(before), held=held)
    evening.sales = len(told["paid"]) - len(before)
    evening.wrong += _compare(street, told, acknowledged)
    evening.sold = len(told["sold"])
    evening.back, evening.takings, evening.slips = told["back"], told["takings"], len(street.said.slips)
    if held != evening.sold + evening.back:
        evening.wrong.append(f"{held} were held, {evening.sold} sold and {evening.back} given back")
    return evening


def _compare(street: Street, told: dict[str, Any], acknowledged: dict[str, tuple[str, int]]) -> list[str]:
    wrong = [
        f"LOST {receipt}" for sale, (receipt, _) in acknowledged.items() if told["paid"].get(sale) != receipt
    ]
    of_slip: dict[str, set[str]] = {}
    for slip, sale in street.said.slips:
        of_slip.setdefault(slip, set()).add(sale)
    wrong += [f"TWICE {sales}" for sales in of_slip.values() if len(sales) > 1]
    numbers = Counter(int(receipt.rpartition("-")[2]) for receipt in told["paid"].values())
    if sorted(numbers.elements()) != list(range(1, len(told["paid"]) + 1)):
        wrong.append("receipt numbers have a gap, or one is there twice")
    if told["paid_there"] != dict.fromkeys(told["paid"], 1):
        wrong.append("the platform's copy of the ledger tells of other sales, or of one twice")
    if told["held"]:
        wrong.append(f"{told['held']} are still held")
    wrong += told["doctor"]
    there = {card: sale for card, state, sale in _all_cards(street) if state == "SOLD"}
    if there != told["sold"]:
        wrong.append("the platform's cards were sold in other sales")
    (takings,) = (
        json.loads(line)
        for line in street.platform_tool("log", "takings", "--date", told["day"]).splitlines()
    )
    if (takings["sales"], takings["takings_minor"]) != (told["sales"], told["takings"]):
        wrong.append(f"takings: {takings} there, {told['sales']} sales and {told['takings']} here")
    street.platform_tool("doctor")
    return wrong


def _cards(street: Street, state: str) -> list[str]:
    return [card for card, found, _ in _all_cards(street) if found == state]


def _all_cards(street: Street) -> list[tuple[str, str, str]]:
    return _CARD.findall(street.platform_tool("leases", "list", "--all"))
