"""The platform on the shop's own PC as the flows see it: started when it is first spoken to, and again when it died."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pos_app.domain.catalogue import CataloguePage
from pos_app.domain.errors import PlatformNotStarted, Unreachable
from pos_app.domain.lease import Lease, LeaseState
from pos_app.domain.ledger import LedgerEntry, LedgerHead
from pos_app.domain.sale import Sale, TopUp
from pos_app.domain.till import Account, Enrolment
from pos_app.ports.platform import (
    Acked,
    Delivery,
    LeaseGrant,
    LedgerCopy,
    Platform,
    PrintedCard,
    Reservation,
    ShopEvents,
)
from pos_app.wire.embedded import EmbeddedPlatform


class PlatformAtHome:
    """The same platform under whatever address it has today; the key that the till trusts stays the same."""

    def __init__(self, server: EmbeddedPlatform, client: Platform) -> None:
        self._server = server
        self._client = client

    @property
    def clock_skew_s(self) -> int:
        return self._client.clock_skew_s

    def enrol(self, code: str, till_name: str) -> Enrolment:
        return self._client.enrol(code, till_name)

    def enrol_here(self, till_name: str) -> Enrolment:
        """Join the platform at home with a code of its own making; PlatformNotStarted when it does not come up."""
        return self._client.enrol(self._server.enrolment_code(till_name), till_name)

    def renewal_code(self, enrolment: Enrolment) -> str:
        try:
            return self._server.enrolment_code(enrolment.till_code, renew=enrolment.till_code)
        except PlatformNotStarted as trouble:
            raise Unreachable("down") from trouble

    def catalogue_page(self, enrolment: Enrolment, cursor: str | None) -> CataloguePage:
        return self._client.catalogue_page(self._today(enrolment), cursor)

    def account(self, enrolment: Enrolment) -> Account:
        return self._client.account(self._today(enrolment))

    def reserve(
        self, enrolment: Enrolment, sale: Sale, head: LedgerHead, approved_by: str | None = None
    ) -> Reservation:
        return self._client.reserve(self._today(enrolment), sale, head, approved_by)

    def confirm(self, enrolment: Enrolment, sale: Sale) -> Delivery:
        return self._client.confirm(self._today(enrolment), sale)

    def top_ups(self, enrolment: Enrolment, sale_id: str) -> tuple[tuple[str, TopUp], ...]:
        return self._client.top_ups(self._today(enrolment), sale_id)

    def events(self, enrolment: Enrolment, after: int, most: int) -> ShopEvents:
        return self._client.events(self._today(enrolment), after, most)

    def cancel(self, enrolment: Enrolment, sale_id: str, reason: str) -> None:
        self._client.cancel(self._today(enrolment), sale_id, reason)

    def acknowledge(
        self, enrolment: Enrolment, sale_id: str, cards: Sequence[PrintedCard], receipt_hash: str
    ) -> None:
        self._client.acknowledge(self._today(enrolment), sale_id, cards, receipt_hash)

    def push_ledger(self, enrolment: Enrolment, entries: Sequence[LedgerEntry]) -> Acked:
        return self._client.push_ledger(self._today(enrolment), entries)

    def fill_lease(self, enrolment: Enrolment, lease: Lease) -> LeaseGrant:
        return self._client.fill_lease(self._today(enrolment), lease)

    def return_lease(self, enrolment: Enrolment, lease: Lease) -> LeaseState:
        return self._client.return_lease(self._today(enrolment), lease)

    def ledger_copy(self, enrolment: Enrolment, epoch: int, after: int, most: int) -> LedgerCopy:
        return self._client.ledger_copy(self._today(enrolment), epoch, after, most)

    def _today(self, enrolment: Enrolment) -> Enrolment:
        try:
            running = self._server.start()
        except PlatformNotStarted as trouble:
            raise Unreachable("down") from trouble
        return replace(enrolment, address=running.address)
