"""Money goes back by the way it came, never more than came, and once: in parts, over restarts, at a gateway that says no."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_app.domain.errors import (
    GatewayUnknown,
    NotAllowed,
    ReasonNeeded,
    RefundTooHigh,
    Rejected,
    ShiftNotOpen,
    WrongState,
)
from pos_app.domain.gateway import RefundStanding
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.refund import Refund, RefundState
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.shift import CashCount
from pos_app.shop import Giving
from tests.fakes.till_shop import FakeShop
from tests.flows.paying import (
    ALIPAY,
    PART,
    TOTAL,
    assert_delivered,
    charge,
    deliver,
    one,
    reserved,
    sale_of,
    settle,
    wait,
)
from tests.flows.selling import paid, sold


def owed(fake: FakeShop, sale: Sale) -> Sale:
    """The platform will never deliver what is paid."""
    fake.platform.fail_next("confirm", "before_effect", Rejected("EXPIRED", "none", {}))
    return fake.shop.go_on(sale.id).sale


def delivered(fake: FakeShop) -> Sale:
    """Paid by WeChat and handed over."""
    sale = reserved(fake)
    charge(fake, sale)
    return deliver(fake, sale)


def in_three_parts(fake: FakeShop) -> Sale:
    """50.00 by WeChat, 50.00 by Alipay, 100.00 in cash; handed over."""
    sale = reserved(fake)
    charge(fake, sale, amount=PART)
    charge(fake, sale, code=ALIPAY, amount=PART)
    fake.shop.take_cash(fake.cashier, sale.id, TOTAL)
    return deliver(fake, sale)


def with_leave(fake: FakeShop, reason: str = "broken") -> Giving:
    return Giving(fake.cashier, fake.supervisor, reason)


def refunds_of(fake: FakeShop, sale: Sale) -> list[Refund]:
    return [each.refund for each in fake.till.pages.refunds.values() if each.sale.id == sale.id]


def asked(fake: FakeShop) -> list[str]:
    return [number for call, number in one(fake).calls if call == "refund"]


def kept(fake: FakeShop, sale: Sale) -> int:
    """What is with us of the sale, in every tender."""
    cash = sum(each.amount.minor for each in sale.payments if each.reference is None)
    cash -= sum(each.amount.minor for each in refunds_of(fake, sale) if each.order is None)
    return cash + one(fake).kept_money()


# --- who may, and when ---


def test_give_back_needs_an_open_shift(fake: FakeShop) -> None:
    sale = owed(fake, paid(fake))
    fake.shop.close_shift(fake.cashier, CashCount((), Money(0)))
    with pytest.raises(ShiftNotOpen):
        fake.shop.give_back(Giving(fake.cashier), sale.id, sale.lines[0].line_id)


def test_one_of_two_lines_paid_back_leaves_the_other_due(fake: FakeShop) -> None:
    sale = owed(fake, paid(fake, top_up=True))
    fake.shop.give_back(Giving(fake.cashier), sale.id, sale.lines[0].line_id)
    assert sale_of(fake, sale).state is SaleState.REFUND_DUE
    fake.shop.give_back(Giving(fake.cashier), sale.id, sale.lines[1].line_id)
    assert sale_of(fake, sale).state is SaleState.REFUNDED
    assert kept(fake, sale_of(fake, sale)) == 0


def test_what_was_handed_over_needs_a_supervisor_and_a_reason(fake: FakeShop) -> None:
    sale = delivered(fake)
    line = sale.lines[0].line_id
    for giving in (Giving(fake.cashier), Giving(fake.cashier, fake.cashier, "broken")):
        with pytest.raises(NotAllowed):
            fake.shop.give_back(giving, sale.id, line)
    with pytest.raises(ReasonNeeded):
        fake.shop.give_back(with_leave(fake, " "), sale.id, line)
    assert refunds_of(fake, sale) == []
    given = fake.shop.give_back(with_leave(fake), sale.id, line)
    assert (given.electronic, given.cash, given.total) == (TOTAL, Money(0), TOTAL)
    with fake.till.open_to_read() as books:
        (entry,) = [each for each in books.ledger.after(0, 1000) if each.kind == "money_given_back"]
    assert (entry.body["cashier_id"], entry.body["authoriser_id"], entry.body["reason"]) == (
        fake.cashier.id,
        fake.supervisor.id,
        "broken",
    )


@pytest.mark.parametrize("is_paid", [False, True])
def test_a_sale_that_is_under_way_gives_nothing_back(fake: FakeShop, is_paid: bool) -> None:
    sale = paid(fake) if is_paid else reserved(fake)
    with pytest.raises(WrongState):
        fake.shop.give_back(with_leave(fake), sale.id, sale.lines[0].line_id)


def test_a_line_gives_back_once(fake: FakeShop) -> None:
    sale = delivered(fake)
    line = sale.lines[0].line_id
    fake.shop.give_back(with_leave(fake), sale.id, line)
    with pytest.raises(WrongState):
        fake.shop.give_back(with_leave(fake), sale.id, line)
    settle(fake)
    assert kept(fake, sale) == 0


# --- by the way it came ---


def test_cash_is_handed_over_and_done(fake: FakeShop) -> None:
    sale = sold(fake).sale
    given = fake.shop.give_back(with_leave(fake), sale.id, sale.lines[0].line_id, Money(1))
    assert (given.cash, given.electronic) == (Money(1), Money(0))
    (refund,) = refunds_of(fake, sale)
    assert (refund.state, refund.tender, refund.next_at) == (RefundState.DONE, Tender.CASH, None)
    assert fake.shop.follow_refund(refund.number) == refund
    assert one(fake).calls == []


def test_electronic_money_is_asked_back_under_a_number_that_was_written_first(fake: FakeShop) -> None:
    sale = delivered(fake)
    fake.shop.give_back(with_leave(fake), sale.id, sale.lines[0].line_id)
    (refund,) = refunds_of(fake, sale)
    (payment,) = sale.payments
    assert (refund.number, refund.state, asked(fake)) == (f"{payment.reference}R01", RefundState.ASKED, [])
    assert refund.number in fake.till.pages.refunds
    assert [item.sale.id for item in fake.shop.look_up.open_items()] == [sale.id]
    assert fake.shop.follow_refund(refund.number).state is RefundState.DONE
    assert asked(fake) == [refund.number]
    assert fake.shop.print_due() == 1  # the slip about it
    assert fake.shop.look_up.open_items() == ()
    assert kept(fake, sale) == 0


def test_two_parts_and_not_one_fen_over_the_rest(fake: FakeShop) -> None:
    sale = delivered(fake)
    line = sale.lines[0].line_id
    for minor in (2_500, 2_500):
        fake.shop.give_back(with_leave(fake), sale.id, line, Money(minor))
    with pytest.raises(RefundTooHigh) as refused:
        fake.shop.give_back(with_leave(fake), sale.id, line, Money(15_001))
    assert refused.value.most == Money(15_000)
    with pytest.raises(RefundTooHigh):
        fake.shop.give_back(with_leave(fake), sale.id, line, Money(0))
    settle(fake)
    number = sale.payments[0].reference
    assert asked(fake) == [f"{number}R01", f"{number}R02"]
    assert {each.refund_order.paid for each in refunds_of(fake, sale)} == {TOTAL}  # what it is a part of
    assert kept(fake, sale) == 15_000
    fake.shop.give_back(with_leave(fake), sale.id, line)
    settle(fake)
    assert kept(fake, sale) == 0


def test_the_last_wallet_first_and_cash_last(fake: FakeShop) -> None:
    sale = in_three_parts(fake)
    line = sale.lines[0].line_id
    first = fake.shop.give_back(with_leave(fake), sale.id, line, Money(6_000))
    assert (first.cash, first.electronic) == (Money(0), Money(6_000))
    rest = fake.shop.give_back(with_leave(fake), sale.id, line)
    assert (rest.cash, rest.electronic) == (Money(10_000), Money(4_000))
    assert [(each.tender, each.amount.minor) for each in refunds_of(fake, sale)] == [
        (Tender.ALIPAY, 5_000),
        (Tender.WECHAT, 1_000),
        (Tender.WECHAT, 4_000),
        (Tender.CASH, 10_000),
    ]
    settle(fake)
    assert kept(fake, sale) == 0
    report = fake.shop.look_up.day(fake.owner, sale.day)
    assert report.figures.takings == Money(0)
    assert {share.takings.minor for share in report.by_tender} == {0}


def test_only_cash_leaves_the_drawer(fake: FakeShop) -> None:
    sale = in_three_parts(fake)
    fake.shop.give_back(with_leave(fake), sale.id, sale.lines[0].line_id)
    _, totals = fake.shop.count_shift()
    assert totals.cash_refunded == Money(10_000)


# --- a refund that does not go smoothly ---


@pytest.mark.parametrize(("lose", "times"), [("refund", 2), ("refund!", 1)])
def test_a_lost_refund_is_asked_again_under_its_number(fake: FakeShop, lose: str, times: int) -> None:
    """R14, and over a restart: it is asked about first, and said again only when it never arrived."""
    sale = delivered(fake)
    fake.shop.give_back(with_leave(fake), sale.id, sale.lines[0].line_id)
    one(fake).lose.append(lose)
    fake.shop.follow_all()
    (refund,) = refunds_of(fake, sale)
    assert (refund.state, refund.tries) == (RefundState.ASKED, 1)
    fake.restarted().take_up()
    settle(fake)
    assert asked(fake) == [refund.number] * times
    assert kept(fake, sale) == 0
    assert refunds_of(fake, sale)[0].state is RefundState.DONE


@pytest.mark.parametrize("step", [1, 2])
def test_killed_at_each_commit_of_a_refund(fake: FakeShop, step: int) -> None:
    """R14: before the first nothing was given back; before the second the gateway is asked again."""
    sale = delivered(fake)
    line = sale.lines[0].line_id
    if step == 1:
        fake.till.fail_next_commit = OSError("disk")
        with pytest.raises(OSError, match="disk"):
            fake.shop.give_back(with_leave(fake), sale.id, line)
    else:
        fake.shop.give_back(with_leave(fake), sale.id, line)
        fake.till.fail_next_commit = OSError("disk")
        with pytest.raises(OSError, match="disk"):
            fake.shop.follow_all()
    fake.restarted().take_up()
    settle(fake)
    assert kept(fake, sale) == sale_of(fake, sale).lines[0].kept.minor == (TOTAL.minor if step == 1 else 0)
    assert len(set(asked(fake))) == step - 1


def test_a_definite_no_is_shown_and_asked_again_later(fake: FakeShop) -> None:
    sale = delivered(fake)
    fake.shop.give_back(with_leave(fake), sale.id, sale.lines[0].line_id)
    one(fake).refund_says = RefundStanding.FAILED
    fake.shop.follow_all()
    (refund,) = refunds_of(fake, sale)
    assert (refund.state, refund.refusal) == (RefundState.ASKED, "NOTENOUGH")
    (item,) = fake.shop.look_up.open_items()
    assert item.refunds == (refund,)
    one(fake).refund_says = RefundStanding.DONE
    wait(fake, timedelta(minutes=29).seconds)
    fake.shop.follow_all()
    assert kept(fake, sale) == TOTAL.minor
    wait(fake, timedelta(minutes=1).seconds)
    fake.shop.follow_all()
    assert kept(fake, sale) == 0


def test_a_gateway_that_is_gone_holds_up_no_other_refund(fake: FakeShop) -> None:
    sale = delivered(fake)
    fake.shop.give_back(with_leave(fake), sale.id, sale.lines[0].line_id)
    (refund,) = refunds_of(fake, sale)
    gone = fake.gateways.all.pop()
    fake.shop.follow_all()
    with pytest.raises(GatewayUnknown):
        fake.shop.follow_refund(refund.number)
    assert refunds_of(fake, sale) == [refund]
    fake.gateways.all.append(gone)
    fake.shop.follow_all()
    assert kept(fake, sale) == 0


def test_a_refund_that_was_asked_for_is_asked_about_before_it_is_said_again(fake: FakeShop) -> None:
    sale = delivered(fake)
    fake.shop.give_back(with_leave(fake), sale.id, sale.lines[0].line_id)
    one(fake).lose.extend(["refund!", "ask_refund"])
    for tries in (1, 2):
        settle_once(fake)
        (refund,) = refunds_of(fake, sale)
        assert (refund.state, refund.tries) == (RefundState.ASKED, tries)
    settle_once(fake)
    assert refunds_of(fake, sale)[0].state is RefundState.DONE
    assert asked(fake) == [refund.number]
    assert kept(fake, sale) == 0


def settle_once(fake: FakeShop) -> None:
    wait(fake, timedelta(minutes=6).seconds)
    fake.shop.follow_all()


def test_an_answer_that_another_lane_had_already_is_written_once(
    fake: FakeShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    sale = delivered(fake)
    fake.shop.give_back(with_leave(fake), sale.id, sale.lines[0].line_id)
    (refund,) = refunds_of(fake, sale)
    answer = type(one(fake)).refund

    def another_was_quicker(self: object, *args: object) -> object:
        monkeypatch.undo()
        fake.shop.follow_refund(refund.number)
        return answer(self, *args)  # type: ignore[arg-type]

    monkeypatch.setattr(type(one(fake)), "refund", another_was_quicker)
    assert fake.shop.follow_refund(refund.number).state is RefundState.DONE
    with fake.till.open_to_read() as books:
        kinds = [each.kind for each in books.ledger.after(0, 1000)]
    assert kinds.count("refund_done") == 1


def test_a_sale_that_could_not_be_delivered_goes_back_whole(fake: FakeShop) -> None:
    sale = reserved(fake)
    charge(fake, sale, amount=PART)
    fake.shop.take_cash(fake.cashier, sale.id, TOTAL)
    failed = owed(fake, sale)
    given = fake.shop.give_back(Giving(fake.cashier), sale.id, failed.lines[0].line_id)
    assert (given.electronic, given.cash) == (PART, Money(15_000))
    settle(fake)
    assert (sale_of(fake, sale).state, kept(fake, failed)) == (SaleState.REFUNDED, 0)


def test_nothing_given_back_nothing_changed(fake: FakeShop) -> None:
    sale = delivered(fake)
    assert_delivered(fake, sale)
    assert asked(fake) == []
