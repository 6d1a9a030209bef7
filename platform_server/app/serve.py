"""Runs the server: socket, background work, and the embedded manner of docs/protocol.md section 8."""

from __future__ import annotations

import asyncio
import gc
import json
import logging
import os
import socket
import sys
import threading
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import uvicorn

from platform_server.app.places import Places
from platform_server.app.top_up_work import work_on_top_ups
from platform_server.app.wiring import Platform, World, build_web, open_platform
from platform_server.domain.errors import PlatformError, StoreTrouble
from platform_server.domain.policy_defaults import default_policies
from platform_server.domain.tills import to_base64url
from platform_server.flows.mind_disk import KeepBallast
from platform_server.routes.guard import shielded
from platform_server.settings import Settings
from platform_server.store.ground import BallastFile, DiskGround
from platform_server.store.keys import write_private
from platform_server.store.lock import DataLock

log = logging.getLogger(__name__)
_GRACE_S = 10
_NEW_OBJECTS = 20_000  # that outlive their making before the collector looks at them


@dataclass(frozen=True, slots=True)
class Listening:
    """Where to answer; port 0 takes a free one."""

    host: str
    port: int
    is_embedded: bool
    address: str | None = None  # where tills reach us, when it is not where we answer


class _Server(uvicorn.Server):
    """Says when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.is_up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.is_up.set()


async def serve(places: Places, world: World, listening: Listening) -> None:
    """Until a signal, or the end of standard input when embedded. Raises StoreTrouble before it answers."""
    lock = DataLock(places.lock)
    if places.url is None:  # a database lets any number of servers work on it
        await lock.take(world.settings.lock_wait_s)
    try:
        async with open_platform(places, world) as platform:
            await platform.open_top_ups(world.supplier is not None)
            await platform.keep_policies.install(default_policies())
            await _run(places, platform, listening)
    finally:
        lock.give_back()


async def _run(places: Places, platform: Platform, listening: Listening) -> None:
    settings = platform.world.settings
    bound = bind(listening.host, listening.port)
    host = f"[{listening.host}]" if ":" in listening.host else listening.host
    address = listening.address or f"http://{host}:{bound.getsockname()[1]}"
    wake = asyncio.Event()
    web: Any = build_web(platform, wake.set)
    if (
        not listening.is_embedded
    ):  # at home are no operators and no crowd: it does not wait for what serves them
        from platform_server.app.console_wiring import with_console

        web = with_console(web, platform, address)
        await platform.store.warm()
        _settle_memory()
    config = uvicorn.Config(
        web,
        http="httptools",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=settings.keep_alive_s,
        timeout_graceful_shutdown=_GRACE_S,
    )
    server = _Server(config)
    work = [
        asyncio.create_task(_every(settings.sweep_every_s, platform.keep_house, "sweep")),
        asyncio.create_task(_every(settings.checkpoint_every_s, platform.store.tidy, "tidying")),
        asyncio.create_task(work_on_top_ups(platform, wake)),
        asyncio.create_task(_every(settings.callbacks_every_s, platform.doors.deliver_events, "callbacks")),
        asyncio.create_task(
            _every(settings.sweep_every_s, partial(_look_after_disk, places, settings), "ballast")
        ),
        asyncio.create_task(_announce(server, places, platform, address, listening)),
    ]
    work[-1].add_done_callback(partial(_stop_unheard, server))
    try:
        await server.serve(sockets=[bound])
    finally:
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        bound.close()


def _settle_memory() -> None:
    """What is there now stays: the collector need not walk through all of it again while customers wait."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS, 20, 20)


def bind(host: str, port: int) -> socket.socket:
    """A socket whose replies are not held back: asyncio sets TCP_NODELAY only where the protocol is named (trap 3)."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as trouble:
        bound.close()
        raise StoreTrouble(
            f"Cannot answer at {host}:{port} ({trouble.strerror}); choose another --port."
        ) from trouble
    return bound


async def _look_after_disk(places: Places, settings: Settings) -> None:
    """Beside a database elsewhere there is nothing that would need the room."""
    if places.url is None:
        ballast = BallastFile(places.ballast, settings.ballast_bytes)
        await asyncio.to_thread(KeepBallast(DiskGround(places.data), ballast, settings.least_free_bytes))


async def _every(pause_s: float, work: Callable[[], Awaitable[Any]], what: str) -> None:
    while True:
        await asyncio.sleep(pause_s)
        await shielded(work, what)


async def _announce(
    server: _Server, places: Places, platform: Platform, address: str, listening: Listening
) -> None:
    await server.is_up.wait()
    write_private(places.address, address)
    log.info("answering at %s", address)
    if not listening.is_embedded:
        say({"ready": True, "address": address, "pid": os.getpid()})
        return
    key = to_base64url(platform.platform_key.public_key().public_bytes_raw())
    say({"ready": True, "address": address, "platform_key": key, "pid": os.getpid()})
    lines = _read_lines()
    while (line := await lines.get()) is not None:
        say(await _obey(platform, address, line))
    server.should_exit = True


def _stop_unheard(server: _Server, announcing: asyncio.Task[None]) -> None:
    """Whoever started us would wait for ever for a server that could not say where it answers."""
    if not announcing.cancelled() and (fault := announcing.exception()) is not None:
        log.error("could not say where it answers", exc_info=fault)
        server.should_exit = True


async def _obey(platform: Platform, address: str, line: str) -> dict[str, Any]:
    try:
        order = json.loads(line)
        if order["do"] != "enrol":
            return {"code": "BAD_REQUEST", "message": "known orders: enrol"}
        name, renew = str(order["till_name"]), order.get("renew") or False
        if not isinstance(renew, (str, bool)):
            raise TypeError("renew is a till's code, or true for the only one")
    except (ValueError, KeyError, TypeError):
        form = '{"do": "enrol", "till_name": NAME, "renew": true|false}'
        return {"code": "BAD_REQUEST", "message": f"an order is {form}"}
    try:
        code = await shielded(lambda: platform.enrolment_code(address, name, renew), "enrol")
    except PlatformError as refusal:
        return {"code": "REFUSED", "message": str(refusal)}
    return {"enrolment_code": code} if code else {"code": "UNAVAILABLE", "message": "see the log"}


def say(message: dict[str, Any]) -> None:
    """One line of JSON for whoever started us; nobody listening any more is no fault."""
    try:
        sys.stdout.write(json.dumps(message) + "\n")
        sys.stdout.flush()
    except OSError:
        log.info("nobody reads our standard output")


def _read_lines() -> asyncio.Queue[str | None]:
    """Lines of standard input, None at its end. A thread, because pipes cannot be awaited on every system."""
    lines: asyncio.Queue[str | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def tell(line: str | None) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(lines.put_nowait, line)

    def read() -> None:
        for raw in sys.stdin.buffer:
            if raw.strip():
                tell(raw.decode("utf-8", "replace"))
        tell(None)

    threading.Thread(target=read, name="standard input", daemon=True).start()
    return lines
