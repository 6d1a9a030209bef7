"""Numbers each durable step and each outside effect of a real till, and ends the process at one of them."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pos_app.domain.errors import Unreachable
from pos_app.domain.receipt import CodeSlip, Receipt
from pos_app.ports.platform import Platform
from pos_app.printing.chosen import ChosenPrinter
from pos_app.store.books import SqlBooks
from pos_app.wire.platform.client import PlatformClient


@dataclass
class Diary:
    """What was told to people and what came out on paper: lines in a file that no till reads."""

    path: Path

    def write(self, **facts: object) -> None:
        number = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.write(number, json.dumps(facts).encode() + b"\n")
        os.close(number)

    def read(self) -> list[dict[str, Any]]:
        lines = self.path.read_text(encoding="utf-8").splitlines() if self.path.exists() else []
        return [json.loads(line) for line in lines]

    def slips(self) -> dict[str, set[str]]:
        """The codes that came out, by the receipt number on their slip."""
        found: dict[str, set[str]] = {}
        for facts in self.read():
            if "code" in facts:
                found.setdefault(facts["receipt"], set()).add(facts["code"])
        return found


@dataclass
class Steps:
    """`install` hooks them in for the rest of this process; at number `last` it is killed. 0: never."""

    diary: Diary
    last: int = 0
    is_line_down: bool = False
    count: int = 0
    names: list[str] = field(default_factory=list)

    def install(self) -> None:
        self._wrap(SqlBooks, "commit")
        for name in _calls(Platform):
            if hasattr(PlatformClient, name):
                self._wrap(PlatformClient, name, is_of_the_line=True)
        self._wrap(ChosenPrinter, "open_drawer")
        # names and bytes of files beside the books: settings, keys, backups and whatever else is synced by itself
        self._wrap(os, "fsync")
        self._wrap(os, "replace")
        self._wrap(Path, "replace")
        printed = ChosenPrinter.print

        def came_out(printer: ChosenPrinter, receipt: Receipt) -> None:
            printed(printer, receipt)
            facts = {"receipt": receipt.header.number, "copy": receipt.header.copy}
            if isinstance(receipt, CodeSlip):
                facts["code"] = receipt.qr
            self.diary.write(paper=type(receipt).__name__, **facts)

        setattr(ChosenPrinter, "print", came_out)  # noqa: B010  # a type would forbid it
        self._wrap(ChosenPrinter, "print")

    def _wrap(self, owner: Any, name: str, *, is_of_the_line: bool = False) -> None:
        act: Callable[..., Any] = getattr(owner, name)

        def acted(*arguments: Any, **named: Any) -> Any:
            self._step(f"before {name}")
            if is_of_the_line and self.is_line_down:
                raise Unreachable("down")
            answer = act(*arguments, **named)
            self._step(f"after {name}")
            return answer

        setattr(owner, name, acted)

    def _step(self, name: str) -> None:
        self.count += 1
        self.names.append(name)
        if self.count == self.last:
            os.kill(os.getpid(), signal.SIGKILL)


def _calls(port: type) -> list[str]:
    return [name for name, value in vars(port).items() if callable(value) and not name.startswith("_")]
