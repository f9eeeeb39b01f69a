"""An episode: where it stands, what can be done with it, its insights, its chapters and its notes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal

from earmark.records import Chapter, Insight, Progress, Step
from earmark.ui.listed import Row
from earmark.ui.page import Page
from earmark.ui.parts import RING_ABOVE, SEMI_BOLD, Label, button, hairline, headline, play_word, row
from earmark.ui.prose import Prose
from earmark.ui.rows import LOW, RowList
from earmark.ui.running import is_about
from earmark.ui.show_words import running_text, sentence
from earmark.ui.theme import GRID
from earmark.ui.words import moment, name, tr

Act = tuple[str, str, str]
"""What can be done: a word for programs, one for people, and the look of its button."""


@dataclass(frozen=True, slots=True)
class EpisodeFacts:
    """What stands on an episode's page, in words already. `running`: the step that is worked on now."""

    title: str
    show: str
    byline: str
    state: str
    alarm: bool
    running: Step | None
    words: str
    acts: tuple[Act, ...]
    more: tuple[Act, ...]
    insights: tuple[Insight, ...]
    chapters: tuple[Chapter, ...]
    notes: str


class EpisodePage(Page):
    """One episode.

    Signals: library_asked(), show_asked(), acted(str): the word of an act; opened(str), played(str): an
    insight; heard(int): from so many ms on.
    """

    library_asked = Signal()
    show_asked = Signal()
    acted = Signal(str)
    opened = Signal(str)
    played = Signal(str)
    heard = Signal(int)

    def __init__(self) -> None:
        super().__init__(tr("Episode"))
        self.chapters = RowList(tr("Chapters"), height=LOW)
        self.chapters.opened.connect(self._hear)
        self.follow(self.chapters)
        self._progress: Progress | None = None
        self._facts: EpisodeFacts | None = None
        self._number = 0
        self._state = Label("")

    def show_episode(self, number: int, facts: EpisodeFacts) -> None:
        """Set an episode."""
        self._number, self._facts = number, facts
        if not self.begin(str(number), facts):
            return
        self.column.setContentsMargins(0, 3 * GRID + 2, 0, 6 * GRID)
        library = button(tr("Library"), "word", self.library_asked.emit)
        show = button(name(facts.show), "word", self.show_asked.emit, name=facts.show)
        self.add(row(library, show, None), ringed="left")
        self.add(Label(facts.title, 26, "ink", serif=True, weight=SEMI_BOLD), 2 * GRID + 2)
        if facts.byline:
            self.add(Label(facts.byline, 13, "muted"), GRID)
        self._state = Label(facts.state, 15, "fault" if facts.alarm else "soft")
        self.add(self._state, 2 * GRID)
        if facts.words:
            self.add(Label(facts.words, 13, "muted"), 4)
        self._add_acts(facts.acts, facts.more)
        self._add_insights(facts.insights)
        self._add_chapters(facts.chapters)
        if facts.notes:
            self._add_heading(tr("What its publisher says"))
            self.add(Prose(facts.notes, 15), 2 * GRID)
        self.show_progress(self._progress)
        self.finish()

    def show_progress(self, progress: Progress | None) -> None:
        """How far the work on it is, where it is being worked on."""
        self._progress = progress
        if self._facts is not None and self._facts.running and progress and is_about(progress, self._number):
            self._state.setText(sentence(running_text(self._facts.running, progress)))

    def _hear(self, number: int) -> None:
        if self._facts is not None:
            self.heard.emit(self._facts.chapters[number].start_ms)

    def _add_acts(self, acts: Sequence[Act], more: Sequence[Act]) -> None:
        if acts:
            buttons = [button(text, look, partial(self.acted.emit, act), px=14) for act, text, look in acts]
            self.add(row(*buttons, None, spacing=4), 3 * GRID)
        if more:
            words = [button(text, "word", partial(self.acted.emit, act)) for act, text, _look in more]
            self.add(row(*words, None, spacing=GRID), 2 * GRID, ringed="left")

    def _add_heading(self, text: str) -> None:
        self.add(Label(text, 15, "ink", weight=SEMI_BOLD), 4 * GRID)
        self.add(hairline(), GRID)

    def _add_insights(self, insights: Sequence[Insight]) -> None:
        if not insights:
            return
        self._add_heading(tr("Insights"))
        for number, insight in enumerate(insights):
            if number:
                self.add(hairline())
            opens = headline(insight.headline, 16, partial(self.opened.emit, insight.id))
            play = play_word(insight.start_ms, insight.headline, partial(self.played.emit, insight.id))
            line = row(opens, play, spacing=2 * GRID)
            line.setStretchFactor(opens, 1)
            self.add(line, 2 * GRID - 4 - RING_ABOVE, ringed="both")
            self.column.addSpacing(2 * GRID - 4 - RING_ABOVE)

    def _add_chapters(self, chapters: Sequence[Chapter]) -> None:
        if not chapters:
            return
        self._add_heading(tr("Chapters"))
        self.chapters.set_keys(range(len(chapters)), partial(_chapter_rows, chapters))
        self.add(self.chapters, ringed="both")


def _chapter_rows(chapters: Sequence[Chapter], numbers: Sequence[int]) -> Mapping[int, Row]:
    rows = {}
    for number in numbers:
        chapter = chapters[number]
        time = moment(chapter.start_ms)
        spoken = tr("Play from {time}: {headline}").format(time=time, headline=chapter.title)
        rows[number] = Row(name(chapter.title), side=f"▶ {time}", spoken=spoken)
    return rows
