"""Counts calls and times them, and writes everything as Prometheus reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

from platform_server.domain.figures import Figures
from platform_server.routes.guard import App, Receive, Scope, Send

CONTENT_TYPE = CONTENT_TYPE_LATEST
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUCKETS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Meter:
    """One server's figures in a registry of its own; `ticks` is a clock of seconds that only rises."""

    def __init__(self, ticks: Callable[[], float]) -> None:
        self.ticks = ticks
        self._registry = CollectorRegistry()
        at = ("method", "route")
        self._calls = Counter(
            "platform_requests", "Calls answered.", (*at, "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "platform_request_seconds", "Time to answer.", at, registry=self._registry, buckets=_BUCKETS
        )
        self._cards = Counter("platform_cards_allocated", "Cards reserved.", registry=self._registry)
        self._top_ups = self._gauge("platform_top_ups", "Top-ups that are not settled.", "state")
        self._held = self._gauge("platform_wallet_held_minor", "Money that wallets hold.", "currency")
        self._queue_age = self._gauge("platform_queue_age_seconds", "Age of what waits longest.", "queue")
        self._reserved = self._gauge("platform_reservations", "Reservations that stand.")
        self._unnumbered = self._gauge("platform_events_unnumbered", "Events without a number yet.")
        self._parked = self._gauge("platform_callbacks_parked", "Shops whose address is not called any more.")
        self._in_use = self._gauge("platform_db_connections_in_use", "Connections at work.", "pool")
        self._most = self._gauge("platform_db_connections_most", "Connections there can be.", "pool")

    def answered(self, method: str, route: str, status: int, seconds: float) -> None:
        """One call; `route` is the path of the route, not of the call, so that the number of series stays small."""
        verb = method if method in _METHODS else "other"
        self._calls.labels(verb, route, str(status)).inc()
        self._seconds.labels(verb, route).observe(seconds)

    def allocated(self, cards: int) -> None:
        """Cards were reserved."""
        self._cards.inc(cards)

    def render(self, figures: Figures, pools: Mapping[str, tuple[int, int]], now: datetime) -> bytes:
        """The text of all of it."""
        for state, count in figures.top_ups.items():
            self._top_ups.labels(state).set(count)
        for currency, minor in figures.held.items():
            self._held.labels(currency).set(minor)
        waiting = {"top_ups": figures.oldest_top_up, "callbacks": figures.oldest_event}
        for queue, since in waiting.items():
            self._queue_age.labels(queue).set(0 if since is None else (now - since).total_seconds())
        self._reserved.set(figures.reserved)
        self._unnumbered.set(figures.unnumbered_events)
        self._parked.set(figures.parked_callbacks)
        for pool, (in_use, most) in pools.items():
            self._in_use.labels(pool).set(in_use)
            self._most.labels(pool).set(most)
        return generate_latest(self._registry)

    def _gauge(self, name: str, words: str, *labels: str) -> Gauge:
        return Gauge(name, words, labels, registry=self._registry)


class Measured:
    """ASGI middleware outside of everything else."""

    def __init__(self, app: App, meter: Meter) -> None:
        self._app = app
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = self._meter.ticks()
        status = 0

        async def note(event: Scope) -> None:
            nonlocal status
            if event["type"] == "http.response.start":
                status = event["status"]
            await send(event)

        try:
            await self._app(scope, receive, note)
        finally:
            route = getattr(scope.get("route"), "path", "none")
            self._meter.answered(scope["method"], route, status, self._meter.ticks() - began)
