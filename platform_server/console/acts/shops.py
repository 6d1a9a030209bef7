"""Acts on shops, tills, money, top-ups and incidents."""

from __future__ import annotations

from collections.abc import Mapping

from platform_server.console.acts.form import Act, Doing, Field, FormFault, Told
from platform_server.console.desk import Desk
from platform_server.console.wording import money_text, read_money
from platform_server.domain.money import Money
from platform_server.domain.operators import Right
from platform_server.domain.overview import Noun, Row
from platform_server.domain.top_up import TopUpState
from platform_server.domain.wallet import Wallet

_LARGEST_BOOKING = 100_000_000_00  # minor units: beyond it somebody typed a reference into the amount


async def _add_shop(doing: Doing) -> Told:
    shop = await doing.desk.flows.add_shop(doing.authority, doing.values["name"], doing.values["currency"])
    return Told("add_shop", {"name": shop.name})


async def _enrol_till(doing: Doing) -> Told:
    secret = await doing.desk.flows.issue_ticket(doing.subject, doing.values["till_name"])
    code = doing.desk.enrolment_code(secret)
    return Told("enrol_till", {"name": doing.values["till_name"]}, {"enrolment_code": code}, qr=code)


async def _renew_till(doing: Doing) -> Told:
    name, shop_id = doing.told("name"), doing.told("shop_id")
    secret = await doing.desk.flows.issue_ticket(shop_id, name, renew=doing.told("code"))
    code = doing.desk.enrolment_code(secret)
    return Told("renew_till", {"name": name}, {"enrolment_code": code}, qr=code)


async def _revoke_till(doing: Doing) -> Told:
    await doing.desk.flows.revoke_till(doing.told("shop_id"), doing.told("code"), doing.authority)
    return Told("revoke_till", {})


def _amount(doing: Doing, least: int = 1) -> Money:
    try:
        amount = read_money(doing.values["amount"], doing.told("currency"))
    except ValueError:
        raise FormFault(amount="fault.money") from None
    if not least <= amount.minor <= _LARGEST_BOOKING:
        raise FormFault(amount="fault.money")
    return amount


def _booked(doing: Doing, sentence: str, amount: Money, after: Wallet) -> Told:
    """A wallet that did not change was booked under this reference before."""
    if doing.row is not None and after.balance == doing.row.cells["balance"]:
        raise FormFault(reference="fault.booked_before")
    return Told(sentence, {"amount": money_text(amount), "balance": money_text(after.balance)})


async def _book_money(doing: Doing) -> Told:
    amount = _amount(doing)
    after = await doing.desk.flows.credit_wallet(
        doing.subject, amount, doing.values["reference"], doing.authority
    )
    return _booked(doing, "book_money", amount, after)


async def _take_money(doing: Doing) -> Told:
    amount = _amount(doing)
    after = await doing.desk.flows.debit_wallet(
        doing.subject, amount, doing.values["reference"], doing.authority
    )
    return _booked(doing, "take_money", amount, after)


async def _set_credit(doing: Doing) -> Told:
    limit = _amount(doing, least=0)
    await doing.desk.flows.set_credit_limit(doing.subject, limit, doing.authority)
    return Told("set_credit", {"amount": money_text(limit)})


async def _settle_top_up(doing: Doing) -> Told:
    is_success = doing.values["outcome"] == "succeeded"
    await doing.desk.flows.settle_top_up(doing.told("reference"), is_success, doing.authority)
    return Told("settle_top_up", {})


async def _ask_top_up(doing: Doing) -> Told:
    await doing.desk.flows.call_for_top_up(doing.told("reference"))
    return Told("ask_top_up", {})


async def _acknowledge(doing: Doing) -> Told:
    await doing.desk.flows.see_to_incident(doing.authority, doing.subject)
    return Told("acknowledge_incident", {})


async def _fill_shop(desk: Desk, row: Row | None) -> Mapping[str, str]:
    return {"currency": "CNY"}


SHOP_ACTS = (
    Act(
        "add_shop",
        Right.OPEN_SHOP,
        Noun.SHOPS,
        _add_shop,
        (Field("name"), Field("currency", "choice", ("CNY", "USD", "EUR", "HKD", "JPY"))),
        has_subject=False,
        needs_reason=False,
        fill=_fill_shop,
    ),
    Act(
        "enrol_till",
        Right.ENROL_TILL,
        Noun.SHOPS,
        _enrol_till,
        (Field("till_name"),),
        is_noted=True,
        needs_reason=False,
    ),
    Act(
        "renew_till",
        Right.ENROL_TILL,
        Noun.TILLS,
        _renew_till,
        is_noted=True,
        fits=lambda row: row.cells["state"] == "ACTIVE",
    ),
    Act(
        "revoke_till",
        Right.REVOKE_TILL,
        Noun.TILLS,
        _revoke_till,
        fits=lambda row: row.cells["state"] == "ACTIVE",
    ),
    Act(
        "book_money",
        Right.BOOK_MONEY,
        Noun.WALLETS,
        _book_money,
        (Field("amount", "money"), Field("reference")),
    ),
    Act(
        "take_money",
        Right.BOOK_MONEY,
        Noun.WALLETS,
        _take_money,
        (Field("amount", "money"), Field("reference")),
    ),
    Act("set_credit", Right.BOOK_MONEY, Noun.WALLETS, _set_credit, (Field("amount", "money"),)),
    Act(
        "settle_top_up",
        Right.SETTLE_TOP_UP,
        Noun.TOP_UPS,
        _settle_top_up,
        (Field("outcome", "choice", ("succeeded", "failed")),),
        fits=lambda row: row.cells["state"] == TopUpState.MANUAL.value,
    ),
    Act(
        "ask_top_up",
        Right.ASK_SUPPLIER,
        Noun.TOP_UPS,
        _ask_top_up,
        is_noted=True,
        needs_reason=False,
    ),
    Act(
        "acknowledge_incident",
        Right.ACKNOWLEDGE_INCIDENT,
        Noun.INCIDENTS,
        _acknowledge,
        fits=lambda row: row.cells["state"] == "OPEN",
    ),
)
