"""What a list of the operators' pages is made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select


@dataclass(frozen=True, slots=True)
class Listing:
    """`instants` and `money` name the cells that are not plain; the query labels the row's id `row_id`.

    `found_by` is searched for a part, `named_by` and `belongs_to` are compared whole; `order` puts the newest first.
    """

    query: Select[Any]
    row_id: ColumnElement[Any]
    order: tuple[ColumnElement[Any], ...]
    state: ColumnElement[Any] | None = None
    found_by: tuple[ColumnElement[Any], ...] = ()
    named_by: tuple[ColumnElement[Any], ...] = ()
    belongs_to: tuple[ColumnElement[Any], ...] = ()
    instants: tuple[str, ...] = ()
    money: tuple[str, ...] = ()
