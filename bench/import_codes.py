"""A supplier's file of a million codes through the real command: rows a second, memory, and kill -9 on the way.

Options: `--rows N` for another number of codes. The floor is the same rows written by executemany into an encrypted
file of the same tables, in commits of the same size: what is left for reading, judging, sealing and hashing.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.measure import ROOT, Promise, folder_on_disk
from platform_server.domain.tills import from_base64url
from platform_server.settings import Settings
from platform_server.store.migrate import upgrade_file
from platform_server.store.sqlite_file import connect

SPEED = Promise("a file of codes imported", must=4.0, aim=2.5)
MEMORY = Promise("memory at the end of the file", must=1.25, aim=1.1)
_KILL_AT, _LOOK_AT = 0.4, 0.1
_CHECKPOINT_EVERY = 10
_KEY = bytes(range(32))


@dataclass(frozen=True)
class Run:
    """One process: rows settled when it ended, its seconds, its peak of memory in MB early and at the end."""

    rows: int
    seconds: float
    early_mb: float
    peak_mb: float


def main(*arguments: str) -> int:
    """Prints speed and memory beside the floor; 0 when the promises are kept and every code is there once."""
    parser = argparse.ArgumentParser(prog="import_codes")
    parser.add_argument("--rows", type=int, default=1_000_000)
    rows = parser.parse_args(arguments or sys.argv[1:]).rows
    with folder_on_disk() as folder:
        product = _stock(folder)
        path = folder / "codes.csv"
        _write(path, rows)
        print(
            f"{rows} codes in a file of {path.stat().st_size / 1e6:.0f} MB; killed at {_KILL_AT:.0%}, then run again."
        )
        before = _children_s()
        first = _import(folder, path, product, rows, kill_at=int(_KILL_AT * rows))
        second = _import(folder, path, product, rows)
        spent = _children_s() - before
        is_whole = _verify(folder, rows)
        own = time.process_time()
        floor = _floor(folder)
        floor_spent = time.process_time() - own
    seconds = first.seconds + second.seconds
    print(
        f"  killed after {first.rows} rows and {first.seconds:.1f} s, went on for {second.seconds:.1f} s:"
        f" {rows / seconds:.0f} rows/s; of the processor {spent:.1f} s, the floor {floor_spent:.1f} s"
    )
    kept = [_show(SPEED, seconds, floor, "s"), _show(MEMORY, second.peak_mb, first.early_mb, "MB")]
    print(f"  each code once, doctor content: {'yes' if is_whole else 'NO'}")
    return 0 if all(kept) and is_whole else 1


def _show(promise: Promise, found: float, floor: float, unit: str) -> bool:
    ratio = found / floor
    verdict = "aim reached" if ratio <= promise.aim else "kept" if ratio <= promise.must else "NOT KEPT"
    print(
        f"{promise.name:<44} {found:8.1f} {unit}   floor {floor:8.1f} {unit}   {ratio:5.2f} x"
        f"   (must {promise.must:g}, aim {promise.aim:g}: {verdict})"
    )
    return ratio <= promise.must


def _children_s() -> float:
    """Seconds of the processor that ended processes took: says more than the clock on a busy machine."""
    times = os.times()
    return times.children_user + times.children_system


def _command(folder: Path, *words: str) -> list[str]:
    places = ("--data", str(folder / "data"), "--keys", str(folder / "keys"))
    return [sys.executable, "-m", "platform_server", *words, *places]


def _stock(folder: Path) -> str:
    done = _command(folder, "sample", "--products", "40", "--codes", "120")
    subprocess.run(done, cwd=ROOT, check=True, capture_output=True)
    raw = _open(folder)
    found = raw.execute("SELECT id FROM products WHERE payload = 'number_pin' ORDER BY id LIMIT 1").fetchone()
    raw.close()
    return str(found[0])


def _write(path: Path, rows: int) -> None:
    chance = random.Random(1)
    with path.open("w", encoding="utf-8") as file:
        file.write("card no,pin,expires\n")
        for number in range(rows):
            file.write(f"{880_000_000_000 + number},{chance.getrandbits(80):020X},2031-12-31\n")


def _import(folder: Path, path: Path, product: str, rows: int, kill_at: int | None = None) -> Run:
    begin = time.perf_counter()
    process = subprocess.Popen(
        _command(
            folder, "import", str(path), "--product", product, "--supplier-batch", "B1", "--reference", "I1"
        ),
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    done, early, peak = 0, 0.0, 0.0
    for line in _lines(process):
        done, peak = int(line), _peak_mb(process.pid) or peak
        if done <= _LOOK_AT * rows or not early:
            early = peak
        if kill_at is not None and done >= kill_at:
            process.kill()
    process.wait()
    if kill_at is None and process.returncode != 0:
        raise SystemExit("the import failed")
    return Run(done, time.perf_counter() - begin, early, peak)


def _lines(process: subprocess.Popen[str]) -> Iterator[str]:
    for line in process.stderr or ():
        if found := re.match(r"(\d+) rows:", line):
            yield found[1]
        else:
            sys.stderr.write(line)


def _peak_mb(pid: int) -> float:
    """The most that it ever had in memory; 0 where the system does not tell, or the process is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("ascii")
    except OSError:
        return 0.0
    found = re.search(r"VmHWM:\s+(\d+) kB", status)
    return int(found[1]) / 1024 if found else 0.0


def _verify(folder: Path, rows: int) -> bool:
    raw = _open(folder)
    batch_id, faults = raw.execute("SELECT batch_id, duplicates + faults FROM imports").fetchone()
    count = "SELECT count(*), count(DISTINCT fingerprint) FROM cards WHERE batch_id = ?"
    found = raw.execute(count, (batch_id,)).fetchone()
    raw.close()
    doctor = subprocess.run(_command(folder, "doctor"), cwd=ROOT, check=False, capture_output=True)
    return found == (rows, rows) and faults == 0 and doctor.returncode == 0


def _open(folder: Path) -> Any:
    (keys,) = (folder / "keys").glob("*.platform.json")
    key = from_base64url(json.loads(keys.read_text("ascii"))["database"], 32)
    return connect(folder / "data" / "platform" / "platform.db", key, is_reader=True)


def _floor(folder: Path) -> float:
    """Seconds of writing the same rows, commits and checkpoints included."""
    upgrade_file(folder / "floor.db", _KEY, folder)
    source, plain = _open(folder), connect(folder / "floor.db", _KEY)
    plain.execute("PRAGMA foreign_keys = OFF")
    cursor = source.execute("SELECT * FROM cards ORDER BY rowid")
    insert = f"INSERT INTO cards VALUES ({', '.join('?' * len(cursor.description))})"
    seconds, pieces = 0.0, 0
    while piece := cursor.fetchmany(Settings().import_at_once):
        seconds += _timed(plain, insert, piece, is_checkpoint=pieces % _CHECKPOINT_EVERY == 0)
        pieces += 1
    source.close()
    plain.close()
    return seconds


def _timed(plain: Any, insert: str, piece: Sequence[Any], *, is_checkpoint: bool) -> float:
    begin = time.perf_counter()
    plain.execute("BEGIN IMMEDIATE")
    plain.executemany(insert, piece)
    plain.execute("COMMIT")
    if is_checkpoint:
        plain.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    return time.perf_counter() - begin
