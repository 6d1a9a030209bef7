"""The policies that a new platform begins with, as data; docs/policies.md says where each comes from."""

from __future__ import annotations

from typing import Any

from platform_server.domain.policies import Policy, read_policy


def _yuan(amount: int) -> dict[str, Any]:
    return {"minor": amount * 100, "currency": "CNY"}


def _below(amount: int) -> dict[str, Any]:
    return {"minor": amount * 100 - 1, "currency": "CNY"}


def _of(policy_id: str, kind: str, source: str, parameters: dict[str, Any], **other: Any) -> dict[str, Any]:
    told = {"id": policy_id, "scope": "platform", "subject": "", "kind": kind, "source": source}
    return {**told, "parameters": parameters, **other}


_HOUSE = "Our own care: most losses to card scams are large single sales or many in a row."
_SCAM = "Police and consumer warnings: scam victims are told to buy cards and to read out the codes."
_MINORS = "China, notice of 2019 against minors' addiction to online games: spending by age, per company."
_ISSUER = "China, rules for issuers of prepaid cards (2011, 2012); an agent's duties need counsel."
_BANDS = [
    {"below": 8, "most_sale": _yuan(0), "most_month": _yuan(0)},
    {"below": 16, "most_sale": _yuan(50), "most_month": _yuan(200)},
    {"below": 18, "most_sale": _yuan(100), "most_month": _yuan(400)},
]
_GAMES = {"scope": "category", "subject": "games"}
_OFF = {"is_active": False}

_TOLD: tuple[dict[str, Any], ...] = (
    _of("sale-size", "per_sale", _HOUSE, {"most": 5, "most_amount": _yuan(1000), "needs": "supervisor"}),
    _of(
        "customer-day",
        "velocity",
        _SCAM,
        {"per": "customer", "window": "day", "most_amount": _below(2000), "needs": "questions"},
    ),
    _of("high-id", "real_name", _SCAM, {"at_least": _yuan(5000)}),
    _of("high-supervisor", "per_sale", _HOUSE, {"most_amount": _below(5000), "needs": "supervisor"}),
    _of("high-cooling", "cooling", _SCAM, {"at_least": _yuan(5000), "minutes": 30}),
    _of("scam-purpose", "purpose", _SCAM, {"refuse": ["asked"]}),
    _of("minors-games", "minors", _MINORS, {"bands": _BANDS}, **_GAMES),
    _of(
        "split-customer",
        "split",
        _HOUSE,
        {"per": "customer", "window": 900, "most": 5, "most_amount": _yuan(1000), "needs": "supervisor"},
    ),
    _of(
        "lease-till",
        "lease",
        _HOUSE,
        {"per": "till", "most": 100, "most_amount": _yuan(5000), "most_face": _yuan(500), "hours": 24},
    ),
    _of("minors-games-asked", "minors", _MINORS, {"bands": _BANDS, "must_ask": True}, **_GAMES, **_OFF),
    _of(
        "split-till",
        "split",
        _HOUSE,
        {"per": "till", "window": 300, "most": 20, "needs": "supervisor"},
        **_OFF,
    ),
    _of(
        "max-face",
        "max_face",
        _SCAM,
        {"most": 2, "at_least": _yuan(500), "needs": "supervisor"},
        **_OFF,
    ),
    _of(
        "first-high",
        "first_high",
        _SCAM,
        {"at_least": _yuan(1000), "needs": "questions"},
        **_OFF,
    ),
    _of(
        "night",
        "hours",
        _HOUSE,
        {"start": "23:00", "end": "06:00", "at_least": _yuan(500), "needs": "supervisor"},
        **_OFF,
    ),
    _of(
        "cashier-hour",
        "velocity",
        _HOUSE,
        {"per": "cashier", "window": 3600, "most": 60, "needs": "supervisor"},
        **_OFF,
    ),
    _of("till-10min", "velocity", _HOUSE, {"per": "till", "window": 600, "most": 40}, **_OFF),
    _of("product-day", "velocity", _HOUSE, {"per": "product", "window": "day", "most": 2000}, **_OFF),
    _of(
        "shop-day", "velocity", _HOUSE, {"per": "shop", "window": "day", "most_amount": _yuan(50000)}, **_OFF
    ),
    _of(
        "lease-shop",
        "lease",
        _HOUSE,
        {"per": "shop", "most": 500, "most_amount": _yuan(20000), "most_face": _yuan(500), "hours": 24},
        **_OFF,
    ),
    _of("cn-unregistered", "per_sale", _ISSUER, {"most_amount": _yuan(1000)}, **_OFF),
    _of("cn-registered", "per_sale", _ISSUER, {"most_amount": _yuan(5000), "needs": "id"}, **_OFF),
    _of("cn-real-name", "real_name", _ISSUER, {"at_least": _yuan(10000)}, **_OFF),
)


def default_policies() -> tuple[Policy, ...]:
    """As they are installed once; an operator may change or switch off each."""
    return tuple(read_policy(told) for told in _TOLD)
