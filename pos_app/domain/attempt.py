"""An attempt to take electronic money: one order at one gateway, and the one-way road from asked to certain.

The till never believes silence. An attempt is written down before its order leaves; it becomes PAID or FAILED only on a
believed answer; when its patience ends it is undone, and from then on no answer whatever makes it paid. An undone order
that the gateway does not know is watched for a day, because a late request may still arrive there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from pos_app.domain.errors import WrongState
from pos_app.domain.gateway import Answer, GatewayRules, Order, Standing, Undoing, Way
from pos_app.domain.money import Money
from pos_app.domain.payment import Payment, Tender
from pos_app.domain.payment_code import Wallet

_FIRST_LOOK = timedelta(seconds=5)
_LOOK_EVERY = timedelta(seconds=3)
_LOOK_EVERY_AFTER_SILENCE = timedelta(seconds=5)
# While it is undone: seconds after the first try, then every five minutes.
_UNDO_AT_S = (0, 3, 5, 10, 20, 30, 60)
_UNDO_EVERY = timedelta(minutes=5)
# After an undone order turned out to be unknown there.
_WATCH_AT = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=24))
_WATCH_A_SHOWN_CODE = timedelta(seconds=15)
_ENOUGH_UNDONE = 2
_LEAST_PAUSE = timedelta(seconds=2)
_NUMBER = re.compile(r"[0-9A-Z]{3}[0-9]{6}[0-9A-Z]{8}")  # see `order_number`
BEIJING = timedelta(hours=8)  # gateways count their days there


class AttemptState(StrEnum):
    SENT = "sent"  # on disk before the order left; nobody knows yet
    PAID = "paid"  # the money is ours
    FAILED = "failed"  # a definite no: nothing moved
    REVERSING = "reversing"  # being undone, until it is certain; never paid again
    REVERSED = "reversed"  # undone; `next_at` is set while it is watched
    REFUNDED = "refunded"  # was paid in the end, and all of it went back


ATTEMPT_MOVES: dict[AttemptState, frozenset[AttemptState]] = {
    AttemptState.SENT: frozenset({AttemptState.PAID, AttemptState.FAILED, AttemptState.REVERSING}),
    AttemptState.PAID: frozenset({AttemptState.REVERSING}),
    AttemptState.FAILED: frozenset({AttemptState.REVERSING}),  # a bill may know better
    AttemptState.REVERSING: frozenset({AttemptState.REVERSED, AttemptState.REFUNDED}),
    AttemptState.REVERSED: frozenset({AttemptState.REVERSING}),
    AttemptState.REFUNDED: frozenset(),
}
TENDERS = {
    Wallet.WECHAT: Tender.WECHAT,
    Wallet.ALIPAY: Tender.ALIPAY,
    Wallet.UNIONPAY: Tender.UNIONPAY,
    Wallet.ECNY: Tender.ECNY,
}


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to take `amount`; `number` is the order's at the gateway and ours for ever (see `order_number`).

    `code_digest` tells the same payment code again, `code_end` is shown. `deadline` is when patience ends. `next_at` is
    when the next step is due, None when there is none. `standing` is the gateway's last word, None while it has said
    nothing. `tries` counts steps since the state began, `undone` how often the gateway said that it undid the order.
    """

    number: str
    sale_id: str
    gateway: str
    way: Way
    wallet: Wallet
    amount: Money
    state: AttemptState
    sent_at: datetime
    deadline: datetime
    next_at: datetime | None
    code_end: str = ""
    code_digest: str = ""
    qr: str = field(default="", repr=False)
    standing: Standing | None = None
    reason: str = ""
    gateway_number: str | None = None
    tries: int = 0
    undone: int = 0
    reversing_at: datetime | None = None
    ended_at: datetime | None = None
    was_sent: bool = True

    @property
    def is_live(self) -> bool:
        """Its end is not known, so no other way to pay may be tried."""
        return self.state in (AttemptState.SENT, AttemptState.REVERSING)

    @property
    def tender(self) -> Tender:
        return TENDERS[self.wallet]

    @property
    def order(self) -> Order:
        return Order(self.number, self.amount, self.way, self.sent_at, self.gateway_number)

    @property
    def refund_number(self) -> str:
        """The one under which all of it is given back when it cannot be undone: the same on every try."""
        return refund_number(self.number, 0)

    @property
    def payment(self) -> Payment:
        """What it brings to the sale; WrongState when it is not paid."""
        if self.state is not AttemptState.PAID:
            raise WrongState(sale_id=self.sale_id, state=self.state.value)
        nothing = Money(0, self.amount.currency)
        return Payment(self.tender, self.amount, self.amount, nothing, self.number)

    def is_due(self, now: datetime) -> bool:
        return self.next_at is not None and self.next_at <= now

    def seconds_left(self, now: datetime) -> int:
        """Of its patience, rounded up; 0 when it has ended."""
        return max(0, -(-int((self.deadline - now).total_seconds() * 1000) // 1000))

    # --- while it is being paid ---

    def shown(self, text: str, now: datetime) -> Attempt:
        """The gateway made a code that the customer can scan."""
        return replace(self, qr=text, next_at=now + _LOOK_EVERY)

    def heard(self, answer: Answer, now: datetime) -> Attempt:
        """The gateway's believed word about an order that is being paid; WrongState in any other state."""
        told = _told(_must_be(self, AttemptState.SENT), answer)
        told = replace(told, wallet=answer.wallet or self.wallet, tries=self.tries + 1)
        if answer.standing is Standing.PAID:
            return _ended(told, AttemptState.PAID, now)
        # Given back at the gateway's own counter, or gone wrong there: nothing comes of it that could be waited for.
        if answer.standing in (Standing.REFUNDED, Standing.BROKEN):
            return told.give_up(now)
        never_arrived = answer.standing is Standing.ABSENT and not self.was_sent
        if answer.standing in (Standing.FAILED, Standing.CLOSED) or never_arrived:
            return _ended(told, AttemptState.FAILED, now)
        return _looked(told, now, _LOOK_EVERY)

    def no_answer(self, now: datetime, was_sent: bool = True) -> Attempt:
        """Silence, or nothing that can be believed. `was_sent` False: not a byte of the order left this PC."""
        is_first = _must_be(self, AttemptState.SENT).tries == 0
        told = replace(self, tries=self.tries + 1, was_sent=was_sent if is_first else self.was_sent)
        if is_first:
            return _looked(told, now, _FIRST_LOOK if was_sent else timedelta(0))
        return _looked(told, now, _LOOK_EVERY_AFTER_SILENCE)

    def give_up(self, now: datetime) -> Attempt:
        """From here on it is undone, and never paid: patience ended, or somebody said stop."""
        moved = _moved(self, AttemptState.REVERSING)
        return replace(moved, reversing_at=now, next_at=now, tries=0, undone=0, ended_at=None)

    # --- while it is undone ---

    def may_undo(self, now: datetime, rules: GatewayRules) -> bool:
        return now >= self.sent_at + rules.undo_after

    def must_refund(self, now: datetime, rules: GatewayRules) -> bool:
        """The time in which the gateway undoes an order is over."""
        if rules.undo_same_day and (now + BEIJING).date() != (self.sent_at + BEIJING).date():
            return True
        return now >= self.sent_at + rules.undo_within

    def heard_undone(
        self, said: Undoing | None, answer: Answer | None, now: datetime, undo_from: datetime
    ) -> Attempt:
        """One more try to undo it: what was `said` to that, and how the order stands after; None is silence.

        Undoing is allowed from `undo_from` on.
        """
        told = _told(_must_be(self, AttemptState.REVERSING), answer)
        if said is Undoing.DONE:
            told = replace(told, undone=self.undone + 1)
        standing = None if answer is None else answer.standing
        if standing is Standing.REFUNDED:
            return _ended(told, AttemptState.REFUNDED, now)
        is_shut = standing is Standing.BROKEN and told.undone > 0
        if is_shut or standing in (Standing.CLOSED, Standing.FAILED):
            return _ended(told, AttemptState.REVERSED, now)
        if standing is Standing.ABSENT and told.undone >= _ENOUGH_UNDONE:
            return replace(_ended(told, AttemptState.REVERSED, now), next_at=_next_watch(self, now, now))
        tries = self.tries + 1
        begun = self.reversing_at or now
        later = begun + timedelta(seconds=_UNDO_AT_S[tries]) if tries < len(_UNDO_AT_S) else now + _UNDO_EVERY
        if now < undo_from:
            later = min(later, undo_from)
        return replace(told, tries=tries, next_at=max(later, now + _LEAST_PAUSE))

    # --- afterwards ---

    def watched(self, answer: Answer | None, now: datetime) -> Attempt:
        """One more look at an undone order that the gateway did not know; paid after all, it is undone again."""
        told = _told(_must_be(self, AttemptState.REVERSED), answer)
        if answer is None:  # silence is no look: this one is still owed
            return replace(self, next_at=now + _LOOK_EVERY_AFTER_SILENCE)
        if answer.standing in (Standing.PAID, Standing.WAITING, Standing.PROCESSING):
            return told.give_up(now)
        if answer.standing is not Standing.ABSENT:
            return replace(told, next_at=None)
        return replace(told, next_at=_next_watch(self, self.ended_at or now, now))


def _told(attempt: Attempt, answer: Answer | None) -> Attempt:
    if answer is None:
        return attempt
    number = answer.gateway_number or attempt.gateway_number
    return replace(attempt, standing=answer.standing, reason=answer.reason, gateway_number=number)


def _looked(attempt: Attempt, now: datetime, wait: timedelta) -> Attempt:
    """Patience ends with a last look, and that look with giving up: nobody is asked."""
    if now >= attempt.deadline:
        return attempt.give_up(now)
    return replace(attempt, next_at=min(now + wait, attempt.deadline))


def _next_watch(attempt: Attempt, ended: datetime, now: datetime) -> datetime | None:
    """A code that the shop showed is looked at often until it has run out."""
    if attempt.way is Way.SHOWN and now < attempt.deadline:
        return now + _WATCH_A_SHOWN_CODE
    return next((ended + each for each in _WATCH_AT if ended + each > now), None)


def _ended(attempt: Attempt, state: AttemptState, now: datetime) -> Attempt:
    return replace(_moved(attempt, state), ended_at=now, next_at=None, tries=0)


def _moved(attempt: Attempt, state: AttemptState) -> Attempt:
    if state not in ATTEMPT_MOVES[attempt.state]:
        raise WrongState(sale_id=attempt.sale_id, state=attempt.state.value)
    return replace(attempt, state=state)


def _must_be(attempt: Attempt, state: AttemptState) -> Attempt:
    if attempt.state is not state:
        raise WrongState(sale_id=attempt.sale_id, state=attempt.state.value)
    return attempt


def order_number(till_code: str, day: str, counter: int, chance: int) -> str:
    """17 letters and digits: the end of the till's code (3), `day` as yymmdd (6), counter (4) and chance (4) in base 36.

    Unique per till by its counter and, where tills share a merchant and a name, by chance; short enough for the
    refund's number at the gateway with the shortest ones, and printable as Code 128.
    """
    return f"{_till(till_code)}{day}{_base36(counter, 4)}{_base36(chance, 4)}"


def is_other_tills(number: str, till_code: str) -> bool:
    """Whether another till of a shop made this order number: tills that share a merchant share its bill."""
    return bool(_NUMBER.fullmatch(number)) and not number.startswith(_till(till_code))


def refund_number(number: str, count: int) -> str:
    """The order's number, R, and two characters: 0 is for giving all of it back, from 1 on each partial refund."""
    return f"{number}R{_base36(count, 2)}"


def _till(till_code: str) -> str:
    return "".join(each for each in till_code.upper() if each.isascii() and each.isalnum())[-3:].rjust(3, "0")


def _base36(value: int, width: int) -> str:
    digits = ""
    for _ in range(width):
        value, digit = divmod(value, 36)
        digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"[digit] + digits
    return digits
