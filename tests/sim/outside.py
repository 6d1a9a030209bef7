"""What stands around a till: a printer with its paper, and a gateway with its bank, both as bad as the dice say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol

from pos_app.bootstrap.gateways import KINDS
from pos_app.domain.errors import PaperTrouble, Unreachable
from pos_app.domain.receipt import Receipt
from pos_app.wire.http import Exchange, Request
from practice.gateways.bank import Bank
from practice.gateways.mischief import Fault, Kind
from practice.gateways.opening import GATEWAYS
from tests.payments.counter import CLIENTS, MemoryKeys, PracticeSender, Wired, fields_of
from tests.payments.mix import Dice
from tests.sim.fate import Fate
from tests.sim.till_side import SimTill

PRACTICE = "shouqianba"
_PAPER = (
    "paper: offline",
    "paper: none left",
    "paper: ends mid-slip",
    "paper: out, no answer",
    "paper: lies",
    "paper: twice",
)


# A slip as it lies in the tray: whose till, what it says, whether it can be read.
class SlipOut(Protocol):
    def __call__(self, till: int, receipt: Receipt, is_readable: bool, *, is_twin: bool = False) -> None: ...


@dataclass
class SimPrinter:
    """`ports.printer.Printer` on a device that jams, runs out and lies.

    `out` is told of every slip that came out, `lied` of those that did not although it said so.
    """

    fate: Fate
    till: SimTill
    out: SlipOut
    lied: Callable[[int, Receipt], None]
    drawers: int = 0

    def print(self, receipt: Receipt) -> None:
        self.till.around("before print")
        fate = self.fate
        fault = fate.one_of(_PAPER)
        fate.passes(fate.chance.uniform(0.5, 3.0))
        if fault in ("paper: offline", "paper: none left"):
            cause = "offline" if fault == "paper: offline" else "paper_out"
            raise PaperTrouble(cause=cause, device="simulated", sent=False)
        if fault == "paper: lies":
            self.lied(self.till.number, receipt)
        else:
            self.out(self.till.number, receipt, fault != "paper: ends mid-slip")
        if fault == "paper: twice":
            self.out(self.till.number, receipt, True, is_twin=True)
        if fault in ("paper: ends mid-slip", "paper: out, no answer"):
            cause = "timeout" if fault == "paper: out, no answer" else "paper_out"
            raise PaperTrouble(cause=cause, device="simulated", sent=True)
        self.till.around("after print")

    def open_drawer(self) -> None:
        self.drawers += 1


class SimDice(Dice):
    """The counter's dice of the payment campaigns, thrown by this history's chance and still while it is calm."""

    fate: Fate

    def fault(self, call_kind: Kind, number: str, how_manieth: int) -> Fault:
        return Fault.NONE if self.fate.is_calm else super().fault(call_kind, number, how_manieth)


@dataclass
class SimPay:
    """The gateway of one till, whose bank keeps the money; the client is made anew in each life of the till."""

    fate: Fate
    dice: SimDice = field(init=False)
    bank: Bank = field(init=False)
    keys: MemoryKeys = field(init=False)
    sender: PracticeSender = field(init=False)

    def __post_init__(self) -> None:
        def now() -> float:
            return self.fate.at.timestamp()

        self.dice = SimDice(self.fate.chance, now, self._made_at, PRACTICE)
        self.dice.fate = self.fate
        self.bank = Bank(now, remembers=False, seed=self.fate.chance.getrandbits(32))
        teller = GATEWAYS[PRACTICE](self.bank, self.dice, now)
        self.keys = MemoryKeys(fields_of(PRACTICE, teller.setup))
        self.sender = PracticeSender(teller)

    def client(self, till: SimTill) -> Wired:
        name = CLIENTS[PRACTICE]
        carried = _PayLine(self, till)
        gateway = KINDS[name]().make(self.keys, carried, till.clock)  # type: ignore[arg-type]
        return Wired(name, gateway, self.sender.teller, self.sender, self.keys)

    def _made_at(self, number: str) -> float | None:
        told = self.bank.ask(number)
        return None if told.state is None else told.made_at


@dataclass
class _PayLine:
    """Bytes to the gateway: the till may end before and after, and the line is down when the shop's is."""

    pay: SimPay
    till: SimTill

    def send(self, make: Callable[[], Request]) -> Exchange:
        return self._carry(lambda: self.pay.sender.send(make))

    def send_once(self, request: Request) -> Exchange:
        return self._carry(lambda: self.pay.sender.send_once(request))

    def _carry(self, go: Callable[[], Exchange]) -> Exchange:
        till, fate = self.till, self.pay.fate
        till.around("before payment call")
        if till.line.is_down(till.number):
            raise Unreachable("down", was_sent=False)
        try:
            exchange = go()
        except Unreachable:
            fate.note("gateway silent")
            fate.passes(10)
            till.around("after payment call")
            raise
        fate.note("gateway", exchange.status)
        fate.passes(fate.chance.uniform(0.05, 0.9))
        till.around("after payment call")
        return exchange


def doors(
    pay: SimPay, fate: Fate, out: SlipOut, lied: Callable[[int, Receipt], None]
) -> Callable[[SimTill], dict[str, Any]]:
    """The parts of a till's world that are not the same for all tills."""

    def made(till: SimTill) -> dict[str, Any]:
        wired = pay.client(till)
        return {
            "printer": SimPrinter(fate, till, out, lied),
            "gateways": wired,
            "gateways_behind": wired,
        }

    return made
