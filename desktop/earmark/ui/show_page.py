"""A show: what it says of itself, how its feed is, what the user wants of it, and its episodes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QPixmap
from PySide6.QtWidgets import QMenu, QPushButton

from earmark.ui.deeds import open_at
from earmark.ui.listed import Fetch
from earmark.ui.page import Page
from earmark.ui.parts import SEMI_BOLD, Label, Tile, button, hairline, row, search_line
from earmark.ui.prose import Prose
from earmark.ui.rows import RowList
from earmark.ui.theme import GRID, zoomed
from earmark.ui.words import tr

SHORT, SHORT_LINES = 280, 3

Choice = tuple[str, Callable[[], object], bool]
"""What a menu offers, what it does, and whether it is so now."""


@dataclass(frozen=True, slots=True)
class ShowFacts:
    """What stands at the head of a show's page, all in words already; empty: nothing to say."""

    title: str
    byline: str
    health: str
    work: str
    description: str
    alarm: bool
    muted: bool
    private: bool
    left: bool
    ask_word: str
    website: str
    support: str
    episodes: str
    keep: str
    language: str


class ShowPage(Page):
    """One show.

    Signals: library_asked(), opened(int): an episode; filtered(str): words of titles; mute_asked(bool),
    leave_asked(), website_asked(), support_asked(), further_asked(), keep_asked(), language_asked(),
    news_asked(), back_asked(): subscribe again.
    """

    library_asked = Signal()
    opened = Signal(int)
    filtered = Signal(str)
    mute_asked = Signal(bool)
    leave_asked = Signal()
    website_asked = Signal()
    support_asked = Signal()
    further_asked = Signal()
    keep_asked = Signal()
    language_asked = Signal()
    news_asked = Signal()
    back_asked = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Show"))
        self.episodes = RowList(tr("Episodes"))
        self.episodes.opened.connect(self.opened)
        self.follow(self.episodes)
        self.narrow = search_line(tr("Find an episode"), tr("Only episodes with these words in their titles"))
        self.narrow.textChanged.connect(self.filtered)
        self._whole = False
        self._feed = 0
        self._menu: QMenu | None = None

    def show_feed(
        self, number: int, facts: ShowFacts, ids: Sequence[int], fetch: Fetch, art: QPixmap | None = None
    ) -> None:
        """Set a show and its episodes, newest first."""
        if number != self._feed:
            self._feed, self._whole = number, False
            self.narrow.blockSignals(True)
            self.narrow.clear()
            self.narrow.blockSignals(False)
        self._facts, self._ids, self._fetch, self._art = facts, ids, fetch, art
        same = not self.begin(str(number), facts, self._whole, art.cacheKey() if art else 0)
        self.episodes.set_keys(ids, fetch)
        if same:
            return
        self._add_head(facts)
        self._add_description(facts.description)
        self._add_actions(facts)
        if not facts.left:
            self._add_choices(facts)
        heading = Label(facts.episodes, 15, "ink", weight=SEMI_BOLD, wrap=False)
        line = row(heading, None, self.narrow)
        line.setStretchFactor(self.narrow, 1)
        self.add(line, 4 * GRID)
        self.add(hairline(), GRID)
        self.add(self.episodes, ringed="both")
        self.finish()

    def words_of(self, number: int) -> str:
        """What is typed to find episodes of a show; nothing where another one is shown."""
        return " ".join(self.narrow.text().split()) if number == self._feed else ""

    def look_for(self) -> None:
        """Bring the keyboard to where a title can be typed."""
        self.narrow.setFocus()
        self.narrow.selectAll()
        self.ensureWidgetVisible(self.narrow)

    def choose_from(self, choices: Sequence[Choice]) -> None:
        """Open a menu of choices under the button that asked for them."""
        menu = QMenu(self)
        for text, do, checked in choices:
            action = QAction(text.replace("&", "&&"), menu)
            action.setCheckable(checked)
            action.setChecked(checked)
            action.triggered.connect(lambda _checked=False, do=do: do())
            menu.addAction(action)
        self._menu = menu
        at = self.focusWidget() if isinstance(self.focusWidget(), QPushButton) else self._asked
        open_at(menu, at.mapToGlobal(at.rect().bottomLeft()))

    def _add_head(self, facts: ShowFacts) -> None:
        self.column.setContentsMargins(0, 3 * GRID + 2, 0, 6 * GRID)
        self.add(row(button(tr("Library"), "word", self.library_asked.emit), None), ringed="left")
        title = Label(facts.title, 26, "ink", serif=True, weight=SEMI_BOLD)
        self.add(row(Tile(facts.title, 6 * GRID, self._art), title, spacing=2 * GRID), 2 * GRID + 2)
        if facts.byline:
            self.add(Label(facts.byline, 13, "muted"), GRID)
        self.add(Label(facts.health, 13, "fault" if facts.alarm else "muted"), 4)
        if facts.work:
            self.add(Label(facts.work, 13, "muted"), 4)
        if facts.private:
            told = tr("Private: what is secret in its address is kept by your system's keyring.")
            self.add(Label(told, 13, "muted"), 4)

    def _add_description(self, text: str) -> None:
        if not text:
            return
        short = text if self._whole else cut_short(text)
        self.add(Prose(short, 15), 2 * GRID)
        if cut_short(text) != text:
            word = tr("Less") if self._whole else tr("More")
            spoken = tr("Less about the show") if self._whole else tr("More about the show")
            self.add(row(button(word, "word", self._turn, name=spoken), None), 2, ringed="left")

    def _add_actions(self, facts: ShowFacts) -> None:
        mute = tr("No longer muted") if facts.muted else tr("Mute")
        first = [
            button(mute, "plain", lambda: self.mute_asked.emit(not facts.muted), px=14),
            button(facts.ask_word, "plain", self.news_asked.emit, px=14),
            button(tr("Unsubscribe"), "plain", self.leave_asked.emit, px=14),
        ]
        if facts.left:
            first = [button(tr("Subscribe again"), "main", self.back_asked.emit, px=14)]
        self.add(row(*first, None, spacing=4), 3 * GRID)
        links = []
        if facts.website:
            text = tr("Website: {host}").format(host=facts.website)
            links.append(button(text, "word", self.website_asked.emit))
        if facts.support:
            links.append(button(facts.support, "word", self.support_asked.emit))
        if links:
            self.add(row(*links, None, spacing=GRID), 2 * GRID, ringed="left")

    def _add_choices(self, facts: ShowFacts) -> None:
        """What is set for this show, each with the word that changes it."""
        lines = [
            (tr("Older episodes"), self.further_asked, tr("Go further back")),
            (tr("Stay listed"), self.keep_asked, facts.keep),
            (tr("Language"), self.language_asked, facts.language),
        ]
        self.column.addSpacing(2 * GRID if not (facts.website or facts.support) else GRID)
        for word, asked, value in lines:
            label = Label(word, 13, "muted", wrap=False)
            label.setMinimumWidth(zoomed(16 * GRID))
            pressed = button(value, "play", lambda: None, name=f"{word}: {value}")
            pressed.clicked.disconnect()
            pressed.clicked.connect(partial(self._ask, pressed, asked))
            self.add(row(label, pressed, None, spacing=0), 2)

    def _ask(self, pressed: QPushButton, asked: object, _checked: bool = False) -> None:
        self._asked = pressed
        asked.emit()  # type: ignore[attr-defined]

    def _turn(self) -> None:
        self._whole = not self._whole
        self.show_feed(self._feed, self._facts, self._ids, self._fetch, self._art)


def cut_short(text: str) -> str:
    """The first lines of a longer text.

    >>> cut_short("one\\ntwo\\nthree\\nfour")
    'one\\ntwo\\nthree …'
    """
    short = "\n".join(text.split("\n", SHORT_LINES)[:SHORT_LINES])
    if len(short) > SHORT:
        short = short[:SHORT].rpartition(" ")[0]
    return short if short == text else f"{short} …"
