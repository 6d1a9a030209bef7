"""One client process: sixteen tills that sell, cancel, repeat and meet themselves, and write down what they saw.

`python -m tests.races.client PLAN`: PLAN is JSON, see `Plan`. What a till was given it writes down before it goes
on; those lines, and nothing that the platform says of itself, are what the referee believes.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from tests.fakes.platform_till import unb64
from tests.races import market
from tests.races.calls import Heard, Mouth

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
_STANDS_S = 240.0  # a reservation that is older could run out before the referee looks at it
_PAID = {"tender": "cash", "amount": {"minor": 990, "currency": "CNY"}, "reference": None}


@dataclass(frozen=True)
class Plan:
    """Which tills, which servers, where to write, and the file whose being there says enough."""

    seed: int
    tills: list[int]
    addresses: list[str]
    log: str
    enough: str
    most_sales: int


@dataclass
class Sale:
    """What the till knows of one sale."""

    id: str
    shop: int
    lines: list[dict[str, Any]]
    cards: dict[str, str] = field(default_factory=dict)  # card id to the code that was opened
    is_reserved: bool = False

    @property
    def pieces(self) -> int:
        return sum(int(line["quantity"]) for line in self.lines)

    @property
    def cost(self) -> int:
        return self.pieces * market.COST


class Wrong(Exception):
    """The platform did what it must never do."""


@dataclass
class Till:
    """One of the clients."""

    number: int
    mouth: Mouth
    chance: random.Random
    write: Callable[..., None]
    sold: list[Sale] = field(default_factory=list)
    forgotten: list[tuple[float, Sale]] = field(default_factory=list)

    async def sell(self, sale: Sale) -> None:
        """One sale, from its first word to a state that both sides know."""
        road = self.chance.choices([road for road, _ in _ROADS], [weight for _, weight in _ROADS])[0]
        try:
            state = await road(self, sale)
        except Wrong as fault:
            self.write("wrong", sale=sale.id, road=road.__name__, what=str(fault))
            return
        self.mouth.tally[f"{road.__name__.strip('_')} {state}"] += 1
        if state in ("SOLD", "DELIVERED"):
            self.sold.append(sale)
        elif state == "RESERVED":
            self.forgotten.append((time.monotonic(), sale))
        self.end(sale, state)

    def end(self, sale: Sale, state: str) -> None:
        cost = sale.cost if state in ("SOLD", "DELIVERED", "RESERVED") else 0
        self.write("ended", sale=sale.id, shop=sale.shop, state=state, cost=cost)

    # --- the calls ---

    async def reserve(self, sale: Sale, lines: list[dict[str, Any]] | None = None) -> Heard:
        body = {
            "epoch": 1,
            "business_date": "2026-11-22",
            "lines": lines or sale.lines,
            "approved_by": "boss",
        }
        body |= {"customer_token": None, "answers": None, "ledger": {"seq": 0, "head": "0" * 32}}
        heard = await self.mouth.ask("PUT", f"/v1/reservations/{sale.id}", body, f"{sale.id}:reserve:1")
        if heard.is_ok and lines is None:
            shown = {line["line_id"]: len(line["masked"]) for line in heard.body["lines"]}
            due = {line["line_id"]: line["quantity"] for line in sale.lines}
            if heard.body["state"] == "RESERVED" and shown != due:
                raise Wrong(f"reserved {shown} for {due}")
            if not sale.is_reserved:
                sale.is_reserved = True
                self.write("reserved", sale=sale.id, pieces=sale.pieces)
        return heard

    async def confirm(self, sale: Sale) -> Heard:
        heard = await self.step(sale, "confirm", {"payments": [_PAID], "retail": []})
        if heard.is_ok:
            self._open(sale, heard.body["cards"])
        return heard

    async def step(self, sale: Sale, step: str, body: dict[str, Any]) -> Heard:
        path, key = f"/v1/reservations/{sale.id}/{step}", f"{sale.id}:{step}:1"
        return await self.mouth.ask("POST", path, {"epoch": 1, **body}, key)

    async def cancel(self, sale: Sale) -> Heard:
        return await self.step(sale, "cancel", {"reason": "customer left"})

    async def ack(self, sale: Sale) -> Heard:
        printed = [{"card_id": card, "printed": "yes", "copies": 1} for card in sorted(sale.cards)]
        return await self.step(sale, "ack", {"cards": printed, "receipt_hash": "0" * 64})

    async def state(self, sale: Sale) -> str:
        heard = await self.mouth.ask("GET", f"/v1/reservations/{sale.id}", None, "")
        return str(heard.body["state"]) if heard.is_ok else heard.code

    def _open(self, sale: Sale, cards: list[dict[str, Any]]) -> None:
        """Opens what came, writes it down, and compares it with what came before."""
        opened: dict[str, str] = {}
        for card in cards:
            parts = ["pos-code-1", market.shop_id(sale.shop), market.till_id(self.number), "1", sale.id]
            parts += [card["line_id"], card["card_id"], card["product_id"]]
            parts += [str(card["face"]["minor"]), card["face"]["currency"]]
            info = b"".join(len(part.encode()).to_bytes(4, "big") + part.encode() for part in parts)
            secret = json.loads(_SUITE.decrypt(unb64(card["sealed"]), market.seal_key(self.number), info))
            opened[card["card_id"]] = code = secret["number"]
            if card["card_id"] not in sale.cards:
                self.write("opened", sale=sale.id, card=card["card_id"], code=code)
            if market.product_of(code) != card["product_id"]:
                raise Wrong(f"{code} is no code of {card['product_id']}")
        had = Counter(card["line_id"] for card in cards)
        due = {line["line_id"]: line["quantity"] for line in sale.lines}
        if had != due:
            raise Wrong(f"confirmed {dict(had)} for {due}")
        if sale.cards and sale.cards != opened:
            raise Wrong("a repeated confirm handed over other cards")
        sale.cards = opened

    # --- what may be asked ---

    async def must(self, call: Awaitable[Heard], *allowed: str) -> Heard:
        heard = await call
        if heard.code not in allowed:
            raise Wrong(f"heard {heard.status} {heard.body}, may be {allowed}")
        return heard

    async def take(self, sale: Sale) -> bool:
        """Whether it was reserved; sold out and no money are answers too."""
        heard = await self.must(self.reserve(sale), "OK", "SOLD_OUT", "WALLET_EMPTY")
        if heard.is_ok and self.chance.random() < 0.1:
            await self.must(self.reserve(sale), "OK")
        if heard.is_ok and self.chance.random() < 0.05:
            other = [{**line, "quantity": line["quantity"] + 1} for line in sale.lines]
            await self.must(self.reserve(sale, other), "KEY_REUSED")
        return heard.is_ok

    async def buy(self, sale: Sale) -> bool:
        if not await self.take(sale):
            return False
        await self.must(self.confirm(sale), "OK")
        if self.chance.random() < 0.1:
            await self.must(self.confirm(sale), "OK")
        return True

    async def is_over(self, sale: Sale) -> str:
        """After a cancel nothing has an effect any more."""
        await self.must(self.cancel(sale), "OK")
        await self.must(self.reserve(sale), "CANCELLED")
        await self.must(self.confirm(sale), "CANCELLED")
        if await self.state(sale) != "CANCELLED":
            raise Wrong("is not CANCELLED after its cancel")
        return "CANCELLED"


# --- the roads that a sale can take ---


async def _plain(till: Till, sale: Sale) -> str:
    if not await till.buy(sale):
        return "REFUSED"
    if till.chance.random() < 0.3:
        return "SOLD"
    await till.must(till.ack(sale), "OK")
    return "DELIVERED"


async def _left(till: Till, sale: Sale) -> str:
    if not await till.take(sale):
        return "REFUSED"
    return await till.is_over(sale)


async def _abandoned(till: Till, sale: Sale) -> str:
    return "RESERVED" if await till.take(sale) else "REFUSED"


async def _taken_back(till: Till, sale: Sale) -> str:
    if not await till.buy(sale):
        return "REFUSED"
    return await till.is_over(sale)


async def _cancel_first(till: Till, sale: Sale) -> str:
    return await till.is_over(sale)


async def _reserve_meets_cancel(till: Till, sale: Sale) -> str:
    await asyncio.gather(
        till.must(till.reserve(sale), "OK", "CANCELLED", "SOLD_OUT", "WALLET_EMPTY"),
        till.must(till.cancel(sale), "OK"),
    )
    return await till.is_over(sale)


async def _reserve_meets_itself(till: Till, sale: Sale) -> str:
    told = await asyncio.gather(
        *(till.must(till.reserve(sale), "OK", "SOLD_OUT", "WALLET_EMPTY") for _ in range(2))
    )
    if not any(heard.is_ok for heard in told):
        return "REFUSED"
    await till.must(till.confirm(sale), "OK")
    return "SOLD"


async def _confirm_meets_itself(till: Till, sale: Sale) -> str:
    if not await till.take(sale):
        return "REFUSED"
    await asyncio.gather(*(till.must(till.confirm(sale), "OK") for _ in range(2)))
    return "SOLD"


async def _confirm_meets_cancel(till: Till, sale: Sale) -> str:
    if not await till.take(sale):
        return "REFUSED"
    await asyncio.gather(till.must(till.confirm(sale), "OK", "CANCELLED"), till.must(till.cancel(sale), "OK"))
    return await till.is_over(sale)


async def _ack_meets_cancel(till: Till, sale: Sale) -> str:
    if not await till.buy(sale):
        return "REFUSED"
    acked, cancelled = await asyncio.gather(
        till.must(till.ack(sale), "OK", "CANCELLED"), till.must(till.cancel(sale), "OK", "FORBIDDEN")
    )
    if acked.is_ok == cancelled.is_ok:
        raise Wrong(f"ack {acked.code} and cancel {cancelled.code}")
    state = await till.state(sale)
    if state != ("DELIVERED" if acked.is_ok else "CANCELLED"):
        raise Wrong(f"ack {acked.code}, yet it is {state}")
    return state


_ROADS: list[tuple[Callable[[Till, Sale], Awaitable[str]], int]] = [
    (_plain, 56),
    (_left, 8),
    (_abandoned, 3),
    (_taken_back, 6),
    (_cancel_first, 4),
    (_reserve_meets_cancel, 5),
    (_reserve_meets_itself, 5),
    (_confirm_meets_itself, 4),
    (_confirm_meets_cancel, 5),
    (_ack_meets_cancel, 4),
]


def _wanted(chance: random.Random) -> list[dict[str, Any]]:
    """One to three lines of one to three pieces, at most five together as the policies will have it."""
    lines: list[dict[str, Any]] = []
    count, left = chance.choice([1, 1, 1, 2, 3]), 5
    for number in range(count):
        quantity = min(left - (count - 1 - number), chance.choice([1, 1, 2, 3]))
        which = market.SCARCE if chance.random() < 0.05 else chance.randrange(market.PRODUCTS - 1)
        cost = {"minor": market.COST, "currency": "CNY"}
        what = {"line_id": str(number + 1), "product_id": market.product_id(which), "quantity": quantity}
        lines.append({**what, "version": 1, "max_unit_cost": cost, "fields": {}})
        left -= quantity
    return lines


async def _work(till: Till, plan: Plan) -> None:
    """Sells until it is enough; then asks for the cards of every sale once more, and ends what it forgot long ago."""
    for serial in range(plan.most_sales):
        if os.path.exists(plan.enough):  # noqa: PTH110, ASYNC240 - a file of this machine
            break
        name = f"0199{till.number:04x}-{plan.seed & 0xFFFF:04x}-7000-8000-{serial:012d}"
        await till.sell(Sale(name, market.shop_of(till.number), _wanted(till.chance)))
    for sale in till.sold:
        try:
            await till.must(till.confirm(sale), "OK")
            till.write("kept", sale=sale.id, cards=len(sale.cards))
        except Wrong as fault:
            till.write("wrong", sale=sale.id, road="asked again at the end", what=str(fault))
    for began, sale in till.forgotten:
        if time.monotonic() - began > _STANDS_S:
            await till.must(till.cancel(sale), "OK")
            till.end(sale, "CANCELLED")
    await till.mouth.close()


async def _run(plan: Plan) -> None:
    tally: Counter[str] = Counter()
    with open(plan.log, "a", encoding="ascii", buffering=1) as log:  # noqa: PTH123, ASYNC230 - a line at a time

        def write(event: str, **facts: Any) -> None:
            log.write(json.dumps({"event": event, **facts}) + "\n")

        tills = []
        for number in plan.tills:
            chance = random.Random(f"{plan.seed} {number}")
            network = random.Random(f"{plan.seed} {number} network")
            mouth = Mouth(number, plan.addresses, network, tally=tally)
            tills.append(Till(number, mouth, chance, write))
        async with asyncio.TaskGroup() as tasks:
            for till in tills:
                tasks.create_task(_work(till, plan))
        write("tally", **tally)


if __name__ == "__main__":
    asyncio.run(_run(Plan(**json.loads(sys.argv[1]))))
