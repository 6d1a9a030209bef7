"""Hear what happened at the platform since: a top-up that was taken back must reach its customer."""

from __future__ import annotations

from dataclasses import dataclass

from pos_app.domain.errors import NoSuchSale, Rejected
from pos_app.domain.till import Enrolment
from pos_app.flows.sell_online import GoOn
from pos_app.ports.books import OpenBooks, OpenToRead
from pos_app.ports.platform import Platform, ShopEvent

AT_ONCE = 500


@dataclass(frozen=True)
class ReadEvents:
    """Each event once, and again until what follows from it is on disk; what nobody here needs is passed over."""

    open_books: OpenBooks
    open_to_read: OpenToRead
    platform: Platform
    go_on: GoOn

    def __call__(self) -> bool:
        """Whether the catalogue has changed. Unreachable: what was not dealt with is asked for again."""
        with self.open_to_read() as books:
            if books.till.rolled_back() is not None:
                return False
            enrolment, last = books.till.enrolment(), books.till.last_event()
        has_changed = False
        while events := self.platform.events(enrolment, last, AT_ONCE).events:
            self._ask_again(enrolment, events)
            has_changed = has_changed or any(event.kind == "catalogue.changed" for event in events)
            last = events[-1].seq
            with self.open_books() as books:
                books.till.keep_last_event(last)
                books.commit()
        return has_changed

    def _ask_again(self, enrolment: Enrolment, events: tuple[ShopEvent, ...]) -> None:
        """Each sale of this till whose top-ups moved, once."""
        changed = (e for e in events if e.kind == "top_up.changed" and e.till_id == enrolment.till_id)
        for sale_id in dict.fromkeys(event.sale_id for event in changed if event.sale_id is not None):
            try:
                self.go_on.ask_top_ups(enrolment, sale_id)
            except NoSuchSale:
                continue  # of books that are not here any more
            except Rejected as no:
                if no.is_of_the_till or not no.is_final:
                    raise
