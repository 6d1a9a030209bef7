"""Says of what the platform has not taken why, what becomes of it, and what a person must do."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QCoreApplication

from pos_app.domain.attention import AttentionItem, Waits
from pos_app.domain.outbox import Message, MessageKind
from pos_app.ui.wording import Wording

translate = QCoreApplication.translate


class Told(NamedTuple):
    """A title, what it means in a sentence or two, the words on the button (none when nothing can be done), icon and tone.

    `other` is the other answer, where there is one.
    """

    title: str
    words: str
    button: str
    icon: str
    tone: str
    other: str = ""


def tell_message(item: AttentionItem, wording: Wording) -> Told:
    """The one text of a message, of many, or of a ledger that is refused."""
    if item.refusal is not None:
        return _refused(item.refusal.code, item.count, wording)
    if item.waits is Waits.MESSAGE_DEAD and item.message is not None:
        return _dead(item.message, wording)
    if item.waits is Waits.WITHDRAWING:
        return Told(
            translate("Todo", "An online order is being withdrawn"),
            translate(
                "Todo", "The customer has codes from the reserve. The till tells the platform by itself."
            ),
            translate("Todo", "Tell it now"),
            "outbox",
            "second",
        )
    return _unsent(item, wording)


def left_reasons() -> tuple[str, ...]:
    """The ready reasons for a message that is never sent."""
    return (
        translate("Todo", "Settled with the platform's support"),
        translate("Todo", "The platform knows it from elsewhere"),
    )


def _refused(code: str, entries: int, wording: Wording) -> Told:
    waiting = translate("Todo", "Nothing is lost: {n} entries wait here.").format(n=wording.number(entries))
    if code == "KEY_REUSED":
        title = translate("Todo", "The platform holds another record of this till")
        words = translate(
            "Todo",
            "An old copy of this till's data was put back, or a second PC sells as this till."
            " Sell nothing more and call the owner.",
        )
    else:
        title = translate("Todo", "The platform refuses this till's record")
        words = wording.rejection(code)
    return Told(title, _two(words, waiting), translate("Todo", "Ask again"), "danger", "danger")


def _dead(message: Message, wording: Wording) -> Told:
    if message.kind is MessageKind.WITHDRAW:
        title = translate("Todo", "An order could not be withdrawn")
        words = translate(
            "Todo",
            "The customer has codes from the reserve, and the platform still counts the first order."
            " Ask its support to cancel it.",
        )
    else:
        title = translate("Todo", "A report was refused")
        words = translate("Todo", "The customer has the goods. The platform was told so and did not take it.")
    why = wording.rejection(message.reason or "")
    words = _two(words, why)
    again, leave = translate("Todo", "Send it again"), translate("Todo", "Leave it")
    return Told(title, words, again, "outbox", "danger", leave)


def _unsent(item: AttentionItem, wording: Wording) -> Told:
    title = translate("Todo", "{n} reports wait for the platform").format(n=wording.number(item.count))
    words = translate("Todo", "They are safe here and go up by themselves. Selling goes on.")
    reason = item.message.reason if item.message is not None else None
    if reason is not None:
        words = _two(words, wording.rejection(reason))
    return Told(title, words, translate("Todo", "Send them now"), "outbox", "warn")


def _two(first: str, second: str) -> str:
    """Two sentences; between Chinese ones stands no space."""
    return translate("Todo", "{first} {second}").format(first=first, second=second)
