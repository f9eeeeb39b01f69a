"""The strips at the bottom: a sentence for the user, the work that goes on."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QProgressBar, QPushButton, QWidget

from earmark.records import Progress
from earmark.ui.below import said
from earmark.ui.parts import SEMI_BOLD, Cut, Label, button
from earmark.ui.theme import BAR_HEIGHT, GRID, NARROWEST, RING, keep_size, zoomed
from earmark.ui.words import ended_once, name, progress_detail, shown, tr

BRIEFLY_MS = 4000
MOST_UNDOS = 9
_MOST_HEIGHT = 16_777_215


def _nothing() -> None:
    """What is done about a sentence that only tells."""


class Strip(QFrame):
    """One line over the whole width."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.setMinimumWidth(1)  # a strip hides words before it keeps a window from being small
        keep_size(self, height=BAR_HEIGHT, around=4 * GRID)

    def _put(self, *things: QWidget | None) -> None:
        self._across = layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID + 4, 0, 2 * GRID + 4 - RING, 0)
        layout.setSpacing(GRID + 4)
        for thing in things:
            if thing is None:
                layout.addStretch(1)
            else:
                wraps = isinstance(thing, Label) and thing.wordWrap()
                layout.addWidget(thing, 1 if wraps else 0, Qt.AlignmentFlag.AlignVCenter)

    def across(self) -> QHBoxLayout:
        """How things stand beside each other."""
        return self._across


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """A sentence, the word for what can be done about it (empty: nothing), and that."""

    sentence: str
    word: str = ""
    deed: Callable[[], object] = _nothing


class Notice(Strip):
    """A sentence for the user, which screen readers say, too. It stays until it is closed, so that no fault
    flits by; one that is said briefly goes by itself, and leaves one that offers something where it is.

    What can be undone is offered until it is undone or closed: the last first, then the one before it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown = Offer("")
        self._undos: list[Offer] = []
        self._sentence = Label("", 13, "ink")
        self._offer = button("", "word", self._accept)
        self._close = button(tr("Close"), "word", self._let_go)
        self._put(self._sentence, self._offer, self._close)
        self.setProperty("size at 100%", None)
        self.setMinimumHeight(BAR_HEIGHT)
        self.setMaximumHeight(_MOST_HEIGHT)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._end_brief)
        self.hide()

    def say(
        self, sentence: str, *, offer: str = "", deed: Callable[[], object] = _nothing, briefly: bool = False
    ) -> None:
        """Say it; `offer` names what can be done about it, and `deed` does that."""
        sentence = ended_once(shown(said(sentence)))
        self._timer.stop()
        if briefly and not offer and self._shown.word and not self.isHidden():
            self._sentence.setText(f"{sentence} {self._shown.sentence}")
            self._announce(sentence)
        else:
            self._put_offer(Offer(sentence, offer, deed))
        if offer == tr("Undo"):
            self._undos = [*self._undos, self._shown][-MOST_UNDOS:]
        if briefly:
            self._timer.start(BRIEFLY_MS)

    def text(self) -> str:
        """What it says now."""
        return "" if self.isHidden() else self._sentence.text()

    def undo(self) -> None:
        """Undo what was done last; where something else stands here by now, it is offered again first."""
        if not self._undos:
            self.say(tr("There is nothing to undo."), briefly=True)
        elif self.isHidden() or self._shown is not self._undos[-1]:
            self._put_offer(self._undos[-1])
        else:
            self._accept()

    def _put_offer(self, offer: Offer) -> None:
        self._shown = offer
        self._sentence.setText(offer.sentence)
        self._offer.setText(offer.word)
        self._offer.setAccessibleName(offer.word or tr("Nothing offered"))
        self._offer.setVisible(bool(offer.word))
        self.show()
        self._announce(offer.sentence)

    def _announce(self, sentence: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _end_brief(self) -> None:
        if self._shown.word:
            self._sentence.setText(self._shown.sentence)
        else:
            self.hide()

    def _accept(self) -> None:
        taken = self._shown
        self._undos = [each for each in self._undos if each is not taken]
        if taken.word == tr("Undo") and self._undos:
            self._put_offer(self._undos[-1])
        else:
            self.hide()
        taken.deed()

    def _let_go(self) -> None:
        if self._shown in self._undos:
            self._undos = []
        self.hide()


class WorkBar(Strip):
    """What is being worked on, how far it is, Pause and Go on. Signals: pause_asked(), go_asked()."""

    pause_asked = Signal()
    go_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._doing = Label("", 13, "muted", wrap=False)
        self._subject = Cut("", 13, "ink", weight=SEMI_BOLD)
        self._progress = QProgressBar()
        self._progress.setAccessibleName(tr("Progress"))
        self._progress.setTextVisible(False)
        keep_size(self._progress, 180, 4)
        self._progress.setRange(0, 1000)
        self._detail = Cut("", 13, "muted")
        self._action: QPushButton = button(tr("Pause"), "word", self._act)
        self._paused = False
        self._put(self._doing, self._subject, self._progress, self._detail, None, self._action)
        self.show_progress(None)

    @property
    def paused(self) -> bool:
        """Whether the user stopped the work."""
        return self._paused

    def show_progress(self, progress: Progress | None) -> None:
        """Say what is being worked on; None: nothing is. A pause is not talked over."""
        if self._paused:
            return
        self._progress.setVisible(bool(progress and progress.fraction is not None))
        self._action.setVisible(progress is not None)
        if progress is None:
            self._say(tr("Nothing to do just now"))
            return
        self._say(said(progress.doing), name(progress.subject), progress_detail(progress))
        self._progress.setValue(round(1000 * (progress.fraction or 0)))

    def be_paused(self, paused: bool) -> None:
        """Work stopped because the user asked, or goes on."""
        self._paused = paused
        word = tr("Go on") if paused else tr("Pause")
        self._action.setText(word)
        self._action.setAccessibleName(word)
        self._action.show()
        if paused:
            self._progress.hide()
            self._say(tr("Paused. What is done is kept."))
        else:
            self.show_progress(None)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802  (Qt's name)
        """In a small window the words need the room."""
        keep_size(self._progress, 180 if event.size().width() >= zoomed(NARROWEST) else 80, 4)
        super().resizeEvent(event)

    def text(self) -> str:
        """What it says, for tests."""
        return " ".join(filter(None, (self._doing.text(), self._said, self._detail.accessibleName())))

    def _say(self, doing: str, subject: str = "", detail: str = "") -> None:
        self._said = subject.strip("\u2068\u2069")
        self._doing.setText(shown(doing))
        self._subject.show_text(subject)
        self._subject.setVisible(bool(subject))
        self._detail.show_text(detail)
        self._detail.setVisible(bool(detail))

    def _act(self) -> None:
        (self.go_asked if self._paused else self.pause_asked).emit()
