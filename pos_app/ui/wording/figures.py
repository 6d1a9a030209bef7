"""Money, times and numbers as text in the language of the screen."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from pos_app.domain.money import Money

translate = QCoreApplication.translate

SIGNS = {"CNY": "\u00a5", "JPY": "\u00a5", "USD": "$", "EUR": "\u20ac", "HKD": "HK$", "KRW": "\u20a9"}
MINUS = "\u2212"
HOUR = timedelta(hours=1)


def figure(money: Money) -> str:
    """The figure alone, with thousands separators: `1,234.50`."""
    whole, dot, part = money.plain().lstrip("-").partition(".")
    sign = MINUS if money.minor < 0 else ""
    return f"{sign}{int(whole):,}{dot}{part}"


def short_figure(money: Money) -> str:
    """As `figure`, without the pence when there are none: face values read better as `100`."""
    return figure(money).removesuffix(".00")


def sign_of(currency: str) -> str:
    """The currency's sign, its code where it has none."""
    return SIGNS.get(currency, currency + " ")


def money_text(money: Money) -> str:
    """Sign and figure in one text: for sentences; views draw the sign smaller."""
    sign = MINUS if money.minor < 0 else ""
    return f"{sign}{sign_of(money.currency)}{figure(money).lstrip(MINUS)}"


def number(value: int) -> str:
    return f"{value:,}".replace("-", MINUS)


def clock(at: datetime) -> str:
    """The time of day, of a local time."""
    return f"{at.hour:02d}:{at.minute:02d}"


def weekday(of: date) -> str:
    """The weekday alone."""
    return (
        translate("Wording", "Monday"),
        translate("Wording", "Tuesday"),
        translate("Wording", "Wednesday"),
        translate("Wording", "Thursday"),
        translate("Wording", "Friday"),
        translate("Wording", "Saturday"),
        translate("Wording", "Sunday"),
    )[of.weekday()]


def day(of: date) -> str:
    """A day with its weekday: `Sunday 22 November`."""
    months = (
        translate("Wording", "January"),
        translate("Wording", "February"),
        translate("Wording", "March"),
        translate("Wording", "April"),
        translate("Wording", "May"),
        translate("Wording", "June"),
        translate("Wording", "July"),
        translate("Wording", "August"),
        translate("Wording", "September"),
        translate("Wording", "October"),
        translate("Wording", "November"),
        translate("Wording", "December"),
    )
    template = translate("Wording", "{weekday} {day} {month}")
    return template.format(weekday=weekday(of), day=of.day, month=months[of.month - 1])


def when(at: datetime, now: datetime) -> str:
    """`2 minutes ago` up to an hour, then the clock, then the date as well; both are local times."""
    ago = now - at
    if timedelta(0) <= ago < timedelta(minutes=1):
        return translate("Wording", "just now")
    if timedelta(0) <= ago < HOUR:
        minutes = int(ago.total_seconds() // 60)
        if minutes == 1:
            return translate("Wording", "1 minute ago")
        return translate("Wording", "{minutes} minutes ago").format(minutes=minutes)
    if at.date() == now.date():
        return clock(at)
    return f"{at.date().isoformat()} {clock(at)}"


def until(at: datetime, now: datetime) -> str:
    """`within a minute`, `in 4 minutes` up to an hour, then the clock; both are local times."""
    ahead = at - now
    if ahead < timedelta(minutes=1):
        return translate("Wording", "within a minute")
    if ahead < HOUR:
        minutes = int(ahead.total_seconds() // 60)
        if minutes == 1:
            return translate("Wording", "in 1 minute")
        return translate("Wording", "in {minutes} minutes").format(minutes=minutes)
    return translate("Wording", "at {time}").format(time=clock(at))


def span(seconds: int) -> str:
    """What is left of a wait: `0:42`."""
    return f"{max(seconds, 0) // 60}:{max(seconds, 0) % 60:02d}"
