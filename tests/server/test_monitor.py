"""What a monitor sees: figures for whom they are meant, readiness with its reasons, refusals of one form everywhere."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from platform_server.domain.shop_events import EventKind, ShopEvent
from platform_server.flows.keep_callbacks import SetCallback
from platform_server.flows.read_figures import CheckReady, ReadFigures
from platform_server.routes.meter import Meter
from platform_server.settings import Settings
from tests.fakes.platform_callbacks import ToldShop
from tests.fakes.platform_goods import TOP_UP
from tests.fakes.platform_process import Served, served
from tests.fakes.platform_till import line_of, new_id
from tests.server.conftest import Counter
from tests.server.test_events import URL, rounds_of

pytestmark = pytest.mark.anyio
PUBLISHED = Path(__file__).parents[2] / "docs" / "openapi.json"


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Served]:
    with served(tmp_path) as running:
        yield running


def get(
    platform: Served, path: str, method: str = "GET", body: bytes = b""
) -> tuple[int, Mapping[str, str], bytes]:
    return platform.transport(method, platform.address + path, {}, body)


def metric(text: str, name: str) -> float:
    """The one figure of that name and those labels."""
    (value,) = re.findall(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(value)


class Ground:
    def __init__(self, free: int) -> None:
        self.free = free

    def free_bytes(self) -> int:
        return self.free


async def test_figures_of_what_waits(counter: Counter) -> None:
    await counter.open()
    read = ReadFigures(counter.peek_books)
    await rounds_of(counter, ToldShop())()
    calm = await read()
    assert (calm.reserved, calm.unnumbered_events, calm.parked_callbacks) == (0, 0, 0)
    assert (calm.oldest_top_up, calm.oldest_event, calm.held) == (None, None, {"CNY": 0})
    await SetCallback(counter.open_books, counter.clock)(counter.caller, 2, URL)
    await counter.reserve("card")
    await counter.reserve("air", counter.line(TOP_UP))
    await counter.confirm("air")
    accepted = counter.clock.now()
    async with counter.open_books() as books:
        await books.events.add(ShopEvent("shop", EventKind.ACCOUNT_NOTICE, {}))
        await books.commit()
    busy = await read()
    assert (busy.reserved, busy.unnumbered_events, busy.held) == (1, 1, {"CNY": 9_500})
    assert (busy.top_ups["ACCEPTED"], busy.oldest_top_up) == (1, accepted)
    counter.clock.pass_by(minutes=5)
    shop = ToldShop()
    shop.is_open = False
    await rounds_of(counter, shop)()
    assert (await read()).oldest_event == counter.clock.now()
    counter.clock.pass_by(days=4)
    await rounds_of(counter, shop)()
    parked = await read()
    assert (parked.parked_callbacks, parked.oldest_event) == (1, None)


async def test_ready_is_database_schema_and_disk(counter: Counter) -> None:
    async with counter.peek_books() as books:
        head = await books.figures.revision()
    assert await CheckReady(counter.peek_books, Ground(10), head or "", 10)() == ()
    faults = await CheckReady(counter.peek_books, Ground(9), "another", 10)()
    assert len(faults) == 2
    assert "needs another" in faults[0]


def test_metrics_are_written_for_prometheus(platform: Served) -> None:
    till = platform.till()
    (card,) = [each for each in till.catalogue() if each["kind"] == "code"]
    sale = new_id()
    till.reserve(sale, [line_of(card, quantity=2)])
    till.reserve(sale, [line_of(card, quantity=2)])
    till.read(new_id())
    get(platform, "/nowhere")
    status, headers, raw = get(platform, "/metrics")
    assert (status, headers["content-type"][:10]) == (200, "text/plain")
    text = raw.decode()
    route = 'method="PUT",route="/v1/reservations/{sale_id}"'
    assert metric(text, f'platform_requests_total{{{route},status="200"}}') == 2
    assert metric(text, f"platform_request_seconds_count{{{route}}}") == 2
    missing = 'method="GET",route="/v1/reservations/{sale_id}",status="404"'
    assert metric(text, f"platform_requests_total{{{missing}}}") == 1
    assert metric(text, 'platform_requests_total{method="GET",route="none",status="404"}') == 1
    assert metric(text, "platform_cards_allocated_total") == 2, "a repeat allocates nothing"
    assert metric(text, "platform_reservations") == 1
    assert metric(text, 'platform_wallet_held_minor{currency="CNY"}') == 19_000
    assert metric(text, 'platform_db_connections_most{pool="read"}') == 4
    assert sale not in text
    assert "python_gc" not in text, "a registry of its own, nothing global"


def test_metrics_are_not_for_everybody(tmp_path: Path) -> None:
    with served(tmp_path, Settings(metrics_from=("10.0.0.0/8",))) as platform:
        hidden, unknown = get(platform, "/metrics"), get(platform, "/nothing")
        assert hidden[0] == unknown[0] == 404
        told = [{**json.loads(body), "server_time": ""} for _, _, body in (hidden, unknown)]
        assert told[0] == told[1]


def test_series_stay_few_whatever_is_asked() -> None:
    meter = Meter(lambda: 0.0)
    for number in range(50):
        meter.answered(f"VERB{number}", "none", 405, 0.1)
    assert len(meter._calls._metrics) == 1


def test_health_says_why_not(platform: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    assert (get(platform, "/health")[0], get(platform, "/health/ready")[0]) == (200, 200)
    monkeypatch.setattr("platform_server.store.ground.DiskGround.free_bytes", lambda _: 1)
    status, headers, body = get(platform, "/health/ready")
    assert (status, headers["content-type"], headers["retry-after"]) == (503, "application/problem+json", "2")
    told = json.loads(body)
    assert (told["code"], told["effect"]) == ("UNAVAILABLE", "none")
    assert told["details"]["faults"] == ["less than 200 MB are left on the disk"]

    async def broken(*_: Any) -> None:
        raise OSError("CANARY")

    monkeypatch.setattr("platform_server.store.figures.SqlFigures.revision", broken)
    status, _, body = get(platform, "/health/ready")
    assert (status, json.loads(body)["details"]["faults"]) == (503, ["the database does not answer"])
    assert b"CANARY" not in body
    assert get(platform, "/health")[0] == 200, "it lives all the same"


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "NOT_FOUND"),
        ("GET", "/health/nothing", 404, "NOT_FOUND"),
        ("POST", "/health", 405, "NOT_FOUND"),
        ("DELETE", "/metrics", 405, "NOT_FOUND"),
        ("PUT", "/health/ready", 405, "NOT_FOUND"),
        ("GET", "/v1/account", 401, "SIGNATURE"),
    ],
)
def test_every_refusal_has_the_same_form(
    platform: Served, method: str, path: str, status: int, code: str
) -> None:
    found, headers, body = get(platform, path, method)
    told = json.loads(body)
    assert (found, told["code"], told["effect"]) == (status, code, "none")
    assert headers["content-type"] == "application/problem+json"
    assert set(told) == {"code", "message", "retryable", "effect", "server_time", "details"}
    assert (status != 405) or headers["allow"] == told["details"]["allow"] == "GET"


def test_too_long_and_broken_outside_of_v1(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(tmp_path, Settings(body_most=100)) as platform:
        status, headers, body = get(platform, "/health", "POST", b"x" * 101)
        assert (status, json.loads(body)["code"]) == (413, "BAD_REQUEST")
        assert headers["content-type"] == "application/problem+json"

        async def broken(*_: Any) -> None:
            raise ZeroDivisionError("CANARY")

        monkeypatch.setattr("platform_server.flows.read_figures.ReadFigures.__call__", broken)
        status, headers, body = get(platform, "/metrics")
        assert (status, json.loads(body)["code"]) == (503, "UNAVAILABLE")
        assert (headers["content-type"], b"CANARY" in body) == ("application/problem+json", False)


def test_the_document_that_is_served_is_the_published_one(platform: Served) -> None:
    assert json.loads(get(platform, "/openapi.json")[2]) == json.loads(PUBLISHED.read_text("utf-8"))
