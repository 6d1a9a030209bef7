"""The program itself: started, killed, asked by a second program, and nothing of it readable on disk."""

import json
import os
import signal
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from platform_server.store.keys import write_private
from tests.fakes.platform_process import Embedded, command, transport_to
from tests.fakes.platform_till import FakeTill, line_of, new_id, unb64


def sample(folder: Path) -> None:
    done = command(folder, "sample", "--seed", "5", "--products", "60", "--codes", "400")
    assert done.returncode == 0, done.stderr


def cards_in_stock(till: FakeTill) -> list[dict[str, object]]:
    return [each for each in till.catalogue() if each["kind"] == "code" and each["stock"] not in (0, 1)]


def line(product: dict[str, object]) -> dict[str, object]:
    limits = product["limits"]
    assert isinstance(limits, dict)
    return line_of(product, quantity=limits["min"])


def test_killed_between_confirm_and_reply_it_tells_the_same_cards(tmp_path: Path) -> None:
    sample(tmp_path)
    server = Embedded(tmp_path).start()
    with transport_to(server.ready["address"]) as transport:
        till = FakeTill(transport, server.order('{"do": "enrol", "till_name": "Front"}')["enrolment_code"])
        till.enrol()
        product = cards_in_stock(till)[0]
        sale = new_id()
        assert till.reserve(sale, [line(product)]).status_code == 200
        first = till.step(sale, "confirm").json  # the reply that the till shall not have had
    server.kill()
    again = Embedded(tmp_path).start()
    assert again.ready["platform_key"] == server.ready["platform_key"]
    with transport_to(again.ready["address"]) as transport:
        till.transport, till.address = transport, again.ready["address"]
        reply = till.step(sale, "confirm")
        assert reply.is_replay
        opened = [till.open(sale, card) for card in reply.json["cards"]]
        assert opened == [till.open(sale, card) for card in first["cards"]]
        assert opened
    assert again.end() == 0
    healthy = command(tmp_path, "doctor")
    assert healthy.returncode == 0, healthy.stdout
    assert "FAIL" not in healthy.stdout
    secrets = {value for card in opened for name, value in card.items() if value and name != "expires_at"}
    keys = (tmp_path / "keys").read_text() if (tmp_path / "keys").is_file() else ""
    for path in (tmp_path / "keys").iterdir():
        assert path.stat().st_mode & 0o77 == 0 or os.name != "posix"
        keys += path.read_text()
    secrets |= set(json.loads(keys).values()) | {till.code.split(".")[3]}
    for path in (tmp_path / "data").rglob("*"):
        if path.is_file():
            raw = path.read_bytes()
            assert not [secret for secret in secrets if secret.encode() in raw], path
            assert not [key for key in json.loads(keys).values() if unb64(key) in raw], path


def test_it_serves_from_the_ready_line_to_the_end_of_its_input(tmp_path: Path) -> None:
    server = Embedded(tmp_path).start()
    assert set(server.ready) == {"ready", "address", "platform_key", "pid"}
    assert server.ready["pid"] == server.process.pid
    assert "code" in server.order("nonsense")
    assert "code" in server.order('{"do": "dance"}')
    assert server.order('{"do": "enrol", "till_name": "x", "renew": "T9"}')["code"] == "REFUSED"
    assert server.order('{"do": "enrol", "till_name": "x", "renew": true}')["code"] == "REFUSED"
    assert server.order('{"do": "enrol", "till_name": "x", "renew": 1}')["code"] == "BAD_REQUEST"
    beside = command(tmp_path, "credit", "--minor", "12345", "--reference", "bank 1")
    assert "12345 CNY" in beside.stdout, beside.stderr
    code = command(tmp_path, "enrol", "--name", "Second").stdout.strip()
    with transport_to(server.ready["address"]) as transport:
        till = FakeTill(transport, code)
        assert till.address == server.ready["address"]
        assert till.enrol().json["till_code"] == "T1"
        assert till.call("GET", "/v1/account").json["wallet"]["balance"]["minor"] == 12_345
        code = server.order('{"do": "enrol", "till_name": "x", "renew": true}')["enrolment_code"]
        renewed = FakeTill(transport, code)
        assert (renewed.enrol().json["till_id"], renewed.epoch) == (till.till_id, till.epoch + 1)
    assert server.end() == 0


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_signal_ends_it_too(tmp_path: Path) -> None:
    server = Embedded(tmp_path).start()
    server.process.send_signal(signal.SIGTERM)
    assert server.process.wait(20) in (0, -signal.SIGTERM)
    server.kill()


def test_what_it_cannot_do_it_says_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data" / "platform").mkdir(parents=True)
    (tmp_path / "data" / "platform" / "platform.db").write_bytes(b"not a database" * 1000)
    server = Embedded(tmp_path).start()
    assert (server.ready["ready"], server.ready["code"]) == (False, "DAMAGED")
    assert "keys of this store are missing" in server.ready["message"]
    assert server.process.wait(20) == 2
    server.kill()
    for arguments in (["doctor"], ["serve", "--supplier", "x=y"]):
        done = command(tmp_path / "other", *arguments)
        assert done.returncode in (1, 2)
        assert done.stderr.strip().endswith(".")
        assert "Traceback" not in done.stderr


def test_the_openapi_document_is_the_published_one(tmp_path: Path) -> None:
    fresh = tmp_path / "openapi.json"
    assert command(tmp_path, "openapi", "--out", str(fresh)).returncode == 0
    published = Path(__file__).parents[2] / "docs" / "openapi.json"
    assert fresh.read_text("utf-8") == published.read_text("utf-8"), "run: python -m platform_server openapi"


def test_servers_side_by_side_write_one_file_at_once(tmp_path: Path) -> None:
    """Each is a program of its own in life; threads meet more often."""
    place = tmp_path / "deep" / "platform.address"
    texts = [f"http://127.0.0.1:{port}" for port in range(1, 400)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda text: write_private(place, text), texts))
    assert place.read_text("ascii") in texts
    assert [path.name for path in place.parent.iterdir()] == [place.name]
    if os.name == "posix":
        assert place.stat().st_mode & 0o777 == 0o600
