"""Days as a user lives them: a library that grows, a clock that tests move, and words with meanings."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from small_shows import an_episode, an_insight, take_in

from earmark.clock import to_ms
from earmark.library import Library, open_library
from earmark.paths import Paths
from earmark.pipeline import Tools
from earmark.records import (
    EpisodeId,
    Extraction,
    ExtractionCounts,
    Insight,
    InsightId,
    Segment,
    Transcript,
)
from earmark.settings import Choices

BEGIN = datetime(2026, 11, 23, 9, tzinfo=UTC)
WIDTH = 384


class Meanings:
    """Stands for the embedding model: every word is a direction, and a text goes where its words go."""

    embedding_model_id = "scripted-embedding"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit-length row for each text."""
        rows = [np.sum([_direction(word) for word in text.lower().split()], axis=0) for text in texts]
        return np.stack([row / np.linalg.norm(row) for row in rows]).astype(np.float32)


def _direction(word: str) -> NDArray[np.float64]:
    seed = int.from_bytes(hashlib.sha256(word.strip(".,").encode()).digest()[:8], "big")
    row = np.random.default_rng(seed).standard_normal(WIDTH)
    return np.asarray(row / np.linalg.norm(row))


@dataclass
class Life:
    """A profile, and the moment that its user lives in."""

    paths: Paths
    library: Library
    now: datetime = BEGIN
    language: Any = field(default_factory=Meanings)

    @property
    def tools(self) -> Tools:
        """What the pipeline works with; nothing is fetched or heard here."""
        nothing: Any = None
        return Tools(
            self.library,
            nothing,
            nothing,
            nothing,
            self.language,
            self.paths,
            lambda: self.now,
            None,
            choices=Choices(self.paths),
        )

    @property
    def today(self) -> str:
        """The date on the wall."""
        return self.now.date().isoformat()

    def sleep(self, **much: float) -> None:
        """Later, in the same zone; `much` as timedelta takes it."""
        zone = self.now.tzinfo
        self.now = (self.now.astimezone(UTC) + timedelta(**much)).astimezone(zone)

    def hear(self, show: str, *claims: str, quality: float = 0.5) -> list[InsightId]:
        """An episode comes and is read; it makes these claims."""
        url = f"https://example.org/{show}"
        known = [feed.id for feed in self.library.feeds() if feed.url == url]
        guid = f"{show} {sum(len(self.library.episodes(id_)) for id_ in known)}"
        item = an_episode(guid, title=f"Episode {guid}", published_ms=to_ms(self.now))
        (episode_id,) = take_in(self.library, show, [item], url=url, now_ms=to_ms(self.now), backlog=3)
        self.library.set_job(episode_id, step="done", state="done")
        return self.read(episode_id, guid, claims, quality)

    def read(
        self, episode_id: EpisodeId, guid: str, claims: Sequence[str], quality: float = 0.5
    ) -> list[InsightId]:
        """Find these claims in an episode, in place of what was found before."""
        said = tuple(Segment(n * 1000, n * 1000 + 900, claim) for n, claim in enumerate(claims))
        made = [_insight(f"{guid}/{claim}", claim, n, quality) for n, claim in enumerate(claims)]
        self.library.store_transcript(episode_id, Transcript("publisher", said))
        vectors = dict(zip([i.id for i in made], self.language.embed(list(claims)), strict=True))
        counts = ExtractionCounts(kept=len(made))
        model = self.language.embedding_model_id
        extraction = Extraction(tuple(made), (), counts)
        self.library.store_extraction(episode_id, extraction, vectors, model, now_ms=to_ms(self.now))
        return [insight.id for insight in made]


def _insight(key: str, claim: str, number: int, quality: float) -> Insight:
    id_ = hashlib.sha256(key.encode()).hexdigest()[:10]
    start_ms = number * 1000
    place = {"start_ms": start_ms, "end_ms": start_ms + 900, "first_segment": number, "last_segment": number}
    return an_insight(id_, claim, quality=quality, **place)


@contextmanager
def lived(folder: Path, now: datetime = BEGIN) -> Iterator[Life]:
    """A life over a profile, new or begun before."""
    paths = Paths(folder)
    begun: list[Life] = []
    with open_library(paths, clock=lambda: begun[0].now if begun else now) as library:
        begun.append(Life(paths, library, now))
        yield begun[0]
