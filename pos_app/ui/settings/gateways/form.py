"""The form of one gateway, made of its fields; a secret that is kept is never shown again, only replaced."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from pos_app.domain.gateway import FieldKind, FilledField, GatewaySetup
from pos_app.ui.settings.gateways.words import choice_name, field_name
from pos_app.ui.theme import scaled
from pos_app.ui.widgets.choice_row import ChoiceRow
from pos_app.ui.widgets.key_button import button
from pos_app.ui.widgets.text import Text, column, row

_MOST_KEY_CHARACTERS = 64_000
_MOST_CHARACTERS = 500
_ALL_THE_WIDTH = 1000  # beside the 1 of what only fills the line
# Fields that are only asked for under one choice of another field: gateway, field -> choice field, its value.
_ONLY_WITH = {
    ("alipay", "alipay_public_key"): ("mode", "key"),
    ("alipay", "app_certificate"): ("mode", "certificate"),
    ("alipay", "alipay_root_certificate"): ("mode", "certificate"),
    ("alipay", "alipay_certificate"): ("mode", "certificate"),
    ("wechat", "merchant_serial"): ("api", "v3"),
    ("wechat", "public_key"): ("api", "v3"),
    ("wechat", "public_key_id"): ("api", "v3"),
    ("wechat", "api_v3_key"): ("api", "v3"),
    ("wechat", "api_v2_key"): ("api", "v2"),
    ("wechat", "client_certificate"): ("api", "v2"),
}
# Fields that no shop can do without once they are asked for; the other optional ones really are.
_WANTED = {key for _, key in _ONLY_WITH} - {"public_key", "public_key_id", "api_v3_key"} | {"merchant_key"}


class FieldRow(QWidget):
    """One field: its name, and what it takes. `picked` says the choice of a field of choices, `left` is its Enter."""

    picked = Signal(str, str)
    left = Signal()

    def __init__(self, filled: FilledField) -> None:
        super().__init__()
        self._filled = filled
        self._is_replacing = not filled.is_kept
        self._choice = filled.value
        self._name = Text("small")
        self._kept = Text("body", "ok")
        self._replace = button("plain")
        self._from_file = button("plain")
        self._replace.clicked.connect(self._begin_again)
        self._from_file.clicked.connect(self._read_file)
        self.line, self.many, self.choices = self._made_inputs()
        inputs = [each for each in (self.line, self.many, self.choices) if each is not None]
        inside = row(*inputs, self._kept, self._replace, self._from_file, 1, gap=12)
        inside.setStretch(0, 0 if self.choices is not None else _ALL_THE_WIDTH)
        self.setLayout(column(self._name, inside, gap=4))
        self.retranslate()
        self._show()

    @property
    def key(self) -> str:
        return self._filled.field.key

    @property
    def choice(self) -> str:
        """What is chosen, of a field of choices."""
        return self._choice

    @property
    def target(self) -> QWidget:
        """Where the focus belongs."""
        if self.choices is not None:
            return self.choices.button(self._choice or self._filled.field.choices[0])
        if not self._is_replacing:
            return self._replace
        return self.line or self.many or self

    def changed(self) -> str | None:
        """What was typed; None when it stays as it is."""
        if self.choices is not None:
            value = self._choice
        elif self.many is not None:
            value = self.many.toPlainText().strip()
        else:
            value = self.line.text().strip() if self.line is not None else ""
        if self._is_secret:
            return value or None
        return None if value == self._filled.value else value

    def put_wrong(self, *, is_wrong: bool) -> None:
        """This is the field that is missing or no good."""
        self._name.put_tone("danger" if is_wrong else "second")
        if is_wrong:
            self._name.setText(self.tr("{field}: missing or no good").format(field=field_name(self.key)))
        else:
            self.retranslate()

    def retranslate(self) -> None:
        field = self._filled.field
        name = field_name(field.key)
        is_plain = field.is_needed or field.key in _WANTED or field.kind is FieldKind.CHOICE
        self._name.setText(name if is_plain else self.tr("{field} (if there is one)").format(field=name))
        self._kept.setText(self.tr("kept"))
        self._replace.setText(self.tr("Replace"))
        self._from_file.setText(self.tr("From a file"))
        if self.choices is not None:
            self.choices.put({each: choice_name(each) for each in field.choices}, self._choice)
        for each in (self.line, self.many):
            if each is not None:
                each.setAccessibleName(name)

    @property
    def _is_secret(self) -> bool:
        return self._filled.field.kind in (FieldKind.SECRET, FieldKind.KEY)

    def _made_inputs(self) -> tuple[QLineEdit | None, QPlainTextEdit | None, ChoiceRow | None]:
        field = self._filled.field
        if field.kind is FieldKind.CHOICE:
            choices = ChoiceRow(field.choices, across=3)
            choices.picked.connect(self._pick)
            return None, None, choices
        if field.kind is FieldKind.KEY:
            many = QPlainTextEdit()
            many.setTabChangesFocus(True)
            many.setFixedHeight(scaled(96))
            return None, many, None
        line = QLineEdit(self._filled.value)
        line.setMaxLength(_MOST_CHARACTERS)
        line.returnPressed.connect(self.left)
        if field.kind is FieldKind.SECRET:
            line.setEchoMode(QLineEdit.EchoMode.Password)
        return line, None, None

    def _show(self) -> None:
        is_hidden = self._is_secret and not self._is_replacing
        for each in (self.line, self.many):
            if each is not None:
                each.setVisible(not is_hidden)
        self._kept.setVisible(is_hidden)
        self._replace.setVisible(is_hidden)
        self._from_file.setVisible(self.many is not None and not is_hidden)

    def _begin_again(self) -> None:
        self._is_replacing = True
        self._show()
        self.target.setFocus()

    def _pick(self, value: str) -> None:
        self._choice = value
        self.retranslate()
        self.picked.emit(self.key, value)

    def _read_file(self) -> None:
        chosen, _ = QFileDialog.getOpenFileName(self, field_name(self.key))
        if chosen:
            self.take_file(Path(chosen))

    def take_file(self, path: Path) -> None:
        """What stands in it; a file that cannot be read, or is no text, changes nothing."""
        try:
            with path.open(encoding="utf-8") as file:
                text = file.read(_MOST_KEY_CHARACTERS)
        except (OSError, ValueError):
            return
        if self.many is not None:
            self.many.setPlainText(text)


class GatewayForm(QWidget):
    """Enter goes to the next field, from the last one it keeps. `kept` says what was typed."""

    kept = Signal(dict)

    def __init__(self) -> None:
        super().__init__()
        self.rows: dict[str, FieldRow] = {}
        self._name = ""
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(scaled(12))

    def build(self, setup: GatewaySetup) -> None:
        """Empty, but for what is kept and no secret."""
        while self._layout.count():
            taken = self._layout.takeAt(0)
            gone = taken.widget() if taken is not None else None
            if gone is not None:
                gone.hide()
                gone.setParent(None)
                gone.deleteLater()
        self._name = setup.name
        self.rows = {each.field.key: FieldRow(each) for each in setup.fields}
        for made in self.rows.values():
            made.picked.connect(lambda key, value: self._show_what_counts())
            made.left.connect(self._go_on)
            self._layout.addWidget(made)
        self._show_what_counts()

    def put_wrong(self, key: str) -> None:
        """Marks the field; empty for none."""
        for each in self.rows.values():
            each.put_wrong(is_wrong=each.key == key)

    def changes(self) -> dict[str, str]:
        """Every field that was changed."""
        typed = {key: each.changed() for key, each in self.rows.items()}
        return {key: value for key, value in typed.items() if value is not None}

    def first(self) -> QWidget:
        return next(iter(self.rows.values())).target if self.rows else self

    def _show_what_counts(self) -> None:
        for key, each in self.rows.items():
            choice, value = _ONLY_WITH.get((self._name, key), ("", ""))
            each.setVisible(not choice or self.rows[choice].choice == value)

    def _go_on(self) -> None:
        seen = [each for each in self.rows.values() if not each.isHidden()]
        place = seen.index(self.sender()) if self.sender() in seen else len(seen)  # type: ignore[arg-type]
        if place + 1 < len(seen):
            seen[place + 1].target.setFocus()
        else:
            self.kept.emit(self.changes())
