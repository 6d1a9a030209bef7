"""Brings the pages after the sale to the moments that are worth a picture."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from pos_app.domain.attention import Waits
from pos_app.domain.catalogue import Names, Product
from pos_app.domain.errors import Rejected, Unreachable
from pos_app.domain.gateway import Standing
from pos_app.domain.money import Money
from pos_app.domain.shift import CashCount
from pos_app.domain.staff import Cashier
from pos_app.shop import Giving
from pos_app.ui import day, sales, settings, shift, todo
from pos_app.ui.day.presenter import Table
from pos_app.ui.day.view import DayPageView
from pos_app.ui.rail import Rail
from pos_app.ui.sales.view import SalesPageView
from pos_app.ui.session import Session
from pos_app.ui.settings.view import SettingsPageView
from pos_app.ui.shift.page import Step
from pos_app.ui.shift.view import ShiftPageView
from pos_app.ui.theme import Look
from pos_app.ui.todo.view import TodoPageView
from pos_app.ui.widgets.page import Page
from pos_app.ui.wording import Wording
from tests.fakes.till_gateway_door import GatewaysDoorInMemory
from tests.fakes.till_goods import code_product, top_up_product
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import substituted
from tests.payments.paying import ALIPAY, charged, reserved, sold_by_wallet, through
from tests.ui.till_day import RunNow, full_day, print_out, sold

GOODS = (
    (10_000, "星河点券 100 元", "Galaxy Points 100"),
    (5_000, "星河点券 50 元", "Galaxy Points 50"),
    (3_000, "视频会员月卡", "Video membership, one month"),
    (19_800, "视频会员年卡", "Video membership, one year"),
    (20_000, "购物礼品卡 200 元", "Shopping gift card 200"),
    (50_000, "加油卡 500 元", "Fuel card 500"),
)
# How many sales in each hour of a good Saturday.
BY_HOUR = {9: 2, 10: 4, 11: 5, 12: 9, 13: 6, 14: 3, 15: 4, 16: 6, 17: 8, 18: 12, 19: 10}


class ScreenDoor(GatewaysDoorInMemory):
    """Settings that are kept nowhere."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = {"paper": "58", "printer": "network", "printer_address": "192.168.1.50:9100"}

    def values(self) -> Mapping[str, str]:
        return self.kept

    def keep(self, changes: Mapping[str, str]) -> None:
        self.kept |= changes

    def test_print(self, word: str) -> None:
        """The picture needs no paper."""

    def about(self) -> Mapping[str, str]:
        return {
            "version": "0.1.0",
            "data": "/var/lib/card-counter",
            "till_code": "T1",
            "shop": "Lucky Street Internet Cafe",
            "platform": "http://127.0.0.1:45173",
            "keys": "keyring",
        }


@dataclass(frozen=True)
class Stage:
    """One shop, one language, one look."""

    fake: FakeShop
    wording: Wording
    session: Session
    run: RunNow = field(default_factory=RunNow)

    def sales(self) -> SalesPageView:
        page = sales.make_page(self.fake.shop, self.run, self.wording, self.session)
        assert isinstance(page, SalesPageView)
        return page

    def todo(self) -> TodoPageView:
        page = todo.make_page(self.fake.shop, self.run, self.wording, self.session)
        assert isinstance(page, TodoPageView)
        return page

    def day(self) -> DayPageView:
        page = day.make_page(self.fake.shop, self.run, self.wording, self.session)
        assert isinstance(page, DayPageView)
        return page

    def shift(self) -> ShiftPageView:
        page = shift.make_page(self.fake.shop, self.run, self.wording, self.session)
        assert isinstance(page, ShiftPageView)
        return page

    def settings(self) -> SettingsPageView:
        page = settings.make_page(self.fake.shop, self.run, self.wording, self.session, ScreenDoor())
        assert isinstance(page, SettingsPageView)
        return page


def screens(
    language: str, look: Look, size: tuple[int, int], only: str = ""
) -> Iterator[tuple[str, QWidget]]:
    """Name and widget, shown and ready to be grabbed; the look and the language are on already."""
    for name, scene in SCENES.items():
        if not name.startswith(only):
            continue
        stage = make_stage(language, look, is_busy=name not in QUIET)
        rail = Rail(stage.wording)
        ground = _ground(rail)
        ground.resize(*size)
        page = scene(stage, lambda page, ground=ground: _put(ground, page))  # type: ignore[misc]
        who = stage.session.cashier
        assert who is not None
        rail.put(who)
        rail.mark(name.split("_")[0])
        rail.put_open_items(0 if name in QUIET else 5)
        for _ in range(4):
            QApplication.processEvents()
        yield name, ground
        page.hide()
        ground.close()


def make_stage(language: str, look: Look, *, is_busy: bool) -> Stage:
    """A shop in the evening of a good day, or one that has not sold yet."""
    fake = make_fake_shop(_goods(), stock=100)
    fake.cashier = _named(fake, fake.cashier, "\u674e\u5a1c")
    fake.owner = _named(fake, fake.owner, "\u738b\u5e86")
    fake.supervisor = _named(fake, fake.supervisor, "\u5f20\u5f3a")
    if is_busy:
        _sell_a_week_ago(fake)
        _sell_today(fake)
    wording = Wording()
    wording.language = language
    wording.local, wording.now = fake.shop.today.local, fake.shop.today.now
    return Stage(fake, wording, Session(cashier=fake.owner, language=language, look=look))


def _named(fake: FakeShop, who: Cashier, name: str) -> Cashier:
    with fake.till.open_books() as books:
        books.staff.put(replace(books.staff.person(who.id), name=name))
        books.commit()
    return replace(who, name=name)


def _goods() -> tuple[Product, ...]:
    made = [
        replace(code_product(number + 1, face=face), names=Names(zh, en))
        for number, (face, zh, en) in enumerate(GOODS)
    ]
    return (made[0], made[1], top_up_product(), *made[2:])


def _sell_a_week_ago(fake: FakeShop) -> None:
    start = fake.clock.at
    fake.clock.at = start - timedelta(days=7)
    for number in range(11):
        sold(fake, (0, 4, 5, 1)[number % 4])
    fake.clock.at = start


def _sell_today(fake: FakeShop) -> None:
    noon = fake.clock.at
    picks = (0, 1, 3, 0, 2, 5, 0, 1, 4, 3, 2, 0, 6)
    number = 0
    for hour, count in BY_HOUR.items():
        for place in range(count):
            fake.clock.at = noon + timedelta(hours=hour - 12, minutes=place * 60 // count)
            sale = sold(fake, picks[number % len(picks)])
            fake.shop.go_on(sale.id)
            print_out(fake, sale)
            number += 1
    fake.clock.at = noon + timedelta(hours=7, minutes=58)
    full_day(fake)
    fake.clock.advance(timedelta(minutes=1))
    while fake.shop.push_outbox().messages:
        """A line that was up all day."""


def _ground(rail: Rail) -> QWidget:
    ground = QWidget()
    ground.setProperty("role", "ground")
    layout = QHBoxLayout(ground)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    layout.addWidget(rail)
    return ground


def _put(ground: QWidget, page: Page) -> None:
    layout = ground.layout()
    assert isinstance(layout, QHBoxLayout)
    layout.addWidget(page, 1)
    ground.show()
    ground.activateWindow()
    page.shown()


Put = Callable[[Page], None]


def _sales_list(stage: Stage, put: Put) -> Page:
    page = stage.sales()
    put(page)
    return page


def _sales_sale(stage: Stage, put: Put) -> Page:
    """The details of a sale of two codes, paid with change."""
    page = stage.sales()
    put(page)
    page.presenter.search("150.00")
    page.presenter.select(next(row.sale_id for row in page.presenter.page.rows if row.lines > 1))
    return page


def _sales_question(stage: Stage, put: Put) -> Page:
    page = stage.sales()
    put(page)
    page.presenter.select(stage.fake.shop.look_up.open_items()[1].sale.id)
    return page


def _sales_why(stage: Stage, put: Put) -> Page:
    page = stage.sales()
    put(page)
    page.presenter.print_again()
    page.presenter.choose(0)
    return page


def _sales_second(stage: Stage, put: Put) -> Page:
    stage.session.cashier = stage.fake.cashier
    page = stage.sales()
    put(page)
    page.presenter.show_code()
    page.presenter.give_reason("-")
    return page


def _sales_code(stage: Stage, put: Put) -> Page:
    page = stage.sales()
    put(page)
    page.presenter.show_code()
    page.presenter.give_reason("-")
    return page


def _sales_give(stage: Stage, put: Put) -> Page:
    page = stage.sales()
    put(page)
    page.presenter.select(stage.fake.shop.look_up.open_items()[0].sale.id)
    page.presenter.owe()
    return page


def _by_wallets(stage: Stage) -> str:
    """A sale in two parts after a wallet's no, a part of it on its way back; one more that nobody knows of yet."""
    fake = stage.fake
    sold_by_wallet(fake, 3)
    fake.clock.advance(timedelta(minutes=2))
    sale = reserved(fake, 0)
    charged(fake, sale, course=Standing.FAILED)
    left = charged(fake, sale, wallet=ALIPAY, part=6_000).left
    through(fake, fake.shop.take_cash(fake.cashier, sale.id, left + Money(1_000)))
    giving = Giving(fake.cashier, fake.supervisor, "-")
    fake.shop.give_back(giving, sale.id, sale.lines[0].line_id, Money(2_500))
    charged(fake, reserved(fake, 1), course=Standing.PROCESSING)
    fake.clock.advance(timedelta(minutes=1))
    return sale.id


def _sales_wallet(stage: Stage, put: Put) -> SalesPageView:
    """Found by the barcode of the customer's bill."""
    sale_id = _by_wallets(stage)
    page = stage.sales()
    put(page)
    number = stage.fake.shop.look_up.sale(sale_id).attempts[-1].number
    page.entry.setText(number)
    return page


def _sales_back(stage: Stage, put: Put) -> Page:
    page = _sales_wallet(stage, put)
    page.presenter.return_line()
    page.side.amount.field.setText("45")
    page.presenter.set_amount("45")
    return page


def _todo(stage: Stage, put: Put) -> Page:
    page = stage.todo()
    put(page)
    return page


def _todo_messages(stage: Stage, put: Put) -> Page:
    """What the platform does not take: its word on a report, on a withdrawal, and on the ledger."""
    fake = stage.fake
    fake.shop.push_outbox(at_once=True)
    substituted(fake)
    fake.platform.fail_next("cancel", "before_effect", Unreachable("server_trouble"))
    sold(fake, 1)
    fake.platform.fail_next("acknowledge", "before_effect", Rejected("NOT_FOUND", "none", {}))
    fake.platform.fail_next("push_ledger", "before_effect", Rejected("KEY_REUSED", "none", {"seq": 0}))
    fake.shop.push_outbox()
    sold(fake, 0)
    sold(fake, 3)
    fake.clock.advance(timedelta(minutes=4))
    page = stage.todo()
    put(page)
    return page


def _todo_leave(stage: Stage, put: Put) -> Page:
    page = _todo_messages(stage, put)
    assert isinstance(page, TodoPageView)
    waits = [item.waits for item in page.presenter.page.items]
    page.presenter.select(waits.index(Waits.MESSAGE_DEAD))
    page.presenter.do_other()
    return page


def _todo_give(stage: Stage, put: Put) -> Page:
    page = stage.todo()
    put(page)
    page.presenter.do()
    page.presenter.give_back()
    return page


def _day(stage: Stage, put: Put) -> Page:
    page = stage.day()
    put(page)
    return page


def _day_before(stage: Stage, put: Put) -> Page:
    stage.fake.clock.advance(timedelta(days=1))
    page = stage.day()
    put(page)
    page.presenter.move(-1)
    return page


def _day_table(stage: Stage, put: Put) -> Page:
    page = stage.day()
    put(page)
    page.presenter.open_table(Table.PRODUCTS)
    return page


def _day_locked(stage: Stage, put: Put) -> Page:
    stage.session.cashier = stage.fake.cashier
    page = stage.day()
    put(page)
    return page


def _shift_none(stage: Stage, put: Put) -> Page:
    stage.fake.shop.close_shift(stage.fake.cashier, CashCount((), Money(10_000)))
    page = stage.shift()
    put(page)
    return page


def _shift_open(stage: Stage, put: Put) -> Page:
    page = stage.shift()
    put(page)
    return page


def _shift_cash(stage: Stage, put: Put) -> Page:
    page = stage.shift()
    put(page)
    page.presenter.begin(Step.CASH_OUT)
    return page


def _shift_count(stage: Stage, put: Put) -> ShiftPageView:
    page = stage.shift()
    put(page)
    page.presenter.begin_count()
    for value, number in ((10_000, "87"), (5_000, "4"), (2_000, "3"), (1_000, "4"), (100, "12"), (50, "3")):
        page.count.fields[value].setText(number)
        page.presenter.set_pieces(value, number)
    return page


def _shift_compare(stage: Stage, put: Put) -> ShiftPageView:
    page = _shift_count(stage, put)
    page.presenter.counted()
    return page


def _shift_done(stage: Stage, put: Put) -> Page:
    page = _shift_compare(stage, put)
    page.presenter.close()
    return page


def _shift_wallets(stage: Stage, put: Put) -> Page:
    _by_wallets(stage)
    return _shift_compare(stage, put)


def _settings(panel: str) -> Callable[[Stage, Put], Page]:
    def scene(stage: Stage, put: Put) -> Page:
        page = stage.settings()
        put(page)
        page.open_panel(panel)
        if panel == "about":
            page.presenter.examine()
        if panel == "printer":
            page.presenter.test_print()
        return page

    return scene


def _settings_backups(stage: Stage, put: Put) -> Page:
    stage.fake.shop.close_shift(stage.fake.owner, CashCount((), Money(10_000)))
    stage.fake.shop.back_up.if_due()
    stage.fake.clock.advance(timedelta(hours=9))
    stage.fake.shop.back_up()
    return _settings("backups")(stage, put)


QUIET = ("todo_empty",)
SCENES: dict[str, Callable[[Stage, Put], Page]] = {
    "sales_list": _sales_list,
    "sales_sale": _sales_sale,
    "sales_question": _sales_question,
    "sales_why": _sales_why,
    "sales_second": _sales_second,
    "sales_code": _sales_code,
    "sales_give": _sales_give,
    "sales_wallet": _sales_wallet,
    "sales_back": _sales_back,
    "todo_full": _todo,
    "todo_empty": _todo,
    "todo_given": _todo_give,
    "todo_messages": _todo_messages,
    "todo_leave": _todo_leave,
    "day_today": _day,
    "day_before": _day_before,
    "day_table": _day_table,
    "day_locked": _day_locked,
    "shift_none": _shift_none,
    "shift_open": _shift_open,
    "shift_cash": _shift_cash,
    "shift_count": _shift_count,
    "shift_compare": _shift_compare,
    "shift_wallets": _shift_wallets,
    "shift_done": _shift_done,
    "settings_look": _settings("look"),
    "settings_printer": _settings("printer"),
    "settings_offline": _settings("offline"),
    "settings_people": _settings("people"),
    "settings_backups": _settings_backups,
    "settings_about": _settings("about"),
}
