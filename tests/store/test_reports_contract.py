"""A day's figures, kept as sums, equal a count of the sales themselves."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender
from pos_app.domain.report import DayFigures, DayReport
from pos_app.domain.sale import TopUp, TopUpState
from pos_app.domain.till import business_date_at
from pos_app.store.reports import shared_out
from tests.fakes.till_goods import code_product, top_up_product
from tests.store.till_world import (
    DAY,
    NOON,
    World,
    begun,
    done,
    fake_world,
    given_back,
    in_shop,
    open_file,
    paid,
)


def test_a_day_without_sales(world: World) -> None:
    report = world.read(lambda books: books.reports.day(DAY))
    nothing = DayFigures(0, Money(0), Money(0), Money(0))
    assert report == DayReport(DAY, nothing, nothing, (Money(0),) * 24, (), (), ())
    assert world.read(lambda books: books.reports.first_day()) is None


def test_a_sale_enters_its_day_once_and_a_refund_leaves_it(world: World) -> None:
    sale = paid(begun((code_product(), 2), (top_up_product(), 1)), "T1-000001")
    week_before = paid(begun(at=NOON - timedelta(days=7), day=DAY - timedelta(days=7)), "T1-000002")
    world.put(begun(), sale, sale, done(sale), week_before)
    report = world.read(lambda books: books.reports.day(DAY))
    assert report.figures == DayFigures(1, Money(25_000), Money(1_100), Money(0))
    assert report.week_before == DayFigures(1, Money(20_000), Money(1_000), Money(0))
    assert report.by_hour[12] == Money(25_000)
    assert [(s.key, s.number, s.takings.minor, s.margin.minor) for s in report.by_product] == [
        ("product-1", 2, 20_000, 1_000),
        ("product-900", 1, 5_000, 100),
    ]
    assert [(s.key, s.number, s.takings.minor) for s in report.by_tender] == [("cash", 1, 25_000)]
    assert [(s.key, s.names.zh, s.number, s.margin.minor) for s in report.by_cashier] == [
        ("ann", "Ann", 1, 1_100)
    ]
    line = sale.lines[1]
    refund = done(sale).with_top_up(line.line_id, TopUp(TopUpState.FAILED_FINAL))
    given, refund = given_back(refund, line.line_id, Money(5_000), NOON + timedelta(hours=1))
    world.write(lambda books: books.refunds.add(given, refund))
    report = world.read(lambda books: books.reports.day(DAY))
    assert report.figures == DayFigures(1, Money(20_000), Money(1_000), Money(5_000))
    assert (report.by_hour[12], report.by_hour[13]) == (Money(25_000), Money(-5_000))
    assert report.by_product[1].number == 0
    assert world.read(lambda books: books.reports.first_day()) == DAY - timedelta(days=7)


def test_random_days_equal_a_recount(tmp_path: Path) -> None:
    """The fake counts from the sales; the file adds sums up as they come."""
    seed = 20261122
    fake, file = fake_world(6).enrolled(), open_file(tmp_path, day_change_hour=6)
    real = World(file.open_books, file.open_to_read).enrolled()
    chance = random.Random(seed)
    goods = [code_product(n, face=chance.randrange(100, 20_000)) for n in range(8)] + [top_up_product()]
    days: set[date] = set()

    def both(what: Callable[[Any], Any]) -> None:
        for world in (fake, real):
            world.write(what)

    for number in range(150):
        at = NOON + timedelta(minutes=chance.randrange(0, 60 * 24 * 9))
        chosen = [(product, 1) for product in chance.sample(goods, chance.randrange(1, 4))]
        day = business_date_at(in_shop(at), 6)
        sale = begun(*chosen, at=at, day=day)
        both(lambda books, sale=sale: books.sales.put(sale))  # type: ignore[misc]
        if chance.random() < 0.9:
            sale = paid(sale, f"T1-{number:06d}", at + timedelta(minutes=chance.randrange(0, 30)))
            both(lambda books, sale=sale: books.sales.put(sale))  # type: ignore[misc]
            if chance.random() < 0.2:
                line = sale.lines[0]
                when = at + timedelta(hours=chance.randrange(0, 48))
                part = Money(chance.choice((line.total.minor, 1 + line.total.minor // 3)))
                refund, back = given_back(sale, line.line_id, part, when, hour=6)
                both(lambda books, r=refund, s=back: books.refunds.add(r, s))  # type: ignore[misc]
        days.add(day)
    for day in sorted(days):
        expected = fake.read(lambda books, day=day: books.reports.day(day))  # type: ignore[misc]
        found = real.read(lambda books, day=day: books.reports.day(day))  # type: ignore[misc]
        assert found == expected, (seed, day)
        assert Money.sum(found.by_hour, "CNY") == found.figures.takings
        for shares in (found.by_product, found.by_tender, found.by_cashier):
            assert Money.sum((share.takings for share in shares), "CNY") == found.figures.takings
            assert Money.sum((share.margin for share in shares), "CNY") == found.figures.margin
    assert fake.read(lambda books: books.reports.first_day()) == real.read(
        lambda books: books.reports.first_day()
    )
    file.close()


def test_a_margin_is_shared_out_without_a_remainder() -> None:
    payments = tuple(Payment(Tender.CASH, Money(minor), Money(minor), Money(0)) for minor in (100, 100, 101))
    assert shared_out(100, payments) == [33, 33, 34]
    assert sum(shared_out(-7, payments)) == -7
    assert shared_out(-7, (Payment(Tender.CASH, Money(0), Money(0), Money(0)),)) == [-7]
