"""What a server does before it says that it answers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from platform_server.app import serve
from platform_server.app.places import Places
from platform_server.app.wiring import World
from platform_server.settings import Settings
from platform_server.store.sqlite_store import SqliteStore
from platform_server.wire.world import MachineIds, SystemClock

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(("is_embedded", "before"), [(True, []), (False, ["statements", "memory"])])
async def test_only_a_server_for_many_gets_warm_before_it_answers_and_unheard_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_embedded: bool, before: list[str]
) -> None:
    done: list[str] = []

    async def warm(_: SqliteStore) -> None:
        done.append("statements")

    def say(message: dict[str, Any]) -> None:
        done.append("ready" if message["ready"] else "refused")
        raise RuntimeError("nobody hears it")

    monkeypatch.setattr(SqliteStore, "warm", warm)
    monkeypatch.setattr(serve, "_settle_memory", lambda: done.append("memory"))
    monkeypatch.setattr(serve, "say", say)
    world = World(Settings(), SystemClock(), MachineIds(), None)
    places = Places.of(tmp_path / "data", tmp_path / "keys", None)
    await serve.serve(places, world, serve.Listening("127.0.0.1", 0, is_embedded))
    assert done == [*before, "ready"]
