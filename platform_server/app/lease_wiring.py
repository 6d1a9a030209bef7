"""The flows of leases, wired."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from platform_server.domain.leases import LeaseCaps
from platform_server.domain.money import Money
from platform_server.flows.apply_rules import ApplyRules
from platform_server.flows.grant_lease import GrantLease, SealLease
from platform_server.flows.keep_leases import QuarantineLease, ReadLeases, SettleLease
from platform_server.flows.return_lease import ReturnLease
from platform_server.routes.leases import LeaseFlows
from platform_server.wire.sealing import HpkeSealer

if TYPE_CHECKING:
    from platform_server.app.wiring import Platform


@dataclass(frozen=True, slots=True)
class Leasing:
    """What can be done about cards that tills hold in advance."""

    platform: Platform

    def doors(self, rules: ApplyRules) -> LeaseFlows:
        """For tills."""
        platform = self.platform
        world, books = platform.world, platform.store.open_books
        settings = world.settings
        house = LeaseCaps(
            settings.lease_most,
            Money(settings.lease_most_minor, settings.lease_currency),
            Money(settings.lease_face_minor, settings.lease_currency),
            settings.lease_lifetime,
        )
        seal = SealLease(platform.vault, HpkeSealer())
        grant = GrantLease(books, world.clock, world.ids, rules, seal, house)
        return LeaseFlows(grant, ReturnLease(books, world.clock), world.clock)

    @property
    def read(self) -> ReadLeases:
        """Leases and their cards."""
        return ReadLeases(self.platform.store.peek_books, self.platform.world.clock)

    @property
    def quarantine(self) -> QuarantineLease:
        """End one."""
        return QuarantineLease(self.platform.store.open_books, self.platform.world.clock)

    @property
    def settle(self) -> SettleLease:
        """Decide what became of its cards."""
        platform = self.platform
        world = platform.world
        return SettleLease(platform.store.open_books, world.clock, world.ids, platform.vault)
