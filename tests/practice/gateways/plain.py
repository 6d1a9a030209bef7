"""A gateway of the barest protocol, to try what all of them have in common; and a clock that a test moves."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from practice.gateways.bank import Bank
from practice.gateways.call import Call, Reply
from practice.gateways.mischief import Fault, Kind, Mischief, Ruled
from practice.gateways.teller import Asked, Content, Teller
from practice.gateways.told import Told

CODE = "130000000000000000"


class Hands:
    """A clock that stands still until it is moved."""

    def __init__(self, now: float = 1_000_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


class Plain(Teller):
    """POST /kind/number {amount, code, refund}; the answer bears a digest in place of a signature."""

    @property
    def setup(self) -> dict[str, str]:
        return {"secret": "none"}

    def _read(self, call: Call) -> Asked | Reply:
        _, kind, number = call.path.split("/")
        fields = json.loads(call.body or b"{}")
        bank = self.bank
        if kind == "pay":
            course = self.mischief.course(number, fields["code"])
            return Asked(
                Kind.PAY, number, lambda: bank.pay(number, fields["amount"], fields["code"], course), _say
            )
        if kind == "show":
            self.mischief.course(number, None)
            self._show_as(number, f"qr:{number}")
            return Asked(Kind.SHOW, number, lambda: bank.show(number, fields["amount"], 120), _say)
        if kind == "undo":
            return Asked(Kind.UNDO, number, lambda: bank.undo(number), _say)
        if kind == "refund":
            return Asked(
                Kind.REFUND, number, lambda: bank.refund(number, fields["refund"], fields["amount"]), _say
            )
        return Asked(Kind.ASK, number, lambda: bank.ask(number), _say)

    def _seal(self, content: Content, fault: Fault) -> Reply:
        body = content.as_json()
        digest = hashlib.sha256(body + (b"x" if fault is Fault.BAD_SIGNATURE else b"")).hexdigest()
        return Reply(content.status, {"digest": digest}, body)

    def _trouble(self, asked: Asked, fault: Fault) -> Content:
        return Content({"trouble": fault.value})

    def _forged(self, asked: Asked) -> Reply:
        return Reply(403, {}, b'{"refusal":"no_money"}')


def _say(told: Told) -> Content:
    return Content(
        {"number": told.number, "state": told.state, "refusal": told.refusal, "amount": told.amount}
    )


def plain(mischief: Mischief | None = None, *, remembers: bool = True) -> tuple[Plain, Hands]:
    hands = Hands()
    return Plain(Bank(hands, remembers=remembers), mischief or Ruled(), hands), hands


def faulty(kind: Kind, *faults: Fault) -> Ruled:
    """The first requests of a kind meet these faults."""
    return Ruled(
        fault=lambda asked, _, n: faults[n - 1] if asked is kind and n <= len(faults) else Fault.NONE
    )


def said(reply: Reply | None) -> Any:
    assert reply is not None
    return json.loads(reply.body)


def call(kind: str, number: str = "A1", **fields: object) -> Call:
    return Call("POST", f"/{kind}/{number}", body=json.dumps(fields).encode())


def pay(number: str = "A1", amount: int = 500, code: str = CODE) -> Call:
    return call("pay", number, amount=amount, code=code)
