"""Top-ups on both stores: attempts, fencing, callbacks, reversals, late successes, a person's decision."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from platform_server.domain.actions import Authority
from platform_server.domain.errors import BadRequest, BadSignature, Forbidden, NotFound
from platform_server.domain.money import Money
from platform_server.domain.top_up import (
    AttemptKind,
    CallbackNotice,
    SupplierAnswer,
    SupplierState,
    TopUp,
    TopUpState,
)
from platform_server.flows.settle_top_up import CallForTopUp, ListTopUps, SettleTopUp
from platform_server.flows.take_callback import TakeCallback
from tests.fakes.platform_books import MemoryStore
from tests.fakes.platform_goods import TOP_UP
from tests.server.conftest import Counter

pytestmark = pytest.mark.anyio

SUCCESS = SupplierAnswer(SupplierState.SUCCESS, "SO-1")
FAILED = SupplierAnswer(SupplierState.FAILED, "SO-1", "refused")
REVERSED = SupplierAnswer(SupplierState.REVERSED, "SO-1", "taken back")
PROCESSING = SupplierAnswer(SupplierState.PROCESSING, "SO-1")
NOT_FOUND = SupplierAnswer(SupplierState.NOT_FOUND)
FULL, PAID = (1_000_000, 0), (995_050, 0)
HAND = Authority("Ann", "the supplier's list of the day")


@pytest.fixture
async def light() -> AsyncIterator[Counter]:
    """In memory only, for rules that no store could bend."""
    store = MemoryStore()
    made = Counter(store.open_books, store.peek_books)
    yield made
    await made.check()


async def sold(counter: Counter, *answers: SupplierAnswer | None, money: int = 1_000_000) -> TopUp:
    """One top-up is sold and the worker has gone one step for each answer."""
    await counter.open(money=money)
    await counter.reserve("s", counter.line(TOP_UP))
    await counter.confirm("s")
    for answer in answers:
        await step(counter, answer)
    return await present(counter)


async def step(counter: Counter, answer: SupplierAnswer | None) -> None:
    counter.supplier.script.append(answer)
    counter.clock.pass_by(minutes=2)
    assert await counter.run_top_ups() == 1


async def present(counter: Counter) -> TopUp:
    (top_up,) = (await counter.read("s")).top_ups
    return top_up


async def call_for(counter: Counter) -> None:
    reference = (await present(counter)).reference
    await CallForTopUp(counter.open_books, counter.clock)(reference)


async def incidents(counter: Counter) -> list[str]:
    """The kinds of what people were told of, in both stores."""
    async with counter.peek_books() as books:
        if hasattr(books, "state"):
            return sorted(kind for _, kind, *_ in books.state.incidents)
        rows = await books._connection.exec_driver_sql("SELECT kind FROM incidents ORDER BY kind")
        return [row[0] for row in rows]


def callback(counter: Counter) -> TakeCallback:
    return TakeCallback(counter.open_books, counter.supplier, counter.clock)


def notice(
    top_up: TopUp, state: SupplierState | None = SupplierState.SUCCESS, **other: Any
) -> CallbackNotice:
    said = CallbackNotice("e1", top_up.reference, "SO-1", top_up.product_id, top_up.face, state)
    return replace(said, **other)


async def hear(counter: Counter, said: CallbackNotice) -> bool:
    counter.supplier.notices[b"body"] = said
    return await callback(counter)({}, b"body")


# --- Attempts ---


async def test_every_attempt_is_written_down_before_it_is_made(counter: Counter) -> None:
    await sold(counter)
    (taken,) = await counter.run_top_ups.take(9)
    [(_, before)] = await ListTopUps(counter.peek_books)([TopUpState.SUBMITTING])
    assert counter.supplier.calls == []
    assert [(each.kind, each.outcome) for each in before] == [(AttemptKind.SUBMIT, None)]
    counter.supplier.script.extend([None, NOT_FOUND, None])
    await counter.run_top_ups.advance(taken)
    counter.clock.pass_by(minutes=2)
    await counter.run_top_ups()
    top_up = await present(counter)
    [(_, after)] = await ListTopUps(counter.peek_books)([TopUpState.UNKNOWN])
    assert [(each.number, each.kind.value, each.outcome) for each in after] == [
        (1, "submit", "silence"),
        (2, "ask", "not_found"),
        (2, "submit", "silence"),
    ]
    assert after[0].digest == after[2].digest is not None
    assert top_up.request == f"{top_up.reference} 13800138000 5000".encode()
    assert [call for call, _ in counter.supplier.calls] == ["submit", "ask", "submit"]


async def test_what_a_person_must_decide_is_never_sent_again(light: Counter) -> None:
    await sold(light, None)
    light.clock.pass_by(hours=25)
    for _ in range(2):
        await step(light, NOT_FOUND)
        assert (await present(light)).state is TopUpState.MANUAL
        light.clock.pass_by(hours=1)
    assert [call for call, _ in light.supplier.calls] == ["submit", "ask", "ask"]
    await step(light, SUCCESS)
    assert (await present(light)).state is TopUpState.OK


async def test_after_thirty_days_nobody_asks_any_more(light: Counter) -> None:
    await sold(light, None)
    light.clock.pass_by(days=31)
    await step(light, None)
    light.clock.pass_by(hours=2)
    await step(light, NOT_FOUND)
    light.clock.pass_by(days=2)
    assert await light.run_top_ups() == 0
    assert (await present(light)).next_at is None


# --- Fencing ---


async def test_a_worker_whose_lease_ran_out_overwrites_nothing(counter: Counter) -> None:
    await sold(counter)
    slow = counter.run_top_ups
    (held,) = await slow.take(9)
    counter.clock.pass_by(seconds=61)
    await step(counter, SUCCESS)
    counter.supplier.script.append(FAILED)  # what the slow one brings home is older, or a lie
    await slow.advance(held)
    assert (await present(counter)).state is TopUpState.OK
    assert await counter.wallet() == PAID
    await step(counter, SUCCESS)  # it was asked about once more, and nothing came of it
    assert await counter.run_top_ups() == 0


async def test_a_worker_that_lost_its_order_does_not_send_it_again(counter: Counter) -> None:
    await sold(counter, None)
    slow = counter.run_top_ups
    counter.clock.pass_by(minutes=2)
    (held,) = await slow.take(9)
    counter.clock.pass_by(seconds=61)
    await step(counter, PROCESSING)
    before = len(counter.supplier.calls)
    counter.supplier.script.append(NOT_FOUND)
    await slow.advance(held)
    assert [call for call, _ in counter.supplier.calls[before:]] == ["ask"]


async def test_an_order_is_in_one_workers_hands(counter: Counter) -> None:
    await sold(counter)
    assert len(await counter.run_top_ups.take(9)) == 1
    assert await counter.run_top_ups.take(9) == ()


async def test_a_call_that_comes_while_a_worker_is_away_is_not_lost(counter: Counter) -> None:
    await sold(counter)
    (taken,) = await counter.run_top_ups.take(9)
    await call_for(counter)
    counter.supplier.script.append(SUCCESS)
    await counter.run_top_ups.advance(taken)
    counter.supplier.script.append(REVERSED)
    assert await counter.run_top_ups() == 1
    assert (await present(counter)).state is TopUpState.REVERSED


# --- Reversals and late successes ---


async def test_a_reversal_gives_the_money_back_once_and_tells_people(counter: Counter) -> None:
    await sold(counter, SUCCESS)
    for _ in range(3):
        await call_for(counter)
        await step(counter, REVERSED)
        assert await counter.wallet() == FULL
    top_up = await present(counter)
    assert (top_up.state, top_up.told_state) == (TopUpState.REVERSED, TopUpState.FAILED_FINAL)
    assert await incidents(counter) == ["top_up_reversed"]
    await counter.cancel("s")
    assert await counter.wallet() == FULL


async def test_a_success_after_a_refund_by_hand_is_a_loss_and_an_incident(counter: Counter) -> None:
    top_up = await sold(counter, None)
    counter.clock.pass_by(hours=25)
    await step(counter, None)
    settle = SettleTopUp(counter.open_books, counter.clock, counter.ids)
    assert (await settle(top_up.reference, False, HAND)).state is TopUpState.FAILED_FINAL
    assert await counter.wallet() == FULL
    counter.clock.pass_by(days=1)
    await step(counter, None)  # still watched: a day later it is asked about again
    counter.clock.pass_by(days=1)
    await step(counter, SUCCESS)
    for answer in (SUCCESS, FAILED, REVERSED):
        await call_for(counter)
        await step(counter, answer)
        late = await present(counter)
        assert (late.state, late.late_success) == (TopUpState.FAILED_FINAL, True)
        assert await counter.wallet() == FULL
    kinds = ["top_up_contradiction", "top_up_late_success", "top_up_loss_undone"]
    assert await incidents(counter) == kinds
    async with counter.peek_books() as books:
        assert await books.wallets.is_posted("top_up_loss", late.id)


async def test_a_failure_stays_one(light: Counter) -> None:
    await sold(light, FAILED)
    for answer in (FAILED, REVERSED, NOT_FOUND, PROCESSING):
        await call_for(light)
        await step(light, answer)
        assert (await present(light)).state is TopUpState.FAILED_FINAL
        assert await light.wallet() == FULL
    assert await incidents(light) == []


async def test_a_success_stays_one_also_when_it_is_called_failed(light: Counter) -> None:
    await sold(light, SUCCESS)
    for answer in (SUCCESS, FAILED, NOT_FOUND, None, PROCESSING):
        await call_for(light)
        await step(light, answer)
        assert (await present(light)).state is TopUpState.OK
        assert await light.wallet() == PAID
    assert await incidents(light) == ["top_up_contradiction"]


async def test_two_orders_under_one_reference_are_told(light: Counter) -> None:
    await sold(light, PROCESSING, replace(SUCCESS, supplier_order="SO-2"))
    assert (await present(light)).supplier_order == "SO-1"
    assert await incidents(light) == ["top_up_two_orders"]


async def test_silence_to_a_call_is_asked_again(light: Counter) -> None:
    await sold(light, SUCCESS)
    await call_for(light)
    await step(light, None)
    await step(light, REVERSED)
    assert await light.wallet() == FULL


# --- A person's decision ---


async def test_only_an_order_that_nobody_answers_for_is_decided(counter: Counter) -> None:
    top_up = await sold(counter, None)
    settle = SettleTopUp(counter.open_books, counter.clock, counter.ids)
    with pytest.raises(Forbidden) as caught:
        await settle(top_up.reference, False, HAND)
    assert caught.value.details == {"state": "UNKNOWN"}
    with pytest.raises(NotFound):
        await settle("nothing", True, HAND)
    with pytest.raises(NotFound):
        await CallForTopUp(counter.open_books, counter.clock)("nothing")
    counter.clock.pass_by(hours=25)
    await step(counter, None)
    assert (await settle(top_up.reference, True, HAND)).state is TopUpState.OK
    with pytest.raises(Forbidden):
        await settle(top_up.reference, False, HAND)
    assert await counter.wallet() == PAID
    [(_, attempts)] = await ListTopUps(counter.peek_books)([TopUpState.OK])
    last = attempts[-1]
    assert (last.kind, last.outcome) == (AttemptKind.PERSON, "success")
    async with counter.peek_books() as books:
        (done,) = await books.actions.about([f"top_up:{top_up.reference}"])
    assert (done.action.actor, done.action.reason) == (HAND.actor, HAND.reason)


async def test_a_decision_takes_the_order_out_of_a_workers_hands(counter: Counter) -> None:
    top_up = await sold(counter, None)
    counter.clock.pass_by(hours=25)
    await step(counter, None)
    counter.clock.pass_by(hours=2)
    slow = counter.run_top_ups
    (held,) = await slow.take(9)
    await SettleTopUp(counter.open_books, counter.clock, counter.ids)(top_up.reference, False, HAND)
    counter.supplier.script.append(SUCCESS)
    await slow.advance(held)
    assert await counter.wallet() == FULL
    await step(counter, SUCCESS)  # what the worker brought was not lost: the supplier was asked again
    assert await incidents(counter) == ["top_up_late_success"]


# --- Callbacks ---


async def test_a_callback_makes_the_order_due_and_is_not_believed(counter: Counter) -> None:
    top_up = await sold(counter, PROCESSING)
    counter.clock.pass_by(seconds=-119)
    assert await counter.run_top_ups() == 0
    assert await hear(counter, notice(top_up))
    assert (await present(counter)).state is TopUpState.SUBMITTING
    counter.supplier.script.append(FAILED)
    assert await counter.run_top_ups() == 1
    assert (await present(counter)).state is TopUpState.FAILED_FINAL
    assert await counter.wallet() == FULL


async def test_an_event_counts_once_and_only_news_is_asked_about(counter: Counter) -> None:
    top_up = await sold(counter, SUCCESS)
    assert not await hear(counter, notice(top_up))
    assert not await hear(counter, notice(top_up, SupplierState.REVERSED))  # the same event id
    assert await counter.run_top_ups() == 0
    assert await hear(counter, notice(top_up, None, event_id="e2"))  # a word that no page lists
    assert await hear(counter, notice(top_up, SupplierState.REVERSED, event_id="e3"))
    counter.supplier.script.append(REVERSED)
    assert await counter.run_top_ups() == 1
    assert not await hear(counter, notice(top_up, SupplierState.REVERSED, event_id="e4"))
    assert await counter.wallet() == FULL


@pytest.mark.parametrize(
    "other",
    [
        {"face": Money(5_001, "CNY")},
        {"face": Money(5_000, "USD")},
        {"product_id": "other"},
        {"supplier_order": "SO-2"},
        {"reference": "TU0"},
    ],
)
async def test_a_callback_about_something_else_moves_nothing(light: Counter, other: dict[str, Any]) -> None:
    top_up = await sold(light, SUCCESS)
    said = notice(top_up, SupplierState.REVERSED, **other)
    with pytest.raises(BadRequest):
        await hear(light, said)
    assert not await hear(light, said)  # told again it is no news, and still moves nothing
    assert await light.run_top_ups() == 0
    assert await incidents(light) == ["callback_misfit"]


async def test_a_flood_of_forged_callbacks_is_told_once_a_day(counter: Counter) -> None:
    await sold(counter, SUCCESS)
    door = callback(counter)
    for _ in range(2):
        for _ in range(5):
            with pytest.raises(BadSignature):
                await door({}, b"forged")
        with pytest.raises(BadSignature):
            await callback(counter)({}, b"forged")  # another process knows of the row
        counter.clock.pass_by(days=1)
    assert await incidents(counter) == ["callback_forged"] * 2
    assert await counter.run_top_ups() == 0


# --- Any order of events ---

EVENTS = st.sampled_from(
    ["success", "failed", "reversed", "processing", "not_found", "silence", "callback", "person", "day"]
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EVENTS, max_size=14), st.booleans())
async def test_no_course_of_events_gives_both_money_and_success_in_silence(
    events: list[str], verdict: bool
) -> None:
    store = MemoryStore()
    counter = Counter(store.open_books, store.peek_books)
    top_up = await sold(counter)
    has_succeeded = is_reversed = False
    for number, event in enumerate(events):
        if event == "callback":
            await hear(
                counter, notice(top_up, SupplierState.SUCCESS, event_id=str(number), supplier_order=None)
            )
        elif event == "person" and (await present(counter)).state is TopUpState.MANUAL:
            flow = SettleTopUp(counter.open_books, counter.clock, counter.ids)
            await flow(top_up.reference, verdict, HAND)
            has_succeeded |= verdict
        elif event == "day":
            counter.clock.pass_by(hours=25)
        else:
            state = None if event in ("silence", "person") else SupplierState(event)
            counter.supplier.script.clear()
            counter.supplier.script.extend([None if state is None else SupplierAnswer(state), None])
            await call_for(counter)
            await counter.run_top_ups()
            has_succeeded |= event == "success"
            is_reversed |= event == "reversed"
        now = await present(counter)
        told = {kind for _, kind, *_ in store.state.incidents}
        is_back = (await counter.wallet()) == FULL
        assert is_back or (await counter.wallet()) == PAID
        assert is_back == now.is_given_back
        if is_back and has_succeeded:
            assert told & {"top_up_late_success", "top_up_reversed"}
        if not is_back:
            assert not is_reversed
        await counter.check()
    sent = [reference for call, reference in counter.supplier.calls if call == "submit"]
    assert set(sent) <= {top_up.reference}
