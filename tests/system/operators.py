"""Operators as people: who signs in at the console with a password and an authenticator, and their browser."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Self
from urllib.parse import parse_qs, urlsplit

import pyotp
from playwright.sync_api import Browser, sync_playwright

_QUIET = (
    "--no-sandbox",
    "--headless",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-gpu",
)


@dataclass
class Person:
    """An operator, with the authenticator in their pocket."""

    name: str
    password: str
    secret: str
    last_step: int = 0

    @classmethod
    def handed(cls, name: str, told: str) -> Self:
        """With what `operator add` or the console told once."""
        first = re.search(r"first password\s+(\S+)", told, re.IGNORECASE)
        uri = re.search(r"otpauth://\S+", told)
        assert first, told
        assert uri, told
        return cls(name, first.group(1), parse_qs(urlsplit(uri.group()).query)["secret"][0])

    def code(self) -> str:
        """One that was not used yet and counts now: the server takes the present step and those beside it."""
        present = int(time.time()) // 30
        self.last_step = max(self.last_step + 1, present - 1)
        assert self.last_step <= present + 1, "more codes than fit into the window"
        return pyotp.TOTP(self.secret).at(self.last_step * 30)


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Chromium as it lies on the machine."""
    path = shutil.which("chromium")
    assert path, "chromium is not installed; dev.py test does it"
    with sync_playwright() as played:
        with_it = played.chromium.launch(executable_path=path, args=_QUIET)
        yield with_it
        with_it.close()
