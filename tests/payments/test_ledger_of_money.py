"""What the till's ledger tells of electronic money, and that the platform reads it as it read ledgers of cash."""

from __future__ import annotations

from datetime import timedelta

from platform_server.domain.comparison import read_ledger_file
from pos_app.domain.gateway import Standing
from pos_app.domain.ledger import canonical
from pos_app.domain.money import Money
from pos_app.shop import Giving
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.payments.paying import charged, reserved, sold_by_wallet, sold_in_parts


def ledger_file(fake: FakeShop) -> bytes:
    """As `compare-settlement` is handed it: a line of JSON for each entry."""
    entries = fake.till.pages.ledger.values()
    return b"".join(canonical(entry.as_wire()) + b"\n" for entry in entries)


def test_each_payment_stands_in_the_ledger_with_its_tender_and_its_order() -> None:
    fake = make_fake_shop()
    sale = sold_in_parts(fake, 3_000)
    (attempt,) = fake.shop.look_up.sale(sale.id).attempts
    (paid,) = [entry.body for entry in fake.till.pages.ledger.values() if entry.kind == "sale_paid"]
    assert paid["payments"] == [
        {"tender": "alipay", "amount_minor": 3_000, "reference": attempt.number},
        {"tender": "cash", "amount_minor": 7_000, "reference": None},
    ]
    code = fake.gateways.one.codes[0]
    assert code not in ledger_file(fake).decode()


def test_the_comparison_with_a_settlement_reads_a_day_of_wallets() -> None:
    """Payments, tries, refunds and sales let go stand between the sales and disturb none of them."""
    fake = make_fake_shop()
    whole, parts = sold_by_wallet(fake), sold_in_parts(fake, 3_000)
    giving = Giving(fake.cashier, fake.supervisor, "the code does not work")
    fake.shop.give_back(giving, whole.id, whole.lines[0].line_id, Money(1_000))
    (refund,) = fake.shop.look_up.sale(whole.id).refunds
    fake.shop.follow_refund(refund.number)
    left = reserved(fake, 1)
    charged(fake, left, course=Standing.PROCESSING)
    fake.shop.leave_sale(fake.cashier, left.id, undo=True)
    fake.clock.advance(timedelta(minutes=1))
    fake.shop.follow_all()
    till, story, faults = read_ledger_file(ledger_file(fake))
    assert till == next(iter(fake.till.pages.ledger.values())).till
    assert faults == ()
    assert set(story.lines) == set(story.confirmed) == {whole.id, parts.id}
    assert story.cancelled == {left.id}
    for sale in (whole, parts):
        (line,) = story.lines[sale.id].values()
        assert (line.quantity, line.cost_minor) == (1, sale.lines[0].product.wholesale.minor)
        assert line.receipt_number == (sale.receipt_number or "")
