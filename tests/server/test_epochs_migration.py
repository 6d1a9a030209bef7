"""Ledgers and incidents from before each epoch had a chain of its own are found again after the step."""

from __future__ import annotations

from pathlib import Path

from platform_server.store import migrate
from platform_server.store.sqlite_file import connect
from tests.server.conftest import KEY
from tests.server.old_schema import leave_file

BEFORE = """
INSERT INTO shops (id, name, currency) VALUES ('shop', 'Shop', 'CNY');
INSERT INTO tills (id, shop_id, code, name, epoch, sign_key, seal_key, state) VALUES
    ('t1', 'shop', 'T1', 'T', 3, x'00', x'00', 'ACTIVE'), ('t2', 'shop', 'T2', 'T', 1, x'00', x'00', 'ACTIVE');
INSERT INTO ledger_entries (till_id, seq, prev, hash, text, received_at) VALUES
    ('t1', 1, 'p', 'a', CAST('{"epoch":2}' AS BLOB), 5), ('t1', 2, 'a', 'b', CAST('{"epoch":3}' AS BLOB), 6),
    ('t2', 1, 'p', 'c', CAST('{}' AS BLOB), 7);
INSERT INTO ledger_heads (till_id, seq, hash) VALUES ('t1', 2, 'b'), ('t2', 1, 'c');
INSERT INTO incidents (till_id, kind, seq, shop_id, what, at) VALUES
    ('t1', 'ledger_fork', 2, 'shop', 'w', 8), ('top-up', 'top_up_reversed', 0, 'shop', 'w', 9)
"""


def test_a_chain_stays_whole_and_incidents_stay_apart(tmp_path: Path) -> None:
    path = tmp_path / "platform.db"
    leave_file(path, "0012", BEFORE)
    migrate.upgrade_file(path, KEY, tmp_path / "backups")
    raw = connect(path, KEY)
    entries = raw.execute("SELECT till_id, epoch, seq, hash, received_at FROM ledger_entries").fetchall()
    assert entries == [("t1", 2, 1, "a", 5), ("t1", 2, 2, "b", 6), ("t2", 1, 1, "c", 7)]
    heads = raw.execute("SELECT till_id, epoch, seq, hash FROM ledger_heads ORDER BY till_id").fetchall()
    assert heads == [("t1", 2, 2, "b"), ("t2", 1, 1, "c")]
    incidents = raw.execute("SELECT till_id, kind, epoch, seq, at FROM incidents ORDER BY at").fetchall()
    assert incidents == [("t1", "ledger_fork", 3, 2, 8), ("top-up", "top_up_reversed", 0, 0, 9)]
