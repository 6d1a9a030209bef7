"""Decides who may copy the books and who may put a copy back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from pos_app.domain.backup import Backup
from pos_app.domain.errors import PosError
from pos_app.domain.staff import Cashier, Permission, Role
from pos_app.shop import Shop
from pos_app.ui.run import Lane, Run


@dataclass(frozen=True, slots=True)
class BackupsPage:
    """One moment of the panel; `asked` is the one that is to be put back when the owner says so once more."""

    backups: tuple[Backup, ...] = ()
    may_copy: bool = False
    may_put_back: bool = False
    is_copying: bool = False
    made: Backup | None = None
    asked: Backup | None = None
    trouble: PosError | None = None


class BackupsView(Protocol):
    def draw(self, page: BackupsPage) -> None:
        """Draw this moment of the panel."""


class BackupsPresenter:
    """Two presses put one back: the first says what will happen."""

    def __init__(
        self,
        shop: Shop,
        run: Run,
        view: BackupsView,
        who: Callable[[], Cashier],
        put_back: Callable[[str], None],
    ) -> None:
        self._shop, self._run, self._view, self._who, self._put_back = shop, run, view, who, put_back
        self.page = BackupsPage()

    def come_up(self) -> None:
        who = self._who()
        self.page = BackupsPage(
            may_copy=who.may(Permission.CHANGE_SETTINGS), may_put_back=who.role is Role.OWNER
        )
        self._read()

    def copy(self) -> None:
        """One more, now, beside the selling."""
        if self.page.may_copy and not self.page.is_copying:
            self._set(is_copying=True, made=None, trouble=None, asked=None)
            self._run(Lane.FILES, self._shop.back_up, self._copied, self._failed)

    def ask(self, backup: Backup | None) -> None:
        """Put this one back? Asked again about the same one it is done; nothing is asked about none."""
        if backup is None or not self.page.may_put_back or self.page.is_copying:
            return
        if self.page.asked == backup:
            self._put_back(backup.name)
        else:
            self._set(asked=backup, made=None, trouble=None)

    def leave_it(self) -> None:
        """Another row, or another panel: nothing is asked any more."""
        if self.page.asked is not None:
            self._set(asked=None)

    def _read(self) -> None:
        self._run(
            Lane.STORE, self._shop.back_up.all, lambda found: self._set(backups=tuple(found)), self._failed
        )

    def _copied(self, made: Backup) -> None:
        self._set(is_copying=False, made=made)
        self._read()

    def _failed(self, trouble: PosError) -> None:
        self._set(is_copying=False, trouble=trouble)

    def _set(self, **changes: object) -> None:
        self.page = replace(self.page, **changes)  # type: ignore[arg-type]
        self._view.draw(self.page)
