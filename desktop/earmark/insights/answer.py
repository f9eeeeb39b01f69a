"""An answer made of what was said, and of nothing else: quotations, or sentences held to their sources.

No model may add to it. Where nothing is near enough to the question there is no answer.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from earmark.found import Moment
from earmark.insights.fuse import same_moment
from earmark.insights.model import LanguageModel
from earmark.insights.verify import CLOSENESS, DEFAULT_CLOSENESS, check_answer
from earmark.paths import resource

SHARE_WEIGHT = 0.2
"""What holding all words of the question is worth beside nearness in meaning."""


class Bar(NamedTuple):
    """How near words must be to a question: to be shown as an answer, and to be read by a model that may
    judge for itself."""

    quoted: float
    read: float


BARS = {"all-minilm-l6-v2-q8_0": Bar(quoted=0.66, read=0.5)}
"""Read off the questions of tests/benchmarks/search: see search.md there."""
UNKNOWN = Bar(quoted=0.8, read=0.65)
"""For an embedding model whose nearness nobody has measured: rather no answer than a wrong one."""

MOST_QUOTED, MOST_READ = 4, 6
REACH = 0.12
"""A quotation that is further below the best one than this does not stand beside it."""
SAME_WORDS = 0.85
MAX_TOKENS = 400
LONGEST_SOURCE = 700


@dataclass(frozen=True, slots=True)
class Candidate:
    """Words that may answer: how near they are to the question (cosine), and which share of its words they
    hold."""

    moment: Moment
    nearness: float
    share: float
    vector: NDArray[np.float32]

    @property
    def score(self) -> float:
        """How well they fit the question."""
        return self.nearness + SHARE_WEIGHT * self.share


def bar_of(embedding_model_id: str) -> Bar:
    """How near words must be, for an embedding model."""
    return BARS.get(embedding_model_id, UNKNOWN)


def chosen(candidates: Sequence[Candidate], least: float, most: int) -> list[Candidate]:
    """The best that fit well enough, best first; what is said twice or overlaps stands once."""
    kept: list[Candidate] = []
    for each in sorted(candidates, key=lambda c: (-c.score, c.moment.episode_id, c.moment.start_ms)):
        if each.score < max(least, kept[0].score - REACH if kept else least) or len(kept) == most:
            break
        if not any(_repeats(each, other) for other in kept):
            kept.append(each)
    return kept


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote: sentences that hold, each with the index of its source. `dropped` did not hold;
    `declined`: it found that the sources do not answer."""

    sentences: tuple[tuple[str, int], ...]
    dropped: int = 0
    declined: bool = False


def written_answer(model: LanguageModel, question: str, sources: Sequence[str]) -> Written:
    """Let a model that may write answer from these sources; only what its checks pass is given.

    Raises KnownError and Cancelled, as the model does.
    """
    fitting = sources[: _fitting(model, question, sources)]
    if not fitting:
        return Written(())
    drafts = _asked(model, question, fitting)
    if drafts is None:
        return Written((), dropped=1)
    if not drafts:
        return Written((), declined=True)
    least = CLOSENESS.get(model.embedding_model_id, DEFAULT_CLOSENESS)
    about = bar_of(model.embedding_model_id).read - SHARE_WEIGHT
    kept: list[tuple[str, int]] = []
    for text, number in drafts:
        vectors = model.embed([text, sources[number], question])
        problems = check_answer(text, sources[number], float(vectors[0] @ vectors[1]), least).problems
        to_the_point = float(vectors[0] @ vectors[2]) >= about
        if not problems and to_the_point and all(text != other for other, _ in kept):
            kept.append((text, number))
    return Written(tuple(kept), dropped=len(drafts) - len(kept))


@cache
def system_prompt() -> str:
    """The rules of an answer; the same for every question, so that its evaluated state can be kept."""
    return (resource("prompts") / "ask-system.txt").read_text("utf-8").strip()


def _fitting(model: LanguageModel, question: str, sources: Sequence[str]) -> int:
    """How many of the first sources fit into the model's context beside rules, question and answer."""
    counts = model.count_tokens([system_prompt(), question, *(_line(source) for source in sources)])
    room = model.context_tokens - MAX_TOKENS - counts[0] - counts[1] - 64
    for done, count in enumerate(counts[2:]):
        room -= count + 8
        if room < 0:
            return done
    return len(sources)


def _asked(model: LanguageModel, question: str, sources: Sequence[str]) -> list[tuple[str, int]] | None:
    """The sentences of the model's answer, each with the index of its source; None when it is not usable.

    Everything stands on a line of its own with its number, so that no text can pass for another source.
    """
    lines = [f"[{number}] {_line(source)}" for number, source in enumerate(sources, start=1)]
    answer = model.write(
        system_prompt(), "\n".join([*lines, f"Question: {_line(question)}"]), "ask", MAX_TOKENS
    )
    try:
        value: Any = json.loads(answer)
    except ValueError:
        return None
    listed = value.get("sentences") if isinstance(value, dict) else None
    if not isinstance(listed, list):
        return None
    drafts = [(each.get("text"), each.get("source")) for each in listed if isinstance(each, dict)]
    return [
        (" ".join(text.split()), number - 1)
        for text, number in drafts
        if isinstance(text, str) and type(number) is int and 1 <= number <= len(sources)
    ]


def _line(text: str) -> str:
    return " ".join(text.split())[:LONGEST_SOURCE]


def _repeats(one: Candidate, other: Candidate) -> bool:
    return (
        same_moment(one.moment, other.moment)
        or same_moment(other.moment, one.moment)
        or float(one.vector @ other.vector) >= SAME_WORDS
    )
