"""The room of a show."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import QLocale

from earmark.clock import to_ms
from earmark.engines.languages import LANGUAGES
from earmark.hiding import is_hidden
from earmark.pipeline import Tools, Watch, care, muting, refresh
from earmark.pipeline.art import fetch_art, wants_art
from earmark.pipeline.backlog import Choice, choices_of, queue_newest
from earmark.pipeline.local import is_local
from earmark.records import Changes, EpisodeId, FeedId, Progress, ShowRow
from earmark.records import ShowFacts as Said
from earmark.ui.art import art_of
from earmark.ui.below import said
from earmark.ui.desk import Desk, number_in, rest_of
from earmark.ui.library_room import muted_shows
from earmark.ui.links import link_host, open_link
from earmark.ui.listed import Row
from earmark.ui.show_page import ShowFacts, ShowPage
from earmark.ui.show_words import episode_line, health, plain_notes, what_waits, work_text
from earmark.ui.words import count_of, shown, tr

KEEP_DAYS = (30, 90, 365, 1095)
USUAL_LANGUAGES = (
    "ar",
    "de",
    "en",
    "es",
    "fr",
    "hi",
    "it",
    "ja",
    "ko",
    "nl",
    "pl",
    "pt",
    "ru",
    "sv",
    "tr",
    "zh",
)


class ShowRoom:
    """Shows "show/12"."""

    kinds = ("show",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._row: ShowRow
        self.page = page = ShowPage()
        self._asked_for_art: set[FeedId] = set()
        self._progress: Progress | None = None
        desk.follow(self._show_progress)
        page.library_asked.connect(lambda: desk.go("Library"))
        page.opened.connect(lambda number: desk.go(f"episode/{number}"))
        page.filtered.connect(lambda _words: self.show(f"show/{self._row.feed.id}"))
        page.mute_asked.connect(self._mute)
        page.leave_asked.connect(self._leave)
        page.back_asked.connect(lambda: take_up(desk, self._row, first_episodes=0))
        page.website_asked.connect(lambda: open_link(self._row.feed.link))
        page.support_asked.connect(self._support)
        page.further_asked.connect(self._ask_how_far)
        page.keep_asked.connect(self._offer_keeping)
        page.language_asked.connect(self._offer_languages)
        page.news_asked.connect(self._ask_for_news)

    def name(self, address: str) -> str:
        """Its title."""
        return shown(self._desk.reader.feed(_id(address)).title)

    def show(self, address: str) -> None:
        """A show with all its episodes."""
        reader, feed_id = self._desk.reader, _id(address)
        self._row = reader.show_row(feed_id)
        ids = reader.episode_ids(feed_id, self.page.words_of(feed_id))
        facts, paths = reader.show_facts(feed_id), self._desk.choices.paths
        self.page.show_feed(feed_id, self._facts(facts), ids, self._fetch, art_of(paths, feed_id))
        if wants_art(paths, self._row.feed, facts) and feed_id not in self._asked_for_art:
            self._asked_for_art.add(feed_id)
            self._desk.ask(partial(_fetch_art, feed_id), partial(self._show_art, feed_id))

    def _show_art(self, feed_id: FeedId, came: bool) -> None:
        if came and self._row.feed.id == feed_id and self.page.isVisible():
            self.show(f"show/{feed_id}")

    def _facts(self, facts: Said) -> ShowFacts:
        row, feed, reader = self._row, self._row.feed, self._desk.reader
        now, schedule = self._desk.clock(), reader.schedule(feed.id)
        left, own = reader.is_ended(feed.id), is_local(feed.url)
        gave = count_of(row.insights, "%n insight", "%n insights") if row.insights else ""
        episodes = count_of(row.episodes, "%n episode", "%n episodes")
        stopped = schedule.stopped == "another show"
        return ShowFacts(
            title=shown(feed.title),
            byline=", ".join(filter(None, (shown(facts.author, 120), episodes, gave))),
            health=tr("You unsubscribed from this show.") if left else shown(health(feed, schedule, now)),
            work=what_waits(row.waiting, row.failed),
            description=plain_notes(facts.description),
            alarm=bool(feed.error or schedule.stopped) and not left,
            muted=feed.id in muted_shows(self._desk),
            private=is_hidden(feed.url),
            left=left,
            ask_word=tr("Take what it gives now") if stopped else tr("Look for new episodes"),
            website="" if own else link_host(feed.link),
            support=_support_word(facts),
            episodes=tr("Episodes"),
            keep=_keep_words(row.keep_days),
            language=language_name(feed.listen_language),
        )

    def _fetch(self, numbers: Sequence[int]) -> Mapping[int, Row]:
        rows = self._desk.reader.episode_rows(ids=[EpisodeId(number) for number in numbers])
        now = self._desk.clock()
        return {row.id: episode_line(row, now, self._progress) for row in rows}

    def _show_progress(self, progress: Progress | None) -> None:
        """Only the row that is worked on is painted anew."""
        self._progress = progress
        if progress is not None and progress.order and self.page.isVisible():
            self.page.episodes.rows.forget(progress.order[0])

    def _mute(self, muted: bool) -> None:
        feed = self._row.feed
        (muting.mute if muted else muting.unmute)(self._desk.choices.paths, self._desk.reader, feed)
        self._desk.do(lambda _tools, _watch: Changes(feed_ids=frozenset({feed.id})))
        if muted:
            told = tr("Muted: nothing of {show} comes into the daily five.").format(
                show=shown(feed.title, 60)
            )
            self._desk.offer(told, tr("Undo"), partial(self._mute_again, feed.id))

    def _mute_again(self, feed_id: FeedId) -> None:
        muting.unmute(self._desk.choices.paths, self._desk.reader, self._desk.reader.feed(feed_id))
        self._desk.do(lambda _tools, _watch: Changes(feed_ids=frozenset({feed_id})))

    def _leave(self) -> None:
        row, desk = self._row, self._desk
        stays = count_of(
            desk.reader.leaving(row.feed.id).insights, "Its insight stays.", "Its %n insights stay."
        )
        told = tr("You unsubscribed from {show}.").format(show=shown(row.feed.title, 60))
        desk.go("Library")
        desk.jobs.between(partial(_leave, row.feed.id))
        undo = partial(take_up, desk, row, first_episodes=row.waiting)
        desk.offer(f"{told} {stays}" if row.insights else told, tr("Undo"), undo)

    def _ask_for_news(self) -> None:
        feed = self._row.feed
        accept = self._desk.reader.schedule(feed.id).stopped == "another show"
        self._desk.say(
            tr("Looking for new episodes of {show}.").format(show=shown(feed.title, 60)), briefly=True
        )
        self._desk.do(partial(_ask_feed, feed.id, accept))
        self._desk.work_wanted.emit()

    def _support(self) -> None:
        funding = self._desk.reader.show_facts(self._row.feed.id).funding
        open_link(next((each.url for each in funding if link_host(each.url)), None))

    def _ask_how_far(self) -> None:
        feed_id = self._row.feed.id
        self._desk.ask(lambda tools, _watch: choices_of(tools, feed_id), self._offer_how_far)

    def _offer_how_far(self, choices: Sequence[Choice]) -> None:
        most = choices[-1].episodes if choices else 0
        if missing := what_is_missing(choices):
            self._desk.say(missing, briefly=True)
        offered = [(far_back(each, most), partial(self._go_back, each.episodes), False) for each in choices]
        self.page.choose_from(offered or [(tr("No episode has anything to read or to hear."), int, False)])

    def _go_back(self, episodes: int) -> None:
        self._desk.do(partial(_queue, self._row.feed.id, episodes))
        self._desk.work_wanted.emit()

    def _offer_keeping(self) -> None:
        chosen = self._row.keep_days
        days = sorted({*KEEP_DAYS, *([chosen] if chosen else [])})
        self.page.choose_from(
            [(_keep_words(each), partial(self._keep, each), each == chosen) for each in (None, *days)]
        )

    def _keep(self, days: int | None) -> None:
        feed_id = self._row.feed.id

        def task(tools: Tools, _watch: Watch) -> Changes:
            tools.library.set_keep_days(feed_id, days, now_ms=to_ms(tools.clock()))
            return Changes(feed_ids=frozenset({feed_id}))

        self._desk.do(task)

    def _offer_languages(self) -> None:
        feed = self._row.feed
        usual = {
            *USUAL_LANGUAGES,
            (feed.language or "en")[:2].lower(),
            feed.listen_language or "en",
        } & LANGUAGES
        named = sorted((language_name(each), each) for each in usual)
        choices = [(language_name(None), partial(self._speak, None), feed.listen_language is None)]
        choices += [(word, partial(self._speak, each), each == feed.listen_language) for word, each in named]
        self.page.choose_from(choices)

    def _speak(self, language: str | None) -> None:
        feed_id = self._row.feed.id
        self._desk.do(lambda tools, _watch: tools.library.set_listen_language(feed_id, language))


def take_up(desk: Desk, row: ShowRow, *, first_episodes: int) -> None:
    """Subscribe to a show again, and ask it for its episodes."""

    def task(tools: Tools, _watch: Watch) -> Changes:
        return care.take_up_again(tools, row.feed, first_episodes=first_episodes)

    desk.jobs.between(task)
    desk.news_wanted.emit()


def far_back(choice: Choice, most: int) -> str:
    """How far back a choice goes, and how much work it is."""
    number = choice.episodes
    newest = count_of(number, "The newest episode", "The newest %n episodes")
    what = count_of(number, "The one episode", "All %n episodes") if number == most else newest
    return f"{what}, {work_text(choice.work_s)}"


def what_is_missing(choices: Sequence[Choice]) -> str:
    """That no speech model is chosen, where that keeps episodes from being heard; else nothing."""
    unheard = max((choice.unheard for choice in choices), default=0)
    one = "%n episode has no transcript, and no speech model is chosen to listen to it."
    many = "%n episodes have no transcript, and no speech model is chosen to listen to them."
    return count_of(unheard, one, many) if unheard else ""


def language_name(language: str | None) -> str:
    """German; or that it is heard."""
    if language is None:
        return tr("Heard anew in each episode")
    return said(QLocale.languageToString(QLocale(language).language()))


def _keep_words(days: int | None) -> str:
    if days is None:
        return tr("All episodes")
    return count_of(days, "Those of the last day", "Those of the last %n days")


def _support_word(facts: Said) -> str:
    funding = next((each for each in facts.funding if link_host(each.url)), None)
    if funding is None:
        return ""
    word = shown(funding.text, 60) or tr("Support the show")
    return f"{word}: {link_host(funding.url)}"


def _leave(feed_id: FeedId, tools: Tools, _watch: Watch) -> Changes:
    care.unsubscribe(tools, tools.library.feed(feed_id))
    return Changes(feed_ids=frozenset({feed_id}))


def _fetch_art(feed_id: FeedId, tools: Tools, watch: Watch) -> bool:
    return fetch_art(tools, feed_id, watch)


def _queue(feed_id: FeedId, episodes: int, tools: Tools, _watch: Watch) -> Changes:
    queue_newest(tools, feed_id, episodes)
    return Changes(feed_ids=frozenset({feed_id}))


def _ask_feed(feed_id: FeedId, accept: bool, tools: Tools, watch: Watch) -> Changes:
    return refresh(tools, watch, wish="now", feed_ids={feed_id}, accept=accept).changes


def _id(address: str) -> FeedId:
    return FeedId(number_in(rest_of(address)))
