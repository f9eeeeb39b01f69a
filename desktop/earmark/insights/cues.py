"""What a window of sentences looks like from outside: the cues beside its meaning, for the ranker."""

import math
import re
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from earmark.insights.sentences import Sentence
from earmark.insights.words import STOP, names, word_set, words

_RATES: dict[str, frozenset[str]] = {
    "i": word_set("i my me myself i'm i've i'd i'll mine"),
    "we": word_set("we our us we're we've we'd we'll ours"),
    "you": word_set("you your you're you've you'd you'll yourself"),
    "general": word_set(
        "people companies teams everyone anybody anyone most every always never often usually "
        "tend tends generally many someone somebody typically humans customers users companies"
    ),
    "contrast": word_set(
        "but instead rather not isn't don't doesn't actually however than although though without "
        "despite wrong myth opposite unless except versus aren't can't won't nothing"
    ),
    "cause": word_set(
        "because therefore means reason leads lead why if when since causes makes result depends "
        "otherwise helps hence"
    ),
    "hedge": word_set("probably maybe might may could perhaps seems seem likely almost"),
    "filler": word_set("yeah um uh okay ok hmm oh wow haha gosh dude cool awesome exactly gonna"),
    "past": word_set(
        "was were had did went said got came started told thought wanted made ran took knew left met"
    ),
    "pointing": word_set("it that this he she they them him those these there here it's that's"),
    "degree": word_set(
        "more less better worse best worst higher lower larger smaller faster easier harder "
        "important biggest key critical largest only percent much too enough"
    ),
    "must": word_set("should must need needs have ought required require always never"),
}
_PHRASES: dict[str, re.Pattern[str]] = {
    "opinion": re.compile(r"\bI (?:really )?(?:think|believe|found|find|learned|realized|argue)\b", re.I),
    "loose": re.compile(r"\b(?:you know|kind of|sort of|I mean|or whatever|and stuff|and so on)\b", re.I),
    "laugh": re.compile(r"\[?\b(?:laugh\w*|laughter|unintelligible|haha)\b", re.I),
    "lesson": re.compile(
        r"\b(?:the (?:key|reason|trick|problem|point|way|best|thing|difference|idea|goal|whole point|answer"
        r"|result) (?:is|was|to|that|here)|it turns out|which means|that means|the more|in order to"
        r"|what (?:matters|happens)|so that|as opposed to|rather than|not just|has to)\b",
        re.I,
    ),
    "number": re.compile(r"\d"),
    "quoted": re.compile(r"[\"“]"),
}
CUES = (
    *_RATES,
    *_PHRASES,
    "length",
    "sentence_length",
    "questions",
    "names",
    "word_length",
    "content",
    "variety",
    "early",
    "late",
    "turn",
    "speaker_share",
    "central",
    "near",
)
NEIGHBOURS = 8


def text_cues(text: str) -> list[float]:
    """The cues that the text alone gives, in the order of the first names in `CUES`."""
    found = words(text)
    n = max(1, len(found))
    rates = [sum(word in group for word in found) / n for group in _RATES.values()]
    phrases = [min(3, len(pattern.findall(text))) * 0.1 for pattern in _PHRASES.values()]
    sentences = max(1, len(re.findall(r"[.!?…](?:\s|$)", text)))
    content = [word for word in found if word not in STOP]
    return [
        *rates,
        *phrases,
        math.log(n),
        math.log(n / sentences),
        text.count("?") / sentences,
        len(names(text)) / n,
        sum(map(len, content)) / max(1, len(content)),
        len(content) / n,
        len(set(content)) / max(1, len(content)),
    ]


def place_cues(
    first: int,
    last: int,
    sentences: Sequence[Sentence],
    turns: Sequence[int],
    shares: Mapping[str | None, float],
) -> list[float]:
    """Where the window stands: nearness to both ends, length of its turn, the speaker's share of the talk."""
    total = max(1, len(sentences))
    speaker = sentences[first].speaker
    return [
        float(np.exp(-first / (0.04 * total))),
        float(np.exp(-(total - 1 - last) / (0.04 * total))),
        float(np.log(turns[first])),
        shares.get(speaker, 0.0) if speaker else 0.5,
    ]


def main_share(sentences: Sequence[Sentence]) -> dict[str | None, float]:
    """Each speaker's share of all words."""
    counts: dict[str | None, float] = {}
    for sentence in sentences:
        counts[sentence.speaker] = counts.get(sentence.speaker, 0.0) + sentence.words
    total = sum(counts.values()) or 1.0
    return {speaker: count / total for speaker, count in counts.items()}


def turn_words(sentences: Sequence[Sentence]) -> list[int]:
    """For each sentence, how many words its speaker says in one go around it."""
    lengths: list[int] = []
    begin = 0
    for i, sentence in enumerate(sentences):
        if i + 1 == len(sentences) or sentences[i + 1].speaker != sentence.speaker:
            block = sentences[begin : i + 1]
            lengths += [max(1, sum(s.words for s in block))] * len(block)
            begin = i + 1
    return lengths


def around(vectors: NDArray[np.float32], reach: int) -> NDArray[np.float64]:
    """For each window in order, the unit mean of it and of `reach` windows to either side."""
    if not len(vectors):
        return np.zeros((0, vectors.shape[1] if vectors.ndim == 2 else 0))
    sums = np.vstack([np.zeros((1, vectors.shape[1])), np.cumsum(vectors, axis=0, dtype=np.float64)])
    n = len(vectors)
    low = np.maximum(0, np.arange(n) - reach)
    high = np.minimum(n, np.arange(n) + reach + 1)
    means = sums[high] - sums[low]
    return np.asarray(means / np.maximum(1e-9, np.linalg.norm(means, axis=1, keepdims=True)))


def closeness_cues(vectors: NDArray[np.float32]) -> NDArray[np.float64]:
    """For each window in order: cosine to the mean of all windows, and to that of its neighbourhood."""
    if not len(vectors):
        return np.zeros((0, 2))
    total = vectors.sum(axis=0, dtype=np.float64)
    whole = total / max(1e-9, float(np.linalg.norm(total)))
    return np.column_stack([vectors @ whole, (vectors * around(vectors, NEIGHBOURS)).sum(axis=1)])
