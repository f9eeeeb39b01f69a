"""How much the user's taste draws towards a card, or away from it. Pure: vectors in, factors out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from earmark.insights.meaning import unit
from earmark.insights.words import content_words, words
from earmark.records import FeedId

PHRASE_FROM, PHRASE_TO = 0.05, 0.30
"""Closeness of a card to an interest in a few words, where it begins to count and where it counts in full.

For all-MiniLM-L6-v2, over 718 quotations of 50 episodes and three interests: cards of episodes on the subject
are at 0.14 in the middle and at 0.26 at the upper quarter, others at 0.02 and 0.09 (19 in 20 below 0.21).
"""
LIKE_FROM, LIKE_TO = 0.05, 0.30
"""The same for closeness to what several cards have in common, beyond what all cards of the library have.

In the same library, with five cards that are liked: others of the subject at 0.08 to 0.19 in the middle, the
rest at -0.03 (19 in 20 below 0.17). A card of the subject comes before another one in 0.90, 0.78 and 0.74 of
cases (twenty liked: 0.94, 0.86, 0.82); without taking away what all have in common in 0.87, 0.73 and 0.74
(0.92, 0.78, 0.77).
"""
FEW_CARDS = 20
"""What a library of so many cards has in common counts half: in a small one it is chance."""
MOST_UP, MOST_DOWN = 3.0, 0.75
"""Full interest multiplies the score by 1 + MOST_UP, full aversion by 1 - MOST_DOWN."""
LEAST, MOST = 0.15, 6.0
"""Bounds of the whole factor, so that quality still counts."""
OUTSIDE = 0.25
"""A card that nothing draws by more than this is from outside the user's interests."""
MUTED_TOPIC = 0.32
"""Closeness of a card to a muted topic from which on it is held back."""


@dataclass(frozen=True, slots=True)
class Pull:
    """One thing that draws towards cards or away from them.

    `says` tells it to the user. `weight` in [-1, 1]: how strong, and which way. It acts by closeness to
    `vector`, the mean of some cards' vectors (`phrase`: of unit length, that of a few words), or, without
    one, on the show `show`.
    """

    says: str
    weight: float
    vector: NDArray[np.float32] | None = None
    phrase: bool = False
    show: str = ""


@dataclass(frozen=True, slots=True)
class Interest:
    """What the pulls make of one card: the factor of its score, and the pulls that made it, strongest first.

    `reasons` are (what it says, its own factor). `outside`: nothing draws towards it, nor much away.
    """

    factor: float = 1.0
    reasons: tuple[tuple[str, float], ...] = ()
    outside: bool = False


def common_of(total: NDArray[np.floating], count: int) -> NDArray[np.float32]:
    """What all cards of a library have in common, from the sum of their vectors and how many they are."""
    return np.asarray(total / (count + FEW_CARDS), np.float32)


def interests_of(
    vectors: NDArray[np.float32], shows: Sequence[str], pulls: Sequence[Pull], common: NDArray[np.float32]
) -> list[Interest]:
    """For each card, given by its claim's vector and its show: what the pulls make of it, to be told.

    Of the pulls of one kind (towards or away, by topic or by show) only the strongest counts, so that many
    interests do not add up to more than one does. `common`: see `common_of`.
    """
    if not pulls:
        return [Interest()] * len(shows)
    return [_interest(row, pulls, _kinds(pulls)) for row in _draws(vectors, shows, pulls, common)]


def weights_of(
    vectors: NDArray[np.float32], shows: Sequence[str], pulls: Sequence[Pull], common: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """The factor of each card, and whether it is from outside the interests: as `interests_of`, for many."""
    factors, outside = np.ones(len(shows)), np.full(len(shows), bool(pulls))
    if not pulls:
        return factors, outside
    draws, kinds = _draws(vectors, shows, pulls, common), _kinds(pulls)
    for kind in set(kinds):
        own = draws[:, [number for number, each in enumerate(kinds) if each == kind]]
        strongest = own[np.arange(len(own)), np.abs(own).argmax(axis=1)].astype(np.float64)
        factors *= 1 + np.where(strongest > 0, MOST_UP, MOST_DOWN) * strongest
        outside &= np.abs(strongest) <= OUTSIDE
    return np.clip(factors, LEAST, MOST), outside


def _kinds(pulls: Sequence[Pull]) -> list[tuple[bool, bool]]:
    return [(pull.weight > 0, pull.vector is not None) for pull in pulls]


def _draws(
    vectors: NDArray[np.float32], shows: Sequence[str], pulls: Sequence[Pull], common: NDArray[np.float32]
) -> NDArray[np.float32]:
    """A row for each card: how much each pull draws it, in [-1, 1]."""
    apart = unit(vectors - common)
    rows_of: dict[str, list[int]] = {}
    for row, show in enumerate(shows):
        rows_of.setdefault(show.casefold(), []).append(row)
    return np.stack([_draw(pull, vectors, apart, common, rows_of) for pull in pulls], axis=1)


def _draw(
    pull: Pull,
    vectors: NDArray[np.float32],
    apart: NDArray[np.float32],
    common: NDArray[np.float32],
    rows_of: Mapping[str, list[int]],
) -> NDArray[np.float32]:
    """`apart` are the vectors without what is `common` to all; `rows_of` the cards of each show."""
    if pull.vector is None:
        match = np.zeros(len(vectors), np.float32)
        match[rows_of.get(pull.show.casefold(), [])] = 1
    elif pull.phrase:
        match = (vectors @ pull.vector - PHRASE_FROM) / (PHRASE_TO - PHRASE_FROM)
    else:
        match = (apart @ unit(pull.vector - common) - LIKE_FROM) / (LIKE_TO - LIKE_FROM)
    return np.asarray(pull.weight * np.clip(match, 0, 1), np.float32)


def _interest(
    draws: NDArray[np.float32], pulls: Sequence[Pull], kinds: Sequence[tuple[bool, bool]]
) -> Interest:
    strongest: dict[tuple[bool, bool], int] = {}
    for number, kind in enumerate(kinds):
        if abs(draws[number]) > abs(draws[strongest.get(kind, number)]) or kind not in strongest:
            strongest[kind] = number
    reasons = []
    for number in strongest.values():
        draw = float(draws[number])
        own = 1 + (MOST_UP if draw > 0 else MOST_DOWN) * draw
        if own != 1.0:
            reasons.append((pulls[number].says, own))
    reasons.sort(key=lambda reason: (-abs(np.log(reason[1])), reason[0]))
    factor = float(np.clip(np.prod([own for _, own in reasons]), LEAST, MOST)) if reasons else 1.0
    outside = all(abs(float(draws[number])) <= OUTSIDE for number in strongest.values())
    return Interest(factor, tuple(reasons), outside)


@dataclass(frozen=True, slots=True)
class Mutes:
    """What the user does not want to see; `shows` with titles, `topics` are (its words, their vector)."""

    words: tuple[str, ...] = ()
    shows: Mapping[FeedId, str] = field(default_factory=dict)
    topics: tuple[tuple[str, NDArray[np.float32]], ...] = ()


def muted_by(mutes: Mutes, text: str, show: FeedId | None, vector: NDArray[np.float32]) -> str | None:
    """Why a card is held back, in the user's own words; None: it is not.

    A muted word or phrase counts as whole words in any case. A topic counts when the card is close to it, or
    says all its words. `show` is None for one that the user left.

    >>> muted_by(Mutes(words=("bit coin",)), "A Bit-Coin rose.", None, np.zeros(2, np.float32))
    'the word “bit coin”'
    """
    said = words(text)
    spoken = f" {' '.join(said)} "
    for word in mutes.words:
        if (wanted := " ".join(words(word))) and f" {wanted} " in spoken:
            return f"the word “{word}”"
    if show is not None and show in mutes.shows:
        return f"the show “{mutes.shows[show]}”"
    for topic, direction in mutes.topics:
        all_said = (parts := content_words(topic)) and set(parts) <= set(said)
        if all_said or float(vector @ direction) >= MUTED_TOPIC:
            return f"the topic “{topic}”"
    return None
