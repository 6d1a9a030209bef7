"""Judges a race by what the clients wrote down; the platform's books are only held against it."""

from __future__ import annotations

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from platform_server.app.places import Places
from platform_server.app.wiring import Platform, build_world, open_platform
from platform_server.domain.cards import CardState
from platform_server.settings import Settings
from tests.races import market
from tests.races.servers import Home

_OWNED = (CardState.SOLD, CardState.DELIVERED)


@dataclass
class Verdict:
    """What was seen, and every sentence that must not be."""

    allocations: int = 0
    reserved: int = 0
    sold: int = 0
    codes: int = 0
    tally: Counter[str] = field(default_factory=Counter)
    breaches: list[str] = field(default_factory=list)


@dataclass
class Seen:
    """The clients' lines, sorted."""

    reserved: dict[str, int] = field(default_factory=dict)
    opened: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    ended: dict[str, dict[str, Any]] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    tally: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, logs: Iterable[Path]) -> Seen:
        seen = cls()
        for log in logs:
            for line in log.read_text("ascii").splitlines():
                seen._take(json.loads(line))
        return seen

    def _take(self, told: dict[str, Any]) -> None:
        event = told.pop("event")
        if event == "reserved":
            self.reserved[told["sale"]] = told["pieces"]
        elif event == "opened":
            self.opened[told["sale"]][told["card"]] = told["code"]
        elif event == "ended":
            self.ended[told["sale"]] = told
        elif event == "kept":
            self.kept[told["sale"]] = told["cards"]
        elif event == "wrong":
            self.wrong.append(f"sale {told['sale']} ({told['road']}): {told['what']}")
        else:
            self.tally.update(told)

    def sold(self) -> dict[str, dict[str, Any]]:
        return {sale: told for sale, told in self.ended.items() if told["state"] in ("SOLD", "DELIVERED")}

    def money(self, shop: int) -> tuple[int, int]:
        """What its wallet must say: balance and held."""
        mine = [told for told in self.ended.values() if told["shop"] == shop]
        spent = sum(told["cost"] for told in mine if told["state"] in ("SOLD", "DELIVERED"))
        held = sum(told["cost"] for told in mine if told["state"] == "RESERVED")
        return market.first_balance(shop) - spent, held


def judge(home: Home, logs: Iterable[Path]) -> Verdict:
    """The servers have ended; everything that the logs and the books can say."""
    seen = Seen.of(logs)
    verdict = Verdict(
        allocations=sum(seen.reserved.values()),
        reserved=len(seen.reserved),
        sold=len(seen.sold()),
        codes=sum(len(cards) for cards in seen.opened.values()),
        tally=seen.tally,
        breaches=[*seen.wrong, *_sold_twice(seen), *_lost(seen)],
    )
    verdict.breaches += asyncio.run(_books(home, seen))
    examined = home.doctor()
    if examined.returncode:
        verdict.breaches.append(f"the doctor says: {examined.stdout} {examined.stderr}")
    return verdict


def _sold_twice(seen: Seen) -> list[str]:
    """A code that two sales have seen, whatever became of either."""
    where: dict[str, set[str]] = defaultdict(set)
    for sale, cards in seen.opened.items():
        for code in cards.values():
            where[code].add(sale)
    return [f"code {code} is in sales {sorted(sales)}" for code, sales in where.items() if len(sales) > 1]


def _lost(seen: Seen) -> list[str]:
    """A sale that was confirmed and did not tell its cards again at the end."""
    sold = seen.sold()
    lost = [f"sale {sale} was not told again" for sale in sold if sale not in seen.kept]
    few = [sale for sale in sold if seen.kept.get(sale) != len(seen.opened[sale])]
    few += [sale for sale in sold if len(seen.opened[sale]) != seen.reserved[sale]]
    return lost + [f"sale {sale} has not its number of cards" for sale in few]


async def _books(home: Home, seen: Seen) -> list[str]:
    places = Places.of(home.folder / "data", home.folder / "keys", home.url)
    async with open_platform(places, build_world(Settings(), None)) as platform:
        return [*await _wallets(platform, seen), *await _cards(platform, seen)]


async def _wallets(platform: Platform, seen: Seen) -> list[str]:
    breaches = []
    for shop in range(market.SHOPS):
        async with platform.store.peek_books() as books:
            wallet = await books.wallets.find(market.shop_id(shop))
        assert wallet is not None
        found = (wallet.balance.minor, wallet.held.minor)
        if found != seen.money(shop):
            breaches.append(f"shop {shop} has (balance, held) {found}, its tills say {seen.money(shop)}")
    return breaches


async def _cards(platform: Platform, seen: Seen) -> list[str]:
    """The cards that the books call sold are those that the tills hold, no more and no fewer."""
    held = {card for sale in seen.sold() for card in seen.opened[sale]}
    told: set[str] = set()
    for state in _OWNED:
        after = ""
        while True:
            async with platform.store.peek_books() as books:
                some = await books.cards.in_state(state, after, 5_000)
            if not some:
                break
            told |= {card.card_id for card in some}
            after = some[-1].card_id
    return [f"card {card} is sold in the books or in a till, not in both" for card in sorted(told ^ held)]
