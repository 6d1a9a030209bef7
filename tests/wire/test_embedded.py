"""Servers of the till's own: they come up, answer, come up again, and are never left behind."""

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pos_app.domain.errors import PlatformNotStarted
from pos_app.wire.embedded import ChildProcess, EmbeddedPlatform, Program, run_once

SERVER = textwrap.dedent("""
    import json, os, sys
    print("hello, this is not JSON", flush=True)
    print(json.dumps({"ready": True, "address": "http://127.0.0.1:1", "platform_key": "k", "pid": 7}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["do"] == "enrol":
            print(json.dumps({"enrolment_code": "code for " + asked["till_name"]}), flush=True)
        if asked["do"] == "die":
            os._exit(3)
""")
ARGUMENTS = 'import sys; print(" ".join(sys.argv[1:]))'


def script(tmp_path: Path, source: str) -> Program:
    return Program((sys.executable, "-c", source), None, tmp_path / "log" / "server.log")


def cause(call: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(PlatformNotStarted) as caught:
        call()
    return caught.value.cause, caught.value.said


def is_alive(pid: int) -> bool:
    """Not a zombie either: in a container nobody may collect it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_starts_answers_and_stops(tmp_path: Path) -> None:
    platform = EmbeddedPlatform(script(tmp_path, SERVER), tmp_path / "data", tmp_path / "keys")
    running = platform.start()
    assert (running.address, running.platform_key) == ("http://127.0.0.1:1", "k")
    assert platform.start() is running
    assert platform.enrolment_code("Till") == "code for Till"
    platform.stop()
    assert not platform.is_running
    assert not is_alive(running.pid)
    platform.stop()


def test_one_that_died_comes_up_again(tmp_path: Path) -> None:
    platform = EmbeddedPlatform(script(tmp_path, SERVER), tmp_path / "data", tmp_path / "keys", "http://s")
    first = platform.start()
    os.kill(first.pid, signal.SIGKILL)
    while platform.is_running:
        time.sleep(0.001)
    assert platform.enrolment_code("Till") == "code for Till"
    assert platform.start().pid != first.pid
    platform.stop()


def test_one_that_dies_while_it_is_asked(tmp_path: Path) -> None:
    child = ChildProcess(script(tmp_path, SERVER), ())
    child.start()
    assert cause(lambda: child.ask({"do": "die"}))[0] == "ended"
    while child.is_running:
        time.sleep(0.001)
    assert cause(lambda: child.ask({"do": "enrol", "till_name": "x"}))[0] == "ended"
    child.stop()


def test_an_answer_that_came_too_late_is_not_the_next_one(tmp_path: Path) -> None:
    child = ChildProcess(script(tmp_path, SERVER), ())
    child.start()
    child.ask({"do": "enrol", "till_name": "a"})
    child._lines.put({"enrolment_code": "late"})
    assert child.ask({"do": "enrol", "till_name": "b"}) == {"enrolment_code": "code for b"}
    child.stop()


@pytest.mark.parametrize(
    ("source", "expected", "said"),
    [
        ("raise SystemExit('no room here')", "ended", "no room here"),
        ("import time; time.sleep(60)", "timeout", ""),
        (
            """import json; print(json.dumps({"ready": False, "code": "BUSY", "message": "in use"}))""",
            "busy",
            "in use",
        ),
        ("""import json; print(json.dumps({"ready": False, "code": "ODD"}))""", "ended", ""),
    ],
)
def test_one_that_does_not_come_up(tmp_path: Path, source: str, expected: str, said: str) -> None:
    child = ChildProcess(script(tmp_path, source), ())
    patience = 0.5 if expected == "timeout" else 20
    found, words = cause(lambda: child.start(patience))
    assert (found, said in words) == (expected, True)
    assert not child.is_running


def test_one_that_names_no_address(tmp_path: Path) -> None:
    source = """import json, sys; print(json.dumps({"ready": True}), flush=True); sys.stdin.read()"""
    platform = EmbeddedPlatform(script(tmp_path, source), tmp_path, tmp_path)
    assert cause(platform.start)[0] == "ended"


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    program = Program((str(tmp_path / "nothing"),), None, tmp_path / "log")
    assert cause(ChildProcess(program, ()).start)[0] == "ended"
    assert cause(lambda: run_once(program, ()))[0] == "ended"


def test_one_that_does_not_end_by_itself_is_ended(tmp_path: Path) -> None:
    source = """import json, time; print(json.dumps({"ready": True}), flush=True); time.sleep(600)"""
    child = ChildProcess(script(tmp_path, source), ())
    child.start()
    pid = child.pid
    assert pid is not None
    child.stop(grace_s=0.1)
    assert not is_alive(pid)


def test_another_command_runs_once_on_the_same_data(tmp_path: Path) -> None:
    platform = EmbeddedPlatform(script(tmp_path, ARGUMENTS), tmp_path / "d", tmp_path / "k")
    said = platform.run_once(["sample", "--seed", "1"])
    assert said.split() == [
        "sample",
        "--seed",
        "1",
        "--data",
        str(tmp_path / "d"),
        "--keys",
        str(tmp_path / "k"),
    ]

    in_keyring = EmbeddedPlatform(script(tmp_path, ARGUMENTS), tmp_path / "d", None)
    assert in_keyring.run_once(["doctor"]).split() == ["doctor", "--data", str(tmp_path / "d")]


@pytest.mark.parametrize(
    ("source", "expected", "said"),
    [("raise SystemExit('why')", "ended", "why"), ("import time; time.sleep(60)", "timeout", "")],
)
def test_a_command_that_fails(tmp_path: Path, source: str, expected: str, said: str) -> None:
    patience = 0.5 if expected == "timeout" else 20
    assert cause(lambda: run_once(script(tmp_path, source), (), patience)) == (expected, said)


def test_a_long_log_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "log" / "server.log"
    log.parent.mkdir()
    log.write_bytes(b"x" * 3_000_000)
    run_once(script(tmp_path, "pass"), ())
    assert log.stat().st_size == 0
    assert log.with_name("server.log.1").stat().st_size == 3_000_000


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_nothing_is_left_behind_when_the_till_is_killed(tmp_path: Path) -> None:
    till = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from pos_app.wire.embedded import EmbeddedPlatform, Program
        program = Program((sys.executable, "-c", {SERVER!r}), None, Path({str(tmp_path / "log")!r}))
        platforms = [EmbeddedPlatform(program, Path("d"), Path("k")) for _ in range(2)]
        print(*[platform.start().pid for platform in platforms], flush=True)
        time.sleep(600)
    """)
    with subprocess.Popen([sys.executable, "-c", till], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pids = [int(pid) for pid in process.stdout.readline().split()]
        assert len(pids) == 2
        assert all(is_alive(pid) for pid in pids)
        process.send_signal(signal.SIGKILL)
        process.wait()
    ends_at = time.monotonic() + 20
    while any(is_alive(pid) for pid in pids):
        assert time.monotonic() < ends_at, "left behind"
        time.sleep(0.01)


def test_the_practice_supplier_starts_the_same_way(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    child = ChildProcess(
        Program((sys.executable, "-m", "practice"), root, tmp_path / "log"), ("supplier", "--embedded")
    )
    ready = child.start()
    assert str(ready["address"]).startswith("http://127.0.0.1:")
    json.dumps(ready)
    child.stop()
