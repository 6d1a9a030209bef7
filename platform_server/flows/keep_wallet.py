"""An operator's work on a wallet: take money out, set how far it may go below zero, tell what it went through."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from platform_server.domain.actions import Action, Authority
from platform_server.domain.days import BusinessDays
from platform_server.domain.errors import Forbidden, NotFound, WalletEmpty
from platform_server.domain.money import Money
from platform_server.domain.statement import Statement
from platform_server.domain.wallet import FUNDING, JournalHead, Wallet, check_reference, move, wallet_account
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.world import Clock, Ids


async def lock_wallet(books: Books, shop_id: str) -> Wallet:
    """The wallet, nobody else's until the commit. Raises NotFound."""
    wallet = await books.accounts.lock(shop_id)
    if wallet is None:
        raise NotFound("the shop has no wallet")
    return wallet


@dataclass(frozen=True, slots=True)
class DebitWallet:
    """Book money out of a shop's wallet, once for each reference."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids

    async def __call__(self, shop_id: str, amount: Money, reference: str, by: Authority) -> Wallet:
        """The wallet afterwards. Raises NotFound, WalletEmpty, ValueError for zero, less, or a foreign currency."""
        check_reference(reference)
        now = self.clock.now()
        async with self.open_books() as books:
            wallet = await lock_wallet(books, shop_id)
            after = replace(wallet, balance=wallet.balance - amount)
            if await books.wallets.is_posted("debit", f"{shop_id}:{reference}"):
                return wallet
            if after.available.minor < 0:
                raise WalletEmpty("the wallet does not have it", needed=amount, available=wallet.available)
            head = JournalHead(
                self.ids.new_id(),
                shop_id,
                "debit",
                f"{shop_id}:{reference}",
                now,
                actor=by.actor,
                note=by.reason,
            )
            await books.wallets.post(move(head, amount, giver=wallet_account(shop_id), taker=FUNDING))
            detail = {"minor": amount.minor, "currency": amount.currency, "reference": reference}
            await books.actions.append(Action.by(by, now, "wallet_debited", f"shop:{shop_id}", detail))
            await books.commit()
        return after


@dataclass(frozen=True, slots=True)
class SetCreditLimit:
    """Set how far below zero a shop's wallet may go; every change stands among the actions, with who and why."""

    open_books: OpenBooks
    clock: Clock

    async def __call__(self, shop_id: str, limit: Money, by: Authority) -> Wallet:
        """The wallet afterwards. Raises NotFound, and Forbidden for a limit below what the shop uses of it now."""
        if limit.minor < 0:
            raise ValueError("a credit limit is not negative")
        async with self.open_books() as books:
            wallet = await lock_wallet(books, shop_id)
            used = wallet.held - wallet.balance
            if limit < used:
                raise Forbidden(f"the shop uses {used.minor} of its credit now", state="CREDIT_USED")
            after = replace(wallet, credit_limit=limit)
            if after != wallet:
                await books.accounts.set_limit(shop_id, limit)
                before = wallet.credit_limit.minor
                detail = {"before_minor": before, "minor": limit.minor, "currency": limit.currency}
                now = self.clock.now()
                await books.actions.append(Action.by(by, now, "credit_limit_set", f"shop:{shop_id}", detail))
                await books.commit()
        return after


@dataclass(frozen=True, slots=True)
class TellStatement:
    """Every movement of a wallet between two business dates, with the balances before and after."""

    peek_books: OpenBooks
    days: BusinessDays

    async def __call__(self, shop_id: str, first: date, last: date) -> Statement:
        """Both days included. Raises NotFound, and ValueError when the last lies before the first."""
        if last < first:
            raise ValueError("a statement ends on the day it begins or later")
        since, until = self.days.start_of(first), self.days.end_of(last)
        async with self.peek_books() as books:
            if await books.wallets.find(shop_id) is None:
                raise NotFound("the shop has no wallet")
            opening = await books.accounts.balance_before(shop_id, since)
            movements = await books.accounts.movements(shop_id, since, until)
            closing = await books.accounts.balance_before(shop_id, until)
        return Statement(shop_id, since, until, opening, movements, closing)
