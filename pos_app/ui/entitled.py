"""Who may put a name and a PIN to something that the one at the till may not do alone."""

from __future__ import annotations

from collections.abc import Iterable

from pos_app.domain.staff import Cashier, Permission, Person, Role


def who_may(people: Iterable[Person], permission: Permission, actor: Cashier) -> tuple[Person, ...]:
    """The people who may authorise; nobody approves himself, but an owner who stands alone."""
    return tuple(
        person
        for person in people
        if Cashier(person.id, person.name, person.role).may(permission)
        and (person.id != actor.id or person.role is Role.OWNER)
    )
