"""What goes wrong with a request to a practice gateway: by command, by payment code, or as a simulation rules.

docs/practice-gateways.md has the table of the codes in words; an ending keeps its meaning for ever.
"""

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from practice.gateways.course import Course, Doing


class Kind(StrEnum):
    """What a request wants of the gateway."""

    PAY = "pay"
    SHOW = "show"
    ASK = "ask"
    UNDO = "undo"
    REFUND = "refund"
    ASK_REFUND = "ask_refund"
    BILL = "bill"
    BEGIN_DAY = "begin_day"


class Fault(StrEnum):
    """What goes wrong with one request. One that makes no sense for its kind or protocol changes nothing."""

    NONE = "none"
    LOST_BEFORE = "lost_before"  # no effect, no answer
    LOST_AFTER = "lost_after"  # the effect, no answer
    LATE = "late"  # no answer now, the effect some seconds later
    ERROR_500_BEFORE = "error_500_before"
    ERROR_500_AFTER = "error_500_after"
    HTML = "html"  # the effect, and a page instead of an answer
    BAD_SIGNATURE = "bad_signature"
    STALE = "stale"  # signed well, an hour ago
    UNKNOWN_SERIAL = "unknown_serial"  # signed well, by a key whose name nobody ever heard
    KEY_ROTATED = "key_rotated"  # from here on the gateway uses a new key
    AMOUNT_ALTERED = "amount_altered"  # the effect; the answer is signed well and names another amount
    NUMBER_ALTERED = "number_altered"  # the effect; the answer is signed well and names another order
    DUPLICATE = "duplicate"  # the request arrives twice, the answer is the second one's
    FORGED_REFUSAL = "forged_refusal"  # the effect, and an unsigned 4xx that says no money
    BUSY = "busy"  # undo only: the customer is paying, nothing is undone
    SYSTEM_ERROR_BEFORE = "system_error_before"  # the protocol's own "I do not know"
    SYSTEM_ERROR_AFTER = "system_error_after"
    NOT_FOUND = "not_found"  # questions only: there is no such order, although there is


class Mischief(Protocol):
    def course(self, number: str, code: str | None) -> Course:
        """What the customer of this order does; asked once for each pay (its code) or show (None), before `fault`."""

    def fault(self, call_kind: Kind, number: str, how_manieth: int) -> Fault:
        """What goes wrong with the how-manieth (1, 2, ...) request of this kind about this order."""

    def late_s(self, number: str) -> float:
        """How many seconds a LATE request about this order needs."""


_AT_ONCE = Course()


def _pays(number: str, code: str | None) -> Course:
    return _AT_ONCE


def _nothing(call_kind: Kind, number: str, how_manieth: int) -> Fault:
    return Fault.NONE


def _twenty(number: str) -> float:
    return 20.0


@dataclass(frozen=True, slots=True)
class Ruled:
    """Mischief made by whoever calls: a simulation hands in its own rules. Without any, all goes well."""

    course: Callable[[str, str | None], Course] = _pays
    fault: Callable[[Kind, str, int], Fault] = _nothing
    late_s: Callable[[str], float] = _twenty


@dataclass(frozen=True, slots=True)
class Row:
    """What a payment code stands for; of `faults`, the first request of a kind meets the first one, and so on.

    When they are used up, the last one goes on if `goes_on`, else all is well.
    """

    course: Course = _AT_ONCE
    faults: Mapping[Kind, tuple[Fault, ...]] = field(default_factory=dict)
    late_s: float = 20.0
    goes_on: bool = False

    def fault(self, kind: Kind, how_manieth: int) -> Fault:
        listed = self.faults.get(kind, ())
        if how_manieth <= len(listed):
            return listed[how_manieth - 1]
        return listed[-1] if listed and self.goes_on else Fault.NONE


def _pay(fault: Fault, late_s: float = 20.0) -> Row:
    return Row(faults={Kind.PAY: (fault,)}, late_s=late_s)


_NEVER = Course(Doing.PASSWORD_NEVER)
DEFAULT = Row()

BY_ENDING: Mapping[str, Row] = {
    "001": Row(Course(Doing.NO_MONEY)),
    "002": Row(Course(Doing.PASSWORD_PAYS, 8)),
    "003": Row(_NEVER),
    "004": Row(Course(Doing.PASSWORD_CANCELS, 8)),
    "005": Row(Course(Doing.CODE_EXPIRED)),
    "006": Row(Course(Doing.CODE_USED)),
    "007": Row(Course(Doing.WRONG_WALLET)),
    "008": Row(Course(Doing.PAYS_AFTER_UNDO, 2)),
    "009": Row(Course(Doing.PASSWORD_PAYS, 75)),
    "011": _pay(Fault.LOST_BEFORE),
    "012": _pay(Fault.LOST_AFTER),
    "013": _pay(Fault.LATE),
    "014": _pay(Fault.LATE, 90),
    "015": _pay(Fault.ERROR_500_BEFORE),
    "016": _pay(Fault.ERROR_500_AFTER),
    "017": _pay(Fault.HTML),
    "018": _pay(Fault.SYSTEM_ERROR_BEFORE),
    "019": _pay(Fault.SYSTEM_ERROR_AFTER),
    "020": _pay(Fault.DUPLICATE),
    "021": _pay(Fault.BAD_SIGNATURE),
    "022": _pay(Fault.STALE),
    "023": _pay(Fault.UNKNOWN_SERIAL),
    "024": _pay(Fault.KEY_ROTATED),
    "025": _pay(Fault.AMOUNT_ALTERED),
    "026": _pay(Fault.NUMBER_ALTERED),
    "027": _pay(Fault.FORGED_REFUSAL),
    "031": Row(_NEVER, {Kind.UNDO: (Fault.BUSY, Fault.BUSY)}),
    "032": Row(faults={Kind.PAY: (Fault.LOST_AFTER,), Kind.ASK: (Fault.NOT_FOUND,)}),
    "033": Row(faults={Kind.PAY: (Fault.LOST_AFTER,), Kind.ASK: (Fault.LOST_BEFORE,)}, goes_on=True),
    "034": Row(_NEVER, {Kind.UNDO: (Fault.LOST_AFTER,)}),
    "035": Row(_NEVER, {Kind.UNDO: (Fault.ERROR_500_BEFORE, Fault.ERROR_500_BEFORE)}),
    "036": Row(faults={Kind.REFUND: (Fault.LOST_AFTER,)}),
    "037": Row(faults={Kind.REFUND: (Fault.LOST_BEFORE,)}),
}


class ByCode:
    """Mischief chosen by the last three digits of the payment code; any other ending: paid at once."""

    def __init__(self) -> None:
        self._rows: dict[str, Row] = {}

    def course(self, number: str, code: str | None) -> Course:
        row = BY_ENDING.get(code[-3:], DEFAULT) if code else DEFAULT
        return self._rows.setdefault(number, row).course

    def fault(self, call_kind: Kind, number: str, how_manieth: int) -> Fault:
        return self._rows.get(number, DEFAULT).fault(call_kind, how_manieth)

    def late_s(self, number: str) -> float:
        return self._rows.get(number, DEFAULT).late_s


class Commanded:
    """Mischief that was ordered for the next requests; behind it, what `otherwise` would do."""

    def __init__(self, otherwise: Mischief) -> None:
        self._otherwise = otherwise
        self._ordered: defaultdict[tuple[Kind, str | None], deque[Fault]] = defaultdict(deque)

    def order(self, kind: Kind, faults: Iterable[Fault], number: str | None = None) -> None:
        """The next requests of this kind meet these, one each; only those about `number` if it is given."""
        self._ordered[kind, number].extend(faults)

    def course(self, number: str, code: str | None) -> Course:
        return self._otherwise.course(number, code)

    def fault(self, call_kind: Kind, number: str, how_manieth: int) -> Fault:
        for key in ((call_kind, number), (call_kind, None)):
            if waiting := self._ordered.get(key):
                return waiting.popleft()
        return self._otherwise.fault(call_kind, number, how_manieth)

    def late_s(self, number: str) -> float:
        return self._otherwise.late_s(number)
