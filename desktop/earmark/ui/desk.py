"""What every place of the window works with: what it reads, who does what it asks for, and how it speaks.

A place imports no other place. It goes to another by its address, and what it wants done it hands over as a
task of the pipeline, which `jobs` runs on the thread that owns the library.

An address is what the history keeps: "Library", "show/12", "insight/ab12". Its first word says which room
shows it; a bare date is a day of Today, any other bare word that names no room is an insight's id.
"""

from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from earmark.clock import Clock
from earmark.jobs import Task
from earmark.library import Reader
from earmark.pipeline import Tools, Watch
from earmark.records import InsightId
from earmark.settings import Choices
from earmark.ui.history import History
from earmark.ui.words import shown
from earmark.ui.work import JobsLike


class Desk(QObject):
    """What a room is given.

    Signals: went(str): an address; said(str, bool): a sentence, and whether briefly;
    offered(str, str, object): a sentence, the word for what can be done about it, and that as a function;
    played(str): an insight's moment; heard(int, int): an episode's sound from so many ms on;
    moved(int, int): the sound of an episode is so many ms on;
    copied(str): words for the clipboard;
    news_wanted(), work_wanted(): look for new episodes; go on with the work unless the user paused it;
    add_wanted(str): shows are to be added, from an address or a text that may be empty;
    export_wanted(): the list of shows is to be written;
    progressed(Progress | None): what is being worked on, None while the user pauses it;
    rest_asked(): pause the work or go on; rested(bool): the user paused the work, or it goes on; turned(): a
    choice changed, so that what is shown asks again.
    """

    went = Signal(str)
    said = Signal(str, bool)
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
        self.name_of: Callable[[str], str] = shown
        """What the way back to an address says; who has all the rooms sets it."""

    def go(self, address: str) -> None:
        """Show what is at an address."""
        self.went.emit(address)

    def say(self, sentence: str, *, briefly: bool = False) -> None:
        """Say a sentence in the strip at the bottom."""
        self.said.emit(sentence, briefly)

    def offer(self, sentence: str, word: str, deed: Callable[[], object]) -> None:
        """Say a sentence with something that can be done about it: above all, to undo."""
        self.offered.emit(sentence, word, deed)

    def save(self, insight_id: str, saved: bool) -> None:
        """Save an insight, or no longer."""
        self.jobs.set_mark(InsightId(insight_id), saved=saved)

    def do(self, task: Task) -> None:
        """Have a small thing done, between two moments of the long work; a fault is said by itself."""
        self.jobs.do(task)

    def ask(self, question: Callable[[Tools, Watch], Any], answered: Callable[[Any], None]) -> None:
        """Have something found out that takes more than a look into the library; `answered` gets it here."""
        self.jobs.ask(question, answered)


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
