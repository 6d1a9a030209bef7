"""Says of each open thing what it is, what happens by itself, and what a person must do."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from pos_app.domain.attempt import Attempt, AttemptState
from pos_app.domain.attention import AttentionItem, Waits
from pos_app.domain.bill import BillItem, Difference
from pos_app.domain.paper import PaperKind
from pos_app.domain.refund import Refund
from pos_app.ui.todo.messages import Told, tell_message
from pos_app.ui.wording import Wording
from pos_app.ui.wording.payments import wallet_name

translate = QCoreApplication.translate


def tell(item: AttentionItem, wording: Wording) -> Told:
    """The one text of an open thing."""
    if item.waits.tells_platform or item.waits is Waits.MESSAGE_DEAD:
        return tell_message(item, wording)
    if item.waits.needs_person:
        return _for_person(item, wording)
    if item.attempt is not None:
        return _payment(item.attempt)
    if item.refund is not None:
        return _refund(item.refund)
    if item.codes_at is not None:
        return _cooling(item, wording.clock(item.codes_at))
    told = _by_itself(item)
    return told._replace(words=wording.rejection(item.refused)) if item.refused else told


def goods(item: AttentionItem, wording: Wording) -> str:
    """What it is about: the goods, in few words."""
    names = [wording.name(line.product.names) for line in item.goods]
    first = names[0] if names else ""
    if len(names) > 1:
        return translate("Todo", "{what} and {n} more").format(what=first, n=len(names) - 1)
    return first


def next_try(item: AttentionItem, wording: Wording) -> str:
    """When the till tries by itself again; empty when it does so at every heartbeat, or not at all."""
    if item.next_at is None:
        return ""
    return translate("Todo", "next try {when}").format(when=wording.until(item.next_at))


def _for_person(item: AttentionItem, wording: Wording) -> Told:
    if item.waits is Waits.GIVE_BACK and item.is_doubtful:
        return Told(
            translate("Todo", "Perhaps the money went back already"),
            translate(
                "Todo",
                "An old copy of the books was put back. Ask the customer; a supervisor sees to it under Sales.",
            ),
            "",
            "cash",
            "danger",
        )
    if item.waits is Waits.GIVE_BACK:
        return Told(
            translate("Todo", "Give the money back"),
            translate("Todo", "It could not be delivered and never will be. The money is the customer's."),
            translate("Todo", "Give {money} back").format(money=wording.money(item.money))
            if item.money
            else "",
            "cash",
            "danger",
        )
    if item.waits is Waits.SLIP_ASKED:
        return Told(
            translate("Todo", "Did the slip come out?"),
            translate(
                "Todo", "Printing broke off. Look at the printer: is it there, and whole? ({slip})"
            ).format(slip=_slip(item)),
            translate("Todo", "Yes, it is here"),
            "warn",
            "danger",
            translate("Todo", "No, print it again"),
        )
    if item.bill is not None:
        return _bill(item.bill, wording)
    cause = wording.paper_cause(item.paper.cause if item.paper else None)
    return Told(
        translate("Todo", "A slip did not come out"),
        translate("Todo", "{slip}: {cause}. Put it right, then print.").format(slip=_slip(item), cause=cause),
        translate("Todo", "Print it now"),
        "printer",
        "danger",
    )


def _cooling(item: AttentionItem, at: str) -> Told:
    if item.is_frozen:
        title = translate("Todo", "The platform looks at this sale")
        words = translate(
            "Todo",
            "It was stopped on suspicion. The money is safe. Hand nothing over; the till asks by itself.",
        )
    else:
        title = translate("Todo", "The codes come at {time}").format(time=at)
        words = translate(
            "Todo",
            "High sums wait a while, so that a scam can be stopped. The till fetches the codes by itself.",
        )
    return Told(title, words, translate("Todo", "Ask now"), "wait", "warn")


def _payment(attempt: Attempt) -> Told:
    name = wallet_name(attempt.wallet)
    if attempt.state is AttemptState.REVERSING:
        title = translate("Todo", "{wallet}: a payment is being undone").format(wallet=name)
        words = translate(
            "Todo",
            "Nothing is handed over for it. What was charged goes back by itself, however long it takes.",
        )
    else:
        title = translate("Todo", "{wallet}: a payment is being checked").format(wallet=name)
        words = translate("Todo", "Do not charge again. If it comes in, the goods are printed by themselves.")
    return Told(title, words, translate("Todo", "Ask the wallet now"), "wait", "warn")


def _refund(refund: Refund) -> Told:
    title = translate("Todo", "Money on its way back to the wallet")
    if refund.refusal:
        words = translate(
            "Todo", "The wallet's company refused it for now ({code}). The till asks again; tell the owner."
        ).format(code=refund.refusal)
    else:
        words = translate("Todo", "It is booked as given back. The till asks until it has arrived.")
    return Told(
        title, words, translate("Todo", "Ask the wallet now"), "back", "danger" if refund.refusal else "warn"
    )


def _bill(bill: BillItem, wording: Wording) -> Told:
    finding = bill.finding
    day = wording.day(finding.day)
    title = translate("Todo", "The bill of {day} differs").format(day=day)
    words = {
        Difference.UNKNOWN_ORDER: translate(
            "Todo",
            "A customer paid an order that this till does not know. Look it up at the wallet's company.",
        ),
        Difference.MISSING_THERE: translate(
            "Todo", "This till counts a payment that the wallet's company does not have. Ask them about it."
        ),
        Difference.AMOUNT: translate(
            "Todo", "Both know this payment, with different sums. Ask the wallet's company."
        ),
        Difference.UNKNOWN_REFUND: translate("Todo", "Money was given back that this till knows nothing of."),
        Difference.NOT_PAID_HERE: translate(
            "Todo", "A customer was charged without a sale. It goes back by itself."
        ),
    }[finding.kind]
    return Told(title, words, translate("Todo", "It is settled"), "warn", "danger")


def _by_itself(item: AttentionItem) -> Told:
    ask = translate("Todo", "Ask now")
    return {
        Waits.SLIP_DUE: Told(
            translate("Todo", "A slip waits for the printer"),
            translate("Todo", "It prints by itself in a moment."),
            translate("Todo", "Print it now"),
            "printer",
            "warn",
        ),
        Waits.CODE: Told(
            translate("Todo", "The code is still to come"),
            translate("Todo", "The money is safe. The till asks the platform by itself, again and again."),
            ask,
            "wait",
            "warn",
            translate("Todo", "Give codes that are held here") if item.can_stand_in else "",
        ),
        Waits.TOP_UP: Told(
            translate("Todo", "A top-up is on its way"),
            translate("Todo", "The till asks by itself and prints the result. Never sell it a second time."),
            ask,
            "phone",
            "warn",
        ),
        Waits.UNPAID: Told(
            translate("Todo", "Set aside, not paid yet"),
            translate("Todo", "Take the money on the selling page, or let it go there."),
            "",
            "wait",
            "second",
        ),
        Waits.LETTING_GO: Told(
            translate("Todo", "A cancelled sale is being told to the platform"),
            translate("Todo", "No money is kept for it. The till tells it by itself."),
            ask,
            "outbox",
            "second",
        ),
    }[item.waits]


def _slip(item: AttentionItem) -> str:
    kind = item.paper.kind if item.paper else PaperKind.RECEIPT
    return {
        PaperKind.CODE: translate("Todo", "Code slip"),
        PaperKind.TOP_UP: translate("Todo", "Top-up slip"),
    }.get(kind, translate("Todo", "Receipt"))
