"""What a gateway's address, clock and answers look like on the line, whichever gateway it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime
from urllib.parse import quote

from pos_app.domain.errors import Unreachable
from pos_app.domain.money import Money
from pos_app.wire.http import Exchange

BEIJING = timezone(timedelta(hours=8))
_CLOCK_COUNTS_FROM_S = 60
_ORIGIN = re.compile(r"https://[a-z0-9.-]+(:\d{1,5})?|http://(127\.0\.0\.1|localhost)(:\d{1,5})?")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def origin(text: str) -> str | None:
    """Scheme, host and port of an address that a shop filled in; None when it is none, or open to be read on its way.

    A plain http address is only taken of this very PC: payment codes go there.
    """
    plain = text.strip().lower().rstrip("/")
    return plain if _ORIGIN.fullmatch(plain) else None


def plain_address(text: str) -> str:
    """An address that a gateway told us, as `wire.http` sends it: escaped where it must be, and nowhere else."""

    def escape(found: re.Match[str]) -> str:
        letter = chr(int(found.group(0)[1:], 16))
        return letter if letter in _UNRESERVED else found.group(0).upper()

    if not re.match(r"https?://[^/?#]+/", text):
        raise Unreachable("not_ours")
    return quote(re.sub(r"%[0-9A-Fa-f]{2}", escape, text), safe="!#$%&'()*+,/:;=?@[]~")


def clock_skew_s(exchange: Exchange, now: datetime) -> int:
    """By how many seconds this PC is ahead of the answer's Date; 0 up to a minute, or when there is no Date."""
    try:
        told = parsedate_to_datetime(exchange.headers["date"])
    except (KeyError, ValueError):
        return 0
    if told.tzinfo is None:
        return 0
    ahead = round((now - told).total_seconds())
    return ahead if abs(ahead) > _CLOCK_COUNTS_FROM_S else 0


def plain_body(exchange: Exchange) -> bytes:
    """The answer's bytes; Unreachable for a trouble of the server, or a body in a coding that was not asked for."""
    if exchange.status >= 500:
        raise Unreachable("server_trouble")
    if exchange.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Unreachable("not_ours")
    return exchange.body


def text_of(answer: Mapping[str, object], key: str) -> str:
    """A text of an answer; empty when it is missing or no text."""
    found = answer.get(key)
    return found if isinstance(found, str) else ""


def fen(amount: Money) -> int:
    """The amount in fen; ValueError when it is another currency's."""
    if amount.currency != "CNY":
        raise ValueError(f"a wallet of China does not take {amount.currency}")
    return amount.minor


def in_yuan(amount: Money) -> str:
    """The amount as `12.50`; ValueError when it is another currency's."""
    return Money(fen(amount)).plain()


def yuan(text: str) -> Money | None:
    """A gateway's figure in yuan, its sign left away, in fen; None when it is none."""
    try:
        return Money.read(text.strip().removeprefix("-"), "CNY")
    except ValueError:
        return None


def within(text: str, most_bytes: int) -> str:
    """As much of the text as fits into that many bytes of UTF-8."""
    return text.encode()[:most_bytes].decode(errors="ignore")
