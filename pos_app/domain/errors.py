"""The errors of the house as facts; the sentences are made in `ui/wording.py`.

    PosError
      Refused            our own rules say no; nothing happened
        WrongPin  LockedOut  NotAllowed  ReasonNeeded  UnknownPerson  PinTooWeak
        UnknownBarcode  NothingFound  QuantityInvalid  FieldInvalid  PaymentCodeTooSoon  PaymentCodeUnsupported
        GatewayUnknown  GatewaySetupWrong
        EmptySale
        SoldOut  PriceChanged  ProductOff  LimitReached  WalletEmpty
        CashTooLow  RefundTooHigh  NotAPaymentCode  PaymentUnsettled  PaymentCodeUsed
        AmountInvalid  ShiftNotOpen  ShiftAlreadyOpen  WrongState  NoSuchSale  NoSuchAttempt  NothingToReprint  CodeSealBroken
        NotEnrolled  EnrolmentCodeWrong  NotSoldOffline  RolledBack
        DiskNearlyFull
      Unreachable        the world is away or gave no usable answer: ask again under the same key
      Rejected           the platform said no
      StoreTrouble       the till's own file cannot be used
        DatabaseDamaged  DatabaseForeign  DatabaseNewer  DiskTrouble  AlreadyRunning  KeysMissing  NoSuchBackup
        BrokenOff
      PaperTrouble       the printer did not print, with its real cause
      PlatformNotStarted the embedded platform did not come up

Anything else is a bug and flies to the top.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pos_app.domain.money import Money


class PosError(Exception):
    """The root of everything that we foresee."""


class Refused(PosError):
    """Our own rules say no; nothing happened."""


@dataclass(eq=False)
class WrongPin(Refused):
    tries_left: int


@dataclass(eq=False)
class LockedOut(Refused):
    until: datetime


@dataclass(eq=False)
class NotAllowed(Refused):
    """`permission` is the value of a staff.Permission."""

    permission: str


class ReasonNeeded(Refused):
    """Something that is audited was asked for without saying why."""


class UnknownPerson(Refused):
    """Nobody of that id signs in here."""


@dataclass(eq=False)
class PinTooWeak(Refused):
    least_digits: int


@dataclass(eq=False)
class UnknownBarcode(Refused):
    barcode: str


@dataclass(eq=False)
class NothingFound(Refused):
    text: str


@dataclass(eq=False)
class QuantityInvalid(Refused):
    """What was typed as a quantity is zero, too large, off the step, or plainly a barcode."""

    text: str
    least: int
    most: int
    step: int = 1


@dataclass(eq=False)
class FieldInvalid(Refused):
    key: str
    validator: str


class PaymentCodeTooSoon(Refused):
    """A customer's payment code was scanned while nothing is in the basket."""


class PaymentCodeUnsupported(Refused):
    """A customer's payment code was scanned, but no wallet is set up on this till."""


@dataclass(eq=False)
class GatewayUnknown(Refused):
    """No gateway of that name is set up on this till."""

    name: str


@dataclass(eq=False)
class GatewaySetupWrong(Refused):
    """A gateway refuses us as we are set up; `reason` is its code, or the key of the field that is missing or no good."""

    name: str
    reason: str


class EmptySale(Refused):
    """There is nothing to pay for."""


@dataclass(eq=False)
class SoldOut(Refused):
    product_id: str
    wanted: int
    left: int


@dataclass(eq=False)
class PriceChanged(Refused):
    product_id: str


@dataclass(eq=False)
class ProductOff(Refused):
    """`reason` is "off", "channel" or "time"."""

    product_id: str
    reason: str = "off"


@dataclass(eq=False)
class LimitReached(Refused):
    """`rule` is one of the list in `docs/protocol.md` 4; `until` is when it ends by itself, `needs` what lifts it."""

    rule: str
    most: int | None
    amount: Money | None = None
    until: datetime | None = None
    needs: str | None = None


@dataclass(eq=False)
class WalletEmpty(Refused):
    needed: Money
    available: Money


@dataclass(eq=False)
class CashTooLow(Refused):
    total: Money
    received: Money


@dataclass(eq=False)
class RefundTooHigh(Refused):
    """More was to go back than is left of what was paid."""

    most: Money
    asked: Money


@dataclass(eq=False)
class NotAPaymentCode(Refused):
    """Something was scanned while a customer pays that is no payment code: `text` waits for the next sale."""

    text: str


class PaymentUnsettled(Refused):
    """A payment of this sale is still being checked: no other way to pay until it is certain."""


class PaymentCodeUsed(Refused):
    """This very code was used before; the customer's phone shows a new one every minute."""


@dataclass(eq=False)
class AmountInvalid(Refused):
    text: str


class ShiftNotOpen(Refused):
    """Money is only taken in an open shift."""


@dataclass(eq=False)
class ShiftAlreadyOpen(Refused):
    opened_by: str


@dataclass(eq=False)
class WrongState(Refused):
    """The sale has moved on; what was asked is no longer possible."""

    sale_id: str
    state: str


@dataclass(eq=False)
class NoSuchSale(Refused):
    sale_id: str


@dataclass(eq=False)
class NoSuchAttempt(Refused):
    number: str


@dataclass(eq=False)
class NothingToReprint(Refused):
    """The sealed code is gone (shredded after its time); the platform must be asked."""

    card_id: str


@dataclass(eq=False)
class CodeSealBroken(Refused):
    """A sealed code does not belong to this till, sale and card; the platform must be asked."""

    card_id: str


class NotEnrolled(Refused):
    """The till does not belong to a platform yet."""


class EnrolmentCodeWrong(Refused):
    """The enrolment code is not one, was mistyped, or was used before."""


@dataclass(eq=False)
class NotSoldOffline(Refused):
    """Nobody answers, and this till holds no code for it: `why` is top_up, not_leased, too_few, limit, expired or none.

    "none" is said where nothing at all is held for selling without the platform.
    """

    product_id: str
    why: str


class RolledBack(Refused):
    """The till's file is an older copy than what was already handed out: nothing is sold until it is enrolled anew."""


@dataclass(eq=False)
class DiskNearlyFull(Refused):
    """So little room is left that no sale begins; those that have begun go on."""

    free_mb: int


@dataclass(eq=False)
class Unreachable(PosError):
    """No usable answer. `cause`: down, timeout, not_ours (HTML or unsigned), server_trouble, signature, busy.

    `was_sent` is False only when no byte of the question left this PC.
    """

    cause: str
    retry_after_s: int | None = None
    was_sent: bool = True


_OF_THE_TILL = ("SIGNATURE", "CLOCK", "REPLAY", "REVOKED", "EPOCH_FENCED", "RATE_LIMITED")


@dataclass(eq=False)
class Rejected(PosError):
    """The platform's refusal, as `docs/protocol.md` 4 has it; `effect` is none, unknown or done."""

    code: str
    effect: str
    details: dict[str, Any]

    @property
    def is_final(self) -> bool:
        return self.effect != "unknown"

    @property
    def is_of_the_till(self) -> bool:
        """Said of the till as a whole, and of nothing that was asked: the same is asked again once that is put right."""
        return self.code in _OF_THE_TILL or (self.code == "FORBIDDEN" and "scope" in self.details)


class StoreTrouble(PosError):
    """The till's own file cannot be used."""


@dataclass(eq=False)
class DatabaseDamaged(StoreTrouble):
    path: str
    found: str


@dataclass(eq=False)
class DatabaseForeign(StoreTrouble):
    """Not our file, or not this till's key."""

    path: str


@dataclass(eq=False)
class DatabaseNewer(StoreTrouble):
    path: str
    revision: str


@dataclass(eq=False)
class DiskTrouble(StoreTrouble):
    """`cause`: full, denied, broken."""

    path: str
    cause: str


@dataclass(eq=False)
class AlreadyRunning(StoreTrouble):
    path: str


@dataclass(eq=False)
class KeysMissing(StoreTrouble):
    """The books are here, their keys are not."""

    path: str


@dataclass(eq=False)
class NoSuchBackup(StoreTrouble):
    """No backup of that name is there."""

    name: str


class BrokenOff(StoreTrouble):
    """A long look over the file, or a copy of it, was ended because the till closes; nothing is wrong."""


@dataclass(eq=False)
class PaperTrouble(PosError):
    """`cause`: none, not_found, denied, refused, timeout, paper_out, cover_open, offline, broken.

    `sent` says whether bytes may have left.
    """

    cause: str
    device: str
    sent: bool


@dataclass(eq=False)
class PlatformNotStarted(PosError):
    """`cause`: busy, damaged, timeout, ended; `said` is what the server said last."""

    cause: str
    said: str
