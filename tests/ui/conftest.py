"""Every test of the screen begins in English and in the light look, whatever the one before chose."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from pos_app.ui import theme
from pos_app.ui.language import Languages
from pos_app.ui.theme import Look
from tests.ui.window import ROOT


@pytest.fixture(autouse=True)
def english_and_light() -> Iterator[None]:
    yield
    application = QCoreApplication.instance()
    if not isinstance(application, QApplication):
        return
    if application.findChildren(QTranslator):
        Languages(ROOT / "translations").switch("en")
    if application.styleSheet() and application.font().pixelSize() != 15:
        theme.apply(application, Look.LIGHT)
