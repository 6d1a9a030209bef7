"""The shape of the one bridge between threads, so that presenters need no Qt."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol, TypeVar

from pos_app.domain.errors import PosError

T = TypeVar("T")


class Lane(StrEnum):
    """One worker each: what runs in one lane keeps its order, and no lane waits for another."""

    STORE = "store"
    WIRE = "wire"
    PAPER = "paper"
    MONEY = "money"  # the gateway, for the customer at the counter
    FILES = "files"  # copies of the books and whole looks over them: they may take a minute
    BEHIND = "behind"  # the gateways, for payments that nobody stands waiting for


class Run(Protocol):
    def __call__(
        self,
        lane: Lane,
        work: Callable[[], T],
        done: Callable[[T], None],
        failed: Callable[[PosError], None],
    ) -> None:
        """Do `work` on a lane; then `done` or `failed`, exactly one of them, on the screen's own thread.

        What is not a PosError is a bug: it goes to the crash page and neither is called.
        """
