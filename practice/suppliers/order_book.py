"""Keeps a practice supplier's orders: one effect for each reference, in memory or in a file."""

import json
import os
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from threading import Lock

from practice.suppliers.behaviour import behaviour_of
from practice.suppliers.desk import Clock, MovableClock

_REASONS = {"failed": "the operator refused the account", "reversed": "the operator took it back"}


class MalformedOrderError(Exception):
    """The request is not an order."""


class ReferenceReusedError(Exception):
    """The reference belongs to an order with other content."""


@dataclass(frozen=True)
class OrderRequest:
    """What the buyer asks for; equal requests under one reference are the same order."""

    reference: str
    product: str
    account: str
    face_minor: int
    currency: str


@dataclass(frozen=True)
class Order:
    """An accepted request: from here on the effect exists, whether or not anybody hears of it."""

    request: OrderRequest
    supplier_order: str
    placed_at: float

    def state_at(self, now: float) -> str:
        """What the supplier says about the order at this moment."""
        return behaviour_of(self.request.account).state_after(now - self.placed_at)


def read_request(body: bytes) -> OrderRequest:
    """The order in a request's body, or MalformedOrderError with the reason."""
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError) as error:  # brackets without end are no JSON either
        raise MalformedOrderError("the body is not JSON") from error
    if not isinstance(fields, dict):
        raise MalformedOrderError("the body is not an object")
    words = {name: _word(fields, name) for name in ("reference", "product", "account", "currency")}
    face_minor = fields.get("face_minor")
    # bool is an int in Python, and `true` is no amount
    if not isinstance(face_minor, int) or isinstance(face_minor, bool) or face_minor <= 0:
        raise MalformedOrderError("face_minor is not a positive integer")
    return OrderRequest(**words, face_minor=face_minor)


def _word(fields: dict[str, object], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= 128:
        raise MalformedOrderError(f"{name} is not a text of 1 to 128 characters")
    return value


class OrderBook:
    """All orders of one supplier, safe to use from several threads."""

    def __init__(self, clock: Clock, file: Path | None = None) -> None:
        self.clock = MovableClock(clock)
        self._file = file
        self._lock = Lock()
        self._orders: dict[str, Order] = {}
        if file is not None and file.exists():
            self._load(file)

    def place(self, request: OrderRequest) -> tuple[Order, bool]:
        """The order under this reference and whether it is new; ReferenceReusedError for other content."""
        with self._lock:
            known = self._orders.get(request.reference)
            if known is not None:
                if known.request != request:
                    raise ReferenceReusedError(request.reference)
                return known, False
            order = Order(request, f"S{len(self._orders) + 1:08d}", self.clock())
            self._keep(order)
            self._orders[request.reference] = order
            return order, True

    def find(self, reference: str) -> Order | None:
        """The order under this reference, if there is one."""
        with self._lock:
            return self._orders.get(reference)

    def describe(self, order: Order) -> dict[str, object]:
        """The reply about one order, as of now."""
        state = order.state_at(self.clock())
        return {
            "reference": order.request.reference,
            "supplier_order": order.supplier_order,
            "state": state,
            "reason": _REASONS.get(state),
        }

    def effects(self) -> dict[str, object]:
        """Every order with its real state, and how often each account was credited."""
        with self._lock:
            orders = list(self._orders.values())
        now = self.clock()
        credited = Counter(order.request.account for order in orders if order.state_at(now) == "success")
        listed = [
            {**asdict(order.request), "supplier_order": order.supplier_order, "state": order.state_at(now)}
            for order in orders
        ]
        return {"orders": listed, "credits": dict(credited)}

    def _keep(self, order: Order) -> None:
        if self._file is None:
            return
        # on disk before anybody is told, so that a killed supplier still knows what it did
        with self._file.open("ab") as lines:
            lines.write(json.dumps(asdict(order)).encode() + b"\n")
            lines.flush()
            os.fsync(lines.fileno())

    def _load(self, file: Path) -> None:
        content = file.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        for line in whole.splitlines():
            fields = json.loads(line)
            order = Order(OrderRequest(**fields["request"]), fields["supplier_order"], fields["placed_at"])
            self._orders[order.request.reference] = order
        if whole != content:
            # the last write was cut off, so its order was never answered: it did not happen
            with file.open("r+b") as lines:
                lines.truncate(len(whole))
