"""What a stretch of talk, or a claim in its context, is about, as one vector: to be found by meaning."""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from earmark.insights.candidates import Embed, window_spans, window_texts
from earmark.insights.noise import set_apart
from earmark.insights.sentences import Sentence, split_sentences
from earmark.paths import resource
from earmark.records import Insight, Passage, Transcript

REACH = 8
"""How many sentences to either side of an insight are its context."""
VERSION = 1
"""Changed whenever these vectors, or what is taken for close (`relate`), change: then all is linked anew."""


@cache
def common_part(embedding_model_id: str) -> NDArray[np.float32] | float:
    """The mean of many claims in context, of all kinds of shows; 0 for a model of which it is not known."""
    with np.load(resource("common.npz"), allow_pickle=False) as stored:
        known = stored.get(embedding_model_id)
    return 0.0 if known is None else np.asarray(known, np.float32)


def in_context(embedding_model_id: str) -> str:
    """The name under which vectors in context are kept, apart from those of the bare claims."""
    return f"{embedding_model_id} in context {VERSION}"


def passage_vectors(
    transcript: Transcript, passages: Sequence[Passage], embed: Embed
) -> dict[int, NDArray[np.float32]]:
    """For each passage of talk, by its first sentence, the mean of its windows, of unit length.

    The windows are those that `extract` scored, so that a cache of vectors holds nearly all of them.
    """
    sentences = {s.number: s for s in split_sentences(set_apart(transcript.segments))}
    parts: list[tuple[int, list[str]]] = []
    for passage in passages:
        if passage.kind == "talk":
            numbers = range(passage.first_sentence, passage.last_sentence + 1)
            own = [sentences[n] for n in numbers if n in sentences]
            parts.append((passage.first_sentence, window_texts(own, window_spans(["talk"] * len(own)))))
    texts = [text for _, windows in parts for text in windows]
    vectors = embed(texts) if texts else np.zeros((0, 1), np.float32)
    found: dict[int, NDArray[np.float32]] = {}
    begin = 0
    for first, windows in parts:
        meaning = unit(vectors[begin : begin + len(windows)].sum(axis=0))
        begin += len(windows)
        if meaning.any():
            found[first] = meaning
    return found


def vectors_in_context(
    transcript: Transcript,
    insights: Sequence[Insight],
    claims: NDArray[np.float32],
    embed: Embed,
    embedding_model_id: str,
) -> NDArray[np.float32]:
    """For each insight its claim's vector and the mean of what is said around it, put together.

    A quotation alone does not say what it is about. What is around it does: of pairs of close quotations
    from two episodes it tells those that bear on each other from those that only sound alike. What all talk
    has in common is taken away, for a model of which it is known (tests/benchmarks/related.md).
    """
    common = common_part(embedding_model_id)
    sentences = split_sentences(set_apart(transcript.segments))
    around = [_windows_around(insight, sentences) for insight in insights]
    texts = [text for windows in around for text in windows]
    vectors = embed(texts) if texts else np.zeros((0, 1), np.float32)
    found, begin = [], 0
    for claim, windows in zip(claims, around, strict=True):
        context = unit(vectors[begin : begin + len(windows)].sum(axis=0))
        begin += len(windows)
        found.append(unit(unit(claim + context) - common))
    return np.array(found, np.float32).reshape(claims.shape)


def _windows_around(insight: Insight, sentences: Sequence[Sentence]) -> list[str]:
    at = [k for k, s in enumerate(sentences) if s.start_ms < insight.end_ms and s.end_ms > insight.start_ms]
    if not at:
        return []
    near = sentences[max(0, at[0] - REACH) : at[-1] + REACH + 1]
    return window_texts(near, window_spans(["talk"] * len(near)))


def unit(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """A vector, or each row, at unit length; nothing stays nothing."""
    length = np.linalg.norm(rows) if rows.ndim == 1 else np.linalg.norm(rows, axis=-1, keepdims=True)
    return np.asarray(rows / np.maximum(length, 1e-9), np.float32)
