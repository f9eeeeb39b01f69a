"""The user's own words on an insight, kept as they are typed."""

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QHideEvent, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from earmark.ui.theme import GRID, font
from earmark.ui.words import tr

PAUSE_MS = 700
MOST_LINES_SHOWN = 12


class Note(QPlainTextEdit):
    """Words about one insight. What is typed is never replaced by what comes from elsewhere.

    Signals: written(str, str): the words, and those that they were written over.
    """

    written = Signal(str, str)

    def __init__(self, stored: str) -> None:
        super().__init__()
        self.setAccessibleName(tr("Your note"))
        self.setPlaceholderText(tr("Your own words. They are kept as you type."))
        self.setFont(font(15))
        self.setTabChangesFocus(True)
        self.setPlainText(stored)
        self._stored, self._sent = stored, stored
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.keep)
        self.textChanged.connect(self._on_typed)
        self._fit()

    def keep(self) -> None:
        """Have what was typed kept now."""
        self._pause.stop()
        text = self.toPlainText()
        if text != self._sent:
            self._sent = text
            self.written.emit(text, self._stored)

    def show_stored(self, text: str) -> None:
        """What the library holds by now: shown, unless the user has typed on since."""
        if text == self._stored and self._sent != self._stored:
            return  # what was typed is on its way
        if self.toPlainText() in (self._stored, self._sent):
            self._replace(text)
            self._stored = self._sent = text
        elif text == self._sent:
            self._stored = text

    def _replace(self, text: str) -> None:
        if text == self.toPlainText():
            return
        at = self.textCursor().position()
        self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(False)
        cursor = self.textCursor()
        cursor.setPosition(min(at, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self._fit()

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802  (Qt's name)
        """Leaving keeps."""
        self.keep()
        super().focusOutEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """So does another page, and closing the window."""
        self.keep()
        super().hideEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Escape gives the keyboard back to the page."""
        if event.key() == Qt.Key.Key_Escape:
            self.clearFocus()
        else:
            super().keyPressEvent(event)

    def _on_typed(self) -> None:
        self._pause.start()
        self._fit()

    def _fit(self) -> None:
        """As tall as its lines, within reason."""
        lines = min(MOST_LINES_SHOWN, max(3, self.document().lineCount()))
        self.setFixedHeight(lines * self.fontMetrics().lineSpacing() + 3 * GRID)
