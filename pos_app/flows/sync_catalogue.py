"""Fetch the catalogue and the wallet: page by page, each on disk before the next is asked for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pos_app.domain.catalogue import CatalogueState
from pos_app.domain.lease import LeaseState
from pos_app.domain.till import Account
from pos_app.ports.books import OpenBooks, OpenToRead
from pos_app.ports.clock import Clock
from pos_app.ports.platform import Platform


@dataclass(frozen=True)
class SyncCatalogue:
    """What changed since the last time, or everything; broken off, it goes on where it stood."""

    open_books: OpenBooks
    open_to_read: OpenToRead
    clock: Clock
    platform: Platform

    def __call__(self) -> CatalogueState:
        with self.open_to_read() as books:
            enrolment, state = books.till.enrolment(), books.catalogue.state()
        is_full = state.synced_at is None
        cursor = state.cursor
        while True:
            page = self.platform.catalogue_page(enrolment, cursor)
            with self.open_books() as books:
                books.catalogue.apply(page, self.clock.now(), is_full)
                state = books.catalogue.state()
                books.commit()
            if page.is_last:
                return state
            cursor = page.cursor


@dataclass(frozen=True)
class RefreshAccount:
    """The shop's wallet and the till's leases, as the platform tells them now."""

    open_books: OpenBooks
    open_to_read: OpenToRead
    platform: Platform

    def __call__(self) -> Account:
        with self.open_to_read() as books:
            enrolment = books.till.enrolment()
        account = self.platform.account(enrolment)
        with self.open_books() as books:
            books.till.keep_account(account)
            told = {each.lease_id: each.state for each in account.leases}
            for lease in books.leases.unfinished():
                state = told.get(lease.lease_id, LeaseState.SETTLED)  # a settled one is not told of any more
                if lease.expires_at is not None and state is not lease.state:
                    books.leases.put(replace(lease, state=state))
            books.commit()
        return account
