"""What the benchmarks of the start rest on: a light way to the first paint, and a launcher that sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# Each of these was measured: together they make the first paint four times as late (docs/speed.md).
HEAVY = """
    sqlalchemy sqlcipher3 alembic requests urllib3 cryptography argon2 keyring http_message_signatures zstandard
    msgspec pydantic fastapi uvicorn phonenumbers pypinyin pyqtgraph numpy qtawesome qrcode reportlab PIL escpos serial
    usb xlsxwriter structlog platformdirs PySide6.QtNetwork PySide6.QtPrintSupport
    pos_app.flows pos_app.store pos_app.wire pos_app.printing pos_app.shop pos_app.ui.till pos_app.ui.pay pos_app.ui.day
"""
PAINT = """
import json, sys
from pathlib import Path
from unittest.mock import patch
from PySide6.QtWidgets import QApplication
from pos_app.ui.main_window import MainWindow

def look(self):
    QApplication.processEvents()
    print(json.dumps(sorted(sys.modules)), flush=True)
    QApplication.exit(7)
    QApplication.quit()

with patch.object(MainWindow, "start", look):
    from pos_app.__main__ import main
    sys.exit(main(["--data", sys.argv[1], "--keys", sys.argv[2]]))
"""


def test_nothing_heavy_is_imported_before_the_window_is_painted(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PAINT, str(tmp_path / "data"), str(tmp_path / "keys")]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode in (0, 7), done.stderr
    loaded = json.loads(done.stdout.splitlines()[0])
    assert "pos_app.ui.opening_page" in loaded
    assert [name for name in HEAVY.split() if name in loaded] == []


def test_the_launcher_sees_a_plain_window_painted() -> None:
    command = [sys.executable, "bench/launch.py", "plain", str(time.monotonic())]
    done = subprocess.run(command, cwd=ROOT, env=_environment(), capture_output=True, text=True, timeout=60)
    seen = json.loads(done.stdout)
    assert 0 < seen["painted_s"] < 60
    assert seen["memory_mb"] > 0 or not sys.platform.startswith("linux")


@pytest.mark.slow
def test_the_launcher_sees_the_till_from_its_start_to_its_selling_page(tmp_path: Path) -> None:
    """On a small market; what the benchmark makes is the same with more of everything."""
    from bench import till_data
    from pos_app.places import places

    where = places(tmp_path / "data", tmp_path / "keys")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(till_data, "PRODUCTS", 200)
        patch.setattr(till_data, "SALES_A_DAY", 20)
        till_data._make_market(where)
        till_data._join_and_sync(where)
        till_data._make_past(where, 200)
    folders = ["--data", str(where.data), "--keys", str(where.keys)]
    doctor = subprocess.run(
        [sys.executable, "-m", "pos_app", "doctor", *folders],
        cwd=ROOT,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert doctor.returncode == 0, doctor.stdout
    assert "100 paid sales, 0 differ" in doctor.stdout
    words = ["till", str(time.monotonic()), str(where.data), str(where.keys), till_data.PIN]
    done = subprocess.run(
        [sys.executable, "bench/launch.py", *words],
        cwd=ROOT,
        env=_environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    seen = json.loads(done.stdout.splitlines()[-1])
    assert 0 < seen["painted_s"] < seen["ready_s"] < seen["pin_s"] < seen["selling_s"]


def _environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
