"""The OpenAPI document: the same facts as docs/protocol.md, as data; it is published as it stands in docs."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

_SIGNED = {
    "type": "apiKey",
    "in": "header",
    "name": "Signature",
    "description": "RFC 9421 with Ed25519 over method, authority, path, query, content-digest and, on PUT and POST,"
    " idempotency-key: docs/protocol.md section 2.",
}


def document_of(app: FastAPI) -> dict[str, Any]:
    """Made once; FastAPI's own form of a refused body is never sent, ours is named for every refusal instead."""
    if app.openapi_schema is None:
        document = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        app.openapi_schema = _tidied(document)
    return app.openapi_schema


def _tidied(document: dict[str, Any]) -> dict[str, Any]:
    for name in ("HTTPValidationError", "ValidationError"):
        document["components"]["schemas"].pop(name, None)
    document["components"]["securitySchemes"] = {"till": _SIGNED}
    for path, calls in document["paths"].items():
        for call in calls.values():
            if path.startswith("/v1/"):
                call["security"] = [{"till": []}]
            for status, answer in call["responses"].items():
                content = answer.get("content", {})
                if status >= "400" and "application/json" in content:
                    content["application/problem+json"] = content.pop("application/json")
    return document
