"""A whole day of 10,000 sales, settled, compared line by line, and one altered line found and named.

The sales are rows written in bulk, as reserve and confirm would leave them: through the flows they would take minutes.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert

from platform_server.domain.canonical import canonical_json
from platform_server.domain.comparison import compare, read_ledger_file
from platform_server.domain.days import BusinessDays
from platform_server.domain.money import Money
from platform_server.domain.reservation import ReservedLine
from platform_server.domain.settlement_file import SettlementFile, read_file
from platform_server.domain.wallet import SALES, wallet_account
from platform_server.flows.compare_settlement import CompareSettlement
from platform_server.flows.settle import MakeSettlement
from platform_server.store.instants import to_micros
from platform_server.store.sqlite_store import SqliteStore
from platform_server.store.tables import journals, postings, reservation_lines, reservations, wallets
from platform_server.wire.documents import DocumentSigner
from tests.fakes.platform_goods import CARD, OTHER, TOP_UP, product
from tests.fakes.platform_ledger import TillLedger
from tests.server.conftest import Counter

pytestmark = [pytest.mark.anyio, pytest.mark.slow]
SALES_OF_THE_DAY = 10_000
DAY = date(2026, 11, 22)
COSTS = {CARD: 9_500, OTHER: 19_125, TOP_UP: 4_950}


class Day:
    """Rows and ledgers of one day, from a seed."""

    def __init__(self, counter: Counter) -> None:
        self.chance = random.Random(7)
        self.counter = counter
        self.ledgers = {till: TillLedger(till) for till in ("till", "other")}
        self.rows: dict[str, list[dict[str, object]]] = {
            "sales": [],
            "lines": [],
            "journals": [],
            "postings": [],
        }
        self.lines = self.spent = 0

    def sell(self, number: int) -> None:
        sale, journal = f"sale-{number:06d}", f"journal-{number:06d}"
        ledger = self.chance.choice(list(self.ledgers.values()))
        goods = self.chance.sample(sorted(COSTS), self.chance.randint(1, 3))
        lines = [
            ReservedLine(
                str(place),
                each,
                self.chance.randint(1, 5),
                Money(COSTS[each], "CNY"),
                is_top_up=False,
                fields={},
            )
            for place, each in enumerate(goods, start=1)
        ]
        ledger.sale(sale, lines)
        cost = sum(line.cost.minor for line in lines)
        at = to_micros(self.counter.clock.now() + timedelta(seconds=number))
        self.rows["sales"].append(
            {
                "id": f"r-{number}",
                "shop_id": "shop",
                "till_id": ledger.till_id,
                "sale_id": sale,
                "state": "CANCELLED",  # so that the doctor asks for no cards
                "attempt": 1,
                "epoch": 2,
                "business_date": DAY.isoformat(),
                "held_minor": 0,
                "currency": "CNY",
                "expires_at": at,
                "changed_at": at,
            }
        )
        self.rows["lines"] += [
            {
                "reservation_id": f"r-{number}",
                "line_id": line.line_id,
                "position": place,
                "product_id": line.product_id,
                "quantity": line.quantity,
                "unit_cost_minor": line.unit_cost.minor,
                "is_top_up": False,
                "fields": "{}",
            }
            for place, line in enumerate(lines)
        ]
        head = {"id": journal, "shop_id": "shop", "kind": "sale", "reference": f"r-{number}", "at": at}
        self.rows["journals"].append({**head, "reservation_id": f"r-{number}"})
        sides = [(wallet_account("shop"), -cost), (SALES, cost)]
        self.rows["postings"] += [
            {
                "journal_id": journal,
                "position": place,
                "account": account,
                "amount_minor": minor,
                "currency": "CNY",
            }
            for place, (account, minor) in enumerate(sides)
        ]
        self.lines += len(lines)
        self.spent += cost

    async def write(self) -> None:
        tables = {
            "sales": reservations,
            "lines": reservation_lines,
            "journals": journals,
            "postings": postings,
        }
        async with self.counter.open_books() as books:
            for name, table in tables.items():
                await books._connection.execute(insert(table), self.rows[name])
            spend = wallets.update().values(balance_minor=wallets.c.balance_minor - self.spent)
            await books._connection.execute(spend)
            for ledger in self.ledgers.values():
                await books.ledger.add(ledger.till_id, ledger.links, self.counter.clock.now())
                await books.logs.append("shop", ledger.till_id, ledger.links)
            await books.commit()


def altered(file: SettlementFile, place: int) -> SettlementFile:
    lines = list(file.settlement.lines)
    lines[place] = replace(lines[place], cost=lines[place].cost + Money(1, "CNY"))
    return replace(file, settlement=replace(file.settlement, lines=tuple(lines)))


async def test_a_day_of_10_000_sales_is_equal_and_one_altered_line_is_named(sql_store: SqliteStore) -> None:
    counter = Counter(sql_store.open_books, sql_store.peek_books)
    await counter.open(money=10**12, cards=0)
    async with counter.open_books() as books:
        await books.goods.put([product(OTHER)])
        await books.commit()
    day = Day(counter)
    for number in range(SALES_OF_THE_DAY):
        day.sell(number)
    await day.write()
    counter.clock.pass_by(days=1)
    signer = DocumentSigner("platform-1", Ed25519PrivateKey.generate())
    make = MakeSettlement(counter.open_books, counter.clock, signer, BusinessDays("Asia/Shanghai"))
    raw = await make("shop", DAY)
    assert await make("shop", DAY) == raw
    file = read_file(raw)
    assert (len(file.settlement.lines), file.settlement.charged.minor) == (day.lines, day.spent)
    beside = CompareSettlement(counter.peek_books)
    assert await beside([file.settlement]) == ()

    place = day.chance.randrange(day.lines)
    wrong = file.settlement.lines[place]
    (difference,) = await beside([altered(file, place).settlement])
    assert (difference.sale_id, difference.line_id) == (wrong.sale_id, wrong.line_id)
    assert difference.what == f"cost is {wrong.cost.minor + 1} here and {wrong.cost.minor} at the till"

    stories = {}
    for till_id, ledger in day.ledgers.items():
        text = ledger.lines
        if till_id == wrong.till_id:
            entry = next(e for e in ledger.entries if e["body"]["sale_id"] == wrong.sale_id)
            entry["body"]["lines"][int(wrong.line_id) - 1]["quantity"] += 1
            text = text.replace(ledger.links[entry["seq"] - 1].text, canonical_json(entry))
        _, stories[till_id], faults = read_ledger_file(text)
        assert len(faults) == (till_id == wrong.till_id)  # the chain of the altered ledger is broken too
    (difference,) = compare([file.settlement], stories)
    assert (difference.sale_id, difference.line_id) == (wrong.sale_id, wrong.line_id)
    assert f"quantity is {wrong.quantity} here and {wrong.quantity + 1} at the till" in difference.what
    await counter.check(but=("sales", "effects"))  # these sales are rows, nobody called for them
