"""Search: by words, by meaning, and both as one list of moments that can be played."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from earmark.errors import KnownError
from earmark.found import By, Found, FoundEpisode, Moment, Narrow, SearchPage
from earmark.insights.fuse import fused
from earmark.insights.said import Said, nearest_said, sentences_between, windows_of
from earmark.library import Reader
from earmark.library.search_queries import Stretch
from earmark.library.search_text import asked_words, excerpt, marks_in, share_held, shown
from earmark.records import Card, EpisodeId, InsightId, Passage, Segment

MOST_ASKED = 400
"""Characters of a question; what is beyond them is not looked at."""
DEPTH = 30
"""How long each list is before they are put together."""
PASSAGES = 8
"""In how many passages the nearest sentences are looked for."""
OTHERS = 5
"""So many episodes and shows at most are named beside the moments."""
EXCERPT = 240
FAR = {"all-minilm-l6-v2-q8_0": 0.37}
"""When nothing is nearer than this to what is asked, the nearest are there by chance and none is found.

In 57 episodes the nearest to eight things without meaning, or of which nobody speaks, are at 0.27 to 0.46
(six below 0.37), to every sixth of the 60 questions of tests/benchmarks/search at 0.38 to 0.78.
"""
_REACHES = (256, 4096, 65_536)


class Embedder(Protocol):
    """What search asks of a language model."""

    @property
    def embedding_model_id(self) -> str:
        """Names the embedding model."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of unit length for each text."""


def search(
    library: Reader,
    language: Embedder | None,
    asked: str,
    *,
    narrow: Narrow | None = None,
    by: By = "both",
    most: int = 20,
    typing: bool = False,
) -> SearchPage:
    """What the library holds on `asked`, in one list of moments, with episodes and shows beside it.

    While somebody is `typing` the last word may go on. Without a language model, or where it fails, words
    alone are looked for and the page says so. Raises SearchDamagedError.
    """
    narrow, asked = narrow or Narrow(), " ".join(shown(asked).split())[:MOST_ASKED]
    if not asked_words(asked):
        return SearchPage(asked, by)
    trouble = None
    lists: list[list[tuple[Moment, float]]] = []
    if by != "words":
        try:
            lists.append([(moment, 1.0) for moment in by_meaning(library, language, asked, narrow)])
        except KnownError as error:
            by, trouble = "words", str(error)
    if by != "meaning":  # a moment that holds few of the words is there by chance, and counts for less
        found = by_words(library, asked, narrow, typing=typing)
        lists.append([(moment, share_held(moment.text, asked)) for moment in found])
    best = fused(lists)
    return SearchPage(
        asked,
        by,
        tuple(as_found(library, [moment for moment, _ in best[:most]], asked)),
        tuple(_episodes(library, asked, narrow, typing)) if by != "meaning" else (),
        tuple(library.shows_with(asked, OTHERS, typing=typing)) if narrow == Narrow() else (),
        trouble,
    )


def by_words(library: Reader, asked: str, narrow: Narrow, *, typing: bool = False) -> list[Moment]:
    """Insights that hold the words, without hidden ones, and what is said with them, best first.

    Raises SearchDamagedError.
    """
    hidden = library.hidden_insight_ids()
    found = library.insights_with(asked, narrow, DEPTH, typing=typing)
    insights = [each for each in found if each[0].insight_id not in hidden]
    stretches = library.stretches_with(asked, narrow, DEPTH, typing=typing)
    said = [(_moment_of(library, stretch, asked), score) for stretch, score in stretches]
    return _best_first([*insights, *said])


def by_meaning(library: Reader, language: Embedder | None, asked: str, narrow: Narrow) -> list[Moment]:
    """Insights that mean what is asked, without hidden ones, and what is said of it, best first.

    Raises KnownError.
    """
    if language is None:
        raise KnownError("There is no model here that reads meanings, so words alone were looked for.")
    vector = language.embed([asked])[0]
    nearness = dict(_near_insights(library, vector, language.embedding_model_id, narrow))
    cards = [card for card in library.cards(nearness) if not card.hidden]
    insights = [(insight_moment(card), nearness[card.insight.id]) for card in cards]
    said = [
        (Moment(episode_id, each.start_ms, each.end_ms, each.text), each.nearness)
        for episode_id, each in near_said(library, language, vector, narrow)
    ]
    found = [*insights, *said[:DEPTH]]
    nearest = max((near for _, near in found), default=0.0)
    return _best_first(found) if nearest >= FAR.get(language.embedding_model_id, 0.0) else []


def insight_moment(card: Card) -> Moment:
    """An insight as a moment that can be played."""
    insight = card.insight
    return Moment(card.episode_id, insight.start_ms, insight.end_ms, insight.text, insight.id)


def _best_first(scored: Iterable[tuple[Moment, float]]) -> list[Moment]:
    """By score; of what is equally good an insight first."""
    order = sorted(scored, key=lambda each: (-each[1], each[0].insight_id is None))
    return [moment for moment, _ in order]


def near_said(
    library: Reader, language: Embedder, vector: NDArray[np.float32], narrow: Narrow
) -> list[tuple[EpisodeId, Said]]:
    """The sentences nearest to the vector of a question, in the passages nearest to it, best first."""
    found: list[tuple[EpisodeId, Said]] = []
    for episode_id, passage in _near_passages(library, vector, language.embedding_model_id, narrow):
        segments = library.segments_between(episode_id, passage.start_ms, passage.end_ms)
        windows = windows_of(sentences_between(segments, passage.start_ms, passage.end_ms))
        found += [(episode_id, said) for said in nearest_said(windows, vector, language.embed)]
    return sorted(found, key=lambda each: -each[1].nearness)


def as_found(library: Reader, moments: Iterable[Moment], asked: str) -> list[Found]:
    """Moments as they are shown."""
    listed = list(moments)
    cards = {c.insight.id: c for c in library.cards([m.insight_id for m in listed if m.insight_id])}
    episodes = {id_: library.episode(id_) for id_ in {moment.episode_id for moment in listed}}
    found = []
    for moment in (replace(each, text=shown(each.text)) for each in listed):
        card = cards.get(moment.insight_id) if moment.insight_id else None
        episode = episodes[moment.episode_id]
        found.append(
            Found(
                moment,
                shown(episode.title),
                shown(episode.feed_title),
                episode.published_ms,
                marks_in(moment.text, asked),
                card,
            )
        )
    return found


def _near_insights(
    library: Reader, vector: NDArray[np.float32], model_id: str, narrow: Narrow
) -> list[tuple[InsightId, float]]:
    """The nearest insights; with a narrow search further ones are looked at until there are enough."""
    kept: list[tuple[InsightId, float]] = []
    for reach in (DEPTH,) if narrow == Narrow() else _REACHES:
        found = library.nearest_insights(vector, reach, model_id)
        within = library.insights_within([id_ for id_, _ in found], narrow)
        kept = [(id_, score) for id_, score in found if id_ in within][:DEPTH]
        if len(kept) == DEPTH or len(found) < reach:
            break
    return kept


def _near_passages(
    library: Reader, vector: NDArray[np.float32], model_id: str, narrow: Narrow
) -> list[tuple[EpisodeId, Passage]]:
    kept: list[tuple[EpisodeId, Passage]] = []
    for reach in () if narrow.insights_only else (PASSAGES,) if narrow == Narrow() else _REACHES:
        found = library.nearest_passages(vector, reach, model_id)
        within = library.episodes_within({episode_id for episode_id, _, _ in found}, narrow)
        kept = [(episode_id, passage) for episode_id, passage, _ in found if episode_id in within][:PASSAGES]
        if len(kept) == PASSAGES or len(found) < reach:
            break
    return kept


def _moment_of(library: Reader, stretch: Stretch, asked: str) -> Moment:
    """A stretch, cut down to where the words are."""
    segments = library.segments(*stretch)
    text = " ".join(segment.text for segment in segments)
    begin, end = excerpt(text, marks_in(text, asked), EXCERPT)
    return Moment(
        stretch.episode_id, _time_at(segments, begin), _time_at(segments, end), text[begin:end].strip()
    )


def _time_at(segments: Sequence[Segment], offset: int) -> int:
    """When the character at `offset` of the joined segments is said, by even speed within each."""
    begin = 0
    for segment in segments:
        if offset <= begin + len(segment.text):
            share = max(0, offset - begin) / max(1, len(segment.text))
            return round(segment.start_ms + share * (segment.end_ms - segment.start_ms))
        begin += len(segment.text) + 1
    return segments[-1].end_ms if segments else 0


def _episodes(library: Reader, asked: str, narrow: Narrow, typing: bool) -> list[FoundEpisode]:
    found = []
    for episode_id in library.episodes_with(asked, narrow, OTHERS, typing=typing):
        episode = library.episode(episode_id)
        notes = shown(library.episode_text(episode_id)[1])
        begin, end = excerpt(notes, marks_in(notes, asked), EXCERPT)
        text = notes[begin:end]
        found.append(
            FoundEpisode(
                episode_id,
                shown(episode.title),
                episode.feed_title,
                episode.published_ms,
                text,
                marks_in(text, asked),
            )
        )
    return found
