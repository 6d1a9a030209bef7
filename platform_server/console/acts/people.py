"""Acts on operators; nobody does one of them to himself."""

from __future__ import annotations

from collections.abc import Mapping

from platform_server.console.acts.form import Act, Doing, Field, FormFault, Told
from platform_server.console.desk import Desk
from platform_server.domain.operators import OperatorRole, Right
from platform_server.domain.overview import Noun, Row
from platform_server.flows.keep_operators import FirstSecrets

_ROLES = tuple(role.value for role in OperatorRole)


def _handed_out(sentence: str, made: FirstSecrets) -> Told:
    secrets = {"first_password": made.password, "authenticator": made.uri}
    return Told(sentence, {"name": made.name}, secrets, qr=made.uri)


async def _add_operator(doing: Doing) -> Told:
    role = OperatorRole(doing.values["role"])
    try:
        made = await doing.desk.flows.add_operator(doing.authority, doing.values["name"], role)
    except ValueError:
        raise FormFault(name="fault.odd") from None
    return _handed_out("add_operator", made)


async def _renew_operator(doing: Doing) -> Told:
    made = await doing.desk.flows.renew_operator(doing.authority, doing.told("name"))
    return _handed_out("renew_operator", made)


async def _change_operator(doing: Doing) -> Told:
    name, role = doing.told("name"), OperatorRole(doing.values["role"])
    is_active = doing.values["leave"] == "ACTIVE"
    await doing.desk.flows.change_operator(doing.authority, name, role, is_active)
    return Told("change_operator", {"name": name})


async def _fill_operator(desk: Desk, row: Row | None) -> Mapping[str, str]:
    return {} if row is None else {"role": str(row.cells["role"]), "leave": str(row.cells["state"])}


PEOPLE_ACTS = (
    Act(
        "add_operator",
        Right.KEEP_OPERATORS,
        Noun.OPERATORS,
        _add_operator,
        (Field("name"), Field("role", "choice", _ROLES)),
        has_subject=False,
    ),
    Act(
        "change_operator",
        Right.KEEP_OPERATORS,
        Noun.OPERATORS,
        _change_operator,
        (Field("role", "choice", _ROLES), Field("leave", "choice", ("ACTIVE", "OFF"))),
        fill=_fill_operator,
    ),
    Act("renew_operator", Right.KEEP_OPERATORS, Noun.OPERATORS, _renew_operator),
)
