"""Makes text of facts: the words of both languages, money, times in the platform's zone."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from markupsafe import Markup, escape

from platform_server.domain.money import Money
from platform_server.domain.operators import LANGUAGES
from platform_server.domain.overview import Cell

_WHOLE_CURRENCIES = ("JPY", "KRW", "VND")  # without minor units (ISO 4217)
_SIGNS = {"CNY": "\u00a5", "USD": "$", "EUR": "\u20ac", "GBP": "\u00a3", "HKD": "HK$"}
_LARGEST = 10**12


@dataclass(frozen=True, slots=True)
class Words:
    """The sentences of the pages by language and key; a missing one shows its key, and a test finds it."""

    by_language: Mapping[str, Mapping[str, str]]

    @classmethod
    def of(cls, folder: Path) -> Words:
        """From console.zh.json and console.en.json."""
        texts = {each: (folder / f"console.{each}.json").read_text("utf-8") for each in LANGUAGES}
        return cls({each: json.loads(text) for each, text in texts.items()})

    def say(self, language: str, key: str, **facts: object) -> str:
        """The sentence with its facts filled in."""
        sentence = self.by_language[language].get(key, key)
        return sentence.format(**facts) if facts else sentence

    def has(self, language: str, key: str) -> bool:
        """Whether there is a sentence of this key."""
        return key in self.by_language[language]


def figure(money: Money) -> str:
    """12,345.60, without its sign; a minus for less than nothing."""
    digits = 0 if money.currency in _WHOLE_CURRENCIES else 2
    whole, rest = divmod(abs(money.minor), 10**digits)
    return ("-" if money.minor < 0 else "") + f"{whole:,}" + (f".{rest:02}" if digits else "")


def money_text(money: Money) -> str:
    """With the currency's sign, or its letters where the sign is not known."""
    sign = _SIGNS.get(money.currency, money.currency + " ")
    text = figure(money)
    return f"-{sign}{text[1:]}" if text.startswith("-") else sign + text


def money_html(money: Money) -> Markup:
    """The sign smaller than the figure."""
    sign = _SIGNS.get(money.currency, money.currency)
    return Markup('<span class="money"><small>{}</small>{}</span>').format(sign, figure(money))


def read_money(text: str, currency: str) -> Money:
    """What was typed, e.g. 1,250.5. Raises ValueError for more digits than the currency has, or anything odd."""
    digits = 0 if currency in _WHOLE_CURRENCIES else 2
    whole, dot, rest = text.strip().replace(",", "").replace("\uff0c", "").partition(".")
    is_plain = (
        whole.isascii() and whole.isdecimal() and (rest.isascii() and rest.isdecimal() if dot else True)
    )
    if not is_plain or len(rest) > digits:
        raise ValueError("not an amount")
    minor = int(whole + rest.ljust(digits, "0"))
    if minor > _LARGEST:
        raise ValueError("too large")
    return Money(minor, currency)


def time_text(at: datetime, zone: tzinfo) -> str:
    """2026-11-22 14:15:29 in that zone."""
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")


def ago(at: datetime, now: datetime, words: Words, language: str) -> str | None:
    """Up to an hour in words, then None: the clock says it better."""
    passed = now - at
    if not timedelta(0) <= passed < timedelta(hours=1):
        return None
    minutes = int(passed.total_seconds() // 60)
    return words.say(language, "ago.minutes", minutes=minutes) if minutes else words.say(language, "ago.now")


def masked_account(account: str) -> str:
    """The middle of a phone number or name, where a list needs no more."""
    if len(account) < 7:
        return account[:1] + "***"
    return account[:3] + "****" + account[-4:]


def plain(cell: Cell) -> Markup:
    """A cell without a kind of its own."""
    return escape("" if cell is None else str(cell))
