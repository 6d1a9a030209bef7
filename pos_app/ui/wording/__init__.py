"""Makes text of facts: errors become sentences, money and times become figures."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from pos_app.ui.wording import figures

if TYPE_CHECKING:
    from pos_app.domain.catalogue import Names, Product
    from pos_app.domain.errors import PosError
    from pos_app.domain.money import Money
    from pos_app.domain.staff import Role

translate = QCoreApplication.translate


class Wording:
    """Handed to every page. `language` is the present one ("zh" or "en"); the window keeps it true.

    `local` and `now` are the shop's clock once the shop is open.
    """

    def __init__(self) -> None:
        self.language = "en"
        self.local: Callable[[datetime], datetime] = lambda at: at
        self.now: Callable[[], datetime] | None = None

    def sentence(self, error: PosError, products: Iterable[Product] = ()) -> str:
        """What happened, what is safe, what to do. `products` are those whose names it may need."""
        from pos_app.ui.wording.refusals import Context  # sentences wait until one is needed
        from pos_app.ui.wording.troubles import sentence

        names = {product.id: product.names for product in products}
        return sentence(error, Context(self.language, names, self.local))

    def rejection(self, code: str) -> str:
        """The sentence for a code of the platform that stands in the books."""
        from pos_app.ui.wording import troubles

        return troubles.rejection(code)

    def paper_cause(self, cause: str | None) -> str:
        """Why a paper did not come out, in a few words."""
        from pos_app.ui.wording import troubles

        return troubles.paper_cause(cause or "")

    def name(self, names: Names) -> str:
        return names.in_language(self.language)

    def figure(self, money: Money) -> str:
        """`1,234.50`; the sign is the view's."""
        return figures.figure(money)

    def face(self, money: Money) -> str:
        """A face value: `100`, or `9.90`."""
        return figures.short_figure(money)

    def sign(self, money: Money) -> str:
        return figures.sign_of(money.currency)

    def money(self, money: Money) -> str:
        """Sign and figure, for sentences."""
        return figures.money_text(money)

    def number(self, value: int) -> str:
        return figures.number(value)

    def when(self, at: datetime) -> str:
        """`2 minutes ago` up to an hour, then the clock."""
        now = self.now() if self.now else at
        return figures.when(self.local(at), self.local(now))

    def until(self, at: datetime) -> str:
        """`in 4 minutes` up to an hour, then the clock."""
        now = self.now() if self.now else at
        return figures.until(self.local(at), self.local(now))

    def clock(self, at: datetime) -> str:
        """The shop's time of day."""
        return figures.clock(self.local(at))

    def day(self, of: date) -> str:
        return figures.day(of)

    def weekday(self, of: date) -> str:
        return figures.weekday(of)

    def role(self, role: Role) -> str:
        return {
            "cashier": translate("Wording", "Cashier"),
            "supervisor": translate("Wording", "Supervisor"),
            "owner": translate("Wording", "Owner"),
        }[role.value]
