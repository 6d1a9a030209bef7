"""Puts a look on the application, and hands its colours and sizes to painters."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from pos_app.ui.style_sheet import style_sheet
from pos_app.ui.tokens import FAMILY, LEAST_TARGET, PAIRS, RADIUS, RADIUS_CARD, SPACE, TOKENS, Look, Tokens

__all__ = [
    "FAMILY", "LEAST_TARGET", "PAIRS", "RADIUS", "RADIUS_CARD", "SPACE", "TOKENS", "Look", "Tokens",
    "apply", "colour", "font", "palette_of", "scaled",
]  # fmt: skip

# Painters find the tokens in the palette, which Qt hands down and announces by itself.
_ROLES = {
    "ground": QPalette.ColorRole.Window,
    "card": QPalette.ColorRole.Base,
    "sunken": QPalette.ColorRole.AlternateBase,
    "ink": QPalette.ColorRole.WindowText,
    "second": QPalette.ColorRole.PlaceholderText,
    "hairline": QPalette.ColorRole.Midlight,
    "edge": QPalette.ColorRole.Mid,
    "accent": QPalette.ColorRole.Highlight,
    "on_accent": QPalette.ColorRole.HighlightedText,
    "accent_ground": QPalette.ColorRole.Light,
    "ok": QPalette.ColorRole.Link,
    "ok_ground": QPalette.ColorRole.Shadow,
    "warn": QPalette.ColorRole.LinkVisited,
    "warn_ground": QPalette.ColorRole.ToolTipBase,
    "danger": QPalette.ColorRole.BrightText,
    "danger_ground": QPalette.ColorRole.Dark,
}


def palette_of(tokens: Tokens) -> QPalette:
    """The tokens as a palette, so that painters and Qt's own parts agree."""
    palette = QPalette()
    for name, role in _ROLES.items():
        palette.setColor(role, QColor(getattr(tokens, name)))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.ToolTipText):
        palette.setColor(role, QColor(tokens.ink))
    palette.setColor(QPalette.ColorRole.Button, QColor(tokens.card))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText, QPalette.ColorRole.WindowText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.second))
    return palette


def colour(name: str) -> QColor:
    """The present look's colour of that token, for painters."""
    return QApplication.palette().color(_ROLES[name])


def scaled(size: float) -> int:
    """A size of the tokens in the present look."""
    return round(size * QApplication.font().pixelSize() / 15)


def font(size: float, *, is_bold: bool = False) -> QFont:
    """The house's font at a token size, for painters."""
    made = QFont(FAMILY)
    made.setPixelSize(scaled(size))
    made.setWeight(QFont.Weight.DemiBold if is_bold else QFont.Weight.Normal)
    return made


def apply(application: QApplication, look: Look) -> None:
    """Put this look on; everything that is already drawn follows."""
    tokens = TOKENS[look]
    body = QFont(FAMILY)
    body.setPixelSize(tokens.px(15))
    application.setFont(body)
    application.setPalette(palette_of(tokens))
    application.setStyleSheet(style_sheet(tokens))
