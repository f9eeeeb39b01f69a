"""A transcript: the words of an episode over the whole height of the window, and a line to search them."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from earmark.records import Segment
from earmark.ui.parts import Cut, Label, button, hairline, row, search_line, switch
from earmark.ui.reader_view import ReaderView
from earmark.ui.theme import COLUMN, GRID, RING
from earmark.ui.words import count_of, name, tr

_MARGIN = 3 * GRID


class TranscriptPage(QWidget):
    """One transcript. Signals: episode_asked(), heard(int): from so many ms on."""

    episode_asked = Signal()
    heard = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("page")
        self.setAccessibleName(tr("Transcript"))
        self.words = ReaderView()
        self.words.played.connect(self.heard)
        self.words.played.connect(lambda _ms: self._follow(True))
        self.words.scrolled_by_hand.connect(lambda: self._follow(False))
        self.setFocusProxy(self.words)
        self._back = button("", "word", self.episode_asked.emit)
        self._note = Cut("", 13, "muted")
        self._following = switch(tr("Follow the sound"), lambda: None)
        self._following.setChecked(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, _MARGIN + 2, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(self._middle(row(self._back, None, self._following)))
        layout.addLayout(self._middle(row(self._note), ringed=False))
        layout.addLayout(self._middle(self._search_line(), ringed=False))
        layout.addLayout(self._middle(row(hairline_()), ringed=False))
        layout.addWidget(self.words, 1)
        self._shown: tuple[object, ...] = ()

    def show_words(self, number: int, title: str, note: str, segments: Sequence[Segment]) -> None:
        """Set the words of an episode; those of the same one that are already there stay as they are."""
        self._back.setText(name(title))
        self._back.setAccessibleName(tr("Back to {title}").format(title=title))
        self._note.show_text(note)
        content = (number, len(segments), segments[-1].end_ms if segments else 0, note)
        if content == self._shown:
            return
        another = not self._shown or self._shown[0] != number
        self._shown = content
        self.words.show_words(segments)
        if another:
            self.words.verticalScrollBar().setValue(0)
            self._asked.clear()
        elif self._asked.text():
            self._search(self._asked.text())

    def look_for(self) -> None:
        """Bring the keyboard to where words to search for are typed."""
        self._asked.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._asked.selectAll()

    def find_next(self, step: int = 1) -> None:
        """The next place that was found, or the one before."""
        at = self.words.go_to_found(step)
        if at:
            self._follow(False)
            found = tr("{number} of {count}").format(number=at, count=self._count)
            self._told.setText(found)

    def show_playing(self, position_ms: int | None) -> None:
        """Mark what is said just now."""
        self.words.show_playing(position_ms, follow=self._following.isChecked())

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Escape leads from the search back to the words."""
        if event.key() == Qt.Key.Key_Escape and self._asked.hasFocus():
            self._asked.clear()
            self.words.setFocus()
        else:
            super().keyPressEvent(event)

    def _search_line(self) -> QHBoxLayout:
        self._asked = search_line(tr("Find in this transcript"), tr("Find in this transcript"))
        self._asked.textChanged.connect(self._search)
        self._asked.returnPressed.connect(self.find_next)
        self._told = Label("", 13, "muted", wrap=False)
        self._before = button(tr("Previous"), "word", lambda: self.find_next(-1))
        self._after = button(tr("Next"), "word", lambda: self.find_next(1))
        self._count = 0
        line = row(self._asked, self._told, self._before, self._after, None)
        line.setStretchFactor(self._asked, 1)
        self._search("")
        return line

    def _search(self, words: str) -> None:
        self._count = self.words.search(words)
        for control in (self._before, self._after):
            control.setVisible(self._count > 0)
        none = tr("not found") if words.strip() else ""
        self._told.setText(count_of(self._count, "%n place", "%n places") if self._count else none)
        if self._count:
            self.find_next()

    def _follow(self, on: bool) -> None:
        self._following.setChecked(on)

    def _middle(self, thing: QHBoxLayout, *, ringed: bool = True) -> QHBoxLayout:
        """In the same column as every page."""
        holder = QWidget()
        ring = 0 if ringed else RING
        thing.setContentsMargins(ring, 0, ring, 0)
        holder.setLayout(thing)
        holder.setMaximumWidth(COLUMN + 2 * RING)
        across = QHBoxLayout()
        across.setContentsMargins(_MARGIN - RING, 0, _MARGIN - RING, 0)
        across.addStretch(1)
        across.addWidget(holder, 1000)
        across.addStretch(1)
        return across


def hairline_() -> QWidget:
    """A line that takes the column's width."""
    line = hairline()
    line.setMinimumWidth(GRID)
    return line
