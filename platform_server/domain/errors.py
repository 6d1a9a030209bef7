"""The refusals of the platform, as facts without sentences.

PlatformError
  Refused            our rules say no; `code` is one of docs/protocol.md section 4
    BadRequest, BadSignature, WrongClock, Replayed, Revoked, Forbidden, NotFound, SoldOut, PriceChanged,
    ProductOff, FieldInvalid, LimitPassed, WalletEmpty, Expired, Cancelled, KeyReused, InProgress,
    EpochFenced, RateLimited, NoSpace
  Collided           two calls met and this one wrote nothing: it is simply done again
  NotAdmitted        an operator's name, password, code or session does not let them in; nobody is told which
  SupplierAway       no answer, or none that is listed: the order's fate is unknown
  StoreTrouble       the data folder cannot be used as it is; the message says what to do
    Busy  Damaged  KeyChanged
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar


class PlatformError(Exception):
    """The root of what we raise on purpose."""


class Refused(PlatformError):
    """A refusal: its code, the effect of the call ("none", "unknown", "done"), details as domain values."""

    code: ClassVar[str] = "FORBIDDEN"
    is_retryable: ClassVar[bool] = False

    def __init__(self, message: str = "", *, effect: str = "none", **details: Any) -> None:
        super().__init__(message or self.code)
        self.effect = effect
        self.details: Mapping[str, Any] = details


class BadRequest(Refused):
    """The call is not of the agreed form; details: errors [{where, what}]."""

    code = "BAD_REQUEST"

    @classmethod
    def at(cls, where: str, what: str) -> BadRequest:
        """One fault at one place."""
        return cls(f"{where}: {what}", errors=[{"where": where, "what": what}])


class BadSignature(Refused):
    """The signature is missing, incomplete or false."""

    code = "SIGNATURE"


class WrongClock(Refused):
    """Signed too far from our time; details: skew_s."""

    code = "CLOCK"
    is_retryable = True


class Replayed(Refused):
    """The nonce was seen before."""

    code = "REPLAY"


class Revoked(Refused):
    """The till's key was withdrawn."""

    code = "REVOKED"


class Forbidden(Refused):
    """The state does not allow it; details: state."""

    code = "FORBIDDEN"


class NotFound(Refused):
    """Never heard of it."""

    code = "NOT_FOUND"


class SoldOut(Refused):
    """Fewer cards than wanted; details: line_id, product_id, wanted, left."""

    code = "SOLD_OUT"


class PriceChanged(Refused):
    """The till knows an older version or price; details: line_id, product."""

    code = "PRICE_CHANGED"


class ProductOff(Refused):
    """Not on sale; details: line_id, product_id, reason ("off", "channel", "time")."""

    code = "PRODUCT_OFF"


class FieldInvalid(Refused):
    """A field of a top-up is missing or wrong; details: line_id, key, validator."""

    code = "FIELD_INVALID"


class LimitPassed(Refused):
    """Beyond a limit; details: rule, line_id, most, and for rules at reserve most_amount, until, needs."""

    code = "LIMIT"


class WalletEmpty(Refused):
    """The wallet does not cover it; details: needed, available (Money)."""

    code = "WALLET_EMPTY"


class Expired(Refused):
    """The reservation ran out and cannot be filled again."""

    code = "EXPIRED"


class Cancelled(Refused):
    """The sale was cancelled for ever."""

    code = "CANCELLED"


class KeyReused(Refused):
    """The same key with another body; details for a ledger: seq."""

    code = "KEY_REUSED"


class InProgress(Refused):
    """The first call under this key is still running."""

    code = "IN_PROGRESS"
    is_retryable = True


class EpochFenced(Refused):
    """A newer installation of this till exists; details: epoch."""

    code = "EPOCH_FENCED"


class RateLimited(Refused):
    """Too many calls; try later."""

    code = "RATE_LIMITED"
    is_retryable = True


class NoSpace(Refused):
    """The disk is nearly full: what is begun goes on, nothing new is begun."""

    code = "UNAVAILABLE"
    is_retryable = True


class Collided(PlatformError):
    """Another transaction came first; nothing of ours was written, and doing it again is right."""


class SupplierAway(PlatformError):
    """The supplier gave no answer that its protocol lists."""


class NotAdmitted(PlatformError):
    """An operator is not let in; which part was wrong is not said."""


class StoreTrouble(PlatformError):
    """The data folder cannot be used; the message is one sentence that says what to do."""


class Busy(StoreTrouble):
    """Another server holds the data folder."""


class Damaged(StoreTrouble):
    """The file is not whole, or not ours, or its keys are not here."""


class KeyChanged(StoreTrouble):
    """A key of the vault was changed by another program: read the keys again, then repeat."""
