"""Tells a till what its shop has."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.errors import NotFound
from platform_server.domain.reservation import Caller
from platform_server.domain.wallet import Wallet
from platform_server.ports.books import OpenBooks


@dataclass(frozen=True, slots=True)
class ReadAccount:
    """The wallet of the caller's shop."""

    peek_books: OpenBooks

    async def __call__(self, caller: Caller) -> Wallet:
        """Raises NotFound if the shop has no wallet."""
        async with self.peek_books() as books:
            wallet = await books.wallets.find(caller.shop_id)
        if wallet is None:
            raise NotFound("the shop has no wallet")
        return wallet
