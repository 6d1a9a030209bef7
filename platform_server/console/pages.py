"""Which lists there are, as data: who may see them, their columns, their states, what hangs on them, what can be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from platform_server.domain.operators import Right
from platform_server.domain.overview import Noun


@dataclass(frozen=True, slots=True)
class ListPage:
    """`acts` are for one row, `heads` need none; `below` are lists of what belongs to a row."""

    noun: Noun
    right: Right
    columns: tuple[str, ...]
    states: tuple[str, ...] = ()
    acts: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    below: tuple[Noun, ...] = ()


_CARD_STATES = ("AVAILABLE", "RESERVED", "LEASED", "SOLD", "DELIVERED", "QUARANTINED", "VOID", "EXPIRED")
_SALE_STATES = ("RESERVED", "SOLD", "DELIVERED", "CANCELLED", "EXPIRED")
_TOP_UP_STATES = ("MANUAL", "UNKNOWN", "ACCEPTED", "SUBMITTING", "OK", "FAILED_FINAL", "REVERSED")

PAGES: Mapping[Noun, ListPage] = {
    page.noun: page
    for page in (
        ListPage(
            Noun.PRODUCTS,
            Right.SEE_GOODS,
            ("name", "brand", "kind", "face", "wholesale", "retail", "stock", "state"),
            states=("ON", "OUT", "OFF"),
            acts=("edit_product", "import_codes", "take_off", "put_on"),
            heads=("add_product",),
            below=(Noun.BATCHES, Noun.IMPORTS, Noun.CARDS),
        ),
        ListPage(
            Noun.SUPPLIERS,
            Right.SEE_GOODS,
            ("name", "document", "granted_by", "valid_from", "valid_until", "state"),
            states=("ACTIVE", "OFF"),
            acts=("edit_supplier",),
            heads=("add_supplier",),
            below=(Noun.PRODUCTS, Noun.BATCHES),
        ),
        ListPage(
            Noun.BATCHES,
            Right.SEE_GOODS,
            ("imported_at", "name", "supplier_batch", "face", "count", "left"),
            below=(Noun.CARDS,),
        ),
        ListPage(
            Noun.IMPORTS,
            Right.SEE_GOODS,
            ("began_at", "file_name", "name", "added", "duplicates", "faults", "state"),
            states=("FINISHED", "CUT_OFF"),
        ),
        ListPage(
            Noun.CARDS,
            Right.SEE_CARDS,
            ("masked", "name", "state", "sell_by", "printed"),
            states=_CARD_STATES,
        ),
        ListPage(
            Noun.SHOPS,
            Right.SEE_SHOPS,
            ("name", "tills", "available"),
            acts=("enrol_till", "book_money"),
            heads=("add_shop",),
            below=(Noun.TILLS, Noun.JOURNALS, Noun.SALES),
        ),
        ListPage(
            Noun.TILLS,
            Right.SEE_SHOPS,
            ("code", "name", "shop", "epoch", "state"),
            states=("ACTIVE", "REVOKED"),
            acts=("renew_till", "revoke_till"),
            below=(Noun.SALES, Noun.INCIDENTS),
        ),
        ListPage(
            Noun.WALLETS,
            Right.SEE_MONEY,
            ("shop", "available", "balance", "held", "credit_limit"),
            acts=("book_money", "take_money", "set_credit"),
            below=(Noun.JOURNALS,),
        ),
        ListPage(
            Noun.JOURNALS,
            Right.SEE_MONEY,
            ("at", "shop", "kind", "reference", "amount"),
        ),
        ListPage(
            Noun.SALES,
            Right.SEE_SALES,
            ("changed_at", "shop", "till", "pieces", "cost", "state"),
            states=_SALE_STATES,
            below=(Noun.CARDS, Noun.TOP_UPS, Noun.CLAIMS),
        ),
        ListPage(
            Noun.TOP_UPS,
            Right.SEE_SALES,
            ("accepted_at", "shop", "name", "account", "face", "state"),
            states=_TOP_UP_STATES,
            acts=("settle_top_up", "ask_top_up"),
        ),
        ListPage(
            Noun.INCIDENTS,
            Right.SEE_INCIDENTS,
            ("at", "shop", "till", "kind", "what", "state"),
            states=("OPEN", "SEEN"),
            acts=("acknowledge_incident",),
        ),
        ListPage(
            Noun.CLAIMS,
            Right.SEE_CLAIMS,
            ("opened_at", "shop", "name", "claim_reason", "cost", "due_at", "state"),
            states=("OPEN", "ASKED_SUPPLIER", "APPROVED", "DENIED"),
            acts=("approve_claim", "deny_claim", "ask_supplier"),
        ),
        ListPage(
            Noun.OPERATORS,
            Right.SEE_OPERATORS,
            ("name", "role", "created_at", "state"),
            states=("ACTIVE", "OFF"),
            acts=("change_operator", "renew_operator"),
            heads=("add_operator",),
        ),
        ListPage(
            Noun.ACTIONS,
            Right.SEE_ACTIONS,
            ("at", "actor", "what", "subject", "reason"),
        ),
    )
}

# The menu: a heading and its lists.
MENU: tuple[tuple[str, tuple[Noun, ...]], ...] = (
    ("goods", (Noun.PRODUCTS, Noun.SUPPLIERS, Noun.BATCHES, Noun.IMPORTS, Noun.CARDS)),
    ("shops", (Noun.SHOPS, Noun.TILLS)),
    ("trade", (Noun.SALES, Noun.TOP_UPS, Noun.CLAIMS, Noun.INCIDENTS)),
    ("money", (Noun.WALLETS, Noun.JOURNALS)),
    ("house", (Noun.OPERATORS, Noun.ACTIONS)),
)

# In which tone a state is told: green only for what is done, amber for what is under way, red where a person must act.
TONES: Mapping[str, str] = {
    **dict.fromkeys(("ON", "ACTIVE", "OK", "DELIVERED", "AVAILABLE", "APPROVED", "FINISHED"), "ok"),
    **dict.fromkeys(
        (
            "OUT",
            "CUT_OFF",
            "RESERVED",
            "LEASED",
            "SOLD",
            "ACCEPTED",
            "SUBMITTING",
            "UNKNOWN",
            "QUARANTINED",
            "ASKED_SUPPLIER",
        ),
        "wait",
    ),
    **dict.fromkeys(("OPEN", "MANUAL", "FAILED_FINAL", "REVERSED", "REVOKED"), "act"),
}
