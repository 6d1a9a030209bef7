"""Says of each open thing what it is, what happens by itself, and what a person must do."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from pos_app.domain.paper import PaperKind
from pos_app.ui.todo.items import Item, Waits
from pos_app.ui.wording import Wording

translate = QCoreApplication.translate


class Told(NamedTuple):
    """A title, one sentence, the words on the button (none when nothing can be done), icon and tone."""

    title: str
    words: str
    button: str
    icon: str
    tone: str


def tell(item: Item, wording: Wording) -> Told:
    """The one text of an open thing."""
    if item.waits in _PEOPLE:
        return _for_person(item, wording)
    if item.codes_at is not None:
        return _cooling(item, wording.clock(item.codes_at))
    return _by_itself(item)


def goods(item: Item, wording: Wording) -> str:
    """What it is about: the goods, in few words."""
    names = [wording.name(line.product.names) for line in item.goods]
    first = names[0] if names else ""
    if len(names) > 1:
        return translate("Todo", "{what} and {n} more").format(what=first, n=len(names) - 1)
    return first


def _for_person(item: Item, wording: Wording) -> Told:
    if item.waits is Waits.GIVE_BACK:
        return Told(
            translate("Todo", "Give the money back"),
            translate("Todo", "It could not be delivered and never will be. The money is the customer's."),
            translate("Todo", "Give {money} back").format(money=wording.money(item.money)),
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
        )
    cause = wording.paper_cause(item.paper.cause if item.paper else None)
    return Told(
        translate("Todo", "A slip did not come out"),
        translate("Todo", "{slip}: {cause}. Put it right, then print.").format(slip=_slip(item), cause=cause),
        translate("Todo", "Print it now"),
        "printer",
        "danger",
    )


def _cooling(item: Item, at: str) -> Told:
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


def _by_itself(item: Item) -> Told:
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
            translate("Todo", "No money was taken. The till tells it by itself."),
            ask,
            "outbox",
            "second",
        ),
    }[item.waits]


def _slip(item: Item) -> str:
    kind = item.paper.kind if item.paper else PaperKind.RECEIPT
    return {
        PaperKind.CODE: translate("Todo", "Code slip"),
        PaperKind.TOP_UP: translate("Todo", "Top-up slip"),
    }.get(kind, translate("Todo", "Receipt"))


_PEOPLE = (Waits.GIVE_BACK, Waits.SLIP_ASKED, Waits.SLIP_FAILED)
