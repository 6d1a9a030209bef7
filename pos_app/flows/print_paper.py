"""Put a sale on paper: the intent to reveal is committed before a code is opened, the outcome after."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_app.domain.card_code import Binding, CardCode, CardSecret, CardState
from pos_app.domain.errors import (
    CodeSealBroken,
    DiskTrouble,
    NotAllowed,
    NothingToReprint,
    PaperTrouble,
    WrongState,
)
from pos_app.domain.ledger import AnchorMark
from pos_app.domain.paper import Paper, PaperKind, PaperState
from pos_app.domain.receipt import (
    BackSlip,
    ClosingSlip,
    Header,
    Receipt,
    TopUpSlip,
    code_slip,
    sale_receipt,
)
from pos_app.domain.sale import Sale, SaleState, TopUp, TopUpState
from pos_app.domain.shift import Closing
from pos_app.domain.signed_receipt import ReceiptType
from pos_app.domain.staff import Cashier, Permission, must_say_why
from pos_app.domain.till import Enrolment
from pos_app.flows.day import now_and_today
from pos_app.flows.sell_online import Progress, ack_message, whose_turn
from pos_app.ports.anchor import Anchor
from pos_app.ports.books import Books, OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.printer import Printer
from pos_app.ports.vault import Vault

# From this copy on a second person must put a name to it (S8).
FIRST_COPY_THAT_NEEDS_TWO = 3


@dataclass(frozen=True)
class PrintNext:
    """The next paper of a sale that is due. Two callers never print the same paper: the intent is the claim.

    The anchor is raised after that commit and before anything is on paper: an old copy put back would reveal the code
    again, or give the receipt's number to another sale.
    """

    open_books: OpenBooks
    open_to_read: OpenToRead
    clock: Clock
    vault: Vault
    printer: Printer
    anchor: Anchor
    day_change_hour: int

    def __call__(self, sale_id: str) -> Progress:
        """PaperTrouble with its cause when it did not come out; the books already know, `retry` tries again."""
        claimed = self._claim(sale_id)
        if claimed is not None:
            self._print(*claimed)
        with self.open_to_read() as books:
            sale, papers = books.sales.get(sale_id), books.papers.of_sale(sale_id)
        return Progress(sale, papers, whose_turn(sale, papers))

    def _claim(self, sale_id: str) -> tuple[Paper, AnchorMark] | None:
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            due = [paper for paper in books.papers.of_sale(sale_id) if paper.state is PaperState.DUE]
            if not due:
                return None
            paper = replace(due[0], state=PaperState.PRINTING)
            if paper.kind is PaperKind.CODE:
                books.cards.put(books.cards.get(paper.subject).revealing())
                body = {"sale_id": sale_id, "card_id": paper.subject, "copy": paper.copy}
                books.ledger.append("code_revealed", now, today, body)
            books.papers.put(paper)
            mark = present_mark(books)
            books.commit()
        return paper, mark

    def _print(self, paper: Paper, mark: AnchorMark) -> None:
        try:
            self.anchor.raise_to(mark)
            receipt = self._receipt(paper)
            self.printer.print(receipt)
        except PaperTrouble as trouble:
            self._settle(paper, PaperState.UNKNOWN if trouble.sent else PaperState.FAILED, trouble.cause)
            raise
        except (CodeSealBroken, NothingToReprint):
            self._settle(paper, PaperState.FAILED, "seal")
            raise
        except DiskTrouble:
            self._settle(paper, PaperState.FAILED, "disk")
            raise
        self._settle(paper, PaperState.PRINTED, None)

    def _receipt(self, paper: Paper) -> Receipt:
        with self.open_to_read() as books:
            sale = books.sales.get(paper.sale_id or "")
            header = self._header(books, sale, paper)
            if paper.kind is PaperKind.RECEIPT:
                return self._signed(books, sale, paper, header)
            if paper.kind is PaperKind.TOP_UP:
                return self._top_up_slip(sale, paper, header)
            card = books.cards.get(paper.subject)
            cards = [other.card_id for other in books.cards.of_sale(sale.id)]
            enrolment = books.till.enrolment()
        secret = open_card(self.vault, enrolment, card)
        part = (cards.index(card.card_id) + 1, len(cards))
        return code_slip(sale.line(card.line_id).product, secret, header, part)

    def _signed(self, books: Books, sale: Sale, paper: Paper, header: Header) -> Receipt:
        """The sale's own receipt, or the one about money that went back, word for word as it was signed."""
        signed = {each.number: each for each in books.receipts.of(sale.id)}
        if paper.subject == sale.id:
            texts = [each.text for each in signed.values() if each.type is ReceiptType.SALE]
            return sale_receipt(sale, header, texts[0] if texts else None)
        back = signed[paper.subject]
        then = replace(header, at=self.clock.local(back.at))
        return BackSlip(then, back.number, back.type is ReceiptType.WHOLE, back.amount, back.text)

    def _top_up_slip(self, sale: Sale, paper: Paper, header: Header) -> TopUpSlip:
        line = sale.line(paper.subject)
        top_up = line.top_up or TopUp(TopUpState.ACCEPTED)
        product = line.product
        account = line.account or ""
        return TopUpSlip(header, product.names, product.face, account, top_up.state, top_up.reference)

    def _header(self, books: Books, sale: Sale, paper: Paper) -> Header:
        enrolment = books.till.enrolment()
        cashier = books.staff.person(sale.cashier_id or "").name
        at = self.clock.local(sale.paid_at or self.clock.now())
        return Header(enrolment.shop_name, enrolment.till_code, cashier, at, sale.receipt_number, paper.copy)

    def _settle(self, paper: Paper, state: PaperState, cause: str | None) -> None:
        with self.open_books() as books:
            settle(books, self.clock, replace(paper, state=state, cause=cause))
            books.commit()


@dataclass(frozen=True)
class RetryPaper:
    """A paper that did not come out is due again: the same paper, the same copy number."""

    open_books: OpenBooks

    def __call__(self, paper_id: str) -> Paper:
        with self.open_books() as books:
            paper = books.papers.get(paper_id)
            if paper.state is not PaperState.FAILED:
                raise WrongState(sale_id=paper.sale_id or "", state=paper.state.value)
            due = replace(paper, state=PaperState.DUE, cause=None)
            books.papers.put(due)
            books.commit()
        return due


@dataclass(frozen=True)
class AnswerSlip:
    """Someone looked: the slip came out readable, or it did not and the same code is printed again as the next copy (R9)."""

    open_books: OpenBooks
    clock: Clock
    day_change_hour: int

    def __call__(self, cashier: Cashier, paper_id: str, came_out: bool) -> Paper:
        cashier.must_be_allowed(Permission.SELL)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            paper = books.papers.get(paper_id)
            if paper.state is not PaperState.UNKNOWN:
                raise WrongState(sale_id=paper.sale_id or "", state=paper.state.value)
            answered = replace(paper, state=PaperState.PRINTED, cause=None if came_out else "lost")
            body = {"paper_id": paper_id, "came_out": came_out, "cashier_id": cashier.id}
            books.ledger.append("slip_answered", now, today, body)
            if not came_out:
                answered = self._again(books, paper)
            settle(books, self.clock, answered)
            books.commit()
        return answered

    def _again(self, books: Books, paper: Paper) -> Paper:
        """The lost paper stays on record; the next copy takes its place and settles the sale when it is out."""
        books.papers.put(replace(paper, state=PaperState.PRINTED, cause="lost"))
        return Paper(
            self.clock.new_id(),
            paper.kind,
            paper.sale_id,
            paper.subject,
            paper.copy + 1,
            PaperState.DUE,
            self.clock.now(),
        )


@dataclass(frozen=True)
class Reprint:
    """The same slip once more, marked and counted; from the third copy of a code on a second person must agree."""

    open_books: OpenBooks
    clock: Clock
    day_change_hour: int

    def __call__(
        self, cashier: Cashier, paper_id: str, reason: str, authoriser: Cashier | None = None
    ) -> Paper:
        cashier.must_be_allowed(Permission.REPRINT)
        why = must_say_why(reason)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            paper = books.papers.get(paper_id)
            siblings = [
                other
                for other in books.papers.of_sale(paper.sale_id or "")
                if (other.kind, other.subject) == (paper.kind, paper.subject)
            ]
            copy = max(other.copy for other in siblings) + 1
            if paper.kind is PaperKind.CODE:
                self._check_code(books, paper, copy, authoriser)
            again = Paper(
                self.clock.new_id(), paper.kind, paper.sale_id, paper.subject, copy, PaperState.DUE, now
            )
            books.papers.put(again)
            body = {
                "paper": paper.kind.value,
                "subject": paper.subject,
                "copy": copy,
                "cashier_id": cashier.id,
                "authoriser_id": authoriser.id if authoriser else None,
                "reason": why,
            }
            books.ledger.append("reprinted", now, today, body)
            books.commit()
        return again

    def _check_code(self, books: Books, paper: Paper, copy: int, authoriser: Cashier | None) -> None:
        if books.cards.get(paper.subject).sealed is None:
            raise NothingToReprint(card_id=paper.subject)
        if copy >= FIRST_COPY_THAT_NEEDS_TWO and (
            authoriser is None or not authoriser.may(Permission.OVERRIDE)
        ):
            raise NotAllowed(permission=Permission.OVERRIDE.value)


@dataclass(frozen=True)
class ShowCode:
    """A code on the screen, for a printer that fails (R11): audited, and counted like a copy."""

    open_books: OpenBooks
    clock: Clock
    vault: Vault
    anchor: Anchor
    day_change_hour: int

    def __call__(
        self, cashier: Cashier, card_id: str, reason: str, authoriser: Cashier | None = None
    ) -> CardSecret:
        (authoriser or cashier).must_be_allowed(Permission.SHOW_CODE)
        why = must_say_why(reason)
        now, today = now_and_today(self.clock, self.day_change_hour)
        with self.open_books() as books:
            card, enrolment = books.cards.get(card_id), books.till.enrolment()
            if card.sealed is None:
                raise NothingToReprint(card_id=card_id)
            body = {
                "card_id": card_id,
                "sale_id": card.sale_id,
                "cashier_id": cashier.id,
                "authoriser_id": authoriser.id if authoriser else None,
                "reason": why,
            }
            mark = books.ledger.append("code_shown", now, today, body).mark
            books.cards.put(card.printed())
            for paper in slips_of(books, card):
                if not paper.is_settled:
                    settled = replace(paper, state=PaperState.PRINTED, cause="shown")
                    books.papers.put(settled)
            finish_if_settled(books, self.clock, card.sale_id)
            books.commit()
        self.anchor.raise_to(mark)
        return open_card(self.vault, enrolment, card)


@dataclass(frozen=True)
class PrintClosing:
    """The closing slip: a closed shift stays closed when paper fails."""

    open_to_read: OpenToRead
    clock: Clock
    printer: Printer
    anchor: Anchor

    def __call__(self, closing: Closing, copy: int = 1) -> None:
        with self.open_to_read() as books:
            enrolment, mark = books.till.enrolment(), present_mark(books)
            signed = books.receipts.of(closing.shift.id)
        header = Header(
            enrolment.shop_name,
            enrolment.till_code,
            closing.closed_by_name,
            self.clock.local(closing.closed_at),
            None,
            copy,
        )
        self.anchor.raise_to(mark)  # the slip's number must not stand on another
        self.printer.print(ClosingSlip(header, closing, signed[-1].text if signed else ""))


def present_mark(books: Books) -> AnchorMark:
    """Where the ledger of the present enrolment stands; NotEnrolled before there is one."""
    return AnchorMark(books.till.enrolment().epoch, books.ledger.head().seq)


def settle(books: Books, clock: Clock, paper: Paper) -> None:
    """Write down what became of a paper, of its card, and of the sale when that was the last one."""
    books.papers.put(paper)
    if paper.kind is PaperKind.CODE:
        card = books.cards.get(paper.subject)
        is_out = paper.state is PaperState.FAILED and any(map(_came_out, slips_of(books, card)))
        books.cards.put(_card_after(card, paper, is_out))
    finish_if_settled(books, clock, paper.sale_id or "")


def slips_of(books: Books, card: CardCode) -> list[Paper]:
    """Every slip of this code, whatever became of it."""
    return [paper for paper in books.papers.of_sale(card.sale_id) if paper.subject == card.card_id]


def finish_if_settled(books: Books, clock: Clock, sale_id: str) -> None:
    """When every code slip of the sale is out, the platform must hear it (I10): ack and DONE in this commit.

    Of leased cards the ledger tells it.
    """
    sale = books.sales.get(sale_id)
    if sale.state is not SaleState.HAVE:
        return
    if any(card.state is not CardState.PRINTED for card in books.cards.of_sale(sale_id)):
        return
    if not sale.is_offline:
        books.outbox.add(ack_message(clock, sale_id))
    books.sales.put(sale.moved_to(SaleState.DONE))


def open_card(vault: Vault, enrolment: Enrolment, card: CardCode) -> CardSecret:
    """The code in clear; NothingToReprint when its sealed form was shredded."""
    if card.sealed is None:
        raise NothingToReprint(card_id=card.card_id)
    binding = Binding(
        shop_id=enrolment.shop_id,
        till_id=enrolment.till_id,
        epoch=enrolment.epoch if card.epoch is None else card.epoch,
        sale_id=card.sale_id,
        line_id=card.line_id,
        card_id=card.card_id,
        product_id=card.product_id,
        face=card.face,
        lease_id=card.lease_id,
    )
    return vault.open(card.sealed, binding)


def _came_out(paper: Paper) -> bool:
    return paper.state is PaperState.PRINTED and paper.cause != "lost"


def _card_after(card: CardCode, paper: Paper, is_out: bool) -> CardCode:
    if paper.state is PaperState.UNKNOWN:
        return card.unknown()
    if paper.state is PaperState.FAILED:
        return card.not_printed(is_out)
    if paper.state is PaperState.PRINTED and card.state is CardState.REVEALING:
        return card.printed()
    if paper.state is PaperState.PRINTED and card.state is CardState.UNKNOWN:
        return replace(card, state=CardState.PRINTED)
    return card
