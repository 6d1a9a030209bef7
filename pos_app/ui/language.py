"""Switches the words of the screen between the two languages of the house while it runs."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

LANGUAGES = ("zh", "en")
_FILES = {"zh": "pos_zh_CN"}
_QT_FILES = {"zh": "qtbase_zh_CN"}
_LOCALES = {
    "zh": (QLocale.Language.Chinese, QLocale.Country.China),
    "en": (QLocale.Language.English, QLocale.Country.UnitedKingdom),
}


class Languages:
    """The translators belong to the application; English is what the source says, so it needs none."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.present = "en"

    def switch(self, language: str) -> None:
        """Every widget hears of it as QEvent.LanguageChange."""
        application = QCoreApplication.instance()
        if application is None:
            return
        for old in application.findChildren(QTranslator):
            QCoreApplication.removeTranslator(old)
            old.setParent(None)
        self.present = language if language in LANGUAGES else "en"
        QLocale.setDefault(QLocale(*_LOCALES[self.present]))
        qt_folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        for names, folder in ((_QT_FILES, qt_folder), (_FILES, str(self._folder))):
            name = names.get(self.present)
            if not name:
                continue
            translator = QTranslator(application)
            if translator.load(name, folder):
                QCoreApplication.installTranslator(translator)
