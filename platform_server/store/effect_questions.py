"""Questions about what calls left behind: each step its effect, each sale its money, each card a known place."""

from __future__ import annotations

EFFECT_QUESTIONS = {
    "postings": """
        SELECT 'journal ' || j.id || ' has ' || count(p.journal_id) || ' postings in ' || count(DISTINCT p.currency)
            || ' currencies' FROM journals j LEFT JOIN postings p ON p.journal_id = j.id
        GROUP BY j.id HAVING count(p.journal_id) < 2 OR count(DISTINCT p.currency) <> 1
        UNION ALL
        SELECT 'journal ' || p.journal_id || ' moves ' || p.currency || ', the wallet is in ' || w.currency
        FROM postings p JOIN wallets w ON p.account = 'wallet:' || w.shop_id WHERE p.currency <> w.currency""",
    "sales": """
        SELECT 'sale ' || r.sale_id || ' is ' || r.state || ', costs ' || coalesce(l.cost, 0) || ', paid '
            || coalesce(m.paid, 0) || ', gave back ' || coalesce(l.back, 0)
        FROM reservations r LEFT JOIN (
            SELECT reservation_id, sum(unit_cost_minor * quantity) AS cost, sum(refunded_minor) AS back
            FROM reservation_lines GROUP BY reservation_id) l ON l.reservation_id = r.id
        LEFT JOIN (
            SELECT j.reference, -sum(p.amount_minor) AS paid FROM journals j
            JOIN postings p ON p.journal_id = j.id AND p.account = 'wallet:' || j.shop_id
            WHERE j.kind = 'sale' GROUP BY j.reference) m ON m.reference = r.id
        WHERE (r.state IN ('SOLD','DELIVERED') AND (m.paid IS NULL OR m.paid <> l.cost))
           OR (r.state IN ('RESERVED','EXPIRED') AND m.paid IS NOT NULL)
           OR (r.state = 'CANCELLED' AND m.paid IS NOT NULL AND (m.paid <> l.cost OR l.back <> l.cost))
        UNION ALL
        SELECT 'journal ' || j.id || ' is of no sale' FROM journals j
        LEFT JOIN reservations r ON r.id = j.reference WHERE j.kind = 'sale' AND r.id IS NULL
        UNION ALL
        SELECT 'sale ' || r.sale_id || ' is RESERVED for ' || sum(l.unit_cost_minor * l.quantity) || ', holds ' || r.held_minor
        FROM reservations r JOIN reservation_lines l ON l.reservation_id = r.id WHERE r.state = 'RESERVED'
        GROUP BY r.id, r.sale_id, r.held_minor HAVING sum(l.unit_cost_minor * l.quantity) <> r.held_minor
        UNION ALL
        SELECT 'sale ' || sale_id || ' is ' || state || ' and holds ' || held_minor FROM reservations
        WHERE state <> 'RESERVED' AND held_minor <> 0""",
    "effects": """
        SELECT 'sale ' || r.sale_id || ' is ' || r.state || ' without the call that made it so' FROM reservations r
        WHERE (EXISTS (SELECT 1 FROM reservation_lines l WHERE l.reservation_id = r.id)
               AND NOT EXISTS (SELECT 1 FROM steps s WHERE s.shop_id = r.shop_id AND s.till_id = r.till_id
                               AND s.sale_id = r.sale_id AND s.step = 'reserve' AND s.attempt = r.attempt))
           OR (r.state IN ('SOLD','DELIVERED')
               AND NOT EXISTS (SELECT 1 FROM steps s WHERE s.shop_id = r.shop_id AND s.till_id = r.till_id
                               AND s.sale_id = r.sale_id AND s.step = 'confirm'))
           OR (r.state = 'DELIVERED'
               AND NOT EXISTS (SELECT 1 FROM steps s WHERE s.shop_id = r.shop_id AND s.till_id = r.till_id
                               AND s.sale_id = r.sale_id AND s.step = 'ack'))
           OR (r.state = 'CANCELLED'
               AND NOT EXISTS (SELECT 1 FROM steps s WHERE s.shop_id = r.shop_id AND s.till_id = r.till_id
                               AND s.sale_id = r.sale_id AND s.step = 'cancel')
               AND NOT EXISTS (SELECT 1 FROM actions a WHERE a.subject = 'sale:' || r.sale_id
                               AND a.what = 'sale_refunded'))
        UNION ALL
        SELECT 'sale ' || sale_id || ' is ' || state || ' without evidence of its payment' FROM reservations
        WHERE state IN ('SOLD','DELIVERED') AND evidence IS NULL
        UNION ALL
        SELECT 'sale ' || s.sale_id || ' had ' || s.step || ' and is ' || coalesce(r.state, 'nowhere') FROM steps s
        LEFT JOIN reservations r ON r.till_id = s.till_id AND r.sale_id = s.sale_id
        WHERE (s.step IN ('reserve','confirm','ack','cancel') AND r.id IS NULL)
           OR (s.step = 'ack' AND r.state <> 'DELIVERED') OR (s.step = 'cancel' AND r.state <> 'CANCELLED')
        UNION ALL
        SELECT 'claim ' || k.id || ' was opened by no call' FROM claims k
        LEFT JOIN steps s ON s.shop_id = k.shop_id AND s.till_id = k.till_id AND s.sale_id = k.sale_id
             AND s.step = 'claim' AND s.attempt = k.attempt
        WHERE s.step IS NULL""",
    "grounds": """
        SELECT 'claim ' || id || ' was approved without proof or a second person' FROM claims
        WHERE state = 'APPROVED' AND proof IS NULL AND authoriser IS NULL
        UNION ALL
        SELECT 'claim ' || id || ' was approved by who opened it' FROM claims
        WHERE state = 'APPROVED' AND (decided_by = opened_by OR authoriser = opened_by)
        UNION ALL
        SELECT 'claim ' || id || ' is ' || state || ', decided by ' || coalesce(decided_by, 'nobody') FROM claims
        WHERE (state IN ('APPROVED','DENIED')) <> (decided_by IS NOT NULL)
        UNION ALL
        SELECT 'claim ' || k.id || ' gave ' || k.refund_minor || ' back, its journal ' || coalesce(sum(p.amount_minor), 0)
        FROM claims k LEFT JOIN journals j ON j.kind = 'claim_back' AND j.reference = k.id
        LEFT JOIN postings p ON p.journal_id = j.id AND p.account = 'wallet:' || k.shop_id
        WHERE k.refund_minor IS NOT NULL
        GROUP BY k.id, k.refund_minor HAVING coalesce(sum(p.amount_minor), 0) <> k.refund_minor""",
}
