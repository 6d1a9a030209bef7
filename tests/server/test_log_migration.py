"""A database from before the logs has them after the step, over every entry that it held, and its former keys by name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from platform_server.domain.ledger import LedgerEntry
from platform_server.domain.merkle import TreeEdge, leaf_hash
from platform_server.store import migrate
from platform_server.store.logs import LEVELS, read_edge
from platform_server.store.postgres_store import read_url
from tests.fakes.platform_ledger import TillLedger
from tests.server.conftest import KEY
from tests.server.old_schema import bring_to

SHOPS = """
INSERT INTO shops (id, name, currency) VALUES ('shop', 'Shop', 'CNY'), ('next', 'Next', 'CNY'), ('new', 'New', 'CNY');
INSERT INTO tills (id, shop_id, code, name, epoch, sign_key, seal_key, state, previous_sign_key) VALUES
    ('t1', 'shop', 'T1', 'T', 2, {b}, {b}, 'ACTIVE', {a}), ('t2', 'shop', 'T2', 'T', 1, {b}, {b}, 'ACTIVE', NULL),
    ('t3', 'next', 'T1', 'T', 2, {b}, {b}, 'ACTIVE', {a});
INSERT INTO till_keys (keyid, till_id, public_key, scopes, epoch, not_before) VALUES
    ('t1', 't1', {b}, 'read,sell', 2, 77), ('t2', 't2', {b}, 'read,sell', 1, 0)
"""


@pytest.fixture(params=["sqlite", "postgres"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Connection]:
    """A database as the step before leaves it."""
    if request.param == "sqlite":
        with migrate.open_file(tmp_path / "platform.db", KEY) as connection:
            yield connection
        return
    server = request.getfixturevalue("postgres")
    with server.database("template0") as url:
        engine = create_engine(read_url(url), poolclass=NullPool)
        with engine.connect() as connection:
            yield connection
        engine.dispose()


def test_entries_of_before_are_in_the_log_in_the_order_in_which_they_came(old: Connection) -> None:
    a, b = ("'\\x00'::bytea", "'\\x01'::bytea") if old.dialect.name == "postgresql" else ("x'00'", "x'01'")
    bring_to(old, "0013", SHOPS.format(a=a, b=b).split(";"))
    ledgers = {name: TillLedger(name, 1) for name in ("t1", "t2", "t3")}
    came = [("t1", 200), ("t2", 3), ("t1", 100), ("t3", 1)]
    order: list[LedgerEntry] = []
    for moment, (name, count) in enumerate(came):
        for _ in range(count):
            ledgers[name].write("note", {"of": name})
            link = ledgers[name].links[-1]
            row = {"till": name, "seq": link.seq, "prev": link.prev, "hash": link.hash, "text": link.text}
            old.execute(
                text("INSERT INTO ledger_entries VALUES (:till, 1, :seq, :prev, :hash, :text, :at)"),
                {**row, "at": moment},
            )
            order.append(link)
    migrate._run_steps(old)

    whole, nodes = TreeEdge().grown(leaf_hash(link.text) for link in order[:303])
    log = old.execute(text("SELECT size, peaks FROM shop_logs WHERE shop_id = 'shop'")).one()
    assert read_edge(log.size, bytes(log.peaks)) == whole
    leaves = old.execute(text("SELECT * FROM log_leaves WHERE shop_id = 'shop' ORDER BY place")).all()
    assert [(leaf.place, bytes(leaf.hash)) for leaf in leaves] == [
        (place, leaf_hash(link.text)) for place, link in enumerate(order[:303])
    ]
    assert [(leaf.till_id, leaf.epoch, leaf.seq) for leaf in leaves] == [
        (json.loads(link.text)["till"], 1, link.seq) for link in order[:303]
    ]
    kept = old.execute(text("SELECT level, place, hash FROM log_nodes WHERE shop_id = 'shop'")).all()
    assert [(node.level, node.place, bytes(node.hash)) for node in kept] == [
        (node.level, node.index, node.hash) for node in nodes if node.level % LEVELS == 0
    ]
    assert kept
    alone = old.execute(text("SELECT size, peaks FROM shop_logs WHERE shop_id = 'next'")).one()
    first = hashlib.sha256(b"\x00" + ledgers["t3"].links[0].text).digest()
    assert (alone.size, bytes(alone.peaks)) == (1, first)
    assert old.execute(text("SELECT count(*) FROM shop_logs")).scalar() == 2
    query = (
        "SELECT till_id, public_key, epoch, not_after FROM till_keys WHERE keyid <> till_id ORDER BY till_id"
    )
    former = [
        (row.till_id, bytes(row.public_key), row.epoch, row.not_after) for row in old.execute(text(query))
    ]
    assert former == [("t1", b"\x00", 1, 77), ("t3", b"\x00", 1, None)]
    old.rollback()
