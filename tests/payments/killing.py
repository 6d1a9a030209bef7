"""Ends a till at one of its steps that something remembers: a commit on its disk, a call at the gateway."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from pos_app.domain.money import Money
from pos_app.domain.payment_code import PaymentCode
from pos_app.domain.sale import Sale
from pos_app.domain.staff import Cashier
from pos_app.shop import Giving, Next, Shop


class KilledError(BaseException):
    """The till is gone; nothing in it may catch this."""


def gone() -> None:
    raise KilledError


@dataclass
class Killer:
    """`end` is called at the step named `at`, as "before charge 1" or "after commit 2"; `seen` are all that came by."""

    at: str = ""
    end: Callable[[], object] = gone
    is_armed: bool = False
    seen: list[str] = field(default_factory=list)
    _counted: Counter[str] = field(default_factory=Counter)

    def wrap(self, name: str, act: Callable[..., Any]) -> Callable[..., Any]:
        def acted(*arguments: Any, **named: Any) -> Any:
            self._counted[name] += self.is_armed
            self._step(f"before {name} {self._counted[name]}")
            answer = act(*arguments, **named)
            self._step(f"after {name} {self._counted[name]}")
            return answer

        return acted

    def books(self, open_books: Callable[[], Any]) -> Callable[[], Any]:
        @contextmanager
        def opened() -> Iterator[Any]:
            with open_books() as books:
                books.commit = self.wrap("commit", books.commit)
                yield books

        return opened

    def _step(self, name: str) -> None:
        if not self.is_armed:
            return
        self.seen.append(name)
        if name == self.at:
            self.end()


class DyingGateway:
    """A gateway around whose calls the till may end."""

    def __init__(self, gateway: Any, killer: Killer) -> None:
        self._gateway, self._killer = gateway, killer

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._gateway, name)
        return self._killer.wrap(name, found) if callable(found) else found


@dataclass
class Scene:
    """A shop with a reserved sale and a customer; each method is one thing that happens at a counter."""

    shop: Shop
    cashier: Cashier
    supervisor: Cashier
    sale: Sale
    code: PaymentCode
    killer: Killer

    def pay(self) -> str:
        self.killer.is_armed = True
        return self.shop.charge_code(self.cashier, self.sale.id, self.code).attempt.number

    def ask(self) -> None:
        self.shop.follow_payment(self.pay())

    def undo(self) -> None:
        """The next customer is served, and the goods are let go."""
        number = self.pay()
        self.shop.stop_payment(self.cashier, number)
        self.shop.follow_payment(number)
        self.shop.leave_sale(self.cashier, self.sale.id, undo=True)
        self.shop.recover()

    def give_back(self) -> None:
        self.shop.charge_code(self.cashier, self.sale.id, self.code)
        progress = self.shop.go_on(self.sale.id)
        while progress.next is Next.PAPER:
            progress = self.shop.print_next(self.sale.id)
        self.killer.is_armed = True
        giving = Giving(self.cashier, self.supervisor, "unused")
        self.shop.give_back(giving, self.sale.id, progress.sale.lines[0].line_id, Money(3_000))
        self.shop.follow_all()

    def take_cash(self) -> None:
        self.killer.is_armed = True
        self.shop.take_cash(self.cashier, self.sale.id, self.sale.total)
