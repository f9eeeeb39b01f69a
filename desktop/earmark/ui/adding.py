"""Bringing shows in, and the list of them out: what the dialog asks for is done here."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from earmark.errors import KnownError
from earmark.feeds import BadRow, FeedLink
from earmark.hiding import host_of
from earmark.hiding import shown as without_secrets
from earmark.pipeline import Tools, Watch, care
from earmark.pipeline.bringing import Brought, bring, list_in, start_with, take_back, usual_choice
from earmark.pipeline.directory import Listing, find_shows
from earmark.pipeline.lists import NEAR, Imported, WrittenList, export_list, take_list
from earmark.pipeline.subscribe import DEFAULT_BACKLOG
from earmark.records import Changes, Feed, FeedId
from earmark.ui.add_show import AddShow
from earmark.ui.below import said
from earmark.ui.desk import Desk
from earmark.ui.file_asking import ask_for_file, ask_for_folder, ask_where_to
from earmark.ui.listed import Row
from earmark.ui.show_room import far_back, what_is_missing
from earmark.ui.words import count_of, name, shown, tr

SOUND_AND_LISTS = "*.opml *.xml *.mp3 *.m4a *.m4b *.ogg *.opus *.flac *.wav *.mp4 *.aac"
LIST_CHOICES = (0, 1, 3, 10)
LIST_NAME = "earmark-shows.opml"

Fault = str


class Adding(QObject):
    """Opens the dialog, and does what it asks for on the library's thread."""

    def __init__(self, desk: Desk, window: QWidget) -> None:
        super().__init__(window)
        self._desk, self._window = desk, window
        self._dialog: AddShow | None = None
        self._asked = 0  # questions by now, and closed dialogs: only the latest question is answered

    @Slot()
    @Slot(str)
    def begin(self, text: str = "") -> None:
        """Ask what is to be added; `text` is what was dropped or pasted elsewhere."""
        if self._dialog is None:
            self._dialog = dialog = AddShow(self._window)
            dialog.finished.connect(self._forget)
            dialog.given.connect(self._bring)
            dialog.file_asked.connect(self._ask_for_file)
            dialog.folder_asked.connect(self._ask_for_folder)
            dialog.directory_asked.connect(self._ask_directory)
        self._asked += 1
        self._dialog.ask(text)
        self._dialog.open()

    @Slot()
    def ask_where_to_export(self) -> None:
        """Write the list of shows for other programs."""
        title = tr("Write the list of shows")
        ask_where_to(self._window, title, LIST_NAME, tr("Lists of shows"), "*.opml", self._export)

    def _forget(self) -> None:
        self._asked += 1
        self._dialog = None

    def _ask_for_file(self) -> None:
        title, kind = tr("A list of shows, or a recording"), tr("Lists and recordings")
        ask_for_file(self._window, title, kind, SOUND_AND_LISTS, lambda path: self._bring(str(path)))

    def _ask_for_folder(self) -> None:
        ask_for_folder(self._window, tr("A folder of recordings"), lambda path: self._bring(str(path)))

    def _bring(self, text: str) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        dialog.wait(tr("Looking at {what}.").format(what=_said_of(text)))
        self._ask(lambda tools, watch: bring(tools, text, watch), partial(self._came, text), self._take_back)

    def _take_back(self, brought: Brought) -> None:
        """Nobody waits for it any more, and nobody was asked about it."""
        ids = {added.feed.id for added in brought.shows if added.new}
        if ids:
            self._desk.do(lambda tools, _watch: take_back(tools, ids))

    def _came(self, text: str, brought: Brought) -> None:
        dialog = self._dialog
        if brought.rows is not None:
            self._ask_about_list(text, brought.rows)
        elif dialog is not None and brought.feeds:
            self._let_choose(dialog, brought.feeds)
        elif dialog is not None and not brought.shows:
            dialog.ask(text, "\n".join(said(reason) for _what, reason in brought.problems))
        else:
            self._ask_how_far(brought)

    def _let_choose(self, dialog: AddShow, feeds: Sequence[FeedLink]) -> None:
        names = names_of(feeds)

        def fetch(numbers: Sequence[int]) -> Mapping[int, Row]:
            return {n: Row(names[n], host_of(feeds[n].url)) for n in numbers}

        title = tr("This page has several feeds")
        dialog.choose_row(title, range(len(feeds)), fetch, lambda number: self._bring(feeds[number].url))

    def _ask_how_far(self, brought: Brought) -> None:
        """Of what is new; closing the dialog here leaves the show without queued episodes."""
        dialog, new = self._dialog, [added for added in brought.shows if added.new]
        ids = [added.feed.id for added in new]
        notes = [said(note) for added in brought.shows for note in added.notes]
        notes += [f"{what}: {said(reason)}" for what, reason in brought.problems]
        notes += filter(None, [what_is_missing(brought.choices)])
        if dialog is None or not new:
            self._close(tr("You are subscribed to {show} already."), brought.shows[0].feed)
            return
        if not brought.choices:
            self._close(tr("{show} was added."), new[0].feed)
            return
        title = name(new[0].feed.title)
        if len(new) > 1:
            title = count_of(len(new), "%n new show", "%n new shows")
        most = brought.choices[-1].episodes
        choices = [(0, tr("None for now"))]
        choices += [(each.episodes, far_back(each, most)) for each in brought.choices]
        usual = usual_choice(brought.choices, DEFAULT_BACKLOG)
        asked = tr("How many of the newest episodes shall be worked through?")
        start = partial(self._start, ids, new[0].feed)
        dialog.choose_number(title, asked, choices, usual.episodes if usual else 0, start, notes)

    def _start(self, ids: Sequence[FeedId], feed: Feed, episodes: int) -> None:
        self._desk.do(lambda tools, _watch: start_with(tools, ids, episodes))
        if episodes:
            self._desk.work_wanted.emit()
        self._close(tr("{show} was added."), feed)

    def _close(self, sentence: str, feed: Feed) -> None:
        if self._dialog is not None:
            self._dialog.accept()
        self._desk.do(lambda _tools, _watch: Changes(feed_ids=frozenset({feed.id})))
        self._desk.say(sentence.format(show=shown(feed.title, 60)), briefly=True)
        self._desk.go(f"show/{feed.id}")

    def _ask_about_list(self, text: str, rows: int) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        title = count_of(rows, "A list of %n show", "A list of %n shows")
        words = {0: tr("None, only subscribe")}
        choices = [
            (n, words.get(n) or count_of(n, "The newest episode of each", "The newest %n episodes of each"))
            for n in LIST_CHOICES
        ]
        asked = tr("How many episodes of each show shall be worked through?")
        note = tr("How much work that is can be told once the shows were asked.")
        take = partial(self._take_list, text)
        dialog.choose_number(title, asked, choices, DEFAULT_BACKLOG, take, [note])

    def _take_list(self, text: str, first_episodes: int) -> None:
        if self._dialog is not None:
            self._dialog.wait(tr("Taking in the list."))

        def question(tools: Tools, watch: Watch) -> Imported:
            found = list_in(text)
            assert found is not None
            return take_list(tools, found[1], found[0], watch, first_episodes=first_episodes)

        self._ask(question, self._tell_of_list, lambda came: self._take_list_back() if came.new else None)

    def _tell_of_list(self, came: Imported) -> None:
        self._desk.do(lambda _tools, _watch: came.changes)
        if came.new:
            self._desk.news_wanted.emit()
        if self._dialog is None:
            return
        told = [count_of(came.new, "%n show was added.", "%n shows were added.")]
        if came.known:
            told.append(count_of(came.known, "%n was there before.", "%n were there before."))
        if came.bad:
            told.append(count_of(len(came.bad), "%n row was passed over:", "%n rows were passed over:"))
        bad = came.bad

        def fetch(numbers: Sequence[int]) -> Mapping[int, Row]:
            return {n: _bad_row(bad[n]) for n in numbers}

        undo = self._undo_list if came.new else None
        self._dialog.report(tr("The list was taken in"), told, range(len(bad)), fetch, undo)

    def _undo_list(self) -> None:
        if self._dialog is not None:
            self._dialog.accept()
        self._take_list_back()

    def _take_list_back(self) -> None:
        def task(tools: Tools, _watch: Watch) -> Changes:
            return Changes(feed_ids=frozenset(feed.id for feed in care.undo_import(tools)))

        self._desk.jobs.between(task)
        self._desk.say(tr("The list was taken back."))

    def _ask_directory(self, words: str) -> None:
        if self._dialog is not None:
            self._dialog.wait(tr("Asking Apple Podcasts for “{words}”.").format(words=shown(words, 80)))
        self._ask(lambda tools, _watch: find_shows(tools.door, words, "apple", tools.clock), self._show_found)

    def _show_found(self, found: Sequence[Listing]) -> None:
        dialog = self._dialog
        if dialog is None:
            return
        if not found:
            dialog.ask("", tr("Apple Podcasts found nothing."))
            return

        def fetch(numbers: Sequence[int]) -> Mapping[int, Row]:
            return {n: _found_row(found[n]) for n in numbers}

        note = tr("Choosing one asks its own feed, not Apple.")
        title, rows = tr("What Apple Podcasts found"), range(len(found))
        dialog.choose_row(title, rows, fetch, lambda number: self._bring(found[number].url), note)

    def _ask(
        self,
        question: Callable[[Tools, Watch], Any],
        answered: Callable[[Any], None],
        late: Callable[[Any], object] = lambda _found: None,
    ) -> None:
        """Have something found out; a fault is said in the dialog. Where that was closed meanwhile, or asks
        something else, the work is to stop, and `late` gets what was found all the same."""
        self._asked += 1
        number = self._asked

        def careful(tools: Tools, watch: Watch) -> tuple[Any, Fault | None]:
            wanted = replace(watch, cancelled=lambda: number != self._asked or watch.cancelled())
            try:
                return question(tools, wanted), None
            except KnownError as error:
                return None, said(str(error))

        def come(answer: tuple[Any, Fault | None]) -> None:
            found, fault = answer
            if number != self._asked:
                late(found) if fault is None else None
            elif fault is None:
                answered(found)
            elif self._dialog is not None:
                self._dialog.ask("", fault)

        self._desk.ask(careful, come)

    def _export(self, file: Path) -> None:
        self._desk.ask(
            lambda tools, _watch: export_list(tools.library, file, tools.clock, overwrite=True),
            self._tell_of_export,
        )

    def _tell_of_export(self, written: WrittenList) -> None:
        told = [count_of(written.shows, "%n show was written to {file}.", "%n shows were written to {file}.")]
        if written.without_login:
            told.append(tr("What is secret in addresses was left out."))
        if written.own_files:
            told.append(tr("Your own folders are in no list."))
        self._desk.say(" ".join(told).format(file=written.path.name))


def _found_row(listing: Listing) -> Row:
    episodes = "" if listing.episodes is None else count_of(listing.episodes, "%n episode", "%n episodes")
    host = urlsplit(listing.url).netloc
    detail = ", ".join(filter(None, (shown(listing.author, 80), shown(host, 60))))
    return Row(name(listing.title), detail, episodes, tile=listing.title)


def _bad_row(row: BadRow) -> Row:
    near = tr("It lies inside your own network. If it is yours, add it by itself.")
    line = tr("line {number}").format(number=row.line)
    text = name(row.text) if row.text.strip() else tr("A row without words")
    return Row(text, near if row.reason == NEAR else shown(said(row.reason)), line)


def names_of(feeds: Sequence[FeedLink]) -> list[str]:
    """What the feeds of a page are called: as the page calls them, and by their file where that tells more.

    >>> names_of([FeedLink("https://example.org/a.xml?token=x", "News"), FeedLink("https://example.org/b.xml")])
    ['News', 'b.xml']
    """
    titles = [" ".join(each.title.split()) for each in feeds]
    files = [urlsplit(without_secrets(each.url)).path.rstrip("/").rpartition("/")[2] for each in feeds]
    told = [
        f"{title}, {file}" if title and file and titles.count(title) > 1 else title or file
        for title, file in zip(titles, files, strict=True)
    ]
    return [shown(each, 120) or host_of(feed.url) for each, feed in zip(told, feeds, strict=True)]


def _said_of(text: str) -> str:
    """What is looked at, in a few words and without secrets."""
    line = text.strip().splitlines()[0]
    return tr("the list") if line.startswith("<") else shown(without_secrets(line), 120)
