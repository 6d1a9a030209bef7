"""What a sale, a line and a paper are called on the page of past sales, each state with its icon and tone."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.entry import phone_text
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.refund import Refund, RefundState
from pos_app.domain.sale import SaleLine, SaleState, SaleSummary, TopUpState
from pos_app.ui.sales.page import DeedKind

translate = QCoreApplication.translate
_PHONE_DIGITS = 11


class State(NamedTuple):
    """A word, its icon and its tone: never a colour alone."""

    word: str
    icon: str
    tone: str


def sale_state(row: SaleSummary) -> State:
    """How far a sale came; green only when nothing is owed any more."""
    if row.state is SaleState.DONE and row.needs_attention:
        return State(translate("PastSales", "not finished"), "wait", "warn")
    return {
        SaleState.DONE: State(translate("PastSales", "delivered"), "ok", "ok"),
        SaleState.REFUNDED: State(translate("PastSales", "money given back"), "back", "second"),
        SaleState.CANCELLED: State(translate("PastSales", "cancelled"), "close", "second"),
        SaleState.CANCELLING: State(translate("PastSales", "being cancelled"), "wait", "second"),
        SaleState.REFUND_DUE: State(translate("PastSales", "give money back"), "danger", "danger"),
        SaleState.HAVE: State(translate("PastSales", "look at the slip"), "printer", "warn"),
        SaleState.RESERVED: State(translate("PastSales", "not paid yet"), "wait", "warn"),
        SaleState.RESERVING: State(translate("PastSales", "not paid yet"), "wait", "warn"),
    }.get(row.state, State(translate("PastSales", "code follows"), "wait", "warn"))


def top_up_state(state: TopUpState) -> State:
    """How far a top-up came."""
    if state is TopUpState.OK:
        return State(translate("PastSales", "topped up"), "ok", "ok")
    if state is TopUpState.FAILED_FINAL:
        return State(translate("PastSales", "could not be topped up"), "danger", "danger")
    return State(translate("PastSales", "top-up on its way"), "wait", "warn")


def paper_name(paper: Paper) -> str:
    if paper.kind is PaperKind.RECEIPT and paper.subject != paper.sale_id:
        return translate("PastSales", "Money-back slip")
    return {
        PaperKind.CODE: translate("PastSales", "Code slip"),
        PaperKind.TOP_UP: translate("PastSales", "Top-up slip"),
        PaperKind.RECEIPT: translate("PastSales", "Receipt"),
        PaperKind.CLOSING: translate("PastSales", "Closing slip"),
    }[paper.kind]


def paper_state(paper: Paper) -> State:
    """Whether a paper came out."""
    if paper.state is PaperState.PRINTED and paper.cause == "lost":
        return State(translate("PastSales", "did not come out"), "close", "second")
    if paper.state is PaperState.PRINTED and paper.cause == "shown":
        return State(translate("PastSales", "shown on the screen"), "ok", "second")
    return {
        PaperState.PRINTED: State(translate("PastSales", "printed"), "ok", "ok"),
        PaperState.DUE: State(translate("PastSales", "waits for the printer"), "wait", "warn"),
        PaperState.PRINTING: State(translate("PastSales", "printing"), "wait", "warn"),
        PaperState.UNKNOWN: State(translate("PastSales", "did it come out?"), "warn", "danger"),
        PaperState.FAILED: State(translate("PastSales", "did not come out"), "danger", "danger"),
    }[paper.state]


def copy_mark(paper: Paper) -> str:
    """`copy 2`; nothing for the first one."""
    return translate("PastSales", "copy {n}").format(n=paper.copy) if paper.copy > 1 else ""


def account_text(line: SaleLine) -> str:
    """The account of a top-up, a phone number as people read it."""
    account = line.account or ""
    is_phone = account.isdigit() and len(account) == _PHONE_DIGITS
    return phone_text(account) if is_phone else account


def attempt_state(attempt: Attempt) -> State:
    """How one try to take money by a wallet ended."""
    if attempt.state is AttemptState.REVERSED and attempt.next_at is not None:
        return State(translate("PastSales", "undone, still watched"), "back", "second")
    return {
        AttemptState.SENT: State(translate("PastSales", "not certain yet"), "wait", "warn"),
        AttemptState.PAID: State(translate("PastSales", "paid"), "ok", "ok"),
        AttemptState.FAILED: State(translate("PastSales", "not paid"), "close", "second"),
        AttemptState.REVERSING: State(translate("PastSales", "being undone"), "wait", "warn"),
        AttemptState.REVERSED: State(translate("PastSales", "undone"), "back", "second"),
        AttemptState.REFUNDED: State(translate("PastSales", "money given back"), "back", "second"),
    }[attempt.state]


def refund_state(refund: Refund) -> State:
    """Whether the money is back with the customer; a wallet that said no is asked again by itself."""
    if refund.state is RefundState.DONE:
        return State(translate("PastSales", "given back"), "ok", "ok")
    if refund.refusal:
        words = translate("PastSales", "refused for now ({code})").format(code=refund.refusal)
        return State(words, "warn", "danger")
    return State(translate("PastSales", "on its way back"), "wait", "warn")


def reasons_for(kind: DeedKind) -> tuple[str, ...]:
    """The ready reasons for what is written down."""
    return {
        DeedKind.REPRINT: (
            translate("PastSales", "The paper was torn or pale"),
            translate("PastSales", "The customer lost it"),
            translate("PastSales", "The printer jammed"),
        ),
        DeedKind.SHOW: (
            translate("PastSales", "The printer does not work"),
            translate("PastSales", "The slip cannot be read"),
        ),
        DeedKind.GIVE: (
            translate("PastSales", "The code does not work"),
            translate("PastSales", "The wrong goods were sold"),
            translate("PastSales", "Goodwill"),
        ),
    }[kind]
