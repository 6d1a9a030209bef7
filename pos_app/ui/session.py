"""Who stands at the till, in which language, and what a page may ask of the window around it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pos_app.ui.theme import Look

if TYPE_CHECKING:
    from pos_app.domain.staff import Cashier


def _nothing(*_: object) -> None:
    """Until the window says otherwise."""


@dataclass
class Session:
    """One for the whole window; a page reads it when it comes up and whenever it acts.

    `cashier` is None only while the sign-in page shows. The callables are the window's:
    `choose_language("zh")` and `choose_look(Look.DARK)` switch at once and are kept;
    `go_to("sales", sale_id)` brings up another page (the second value is handed to its `shown_with`, if it has one);
    `status_changed()` asks for a fresh status strip, after something was sold, printed or given back;
    `beat_now()` lets the heartbeat beat at once;
    `put_back(name)` ends the window, puts that backup in the place of the books, and opens the till with it.
    """

    cashier: Cashier | None = None
    language: str = "en"
    look: Look = Look.LIGHT
    choose_language: Callable[[str], None] = field(default=_nothing)
    choose_look: Callable[[Look], None] = field(default=_nothing)
    go_to: Callable[[str, object], None] = field(default=_nothing)
    status_changed: Callable[[], None] = field(default=_nothing)
    beat_now: Callable[[], None] = field(default=_nothing)
    put_back: Callable[[str], None] = field(default=_nothing)

    @property
    def who(self) -> Cashier:
        """The cashier; RuntimeError when nobody is signed in, which no page may let happen."""
        if self.cashier is None:
            raise RuntimeError("nobody is signed in")
        return self.cashier
