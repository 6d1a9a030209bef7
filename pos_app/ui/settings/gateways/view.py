"""Draws the payment part of the settings: gateways in their order, the form of one, and its test payment."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.gateway import GatewaySetup
from pos_app.ui.settings.gateways.form import GatewayForm
from pos_app.ui.settings.gateways.presenter import Busy, GatewaysPage, GatewaysPresenter, Said
from pos_app.ui.settings.gateways.words import clock, field_name, gateway_name, state, steps
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.icons import IconLabel
from pos_app.ui.widgets.key_button import button
from pos_app.ui.widgets.message_bar import MessageBar
from pos_app.ui.widgets.text import Text, column, frame, restyle, row
from pos_app.ui.wording import Wording

TICK_MS = 300
_ICONS = {"ok": "ok", "warn": "wait", "danger": "danger", "info": "info"}


class GatewayRow(QFrame):
    """One gateway of the list; all three buttons can be reached by Tab."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._place, self._name, self._state = Text("body", "second"), Text("strong"), Text("body")
        self._place.setFixedWidth(scaled(28))
        self.up, self.switch, self.open = button("quiet"), button("plain"), button("plain")
        inside = row(
            self._place, self._name, self._state, 1, self.up, self.switch, self.open, gap=12, margin=8
        )
        self.setLayout(inside)

    def put(self, place: int, setup: GatewaySetup, *, is_opened: bool) -> None:
        """`place` is from 1 on among those that are on; 0 for one that is off."""
        name = gateway_name(setup.name)
        tone, words = state(setup)
        self._place.setText(f"{place}." if place else "")
        self._name.setText(name)
        self._state.setText(words)
        self._state.put_tone(tone)
        self.up.setText(self.tr("Ask earlier"))
        self.up.setVisible(place > 1)
        self.switch.setText(self.tr("Switch off") if setup.is_on else self.tr("Switch on"))
        self.switch.setEnabled(setup.is_on or setup.is_ready)
        self.open.setText(self.tr("Set up"))
        for each in (self.up, self.switch, self.open):
            each.setAccessibleName(f"{name}: {each.text()}")
        if self.property("chosen") is not is_opened:
            self.setProperty("chosen", is_opened)
            restyle(self)


class GatewaysPanel(QFrame):
    """The presenter is bound after both are made."""

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._wording = wording
        self._page = GatewaysPage()
        self._drawn: tuple[tuple[str, str], ...] = ()
        self._rows: list[GatewayRow] = []
        self._guard = Text("body", "warn").wrapped()
        self._list_title, self._list_words = Text("strong"), Text("body", "second").wrapped()
        self._list = QVBoxLayout()
        self._list.setSpacing(scaled(8))
        self._form_title = Text("head")
        self.bar, self._clock = MessageBar(), MessageBar()
        self.form = GatewayForm()
        self.keep, self.check = button("primary", "F9"), button("plain", "F5")
        self._trial_title, self._trial_words = Text("strong"), Text("body", "second").wrapped()
        self.code = QLineEdit()
        self.code.setMaxLength(64)
        self._steps, self._end = QVBoxLayout(), QWidget()
        self._steps.setSpacing(scaled(8))
        self._all = QWidget()
        self._all.setLayout(
            column(
                self._list_title, self._list_words, self._list, frame("line"), self._form_title, self._clock,
                self.form, self.bar, row(self.keep, self.check, 1, gap=12), frame("line"),
                self._trial_title, self._trial_words, self.code, self._steps, self._end, gap=12,
            )
        )  # fmt: skip
        self.setLayout(column(self._guard, self._all, gap=12, margin=24))
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)

    def bind(self, presenter: GatewaysPresenter) -> None:
        self.presenter = presenter
        self._timer.timeout.connect(presenter.tick)
        self.form.kept.connect(presenter.keep)
        self.keep.clicked.connect(lambda: presenter.keep(self.form.changes()))
        self.check.clicked.connect(presenter.check)
        self.code.returnPressed.connect(self._scanned)

    def draw(self, page: GatewaysPage) -> None:
        """Draw this moment."""
        before, self._page = self._page, page
        self._guard.setText(self.tr("Only a supervisor or the owner sets up how money comes in."))
        self._guard.setVisible(not page.may_change)
        self._all.setVisible(page.may_change)
        self._draw_list(page)
        setup = page.setup
        for part in (self.form, self.keep, self.check, self._trial_title, self._trial_words, self.code):
            part.setVisible(setup is not None)
        if setup is None:
            return
        self._draw_form(before, page, setup)
        self._draw_bar(page, setup)
        self._draw_trial(page, setup)
        if self.bar.sentence and (page.said, page.trouble) != (before.said, before.trouble):
            self._bring(self.bar)
        if page.trial is not before.trial:
            self._bring(self._end)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._timer.start()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()

    def retranslate(self) -> None:
        """The form is made anew: its words are its own."""
        self._page, page = GatewaysPage(), self._page
        self.draw(page)

    def row_of(self, name: str) -> GatewayRow:
        """The row in which that gateway stands now."""
        return self._rows[[each.name for each in self._page.setups].index(name)]

    def steps(self) -> list[str]:
        """What is said of the test payment so far."""
        return [text for _, text in self._said(self._page)]

    def _draw_list(self, page: GatewaysPage) -> None:
        self._list_title.setText(self.tr("Payment gateways"))
        self._list_words.setText(
            self.tr(
                "A wallet is charged by the first one here that is on and takes it. Without any, only cash."
            )
        )
        while len(self._rows) < len(page.setups):
            made, place = GatewayRow(), len(self._rows)
            made.up.clicked.connect(partial(self._at, place, "up"))
            made.switch.clicked.connect(partial(self._at, place, "switch"))
            made.open.clicked.connect(partial(self._at, place, "open"))
            self._rows.append(made)
            self._list.addWidget(made)
        places = {name: place for place, name in enumerate(page.chosen, 1)}
        for made, setup in zip(self._rows, page.setups, strict=False):
            made.put(places.get(setup.name, 0), setup, is_opened=setup.name == page.opened)

    def _draw_form(self, before: GatewaysPage, page: GatewaysPage, setup: GatewaySetup) -> None:
        self._form_title.setText(gateway_name(setup.name))
        was = before.setup
        is_kept = page.said is Said.KEPT and before.said is not Said.KEPT
        if was is None or (was.name, was.fields) != (setup.name, setup.fields) or is_kept:
            self.form.build(setup)
        if before.refused != page.refused:
            self.form.put_wrong(page.refused)
        if page.refused and before.refused != page.refused:
            self._show_field(page.refused)
        is_idle = page.busy is Busy.NOTHING
        self.keep.setText(self.tr("Keep"))
        self.check.setText(self.tr("Asking") if page.busy is Busy.CHECKING else self.tr("Ask the gateway"))
        self.keep.setEnabled(is_idle)
        self.check.setEnabled(is_idle and setup.is_ready)
        wrong = clock(setup)
        self._clock.say(wrong, "danger") if wrong else self._clock.clear()

    def _draw_bar(self, page: GatewaysPage, setup: GatewaySetup) -> None:
        if page.refused:
            text = self.tr("Nothing was kept: {field} is missing or no good.")
            self.bar.say(text.format(field=field_name(page.refused)), "danger")
        elif page.trouble is not None:
            self.bar.say(self._wording.sentence(page.trouble), "danger")
        elif page.said is Said.KEPT:
            self.bar.say(self.tr("Kept. Ask the gateway next, then make a test payment."), "ok")
        elif page.said is Said.ANSWERED:
            text = self.tr("{name} knows this till and answered. Only a test payment proves all of it.")
            self.bar.say(text.format(name=gateway_name(setup.name)), "ok")
        elif page.said is Said.NO_CODE:
            self.bar.say(
                self.tr("That is no payment code. Open the wallet and scan the code it shows."), "danger"
            )
        else:
            self.bar.clear()

    def _draw_trial(self, page: GatewaysPage, setup: GatewaySetup) -> None:
        self._trial_title.setText(self.tr("Test payment of 0.01"))
        self._trial_words.setText(
            self.tr("Scan the payment code of your own wallet. 0.01 is really taken and given back at once.")
            if setup.is_ready
            else self.tr("When everything is filled in and kept, a real payment of 0.01 proves it.")
        )
        self.code.setVisible(setup.is_ready)
        self.code.setEnabled(page.busy is Busy.NOTHING and not page.is_trying)
        self.code.setAccessibleName(self.tr("Payment code"))
        self.code.setPlaceholderText(self.tr("Payment code"))
        self._draw_steps(self._said(page))

    def _draw_steps(self, said: tuple[tuple[str, str], ...]) -> None:
        if said == self._drawn:
            return
        self._drawn = said
        while self._steps.count():
            taken = self._steps.takeAt(0)
            gone = taken.widget() if taken is not None else None
            if gone is not None:
                gone.hide()  # else Qt, which shows new ones a moment later, would show it as a window
                gone.setParent(None)
                gone.deleteLater()
        for tone, text in said:
            icon = IconLabel(_ICONS[tone], "accent" if tone == "info" else tone, 20)
            inside = row(icon, Text("body", "", text).wrapped(), gap=10)
            inside.setStretch(1, 1)
            line = QWidget()
            line.setLayout(inside)
            self._steps.addWidget(line)

    def _said(self, page: GatewaysPage) -> tuple[tuple[str, str], ...]:
        if not page.is_trying and page.trial is None:
            return ()
        said = steps(page.trial)
        if page.is_trying:
            said = (*said, ("info", self.tr("You may leave this page: the till follows it to its end.")))
        return said

    def _show_field(self, key: str) -> None:
        wrong = self.form.rows.get(key)
        if wrong is not None:
            wrong.target.setFocus()
            self._bring(wrong)

    def _bring(self, part: QWidget) -> None:
        """Into sight, once everything has found its place."""
        around = self.parentWidget()
        while around is not None and not isinstance(around, QScrollArea):
            around = around.parentWidget()
        if around is not None:
            QTimer.singleShot(0, part, partial(around.ensureWidgetVisible, part))

    def _at(self, place: int, act: str, _checked: bool = False) -> None:
        """A button of the row at this place, whichever gateway stands there now."""
        setup = self._page.setups[place]
        if act == "open":
            self.presenter.open(setup.name)
            target = self.code if setup.is_ready else self.form.first()
            target.setFocus()
            self._bring(target)
        elif act == "switch":
            self.presenter.switch(setup.name, is_on=not setup.is_on)
        else:
            self.presenter.move_up(setup.name)
            self._rows[max(0, place - 1)].open.setFocus()

    def _scanned(self) -> None:
        """The code is a secret until it is used: it does not stay in sight."""
        text = self.code.text()
        self.code.clear()
        if text.strip():
            self.presenter.scanned(text)
