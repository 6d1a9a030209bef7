"""The PC's clock and its ids."""

import uuid
from datetime import UTC, datetime

import pytest
import time_machine

from pos_app.wire.system_clock import SystemClock


def test_ids_are_uuid7_of_now_and_rise() -> None:
    clock = SystemClock()
    before = int(clock.now().timestamp() * 1000)
    ids = [clock.new_id() for _ in range(5000)]
    assert ids == sorted(set(ids))
    for each in ids[:100]:
        read = uuid.UUID(each)
        assert (read.version, read.variant, str(read)) == (7, uuid.RFC_4122, each)
    assert 0 <= (uuid.UUID(ids[0]).int >> 80) - before < 5000


def test_ids_rise_also_when_the_clock_is_set_back() -> None:
    clock = SystemClock()
    with time_machine.travel(datetime(2026, 1, 2, tzinfo=UTC), tick=False):
        first = [clock.new_id() for _ in range(100)]
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False):
        second = [clock.new_id() for _ in range(100)]
    assert first + second == sorted(set(first + second))


def test_now_is_aware_and_local_is_the_same_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = SystemClock()
    now = clock.now()
    assert now.tzinfo is UTC
    assert clock.local(now) == now
    assert clock.local(now).tzinfo is not None
