"""How a route answers, and which refusals the OpenAPI document names."""

from __future__ import annotations

from typing import Any

from fastapi import Response
from pydantic import BaseModel

from platform_server.routes.messages import Problem
from platform_server.routes.problems import JSON, PROBLEM_JSON

_WORDS = {
    400: "BAD_REQUEST",
    401: "SIGNATURE, CLOCK, REPLAY, REVOKED",
    403: "FORBIDDEN",
    404: "NOT_FOUND",
    405: "NOT_FOUND",
    409: (
        "SOLD_OUT, PRICE_CHANGED, PRODUCT_OFF, LIMIT, WALLET_EMPTY, EXPIRED, IN_PROGRESS, EPOCH_FENCED, FORBIDDEN"
    ),
    410: "CANCELLED",
    413: "BAD_REQUEST",
    422: "KEY_REUSED, FIELD_INVALID",
    429: "RATE_LIMITED",
    503: "UNAVAILABLE",
}
REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem, "description": words, "content": {PROBLEM_JSON: {}}}
    for status, words in _WORDS.items()
}


def reply(message: BaseModel, status: int = 200, *, is_replay: bool = False) -> Response:
    """A message that was built by us: it is written, not validated again."""
    headers = {"cache-control": "no-store"}
    if is_replay:
        headers["idempotent-replay"] = "true"
    return Response(message.model_dump_json(), status, headers=headers, media_type=JSON)
