"""Two small crowds on PostgreSQL: everybody wants the same card, and a confirm meets its own cancel."""

from __future__ import annotations

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.fakes.platform_process import Served, served, transport_to
from tests.fakes.platform_till import FakeTill, Reply, line_of, new_id
from tests.races.walk import Stumble

AT_ONCE, ROUNDS = 8, 6


@dataclass
class Crowd:
    """One till through many connections."""

    platform: Served
    tills: list[FakeTill]
    pool: ThreadPoolExecutor
    calls: int = 0
    codes: Counter[str] = field(default_factory=Counter)

    def together(self, *asked: Any) -> list[Reply]:
        self.calls += len(asked)
        return [done.result() for done in [self.pool.submit(*each) for each in asked]]

    def look(self) -> None:
        for finding in self.platform.invariants():
            raise Stumble("doctor", f"{finding.name}: {finding.breaches[0]}")

    def same_card(self) -> None:
        """Raises Stumble."""
        (goods,) = [each for each in self.tills[0].catalogue() if each["kind"] == "code"]
        for _ in range(ROUNDS):
            sales = [new_id() for _ in self.tills]
            pairs = list(zip(self.tills, sales, strict=True))
            self.together(*((till.reserve, sale, [line_of(goods)]) for till, sale in pairs))
            told = self.together(*((till.step, sale, "confirm") for till, sale in pairs))
            for (till, sale), reply in zip(pairs, told, strict=True):
                got = reply.json.get("cards", [])
                if len(got) != 1:
                    raise Stumble("crowd", f"a sale of one card was given {len(got)}")
                self.codes[till.open(sale, got[0])["number"]] += 1
            if self.codes.most_common(1)[0][1] > 1:
                raise Stumble("crowd", "one code was opened in two sales")
            self.look()

    def confirm_meets_cancel(self) -> None:
        """Whoever comes first, the end is the same. Raises Stumble."""
        (goods,) = [each for each in self.tills[0].catalogue() if each["kind"] == "code"]
        chance = random.Random(1)
        for _ in range(ROUNDS):
            sales = [new_id() for _ in range(AT_ONCE // 2)]
            asked = []
            for sale, one, other in zip(sales, self.tills[::2], self.tills[1::2], strict=True):
                self.together((one.reserve, sale, [line_of(goods)]))
                both = [(one.step, sale, "confirm"), (other.step, sale, "cancel")]
                asked += chance.sample(both, 2)
            self.together(*asked)
            for sale in sales:
                self.together((self.tills[0].step, sale, "cancel"))
            self.look()
            states = {self.tills[0].read(sale).json["state"] for sale in sales}
            if states != {"CANCELLED"}:
                raise Stumble("crowd", f"after the cancel a sale is {states}")


def crowd(folder: Path, url: str, planted: Any, stumbled: Any) -> int:
    """How many calls were made; `stumbled` is told of a Stumble."""
    with ExitStack() as stack:
        platform = stack.enter_context(served(folder, cards=AT_ONCE * ROUNDS * 2, url=url))
        till = platform.till()
        lines = [stack.enter_context(transport_to(platform.address)) for _ in range(AT_ONCE)]
        tills = [replace(till, transport=line) for line in lines]
        pool = stack.enter_context(ThreadPoolExecutor(AT_ONCE))
        people = Crowd(platform, tills, pool)
        try:
            with planted():
                people.same_card()
                people.confirm_meets_cancel()
        except Stumble as found:
            stumbled(found)
        return people.calls
