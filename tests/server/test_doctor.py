"""The doctor finds each planted breach, and nothing in a healthy store."""

from pathlib import Path

import pytest

from platform_server.domain.actions import Action, Authority
from platform_server.domain.goods import CodeLotDraft
from platform_server.domain.policies import read_policy
from platform_server.flows.doctor import Doctor
from platform_server.flows.keep_policies import KeepPolicies
from platform_server.flows.put_products import PutProducts
from platform_server.ports.sale_shelves import INVARIANTS
from platform_server.store.sqlite_file import connect
from platform_server.store.sqlite_store import SqliteStore
from tests.fakes.platform_goods import PROVENANCE, TOP_UP, lot, product
from tests.server.after_sales import Desk
from tests.server.conftest import KEY, Counter
from tests.server.leasing import Leasing, ids

pytestmark = pytest.mark.anyio

PLANTED = [
    ("journals", "UPDATE postings SET amount_minor = amount_minor + 1 WHERE account LIKE 'platform:%'"),
    ("balances", "UPDATE wallets SET balance_minor = balance_minor + 1"),
    ("holds", "UPDATE wallets SET held_minor = held_minor + 1"),
    ("credit", "UPDATE wallets SET credit_limit_minor = -2000000"),
    ("conservation", "DELETE FROM cards WHERE state = 'AVAILABLE'"),
    ("conservation", "UPDATE cards SET product_id = 'other' WHERE state = 'SOLD'"),
    ("stock", "UPDATE products SET stock = stock + 1 WHERE kind = 'code'"),
    ("allocation", "UPDATE cards SET reservation_id = NULL WHERE state = 'SOLD'"),
    ("allocation", "UPDATE cards SET line_id = 'x' WHERE state = 'RESERVED'"),
    ("allocation", "UPDATE cards SET state = 'AVAILABLE' WHERE state = 'SOLD'"),
    ("allocation", "UPDATE reservation_lines SET quantity = 2 WHERE NOT is_top_up"),
    ("top_ups", "DELETE FROM top_ups"),
    ("top_ups", "UPDATE top_ups SET state = 'FAILED_FINAL'"),
    ("top_ups", "UPDATE top_ups SET state = 'REVERSED'"),
    ("late_successes", "UPDATE top_ups SET late_success = TRUE"),
    ("late_successes", "UPDATE top_ups SET state = 'REVERSED'"),
    (
        "late_successes",
        (
            "UPDATE journals SET kind = 'top_up_loss', reference = (SELECT id FROM top_ups) WHERE"
            " kind = 'sale' AND reference = (SELECT reservation_id FROM top_ups)"
        ),
    ),
    ("top_up_requests", "UPDATE top_ups SET request = x'00'"),
    (
        "top_up_requests",
        (
            "INSERT INTO top_up_attempts (top_up_id, number, kind, sent_at, digest)"
            " SELECT id, 1, 'submit', 0, 'a' FROM top_ups; "
            "INSERT INTO top_up_attempts (top_up_id, number, kind, sent_at, digest)"
            " SELECT id, 2, 'submit', 0, 'b' FROM top_ups"
        ),
    ),
    ("refunds", "UPDATE reservation_lines SET refunded_minor = -1"),
    ("refunds", "UPDATE reservation_lines SET refunded_minor = 9500 WHERE NOT is_top_up"),
    ("refunds", "DELETE FROM journals WHERE kind = 'claim_back'"),
    ("refunds", "UPDATE claims SET outcome = 'reissue'"),
    ("voids", "UPDATE cards SET state = 'DELIVERED' WHERE state = 'VOID'"),
    ("voids", "UPDATE cards SET state = 'VOID' WHERE state = 'AVAILABLE'"),
    ("voids", "UPDATE claims SET outcome = 'reissue'"),
    ("ledger", "UPDATE ledger_entries SET text = x'7b7d'"),
    ("ledger", "UPDATE ledger_entries SET seq = 2"),
    ("actions", "UPDATE actions SET reason = 'another'"),
    ("actions", "DELETE FROM actions"),
    (
        "settlements",
        (
            "INSERT INTO settlements (shop_id, day, zone, change_hour, made_at, line_count, charged_minor, "
            "returned_minor, currency, digest, keyid, signature) "
            "VALUES ('shop', '2026-11-22', 'Asia/Shanghai', 0, 0, 1, 1, 0, 'CNY', '', '', x'00')"
        ),
    ),
    ("storage", "UPDATE batches SET product_id = 'gone'"),
    ("vault", "UPDATE cards SET version = 2"),
    ("vault", "UPDATE batches SET face_minor = 1"),
    ("conservation", "DELETE FROM cards WHERE source_id IS NOT NULL"),
    ("conservation", "DELETE FROM cards WHERE state = 'IN_KIT'"),
    ("stock", "UPDATE cards SET state = 'QUARANTINED' WHERE state = 'MASTER'"),
    ("allocation", "UPDATE cards SET state = 'AVAILABLE' WHERE state = 'IN_KIT'"),
    ("allocation", "UPDATE cards SET line_id = 'x' WHERE kit_id <> id AND state = 'SOLD'"),
    ("allocation", "UPDATE cards SET reservation_id = NULL WHERE kit_id <> id AND state = 'SOLD'"),
    ("allocation", "UPDATE cards SET reservation_id = 'x' WHERE state = 'IN_KIT'"),
    ("vault", "UPDATE cards SET box = x'00' WHERE state = 'MASTER'"),
    ("limits", "UPDATE policy_counters SET count = 3"),
    ("limits", "UPDATE policy_counters SET most = 0"),
    ("limits", "UPDATE policy_uses SET amount_minor = 1"),
    ("limits", "UPDATE reservations SET state = 'EXPIRED' WHERE state = 'SOLD'"),
    ("holds", "UPDATE lease_cards SET cost_minor = 1 WHERE state = 'LEASED'"),
    ("allocation", "UPDATE lease_cards SET state = 'RETURNED' WHERE state = 'SOLD'"),
    ("leases", "UPDATE cards SET state = 'AVAILABLE' WHERE state = 'LEASED'"),
    ("leases", "UPDATE cards SET reservation_id = 'x' WHERE state = 'LEASED'"),
    ("leases", "UPDATE lease_cards SET state = 'RETURNED' WHERE state = 'LEASED'"),
    ("leases", "UPDATE lease_cards SET state = 'QUARANTINED' WHERE state = 'LEASED'"),
    ("leases", "UPDATE lease_cards SET cost_minor = 1 WHERE state = 'SOLD'"),
    ("leases", "UPDATE lease_cards SET journal_id = NULL"),
    ("leases", "UPDATE tills SET epoch = epoch + 1"),
    ("leases", "UPDATE tills SET state = 'REVOKED'"),
    ("leases", "UPDATE leases SET fenced_at = 1"),
    ("leases", "UPDATE leases SET most = 0"),
    ("leases", "UPDATE leases SET most_minor = 1"),
    (
        "leases",
        (
            "INSERT INTO leases (id, shop_id, till_id, lease_id, epoch, granted_at, expires_at, most, most_minor,"
            " currency) SELECT 'x', shop_id, till_id, 'x', epoch, granted_at, expires_at, 9, 900000, currency"
            " FROM leases; INSERT INTO lease_cards (lease_id, card_id, product_id, face_minor, cost_minor, currency,"
            " leased_at, changed_at, state) SELECT 'x', card_id, product_id, face_minor, cost_minor, currency,"
            " leased_at, changed_at, 'LEASED' FROM lease_cards WHERE state = 'SOLD'"
        ),
    ),
    (
        "unique_codes",
        (
            "CREATE TABLE twice AS SELECT * FROM cards; DROP TABLE cards; ALTER TABLE twice RENAME TO cards; "
            "UPDATE cards SET fingerprint = 'same'"
        ),
    ),
]


KIT, LOOP, TICKET = (f"019393a1-0000-7000-8000-00000000000{n}" for n in (1, 2, 3))


async def stock_other_kinds(shop: Counter) -> None:
    """A kit sold and one on the shelf, a loop, a repeatable code."""
    put = PutProducts(shop.open_books, shop.clock)
    await put([product(KIT, card_kind="kit", parts=2), product(LOOP, card_kind="loop")])
    await put([product(TICKET, card_kind="repeatable", uses=2)])
    kits = tuple(lot(2, start=start).cards for start in (700, 800))
    drafts = [CodeLotDraft(KIT, "K", (), PROVENANCE, kits), lot(1, LOOP, 900), lot(1, TICKET, 950)]
    await shop.import_codes(drafts)


@pytest.mark.parametrize(("name", "sin"), PLANTED)
async def test_a_planted_breach_is_found(name: str, sin: str, sql_store: SqliteStore, tmp_path: Path) -> None:
    shop = Counter(sql_store.open_books, sql_store.peek_books, sql_store.spend_nonce)
    await shop.open()
    await stock_other_kinds(shop)
    told = {"per": "shop", "window": "day", "most": 9, "most_amount": {"minor": 900_000, "currency": "CNY"}}
    policy = read_policy({"id": "day", "scope": "platform", "kind": "velocity", "parameters": told})
    await KeepPolicies(shop.open_books, shop.clock).put([policy], Authority("test", "a limit"))
    await shop.reserve("open")
    await shop.reserve("sold", shop.line(), shop.line(TOP_UP, "2"), shop.line(KIT, "3"), shop.line(LOOP, "4"))
    await shop.confirm("sold")
    desk = Desk(shop)
    (card,) = await desk.sell("claimed")
    await desk.approve((await desk.claim("claimed", card)).claim)
    till = Leasing(shop)
    till.sell(ids(await till.grant(count=2))[0], "offline")
    await till.push()
    async with shop.open_books() as books:
        await books.actions.append(Action(shop.clock.now(), "owner", None, "tried", "shop:shop", "a test"))
        await books.commit()
    await shop.check()
    raw = connect(tmp_path / "platform.db", KEY)
    raw.execute("PRAGMA foreign_keys = OFF")
    for statement in sin.split("; "):
        raw.execute(statement)
    raw.close()
    findings = await Doctor(shop.peek_books, shop.vault)()
    assert name in {finding.name for finding in findings if not finding.holds}


def test_every_invariant_is_planted_against() -> None:
    assert {name for name, _ in PLANTED} == {*INVARIANTS, "vault"}
