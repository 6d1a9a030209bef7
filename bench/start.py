"""P1 and P9: the till's start and memory beside a plain window of the same Qt, each in fresh processes."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from bench.measure import ROOT, Promise, Timings, show
from bench.till_data import LINES, PIN, PRODUCTS, till_with_a_past
from pos_app.places import Places

PAINT = Promise("P1 first paint", must=1.5, aim=1.2)
READY = Promise("P1 ready: sign-in painted, shop open", must=4.0, aim=2.0)
MEMORY = Promise("P9 memory after the first heartbeat", must=2.5, aim=2.0)
ROUNDS = 7
# docs/speed.md: where the peer cannot run here, it is computed through the floor that both runs measured.
CHROMIUM_OF_FLOOR, CHROMIUM_SHARE = 4.5, 0.4
STORE_POS_MB, STORE_POS_SHARE = 303.0, 0.5
_LOGIN = "<form><h1>Till</h1><input placeholder=Name><input type=password><button>Sign in</button></form>"


def main(*arguments: str) -> int:
    """Prints measure, floor and ratio; 0 when the promises are kept. Another number of past lines may be named."""
    lines = int(next(iter(arguments or sys.argv[1:]), LINES))
    where = till_with_a_past(lines)
    plain, till = _rounds(where)
    size = sum(path.stat().st_size for path in where.till.rglob("*") if path.is_file()) / 1e6
    print(
        f"{PRODUCTS} products and {lines} past sale lines on disk ({size:.0f} MB), {ROUNDS} rounds in turn;"
        f" medians; Qt on {os.environ.get('QT_QPA_PLATFORM', 'the screen')}."
    )
    floor = _timings(plain, "painted_s")
    kept = [
        show(PAINT, floor, _timings(till, "painted_s"), (0.0, 0.5)),
        show(READY, floor, _timings(till, "ready_s"), (0.0, 0.5)),
    ]
    typed = [1000 * (seen["selling_s"] - seen["pin_s"]) for seen in till]
    print(
        f"{'PIN entered to selling page with its tiles painted':<50} p50 {median(typed):8.1f} ms, worst {max(typed):.1f} ms"
    )
    kept += [_show_chromium(floor, _timings(till, "ready_s")), _show_memory(plain, till)]
    return 0 if all(kept) else 1


def _rounds(where: Places) -> tuple[list[dict[str, float]], list[dict[str, float]]]:
    """What each fresh process told; the first round, which warms the disk's cache, is left away."""
    plain, till = [], []
    for _ in range(ROUNDS + 1):
        plain.append(start_of("plain"))
        till.append(start_of("till", str(where.data), str(where.keys), PIN))
    return plain[1:], till[1:]


def start_of(*words: str) -> dict[str, float]:
    """What a fresh process of `bench/launch.py` told."""
    command = [sys.executable, str(ROOT / "bench" / "launch.py"), words[0], str(time.monotonic()), *words[1:]]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def _timings(rounds: list[dict[str, float]], what: str) -> Timings:
    return Timings(tuple(seen[what] for seen in rounds))


def _show_memory(plain: list[dict[str, float]], till: list[dict[str, float]]) -> bool:
    least, found = (median(seen["memory_mb"] for seen in rounds) for rounds in (plain, till))
    at_once = median(seen["memory_at_once_mb"] for seen in till)
    ratio, of_peer = found / least, found / STORE_POS_MB
    verdict = "aim reached" if ratio <= MEMORY.aim else "kept" if ratio <= MEMORY.must else "NOT KEPT"
    print(
        f"{MEMORY.name:<50} {found:8.1f} MB   floor {least:8.1f} MB   {ratio:5.2f} x"
        f"   (must {MEMORY.must:g}, aim {MEMORY.aim:g}: {verdict}); {at_once:.1f} MB when the selling page comes up"
    )
    is_less = of_peer <= STORE_POS_SHARE
    print(
        f"  {of_peer:.2f} x the server of Store-POS ({STORE_POS_MB:.0f} MB in the table of docs/speed.md;"
        f" must {STORE_POS_SHARE:g}: {'kept' if is_less else 'NOT KEPT'})"
    )
    return ratio <= MEMORY.must and is_less


def _show_chromium(floor: Timings, ready: Timings) -> bool:
    """Like with like: its login page against our sign-in page."""
    program = shutil.which("chromium")
    if program is None:
        peer = CHROMIUM_OF_FLOOR * floor.share(0.5)
        said = f"not here, so not measured: {CHROMIUM_OF_FLOOR} x the floor by the table of docs/speed.md"
    else:
        peer = Timings(tuple(_chromium(program) for _ in range(ROUNDS))).share(0.5)
        said = "measured here"
    ratio = ready.share(0.5) / peer
    is_kept = ratio <= CHROMIUM_SHARE
    verdict = "kept" if is_kept else "NOT KEPT"
    print(
        f"  ready is {ratio:.2f} x Chromium with a login page ({peer:.0f} ms, {said}; must {CHROMIUM_SHARE:g}: {verdict})"
    )
    return is_kept


def _chromium(program: str) -> float:
    """Seconds until a headless Chromium has a picture of a login page on disk."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        page, picture = Path(folder, "login.html"), Path(folder, "login.png")
        page.write_text(_LOGIN, encoding="utf-8")
        flags = ("--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile")
        begin = time.monotonic()
        child = subprocess.Popen(
            [program, *flags, f"--screenshot={picture}", page.as_uri()], stderr=subprocess.DEVNULL
        )
        while not picture.exists() and child.poll() is None:
            time.sleep(0.001)
        taken = time.monotonic() - begin
        child.wait(timeout=30)
    return taken
