"""Draws the settings: six panels, one in sight, every choice kept the moment it is made."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from pos_app.ui.session import Session
from pos_app.ui.settings.about import AboutPanel
from pos_app.ui.settings.backups.presenter import BackupsPresenter
from pos_app.ui.settings.backups.view import BackupsPanel
from pos_app.ui.settings.gateways.presenter import GatewaysPresenter
from pos_app.ui.settings.gateways.view import GatewaysPanel
from pos_app.ui.settings.offline import OfflinePanel
from pos_app.ui.settings.panels import LookPanel, PrinterPanel
from pos_app.ui.settings.people import PeoplePanel
from pos_app.ui.settings.presenter import SettingsPage, SettingsPresenter
from pos_app.ui.settings.words import panels
from pos_app.ui.theme import Look, scaled
from pos_app.ui.widgets.choice_row import ChoiceRow
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.widgets.page import Page
from pos_app.ui.widgets.text import Text, column, row
from pos_app.ui.wording import Wording

WIDEST = 860


class SettingsPageView(Page):
    """Tab and the arrows reach everything."""

    presenter: SettingsPresenter

    def __init__(self, wording: Wording, session: Session) -> None:
        super().__init__()
        self._wording, self._session = wording, session
        self._page: SettingsPage | None = None
        self._title = Text("title")
        self.bar = MessageBar()
        self.tabs = ChoiceRow(tuple(panels()), across=7, kind="chip")
        self.look, self.printer = LookPanel(), PrinterPanel()
        self.gateways = GatewaysPanel(wording)
        self.backups = BackupsPanel(wording)
        self.offline = OfflinePanel(wording)
        self.people, self.about = PeoplePanel(wording), AboutPanel()
        self._parts: dict[str, QWidget] = {
            "look": _scrolled(self.look),
            "printer": _scrolled(self.printer),
            "payment": _scrolled(self.gateways),
            "offline": _scrolled(self.offline),
            "people": _scrolled(self.people),
            "backups": _scrolled(self.backups),
            "about": _scrolled(self.about),
        }
        self._open = "look"
        self._stack = QStackedWidget()
        for part in self._parts.values():
            self._stack.addWidget(part)
        body = QWidget()
        body.setMaximumWidth(scaled(WIDEST))
        inside = column(self._title, self.tabs, self.bar, self._stack, gap=12)
        inside.setStretch(3, 1)
        body.setLayout(inside)
        self.setLayout(column(row(body, gap=0), margin=24))

    def bind(
        self, presenter: SettingsPresenter, gateways: GatewaysPresenter, backups: BackupsPresenter
    ) -> None:
        self.presenter = presenter
        self.gateways.bind(gateways)
        self.backups.bind(backups)
        self.tabs.picked.connect(self.open_panel)
        self.look.languages.picked.connect(self._session.choose_language)
        self.look.looks.picked.connect(self._choose_look)
        self.printer.changed.connect(presenter.change)
        self.printer.printed.connect(presenter.test_print)
        self.printer.read.connect(presenter.read_back)
        self.offline.switched.connect(presenter.switch_offline)
        self.offline.changed.connect(presenter.change_number)
        self.offline.given_back.connect(presenter.give_back)
        self.people.added.connect(presenter.add_person)
        self.about.examined.connect(presenter.examine)

    def shown(self) -> None:
        self.presenter.come_up()
        self.gateways.presenter.come_up()
        self.backups.presenter.come_up()
        self.tabs.button(self._open).setFocus()

    def open_panel(self, name: str) -> None:
        """One of look, printer, payment, offline, people, backups, about."""
        self._open = name
        self._stack.setCurrentWidget(self._parts[name])
        self.tabs.put(panels(), name)

    def draw(self, page: SettingsPage) -> None:
        """Draw this moment."""
        self._page = page
        if page.trouble is not None:
            self.bar.say(self._wording.sentence(page.trouble), "danger")
        else:
            self.bar.clear()
        self.look.draw(self._session.language, self._session.look.value)
        self.printer.draw(page)
        self.offline.draw(page)
        self.people.draw(page)
        self.about.draw(page)

    def retranslate(self) -> None:
        self._title.setText(self.tr("Settings"))
        self.tabs.put(panels(), self._open)
        self.gateways.retranslate()
        self.backups.retranslate()
        if self._page is not None:
            self.draw(self._page)

    def _choose_look(self, look: str) -> None:
        self._session.choose_look(Look(look))
        self.look.draw(self._session.language, look)


def _scrolled(panel: QWidget) -> QScrollArea:
    inside = QWidget()
    layout = column(panel, 1)
    layout.setContentsMargins(0, 0, scaled(12), 0)
    inside.setLayout(layout)
    made = QScrollArea()
    made.setWidgetResizable(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    made.setWidget(inside)
    return made
