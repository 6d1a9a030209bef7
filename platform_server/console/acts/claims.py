"""Acts on claims: ask the supplier, approve with proof or a second person, deny."""

from __future__ import annotations

from collections.abc import Mapping

from platform_server.console.acts.form import Act, Doing, Field, Told
from platform_server.console.desk import Desk
from platform_server.domain.claims import UNDECIDED, ClaimOutcome
from platform_server.domain.operators import Right
from platform_server.domain.overview import Noun, Row
from platform_server.flows.decide_claim import Grant

_OPEN = tuple(state.value for state in UNDECIDED)


def _is_open(row: Row) -> bool:
    return row.cells["state"] in _OPEN


async def _ask(doing: Doing) -> Told:
    await doing.desk.flows.ask_supplier(doing.authority, doing.subject)
    return Told("ask_supplier", {})


async def _approve(doing: Doing) -> Told:
    values = doing.values
    grant = Grant(ClaimOutcome(values["gives"]), values["proof"] or None, values["bearer"] or None)
    await doing.desk.flows.approve_claim(doing.authority, doing.subject, grant)
    return Told("approve_claim", {})


async def _deny(doing: Doing) -> Told:
    await doing.desk.flows.deny_claim(doing.authority, doing.subject)
    return Told("deny_claim", {})


async def _suggest_bearers(desk: Desk) -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Nobody named: the platform bears it."""
    files = await desk.flows.list_suppliers()
    return {"bearer": (("", "-"), *((each.id, each.names.zh) for each in files))}


CLAIM_ACTS = (
    Act("ask_supplier", Right.ASK_SUPPLIER, Noun.CLAIMS, _ask, fits=lambda row: row.cells["state"] == "OPEN"),
    Act(
        "approve_claim",
        Right.DECIDE_CLAIM,
        Noun.CLAIMS,
        _approve,
        (
            Field("gives", "choice", tuple(outcome.value for outcome in ClaimOutcome)),
            Field("proof", is_required=False),
            Field("bearer", "pick", is_required=False),
        ),
        takes_second=True,
        fits=_is_open,
        suggest=_suggest_bearers,
    ),
    Act("deny_claim", Right.DECIDE_CLAIM, Noun.CLAIMS, _deny, fits=_is_open),
)
