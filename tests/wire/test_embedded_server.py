"""The real embedded platform as the till starts it: killed, restarted, and never left behind."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_app.domain.errors import PlatformNotStarted
from pos_app.domain.ledger import LedgerEntry, LedgerHead
from pos_app.wire.embedded import EmbeddedPlatform, Program
from pos_app.wire.http import Http, Patience
from pos_app.wire.platform.client import PlatformClient
from pos_app.wire.system_clock import SystemClock

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")


@pytest.fixture
def platform(tmp_path: Path) -> EmbeddedPlatform:
    program = Program((sys.executable, "-m", "platform_server"), ROOT, tmp_path / "platform.log")
    return EmbeddedPlatform(program, tmp_path / "data", tmp_path / "keys")


def test_killed_it_comes_up_again_with_the_same_key_and_books(platform: EmbeddedPlatform) -> None:
    clock = SystemClock()
    http = Http(Patience(), "test")
    client = PlatformClient(http, Ed25519PrivateKey.generate(), bytes(32), clock, "test")
    try:
        first = platform.start()
        enrolment = client.enrol(platform.enrolment_code("Till"), "Till")
        today = clock.now().date()
        entry = LedgerEntry(enrolment.till_id, 1, 1, LedgerHead().digest, clock.now(), today, "note", {})
        assert client.push_ledger(enrolment, [entry]).seq == 1
        os.kill(first.pid, signal.SIGKILL)
        while platform.is_running:
            time.sleep(0.001)
        second = platform.start()
        assert second.platform_key == first.platform_key == enrolment.platform_key
        assert client.push_ledger(replace(enrolment, address=second.address), [entry]).seq == 1
    finally:
        http.close()
        platform.stop()


def test_a_damaged_file_is_said(platform: EmbeddedPlatform, tmp_path: Path) -> None:
    platform.start()
    platform.stop()
    (database,) = (tmp_path / "data" / "platform").glob("*.db")
    database.write_bytes(os.urandom(100_000))
    with pytest.raises(PlatformNotStarted) as caught:
        platform.start()
    assert caught.value.said
    assert not platform.is_running


def test_it_ends_when_its_till_is_killed(tmp_path: Path) -> None:
    till = textwrap.dedent(f"""
        import sys, time
        from pathlib import Path
        from pos_app.wire.embedded import EmbeddedPlatform, Program
        program = Program((sys.executable, "-m", "platform_server"), Path({str(ROOT)!r}), Path({str(tmp_path / "log")!r}))
        platform = EmbeddedPlatform(program, Path({str(tmp_path / "data")!r}), Path({str(tmp_path / "keys")!r}))
        print(platform.start().pid, flush=True)
        time.sleep(600)
    """)
    with subprocess.Popen([sys.executable, "-c", till], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert Path(f"/proc/{pid}").exists()
        process.send_signal(signal.SIGKILL)
        process.wait()
    ends_at = time.monotonic() + 20
    while _is_alive(pid):
        assert time.monotonic() < ends_at, "left behind"
        time.sleep(0.01)


def _is_alive(pid: int) -> bool:
    """Not a zombie either: in a container nobody may collect it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
