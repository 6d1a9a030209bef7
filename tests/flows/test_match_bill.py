"""The morning after: each gateway's bill beside the books; what differs goes back by itself, or to a person."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta

import pytest

from pos_app.domain.attempt import AttemptState
from pos_app.domain.bill import BillItem, Difference
from pos_app.domain.errors import GatewaySetupWrong, NotAllowed, ReasonNeeded, Unreachable
from pos_app.domain.gateway import Bill, GatewayRules, Standing
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.domain.sale import Sale
from pos_app.shop import Giving
from tests.fakes.till_gateway import FakeGateway
from tests.fakes.till_shop import FakeShop
from tests.flows.paying import (
    TOTAL,
    assert_delivered,
    attempt_of,
    charge,
    deliver,
    follow,
    lost,
    one,
    reserved,
    settle,
)

DAY = date(2026, 11, 22)


def next_morning(fake: FakeShop) -> None:
    fake.clock.advance(timedelta(hours=22))  # from noon to ten


def bill_items(fake: FakeShop) -> list[BillItem]:
    return [item.bill for item in fake.shop.look_up.attention() if item.bill is not None]


def findings(fake: FakeShop) -> list[tuple[Difference, str]]:
    return [(each.finding.kind, each.finding.number) for each in bill_items(fake)]


def paid(fake: FakeShop) -> tuple[Sale, str]:
    """A delivered sale and the number of its one payment."""
    sale = reserved(fake)
    number = charge(
        fake, sale, code=PaymentCode(Wallet.WECHAT, f"13{len(one(fake).codes):016d}")
    ).attempt.number
    deliver(fake, sale)
    return sale, number


def test_a_day_that_agrees_is_kept_with_its_bytes_and_fetched_once(fake: FakeShop) -> None:
    paid(fake)
    assert fake.shop.match_bills() == 0  # not before ten in the morning
    next_morning(fake)
    assert fake.shop.match_bills() == 1
    with fake.till.open_to_read() as books:
        bill, raw = books.bills.get("fake", DAY), books.bills.raw("fake", DAY)
    assert bill is not None
    assert (bill.digest, len(bill.lines)) == (hashlib.sha256(raw).hexdigest(), 1)
    assert findings(fake) == []
    assert fake.shop.match_bills() == 0


def test_a_till_that_took_no_electronic_money_fetches_nothing(fake: FakeShop) -> None:
    next_morning(fake)
    assert fake.shop.match_bills() == 0
    paid(fake)
    one(fake).rules = GatewayRules(frozenset(Wallet), has_bill=False)
    next_morning(fake)
    assert fake.shop.match_bills() == 0


@pytest.mark.parametrize("trouble", [None, Unreachable("timeout"), GatewaySetupWrong("fake", "KEY")])
def test_a_bill_that_is_not_there_yet_is_asked_for_again(
    fake: FakeShop, monkeypatch: pytest.MonkeyPatch, trouble: Exception | None
) -> None:
    def not_now(self: FakeGateway, day: date) -> None:
        if trouble is not None:
            raise trouble

    paid(fake)
    next_morning(fake)
    with monkeypatch.context() as away:
        away.setattr(FakeGateway, "bill", not_now)
        assert fake.shop.match_bills() == 0
    assert fake.shop.match_bills() == 1


def test_a_day_without_a_bill_holds_up_no_other(fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a day when the shop was closed there may never be one."""
    paid(fake)
    bill = FakeGateway.bill
    closed = DAY + timedelta(days=1)
    monkeypatch.setattr(FakeGateway, "bill", lambda self, day: None if day == closed else bill(self, day))
    next_morning(fake)
    assert fake.shop.match_bills() == 1
    fake.clock.advance(timedelta(days=2))
    one(fake).arrives_late("STRANGER", 700)
    assert fake.shop.match_bills() == 1
    assert findings(fake) == [(Difference.UNKNOWN_ORDER, "STRANGER")]


def test_paid_there_and_undone_here_goes_back_by_itself(fake: FakeShop) -> None:
    """The last net (G11): a charge that came when even the watch was over."""
    sale = reserved(fake)
    number = lost(fake, sale).attempt.number
    fake.shop.leave_sale(fake.cashier, sale.id, undo=True)
    settle(fake)
    assert attempt_of(fake, number).next_at is None
    one(fake).arrives_late(number, TOTAL.minor)
    fake.shop.match_bills()
    assert attempt_of(fake, number).state is AttemptState.REVERSING
    settle(fake)
    assert (attempt_of(fake, number).state, one(fake).kept_money()) == (AttemptState.REFUNDED, 0)
    assert findings(fake) == []
    with fake.till.open_to_read() as books:
        item = books.bills.item(f"fake:not_paid_here:{number}")
    assert (item.settled_by, item.note, item.finding.there) == ("", "undone", TOTAL)


def test_a_no_that_was_none_goes_back_too(fake: FakeShop) -> None:
    sale = reserved(fake)
    number = charge(fake, sale, Standing.FAILED).attempt.number
    one(fake).customer_pays(number)
    fake.shop.take_cash(fake.cashier, sale.id, TOTAL)
    next_morning(fake)
    fake.shop.match_bills()
    settle(fake)
    assert (attempt_of(fake, number).state, one(fake).kept_money()) == (AttemptState.REFUNDED, 0)
    assert_delivered(fake, sale)


def test_an_order_that_nobody_here_knows_is_for_a_person(fake: FakeShop) -> None:
    paid(fake)
    one(fake).arrives_late("STRANGER", 700)
    next_morning(fake)
    fake.shop.match_bills()
    assert findings(fake) == [(Difference.UNKNOWN_ORDER, "STRANGER")]
    assert fake.shop.look_up.status(None).open_items == 1
    (item,) = bill_items(fake)
    key = item.finding.key
    with pytest.raises(NotAllowed):
        fake.shop.settle_bill_item(fake.cashier, key, "another shop's")
    with pytest.raises(ReasonNeeded):
        fake.shop.settle_bill_item(fake.supervisor, key, " ")
    settled = fake.shop.settle_bill_item(fake.supervisor, key, "another shop's")
    assert (settled.settled_by, settled.note) == (fake.supervisor.id, "another shop's")
    assert fake.shop.settle_bill_item(fake.supervisor, key, "again") == settled
    assert findings(fake) == []
    with pytest.raises(KeyError):
        fake.shop.settle_bill_item(fake.supervisor, "none", "what")
    with fake.till.open_to_read() as books:
        kinds = [each.kind for each in books.ledger.after(0, 1000)]
    assert kinds.count("bill_item_settled") == 1


def test_another_sum_is_for_a_person(fake: FakeShop) -> None:
    _, number = paid(fake)
    one(fake).orders[number].paid -= 1
    next_morning(fake)
    fake.shop.match_bills()
    assert findings(fake) == [(Difference.AMOUNT, number)]
    assert attempt_of(fake, number).state is AttemptState.PAID


def test_a_refund_of_ours_and_one_of_theirs(fake: FakeShop) -> None:
    sale, number = paid(fake)
    giving = Giving(fake.cashier, fake.supervisor, "broken")
    fake.shop.give_back(giving, sale.id, sale.lines[0].line_id, Money(100))
    settle(fake)
    _, other = paid(fake)
    one(fake).orders[other].back["theirs"] = 200
    next_morning(fake)
    fake.shop.match_bills()
    assert findings(fake) == [(Difference.UNKNOWN_REFUND, other)]
    assert number != other


def test_paid_here_and_in_no_bill_of_the_days_around_it(
    fake: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only when the bill of the day after is there too: gateways cut their days a little apart."""
    _, number = paid(fake)
    monkeypatch.setattr(FakeGateway, "bill", lambda self, day: Bill(day, (), b""))
    next_morning(fake)
    assert fake.shop.match_bills() == 1
    assert findings(fake) == []
    fake.clock.advance(timedelta(days=1))
    assert fake.shop.match_bills() == 1
    assert findings(fake) == [(Difference.MISSING_THERE, number)]


def test_a_payment_that_stands_in_the_next_days_bill_is_not_missing(
    fake: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    paid(fake)
    bill = FakeGateway.bill
    monkeypatch.setattr(
        FakeGateway, "bill", lambda self, day: Bill(day, (), b"") if day == DAY else bill(self, day)
    )
    next_morning(fake)
    fake.shop.match_bills()
    fake.clock.advance(timedelta(days=1))
    fake.shop.match_bills()
    assert findings(fake) == []


def test_an_old_order_in_a_bill_is_still_known(fake: FakeShop) -> None:
    """Paid weeks ago, given back yesterday at the gateway's own counter: its payment is no stranger's."""
    paid(fake)
    fake.clock.advance(timedelta(days=20))
    paid(fake)
    next_morning(fake)
    assert fake.shop.match_bills() == 1
    assert findings(fake) == []


def test_what_was_found_once_is_not_found_again(fake: FakeShop) -> None:
    paid(fake)
    one(fake).arrives_late("STRANGER", 700)
    next_morning(fake)
    fake.shop.match_bills()
    (item,) = bill_items(fake)
    fake.shop.settle_bill_item(fake.supervisor, item.finding.key, "another shop's")
    fake.clock.advance(timedelta(days=1))
    assert fake.shop.match_bills() == 1
    assert findings(fake) == []


def test_a_payment_is_found_by_the_barcode_in_the_customers_wallet(fake: FakeShop) -> None:
    sale, number = paid(fake)
    for text in (number, f" {number}\n", f"G{number}"):
        found = fake.shop.look_up.payment(text)
        assert found is not None
        assert found.sale_id == sale.id
    assert fake.shop.look_up.payment(number[:-1]) is None


def test_the_day_begins_at_every_gateway(fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert fake.shop.begin_day() == ()
    assert ("begin_day", "") in one(fake).calls
    one(fake).lose.append("begin_day")
    assert fake.shop.begin_day() == ()  # silence is no refusal: it is asked again

    def refused(self: FakeGateway) -> None:
        raise GatewaySetupWrong("fake", "KEY")

    monkeypatch.setattr(FakeGateway, "begin_day", refused)
    assert fake.shop.begin_day() == (("fake", "KEY"),)


def test_what_a_till_takes(fake: FakeShop) -> None:
    ways = fake.shop.ways_to_pay()
    assert (ways.scans, ways.shows) == (tuple(Wallet), (Wallet.WECHAT, Wallet.ALIPAY))
    fake.gateways.all.clear()
    assert fake.shop.ways_to_pay().scans == ()


def test_undone_again_by_the_bill_it_ends_again(fake: FakeShop) -> None:
    """Its bill shows what was paid and went back; looked at once more, it is still undone."""
    sale = reserved(fake)
    number = charge(fake, sale, Standing.WAITING).attempt.number
    fake.shop.stop_payment(fake.cashier, number)
    one(fake).customer_pays(number)
    follow(fake, number)
    next_morning(fake)
    fake.shop.match_bills()
    settle(fake)
    assert (attempt_of(fake, number).state, findings(fake)) == (AttemptState.REFUNDED, [])


def test_a_payment_of_a_day_that_never_got_a_bill_is_missed_too(
    fake: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own day has none there, for nothing was paid on it, they say; the bill of a later day tells."""
    _, number = paid(fake)
    monkeypatch.setattr(FakeGateway, "bill", lambda self, day: None if day == DAY else Bill(day, (), b""))
    next_morning(fake)
    assert (fake.shop.match_bills(), findings(fake)) == (0, [])
    fake.clock.advance(timedelta(days=1))
    assert (fake.shop.match_bills(), findings(fake)) == (1, [(Difference.MISSING_THERE, number)])
