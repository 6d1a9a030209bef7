"""Brings the selling page to the moments when the platform is away, and to the page of a till that is locked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from PySide6.QtWidgets import QWidget

from pos_app.flows.held_ahead import STUCK_AFTER
from pos_app.ui.theme import Look
from tests.fakes.till_shop import FakeShop
from tests.flows.leasing import change_rules, lock
from tests.ui.till_day import sold
from tests.ui.window import ENTER, ESC, F9, OpenWindow, pictures

HELD = ((0, 6), (1, 2), (3, 4), (4, 1))  # products and how many of each


def hold(fake: FakeShop) -> None:
    """What was sold in a fortnight is held."""
    fake.shop.open_shift(fake.cashier, fake.shop.new_sale().total)
    change_rules(fake, cover_days=14)
    for product, count in HELD:
        for _ in range(count):
            sold(fake, product)
    while fake.shop.push_outbox().messages:
        """A line that was up."""
    fake.shop.keep_leases()
    fake.clock.advance(timedelta(minutes=5))


def screens(
    fake: FakeShop, language: str, look: Look, size: tuple[int, int]
) -> Iterator[tuple[str, QWidget]]:
    """Name and window; `fake` is a shop with believable goods and no shift."""
    hold(fake)
    papers = pictures(fake.printer)  # type: ignore[arg-type]
    window = OpenWindow(fake, language=language, look=look, papers=papers)
    screen = window.window
    screen.resize(*size)
    window.settle()
    window.sign_in()
    once(window)
    fake.platform.is_down = True
    once(window)
    window.scan("6900000000001")
    window.settle()
    yield "offline_selling", screen
    window.press(F9, ENTER)
    window.settle()
    yield "offline_done", screen
    fake.platform.is_down = False
    once(window)
    window.scan("6900000000001")
    window.settle()
    window.press(F9)
    fake.platform.is_down = True
    window.press(ENTER)
    fake.clock.advance(STUCK_AFTER + timedelta(seconds=30))
    window.pay.refresh()
    window.settle()
    yield "offline_stuck", screen
    window.press(ESC)
    lock(fake)
    window.close()
    window = OpenWindow(fake, language=language, look=look, papers=papers)
    screen = window.window
    screen.resize(*size)
    window.settle()
    yield "locked", screen
    window.close()


def once(window: OpenWindow) -> None:
    """One heartbeat."""
    assert window.window.heartbeat is not None
    before = window.window.heartbeat.beats
    window.window.heartbeat.soon()
    window.until(lambda: window.window.heartbeat.beats > before)  # type: ignore[union-attr]
    window.settle()
