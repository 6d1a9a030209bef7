"""Receipts are signed in the commit that makes them true, kept, told by the ledger, and printed as they were signed."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta

import pytest

from pos_app.domain.errors import DiskTrouble, Rejected
from pos_app.domain.money import Money
from pos_app.domain.receipt import BackSlip, ClosingSlip, SaleReceipt
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.shift import CashCount
from pos_app.domain.signature import framed
from pos_app.domain.signed_receipt import signing_input
from pos_app.shop import Giving
from tests.fakes.till_platform import ENROLMENT
from tests.fakes.till_shop import FakeShop
from tests.flows.selling import paid, run_out, sold

FIELDS = [
    "version",
    "shop",
    "till",
    "number",
    "at",
    "type",
    "currency",
    "minor",
    "quantity",
    "turnover",
    "entry",
    "cards",
    "kid",
    "signature",
]


def read(text: str) -> dict[str, str]:
    fields = text.split(".")
    return dict(zip(FIELDS, fields, strict=True))


def raw(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "==")


def entry(fake: FakeShop, kind: str) -> str:
    """The digest of the last one of that kind."""
    return [e.digest for e in fake.till.pages.ledger.values() if e.kind == kind][-1]


def with_leave(fake: FakeShop) -> Giving:
    return Giving(fake.cashier, fake.supervisor, "broken")


def receipt_of(fake: FakeShop, sale: Sale) -> dict[str, str]:
    with fake.till.open_to_read() as books:
        return read(books.receipts.of(sale.id)[0].text)


def test_a_sale_is_signed_when_its_goods_are_in_hand(fake: FakeShop) -> None:
    sale = paid(fake)
    assert fake.till.pages.signed == {}
    commits = fake.till.commits
    fake.shop.go_on(sale.id)
    assert fake.till.commits == commits + 2  # CONFIRMING, and everything else at once
    said = receipt_of(fake, sale)
    assert (said["version"], said["number"], said["type"]) == ("K1", "000001", "S")
    assert raw(said["shop"]).hex() == ENROLMENT.shop_id.replace("-", "")
    assert raw(said["till"]).hex() == ENROLMENT.till_id.replace("-", "")
    assert said["at"] == "20261122T040000Z"
    assert (said["currency"], said["minor"], said["quantity"], said["turnover"]) == (
        "CNY",
        "20000",
        "2",
        "20000",
    )
    assert raw(said["entry"]).hex() == entry(fake, "sale_paid")
    cards = sorted(card.card_id for card in fake.till.pages.cards.values())
    assert raw(said["cards"]) == hashlib.sha256(framed(*cards)).digest()[:8]
    text = ".".join(list(said.values())[:-1])
    assert fake.till.signer.holds(said["kid"], signing_input(text), said["signature"])
    told = [e.body for e in fake.till.pages.ledger.values() if e.kind == "receipt_signed"]
    assert told == [
        {
            "subject": sale.id,
            "number": "000001",
            "type": "S",
            "turnover_minor": 20_000,
            "text": f"{text}.{said['signature']}",
        }
    ]


def test_what_is_not_committed_was_not_signed(fake: FakeShop) -> None:
    sale = paid(fake)
    with fake.till.open_books() as books:
        books.sales.put(sale.moved_to(SaleState.CONFIRMING))
        books.commit()
    fake.till.fail_next_commit = DiskTrouble(path="books.db", cause="full")
    with pytest.raises(DiskTrouble):
        fake.shop.go_on(sale.id)
    assert fake.till.pages.signed == {}
    fake.shop.go_on(sale.id)
    assert receipt_of(fake, sale)["turnover"] == "20000"


def test_the_turnover_counts_every_sale_and_nothing_back(fake: FakeShop) -> None:
    first = sold(fake, codes=1).sale
    fake.shop.give_back(with_leave(fake), first.id, first.lines[0].line_id)
    fake.shop.print_due()
    second = sold(fake, codes=2).sale
    assert receipt_of(fake, second)["turnover"] == "30000"
    assert receipt_of(fake, second)["number"] == "000002"


def test_reprints_show_the_same_text(fake: FakeShop) -> None:
    progress = sold(fake)
    paper = progress.papers[-1]
    fake.clock.advance(timedelta(hours=30))
    fake.shop.reprint(fake.cashier, paper.id, "lost")
    run_out(fake, progress.sale)
    first, second = fake.printer.of_kind(SaleReceipt)
    assert first.qr == second.qr
    assert first.qr.startswith("K1.")
    assert second.header.copy == 2


def test_a_sale_of_before_prints_as_it_did(fake: FakeShop) -> None:
    progress = sold(fake)
    fake.till.pages.signed.clear()
    fake.shop.reprint(fake.cashier, progress.papers[-1].id, "lost")
    run_out(fake, progress.sale)
    assert fake.printer.of_kind(SaleReceipt)[-1].qr == f"R:T1-000001:{progress.sale.id}"


def test_all_given_back_by_one_paper(fake: FakeShop) -> None:
    sale = sold(fake).sale
    fake.shop.give_back(with_leave(fake), sale.id, sale.lines[0].line_id)
    assert fake.shop.print_due() == 1
    (slip,) = fake.printer.of_kind(BackSlip)
    said = read(slip.qr)
    assert (slip.is_whole, slip.amount, slip.number) == (True, Money(20_000), "000001-1")
    assert (said["type"], said["number"], said["minor"], said["quantity"]) == ("V", "000001-1", "20000", "2")
    assert said["turnover"] == "20000"
    assert raw(said["entry"]).hex() == entry(fake, "money_given_back")
    assert said["cards"] == receipt_of(fake, sale)["cards"]


def test_parts_are_counted_and_pieces_go_with_the_last(fake: FakeShop) -> None:
    sale = sold(fake).sale
    for _ in range(2):
        fake.clock.advance(timedelta(minutes=1))
        fake.shop.give_back(with_leave(fake), sale.id, sale.lines[0].line_id, Money(10_000))
    fake.shop.print_due()
    slips = fake.printer.of_kind(BackSlip)
    assert [(read(slip.qr)["type"], slip.number) for slip in slips] == [("R", "000001-1"), ("R", "000001-2")]
    assert [read(slip.qr)["quantity"] for slip in slips] == ["0", "2"]
    assert [slip.header.at.minute for slip in slips] == [1, 2]
    assert not slips[0].is_whole


def test_money_of_a_sale_without_goods_goes_back_on_paper_too(fake: FakeShop) -> None:
    sale = paid(fake)
    fake.platform.fail_next("confirm", "before_effect", Rejected("EXPIRED", "none", {}))
    fake.shop.go_on(sale.id)
    fake.shop.give_back(Giving(fake.cashier), sale.id, sale.lines[0].line_id)
    assert fake.shop.print_due() == 1
    (slip,) = fake.printer.of_kind(BackSlip)
    said = read(slip.qr)
    assert (said["type"], said["number"], said["turnover"]) == ("V", "000001-1", "0")
    assert raw(said["cards"]) == hashlib.sha256(b"").digest()[:8]
    assert fake.shop.look_up.open_items() == ()


def test_a_shift_closes_with_a_zero_receipt(fake: FakeShop) -> None:
    sold(fake)
    for number in ("Z000001", "Z000002"):
        closing = fake.shop.close_shift(fake.cashier, CashCount((), Money(0)))
        fake.shop.print_closing(closing)
        said = read(fake.printer.of_kind(ClosingSlip)[-1].qr)
        assert (said["number"], said["type"], said["minor"], said["quantity"]) == (number, "Z", "0", "0")
        assert said["turnover"] == "20000"
        assert raw(said["entry"]).hex() == entry(fake, "shift_closed")
        fake.shop.open_shift(fake.cashier, Money(0))


def test_a_closing_of_before_prints_without_one(fake: FakeShop) -> None:
    closing = fake.shop.close_shift(fake.cashier, CashCount((), Money(0)))
    fake.till.pages.signed.clear()
    fake.shop.print_closing(closing)
    assert fake.printer.of_kind(ClosingSlip)[-1].qr == ""


def test_signed_again_is_the_same(fake: FakeShop) -> None:
    from pos_app.flows.sign_receipt import sign_sale

    sale = sold(fake).sale
    with fake.till.open_books() as books:
        again = sign_sale(books, sale, fake.clock.now())
        assert again == books.receipts.of(sale.id)[0]
        books.commit()
    assert len(fake.till.pages.signed) == 1
