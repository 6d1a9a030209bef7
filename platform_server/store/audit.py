"""Incidents in SQL, and the invariants as questions whose answer must be empty."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.actions import Authority
from platform_server.domain.cards import CardState
from platform_server.domain.ledger import FIRST_PREV, LedgerEntry, Strange
from platform_server.store.actions import SqlActions
from platform_server.store.dialect import insert_if_absent, lift_time_limit, storage_faults
from platform_server.store.effect_questions import EFFECT_QUESTIONS
from platform_server.store.instants import to_micros
from platform_server.store.logs import log_faults
from platform_server.store.tables import cards, incidents, ledger_entries

_QUESTIONS = {
    **EFFECT_QUESTIONS,
    "journals": """
        SELECT 'journal ' || journal_id || ' adds up to ' || sum(amount_minor) FROM postings
        GROUP BY journal_id HAVING sum(amount_minor) <> 0""",
    "balances": """
        SELECT 'shop ' || w.shop_id || ' has ' || w.balance_minor || ', postings say ' || coalesce(p.total, 0)
        FROM wallets w LEFT JOIN (SELECT account, sum(amount_minor) AS total FROM postings GROUP BY account) p
        ON p.account = 'wallet:' || w.shop_id WHERE w.balance_minor <> coalesce(p.total, 0)""",
    "holds": """
        SELECT 'shop ' || w.shop_id || ' holds ' || w.held_minor || ', reservations hold ' || coalesce(r.total, 0)
            || ', leases ' || coalesce(l.total, 0)
        FROM wallets w LEFT JOIN (SELECT shop_id, sum(held_minor) AS total FROM reservations GROUP BY shop_id) r
        ON r.shop_id = w.shop_id
        LEFT JOIN (SELECT s.shop_id, sum(k.cost_minor) AS total FROM leases s JOIN lease_cards k ON k.lease_id = s.id
             WHERE k.state IN ('LEASED','QUARANTINED') GROUP BY s.shop_id) l ON l.shop_id = w.shop_id
        WHERE w.held_minor <> coalesce(r.total, 0) + coalesce(l.total, 0)""",
    "credit": """
        SELECT 'shop ' || shop_id || ' is below its limit' FROM wallets
        WHERE held_minor < 0 OR balance_minor - held_minor + credit_limit_minor < 0""",
    "conservation": """
        SELECT 'batch ' || b.id || ' came with ' || b.count || ' codes of ' || b.uses || ' uses, has ' || count(c.id)
        FROM batches b LEFT JOIN cards c ON c.batch_id = b.id AND c.product_id = b.product_id
        GROUP BY b.id, b.count, b.uses
        HAVING count(CASE WHEN c.source_id IS NULL THEN c.id END) <> b.count
            OR (b.uses > 0 AND count(c.id) <> b.count * b.uses)""",
    "stock": """
        SELECT 'product ' || p.id || ' shows ' || p.stock || ', has ' || coalesce(c.free, 0) FROM products p
        LEFT JOIN (SELECT product_id, sum(CASE WHEN state = 'MASTER' THEN 101 ELSE 1 END) AS free FROM cards
                   WHERE state IN ('AVAILABLE','MASTER') GROUP BY product_id) c
        ON c.product_id = p.id WHERE p.kind = 'code' AND p.stock <> coalesce(c.free, 0)""",
    "unique_codes": """
        SELECT 'a code is there ' || count(*) || ' times' FROM cards GROUP BY fingerprint HAVING count(*) > 1""",
    "allocation": """
        SELECT 'sale ' || r.sale_id || ' line ' || l.line_id || ' bought ' || l.quantity || ', has ' || count(c.id)
        FROM reservations r JOIN reservation_lines l ON l.reservation_id = r.id
        LEFT JOIN cards c ON c.reservation_id = r.id AND c.line_id = l.line_id AND c.product_id = l.product_id
             AND c.state = r.state AND (c.kit_id IS NULL OR c.kit_id = c.id)
        LEFT JOIN (SELECT reservation_id, line_id, count(*) AS gone FROM claims
             WHERE state = 'APPROVED' AND outcome = 'refund' AND card_id IS NOT NULL GROUP BY reservation_id, line_id) k
             ON k.reservation_id = r.id AND k.line_id = l.line_id
        WHERE r.state IN ('RESERVED','SOLD','DELIVERED') AND NOT l.is_top_up
        GROUP BY r.id, r.sale_id, l.line_id, l.quantity, k.gone HAVING count(c.id) + coalesce(k.gone, 0) <> l.quantity
        UNION ALL
        SELECT 'card ' || c.id || ' is ' || c.state || ' without a sale' FROM cards c
        LEFT JOIN reservations r ON r.id = c.reservation_id
        WHERE (c.state IN ('SOLD','DELIVERED') AND (r.id IS NULL OR r.state NOT IN ('SOLD','DELIVERED'))
               AND NOT EXISTS (SELECT 1 FROM lease_cards k WHERE k.lease_id = c.reservation_id
                               AND k.card_id = coalesce(c.kit_id, c.id) AND k.state = 'SOLD' AND c.state = 'DELIVERED'))
           OR (c.state IN ('AVAILABLE','EXPIRED','IN_KIT','MASTER') AND c.reservation_id IS NOT NULL)
           OR (c.state = 'RESERVED' AND (r.id IS NULL OR r.state <> 'RESERVED'))
        UNION ALL
        SELECT 'card ' || c.id || ' is ' || c.state || ', its kit is ' || k.state FROM cards c
        JOIN cards k ON k.id = c.kit_id
        WHERE c.kit_id IS NOT NULL AND c.kit_id <> c.id
          AND (coalesce(c.reservation_id, '') <> coalesce(k.reservation_id, '')
            OR coalesce(c.line_id, '') <> coalesce(k.line_id, '')
            OR (c.state = 'IN_KIT') <> (k.state = 'AVAILABLE'))""",
    "leases": """
        SELECT 'card ' || c.id || ' is LEASED, and in no live lease' FROM cards c
        LEFT JOIN lease_cards k ON k.card_id = coalesce(c.kit_id, c.id) AND k.lease_id = c.reservation_id
             AND k.state = 'LEASED' WHERE c.state = 'LEASED' AND k.card_id IS NULL
        UNION ALL
        SELECT 'card ' || k.card_id || ' is ' || k.state || ' in its lease, and ' || coalesce(c.state, 'gone')
        FROM lease_cards k LEFT JOIN cards c ON c.id = k.card_id
        WHERE k.state <> 'RETURNED' AND (coalesce(c.reservation_id, '') <> k.lease_id
            OR coalesce(c.state, '') <> CASE WHEN k.state = 'SOLD' THEN 'DELIVERED' ELSE k.state END)
        UNION ALL
        SELECT 'card ' || card_id || ' is in ' || count(*) || ' leases' FROM lease_cards
        WHERE state <> 'RETURNED' GROUP BY card_id HAVING count(*) > 1
        UNION ALL
        SELECT 'card ' || k.card_id || ' is LEASED to a till of another epoch' FROM lease_cards k
        JOIN leases l ON l.id = k.lease_id JOIN tills t ON t.id = l.till_id
        WHERE k.state = 'LEASED' AND (l.fenced_at IS NOT NULL OR l.epoch <> t.epoch OR t.state <> 'ACTIVE')
        UNION ALL
        SELECT 'till ' || l.till_id || ' holds ' || o.held || ' cards of ' || o.face FROM leases l
        JOIN (SELECT s.till_id, count(*) AS held, sum(k.face_minor) AS face FROM leases s
              JOIN lease_cards k ON k.lease_id = s.id WHERE k.state = 'LEASED' GROUP BY s.till_id) o
        ON o.till_id = l.till_id GROUP BY l.till_id, o.held, o.face
        HAVING o.held > max(l.most) OR o.face > max(l.most_minor)
        UNION ALL
        SELECT 'card ' || k.card_id || ' is ' || k.state || ' at ' || k.cost_minor || ', its journal '
            || coalesce(-p.amount_minor, 0) FROM lease_cards k JOIN leases l ON l.id = k.lease_id
        LEFT JOIN journals j ON j.id = k.journal_id AND j.kind = 'lease_sale'
        LEFT JOIN postings p ON p.journal_id = j.id AND p.account = 'wallet:' || l.shop_id
        WHERE coalesce(-p.amount_minor, 0) <> CASE WHEN k.state = 'SOLD' THEN k.cost_minor ELSE 0 END
        UNION ALL
        SELECT 'journal ' || j.id || ' paid for no leased card' FROM journals j
        LEFT JOIN lease_cards k ON k.journal_id = j.id WHERE j.kind = 'lease_sale' AND k.card_id IS NULL""",
    "top_ups": """
        SELECT 'sale ' || r.sale_id || ' line ' || l.line_id || ' has ' || count(t.id) || ' orders'
        FROM reservations r JOIN reservation_lines l ON l.reservation_id = r.id
        LEFT JOIN top_ups t ON t.reservation_id = r.id AND t.line_id = l.line_id
        WHERE r.state IN ('SOLD','DELIVERED') AND l.is_top_up GROUP BY r.id, r.sale_id, l.line_id HAVING count(t.id) <> 1
        UNION ALL
        SELECT 'top-up ' || t.reference || ' is ' || t.state || ', money back ' || l.refunded_minor FROM top_ups t
        JOIN reservation_lines l ON l.reservation_id = t.reservation_id AND l.line_id = t.line_id
        LEFT JOIN journals j ON j.kind = 'top_up_back' AND j.reference = t.id
        WHERE (t.state IN ('FAILED_FINAL','REVERSED') AND l.refunded_minor <> t.cost_minor)
           OR (t.state NOT IN ('FAILED_FINAL','REVERSED') AND j.id IS NOT NULL)""",
    "late_successes": """
        SELECT 'top-up ' || t.reference || ' succeeded after its money went back, without incident or loss'
        FROM top_ups t LEFT JOIN journals j ON j.kind = 'top_up_loss' AND j.reference = t.id
        LEFT JOIN incidents i ON i.till_id = t.id AND i.kind = 'top_up_late_success'
        WHERE (t.late_success AND (j.id IS NULL OR i.kind IS NULL)) OR (NOT t.late_success AND j.id IS NOT NULL)
        UNION ALL
        SELECT 'top-up ' || t.reference || ' was reversed without incident' FROM top_ups t
        LEFT JOIN incidents i ON i.till_id = t.id AND i.kind = 'top_up_reversed'
        WHERE t.state = 'REVERSED' AND i.kind IS NULL""",
    "top_up_requests": """
        SELECT 'top-up ' || top_up_id || ' went out in ' || count(DISTINCT digest) || ' contents'
        FROM top_up_attempts WHERE kind = 'submit' GROUP BY top_up_id HAVING count(DISTINCT digest) <> 1
        UNION ALL
        SELECT 'top-up ' || t.reference || ' went out without a note' FROM top_ups t
        LEFT JOIN top_up_attempts a ON a.top_up_id = t.id AND a.kind = 'submit'
        WHERE t.request IS NOT NULL AND a.kind IS NULL""",
    "settlements": """
        SELECT 'shop ' || s.shop_id || ' day ' || s.day || ' charged ' || s.charged_minor || ' less '
            || s.returned_minor || ', its journals ' || -coalesce(m.total, 0) FROM settlements s
        LEFT JOIN (SELECT d.shop_id, d.day, sum(p.amount_minor) AS total FROM settled_journals d
            JOIN postings p ON p.journal_id = d.journal_id AND p.account LIKE 'wallet:%'
            GROUP BY d.shop_id, d.day) m ON m.shop_id = s.shop_id AND m.day = s.day
        WHERE s.charged_minor - s.returned_minor <> -coalesce(m.total, 0)""",
    "limits": """
        SELECT 'a counter of policy ' || policy_id || ' is at ' || count || ' and ' || amount_minor FROM policy_counters
        WHERE count < 0 OR amount_minor < 0 OR count > most OR amount_minor > most_minor
        UNION ALL
        SELECT 'a counter of policy ' || c.policy_id || ' is at ' || c.count || ', its uses at ' || coalesce(u.count, 0)
        FROM policy_counters c
        LEFT JOIN (SELECT policy_id, subject, window_start, sum(count) AS count, sum(amount_minor) AS amount_minor
                   FROM policy_uses WHERE is_live GROUP BY policy_id, subject, window_start) u
        ON u.policy_id = c.policy_id AND u.subject = c.subject AND u.window_start = c.window_start
        WHERE c.window_start <> 0
          AND (c.count <> coalesce(u.count, 0) OR c.amount_minor <> coalesce(u.amount_minor, 0))
        UNION ALL
        SELECT 'reservation ' || u.reservation_id || ' is over and still counts for policy ' || u.policy_id
        FROM policy_uses u LEFT JOIN reservations r ON r.id = u.reservation_id
        WHERE u.is_live AND (r.id IS NULL OR r.state = 'EXPIRED')""",
    "refunds": """
        SELECT 'reservation ' || reservation_id || ' line ' || line_id || ' gave back ' || refunded_minor
        FROM reservation_lines WHERE refunded_minor < 0 OR refunded_minor > unit_cost_minor * quantity
        UNION ALL
        SELECT 'reservation ' || l.reservation_id || ' counts ' || l.total || ' back, journals say ' || coalesce(g.total, 0)
        FROM (SELECT reservation_id, sum(refunded_minor) AS total FROM reservation_lines GROUP BY reservation_id) l
        LEFT JOIN (
            SELECT b.reservation_id, sum(p.amount_minor) AS total FROM (
                SELECT id, shop_id, reference AS reservation_id FROM journals WHERE kind = 'sale_back'
                UNION ALL SELECT j.id, j.shop_id, t.reservation_id FROM journals j JOIN top_ups t
                ON t.id = j.reference WHERE j.kind = 'top_up_back'
                UNION ALL SELECT j.id, j.shop_id, c.reservation_id FROM journals j JOIN claims c
                ON c.id = j.reference WHERE j.kind = 'claim_back') b
            JOIN postings p ON p.journal_id = b.id AND p.account = 'wallet:' || b.shop_id
            GROUP BY b.reservation_id) g ON g.reservation_id = l.reservation_id
        WHERE l.total <> coalesce(g.total, 0)
        UNION ALL
        SELECT 'claim ' || c.id || ' is ' || c.state || ', money back ' || count(j.id) FROM claims c
        LEFT JOIN journals j ON j.kind = 'claim_back' AND j.reference = c.id GROUP BY c.id, c.state, c.outcome
        HAVING count(j.id) <> CASE WHEN c.state = 'APPROVED' AND c.outcome = 'refund' THEN 1 ELSE 0 END""",
    "voids": """
        SELECT 'claim ' || k.id || ' was approved, its card is ' || c.state FROM claims k
        JOIN cards c ON c.id = k.card_id WHERE k.state = 'APPROVED' AND c.state <> 'VOID'
        UNION ALL
        SELECT 'claim ' || k.id || ' has no new card' FROM claims k LEFT JOIN cards c ON c.id = k.new_card_id
             AND c.reservation_id = k.reservation_id AND c.line_id = k.line_id
        WHERE k.state = 'APPROVED' AND k.outcome = 'reissue' AND c.id IS NULL
        UNION ALL
        SELECT 'card ' || c.id || ' is VOID and nobody did it' FROM cards c WHERE c.state = 'VOID' AND NOT EXISTS (
            SELECT 1 FROM actions a WHERE a.subject = 'card:' || coalesce(c.kit_id, c.id) AND a.what = 'card_voided')
        UNION ALL
        SELECT 'card ' || c.id || ' was made void and is ' || c.state FROM actions a
        JOIN cards c ON c.id = substr(a.subject, 6) WHERE a.what = 'card_voided' AND c.state <> 'VOID'""",
}

_CUT_OFF = """
    SELECT 'till ' || h.till_id || ' was in epoch ' || h.epoch || ' at ' || h.seq || ' and ends at '
        || coalesce(e.seq, 0) FROM ledger_heads h
    LEFT JOIN (SELECT till_id, epoch, max(seq) AS seq FROM ledger_entries GROUP BY till_id, epoch) e
        ON e.till_id = h.till_id AND e.epoch = h.epoch
    LEFT JOIN ledger_entries l ON l.till_id = h.till_id AND l.epoch = h.epoch AND l.seq = h.seq AND l.hash = h.hash
    WHERE h.seq <> coalesce(e.seq, 0) OR l.seq IS NULL
    UNION ALL
    SELECT 'till ' || e.till_id || ' has entries of epoch ' || e.epoch || ' without a head' FROM ledger_entries e
    LEFT JOIN ledger_heads h ON h.till_id = e.till_id AND h.epoch = e.epoch
    WHERE h.till_id IS NULL GROUP BY e.till_id, e.epoch"""


class SqlAudit:
    """Implements ports.sale_shelves.AuditShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def open_incidents(
        self, shop_id: str, till_id: str, found: Sequence[Strange], at: datetime
    ) -> None:
        for strange in found:
            row = {"till_id": till_id, "kind": strange.kind, "seq": strange.seq, "shop_id": shop_id}
            row |= {"what": strange.what, "at": to_micros(at), "epoch": strange.epoch}
            await insert_if_absent(self._connection, incidents, row)

    async def acknowledge(self, incident_id: str, authority: Authority, at: datetime) -> bool:
        till_id, kind, *numbers = ["", "", "", *incident_id.rsplit(":", 3)][-4:]
        epoch, seq = (int(each) if each.isdecimal() and len(each) < 19 else -1 for each in numbers)
        query = update(incidents).where(
            incidents.c.till_id == till_id,
            incidents.c.kind == kind,
            incidents.c.epoch == epoch,
            incidents.c.seq == seq,
            incidents.c.seen_at.is_(None),
        )
        seen = {"seen_at": to_micros(at), "seen_by": authority.actor, "note": authority.reason}
        return (await self._connection.execute(query.values(**seen))).rowcount == 1

    async def breaches(self, invariant: str) -> tuple[str, ...]:
        await lift_time_limit(self._connection)
        if invariant == "storage":
            return tuple(await storage_faults(self._connection))
        if invariant == "ledger":
            return tuple(await self._broken_chains())
        if invariant == "log":
            return tuple(await log_faults(self._connection))
        if invariant == "actions":
            broken = await SqlActions(self._connection).verify()
            return () if broken is None else (f"the chain breaks at action {broken}",)
        if invariant == "card_states":
            return tuple(await self._unknown_states())
        rows = await self._connection.execute(text(_QUESTIONS[invariant]))
        return tuple(str(row[0]) for row in rows)

    async def _unknown_states(self) -> list[str]:
        known = [state.value for state in CardState]
        query = select(cards.c.state, func.count()).where(cards.c.state.not_in(known)).group_by(cards.c.state)
        return [f"{count} cards are {state}" for state, count in await self._connection.execute(query)]

    async def _broken_chains(self) -> list[str]:
        broken = []
        chains = select(ledger_entries.c.till_id, ledger_entries.c.epoch).distinct()
        for till_id, epoch in (await self._connection.execute(chains)).all():
            fault = await self._first_break(till_id, epoch)
            if fault is not None:
                broken.append(f"till {till_id} breaks in epoch {epoch} at {fault}")
        return broken + [str(row[0]) for row in await self._connection.execute(text(_CUT_OFF))]

    async def _first_break(self, till_id: str, epoch: int) -> int | None:
        query = select(ledger_entries).where(
            ledger_entries.c.till_id == till_id, ledger_entries.c.epoch == epoch
        )
        seq, head = 0, FIRST_PREV
        async with self._connection.stream(query.order_by(ledger_entries.c.seq)) as rows:
            async for row in rows:
                entry = LedgerEntry(row.seq, row.prev, row.text, row.epoch)
                if entry.seq != seq + 1 or entry.prev != head or entry.hash != row.hash:
                    return int(row.seq)
                seq, head = entry.seq, entry.hash
        return None
