"""Policies and lists, in SQL."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.canonical import canonical_json
from platform_server.domain.policies import Policy, PolicyKind, read_rule
from platform_server.ports.rule_shelves import Listed
from platform_server.store.dialect import engine_of
from platform_server.store.fast import Fast, Prepared
from platform_server.store.instants import maybe_from_micros, maybe_to_micros, to_micros
from platform_server.store.tables import listed, policies, rules_version

_VERSION = Prepared(select(rules_version.c.version))


class SqlPolicies:
    """Implements ports.rule_shelves.PolicyShelf."""

    def __init__(self, connection: AsyncConnection, fast: Fast) -> None:
        self._connection = connection
        self._fast = fast

    async def version(self) -> int:
        row = await self._fast.one(_VERSION)
        return 0 if row is None else int(row.version)

    async def all(self) -> tuple[Policy, ...]:
        rows = await self._connection.execute(select(policies).order_by(policies.c.id))
        return tuple(_policy(row) for row in rows)

    async def put(self, new: Sequence[Policy]) -> None:
        await self._move()
        for policy in new:
            row = _row(policy)
            query = engine_of(self._connection).insert(policies).values(**row, version=1)
            changed = {**row, "version": policies.c.version + 1}
            await self._connection.execute(query.on_conflict_do_update(index_elements=["id"], set_=changed))

    async def switch(self, policy_id: str, is_active: bool) -> bool:
        await self._move()
        query = update(policies).where(policies.c.id == policy_id)
        query = query.values(is_active=is_active, version=policies.c.version + 1)
        return (await self._connection.execute(query)).rowcount == 1

    async def enlist(self, entry: Listed) -> None:
        await self._move()
        said = {"note": entry.note, "until": maybe_to_micros(entry.until)}
        query = engine_of(self._connection).insert(listed).values(kind=entry.kind, mark=entry.mark, **said)
        await self._connection.execute(
            query.on_conflict_do_update(index_elements=["kind", "mark"], set_=said)
        )

    async def strike(self, kind: str, mark: str) -> bool:
        await self._move()
        query = delete(listed).where(listed.c.kind == kind, listed.c.mark == mark)
        return (await self._connection.execute(query)).rowcount == 1

    async def listed(self) -> tuple[Listed, ...]:
        rows = await self._connection.execute(select(listed).order_by(listed.c.kind, listed.c.mark))
        return tuple(Listed(row.kind, row.mark, row.note, maybe_from_micros(row.until)) for row in rows)

    async def find_listed(self, marks: Collection[str], now: datetime) -> Mapping[str, set[str]]:
        query = select(listed.c.mark, listed.c.kind).where(listed.c.mark.in_(list(marks)))
        query = query.where(or_(listed.c.until.is_(None), listed.c.until > to_micros(now)))
        found: dict[str, set[str]] = {}
        for row in await self._connection.execute(query):
            found.setdefault(row.mark, set()).add(row.kind)
        return found

    async def _move(self) -> None:
        """First of all, so that changes of rules wait for each other."""
        await self._connection.execute(update(rules_version).values(version=rules_version.c.version + 1))


def _row(policy: Policy) -> dict[str, Any]:
    return {
        "id": policy.id,
        "scope": policy.scope,
        "subject": policy.subject,
        "kind": policy.kind.value,
        "parameters": canonical_json(dict(policy.parameters)).decode(),
        "source": policy.source,
        "is_active": policy.is_active,
        "valid_from": maybe_to_micros(policy.valid_from),
        "valid_until": maybe_to_micros(policy.valid_until),
    }


def _policy(row: Any) -> Policy:
    parameters = json.loads(row.parameters)
    kind = PolicyKind(row.kind)
    return Policy(
        id=row.id,
        scope=row.scope,
        subject=row.subject,
        kind=kind,
        parameters=parameters,
        rule=read_rule(kind, parameters),
        source=row.source,
        is_active=row.is_active,
        valid_from=maybe_from_micros(row.valid_from),
        valid_until=maybe_from_micros(row.valid_until),
        version=row.version,
    )
