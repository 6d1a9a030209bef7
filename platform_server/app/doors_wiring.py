"""Builds what stands behind the doors: keys, callbacks, the monitor's figures."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from platform_server.domain.endpoints import read_networks
from platform_server.flows.deliver_events import DeliverEvents
from platform_server.flows.follow_key import FollowKey
from platform_server.flows.keep_callbacks import ReadCallback, ReadEvents, Redeliver, SetCallback
from platform_server.flows.read_figures import CheckReady, ReadFigures
from platform_server.flows.withdraw import ListTills, RevokeKey, RevokeTill
from platform_server.ports.world import Clock, Ids
from platform_server.routes.keys import KeyFlows
from platform_server.routes.meter import Meter
from platform_server.routes.monitor import Monitor
from platform_server.routes.signing import PLATFORM_KEYID
from platform_server.settings import Settings
from platform_server.store.ground import DiskGround
from platform_server.store.migrate import head_revision
from platform_server.store.postgres_store import PostgresStore
from platform_server.store.sqlite_store import SqliteStore
from platform_server.wire.shop_calls import CallRules, ShopCalls


@dataclass(frozen=True, slots=True)
class PlatformDoors:
    """Everything of this wing that can be done to an open platform."""

    settings: Settings
    clock: Clock
    ids: Ids
    store: SqliteStore | PostgresStore
    platform_key: Ed25519PrivateKey = field(repr=False)
    folder: Path

    @property
    def keys(self) -> KeyFlows:
        """What tills ask."""
        store = self.store
        return KeyFlows(
            follow=FollowKey(store.open_books, self.clock, self.ids, self.settings.key_overlap),
            set_callback=self.set_callback,
            read_callback=ReadCallback(store.peek_books, self.clock),
            read_events=self.read_events,
            clock=self.clock,
        )

    def monitor(self, meter: Meter) -> Monitor:
        """What a monitor asks."""
        settings, store = self.settings, self.store
        ground = DiskGround(self.folder)
        return Monitor(
            figures=ReadFigures(store.peek_books),
            check_ready=CheckReady(store.peek_books, ground, head_revision(), settings.least_free_bytes),
            meter=meter,
            clock=self.clock,
            seen_from=read_networks(settings.metrics_from),
            pools=store.pools,
        )

    @property
    def deliver_events(self) -> DeliverEvents:
        """One round of the callbacks."""
        settings, clock = self.settings, self.clock
        opened = read_networks(settings.callback_networks)
        rules = CallRules(settings.callback_timeout_s, settings.callbacks_near, opened)
        caller = ShopCalls(self.platform_key, PLATFORM_KEYID, clock, rules)
        return DeliverEvents(self.store.open_books, self.store.peek_books, caller, clock)

    @property
    def set_callback(self) -> SetCallback:
        """Where a shop wants to be called."""
        return SetCallback(self.store.open_books, self.clock)

    @property
    def read_events(self) -> ReadEvents:
        """What a shop was told."""
        return ReadEvents(self.store.peek_books)

    @property
    def redeliver(self) -> Redeliver:
        """Tell it again."""
        return Redeliver(self.store.open_books, self.clock)

    @property
    def public_keys(self) -> dict[str, bytes]:
        """Those that the platform signs with, raw, by name."""
        return {PLATFORM_KEYID: self.platform_key.public_key().public_bytes_raw()}

    @property
    def list_tills(self) -> ListTills:
        """Tills with their keys."""
        return ListTills(self.store.peek_books)

    @property
    def revoke_key(self) -> RevokeKey:
        """One key."""
        return RevokeKey(self.store.open_books, self.clock)

    @property
    def revoke_till(self) -> RevokeTill:
        """A whole till."""
        return RevokeTill(self.store.open_books, self.clock)
