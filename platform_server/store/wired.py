"""The short way to PostgreSQL: statements prepared once a connection, sent together with those that nobody waits for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from typing import Any

from psycopg import AsyncConnection
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult

from platform_server.store.fast import Ask, Prepared, Spelled

_GOOD = (ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK)
_NO_NAME = (0, b"")
_TEXT = [PyFormat.TEXT] * 64  # a statement has fewer values


class WiredFast:
    """Over one connection of the driver, on the pipeline of its libpq (docs of psycopg.pq and of libpq, 34.5).

    The driver's own cursors keep their place beside it; a statement by one of them costs three times as much.
    """

    def __init__(self, raw: AsyncConnection[Any]) -> None:
        self._raw = raw
        self._waiting: list[tuple[Spelled, Mapping[str, Any]]] = []
        self._names: dict[Spelled, bytes] = {}  # what this connection has prepared
        self._serial = count()
        self._read = Transformer.from_context(raw)

    async def rows(self, prepared: Prepared, **values: Any) -> list[Any]:
        return self._told(prepared.wired, (await self._trip((prepared.wired, values)))[-1])

    async def one(self, prepared: Prepared, **values: Any) -> Any | None:
        found = await self.rows(prepared, **values)
        return found[0] if found else None

    async def count(self, prepared: Prepared, **values: Any) -> int:
        return (await self._trip((prepared.wired, values)))[-1].command_tuples or 0

    async def later(self, prepared: Prepared, **values: Any) -> None:
        self._waiting.append((prepared.wired, values))

    async def together(self, *asks: Ask) -> list[list[Any]]:
        results = await self._trip(*((prepared.wired, values) for prepared, values in asks))
        return [
            self._told(prepared.wired, result)
            for (prepared, _), result in zip(asks, results[-len(asks) :], strict=True)
        ]

    @property
    def raw(self) -> AsyncConnection[Any]:
        """The driver's connection."""
        return self._raw

    @property
    def is_waiting(self) -> bool:
        """Whether something waits."""
        return bool(self._waiting)

    def word_later(self, word: Spelled) -> None:
        """BEGIN and its like."""
        self._waiting.append((word, {}))

    def forget(self) -> bool:
        """Drops what waits; whether anything went out before it."""
        is_untouched = bool(self._waiting) and self._waiting[0][0].sql.startswith("BEGIN")
        self._waiting.clear()
        return not is_untouched

    async def flush(self) -> None:
        """Everything that waits, in one trip."""
        if self._waiting:
            await self._trip()

    async def prepare(self, statements: Sequence[Spelled]) -> None:
        """Before anybody waits for them."""
        fresh = [(spelled, self._new_name()) for spelled in statements]

        def send() -> None:
            for spelled, name in fresh:
                self._raw.pgconn.send_prepare(name, spelled.sql.encode())

        _raise_first(await self._exchange(send))
        self._names |= dict(fresh)

    def _told(self, spelled: Spelled, result: PGresult) -> list[Any]:
        self._read.set_pgresult(result)
        return self._read.load_rows(0, result.ntuples, spelled.row)

    async def _trip(self, *asked: tuple[Spelled, Mapping[str, Any]]) -> list[PGresult]:
        """What waits and what is asked, there and back: a result for each. Raises the first one's psycopg.Error."""
        calls, self._waiting = [*self._waiting, *asked], []
        fresh: dict[Spelled, tuple[int, bytes]] = {}  # the place of its preparation among the answers

        def send() -> None:
            pgconn, place = self._raw.pgconn, 0
            for spelled, values in calls:
                name = self._names.get(spelled) or fresh.get(spelled, _NO_NAME)[1]
                if not name:
                    name = self._new_name()
                    pgconn.send_prepare(name, spelled.sql.encode())
                    fresh[spelled] = (place, name)
                    place += 1
                told = spelled.values(values)
                pgconn.send_query_prepared(name, self._read.dump_sequence(told, _TEXT[: len(told)]))
                place += 1

        results = await self._exchange(send)
        for spelled, (at, name) in fresh.items():
            if results[at].status == ExecStatus.COMMAND_OK:
                self._names[spelled] = name
        _raise_first(results)
        prepared = {at for at, _ in fresh.values()}
        return [result for at, result in enumerate(results) if at not in prepared]

    def _new_name(self) -> bytes:
        return b"cc%d" % next(self._serial)

    async def _exchange(self, send: Callable[[], None]) -> list[PGresult]:
        """The answers to what `send` puts into the pipeline."""
        pgconn = self._raw.pgconn
        try:
            pgconn.enter_pipeline_mode()
            send()
            pgconn.pipeline_sync()
            results = await self._results()
            pgconn.exit_pipeline_mode()
        except BaseException:  # answers may still be on their way: nobody else may get them
            pgconn.finish()
            raise
        return results

    async def _results(self) -> list[PGresult]:
        """All of one trip."""
        pgconn = self._raw.pgconn
        loop = asyncio.get_running_loop()
        while pgconn.flush():
            await _ready(loop.add_writer, loop.remove_writer, pgconn.socket)
        results: list[PGresult] = []
        while True:
            await _ready(loop.add_reader, loop.remove_reader, pgconn.socket)
            pgconn.consume_input()
            while not pgconn.is_busy():
                result = pgconn.get_result()
                if result is None:  # between the answers of two statements
                    continue
                if result.status == ExecStatus.PIPELINE_SYNC:
                    return results
                results.append(result)


def _raise_first(results: Sequence[PGresult]) -> None:
    for result in results:
        if result.status not in _GOOD:
            raise error_from_result(result)


async def _ready(add: Callable[..., Any], remove: Callable[[int], Any], socket: int) -> None:
    """Until the socket can be read, or written."""
    can = asyncio.get_running_loop().create_future()
    add(socket, _say, can)
    try:
        await can
    finally:
        remove(socket)


def _say(can: asyncio.Future[None]) -> None:
    if not can.done():
        can.set_result(None)
