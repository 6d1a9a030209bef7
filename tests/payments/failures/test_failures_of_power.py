"""A till that ends at any step of a payment, and starts again: on every gateway, at every commit and every call."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from pos_app.domain.attempt import AttemptState
from pos_app.domain.refund import RefundState
from practice.gateways.mischief import Fault, Kind
from tests.payments.failures.bench import ALL, Counter
from tests.payments.killing import DyingGateway, KilledError, Killer, Scene

SCENES: dict[str, tuple[Callable[[Scene], object], Fault]] = {
    "pay": (Scene.pay, Fault.NONE),
    "ask": (Scene.ask, Fault.LOST_AFTER),
    "ask for one that is late": (Scene.ask, Fault.LATE),
    "undo": (Scene.undo, Fault.LOST_AFTER),
    "undo one that is late": (Scene.undo, Fault.LATE),
    "give back": (Scene.give_back, Fault.NONE),
    "take cash": (Scene.take_cash, Fault.NONE),
}


def killed(practice: str, scene: str, at: str, *, remembers: bool) -> tuple[Counter, Killer]:
    """The counter after its till ended there, and who ended it."""
    counter = Counter(practice, remembers=remembers)
    killer = Killer(at)
    act, fault = SCENES[scene]
    counter.script.next[Kind.PAY] = [fault]
    till, platform, gateway = counter.fake.till, counter.fake.platform, counter.wired.gateway
    opened, cancel = till.open_books, platform.cancel
    till.open_books = killer.books(opened)  # type: ignore[method-assign]
    platform.cancel = killer.wrap("cancel", cancel)  # type: ignore[method-assign]
    counter.wired.gateway = DyingGateway(gateway, killer)  # type: ignore[assignment]
    counter.restart()
    fake = counter.fake
    stage = Scene(fake.shop, fake.cashier, fake.supervisor, counter.sale(), counter.code(), killer)
    try:
        act(stage)
    except KilledError:
        pass
    else:
        assert not at, "it did not come by there"
    till.open_books = opened  # type: ignore[method-assign]
    platform.cancel = cancel  # type: ignore[method-assign]
    counter.wired.gateway = gateway
    return counter, killer


@pytest.mark.parametrize("practice", ALL)
@pytest.mark.parametrize("scene", SCENES)
@pytest.mark.parametrize("remembers", [True, False], ids=["remembers", "forgets"])
def test_a_till_ends_at_any_step_and_nobody_pays_twice(practice: str, scene: str, remembers: bool) -> None:
    _, unharmed = killed(practice, scene, "", remembers=remembers)
    assert len(unharmed.seen) >= 2
    for at in unharmed.seen:
        counter, _ = killed(practice, scene, at, remembers=remembers)
        counter.switch_off(timedelta(seconds=1) if remembers else timedelta(minutes=10))
        counter.settle()
        try:
            counter.agree()
        except AssertionError as error:
            error.add_note(f"ended {at}")
            raise
        pages = counter.fake.till.pages
        if scene in ("pay", "ask"):  # what was paid in time is sold: nobody is sent away for a restart (R4)
            charged = [each for each in pages.attempts if counter.wired.teller.bank.charged(each)]
            assert [each.state for each in pages.attempts.values() if each.number in charged] == [
                AttemptState.PAID for _ in charged
            ]
        assert all(each.next_at is None for each in pages.attempts.values())
        assert all(each.refund.state is RefundState.DONE for each in pages.refunds.values())
