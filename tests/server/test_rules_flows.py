"""Rules at reserve on every store: what is counted, given back, remembered, forgotten, cooled and frozen."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from platform_server.domain.actions import Authority
from platform_server.domain.cards import CardState
from platform_server.domain.errors import Cancelled, Expired, Forbidden, LimitPassed, NotFound
from platform_server.domain.judge import Answers, Take
from platform_server.domain.policies import read_policy
from platform_server.domain.policy_defaults import default_policies
from platform_server.domain.reservation import Caller, ReservationState
from platform_server.domain.top_up import SupplierAnswer, SupplierState, TopUpState
from platform_server.flows.apply_rules import ApplyRules, Asker, KnownRules
from platform_server.flows.freeze_sale import FreezeSale
from platform_server.flows.keep_policies import KeepLists, KeepPolicies
from platform_server.flows.steps import SaleView
from platform_server.ports.rule_shelves import Listed
from tests.fakes.platform_goods import TOP_UP
from tests.server.conftest import Counter

pytestmark = pytest.mark.anyio
BY = Authority("test", "to see what happens")


def because(reason: str) -> Authority:
    return Authority("test", reason)


ANNA = Asker(customer_token="13800138000")
COOLING = {"at_least": {"minor": 10_000, "currency": "CNY"}, "minutes": 30}


async def rule(counter: Counter, policy_id: str, kind: str, **parameters: Any) -> None:
    told = {"id": policy_id, "scope": "platform", "kind": kind, "parameters": parameters}
    keep = KeepPolicies(counter.open_books, counter.clock)
    await keep.put([read_policy(told)], BY)


async def per_day(counter: Counter, per: str, most: int, **other: Any) -> None:
    await rule(counter, "day", "velocity", per=per, window="day", most=most, **other)


async def refused(counter: Counter, sale: str, *lines: Any, **other: Any) -> dict[str, Any]:
    with pytest.raises(LimitPassed) as caught:
        await counter.reserve(sale, *lines, **other)
    assert await counter.stock() + await taken(counter) == 5
    return dict(caught.value.details)


async def taken(counter: Counter) -> int:
    async with counter.peek_books() as books:
        found = [await books.reservations.of_sale(sale) for sale in "abcdefs"]
        held = [await books.cards.held(r.id) for each in found for r in each]
        return sum(card.state is not CardState.AVAILABLE for cards in held for card in cards)


def freezing(counter: Counter) -> FreezeSale:
    return FreezeSale(counter.open_books, counter.clock, counter.ids)


@pytest.mark.parametrize("per", ["till", "cashier", "product", "shop", "customer"])
async def test_a_day_has_its_limit_for_each_of_them(counter: Counter, per: str) -> None:
    await counter.open()
    await per_day(counter, per, 3)
    asker = replace(ANNA, cashier="li")
    await counter.reserve("a", counter.line(quantity=2), asker=asker)
    details = await refused(counter, "b", counter.line(quantity=2), asker=asker)
    assert (details["rule"], details["most"]) == (f"velocity_{per}", 3)
    assert details["until"].isoformat() == "2026-11-23T00:00:00+08:00"
    await counter.reserve("c", asker=asker)
    await refused(counter, "d", asker=asker)
    counter.clock.pass_by(hours=10)
    await counter.reserve("e", asker=asker)


async def test_others_have_limits_of_their_own(counter: Counter) -> None:
    await counter.open()
    await per_day(counter, "till", 1)
    await counter.reserve("a")
    await refused(counter, "b")
    await counter.reserve("b", caller=Caller("shop", "other"))


async def test_a_sale_that_comes_to_nothing_counts_for_nothing(counter: Counter) -> None:
    await counter.open()
    await per_day(counter, "shop", 2, most_amount={"minor": 20_000, "currency": "CNY"})
    await counter.reserve("a", counter.line(quantity=2))
    await refused(counter, "b")
    await counter.cancel("a")
    await counter.reserve("b", counter.line(quantity=2))
    counter.clock.pass_by(minutes=11)
    await counter.sweep()
    await counter.reserve("c", counter.line(quantity=2))
    await counter.confirm("c")
    await counter.cancel("c")  # it was sold: the customer may have seen the goods
    await refused(counter, "d")


async def test_a_refusal_takes_nothing_of_any_limit(counter: Counter) -> None:
    await counter.open()
    await rule(counter, "first", "velocity", per="till", window="day", most=5)
    await rule(counter, "second", "velocity", per="shop", window="day", most=1)
    await refused(counter, "a", counter.line(quantity=2))
    await counter.reserve("a")
    await refused(counter, "b")
    await rule(counter, "second", "velocity", per="shop", window="day", most=9)
    await counter.reserve("b", counter.line(quantity=4))


async def test_a_rolling_window_rolls(counter: Counter) -> None:
    await counter.open()
    await rule(counter, "ten", "velocity", per="till", window=600, most=2)
    await counter.reserve("a")
    counter.clock.pass_by(minutes=6)
    await counter.reserve("b")
    details = await refused(counter, "c")
    assert details["until"] == counter.clock.now() + timedelta(minutes=10)
    counter.clock.pass_by(minutes=4)
    await counter.reserve("c")
    await refused(counter, "d")
    await counter.cancel("c")
    await counter.reserve("d")


async def test_small_sales_of_one_customer_add_up(counter: Counter) -> None:
    await counter.open()
    await rule(counter, "split", "split", per="customer", window=900, most=3, needs="supervisor")
    await counter.reserve("a", counter.line(quantity=2), asker=ANNA)
    spelt = replace(ANNA, customer_token=" 138 0013 8000")
    details = await refused(counter, "b", counter.line(quantity=2), asker=spelt)
    assert (details["rule"], details["needs"]) == ("split", "supervisor")
    await counter.reserve("b", counter.line(quantity=2))  # nobody said who it is
    await counter.reserve("c", asker=replace(ANNA, approved_by="boss"))
    await counter.check()


async def test_a_late_payment_takes_its_place_again_or_is_given_back(counter: Counter) -> None:
    await counter.open()
    await per_day(counter, "shop", 3)
    await rule(counter, "roll", "velocity", per="till", window=60, most=5)
    await counter.reserve("a", counter.line(quantity=2))
    counter.clock.pass_by(minutes=11)
    await counter.sweep()
    await counter.confirm("a")
    await refused(counter, "b", counter.line(quantity=2))
    await counter.reserve("b")
    counter.clock.pass_by(minutes=11)
    await counter.sweep()
    await counter.reserve("c")  # in the place of b
    for _ in range(2):
        with pytest.raises(Expired):
            await counter.confirm("b")
    assert await counter.wallet() == (1_000_000 - 2 * 9_500, 9_500)
    await counter.cancel("c")
    await counter.reserve("b", attempt=2)
    assert (await counter.confirm("b", attempt=2)).state is ReservationState.SOLD


async def test_what_could_not_be_filled_again_gives_its_place_back(counter: Counter) -> None:
    await counter.open(cards=1)
    await per_day(counter, "shop", 9)
    await rule(counter, "roll", "velocity", per="till", window=60, most=9)
    await counter.reserve("a")
    counter.clock.pass_by(minutes=11)
    await counter.reserve("b")
    with pytest.raises(Expired):
        await counter.confirm("a")
    await counter.check()


async def test_many_at_once_do_not_pass_a_limit(counter: Counter) -> None:
    await counter.open(cards=200)
    await per_day(counter, "shop", 10)
    await rule(counter, "roll", "velocity", per="till", window=600, most=7)
    callers = [Caller("shop", name) for name in ("till", "other")]
    sales = [counter.reserve(f"s{n}", caller=callers[n % 2]) for n in range(32)]
    outcomes = await asyncio.gather(*sales, return_exceptions=True)
    assert sum(isinstance(outcome, SaleView) for outcome in outcomes) == 10
    assert all(isinstance(outcome, SaleView | LimitPassed) for outcome in outcomes)
    assert await counter.stock() == 190


async def test_answers_and_marks_are_kept_for_their_time(counter: Counter) -> None:
    await counter.open()
    await rule(
        counter, "first", "first_high", at_least={"minor": 10_000, "currency": "CNY"}, needs="questions"
    )
    assert (await refused(counter, "a", asker=ANNA))["rule"] == "first_high"
    await counter.reserve("a", asker=replace(ANNA, answers=Answers(purpose="self")))
    await refused(counter, "b", asker=ANNA)  # reserved is not bought
    await counter.confirm("a")
    await counter.reserve("b", asker=ANNA)
    await counter.cancel("b")
    counter.clock.pass_by(days=180)
    assert await counter.sweep() >= 1
    assert await counter.sweep() == 0
    await refused(counter, "c", asker=ANNA)


async def test_no_token_and_no_account_lies_in_the_books(counter: Counter) -> None:
    await counter.open()
    lists = KeepLists(counter.open_books, counter.clock, counter.marker)
    await lists.add(Listed("destination_block", "", "scam"), "13900139000", BY)
    await per_day(counter, "customer", 5)
    await counter.reserve("a", asker=replace(ANNA, answers=Answers(age=30)))
    async with counter.peek_books() as books:
        entries = [*await books.policies.listed(), *await books.actions.latest(9)]
        takes = await books.policies.all()
    assert "13900139000" not in f"{entries}"
    assert "13800138000" not in f"{entries} {takes}"


async def test_old_counters_are_forgotten_together_with_their_uses(counter: Counter) -> None:
    await counter.open()
    await per_day(counter, "shop", 5)
    await rule(counter, "roll", "velocity", per="till", window=60, most=9)
    await counter.reserve("a")
    await counter.confirm("a")
    counter.clock.pass_by(days=1)
    await counter.reserve("b")
    await counter.confirm("b")
    counter.clock.pass_by(hours=14)
    assert await counter.sweep() == 2  # what a used of the day and of the rolling minute
    await counter.check()
    counter.clock.pass_by(days=3)
    assert await counter.sweep() == 2
    assert await counter.sweep() == 0
    await counter.check()
    await counter.cancel("a")
    await counter.reserve("c")


async def test_lists_shut_out_and_let_through(counter: Counter) -> None:
    await counter.open()
    lists = KeepLists(counter.open_books, counter.clock, counter.marker)
    until = counter.clock.now() + timedelta(hours=1)
    await lists.add(Listed("destination_block", "", "reported", until), "13800138000", BY)
    details = await refused(counter, "a", counter.line(), counter.line(TOP_UP, "2"))
    assert (details["rule"], details["line_id"]) == ("destination", "2")
    await counter.reserve("a", counter.line())
    counter.clock.pass_by(hours=2)
    await counter.reserve("b", counter.line(TOP_UP))
    mark = await lists.add(Listed("customer_block", "", "police"), "13800138000", BY)
    assert (await refused(counter, "c", asker=ANNA))["rule"] == "customer_blocked"
    await counter.reserve("c", counter.line(TOP_UP), asker=Asker(customer_token="else"))
    await lists.remove("customer_block", mark, BY)
    with pytest.raises(NotFound):
        await lists.remove("customer_block", mark, BY)
    await lists.add(Listed("customer_allow", "", "a school"), "13800138000", BY)
    await rule(counter, "size", "per_sale", most=0)
    await refused(counter, "d")
    await counter.reserve("d", asker=ANNA)
    assert [entry.note for entry in await lists.all()] == ["a school", "reported"]


async def test_rules_are_kept_by_name_and_read_at_once(counter: Counter) -> None:
    await counter.open()
    keep = KeepPolicies(counter.open_books, counter.clock)
    assert await keep.install(default_policies())
    assert not await keep.install(default_policies())
    assert await keep.all() == tuple(sorted(default_policies(), key=lambda each: each.id))
    timed = replace(
        default_policies()[0], valid_from=counter.clock.now(), valid_until=counter.clock.now() + timedelta(1)
    )
    await keep.put([timed], BY)
    assert timed.id in {each.id for each in await keep.all() if each.version == 2 and each.valid_until}
    await rule(counter, "none", "per_sale", most=0)
    await refused(counter, "a")
    await keep.switch("none", False, BY)
    await counter.reserve("a")
    await keep.switch("none", True, BY)
    await refused(counter, "b")
    with pytest.raises(NotFound):
        await keep.switch("nothing", True, BY)
    async with counter.peek_books() as books:
        told = [each.action.what for each in await books.actions.about({"policy:none"})]
    assert told == ["policy_put", "policy_off", "policy_on"]


async def test_without_rules_a_reserve_asks_one_question(counter: Counter) -> None:
    await counter.open()
    asked: list[str] = []

    class Counting:
        def __init__(self, shelf: Any) -> None:
            self.shelf = shelf

        def __getattr__(self, name: str) -> Any:
            asked.append(name)
            return getattr(self.shelf, name)

    async with counter.open_books() as books:
        shelves = {"policies": Counting(books.policies), "counts": Counting(books.counts)}
        watched = type("Watched", (), {**shelves, "goods": Counting(books.goods)})()
        rules = ApplyRules(KnownRules(), counter.marker, counter.rules.zone, timedelta(days=1))
        verdict = await rules.judge(watched, counter.caller, ANNA, [], counter.clock.now())
        await rules.count(watched, "", verdict, counter.clock.now())
        await rules.remember(watched, "", Asker(), counter.clock.now())
    assert asked == ["version"]


async def test_a_cooling_sale_is_sold_and_its_codes_come_later(counter: Counter) -> None:
    await counter.open()
    await rule(counter, "cool", "cooling", **COOLING)
    reserved = await counter.reserve("s", counter.line(), counter.line(TOP_UP, "2"))
    opens_at = counter.clock.now() + timedelta(minutes=30)
    assert reserved.reservation.cooling_until == opens_at
    sold = await counter.confirm("s")
    assert (sold.state, sold.sealed, sold.reservation.is_withheld) == (ReservationState.SOLD, (), True)
    assert await counter.wallet() == (1_000_000 - 9_500 - 4_950, 0)
    with pytest.raises(Forbidden) as caught:  # whoever knows the ids from a GET has not the codes
        await counter.ack("s", *(card.card_id for card in sold.cards))
    assert caught.value.details == {"state": "SOLD"}
    assert await counter.run_top_ups() == 0
    counter.clock.pass_by(minutes=29)
    assert (await counter.confirm("s")).sealed == ()
    counter.clock.pass_by(minutes=1)
    opened = await counter.confirm("s")
    assert (len(opened.sealed), opened.is_replay, opened.reservation.is_withheld) == (1, True, False)
    assert len((await counter.confirm("s")).sealed) == 1
    assert await counter.run_top_ups() == 1
    done = await counter.ack("s", opened.sealed[0].card_id)
    assert done.state is ReservationState.DELIVERED


async def test_a_top_up_alone_withholds_no_codes(counter: Counter) -> None:
    await counter.open()
    await rule(counter, "cool", "cooling", at_least={"minor": 5_000, "currency": "CNY"}, minutes=30)
    await counter.reserve("s", counter.line(TOP_UP))
    assert not (await counter.confirm("s")).reservation.is_withheld
    assert await counter.run_top_ups() == 0
    counter.clock.pass_by(minutes=30)
    assert await counter.run_top_ups() == 1


async def test_who_pays_late_waits_as_long(counter: Counter) -> None:
    await counter.open()
    await rule(counter, "cool", "cooling", **COOLING)
    await counter.reserve("s")
    counter.clock.pass_by(hours=2)
    assert (await counter.confirm("s")).sealed == ()
    counter.clock.pass_by(minutes=29)
    assert (await counter.confirm("s")).sealed == ()
    counter.clock.pass_by(minutes=1)
    assert len((await counter.confirm("s")).sealed) == 1


async def test_a_frozen_sale_stays_shut_until_it_is_thawed(counter: Counter) -> None:
    await counter.open()
    await rule(counter, "cool", "cooling", **COOLING)
    await counter.reserve("s", counter.line(), counter.line(TOP_UP, "2"))
    freezer = freezing(counter)
    await freezer.freeze("s", "police", because("case 7"))
    await counter.confirm("s")
    assert [(sale.sale_id, sale.frozen_why) for sale in await freezer.listed()] == [("s", "police: case 7")]
    with pytest.raises(Forbidden):
        await freezer.freeze("s", "police", because("again"))
    counter.clock.pass_by(hours=1)
    held = await counter.confirm("s")
    assert (held.sealed, held.reservation.frozen_at is None) == ((), False)
    assert await counter.run_top_ups() == 0
    await freezer.thaw("s", because("a mistake"))
    with pytest.raises(Forbidden):
        await freezer.thaw("s", because("again"))
    assert len((await counter.confirm("s")).sealed) == 1
    assert await counter.run_top_ups() == 1
    with pytest.raises(Forbidden):
        await freezer.freeze("s", "police", because("too late"))
    async with counter.peek_books() as books:
        done = [each.action for each in await books.actions.about({"sale:s"})]
    assert [(action.what, action.actor) for action in done] == [
        ("sale_frozen", "test"),
        ("sale_thawed", "test"),
    ]
    assert done[0].detail == {"asked_by": "police"}


async def test_a_frozen_sale_is_refunded_and_the_till_hears_of_it(counter: Counter) -> None:
    await counter.open()
    await rule(counter, "cool", "cooling", **COOLING)
    await counter.reserve("s", counter.line(), counter.line(TOP_UP, "2"))
    await counter.confirm("s")
    freezer = freezing(counter)
    with pytest.raises(Forbidden):
        await freezer.refund("s", because("not frozen yet"))
    await freezer.freeze("s", "supervisor", because("victim of a scam"))
    ended = await freezer.refund("s", because("as asked"))
    assert (ended.state, ended.reason) == (ReservationState.CANCELLED, "frozen")
    assert await counter.wallet() == (1_000_000, 0)
    view = await counter.read("s")
    assert [card.state for card in view.cards] == [CardState.QUARANTINED]
    assert [top_up.state for top_up in view.top_ups] == [TopUpState.FAILED_FINAL]
    with pytest.raises(Cancelled):
        await counter.confirm("s")
    assert await freezer.listed() == ()
    await counter.check()


async def test_a_frozen_reservation_is_let_go(counter: Counter) -> None:
    await counter.open()
    await rule(counter, "cool", "cooling", **COOLING)
    await counter.reserve("s")
    await freezing(counter).freeze("s", "operator", because("odd"))
    assert (await freezing(counter).refund("s", because("odd"))).state is ReservationState.CANCELLED
    assert (await counter.wallet(), await counter.stock()) == ((1_000_000, 0), 5)


async def test_a_top_up_that_went_out_is_not_refunded_by_a_freeze(counter: Counter) -> None:
    await counter.open()
    await rule(counter, "cool", "cooling", **COOLING)
    await counter.reserve("s", counter.line(), counter.line(TOP_UP, "2"))
    await counter.confirm("s")
    counter.clock.pass_by(minutes=30)
    assert await counter.run_top_ups() == 1
    freezer = freezing(counter)
    await freezer.freeze("s", "operator", because("odd"))  # the codes have not left yet, the top-up has
    with pytest.raises(Forbidden) as caught:
        await freezer.refund("s", because("odd"))
    assert caught.value.effect == "done"
    await freezer.thaw("s", because("codes go on"))
    assert len((await counter.confirm("s")).sealed) == 1


async def test_a_frozen_sale_with_a_failed_top_up_gives_its_money_once(counter: Counter) -> None:
    await counter.open()
    await rule(counter, "cool", "cooling", **COOLING)
    await counter.reserve("s", counter.line(), counter.line(TOP_UP, "2"))
    await counter.confirm("s")
    async with counter.open_books() as books:
        (top_up,) = await books.top_ups.of_reservation((await books.reservations.of_sale("s"))[0].id)
        await books.top_ups.call_for(top_up.reference, counter.clock.now())
        await books.commit()
    counter.supplier.script.append(SupplierAnswer(SupplierState.FAILED))
    await counter.run_top_ups()
    await freezing(counter).freeze("s", "operator", because("odd"))
    await freezing(counter).refund("s", because("odd"))
    assert await counter.wallet() == (1_000_000, 0)


async def test_what_cannot_be_frozen(counter: Counter) -> None:
    await counter.open()
    with pytest.raises(NotFound):
        await freezing(counter).freeze("nothing", "operator", because("x"))
    await counter.reserve("s")
    with pytest.raises(Forbidden):
        await freezing(counter).freeze("s", "operator", because("not cooling"))
    await counter.reserve("s", caller=Caller("shop", "other"))
    with pytest.raises(NotFound):
        await freezing(counter).freeze("s", "operator", because("which one?"))


async def test_a_take_that_never_fits_is_refused_by_the_shelf_itself(counter: Counter) -> None:
    await counter.open()
    view = await counter.reserve("s")
    now = counter.clock.now()
    take = Take("p", "x", 5, 0, 4, None, now, None, now + timedelta(days=1), {})
    async with counter.open_books() as books:
        assert not await books.counts.take(view.reservation.id, take, now)
        assert await books.counts.take(view.reservation.id, replace(take, most=5), now)
        await books.commit()
