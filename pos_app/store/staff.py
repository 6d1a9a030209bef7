"""The people who may sign in, and their locks."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from pos_app.domain.errors import UnknownPerson
from pos_app.domain.staff import Person, Role
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import maybe_instant, maybe_micros
from pos_app.store.tables import people

_ACTIVE = select(people).where(people.c.is_active == 1).order_by(people.c.name, people.c.id)


class SqlStaff:
    def __init__(self, connection: BooksConnection) -> None:
        self._connection = connection

    def people(self) -> tuple[Person, ...]:
        return tuple(_person(row) for row in self._connection.execute(_ACTIVE))

    def person(self, person_id: str) -> Person:
        row = self._connection.execute(select(people).where(people.c.id == person_id)).one_or_none()
        if row is None:
            raise UnknownPerson
        return _person(row)

    def put(self, person: Person) -> None:
        kept = {
            "name": person.name,
            "role": person.role.value,
            "pin_hash": person.pin_hash,
            "wrong_tries": person.wrong_tries,
            "locked_at": maybe_micros(person.locked_at),
            "is_active": int(person.is_active),
        }
        self._connection.execute(
            insert(people)
            .values(id=person.id, **kept)
            .on_conflict_do_update(index_elements=["id"], set_=kept)
        )


def _person(row: Any) -> Person:
    return Person(
        row.id,
        row.name,
        Role(row.role),
        row.pin_hash,
        row.wrong_tries,
        maybe_instant(row.locked_at),
        bool(row.is_active),
    )
