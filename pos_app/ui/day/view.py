"""Draws the owner's page: the date, four figures, the chart, three tables; or asks for the owner."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QFileDialog, QGridLayout, QScrollArea, QWidget

from pos_app.ui.day.chart import HourChart
from pos_app.ui.day.figures import FigureCard
from pos_app.ui.day.presenter import DayPage, DayPresenter, Table
from pos_app.ui.day.tables import FullTable, ShortTable
from pos_app.ui.day.words import money_against, open_items_text, sales_against
from pos_app.ui.run import Run
from pos_app.ui.session import Session
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.widgets.one_of import OneOf
from pos_app.ui.widgets.page import Page
from pos_app.ui.widgets.second_person import SecondPerson
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording

CHART_HEIGHT = 190
NARROW = 1000
KEYS = {Table.PRODUCTS: "1", Table.TENDERS: "2", Table.CASHIERS: "3"}


class DayPageView(Page):
    """The arrows move the day, F9 exports it."""

    presenter: DayPresenter

    def __init__(self, wording: Wording, session: Session, run: Run) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._wording, self._session = wording, session
        self._page: DayPage | None = None
        self._folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        self.title, self._under = Text("title").wrapped(), Text("body", "second")
        self._earlier, self._later = (KeyButton("quiet", key, binds=False) for key in ("\u2190", "\u2192"))
        self._today = KeyButton("quiet", "Home", binds=False)
        self._export = KeyButton("plain", "F9")
        self.bar = MessageBar()
        self.figures = [FigureCard() for _ in range(4)]
        self.chart = HourChart(wording, run)
        self._chart_title = Text("strong")
        self.tables = {table: ShortTable(table, key, wording) for table, key in KEYS.items()}
        self.full = FullTable(wording)
        self.second = SecondPerson(wording)
        self._lock_title, self._lock_words = Text("title"), Text("lead", "second").wrapped()
        self._stack = OneOf()
        self._sheet, self._locked = self._make_sheet(), self._make_locked()
        for part in (self._sheet, self.full, self._locked):
            self._stack.addWidget(part)
        head = row(self.title, self._earlier, self._today, self._later, self._export, gap=12)
        head.setStretch(0, 1)
        layout = column(head, self.bar, self._stack, gap=12, margin=24)
        layout.setStretch(2, 1)
        self.setLayout(layout)

    def bind(self, presenter: DayPresenter) -> None:
        self.presenter = presenter
        self._earlier.clicked.connect(lambda: presenter.move(-1))
        self._later.clicked.connect(lambda: presenter.move(1))
        self._today.clicked.connect(presenter.go_to_today)
        self._export.clicked.connect(self._choose_file)
        self.full.back.clicked.connect(lambda: presenter.open_table(None))
        self.second.entered.connect(presenter.unlock)
        for table, short in self.tables.items():
            short.more.clicked.connect(partial(self._open, table))

    def shown(self) -> None:
        self.setFocus()
        self.presenter.come_up()

    def draw(self, page: DayPage) -> None:
        """Draw this moment."""
        before, self._page = self._page, page
        day = self._wording.day(page.day)
        self.title.setText(self.tr("The day's sales") if page.is_locked else day)
        self._under.setText(self.tr("today, so far") if page.is_today else "")
        self._under.setVisible(page.is_today and not page.is_locked)
        for part in (self._earlier, self._today, self._later, self._export):
            part.setVisible(not page.is_locked)
        self._later.setEnabled(not page.is_today)
        self._earlier.setEnabled(page.first_day is not None and page.day > page.first_day)
        self._today.setEnabled(not page.is_today)
        self._export.setEnabled(page.report is not None and not page.is_busy)
        self._tell(page)
        if page.is_locked:
            self.second.put(page.people)
            self._stack.setCurrentWidget(self._locked)
            if before is None or not before.is_locked or (page.people and not before.people):
                self.second.start()
            return
        if page.report is not None:
            self._draw_report(page)
        self.full.draw(page)
        self._stack.setCurrentWidget(self.full if page.full else self._sheet)
        if before is not None and before.is_locked:
            self.setFocus()

    def retranslate(self) -> None:
        self._name_keys()
        self._chart_title.setText(self.tr("Takings by hour"))
        self._lock_title.setText(self.tr("For the owner"))
        self._lock_words.setText(
            self.tr("The day's figures open with the owner's PIN, and close when the page is left.")
        )
        if self._page is not None:
            self.draw(self._page)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        page, key = self._page, event.key()
        days = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if page is None or page.is_locked:
            super().keyPressEvent(event)
        elif key in days:
            self.presenter.move(days[Qt.Key(key)])
        elif key in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp) and page.full is None:
            bar = self._sheet.verticalScrollBar()
            bar.setValue(bar.value() + (1 if key == Qt.Key.Key_PageDown else -1) * bar.pageStep())
        elif key == Qt.Key.Key_Home:
            self.presenter.go_to_today()
        elif key == Qt.Key.Key_Escape and page.full is not None:
            self.presenter.open_table(None)
            self.setFocus()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._name_keys()

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self.presenter.go_away()
        super().hideEvent(event)

    def _name_keys(self) -> None:
        """Where it is narrow the day's keys stand without words."""
        is_narrow = self.width() < scaled(NARROW)
        names = (self.tr("Earlier"), self.tr("Today"), self.tr("Later"))
        for made, word in zip((self._earlier, self._today, self._later), names, strict=True):
            made.setText("" if is_narrow else word)
            made.setAccessibleName(word)
        self._export.setText(self.tr("Save as files"))

    def _open(self, table: Table, _checked: bool = False) -> None:
        self.presenter.open_table(table)

    def _choose_file(self) -> None:
        proposed = str(Path(self._folder) / self.presenter.proposed_name)
        chosen, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save the day as files"), proposed, self.tr("Workbook and CSV (*.xlsx)")
        )
        if chosen:
            self._folder = str(Path(chosen).parent)
            self.presenter.export(Path(chosen), self._session.language)

    def _tell(self, page: DayPage) -> None:
        if page.trouble is not None:
            self.bar.say(self._wording.sentence(page.trouble), "danger")
        elif page.files:
            paths = " \u00b7 ".join(str(path) for path in page.files)
            self.bar.say(self.tr("Saved: {paths}").format(paths=paths), "ok")
        elif page.is_busy and not page.is_locked:
            self.bar.say(self.tr("Saving"), "warn")
        else:
            self.bar.clear()

    def _draw_report(self, page: DayPage) -> None:
        report, wording = page.report, self._wording
        if report is None:
            return
        now, before = report.figures, report.week_before
        takings, sales, margin, todo = self.figures
        takings.put(
            self.tr("Takings"), wording.sign(now.takings), wording.figure(now.takings),
            money_against(now.takings, before.takings, page, wording),
        )  # fmt: skip
        sales.put(
            self.tr("Number of sales"),
            "",
            wording.number(now.sales),
            sales_against(now, before, page, wording),
        )
        margin.put(
            self.tr("Margin"), wording.sign(now.margin), wording.figure(now.margin),
            money_against(now.margin, before.margin, page, wording),
        )  # fmt: skip
        tone = "danger" if page.open_items else "ink"
        todo.put(
            self.tr("To do"), "", wording.number(page.open_items), open_items_text(page.open_items), tone
        )
        self.chart.put(report.by_hour)
        for table in self.tables.values():
            table.draw(page)

    def _make_sheet(self) -> QScrollArea:
        chart = frame("card")
        inside_chart = column(row(self._chart_title, 1, self._under), self.chart, gap=4, margin=16)
        inside_chart.setStretch(1, 1)
        chart.setLayout(inside_chart)
        self.chart.setMinimumHeight(scaled(CHART_HEIGHT))
        grid = QGridLayout()
        grid.setSpacing(scaled(12))
        grid.setContentsMargins(0, 0, scaled(12), 0)
        for number, card in enumerate(self.figures):
            grid.addWidget(card, 0, number * 3, 1, 3)
        grid.addWidget(chart, 1, 0, 1, 12)
        for number, short in enumerate(self.tables.values()):
            grid.addWidget(short, 2, number * 4, 1, 4)
        grid.setRowStretch(1, 1)
        for number in range(12):
            grid.setColumnStretch(number, 1)
        inside = QWidget()
        inside.setLayout(grid)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        return scroll

    def _make_locked(self) -> QWidget:
        card = frame("card")
        card.setMaximumWidth(scaled(480))
        icon = IconLabel("lock", "second", 40)
        card.setLayout(column(icon, self._lock_title, self._lock_words, self.second, gap=12, margin=32))
        made = QWidget()
        made.setLayout(column(1, row(1, card, 1), 2))
        return made
