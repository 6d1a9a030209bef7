"""Replies of gateways that speak JSON: an object, or nothing that can be understood."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from pos_app.domain.errors import Unreachable
from pos_app.wire.http import Exchange


def read_object(exchange: Exchange) -> dict[str, Any]:
    """The JSON object that the reply is, whatever its status.

    Unreachable for everything else (a web page, a body cut short, a coding nobody asked for): "server_trouble" from
    status 500 on, "busy" for 429, otherwise "not_ours".
    """
    coding = exchange.headers.get("content-encoding", "identity").strip().lower()
    try:
        told = json.loads(exchange.body.decode("utf-8")) if coding == "identity" else None
    except (ValueError, RecursionError):
        told = None
    if not isinstance(told, dict):
        # Raised outside the handler: a JSONDecodeError carries the text, and that may carry a key.
        raise unusable(exchange)
    return told


def unusable(exchange: Exchange) -> Unreachable:
    """What a reply of this status is called when nothing in it can be believed."""
    if exchange.status == 429:
        return Unreachable("busy")
    return Unreachable("server_trouble" if exchange.status >= 500 else "not_ours")


def text(told: Mapping[str, Any], key: str) -> str:
    """A text or whole number of `told` as text; "" for what is missing or anything else."""
    value = told.get(key)
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""


def must_be(told: Mapping[str, Any], ours: Mapping[str, str], *needed: str) -> None:
    """Unreachable("not_ours") when `told` names something else than `ours`, or does not name a `needed` one."""
    for key, value in ours.items():
        found = text(told, key)
        if found != value and (found or key in needed):
            raise Unreachable("not_ours")
