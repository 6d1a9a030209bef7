"""A till with a past, as the program itself would find it at its start: made once, kept in the temporary folder."""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.measure import ROOT
from pos_app.bootstrap.front import Front
from pos_app.domain.card_code import CardCode, CardState
from pos_app.domain.catalogue import Payload, Product, ProductKind
from pos_app.domain.money import Money
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.payment import pay_cash
from pos_app.domain.sale import Sale, SaleState
from pos_app.domain.staff import Cashier, Role
from pos_app.places import Places, places
from pos_app.store.books import TillBooks
from pos_app.store.keys import load_keys
from pos_app.store.migrate import HEAD
from pos_app.store.signer import TillSigner

PRODUCTS, LINES = 100_000, 1_000_000
PIN = "135790"
SALES_A_DAY, LINES_A_SALE = 500, 2
_DAYS_AT_ONCE = 10
_PREFIX = "card-counter-bench-"
# What decides the shape of the files: a change in one of these makes them anew.
_SHAPE = ("tables/__init__.py", "tables/money.py", "rows.py", "product_rows.py", "search_index.py")
# What a day becomes when it is moved back; every other column of a table stays as it is.
_MOVED = {
    **dict.fromkeys(("id", "sale_id", "card_id", "subject"), "printf('%08x', :day) || substr({name}, 9)"),
    **dict.fromkeys(
        ("created_at", "paid_at", "at", "made_at", "acked_at"), "{name} - :back * 86400 * 1000000"
    ),
    **dict.fromkeys(("business_date", "day"), "date({name}, '-' || :back || ' days')"),
    "receipt_number": "printf('T1-%06d', CAST(substr({name}, 4) AS INTEGER) - :back * :sales)",
}
_OF_A_DAY = ("sales", "sale_lines", "payments", "cards", "papers", "day_sums")


def till_with_a_past(lines: int = LINES) -> Places:
    """The folders of a till that holds `PRODUCTS` products and so many lines of past sales, with an open shift."""
    shape = hashlib.sha256(b"".join((ROOT / "pos_app/store" / name).read_bytes() for name in _SHAPE))
    name = f"{_PREFIX}{HEAD}-{shape.hexdigest()[:8]}-{PRODUCTS}-{lines}"
    folder = Path(tempfile.gettempdir()) / name
    found = places(folder / "data", folder / "keys")
    if (folder / "whole").exists():
        return found
    for old in folder.parent.glob(_PREFIX + "*"):  # of an earlier shape, or half made
        shutil.rmtree(old)
    print(f"Making {folder} once (some minutes; about {200 + lines // 500} MB) ...", flush=True)
    begin = time.monotonic()
    _make_market(found)
    _join_and_sync(found)
    _make_past(found, lines)
    (folder / "whole").touch()
    print(f"Made in {time.monotonic() - begin:.0f} s.", flush=True)
    return found


def books_of(where: Places) -> TillBooks:
    """Its books, without the program around them; the till must not run meanwhile."""
    keys = load_keys(where.till, where.keys, use_keyring=False)
    signer = TillSigner(keys.sign_key)
    return TillBooks(where.till, keys.database_key, lambda at: at + timedelta(hours=8), signer=signer)


def _make_market(where: Places) -> None:
    sizes = ("--seed", "1", "--products", str(PRODUCTS), "--codes", "20000")
    folders = ("--data", str(where.data), "--keys", str(where.keys))
    command = (sys.executable, "-m", "platform_server", "sample", *sizes, *folders)
    where.data.mkdir(parents=True)
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)


def _join_and_sync(where: Places) -> None:
    """As a shop does it on its first morning, through the program's own doors."""
    front = Front(where.data, where.keys)
    shop = front.open()
    try:
        shop.sync_catalogue()
        shop.refresh_account()
        owner = shop.add_person(None, "Owner", Role.OWNER, PIN)
        cashier = Cashier(owner.id, owner.name, owner.role)
        shop.open_shift(cashier, Money(10_000))
        shop.push_outbox()
    finally:
        front.close()


def _make_past(where: Places, lines: int) -> None:
    """One day through the store's own code, then that day again and again, further and further back, by SQL.

    What the platform has long heard (ledger and outbox of those days) is left away: it lies at nobody's start.
    """
    days = lines // (SALES_A_DAY * LINES_A_SALE)
    if not days:
        return
    books = books_of(where)
    yesterday = datetime.now(UTC).replace(hour=4, minute=0) - timedelta(days=1)
    with books.open_books() as opened:
        goods = [p for p in opened.catalogue.find("", None, 1_000) if p.kind is ProductKind.CODE]
        goods = [p for p in goods if p.allows(1)]
        chance = random.Random(1)
        for number in range(SALES_A_DAY):
            at = yesterday + timedelta(minutes=number)
            _sell(opened, days, number, at, chance.sample(goods, LINES_A_SALE))
        opened._connection.run("INSERT INTO counters VALUES ('receipt', ?)", (days * SALES_A_DAY,))
        opened.commit()
    statements = _copying(books)
    for start in range(1, days, _DAYS_AT_ONCE):
        with books.open_books() as opened:
            for day in range(start, min(start + _DAYS_AT_ONCE, days)):
                moved = {"day": day, "back": days - day, "sales": SALES_A_DAY}
                for statement in statements:
                    opened._connection.run(statement, moved)  # type: ignore[arg-type]  # by name, as SQLite can
            opened.commit()
        books.checkpoint()
    books.close()


def _sell(opened: Any, day: int, number: int, at: datetime, goods: list[Product]) -> None:
    """A sale that is over: paid, printed, its codes shredded."""
    sale_id, date = _id(day, number, 0), (at + timedelta(hours=8)).date()
    sale = Sale(sale_id, "CNY")
    for place, product in enumerate(goods):
        sale = sale.with_product(product, 1, _id(day, number, 1 + place))
    sale = sale.started(at, "owner", "past", date).moved_to(SaleState.RESERVED)
    sale = sale.paid(
        (pay_cash(sale.total, sale.total),), at, f"T1-{(day - 1) * SALES_A_DAY + number + 1:06d}"
    )
    for state in (SaleState.CONFIRMING, SaleState.HAVE, SaleState.DONE):
        sale = sale.moved_to(state)
    opened.sales.put(sale)
    receipt = Paper(_id(day, number, 9), PaperKind.RECEIPT, sale_id, sale_id, 1, PaperState.PRINTED, at)
    opened.papers.put(receipt)
    for place, line in enumerate(sale.lines):
        card = CardCode(
            _id(day, number, 3 + place),
            sale_id,
            line.line_id,
            line.product.id,
            Payload.NUMBER_PIN,
            line.product.face,
            None,
            CardState.PRINTED,
            1,
            at,
        )
        opened.cards.put(card)
        slip = Paper(
            _id(day, number, 6 + place), PaperKind.CODE, sale_id, card.card_id, 1, PaperState.PRINTED, at
        )
        opened.papers.put(slip)


def _copying(books: TillBooks) -> list[str]:
    """One statement a table: the rows of the model day once more, under ids and dates of `:day`."""
    made = []
    with books.open_to_read() as opened:
        ask = opened._connection.run
        model = ask("SELECT substr(min(id), 1, 8), min(business_date) FROM sales").one()
        for table in _OF_A_DAY:
            names = [str(name) for name in ask(f"SELECT name FROM pragma_table_info('{table}')").scalars()]
            names = [name for name in names if name != "num"]
            values = ", ".join(_MOVED.get(name, "{name}").format(name=f'"{name}"') for name in names)
            which = (
                f"day = '{model[1]}'"
                if "day" in names
                else f"{'sale_id' if 'sale_id' in names else 'id'} GLOB '{model[0]}-*'"
            )
            quoted = ", ".join(f'"{name}"' for name in names)
            made.append(f"INSERT INTO {table} ({quoted}) SELECT {values} FROM {table} WHERE {which}")
    return made


def _id(day: int, number: int, place: int) -> str:
    """Days come first, so that ids rise as UUIDv7 do."""
    return f"{day:08x}-{number:04x}-7000-8{place:03d}-000000000000"
