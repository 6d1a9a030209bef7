"""Keeps top-ups moving, in the server and in workers beside it: any number of them on the same data."""

from __future__ import annotations

import asyncio
from functools import partial

from platform_server.app.wiring import Platform
from platform_server.domain.top_up import Taken
from platform_server.flows.run_top_ups import RunTopUps
from platform_server.routes.guard import shielded


async def work_on_top_ups(platform: Platform, wake: asyncio.Event) -> None:
    """Until it is cancelled; `wake` says that there may be work. One slow order holds up no other."""
    step = platform.run_top_ups
    if step is None:
        return
    settings = platform.world.settings
    running: set[asyncio.Task[None]] = set()

    def ended(task: asyncio.Task[None]) -> None:
        running.discard(task)
        wake.set()  # there is room for another one

    try:
        while True:
            wake.clear()
            for taken in await _take(step, step.at_once - len(running)):
                task = asyncio.create_task(_advance(step, taken))
                running.add(task)
                task.add_done_callback(ended)
            is_busy = bool(running) or await shielded(partial(_is_any_open, platform), "top-ups")
            pause_s = settings.top_up_pause_s if is_busy else settings.top_up_idle_s
            try:
                await asyncio.wait_for(wake.wait(), pause_s)
            except TimeoutError:
                continue
    finally:
        for task in tuple(running):
            task.cancel()
        await asyncio.gather(*tuple(running), return_exceptions=True)  # before the store is closed


async def _take(step: RunTopUps, room: int) -> tuple[Taken, ...]:
    return (await shielded(partial(step.take, room), "top-ups") or ()) if room else ()


async def _advance(step: RunTopUps, taken: Taken) -> None:
    await shielded(partial(step.advance, taken), "a top-up")


async def _is_any_open(platform: Platform) -> bool:
    async with platform.store.peek_books() as books:
        return await books.top_ups.count_open() > 0
