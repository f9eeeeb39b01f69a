"""Search and Ask: one field, what narrows it, and what was found."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QCompleter, QLineEdit, QPushButton, QVBoxLayout, QWidget

from earmark.found import Answer, By, SearchPage
from earmark.ui.choice import Choice
from earmark.ui.fields import Field
from earmark.ui.flow import flow, spread
from earmark.ui.found_rows import AnswerRow, EpisodeRow, NearRow, address_of, found_row
from earmark.ui.keyboard_place import KeyboardPlace, button_at, button_near, keyboard_place
from earmark.ui.page import Mark, Page
from earmark.ui.parts import Label, Linked, button
from earmark.ui.results import Results
from earmark.ui.theme import GRID, RING, font
from earmark.ui.words import count_of, shown, tr

PAUSE_MS = 200
EXAMPLES = 4
NAME_WIDTH = 200


@dataclass(frozen=True, slots=True)
class Wanted:
    """How is searched. `when`: "any", "week", "month", "year" or "days"; `kind`: "all", "insights", "said",
    "episodes" or "shows". `show` and `topic` are names as they were typed, or empty; so are the days `first`
    and `last`, which count where `when` is "days"."""

    by: By = "both"
    kind: str = "all"
    when: str = "any"
    saved: bool = False
    show: str = ""
    topic: str = ""
    first: str = ""
    last: str = ""


class FindPage(Page):
    """The place. Signals: typed(str): words so far; searched(str), questioned(str): Enter, or a button;
    narrowed(): what is looked for stays, where changed; acted(str, str): see `deeds`; heard(int, int): an
    episode from so many ms on; went(str): an address; stopped(): no answer is wanted any more."""

    typed = Signal(str)
    searched = Signal(str)
    questioned = Signal(str)
    narrowed = Signal()
    acted = Signal(str, str)
    heard = Signal(int, int)
    went = Signal(str)
    stopped = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Search"))
        self._what: object = None
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(lambda: self.typed.emit(self.text()))
        self.begin("search")
        self.add_title(tr("Search"))
        self.add(self._field_row())
        self.add(self._narrow_row(), GRID + 4, ringed="left")
        self._trouble, self._looking = Label("", 13, "fault"), Label("", 13, "muted")
        for line in (self._trouble, self._looking):
            line.hide()
        self.add(self._trouble, GRID)
        self.add(self._looking)
        self._below = QVBoxLayout()
        self._below.setContentsMargins(0, 0, 0, 0)
        self.column.addLayout(self._below)
        self._results, self._seconds = Results(), Label("")
        self._owed: tuple[str, KeyboardPlace] | None = None
        self._below.addWidget(self._results)
        self.finish()
        self.setFocusProxy(self.field)

    @property
    def wanted(self) -> Wanted:
        """How is searched now."""
        by: By = self._by.key  # type: ignore[assignment]
        return Wanted(
            by,
            self._kind.key,
            self._when.key,
            self._saved.isChecked(),
            self._show.text().strip(),
            self._topic.text().strip(),
            self._first.text().strip(),
            self._last.text().strip(),
        )

    def text(self) -> str:
        """What stands in the field."""
        return " ".join(self.field.text().split())

    def set_text(self, text: str) -> None:
        """Put words into the field, without searching."""
        if self.text() != text:
            self.field.blockSignals(True)
            self.field.setText(text)
            self.field.blockSignals(False)
        self._pause.stop()

    def set_names(self, shows: Sequence[str], topics: Sequence[str]) -> None:
        """What can be chosen to narrow a search to."""
        for field, names in ((self._show, shows), (self._topic, topics)):
            completer = QCompleter(list(names), field)
            completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            completer.activated.connect(lambda _text: self.narrowed.emit())
            field.setCompleter(completer)

    def show_start(self, examples: Sequence[str], earlier: Sequence[str], *, empty: bool) -> None:
        """Nothing is looked for yet: what can be, and what was. `empty`: no episode was read yet."""
        if not self._differs("start", tuple(examples), tuple(earlier), empty):
            return
        results = Results()
        if empty:
            results.add_prose(tr("There is nothing to search yet. Words appear as episodes are read."))
        else:
            told = tr("Type a few words, or a whole question and press Ask. Nobody keeps what you look for.")
            results.add_prose(told)
            most = 2 * EXAMPLES
            results.add_words(tr("Your library speaks of"), examples[:most], self.searched.emit)
            results.add_words(tr("You looked for"), earlier[:most], self.searched.emit)
        self._set(results)

    def say(self, trouble: str) -> None:
        """A line under the field: what is the matter; empty: nothing is, and nothing is looked for."""
        self._put_line(self._trouble, trouble)

    def tell(self, doing: str) -> None:
        """A line under the field: what is still looked for."""
        self._put_line(self._looking, doing)

    def _put_line(self, line: Label, text: str) -> None:
        for each in (self._trouble, self._looking):
            each.setText(shown(text, 400) if each is line else "")
            each.setVisible(bool(text) and each is line)

    def show_found(self, found: SearchPage, *, after_deed: bool = False) -> None:
        """Set what was found. `after_deed`: something was done with a part of it since."""
        kind = self.wanted.kind
        if not after_deed:
            self.say(found.trouble or "")
        if not self._differs("found", found, kind):
            return
        results = Results()
        moments = [
            each
            for each in found.moments
            if kind == "all" or kind == ("insights" if each.card is not None else "said")
        ]
        episodes = found.episodes if kind in ("all", "episodes") else ()
        shows = found.shows if kind in ("all", "shows") else ()
        for show in shows:
            address = f"show/{show.feed_id}"
            results.add_show(address, show.title, partial(self.went.emit, address))
        for each in moments:
            results.add_row(
                address_of(each), found_row(each, self.acted.emit, self.went.emit, self.heard.emit)
            )
        if episodes:
            results.add_title(tr("In titles and notes"))
        for episode in episodes:
            results.add_row(f"episode/{episode.episode_id}", EpisodeRow(episode, self.went.emit))
        if not results.rows:
            results.add_prose(tr("You hid all that was found.") if after_deed else self._nothing(found.asked))
        self._set(results, after_deed=after_deed)

    def show_asking(self, seconds: int) -> None:
        """An answer is being looked for, for so many seconds now."""
        if self._differs("asking"):
            results = Results()
            told = tr("Reading what your library says on it. A model may take a minute or two.")
            results.add_prose(told)
            self._seconds = Label("", 13, "muted", wrap=False)
            results.add_waiting(self._seconds, button(tr("Stop"), "word", self.stopped.emit))
            self._set(results)
        self._seconds.setText(count_of(seconds, "%n second", "%n seconds"))

    def show_answer(self, answer: Answer) -> None:
        """Set an answer, or that there is none."""
        self.say("")
        if not self._differs("answer", answer):
            return
        results = Results()
        ways = {"go": self.went.emit, "hear": self.heard.emit, "act": self.acted.emit}
        if not answer.sentences:
            lead = tr("Not in your library.")
            near = tr("The closest to it that is there, though it does not seem to answer:")
            results.add_prose(f"{lead} {near}" if answer.near else lead)
            results.add_gap()
        elif not answer.written:
            told = tr("What is said of it in your library, word for word; whether it answers, you judge.")
            results.add_prose(told)
            results.add_gap()
        for number, sentence in enumerate(answer.sentences, start=1):
            results.add_row(f"{number}", AnswerRow(number, sentence, written=answer.written, **ways))
        for number, source in enumerate(() if answer.sentences else answer.near, start=1):
            results.add_row(f"{number}", NearRow(source, **ways))
        self._set(results)

    def show_stopped(self) -> None:
        """The user wants no answer any more."""
        if self._differs("stopped", self.text()):
            results = Results()
            results.add_prose(tr("Stopped. Press Ask to look again."))
            self._set(results)

    def return_to(self, mark: Mark) -> None:
        """Bring the user back to the row, also once what was found then is found again; the field has the
        keyboard until then."""
        self._owed = None
        if mark.place is None or button_at(self.rows, mark.place) is not None:
            super().return_to(mark)
        else:
            super().return_to(Mark(mark.scrolled))
            self._owed = (self.text(), mark.place)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Down goes from the field to what was found, Up from the first of that to the field."""
        links = [each for each in self.findChildren(Linked) if each.isVisible()]
        if event.key() == Qt.Key.Key_Down and self.field.hasFocus() and links:
            links[0].setFocus(Qt.FocusReason.TabFocusReason)
        elif event.key() == Qt.Key.Key_Up and links and links[0].hasFocus():
            self.field.setFocus()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """What is hidden looks for nothing."""
        self._pause.stop()
        super().hideEvent(event)

    def _differs(self, *content: object) -> bool:
        """Whether something else is shown than this, which is to be set then."""
        before, self._what = self._what, content
        return content != before

    def _set(self, results: Results, *, after_deed: bool = False) -> None:
        """Put these in place of others; the keyboard stays in its row."""
        old, self._results = self._results, results
        kept = keyboard_place(self.rows)
        self.rows = results.rows
        self._below.replaceWidget(old, results)
        results.show()
        if kept is not None:
            self._bring_keyboard(kept, after_deed=after_deed)
        elif self._owed is not None:
            self._pay(*self._owed)
        old.hide()
        old.deleteLater()

    def _pay(self, asked: str, owed: KeyboardPlace) -> None:
        """Who came back is in the row again, unless they have gone on since."""
        if asked != self.text() or self.window().focusWidget() is not self.field:
            self._owed = None
        elif button_at(self.rows, owed) is not None:
            self._owed = None
            self._bring_keyboard(owed, after_deed=False)

    def _bring_keyboard(self, place: KeyboardPlace, *, after_deed: bool) -> None:
        """To the row where it was. Where that went by what the user did, on with the next one; where others
        took its place by themselves, to the field, since the next key was not meant for them."""
        there = (button_near if after_deed else button_at)(self.rows, place)
        if there is None:  # the next key may still be one that was meant for a row
            (self._search_word if after_deed else self.field).setFocus(Qt.FocusReason.OtherFocusReason)
            return
        there.setFocus(Qt.FocusReason.TabFocusReason)
        if place.seen:
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
            self.ensureWidgetVisible(there, 0, 8 * GRID)

    def _nothing(self, asked: str) -> str:
        told = tr("Nothing found for “{words}”.").format(words=shown(asked))
        if self.wanted != Wanted(by=self.wanted.by):
            return f"{told} {tr('Look in the whole library instead, or try fewer words.')}"
        return f"{told} {tr('Try fewer words, or what they mean: press Enter.')}"

    def _field_row(self) -> QWidget:
        self.field = QLineEdit()
        self.field.setFont(font(17))
        self.field.setClearButtonEnabled(False)
        self.field.setAccessibleName(tr("What to look for"))
        self.field.setPlaceholderText(tr("Words, or a question"))
        self.field.textChanged.connect(lambda _text: self._pause.start())
        self.field.returnPressed.connect(self._search)
        self._search_word = button(tr("Search"), "main", self._search, px=14)
        ask = button(tr("Ask"), "plain", self._question, px=14, name=tr("Ask your library"))
        return spread(self.field, (self._search_word, ask), spacing=4)

    def _narrow_row(self) -> QWidget:
        self._by = Choice(tr("What must fit"), _bys())
        self._kind = Choice(tr("What is looked for"), _kinds())
        self._when = Choice(tr("When it came out"), _whens())
        self._saved: QPushButton = button(tr("Saved only"), "word", lambda: None)
        self._saved.setCheckable(True)
        self._saved.toggled.connect(lambda _on: self.narrowed.emit())
        self._show = self._name_field(tr("Only in this show"), tr("Any show"))
        self._topic = self._name_field(tr("Only of this topic"), tr("Any topic"))
        self._first = self._name_field(tr("From this day on"), tr("From, such as 2026-01-31"))
        self._last = self._name_field(tr("To this day"), tr("To, such as 2026-02-28"))
        for choice in (self._by, self._kind, self._when):
            choice.chosen.connect(self._narrowed_by)
        holder = QWidget()
        rows = QVBoxLayout(holder)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(GRID)
        rows.addWidget(flow((self._by, self._kind, self._when, self._saved), 6))
        names = flow((self._show, self._topic), GRID)
        self._days = flow((self._first, self._last), GRID)
        self._days.hide()
        for fields in (names, self._days):
            fields.setContentsMargins(RING, 0, 0, 0)
            rows.addWidget(fields)
        return holder

    def _narrowed_by(self, _key: str) -> None:
        """Days can be typed only where they count."""
        was, wanted = self._days.isVisible(), self._when.key == "days"
        self._days.setVisible(wanted)
        if wanted and not was:
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)
        self.narrowed.emit()

    def _name_field(self, spoken: str, otherwise: str) -> QLineEdit:
        field = Field(13, NAME_WIDTH)
        field.setProperty("look", "small")
        field.setAccessibleName(spoken)
        field.setPlaceholderText(otherwise)
        field.returnPressed.connect(self.narrowed.emit)
        field.editingFinished.connect(self.narrowed.emit)
        return field

    def _search(self) -> None:
        self._pause.stop()
        if self.text():
            self.searched.emit(self.text())

    def _question(self) -> None:
        self._pause.stop()
        if self.text():
            self.questioned.emit(self.text())
        else:
            self.field.setFocus()


def _bys() -> list[tuple[str, str]]:
    return [("both", tr("Words and meaning")), ("words", tr("Words")), ("meaning", tr("Meaning"))]


def _kinds() -> list[tuple[str, str]]:
    return [
        ("all", tr("Everything")),
        ("insights", tr("Insights")),
        ("said", tr("What was said")),
        ("episodes", tr("Titles and notes")),
        ("shows", tr("Shows")),
    ]


def _whens() -> list[tuple[str, str]]:
    return [
        ("any", tr("Any time")),
        ("week", tr("The last week")),
        ("month", tr("The last month")),
        ("year", tr("The last year")),
        ("days", tr("Between two days")),
    ]
