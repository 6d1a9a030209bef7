"""What should not work, as a person meets it: one clear sentence, nothing lost, nothing half done."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.system.demo_run import ROOT, DemoFolders, environment, run_tool

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> DemoFolders:
    """A till with books and a platform, made by the doors that people use."""
    folders = DemoFolders.under(tmp_path_factory.mktemp("till"))
    code = (
        "import sys; from pathlib import Path; from pos_app.bootstrap.front import Front;"
        "front = Front(Path(sys.argv[1]), Path(sys.argv[2])); front.open(); front.close()"
    )
    made = subprocess.run(
        [sys.executable, "-c", code, str(folders.data), str(folders.keys)],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    return folders


def copied(till: DemoFolders, to: Path) -> DemoFolders:
    folders = DemoFolders.under(to)
    shutil.copytree(till.data, folders.data)
    shutil.copytree(till.keys, folders.keys)
    return folders


def doctor(folders: DemoFolders) -> subprocess.CompletedProcess[str]:
    return run_tool("pos_app", "doctor", *folders.arguments)


def test_a_sound_till(till: DemoFolders) -> None:
    done = doctor(till)
    assert (done.returncode, done.stderr) == (0, "")
    assert all(line.startswith("ok") for line in done.stdout.splitlines())


@pytest.mark.parametrize(
    ("harm", "word"),
    [
        (lambda raw: b"not a database, but a letter to my aunt. " * 300, "books"),
        (lambda raw: raw[: len(raw) // 2], "books"),
        (lambda raw: raw[:8192] + os.urandom(4096) + raw[12288:], "books"),
    ],
    ids=["foreign", "cut off", "scribbled on"],
)
def test_a_database_that_cannot_be_read_is_said_and_left_as_it_is(
    till: DemoFolders, tmp_path: Path, harm: object, word: str
) -> None:
    folders = copied(till, tmp_path)
    file = folders.data / "till" / "books.db"
    harmed = harm(file.read_bytes())  # type: ignore[operator]
    file.write_bytes(harmed)
    done = doctor(folders)
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr
    if done.returncode == 2:
        assert word in done.stderr.lower()
        assert len(done.stderr.strip().splitlines()) == 1
    assert file.read_bytes() == harmed


def test_books_without_their_keys_are_said(till: DemoFolders, tmp_path: Path) -> None:
    folders = copied(till, tmp_path)
    for key in folders.keys.iterdir():
        key.unlink()
    done = doctor(folders)
    assert done.returncode == 2
    assert "key" in done.stderr.lower()
    assert list(folders.keys.iterdir()) == []


def test_a_second_till_on_the_same_books_is_refused(till: DemoFolders) -> None:
    code = (
        "import sys; from pathlib import Path; from pos_app.store.lock import TillLock;"
        "lock = TillLock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(till.data / "till")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        done = doctor(till)
        assert holder.stdin is not None
        holder.stdin.close()
    assert done.returncode == 2
    assert "open" in done.stderr.lower()


def test_keys_inside_the_data_are_refused(tmp_path: Path) -> None:
    done = run_tool("pos_app", "doctor", "--data", str(tmp_path), "--keys", str(tmp_path / "keys"))
    assert done.returncode == 2
    assert "keys" in done.stderr


def test_no_books_are_said_with_what_to_do(tmp_path: Path) -> None:
    done = run_tool("pos_app", "doctor", "--data", str(tmp_path / "nothing"))
    assert done.returncode == 2
    assert "--data" in done.stderr
    assert not (tmp_path / "nothing").exists()


def test_a_folder_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    done = run_tool(
        "pos_app", "demo", "--headless", "--out", str(tmp_path / "out"),
        "--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys"),
    )  # fmt: skip
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert (tmp_path / "data").read_text() == "a file"


def test_missing_parts_are_said_with_the_command(tmp_path: Path) -> None:
    """A Python without our dependencies, as when someone forgot the set-up."""
    script = (
        "import runpy, sys; sys.path.insert(0, sys.argv.pop(1));"
        "sys.argv[0] = 'pos_app'; runpy.run_module('pos_app', run_name='__main__')"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", script, str(ROOT),
         "--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")],
        cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert "dev.py run" in done.stderr
