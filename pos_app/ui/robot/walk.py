"""Walks the main job through the real window by keys alone."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import Qt

from pos_app.domain.catalogue import Product, ProductKind
from pos_app.domain.money import Money
from pos_app.domain.paper import PaperState
from pos_app.domain.sale import Sale, SaleSearch, SaleState
from pos_app.ui.robot.hands import Hands, Stuck, turn

if TYPE_CHECKING:
    from pos_app.shop import Shop
    from pos_app.ui.opening import Opening

OPENING_CASH = "200"
PHONE = "13800138000"
TOP_UP_FACE = 5_000
ENTER, ESC = Qt.Key.Key_Return, Qt.Key.Key_Escape


def walk(opening: Opening, out: Path, person: tuple[str, str]) -> dict[str, object]:
    """Sign in, open the shift, sell two cards and a top-up for cash, let it print and be pushed, close the shift.

    Pictures go to `out/window-*.png`; each durable moment is said on standard output as `step: ...`. Returns what
    `summary.json` says. A PosError of the opening is raised; Stuck names what did not come about.
    """
    robot = _Robot(opening, out)
    try:
        return robot.work(*person)
    finally:
        robot.window.close()


class _Robot(Hands):
    """The order of the day."""

    _before: frozenset[str] = frozenset()

    # --- the job ---

    def work(self, name: str, pin: str) -> dict[str, object]:
        window = self.window
        window.start()
        self.until("the till opens", lambda: window.heartbeat is not None or self.trouble is not None)
        if self.trouble is not None:
            raise self.trouble
        self.pause()
        self.timings.step("open")
        self.picture("sign-in")
        self._sign_in(name, pin)
        self._settle_what_was_left()
        self._open_shift()
        self._ring_up()
        sale = self._pay()
        self._wait_for_the_end(sale.id)
        self._close_shift()
        return self._summary(sale.id)

    def _sign_in(self, name: str, pin: str) -> None:
        people = self.ask(lambda shop: shop.look_up.people())
        place = [person.name for person in people].index(name)
        for _ in range(place):
            self.press(Qt.Key.Key_Right)
        self.type(pin)
        self.press(ENTER)
        self.until("someone is signed in", lambda: self.window.session.cashier is not None)
        self.timings.step("signed in")

    def _settle_what_was_left(self) -> None:
        """What an earlier run left open goes on by itself; where it asks, nobody saw the slip come out."""
        cashier = self.window.session.who
        self.until("the catalogue is here", lambda: self._catalogue_held() > 0)
        self.until(
            "the list of goods is drawn", lambda: self.ask(lambda shop: bool(shop.look_up.categories()))
        )

        def settle(shop: Shop) -> bool:
            for item in shop.look_up.open_items():
                for paper in item.papers:
                    if paper.state is PaperState.UNKNOWN:
                        shop.answer_slip(cashier, paper.id, came_out=False)
            return not shop.look_up.open_items()

        self.window.session.beat_now()
        self.until("what was left open is settled", lambda: self.ask(settle))

    def _open_shift(self) -> None:
        self.window.go_to("sell")
        if self.ask(lambda shop: shop.look_up.current_shift()) is None:
            self.pause()
            self.picture("open-shift")
            self.type(OPENING_CASH)
            self.press(ENTER)
        self.until(
            "the shift is open", lambda: self.ask(lambda shop: shop.look_up.current_shift()) is not None
        )
        self.timings.step("shift open")

    def _ring_up(self) -> None:
        if self.ask(lambda shop: shop.take_up_basket()).lines:
            self.press(Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
            self.until("the basket is empty", lambda: self._lines() == 0)
        self.pause()
        self.picture("selling")
        first, second = self._two_codes()
        self.type("xh")
        self.pause()
        self.picture("search")
        self.press(ESC)
        self.scan(first.barcode or "")
        self.until("the first card is rung up", lambda: self._lines() == 1)
        self.scan(second.barcode or "")
        self.until("the second card is rung up", lambda: self._lines() == 2)
        self._ring_up_top_up()
        self.timings.step("rung up")

    def _ring_up_top_up(self) -> None:
        self.type(PHONE)
        self.pause()
        self.press(ENTER)
        self.pause()
        rung = self.ask(lambda shop: shop.ring_up(shop.new_sale(), PHONE))
        place = [product.face.minor for product in rung.offers].index(TOP_UP_FACE)
        self.picture("top-up")
        self.type(str(place + 1))
        self.pause()
        self.picture("read-back")
        self.press(ENTER)
        self.until("the top-up is rung up", lambda: self._lines() == 3)
        self.pause()
        self.picture("basket")

    def _pay(self) -> Sale:
        self._before = frozenset(sale.sale_id for sale in self._sales())
        self.press(Qt.Key.Key_F9)
        self.until("the goods are set aside", lambda: self._mine(SaleState.RESERVED) is not None)
        self.pause()
        reserved = self._mine(SaleState.RESERVED)
        if reserved is None:
            raise Stuck("the reserved sale is gone")
        self.picture("payment")
        hundreds = -(-(reserved.total.minor + 1) // 10_000)
        self.type(Money(hundreds * 10_000).plain().removesuffix(".00"))
        self.press(ENTER)
        self.until(
            "the money is in", lambda: self.ask(lambda shop: shop.go_on.look(reserved.id).sale.payments)
        )
        return reserved

    def _wait_for_the_end(self, sale_id: str) -> None:
        def is_out() -> bool:
            view = self.ask(lambda shop: shop.look_up.sale(sale_id))
            is_printed = bool(view.papers) and all(paper.is_settled for paper in view.papers)
            return view.sale.state is SaleState.DONE and is_printed

        self.until("every slip is out", is_out)
        self.pause()
        self.timings.step("change shown")
        self.picture("change")
        self.until(
            "the top-up has ended",
            lambda: not self.ask(lambda shop: shop.look_up.sale(sale_id).sale.open_top_ups),
        )
        self.until("its slip is out", is_out)

        def is_pushed() -> bool:
            self.window.session.beat_now()
            return self.ask(lambda shop: shop.look_up.status(None).unsent) == 0

        self.until("everything is pushed", is_pushed)
        self.timings.step("pushed")

    def _close_shift(self) -> None:
        self.window.go_to("shift")
        self.pause()
        self.picture("shift")
        self.press(Qt.Key.Key_F9)
        self.pause()
        shift, totals = self.ask(lambda shop: shop.count_shift())
        expected = totals.expected_cash(shift.opening_cash)
        page = cast(Any, self.window.page("shift"))
        while not page.count.loose_field.hasFocus():
            self.press(Qt.Key.Key_Down)
        self.type(expected.plain())
        self.press(ENTER)
        self.pause()
        self.picture("shift-close")
        self.press(Qt.Key.Key_F9)
        self.until("the shift is closed", lambda: self.ask(lambda shop: shop.look_up.current_shift()) is None)
        self.pause()
        self.picture("shift-closed")
        self.until(
            "the closing is pushed",
            lambda: self._beat() and self.ask(lambda shop: shop.look_up.status(None).unsent) == 0,
        )
        self.timings.step("shift closed")

    # --- what came of it ---

    def _summary(self, sale_id: str) -> dict[str, object]:
        status = self.ask(lambda shop: shop.look_up.status(True))
        ids = [sale.sale_id for sale in reversed(self._sales())]
        views = self.ask(lambda shop: [shop.look_up.sale(one).sale for one in ids])
        return {
            "sales": [_told(sale) for sale in views if sale.id == sale_id],
            "all_sales": [_told(sale) for sale in views],
            "catalogue": {"products": status.catalogue.held},
            "synced": status.unsent == 0 and status.catalogue.held == status.catalogue.total,
            "timings": {f"{step} ms": after for step, after in self.timings.steps.items()},
        }

    def _two_codes(self) -> tuple[Product, Product]:
        """Two kinds of card that can be sold one by one."""
        found = self.ask(lambda shop: shop.look_up.products("", None, 500))
        cards = [
            product
            for product in found
            if product.kind is ProductKind.CODE
            and product.barcode
            and product.limits.least == 1
            and (product.stock is None or product.stock > 20)
            and product.price.minor <= 20_000
        ]
        first = next(product for product in cards if product.qr)
        second = next(product for product in cards if not product.qr and product.brand.id != first.brand.id)
        return first, second

    def _lines(self) -> int:
        return len(self.ask(lambda shop: shop.take_up_basket()).lines)

    def _catalogue_held(self) -> int:
        return self.ask(lambda shop: shop.look_up.status(None).catalogue.held)

    def _sales(self) -> Any:
        return self.ask(lambda shop: shop.look_up.sales(SaleSearch(most=100_000)))

    def _mine(self, state: SaleState) -> Sale | None:
        """The sale that is being made now, in that state."""
        for item in self.ask(lambda shop: shop.look_up.open_items()):
            if item.sale.id not in self._before and item.sale.state is state:
                return item.sale
        return None

    def _beat(self) -> bool:
        self.window.session.beat_now()
        turn(50)
        return True


def _told(sale: Sale) -> dict[str, object]:
    return {
        "sale_id": sale.id,
        "receipt_number": sale.receipt_number,
        "total_minor": sale.total.minor,
        "currency": sale.currency,
        "state": sale.state.value,
        "lines": [
            {
                "product_id": line.product.id,
                "name": line.product.names.en,
                "kind": line.product.kind.value,
                "quantity": line.quantity,
                "total_minor": line.total.minor,
                "top_up": line.top_up.state.value if line.top_up is not None else None,
            }
            for line in sale.lines
        ],
    }
