"""Kits and pictures in the till's hands: each code its own slip, all of them acknowledged."""

from dataclasses import replace

import pytest

from pos_app.domain.card_code import CardState
from pos_app.domain.catalogue import Payload
from pos_app.domain.errors import ProductOff, Rejected, SoldOut
from pos_app.domain.money import Money
from pos_app.domain.paper import PaperKind, PaperState
from pos_app.domain.receipt import CodeSlip
from pos_app.domain.sale import SaleState
from pos_app.flows.sell_online import refusal
from tests.fakes.till_goods import code_product
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import basket, run_out, sold

KIT = replace(code_product(1), parts=3)
PICTURE = code_product(1, payload=Payload.IMAGE)


def slips(fake: FakeShop) -> list[CodeSlip]:
    return [paper for paper in fake.printer.printed if isinstance(paper, CodeSlip)]


def test_a_kit_prints_a_slip_for_each_of_its_codes() -> None:
    fake = make_fake_shop([KIT])
    progress = sold(fake, codes=2)
    assert progress.sale.state is SaleState.DONE
    assert progress.sale.total == KIT.price * 2
    printed = slips(fake)
    assert [slip.part for slip in printed] == [(n, 6) for n in range(1, 7)]
    assert len({slip.pin for slip in printed}) == 6
    codes = [paper for paper in progress.papers if paper.kind is PaperKind.CODE]
    assert {paper.state for paper in codes} == {PaperState.PRINTED}
    fake.shop.push_outbox()
    assert all(finding.holds for finding in fake.shop.doctor())


def test_a_kit_without_one_of_its_codes_is_seen_by_the_doctor() -> None:
    fake = make_fake_shop([KIT])
    sale = sold(fake, codes=1).sale
    cards = fake.till.pages.cards
    del cards[next(iter(cards))]
    found = {finding.invariant.split()[0]: finding.holds for finding in fake.shop.doctor()}
    assert not found["I6"]
    assert sale.lines[0].quantity == 1


def test_an_incomplete_kit_is_not_sold() -> None:
    fake = make_fake_shop([KIT])
    fake.platform.put_product(KIT, stock=5)
    sale = basket(fake, codes=2)
    with pytest.raises(SoldOut) as refused:
        fake.shop.reserve(fake.cashier, sale)
    assert (refused.value.wanted, refused.value.left) == (2, 1)


def test_a_kit_whose_last_slip_is_lost_waits_for_a_person() -> None:
    fake = make_fake_shop([KIT])
    sale = fake.shop.reserve(fake.cashier, basket(fake, codes=1))
    fake.shop.take_cash(fake.cashier, sale.id, Money(100_000))
    progress = fake.shop.go_on(sale.id)
    for _ in range(2):
        progress = fake.shop.print_next(sale.id)
    assert progress.sale.state is SaleState.HAVE
    states = [card.state for card in fake.till.pages.cards.values()]
    assert sorted(states) == [CardState.HAVE, CardState.PRINTED, CardState.PRINTED]
    assert run_out(fake, sale).sale.state is SaleState.DONE


def test_a_picture_is_printed_as_it_came() -> None:
    fake = make_fake_shop([PICTURE])
    assert sold(fake, codes=2).sale.state is SaleState.DONE
    first, second = slips(fake)
    assert (first.image or b"").startswith(b"\x89PNG")
    assert first.image != second.image
    assert (first.qr, first.pin, first.number) == ("", None, None)


@pytest.mark.parametrize("reason", ["time", "channel", "off"])
def test_why_a_product_is_off(reason: str) -> None:
    fake = make_fake_shop([KIT])
    about = {"line_id": "x", "product_id": "p", "reason": reason}
    told = refusal(Rejected("PRODUCT_OFF", "none", about), basket(fake))
    assert isinstance(told, ProductOff)
    assert (told.product_id, told.reason) == ("p", reason)
