"""A real library in a real window, with jobs that only remember what was asked of them."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from earmark.library import Library, open_library, open_reader
from earmark.paths import Paths
from earmark.records import (
    Brief,
    BriefItem,
    Changes,
    Extraction,
    ExtractionCounts,
    Insight,
    InsightId,
    Link,
    ParsedEpisode,
    ParsedFeed,
    Segment,
    Transcript,
)
from earmark.ui.main_window import MainWindow
from earmark.ui.theme import Theme

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
TODAY, YESTERDAY = "2026-11-23", "2026-11-22"
SHOWS = ("Second Draft", "Small Numbers", "Warm House")
CLAIMS = (
    ("A 4% monthly churn caps a business", "At a hundred new customers a month growth stops at 2,500."),
    (
        "Sleep after study beats more study",
        "Students who slept within three hours remembered 40 percent more.",
    ),
    ("Heat pumps fail on installation", "Of 300 complaints, 9 in 10 came from pipes sized for a boiler."),
    ("Rare skills are what training adds", "Success rose from 4 to 61 percent without a single new skill."),
    ("Boring buses carry more people", "The frequent line carried twice as many as three scenic ones."),
    ("Night switches save little", "In a tight house the saving was 4 percent, in a leaky one 11."),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--screenshots DIR` keeps a picture of every place."""
    parser.addoption("--screenshots", metavar="DIR", help="keep pictures of every place in this folder")


class AskedJobs(QObject):
    """Stands for the working thread: remembers what the window asked."""

    changed = Signal(object)
    progressed = Signal(object)
    failed = Signal(str)

    def __init__(self, library: Library) -> None:
        super().__init__()
        self.asked: list[tuple[object, ...]] = []
        self._library = library

    def refresh(self) -> None:
        """Remembered."""
        self.asked.append(("refresh",))

    def process(self) -> None:
        """Remembered."""
        self.asked.append(("process",))

    def pause(self) -> None:
        """Remembered."""
        self.asked.append(("pause",))

    def add_feed(self, url: str) -> None:
        """Remembered."""
        self.asked.append(("add_feed", url))

    def fetch_audio(self, episode_id: int) -> None:
        """Remembered."""
        self.asked.append(("fetch_audio", episode_id))

    def set_mark(self, insight_id: InsightId, *, saved: bool) -> None:
        """Done at once, and told."""
        self.changed.emit(self._library.set_mark(insight_id, saved=saved))

    def shutdown(self) -> None:
        """Remembered."""
        self.asked.append(("shutdown",))


def insight(number: int) -> Insight:
    """The insight of an episode."""
    headline, text = CLAIMS[number]
    return Insight(
        InsightId(f"id{number}"),
        headline,
        text,
        text,
        5000,
        12_000,
        1,
        1,
        0.9 - number / 10,
        "quotes",
        "m",
        "1",
    )


def fill(library: Library, title: str = "{show}") -> None:
    """Three shows with two read episodes each, links and two briefs."""
    for number, (headline, text) in enumerate(CLAIMS):
        show = title.format(show=SHOWS[number % 3])
        url = f"https://example.org/{number % 3}"
        feed_id = library.add_feed(url, ParsedFeed(show, None, "", None, ()))
        item = ParsedEpisode(f"g{number}", f"On {headline}", 10_000 - number, None, (), None, "", None)
        library.apply_refresh(
            feed_id, new=[item], changed=[], title=show, link=None, language=None, url=url, etag=None,
            last_modified=None, body_sha256=None, now_ms=1, backlog=3,
        )  # fmt: skip
        episode = next(e for e in library.episodes(feed_id) if e.guid == f"g{number}")
        said = (
            Segment(0, 5000, "And so we looked at it."),
            Segment(5000, 12_000, text),
            Segment(12_000, 13_000, "Yes."),
        )
        library.store_transcript(episode.id, Transcript("publisher", said))
        library.store_extraction(
            episode.id, Extraction((insight(number),), (), ExtractionCounts(kept=1)),
            {insight(number).id: np.ones(2, np.float32)}, "e", now_ms=1,
        )  # fmt: skip
        library.set_job(episode.id, step="done", state="done")
    library.store_links(
        [Link(insight(0).id, insight(n).id, 0.7 - n / 10, also_said_by=n - 1) for n in (1, 2)]
    )
    items = tuple(BriefItem(insight(n).id, n, f"Ranked first, {n}.") for n in range(5))
    library.store_brief(
        Brief(YESTERDAY, "1 of 1 insights.", (replace(items[0], insight_id=insight(5).id),)), now_ms=1
    )
    library.store_brief(Brief(TODAY, "5 of 6 insights, from 6 of 6 new episodes.", items), now_ms=2)


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library."""
    with open_library(Paths(tmp_path / "profile")) as opened:
        yield opened


Show = Callable[..., MainWindow]


@pytest.fixture
def show(library: Library, tmp_path: Path, qtbot: QtBot) -> Iterator[Show]:
    """`show(theme=..., audio=...)`: the window over the library, shown and exposed."""
    reader = open_reader(Paths(tmp_path / "profile"))
    windows: list[MainWindow] = []

    def shown(theme: Theme = "light", audio: Path | None = None) -> MainWindow:
        jobs = AskedJobs(library)
        window = MainWindow(
            reader,
            jobs,
            clock=lambda: NOW,
            audio_path=lambda _id: audio,
            theme=theme,  # type: ignore[arg-type]
        )
        windows.append(window)
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        QApplication.processEvents()
        return window

    yield shown
    for window in windows:
        window.close()
    reader.close()


def changed(window: MainWindow) -> None:
    """Tell the window that something changed."""
    window._jobs.changed.emit(Changes())
