"""What our own rules refused, as sentences: what happened, what is safe, what to do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import singledispatch

from PySide6.QtCore import QCoreApplication

from pos_app.domain import errors
from pos_app.domain.catalogue import Names
from pos_app.ui.wording.figures import clock, money_text
from pos_app.ui.wording.limits import limit_words

translate = QCoreApplication.translate


@dataclass(frozen=True)
class Context:
    """What a sentence may need beside the facts: product names by id, and how to tell local time."""

    language: str = "en"
    names: dict[str, Names] = field(default_factory=dict)
    local: Callable[[datetime], datetime] = lambda at: at

    def product(self, product_id: str) -> str:
        names = self.names.get(product_id)
        return names.in_language(self.language) if names else translate("Wording", "This product")


@singledispatch
def sentence(error: errors.PosError, context: Context) -> str:
    """The sentence of an error; a class that is not registered is a bug that a test catches."""
    raise NotImplementedError(type(error).__name__)


@sentence.register
def _wrong_pin(error: errors.WrongPin, context: Context) -> str:
    if error.tries_left == 1:
        return translate("Wording", "That PIN is not right. One try is left before a pause.")
    return translate("Wording", "That PIN is not right. {tries} tries are left before a pause.").format(
        tries=error.tries_left
    )


@sentence.register
def _locked_out(error: errors.LockedOut, context: Context) -> str:
    text = translate("Wording", "Too many wrong PINs. This person can sign in again at {time}.")
    return text.format(time=clock(context.local(error.until)))


@sentence.register
def _not_allowed(error: errors.NotAllowed, context: Context) -> str:
    return {
        "override": translate("Wording", "This needs a supervisor's PIN. Nothing was changed."),
        "show_code": translate("Wording", "Only a supervisor may see a code. Ask one to enter a PIN."),
        "see_day": translate("Wording", "The day's figures are for the owner's PIN."),
        "change_settings": translate("Wording", "Only a supervisor or the owner may change this."),
    }.get(
        error.permission, translate("Wording", "You may not do this. Ask a supervisor. Nothing was changed.")
    )


@sentence.register
def _reason_needed(error: errors.ReasonNeeded, context: Context) -> str:
    return translate("Wording", "Please say why: it is kept in the books. Nothing was done yet.")


@sentence.register
def _unknown_person(error: errors.UnknownPerson, context: Context) -> str:
    return translate("Wording", "This person can no longer sign in here. Ask the owner.")


@sentence.register
def _pin_too_weak(error: errors.PinTooWeak, context: Context) -> str:
    text = translate(
        "Wording", "That PIN is too easy. Take {digits} digits that are no run and not all alike."
    )
    return text.format(digits=error.least_digits)


@sentence.register
def _unknown_barcode(error: errors.UnknownBarcode, context: Context) -> str:
    text = translate(
        "Wording", "No product has the barcode {barcode}. Nothing was added. Look for it by name."
    )
    return text.format(barcode=error.barcode)


@sentence.register
def _nothing_found(error: errors.NothingFound, context: Context) -> str:
    text = translate(
        "Wording", 'Nothing is called "{text}". Try fewer letters or the first letters of pinyin.'
    )
    return text.format(text=error.text)


@sentence.register
def _quantity_invalid(error: errors.QuantityInvalid, context: Context) -> str:
    if len(error.text) > 4:
        text = translate(
            "Wording", "{text} is too long for a quantity. Nothing was changed. Scan it once more."
        )
        return text.format(text=error.text)
    if error.step > 1:
        text = translate("Wording", "Not {text}: this sells in steps of {step}, from {least} to {most}.")
    else:
        text = translate("Wording", "Not {text}: the quantity can be {least} to {most}. Nothing was changed.")
    return text.format(text=error.text, least=error.least, most=error.most, step=error.step)


@sentence.register
def _field_invalid(error: errors.FieldInvalid, context: Context) -> str:
    return {
        "phone_cn": translate("Wording", "That is no mobile number. Please read all 11 digits again."),
        "qq": translate("Wording", "That is no QQ number: 5 to 11 digits, the first is not 0."),
        "digits": translate("Wording", "Only digits here. Please check the account once more."),
        "email": translate("Wording", "That is no e-mail address. Please check it once more."),
    }.get(error.validator, translate("Wording", "That cannot be an account. Please check it once more."))


@sentence.register
def _payment_code_too_soon(error: errors.PaymentCodeTooSoon, context: Context) -> str:
    return translate(
        "Wording", "That is a payment code, but nothing is in the basket yet. No money was taken."
    )


@sentence.register
def _payment_code_unsupported(error: errors.PaymentCodeUnsupported, context: Context) -> str:
    return translate("Wording", "This till takes cash only. No money was taken from the customer's wallet.")


@sentence.register
def _empty_sale(error: errors.EmptySale, context: Context) -> str:
    return translate("Wording", "The basket is empty. Scan something first.")


@sentence.register
def _sold_out(error: errors.SoldOut, context: Context) -> str:
    if error.left > 0:
        text = translate(
            "Wording", "{product}: only {left} left, {wanted} wanted. No money was taken. Sell fewer."
        )
    else:
        text = translate("Wording", "{product} is sold out. No money was taken. Offer another face value.")
    return text.format(product=context.product(error.product_id), left=error.left, wanted=error.wanted)


@sentence.register
def _price_changed(error: errors.PriceChanged, context: Context) -> str:
    text = translate(
        "Wording", "{product} has a new price. No money was taken. Tell the customer, then pay again."
    )
    return text.format(product=context.product(error.product_id))


@sentence.register
def _product_off(error: errors.ProductOff, context: Context) -> str:
    text = {
        "time": translate(
            "Wording", "{product} is not sold at this hour. No money was taken. It has left the basket."
        ),
        "channel": translate(
            "Wording", "{product} is not sold at this counter. No money was taken. It has left the basket."
        ),
    }.get(
        error.reason,
        translate("Wording", "{product} is no longer sold. No money was taken. It has left the basket."),
    )
    return text.format(product=context.product(error.product_id))


@sentence.register
def _limit_reached(error: errors.LimitReached, context: Context) -> str:
    until = None if error.until is None else context.local(error.until)
    return limit_words(error, until, context.language)


@sentence.register
def _wallet_empty(error: errors.WalletEmpty, context: Context) -> str:
    text = translate(
        "Wording",
        "The shop's wallet has {available}, this needs {needed}. No money was taken. Ask the owner to fill it.",
    )
    return text.format(available=money_text(error.available), needed=money_text(error.needed))


@sentence.register
def _cash_too_low(error: errors.CashTooLow, context: Context) -> str:
    text = translate("Wording", "{missing} are missing: {received} of {total}. Nothing was booked yet.")
    return text.format(
        missing=money_text(error.total - error.received),
        received=money_text(error.received),
        total=money_text(error.total),
    )


@sentence.register
def _amount_invalid(error: errors.AmountInvalid, context: Context) -> str:
    text = translate("Wording", '"{text}" is no sum of money that a till can take. Nothing was booked.')
    return text.format(text=error.text)


@sentence.register
def _shift_not_open(error: errors.ShiftNotOpen, context: Context) -> str:
    return translate("Wording", "No shift is open. Count the opening cash and open it, then go on.")


@sentence.register
def _shift_already_open(error: errors.ShiftAlreadyOpen, context: Context) -> str:
    text = translate("Wording", "{name}'s shift is already open. Go on in it, or close it first.")
    return text.format(name=error.opened_by)


@sentence.register
def _wrong_state(error: errors.WrongState, context: Context) -> str:
    return translate(
        "Wording", "This sale has moved on in the meantime. Nothing was done twice. Look at it again."
    )


@sentence.register
def _no_such_sale(error: errors.NoSuchSale, context: Context) -> str:
    return translate("Wording", "This till has no such sale. Check the number.")


@sentence.register
def _nothing_to_reprint(error: errors.NothingToReprint, context: Context) -> str:
    return translate(
        "Wording", "The till no longer keeps this code. The platform still does: ask its support."
    )


@sentence.register
def _code_seal_broken(error: errors.CodeSealBroken, context: Context) -> str:
    return translate(
        "Wording", "This code does not open on this till. The money is safe. Ask the platform's support."
    )


@sentence.register
def _not_enrolled(error: errors.NotEnrolled, context: Context) -> str:
    return translate(
        "Wording", "This till belongs to no platform yet. Enter the code from the platform's operator."
    )


@sentence.register
def _enrolment_code_wrong(error: errors.EnrolmentCodeWrong, context: Context) -> str:
    return translate(
        "Wording", "That code is mistyped or was used before. Check each sign, or ask for a new one."
    )


@sentence.register
def _gateway_unknown(error: errors.GatewayUnknown, context: Context) -> str:
    text = translate(
        "Wording",
        "The gateway {name} is no longer set up here. Set it up again, so that this can be finished.",
    )
    return text.format(name=error.name)


@sentence.register
def _gateway_setup_wrong(error: errors.GatewaySetupWrong, context: Context) -> str:
    text = translate("Wording", "{name} refuses this till as it is set up ({reason}). Nothing was charged.")
    return text.format(name=error.name, reason=error.reason)


@sentence.register
def _not_sold_offline(error: errors.NotSoldOffline, context: Context) -> str:
    text = {
        "top_up": translate(
            "Wording",
            "{product} needs the platform, which does not answer. No money was taken. Try again later.",
        ),
        "too_few": translate(
            "Wording",
            "The platform does not answer, and too few of {product} are held here. No money was taken.",
        ),
        "limit": translate(
            "Wording",
            "The platform does not answer, and this is more than one sale may hand over without it.",
        ),
        "expired": translate(
            "Wording", "What was held of {product} ran out while the platform is away. Give any money back."
        ),
    }.get(
        error.why,
        translate(
            "Wording", "The platform does not answer, and {product} is not held here. No money was taken."
        ),
    )
    return text.format(product=context.product(error.product_id))


@sentence.register
def _rolled_back(error: errors.RolledBack, context: Context) -> str:
    return translate(
        "Wording",
        "This till's data is an older copy, so nothing is sold here. Call the owner: it must be enrolled anew.",
    )


@sentence.register
def _refund_too_high(error: errors.RefundTooHigh, context: Context) -> str:
    text = translate("Wording", "At most {most} can go back: that is what is left of what was paid.")
    return text.format(most=money_text(error.most))


@sentence.register
def _not_a_payment_code(error: errors.NotAPaymentCode, context: Context) -> str:
    text = translate(
        "Wording", "That is a product's code ({code}), no payment code. It waits for the next sale."
    )
    return text.format(code=error.text)


@sentence.register
def _payment_unsettled(error: errors.PaymentUnsettled, context: Context) -> str:
    return translate(
        "Wording",
        "A payment of this sale is still being checked. Wait until it is certain: nobody pays twice.",
    )


@sentence.register
def _payment_code_used(error: errors.PaymentCodeUsed, context: Context) -> str:
    return translate(
        "Wording",
        "This payment code was used before. Nothing was charged. Ask the customer to open a new one.",
    )


@sentence.register
def _no_such_attempt(error: errors.NoSuchAttempt, context: Context) -> str:
    return translate("Wording", "This till knows no payment of that number. Check the number.")
