"""What stood in the books before prices and settlements is found again after the step."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from platform_server.store import migrate
from platform_server.store.sqlite_file import connect
from tests.server.conftest import KEY
from tests.server.old_schema import leave_file

BEFORE = """
INSERT INTO shops (id, name, currency) VALUES ('shop', 'Shop', 'CNY');
INSERT INTO wallets (shop_id, currency, balance_minor, held_minor, credit_limit_minor) VALUES ('shop', 'CNY', 5, 2, 0);
INSERT INTO journals (id, shop_id, kind, reference, at) VALUES
    ('j1', 'shop', 'funding', 'shop:x', 1), ('j2', 'shop', 'sale', 'r1', 2),
    ('j3', 'shop', 'top_up_back', 't1', 3), ('j4', 'shop', 'sale_back', 'r1', 4);
INSERT INTO tills (id, shop_id, code, name, epoch, sign_key, seal_key, state)
    VALUES ('till', 'shop', 'T1', 'T', 1, x'00', x'00', 'ACTIVE');
INSERT INTO reservations (id, shop_id, till_id, sale_id, state, attempt, epoch, business_date, held_minor, currency,
    expires_at, changed_at) VALUES ('r1', 'shop', 'till', 's', 'CANCELLED', 1, 1, '2026-11-22', 0, 'CNY', 0, 0);
INSERT INTO top_ups (id, reservation_id, shop_id, line_id, product_id, account, face_minor, cost_minor, currency, state,
    reference, accepted_at, next_at, tries, taken_until) VALUES
    ('t1', 'r1', 'shop', '2', 'p', 'a', 1, 1, 'CNY', 'FAILED_FINAL', 'TU1', 0, 0, 0, 0)
"""


def test_journals_find_the_sale_they_are_about_and_a_hold_is_never_negative(tmp_path: Path) -> None:
    path = tmp_path / "platform.db"
    leave_file(path, "0005", BEFORE)
    migrate.upgrade_file(path, KEY, tmp_path / "backups")
    raw = connect(path, KEY)
    told = raw.execute("SELECT id, actor, note, reservation_id, line_id FROM journals ORDER BY id").fetchall()
    assert told == [
        ("j1", "platform", "", None, None),
        ("j2", "platform", "", "r1", None),
        ("j3", "platform", "", "r1", "2"),
        ("j4", "platform", "", "r1", None),
    ]
    with pytest.raises(dbapi2.IntegrityError, match="wallets_hold"):
        raw.execute("UPDATE wallets SET held_minor = held_minor - 3")
    assert raw.execute("SELECT balance_minor, held_minor FROM wallets").fetchall() == [(5, 2)]
