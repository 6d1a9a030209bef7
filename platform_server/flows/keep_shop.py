"""Opens a shop with its wallet, and books money into it."""

from __future__ import annotations

from dataclasses import dataclass

from platform_server.domain.actions import Action, Authority
from platform_server.domain.errors import NotFound
from platform_server.domain.money import Money
from platform_server.domain.tills import Shop
from platform_server.domain.wallet import (
    FUNDING,
    JournalHead,
    Wallet,
    check_reference,
    move,
    wallet_account,
)
from platform_server.flows.keep_wallet import lock_wallet
from platform_server.flows.tell_shop import tell_credit
from platform_server.ports.books import OpenBooks
from platform_server.ports.world import Clock, Ids

AN_OPERATOR = Authority("operator", "payment")


@dataclass(frozen=True, slots=True)
class OpenShop:
    """The shop of an embedded platform: the first one, made if there is none."""

    open_books: OpenBooks
    ids: Ids

    async def __call__(self, name: str, currency: str) -> tuple[Shop, bool]:
        """The shop, and whether it is new; name and currency count only for a new one."""
        async with self.open_books() as books:
            shop = await books.tills.first_shop()
            if shop is not None:
                return shop, False
            shop = Shop(self.ids.new_id(), name, currency)
            await books.tills.add_shop(shop)
            await books.wallets.open(shop.id, Money(0, currency))
            await books.commit()
        return shop, True


@dataclass(frozen=True, slots=True)
class FindShop:
    """The shop that an operator means."""

    peek_books: OpenBooks

    async def __call__(self, shop_id: str | None) -> Shop:
        """By id, or the first one. Raises NotFound."""
        async with self.peek_books() as books:
            found = await (books.tills.first_shop() if shop_id is None else books.tills.find_shop(shop_id))
        if found is None:
            raise NotFound("there is no such shop")
        return found


@dataclass(frozen=True, slots=True)
class CreditWallet:
    """Book an operator's payment into a shop's wallet, once for each reference."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids

    async def __call__(
        self, shop_id: str, amount: Money, reference: str, by: Authority = AN_OPERATOR
    ) -> Wallet:
        """The wallet afterwards. Raises NotFound, and ValueError for zero, less, or a foreign currency."""
        check_reference(reference)
        now = self.clock.now()
        async with self.open_books() as books:
            wallet = await lock_wallet(books, shop_id)
            after = wallet.balance + amount
            if not await books.wallets.is_posted("funding", f"{shop_id}:{reference}"):
                head = JournalHead(
                    self.ids.new_id(),
                    shop_id,
                    "funding",
                    f"{shop_id}:{reference}",
                    now,
                    actor=by.actor,
                    note=by.reason,
                )
                await books.wallets.post(move(head, amount, giver=FUNDING, taker=wallet_account(shop_id)))
                detail = {"minor": amount.minor, "currency": amount.currency, "reference": reference}
                await books.actions.append(Action.by(by, now, "wallet_credited", f"shop:{shop_id}", detail))
                await tell_credit(books, shop_id, amount, reference)
                await books.commit()
                return Wallet(shop_id, after, wallet.held, wallet.credit_limit)
        return wallet
