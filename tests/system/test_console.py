"""The console as an operator uses it: the real server, a real browser, both languages."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fakes.platform_process import command, transport_to
from tests.fakes.platform_till import FakeTill, line_of, new_id
from tests.system.demo_run import ROOT, environment, free_port
from tests.system.operators import Person, open_browser

pytestmark = pytest.mark.slow
PASSWORD = "three quiet herons"


@dataclass
class House:
    """A running platform with one operator."""

    folder: Path
    address: str
    lin: Person


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    assert command(tmp_path, "sample", "--products", "60", "--codes", "400").returncode == 0
    told = command(tmp_path, "operator", "add", "Lin", "--role", "owner").stdout
    port = free_port()
    where = ["--data", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]
    words = [sys.executable, "-m", "platform_server", "serve", "--port", str(port), *where]
    with subprocess.Popen(
        words, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdout
        assert b'"ready": true' in server.stdout.readline()
        yield House(tmp_path, f"http://127.0.0.1:{port}", Person.handed("lin", told))
        server.terminate()


@pytest.fixture
def browser() -> Iterator[Browser]:
    with open_browser() as opened:
        yield opened


def test_a_day_of_an_operator(house: House, browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="zh-CN")
    expect.set_options(timeout=20_000)  # the machine may have other work
    page = context.new_page()
    page.set_default_timeout(20_000)
    foreign: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: _note_foreign(request.url, house.address, foreign))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    photo = _Photographer(page, house.folder)

    _come_in(page, house, photo)
    _make_a_supplier(page)
    _make_a_product(page, photo)
    _import_codes(page, house, photo)
    code = _enrol(page, photo)
    _book_money(page, photo)
    sale = _sell(house, code)
    _see_the_sale(page, house, sale, photo)
    _refund_the_claim(page, house, photo)
    photo.walk(house.address)
    _go_out(page, house)
    assert not foreign, "something was asked of another place"
    assert not [fault for fault in faults if not re.search(r"status of 4(01|22)", fault)], faults


@dataclass
class _Photographer:
    page: Page
    folder: Path

    def __call__(self, name: str) -> None:
        self.page.screenshot(path=str(self.folder / f"{name}.png"), full_page=False)

    def walk(self, address: str) -> None:
        """Every list, in both languages; none may be broken or speak in keys."""
        for language in ("zh", "en"):
            self.page.goto(f"{address}/admin/")
            if language == "en":
                self.page.click("button[value=en]")
            links = self.page.eval_on_selector_all("aside nav a", "all => all.map(one => one.href)")
            for href in links:
                answer = self.page.goto(href)
                assert answer is not None
                assert answer.status == 200, href
                self(f"{language}-{'-'.join(urlsplit(href).path.split('/')[2:]) or 'home'}")
                text = self.page.inner_text("body")
                assert not re.search(r"\b(noun|column|state|act|about|none|search|kind|what)\.\w+", text), (
                    href
                )


def _note_foreign(url: str, address: str, foreign: list[str]) -> None:
    if not url.startswith((address + "/", "data:")):
        foreign.append(url)


def _come_in(page: Page, house: House, photo: _Photographer) -> None:
    page.goto(f"{house.address}/admin/")
    photo("zh-login")
    page.fill("#name", "lin")
    page.fill("#password", house.lin.password)
    page.fill("#code", "000000")
    page.click("#sign-in")
    expect(page.locator(".fault")).to_contain_text("不对")
    page.fill("#password", house.lin.password)
    page.fill("#code", house.lin.code())
    page.click("#sign-in")
    expect(page.locator("h1")).to_have_text("设置新密码")
    page.goto(f"{house.address}/admin/products/list")  # nothing else before that
    expect(page.locator("h1")).to_have_text("设置新密码")
    photo("zh-password")
    page.fill("#present", house.lin.password)
    page.fill("#wanted", PASSWORD)
    page.fill("#again", PASSWORD)
    page.click("#change")
    expect(page.locator("aside .who")).to_contain_text("lin")


def _make_a_supplier(page: Page) -> None:
    page.click("aside nav a:has-text('供应商')")
    page.click(".acts >> text=新增供应商")
    for name, text in (("name_zh", "新星发卡"), ("name_en", "New Star"), ("document", "授权书 1 号")):
        page.fill(f"#{name}", text)
    page.fill("#granted_by", "新星公司")
    page.fill("#valid_from", "2026-01-01")
    page.fill("#valid_until", "2099-12-31")
    page.click("#do")
    expect(page.locator(".flash")).to_contain_text("新星发卡")


def _import_codes(page: Page, house: House, photo: _Photographer) -> None:
    """Found on the page that the product was made on; tried first, then brought."""
    page.click("tbody td a")
    for way, said in (("try", "什么都没有写入"), ("bring", "新增 20")):
        page.click(".acts >> text=导入卡密")
        lines = "\n".join(["pin", *(f"CANARY{i:06d}" for i in range(20)), "CANARY000003"])
        page.set_input_files("#file", {"name": "codes.csv", "mimeType": "text/csv", "buffer": lines.encode()})
        page.fill("#delivery", "INV-2026-11")
        page.fill("#supplier_batch", "B-1")
        page.select_option("#way", way)
        if way == "try":
            page.fill("#one_time_code", house.lin.code())
        page.click("#do")
        expect(page.locator("h1")).to_contain_text(said)
        assert "CANARY" not in page.content()
        photo(f"zh-import-{way}")
        page.click("main >> text=返回")
    expect(page.locator("dl.facts")).to_contain_text("20")


def _refund_the_claim(page: Page, house: House, photo: _Photographer) -> None:
    page.goto(f"{house.address}/admin/")
    page.click("aside nav a:has-text('售后')")
    photo("zh-claims")
    page.click("tbody td a")
    page.click(".acts >> text=同意")
    page.fill("#proof", "SUP-77")
    page.fill("#reason", "供应商确认未使用")
    photo("zh-claim")
    page.click("#do")
    expect(page.locator(".flash")).to_contain_text("已同意")
    expect(page.locator("dl.facts")).to_contain_text("退款")
    page.click("aside nav a:has-text('分录')")
    expect(page.locator("tbody tr").first).to_contain_text("售后退款")
    expect(page.locator("tbody tr").first).to_contain_text("47.25")


def _make_a_product(page: Page, photo: _Photographer) -> None:
    page.click("aside nav a:has-text('商品')")
    page.click(".acts >> text=新增商品")
    page.select_option("#sold_as", "pin")
    for name, text in (
        ("name_zh", "测试点卡 50 元"),
        ("name_en", "Test card 50"),
        ("brand", "新品牌"),
        ("category", "游戏"),
        ("face", "50"),
        ("wholesale", "4x"),
        ("retail", "50"),
    ):
        page.fill(f"#{name}", text)
    page.click("#do")
    expect(page.locator(".fault")).to_contain_text("金额")
    photo("zh-product-fault")
    page.fill("#wholesale", "47.25")
    page.select_option("#return_rule", "unused_proven")
    page.select_option("#supplier", label="新星发卡")
    page.select_option("#goods_class", "gift_card")
    page.click("#do")
    expect(page.locator(".flash")).to_contain_text("测试点卡 50 元")
    page.fill("input[type=search]", "测试点卡")
    page.keyboard.press("Enter")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("td.wholesale")).to_have_text("¥47.25")


def _enrol(page: Page, photo: _Photographer) -> str:
    page.click("aside nav a:has-text('门店')")
    photo("zh-shops")
    page.click("tbody td a")
    page.click(".acts >> text=注册收银台")
    page.fill("#till_name", "前台")
    expect(page.locator("#one_time_code")).to_have_count(0)  # asked a moment ago
    photo("zh-enrol")
    page.click("#do")
    code = page.inner_text("#enrolment_code")
    assert code.startswith("K1.")
    photo("zh-enrolment-code")
    page.click("text=已交给对方")
    return code


def _book_money(page: Page, photo: _Photographer) -> None:
    page.click("aside nav a:has-text('钱包')")
    before = page.inner_text("td.balance")
    page.click("tbody td a")
    page.click(".acts >> text=入账")
    expect(page.locator("#one_time_code")).to_have_count(0)  # asked a minute ago
    page.fill("#amount", "1,250.50")
    page.fill("#reference", "BANK-20261122-7")
    page.fill("#reason", "银行到账")
    photo("zh-book-money")
    page.click("#do")
    expect(page.locator(".flash")).to_contain_text("¥1,250.50")
    page.click(".acts >> text=入账")
    page.fill("#amount", "1250.50")
    page.fill("#reference", "BANK-20261122-7")
    page.fill("#reason", "再一次")
    page.click("#do")
    expect(page.locator(".fault")).to_contain_text("已经入过账")
    page.click("aside nav a:has-text('钱包')")
    assert _minor(page.inner_text("td.balance")) == _minor(before) + 125_050


def _minor(text: str) -> int:
    return int(re.sub(r"\D", "", text))


def _sell(house: House, code: str) -> str:
    with transport_to(house.address) as transport:
        till = FakeTill(transport, code)
        assert till.enrol("前台").status_code == 201
        product = next(each for each in till.catalogue() if each["names"]["en"] == "Test card 50")
        sale = new_id()
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 8 * 3600))
        assert till.reserve(sale, [line_of(product)], business_date=today).status_code == 200
        sold: Any = till.step(sale, "confirm").json
        assert sold["state"] == "SOLD"
        card = sold["cards"][0]["card_id"]
        printed = [{"card_id": card, "printed": "yes", "copies": 1}]
        assert till.step(sale, "ack", cards=printed).status_code == 200
        claim = {"epoch": till.epoch, "sale_id": sale, "card_id": card, "line_id": None, "person": "Front"}
        claim |= {"reason": "code_invalid", "evidence": [{"kind": "text", "text": "refused", "sha256": None}]}
        assert till.call("POST", "/v1/claims", claim, key=f"{sale}:claim:1").status_code == 200
    return sale


def _see_the_sale(page: Page, house: House, sale: str, photo: _Photographer) -> None:
    page.goto(f"{house.address}/admin/")
    expect(page.locator("section:has-text('今天各门店进货') td.pieces")).to_have_text("1")
    page.click("aside nav a:has-text('销售')")
    expect(page.locator("tbody td.state")).to_have_text("已交付")
    page.click("tbody td a")
    expect(page.locator("dl.facts")).to_contain_text(sale)
    photo("zh-sale")
    page.click(".below a:has-text('卡密')")
    masked = page.inner_text("td.masked")
    assert re.fullmatch(r"\*{4}.{0,4}", masked), masked


def _go_out(page: Page, house: House) -> None:
    page.click("#sign-out")
    expect(page.locator("#sign-in")).to_be_visible()
    page.goto(f"{house.address}/admin/wallets/list")
    expect(page.locator("#sign-in")).to_be_visible()
