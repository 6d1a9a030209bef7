"""The log says what happened and nothing secret."""

import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_app import logs
from pos_app.domain.card_code import CardSecret
from pos_app.domain.money import Money
from pos_app.domain.sale import SaleState

SECRET = "4006-3811-PIN-9988"  # what no line may ever hold
ROOT = Path(__file__).parent.parent


@pytest.fixture
def log(tmp_path: Path) -> Iterator[Path]:
    """The log of a till, the interpreter as it was afterwards."""
    root = logging.getLogger()
    before = (root.handlers[:], root.level, sys.excepthook, logging.raiseExceptions)
    root.handlers.clear()  # pytest's own, which open_log would close
    logs.open_log(tmp_path)
    yield tmp_path / "till.jsonl"
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    for handler in before[0]:
        root.addHandler(handler)
    root.setLevel(before[1])
    sys.excepthook = before[2]
    logging.raiseExceptions = before[3]


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def test_a_line_says_what_happened(log: Path) -> None:
    logs.note(
        "reserved", sale_id="s-1", state=SaleState.RESERVED, count=2, path=Path("a"), seconds=timedelta(1)
    )
    (line,) = lines(log)
    assert line.pop("at").endswith("+00:00")
    assert line == {
        "level": "info",
        "event": "reserved",
        "sale_id": "s-1",
        "state": "reserved",
        "count": 2,
        "path": "a",
        "seconds": "1 day, 0:00:00",
    }


def test_no_secret_has_a_way_in(log: Path) -> None:
    secret = CardSecret(SECRET, SECRET, SECRET, None)
    logs.note("a", pin=SECRET, sealed=SECRET.encode(), number=SECRET, secret=secret, enrolment_code=SECRET)
    logs.note(
        "b", state=secret, cause=SECRET.encode(), call={"pin": SECRET}, count=[SECRET], address=Money(1)
    )
    logging.getLogger("foreign").warning("said %s", SECRET)
    logging.getLogger("foreign").error(f"said {SECRET}")  # noqa: G004 - what others do
    try:
        try:
            raise KeyError(SECRET)
        except KeyError as error:
            raise ValueError(f"wrong: {SECRET}\n[parameters: {SECRET}]") from error
    except ValueError as error:
        logs.note_error("c", error, sale_id="s")
        logging.getLogger("foreign").exception("it broke")
    text = log.read_text(encoding="utf-8")
    assert SECRET not in text
    assert "9988" not in text
    told = lines(log)
    assert told[0]["left_out"] == ["enrolment_code", "number", "pin", "sealed", "secret"]
    assert told[1]["state"] == "<CardSecret>"
    assert told[2]["text"] == "said %s"
    assert [each["type"] for each in told[4]["error"]] == ["builtins.ValueError", "builtins.KeyError"]
    assert "test_logs.py" in told[4]["error"][0]["frames"][0]


@pytest.mark.parametrize(
    "text", [SECRET, "ABCDEFGHJK", "6222021234567", "13800138000", "a1b2c3d4", "1234", "x7Kq-99ab-Zz"]
)
def test_what_looks_like_a_code_is_blotted_out(text: str) -> None:
    assert text not in logs.masked(f"before {text} after")


def test_ids_and_words_are_not() -> None:
    text = "no such table: sales 0193fd2e-7c1a-7bbb-8aaa-0123456789ab (line 12)"
    assert logs.masked(text) == text


def test_long_texts_are_cut(log: Path) -> None:
    logs.note("x", cause="y" * 5000)
    assert len(lines(log)[0]["cause"]) < 400


def test_foreign_chatter_is_not_kept(log: Path) -> None:
    logging.getLogger("urllib3").info("Starting new connection")
    assert lines(log) == []


def test_handlers_that_a_library_hung_up_are_taken_down(
    log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.getLogger().addHandler(logging.StreamHandler())
    logs.drop_foreign_handlers()
    logs.note("still here")
    assert len(lines(log)) == 1
    assert capsys.readouterr().err == ""


def test_the_log_turns_over(log: Path) -> None:
    for handler in logging.getLogger().handlers:
        handler.maxBytes = 1000  # type: ignore[attr-defined]
    for number in range(100):
        logs.note("turn", count=number)
    names = sorted(each.name for each in log.parent.iterdir())
    assert names == [
        "crash.txt",
        *sorted(["till.jsonl", *(f"till.jsonl.{number}" for number in range(1, 6))]),
    ]


def test_a_crash_is_written_without_values(tmp_path: Path) -> None:
    program = f"""
from pathlib import Path
from pos_app import logs
logs.open_log(Path({str(tmp_path)!r}))
pin = {SECRET!r}
raise ValueError("bad " + pin)
"""
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    (line,) = lines(tmp_path / "till.jsonl")
    assert (line["level"], line["event"]) == ("critical", "crashed")
    assert line["error"][0]["type"] == "builtins.ValueError"
    for text in (done.stderr, done.stdout, json.dumps(line)):
        assert SECRET not in text


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        logs.open_log(tmp_path / "nowhere")


def test_opening_the_log_loads_nothing_heavy() -> None:
    program = "import sys, pos_app.logs; print([m for m in ('structlog', 'requests', 'msgspec') if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"
