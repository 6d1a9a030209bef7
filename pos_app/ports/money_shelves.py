"""The shelves of the books that electronic money needs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Protocol

from pos_app.domain.attempt import Attempt
from pos_app.domain.bill import BillItem, KeptBill
from pos_app.domain.refund import Refund
from pos_app.domain.sale import Sale


class AttemptShelf(Protocol):
    def get(self, number: str) -> Attempt:
        """Raises NoSuchAttempt."""

    def put(self, attempt: Attempt) -> None:
        """Add the attempt or keep what has changed of it. A second one of a sale that is SENT is a bug and raises."""

    def next_counter(self) -> int:
        """From 1, for ever, for order numbers; burnt only if this transaction commits."""

    def of_sale(self, sale_id: str) -> tuple[Attempt, ...]:
        """In the order in which they were sent."""

    def with_code(self, code_digest: str) -> Attempt | None:
        """The last attempt that used this payment code."""

    def due(self, now: datetime, most: int) -> tuple[Attempt, ...]:
        """Whose next step's time has come, the longest waiting first."""

    def unsettled(self) -> tuple[Attempt, ...]:
        """Every live attempt, oldest first."""

    def find(self, number: str) -> Attempt | None:
        """By our order number or the gateway's, exactly: what a customer's bill in the wallet shows as a barcode."""

    def sent_between(self, gateway: str, start: datetime, end: datetime) -> tuple[Attempt, ...]: ...


class RefundShelf(Protocol):
    def add(self, refund: Refund, sale: Sale) -> None:
        """Money goes back from today on: off the day's figures, the shift and the tender it leaves by."""

    def put(self, refund: Refund) -> None:
        """Keep what has changed of it: its state, not its sum."""

    def get(self, number: str) -> Refund:
        """Raises KeyError."""

    def of_sale(self, sale_id: str) -> tuple[Refund, ...]: ...
    def due(self, now: datetime, most: int) -> tuple[Refund, ...]: ...
    def unsettled(self) -> tuple[Refund, ...]:
        """What the gateway has not done yet, oldest first."""

    def since(self, at: datetime) -> tuple[Refund, ...]: ...


class BillShelf(Protocol):
    def days(self, gateway: str) -> tuple[date, ...]:
        """The days whose bill is kept, oldest first."""

    def keep(self, bill: KeptBill, raw: bytes) -> None: ...
    def get(self, gateway: str, day: date) -> KeptBill | None: ...
    def raw(self, gateway: str, day: date) -> bytes:
        """The bytes as they came; KeyError when that bill is not kept."""

    def put_item(self, item: BillItem) -> None:
        """Add the item or keep what has changed; a difference that is known already stays as it is."""

    def item(self, key: str) -> BillItem:
        """Raises KeyError."""

    def open_items(self) -> Sequence[BillItem]:
        """What nobody has settled, oldest first."""
