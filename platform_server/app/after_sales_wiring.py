"""The flows after a sale, wired."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.flows.decide_claim import ApproveClaim, AskSupplier, DenyClaim
from platform_server.flows.hand_over import HandOver
from platform_server.flows.list_claims import ListActions, ListClaims
from platform_server.flows.open_claim import OpenClaim
from platform_server.flows.read_claim import ReadClaim
from platform_server.flows.see_to_card import ListQuarantine, ReleaseQuarantine, VoidCard
from platform_server.flows.trace_card import TraceCard
from platform_server.ports.books import OpenBooks
from platform_server.ports.vault import Vault
from platform_server.ports.world import Clock, Ids
from platform_server.settings import Settings


@dataclass(frozen=True, slots=True)
class AfterSales:
    """What can be done about what was sold."""

    open_books: OpenBooks
    peek_books: OpenBooks
    clock: Clock
    ids: Ids
    vault: Vault
    settings: Settings

    def read_claim(self, hand_over: HandOver) -> ReadClaim:
        """For the shop's door."""
        return ReadClaim(self.peek_books, self.clock, hand_over, self.settings.reprint_time)

    def open_claim(self, hand_over: HandOver) -> OpenClaim:
        """For the shop's door."""
        read, time_to_decide = self.read_claim(hand_over), self.settings.claim_time
        return OpenClaim(self.open_books, self.clock, self.ids, self.vault, read, time_to_decide)

    @property
    def list_claims(self) -> ListClaims:
        """What is to be decided, and what was."""
        return ListClaims(self.peek_books)

    @property
    def ask_supplier(self) -> AskSupplier:
        """The question is out."""
        return AskSupplier(self.open_books, self.clock, self.vault)

    @property
    def deny_claim(self) -> DenyClaim:
        """No."""
        return DenyClaim(self.open_books, self.clock, self.vault)

    @property
    def approve_claim(self) -> ApproveClaim:
        """Yes: void, then money or another card."""
        return ApproveClaim(self.open_books, self.clock, self.ids, self.vault)

    @property
    def list_quarantine(self) -> ListQuarantine:
        """Cards that wait for a person."""
        return ListQuarantine(self.peek_books)

    @property
    def release_quarantine(self) -> ReleaseQuarantine:
        """Back on the shelf."""
        return ReleaseQuarantine(self.open_books, self.clock, self.vault)

    @property
    def void_card(self) -> VoidCard:
        """Never to be sold."""
        return VoidCard(self.open_books, self.clock, self.vault)

    @property
    def list_actions(self) -> ListActions:
        """What people did."""
        return ListActions(self.peek_books)

    @property
    def trace_card(self) -> TraceCard:
        """The whole history of a code."""
        return TraceCard(self.peek_books, self.vault)
