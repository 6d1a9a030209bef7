"""A past sale found by the barcode of the wallet's bill, in memory and in the file alike."""

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.gateway import Way
from pos_app.domain.money import Money
from pos_app.domain.payment_code import Wallet
from pos_app.domain.sale import SaleSearch
from tests.fakes.till_goods import code_product, top_up_product
from tests.store.till_world import DAY, NOON, World, begun, done, paid

OURS, THEIRS = "0T1261122000C8000", "4200002026112200008000"


@pytest.mark.parametrize("text", [OURS, OURS.lower(), f" {OURS}\n", THEIRS])
def test_an_order_number_means_its_sale_and_no_other(world: World, text: str) -> None:
    mine = done(paid(begun((code_product(), 1)), "T1-000001"))
    # Its account ends as the number does: an account is not what was scanned.
    other = done(paid(begun((top_up_product(), 1)), "T1-000002"))
    other = replace(other, lines=(replace(other.lines[0], fields=(("phone", "13800138000"),)),))
    world.put(mine, other)
    attempt = Attempt(
        OURS, mine.id, "practice", Way.SCANNED, Wallet.WECHAT, mine.total, AttemptState.PAID, NOON, NOON, None
    )
    world.write(lambda books: books.attempts.put(replace(attempt, gateway_number=THEIRS)))

    def found(search: SaleSearch) -> list[str]:
        return [row.sale_id for row in world.read(lambda books: books.sales.search(search))]

    assert found(SaleSearch(text)) == [mine.id]
    assert found(SaleSearch(text, day=DAY)) == [mine.id]
    assert found(SaleSearch(text, day=DAY - timedelta(days=1))) == []
    assert found(SaleSearch("8000")) == [other.id]
    assert found(SaleSearch("0T1261122000C7000")) == []
    assert found(SaleSearch("4200002026112200018000")) == []  # nobody's; it only ends as that account does
    assert found(SaleSearch("T1-000001")) == [mine.id]
    assert found(SaleSearch(text, amount=Money(1))) == []
