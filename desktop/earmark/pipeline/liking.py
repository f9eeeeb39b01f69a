"""The user's taste at work: what was done is learned into the file, and the file is held against cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from earmark.errors import KnownError
from earmark.insights import Interest, Mutes, Pull, Taught, interests_of, learn, muted_by, vocabulary
from earmark.pipeline.muting import muted_feeds
from earmark.pipeline.tools import Tools
from earmark.records import Card, InsightId
from earmark.taste import Lesson, Taste, change_taste, load_taste

LEARNED_HALF = 2.0
"""A lesson from acts of this weight draws half as much as an interest that the user wrote."""

Claims = Mapping[InsightId, tuple[Card, NDArray[np.float32]]]
"""Every insight of the library: its card, and its claim's vector."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What the taste makes of the library: a factor for each card, and why some are held back."""

    interests: Mapping[InsightId, Interest]
    held_back: Mapping[InsightId, str]
    exploring: bool


def claims_of(tools: Tools) -> Claims:
    """All insights that have a vector of today's embedding model."""
    ids, vectors = tools.library.embeddings(tools.language.embedding_model_id)
    cards = {card.insight.id: card for card in tools.library.cards(ids)}
    return {id_: (cards[id_], vector) for id_, vector in zip(ids, vectors, strict=True)}


def learn_taste(tools: Tools, claims: Claims) -> Taste:
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
    cards = {
        id_: Taught(acts[id_], claims[id_][1], _naming_text(claims[id_][0]), claims[id_][0].feed_title)
        for id_ in acts
        if id_ in claims
    }
    library = vocabulary([_naming_text(card) for card, _ in claims.values()])
    interests = _embedded(tools, taste.interests)
    lessons = learn(taste.lessons, cards, acts, interests, library, barred=barred)
    learned = _keep_lessons(tools, taste, lessons)
    now_taught: dict[tuple[InsightId, str], str | None] = dict.fromkeys(barred)
    now_taught |= {(id_, lesson.about): lesson.name for lesson in lessons for id_ in lesson.because}
    if now_taught != taught:
        tools.library.store_taught(now_taught)
    return learned


def learn_now(tools: Tools) -> Taste:
    """The user's taste with what they did up to now learned into its file. Raises KnownError."""
    return learn_taste(tools, claims_of(tools))


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


def judge(tools: Tools, taste: Taste, claims: Claims) -> Judged:
    """Hold a taste against every card of the library."""
    if not claims:
        return Judged({}, {}, exploring=False)
    pulls = _pulls(tools, taste, claims)
    shows = [card.feed_title for card, _ in claims.values()]
    found = interests_of(np.stack([vector for _, vector in claims.values()]), shows, pulls)
    return Judged(
        dict(zip(claims, found, strict=True)),
        _held_back(tools, taste, claims),
        exploring=any(pull.weight > 0 for pull in pulls),
    )


def _held_back(tools: Tools, taste: Taste, claims: Claims) -> dict[InsightId, str]:
    topics = tuple(_embedded(tools, taste.muted_topics).items())
    mutes = Mutes(taste.muted_words, muted_feeds(tools.library, taste.muted_shows), topics)
    if mutes == Mutes():
        return {}
    feed_of = tools.library.feeds_of_read_episodes()
    reasons = {
        id_: muted_by(mutes, _text(card), feed_of.get(card.episode_id), row)
        for id_, (card, row) in claims.items()
    }
    return {id_: reason for id_, reason in reasons.items() if reason is not None}


def _pulls(tools: Tools, taste: Taste, claims: Claims) -> list[Pull]:
    """The user's own interests, and what was learned."""
    pulls = [
        Pull(f"close to “{text}”, which you wrote", 1.0, vector, phrase=True)
        for text, vector in _embedded(tools, taste.interests).items()
    ]
    return pulls + [_learned_pull(tools, lesson, claims) for lesson in taste.lessons]


def _learned_pull(tools: Tools, lesson: Lesson, claims: Claims) -> Pull:
    says = lesson.says.rstrip(".")
    says = says[:1].lower() + says[1:]
    weight = lesson.weight / (lesson.weight + LEARNED_HALF) * (1 if lesson.more else -1)
    if lesson.about == "show":
        return Pull(says, weight, show=lesson.topic)
    rows = [claims[id_][1] for id_ in lesson.because if id_ in claims]
    if rows:
        return Pull(says, weight, np.mean(rows, axis=0, dtype=np.float32))
    return Pull(says, weight, _embedded(tools, [lesson.topic])[lesson.topic], phrase=True)


def _embedded(tools: Tools, texts: Sequence[str]) -> dict[str, NDArray[np.float32]]:
    return dict(zip(texts, tools.language.embed(texts), strict=True)) if texts else {}


def _text(card: Card) -> str:
    """All words of a card that a reader sees."""
    return " ".join((card.insight.headline, card.insight.text, card.insight.quote, card.episode_title))


def _naming_text(card: Card) -> str:
    """The words that may name what cards have in common."""
    return f"{card.insight.headline} {card.insight.text} {card.episode_title}"
