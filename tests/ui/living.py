"""A user of the whole program: their profile, what they follow, the time on the wall, and their keyboard."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from shows import Item, Web, serve_show
from typist import Typist

from earmark.demo import demo_episodes, json_transcript
from earmark.library import Reader, open_reader
from earmark.paths import Paths, resource
from earmark.records import Card
from earmark.settings import Settings, save_settings
from earmark.window import open_window

BEGIN = datetime(2026, 11, 23, 9, tzinfo=UTC)


def sample_show(web: Web, slug: str, title: str, count: int, now: datetime) -> str:
    """Publish the first episodes of a sample show, with words and sound, one a day until now; its address."""
    own = [each for each in demo_episodes() if each.slug.startswith(slug)][:count]
    items = [
        Item(
            each.slug,
            each.title,
            now.day - len(own) + 1 + n,
            json.loads(json_transcript(each.lines)),
            ("audio/ogg", (resource("demo") / f"{each.slug}.opus").read_bytes()),
            each.duration_s,
        )
        for n, each in enumerate(own)
    ]
    return serve_show(web, slug, title, items)


@dataclass
class User:
    """A user's profile, and the feeds that they follow."""

    paths: Paths
    web: Web
    opened: Reader | None = field(default=None, init=False)

    @property
    def reader(self) -> Reader:
        """The library, to be read."""
        if self.opened is None:
            self.opened = open_reader(self.paths)
        return self.opened

    def works(self) -> bool:
        """Whether an episode waits or is worked on."""
        counts = self.reader.library_counts()
        return bool(counts["waiting"] + counts["running"])

    def close(self) -> None:
        """Nobody reads it any more."""
        if self.opened is not None:
            self.opened.close()


def new_profile(folder: Path) -> Paths:
    """That of a new user, whose computer works fast: a brief comes no sooner than the work."""
    made = Paths(folder)
    made.create()
    save_settings(made, Settings(mode="fast"))
    return made


@dataclass
class Living(User):
    """A user with the time on the wall and their keyboard."""

    keys: Typist
    monkeypatch: pytest.MonkeyPatch
    now: datetime = BEGIN
    out: dict[str, int] = field(default_factory=dict)

    def publish(self, show: str, title: str, more: int) -> str:
        """So many episodes more of a sample show; its address."""
        self.out[show] = self.out.get(show, 0) + more
        return sample_show(self.web, show, title, self.out[show], self.now)

    def brief(self) -> list[str]:
        """The headlines of today's five; none yet."""
        page = self.reader.brief(self.now.date().isoformat())
        return [card.insight.headline for card in page.cards] if page else []

    def card(self, headline: str) -> Card:
        """An insight by its headline."""
        return next(each for each in self._cards() if each.insight.headline == headline)

    def waiting(self) -> list[str]:
        """The episodes that wait, in the order in which they will be read."""
        places = self.reader.queue_places()
        jobs = [id_ for id_, state in self.reader.open_jobs() if state == "waiting"]
        return [self.reader.episode(id_).title for id_ in sorted(jobs, key=lambda id_: places.get(id_, 99))]

    def saved(self) -> str:
        """The headline of what was saved."""
        return next(each.insight.headline for each in self._cards() if each.saved)

    def related(self, headline: str) -> list[Card]:
        """What is related to an insight."""
        return [each.card for each in self.reader.related(self.card(headline).insight.id)]

    def has_found(self, title: str) -> bool:
        """Whether an episode was found."""
        return any(each.title == title for each in self.reader.episodes())

    def has_read(self, title: str) -> bool:
        """Whether an episode was found and worked through."""
        titles = {each.id: each.title for each in self.reader.episodes()}
        return any(titles[each.episode_id] == title and each.state == "done" for each in self.reader.jobs())

    def _cards(self) -> list[Card]:
        return self.reader.cards([insight.id for insight in self.reader.insights()])

    def wake(self, days: int) -> None:
        """So many days later, at nine."""
        self.now += timedelta(days=days)

    def is_whole_screen(self) -> bool:
        """Whether the window takes the whole screen."""
        return any(each.isFullScreen() for each in QApplication.topLevelWidgets() if each.isVisible())

    def use(self, walk: Callable[["Living"], None]) -> None:
        """Start the program, live in it, and close it."""
        self.monkeypatch.setattr(QApplication, "exec", lambda *_: walk(self))
        open_window(self.paths, clock=lambda: self.now)
        assert not any(each.isVisible() for each in QApplication.topLevelWidgets()), "it is closed"
