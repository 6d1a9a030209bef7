"""What goes wrong at a counter, and how often: rates as data, and the dice that throw them."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from practice.gateways.course import Course, Doing
from practice.gateways.mischief import Fault, Kind

# Of every request at the gateway, whatever it is about.
FAULTS: Mapping[Fault, float] = {
    Fault.LOST_BEFORE: 0.03,
    Fault.LOST_AFTER: 0.04,
    Fault.LATE: 0.03,
    Fault.ERROR_500_BEFORE: 0.015,
    Fault.ERROR_500_AFTER: 0.015,
    Fault.HTML: 0.015,
    Fault.BAD_SIGNATURE: 0.01,
    Fault.STALE: 0.01,
    Fault.UNKNOWN_SERIAL: 0.01,
    Fault.AMOUNT_ALTERED: 0.01,
    Fault.NUMBER_ALTERED: 0.01,
    Fault.DUPLICATE: 0.02,
    Fault.FORGED_REFUSAL: 0.015,
    Fault.SYSTEM_ERROR_BEFORE: 0.015,
    Fault.SYSTEM_ERROR_AFTER: 0.015,
}
# Where keys rotate; where a fault makes a key of 2048 bits there, it is seldom.
KEYS: Mapping[str, Mapping[Fault, float]] = {
    "shouqianba": {Fault.KEY_ROTATED: 0.002},
    "wechat-certificates": {Fault.KEY_ROTATED: 0.001},
    "alipay-certificates": {Fault.KEY_ROTATED: 0.001, Fault.UNKNOWN_SERIAL: 0.0005},
}
# The practice gateway has no codes to show in this way of speaking.
SHOWS_NOTHING = frozenset({"wechat-v2"})
# Beside them, of undoing; and of questions about an order that came in less than two minutes ago.
BUSY = 0.10
NOT_FOUND = 0.05
NOT_FOUND_FOR_S = 120.0
# Of orders: every question about it is lost for five minutes.
DEAF = 0.02
DEAF_FOR_S = 300.0
# A late request needs 1 to 40 looks of three seconds; one in ten comes within twenty hours.
LOOK_S = 3.0
MOST_LOOKS = 40
VERY_LATE = 0.1
VERY_LATE_S = 20 * 3600.0
# After that the gateway itself closes what the customer never answered.
PROMPT_S = 1800.0

# The share of each, and the most seconds until the customer does it.
COURSES: tuple[tuple[Doing, float, float], ...] = (
    (Doing.PAYS, 0.52, 0.0),
    (Doing.PASSWORD_PAYS, 0.18, 75.0),
    (Doing.PASSWORD_NEVER, 0.06, 0.0),
    (Doing.PASSWORD_CANCELS, 0.05, 40.0),
    (Doing.NO_MONEY, 0.05, 0.0),
    (Doing.CODE_EXPIRED, 0.04, 0.0),
    (Doing.CODE_USED, 0.01, 0.0),
    (Doing.WRONG_WALLET, 0.01, 0.0),
    (Doing.PAYS_AFTER_UNDO, 0.08, 40.0),
)


# On this side of the line: shares of the requests at which it could happen.
DIES_BEFORE = 0.004  # the till, after its commit and before the request leaves
DIES_AFTER = 0.006  # when the answer is there and nothing is written down
DIES_IN_COMMIT = 0.01  # of the steps of a payment: the next commit never happens
MEANWHILE = 0.06  # while a request is out, somebody presses something
# Of sales.
BEGINS_DAY_AGAIN = 0.1  # what the till does every half an hour
LINE_DOWN = 0.02
LINE_DOWN_S = (20.0, 600.0)
PART = 0.15  # a part by wallet, the rest by something else
SHOWN = 0.12  # the shop shows a code
SCANS_WHAT_IS_SHOWN = 0.8
CASH_AFTER = 0.3  # of those whose wallet failed
GIVES_UP = 0.15
REFUNDED = 0.12
# Of the looks at a payment that is not certain.
STOPS = 0.03
LEAVES = 0.015


@dataclass
class Dice:
    """Mischief by chance. `made_at` tells when the bank took an order in, None before; `buyer` who pays just now.

    `thrown` counts the faults by their names, `orders` keeps whose orders they were, whatever the till knows of them.
    """

    chance: random.Random
    now: Callable[[], float]
    made_at: Callable[[str], float | None]
    practice: str
    buyer: int = 0
    thrown: Counter[str] = field(default_factory=Counter)
    orders: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    _deaf_until: dict[str, float] = field(default_factory=dict)

    def course(self, number: str, code: str | None) -> Course:
        self.orders[self.buyer].add(number)
        if self.chance.random() < DEAF:
            self._deaf_until[number] = self.now() + DEAF_FOR_S
        return self.any_course()

    def any_course(self) -> Course:
        doings, shares, _ = zip(*COURSES, strict=True)
        (doing,) = self.chance.choices(doings, shares)
        most = next(each[2] for each in COURSES if each[0] is doing)
        self.thrown[f"customer {doing.value}"] += 1
        return Course(doing, round(self.chance.uniform(0, most), 1))

    def fault(self, call_kind: Kind, number: str, how_manieth: int) -> Fault:
        found = self._fault(call_kind, number)
        if found is not Fault.NONE:
            self.thrown[found.value] += 1
        return found

    def late_s(self, number: str) -> float:
        if self.chance.random() < VERY_LATE:
            return self.chance.uniform(LOOK_S * MOST_LOOKS, VERY_LATE_S)
        return LOOK_S * self.chance.randint(1, MOST_LOOKS)

    def _fault(self, kind: Kind, number: str) -> Fault:
        is_question = kind in (Kind.ASK, Kind.ASK_REFUND)
        if is_question and self.now() < self._deaf_until.get(number, 0.0):
            return Fault.LOST_BEFORE
        if kind is Kind.UNDO and self.chance.random() < BUSY:
            return Fault.BUSY
        if is_question and self.chance.random() < NOT_FOUND and self._is_new(number):
            return Fault.NOT_FOUND
        throw = self.chance.random()
        for fault, share in {**FAULTS, **KEYS.get(self.practice, {})}.items():
            throw -= share
            if throw < 0:
                return fault
        return Fault.NONE

    def _is_new(self, number: str) -> bool:
        made_at = self.made_at(number)
        return made_at is not None and self.now() < made_at + NOT_FOUND_FOR_S
