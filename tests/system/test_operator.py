"""The platform from nothing, as an operator sets it up: an empty folder, an empty database, commands and a browser."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fakes.platform_process import transport_to
from tests.fakes.platform_till import FakeTill, Transport, line_of, new_id
from tests.fakes.postgres import Postgres
from tests.system.demo_run import ROOT, free_port
from tests.system.operators import Person, open_browser

pytestmark = pytest.mark.slow
PATIENCE_S = 60
CODES = [f"WALK-{number:06d}-QX" for number in range(12)]
LINES = "\n".join(["pin", *CODES, CODES[3].lower().replace("-", " "), ""])
PASSWORDS = {"lin": "three quiet herons", "wu": "seven late trains"}


@dataclass
class Machine:
    """A bare machine: one folder, and where the database listens."""

    folder: Path
    url: str
    port: int
    server: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def words(self, *arguments: str) -> list[str]:
        places = ("--data", str(self.folder / "data"), "--keys", str(self.folder / "keys"))
        return [sys.executable, "-m", "platform_server", *arguments, *places]

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "POS_PLATFORM_DATABASE": self.url}

    def run(self, *arguments: str, said: str = "") -> str:
        """What a command answers; one that fails is a failed test with what it said."""
        done = subprocess.run(
            self.words(*arguments),
            cwd=ROOT,
            env=self.environment,
            input=said,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
        )
        assert done.returncode == 0, f"{arguments}: {done.stdout}\n{done.stderr}"
        return done.stdout

    def start(self, log: IO[bytes]) -> None:
        """Until it answers."""
        self.server = subprocess.Popen(
            self.words("serve", "--port", str(self.port)),
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=log,
        )
        assert self.server.stdout
        assert b'"ready": true' in self.server.stdout.readline(), Path(log.name).read_text("utf-8")

    def stop(self) -> None:
        """As a service manager does."""
        assert self.server
        assert self.server.stdout
        self.server.send_signal(signal.SIGTERM)
        self.server.wait(PATIENCE_S)
        self.server.stdout.close()
        self.server = None


@contextmanager
def bare_machine(folder: Path, url: str) -> Iterator[Machine]:
    port = free_port()
    machine = Machine(folder, url, port)
    try:
        yield machine
    finally:
        if machine.server:
            machine.server.kill()
            machine.server.wait(PATIENCE_S)


def test_from_nothing_to_a_refunded_claim(tmp_path: Path, postgres: Postgres) -> None:
    """Everything by the console, but the first operator and what only a command tells."""
    with (
        postgres.database("template1") as url,  # nothing in it: the server makes its tables
        bare_machine(tmp_path, url) as machine,
        (tmp_path / "server.txt").open("wb") as log,
        open_browser() as browser,
    ):
        machine.start(log)
        lin = Person.handed(
            "lin", machine.run("operator", "add", "Lin", "--role", "owner", "--language", "en")
        )
        page = _come_in(browser, machine, lin)
        wu = _add_a_second_person(page, lin)
        _come_in(browser, machine, wu).close()
        _make_goods(page)
        _import(page)
        _open_a_shop(page)
        code = _enrol(page)
        with transport_to(machine.address) as transport:
            shop = _Shop.opened(transport, code)
            shop.sell()
            _look_at_the_sale(page, shop.sale)
            shop.claim()
        _refund(page, lin, wu)
        _look_at_the_wallet(page)
        history = machine.run("trace", "--code-stdin", said=shop.code + "\n")
        _check_history(history, shop.sale)
        assert "FAIL" not in machine.run("doctor")

        machine.stop()
        machine.start(log)
        page.goto(f"{machine.address}/admin/claims/list")  # still signed in
        expect(page.locator("td.state")).to_have_text("Approved")
        _look_at_the_wallet(page)
        with transport_to(machine.address) as transport:
            shop.till.transport = transport
            shop.check_refunded()
        assert machine.run("trace", "--code-stdin", said=shop.code + "\n") == history
        assert "FAIL" not in machine.run("doctor")
        machine.stop()
        postgres.run("CHECKPOINT")
        _check_nothing_in_clear(tmp_path, postgres.folder)


def _come_in(browser: Browser, machine: Machine, person: Person) -> Page:
    """In a browser of one's own; the password that was handed out is replaced."""
    expect.set_options(timeout=20_000)  # the machine may have other work
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB").new_page()
    page.set_default_timeout(20_000)
    page.goto(f"{machine.address}/admin/")
    page.fill("#name", person.name)
    page.fill("#password", person.password)
    page.fill("#code", person.code())
    page.click("#sign-in")
    page.fill("#present", person.password)
    person.password = PASSWORDS[person.name]
    page.fill("#wanted", person.password)
    page.fill("#again", person.password)
    page.click("#change")
    expect(page.locator("aside .who")).to_contain_text(person.name)
    return page


def _go(page: Page, noun: str) -> None:
    page.click(f"aside nav a[href='/admin/{noun}/list']")
    page.wait_for_url(f"**/admin/{noun}/list")  # and loaded: what is looked for next is on this page


def _do(page: Page, act: str, **texts: str) -> None:
    page.click(f".acts a[href^='/admin/do/{act}']")
    for name, text in texts.items():
        page.fill(f"#{name}", text)


def _done(page: Page, said: str) -> None:
    page.click("#do")
    expect(page.locator(".flash")).to_contain_text(said)


def _add_a_second_person(page: Page, lin: Person) -> Person:
    _go(page, "operators")
    _do(page, "add_operator", name="Wu", reason="shares the desk", one_time_code=lin.code())
    page.select_option("#role", "manager")
    page.click("#do")
    told = f"first password {page.inner_text('#first_password')}\n{page.inner_text('#authenticator')}"
    page.click("main a.button.main")
    return Person.handed("wu", told)


def _make_goods(page: Page) -> None:
    _go(page, "suppliers")
    _do(
        page,
        "add_supplier",
        name_zh="新星发卡",
        name_en="New Star",
        document="Contract 1",
        granted_by="Star Ltd",
    )
    page.fill("#valid_from", "2026-01-01")
    page.fill("#valid_until", "2099-12-31")
    _done(page, "New Star was added")
    _go(page, "products")
    _do(page, "add_product", name_zh="测试点卡 50 元", name_en="Test card 50", brand="Star", category="Games")
    page.select_option("#sold_as", "pin")
    for name, text in (("face", "50"), ("wholesale", "47.25"), ("retail", "50")):
        page.fill(f"#{name}", text)
    page.select_option("#return_rule", "never")
    page.select_option("#supplier", label="新星发卡")
    page.select_option("#goods_class", "gift_card")
    _done(page, "Test card 50 was added")


def _import(page: Page) -> None:
    _go(page, "products")
    page.click("tbody td a")
    _do(page, "import_codes", delivery="INV-1", supplier_batch="B-1")
    page.set_input_files("#file", {"name": "codes.csv", "mimeType": "text/csv", "buffer": LINES.encode()})
    page.select_option("#way", "bring")
    page.click("#do")
    expect(page.locator("h1")).to_have_text("13 rows: 12 new, 1 duplicates, 0 refused.")
    assert "WALK" not in page.content().upper()


def _open_a_shop(page: Page) -> None:
    _go(page, "shops")
    _do(page, "add_shop", name="Corner shop")
    _done(page, "Corner shop was added")
    _go(page, "wallets")
    page.click("tbody td a")
    _do(page, "book_money", amount="100", reference="BANK-1", reason="paid in")
    _done(page, "the balance is ¥100.00")


def _enrol(page: Page) -> str:
    _go(page, "shops")
    page.click("tbody td a")
    _do(page, "enrol_till", till_name="Front")
    page.click("#do")
    code = page.inner_text("#enrolment_code")
    page.click("main a.button.main")
    return code


@dataclass
class _Shop:
    """The shop's only till, and the one sale it made."""

    till: FakeTill
    sale: str = ""
    code: str = ""
    card: str = ""
    claimed: str = ""

    @classmethod
    def opened(cls, transport: Transport, code: str) -> _Shop:
        till = FakeTill(transport, code)
        assert till.enrol("Front").status_code == 201
        return cls(till)

    def sell(self) -> None:
        (product,) = self.till.catalogue()
        self.sale = new_id()
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
        assert self.till.reserve(self.sale, [line_of(product)], business_date=today).status_code == 200
        (card,) = self.till.step(self.sale, "confirm").json["cards"]
        self.card, self.code = card["card_id"], self.till.open(self.sale, card)["pin"]
        assert self.code in CODES
        printed = [{"card_id": self.card, "printed": "yes", "copies": 1}]
        assert self.till.step(self.sale, "ack", cards=printed).json["state"] == "DELIVERED"
        assert self.wallet == 10_000 - 4_725

    def claim(self) -> None:
        body = {"epoch": self.till.epoch, "sale_id": self.sale, "card_id": self.card, "line_id": None}
        body |= {"reason": "already_used", "person": "Mei"}
        body |= {"evidence": [{"kind": "text", "text": "the game says it was used", "sha256": None}]}
        reply = self.till.call("POST", "/v1/claims", body, key=f"{self.sale}:claim:1")
        assert reply.json["state"] == "OPEN", reply.json
        self.claimed = reply.json["claim_id"]

    def check_refunded(self) -> None:
        told: Any = self.till.call("GET", f"/v1/claims/{self.claimed}").json
        assert (told["state"], told["outcome"], told["cards"]) == ("APPROVED", "refund", [])
        assert told["refund"] == {"minor": 4_725, "currency": "CNY"}
        assert self.wallet == 10_000
        assert self.till.read(self.sale).json["lines"][0]["cards"] == [
            {"card_id": self.card, "state": "VOID"}
        ]

    @property
    def wallet(self) -> int:
        return int(self.till.call("GET", "/v1/account").json["wallet"]["balance"]["minor"])


def _look_at_the_sale(page: Page, sale: str) -> None:
    _go(page, "sales")
    expect(page.locator("td.state")).to_have_text("Delivered")
    page.click("tbody td a")
    expect(page.locator("dl.facts")).to_contain_text(sale)


def _refund(page: Page, lin: Person, wu: Person) -> None:
    """A used code without the supplier's proof: one person alone may not, two may."""
    _go(page, "claims")
    page.click("tbody td a")
    expect(page.locator("dl.facts")).to_contain_text("the game says it was used")
    _do(page, "approve_claim", reason="seen with the customer")
    page.select_option("#gives", "refund")
    page.click("#do")
    expect(page.locator(".fault")).to_contain_text("second person")
    second = {"second_name": "wu", "second_password": wu.password, "second_code": wu.code()}
    for name, text in second.items():
        page.fill(f"#{name}", text)
    if page.locator("#one_time_code").count():  # asked again once the last is five minutes old
        page.fill("#one_time_code", lin.code())
    _done(page, "It is approved.")
    for said in ("Approved", "Refund", "lin", "wu"):
        expect(page.locator("dl.facts")).to_contain_text(said)


def _look_at_the_wallet(page: Page) -> None:
    _go(page, "wallets")
    expect(page.locator("td.balance")).to_have_text("¥100.00")
    expect(page.locator("td.held")).to_have_text("¥0.00")
    _go(page, "journals")
    amounts = page.locator("tbody tr td.amount")
    expect(amounts).to_have_count(3)  # the rows come after the page
    told = sorted(re.sub(r"[^\d.]", "", amount) for amount in amounts.all_inner_texts())
    assert told == ["100.00", "47.25", "47.25"]


def _check_history(history: str, sale: str) -> None:
    """From the supplier's batch to the slip and back, in this order."""
    assert sale in history
    assert "CONTRADICTION" not in history
    assert "VOID" in history.splitlines()[0]
    kinds = [line.split()[2] for line in history.splitlines()[1:-1]]
    assert kinds == [
        "imported",
        "reserved",
        "sold",
        "delivered",
        "claim_opened",
        "approve_claim_refused",
        "card_voided",
        "claim_approved",
    ]
    assert not [code for code in CODES if code in history]


def _check_nothing_in_clear(*folders: Path) -> None:
    """No code lies on the disk: not in logs, not in the files of the database."""
    needles = [code.encode() for code in (*CODES, "".join(CODES[3].split("-")))]
    seen = 0
    for path in (path for folder in folders for path in folder.rglob("*") if path.is_file()):
        seen += 1
        content = path.read_bytes()
        assert not [needle for needle in needles if needle in content], path
    assert seen > 100
