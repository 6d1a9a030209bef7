"""Applies the rules at reserve: judges the purchase, counts it, remembers what was said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

from platform_server.domain.canonical import canonical_json
from platform_server.domain.catalogue import ShelfItem
from platform_server.domain.errors import LimitPassed
from platform_server.domain.judge import (
    Answers,
    JudgedLine,
    Purchase,
    Verdict,
    asks_platform,
    judge,
    wants_history,
)
from platform_server.domain.policies import Policy
from platform_server.domain.reservation import Caller, ReservedLine
from platform_server.domain.rules import top_up_account
from platform_server.ports.books import Books
from platform_server.ports.rule_shelves import Told
from platform_server.ports.vault import Marker

Goods = Sequence[tuple[ReservedLine, ShelfItem]]  # each accepted line with its product


@dataclass(frozen=True, slots=True)
class Asker:
    """Who buys and who sells, as the till says it; `customer_token` is the till's own, never stored as it is."""

    customer_token: str | None = None
    cashier: str | None = None
    approved_by: str | None = None
    answers: Answers | None = None


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The rules of one version; `lists` are the kinds of list that have an entry."""

    version: int
    policies: tuple[Policy, ...]
    lists: frozenset[str]


@dataclass(slots=True)
class KnownRules:
    """The rules as last read: one cheap question says whether they still hold."""

    book: RuleBook = field(default_factory=lambda: RuleBook(0, (), frozenset()))

    async def __call__(self, books: Books) -> RuleBook:
        """The present rules. What is read after the version can only be newer, and is then read again."""
        version = await books.policies.version()
        if version != self.book.version:
            policies = tuple(policy for policy in await books.policies.all() if policy.is_active)
            lists = frozenset(entry.kind for entry in await books.policies.listed())
            self.book = RuleBook(version, policies, lists)
        return self.book


@dataclass(frozen=True, slots=True)
class ApplyRules:
    """`zone` is the local time of the rules; what customers say is kept for `retention`."""

    known: KnownRules
    marker: Marker
    zone: tzinfo
    retention: timedelta

    async def judge(self, books: Books, caller: Caller, asker: Asker, goods: Goods, at: datetime) -> Verdict:
        """Raises LimitPassed. Without rules it costs one statement."""
        book = await self.known(books)
        if not (book.policies or book.lists):
            return Verdict()
        customer = self._customer(asker)
        purchase = Purchase(
            shop_id=caller.shop_id,
            till_id=caller.till_id,
            at=at.astimezone(self.zone),
            lines=tuple(_judged(line, item) for line, item in goods),
            customer=customer,
            cashier=asker.cashier,
            approved_by=asker.approved_by,
            answers=asker.answers or Answers(),
        )
        if book.lists:
            found = await self._look_up(books, customer, goods, at)
            purchase = replace(purchase, is_trusted="customer_allow" in found.get(customer or "", ()))
        if wants_history(book.policies, purchase) and customer is not None:
            purchase = replace(purchase, is_known=await books.counts.has_bought(customer))
        return judge(book.policies, purchase)

    async def asks_platform(self, books: Books, caller: Caller, item: ShelfItem, at: datetime) -> str | None:
        """The rule for which one such card is not sold without us, or None."""
        book = await self.known(books)
        product = item.product
        line = ReservedLine("", product.id, 1, product.wholesale, is_top_up=False, fields={})
        lines = (_judged(line, item),)
        purchase = Purchase(caller.shop_id, caller.till_id, at.astimezone(self.zone), lines)
        return asks_platform(book.policies, purchase)

    async def count(self, books: Books, reservation_id: str, verdict: Verdict, at: datetime) -> None:
        """Takes what the verdict takes, all or nothing. Raises LimitPassed."""
        for take in verdict.takes:
            if not await books.counts.take(reservation_id, take, at):
                raise LimitPassed(**take.refusal)

    async def remember(self, books: Books, reservation_id: str, asker: Asker, at: datetime) -> None:
        """Keeps what was said, for its time; nothing where nothing was said."""
        customer = self._customer(asker)
        if customer is not None or asker.answers is not None:
            answers = None if asker.answers is None else canonical_json(asdict(asker.answers)).decode()
            await books.counts.tell(Told(reservation_id, customer, answers, at, at + self.retention))

    def _customer(self, asker: Asker) -> str | None:
        return None if not asker.customer_token else self.marker.mark("customer", asker.customer_token)

    async def _look_up(
        self, books: Books, customer: str | None, goods: Goods, at: datetime
    ) -> Mapping[str, set[str]]:
        goals = {
            self.marker.mark("destination", top_up_account(line.fields, item.product.fields)): line.line_id
            for line, item in goods
            if line.is_top_up
        }
        marks = {*goals, *([] if customer is None else [customer])}
        found = await books.policies.find_listed(marks, at) if marks else {}
        refusal: dict[str, Any] = {
            "line_id": None,
            "most": None,
            "most_amount": None,
            "until": None,
            "needs": None,
        }
        if customer is not None and "customer_block" in found.get(customer, ()):
            raise LimitPassed(**{**refusal, "rule": "customer_blocked"})
        for mark, line_id in goals.items():
            if "destination_block" in found.get(mark, ()):
                raise LimitPassed(**{**refusal, "rule": "destination", "line_id": line_id})
        return found


def _judged(line: ReservedLine, item: ShelfItem) -> JudgedLine:
    product = item.product
    return JudgedLine(
        line_id=line.line_id,
        product_id=line.product_id,
        brand=product.brand.id,
        category=product.category.id,
        risk_class=product.risk_class,
        is_code=not line.is_top_up,
        quantity=line.quantity,
        face=product.face,
    )
