"""Every ink can be read on its ground, in all three looks; and PySide keeps count."""

from __future__ import annotations

import sys

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QLabel

from pos_app.ui import theme
from pos_app.ui.style_sheet import TEXT_ROLES, style_sheet
from pos_app.ui.theme import PAIRS, TOKENS, Look
from pos_app.ui.widgets.product_tiles import BLOCKS

LEAST = {Look.LIGHT: 4.5, Look.DARK: 4.5, Look.LARGE: 7.0}


def brightness(colour: str) -> float:
    """WCAG 2.2 relative luminance."""
    shares = (
        (0.2126, QColor(colour).redF()),
        (0.7152, QColor(colour).greenF()),
        (0.0722, QColor(colour).blueF()),
    )
    return sum(
        share * (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)
        for share, part in shares
    )


def contrast(one: str, other: str) -> float:
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", Look)
@pytest.mark.parametrize("pair", PAIRS, ids=" on ".join)
def test_every_ink_can_be_read_on_its_ground(look: Look, pair: tuple[str, str]) -> None:
    ink, ground = (getattr(TOKENS[look], name) for name in pair)
    assert contrast(ink, ground) >= LEAST[look], f"{ink} on {ground}: {contrast(ink, ground):.2f}"


@pytest.mark.parametrize("look", Look)
def test_outlines_can_be_found(look: Look) -> None:
    tokens = TOKENS[look]
    assert contrast(tokens.edge, tokens.card) >= 3
    assert contrast(tokens.accent, tokens.ground) >= 3


def test_white_letters_can_be_read_on_every_block() -> None:
    assert all(contrast("#FFFFFF", block) >= 4.5 for block in BLOCKS)


@pytest.mark.parametrize("look", Look)
def test_painters_find_the_tokens_in_the_palette(qapp: QApplication, look: Look) -> None:
    theme.apply(qapp, look)
    tokens = TOKENS[look]
    for name in (
        "ground",
        "card",
        "ink",
        "second",
        "accent",
        "ok",
        "warn",
        "danger",
        "danger_ground",
        "edge",
    ):
        assert theme.colour(name).name().upper() == getattr(tokens, name).upper(), name
    assert theme.scaled(15) == tokens.px(15)
    assert style_sheet(tokens).count("{") == style_sheet(tokens).count("}")
    theme.apply(qapp, Look.LIGHT)


def test_change_due_is_the_largest_type() -> None:
    assert max(TEXT_ROLES.values())[0] == TEXT_ROLES["change"][0] == 96


def test_pyside_keeps_count_of_none(qapp: QApplication) -> None:
    """PySide6 6.12.0 lost a reference to None at almost every call on Python 3.10 and 3.11, and aborted."""
    label = QLabel()
    before = sys.getrefcount(None)
    for number in range(20_000):
        label.setText(str(number))
    assert abs(sys.getrefcount(None) - before) < 500
