"""Builds the one-folder bundle and lets its till do the main job, away from this source tree."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
SUFFIX = ".exe" if os.name == "nt" else ""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that a shop would be given."""
    built = tmp_path_factory.mktemp("bundle")
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", "build.spec"]
    command += ["--distpath", str(built / "dist"), "--workpath", str(built / "work")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=800)
    assert done.returncode == 0, done.stdout + done.stderr
    return built / "dist" / "card-counter"


def test_the_bundle_sells(bundle: Path, tmp_path: Path) -> None:
    out, data = tmp_path / "out", tmp_path / "data"
    till = [str(bundle / f"pos_app{SUFFIX}"), "demo", "--headless", "--out", str(out), "--data", str(data)]
    done = subprocess.run(
        till, cwd=tmp_path, env=clean_environment(tmp_path), capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["synced"] is True
    assert summary["catalogue"]["products"] >= 400
    assert [len(sale["lines"]) for sale in summary["sales"]] == [3]
    assert list(out.glob("receipt-*.pdf"))
    assert list(out.glob("receipt-*.bin"))
    assert list(out.glob("window-*.png"))


def test_the_bundle_leaves_the_big_unused_parts_out(bundle: Path) -> None:
    names = {path.name for path in bundle.rglob("*")}
    assert not [
        name for name in names if name.startswith(("libQt6Quick", "libQt6Qml", "Qt6Quick", "libqgtk3"))
    ]


def clean_environment(home: Path) -> dict[str, str]:
    """Nothing of this Python, this virtual environment or this user."""
    kept = {name: value for name, value in os.environ.items() if name in ("SYSTEMROOT", "TEMP", "TMP")}
    return {
        **kept,
        "PATH": "" if os.name == "nt" else "/usr/bin:/bin",
        "HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring",
    }
