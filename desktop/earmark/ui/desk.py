"""What every place of the window works with: what it reads, who does what it asks for, and how it speaks.

A place imports no other place. It goes to another by its address, and what it wants done it hands over as a
task of the pipeline, which `jobs` runs on the thread that owns the library.

An address is what the history keeps: "Library", "show/12", "insight/ab12". Its first word says which room
shows it; a bare date is a day of Today, any other bare word that names no room is an insight's id.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from earmark.errors import KnownError
from earmark.records import Changes, InsightId
from earmark.ui.asides import Asides
from earmark.ui.history import History
from earmark.ui.words import as_text, count_of, shown, tr

if TYPE_CHECKING:
    from earmark.clock import Clock
    from earmark.jobs import Task
    from earmark.library import Reader
    from earmark.pipeline import Tools, Watch
    from earmark.records import Progress
    from earmark.settings import Choices
    from earmark.ui.work import JobsLike


class Desk(QObject):
    """What a room is given.

    Signals: went(str): an address; told(str, bool): a sentence, and whether briefly;
    offered(str, str, object): a sentence, the word for what can be done about it, and that as a function;
    played(str): an insight's moment; heard(int, int): an episode's sound from so many ms on;
    moved(int, int): an episode is at so many ms, -1 once nothing plays; copied(str): for the clipboard;
    news_wanted(), work_wanted(): look for new episodes; go on with the work unless the user paused it;
    add_wanted(str): shows are to be added, from an address or a text that may be empty;
    export_wanted(): the list of shows is to be written;
    progressed(Progress | None): what is being worked on, None while the user pauses it;
    rest_asked(): pause the work or go on; rested(bool): the user paused the work, or it goes on; turned(): a
    choice changed, so that what is shown asks again.
    """

    went = Signal(str)
    told = Signal(str, bool)
    offered = Signal(str, str, object)
    played = Signal(str)
    heard = Signal(int, int)
    moved = Signal(int, int)
    copied = Signal(str)
    news_wanted = Signal()
    work_wanted = Signal()
    add_wanted = Signal(str)
    export_wanted = Signal()
    progressed = Signal(object)
    rest_asked = Signal()
    rested = Signal(bool)
    turned = Signal()

    def __init__(self, reader: Reader, jobs: JobsLike, clock: Clock, choices: Choices) -> None:
        super().__init__()
        self.reader, self.jobs, self.clock, self.choices = reader, jobs, clock, choices
        self.history = History("Today")
        self.asides = Asides(jobs)
        self.name_of: Callable[[str], str] = shown
        """What the way back to an address says; who has all the rooms sets it."""
        self.progress: Progress | None = None
        self.resting = False
        self.progressed.connect(self._keep_progress)
        self.rested.connect(self._keep_rest)

    def follow(
        self, told: Callable[[Progress | None], None], rested: Callable[[bool], None] | None = None
    ) -> None:
        """Have what is worked on told from now on, and what was told last: rooms are made at the first visit.

        `rested` gets whether the user paused the work.
        """
        self.progressed.connect(told)
        if rested is not None:
            self.rested.connect(rested)
            if self.resting:
                rested(True)
        if self.progress is not None:
            told(self.progress)

    def _keep_progress(self, progress: Progress | None) -> None:
        self.progress = progress

    def _keep_rest(self, resting: bool) -> None:
        self.resting = resting

    def go(self, address: str) -> None:
        """Show what is at an address; `earmark:insight/ID`, as it stands in exports, is one too."""
        self.went.emit(address.removeprefix("earmark:"))

    def say(self, sentence: str, *, briefly: bool = False) -> None:
        """Say a sentence in the strip at the bottom."""
        self.told.emit(sentence, briefly)

    def offer(self, sentence: str, word: str, deed: Callable[[], object]) -> None:
        """Say a sentence with something that can be done about it: above all, to undo."""
        self.offered.emit(sentence, word, deed)

    def act(self, deed: str, insight_id: str) -> None:
        """Do what a user can do with an insight; see `deeds`."""
        ways: dict[str, Callable[[], object]] = {
            "open": lambda: self.go(f"insight/{insight_id}"),
            "play": lambda: self.played.emit(insight_id),
            "save": lambda: self.save(insight_id, True),
            "unsave": lambda: self.unsave([insight_id]),
            "like": lambda: self.like(insight_id, 1),
            "dislike": lambda: self.like(insight_id, -1),
            "forget": lambda: self.like(insight_id, 0),
            "hide": lambda: self.hide(insight_id),
            "unhide": lambda: self.unhide(insight_id),
            "copy": lambda: self.copied.emit(as_text(self.reader.card(InsightId(insight_id)))),
        }
        ways[deed]()

    def save(self, insight_id: str, saved: bool) -> None:
        """Save an insight, or no longer."""
        self.jobs.set_mark(InsightId(insight_id), saved=saved)

    def unsave(self, insight_ids: Sequence[str]) -> None:
        """No longer keep these, which can be undone."""
        self._set_saved(insight_ids, saved=False)
        gone = count_of(len(insight_ids), "No longer saved.", "%n insights are no longer saved.")
        self.offer(gone, tr("Undo"), lambda: self._set_saved(insight_ids, saved=True))

    def _set_saved(self, insight_ids: Sequence[str], *, saved: bool) -> None:
        def set_all(tools: Tools, _watch: Watch) -> Changes:
            ids = [InsightId(id_) for id_ in insight_ids]
            return reduce(or_, (tools.library.set_mark(id_, saved=saved) for id_ in ids), Changes())

        self.do(set_all)

    def like(self, insight_id: str, thumb: int) -> None:
        """More like this (1), less (-1), or neither (0)."""
        self.do(lambda tools, _watch: tools.library.set_mark(InsightId(insight_id), thumb=thumb))

    def hide(self, insight_id: str) -> None:
        """Never show an insight again, unless the user takes that back."""
        self._set_hidden(insight_id, hidden=True)
        self.offer(tr("Hidden. It does not come back."), tr("Undo"), lambda: self.unhide(insight_id))

    def unhide(self, insight_id: str) -> None:
        """Show it again."""
        self._set_hidden(insight_id, hidden=False)

    def _set_hidden(self, insight_id: str, *, hidden: bool) -> None:
        self.do(lambda tools, _watch: tools.library.set_mark(InsightId(insight_id), hidden=hidden))

    def do(self, task: Task) -> None:
        """Have a small thing done, between two moments of the long work; a fault is said by itself."""
        self.jobs.do(task)

    def ask(self, question: Callable[[Tools, Watch], Any], answered: Callable[[Any], None]) -> None:
        """Have something found out that takes more than a look into the library; `answered` gets it here."""
        self.jobs.ask(question, answered)

    def find(
        self,
        kind: str,
        question: Callable[[Reader, Tools, Watch], Any],
        answered: Callable[[Any], None],
    ) -> None:
        """Have a question answered beside all work, in place of those of its kind before; `answered` gets
        the answer, or a KnownError, here."""
        self.asides.find(kind, question, answered)


class Room(Protocol):
    """One place of the window, or several that one page shows."""

    @property
    def kinds(self) -> tuple[str, ...]:
        """The first words of the addresses that it shows."""

    @property
    def page(self) -> QWidget:
        """What is shown of it."""

    def show(self, address: str) -> None:
        """Set the page from the library. Raises KnownError for what is not there."""

    def name(self, address: str) -> str:
        """What the way back to it says: "Today, 23 November"."""


def kind_of(address: str) -> str:
    """The first word of an address.

    >>> kind_of("show/12")
    'show'
    """
    return address.partition("/")[0]


def rest_of(address: str) -> str:
    """What stands behind the first word.

    >>> rest_of("show/12")
    '12'
    """
    return address.partition("/")[2]


def number_in(word: str) -> int:
    """A show's or an episode's number as it stands in an address. Raises KnownError for what is none.

    >>> number_in("12")
    12
    """
    if not word.isdecimal() or len(word) >= 18:  # what the library can hold
        raise KnownError(tr("There is no such place in Earmark."))
    return int(word)
