"""Decides what the page of past sales does; every step that leaves a trace asks why first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Protocol

from pos_app.domain.card_code import CardSecret
from pos_app.domain.errors import AmountInvalid, NotAllowed, PosError, RefundTooHigh
from pos_app.domain.money import Money
from pos_app.domain.paper import Paper
from pos_app.domain.payment import Tender
from pos_app.domain.refund import ways_back
from pos_app.domain.sale import SaleSearch, SaleSummary
from pos_app.domain.staff import Cashier, Permission, Person
from pos_app.shop import GivenBack, Giving, Progress, SaleView, Shop
from pos_app.ui.afterwards import failed, print_all, reprintable, returnable, showable, unanswered
from pos_app.ui.entitled import who_may
from pos_app.ui.run import Lane, Run
from pos_app.ui.sales.page import Ask, Deed, DeedKind, Said, SalesPage
from pos_app.ui.sales.search import on_any_day, read_search


class SalesView(Protocol):
    def draw(self, page: SalesPage) -> None:
        """Draw this moment of the page."""


class SalesPresenter:
    """One search, one list, one sale at the side."""

    def __init__(
        self,
        shop: Shop,
        run: Run,
        view: SalesView,
        who: Callable[[], Cashier],
        changed: Callable[[], None],
    ) -> None:
        self._shop, self._run, self._view, self._who, self._changed = shop, run, view, who, changed
        today = shop.today()
        self.page = SalesPage(day=today, today=today)
        self._searches = 0

    # --- finding ---

    def come_up(self, sale_id: str | None = None) -> None:
        """Today's sales with the last one selected, or one sale in the list of its day."""
        today = self._shop.today()
        self.page = SalesPage(day=today, today=today, selected=sale_id)
        if sale_id is None:
            self._search()
        else:
            self._run(Lane.STORE, lambda: self._shop.look_up.sale(sale_id), self._search_day_of, self._failed)

    def _search_day_of(self, detail: SaleView) -> None:
        self._set(day=detail.sale.business_date or self.page.today)
        self._search()

    def refresh(self) -> None:
        """The same page from the books again."""
        self._search()

    def search(self, text: str) -> None:
        self._set(text=text)
        self._search()

    def move_day(self, days: int) -> None:
        """Earlier or later, never past today."""
        day = min(self.page.day + timedelta(days=days), self._shop.today())
        if day != self.page.day:
            self._set(day=day, selected=None, detail=None)
            self._search()

    def go_to_today(self) -> None:
        self.move_day((self._shop.today() - self.page.day).days)

    def select(self, sale_id: str) -> None:
        """Show this sale at the side."""
        if sale_id != self.page.selected or self.page.detail is None:
            self._set(
                selected=sale_id, ask=Ask.NOTHING, deed=None, secret=None, said=Said.NOTHING, trouble=None
            )
            self._load(sale_id)

    def _search(self) -> None:
        self._searches += 1
        number = self._searches
        searches = read_search(self.page.text, self.page.day, self._shop.currency)
        self._run(
            Lane.STORE,
            lambda: self._find(searches),
            lambda found: self._found(found) if number == self._searches else None,
            self._failed,
        )

    def _find(self, searches: tuple[SaleSearch, ...]) -> tuple[tuple[SaleSummary, ...], bool]:
        rows = self._rows(searches)
        wider = on_any_day(searches)
        if rows or not wider:
            return rows, False
        return self._rows(wider), True

    def _rows(self, searches: tuple[SaleSearch, ...]) -> tuple[SaleSummary, ...]:
        found = {row.sale_id: row for search in searches for row in self._shop.look_up.sales(search)}
        return tuple(sorted(found.values(), key=lambda row: (row.at, row.sale_id), reverse=True))

    def _found(self, found: tuple[tuple[SaleSummary, ...], bool]) -> None:
        rows, is_everywhere = found
        ids = [row.sale_id for row in rows]
        selected = self.page.selected if self.page.selected in ids else next(iter(ids), None)
        if selected != self.page.selected:
            self._set_quietly(detail=None, ask=Ask.NOTHING, deed=None, secret=None)
        self._set(rows=rows, is_everywhere=is_everywhere and bool(rows), selected=selected)
        if selected is not None:
            self._load(selected)

    def _load(self, sale_id: str) -> None:
        self._run(Lane.STORE, lambda: self._shop.look_up.sale(sale_id), self._loaded, self._failed)

    def _loaded(self, detail: SaleView) -> None:
        if detail.sale.id == self.page.selected:
            self._set(detail=detail)

    # --- what is done for a sale ---

    def print_again(self) -> None:
        """A paper of this sale once more: which one, if there are several, and why."""
        self._choose(
            tuple(Deed(DeedKind.REPRINT, paper.id) for paper in reprintable(self.page.detail))
            if self.page.detail
            else ()
        )

    def show_code(self) -> None:
        """A code on the screen: which one, if there are several, and why."""
        detail = self.page.detail
        cards = showable(detail) if detail else ()
        self._choose(tuple(Deed(DeedKind.SHOW, card.card_id) for card in cards))

    def return_line(self) -> None:
        """Money of a delivered line goes back: of which, if there are several, how much, and why."""
        detail = self.page.detail
        lines = returnable(detail) if detail else ()
        self._choose(tuple(Deed(DeedKind.GIVE, line.line_id, line.kept) for line in lines))

    def choose(self, number: int) -> None:
        """The paper, code or line at that place."""
        if self.page.ask is Ask.WHICH and 0 <= number < len(self.page.choices):
            self._begin(self.page.choices[number])

    def set_amount(self, text: str) -> None:
        """So much of the line, all that is left of it while nothing is typed; the page says where it would go."""
        deed, detail = self.page.deed, self.page.detail
        if deed is None or detail is None or self.page.ask is not Ask.AMOUNT:
            return
        most = detail.sale.line(deed.subject).kept
        try:
            amount = Money.read(text, self._shop.currency) if text.strip() else most
        except ValueError:
            amount = None
        ways: tuple[tuple[Tender, Money], ...] = ()
        if amount is not None and 0 < amount.minor <= most.minor:
            found = ways_back(detail.sale.payments, detail.refunds, amount)
            ways = tuple((payment.tender, part) for payment, part in found)
        self._set(deed=replace(deed, amount=amount), ways=ways, trouble=None)

    def amount_given(self) -> None:
        """The sum stands; never more than is left of the line."""
        deed, detail = self.page.deed, self.page.detail
        if deed is None or detail is None or self.page.ask is not Ask.AMOUNT:
            return
        most = detail.sale.line(deed.subject).kept
        if self.page.ways:
            self._set(ask=Ask.REASON, trouble=None)
        elif deed.amount is None or deed.amount.minor <= 0:
            self._set(trouble=AmountInvalid(text=""))
        else:
            self._set(trouble=RefundTooHigh(most=most, asked=deed.amount))

    def give_reason(self, reason: str) -> None:
        deed = self.page.deed
        if deed is not None and self.page.ask is Ask.REASON and not self.page.is_busy:
            self._do(replace(deed, reason=reason), None)

    def authorise(self, person_id: str, pin: str) -> None:
        """The second person's name and PIN; then the deed is done in both names."""
        deed = self.page.deed
        if deed is None or deed.needs is None or self.page.is_busy:
            return
        permission = deed.needs
        self._set(is_busy=True, trouble=None)
        self._run(
            Lane.STORE,
            lambda: self._shop.authorise(self._who(), person_id, pin, permission),
            lambda authoriser: self._do(deed, authoriser),
            self._failed,
        )

    def next_step(self) -> None:
        """What this sale needs most: an answer, its paper, or its money back."""
        detail = self.page.detail
        if detail is not None and unanswered(detail):
            self.answer(came_out=True)
        elif detail is not None and failed(detail):
            self.try_paper_again()
        else:
            self.owe()

    def answer(self, came_out: bool) -> None:
        """Whether the slip in question came out; when it did not, the next copy is printed at once."""
        detail = self.page.detail
        if detail is None or self.page.is_busy or not unanswered(detail):
            return
        paper, who = unanswered(detail)[0], self._who()
        self._set(is_busy=True, trouble=None)
        self._run(
            Lane.STORE,
            lambda: self._shop.answer_slip(who, paper.id, came_out),
            self._print_or_note,
            self._failed,
        )

    def try_paper_again(self) -> None:
        """The first paper that did not come out is sent again, as the same copy."""
        detail = self.page.detail
        if detail is None or self.page.is_busy or not failed(detail):
            return
        paper = failed(detail)[0]
        self._set(is_busy=True, trouble=None)
        self._run(Lane.STORE, lambda: self._shop.retry_paper(paper.id), self._print_or_note, self._failed)

    def owe(self) -> None:
        """Show how much goes back for the first line that could not be delivered."""
        detail = self.page.detail
        if detail is not None and detail.sale.refund_lines and detail.sale.is_doubtful:
            self._choose((Deed(DeedKind.GIVE, detail.sale.refund_lines[0].line_id),))
        elif detail is not None and detail.sale.refund_lines:
            self._set(ask=Ask.GIVE, owed=detail.sale.refund_lines[0], trouble=None, said=Said.NOTHING)

    def give_back(self) -> None:
        """Write it down, open the drawer, and keep the amount in sight."""
        line, sale_id, who = self.page.owed, self.page.selected, self._who()
        if line is None or sale_id is None or self.page.ask is not Ask.GIVE or self.page.is_busy:
            return
        self._set(is_busy=True, trouble=None)
        self._run(
            Lane.STORE,
            lambda: self._shop.give_back(Giving(who), sale_id, line.line_id),
            self._given,
            self._failed,
        )

    def leave(self) -> None:
        """Back to the plain details; a code in sight is gone."""
        self._set(
            ask=Ask.NOTHING,
            choices=(),
            deed=None,
            people=(),
            secret=None,
            owed=None,
            ways=(),
            given=None,
            trouble=None,
        )

    def _choose(self, deeds: tuple[Deed, ...]) -> None:
        if self.page.is_busy or not deeds:
            return
        self._set_quietly(choices=deeds, deed=None, trouble=None, said=Said.NOTHING)
        if len(deeds) == 1:
            self._begin(deeds[0])
        else:
            self._set(ask=Ask.WHICH)

    def _begin(self, deed: Deed) -> None:
        is_money = deed.kind is DeedKind.GIVE
        self._set_quietly(ask=Ask.AMOUNT if is_money else Ask.REASON, deed=deed, ways=(), trouble=None)
        if is_money:
            self.set_amount("")
        else:
            self._set()

    def _do(self, deed: Deed, authoriser: Cashier | None) -> None:
        who = self._who()
        self._set(deed=deed, is_busy=True, trouble=None)
        refused = lambda error: self._refused(deed, authoriser, error)  # noqa: E731
        if deed.kind is DeedKind.GIVE:
            giving, sale_id = Giving(who, authoriser, deed.reason), self.page.selected or ""
            self._run(
                Lane.STORE,
                lambda: self._shop.give_back(giving, sale_id, deed.subject, deed.amount),
                self._given,
                refused,
            )
            return
        if deed.kind is DeedKind.SHOW:
            self._run(
                Lane.STORE,
                lambda: self._shop.show_code(who, deed.subject, deed.reason, authoriser),
                self._opened,
                refused,
            )
            return
        self._run(
            Lane.STORE,
            lambda: self._shop.reprint(who, deed.subject, deed.reason, authoriser),
            self._print_or_note,
            refused,
        )

    def _refused(self, deed: Deed, authoriser: Cashier | None, error: PosError) -> None:
        """What one may not do alone is asked of a second person, who may; anything else is said."""
        if not isinstance(error, NotAllowed) or authoriser is not None:
            self._failed(error)
            return
        permission = Permission(error.permission)
        self._set_quietly(deed=replace(deed, needs=permission))
        self._run(
            Lane.STORE,
            self._shop.look_up.people,
            lambda people: self._ask_second(people, permission),
            self._failed,
        )

    def _ask_second(self, people: tuple[Person, ...], permission: Permission) -> None:
        able = who_may(people, permission, self._who())
        self._set(ask=Ask.SECOND, people=able, is_busy=False)

    def _opened(self, secret: CardSecret) -> None:
        self._set(ask=Ask.CODE, secret=secret, is_busy=False)
        self._changed()
        self._search()

    def _given(self, given: GivenBack) -> None:
        self._set(ask=Ask.GIVEN, given=given, is_busy=False)
        number = self.page.detail.sale.receipt_number if self.page.detail else None
        who = self._who()
        if given.cash.minor:
            self._run(
                Lane.PAPER,
                lambda: self._shop.open_drawer(who, f"money given back {number or ''}".strip()),
                lambda _: self._set(said=Said.DRAWER_OPENED),
                self._failed,
            )
        sale_id = self.page.selected or ""
        self._run(Lane.PAPER, lambda: print_all(self._shop, sale_id), lambda _: self._search(), self._failed)
        self._changed()
        self._search()

    def _print_or_note(self, paper: Paper) -> None:
        sale_id = paper.sale_id or ""
        if paper.is_settled:
            self._set(said=Said.NOTED, is_busy=False)
            self._changed()
            self._search()
            return
        self._set(ask=Ask.NOTHING, deed=None, people=(), said=Said.PRINTING, is_busy=True)
        self._run(Lane.PAPER, lambda: print_all(self._shop, sale_id), self._printed, self._failed)

    def _printed(self, _: Progress) -> None:
        self._set(said=Said.PRINTED, is_busy=False)
        self._changed()
        self._search()

    def _failed(self, error: PosError) -> None:
        was_printing = self.page.said is Said.PRINTING
        self._set(trouble=error, is_busy=False, said=Said.NOTHING if was_printing else self.page.said)
        if was_printing:
            self._search()

    def _set_quietly(self, **changes: object) -> None:
        self.page = replace(self.page, **changes)  # type: ignore[arg-type]

    def _set(self, **changes: object) -> None:
        self._set_quietly(**changes)
        self._view.draw(self.page)
