"""Operators and their sessions in SQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from platform_server.domain.operators import Operator, OperatorRole, Session
from platform_server.store.instants import from_micros, maybe_from_micros, maybe_to_micros, to_micros
from platform_server.store.tables import operator_sessions, operators


class SqlOperators:
    """Implements ports.operators.OperatorShelf."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, operator: Operator) -> None:
        fixed = {"name": operator.name, "created_at": to_micros(operator.created_at)}
        await self._connection.execute(insert(operators).values(**fixed, **_changing(operator)))

    async def find(self, operator_id: str) -> Operator | None:
        return await self._one(select(operators).where(operators.c.id == operator_id))

    async def lock(self, name: str) -> Operator | None:
        return await self._one(select(operators).where(operators.c.name == name).with_for_update())

    async def lock_owners(self) -> tuple[Operator, ...]:
        query = select(operators).where(operators.c.role == OperatorRole.OWNER.value, operators.c.is_active)
        rows = await self._connection.execute(query.order_by(operators.c.id).with_for_update())
        return tuple(_operator(row) for row in rows)

    async def save(self, operator: Operator) -> None:
        query = update(operators).where(operators.c.id == operator.id)
        await self._connection.execute(query.values(**_changing(operator)))

    async def open_session(self, session: Session) -> None:
        await self._connection.execute(
            insert(operator_sessions).values(
                token_hash=session.token_hash,
                operator_id=session.operator_id,
                agent_hash=session.agent_hash,
                made_at=to_micros(session.made_at),
                seen_at=to_micros(session.seen_at),
                stepped_up_at=maybe_to_micros(session.stepped_up_at),
            )
        )

    async def find_session(self, token_hash: str) -> Session | None:
        query = select(operator_sessions).where(operator_sessions.c.token_hash == token_hash)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            return None
        return Session(
            token_hash=row.token_hash,
            operator_id=row.operator_id,
            agent_hash=row.agent_hash,
            made_at=from_micros(row.made_at),
            seen_at=from_micros(row.seen_at),
            stepped_up_at=maybe_from_micros(row.stepped_up_at),
        )

    async def save_session(self, session: Session) -> None:
        query = update(operator_sessions).where(operator_sessions.c.token_hash == session.token_hash)
        times = {
            "seen_at": to_micros(session.seen_at),
            "stepped_up_at": maybe_to_micros(session.stepped_up_at),
        }
        await self._connection.execute(query.values(**times))

    async def end_session(self, token_hash: str) -> None:
        await self._connection.execute(
            delete(operator_sessions).where(operator_sessions.c.token_hash == token_hash)
        )

    async def end_sessions(self, operator_id: str, but: str = "") -> None:
        query = delete(operator_sessions).where(operator_sessions.c.operator_id == operator_id)
        await self._connection.execute(query.where(operator_sessions.c.token_hash != but))

    async def forget_sessions(self, made_before: datetime) -> int:
        query = delete(operator_sessions).where(operator_sessions.c.made_at < to_micros(made_before))
        return (await self._connection.execute(query)).rowcount

    async def _one(self, query: Select[Any]) -> Operator | None:
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _operator(row)


def _changing(operator: Operator) -> dict[str, Any]:
    return {
        "id": operator.id,
        "role": operator.role.value,
        "password_hash": operator.password_hash,
        "totp_box": operator.totp_box,
        "language": operator.language,
        "is_active": operator.is_active,
        "must_change": operator.must_change,
        "tries": operator.tries,
        "locked_until": maybe_to_micros(operator.locked_until),
        "last_step": operator.last_step,
    }


def _operator(row: Any) -> Operator:
    return Operator(
        id=row.id,
        name=row.name,
        role=OperatorRole(row.role),
        password_hash=row.password_hash,
        totp_box=row.totp_box,
        created_at=from_micros(row.created_at),
        language=row.language,
        is_active=row.is_active,
        must_change=row.must_change,
        tries=row.tries,
        locked_until=maybe_from_micros(row.locked_until),
        last_step=row.last_step,
    )
