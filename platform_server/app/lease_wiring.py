"""The flows of leases, wired."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.leases import LeaseCaps
from platform_server.domain.money import Money
from platform_server.flows.apply_rules import ApplyRules
from platform_server.flows.grant_lease import GrantLease, SealLease
from platform_server.flows.keep_leases import QuarantineLease, ReadLeases, SettleLease
from platform_server.flows.return_lease import ReturnLease
from platform_server.ports.books import OpenBooks
from platform_server.ports.vault import Vault
from platform_server.ports.world import Clock, Ids
from platform_server.routes.leases import LeaseFlows
from platform_server.settings import Settings
from platform_server.wire.sealing import HpkeSealer


@dataclass(frozen=True, slots=True)
class Leasing:
    """What can be done about cards that tills hold in advance."""

    open_books: OpenBooks
    peek_books: OpenBooks
    clock: Clock
    ids: Ids
    vault: Vault
    settings: Settings

    def doors(self, rules: ApplyRules) -> LeaseFlows:
        """For tills."""
        settings = self.settings
        house = LeaseCaps(
            settings.lease_most,
            Money(settings.lease_most_minor, settings.lease_currency),
            Money(settings.lease_face_minor, settings.lease_currency),
            settings.lease_lifetime,
        )
        seal = SealLease(self.vault, HpkeSealer())
        grant = GrantLease(self.open_books, self.clock, self.ids, rules, seal, house)
        return LeaseFlows(grant, ReturnLease(self.open_books, self.clock), self.clock)

    @property
    def read(self) -> ReadLeases:
        """Leases and their cards."""
        return ReadLeases(self.peek_books, self.clock)

    @property
    def quarantine(self) -> QuarantineLease:
        """End one."""
        return QuarantineLease(self.open_books, self.clock)

    @property
    def settle(self) -> SettleLease:
        """Decide what became of its cards."""
        return SettleLease(self.open_books, self.clock, self.ids, self.vault)
