"""The door: it can be read by an old Python, says what is wrong in a sentence, and sets up only once."""

import ast
import importlib.util
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parent.parent
LOCKS = ["requirements.lock", "requirements-dev.lock"]


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The door, leading to an empty place: nothing that it sets up lands in this repository."""
    spec = importlib.util.spec_from_file_location("dev", ROOT / "dev.py")
    assert spec
    assert spec.loader
    door = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(door)
    monkeypatch.setattr(door, "STAMP", tmp_path / "installed.stamp")
    monkeypatch.setattr(door, "VENV_PYTHON", Path(sys.executable))
    return door


def say(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "dev.py", *words], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


@pytest.mark.parametrize("path", ["dev.py", "pos_app/__main__.py", "platform_server/__main__.py"])
def test_an_old_python_can_read_what_it_starts(path: str) -> None:
    ast.parse((ROOT / path).read_text(encoding="utf-8"), feature_version=(3, 6))


def test_an_old_python_is_told_in_one_sentence() -> None:
    old = "import sys, runpy; sys.version_info = (3, 6, 15, 'final', 0); runpy.run_path('dev.py')"
    done = subprocess.run([sys.executable, "-c", old], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith("Python 3.11 or newer is needed, and this is Python 3.6")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [(), ("fly",), ("test", "--slowly"), ("prove", "it")])
def test_an_unknown_word_is_refused_in_one_sentence(words: tuple[str, ...]) -> None:
    done = say(*words)
    assert done.returncode == 2
    assert done.stderr.startswith("dev.py ")
    assert done.stderr.count("\n") == 1


def test_help_names_every_verb(dev: ModuleType) -> None:
    said = say("--help").stdout
    assert not [verb for verb in dev.VERBS if f"dev.py {verb}" not in said]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_requirement_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) > 50
    assert not [block for block in blocks if "==" not in block or "--hash=sha256:" not in block]


def test_the_dev_lock_holds_all_of_the_run_lock() -> None:
    run, everything = (
        set(re.findall(r"^[\w.-]+==[\w.]+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in LOCKS
    )
    assert run < everything


def test_set_up_installs_once_and_again_when_a_lock_changes(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    installed: list[Path] = []
    monkeypatch.setattr(dev, "install", installed.append)
    monkeypatch.setattr(dev, "make_venv", lambda: None)
    run_lock, dev_lock = tmp_path / "run.lock", tmp_path / "dev.lock"
    monkeypatch.setattr(dev, "RUN_LOCK", run_lock)
    run_lock.write_text("one")
    dev_lock.write_text("one two")

    dev.set_up([run_lock], [])
    dev.set_up([run_lock], [])
    assert installed == [run_lock]
    dev.set_up([run_lock, dev_lock], [])
    dev.set_up([run_lock], [])
    dev.set_up([run_lock, dev_lock], [])
    assert installed == [run_lock, dev_lock]
    run_lock.write_text("changed")
    dev.set_up([run_lock], [])
    assert installed == [run_lock, dev_lock, run_lock]


def test_an_installation_that_failed_is_not_taken_for_whole(
    dev: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(lock_file: Path) -> None:
        raise SystemExit(1)

    monkeypatch.setattr(dev, "install", fail)
    monkeypatch.setattr(dev, "make_venv", lambda: None)
    lock = tmp_path / "run.lock"
    lock.write_text("one")
    with pytest.raises(SystemExit):
        dev.set_up([lock], [])
    assert not dev.STAMP.exists()


def test_system_packages_that_we_may_not_install_are_named_in_a_command(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.shutil, "which", lambda program, path=None: f"/usr/bin/{program}")
    monkeypatch.setattr(dev.os, "geteuid", lambda: 1000, raising=False)
    with pytest.raises(SystemExit) as stop:
        dev.install_system_packages(["libgl1", "xvfb"])
    assert "sudo apt-get install -y --no-install-recommends libgl1 xvfb" in str(stop.value)


def test_what_was_typed_last_is_where_the_results_lie(dev: ModuleType) -> None:
    assert dev.last_value(["--out", "a", "--out=b"], "--out") == "b"
    assert dev.last_value(["--out", "a", "--data", "c"], "--out") == "a"


def test_a_till_without_a_display_sells_without_a_window(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    called: list[list[str]] = []

    def record(command: list[str], **environment: str) -> int:
        called.append(command[1:])
        return 0

    monkeypatch.setattr(dev, "set_up", lambda *wanted: None)
    monkeypatch.setattr(dev, "has_display", lambda: False)
    monkeypatch.setattr(dev, "call", record)
    assert dev.run(["--out", "elsewhere"]) == 0
    assumed = ["--headless", "--out", "out/demo", "--data", "out/demo-data"]
    assert called == [["-m", "pos_app", "demo", *assumed, "--out", "elsewhere"]]
    said = capsys.readouterr().out
    assert "no display" in said
    assert "lie in elsewhere" in said
