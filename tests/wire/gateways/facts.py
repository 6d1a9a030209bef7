"""One order at a gateway, and the recorded wire examples that speak of it."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from pos_app.domain.gateway import Charge, Order, RefundOrder, Way
from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode, Wallet
from pos_app.ports.gateway import Gateway
from tests.fakes.gateway_sender import Told
from tests.fakes.till_clock import NOON_IN_CHINA

FOLDER = Path(__file__).parents[2] / "wire_examples" / "gateways"
NUMBER = "T1261122000017"
CODE = "134567890123456789"
ORDER = Order(NUMBER, Money(1250), Way.SCANNED, NOON_IN_CHINA)
SHOWN = replace(ORDER, way=Way.SHOWN)
CHARGE = Charge(ORDER, "点卡 100元", "till-1", "cashier-1", PaymentCode(Wallet.WECHAT, CODE))
SHOW = replace(CHARGE, order=SHOWN, code=None)
REFUND = RefundOrder("T1261122000017R1", Money(500), Money(1250), "wrong card")

CALLS: dict[str, Callable[[Gateway], object]] = {
    "begin_day": lambda gateway: gateway.begin_day(),
    "charge": lambda gateway: gateway.charge(CHARGE),
    "show": lambda gateway: gateway.show(SHOW),
    "ask": lambda gateway: gateway.ask(ORDER),
    "undo": lambda gateway: gateway.undo(ORDER),
    "undo_shown": lambda gateway: gateway.undo(SHOWN),
    "refund": lambda gateway: gateway.refund(ORDER, REFUND),
    "ask_refund": lambda gateway: gateway.ask_refund(ORDER, REFUND),
}


@dataclass(frozen=True)
class Example:
    """A recorded exchange: who asks, what must leave, what comes back, and what is read in it."""

    call: str
    keys: dict[str, str]
    request: dict[str, Any]
    reply: Told
    read: Any
    kept: dict[str, str] | None


def setup(name: str) -> dict[str, str]:
    told: dict[str, str] = json.loads((FOLDER / name / "setup.json").read_text("utf-8"))
    return told


def example(name: str, file: str) -> Example:
    told = json.loads((FOLDER / name / f"{file}.json").read_text("utf-8"))
    reply = Told(told["reply"]["body"].encode(), told["reply"]["status"], told["reply"]["headers"])
    keys = setup(name) | told["keys"]
    return Example(told["call"], keys, told["request"], reply, told["read"], told.get("kept"))


def examples(name: str) -> list[Any]:
    files = sorted(path.stem for path in (FOLDER / name).glob("*.json") if path.stem != "setup")
    return [pytest.param(example(name, file), id=file) for file in files]


def plain(answer: object) -> object:
    """An answer as an example writes it: its values in order."""
    fields = getattr(answer, "__slots__", None)
    if fields and not isinstance(answer, str):
        return [getattr(answer, each) for each in fields]
    return answer
