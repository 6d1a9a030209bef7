"""Bugs that tills and platforms had, put back one at a time from outside: the simulation must see each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any
from unittest.mock import patch

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.errors import DiskTrouble, Rejected, Unreachable
from pos_app.domain.lease import LeasedCard
from pos_app.domain.outbox import Message, MessageKind, MessageState
from pos_app.domain.paper import Paper, PaperState
from pos_app.domain.sale import Sale, SaleState
from pos_app.flows import payments
from pos_app.flows.payments import KeepStep, keep_moved
from pos_app.flows.print_paper import PrintNext
from pos_app.flows.recover import TakeUp
from pos_app.flows.sell_online import GoOn
from pos_app.store import lock
from pos_app.store.engine import BooksEngine
from pos_app.store.ledger import SqlLedger
from pos_app.store.outbox import SqlOutbox
from pos_app.store.sales import SqlSales
from pos_app.wire.platform import client, signing
from tests.races.faults import FAULTS
from tests.sim import mix
from tests.sim.ground import PHONE, SCARCE
from tests.sim.history import History

Plant = Callable[[], AbstractContextManager[Any]]
# Of the platform's planted faults those whose harm a shop can meet; the others are about floods and forgers.
OF_PLATFORM = (
    "a cancel of an unknown sale leaves no tombstone",
    "a cancel is not final",
    "a cancelled sale's sold card goes back to the shelf",
    "a repeated cancel gives the hold back again",
    "a line that is short is sold all the same",
    "a confirm leaves no note of its key",
    "a confirm takes the money twice",
    "only the shop's side of a sale is posted",
    "a late confirm sells what it no longer has",
    "the shelf is not moved with the sale",
    "a top-up goes out again under a new reference",
    "a supplier's silence is taken for a no",
    "a commit is acknowledged before it is made",
)


@dataclass(frozen=True)
class Tooth:
    """A bug, how it is planted, what of the mix is made likelier so that it comes to bear, and what everybody wants."""

    name: str
    plant: Plant
    rates: Mapping[str, float] = field(default_factory=dict)
    wants: str = ""


@dataclass(frozen=True)
class Bite:
    """What found it, and after how many seeds; nothing within the seeds that it was given."""

    tooth: str
    invariants: tuple[str, ...]
    seeds: int


TEETH: list[Tooth] = []


def tooth(name: str, wants: str = "", **rates: float) -> Callable[[Plant], Plant]:
    def add(plant: Plant) -> Plant:
        named = {key.replace("__", ": ").replace("_", " "): rate for key, rate in rates.items()}
        TEETH.append(Tooth(name, plant, named, wants))
        return plant

    return add


def bite(each: Tooth, most_seeds: int, customers: int = 12) -> Bite:
    """Seed after seed until something is seen."""
    for seed in range(1, most_seeds + 1):
        found = _seen(each, seed, customers)
        if found:
            return Bite(each.name, tuple(dict.fromkeys(found)), seed)
    return Bite(each.name, (), most_seeds)


def _seen(each: Tooth, seed: int, customers: int) -> list[str]:
    history = History(f"tooth {seed}", {**mix.CAMPAIGN, **each.rates}, customers=customers, wants=each.wants)
    with each.plant():
        try:
            outcome = history.run()
        except Exception as bug:  # noqa: BLE001  # the count itself cannot make sense of such books
            return [f"bug: {type(bug).__name__}"]
    return [breach.invariant for breach in outcome.breaches]


def table(bites: list[Bite]) -> str:
    lines = ["| bug put back | found by | seeds |", "|---|---|---|"]
    lines += [
        f"| {each.tooth} | {', '.join(each.invariants) or 'NOT FOUND'} | {each.seeds} |" for each in bites
    ]
    return "\n".join(lines)


# --- the till asks ---


@tooth("each confirm has a key of its own")
def _new_keys() -> Any:
    numbers = count(1)

    def step(sale_id: str, step: str, body: bytes) -> Any:
        attempt = next(numbers) if step == "confirm" else 1
        return client._Call("POST", f"/v1/reservations/{sale_id}/{step}", body, f"{sale_id}:{step}:{attempt}")

    return patch.object(client, "_step", step)


@tooth("no answer to a confirm is taken for a no", net__reply_lost=0.2)
def _silence_is_no() -> Any:
    plain = GoOn._confirm

    def confirm(self: GoOn, enrolment: Any, sale: Sale) -> None:
        try:
            plain(self, enrolment, sale)
        except Unreachable:
            self._refuse(sale, Rejected("EXPIRED", "none", {}))

    return patch.object(GoOn, "_confirm", confirm)


@tooth("every reply is believed, signed or not", net__reply_spoilt=0.2, net__former_reply=0.2)
def _believes_everything() -> Any:
    return patch.object(signing, "check", lambda exchange, key: signing.Answer.OURS)


@tooth("what was refused for good is forgotten", wants=SCARCE, people__dawdle=0.6)
def _refused_is_refunded() -> Any:
    plain = GoOn._refuse

    def refuse(self: GoOn, sale: Sale, no: Rejected) -> None:
        plain(self, sale, no)
        with self.open_books() as books:
            if books.sales.get(sale.id).state is SaleState.REFUND_DUE:
                books.sales.put(replace(books.sales.get(sale.id), state=SaleState.REFUNDED))
                books.commit()

    return patch.object(GoOn, "_refuse", refuse)


@tooth("an entry counts as held by the platform although it is not")
def _acked_too_far() -> Any:
    plain = SqlLedger.keep_acked
    return patch.object(SqlLedger, "keep_acked", lambda self, seq: plain(self, seq + 1))


@tooth("a message without an answer counts as sent")
def _sent_unheard() -> Any:
    def failed(self: Message, *rest: Any) -> Message:
        return replace(self, state=MessageState.SENT)

    return patch.object(Message, "failed", failed)


# --- the till keeps ---


@tooth("receipt numbers are counted beside the books", till__killed_before_commit=0.05)
def _numbers_beside() -> Any:
    plain = SqlSales.next_receipt_number
    ahead: dict[str, int] = {}

    def number(self: SqlSales) -> str:
        given = plain(self)
        start, _, digits = given.rpartition("-")
        ahead[start] = max(ahead.get(start, 0) + 1, int(digits))
        return f"{start}-{ahead[start]:06d}"

    return patch.object(SqlSales, "next_receipt_number", number)


@tooth("cash is not told by the ledger")
def _untold() -> Any:
    plain = SqlLedger.append

    def append(self: SqlLedger, kind: str, at: datetime, business_date: Any, body: Any) -> Any:
        return plain(self, "note" if kind == "sale_paid" else kind, at, business_date, body)

    return patch.object(SqlLedger, "append", append)


@tooth("a commit that failed counts as made", disk__EIO=0.15)
def _failed_is_done() -> Any:
    plain = BooksEngine.commit

    def commit(self: BooksEngine, connection: Any) -> None:
        with suppress(DiskTrouble):
            plain(self, connection)

    return patch.object(BooksEngine, "commit", commit)


@tooth("a second program may open the folder")
def _no_lock() -> Any:
    return patch.object(lock, "_take", lambda file: None)


@tooth("sales with money to give back stand in no list", wants=SCARCE, people__dawdle=0.6)
def _silent() -> Any:
    plain = SqlSales.open_sales

    def open_sales(self: SqlSales) -> tuple[Sale, ...]:
        return tuple(each for each in plain(self) if not each.refund_lines)

    return patch.object(SqlSales, "open_sales", open_sales)


@tooth("a failed top-up owes nothing", wants=PHONE)
def _owes_nothing() -> Any:
    plain = Sale._is_owed
    return patch.object(Sale, "_is_owed", lambda self, line: line.top_up is None and plain(self, line))


@tooth("what was given back is not written down", wants=PHONE)
def _given_twice() -> Any:
    return patch.object(Sale, "with_refund", lambda self, line_id, amount: self)


# --- paper ---


@tooth("a slip is printed before the intent is on disk", till__killed_after_print=0.2)
def _print_without_intent() -> Any:
    def claim(self: PrintNext, sale_id: str) -> Paper | None:
        with self.open_to_read() as books:
            due = [each for each in books.papers.of_sale(sale_id) if each.state is PaperState.DUE]
        return replace(due[0], state=PaperState.PRINTING) if due else None

    return patch.object(PrintNext, "_claim", claim)


@tooth("a slip in the air is printed again at the start", till__killed_after_print=0.1)
def _air_is_due() -> Any:
    def ask(self: TakeUp, books: Any, paper: Paper) -> None:
        if paper.state is PaperState.PRINTING:
            books.papers.put(replace(paper, state=PaperState.DUE))

    return patch.object(TakeUp, "_ask_about", ask)


# --- money ---


@tooth("a second payment may begin beside the first")
def _payments_beside() -> Any:
    return patch.object(payments, "live", lambda books, sale: [])


@tooth("a gateway's silence is a no")
def _gateway_silence() -> Any:
    plain = Attempt.no_answer

    def no_answer(self: Attempt, now: datetime, *rest: Any) -> Attempt:
        return replace(plain(self, now, *rest), state=AttemptState.FAILED, next_at=None, ended_at=now)

    return patch.object(Attempt, "no_answer", no_answer)


@tooth("a payment that was stopped is not undone")
def _stopped_is_failed() -> Any:
    plain = Attempt.give_up

    def give_up(self: Attempt, now: datetime) -> Attempt:
        return replace(plain(self, now), state=AttemptState.FAILED, next_at=None, ended_at=now)

    return patch.object(Attempt, "give_up", give_up)


@tooth("money for a sale that was let go is kept")
def _late_money_kept() -> Any:
    def moved(self: KeepStep, books: Any, attempt: Attempt, now: datetime) -> None:
        sale = books.sales.get(attempt.sale_id)
        keep_moved(books, attempt, sale.day, now)
        is_last = attempt.state is AttemptState.PAID and sale.state is SaleState.RESERVED
        if is_last and payments.left_to_pay(books, sale).is_zero:
            payments.complete(books, self.clock, sale, ())

    return patch.object(KeepStep, "_moved", moved)


# --- leases ---


@tooth("cards that are given back stay in hand", net__partition=0.2)
def _returned_and_held() -> Any:
    return patch.object(LeasedCard, "destroyed", lambda self: self)


@tooth("a leased card that was sold can be sold again", net__partition=0.2)
def _leased_twice() -> Any:
    return patch.object(LeasedCard, "sold", LeasedCard.freed)


@tooth("the ledger does not name the leased cards", net__partition=0.2)
def _leased_untold() -> Any:
    return patch.object(payments, "told", lambda cards: {})


@tooth("a sale that leased cards stepped in for is not withdrawn", net__reply_lost=0.2)
def _not_withdrawn() -> Any:
    plain = SqlOutbox.add

    def add(self: SqlOutbox, message: Message) -> None:
        if message.kind is not MessageKind.WITHDRAW:
            plain(self, message)

    return patch.object(SqlOutbox, "add", add)


# --- the platform ---


# What must come together with some of them: the last cards sold meanwhile, calls that arrive late, top-ups.
_LATE, _LAST = {"net: delayed": 0.3}, {"people: dawdle": 0.6}
_BEARING: Mapping[str, tuple[Mapping[str, float], str]] = {
    "a cancel of an unknown sale leaves no tombstone": (_LATE, ""),
    "a cancel is not final": (_LATE, ""),
    "a line that is short is sold all the same": (_LAST, SCARCE),
    "a late confirm sells what it no longer has": (_LAST, SCARCE),
    "a top-up goes out again under a new reference": ({}, PHONE),
    "a supplier's silence is taken for a no": ({}, PHONE),
}
TEETH += [
    Tooth(f"platform: {each.name}", each.plant, *_BEARING.get(each.name, ({}, "")))
    for each in FAULTS
    if each.name in OF_PLATFORM
]
