"""Builds what works on wallets, prices and settlements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from platform_server.domain.days import BusinessDays
from platform_server.flows.compare_settlement import CompareSettlement
from platform_server.flows.compare_shifts import TellTakings
from platform_server.flows.keep_prices import AssignTier, ListTiers, PutTier
from platform_server.flows.keep_shop import FindShop
from platform_server.flows.keep_wallet import DebitWallet, SetCreditLimit, TellStatement
from platform_server.flows.settle import MakeSettlement, ReadSettlement
from platform_server.routes.signing import PLATFORM_KEYID
from platform_server.wire.documents import DocumentSigner

if TYPE_CHECKING:
    from platform_server.app.wiring import Platform


@dataclass(frozen=True, slots=True)
class MoneyFlows:
    """What an operator does with money."""

    find_shop: FindShop
    debit_wallet: DebitWallet
    set_credit_limit: SetCreditLimit
    tell_statement: TellStatement
    put_tier: PutTier
    assign_tier: AssignTier
    list_tiers: ListTiers
    tell_takings: TellTakings
    make_settlement: MakeSettlement
    read_settlement: ReadSettlement
    compare_settlement: CompareSettlement


def money_flows(platform: Platform) -> MoneyFlows:
    """Over an open platform."""
    books, peek, world = platform.store.open_books, platform.store.peek_books, platform.world
    days = BusinessDays(world.settings.zone, world.settings.day_change_hour)
    signer = DocumentSigner(PLATFORM_KEYID, platform.platform_key)
    return MoneyFlows(
        find_shop=FindShop(peek),
        debit_wallet=DebitWallet(books, world.clock, world.ids),
        set_credit_limit=SetCreditLimit(books, world.clock),
        tell_statement=TellStatement(peek, days),
        put_tier=PutTier(books, world.clock, world.ids),
        assign_tier=AssignTier(books, world.clock),
        list_tiers=ListTiers(peek),
        tell_takings=TellTakings(peek, days),
        make_settlement=MakeSettlement(books, world.clock, signer, days),
        read_settlement=ReadSettlement(peek),
        compare_settlement=CompareSettlement(peek),
    )
