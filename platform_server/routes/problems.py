"""A refusal as application/problem+json: the one place that knows its status and its spelling."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from platform_server.domain.canonical import instant_text
from platform_server.domain.catalogue import ShelfItem, lay_flat
from platform_server.domain.errors import Forbidden, Refused
from platform_server.domain.money import Money
from platform_server.routes.shelf_messages import money_values, product_values

STATUS = {
    "BAD_REQUEST": 400,
    "SIGNATURE": 401,
    "CLOCK": 401,
    "REPLAY": 401,
    "REVOKED": 401,
    "FORBIDDEN": 403,
    "NOT_FOUND": 404,
    "SOLD_OUT": 409,
    "PRICE_CHANGED": 409,
    "PRODUCT_OFF": 409,
    "FIELD_INVALID": 422,
    "LIMIT": 409,
    "WALLET_EMPTY": 409,
    "EXPIRED": 409,
    "CANCELLED": 410,
    "KEY_REUSED": 422,
    "IN_PROGRESS": 409,
    "EPOCH_FENCED": 409,
    "RATE_LIMITED": 429,
    "UNAVAILABLE": 503,
}
_RETRY_AFTER_S = {"IN_PROGRESS": "1", "RATE_LIMITED": "1", "UNAVAILABLE": "2"}
JSON = "application/json"
PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers and whole body, before compression and signature."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def write_instant(at: datetime) -> str:
    """RFC 3339 in UTC with a Z, always with microseconds."""
    return instant_text(at)


def problem_of(refusal: Refused, now: datetime) -> Answer:
    """A refusal by our rules."""
    status = STATUS[refusal.code]
    if isinstance(refusal, Forbidden) and "state" in refusal.details:
        status = 409  # a state forbids it, not a missing right
    elif "longest" in refusal.details:
        status = 413
    elif "allow" in refusal.details:
        status = 405
    details = {name: _plain(value) for name, value in refusal.details.items()}
    body = {"code": refusal.code, "message": str(refusal), "retryable": refusal.is_retryable}
    return _problem(status, {**body, "effect": refusal.effect}, details, now)


def unavailable(now: datetime) -> Answer:
    """A fault of ours or of the disk: nobody can say what has happened, so the till asks again."""
    body = {"code": "UNAVAILABLE", "message": "try again under the same key", "retryable": True}
    return _problem(503, {**body, "effect": "unknown"}, {}, now)


def not_ready(faults: Sequence[str], now: datetime) -> Answer:
    """What is wrong, for whoever decides where to send calls."""
    body = {"code": "UNAVAILABLE", "message": "not ready", "retryable": True, "effect": "none"}
    return _problem(503, body, {"faults": list(faults)}, now)


def _problem(status: int, body: dict[str, Any], details: dict[str, Any], now: datetime) -> Answer:
    headers = {"content-type": PROBLEM_JSON, "cache-control": "no-store"}
    if "retry_after_s" in details:
        headers["retry-after"] = str(details["retry_after_s"])
    elif body["code"] in _RETRY_AFTER_S:
        headers["retry-after"] = _RETRY_AFTER_S[body["code"]]
    if status == 405:
        headers["allow"] = details["allow"]
    whole = {**body, "server_time": write_instant(now), "details": details}
    return Answer(status, headers, msgspec.json.encode(whole))


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return money_values(value)
    if isinstance(value, datetime):
        return write_instant(value)
    return product_values(lay_flat(value)) if isinstance(value, ShelfItem) else value
