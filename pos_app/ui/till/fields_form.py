"""The form for an account top-up, drawn from what the product says it must know."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit, QPushButton, QScrollArea, QVBoxLayout, QWidget

from pos_app.domain.catalogue import FieldSpec
from pos_app.ui.theme import scaled
from pos_app.ui.till.panels import Panel
from pos_app.ui.till.state import TopUpDraft, Values
from pos_app.ui.widgets.entry import Entry
from pos_app.ui.widgets.key_button import KeyButton
from pos_app.ui.widgets.text import Text, column, frame, row
from pos_app.ui.wording import Wording


class FieldsForm(Panel):
    """Enter goes to the next field, from the last one on to the read-back. A scan never lands in a field."""

    filled = Signal(tuple)
    back_asked = Signal()
    scanned = Signal(str)

    def __init__(self, wording: Wording) -> None:
        super().__init__()
        self._wording = wording
        self._draft: TopUpDraft | None = None
        self._entries: dict[str, Entry] = {}
        self._groups: dict[str, QButtonGroup] = {}
        self._title, self._why = Text("title").wrapped(), Text("small")
        self._on, self._back = (
            KeyButton("primary", "Enter", binds=False),
            KeyButton("plain", "Esc", binds=False),
        )
        self._on.clicked.connect(self._fill)
        self._back.clicked.connect(self.back_asked)
        self._on.setMinimumHeight(scaled(56))
        self._back.setMinimumHeight(scaled(56))
        self._rows = QVBoxLayout()
        self._rows.setSpacing(scaled(8))
        inside = column(
            self._title, self._why, self._rows, row(self._on, self._back, 1, gap=12), gap=12, margin=24
        )
        card = frame("card")
        card.setLayout(inside)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        middle = QWidget()
        middle.setLayout(column(card, 1))
        scroll.setWidget(middle)
        self.setLayout(column(scroll))
        self.retranslate()

    def put(self, draft: TopUpDraft) -> None:
        """Another product makes another form; the same one keeps what was typed."""
        if self._draft is None or self._draft.product != draft.product:
            self._build(draft.product.fields)
        self._draft = draft
        self.retranslate()

    def first_field(self) -> QLineEdit | None:
        """Where typing belongs: the first field that is still empty, else the first."""
        for entry in self._entries.values():
            if not entry.text():
                return entry
        return next(iter(self._entries.values()), None)

    def forget(self) -> None:
        """What was typed is over."""
        self._draft = None

    def retranslate(self) -> None:
        self._on.setText(self.tr("Go on"))
        self._back.setText(self.tr("Back"))
        self._why.setText(self.tr("Nobody needs a password for this. Never ask for one."))
        if self._draft is not None:
            self._title.setText(self._wording.name(self._draft.product.names))
            typed = self.values()
            self._build(self._draft.product.fields)
            self._fill_in(typed)

    def values(self) -> Values:
        typed = {key: entry.plain() for key, entry in self._entries.items()}
        for key, group in self._groups.items():
            chosen = group.checkedButton()
            typed[key] = str(chosen.property("value")) if chosen is not None else ""
        order = self._draft.product.fields if self._draft is not None else ()
        return tuple((spec.key, typed.get(spec.key, "")) for spec in order)

    def _fill_in(self, typed: Values) -> None:
        for key, value in typed:
            if key in self._entries:
                self._entries[key].setText(value)
            for made in self._groups[key].buttons() if key in self._groups else []:
                made.setChecked(made.property("value") == value)

    def _build(self, specs: tuple[FieldSpec, ...]) -> None:
        while self._rows.count():
            item = self._rows.takeAt(0)
            if item is None:
                break
            widget = item.widget()
            if widget is not None:
                widget.setParent(None)
                widget.deleteLater()
        self._entries, self._groups = {}, {}
        for spec in specs:
            label = self._wording.name(spec.label)
            self._rows.addWidget(
                Text(
                    "strong", text=label if spec.required else self.tr("{field} (if any)").format(field=label)
                )
            )
            if spec.options:
                self._add_options(spec)
            else:
                self._add_entry(spec)

    def _add_entry(self, spec: FieldSpec) -> None:
        made = Entry("amount", groups_numbers=spec.is_phone)
        made.setAccessibleName(self._wording.name(spec.label))
        made.entered.connect(partial(self._entered, spec.key))
        made.entered_nothing.connect(partial(self._entered, spec.key, "", False))
        made.keys[Qt.Key.Key_Escape] = (self.back_asked.emit, True)
        self._entries[spec.key] = made
        self._rows.addWidget(made)

    def _add_options(self, spec: FieldSpec) -> None:
        group = QButtonGroup(self)
        box = frame("plain")
        line = row(gap=8)
        for option in spec.options:
            made = QPushButton(self._wording.name(option.label))
            made.setProperty("kind", "choice")
            made.setProperty("value", option.value)
            made.setCheckable(True)
            group.addButton(made)
            line.addWidget(made)
        line.addStretch(1)
        group.buttons()[0].setChecked(True)
        box.setLayout(line)
        self._groups[spec.key] = group
        self._rows.addWidget(box)

    def _entered(self, key: str, text: str, is_scan: bool) -> None:
        # A mobile number is as long and as fast as a scan when a test types it, and it belongs here.
        if is_scan and len(text) > 11:
            self._entries[key].empty()
            self.scanned.emit(text)
            return
        keys = list(self._entries)
        place = keys.index(key)
        if place + 1 < len(keys):
            self._entries[keys[place + 1]].setFocus()
        else:
            self._fill()

    def _fill(self) -> None:
        self.filled.emit(self.values())
