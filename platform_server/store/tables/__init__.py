"""The schema: money and times are whole numbers, ids are text, nothing is of one database only."""

from __future__ import annotations

from platform_server.store.tables.accounts import (
    price_rules,
    price_tiers,
    settled_journals,
    settlements,
    shop_tiers,
)
from platform_server.store.tables.after_sales import action_head, actions, claims
from platform_server.store.tables.attempts import callback_inbox, top_up_attempts
from platform_server.store.tables.audit import incidents, ledger_entries, ledger_heads
from platform_server.store.tables.doors import event_outbox, shop_callbacks, shop_events, till_keys
from platform_server.store.tables.facts import store_facts
from platform_server.store.tables.goods import brands, catalogue_clock, categories, products
from platform_server.store.tables.imports import import_faults, imports
from platform_server.store.tables.keys import batch_keys, keks
from platform_server.store.tables.leases import lease_cards, leases
from platform_server.store.tables.logs import log_leaves, log_nodes, shop_logs
from platform_server.store.tables.money import journals, postings, wallets
from platform_server.store.tables.operators import operator_sessions, operators
from platform_server.store.tables.orders import top_ups
from platform_server.store.tables.people import nonces, shops, tickets, tills
from platform_server.store.tables.registry import metadata
from platform_server.store.tables.rules import (
    customer_said,
    listed,
    policies,
    policy_counters,
    policy_uses,
    rules_version,
)
from platform_server.store.tables.sales import reservation_lines, reservations, steps
from platform_server.store.tables.suppliers import UNKNOWN_SUPPLIER, suppliers
from platform_server.store.tables.vault import batches, cards

__all__ = [
    "UNKNOWN_SUPPLIER",
    "action_head",
    "actions",
    "batch_keys",
    "batches",
    "brands",
    "callback_inbox",
    "cards",
    "catalogue_clock",
    "categories",
    "claims",
    "customer_said",
    "event_outbox",
    "import_faults",
    "imports",
    "incidents",
    "journals",
    "keks",
    "lease_cards",
    "leases",
    "ledger_entries",
    "ledger_heads",
    "listed",
    "log_leaves",
    "log_nodes",
    "metadata",
    "nonces",
    "operator_sessions",
    "operators",
    "policies",
    "policy_counters",
    "policy_uses",
    "postings",
    "price_rules",
    "price_tiers",
    "products",
    "reservation_lines",
    "reservations",
    "rules_version",
    "settled_journals",
    "settlements",
    "shop_callbacks",
    "shop_events",
    "shop_logs",
    "shop_tiers",
    "shops",
    "steps",
    "store_facts",
    "suppliers",
    "tickets",
    "till_keys",
    "tills",
    "top_up_attempts",
    "top_ups",
    "wallets",
]
