"""The user's taste at work: what was done is learned into the file, and the file is held against cards."""

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from earmark.errors import KnownError
from earmark.insights import (
    Interest,
    Mutes,
    Pool,
    Pull,
    Taught,
    Vocabulary,
    common_of,
    interests_of,
    learn,
    muted_by,
    novelties_of,
    vocabulary,
    weights_of,
)
from earmark.pipeline.muting import muted_feeds
from earmark.pipeline.tools import Tools
from earmark.records import Act, Card, FeedId, InsightColumns, InsightId
from earmark.taste import Lesson, Taste, change_taste, load_taste

LEARNED_HALF = 2.0
"""A lesson from acts of this weight draws half as much as an interest that the user wrote."""


@dataclass(frozen=True, slots=True)
class Eye:
    """A taste with all that an engine was asked about it: what draws towards cards, and what is muted."""

    pulls: list[Pull]
    mutes: Mutes


@dataclass(frozen=True, slots=True)
class Judged:
    """The library held against the user's taste: a pool to choose from, and why some may not be chosen."""

    pool: Pool
    held_back: Mapping[InsightId, str]
    exploring: bool


def learn_now(tools: Tools) -> Taste:
    """Read the file, learn into it what the user did since, and heed what they took out of it.

    A lesson that was written before and is gone from the file was taken back by the user: what it rested on
    teaches nothing any more, until it is done anew. Raises KnownError for a broken file.
    """
    taste = load_taste(tools.paths)
    taught = tools.library.taught()
    there = {lesson.name for lesson in taste.lessons}
    barred = frozenset(key for key, lesson in taught.items() if lesson not in there)
    acts = {act.insight_id: act for act in tools.library.acts()}
    if not acts and not taste.lessons:
        return taste
    cards = _taught_by(tools, acts)
    interests = _embedded(tools, taste.interests)

    @cache
    def library() -> Vocabulary:
        return vocabulary(_naming_texts(tools))

    lessons = learn(taste.lessons, cards, acts, interests, library, barred=barred)
    learned = _keep_lessons(tools, taste, lessons)
    now_taught: dict[tuple[InsightId, str], str | None] = dict.fromkeys(barred)
    now_taught |= {(id_, lesson.about): lesson.name for lesson in lessons for id_ in lesson.because}
    if now_taught != taught:
        tools.library.store_taught(now_taught)
    return learned


def _taught_by(tools: Tools, acts: Mapping[InsightId, Act]) -> dict[InsightId, Taught]:
    """The cards that something was done with, those that are still there."""
    ids, vectors, *_ = tools.library.vectors_of(acts, tools.language.embedding_model_id)
    return {
        card.insight.id: Taught(acts[card.insight.id], vector, _naming_text(card), card.feed_title)
        for card, vector in zip(tools.library.cards(ids), vectors, strict=True)
    }


def _naming_texts(tools: Tools) -> Iterator[str]:
    """The words of every card that may name what cards have in common."""
    for block in tools.library.words_in_blocks(tools.language.embedding_model_id):
        yield from (f"{headline} {text} {title}" for headline, text, _, title in block)


def _keep_lessons(tools: Tools, before: Taste, lessons: tuple[Lesson, ...]) -> Taste:
    """Write what was learned; what came into the file or went from it while it was learned stays so."""
    if lessons == before.lessons:
        return before
    old = {lesson.name for lesson in before.lessons}

    def learned(now: Taste) -> Taste:
        there = {lesson.name for lesson in now.lessons}
        wanted = {each.name: each for each in lessons if each.name in there or each.name not in old}
        wanted |= {each.name: each for each in now.lessons if each.name not in old}
        return replace(now, lessons=tuple(wanted.values()))

    return change_taste(tools.paths, learned)


def undo_lesson(tools: Tools, name: str) -> Lesson:
    """Take a lesson back, and learn nothing from what it rested on. Raises KnownError for an unknown name."""
    taste = load_taste(tools.paths)
    lesson = next((lesson for lesson in taste.lessons if lesson.name == name), None)
    if lesson is None:
        known = ", ".join(lesson.name for lesson in taste.lessons) or "none"
        raise KnownError(f"There is no lesson called “{name}”. What was learned: {known}.")
    taught = tools.library.taught() | {(id_, lesson.about): None for id_ in lesson.because}
    tools.library.store_taught(taught)
    change_taste(tools.paths, lambda now: _without(now, name))
    return lesson


def _without(taste: Taste, name: str) -> Taste:
    return replace(taste, lessons=tuple(lesson for lesson in taste.lessons if lesson.name != name))


def forget_taste(tools: Tools, *, all_: bool = False) -> int:
    """Forget every lesson, and all that they rested on; how many. What the user wrote stays unless `all_`.

    What is saved stays saved, and what is hidden hidden. Raises KnownError for a broken file.
    """
    taste = load_taste(tools.paths)
    change_taste(tools.paths, lambda now: Taste() if all_ else replace(now, lessons=()))
    tools.library.forget_acts()
    return len(taste.lessons)


def eye_of(tools: Tools, taste: Taste) -> Eye:
    """While the engine answers, small work may write to the library: so this comes before it is looked at."""
    topics = tuple(_embedded(tools, taste.muted_topics).items())
    mutes = Mutes(taste.muted_words, muted_feeds(tools.library, taste.muted_shows), topics)
    return Eye(_pulls(tools, taste), mutes)


def judge(tools: Tools, eye: Eye, recent: NDArray[np.float32]) -> Judged:
    """Look at every insight of the library; `recent` are claims that were shown lately. Asks no engine."""
    library, model_id = tools.library, tools.language.embedding_model_id
    columns, titles = library.insight_columns(model_id), library.feed_titles()
    shows = [titles[FeedId(feed)] for feed in columns.feeds.tolist()]
    pulls, common = eye.pulls, _common(tools, eye.pulls)
    interests, outside, novelties = np.ones(len(shows)), np.zeros(len(shows), np.bool_), np.ones(len(shows))
    first = 0
    for block in library.vectors_in_blocks(model_id):
        rows = slice(first, first + len(block))
        interests[rows], outside[rows] = weights_of(block, shows[rows], pulls, common)
        novelties[rows] = novelties_of(block, recent)
        first += len(block)

    def vectors(rows: Sequence[int]) -> NDArray[np.float32]:
        return claims_of(tools, [columns.ids[row] for row in rows])

    def told(row: int) -> Interest:
        return interests_of(vectors([row]), [shows[row]], pulls, common)[0]

    pool = Pool(columns, interests, outside, novelties, titles, vectors, told)
    held_back = _held_back(tools, eye.mutes, columns)
    return Judged(pool, held_back, exploring=any(pull.weight > 0 for pull in pulls))


def claims_of(tools: Tools, ids: Iterable[InsightId]) -> NDArray[np.float32]:
    """The vectors of these insights' claims in this order, unknown ones left out."""
    wanted = list(ids)
    known, vectors, *_ = tools.library.vectors_of(wanted, tools.language.embedding_model_id)
    place = {id_: row for row, id_ in enumerate(known)}
    return vectors[[place[id_] for id_ in wanted if id_ in place]]


def _common(tools: Tools, pulls: Sequence[Pull]) -> NDArray[np.float32]:
    """What all claims have in common; only what was learned from some of them is held against it."""
    total, count = np.zeros(1), 0
    if any(pull.vector is not None and not pull.phrase for pull in pulls):
        for block in tools.library.vectors_in_blocks(tools.language.embedding_model_id):
            total = total + block.sum(axis=0, dtype=np.float64)
            count += len(block)
    return common_of(total, count)


def _held_back(tools: Tools, mutes: Mutes, columns: InsightColumns) -> dict[InsightId, str]:
    if mutes == Mutes():
        return {}
    library, model_id = tools.library, tools.language.embedding_model_id
    said = itertools.chain.from_iterable(library.words_in_blocks(model_id))
    meant = itertools.chain.from_iterable(library.vectors_in_blocks(model_id))
    reasons = {}
    for row, (texts, vector) in enumerate(zip(said, meant, strict=True)):
        show = FeedId(int(columns.feeds[row])) if columns.followed[row] else None
        reason = muted_by(mutes, " ".join(texts), show, vector)
        if reason is not None:
            reasons[columns.ids[row]] = reason
    return reasons


def _pulls(tools: Tools, taste: Taste) -> list[Pull]:
    """The user's own interests, and what was learned."""
    pulls = [
        Pull(f"close to “{text}”, which you wrote", 1.0, vector, phrase=True)
        for text, vector in _embedded(tools, taste.interests).items()
    ]
    return pulls + [_learned_pull(tools, lesson) for lesson in taste.lessons]


def _learned_pull(tools: Tools, lesson: Lesson) -> Pull:
    says = lesson.says.rstrip(".")
    says = says[:1].lower() + says[1:]
    weight = lesson.weight / (lesson.weight + LEARNED_HALF) * (1 if lesson.more else -1)
    if lesson.about == "show":
        return Pull(says, weight, show=lesson.topic)
    rows = claims_of(tools, lesson.because)
    if len(rows):
        return Pull(says, weight, rows.mean(axis=0, dtype=np.float32))
    return Pull(says, weight, _embedded(tools, [lesson.topic])[lesson.topic], phrase=True)


def _embedded(tools: Tools, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    return dict(zip(texts, tools.language.embed(texts), strict=True)) if texts else {}


def _naming_text(card: Card) -> str:
    """The words that may name what cards have in common."""
    return f"{card.insight.headline} {card.insight.text} {card.episode_title}"
