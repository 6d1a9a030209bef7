"""Everything that the selling page shows, as one value: the presenter makes it, the view draws it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pos_app.domain.catalogue import Category, Product
from pos_app.domain.entry import PhoneNumber
from pos_app.domain.errors import PosError
from pos_app.domain.held import HeldAhead
from pos_app.domain.sale import Sale

Values = tuple[tuple[str, str], ...]


class Left(StrEnum):
    """What lies under the entry."""

    TILES = "tiles"
    HITS = "hits"
    PHONE = "phone"  # a number was entered: its top-ups
    FIELDS = "fields"  # a top-up must be told its account
    READ_BACK = "read_back"  # the account in large type, before it is added
    SHIFT = "shift"  # no shift is open: count the opening cash
    DONE = "done"  # the sale that was just paid


class Saying(StrEnum):
    """Sentences that belong to no error."""

    NOTHING = ""
    EMPTIED = "emptied"  # the basket was emptied; it can come back
    TAKEN_UP = "taken_up"  # the basket of the last run is back
    EARLIER_PAPER = "earlier_paper"  # an earlier sale's slip did not come out
    PARKED = "parked"  # a payment of an earlier sale is not certain yet
    EARLIER_WAITS = "earlier_waits"  # an earlier sale still waits for the platform
    LINE_DOWN = "line_down"  # what is held here can be sold
    LINE_DOWN_EMPTY = "line_down_empty"  # and nothing is


@dataclass(frozen=True)
class Notice:
    """One thing to say: an error, or a saying. `products` are those whose names the sentence may need.

    `is_before_payment`: it came up while the goods were being set aside, so no money was taken.
    """

    error: PosError | None = None
    saying: Saying = Saying.NOTHING
    is_before_payment: bool = False
    products: tuple[Product, ...] = ()


@dataclass(frozen=True)
class TopUpDraft:
    """A top-up that is being told its account."""

    product: Product
    values: Values = ()


@dataclass(frozen=True)
class TillState:
    """The page. `hits` belong to `hits_for`, the text that was looked for; `hit` is the one that Enter takes."""

    sale: Sale
    left: Left = Left.TILES
    selected: str | None = None  # line id
    waiting_quantity: int | None = None
    categories: tuple[Category, ...] = ()
    category_id: str | None = None
    tiles: tuple[Product, ...] = ()
    hits: tuple[Product, ...] = ()
    hits_for: str = ""
    hit: int = 0
    phone: PhoneNumber | None = None
    draft: TopUpDraft | None = None
    notice: Notice | None = None
    marked: frozenset[str] = frozenset()  # product ids whose price has changed
    is_paying: bool = False
    waiting_scans: int = 0
    away: HeldAhead | None = None  # while the line is down: what can be sold all the same
