"""Looking up, the owner's day, and the doctor."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from pos_app.domain.errors import NotAllowed
from pos_app.domain.money import Money
from pos_app.domain.sale import SaleSearch
from pos_app.domain.till import Account
from pos_app.flows.day import firm_now
from tests.fakes.till_books import FakeTill
from tests.fakes.till_shop import FakeShop
from tests.fakes.till_signer import fake_signer
from tests.flows.selling import paid, sold


def test_a_past_sale_is_found(fake: FakeShop) -> None:
    sale = sold(fake, top_up=True).sale
    sold(fake, codes=1)
    assert len(fake.shop.look_up.sales(SaleSearch())) == 2
    for text in ("T1-000001", "8000"):
        assert [found.sale_id for found in fake.shop.look_up.sales(SaleSearch(text))] == [sale.id]
    assert fake.shop.look_up.categories()


def test_the_day_is_for_the_owner(fake: FakeShop, tmp_path: Path) -> None:
    sale = sold(fake).sale
    assert fake.shop.look_up.first_day() == sale.day
    with pytest.raises(NotAllowed):
        fake.shop.look_up.day(fake.cashier, sale.day)
    report = fake.shop.look_up.export_day(fake.owner, sale.day, tmp_path / "day.csv", "zh_CN")
    assert report.figures.takings == Money(20_000)
    assert fake.exporter.written == [(report, tmp_path / "day.csv", "zh_CN")]


def test_local_time_and_day(fake: FakeShop) -> None:
    assert fake.shop.today.local(fake.shop.today.now()).hour == 12


def test_a_clock_set_back_does_not_turn_back_the_firm_time(fake: FakeShop) -> None:
    def firm() -> datetime:
        with fake.till.open_to_read() as books:
            return firm_now(books, fake.clock)

    noon = fake.clock.now()
    fake.clock.advance(timedelta(hours=1))
    assert firm() == noon + timedelta(hours=1)  # the clock's own
    sold(fake)
    fake.clock.advance(timedelta(hours=2))
    fake.shop.refresh_account()
    fake.clock.at = noon - timedelta(days=2)
    assert firm() == noon + timedelta(hours=3)  # what the platform told
    with fake.till.open_books() as books:
        books.till.keep_account(Account(Money(0), Money(0), Money(0), noon))
        books.commit()
    sold(fake)  # an entry from before
    assert firm() == noon + timedelta(hours=1)  # the ledger's latest


def test_without_ledger_and_account_the_clock_is_all(fake: FakeShop) -> None:
    with FakeTill().open_to_read() as books:
        assert firm_now(books, fake.clock) == fake.clock.now()


def holds(fake: FakeShop) -> dict[str, bool]:
    return {finding.invariant.split()[0]: finding.holds for finding in fake.shop.doctor()}


def test_a_sound_till_has_a_clean_doctor(fake: FakeShop) -> None:
    sold(fake, top_up=True)
    paid(fake, codes=1)
    fake.shop.push_outbox()
    assert all(holds(fake).values())


def test_the_doctor_sees_what_is_wrong(fake: FakeShop) -> None:
    first, second = sold(fake, codes=1).sale, sold(fake, codes=1).sale
    pages = fake.till.pages
    fake.inspector.troubles.append("page 3 is torn")
    (card,) = fake.shop.look_up.sale(first.id).cards
    pages.sales[second.id] = replace(pages.sales[second.id], receipt_number="T1-000009")
    (line,) = pages.sales[first.id].lines
    pages.sales[first.id] = replace(pages.sales[first.id], lines=(replace(line, quantity=2),))
    key = next(iter(pages.ledger))
    pages.ledger[key] = replace(pages.ledger[key], body={"edited": True})
    pages.acked[1] = 999
    seen = holds(fake)
    assert not any(seen[name] for name in ("file", "I2", "I6", "I14", "I15", "I19"))
    assert seen["I1"]
    assert card.sale_id == first.id


def test_the_doctor_checks_who_signed(fake: FakeShop) -> None:
    sold(fake)
    assert holds(fake)["I15"]
    fake.till.signer = fake_signer(2)
    assert not holds(fake)["I15"]


def test_the_doctor_compares_what_the_platform_signed(fake: FakeShop) -> None:
    sold(fake)
    fake.shop.push_outbox()
    assert holds(fake)["I19"]
    ((day, point),) = fake.till.pages.points.items()
    assert (point.epoch, point.seq) == (1, fake.till.pages.acked[1])
    for changed in (replace(point, head="f" * 32), replace(point, seq=999)):
        fake.till.pages.points[day] = changed
        assert not holds(fake)["I19"]


def test_the_doctor_adds_up_the_turnover(fake: FakeShop) -> None:
    sold(fake)
    assert holds(fake)["the"]
    receipt = fake.till.pages.signed["000001"]
    fake.till.pages.signed["000001"] = replace(receipt, turnover=1)
    assert not holds(fake)["the"]


def test_the_doctor_misses_no_code_without_money_and_no_code_twice(
    fake: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = sold(fake, codes=1).sale, sold(fake, codes=1).sale
    pages = fake.till.pages
    pages.sales[first.id] = replace(pages.sales[first.id], payments=())
    assert not holds(fake)["I3"]
    from tests.fakes import till_shelves

    cards = list(pages.cards.values())
    monkeypatch.setattr(till_shelves.FakeCards, "of_sale", lambda self, sale_id: tuple(cards[:1]))
    assert not holds(fake)["I1"]
    del second


def test_a_paid_sale_that_no_list_shows_is_silent(fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.fakes import till_books

    paid(fake, codes=1)
    monkeypatch.setattr(till_books.FakeSales, "open_sales", lambda self: ())
    assert not holds(fake)["I4"]
