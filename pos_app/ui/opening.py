"""What the program hands to the window before it opens: plain values and a few doors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pos_app.ui.theme import Look

if TYPE_CHECKING:
    from pos_app.domain.backup import Backup
    from pos_app.domain.payment_code import Wallet
    from pos_app.shop import Shop
    from pos_app.ui.settings.presenter import SettingsDoor

Papers = Callable[[int], tuple[bytes, ...]]


def _keep_nothing(language: str, look: str) -> None:
    """For tests and the demo."""


class BackupsDoor(Protocol):
    """What can be done with backups while the books are closed, on the store lane."""

    def backups(self) -> tuple[Backup, ...]:
        """Newest first."""

    def put_back(self, name: str) -> Path:
        """That one takes the place of the books; the folder in which the present files were set aside. StoreTrouble."""


@dataclass(frozen=True)
class Opening:
    """`open_shop` runs on the store lane, as do `keep_choice(language, look)` and `close_shop`.

    `fonts` are files to be loaded, `translations` the folder of the .qm files. `demo_pins` are (name, PIN) pairs shown at
    sign-in. `papers(n)` gives the PNGs of all papers of a virtual printer after the first n; None for a real printer.
    `warm_up` runs on the paper lane once someone has signed in, so that the first slip does not wait for a library.
    `practice_code(wallet, ending)` makes up a customer's payment code, for the demo: then a card offers to scan such.
    `backups` is asked when the books cannot be opened.
    `door` is what the settings page turns (`bootstrap.Front` has it all); without one there is no settings page.
    """

    open_shop: Callable[[], Shop]
    translations: Path
    fonts: tuple[Path, ...] = ()
    language: str = "zh"
    look: Look = Look.LIGHT
    keep_choice: Callable[[str, str], None] = _keep_nothing
    close_shop: Callable[[], None] | None = None
    demo_pins: tuple[tuple[str, str], ...] = ()
    papers: Papers | None = None
    door: SettingsDoor | None = None
    warm_up: Callable[[], None] | None = None
    is_full_screen: bool = False
    backups: BackupsDoor | None = None
    practice_code: Callable[[Wallet, str], str] | None = None
