"""A disk that fails one system call of a till, whichever it is: said, nothing more written, nothing lost at the next start.

The call is failed by strace (`-e inject=...:when=N`) in a fork of this program that waits until it is watched.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import re
import shutil
import subprocess
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pos_app.domain.errors import PosError, StoreTrouble
from pos_app.domain.money import Money
from pos_app.domain.shift import Direction
from pos_app.store.backups import BACKUPS
from tests.cuts.day import STOCK, Day
from tests.cuts.reopen import Known, look_for
from tests.cuts.witness import Witness, kept, on_disk
from tests.fakes.till_goods import code_product
from tests.fakes.till_shop import make_fake_shop
from tests.store.till_world import open_file

ERRORS = ("EIO", "ENOSPC")
# strace counts each of them by itself.
CALLS = ("pwrite64", "fsync", "write", "ftruncate", "fdatasync", "pwritev", "writev", "fallocate")
_NEVER = 65_535  # the highest number that strace takes
_ANCHORS = ("keys", "keys.state")
_HALF = ("till.anchor.half", "")
# strace fails calls on these alone: the books, what is made beside them, the folders themselves, and the anchor.
_BOOKS = ("books.db", "books.db-wal", "books.db-journal", "books.db-shm", "")
_HIT = re.compile(r"<([^>]*)>.*INJECTED")


@dataclass
class Run:
    """What a till did whose Nth writing call failed; `said` are its troubles, `after` what became of the next write."""

    hit: str | None  # the file, or None when the day was over before
    said: list[str]
    after: str
    crash: list[str]
    commits: dict[int, str]  # number and full content of each commit that returned


@dataclass
class Ground:
    """A till's file in the morning, and the world around it; every run begins with a copy of both."""

    folder: Path
    world: bytes = b""
    reference: dict[int, str] = field(default_factory=dict)
    closings: tuple[str, ...] = ()  # when shifts end, as the names of their backups have it

    def __post_init__(self) -> None:
        (self.folder / "morning").mkdir()
        books = open_file(self.folder / "morning")
        self.world = kept(make_fake_shop((code_product(1), code_product(2)), stock=STOCK, till=books))  # type: ignore[arg-type]
        books.close()
        whole = self.run("EIO", "pwrite64", _NEVER)
        assert whole.hit is None
        assert not whole.said, whole.said
        assert not whole.crash, whole.crash
        self.reference = whole.commits

    def run(self, error: str, call: str, number: int) -> Run:
        """One day whose `call` with that number fails with `error`."""
        till, witness, trace = self.folder / "till", self.folder / "witness", self.folder / "trace"
        for old in ("till", *_ANCHORS):
            shutil.rmtree(self.folder / old, ignore_errors=True)
        shutil.copytree(self.folder / "morning", till)
        witness.unlink(missing_ok=True)
        told, go = os.pipe(), os.pipe()
        child = os.fork()
        if child == 0:
            os.read(go[0], 1)
            _live(till, witness, self.world, told[1])
        os.close(told[1])
        self._watch(child, trace, f"{call}:error={error}:when={number}", go[1])
        with open(told[0], encoding="utf-8") as pipe:  # noqa: PTH123  # a descriptor
            said = json.loads(pipe.read() or '{"crash": ["it said nothing"]}')
        os.waitpid(child, 0)
        for end in (go[0], go[1]):
            os.close(end)
        closings = tuple(path.name.split("-")[1] for path in (till / BACKUPS).glob("closing-*.db"))
        self.closings = self.closings or closings
        commits = {int(facts["commit"]): facts["full"] for facts in _facts(witness) if "commit" in facts}
        hit = _HIT.search(trace.read_text(encoding="utf-8"))
        return Run(
            hit[1] if hit else None,
            said.get("said", []),
            said.get("after", ""),
            said.get("crash", []),
            commits,
        )

    def _watch(self, child: int, trace: Path, fail: str, go: int) -> None:
        files = [self.folder / "till" / name for name in _BOOKS]
        backups = self.folder / "till" / BACKUPS
        files += [backups, *(backups / f"closing-{at}.half" for at in self.closings)]
        files += [self.folder / name / half for name in _ANCHORS for half in _HALF]
        paths = [word for path in files for word in ("-P", str(path))]
        options = [
            "-f",
            "-y",
            "-o",
            str(trace),
            "-e",
            f"trace={','.join(CALLS)}",
            "-e",
            f"inject={fail}",
            *paths,
        ]
        with subprocess.Popen(
            ["strace", *options, "-p", str(child)], stderr=subprocess.PIPE, text=True
        ) as watcher:
            assert watcher.stderr is not None
            line = watcher.stderr.readline()
            assert "attached" in line, line
            os.write(go, b"!")

    def reopened(self, run: Run) -> list[str]:
        """Started again on a disk that works: every commit that returned is there, and at most the failed one more."""
        last = max(run.commits, default=0)
        kept = {**self.reference, **run.commits}
        if not run.commits:  # nothing was promised; the file of the morning, or the commit under way
            found = look_for(self.folder / "till", {}, Known())
        else:
            found = look_for(self.folder / "till", kept, Known(commit=last))
        return [] if found is None else [found]


def _live(till: Path, witness: Path, world: bytes, pipe: int) -> None:
    """The fork: the day until something fails, then one more write; it ends as if the power button had been pressed."""
    said: list[str] = []
    after, crash = "", list[str]()
    try:
        after = _day(till, witness, world, said)
    except BaseException:  # noqa: BLE001  # it is told, and must not come back into the copy of the tests
        crash = traceback.format_exc().splitlines()[-14:]
    os.write(pipe, json.dumps({"said": said, "after": after, "crash": crash}).encode())
    os._exit(0)


def _day(till: Path, path: Path, world: bytes, said: list[str]) -> str:
    """`said` takes the troubles; the end is what became of one more write after the first of them."""
    try:
        books = open_file(till)
    except StoreTrouble as trouble:
        said.append(repr(trouble))
        return "not opened"
    witness = Witness(path)
    books.open_books = witness.books(books)  # type: ignore[method-assign]
    day = Day(on_disk(pickle.loads(world), books, till), witness, random.Random(1))
    steps = (day.buys, day.beat, books.checkpoint, day.leaves, day.after_sales, day.end, books.checkpoint)
    for step in steps:
        try:
            step()
        except StoreTrouble as trouble:
            said.append(repr(trouble))
        if books.broken is not None:  # what the window shows
            said.append(f"shown: {books.broken!r}")
        if said:
            break
    else:
        books.close()
        return "closed"
    try:
        day.shop.move_cash(day.fake.cashier, Direction.IN, Money(100), "after")
    except StoreTrouble:
        return "shut"
    except PosError as no:
        return f"refused by {type(no).__name__}"
    return "written"


def _facts(witness: Path) -> Iterator[dict[str, str]]:
    """The facts lie one behind the other, with nothing between them."""
    text, decoder, at = witness.read_text(encoding="utf-8") if witness.exists() else "", json.JSONDecoder(), 0
    while at < len(text):
        facts, at = decoder.raw_decode(text, at)
        yield facts


@dataclass
class Outcome:
    """All runs with one error: how many calls were failed, and what the till did."""

    error: str
    calls: int = 0
    ways: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


def fail_each(ground: Ground, error: str, apart: int = 1) -> Outcome:
    """Each call after the other, or every so many of them, until a day passes without being hit."""
    outcome = Outcome(error)
    for call in CALLS:
        for number in range(1, _NEVER, apart):
            run = ground.run(error, call, number)
            if run.hit is None:
                break
            _judge(outcome, ground, run, f"{error} at {call} {number}")
    return outcome


def _judge(outcome: Outcome, ground: Ground, run: Run, which: str) -> None:
    what = Path(run.hit or "").name
    way = f"{what}: {'said' if run.said else 'silent'}, {run.after or 'crashed'}"
    outcome.calls += 1
    outcome.ways[way] += 1
    wrong = [*run.crash, *ground.reopened(run)]
    # A full disk that refuses the log its way back leaves everything in the log: it is tried again at the next beat.
    is_kept_in_log = (outcome.error, what) == ("ENOSPC", "books.db")
    if what.startswith("books.db") and not run.said and not is_kept_in_log:
        wrong.append(f"nothing was said: {way}")
    if what.startswith("books.db") and outcome.error == "EIO" and run.after not in ("shut", "not opened"):
        wrong.append(f"it goes on writing: {way}")
    outcome.wrong += [f"{which}: {each}" for each in wrong]
