"""Decides what the attention list shows and does: people's things first, the oldest on top."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from pos_app.domain.attention import AttentionItem, Waits
from pos_app.domain.errors import PosError
from pos_app.domain.paper import Paper
from pos_app.domain.staff import Cashier
from pos_app.shop import GivenBack, Giving, Next, Progress, Shop
from pos_app.ui.afterwards import print_all
from pos_app.ui.run import Lane, Run


@dataclass(frozen=True, slots=True)
class TodoPage:
    """One moment of the page; `is_read` is false until the books answered once. `busy` is the thing being done."""

    now: datetime
    is_read: bool = False
    items: tuple[AttentionItem, ...] = ()
    selected: int = 0
    busy: AttentionItem | None = None
    asking: AttentionItem | None = None  # give this money back: yes or no
    leaving: AttentionItem | None = None  # why is this message left unsent?
    given: GivenBack | None = None
    trouble: PosError | None = None

    @property
    def for_people(self) -> int:
        return sum(1 for item in self.items if item.waits.needs_person)


class TodoView(Protocol):
    def draw(self, page: TodoPage) -> None:
        """Draw this moment of the page."""


class TodoPresenter:
    """Every open thing, and the one right button for it."""

    def __init__(
        self,
        shop: Shop,
        run: Run,
        view: TodoView,
        who: Callable[[], Cashier],
        changed: Callable[[], None],
    ) -> None:
        self._shop, self._run, self._view, self._who, self._changed = shop, run, view, who, changed
        self.page = TodoPage(shop.today.now())

    def come_up(self) -> None:
        self._set_quietly(asking=None, leaving=None, given=None, trouble=None, selected=0)
        self.refresh()

    def refresh(self) -> None:
        """The list from the books again; what was selected stays selected."""
        self._run(Lane.STORE, self._shop.look_up.attention, self._read, self._failed)

    def look_again(self) -> None:
        """By hand: the list at once, and again when the gateways' bills that are ready have been fetched."""
        self.refresh()
        self._run(Lane.BEHIND, self._shop.match_bills, lambda fetched: self.refresh(), self._failed)

    def select(self, number: int) -> None:
        if 0 <= number < len(self.page.items) and number != self.page.selected:
            self._set(selected=number, trouble=None, asking=None, leaving=None, given=None)

    def do(self) -> None:
        """The one right thing for what is selected; a slip in question is answered by `answer`."""
        item = self._item()
        if item is None or self.page.busy is not None:
            return
        if item.waits is Waits.GIVE_BACK:
            self._set(asking=item, given=None, trouble=None)
        elif item.waits is Waits.SLIP_FAILED and item.paper is not None:
            paper = item.paper
            self._start(item, lambda: self._shop.retry_paper(paper.id))
        elif item.waits is Waits.SLIP_DUE:
            self._print(item)
        elif item.waits.asks_gateway:
            self._ask_gateway(item)
        elif item.bill is not None:
            key, who = item.bill.finding.key, self._who()
            self._set(busy=item, trouble=None)
            self._run(
                Lane.STORE,
                lambda: self._shop.settle_bill_item(who, key, "looked into"),
                lambda _: self._done(),
                self._failed,
            )
        elif item.waits is Waits.MESSAGE_DEAD:
            self._send_again(item)
        elif item.waits.tells_platform:
            self._tell(item)
        elif item.waits.asks_platform:
            self._set(busy=item, trouble=None)
            self._run(Lane.WIRE, lambda: self._shop.go_on(item.sale_id), self._asked, self._failed)

    def do_other(self) -> None:
        """The other answer, where there is one: the slip is not here, the message is left, other codes are given."""
        item = self._item()
        if item is None or self.page.busy is not None:
            return
        if item.waits is Waits.SLIP_ASKED:
            self.answer(came_out=False)
        elif item.waits is Waits.MESSAGE_DEAD:
            self._set(leaving=item, trouble=None, given=None)
        elif item.can_stand_in:
            self._stand_in(item)

    def answer(self, came_out: bool) -> None:
        """Whether the slip came out; when it did not, the next copy is printed at once."""
        item = self._item()
        if (
            item is None
            or item.paper is None
            or item.waits is not Waits.SLIP_ASKED
            or self.page.busy is not None
        ):
            return
        paper, who = item.paper, self._who()
        self._start(item, lambda: self._shop.answer_slip(who, paper.id, came_out))

    def give_back(self) -> None:
        """Write it down, open the drawer, and keep the amount in sight."""
        item, who = self.page.asking, self._who()
        if item is None or item.line is None or self.page.busy is not None:
            return
        line = item.line
        self._set(busy=item, trouble=None)
        self._run(
            Lane.STORE,
            lambda: self._shop.give_back(Giving(who), item.sale_id, line.line_id),
            lambda given: self._given(item, given),
            self._failed,
        )

    def leave_message(self, reason: str) -> None:
        """Never sent; whoever is signed in answers for it."""
        item, who = self.page.leaving, self._who()
        if item is None or self.page.busy is not None:
            return
        self._set(busy=item, leaving=None, trouble=None)
        self._run(
            Lane.STORE,
            lambda: self._shop.leave_message(who, item.about, reason),
            lambda _: self._done(),
            self._failed,
        )

    def leave(self) -> None:
        self._set(asking=None, leaving=None, given=None, trouble=None)

    def _item(self) -> AttentionItem | None:
        page = self.page
        return page.items[page.selected] if page.selected < len(page.items) else None

    def _ask_gateway(self, item: AttentionItem) -> None:
        """On its own lane: whoever pays at the counter does not wait for it."""
        number = item.about
        self._set(busy=item, trouble=None)
        if item.refund is not None:
            self._run(
                Lane.BEHIND, lambda: self._shop.follow_refund(number), lambda _: self._done(), self._failed
            )
        else:
            self._run(
                Lane.BEHIND, lambda: self._shop.follow_payment(number), lambda _: self._done(), self._failed
            )

    def _stand_in(self, item: AttentionItem) -> None:
        """Codes that are held here in place of those that do not come; the order is withdrawn by itself."""
        who = self._who()
        self._set(busy=item, trouble=None)
        self._run(
            Lane.STORE,
            lambda: self._shop.substitute_leased(who, item.sale_id),
            lambda _: self._print(item),
            self._failed,
        )

    def _send_again(self, item: AttentionItem) -> None:
        who = self._who()
        self._set(busy=item, trouble=None)
        self._run(
            Lane.STORE,
            lambda: self._shop.resend_message(who, item.about),
            lambda _: self._tell(item),
            self._failed,
        )

    def _tell(self, item: AttentionItem) -> None:
        """What waits for the platform goes up now, whatever its time is."""
        self._set(busy=item, trouble=None)
        self._run(
            Lane.WIRE, lambda: self._shop.push_outbox(at_once=True), lambda _: self._done(), self._failed
        )

    def _read(self, items: tuple[AttentionItem, ...]) -> None:
        before = self._item()
        keys = [item.key for item in items]
        selected = keys.index(before.key) if before is not None and before.key in keys else 0
        self._set(now=self._shop.today.now(), is_read=True, items=items, selected=selected)

    def _start(self, item: AttentionItem, work: Callable[[], Paper]) -> None:
        self._set(busy=item, trouble=None)

        def then(paper: Paper) -> None:
            if paper.is_settled:
                self._done()
            else:
                self._print(item)

        self._run(Lane.STORE, work, then, self._failed)

    def _print(self, item: AttentionItem) -> None:
        self._set(busy=item, trouble=None)
        self._run(
            Lane.PAPER, lambda: print_all(self._shop, item.sale_id), lambda _: self._done(), self._failed
        )

    def _asked(self, progress: Progress) -> None:
        """The platform answered: its papers come out at once."""
        item = self.page.busy
        if progress.next is Next.PAPER and item is not None:
            self._print(item)
        else:
            self._done()

    def _given(self, item: AttentionItem, given: GivenBack) -> None:
        self._set(busy=None, asking=None, given=given)
        who = self._who()
        if given.cash.minor:
            self._run(
                Lane.PAPER,
                lambda: self._shop.open_drawer(who, f"money given back {item.number or ''}".strip()),
                lambda _: None,
                self._failed,
            )
        self._run(
            Lane.PAPER, lambda: print_all(self._shop, item.sale_id), lambda _: self.refresh(), self._failed
        )
        self._changed()
        self.refresh()

    def _done(self) -> None:
        self._set(busy=None)
        self._changed()
        self.refresh()

    def _failed(self, error: PosError) -> None:
        had_begun = self.page.busy is not None
        self._set(trouble=error, busy=None)
        if had_begun:
            self.refresh()

    def _set_quietly(self, **changes: object) -> None:
        self.page = replace(self.page, **changes)  # type: ignore[arg-type]

    def _set(self, **changes: object) -> None:
        self._set_quietly(**changes)
        self._view.draw(self.page)
