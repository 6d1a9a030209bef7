"""Acts on suppliers: the paper that lets them sell, put on file and kept up."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from platform_server.console.acts.form import Act, Doing, Field, FormFault, Told
from platform_server.console.desk import Desk
from platform_server.domain.goods import Names
from platform_server.domain.operators import Right
from platform_server.domain.overview import Noun, Row
from platform_server.domain.suppliers import Authorisation, SupplierFile

_FIELDS = (
    Field("name_zh"),
    Field("name_en"),
    Field("document"),
    Field("granted_by"),
    Field("valid_from", "date"),
    Field("valid_until", "date"),
)


def _day(doing: Doing, key: str) -> date:
    try:
        return date.fromisoformat(doing.values[key])
    except ValueError:
        raise FormFault(**{key: "fault.date"}) from None


def _file(doing: Doing, supplier_id: str, is_active: bool) -> SupplierFile:
    values = doing.values
    first, last = _day(doing, "valid_from"), _day(doing, "valid_until")
    if last < first:
        raise FormFault(valid_until="fault.date")
    paper = Authorisation(values["document"], values["granted_by"], first, last)
    return SupplierFile(supplier_id, Names(values["name_zh"], values["name_en"]), paper, is_active)


async def _add_supplier(doing: Doing) -> Told:
    await doing.desk.flows.put_suppliers([_file(doing, doing.desk.ids.new_id(), is_active=True)])
    return Told("add_supplier", {"name": doing.values[f"name_{doing.language}"]})


async def _edit_supplier(doing: Doing) -> Told:
    is_active = doing.values["trade"] == "ACTIVE"
    await doing.desk.flows.put_suppliers([_file(doing, doing.subject, is_active)])
    return Told("edit_supplier", {"name": doing.values[f"name_{doing.language}"]})


async def _fill_supplier(desk: Desk, row: Row | None) -> Mapping[str, str]:
    if row is None:
        return {}
    cells = {name: str(cell) for name, cell in row.cells.items()}
    return {**cells, "trade": cells["state"]}


SUPPLIER_ACTS = (
    Act(
        "add_supplier",
        Right.EDIT_GOODS,
        Noun.SUPPLIERS,
        _add_supplier,
        _FIELDS,
        has_subject=False,
        is_noted=True,
        needs_reason=False,
    ),
    Act(
        "edit_supplier",
        Right.EDIT_GOODS,
        Noun.SUPPLIERS,
        _edit_supplier,
        (*_FIELDS, Field("trade", "choice", ("ACTIVE", "OFF"))),
        is_noted=True,
        fill=_fill_supplier,
    ),
)
