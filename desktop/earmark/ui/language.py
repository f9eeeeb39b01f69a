"""The language of the window: the user's choice, else the system's, as far as there are texts for it."""

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtWidgets import QApplication

from earmark.paths import resource


def tr(text: str) -> str:
    """A string of the window in the user's language."""
    return QCoreApplication.translate("Earmark", text)


def speak(application: QApplication, language: str | None) -> list[QTranslator]:
    """Install the texts of a language (None: the system's), Qt's own too; dates and numbers follow.

    To be called before a window is made. English needs no file. Gives what was installed.
    """
    locale = QLocale(language) if language else QLocale.system()
    QLocale.setDefault(locale)
    application.setLayoutDirection(_direction(locale))
    installed = []
    folders = (QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath), str(resource("strings")))
    for name, folder in zip(("qtbase", "earmark"), folders, strict=True):
        translator = QTranslator(application)
        if translator.load(locale, name, "_", folder):
            application.installTranslator(translator)
            installed.append(translator)
    return installed


def _direction(locale: QLocale) -> Qt.LayoutDirection:
    """Right to left only where there are texts for it, too: half a language helps nobody."""
    translator = QTranslator()
    known = translator.load(locale, "earmark", "_", str(resource("strings")))
    return locale.textDirection() if known else Qt.LayoutDirection.LeftToRight
