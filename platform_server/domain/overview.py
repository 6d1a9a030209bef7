"""What the operators' pages show: rows of one noun, found and counted; never a secret."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from platform_server.domain.money import Money

COUNTED = 10_000  # beyond it nobody pages on, and counting would cost more than it tells
Cell = str | int | bool | Money | datetime | None


class Noun(StrEnum):
    """What can be listed."""

    PRODUCTS = "products"
    SUPPLIERS = "suppliers"
    BATCHES = "batches"
    IMPORTS = "imports"
    CARDS = "cards"
    SHOPS = "shops"
    TILLS = "tills"
    WALLETS = "wallets"
    JOURNALS = "journals"
    SALES = "sales"
    TOP_UPS = "top_ups"
    CLAIMS = "claims"
    INCIDENTS = "incidents"
    OPERATORS = "operators"
    ACTIONS = "actions"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which rows: containing a text, in a state, belonging to something; from `skip`, at most `limit`."""

    text: str = ""
    state: str = ""
    of: str = ""
    skip: int = 0
    limit: int = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One thing as it is shown: its id and its cells by column name."""

    id: str
    cells: Mapping[str, Cell]


@dataclass(frozen=True, slots=True)
class RowPage:
    """Rows and how many there are in all, counted up to COUNTED + 1."""

    rows: tuple[Row, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ShopDay:
    """What one shop bought on one business date, at wholesale."""

    shop_id: str
    shop_name: str
    sales: int
    cost: Money


@dataclass(frozen=True, slots=True)
class Glance:
    """Where the platform stands; counts are of what waits for somebody."""

    shops: tuple[ShopDay, ...]
    low_products: tuple[Row, ...]
    low_wallets: tuple[Row, ...]
    open_incidents: int
    open_claims: int
    open_top_ups: int
    manual_top_ups: int
    sold_out: int
