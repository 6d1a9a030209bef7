"""Settles a claim: the card is void before its money or another card is given, in one transaction with both (I9)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from platform_server.domain.actions import Action, Authority, is_same_person
from platform_server.domain.cards import CardState
from platform_server.domain.claims import UNDECIDED, Claim, ClaimOutcome, ClaimState, Decision
from platform_server.domain.errors import BadRequest, Forbidden, NotFound, SoldOut
from platform_server.domain.goods import Product
from platform_server.domain.reservation import Reservation
from platform_server.domain.top_up import TopUpState
from platform_server.domain.wallet import SALES, JournalHead, move, supplier_account, wallet_account
from platform_server.flows.holding import release_overdue
from platform_server.flows.keep_secret import check_words
from platform_server.flows.tell_shop import tell_claim
from platform_server.ports.books import Books, OpenBooks
from platform_server.ports.vault import Vault
from platform_server.ports.world import Clock, Ids


@dataclass(frozen=True, slots=True)
class Grant:
    """What an approval gives, and on what ground.

    `proof` is the supplier's reference for his word that the code is unused and void (of a top-up: taken back);
    `supplier_id` says that he answers for it, so the money is booked as his debt.
    """

    outcome: ClaimOutcome
    proof: str | None = None
    supplier_id: str | None = None


@dataclass(frozen=True, slots=True)
class AskSupplier:
    """OPEN becomes ASKED_SUPPLIER; asking again changes nothing."""

    open_books: OpenBooks
    clock: Clock
    vault: Vault

    async def __call__(self, authority: Authority, claim_id: str) -> Claim:
        """Raises NotFound, and Forbidden once it is decided."""
        async with self.open_books() as books:
            claim, _ = await _locked(books, claim_id)
            if claim.state is ClaimState.ASKED_SUPPLIER:
                return claim
            _check_undecided(claim)
            await _check_words(books, self.vault, claim, authority.reason)
            asked = replace(claim, state=ClaimState.ASKED_SUPPLIER)
            await books.claims.save(asked)
            await _note(books, authority, self.clock.now(), "claim_asked", claim, {})
            await books.commit()
        return asked


@dataclass(frozen=True, slots=True)
class DenyClaim:
    """No money, no card; the shop is told the reason and may claim again with more to show."""

    open_books: OpenBooks
    clock: Clock
    vault: Vault

    async def __call__(self, authority: Authority, claim_id: str) -> Claim:
        """A repeat tells the claim as it is. Raises NotFound, and Forbidden once it is approved."""
        now = self.clock.now()
        async with self.open_books() as books:
            claim, sale = await _locked(books, claim_id)
            if claim.state is ClaimState.DENIED:
                return claim
            _check_undecided(claim)
            await _check_words(books, self.vault, claim, authority.reason)
            decision = Decision(now, authority.actor, authority.authoriser, authority.reason)
            denied = replace(claim, state=ClaimState.DENIED, decision=decision)
            await books.claims.save(denied)
            await _note(books, authority, now, "claim_denied", claim, {})
            await tell_claim(books, sale.sale_id, denied)
            await books.commit()
        return denied


@dataclass(frozen=True, slots=True)
class ApproveClaim:
    """Void the card, then give its money back to the wallet or another card to the sale."""

    open_books: OpenBooks
    clock: Clock
    ids: Ids
    vault: Vault

    async def __call__(self, authority: Authority, claim_id: str, grant: Grant) -> Claim:
        """The same approval again tells the claim as it is. Raises NotFound, BadRequest, SoldOut, Forbidden."""
        now = self.clock.now()
        async with self.open_books() as books:
            claim, sale = await _locked(books, claim_id)
            if claim.decision is not None and claim.decision.outcome is grant.outcome:
                return claim
            _check_undecided(claim)
            _check_not_own(claim, authority)
            await _check_words(books, self.vault, claim, authority.reason, grant.proof or "")
            product_id = sale.line(claim.line_id).product_id
            product = (await books.goods.find({product_id}))[product_id].product
            if grant.supplier_id is not None and not await books.suppliers.find({grant.supplier_id}):
                raise NotFound("no such supplier")
            _check_grounds(claim, authority, grant, product, sale.changed_at)
            if claim.card_id is not None:
                await _void(books, claim.card_id, CardState.DELIVERED)
            is_refund = grant.outcome is ClaimOutcome.REFUND
            new_card = None if is_refund else await _reissue(books, claim, product_id, now)
            decision = Decision(
                at=now,
                by=authority.actor,
                authoriser=authority.authoriser,
                note=authority.reason,
                proof=grant.proof,
                outcome=grant.outcome,
                refund=claim.cost if is_refund else None,
                new_card_id=new_card,
            )
            approved = replace(claim, state=ClaimState.APPROVED, decision=decision)
            await books.claims.save(approved)
            await self._book(books, approved, grant, decision)
            await _note_approval(books, authority, approved, decision)
            await tell_claim(books, sale.sale_id, approved)
            await books.commit()
        return approved

    async def _book(self, books: Books, claim: Claim, grant: Grant, decision: Decision) -> None:
        """The shop's money back for a refund; who answers for the item bears it."""
        bearer = SALES if grant.supplier_id is None else supplier_account(grant.supplier_id)
        if grant.outcome is ClaimOutcome.REFUND:
            await _check_top_up_rests(books, claim)
            if not await books.reservations.refund(claim.reservation_id, claim.line_id, claim.cost):
                raise Forbidden("its money went back already", state=claim.state.value)
            kind, taker = "claim_back", wallet_account(claim.shop_id)
        elif grant.supplier_id is not None:
            kind, taker = "claim_debt", SALES
        else:
            return
        head = JournalHead(
            self.ids.new_id(),
            claim.shop_id,
            kind,
            claim.id,
            decision.at,
            actor=decision.by,
            note=decision.note,
            reservation_id=claim.reservation_id,
            line_id=claim.line_id,
        )
        await books.wallets.post(move(head, claim.cost, giver=bearer, taker=taker))


async def _locked(books: Books, claim_id: str) -> tuple[Claim, Reservation]:
    """The claim as it is once nobody else can decide it; read again, because we may have waited for its sale."""
    claim = await books.claims.find(claim_id)
    sale = None if claim is None else await books.reservations.by_id(claim.reservation_id)
    claim = await books.claims.find(claim_id)
    if claim is None or sale is None:
        raise NotFound("no such claim")
    return claim, sale


def _check_undecided(claim: Claim) -> None:
    if claim.state not in UNDECIDED:
        raise Forbidden("the claim is decided", state=claim.state.value)


def _check_not_own(claim: Claim, authority: Authority) -> None:
    if any(is_same_person(name, claim.opened_by) for name in (authority.actor, authority.authoriser or "")):
        raise Forbidden("who opened a claim does not approve it")


async def _check_words(books: Books, vault: Vault, claim: Claim, *texts: str) -> None:
    check_words(vault, await books.cards.boxed(claim.reservation_id), "reason", *texts)


def _check_grounds(
    claim: Claim, authority: Authority, grant: Grant, product: Product, delivered_at: datetime
) -> None:
    """What was revealed is given back on the supplier's proof, if the product allows it, else by a second person."""
    if claim.card_id is None and grant.outcome is ClaimOutcome.REISSUE:
        raise BadRequest.at("outcome", "a top-up is refunded, never sent again")
    if grant.proof is not None and not grant.proof.strip():
        raise BadRequest.at("proof", "the supplier's reference, or nothing")
    is_proved = grant.proof is not None and product.return_rule == "unused_proven"
    if (
        not (is_proved and _is_in_time(claim, delivered_at, product.return_days))
        and authority.authoriser is None
    ):
        raise Forbidden("needs the supplier's proof that it is unused and void, or a second person")


def _is_in_time(claim: Claim, delivered_at: datetime, days: int) -> bool:
    return days == 0 or claim.opened_at <= delivered_at + timedelta(days=days)


async def _void(books: Books, card_id: str, before: CardState) -> None:
    if not await books.cards.move(card_id, before, CardState.VOID):
        raise Forbidden(f"the card is not {before.value} any more", state=before.value)


async def _reissue(books: Books, claim: Claim, product_id: str, now: datetime) -> str:
    """A fresh card for the same line; it counts as delivered with its sale, its slip is acknowledged apart."""
    wanted = (product_id, 1, claim.reservation_id, claim.line_id, now)  # a loop code has no other: sold out
    cards = await books.cards.allocate(*wanted)
    if not cards and await release_overdue(books, now):
        cards = await books.cards.allocate(*wanted)
    if not cards:
        raise SoldOut(line_id=claim.line_id, product_id=product_id, wanted=1, left=0)
    first = next(card.card_id for card in cards if card.counts)
    await books.cards.move(first, CardState.RESERVED, CardState.DELIVERED)
    return first


async def _check_top_up_rests(books: Books, claim: Claim) -> None:
    """While it may still succeed or fail by itself, nobody gives its money back (I8)."""
    if claim.card_id is not None:
        return
    orders = {order.line_id: order for order in await books.top_ups.of_reservation(claim.reservation_id)}
    state = orders[claim.line_id].state
    if state is not TopUpState.OK:
        raise Forbidden("the top-up is not settled, or failed and was paid back", state=state.value)


async def _note_approval(books: Books, authority: Authority, claim: Claim, decision: Decision) -> None:
    facts = {"claim_id": claim.id, "sale_id": claim.sale_id, "line_id": claim.line_id}
    cards = [("card_voided", claim.card_id), ("card_reissued", decision.new_card_id)]
    for what, card_id in cards:
        if card_id is not None:
            action = Action.by(authority, decision.at, what, f"card:{card_id}", facts)
            await books.actions.append(action)
    refund = None if decision.refund is None else decision.refund.minor
    told = {"outcome": str(decision.outcome), "refund_minor": refund, "proof": decision.proof}
    told |= {"card_id": claim.card_id, "new_card_id": decision.new_card_id}
    await _note(books, authority, decision.at, "claim_approved", claim, told)


async def _note(
    books: Books, authority: Authority, at: datetime, what: str, claim: Claim, detail: dict[str, Any]
) -> None:
    told = {"sale_id": claim.sale_id, **detail}
    await books.actions.append(Action.by(authority, at, what, f"claim:{claim.id}", told))
