"""Says how a day compares with the same day last week, in words that stay true while the day is not over."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.report import DayFigures, Share, change_percent
from pos_app.ui.day.presenter import DayPage, Table
from pos_app.ui.wording import Wording
from pos_app.ui.wording.payments import tender_name

translate = QCoreApplication.translate


def against(now: int, before: int, before_text: str, page: DayPage, wording: Wording) -> str:
    """`12 % above last Saturday`; for a day that is still running only what last week's had in all."""
    weekday = wording.weekday(page.day)
    percent = change_percent(now, before)
    if percent is None:
        return translate("Day", "none last {weekday}").format(weekday=weekday)
    if page.is_today:
        return translate("Day", "last {weekday} in all: {figure}").format(weekday=weekday, figure=before_text)
    if percent == 0:
        return translate("Day", "as last {weekday}").format(weekday=weekday)
    text = (
        translate("Day", "{percent} % above last {weekday}")
        if percent > 0
        else translate("Day", "{percent} % below last {weekday}")
    )
    return text.format(percent=wording.number(abs(percent)), weekday=weekday)


def money_against(now: Money, before: Money, page: DayPage, wording: Wording) -> str:
    return against(now.minor, before.minor, wording.money(before), page, wording)


def sales_against(now: DayFigures, before: DayFigures, page: DayPage, wording: Wording) -> str:
    return against(now.sales, before.sales, wording.number(before.sales), page, wording)


def open_items_text(count: int) -> str:
    """The fourth figure is of now, whatever day is shown."""
    if not count:
        return translate("Day", "nothing waits")
    return translate("Day", "not finished, now")


def table_title(table: Table) -> str:
    return {
        Table.PRODUCTS: translate("Day", "Products"),
        Table.TENDERS: translate("Day", "Ways to pay"),
        Table.CASHIERS: translate("Day", "Cashiers"),
    }[table]


def share_name(share: Share, table: Table, wording: Wording) -> str:
    """The name of a row; ways to pay are ours to name."""
    if table is Table.TENDERS:
        return tender_name(Tender(share.key))
    return wording.name(share.names)
