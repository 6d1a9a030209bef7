"""Whom the till belongs to, and its wallet as last told."""

from __future__ import annotations

from sqlalchemy import delete, insert, select

from pos_app.domain.errors import NotEnrolled
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.money import Money
from pos_app.domain.till import Account, Enrolment
from pos_app.store.connection import BooksConnection
from pos_app.store.rows import instant, micros
from pos_app.store.tables import account, enrolment

DEFAULT_CURRENCY = "CNY"

_ENROLMENT = (
    "SELECT shop_id, shop_name, till_id, till_code, epoch, currency, address, platform_key FROM enrolment"
)

_KEEP_NUMBER = "INSERT OR REPLACE INTO counters (name, value) VALUES (?, ?)"


class SqlTillShelf:
    def __init__(self, connection: BooksConnection) -> None:
        self._connection = connection
        self._enrolment: Enrolment | None = None

    def enrolment(self) -> Enrolment:
        found = self.known_enrolment()
        if found is None:
            raise NotEnrolled
        return found

    def known_enrolment(self) -> Enrolment | None:
        """Read once a transaction: the ledger and every sale ask for it."""
        if self._enrolment is None:
            row = self._connection.run(_ENROLMENT).one_or_none()
            self._enrolment = None if row is None else Enrolment(*row)
        return self._enrolment

    @property
    def currency(self) -> str:
        found = self.known_enrolment()
        return DEFAULT_CURRENCY if found is None else found.currency

    def enrol(self, new: Enrolment) -> None:
        self._connection.execute(delete(enrolment))
        self._connection.execute(
            insert(enrolment).values(
                one=1,
                shop_id=new.shop_id,
                shop_name=new.shop_name,
                till_id=new.till_id,
                till_code=new.till_code,
                epoch=new.epoch,
                currency=new.currency,
                address=new.address,
                platform_key=new.platform_key,
            )
        )
        self._enrolment = new

    def rolled_back(self) -> AnchorMark | None:
        row = self._connection.run("SELECT epoch, seq FROM rolled_back").one_or_none()
        return None if row is None else AnchorMark(*row)

    def keep_rolled_back(self, mark: AnchorMark | None) -> None:
        self._connection.run("DELETE FROM rolled_back")
        if mark is not None:
            self._connection.run(
                "INSERT INTO rolled_back (one, epoch, seq) VALUES (1, ?, ?)", (mark.epoch, mark.seq)
            )

    def is_anchored(self) -> bool:
        return bool(self._number("anchored"))

    def keep_anchored(self) -> None:
        self._connection.run(_KEEP_NUMBER, ("anchored", 1))

    def last_event(self) -> int:
        return self._number("event")

    def keep_last_event(self, seq: int) -> None:
        self._connection.run(_KEEP_NUMBER, ("event", seq))

    def _number(self, name: str) -> int:
        return int(self._connection.run("SELECT value FROM counters WHERE name = ?", (name,)).scalar() or 0)

    def account(self) -> Account | None:
        row = self._connection.execute(select(account)).one_or_none()
        if row is None:
            return None
        return Account(
            Money(row.balance, row.currency),
            Money(row.held, row.currency),
            Money(row.credit_limit, row.currency),
            instant(row.told_at),
        )

    def keep_account(self, told: Account) -> None:
        self._connection.execute(delete(account))
        self._connection.execute(
            insert(account).values(
                one=1,
                balance=told.balance.minor,
                held=told.held.minor,
                credit_limit=told.credit_limit.minor,
                currency=told.balance.currency,
                told_at=micros(told.told_at),
            )
        )
