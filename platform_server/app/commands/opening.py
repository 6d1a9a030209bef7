"""What every command on a platform's data shares: where the data lies, and how it is opened."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from platform_server.settings import Settings


def with_data(made: argparse.ArgumentParser) -> argparse.ArgumentParser:
    """The arguments that name a platform's data."""
    made.add_argument("--data", type=Path, metavar="DIR", help="where everything is kept (DIR/platform)")
    made.add_argument("--keys", type=Path, metavar="DIR", help="where the keys lie instead of the keyring")
    made.add_argument(
        "--database",
        metavar="URL",
        default=os.environ.get("POS_PLATFORM_DATABASE"),  # an argument can be read by everybody
        help="postgresql://... instead of a file in --data; or set POS_PLATFORM_DATABASE",
    )
    return made


def with_platform(chosen: argparse.Namespace, work: Callable[..., Awaitable[int]]) -> int:
    """Beside a running server too: SQLite lets several programs write in turn."""
    from platform_server.app.logs import start_logs
    from platform_server.app.loops import run_in_loop
    from platform_server.app.places import Places
    from platform_server.app.wiring import build_world, open_platform
    from platform_server.store.lock import DataLock

    places = Places.of(chosen.data, chosen.keys, chosen.database)
    start_logs(places.log, to_screen=True)

    async def run() -> int:
        lock = DataLock(places.lock)
        is_alone = lock.try_take()
        try:
            async with open_platform(places, build_world(Settings(), None), is_alone=is_alone) as platform:
                return await work(platform)
        finally:
            lock.give_back()

    return run_in_loop(run())


def say(line: str) -> None:
    """One line on standard output, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
