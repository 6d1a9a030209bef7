"""Operators and their sessions, and what proves that they are themselves."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from platform_server.domain.operators import Operator, Session


class OperatorShelf(Protocol):
    """Who may sign in, and who has."""

    async def add(self, operator: Operator) -> None:
        """A new one; a name exists once."""
        ...

    async def find(self, operator_id: str) -> Operator | None:
        """By id."""
        ...

    async def lock(self, name: str) -> Operator | None:
        """By name, kept from other writers until the end of the transaction."""
        ...

    async def lock_owners(self) -> tuple[Operator, ...]:
        """All active owners, kept from other writers."""
        ...

    async def save(self, operator: Operator) -> None:
        """Replaces everything but name and time of making."""
        ...

    async def open_session(self, session: Session) -> None:
        """A new one."""
        ...

    async def find_session(self, token_hash: str) -> Session | None:
        """By the hash of its token."""
        ...

    async def save_session(self, session: Session) -> None:
        """When it was seen and stepped up; one that has ended stays ended."""
        ...

    async def end_session(self, token_hash: str) -> None:
        """For ever."""
        ...

    async def end_sessions(self, operator_id: str, but: str = "") -> None:
        """All of an operator, but the one with that token hash."""
        ...

    async def forget_sessions(self, made_before: datetime) -> int:
        """Those that are past their longest life; how many."""
        ...


class Passwords(Protocol):
    """Slow hashes; off the event loop."""

    async def hash(self, password: str) -> str:
        """With its own salt and its cost."""
        ...

    async def is_right(self, password: str, known: str | None) -> bool:
        """Takes as long without a known hash, and is then False."""
        ...


class OneTimeCodes(Protocol):
    """Codes of six digits, a new one each 30 s (RFC 6238), from a secret that is sealed at rest."""

    def new_secret(self) -> str:
        """A fresh secret in base32."""
        ...

    def seal(self, operator_id: str, secret: str) -> bytes:
        """The secret at rest; opens only for that operator."""
        ...

    def step_of(self, operator_id: str, box: bytes, code: str, now: datetime) -> int | None:
        """The 30 s step (since 1970) that this code belongs to, now or one beside it; None for a wrong code."""
        ...

    def uri(self, name: str, secret: str) -> str:
        """otpauth://... for an authenticator."""
        ...
