"""How we log: lines of JSON in the till's own folder, with nothing in them that could be a secret.

The standard library does it: structlog takes 50-100 ms to import at every start (P1), and what we need of it is
one formatter. Only keys of `_SAID` are written, and of those only plain values: a CardSecret, a slip, a
PIN or a sealed code has no way in, whoever passes it.
"""

from __future__ import annotations

import datetime
import faulthandler
import json
import logging
import re
import sys
import traceback
from enum import Enum
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType
from typing import Any

_FILE = "till.jsonl"
_CRASH_FILE = "crash.txt"
_MOST_BYTES = 2 * 1024 * 1024
_FILES = 5
_MOST_TEXT = 300
_OURS = "pos_app"

# The only facts that a line may carry; another key is named in `left_out`, without its value.
_KEYS = """
    address attempt call cause count device effect entries exit_code kind language line_id look milliseconds
    paper_id path pid person_id platform products program python receipt_number refusal retry_after_s sale_id
    seconds seq shift_id shop_id skew_s state status step system till_id version
"""
_SAID = frozenset(_KEYS.split())
# In the text of a foreign error anything that looks like a number or a code is one, ids excepted.
_CODE_LIKE = re.compile(r"(?=[\w-]*\d)[\w-]{6,}|[A-Z0-9][A-Z0-9-]{7,}|\d{4,}")
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def open_log(folder: Path) -> None:
    """From now on everything lands in `folder`, crashes included; an OSError when it cannot be written to."""
    handler = _LogFile(folder)
    handler.setFormatter(_Lines())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(logging.WARNING)  # foreign libraries speak only when something is wrong
    logging.getLogger(_OURS).setLevel(logging.INFO)
    logging.raiseExceptions = False  # a full disk must not print into the sale
    sys.excepthook = _write_crash


def note(event: str, /, level: int = logging.INFO, **facts: object) -> None:
    """One line: what happened, and facts whose keys are in the list of what may be said."""
    logging.getLogger(_OURS).log(level, "%s", event, extra={"facts": facts})


def note_error(event: str, error: BaseException, /, **facts: object) -> None:
    """The same for something that nobody foresaw, with where it happened."""
    told = (type(error), error, error.__traceback__)
    logging.getLogger(_OURS).error("%s", event, exc_info=told, extra={"facts": facts})


def drop_foreign_handlers() -> None:
    """What libraries hung onto the root logger while they were imported (python-escpos does)."""
    root = logging.getLogger()
    for handler in root.handlers[:]:
        if not isinstance(handler.formatter, _Lines):
            root.removeHandler(handler)


class _LogFile(RotatingFileHandler):
    """The log, and beside it a file for the frames (no values) of all threads when Python itself falls."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder / _FILE, maxBytes=_MOST_BYTES, backupCount=_FILES, encoding="utf-8")
        self._crashes = (folder / _CRASH_FILE).open("a", encoding="utf-8")
        faulthandler.enable(self._crashes)

    def close(self) -> None:
        super().close()
        if not self._crashes.closed:
            faulthandler.disable()
            self._crashes.close()


class _Lines(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, Any] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
        }
        if record.name == _OURS:
            line["event"] = _short(record.getMessage())
        else:
            # Arguments of foreign messages may be anything: the template says enough.
            line |= {"event": "foreign", "logger": record.name, "text": masked(str(record.msg))}
        facts = getattr(record, "facts", {})
        line |= {key: _plain(value) for key, value in facts.items() if key in _SAID}
        left_out = sorted(key for key in facts if key not in _SAID)
        if left_out:
            line["left_out"] = left_out
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = described(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False)


def described(error: BaseException) -> list[dict[str, Any]]:
    """The error and its causes, outermost first: type, first line without codes, and the frames without values."""
    told: list[dict[str, Any]] = []
    seen: set[int] = set()
    each: BaseException | None = error
    while each is not None and id(each) not in seen:
        seen.add(id(each))
        frames = traceback.extract_tb(each.__traceback__)
        told.append(
            {
                "type": f"{type(each).__module__}.{type(each).__qualname__}",
                # Further lines of a foreign error quote what it was given: SQL parameters, bodies.
                "text": masked((str(each).splitlines() or [""])[0]),
                "frames": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
            }
        )
        each = each.__cause__ or (None if each.__suppress_context__ else each.__context__)
    return told


def masked(text: str) -> str:
    """The text with everything that looks like a number or a code blotted out."""

    def blot(match: re.Match[str]) -> str:
        return match.group() if _ID.fullmatch(match.group()) else "***"

    return _short(_CODE_LIKE.sub(blot, text))


def _plain(value: object) -> object:
    """Numbers and short texts as they are; of anything else only its type is said."""
    if isinstance(value, Enum):
        value = value.value
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, str | Path):
        return _short(str(value))
    if isinstance(value, datetime.date | datetime.timedelta):
        return str(value)
    return f"<{type(value).__name__}>"


def _short(text: str) -> str:
    return text if len(text) <= _MOST_TEXT else text[:_MOST_TEXT] + "..."


def _write_crash(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Something flew to the top: into the log, and onto the console where there is one."""
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    logging.getLogger(_OURS).critical("crashed", exc_info=(kind, error, trace))
    if sys.stderr is not None:
        sys.stderr.write(json.dumps(described(error), indent=1) + "\n")
