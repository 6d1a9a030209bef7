"""From the Enter of a payment code's scan to the first byte of the charge on the wire, for each gateway's real client."""

from __future__ import annotations

import http.client
import json
import random
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

from PySide6.QtCore import Qt

from bench.measure import ROOT
from bench.real_till import AwayPlatform, RealTill, show_frames
from pos_app import __version__
from pos_app.bootstrap.gateways import KINDS, SetUpGateways
from pos_app.domain.catalogue import ProductKind
from pos_app.ports.platform import Reservation, ReservedLine
from pos_app.ui.pay.state import Step
from pos_app.wire.http import Http, Patience
from pos_app.wire.system_clock import SystemClock
from tests.payments.counter import MemoryKeys, fields_of

PAYMENTS = 300
WARM_UP = 5
GAP_MS = 2  # between two digits, as a USB scanner sends them
CODES = {
    "shouqianba": "13",
    "wechat": "13",
    "alipay": "28",
    "lakala": "28",
}
_ASK = "SELECT id FROM products WHERE barcode IS NOT NULL AND num % 7 = 0 LIMIT 400"


class ReadyPlatform(AwayPlatform):
    """Sets everything aside at once; codes never come, so that nothing else is measured."""

    def reserve(self, _enrolment: Any, sale: Any, *_: Any) -> Reservation:
        lines = tuple(ReservedLine(line.line_id, line.product.wholesale, ()) for line in sale.lines)
        return Reservation(lines, datetime.now(UTC) + timedelta(minutes=10))


def main(*arguments: str) -> int:
    """Prints the times against one frame; 0 when the promise is kept for all. Gateways may be named."""
    names = list(arguments or sys.argv[1:]) or list(CODES)
    kept = [_measure(name) for name in names]
    return 0 if all(kept) else 1


def _measure(name: str) -> bool:
    command = [sys.executable, "-m", "practice", "gateway", name, "--embedded"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        ready = json.loads(server.stdout.readline())
        try:
            return _pay_there(name, ready)
        finally:
            server.stdin.close()


def _pay_there(name: str, ready: dict[str, Any]) -> bool:
    keys = MemoryKeys(fields_of(name, ready["setup"], ready["address"]))
    sender = Http(Patience(), f"pos_app/{__version__}")
    gateways = SetUpGateways(KINDS, lambda: (name,), lambda _: keys, sender, SystemClock())
    gateways.named(name).begin_day()
    till = RealTill(platform=ReadyPlatform(), gateways=gateways)
    with till.books.open_to_read() as opened:
        found = [opened.catalogue.product(row) for row in opened._connection.run(_ASK).scalars()]
    goods = [
        p for p in found if p is not None and p.kind is ProductKind.CODE and p.allows(1) and not p.is_sold_out
    ]
    floor = _floor(till)
    sent: list[float] = []
    send = http.client.HTTPConnection.send

    def watched(connection: Any, data: Any) -> None:
        sent.append(time.perf_counter())
        send(connection, data)

    http.client.HTTPConnection.send = watched  # type: ignore[method-assign, assignment]
    try:
        chance = random.Random()  # a code is good once, also over several runs on the same books
        taken = [
            _pay(
                till,
                goods[n % len(goods)].barcode or "",
                f"{CODES[name]}{chance.randrange(10**13):013d}999",
                sent,
            )
            for n in range(PAYMENTS)
        ]
    finally:
        http.client.HTTPConnection.send = send  # type: ignore[method-assign, assignment]
    till.close()
    print(f"{name}: {PAYMENTS} payments; the durable commit of one row by itself {1000 * floor:.2f} ms.")
    return show_frames(f"Enter of a payment code to the wire, {name}", taken[WARM_UP:])


def _pay(till: RealTill, barcode: str, code: str, sent: list[float]) -> float:
    """One sale: the product, F9, the customer's code; seconds from its Enter to the first byte."""
    for char in barcode:
        till.key(char)
        till.rest(GAP_MS)
    till.key("\r", Qt.Key.Key_Return)
    till.until(lambda: bool(till.till.state.sale.lines) and till.window.jobs.is_idle)
    pay = till.window.selling.pay
    till.till.pay()
    till.until(lambda: pay.state.step is Step.MONEY)
    for char in code:
        till.key(char)
        till.rest(GAP_MS)
    sent.clear()
    begin = time.perf_counter()
    till.key("\r", Qt.Key.Key_Return)
    till.until(lambda: pay.state.step is Step.DONE)
    till.until(lambda: till.window.jobs.is_idle)
    return sent[0] - begin


def _floor(till: RealTill) -> float:
    begin = time.perf_counter()
    for number in range(50):
        with till.books.open_books() as books:
            books.sales.keep_basket(None if number % 2 else till.till.state.sale)
            books.commit()
    return (time.perf_counter() - begin) / 50
