"""Turns the tokens into Qt's style sheet; widgets say what they are by `role`, `kind` and `tone`."""

from __future__ import annotations

from pos_app.ui.tokens import FAMILY, LEAST_TARGET, RADIUS, RADIUS_CARD, Tokens

# role of a label -> (token size, is bold)
TEXT_ROLES = {
    "tiny": (13, False),
    "small": (13, False),
    "body": (15, False),
    "strong": (15, True),
    "lead": (18, False),
    "head": (18, True),
    "title": (24, True),
    "big": (32, True),
    "figure": (24, True),
    "total": (48, True),
    "huge": (72, True),
    "change": (96, True),
}


def style_sheet(tokens: Tokens) -> str:
    """The whole sheet for one look."""
    return "\n".join(
        (_text(tokens), _grounds(tokens), _buttons(tokens), _fields(tokens), _tables(tokens), _bars(tokens))
    )


def _text(t: Tokens) -> str:
    roles = "\n".join(
        f'QLabel[role="{role}"] {{ font-size: {t.px(size)}px; font-weight: {600 if is_bold else 400}; }}'
        for role, (size, is_bold) in TEXT_ROLES.items()
    )
    tones = "\n".join(
        f'QLabel[tone="{tone}"] {{ color: {getattr(t, tone)}; }}'
        for tone in ("ink", "second", "accent", "ok", "warn", "danger", "on_accent")
    )
    return f"""
* {{ font-family: "{FAMILY}"; font-size: {t.px(15)}px; color: {t.ink}; }}
QLabel {{ background: transparent; }}
QLabel:disabled {{ color: {t.second}; }}
QToolTip {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.hairline}; padding: 4px; }}
{roles}
QLabel[role="tiny"], QLabel[role="small"] {{ color: {t.second}; }}
{tones}
"""


def _grounds(t: Tokens) -> str:
    states = "\n".join(
        f'QFrame[role="state"][tone="{tone}"] {{ background: {getattr(t, tone + "_ground")}; }}'
        for tone in ("ok", "warn", "danger")
    )
    return f"""
QMainWindow, QWidget[role="ground"] {{ background: {t.ground}; }}
QFrame[role="card"] {{ background: {t.card}; border: 1px solid {t.hairline};
  border-radius: {t.px(RADIUS_CARD)}px; }}
QFrame[role="card"][chosen="true"] {{ border: 1px solid {t.accent}; background: {t.accent_ground}; }}
QFrame[role="side"] {{ background: {t.card}; border: none; border-left: 1px solid {t.hairline}; }}
QFrame[role="rail"] {{ background: {t.card}; border: none; border-right: 1px solid {t.hairline}; }}
QFrame[role="line"] {{ background: {t.hairline}; border: none; max-height: 1px; min-height: 1px; }}
QFrame[role="state"] {{ background: {t.accent_ground}; border: none; border-radius: {t.px(RADIUS)}px; }}
{states}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
"""


def _buttons(t: Tokens) -> str:
    radius = t.px(RADIUS)
    return f"""
QPushButton {{ background: {t.card}; color: {t.ink}; border: 1px solid {t.edge}; border-radius: {radius}px;
  padding: 0 {t.px(16)}px; min-height: {t.px(LEAST_TARGET) - 2}px; font-weight: 400; }}
QPushButton:hover {{ background: {t.sunken}; }}
QPushButton:pressed {{ background: {t.hairline}; }}
QPushButton:disabled {{ color: {t.second}; border-color: {t.hairline}; background: {t.ground}; }}
QPushButton:focus {{ border: 2px solid {t.accent}; }}
QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent}; border: 1px solid {t.accent};
  font-weight: 600; }}
QPushButton[kind="primary"] QLabel {{ color: {t.on_accent}; font-weight: 600; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {t.ink}; }}
QPushButton[kind="primary"]:disabled {{ background: {t.sunken}; border-color: {t.sunken}; color: {t.second}; }}
QPushButton[kind="primary"] QLabel:disabled {{ color: {t.second}; }}
QPushButton[kind="danger"] {{ color: {t.danger}; border: 1px solid {t.danger}; }}
QPushButton[kind="danger"] QLabel {{ color: {t.danger}; }}
QPushButton[kind="danger"] QLabel:disabled {{ color: {t.second}; }}
QPushButton[kind="danger"]:disabled {{ border-color: {t.hairline}; }}
QPushButton[kind="quiet"] {{ background: transparent; border: 1px solid transparent; }}
QPushButton[kind="quiet"]:hover {{ background: {t.sunken}; }}
QPushButton[kind="quiet"]:focus {{ border: 2px solid {t.accent}; }}
QPushButton[kind="pad"] {{ background: {t.sunken}; border: 1px solid {t.hairline}; font-size: {t.px(24)}px;
  min-height: {t.px(LEAST_TARGET) - 2}px; padding: 0; }}
QPushButton[kind="pad"]:hover {{ background: {t.hairline}; }}
QPushButton[kind="pad"]:pressed {{ background: {t.accent_ground}; }}
QPushButton[kind="chip"] {{ background: transparent; border: 1px solid transparent; color: {t.second};
  border-radius: {t.px(LEAST_TARGET) // 2}px; padding: 0 {t.px(16)}px; }}
QPushButton[kind="chip"]:hover {{ background: {t.sunken}; }}
QPushButton[kind="chip"]:checked {{ background: {t.ink}; color: {t.card}; font-weight: 600; }}
QPushButton[kind="choice"]:checked {{ background: {t.accent_ground}; border: 2px solid {t.accent};
  font-weight: 600; }}
QPushButton[kind="person"] {{ text-align: left; min-height: {t.px(68)}px; border: 1px solid {t.hairline};
  border-radius: {t.px(RADIUS_CARD)}px; background: {t.card}; padding: 0 {t.px(16)}px; }}
QPushButton[kind="person"]:hover {{ border-color: {t.accent}; }}
QPushButton[kind="person"]:checked {{ background: {t.accent_ground}; border: 2px solid {t.accent}; }}
QPushButton QLabel {{ background: transparent; }}
QLabel[role="key"] {{ font-size: {t.px(13)}px; font-weight: 400; color: {t.second}; background: {t.sunken};
  border: 1px solid {t.hairline}; border-radius: {t.px(4)}px; padding: 0 {t.px(5)}px; }}
QPushButton[kind="primary"] QLabel[role="key"] {{ color: {t.on_accent}; background: transparent;
  border: 1px solid {t.on_accent}; font-weight: 400; }}
QPushButton[kind="primary"] QLabel[role="key"]:disabled {{ color: {t.second}; border-color: {t.second}; }}
"""


def _fields(t: Tokens) -> str:
    radius = t.px(RADIUS)
    return f"""
QLineEdit, QComboBox, QDateEdit, QSpinBox, QPlainTextEdit {{ background: {t.card}; color: {t.ink};
  border: 1px solid {t.edge}; border-radius: {radius}px; padding: 0 {t.px(12)}px;
  min-height: {t.px(LEAST_TARGET) - 2}px; selection-background-color: {t.accent};
  selection-color: {t.on_accent}; placeholder-text-color: {t.second}; }}
QLineEdit:focus, QComboBox:focus, QDateEdit:focus, QSpinBox:focus, QPlainTextEdit:focus {{
  border: 2px solid {t.accent}; }}
QLineEdit:disabled {{ color: {t.second}; background: {t.ground}; }}
QLineEdit[role="entry"] {{ font-size: {t.px(24)}px; min-height: {t.px(56)}px; padding: 0 {t.px(16)}px; }}
QLineEdit[role="amount"] {{ font-size: {t.px(32)}px; font-weight: 600; min-height: {t.px(60)}px; }}
QLineEdit[role="pin"] {{ font-size: {t.px(32)}px; min-height: {t.px(60)}px; lineedit-password-character: 9679; }}
QComboBox::drop-down {{ border: none; width: {t.px(28)}px; }}
QComboBox QAbstractItemView {{ background: {t.card}; border: 1px solid {t.hairline};
  selection-background-color: {t.accent_ground}; selection-color: {t.ink}; }}
QCheckBox, QRadioButton {{ min-height: {t.px(LEAST_TARGET)}px; spacing: {t.px(8)}px; }}
"""


def _tables(t: Tokens) -> str:
    return f"""
QAbstractItemView {{ background: {t.card}; border: none; outline: 0; gridline-color: {t.hairline};
  selection-background-color: {t.accent_ground}; selection-color: {t.ink};
  alternate-background-color: {t.card}; }}
QListView[role="grid"], QListView[role="lines"] {{ background: transparent; }}
QTableView::item {{ padding: 0 {t.px(8)}px; border-bottom: 1px solid {t.hairline}; }}
QTableView::item:selected {{ background: {t.accent_ground}; color: {t.ink}; }}
QHeaderView {{ background: {t.card}; border: none; }}
QHeaderView::section {{ background: {t.card}; color: {t.second}; border: none;
  border-bottom: 1px solid {t.hairline}; padding: {t.px(8)}px; font-size: {t.px(13)}px; font-weight: 400; }}
QTableCornerButton::section {{ background: {t.card}; border: none; }}
QScrollBar:vertical {{ background: transparent; width: {t.px(10)}px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.hairline}; border-radius: {t.px(5)}px; min-height: {t.px(32)}px; }}
QScrollBar::handle:vertical:hover {{ background: {t.edge}; }}
QScrollBar:horizontal {{ background: transparent; height: {t.px(10)}px; margin: 0; }}
QScrollBar::handle:horizontal {{ background: {t.hairline}; border-radius: {t.px(5)}px; min-width: {t.px(32)}px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
"""


def _bars(t: Tokens) -> str:
    return f"""
QToolButton[role="rail"] {{ background: transparent; border: 2px solid transparent;
  border-radius: {t.px(RADIUS)}px; color: {t.second}; font-size: {t.px(13)}px; padding: {t.px(4)}px 0; }}
QToolButton[role="rail"]:hover {{ background: {t.sunken}; }}
QToolButton[role="rail"]:focus {{ border: 2px solid {t.accent}; }}
QToolButton[role="rail"]:checked {{ background: {t.accent_ground}; color: {t.accent}; font-weight: 600; }}
QTabBar::tab {{ background: transparent; color: {t.second}; padding: {t.px(10)}px {t.px(16)}px;
  border-bottom: 2px solid transparent; }}
QTabBar::tab:selected {{ color: {t.ink}; border-bottom: 2px solid {t.accent}; font-weight: 600; }}
QProgressBar {{ background: {t.sunken}; border: none; border-radius: {t.px(3)}px; max-height: {t.px(6)}px;
  min-height: {t.px(6)}px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: {t.px(3)}px; }}
"""
