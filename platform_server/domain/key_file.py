"""The public keys of a shop as a document, by which an outsider checks its receipts and ledgers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from platform_server.domain.canonical import instant_text
from platform_server.domain.entry_signatures import kid_of
from platform_server.domain.till_keys import TillKey
from platform_server.domain.tills import Till, to_base64url


def key_file(
    shop_id: str, tills: Iterable[tuple[Till, Sequence[TillKey]]], platform_keys: Mapping[str, bytes]
) -> dict[str, Any]:
    """Plain JSON: for each till every key that it ever had, with its times in UTC; keys are raw, in base64url."""
    told = [
        {"till": till.id, "till_code": till.code, "keys": [_key(key) for key in keys]} for till, keys in tills
    ]
    ours = [{"keyid": keyid, "key": to_base64url(key)} for keyid, key in platform_keys.items()]
    return {"shops": [{"shop": shop_id, "tills": told, "platform_keys": ours}]}


def _key(key: TillKey) -> dict[str, Any]:
    return {
        "kid": kid_of(key.public_key),
        "key": to_base64url(key.public_key),
        "epoch": key.epoch,
        "from": instant_text(key.not_before),
        "until": _maybe(key.not_after),
        "revoked_at": _maybe(key.revoked_at),
    }


def _maybe(at: datetime | None) -> str | None:
    return None if at is None else instant_text(at)
