"""Bugs that tills had, put back one at a time from outside: the simulation must see each of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from typing import Any
from unittest.mock import patch

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.errors import DiskTrouble, Rejected, Unreachable
from pos_app.domain.lease import LeasedCard
from pos_app.domain.outbox import Message, MessageKind, MessageState
from pos_app.domain.paper import Paper, PaperState
from pos_app.domain.refund import Refund, RefundState
from pos_app.domain.sale import Sale, SaleState
from pos_app.flows import payments, print_paper, push_outbox
from pos_app.flows.begin_anew import CheckAnchor
from pos_app.flows.print_paper import PrintNext
from pos_app.flows.recover import TakeUp
from pos_app.flows.sell_online import GoOn
from pos_app.store import lock
from pos_app.store.anchor import FileAnchor
from pos_app.store.attempts import SqlAttempts
from pos_app.store.cards import SqlCards
from pos_app.store.engine import BooksEngine
from pos_app.store.ledger import SqlLedger
from pos_app.store.outbox import SqlOutbox
from pos_app.store.sales import SqlSales
from pos_app.store.shifts import SqlShifts
from pos_app.wire.platform import client, signing
from practice.gateways.mischief import Fault
from tests.payments import mix as payment_mix
from tests.sim import mix
from tests.sim.bite import tooth
from tests.sim.ground import PHONE, SCARCE

_by_wallet = patch.object(mix, "WALLET", 1.0)


# --- the till asks ---


@tooth("a confirm that is said again names another sale", net__reply_lost=0.2)
def _new_sale() -> Any:
    plain, said = client._step, Counter[tuple[str, str]]()

    def step(sale_id: str, step: str, body: bytes) -> Any:
        said[sale_id, step] += 1
        again = step == "confirm" and said[sale_id, step] > 1
        return plain(sale_id[:-4] + "ffff" if again else sale_id, step, body)

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


@tooth("a second payment may begin beside the first", people__pay_beside=0.5)
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


@tooth("a payment whose answer was lost is asked about no more", till__killed_after_payment_call=0.1)
@contextmanager
def _never_followed() -> Iterator[None]:
    with _by_wallet, patch.object(SqlAttempts, "due", lambda self, now, most: ()):
        yield


@tooth("a wallet's silence to a refund counts as given back")
@contextmanager
def _refund_silence() -> Iterator[None]:
    plain = Refund.heard

    def heard(self: Refund, answer: Any, now: datetime) -> Refund:
        if answer is None:
            return replace(self, state=RefundState.DONE, next_at=None)
        return plain(self, answer, now)

    lost = patch.dict(payment_mix.FAULTS, {Fault.LOST_BEFORE: 0.25})  # type: ignore[arg-type]
    with _by_wallet, lost, patch.object(mix, "GIVES_BACK", 0.5), patch.object(Refund, "heard", heard):
        yield


@tooth("a second press on cash sells a second time", people__press_twice=0.6)
@contextmanager
def _pays_twice() -> Iterator[None]:
    plain = Sale.moved_to

    def moved_to(self: Sale, state: SaleState, trouble: str | None = None) -> Sale:
        if state is SaleState.PAID:
            return replace(self, state=state, trouble=trouble)
        return plain(self, state, trouble)

    with (
        patch("pos_app.flows.take_payment.must_be_payable", lambda books, clock, sale: None),
        patch.object(Sale, "moved_to", moved_to),
    ):
        yield


@tooth("a shift forgets what was given back in cash")
def _refunds_uncounted() -> Any:
    plain = SqlShifts.totals

    def totals(self: SqlShifts, shift: Any) -> Any:
        told = plain(self, shift)
        return replace(told, cash_refunded=told.cash_refunded - told.cash_refunded)

    return patch.object(SqlShifts, "totals", totals)


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


# --- codes and copies ---


@tooth("all slips of a sale show its first code")
def _one_code_for_all() -> Any:
    plain, first = print_paper.open_card, dict[str, Any]()

    def open_card(vault: Any, enrolment: Any, card: Any) -> Any:
        return first.setdefault(card.sale_id, plain(vault, enrolment, card))

    return patch.object(print_paper, "open_card", open_card)


@tooth("codes are wiped before their slips are out")
@contextmanager
def _wiped_early() -> Iterator[None]:
    def to_shred(self: SqlCards, acked_before: datetime) -> Any:
        held = self._connection.run("SELECT card_id FROM cards WHERE sealed IS NOT NULL")
        return tuple(self.get(card_id) for (card_id,) in held)

    unwanted = patch.object(push_outbox, "_is_wanted", lambda books, card: False)
    with unwanted, patch.object(SqlCards, "to_shred", to_shred):
        yield


@tooth(
    "a copy that failed counts when an earlier one was lost", paper__offline=0.3, till__killed_after_print=0.1
)
def _failed_counts() -> Any:
    return patch.object(print_paper, "_came_out", lambda paper: True)


@tooth("a top-up without an answer yet is owed", wants=PHONE)
def _owed_early() -> Any:
    plain = Sale._is_owed
    return patch.object(Sale, "_is_owed", lambda self, line: bool(line.top_up) or plain(self, line))


@tooth("an old copy of the books sells on", copy=0.5, till__old_copy_put_back=0.5)
def _old_copy_sells() -> Any:
    return patch.object(CheckAnchor, "__call__", lambda self: None)


@tooth("the anchor is never raised", copy=0.5, till__old_copy_put_back=0.5)
def _unanchored() -> Any:
    return patch.object(FileAnchor, "raise_to", lambda self, mark: None)
