"""The window around the pages, and the only place where one page is handed over to another.

A page is a folder of `ui/` with two files: `view.py` draws (a `widgets.page.Page`), `presenter.py` decides (no Qt
import). Its `__init__.py` offers

    make_page(shop, run, wording, session) -> Page

and the window calls `page.shown()` each time it comes up (`shown_with(subject)` when another page handed something
over by `session.go_to(name, subject)`). Inside: the view is made first, the presenter gets `(view, shop, run, ...)`,
the view calls the presenter's methods. The presenter hands plain values to the view; the view keeps the last of them, so
that `retranslate()` can draw them again in another language. Work goes `run(Lane.STORE, lambda: shop.x(...), done,
failed)`; errors become text by `wording.sentence(error)` in the view's `MessageBar`. Pages never import pages.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMainWindow, QStackedWidget, QVBoxLayout, QWidget

from pos_app.domain.errors import DatabaseDamaged, DatabaseForeign, NoSuchBackup
from pos_app.ui import theme
from pos_app.ui.jobs import Jobs
from pos_app.ui.language import Languages
from pos_app.ui.opening import Opening
from pos_app.ui.opening_page import OpeningPage
from pos_app.ui.run import Lane
from pos_app.ui.session import Session
from pos_app.ui.theme import Look
from pos_app.ui.widgets.page import Page
from pos_app.ui.wording import Wording

if TYPE_CHECKING:
    from pos_app.domain.errors import PosError
    from pos_app.domain.staff import Cashier, Person
    from pos_app.domain.till import TillStatus
    from pos_app.shop import Shop
    from pos_app.ui.files_beat import FilesBeat
    from pos_app.ui.heartbeat import Heartbeat
    from pos_app.ui.money_beat import MoneyBeat
    from pos_app.ui.practice_card import PracticeCard
    from pos_app.ui.rail import Rail
    from pos_app.ui.selling import Selling

LEAST_SIZE = (1024, 600)
SOON_MS = 60  # the sign-in page is painted by then


class MainWindow(QMainWindow):
    """Opening, sign-in, then the pages beside the rail. Everything that needs the shop is made when it is open."""

    def __init__(self, opening: Opening, languages: Languages) -> None:
        super().__init__()
        self._opening, self._languages = opening, languages
        self.jobs = Jobs(self.broke)
        self.wording = Wording()
        self.session = Session(
            language=opening.language,
            look=opening.look,
            choose_language=self.choose_language,
            choose_look=self.choose_look,
            put_back=self.put_back,
            go_to=self.go_to,
            status_changed=self._status_changed,
            beat_now=self._beat_now,
        )
        self.wording.language = languages.present
        self.shop: Shop | None = None
        self.heartbeat: Heartbeat | None = None
        self._selling: Selling | None = None
        self._make_selling: Callable[[], Selling] | None = None
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(lambda: self.selling)
        self._makers: dict[str, Callable[[], Page]] = {}
        self._pages: dict[str, Page] = {}
        self._before_bug: QWidget | None = None
        self._stack = QStackedWidget()
        self._first = OpeningPage(self.wording, self._again, self.close, self.put_back)
        self._stack.addWidget(self._first)
        self._rail: Rail | None = None
        self._money_beat: MoneyBeat | None = None
        self._files_beat: FilesBeat | None = None
        self.to_put_back = ""  # a backup that is to be put in place before the window opens anew
        self._row = QHBoxLayout()
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._stack, 1)
        self._practice: PracticeCard | None = None
        self._ground = QVBoxLayout()
        self._ground.setContentsMargins(0, 0, 0, 0)
        self._ground.setSpacing(0)
        self._ground.addLayout(self._row, 1)
        ground = QWidget()
        ground.setLayout(self._ground)
        self.setCentralWidget(ground)
        self.setMinimumSize(*LEAST_SIZE)
        self.resize(1280, 800)
        self.retranslate()

    # --- opening ---

    def start(self, to_put_back: str = "") -> None:
        """Open the shop, once the window has been painted; before that a backup is put in place, if one is named."""
        QTimer.singleShot(0, partial(self._put_back_and_open, to_put_back) if to_put_back else self._open)

    def shut_down(self) -> None:
        """Let what has begun end, then close the shop."""
        self._soon.stop()
        if self.heartbeat is not None:
            self.heartbeat.stop()
        if self._money_beat is not None:
            self._money_beat.stop()
        if self._files_beat is not None:
            self._files_beat.stop()
        self.jobs.shut_down()
        if self._opening.close_shop is not None:
            self._opening.close_shop()

    def _open(self) -> None:
        self._first.opening()
        self.jobs(Lane.STORE, self._open_shop, self._opened, self._cannot_open)

    def put_back(self, name: str) -> None:
        """A backup takes the place of the books. With the shop open the window ends, and comes up anew with it."""
        if self.shop is None:
            self._put_back_and_open(name)
        else:
            self.to_put_back = name
            self.close()

    def _put_back_and_open(self, name: str) -> None:
        door = self._opening.backups
        if door is not None:
            self._first.opening()
            self.jobs(Lane.STORE, lambda: door.put_back(name), lambda aside: self._open(), self._cannot_open)

    def _cannot_open(self, trouble: PosError) -> None:
        """Where the books are the trouble, the backups are offered."""
        self._first.cannot_open(trouble)
        door = self._opening.backups
        if door is not None and isinstance(trouble, DatabaseDamaged | DatabaseForeign | NoSuchBackup):
            self.jobs(Lane.STORE, door.backups, self._first.offer, lambda worse: None)

    def _open_shop(self) -> tuple[Shop, tuple[Person, ...], bool]:
        """On the store lane."""
        shop = self._opening.open_shop()
        shop.take_up()
        return shop, shop.look_up.people(), shop.look_up.is_locked()

    def _opened(self, opened: tuple[Shop, tuple[Person, ...], bool]) -> None:
        from pos_app.ui.files_bar import FilesBar
        from pos_app.ui.files_beat import FilesBeat
        from pos_app.ui.furnish import (
            Ends,
            furnish,
            furnish_selling,
        )  # the pages, which the first paint does without
        from pos_app.ui.heartbeat import Heartbeat
        from pos_app.ui.money_beat import MoneyBeat

        shop, people, is_locked = opened
        self.shop = shop
        self.wording.local, self.wording.now = shop.today.local, shop.today.now
        self.heartbeat = Heartbeat(shop, self.jobs)
        self._money_beat = MoneyBeat(shop, self.jobs)
        self._money_beat.setup_wrong.connect(self._say_what_is_wrong)
        self._money_beat.moved.connect(self.heartbeat.soon)
        self._money_beat.moved.connect(self.heartbeat.read_status)
        self._files_beat = FilesBeat(shop, self.jobs)
        self._files_beat.changed.connect(self._let_sell)
        self.jobs.store_trouble.connect(self._files_beat.soon)
        self._ground.insertWidget(0, FilesBar(self._files_beat, self.wording))
        ends = Ends(
            self.jobs, self.wording, self.session, self.heartbeat, self.signed_in, self.lock, self.begun_anew
        )
        self._make_selling = lambda: furnish_selling(ends, shop, self._opening)
        self._rail, self._makers = furnish(ends, shop, self._opening, self._sell)
        self._rail.hide()
        self._row.insertWidget(0, self._rail)
        self._add_practice_card()
        self._files_beat.start()
        self.heartbeat.status.connect(self._status)
        self.heartbeat.locked.connect(self._lock_up)
        self.heartbeat.start()
        self._money_beat.start()
        # Nobody signs in to an old copy: signing in is a fact, and nothing is written to its ledger.
        self._bring_up("locked" if is_locked else "sign_in" if people else "first_owner")
        self._soon.start(SOON_MS)

    def _add_practice_card(self) -> None:
        """In the demo only."""
        if self._opening.practice_code is not None:
            from pos_app.ui.practice_card import PracticeCard

            self._practice = PracticeCard(self._opening.practice_code)
            self._practice.hide()
            self._ground.addWidget(self._practice)

    @property
    def selling(self) -> Selling | None:
        """The selling page with its presenters: made while the first PIN is typed, or when it is first wanted."""
        if self._selling is None and self._make_selling is not None:
            self._selling = self._make_selling()
            self._let_sell()
        return self._selling

    def _let_sell(self) -> None:
        """No sale begins on books that were not looked over or are not written any more; all else can be read."""
        if self._selling is None or self._files_beat is None:
            return
        page, may_sell = self._selling.page, self._files_beat.may_sell
        if page.isEnabled() is not may_sell:
            page.setEnabled(may_sell)
            if may_sell and self.present is page:
                page.shown()

    def _sell(self) -> Page:
        assert self.selling is not None  # noqa: S101  # pages come up only when the shop is open
        return self.selling.page

    def _again(self) -> None:
        """After trouble at opening: try again. After a bug: back to where one was."""
        if self.shop is None:
            self._open()
        elif self._before_bug is not None:
            self._stack.setCurrentWidget(self._before_bug)
            self._before_bug = None
            self._show_rail()

    def broke(self, bug: BaseException) -> None:
        """Nobody foresaw this: say so calmly, and keep the way back."""
        if self._stack.currentWidget() is not self._first:
            self._before_bug = self._stack.currentWidget()
        self._first.broke(type(bug).__name__)
        if self._rail is not None:
            self._rail.hide()
        self._stack.setCurrentWidget(self._first)

    # --- hand-overs ---

    def signed_in(self, cashier: Cashier) -> None:
        self.session.cashier = cashier
        if self._opening.warm_up is not None:
            self.jobs(Lane.PAPER, self._opening.warm_up, lambda warm: None, lambda trouble: None)
        if self._rail is not None:
            self._rail.put(cashier)
        self.go_to("sell", None)
        self._say_what_is_wrong()
        self._beat_now()

    def lock(self) -> None:
        """Whoever comes next signs in; the basket stays where it is."""
        self.session.cashier = None
        self._bring_up("sign_in")

    def _lock_up(self) -> None:
        """The platform knows more of this till than its books: whoever stands here cannot go on."""
        if self.present is not self.page("locked"):
            self.session.cashier = None
            self._bring_up("locked")

    def go_to(self, name: str, subject: object = None) -> None:
        """Bring up a page, with what another page hands over."""
        if self.session.cashier is None or name not in self._makers:
            return
        self._bring_up(name, subject)

    def begun_anew(self) -> None:
        """The till belongs to a new epoch: whoever sells signs in."""
        self._bring_up("sign_in")
        self._beat_now()

    def _bring_up(self, name: str, subject: object = None) -> None:
        page = self.page(name)
        self._stack.setCurrentWidget(page)
        self._show_rail()
        if self._rail is not None and self.session.cashier is not None:
            self._rail.mark(name)
        if subject is None:
            page.shown()
        else:
            page.shown_with(subject)

    def _show_rail(self) -> None:
        if self._rail is not None:
            self._rail.setVisible(self.session.cashier is not None)
        if self._practice is not None:
            self._practice.setVisible(self.session.cashier is not None)

    def page(self, name: str) -> Page:
        """The page of that name, made when it is first wanted."""
        if name not in self._pages:
            self._pages[name] = self._makers[name]()
            self._stack.addWidget(self._pages[name])
        return self._pages[name]

    @property
    def present(self) -> QWidget:
        """What shows now."""
        return self._stack.currentWidget() or self._first

    # --- status ---

    def _status(self, status: TillStatus) -> None:
        if self._rail is not None:
            self._rail.put_open_items(status.open_items)

    def _status_changed(self) -> None:
        if self.heartbeat is not None:
            self.heartbeat.read_status()

    def _beat_now(self) -> None:
        if self.heartbeat is not None:
            self.heartbeat.sync_now()

    def _say_what_is_wrong(self) -> None:
        """A gateway that refuses us is said before a customer stands there with a phone."""
        wrong = self._money_beat.wrong if self._money_beat is not None else ()
        if self._selling is not None and wrong:
            self._selling.gateway_refuses(*wrong[0])

    # --- language and look ---

    def choose_language(self, language: str) -> None:
        self.session.language = self.wording.language = language
        self._languages.switch(language)
        self._keep_choice()

    def choose_look(self, look: Look) -> None:
        self.session.look = look
        application = QApplication.instance()
        if isinstance(application, QApplication):
            theme.apply(application, look)
        self._keep_choice()

    def retranslate(self) -> None:
        self.setWindowTitle(self.tr("Till"))

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.shut_down()
        event.accept()

    def _keep_choice(self) -> None:
        language, look = self.session.language, self.session.look.value
        keep = self._opening.keep_choice
        self.jobs(Lane.STORE, lambda: keep(language, look), lambda kept: None, self._not_kept)

    def _not_kept(self, trouble: PosError) -> None:
        """The choice holds until the till is closed; that is no reason to stop anyone."""
