"""The looks over the books, whole and since the last one, and the way from a power cut to selling, at 100,000 sales."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from statistics import median
from typing import Any

from bench.measure import ROOT
from bench.start import start_of
from bench.till_data import PIN, books_of, till_with_a_past
from pos_app.places import Places
from pos_app.store.books import TillBooks

SALES, LINES, ENTRIES_A_SALE = 100_000, 200_000, 5
NEW_SALES = 500  # a day's, in the log when the power goes
ROUNDS = 3
CHECK_S, SELLING_S = 3.0, 5.0
_AT_ONCE = 50_000
_DAY = date(2026, 1, 1)


def main() -> int:
    """Prints what each look takes, beside a bare reading of the same; 0 when the two promises are kept."""
    where = till_with_a_past(LINES)
    _fill_ledger(where)
    kept = [_looks(where), _after_a_power_cut(where)]
    return 0 if all(kept) else 1


def _looks(where: Places) -> bool:
    """The floor of the whole look is to decrypt every page once, that of the new one to count the new entries."""
    books = books_of(where)
    _must_be_sound(books)
    with books.open_to_read() as opened:
        entries = opened.ledger.head().seq
    whole = [_seconds(books.inspector.trouble) for _ in range(ROUNDS)]
    floor = [_seconds(lambda: _ask(books, "PRAGMA cipher_integrity_check")) for _ in range(ROUNDS)]
    parts = {
        name: _seconds(lambda name=name: _ask(books, f"PRAGMA {name}"))
        for name in ("quick_check", "foreign_key_check")
    }
    with books.open_books() as opened:
        _append(opened, NEW_SALES * ENTRIES_A_SALE)
        opened.commit()
    recent = [_seconds(books.inspector.recent_trouble) for _ in range(ROUNDS)]
    few = [
        _seconds(lambda: _ask(books, "SELECT count(body) FROM ledger WHERE epoch = 1 AND seq > ?", entries))
    ]
    size = (where.till / "books.db").stat().st_size / 1e6
    books.close()
    print(f"{SALES} sales, {entries} entries of the ledger, {size:.0f} MB; medians of {ROUNDS}.")
    is_kept = median(recent) <= CHECK_S
    print(
        f"look at {NEW_SALES * ENTRIES_A_SALE} new entries, before selling {median(recent):8.3f} s   floor {median(few):8.3f} s"
        f"   (must {CHECK_S:g} s: {'kept' if is_kept else 'NOT KEPT'})"
    )
    said = ", ".join(f"{name} {taken:.2f} s" for name, taken in parts.items())
    print(
        f"look at all of it, beside the selling      {median(whole):8.3f} s   floor {median(floor):8.3f} s"
        f"   {median(whole) / median(floor):5.2f} x   ({said})"
    )
    return is_kept


def _after_a_power_cut(where: Places) -> bool:
    """A process that sold is killed with its sales in the log; then the till is started as its users start it."""
    taken, plain = [], []
    for _ in range(ROUNDS):
        _sell_and_be_killed(where)
        plain.append(start_of("plain")["painted_s"])
        seen = start_of("till", str(where.data), str(where.keys), PIN, "selling")
        taken.append(seen["selling_s"] - (seen["pin_s"] - seen["ready_s"]))
    is_kept = median(taken) <= SELLING_S
    print(
        f"start to selling after the power went      {median(taken):8.3f} s   floor {median(plain):8.3f} s"
        f"   {median(taken) / median(plain):5.2f} x   (must {SELLING_S:g} s: {'kept' if is_kept else 'NOT KEPT'})"
        "; the typing of the PIN is left away"
    )
    return is_kept


def _sell_and_be_killed(where: Places) -> None:
    script = (
        "import sys, time\nfrom bench import start_checks\nfrom pos_app.places import places\nfrom pathlib import Path\n"
        "start_checks.sell(places(Path(sys.argv[1]), Path(sys.argv[2])))\nprint('sold', flush=True)\ntime.sleep(60)"
    )
    command = [sys.executable, "-c", script, str(where.data), str(where.keys)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None  # a pipe was asked for
        child.stdout.readline()
        child.send_signal(signal.SIGKILL)


def sell(where: Places) -> None:
    """Commits with nothing brought back into the file."""
    books = books_of(where)
    for _ in range(NEW_SALES):
        with books.open_books() as opened:
            _append(opened, ENTRIES_A_SALE)
            opened.commit()


def _fill_ledger(where: Places) -> None:
    books = books_of(where)
    with books.open_to_read() as opened:
        missing = SALES * ENTRIES_A_SALE - opened.ledger.head().seq
    while missing > 0:
        with books.open_books() as opened:
            _append(opened, min(missing, _AT_ONCE))
            opened.commit()
        books.checkpoint()
        missing -= _AT_ONCE
    books.close()


def _append(opened: Any, many: int) -> None:
    """By the shelf itself, which signs: an entry without a signature would shut the file at the start."""
    seq = opened.ledger.head().seq
    for _ in range(many):
        seq += 1
        sale_id = f"{seq // ENTRIES_A_SALE:08x}-0000-7000-8000-000000000000"
        card_id = f"{seq:08x}-0000-7000-8000-000000000003"
        body = {"sale_id": sale_id, "card_id": card_id, "copy": 1, "total_minor": seq % 9_000}
        opened.ledger.append(
            "sale_paid", datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=seq), _DAY, body
        )


def _ask(books: TillBooks, statement: str, *values: object) -> None:
    with books.open_to_read() as opened:
        opened._connection.run(statement, values)


def _must_be_sound(books: TillBooks) -> None:
    found = books.inspector.trouble()
    if found:
        raise RuntimeError(f"the file of the benchmark is not sound: {found[0]}")


def _seconds(work: Any) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
