"""Each rule that a sale may run into, as a sentence: what it says, until when, and what lifts it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication

from pos_app.domain.errors import LimitReached
from pos_app.ui.wording.figures import money_text

translate = QCoreApplication.translate


def limit_words(error: LimitReached, until: datetime | None, language: str) -> str:
    """Whole sentences; `until` is in the shop's time."""
    said = [_what(error.rule)]
    if until is not None:
        said.append(
            translate("Wording", "It is possible again from {until}.").format(until=f"{until:%Y-%m-%d %H:%M}")
        )
    said += [_lift(error.needs), translate("Wording", "No money was taken.")]
    text = ("" if language == "zh" else " ").join(part for part in said if part)
    amount = "" if error.amount is None else money_text(error.amount)
    return text.format(most=error.most, amount=amount)


def _what(rule: str) -> str:
    return {
        "max": translate("Wording", "At most {most} of this can be sold at once."),
        "min": translate("Wording", "That is too few: this sells in larger numbers only."),
        "step": translate("Wording", "This is not sold in that number."),
        "sale_codes": translate("Wording", "One sale may have at most {most} codes."),
        "sale_amount": translate("Wording", "One sale may come to at most {amount} of face value."),
        "split": translate("Wording", "With the sales just before, this is more than one sale may be."),
        "max_face": translate("Wording", "One sale may have at most {most} of these high cards."),
        "minor_none": translate("Wording", "This is not sold to anyone so young."),
        "minor_sale": translate("Wording", "At this age at most {amount} can be bought at a time."),
        "minor_month": translate("Wording", "At this age at most {amount} can be bought in a month."),
        "age_unknown": translate("Wording", "The customer's age must be asked for this."),
        "real_name": translate("Wording", "From {amount} on an identity document must be seen."),
        "purpose": translate(
            "Wording", "Someone told the customer to buy this. Scams begin so: sell nothing."
        ),
        "hours": translate("Wording", "This much is not sold at this hour."),
        "first_high": translate("Wording", "A customer's first purchase stays below {amount}."),
        "destination": translate("Wording", "No top-up may go to this account."),
        "customer_blocked": translate("Wording", "The platform sells nothing to this customer."),
        "velocity_customer": translate("Wording", "This customer has bought as much as is allowed."),
        "velocity_till": translate("Wording", "This till has sold as much as is allowed."),
        "velocity_cashier": translate("Wording", "You have sold as much as one cashier may."),
        "velocity_product": translate("Wording", "As much of this product was sold as is allowed."),
        "velocity_shop": translate("Wording", "The shop has sold as much as is allowed."),
    }.get(rule, translate("Wording", "The platform's limit is reached."))


def _lift(needs: str | None) -> str:
    """This till cannot note answers or documents yet, and says so; an owner answers for himself."""
    cannot = translate("Wording", "This till cannot note that yet. Sell less, or not at all.")
    owner = translate("Wording", "The owner can sell it after signing in. Or sell less.")
    return {"supervisor": owner, "questions": cannot, "id": cannot}.get(needs or "", "")
