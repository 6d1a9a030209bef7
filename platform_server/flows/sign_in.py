"""Lets operators in: a name, a password and a one-time code against a session that can be taken back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime

from platform_server.domain.actions import Action
from platform_server.domain.errors import NotAdmitted
from platform_server.domain.operators import (
    LONGEST_PASSWORD,
    Operator,
    Right,
    Session,
    hash_agent,
    is_good_password,
    login_name,
)
from platform_server.domain.tills import to_base64url
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.operators import OneTimeCodes, Passwords
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True, repr=False)
class Attempt:
    """What somebody typed at the door, and what their browser calls itself."""

    name: str
    password: str
    code: str
    agent: str


@dataclass(frozen=True, slots=True)
class Admission:
    """Who is signed in, by which session."""

    operator: Operator
    session: Session


@dataclass(frozen=True, slots=True)
class SignIn:
    """One answer for every wrong try, and as slow: nobody learns which names exist or are locked."""

    open_books: OpenBooks
    passwords: Passwords
    codes: OneTimeCodes
    clock: Clock
    ids: Ids

    async def __call__(self, attempt: Attempt) -> str:
        """The token of a new session. Raises NotAdmitted."""
        now = self.clock.now()
        operator, step = await _try(self.open_books, self.passwords, self.codes, attempt, now)
        token = to_base64url(self.ids.new_secret() + self.ids.new_secret())
        async with self.open_books() as books:
            present = await _spend_code(books, operator, step, "sign_in_refused", now, must_be_active=True)
            agent = hash_agent(attempt.agent)
            await books.operators.open_session(Session(hash_token(token), present.id, agent, now, now))
            await books.actions.append(Action(now, present.name, None, "sign_in", present.subject, ""))
            await books.commit()
        return token


@dataclass(frozen=True, slots=True)
class FindAdmission:
    """Who stands behind a token."""

    open_books: OpenBooks
    peek_books: OpenBooks
    clock: Clock

    async def __call__(self, token: str, agent: str) -> Admission | None:
        """None for a token that is unknown, ended, idle too long, or comes from another browser."""
        now = self.clock.now()
        async with self.peek_books() as books:
            session = await books.operators.find_session(hash_token(token))
            if session is None or not session.is_alive(now, agent):
                return None
            operator = await books.operators.find(session.operator_id)
        if operator is None or not operator.is_active:
            return None
        if session.is_worth_touching(now):
            session = replace(session, seen_at=now)
            async with self.open_books() as books:
                await books.operators.save_session(session)
                await books.commit()
        return Admission(operator, session)


@dataclass(frozen=True, slots=True)
class StepUp:
    """A fresh code before something dangerous; it counts as a try like a sign-in."""

    open_books: OpenBooks
    codes: OneTimeCodes
    clock: Clock

    async def __call__(self, admission: Admission, code: str) -> None:
        """Opens the session's short window. Raises NotAdmitted for a wrong or spent code, or while locked."""
        now = self.clock.now()
        operator = await begin_try(self.open_books, admission.operator.name, now)
        step = None
        if operator is not None:
            step = self.codes.step_of(operator.id, operator.totp_box, code, now)
        async with self.open_books() as books:
            await _spend_code(books, admission.operator, step, "step_up_refused", now)
            await books.operators.save_session(replace(admission.session, stepped_up_at=now, seen_at=now))
            await books.commit()


@dataclass(frozen=True, slots=True)
class Vouch:
    """A second person puts name, password and a fresh code to what one alone may not do; they get no session."""

    open_books: OpenBooks
    passwords: Passwords
    codes: OneTimeCodes
    clock: Clock

    async def __call__(self, attempt: Attempt, right: Right) -> str:
        """Their name. Raises NotAdmitted for a wrong try, or for one who has not that right himself."""
        now = self.clock.now()
        operator, step = await _try(self.open_books, self.passwords, self.codes, attempt, now)
        async with self.open_books() as books:
            present = await _spend_code(books, operator, step, "vouch_refused", now)
            await books.commit()
        if not present.may(right):
            raise NotAdmitted
        return present.name


@dataclass(frozen=True, slots=True)
class SignOut:
    """Ends one session."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(self, admission: Admission) -> None:
        """Its cookie is worth nothing afterwards, wherever it was copied to."""
        operator = admission.operator
        async with self.open_books() as books:
            await books.operators.end_session(admission.session.token_hash)
            at = self.clock.now()
            await books.actions.append(Action(at, operator.name, None, "sign_out", operator.subject, ""))
            await books.commit()


@dataclass(frozen=True, slots=True)
class ChangePassword:
    """One's own; the other sessions of the operator end."""

    open_books: OpenBooks
    passwords: Passwords
    clock: Clock

    async def __call__(self, admission: Admission, present: str, wanted: str) -> None:
        """Raises NotAdmitted for a wrong present password, ValueError for a new one that is weak or the same."""
        operator = admission.operator
        now = self.clock.now()
        if not is_good_password(wanted, operator.name) or wanted == present:
            raise ValueError("the new password is too easy")
        known = await begin_try(self.open_books, operator.name, now)
        is_right = await self.passwords.is_right(
            present[: LONGEST_PASSWORD + 1], None if known is None else known.password_hash
        )
        if known is None or not is_right:
            raise NotAdmitted
        new_hash = await self.passwords.hash(wanted)
        async with self.open_books() as books:
            locked = await books.operators.lock(operator.name)
            if locked is None or locked.password_hash != known.password_hash:
                raise NotAdmitted
            changed = replace(locked.admitted(locked.last_step), password_hash=new_hash, must_change=False)
            await books.operators.save(changed)
            await books.operators.end_sessions(operator.id, but=admission.session.token_hash)
            await books.actions.append(
                Action(now, operator.name, None, "change_password", operator.subject, "")
            )
            await books.commit()


def read_name(text: str) -> str:
    """In its one spelling; what is no name at all is nobody's."""
    try:
        return login_name(text)
    except ValueError:
        return ""


async def begin_try(open_books: OpenBooks, name: str, now: datetime) -> Operator | None:
    """Counts a try before it is judged; None for an unknown name and while the brake holds."""
    async with open_books() as books:
        operator = await books.operators.lock(name)
        if operator is None or operator.is_locked(now):
            return None
        await books.operators.save(operator.tried(now))
        await books.commit()
    return operator


async def _try(
    open_books: OpenBooks, passwords: Passwords, codes: OneTimeCodes, attempt: Attempt, now: datetime
) -> tuple[Operator, int | None]:
    """Who is meant, and the step of their code; None if that or the password is wrong. Raises NotAdmitted."""
    operator = await begin_try(open_books, read_name(attempt.name), now)
    known = None if operator is None else operator.password_hash
    is_right = await passwords.is_right(attempt.password[: LONGEST_PASSWORD + 1], known)
    if operator is None:
        raise NotAdmitted
    step = codes.step_of(operator.id, operator.totp_box, attempt.code, now)
    return operator, step if is_right else None


async def _spend_code(
    books: Books,
    operator: Operator,
    step: int | None,
    refused: str,
    now: datetime,
    *,
    must_be_active: bool = False,
) -> Operator:
    """Them as they are now, this code good for nothing more; a refusal is noted. Raises NotAdmitted."""
    present = await books.operators.lock(operator.name)
    is_off = must_be_active and present is not None and not present.is_active
    if present is None or is_off or step is None or step <= present.last_step:
        await books.actions.append(Action(now, operator.name, None, refused, operator.subject, ""))
        await books.commit()
        raise NotAdmitted
    await books.operators.save(present.admitted(step))
    return present


def hash_token(token: str) -> str:
    """Hex SHA-256; the token is 32 random bytes, so no salt is needed."""
    return hashlib.sha256(token.encode("utf-8")).hexdigest()
