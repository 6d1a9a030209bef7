"""Says what a practice supplier does with an account, by the last three digits of its number.

docs/practice-supplier.md has the same table in words; a suffix keeps its meaning for ever.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

FINAL = ("success", "failed", "reversed")
Course = tuple[tuple[int, str], ...]


class Answering(StrEnum):
    """How the supplier's replies travel, whatever the order's real state is."""

    PLAINLY = "plainly"
    ERROR_500 = "error_500"  # no effect was made
    REPLY_LOST_ONCE = "reply_lost_once"  # the effect was made, the first reply never arrives
    HTML_PAGE = "html_page"  # the effect was made, no reply can be understood
    DUPLICATE = "duplicate"  # the effect was made, and every order is called a duplicate (409)
    HIDDEN_ONCE = "hidden_once"  # as REPLY_LOST_ONCE, and the first question finds no such order
    ORDER_LOST_ONCE = "order_lost_once"  # the first order is cut off before it has an effect


class Calling(StrEnum):
    """What the supplier's callbacks are like."""

    PLAINLY = "plainly"
    BEFORE_REPLY = "before_reply"  # the callback arrives while the buyer still waits for the reply
    TWICE = "twice"
    FORGED = "forged"  # says success, signed with a key that is not the supplier's
    WRONG_AMOUNT = "wrong_amount"  # says success for twice the amount, signed well


class Moment(StrEnum):
    """Where a request can be held until somebody says `POST /practice/release`."""

    ORDER_READ = "order_read"  # nothing has happened
    ORDER_BOOKED = "order_booked"  # the effect was made, nothing was said
    HALF_REPLY = "half_reply"  # the effect was made, half of the reply is on its way
    QUESTION_READ = "question_read"
    HALF_ANSWER = "half_answer"  # half of the answer to a question is on its way


@dataclass(frozen=True)
class Behaviour:
    """The states of an order by seconds since it was placed, and how they are told."""

    course: Course = ((0, "success"),)
    answering: Answering = Answering.PLAINLY
    calling: Calling = Calling.PLAINLY
    hold: Moment | None = None
    hold_at: int = 1  # the how-manieth order (or question) under the reference is held

    def state_after(self, elapsed_s: float) -> str:
        """The state that the supplier reports this long after the order was placed."""
        return [state for after_s, state in self.course if elapsed_s >= after_s or after_s == 0][-1]

    def holds(self, moment: Moment, number: int) -> bool:
        """Whether the order or question of this number (1, 2, ...) waits there."""
        return (moment, number) == (self.hold, self.hold_at)


def _then(first: str, after_s: int, final: str) -> Course:
    return ((0, first), (after_s, final))


DEFAULT = Behaviour()
_LOST = Answering.REPLY_LOST_ONCE
_CUT = Answering.ORDER_LOST_ONCE

BY_SUFFIX: Mapping[str, Behaviour] = {
    "001": Behaviour(((0, "failed"),)),
    "002": Behaviour(_then("processing", 3, "success")),
    "003": Behaviour(_then("processing", 20, "success")),
    "004": Behaviour(answering=Answering.ERROR_500),
    "005": Behaviour(answering=Answering.REPLY_LOST_ONCE),
    "006": Behaviour(_then("WEIRD", 3, "success")),
    "007": Behaviour(_then("processing", 300, "success")),
    "008": Behaviour(answering=Answering.HTML_PAGE),
    "009": Behaviour(_then("processing", 3, "failed")),
    "010": Behaviour(((0, "unknown"),)),
    "011": Behaviour(answering=Answering.DUPLICATE),
    "012": Behaviour(_then("success", 60, "reversed")),
    "013": Behaviour(calling=Calling.BEFORE_REPLY),
    "014": Behaviour(_then("processing", 3, "success"), calling=Calling.TWICE),
    "015": Behaviour(_then("processing", 20, "failed"), calling=Calling.FORGED),
    "016": Behaviour(_then("processing", 20, "failed"), calling=Calling.WRONG_AMOUNT),
    "017": Behaviour(answering=Answering.HIDDEN_ONCE),
    "018": Behaviour(answering=Answering.ORDER_LOST_ONCE),
    "019": Behaviour(_then("failed", 60, "success")),
    "020": Behaviour(hold=Moment.ORDER_READ),
    "021": Behaviour(hold=Moment.ORDER_BOOKED),
    "022": Behaviour(hold=Moment.HALF_REPLY),
    "023": Behaviour(answering=_LOST, hold=Moment.QUESTION_READ),
    "024": Behaviour(answering=_LOST, hold=Moment.HALF_ANSWER),
    "025": Behaviour(answering=_CUT, hold=Moment.ORDER_READ, hold_at=2),
    "026": Behaviour(answering=_CUT, hold=Moment.ORDER_BOOKED, hold_at=2),
    "027": Behaviour(_then("processing", 3, "success"), hold=Moment.QUESTION_READ),
    "028": Behaviour(_then("processing", 3, "failed"), hold=Moment.QUESTION_READ),
}


def behaviour_of(account: str) -> Behaviour:
    """The behaviour that the account's last three characters ask for."""
    return BY_SUFFIX.get(account[-3:], DEFAULT)
