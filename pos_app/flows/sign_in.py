"""Sign a person in by PIN, and let a second person authorise what one alone may not do."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.domain.errors import LockedOut, NotAllowed, PinTooWeak, UnknownPerson, WrongPin
from pos_app.domain.staff import LEAST_PIN_DIGITS, Cashier, Permission, Person, Role, is_weak
from pos_app.domain.till import business_date_at
from pos_app.ports.books import OpenBooks
from pos_app.ports.clock import Clock
from pos_app.ports.pins import Pins


@dataclass(frozen=True)
class SignIn:
    """A right PIN opens the till; a wrong one is counted on disk before it is answered, so that `kill -9` gains nothing."""

    open_books: OpenBooks
    clock: Clock
    pins: Pins
    day_change_hour: int

    def __call__(self, person_id: str, pin: str) -> Cashier:
        """LockedOut, WrongPin, or UnknownPerson for one who is disabled."""
        now = self.clock.now()
        with self.open_books() as books:
            person = books.staff.person(person_id)
            if not person.is_active:
                raise UnknownPerson
            if person.is_locked(now):
                raise LockedOut(until=person.locked_until() or now)
            if not self.pins.matches(person.pin_hash, pin):
                person = person.after_wrong_pin(now)
                books.staff.put(person)
                books.commit()
                if person.is_locked(now):
                    raise LockedOut(until=person.locked_until() or now)
                raise WrongPin(tries_left=person.tries_left)
            books.staff.put(person.after_right_pin())
            today = business_date_at(self.clock.local(now), self.day_change_hour)
            books.ledger.append("signed_in", now, today, {"person_id": person.id, "role": person.role.value})
            books.commit()
        return Cashier(person.id, person.name, person.role)


@dataclass(frozen=True)
class Authorise:
    """A second person puts a name and a PIN to something; nobody approves himself, but an owner who stands alone."""

    sign_in: SignIn

    def __call__(self, actor: Cashier, person_id: str, pin: str, permission: Permission) -> Cashier:
        authoriser = self.sign_in(person_id, pin)
        is_self_approval = authoriser.id == actor.id and authoriser.role is not Role.OWNER
        if is_self_approval or not authoriser.may(permission):
            raise NotAllowed(permission=permission.value)
        return authoriser


@dataclass(frozen=True)
class AddPerson:
    """Someone new behind the counter; the very first one is the owner and needs nobody's leave."""

    open_books: OpenBooks
    clock: Clock
    pins: Pins

    def __call__(self, actor: Cashier | None, name: str, role: Role, pin: str) -> Person:
        if is_weak(pin):
            raise PinTooWeak(least_digits=LEAST_PIN_DIGITS)
        person = Person(self.clock.new_id(), name.strip(), role, self.pins.hash(pin))
        with self.open_books() as books:
            is_first = not books.staff.people()
            if not (is_first and role is Role.OWNER) and (actor is None or actor.role is not Role.OWNER):
                raise NotAllowed(permission=Permission.CHANGE_SETTINGS.value)
            books.staff.put(person)
            books.commit()
        return person
