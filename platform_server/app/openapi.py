"""The OpenAPI document: the same facts as docs/protocol.md, as data."""

from __future__ import annotations

import json
from typing import Any

from fastapi import FastAPI

from platform_server.routes.callbacks import CallbackFlows
from platform_server.routes.claims import ClaimFlows
from platform_server.routes.house import Doors, build_app
from platform_server.routes.sales import SaleFlows
from platform_server.routes.shop import ShopFlows

_NOTHING: Any = None  # the document needs the doors' shapes, not what lies behind them


def openapi_text() -> str:
    """JSON with two blanks of indentation and a last line end: what docs/openapi.json holds."""
    sales = SaleFlows(*[_NOTHING] * len(SaleFlows.__slots__))
    shop = ShopFlows(*[_NOTHING] * len(ShopFlows.__slots__))
    claims = ClaimFlows(*[_NOTHING] * len(ClaimFlows.__slots__))
    app: FastAPI = build_app(Doors(sales, shop, claims, _NOTHING, CallbackFlows(None, _NOTHING)))
    return json.dumps(_tidied(app.openapi()), indent=2, ensure_ascii=False) + "\n"


def _tidied(document: dict[str, Any]) -> dict[str, Any]:
    """FastAPI's own form of a refused body is never sent: ours is named for every refusal instead."""
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    for path in document["paths"].values():
        for call in path.values():
            for status, answer in call["responses"].items():
                content = answer.get("content", {})
                if status >= "400" and "application/json" in content:
                    content["application/problem+json"] = content.pop("application/json")
    return document
