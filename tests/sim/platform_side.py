"""The real platform in this process: its application, its store on a real file, and its work in the background."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from platform_server.app.places import Places
from platform_server.app.store_wiring import key_ring
from platform_server.app.wiring import Platform, World, build_web
from platform_server.settings import Settings
from platform_server.store.keys import KeyPlaces, StoreKeys, load_or_make_keys
from platform_server.store.marks import KeyedMarker
from platform_server.store.sign_in import ConsoleKeys
from platform_server.store.sqlite_file import reader_engine, writer_engine
from platform_server.store.sqlite_store import SqliteStore
from platform_server.store.vault import AesVault
from practice.suppliers.callbacks import Callback, callback_of, sign
from tests.sim.fate import Fate, TrueClock
from tests.sim.loop import PlatformDied, SimLoop
from tests.sim.supplier import sim_supplier

SWEEP_EVERY_S = 60.0
MOST_ROUNDS = 40
ADDRESS = "https://platform.test"


@dataclass(frozen=True)
class Wire:
    """An answer as it leaves the platform: header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class SimPlatform:
    """Opened on `folder`, killed and opened again; a call to it is one turn of its own loop."""

    def __init__(self, fate: Fate, folder: Path) -> None:
        self.fate = fate
        self.places = Places.of(folder / "data", folder / "keys")
        self.supplier, self.book = sim_supplier(fate)
        self.is_up = False
        self.deaths = 0
        self.away_until = fate.at
        self._keys: StoreKeys | None = None
        self._swept_at = fate.at
        self._told: set[str] = set()
        self.loop: SimLoop
        self.platform: Platform
        self._app: Any = None
        self.start()

    # --- its life ---

    def start(self) -> None:
        """As the program opens it, but for the migrations, which found nothing to do when the file was made."""
        places = self.places
        if self._keys is None:
            kept = KeyPlaces(places.keys, places.user_keys, outside="")
            self._keys = load_or_make_keys(places.data, kept, has_database=True)
        keys = self._keys
        self.loop = SimLoop(self.fate)
        file = (places.database, keys.database)
        store = self._store = SqliteStore(writer_engine(*file), reader_engine(*file))
        ring = key_ring(places)
        vault = AesVault(keys.kek, keys.fingerprint, ring.keks)
        clock = TrueClock(self.fate)
        world = World(Settings(least_free_bytes=0), clock, clock, self.supplier)
        signer = Ed25519PrivateKey.from_private_bytes(keys.platform)
        marks = KeyedMarker(keys.fingerprint), ConsoleKeys.of(keys.fingerprint)
        self.platform = Platform(world, store, vault, ring, signer, marks[0], places, marks[1])
        self._app = build_web(self.platform)
        self.is_up = True
        self.fate.note("platform starts")

    def stop(self) -> None:
        """In order, or after a kill: nothing is left open, and nothing that was not committed is kept."""
        if self.loop.is_dead:
            self.loop.bury()
            self._store._trouble = "killed"  # no tidying on its way out
        self.loop.run_until_complete(self.platform.store.close())
        self.loop.close()
        self.is_up = False

    def kill(self, away_s: float) -> None:
        """Gone until somebody looks for it `away_s` later."""
        self.loop.is_dead = True
        self._died(away_s)

    def _died(self, away_s: float) -> None:
        self.deaths += 1
        self.fate.note("platform dies")
        self.stop()
        self.away_until = self.fate.at + timedelta(seconds=away_s)

    def is_reachable(self) -> bool:
        """Started anew when its time has come."""
        if not self.is_up and self.fate.at >= self.away_until:
            self.start()
        return self.is_up

    # --- calls ---

    def answer(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, times: int = 1
    ) -> Wire | None:
        """The answer, None when the program died over it; `times` are at once, and the last one's answer is given."""
        loop = self.loop
        try:
            return loop.run(self._asked(method, url, headers, body, times))
        except PlatformDied:
            self._died(self.fate.chance.choice((1.0, 5.0, 60.0)))
            return None
        finally:
            loop.arm(0, is_before=False)

    async def _asked(
        self, method: str, url: str, headers: Mapping[str, str], body: bytes, times: int
    ) -> Wire:
        work = [self._ask(method, url, headers, body) for _ in range(times - 1)]
        tasks = [asyncio.ensure_future(each) for each in work]
        last = await self._ask(method, url, headers, body)
        for task in tasks:
            await task
        return last

    async def _ask(self, method: str, url: str, headers: Mapping[str, str], body: bytes) -> Wire:
        parts = urlsplit(url)
        raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
        raw += [(b"host", parts.netloc.encode()), (b"accept-encoding", b"zstd, gzip")]
        scope = {
            "type": "http",
            "http_version": "1.1",
            "method": method,
            "scheme": parts.scheme,
            "path": parts.path,
            "raw_path": parts.path.encode(),
            "query_string": parts.query.encode(),
            "root_path": "",
            "headers": raw,
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 1),
        }
        told: dict[str, Any] = {"status": 500, "headers": [], "body": b""}

        async def receive() -> Any:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(event: Any) -> None:
            if event["type"] == "http.response.start":
                told["status"], told["headers"] = event["status"], event["headers"]
            else:
                told["body"] += event.get("body", b"")

        await self._app(scope, receive, send)
        answered = {name.decode().lower(): value.decode("latin-1") for name, value in told["headers"]}
        return Wire(told["status"], answered, told["body"])

    # --- what it does by itself ---

    def tend(self) -> None:
        """Sweeps, orders top-ups, hears the supplier's callbacks, tidies: what is due by now."""
        if not self.is_reachable():
            return
        try:
            if (self.fate.at - self._swept_at).total_seconds() >= SWEEP_EVERY_S:
                self._swept_at = self.fate.at
                self._do(self.platform.keep_house())
                self._do(self.platform.store.tidy())
            self._carry_top_ups()
        except PlatformDied:
            self._died(self.fate.chance.choice((1.0, 5.0)))

    def _carry_top_ups(self) -> None:
        step = self.platform.run_top_ups
        assert step is not None
        for _ in range(MOST_ROUNDS):
            if self.fate.strikes("platform: killed at a top-up"):
                self.loop.arm(self.fate.chance.randint(1, 2), is_before=self.fate.likely(0.5))
            if not self._do(step()):
                return

    def hear_callbacks(self) -> None:
        """The supplier says of each order how it ended until it is heard; now and then somebody else lies."""
        for order in list(self.book._orders.values()):
            state = order.state_at(self.fate.at.timestamp())
            key = f"{order.supplier_order} {state}"
            if state not in ("success", "failed", "reversed") or key in self._told:
                continue
            if self.fate.strikes("supplier: forged callback"):
                self._call_back(callback_of(order, "failed", is_forged=True), b"somebody else", key)
            if self._call_back(callback_of(order, state), b"practice", key):
                self._told.add(key)

    def _call_back(self, said: Callback, secret: bytes, key: str) -> bool:
        """Whether it was heard."""
        if not self.is_reachable():
            return False
        headers = sign(said.body, self.fate.at.timestamp(), secret)
        answer = self.answer("POST", f"{ADDRESS}/callbacks/practice", headers, said.body)
        self.fate.note("callback", key, secret != b"practice", answer and answer.status)
        return answer is not None and answer.status == 200

    def _do(self, work: Any) -> Any:
        try:
            return self.loop.run(work)
        finally:
            self.loop.arm(0, is_before=False)

    def credited(self) -> Counter[str]:
        """How often the supplier has carried out a top-up of each account."""
        return Counter(self.book.effects()["credits"])  # type: ignore[call-overload]

    # --- what it says when it is asked by its keeper ---

    def ask(self, work: Any) -> Any:
        return self.loop.run(work)

    def states_of(self, till_id: str, sale_ids: Sequence[str]) -> dict[str, str]:
        """What its books say became of each sale; those that it never heard of are missing."""

        async def read() -> dict[str, str]:
            found = {}
            async with self.platform.store.peek_books() as books:
                for sale_id in sale_ids:
                    reservation = await books.reservations.find(till_id, sale_id)
                    if reservation is not None:
                        found[sale_id] = reservation.state.value
            return found

        return self.loop.run(read())

    def invariants(self) -> list[str]:
        """What its doctor finds wrong."""
        found = self.ask(self.platform.doctor())
        return [f"{each.name}: {each.breaches[:3]}" for each in found if not each.holds]
