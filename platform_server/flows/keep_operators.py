"""Makes operators, gives them new secrets, and takes their leave away."""

from __future__ import annotations

from dataclasses import dataclass, replace

from platform_server.domain.actions import Action, Authority, is_same_person
from platform_server.domain.errors import Forbidden, NotFound
from platform_server.domain.operators import LANGUAGES, Operator, OperatorRole, login_name
from platform_server.domain.tills import to_base64url
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.operators import OneTimeCodes, Passwords
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True, repr=False)
class FirstSecrets:
    """What a new operator is handed, once: a password for the first sign-in, and the authenticator's address."""

    name: str
    password: str
    uri: str


@dataclass(frozen=True, slots=True)
class AddOperator:
    """A new one, whose first password lasts until the first sign-in."""

    open_books: OpenBooks
    passwords: Passwords
    codes: OneTimeCodes
    clock: Clock
    ids: Ids

    async def __call__(self, authority: Authority, name: str, role: OperatorRole) -> FirstSecrets:
        """Raises ValueError for a bad name, Forbidden for one that is taken."""
        name = login_name(name)
        password, secret = new_password(self.ids), self.codes.new_secret()
        operator_id, now = self.ids.new_id(), self.clock.now()
        box = self.codes.seal(operator_id, secret)
        operator = Operator(operator_id, name, role, await self.passwords.hash(password), box, now)
        async with self.open_books() as books:
            if await books.operators.lock(name) is not None:
                raise Forbidden("the name is taken", state="name_taken")
            await books.operators.add(operator)
            what = f"add_operator_{role.value}"
            await books.actions.append(Action.by(authority, now, what, operator.subject, {}))
            await books.commit()
        return FirstSecrets(name, password, self.codes.uri(name, secret))


@dataclass(frozen=True, slots=True)
class RenewOperator:
    """New secrets for one who lost them; sessions end."""

    open_books: OpenBooks
    passwords: Passwords
    codes: OneTimeCodes
    clock: Clock
    ids: Ids

    async def __call__(self, authority: Authority, name: str) -> FirstSecrets:
        """Raises NotFound, and Forbidden for oneself: a stolen session must not become a new key."""
        name = login_name(name)
        password, secret = new_password(self.ids), self.codes.new_secret()
        new_hash = await self.passwords.hash(password)
        async with self.open_books() as books:
            operator = await _other(books, authority, name)
            box = self.codes.seal(operator.id, secret)
            fresh = replace(operator.admitted(0), password_hash=new_hash, totp_box=box, must_change=True)
            await books.operators.save(fresh)
            await books.operators.end_sessions(operator.id)
            now = self.clock.now()
            await books.actions.append(Action.by(authority, now, "renew_operator", operator.subject, {}))
            await books.commit()
        return FirstSecrets(name, password, self.codes.uri(name, secret))


@dataclass(frozen=True, slots=True)
class ChangeOperator:
    """Another role, or no leave to sign in any more; sessions end, so that it counts at once."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(
        self, authority: Authority, name: str, role: OperatorRole | None, is_active: bool
    ) -> None:
        """`role` None keeps it. Raises NotFound; Forbidden for oneself and for the last owner."""
        async with self.open_books() as books:
            operator = await _other(books, authority, login_name(name))
            role = role or operator.role
            stays_owner = role is OperatorRole.OWNER and is_active
            owners = await books.operators.lock_owners()
            if not stays_owner and [owner.id for owner in owners] == [operator.id]:
                raise Forbidden("the last owner stays", state="last_owner")
            await books.operators.save(replace(operator, role=role, is_active=is_active))
            await books.operators.end_sessions(operator.id)
            what = f"make_operator_{role.value}" if is_active else "switch_operator_off"
            now = self.clock.now()
            await books.actions.append(Action.by(authority, now, what, operator.subject, {}))
            await books.commit()


@dataclass(frozen=True, slots=True)
class SpeakTo:
    """The language of one's own pages."""

    open_books: OpenBooks

    async def __call__(self, name: str, language: str) -> None:
        """Raises ValueError for one that we do not have."""
        if language not in LANGUAGES:
            raise ValueError(f"a language is one of {LANGUAGES}")
        async with self.open_books() as books:
            operator = await books.operators.lock(name)
            if operator is not None:
                await books.operators.save(replace(operator, language=language))
                await books.commit()


def new_password(ids: Ids) -> str:
    """22 characters of 128 random bits."""
    return to_base64url(ids.new_secret())


async def _other(books: Books, authority: Authority, name: str) -> Operator:
    operator = await books.operators.lock(name)
    if operator is None:
        raise NotFound(f"no operator {name}")
    if is_same_person(operator.name, authority.actor):
        raise Forbidden("nobody does this to himself", state="own_hand")
    return operator
