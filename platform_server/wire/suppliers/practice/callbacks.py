"""Verifies the practice supplier's callbacks (docs/practice-supplier.md); nothing of a false one is read."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated

import msgspec

from platform_server.domain.money import Money
from platform_server.domain.top_up import CallbackNotice, SupplierState

# The practice supplier's secret is on its page: whoever knows it can make us ask, and nothing else.
KEYS: Mapping[str, bytes] = {"practice-1": b"practice"}
WINDOW_S = 300
LARGEST_BODY = 64 << 10
_STATES = {state.value: state for state in SupplierState if state is not SupplierState.NOT_FOUND}
_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=128)]


class CallbackText(msgspec.Struct):
    """What it says of an order that came to its end."""

    event_id: _Word
    reference: _Word
    supplier_order: _Word
    product: _Word
    face_minor: Annotated[int, msgspec.Meta(gt=0, le=2**53)]
    currency: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}$")]
    state: str


def read_callback(
    keys: Mapping[str, bytes], headers: Mapping[str, str], body: bytes, now: datetime
) -> CallbackNotice | None:
    """None unless key id, time, signature and form are all true."""
    key = keys.get(headers.get("x-practice-key", ""))
    at = headers.get("x-practice-timestamp", "")
    if key is None or len(body) > LARGEST_BODY or not _is_near(at, now):
        return None
    expected = hmac.new(key, at.encode() + b"." + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(expected.encode(), headers.get("x-practice-signature", "").encode()):
        return None
    try:
        text = msgspec.json.decode(body, type=CallbackText)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
    return CallbackNotice(
        event_id=text.event_id,
        reference=text.reference,
        supplier_order=text.supplier_order,
        product_id=text.product,
        face=Money(text.face_minor, text.currency),
        state=_STATES.get(text.state),
    )


def _is_near(at: str, now: datetime) -> bool:
    """Whole seconds in plain digits, close to our own time on either side."""
    is_plain = at.isascii() and at.isdigit() and len(at) <= 12
    return is_plain and abs(int(at) - now.timestamp()) <= WINDOW_S
