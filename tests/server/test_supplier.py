"""The practice supplier's client against servers that answer well, badly, and not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from platform_server.app.wiring import build_world
from platform_server.domain.errors import SupplierAway
from platform_server.domain.money import Money
from platform_server.domain.top_up import SupplierAnswer, SupplierState
from platform_server.settings import Settings
from platform_server.wire.http import HttpCaller
from platform_server.wire.suppliers.practice.client import PracticeSupplier
from platform_server.wire.suppliers.practice.messages import write_order

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@asynccontextmanager
async def answering(
    answer: bytes, heard: list[bytes], *, waits: bool = False
) -> AsyncIterator[PracticeSupplier]:
    """A server that says these bytes to whoever calls, then hangs up or waits."""
    hold = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.append(await reader.readuntil(b"\r\n\r\n"))
        if b"POST" in heard[-1]:
            heard.append(await reader.readuntil(b"}"))
        writer.write(answer)
        if waits:
            await hold.wait()
        writer.close()

    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    yield PracticeSupplier(HttpCaller(f"http://127.0.0.1:{port}/base", 0.3))
    hold.set()
    server.close()


def said(body: str, status: int = 200) -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


async def test_orders_and_questions() -> None:
    heard: list[bytes] = []
    body = '{"reference":"R","supplier_order":"SO","state":"processing","reason":null,"later":1}'
    async with answering(said(body), heard) as supplier:
        expected = SupplierAnswer(SupplierState.PROCESSING, "SO")
        assert await supplier.submit("R", write_order("R", "p", "13800138000", Money(5, "CNY"))) == expected
        assert await supplier.ask("R") == expected
    assert heard[0].startswith(b"POST /base/orders HTTP/1.1")
    assert b"Bearer practice" in heard[0]
    assert b'"face_minor":5' in heard[1]
    assert heard[2].startswith(b"GET /base/orders/R HTTP/1.1")


async def test_an_order_it_never_heard_of() -> None:
    async with answering(said("{}", 404), []) as supplier:
        assert (await supplier.ask("R")).state is SupplierState.NOT_FOUND
        with pytest.raises(SupplierAway):
            await supplier.submit("R", b"{}")


@pytest.mark.parametrize(
    "answer",
    [
        said("<html>busy</html>"),
        said('{"reference":"other","state":"success"}'),
        said('{"reference":"R","state":"perhaps"}'),
        said("{}", 500),
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 X\r\nContent-Length: 100\r\n\r\n{",
        said("x" * 1_100_000),
    ],
)
async def test_what_is_not_listed_is_no_answer(answer: bytes) -> None:
    async with answering(answer, []) as supplier:
        with pytest.raises(SupplierAway):
            await supplier.ask("R")
        with pytest.raises(SupplierAway):
            await supplier.submit("R", b"{}")


async def test_silence_and_absence() -> None:
    async with answering(b"", [], waits=True) as supplier:
        with pytest.raises(SupplierAway):
            await supplier.ask("R")
    with pytest.raises(SupplierAway):
        await PracticeSupplier(HttpCaller("http://127.0.0.1:1", 1)).ask("R")


async def test_a_supplier_is_named_with_its_address() -> None:
    assert build_world(Settings(), "practice=http://127.0.0.1:1").supplier is not None
    for wrong in ("other=http://x", "practice=ftp://x", "practice"):
        with pytest.raises(ValueError, match="practice="):
            build_world(Settings(), wrong)
