"""Counts a day from the sales themselves, and matches words the slow way: what the real store is compared with."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime

from pos_app.domain.catalogue import Names, Product
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment
from pos_app.domain.report import DayFigures, DayReport, Share
from pos_app.domain.sale import Sale
from pos_app.domain.till import business_date_at
from tests.fakes.till_pages import GivenBack, Pages

_RUNS = re.compile(r"[a-z]+|[0-9]+|[\u3400-\u9fff]+")
_PIECES = re.compile(r"[a-z\u3400-\u9fff\s]+")


def recount(
    pages: Pages, local: Callable[[datetime], datetime], change: int, day: date, week_before: date
) -> DayReport:
    """The day's report, from nothing but the sales and the refunds."""
    currency = pages.currency
    paid = [sale for sale in pages.sales.values() if sale.paid_at is not None and sale.business_date == day]
    back = _refunds(pages, local, change, day)
    hours = [0] * 24
    for sale in paid:
        assert sale.paid_at is not None
        hours[local(sale.paid_at).hour] += sale.total.minor
    for given in back:
        hours[local(given.refund.at).hour] -= given.refund.amount.minor
    products: dict[str, list[tuple[Names, int, int, int]]] = {}
    tenders: dict[str, list[tuple[Names, int, int, int]]] = {}
    cashiers: dict[str, list[tuple[Names, int, int, int]]] = {}
    for sale in paid:
        earned = (sale.total - sale.cost).minor
        for line in sale.lines:
            row = (line.product.names, line.quantity, line.total.minor, (line.total - line.cost).minor)
            products.setdefault(line.product.id, []).append(row)
        for payment, share in zip(sale.payments, shared_out(earned, sale.payments), strict=True):
            name = payment.tender.value
            tenders.setdefault(name, []).append((Names(name, name), 1, payment.amount.minor, share))
        who = _name(pages, sale)
        cashiers.setdefault(sale.cashier_id or "", []).append((who, 1, sale.total.minor, earned))
    for given in back:
        taken, tender = -given.refund.amount.minor, given.refund.tender.value
        lost = given.cost.minor + taken
        row = (given.line.product.names, -given.pieces, taken, lost)
        products.setdefault(given.line.product.id, []).append(row)
        tenders.setdefault(tender, []).append((Names(tender, tender), 0, taken, lost))
        served = (_name(pages, given.sale), 0, taken, lost)
        cashiers.setdefault(given.sale.cashier_id or "", []).append(served)
    return DayReport(
        day,
        _figures(pages, local, change, day),
        _figures(pages, local, change, week_before),
        tuple(Money(minor, currency) for minor in hours),
        _shares(products, currency),
        _shares(tenders, currency),
        _shares(cashiers, currency),
    )


def pieces_since(
    pages: Pages, local: Callable[[datetime], datetime], change: int, day: date
) -> dict[str, int]:
    """How many of each product were sold from that day on, less what was given back."""
    counts: Counter[str] = Counter()
    for sale in pages.sales.values():
        if sale.paid_at is not None and sale.business_date is not None and sale.business_date >= day:
            for line in sale.lines:
                counts[line.product.id] += line.quantity
    for given in pages.refunds.values():
        if business_date_at(local(given.refund.at), change) >= day:
            counts[given.line.product.id] -= given.pieces
    return {product_id: count for product_id, count in counts.items() if count > 0}


def shared_out(earned: int, payments: tuple[Payment, ...]) -> list[int]:
    """By the amounts, what does not divide to the last."""
    total = sum(each.amount.minor for each in payments) or 1
    shares = [earned * each.amount.minor // total for each in payments[:-1]]
    return [*shares, earned - sum(shares)]


def matches_words(product: Product, words: str) -> int | None:
    """0 when the name begins so, 1 when every word is found, None when one is not."""
    runs = _RUNS.findall(unicodedata.normalize("NFKC", words).lower())
    if not runs:
        return None if words.strip() else 1
    if not all(_matches(product, run) for run in runs):
        return None
    starts = (product.names.zh.lower(), product.names.en.lower(), *_spellings(product.names.zh))
    return 0 if any(start.startswith(runs[0]) for start in starts) else 1


def _matches(product: Product, run: str) -> bool:
    chinese = (product.names.zh, product.brand.names.zh, product.category.names.zh)
    if not run.isascii():
        return any(run in "".join(_RUNS.findall(text.lower())) for text in chinese)
    face = product.face.plain().removesuffix(".00")
    english = (*chinese, product.names.en, product.brand.names.en, product.category.names.en, face)
    if any(
        word.startswith(run) for text in english for word in _RUNS.findall(text.lower()) if word.isascii()
    ):
        return True
    pieces = [piece.split() for text in chinese for piece in _PIECES.findall(text.lower())]
    for words in pieces:
        if run in "".join(_spellings(word)[0] for word in words):
            return True
        spelled = [_spellings(word)[1] for word in words]
        if any("".join(spelled[place:]).startswith(run) for place in range(len(spelled))):
            return True
    return False


def _spellings(text: str) -> tuple[str, str]:
    """Initials and full pinyin, letters standing for themselves."""
    from pypinyin import Style, lazy_pinyin

    clean = "".join(_RUNS.findall(text.lower()))
    return (
        "".join(lazy_pinyin(clean, style=Style.FIRST_LETTER)),
        "".join(lazy_pinyin(clean)),
    )


def _refunds(pages: Pages, local: Callable[[datetime], datetime], change: int, day: date) -> list[GivenBack]:
    return [r for r in pages.refunds.values() if business_date_at(local(r.refund.at), change) == day]


def _figures(pages: Pages, local: Callable[[datetime], datetime], change: int, day: date) -> DayFigures:
    paid = [sale for sale in pages.sales.values() if sale.paid_at is not None and sale.business_date == day]
    back = _refunds(pages, local, change, day)
    refunds = Money.sum((each.refund.amount for each in back), pages.currency)
    cost_back = Money.sum((each.cost for each in back), pages.currency)
    takings = Money.sum((sale.total for sale in paid), pages.currency) - refunds
    cost = Money.sum((sale.cost for sale in paid), pages.currency) - cost_back
    return DayFigures(len(paid), takings, takings - cost, refunds)


def _name(pages: Pages, sale: Sale) -> Names:
    person = pages.people.get(sale.cashier_id or "")
    name = person.name if person else sale.cashier_id or ""
    return Names(name, name)


def _shares(rows: dict[str, list[tuple[Names, int, int, int]]], currency: str) -> tuple[Share, ...]:
    shares = [
        Share(
            key,
            found[-1][0],
            sum(row[1] for row in found),
            Money(sum(row[2] for row in found), currency),
            Money(sum(row[3] for row in found), currency),
        )
        for key, found in rows.items()
    ]
    return tuple(sorted(shares, key=lambda share: (-share.takings.minor, share.key)))
