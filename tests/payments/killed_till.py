"""A till with a real file, at a gateway behind a real address; run as a program it kills itself at a step."""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pos_app.bootstrap.gateways import KINDS
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.domain.staff import Cashier, Role
from pos_app.store.anchor import FileAnchor
from pos_app.store.books import TillBooks
from pos_app.wire.http import Http, Patience
from tests.fakes.till_clock import FakeClock
from tests.fakes.till_gateway import FakeGateways
from tests.fakes.till_goods import code_product
from tests.fakes.till_pins import FakePins
from tests.fakes.till_platform import FakePlatform
from tests.fakes.till_printer import FakePrinter
from tests.fakes.till_shop import FakeExporter, FakeInspector, FakeShop
from tests.fakes.till_signer import fake_signer
from tests.fakes.till_vault import FakeVault
from tests.flows.selling import basket
from tests.payments.counter import CLIENTS
from tests.payments.killing import DyingGateway, Killer, Scene

KEY = bytes(range(32))
PRODUCTS = (code_product(1), code_product(2))
CASHIER = Cashier("person-cashier", "Cashier", Role.CASHIER)
SUPERVISOR = Cashier("person-supervisor", "Supervisor", Role.SUPERVISOR)
OWNER = Cashier("person-owner", "Owner", Role.OWNER)


@dataclass
class FileKeys:
    """A gateway's fields in a file, on disk when `keep` returns."""

    path: Path

    def read(self) -> Mapping[str, str]:
        found: dict[str, str] = json.loads(self.path.read_text(encoding="utf-8"))
        return found

    def keep(self, changed: Mapping[str, str]) -> None:
        fields = {key: value for key, value in {**self.read(), **changed}.items() if value}
        self.path.write_text(json.dumps(fields), encoding="utf-8")


def open_till(folder: Path, practice: str, clock: FakeClock, killer: Killer) -> tuple[FakeShop, TillBooks]:
    """The shop over the file in `folder`, whose gateway is set up by `keys.json` there. The caller closes the books."""
    books = TillBooks(folder, KEY, clock.local, signer=fake_signer())
    http = Http(Patience(), "pos_app/test")
    gateway = KINDS[CLIENTS[practice]]().make(FileKeys(folder / "keys.json"), http, clock)
    platform = FakePlatform(clock, PRODUCTS)
    platform.cancel = killer.wrap("cancel", platform.cancel)  # type: ignore[method-assign]
    till: Any = books
    till.open_books = killer.books(books.open_books)
    dying: Any = DyingGateway(gateway, killer)
    anchor: Any = FileAnchor((folder / "anchor",))
    fake = FakeShop(
        shop=None,  # type: ignore[arg-type]  # set by restarted() just below
        till=till,
        platform=platform,
        printer=FakePrinter(),
        clock=clock,
        pins=FakePins(),
        vault=FakeVault(),
        anchor=anchor,
        exporter=FakeExporter(),
        inspector=FakeInspector(),
        gateways=FakeGateways(dying),
        products=PRODUCTS,
        cashier=CASHIER,
        supervisor=SUPERVISOR,
        owner=OWNER,
    )
    fake.restarted()
    return fake, books


def main(folder: Path, practice: str, now: str, scene: str, at: str) -> None:
    """Play the scene and die at the step; the sale's id is said before it begins."""
    killer = Killer(at, end=lambda: os.kill(os.getpid(), signal.SIGKILL))
    clock = FakeClock(at=datetime.fromisoformat(now), ids_given=10_000)
    fake, books = open_till(folder, practice, clock, killer)
    sale = fake.shop.reserve(CASHIER, basket(fake, codes=1))
    print(sale.id, flush=True)
    code = PaymentCode(Wallet.ALIPAY, "280000000000000123")
    stage = Scene(fake.shop, CASHIER, SUPERVISOR, sale, code, killer)
    getattr(stage, scene)()
    books.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
