"""The room of Search and Ask."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from PySide6.QtCore import QLocale, QTimer

from earmark.clock import DAY_MS, begin_ms, to_ms
from earmark.errors import KnownError
from earmark.found import Answer, By, FoundShow, Narrow, SearchPage, Topic
from earmark.library import Reader
from earmark.library.search_queries import SearchDamagedError
from earmark.pipeline import Tools, Watch, ask, search
from earmark.records import Changes
from earmark.ui.asides import Rest
from earmark.ui.below import said
from earmark.ui.desk import Desk, kind_of, rest_of
from earmark.ui.search_page import EXAMPLES, FindPage, Wanted
from earmark.ui.words import shown, tr

MOST = 20
MOST_EARLIER = 8
DAYS = {"week": 7, "month": 31, "year": 366}
SEARCH, NAMES = "search", "search names"
"""A question takes the place of a search: both hold the index of vectors, of which one is enough."""
Names = tuple[list[FoundShow], list[Topic], bool]
"""Shows and topics that a search can be narrowed to, and whether nothing was read yet."""


class SearchRoom:
    """Shows "Search", "search/WORDS" and "ask/QUESTION". What was looked for is remembered until the end."""

    kinds = ("Search", "search", "ask")

    def __init__(self, desk: Desk) -> None:
        self._desk, self._rest = desk, Rest()
        self._earlier: list[str] = []
        self._names: Names = ([], [], False)
        self._done: object = None
        self._found: SearchPage | None = None
        self._seconds, self._hides = 0, False
        self._wanted = Wanted()
        self.page = page = FindPage()
        self._tick = QTimer(page)
        self._tick.setInterval(1000)
        self._tick.timeout.connect(self._count)
        page.typed.connect(self._type)
        page.searched.connect(lambda words: self._look(f"search/{words}"))
        page.questioned.connect(lambda words: self._look(f"ask/{words}"))
        page.narrowed.connect(self._again)
        page.stopped.connect(self._stop)
        page.acted.connect(self._act)
        page.heard.connect(desk.heard)
        page.went.connect(desk.go)

    def name(self, address: str) -> str:
        """Search, with the words."""
        words = rest_of(address)
        return f"{tr('Search')}: {shown(words)}" if words else tr("Search")

    def show(self, address: str) -> None:
        """What is at an address; a search that is there already is not made again."""
        if self._rest.is_over():
            self._desk.find(NAMES, names_of, self._take_names)
        if address == self._done:
            self._refresh_cards()
            return
        self._done, words = address, rest_of(address)
        self._found = None
        self._end_asking()
        self.page.set_text(words)
        if not words:
            self._start()
        elif kind_of(address) == "ask":
            self._remember(words)
            self._ask(words)
        else:
            self._remember(words)
            self._search(words, self.page.wanted.by)

    def _look(self, address: str) -> None:
        """Look again where just this was looked for: it may have been stopped, or narrowed by typing."""
        self._done = None
        self._desk.go(address)

    def _act(self, deed: str, insight_id: str) -> None:
        self._hides = deed == "hide"
        self._desk.act(deed, insight_id)

    def _start(self) -> None:
        self._desk.asides.stop(SEARCH)
        _shows, topics, empty = self._names
        self.page.say("")
        self.page.show_start([topic.name for topic in topics[:EXAMPLES]], self._earlier, empty=empty)

    def _take_names(self, names: Names | KnownError) -> None:
        if isinstance(names, KnownError):
            return
        if names != self._names:
            self._names = names
            self.page.set_names([show.title for show in names[0]], [topic.name for topic in names[1]])
        if self._done == "Search" and not self.page.text():
            self._start()

    def _type(self, words: str) -> None:
        """Words alone, while somebody types."""
        self._end_asking()
        if not words:
            self._start()
            return
        self._look_for(words, "words", self._take, typing=True)

    def _again(self) -> None:
        words, wanted = self.page.text(), self.page.wanted
        if words and wanted != self._wanted and kind_of(str(self._done)) != "ask":
            self._wanted = wanted
            self._search(words, self.page.wanted.by)

    def _search(self, words: str, by: By) -> None:
        """By words at once, then by what is wanted: a model may have to be loaded first."""
        if by != "both":
            self._look_for(words, by, self._take)
            if by == "meaning":
                self.page.tell(tr("Looking for what it means"))
            return

        def go_on(found: SearchPage | KnownError) -> None:
            self._take(found)
            if not isinstance(found, KnownError):
                self.page.tell(tr("Looking for what it means, too"))
                self._look_for(words, "both", self._take)

        self.page.tell(tr("Looking for the words"))
        self._look_for(words, "words", go_on)

    def _look_for(
        self, words: str, by: By, take: Callable[[SearchPage | KnownError], None], *, typing: bool = False
    ) -> None:
        narrow = self._narrow()

        def look(reader: Reader, tools: Tools, _watch: Watch) -> SearchPage:
            if isinstance(narrow, str):
                raise KnownError(narrow)
            language = None if by == "words" else tools.language
            return search(reader, language, words, narrow=narrow, by=by, most=MOST, typing=typing)

        self._desk.find(SEARCH, look, take)

    def _take(self, found: SearchPage | KnownError) -> None:
        if isinstance(found, SearchDamagedError):
            told = tr("The search index is damaged; your library is not.")
            self.page.say(told)
            self._desk.offer(told, tr("Build it anew"), lambda: self._desk.jobs.run(build_anew))
            return
        if isinstance(found, KnownError):
            self.page.say(said(str(found)))
            return
        self._found = found
        self.page.show_found(found)

    def _refresh_cards(self) -> None:
        """What was found stays; what was done with its insights since is shown."""
        if self._found is None:
            return
        ids = [each.card.insight.id for each in self._found.moments if each.card is not None]
        cards = {card.insight.id: card for card in self._desk.reader.cards(ids)}
        moments = tuple(
            replace(each, card=cards[each.card.insight.id]) if each.card is not None else each
            for each in self._found.moments
            if each.card is None or (each.card.insight.id in cards and not cards[each.card.insight.id].hidden)
        )
        self._found = replace(self._found, moments=moments)
        self.page.show_found(self._found, after_deed=self._hides)
        self._hides = False

    def _narrow(self) -> Narrow | str:
        """What a search is narrowed to, or what is the matter with that."""
        wanted: Wanted = self.page.wanted
        shows, topics, _empty = self._names
        feed = next((s for s in shows if s.title.casefold() == wanted.show.casefold()), None)
        topic = next((t for t in topics if t.name.casefold() == wanted.topic.casefold()), None)
        if wanted.show and feed is None:
            return tr("There is no show “{name}” in your library.").format(name=shown(wanted.show))
        if wanted.topic and topic is None:
            return tr("There is no topic “{name}” in your library.").format(name=shown(wanted.topic))
        span = self._span(wanted)
        if isinstance(span, str):
            return span
        return Narrow(
            feed_id=feed.feed_id if feed else None,
            since_ms=span[0],
            until_ms=span[1],
            saved=wanted.saved,
            topic_id=topic.id if topic else None,
        )

    def _span(self, wanted: Wanted) -> tuple[int | None, int | None] | str:
        """From when to when is searched, or what is the matter with that."""
        if wanted.when != "days":
            days = DAYS.get(wanted.when)
            return (to_ms(self._desk.clock()) - days * DAY_MS if days else None), None
        first, last = day_typed(wanted.first), day_typed(wanted.last)
        for typed, day in ((wanted.first, first), (wanted.last, last)):
            if typed and day is None:
                return tr("“{typed}” is no day. Write it like 2026-01-31.").format(typed=shown(typed, 40))
        if first and last and first > last:
            return tr("The first of these days is after the last.")
        return (begin_ms(first) if first else None), (begin_ms(last, days_later=1) if last else None)

    def _ask(self, question: str) -> None:
        self._seconds = 0
        self.page.say("")
        self.page.show_asking(0)
        self._tick.start()

        def answer(reader: Reader, tools: Tools, _watch: Watch) -> Answer:
            return ask(reader, tools.language, question)

        self._desk.find(SEARCH, answer, self._take_answer)

    def _take_answer(self, answer: Answer | KnownError) -> None:
        self._end_asking()
        if isinstance(answer, KnownError):
            self.page.show_stopped()
            self.page.say(said(str(answer)))
        else:
            self.page.show_answer(answer)

    def _count(self) -> None:
        self._seconds += 1
        self.page.show_asking(self._seconds)

    def _stop(self) -> None:
        self._end_asking()
        self.page.show_stopped()

    def _end_asking(self) -> None:
        """No answer is waited for any more."""
        self._tick.stop()
        self._desk.asides.stop(SEARCH)

    def _remember(self, words: str) -> None:
        self._earlier = [words, *(each for each in self._earlier if each != words)][:MOST_EARLIER]


def day_typed(text: str) -> str | None:
    """A day as people type it, as YYYY-MM-DD: so, or as it is written short in their language.

    >>> day_typed("2026-01-31"), day_typed("last week")
    ('2026-01-31', None)
    """
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        written = QLocale().toDate(text, QLocale.FormatType.ShortFormat, 2000)
    return written.toString("yyyy-MM-dd") if written.isValid() else None


def build_anew(tools: Tools, _watch: Watch) -> Changes:
    """Build the index of words anew."""
    tools.library.rebuild_search()
    return Changes()


def names_of(reader: Reader, _tools: Tools, _watch: Watch) -> Names:
    """What a search can be narrowed to."""
    shows = [FoundShow(feed.id, feed.title) for feed in reader.feeds()]
    return shows, reader.topics(), not reader.library_counts()["insights"]
