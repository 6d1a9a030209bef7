"""What a shop may expect of the platform, in plain Python: written from docs/protocol.md, knowing none of our code."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

LIFETIME = timedelta(minutes=10)
REPRINT = timedelta(hours=24)
ASKED_AGAIN = timedelta(minutes=1)
_MOVING = ("SUBMITTING", "UNKNOWN", "MANUAL")


@dataclass(frozen=True)
class Refusal:
    """What must be said, `details` at least."""

    code: str
    effect: str = "none"
    details: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One step of a sale as a till sends it; the same again is a repeat."""

    till: int
    slot: int
    step: str
    attempt: int
    body: dict[str, Any]

    @property
    def key(self) -> tuple[int, int]:
        return self.till, self.slot

    @property
    def content(self) -> str:
        return json.dumps(self.body, sort_keys=True)


@dataclass
class Goods:
    """`parts` is 0 for a top-up, more than 1 for a kit."""

    id: str
    parts: int
    price: int
    most: int
    version: int = 1
    is_on_sale: bool = True


@dataclass(eq=False)
class Unit:
    """What is sold as one: a code, or the codes of a kit. It is free, with a sale, or away for ever."""

    goods: Goods
    codes: tuple[str, ...]
    sell_by: datetime | None
    owner: Sale | None = None

    @property
    def masks(self) -> list[str]:
        return ["****" + code[-4:] for code in self.codes]

    def is_good(self, now: datetime) -> bool:
        return self.sell_by is None or self.sell_by > now + LIFETIME


@dataclass(eq=False)
class Line:
    """`top_up` is how it stands with the supplier: "", ACCEPTED, MOVING, OK or FAILED_FINAL."""

    id: str
    goods: Goods
    quantity: int
    unit_cost: int
    units: list[Unit] = field(default_factory=list)
    top_up: str = ""
    asked_at: datetime | None = None

    @property
    def cost(self) -> int:
        return self.unit_cost * self.quantity

    @property
    def codes(self) -> list[str]:
        return sorted(code for unit in self.units for code in unit.codes)


@dataclass(eq=False)
class Sale:
    """One sale of one till; `is_lost` once a late confirm could not be filled again: then only a later reserve revives it."""

    state: str
    attempt: int
    expires_at: datetime
    changed_at: datetime
    lines: list[Line] = field(default_factory=list)
    is_lost: bool = False

    @property
    def cost(self) -> int:
        return sum(line.cost for line in self.lines)

    def is_overdue(self, now: datetime) -> bool:
        return self.state == "RESERVED" and self.expires_at <= now

    def shown(self, now: datetime) -> str:
        return "EXPIRED" if self.is_overdue(now) else self.state


class Model:
    """A shop's wallet, its goods, and the sales of its tills.

    An overdue reservation may be swept at any time: until that is seen, its cards may be free and its money may be held.
    """

    def __init__(self, goods: list[Goods], balance: int) -> None:
        self.goods = {each.id: each for each in goods}
        self.balance = balance
        self.units: list[Unit] = []
        self.sales: dict[tuple[int, int], Sale] = {}
        self.steps: dict[tuple[tuple[int, int], str, int], str] = {}
        self.epochs = [1, 1]

    # What must come of a call: a refusal, or "again" for a repeat, or "new".

    def judge(self, call: Call, now: datetime) -> Refusal | str:
        if call.body["epoch"] < self.epochs[call.till]:
            return Refusal("EPOCH_FENCED", details={"epoch": self.epochs[call.till]})
        sale = self.sales.get(call.key)
        if sale is not None and sale.state == "CANCELLED" and call.step != "cancel":
            return Refusal("CANCELLED")
        known = self.steps.get((call.key, call.step, call.attempt))
        if known is not None and known != call.content:
            return Refusal("KEY_REUSED")
        if known is not None:
            is_lost = call.step == "confirm" and sale is not None and sale.is_lost
            return Refusal("EXPIRED") if is_lost else "again"
        judge = {
            "reserve": self._judge_reserve,
            "confirm": self._judge_confirm,
            "cancel": self._judge_cancel,
            "ack": self._judge_ack,
        }
        return judge[call.step](call, sale, now) or "new"

    def _judge_reserve(self, call: Call, sale: Sale | None, now: datetime) -> Refusal | None:
        if sale is not None and (sale.shown(now) != "EXPIRED" or call.attempt <= sale.attempt):
            return Refusal("FORBIDDEN", details={"state": sale.shown(now)})
        for line in call.body["lines"]:
            refusal = self._judge_line(line)
            if refusal is not None:
                return refusal
        wanted = [
            (line["line_id"], self.goods[line["product_id"]], line["quantity"]) for line in call.body["lines"]
        ]
        return self._judge_stock(wanted, now) or self._judge_money(
            sum(goods.price * quantity for _, goods, quantity in wanted), now
        )

    def _judge_line(self, line: dict[str, Any]) -> Refusal | None:
        goods = self.goods[line["product_id"]]
        about = {"line_id": line["line_id"]}
        if not goods.is_on_sale:
            return Refusal("PRODUCT_OFF", details={**about, "product_id": goods.id, "reason": "off"})
        if line["version"] != goods.version or line["max_unit_cost"]["minor"] < goods.price:
            return Refusal("PRICE_CHANGED", details=about)
        if line["quantity"] > goods.most:
            return Refusal("LIMIT", details={**about, "rule": "max", "most": goods.most})
        return None

    def _judge_stock(self, wanted: list[tuple[str, Goods, int]], now: datetime) -> Refusal | None:
        left = {goods.id: len(self.obtainable(goods, now)) for _, goods, _ in wanted}
        for line_id, goods, quantity in wanted:
            if goods.parts and quantity > left[goods.id]:
                details = {"line_id": line_id, "product_id": goods.id, "wanted": quantity}
                return Refusal("SOLD_OUT", details={**details, "left": left[goods.id]})
            left[goods.id] -= quantity
        return None

    def _judge_money(self, cost: int, now: datetime) -> Refusal | None:
        available = self.balance - self.held(now)[0]
        if cost <= available:
            return None
        money = {"needed": cost, "available": available}
        return Refusal(
            "WALLET_EMPTY",
            details={name: {"minor": minor, "currency": "CNY"} for name, minor in money.items()},
        )

    def _judge_confirm(self, call: Call, sale: Sale | None, now: datetime) -> Refusal | None:
        if sale is None:
            return Refusal("NOT_FOUND")
        if sale.state in ("SOLD", "DELIVERED"):
            return Refusal("FORBIDDEN", "done", {"state": sale.state})
        if sale.is_lost:
            return Refusal("EXPIRED")
        if not {each["line_id"] for each in call.body["retail"]} <= {line.id for line in sale.lines}:
            return Refusal("BAD_REQUEST")
        if sale.shown(now) == "EXPIRED" and self._cannot_refill(sale, now):
            return Refusal("EXPIRED")
        return None

    def _cannot_refill(self, sale: Sale, now: datetime) -> bool:
        wanted = [(line.id, line.goods, line.quantity) for line in sale.lines]
        return bool(self._judge_stock(wanted, now) or self._judge_money(sale.cost, now))

    def _judge_cancel(self, call: Call, sale: Sale | None, now: datetime) -> Refusal | None:
        if sale is None or sale.state in ("CANCELLED", "RESERVED", "EXPIRED"):
            return None
        moves = any(line.top_up not in ("", "FAILED_FINAL") for line in sale.lines)
        if sale.state == "DELIVERED" or moves:
            return Refusal("FORBIDDEN", "done", {"state": sale.state})
        return None

    def _judge_ack(self, call: Call, sale: Sale | None, now: datetime) -> Refusal | None:
        if sale is None:
            return Refusal("NOT_FOUND")
        if sale.state not in ("SOLD", "DELIVERED"):
            return Refusal("FORBIDDEN", details={} if sale.is_overdue(now) else {"state": sale.state})
        named, whole = call.body["cards"], sum(len(line.codes) for line in sale.lines)
        return Refusal("BAD_REQUEST") if sale.state == "SOLD" and len(named) != whole else None

    # What a call that was taken, or a refusal that stays, has changed.

    def refused(self, call: Call, refusal: Refusal, now: datetime) -> None:
        sale = self.sales.get(call.key)
        is_new = (call.key, call.step, call.attempt) not in self.steps
        if call.step != "confirm" or refusal.code != "EXPIRED" or sale is None or sale.is_lost or not is_new:
            return
        self.let_go(sale, "EXPIRED")
        sale.is_lost = True
        self.steps[call.key, call.step, call.attempt] = call.content

    def reserved(self, call: Call, told: dict[str, Any], now: datetime) -> None:
        """Every line got what it asked for, of what was free, the first to expire first."""
        before = self.sales.get(call.key)
        if before is not None:
            self.let_go(before, "EXPIRED")
        sale = Sale("RESERVED", call.attempt, now + LIFETIME, now)
        assert [line["line_id"] for line in told["lines"]] == [line["line_id"] for line in call.body["lines"]]
        for wanted, given in zip(call.body["lines"], told["lines"], strict=True):
            goods = self.goods[wanted["product_id"]]
            line = Line(wanted["line_id"], goods, wanted["quantity"], goods.price)
            assert given["unit_cost"] == {"minor": goods.price, "currency": "CNY"}
            sale.lines.append(line)
            self._take(line, sale, given["masked"], now)
        assert told["state"] == "RESERVED"
        self.sales[call.key] = sale
        self.steps[call.key, call.step, call.attempt] = call.content

    def confirmed(self, call: Call, codes: dict[str, list[str]], now: datetime) -> None:
        """`codes` by line, as the till opened them."""
        sale = self.sales[call.key]
        if sale.shown(now) == "EXPIRED":
            self.let_go(sale, "EXPIRED")
            sale.expires_at = now + LIFETIME
            for line in sale.lines:
                self._take(line, sale, ["****" + code[-4:] for code in codes.get(line.id, [])], now)
        sale.state, sale.changed_at = "SOLD", now
        self.balance -= sale.cost
        for line in sale.lines:
            line.top_up = "" if line.goods.parts else "ACCEPTED"
        self.steps[call.key, call.step, call.attempt] = call.content

    def cancelled(self, call: Call, now: datetime) -> None:
        sale = self.sales.get(call.key)
        if sale is None:
            self.sales[call.key] = Sale("CANCELLED", call.attempt, now, now)
        elif sale.state == "CANCELLED":
            return
        elif sale.state == "SOLD":
            self.balance += sum(line.cost for line in sale.lines if line.top_up != "FAILED_FINAL")
            sale.state = "CANCELLED"
        else:
            self.let_go(sale, "CANCELLED")
        self.steps[call.key, call.step, call.attempt] = call.content

    def acknowledged(self, call: Call, now: datetime) -> None:
        sale = self.sales[call.key]
        if sale.state == "SOLD":
            sale.state, sale.changed_at = "DELIVERED", now
        self.steps[call.key, call.step, call.attempt] = call.content

    def carried(self, outcome: str, now: datetime) -> None:
        """The supplier answered every order that was due with `outcome`: OK, FAILED_FINAL or MOVING."""
        for line in [line for sale in self.sales.values() for line in sale.lines]:
            is_due = line.asked_at is None or now - line.asked_at >= ASKED_AGAIN
            if line.top_up == "ACCEPTED" or (line.top_up == "MOVING" and is_due):
                line.top_up, line.asked_at = outcome, now
                self.balance += line.cost if outcome == "FAILED_FINAL" else 0

    def swept(self, now: datetime) -> None:
        for sale in self.sales.values():
            if sale.is_overdue(now):
                self.let_go(sale, "EXPIRED")

    def let_go(self, sale: Sale, state: str) -> None:
        sale.state = state
        for line in sale.lines:
            for unit in line.units:
                unit.owner = None
            line.units = []

    def _take(self, line: Line, sale: Sale, masks: list[str], now: datetime) -> None:
        """The units that these masks are of become the line's; whose they were was swept."""
        if not line.goods.parts:
            assert masks == []
            return
        units = [unit for unit in self.units if unit.goods is line.goods and set(unit.masks) & set(masks)]
        assert sorted(masks) == sorted(mask for unit in units for mask in unit.masks), "a kit was torn"
        assert len(units) == line.quantity
        obtainable = self.obtainable(line.goods, now)
        assert all(unit in obtainable for unit in units), "given twice, or past its time"
        chosen = [unit.sell_by for unit in units if unit.owner is None]
        passed_over = [unit.sell_by for unit in obtainable if unit.owner is None and unit not in units]
        latest = max(chosen, key=_order, default=None)
        if chosen and passed_over:
            assert all(_order(latest) <= _order(other) for other in passed_over), "not the first to expire"
        for unit in units:
            if unit.owner is not None:
                self.let_go(unit.owner, "EXPIRED")
            unit.owner = sale
        line.units = units

    # What there is.

    def obtainable(self, goods: Goods, now: datetime) -> list[Unit]:
        """Free, or with somebody whose time is over."""
        mine = [unit for unit in self.units if unit.goods is goods and unit.is_good(now)]
        return [unit for unit in mine if unit.owner is None or unit.owner.is_overdue(now)]

    def held(self, now: datetime) -> tuple[int, int]:
        """At least, and at most: overdue ones may be swept or not."""
        live = [sale for sale in self.sales.values() if sale.state == "RESERVED"]
        certain = sum(sale.cost for sale in live if not sale.is_overdue(now))
        return certain, sum(sale.cost for sale in live)

    def check_account(self, wallet: dict[str, Any], now: datetime) -> None:
        least, most = self.held(now)
        assert wallet["balance"] == {"minor": self.balance, "currency": "CNY"}
        assert least <= wallet["held"]["minor"] <= most

    def check_sale(self, key: tuple[int, int], told: dict[str, Any], now: datetime) -> None:
        """All that a till is told of a sale."""
        sale = self.sales[key]
        assert told["state"] == sale.shown(now)
        assert [line["line_id"] for line in told["lines"]] == [line.id for line in sale.lines]
        wanted = {"SOLD": "SOLD", "DELIVERED": "DELIVERED", "CANCELLED": "QUARANTINED"}
        for line, given in zip(sale.lines, told["lines"], strict=True):
            assert given["unit_cost"]["minor"] == line.unit_cost
            masks = sorted(mask for unit in line.units for mask in unit.masks)
            may_be_gone = sale.is_overdue(now) and given["masked"] == []
            assert sorted(given["masked"]) == masks or may_be_gone
            assert {card["state"] for card in given["cards"]} <= {wanted.get(sale.state, "RESERVED")}
            assert len({card["card_id"] for card in given["cards"]}) == len(given["masked"])
        self.check_top_ups(sale, told["top_ups"])

    def check_top_ups(self, sale: Sale, told: list[dict[str, Any]]) -> None:
        lines = {line.id: line.top_up for line in sale.lines if line.top_up}
        assert sorted(each["line_id"] for each in told) == sorted(lines)
        for each in told:
            state = lines[each["line_id"]]
            assert each["state"] in (_MOVING if state == "MOVING" else (state,))

    def check_stock(self, product: dict[str, Any], now: datetime) -> None:
        """What the catalogue says of it; right after a sweep, when all is known."""
        goods = self.goods[product["id"]]
        assert (product["version"], product["wholesale"]["minor"]) == (goods.version, goods.price)
        if goods.parts:
            free = [unit for unit in self.units if unit.goods is goods and unit.owner is None]
            fresh = [unit for unit in free if unit.sell_by is None or unit.sell_by > now]
            assert product["stock"] == len(fresh)


def _order(sell_by: datetime | None) -> tuple[bool, float]:
    """Who never expires comes last."""
    return sell_by is None, 0.0 if sell_by is None else sell_by.timestamp()
