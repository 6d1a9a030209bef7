"""Lists of shops, sales, money and people, as data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, String, and_, case, cast, func, literal, select

from platform_server.domain.overview import Noun
from platform_server.store.listing import Listing
from platform_server.store.tables import (
    actions,
    claims,
    incidents,
    journals,
    operators,
    postings,
    products,
    reservation_lines,
    reservations,
    shops,
    tills,
    top_ups,
    wallets,
)

_AVAILABLE = wallets.c.balance_minor - wallets.c.held_minor + wallets.c.credit_limit_minor
_SHOPS = Listing(
    select(
        shops.c.id.label("row_id"),
        shops.c.name,
        select(func.count())
        .where(tills.c.shop_id == shops.c.id, tills.c.state == "ACTIVE")
        .correlate(shops)
        .scalar_subquery()
        .label("tills"),
        _AVAILABLE.label("available"),
        shops.c.currency,
    ).select_from(shops.outerjoin(wallets)),
    shops.c.id,
    (shops.c.id.desc(),),
    found_by=(shops.c.name,),
    named_by=(shops.c.id,),
    money=("available",),
)

_TILLS = Listing(
    select(
        tills.c.id.label("row_id"),
        tills.c.code,
        tills.c.name,
        shops.c.name.label("shop"),
        tills.c.shop_id,
        tills.c.state,
        tills.c.epoch,
    ).select_from(tills.join(shops)),
    tills.c.id,
    (tills.c.id.desc(),),
    state=tills.c.state,
    found_by=(tills.c.name, shops.c.name),
    named_by=(tills.c.id, tills.c.code),
    belongs_to=(tills.c.shop_id,),
)

_WALLETS = Listing(
    select(
        wallets.c.shop_id.label("row_id"),
        shops.c.name.label("shop"),
        wallets.c.balance_minor.label("balance"),
        wallets.c.held_minor.label("held"),
        wallets.c.credit_limit_minor.label("credit_limit"),
        _AVAILABLE.label("available"),
        wallets.c.currency,
    ).select_from(wallets.join(shops)),
    wallets.c.shop_id,
    (wallets.c.shop_id.desc(),),
    found_by=(shops.c.name,),
    named_by=(wallets.c.shop_id,),
    belongs_to=(wallets.c.shop_id,),
    money=("balance", "held", "credit_limit", "available"),
)

_JOURNALS = Listing(
    select(
        journals.c.id.label("row_id"),
        journals.c.at,
        shops.c.name.label("shop"),
        journals.c.shop_id,
        journals.c.kind,
        journals.c.reference,
        postings.c.amount_minor.label("amount"),
        postings.c.currency,
        journals.c.actor,
        journals.c.note,
    ).select_from(
        journals.join(shops).join(
            postings,
            and_(
                postings.c.journal_id == journals.c.id,
                postings.c.account == literal("wallet:", String) + journals.c.shop_id,
            ),
        )
    ),
    journals.c.id,
    (journals.c.id.desc(),),
    state=journals.c.kind,
    found_by=(journals.c.reference,),
    named_by=(journals.c.id,),
    belongs_to=(journals.c.shop_id,),
    instants=("at",),
    money=("amount",),
)

_PIECES = reservation_lines.c.quantity
_COST = reservation_lines.c.quantity * reservation_lines.c.unit_cost_minor


def _of_lines(what: ColumnElement[Any]) -> ColumnElement[Any]:
    lines = select(func.sum(what)).where(reservation_lines.c.reservation_id == reservations.c.id)
    return func.coalesce(lines.correlate(reservations).scalar_subquery(), 0)


_SALES = Listing(
    select(
        reservations.c.id.label("row_id"),
        reservations.c.changed_at,
        shops.c.name.label("shop"),
        tills.c.code.label("till"),
        reservations.c.state,
        _of_lines(_PIECES).label("pieces"),
        _of_lines(_COST).label("cost"),
        reservations.c.currency,
        reservations.c.business_date,
        reservations.c.sale_id,
        reservations.c.shop_id,
        reservations.c.till_id,
        reservations.c.expires_at,
        reservations.c.reason,
    ).select_from(reservations.join(shops).join(tills, tills.c.id == reservations.c.till_id)),
    reservations.c.id,
    (reservations.c.id.desc(),),
    state=reservations.c.state,
    named_by=(reservations.c.sale_id, reservations.c.id, reservations.c.business_date),
    belongs_to=(reservations.c.shop_id, reservations.c.till_id),
    instants=("changed_at", "expires_at"),
    money=("cost",),
)

_TOP_UPS = Listing(
    select(
        top_ups.c.id.label("row_id"),
        top_ups.c.accepted_at,
        shops.c.name.label("shop"),
        products.c.name_zh,
        products.c.name_en,
        top_ups.c.account,
        top_ups.c.face_minor.label("face"),
        top_ups.c.cost_minor.label("cost"),
        top_ups.c.currency,
        top_ups.c.state,
        top_ups.c.tries,
        top_ups.c.reference,
        top_ups.c.supplier_order,
        top_ups.c.reason,
        top_ups.c.reservation_id,
    ).select_from(
        top_ups.join(shops, shops.c.id == top_ups.c.shop_id).join(
            products, products.c.id == top_ups.c.product_id
        )
    ),
    top_ups.c.id,
    (top_ups.c.id.desc(),),
    state=top_ups.c.state,
    named_by=(top_ups.c.account, top_ups.c.reference, top_ups.c.supplier_order, top_ups.c.id),
    belongs_to=(top_ups.c.shop_id, top_ups.c.reservation_id),
    instants=("accepted_at",),
    money=("face", "cost"),
)

_CLAIMS = Listing(
    select(
        claims.c.id.label("row_id"),
        claims.c.opened_at,
        shops.c.name.label("shop"),
        products.c.name_zh,
        products.c.name_en,
        claims.c.reason.label("claim_reason"),
        claims.c.cost_minor.label("cost"),
        claims.c.currency,
        claims.c.due_at,
        claims.c.state,
        claims.c.evidence,
        claims.c.opened_by,
        claims.c.sale_id,
        claims.c.reservation_id,
        claims.c.shop_id,
        claims.c.card_id,
        claims.c.outcome,
        claims.c.proof,
        claims.c.note,
        claims.c.decided_by,
        claims.c.authoriser,
        claims.c.decided_at,
        claims.c.new_card_id,
    ).select_from(
        claims.join(shops, shops.c.id == claims.c.shop_id)
        .join(
            reservation_lines,
            and_(
                reservation_lines.c.reservation_id == claims.c.reservation_id,
                reservation_lines.c.line_id == claims.c.line_id,
            ),
        )
        .join(products, products.c.id == reservation_lines.c.product_id)
    ),
    claims.c.id,
    (claims.c.id.desc(),),
    state=claims.c.state,
    found_by=(shops.c.name, products.c.name_zh, products.c.name_en),
    named_by=(claims.c.id, claims.c.sale_id, claims.c.card_id),
    belongs_to=(claims.c.shop_id, claims.c.reservation_id, claims.c.card_id),
    instants=("opened_at", "due_at", "decided_at"),
    money=("cost",),
)

_NUMBERS = cast(incidents.c.epoch, String) + ":" + cast(incidents.c.seq, String)
_INCIDENT_ID = incidents.c.till_id + ":" + incidents.c.kind + ":" + _NUMBERS
_SEEN = case((incidents.c.seen_at.is_(None), "OPEN"), else_="SEEN")
_INCIDENTS = Listing(
    select(
        _INCIDENT_ID.label("row_id"),
        incidents.c.at,
        shops.c.name.label("shop"),
        tills.c.code.label("till"),
        incidents.c.kind,
        incidents.c.what,
        incidents.c.seq,
        _SEEN.label("state"),
        incidents.c.seen_at,
        incidents.c.seen_by,
        incidents.c.note,
    ).select_from(
        incidents.outerjoin(shops, shops.c.id == incidents.c.shop_id).outerjoin(
            tills, tills.c.id == incidents.c.till_id
        )
    ),
    _INCIDENT_ID,
    (incidents.c.at.desc(), incidents.c.till_id, incidents.c.kind, incidents.c.epoch, incidents.c.seq),
    state=_SEEN,
    found_by=(incidents.c.kind, incidents.c.what, shops.c.name),
    belongs_to=(incidents.c.shop_id, incidents.c.till_id),
    instants=("at", "seen_at"),
)

_ACTIVE = case((operators.c.is_active, "ACTIVE"), else_="OFF")
_OPERATORS = Listing(
    select(
        operators.c.id.label("row_id"),
        operators.c.name,
        operators.c.role,
        _ACTIVE.label("state"),
        operators.c.must_change,
        operators.c.tries,
        operators.c.locked_until,
        operators.c.created_at,
    ),
    operators.c.id,
    (operators.c.name,),
    state=_ACTIVE,
    found_by=(operators.c.name,),
    instants=("locked_until", "created_at"),
)

_ACTION_ID = cast(actions.c.seq, String)
_ACTIONS = Listing(
    select(
        _ACTION_ID.label("row_id"),
        actions.c.at,
        actions.c.actor,
        actions.c.what,
        actions.c.subject,
        actions.c.reason,
        actions.c.authoriser,
        actions.c.detail,
    ),
    _ACTION_ID,
    (actions.c.seq.desc(),),
    found_by=(actions.c.what, actions.c.reason),
    named_by=(actions.c.actor, actions.c.subject),
    instants=("at",),
)

TRADE: Mapping[Noun, Listing] = {
    Noun.SHOPS: _SHOPS,
    Noun.TILLS: _TILLS,
    Noun.WALLETS: _WALLETS,
    Noun.JOURNALS: _JOURNALS,
    Noun.SALES: _SALES,
    Noun.TOP_UPS: _TOP_UPS,
    Noun.CLAIMS: _CLAIMS,
    Noun.INCIDENTS: _INCIDENTS,
    Noun.OPERATORS: _OPERATORS,
    Noun.ACTIONS: _ACTIONS,
}
