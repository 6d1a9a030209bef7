"""The road of a sale: reserve, pay, confirm, reveal, print, acknowledge - and every way it can stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_app.domain.attention import Waits
from pos_app.domain.card_code import CardState
from pos_app.domain.errors import (
    CashTooLow,
    FieldInvalid,
    LimitReached,
    NotAllowed,
    PosError,
    PriceChanged,
    ProductOff,
    Rejected,
    ShiftNotOpen,
    SoldOut,
    Unreachable,
    WalletEmpty,
    WrongState,
)
from pos_app.domain.money import Money
from pos_app.domain.paper import PaperKind, PaperState
from pos_app.domain.receipt import CodeSlip, SaleReceipt, TopUpSlip
from pos_app.domain.sale import SaleState, TopUp, TopUpState
from pos_app.domain.staff import Cashier, Role
from pos_app.flows.sell_online import refusal
from pos_app.shop import Giving, Next
from tests.fakes.till_shop import FakeShop, make_fake_shop
from tests.flows.selling import PHONE, basket, paid, run_out, sold

DOWN = Unreachable("down")


def kinds(fake: FakeShop) -> list[str]:
    with fake.till.open_to_read() as books:
        return [entry.kind for entry in books.ledger.after(0, 1000)]


def test_a_cash_sale_of_two_codes_from_scan_to_ack(fake: FakeShop) -> None:
    reserved = fake.shop.reserve(fake.cashier, basket(fake))
    assert reserved.state is SaleState.RESERVED
    assert len(reserved.masked[0][1]) == 2
    sale = fake.shop.take_cash(fake.cashier, reserved.id, Money(30_000))
    assert (sale.receipt_number, sale.change) == ("T1-000001", Money(10_000))
    progress = run_out(fake, sale)
    assert (progress.sale.state, progress.next) == (SaleState.DONE, Next.NOTHING)
    slips = fake.printer.of_kind(CodeSlip)
    delivered = fake.platform.delivered(sale.id)
    assert [slip.qr for slip in slips] == [
        f"https://redeem.example/?n={secret.number}&p={secret.pin}" for secret in delivered
    ]
    assert [slip.part for slip in slips] == [(1, 2), (2, 2)]
    (receipt,) = fake.printer.of_kind(SaleReceipt)
    assert receipt.qr.startswith("K1.")
    assert fake.shop.push_outbox().unsent == 0
    assert fake.platform.state(sale.id) == "DELIVERED"
    assert [kind for kind in kinds(fake) if kind != "shift_opened"] == [
        "sale_paid",
        "sale_confirmed",
        "receipt_signed",
        "code_revealed",
        "code_revealed",
    ]


def test_the_ledger_says_what_the_platform_charged(fake: FakeShop) -> None:
    """A price tier or a quantity break may make a line cheaper than it was rung up; the settlement is compared with this."""
    rung_up = basket(fake)
    product = rung_up.lines[0].product
    fake.platform.put_product(replace(product, wholesale=product.wholesale - Money(250)))
    reserved = fake.shop.reserve(fake.cashier, rung_up)
    assert reserved.cost == rung_up.cost - Money(500)
    fake.shop.take_cash(fake.cashier, reserved.id, Money(30_000))
    with fake.till.open_to_read() as books:
        (paid,) = [entry for entry in books.ledger.after(0, 1000) if entry.kind == "sale_paid"]
        assert books.sales.get(reserved.id).cost == reserved.cost
    assert [line["cost_minor"] for line in paid.body["lines"]] == [product.wholesale.minor - 250]


def test_a_mixed_sale_of_codes_and_a_top_up(fake: FakeShop) -> None:
    fake.platform.script_top_up("13800138000", [TopUp(TopUpState.ACCEPTED), TopUp(TopUpState.OK, "ref")])
    progress = sold(fake, top_up=True)
    sale = progress.sale
    assert sale.state is SaleState.DONE
    (slip,) = fake.printer.of_kind(TopUpSlip)
    assert (slip.account, slip.state) == ("13800138000", TopUpState.ACCEPTED)
    while progress.next is Next.WIRE:
        progress = fake.shop.go_on(sale.id)
    assert fake.shop.print_due() == 1
    assert fake.printer.of_kind(TopUpSlip)[-1].state is TopUpState.OK
    assert fake.shop.go_on.look(sale.id).next is Next.NOTHING


def test_a_top_up_alone_is_done_when_it_is_accepted(fake: FakeShop) -> None:
    empty = fake.shop.new_sale()
    sale = fake.shop.ring_up.top_up(empty, fake.products[-1], PHONE).sale
    reserved = fake.shop.reserve(fake.cashier, sale)
    fake.shop.take_cash(fake.cashier, reserved.id, sale.total)
    progress = run_out(fake, reserved)
    assert progress.sale.state is SaleState.DONE
    assert {paper.kind for paper in progress.papers} == {PaperKind.TOP_UP, PaperKind.RECEIPT}
    assert fake.shop.push_outbox().unsent == 0


def test_a_failed_top_up_gives_its_money_back_once(fake: FakeShop) -> None:
    failed = TopUp(TopUpState.FAILED_FINAL, "ref", "no such number")
    fake.platform.script_top_up("13800138000", [TopUp(TopUpState.ACCEPTED), failed])
    progress = sold(fake, top_up=True)
    while progress.next is Next.WIRE:
        progress = fake.shop.go_on(progress.sale.id)
    fake.shop.print_due()
    sale = progress.sale
    assert fake.shop.go_on.look(sale.id).next is Next.PERSON
    (line,) = sale.refund_lines
    assert fake.shop.give_back(Giving(fake.cashier), sale.id, line.line_id).cash == line.total
    with pytest.raises(WrongState):
        fake.shop.give_back(Giving(fake.cashier), sale.id, line.line_id)
    _, totals = fake.shop.count_shift()
    assert totals.cash_refunded == line.total
    assert fake.shop.print_due() == 1  # the slip about it
    assert fake.shop.go_on.look(sale.id).next is Next.NOTHING


def test_an_unknown_top_up_is_asked_again_and_said_once(fake: FakeShop) -> None:
    fake.platform.script_top_up("13800138000", [TopUp(TopUpState.ACCEPTED), TopUp(TopUpState.UNKNOWN)])
    progress = sold(fake, top_up=True)
    for _ in range(3):
        progress = fake.shop.go_on(progress.sale.id)
    assert progress.next is Next.WIRE
    assert "top_up_ended" not in kinds(fake)


def test_no_shift_no_sale() -> None:
    fake = make_fake_shop(shift_open=False)
    with pytest.raises(ShiftNotOpen):
        fake.shop.reserve(fake.cashier, basket(fake))


def test_nobody_sells_without_leave(fake: FakeShop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cashier, "may", lambda self, permission: False)
    with pytest.raises(NotAllowed):
        fake.shop.reserve(Cashier("x", "x", Role.CASHIER), basket(fake))


def test_sold_out_is_said_before_money_is_taken(fake: FakeShop) -> None:
    sale = basket(fake, codes=2)
    fake.platform.put_product(fake.products[0], stock=1)
    with pytest.raises(SoldOut) as refused:
        fake.shop.reserve(fake.cashier, sale)
    assert (refused.value.wanted, refused.value.left) == (2, 1)
    assert fake.shop.look_up.open_items() == ()
    fake.platform.put_product(fake.products[0], stock=5)
    assert fake.shop.reserve(fake.cashier, sale).state is SaleState.RESERVED


def test_a_changed_price_is_said_and_the_basket_can_be_made_fresh(fake: FakeShop) -> None:
    sale = basket(fake)
    fake.platform.change_price(fake.products[0].id, Money(9_700), Money(10_200))
    with pytest.raises(PriceChanged) as refused:
        fake.shop.reserve(fake.cashier, sale)
    assert refused.value.product_id == fake.products[0].id
    fresh = fake.shop.refresh_basket(sale)
    assert fresh.total == Money(20_400)
    assert fake.shop.reserve(fake.cashier, fresh).state is SaleState.RESERVED


def test_what_is_no_longer_sold_leaves_the_basket(fake: FakeShop) -> None:
    sale = basket(fake)
    fake.platform.take_off(fake.products[0].id)
    with pytest.raises(ProductOff):
        fake.shop.reserve(fake.cashier, sale)
    fake.shop.sync_catalogue()
    assert fake.shop.refresh_basket(sale).lines == ()


def test_an_empty_wallet_is_said_with_both_sums(fake: FakeShop) -> None:
    fake.platform.balance = Money(100)
    with pytest.raises(WalletEmpty) as refused:
        fake.shop.reserve(fake.cashier, basket(fake))
    assert refused.value.needed > refused.value.available


@pytest.mark.parametrize(
    ("code", "details", "expected"),
    [
        ("SOLD_OUT", {"product_id": "p"}, SoldOut),
        ("FIELD_INVALID", {"key": "phone", "validator": "phone_cn"}, FieldInvalid),
        ("LIMIT", {"rule": "per_day", "most": 3}, LimitReached),
        ("WALLET_EMPTY", {}, WalletEmpty),
        ("NOT_FOUND", {}, ProductOff),
        ("REVOKED", {}, Rejected),
    ],
)
def test_each_refusal_has_its_kind(
    fake: FakeShop, code: str, details: dict[str, object], expected: type[PosError]
) -> None:
    assert isinstance(refusal(Rejected(code, "none", details), basket(fake)), expected)


def test_a_refusal_that_is_about_the_till_itself_is_passed_on(fake: FakeShop) -> None:
    fake.platform.fail_next("reserve", "before_effect", Rejected("REVOKED", "none", {}))
    with pytest.raises(Rejected):
        fake.shop.reserve(fake.cashier, basket(fake))
    assert fake.shop.look_up.open_items() == ()


@pytest.mark.parametrize("when", ["before_effect", "after_effect"])
def test_no_answer_to_reserve_lets_go_of_the_goods(fake: FakeShop, when: str) -> None:
    fake.platform.fail_next("reserve", when, DOWN)  # type: ignore[arg-type]
    with pytest.raises(Unreachable):
        fake.shop.reserve(fake.cashier, basket(fake))
    (item,) = fake.shop.look_up.open_items()
    assert item.sale.state is SaleState.CANCELLING
    assert fake.shop.recover().moved == (item.sale.id,)
    assert fake.platform.state(item.sale.id) == "CANCELLED"
    assert fake.shop.look_up.open_items() == ()


def test_an_unknown_effect_of_reserve_lets_go_too(fake: FakeShop) -> None:
    fake.platform.fail_next("reserve", "after_effect", Rejected("UNAVAILABLE", "unknown", {}))
    with pytest.raises(Rejected):
        fake.shop.reserve(fake.cashier, basket(fake))
    fake.shop.recover()
    assert fake.platform.product(fake.products[0].id).stock == 10


def test_cash_below_the_total_changes_nothing(fake: FakeShop) -> None:
    sale = fake.shop.reserve(fake.cashier, basket(fake))
    with pytest.raises(CashTooLow):
        fake.shop.take_cash(fake.cashier, sale.id, Money(19_999))
    assert fake.shop.take_cash(fake.cashier, sale.id, Money(20_000)).receipt_number == "T1-000001"


def test_a_double_press_takes_the_money_once(fake: FakeShop) -> None:
    sale = fake.shop.reserve(fake.cashier, basket(fake))
    fake.shop.take_cash(fake.cashier, sale.id, Money(20_000))
    with pytest.raises(WrongState):
        fake.shop.take_cash(fake.cashier, sale.id, Money(20_000))
    assert kinds(fake).count("sale_paid") == 1


def test_a_cancelled_reservation_returns_the_goods_and_is_final(fake: FakeShop) -> None:
    sale = fake.shop.reserve(fake.cashier, basket(fake))
    assert fake.shop.cancel_sale(fake.cashier, sale.id, "").state is SaleState.CANCELLING
    assert fake.shop.go_on(sale.id).sale.state is SaleState.CANCELLED
    assert fake.platform.product(fake.products[0].id).stock == 10
    with pytest.raises(WrongState):
        fake.shop.take_cash(fake.cashier, sale.id, Money(20_000))
    with pytest.raises(WrongState):
        fake.shop.cancel_sale(fake.cashier, sale.id, "again")


@pytest.mark.parametrize("when", ["before_effect", "after_effect"])
def test_no_answer_to_confirm_keeps_the_money_and_the_code_follows(fake: FakeShop, when: str) -> None:
    sale = paid(fake)
    fake.platform.fail_next("confirm", when, DOWN)  # type: ignore[arg-type]
    with pytest.raises(Unreachable):
        fake.shop.go_on(sale.id)
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.CONFIRMING
    progress = run_out(fake, sale)
    assert progress.sale.state is SaleState.DONE
    assert len(fake.printer.of_kind(CodeSlip)) == 2


def test_codes_that_come_later_are_fetched_by_the_heartbeat(fake: FakeShop) -> None:
    sale = paid(fake)
    opens_at = fake.clock.now() + timedelta(minutes=30)
    fake.platform.opens_at = opens_at
    progress = fake.shop.go_on(sale.id)
    assert (progress.sale.state, progress.sale.codes_at, progress.papers) == (
        SaleState.CONFIRMING,
        opens_at,
        (),
    )
    (item,) = fake.shop.look_up.open_items()
    assert item.next is Next.WIRE
    fake.platform.is_frozen = True
    fake.clock.advance(timedelta(minutes=40))
    fake.shop.recover()
    assert fake.shop.go_on.look(sale.id).sale.trouble == "FROZEN"
    fake.restarted()
    fake.shop.recover()
    fake.platform.is_frozen = False
    progress = run_out(fake, sale)
    assert (progress.sale.state, progress.sale.codes_at) == (SaleState.DONE, None)
    assert len(fake.printer.of_kind(CodeSlip)) == 2


def test_a_sale_that_ends_while_it_cools_is_paid_back(fake: FakeShop) -> None:
    sale = paid(fake)
    fake.platform.opens_at = fake.clock.now() + timedelta(minutes=30)
    fake.shop.go_on(sale.id)
    fake.platform.cancel(fake.platform.enrolment, sale.id, "frozen")
    progress = fake.shop.go_on(sale.id)
    assert (progress.sale.state, progress.sale.trouble) == (SaleState.REFUND_DUE, "CANCELLED")


def test_an_owner_answers_for_himself(fake: FakeShop) -> None:
    for who in (fake.cashier, fake.supervisor, fake.owner):
        fake.shop.reserve(who, basket(fake))
    assert fake.platform.approvals == [None, None, fake.owner.id]


def test_a_second_confirm_of_this_till_does_not_write_twice(fake: FakeShop) -> None:
    sale = paid(fake)
    confirm = fake.platform.confirm

    def confirm_after_another_was_quicker(*args: object) -> object:
        fake.platform.confirm = confirm  # type: ignore[method-assign,assignment]
        fake.shop.go_on(sale.id)
        return confirm(*args)  # type: ignore[arg-type]

    fake.platform.confirm = confirm_after_another_was_quicker  # type: ignore[assignment,method-assign]
    progress = fake.shop.go_on(sale.id)
    assert len(progress.papers) == 3
    assert kinds(fake).count("sale_confirmed") == 1


def test_a_sale_that_cannot_be_delivered_is_paid_back(fake: FakeShop) -> None:
    sale = paid(fake)
    fake.platform.fail_next("confirm", "before_effect", Rejected("EXPIRED", "none", {}))
    progress = fake.shop.go_on(sale.id)
    assert (progress.sale.state, progress.next) == (SaleState.REFUND_DUE, Next.PERSON)
    assert "sale_failed" in kinds(fake)
    fake.shop.give_back(Giving(fake.cashier), sale.id, progress.sale.lines[0].line_id)
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.REFUNDED
    assert fake.shop.look_up.day(fake.owner, sale.day).figures.takings == Money(0)


@pytest.mark.parametrize(
    "code",
    [
        *("SIGNATURE", "CLOCK", "REPLAY", "REVOKED", "EPOCH_FENCED", "FORBIDDEN", "BAD_REQUEST", "LIMIT"),
        *("KEY_REUSED", "RATE_LIMITED", "WALLET_EMPTY", "SOLD_OUT", "A_NEW_ONE"),
    ],
)
def test_a_refusal_that_is_no_word_on_the_goods_lets_the_sale_wait(fake: FakeShop, code: str) -> None:
    sale = paid(fake)
    fake.platform.fail_next("confirm", "before_effect", Rejected(code, "none", {}))
    with pytest.raises(Rejected):
        fake.shop.go_on(sale.id)
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.CONFIRMING
    (item,) = fake.shop.look_up.attention()
    assert (item.waits, item.refused) == (Waits.CODE, code)
    now = run_out(fake, sale).sale
    assert (now.state, now.trouble) == (SaleState.DONE, None)


def test_a_refusal_while_the_codes_wait_does_not_hide_when_they_come(fake: FakeShop) -> None:
    sale = paid(fake)
    fake.platform.opens_at = fake.clock.now() + timedelta(minutes=30)
    fake.shop.go_on(sale.id)
    fake.platform.fail_next("confirm", "before_effect", Rejected("REVOKED", "none", {}))
    with pytest.raises(Rejected):
        fake.shop.go_on(sale.id)
    (item,) = fake.shop.look_up.attention()
    assert (item.codes_at, item.refused) == (fake.platform.opens_at, None)


def test_an_answer_to_reserve_after_the_sale_was_let_go_revives_nothing(fake: FakeShop) -> None:
    """The PC slept in between, and what was abandoned was let go meanwhile."""
    reserve = fake.platform.reserve

    def reserve_after_a_sleep(*args: object) -> object:
        answer = reserve(*args)  # type: ignore[arg-type]
        fake.clock.advance(timedelta(hours=1))
        fake.shop.recover()
        return answer

    fake.platform.reserve = reserve_after_a_sleep  # type: ignore[assignment,method-assign]
    with pytest.raises(Unreachable):
        fake.shop.reserve(fake.cashier, basket(fake))
    assert fake.shop.look_up.open_items() == ()
    assert [held.state for held in fake.platform.sales.values()] == ["CANCELLED"]


def test_a_refusal_that_came_second_changes_nothing(fake: FakeShop) -> None:
    sale = paid(fake)

    def refused_after_another_was_quicker(*args: object) -> object:
        del fake.platform.confirm  # type: ignore[attr-defined]
        fake.shop.go_on(sale.id)
        raise Rejected("EXPIRED", "none", {})

    fake.platform.confirm = refused_after_another_was_quicker  # type: ignore[assignment,method-assign]
    assert fake.shop.go_on(sale.id).sale.state is SaleState.HAVE


def test_a_confirm_with_unknown_effect_is_asked_again(fake: FakeShop) -> None:
    sale = paid(fake)
    fake.platform.fail_next("confirm", "after_effect", Rejected("UNAVAILABLE", "unknown", {}))
    with pytest.raises(Rejected):
        fake.shop.go_on(sale.id)
    assert run_out(fake, sale).sale.state is SaleState.DONE


def test_a_late_state_is_not_written_over(fake: FakeShop) -> None:
    """Two beats cancel the same sale; the second finds it done."""
    sale = fake.shop.reserve(fake.cashier, basket(fake))
    fake.shop.cancel_sale(fake.cashier, sale.id, "changed his mind")
    cancel = fake.platform.cancel

    def cancel_after_another_was_quicker(*args: object) -> None:
        fake.platform.cancel = cancel  # type: ignore[method-assign,assignment]
        fake.shop.go_on(sale.id)
        cancel(*args)  # type: ignore[arg-type]

    fake.platform.cancel = cancel_after_another_was_quicker  # type: ignore[method-assign,assignment]
    assert fake.shop.go_on(sale.id).sale.state is SaleState.CANCELLED


# --- after a crash ---


def test_take_up_lets_unpaid_reservations_go_and_keeps_the_basket(fake: FakeShop) -> None:
    sale = fake.shop.reserve(fake.cashier, basket(fake))
    shop = fake.restarted()
    shop.take_up()
    shop.recover()
    assert fake.platform.state(sale.id) == "CANCELLED"
    taken_up = shop.take_up_basket()
    assert [line.quantity for line in taken_up.lines] == [2]
    assert taken_up.id != sale.id


def test_take_up_does_not_push_another_basket_aside(fake: FakeShop) -> None:
    fake.shop.reserve(fake.cashier, basket(fake, codes=2))
    fake.shop.keep_basket(basket(fake, codes=5))
    shop = fake.restarted()
    shop.take_up()
    assert shop.take_up_basket().lines[0].quantity == 5


def test_a_sale_that_was_being_reserved_is_let_go_after_a_while(fake: FakeShop) -> None:
    with fake.till.open_books() as books:
        shift = books.shifts.current()
        assert shift is not None
        sale = basket(fake).started(fake.clock.now(), fake.cashier.id, shift.id, fake.shop.today())
        books.sales.put(sale)
        books.commit()
    fake.shop.recover()
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.RESERVING
    fake.clock.advance(timedelta(minutes=3))
    fake.shop.recover()
    assert fake.shop.go_on.look(sale.id).sale.state is SaleState.CANCELLED


def test_a_paper_in_the_air_becomes_a_question(fake: FakeShop) -> None:
    sale = paid(fake, codes=1)
    fake.shop.go_on(sale.id)
    fake.printer.print = lambda receipt: (_ for _ in ()).throw(KeyboardInterrupt)  # type: ignore[method-assign,assignment]
    with pytest.raises(KeyboardInterrupt):
        fake.shop.print_next(sale.id)
    del fake.printer.print  # type: ignore[method-assign,assignment]
    shop = fake.restarted()
    assert [open_sale.id for open_sale in shop.take_up()] == [sale.id]
    view = shop.look_up.sale(sale.id)
    assert view.cards[0].state is CardState.UNKNOWN
    (question,) = [paper for paper in view.papers if paper.state is PaperState.UNKNOWN]
    assert shop.recover().for_paper == (sale.id,)  # the receipt does not wait for the answer
    shop.print_due()
    assert shop.recover().for_person == (sale.id,)
    shop.answer_slip(fake.cashier, question.id, came_out=True)
    assert shop.go_on.look(sale.id).sale.state is SaleState.DONE


def test_one_sale_without_an_answer_holds_up_no_other(fake: FakeShop) -> None:
    first, second = paid(fake, codes=1), paid(fake, codes=1)
    fake.platform.fail_next("confirm", "before_effect", DOWN)
    recovered = fake.shop.recover()
    assert (recovered.waiting, recovered.moved) == ((first.id,), (second.id,))
    assert fake.shop.print_due() == 2
    fake.shop.recover()
    fake.shop.print_due()
    assert fake.shop.look_up.open_items() == ()


def test_a_line_that_is_away_is_asked_once_a_round(fake: FakeShop) -> None:
    first, second = paid(fake, codes=1), paid(fake, codes=1)
    fake.platform.is_down = True
    fake.platform.calls.clear()
    assert fake.shop.recover().waiting == (first.id, second.id)
    assert fake.platform.calls == [("confirm", first.id)]
    fake.platform.is_down = False
    assert fake.shop.recover().moved == (first.id, second.id)


def test_looking_takes_no_step(fake: FakeShop) -> None:
    sale = fake.shop.reserve(fake.cashier, basket(fake))
    assert fake.shop.go_on(sale.id).next is Next.CASHIER
    assert fake.shop.recover().moved == ()
    assert replace(fake.shop.go_on.look(sale.id).sale, trouble=None).state is SaleState.RESERVED
