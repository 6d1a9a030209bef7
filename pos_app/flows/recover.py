"""Take up what was left open: at start everything, at each heartbeat what waits for the platform."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from pos_app.domain.errors import Rejected, Unreachable
from pos_app.domain.paper import Paper, PaperState
from pos_app.domain.sale import Sale, SaleState
from pos_app.flows.begin_anew import CheckAnchor
from pos_app.flows.leased_cards import let_go
from pos_app.flows.payments import let_go_if_left
from pos_app.flows.print_paper import PrintNext, settle
from pos_app.flows.sell_online import GoOn, Next, open_progress
from pos_app.ports.books import Books, OpenBooks, OpenToRead
from pos_app.ports.clock import Clock

# A reservation that nobody has spoken of for this long was abandoned (R2).
ABANDONED_AFTER = timedelta(minutes=2)


@dataclass(frozen=True)
class Recovered:
    """What a round of recovery did and left: sale ids."""

    moved: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()  # the platform gave no answer; asked again at the next beat
    for_paper: tuple[str, ...] = ()
    for_person: tuple[str, ...] = ()


@dataclass(frozen=True)
class TakeUp:
    """Once, at start, before anything else: nothing of the last run is still in hand.

    Unpaid reservations are let go and their goods return to the basket (R2, R3), but for those with a payment: these
    end with it (R4); papers of which nobody knows whether
    they came out become a question (R9, R10). In an old copy of the books nothing is touched (R16).
    """

    open_books: OpenBooks
    clock: Clock
    check_anchor: CheckAnchor

    def __call__(self) -> tuple[Sale, ...]:
        """The sales that are still open after it."""
        is_old_copy = self.check_anchor() is not None
        with self.open_books() as books:
            if is_old_copy:
                return books.sales.open_sales()
            for sale in books.sales.open_sales():
                self._let_go(books, sale)
                for paper in books.papers.of_sale(sale.id):
                    self._ask_about(books, paper)
            still_open = books.sales.open_sales()
            books.commit()
        return still_open

    def _let_go(self, books: Books, sale: Sale) -> None:
        if sale.state is SaleState.RESERVED and books.attempts.of_sale(sale.id):
            # Money of it may be with us: its payments are followed to their end, and nobody stands there for it (R4).
            left = sale.left()
            books.sales.put(left)
            let_go_if_left(books, left, self.clock.now())
        elif sale.state in (SaleState.RESERVING, SaleState.RESERVED):
            let_go(books, sale, "RESTART")
            if books.sales.basket() is None:
                books.sales.keep_basket(replace(sale, state=SaleState.BASKET, is_offline=False))

    def _ask_about(self, books: Books, paper: Paper) -> None:
        if paper.state is not PaperState.PRINTING:
            return
        settle(books, self.clock, replace(paper, state=PaperState.UNKNOWN, cause="restart"))


@dataclass(frozen=True)
class Recover:
    """Every open sale one step on, each by the same road as at the counter; one that gets no answer holds up no other.

    Once not a byte can be sent the line itself is away: the other sales wait for the next beat without asking.
    """

    open_books: OpenBooks
    open_to_read: OpenToRead
    clock: Clock
    go_on: GoOn

    def __call__(self) -> Recovered:
        with self.open_to_read() as books:
            if books.till.rolled_back() is not None:
                return Recovered()  # nothing that these books say may be acted on
        self._let_go_of_the_abandoned()
        with self.open_to_read() as books:
            standing = open_progress(books)
        moved, waiting, paper, person = [], [], [], []
        is_away = False
        for sale, _, turn in standing:
            if turn is Next.WIRE or sale.open_top_ups:
                if is_away:
                    waiting.append(sale.id)
                    continue
                try:
                    turn = self.go_on(sale.id).next
                except (Unreachable, Rejected) as trouble:
                    is_away = isinstance(trouble, Unreachable) and not trouble.was_sent
                    waiting.append(sale.id)
                    continue
                moved.append(sale.id)
            if turn is Next.PAPER:
                paper.append(sale.id)
            if turn is Next.PERSON:
                person.append(sale.id)
        return Recovered(tuple(moved), tuple(waiting), tuple(paper), tuple(person))

    def _let_go_of_the_abandoned(self) -> None:
        now = self.clock.now()
        with self.open_books() as books:
            for sale in books.sales.open_sales():
                is_old = sale.created_at is not None and now - sale.created_at > ABANDONED_AFTER
                if sale.state is SaleState.RESERVING and is_old:
                    books.sales.put(sale.moved_to(SaleState.CANCELLING, trouble="NO_ANSWER"))
            books.commit()


@dataclass(frozen=True)
class PrintDue:
    """Papers that nobody stands waiting for: what a crash left over, and the results of top-ups.

    It runs on the lane of all paper, so what is printing when it begins was left by a disk that refused the outcome:
    that becomes a question as after a restart (R9), and does not wait for one.
    """

    open_to_read: OpenToRead
    print_next: PrintNext

    def __call__(self) -> int:
        """How many were printed. PaperTrouble ends the round; the paper is in the attention list."""
        with self.open_to_read() as books:
            standing = open_progress(books)
        self._ask_about([paper for _, papers, _ in standing for paper in papers])
        printed = 0
        for sale, _, turn in standing:
            while turn is Next.PAPER:
                turn = self.print_next(sale.id).next
                printed += 1
        return printed

    def _ask_about(self, papers: list[Paper]) -> None:
        lost = [paper for paper in papers if paper.state is PaperState.PRINTING]
        if not lost:
            return
        with self.print_next.open_books() as books:
            for paper in lost:
                settle(
                    books, self.print_next.clock, replace(paper, state=PaperState.UNKNOWN, cause="restart")
                )
            books.commit()
