"""What all practice gateways have in common: between a protocol and the bank stands the mischief."""

import json
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from practice.gateways.bank import Bank
from practice.gateways.call import Call, Reply
from practice.gateways.mischief import Fault, Kind, Mischief
from practice.gateways.told import Told

HTML_PAGE = b"<!doctype html><title>Maintenance</title><p>We will be back soon.</p>"
CRASHED = Reply(500, {"content-type": "text/plain"}, b"Internal Server Error")

_QUESTIONS = (Kind.ASK, Kind.ASK_REFUND)


@dataclass(frozen=True, slots=True)
class Content:
    """What an answer says, before it is signed."""

    fields: Mapping[str, object] = field(default_factory=dict)
    status: int = 200

    def as_json(self) -> bytes:
        return json.dumps(self.fields, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True, slots=True)
class Asked:
    """A request whose signature is good: what it wants of the bank, and how what the bank says is told.

    `act` may be done twice, or later. What `say` makes a Reply of goes out unsigned, as it is.
    """

    kind: Kind
    number: str
    act: Callable[[], Told]
    say: Callable[[Told], Content | Reply]


class Teller(ABC):
    """A gateway of one protocol. `clock` is the time that signatures bear; the bank's may be ahead of it."""

    def __init__(self, bank: Bank, mischief: Mischief, clock: Callable[[], float]) -> None:
        self.bank = bank
        self.mischief = mischief
        self.clock = clock
        self._heard: Counter[tuple[Kind, str]] = Counter()
        self._shown: dict[str, str] = {}

    @property
    @abstractmethod
    def setup(self) -> dict[str, str]:
        """What a till fills in to use this gateway: the name of each field and what stands in it."""

    def answer(self, call: Call) -> Reply | None:
        """The answer, or None when the connection is closed without a byte of one."""
        self.bank.catch_up()
        asked = self._read(call)
        if isinstance(asked, Reply):
            return asked
        self._heard[asked.kind, asked.number] += 1
        fault = self.mischief.fault(asked.kind, asked.number, self._heard[asked.kind, asked.number])
        if fault is Fault.BUSY and asked.kind is not Kind.UNDO:
            fault = Fault.NONE
        if fault is Fault.NOT_FOUND and asked.kind not in _QUESTIONS:
            fault = Fault.NONE
        return self._before(asked, fault)

    def heard(self, kind: Kind, number: str) -> int:
        """How many well signed requests of this kind came in about this order."""
        return self._heard[kind, number]

    def heard_of(self, number: str) -> dict[str, int]:
        """How many of each kind."""
        return {kind.value: self._heard[kind, number] for kind in Kind if self._heard[kind, number]}

    def number_shown(self, text: str) -> str | None:
        """The order that the QR code of this text pays."""
        return self._shown.get(text)

    def _show_as(self, number: str, text: str) -> str:
        """The text, kept as the QR code of this order."""
        self._shown[text] = number
        return text

    def _before(self, asked: Asked, fault: Fault) -> Reply | None:
        if fault is Fault.LOST_BEFORE:
            return None
        if fault is Fault.LATE:
            self.bank.later(self.mischief.late_s(asked.number), asked.act)
            return None
        if fault is Fault.ERROR_500_BEFORE:
            return CRASHED
        if fault in (Fault.SYSTEM_ERROR_BEFORE, Fault.BUSY, Fault.NOT_FOUND):
            return self._seal(self._trouble(asked, fault), Fault.NONE)
        return self._after(asked, fault)

    def _after(self, asked: Asked, fault: Fault) -> Reply | None:
        told = asked.act()
        if fault is Fault.LOST_AFTER:
            return None
        if fault is Fault.ERROR_500_AFTER:
            return CRASHED
        if fault is Fault.HTML:
            return Reply(200, {"content-type": "text/html; charset=utf-8"}, HTML_PAGE)
        if fault is Fault.FORGED_REFUSAL:
            return self._forged(asked)
        if fault is Fault.SYSTEM_ERROR_AFTER:
            return self._seal(self._trouble(asked, fault), Fault.NONE)
        if fault is Fault.DUPLICATE:
            told = asked.act()
        elif fault is Fault.AMOUNT_ALTERED:
            told = replace(told, amount=told.amount + 1)
        elif fault is Fault.NUMBER_ALTERED:
            told = replace(told, number=told.number[:-1] + ("0" if told.number[-1:] != "0" else "1"))
        content = asked.say(told)
        return content if isinstance(content, Reply) else self._seal(content, fault)

    @abstractmethod
    def _read(self, call: Call) -> Asked | Reply:
        """The request, once its signature is good, or the protocol's answer to one that is not.

        A pay or show asks `mischief.course` here, exactly once.
        """

    @abstractmethod
    def _seal(self, content: Content, fault: Fault) -> Reply:
        """The answer as it goes out, signed where the protocol signs.

        `fault` is NONE or one that is about signatures or content: BAD_SIGNATURE, STALE, UNKNOWN_SERIAL, KEY_ROTATED.
        """

    @abstractmethod
    def _trouble(self, asked: Asked, fault: Fault) -> Content:
        """The protocol's own words for SYSTEM_ERROR_BEFORE, SYSTEM_ERROR_AFTER, BUSY and NOT_FOUND."""

    @abstractmethod
    def _forged(self, asked: Asked) -> Reply:
        """An unsigned answer, as somebody on the way would write it: a 4xx that names a definite refusal."""
