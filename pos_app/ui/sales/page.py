"""What the page of past sales shows, as one value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from pos_app.domain.card_code import CardSecret
from pos_app.domain.errors import PosError
from pos_app.domain.money import Money
from pos_app.domain.payment import Tender
from pos_app.domain.sale import SaleLine, SaleSummary
from pos_app.domain.staff import Permission, Person
from pos_app.shop import GivenBack, SaleView


class Ask(StrEnum):
    """What the side asks of the person, or shows, instead of the plain details."""

    NOTHING = "nothing"
    WHICH = "which"  # which paper again, which code
    AMOUNT = "amount"  # how much of a delivered line goes back
    REASON = "reason"
    SECOND = "second"  # a second person's name and PIN
    CODE = "code"  # the code in clear
    GIVE = "give"  # money to hand over: yes or no
    GIVEN = "given"


class DeedKind(StrEnum):
    REPRINT = "reprint"
    SHOW = "show"
    GIVE = "give"


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that is written down with a reason.

    Print the paper `subject` again, show the card `subject`, or give `amount` of the line `subject` back.
    """

    kind: DeedKind
    subject: str
    amount: Money | None = None
    reason: str = ""
    needs: Permission | None = None


class Said(StrEnum):
    """What the page tells when something is done."""

    NOTHING = "nothing"
    PRINTING = "printing"
    PRINTED = "printed"
    NOTED = "noted"
    DRAWER_OPENED = "drawer_opened"


@dataclass(frozen=True, slots=True)
class SalesPage:
    """One moment of the page. `is_everywhere`: nothing was found on the day, so every day was searched."""

    day: date
    today: date
    text: str = ""
    is_everywhere: bool = False
    rows: tuple[SaleSummary, ...] = ()
    selected: str | None = None
    detail: SaleView | None = None
    ask: Ask = Ask.NOTHING
    choices: tuple[Deed, ...] = ()
    deed: Deed | None = None
    people: tuple[Person, ...] = ()
    secret: CardSecret | None = field(default=None, repr=False)
    owed: SaleLine | None = None
    ways: tuple[tuple[Tender, Money], ...] = ()  # where what is typed would go
    given: GivenBack | None = None
    said: Said = Said.NOTHING
    trouble: PosError | None = None
    is_busy: bool = False
