"""What the user's doings teach: more or less of a topic, or of a show, told in words.

A lesson keeps its name and its topic for good; insights join it when they are close to those that taught it.
A topic is named by the user's own interest where it is near one, else by the words that its insights share
and others do not. What has no such name is not learned: nothing draws a card that cannot be told.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from earmark.insights.words import content_words, word_set, words
from earmark.records import Act, InsightId
from earmark.taste import About, Lesson, lesson_name

READ_MS = 30_000
"""A card that was open this long was read with interest: an insight takes about fifteen seconds to read."""
READ_WEIGHT = 0.5
NEAR_INTEREST = 0.20
"""Closeness from which a liked card belongs to an interest that the user wrote."""
JOINS = 0.38
"""Closeness from which a card joins others, to their middle."""
FEWEST, FEWEST_LESS, FEWEST_OF_A_SHOW = 2, 3, 3
"""Cards that teach more of a topic, less of one (one hides for many reasons), or anything of a show."""
SHARE_OF_A_SHOW, AGAINST = 0.75, 2
"""Of all that was done with a show's cards, so much must point the same way. What points the other way counts
twice, so that a reader who turns to a show that they used to hide is not kept from it."""
MOST_POOLED = 300
RARER = 3.0
"""How many times as common a word must be in the liked cards as elsewhere, to name them."""


VAGUE = word_set(
    "actually almost already always another anything around away back bad basically best better big "
    "bunch case certain certainly course day days different early easy either end enough especially "
    "even eventually ever every everybody everyone everything example fact far fine first give given "
    "good great guess guys hard help important interesting kinds last later least less level little "
    "long look looking lots made make makes making many may maybe might moment must need needs never "
    "new next nice nothing often old order part people perhaps person piece place point pretty probably "
    "problem put question quite rather reason recently second see sense set show side simple since "
    "single someone something sometimes somewhat soon sorry stuff sure take talk talking tell thinking "
    "three time times today together took top totally toward true try trying turn two usually wanted "
    "way ways whatever whether whole within without work works world year years yet"
)
"""Words that stand anywhere, and so name nothing."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A card that something was done with: its claim's vector, all its words, its show."""

    act: Act
    vector: NDArray[np.float32]
    text: str
    show: str


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """In how many of a library's texts each word stands; "idea" and "ideas" are one."""

    counts: Mapping[str, int]
    texts: int

    def share_elsewhere(self, word: str, count: int, among: int) -> float:
        """In which part of the texts a word stands, but for `among` of them, `count` of which have it."""
        return max(self.counts.get(word, 0) - count, 0.1) / max(self.texts - among, 1)


def vocabulary(texts: Iterable[str]) -> Vocabulary:
    """The words of a library."""
    counts: Counter[str] = Counter()
    number = 0
    for text in texts:
        counts.update(_of(text))
        number += 1
    return Vocabulary(counts, number)


def weight_of(act: Act) -> float:
    """How much an act teaches; negative: less of this.

    What was saved or liked counts so even if it was hidden later: it may only be done with.

    >>> weight_of(Act(InsightId("a"), saved=True)), weight_of(Act(InsightId("a"), thumb=-1, read_ms=90_000))
    (1.0, -1.0)
    """
    if act.saved or act.thumb > 0:
        return 1.0
    if act.hidden or act.thumb < 0:
        return -1.0
    return READ_WEIGHT if act.read_ms >= READ_MS else 0.0


def learn(
    lessons: Sequence[Lesson],
    cards: Mapping[InsightId, Taught],
    acts: Mapping[InsightId, Act],
    interests: Mapping[str, NDArray[np.float32]],
    library: Callable[[], Vocabulary],
    *,
    barred: frozenset[tuple[InsightId, str]] = frozenset(),
) -> tuple[Lesson, ...]:
    """The lessons after these acts, from those before; the same acts again change nothing.

    `cards` are those of `acts` that the library still has. `interests` are the user's own, with their
    vectors; `library` gives the words of all cards, where something is to be named. From what is `barred`
    (insight, "topic" or "show") nothing new is learned.
    """
    kept = [lesson for old in lessons if (lesson := _without_withdrawn(old, acts)) is not None]
    for more in (True, False):
        for about in ("topic", "show"):
            taken = {id_ for lesson in kept if lesson.about == about for id_ in lesson.because}
            free = [
                cards[id_]
                for id_ in sorted(cards)
                if _points(acts[id_], more) and (id_, about) not in barred and id_ not in taken
            ]
            if about == "topic":
                kept = _topics(kept, free, cards, interests if more else {}, library, more)
            else:
                kept = _shows(kept, free, cards, more)
    return tuple(_told(lesson, acts) for lesson in kept)


def middle(rows: Sequence[NDArray[np.float32]]) -> NDArray[np.float32]:
    """The direction that vectors of unit length have in common, of unit length."""
    total = np.sum(rows, axis=0)
    return np.asarray(total / max(float(np.linalg.norm(total)), 1e-9), np.float32)


def _points(act: Act, more: bool) -> bool:
    weight = weight_of(act)
    return weight > 0 if more else weight < 0


def _without_withdrawn(lesson: Lesson, acts: Mapping[InsightId, Act]) -> Lesson | None:
    """A lesson without the acts that the user took back; None when nothing of it is left."""
    if not lesson.because:
        return lesson
    still = tuple(id_ for id_ in lesson.because if id_ in acts and _points(acts[id_], lesson.more))
    return replace(lesson, because=still) if still else None


def _topics(
    lessons: list[Lesson],
    free: list[Taught],
    cards: Mapping[InsightId, Taught],
    interests: Mapping[str, NDArray[np.float32]],
    library: Callable[[], Vocabulary],
    more: bool,
) -> list[Lesson]:
    """Each free card joins an interest, or a lesson, or others that wait for a lesson."""
    lessons = list(lessons)
    waiting = []
    for card in free:
        nearest = max(interests, key=lambda name: float(card.vector @ interests[name]), default=None)
        if nearest is not None and float(card.vector @ interests[nearest]) >= NEAR_INTEREST:
            _join_or_begin(lessons, card, nearest, more)
        elif (place := _closest_lesson(lessons, card, cards, more)) is not None:
            lessons[place] = _joined(lessons[place], card)
        else:
            waiting.append(card)
    for group in _groups(waiting[:MOST_POOLED]):
        if len(group) < (FEWEST if more else FEWEST_LESS):
            continue
        shows = {word for card in group for word in _of(card.show)}
        if name := _shared_words([card.text for card in group], shows, library()):
            for card in group:
                _join_or_begin(lessons, card, name, more)
    return lessons


def _join_or_begin(
    lessons: list[Lesson], card: Taught, topic: str, more: bool, about: About = "topic"
) -> None:
    for place, lesson in enumerate(lessons):
        if (lesson.topic.casefold(), lesson.more, lesson.about) == (topic.casefold(), more, about):
            lessons[place] = _joined(lesson, card)
            return
    name = lesson_name(topic, more, [lesson.name for lesson in lessons])
    lessons.append(Lesson(name, more, about, topic, "", because=(card.act.insight_id,)))


def _joined(lesson: Lesson, card: Taught) -> Lesson:
    return replace(lesson, because=(*lesson.because, card.act.insight_id))


def _closest_lesson(
    lessons: Sequence[Lesson], card: Taught, cards: Mapping[InsightId, Taught], more: bool
) -> int | None:
    best, found = JOINS, None
    for place, lesson in enumerate(lessons):
        rows = [cards[id_].vector for id_ in lesson.because if id_ in cards]
        if rows and lesson.more == more and lesson.about == "topic":
            closeness = float(card.vector @ middle(rows))
            if closeness >= best:
                best, found = closeness, place
    return found


def _groups(cards: Sequence[Taught]) -> list[list[Taught]]:
    """Cards that are close to the middle of their group; the two nearest groups are joined first."""
    groups = [[card] for card in cards]
    while len(groups) > 1:
        middles = np.stack([middle([card.vector for card in group]) for group in groups])
        closeness = np.triu(middles @ middles.T, 1)
        one, other = np.unravel_index(int(np.argmax(closeness)), closeness.shape)
        if closeness[one, other] < JOINS:
            break
        groups[one] = [*groups[one], *groups.pop(int(other))]
    return groups


def _of(text: str) -> set[str]:
    """The words of a text, "idea" and "ideas" being one."""
    return {_stem(word) for word in content_words(text) if not word.isdigit() and word not in VAGUE}


def _stem(word: str) -> str:
    return re.sub(r"(?<=[a-z]{3})s$", "", word)


def _shared_words(texts: Sequence[str], show: set[str], library: Vocabulary) -> str:
    """The one or two words that at least half of these texts share, and others do not; nothing if none are.

    >>> _shared_words(["Deep sleep helps", "Sleep is rest"], set(), Vocabulary({"sleep": 3}, 90))
    'sleep'
    """
    counts = Counter(word for text in texts for word in _of(text))
    scored = []
    for word, count in counts.items():
        share, usual = count / len(texts), library.share_elsewhere(word, count, len(texts))
        if count >= 2 and share >= 0.5 and share >= RARER * usual and word not in show:
            scored.append((-share * log(share / usual), word))
    return _as_said([word for _, word in sorted(scored)[:2]], texts)


def _as_said(stems: Sequence[str], texts: Sequence[str]) -> str:
    """Words in the form that is most usual, as one phrase where they stand side by side.

    >>> _as_said(["tram", "electric"], ["Electric trams carry more", "They like electric trams"])
    'electric trams'
    """
    said = [words(text) for text in texts]
    forms = [
        Counter(word for text in said for word in text if _stem(word) == stem).most_common(1)[0][0]
        for stem in stems
    ]
    for pair in (forms, forms[::-1]):
        if len(pair) == 2 and sum(f" {' '.join(pair)} " in f" {' '.join(text)} " for text in said) >= 2:
            return " ".join(pair)
    return " and ".join(forms)


def _shows(
    lessons: list[Lesson], free: list[Taught], cards: Mapping[InsightId, Taught], more: bool
) -> list[Lesson]:
    """A show is learned when enough was done with it, and nearly all of it points the same way; no longer so,
    the lesson goes."""
    lessons = [
        lesson
        for lesson in lessons
        if lesson.about == "topic" or lesson.more != more or not lesson.because or _one_way(lesson, cards)
    ]
    for show in sorted({card.show for card in free}):
        begun = Lesson("", more, "show", show, "", because=tuple(_pointing(show, more, cards)))
        if len(begun.because) >= FEWEST_OF_A_SHOW and _one_way(begun, cards):
            for card in free:
                if card.show == show:
                    _join_or_begin(lessons, card, show, more, "show")
    return lessons


def _one_way(lesson: Lesson, cards: Mapping[InsightId, Taught]) -> bool:
    """Whether nearly all that was done with a show's cards points the way of the lesson."""
    same, against = len(lesson.because), len(_pointing(lesson.topic, not lesson.more, cards))
    return same >= SHARE_OF_A_SHOW * (same + AGAINST * against)


def _pointing(show: str, more: bool, cards: Mapping[InsightId, Taught]) -> list[InsightId]:
    return [id_ for id_, card in cards.items() if card.show == show and _points(card.act, more)]


def _told(lesson: Lesson, acts: Mapping[InsightId, Act]) -> Lesson:
    """A lesson with its reason in words and its weight."""
    if not lesson.because:
        return lesson
    mine = [acts[id_] for id_ in lesson.because]
    where = "on" if lesson.about == "topic" else "from"
    says = (
        f"{'More' if lesson.more else 'Less'} {where} {lesson.topic}, because you {_did(mine, lesson.more)}."
    )
    return replace(lesson, says=says, weight=round(sum(abs(weight_of(act)) for act in mine), 2))


def _did(acts: Sequence[Act], more: bool) -> str:
    """What the user did, in words: “saved 3 and read 2”."""
    if more:
        counts = {
            "saved": sum(act.saved for act in acts),
            "liked": sum(act.thumb > 0 and not act.saved for act in acts),
            "read": sum(act.thumb <= 0 and not act.saved for act in acts),
        }
    else:
        counts = {
            "hid": sum(act.hidden for act in acts),
            "disliked": sum(not act.hidden for act in acts),
        }
    parts = [f"{verb} {count}" for verb, count in counts.items() if count]
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)
