"""Understands the one entry of the past sales: receipt number, amount, phone's last four, or a time of day."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from pos_app.domain.money import Money
from pos_app.domain.sale import SaleSearch

_TIME = re.compile(r"([01]?[0-9]|2[0-3])\s*[:\uff1a]\s*([0-5][0-9])?")
_AMOUNT = re.compile(r"[\u00a5\uffe5]\s*([0-9]{1,9}(?:\.[0-9]{1,2})?)|([0-9]{1,9}\.[0-9]{1,2})")
_MOST_DIGITS_OF_AN_AMOUNT = 6


def read_search(text: str, day: date, currency: str) -> tuple[SaleSearch, ...]:
    """What to look for on `day`: bare digits may be a number, a phone's end or an amount, so they are looked for as all."""
    words = text.strip()
    if not words:
        return (SaleSearch(day=day),)
    time = _TIME.fullmatch(words)
    if time:
        hour = int(time.group(1))
        return (SaleSearch(day=day, hours=(hour, hour)),)
    amount = _AMOUNT.fullmatch(words)
    if amount:
        return (SaleSearch(day=day, amount=Money.read(amount.group(1) or amount.group(2), currency)),)
    searches = [SaleSearch(text=words, day=day)]
    if words.isascii() and words.isdigit() and len(words) <= _MOST_DIGITS_OF_AN_AMOUNT:
        searches.append(SaleSearch(amount=Money.read(words, currency), day=day))
    return tuple(searches)


def on_any_day(searches: tuple[SaleSearch, ...]) -> tuple[SaleSearch, ...]:
    """The same on every day; nothing for a time of day, which means nothing without its day."""
    return tuple(
        replace(search, day=None)
        for search in searches
        if search.hours is None and (search.text or search.amount is not None)
    )
