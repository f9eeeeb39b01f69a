"""Somebody who has a keyboard and nothing else: presses keys where the keyboard is, and reads what is shown.

Keys go to the window that has the keyboard, as the system sends them; Qt decides who gets them. Nothing is
looked up to be acted on: what is wanted is reached by Tab, arrows and shortcuts, or it is not reached.
"""

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QDialog,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

MOST_STEPS = 150
WAIT_MS = 150_000


class Typist:
    """Presses keys and reads. What it cannot reach fails the test, with what it saw on its way."""

    def __init__(self, qtbot: QtBot) -> None:
        self._qtbot = qtbot

    def press(self, keys: str, times: int = 1) -> None:
        """Press keys together, as a menu writes them: "Ctrl+K"."""
        together = QKeySequence(keys)[0]
        for _ in range(times):
            self._strike(together.key(), together.keyboardModifiers())

    def write(self, text: str) -> None:
        """Type a text; a new line is Enter."""
        for sign in text:
            self._strike(Qt.Key.Key_Return if sign == "\n" else sign)

    def rewrite(self, text: str) -> None:
        """Type a text in place of what stands in the field."""
        self.press("Ctrl+A")
        self.write(text)

    def to(self, name: str, *, by: str = "Tab") -> None:
        """Press a key until what has the keyboard is called so; again and again, since it may still come."""
        seen: dict[str, None] = {}

        def comes() -> bool:
            for _ in range(MOST_STEPS):
                if self.here().startswith(name):
                    return True
                self.press(by)
                seen[self.here()] = None
            return False

        try:
            self._qtbot.waitUntil(comes, timeout=WAIT_MS)
        except Exception as error:
            raise AssertionError(f"{by} never comes to {name!r}, but to {list(seen)}") from error

    def open(self, name: str, *, by: str = "Tab") -> None:
        """Go to what is called so, and press it."""
        self.to(name, by=by)
        self.press("Return")

    def choose(self, name: str) -> None:
        """Go down in the menu or list that is open to what is called so, and take it."""
        self.to(name, by="Down")
        self.press("Return")

    def command(self, words: str) -> None:
        """Find a command by its name, and do it."""
        self.press("Ctrl+K")
        self.write(words)
        self.press("Return")

    def until(self, so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        try:
            self._qtbot.waitUntil(so, timeout=WAIT_MS)
        except Exception as error:
            raise AssertionError(f"it never came; shown is {self.shown()}") from error

    def until_shown(self, text: str) -> None:
        """Wait until a text stands on the screen."""
        self.until(lambda: self.sees(text))

    def sees(self, text: str) -> bool:
        """Whether a text stands on the screen."""
        return any(text in each for each in self.shown())

    def here(self) -> str:
        """What a screen reader calls what has the keyboard; of a list the row."""
        menu = QApplication.activePopupWidget()
        if isinstance(menu, QMenu):
            active = menu.activeAction()
            return active.text().replace("&", "") if active else ""
        widget = QApplication.focusWidget()
        if widget is None:
            return ""
        if isinstance(widget, QAbstractItemView) and widget.currentIndex().isValid():
            return spoken(widget.currentIndex())
        found = QAccessible.queryAccessibleInterface(widget)
        return plain(found.text(QAccessible.Text.Name)) if found else ""

    def shown(self) -> list[str]:
        """All texts of the window that has the keyboard, and of the main window below it."""
        return [text for window in _windows() for text in texts_of(window)]

    def typed(self) -> str:
        """What stands in the field that has the keyboard."""
        widget = QApplication.focusWidget()
        if isinstance(widget, QLineEdit):
            return widget.text()
        return widget.toPlainText() if isinstance(widget, QPlainTextEdit | QTextEdit) else ""

    def _strike(self, key: Qt.Key | str, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Down and up; a key that closes a window comes up in the next."""
        QTest.keyPress(self._window(), key, held)
        QApplication.processEvents()
        if _windows():
            QTest.keyRelease(self._window(), key, held)
            QApplication.processEvents()

    def _window(self) -> QWindow:
        """The window that has the keyboard. Where no window manager gives it on, as on a bare X server, the
        one that is uppermost gets it."""
        there, modal = QGuiApplication.focusWindow(), QApplication.activeModalWidget()
        popup = QApplication.activePopupWidget()
        arrived = modal is None or popup is not None or there is modal.windowHandle()
        if there is not None and there.isVisible() and arrived:
            return there
        top = modal or next(iter(_windows()), None)
        assert top is not None, "no window is there"
        if QGuiApplication.focusWindow() is not top.windowHandle():
            top.activateWindow()
            self._qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is top.windowHandle(), timeout=5000)
        return top.windowHandle()


def spoken(index: QModelIndex) -> str:
    """What a screen reader says of a row."""
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    return plain(str(said or index.data() or ""))


def plain(text: str) -> str:
    """Without the marks that keep names of other scripts in their place."""
    return text.replace("\u2068", "").replace("\u2069", "")


def _windows() -> list[QWidget]:
    """The dialogs that are open, and the main window."""
    seen = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    dialogs = [each for each in seen if isinstance(each, QDialog)]
    return [*reversed(dialogs), *(each for each in seen if isinstance(each, QMainWindow))]


def texts_of(window: QWidget) -> list[str]:
    """What can be read in a window."""
    found: list[str] = []
    for each in window.findChildren(QWidget):
        if not each.isVisible():
            continue
        if isinstance(each, QLabel):
            found.append(each.accessibleName() or each.text())
        elif isinstance(each, QAbstractButton | QLineEdit):
            found.append(each.text())
        elif isinstance(each, QAbstractItemView) and each.model() is not None:
            rows = range(min(100, each.model().rowCount()))
            found += [spoken(each.model().index(row, 0)) for row in rows]
        elif isinstance(each, QPlainTextEdit | QTextEdit):
            found.append(each.toPlainText())
    return [plain(text) for text in found if text]
