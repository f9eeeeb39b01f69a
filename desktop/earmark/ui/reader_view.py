"""The words of an episode as a text that can be read, searched, selected, and clicked to be heard."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextOption,
    QWheelEvent,
)
from PySide6.QtWidgets import QFrame, QTextEdit

from earmark.records import Segment
from earmark.ui.parts import SEMI_BOLD
from earmark.ui.script import Placed, paragraphs, segment_at
from earmark.ui.theme import COLUMN, GRID, Token, colour, font
from earmark.ui.words import moment, shown, tr

GUTTER = 9 * GRID
LEADING = 150
MOST_MARKED = 400
MOST_OF_A_SEGMENT = 4000
CHOSEN: tuple[Token, Token] = ("accent", "card")
FOUND: tuple[Token, Token] = ("select", "ink")
_LINE = "\u2028"


class ReaderView(QTextEdit):
    """A transcript in paragraphs with their times beside them.

    Signals: played(int): a moment; scrolled_by_hand().
    """

    played = Signal(int)
    scrolled_by_hand = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Transcript"))
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        selectable = Qt.TextInteractionFlag.TextSelectableByMouse
        self.setTextInteractionFlags(selectable | Qt.TextInteractionFlag.TextSelectableByKeyboard)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(0)
        self._segments: Sequence[Segment] = ()
        self._placed = Placed()
        self._playing: int | None = None
        self._found: list[tuple[int, int]] = []
        self._at = 0

    def show_words(self, segments: Sequence[Segment]) -> None:
        """Set the words; where the user reads stays."""
        scrolled, caret = self.verticalScrollBar().value(), self.textCursor().position()
        self._segments, self._playing, self._found = segments, None, []
        self._set()
        cursor = self.textCursor()
        cursor.setPosition(min(caret, self.document().characterCount() - 1))
        self.setTextCursor(cursor)
        self.verticalScrollBar().setValue(scrolled)

    def search(self, words: str) -> int:
        """Mark every place where these words stand, however large their letters; how many there are."""
        self._found, self._at = [], -1
        pieces = words.split()
        if pieces:
            text = self.toPlainText()
            astral = [n for n, sign in enumerate(text) if ord(sign) > 0xFFFF] if not text.isascii() else []
            for found in re.finditer(r"\s+".join(map(re.escape, pieces)), text, re.IGNORECASE):
                start = found.start() + bisect_left(astral, found.start())
                self._found.append((start, found.end() + bisect_left(astral, found.end())))
        self._mark()
        return len(self._found)

    def go_to_found(self, step: int) -> int:
        """Bring the next found place into sight (or, with -1, the one before); which one it is, from 1."""
        if not self._found:
            return 0
        if self._at < 0:
            here = self.cursorForPosition(self.viewport().rect().topLeft()).position()
            self._at = next((n for n, (start, _end) in enumerate(self._found) if start >= here), 0)
        else:
            self._at = (self._at + step) % len(self._found)
        self._mark()
        self._see(self._found[self._at][0])
        return self._at + 1

    def show_playing(self, position_ms: int | None, *, follow: bool) -> None:
        """Mark what is said at a moment, and bring it into sight; None: nothing plays."""
        number = None if position_ms is None else segment_at(self._segments, position_ms)
        if number == self._playing:
            return
        self._playing = number
        self._mark()
        if number is not None and follow:
            self._see(self._placed.starts[number])

    def go_to(self, position_ms: int) -> None:
        """Bring what is said at a moment into sight, the keyboard with it."""
        number = segment_at(self._segments, position_ms)
        if number is not None:
            cursor = self.textCursor()
            cursor.setPosition(self._placed.starts[number])
            self.setTextCursor(cursor)
            self._playing = number
            self._mark()
            self._see(self._placed.starts[number])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802  (Qt's name)
        """A click plays; a selection is only a selection."""
        super().mouseReleaseEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and not self.textCursor().hasSelection():
            self._play(self.cursorForPosition(event.position().toPoint()).position())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter plays from where the keyboard is."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._play(self.textCursor().position())
            return
        if event.key() in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_Home, Qt.Key.Key_End):
            self.scrolled_by_hand.emit()
        super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802
        """Who looks elsewhere is not pulled back."""
        self.scrolled_by_hand.emit()
        super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The column stays in the middle."""
        spare = max(6 * GRID, self.width() - COLUMN)
        self.setViewportMargins(spare // 2, 0, spare // 2 - self.verticalScrollBar().width(), 0)
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Another palette: the words are set anew in its colours."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self._segments:
            self.show_words(self._segments)

    def _play(self, position: int) -> None:
        number = self._placed.at(position)
        if number is not None:
            self.played.emit(self._segments[number].start_ms)

    def _set(self) -> None:
        """Write paragraph after paragraph; what comes from outside is only ever inserted as plain text."""
        self.setExtraSelections([])
        self._placed = Placed()
        document = self.document()
        document.clear()
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        times, names, words = self._format(12, "muted"), self._format(13, "ink", bold=True), self._serif()
        for number, paragraph in enumerate(paragraphs(self._segments)):
            if number:
                cursor.insertBlock()
            cursor.setBlockFormat(_block())
            cursor.insertText(moment(paragraph.start_ms) + "\t", times)
            if paragraph.speaker:
                cursor.insertText(paragraph.speaker + _LINE, names)
            for segment in self._segments[paragraph.first : paragraph.last + 1]:
                self._placed.starts.append(cursor.position())
                said = " ".join(shown(segment.text, MOST_OF_A_SEGMENT).split())
                cursor.insertText(said, words)
                self._placed.ends.append(cursor.position())
                cursor.insertText(" ", words)
        cursor.endEditBlock()

    def _format(self, px: float, token: Token, *, bold: bool = False) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setFont(font(px, weight=SEMI_BOLD) if bold else font(px))
        made.setForeground(colour(self, token))
        return made

    def _serif(self) -> QTextCharFormat:
        made = QTextCharFormat()
        made.setFont(font(16, serif=True))
        made.setForeground(colour(self, "soft"))
        return made

    def _mark(self) -> None:
        """The tint behind what plays, and marks on what was found, those nearest to the chosen one."""
        marks = []
        if self._playing is not None:
            place = (self._placed.starts[self._playing], self._placed.ends[self._playing])
            marks.append(self._selection(place, "tint", "ink"))
        first = max(0, self._at - MOST_MARKED // 2)
        for number, place in enumerate(self._found[first : first + MOST_MARKED], start=first):
            chosen = number == self._at
            marks.append(
                self._selection(place, "accent" if chosen else "select", "card" if chosen else "ink")
            )
        self.setExtraSelections(marks)

    def _selection(self, place: tuple[int, int], behind: Token, ink: Token) -> QTextEdit.ExtraSelection:
        made = QTextEdit.ExtraSelection()
        cursor = QTextCursor(self.document())
        cursor.setPosition(place[0])
        cursor.setPosition(place[1], QTextCursor.MoveMode.KeepAnchor)
        made.cursor = cursor
        look = QTextCharFormat()
        look.setBackground(colour(self, behind))
        look.setForeground(colour(self, ink))
        look.setFontUnderline(behind == "select")
        made.format = look
        return made

    def _see(self, position: int) -> None:
        """Scroll so that a place stands in the upper third, unless it is in sight."""
        cursor = QTextCursor(self.document())
        cursor.setPosition(position)
        place: QRect = self.cursorRect(cursor)
        high = self.viewport().height()
        if place.top() < 0 or place.bottom() > high - 6 * GRID:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + place.top() - high // 3)


def _block() -> QTextBlockFormat:
    """A paragraph with its time to the left of it."""
    made = QTextBlockFormat()
    made.setLeftMargin(GUTTER)
    made.setTextIndent(-GUTTER)
    made.setTabPositions([QTextOption.Tab(GUTTER, QTextOption.TabType.LeftTab)])
    made.setTopMargin(2 * GRID)
    made.setLineHeight(LEADING, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
    return made
