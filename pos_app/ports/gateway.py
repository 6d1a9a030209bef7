"""A payment gateway. Every call may raise Unreachable: no usable answer, so nothing is known and it is asked again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Protocol

from pos_app.domain.gateway import (
    Answer,
    Bill,
    Charge,
    GatewayRules,
    Order,
    RefundAnswer,
    RefundOrder,
    Undoing,
    Way,
)
from pos_app.domain.payment_code import Wallet


class Gateway(Protocol):
    """Calls never retry by themselves. An answer counts only when it is signed, where the gateway signs, and names our
    order, amount and merchant; what does not is Unreachable("signature") or Unreachable("not_ours")."""

    @property
    def name(self) -> str: ...
    @property
    def rules(self) -> GatewayRules: ...
    @property
    def clock_skew_s(self) -> int:
        """By how many seconds this PC's clock is off by the gateway's Date; 0 when it agrees."""

    def charge(self, charge: Charge) -> Answer:
        """Take the money of a scanned code: sent exactly once, whatever happens.

        Unreachable with `was_sent` False when no byte of it left this PC; GatewaySetupWrong only when nothing was sent.
        """

    def show(self, charge: Charge) -> str:
        """The text of a QR code by which a customer can pay this order."""

    def ask(self, order: Order) -> Answer:
        """How the order stands."""

    def undo(self, order: Order) -> Undoing:
        """Close the order if it is not paid, give all of it back if it is. Asking again is harmless."""

    def refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        """Give a part of a paid order back. The same number again is the same refund."""

    def ask_refund(self, order: Order, refund: RefundOrder) -> RefundAnswer:
        """How that refund stands."""

    def bill(self, day: date) -> Bill | None:
        """What happened on that day of Beijing; None when it is not ready yet."""

    def begin_day(self) -> None:
        """What must be done once a day before the first sale: check in, fetch keys."""


class GatewayKeys(Protocol):
    """What one gateway keeps in the keyring: its filled-in fields, and what it was handed since (rotated keys)."""

    def read(self) -> Mapping[str, str]: ...
    def keep(self, changed: Mapping[str, str]) -> None:
        """These on top of the others, on disk when it returns; an empty text forgets one. DiskTrouble when it cannot be."""


class Gateways(Protocol):
    """The gateways that this till is set up for."""

    @property
    def clock_skew_s(self) -> int:
        """The worst that any of them saw of this PC's clock; 0 before one was spoken to."""

    def names(self) -> tuple[str, ...]: ...
    def for_wallet(self, wallet: Wallet, way: Way) -> str | None:
        """The gateway that takes money of this wallet that way; None when no one does."""

    def named(self, name: str) -> Gateway:
        """Raises GatewayUnknown when it is not set up (any more)."""
