"""What a stretch of talk is about, as one vector: to be found by meaning."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from earmark.insights.candidates import Embed, window_spans, window_texts
from earmark.insights.noise import set_apart
from earmark.insights.sentences import split_sentences
from earmark.records import Passage, Transcript


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
        total = vectors[begin : begin + len(windows)].sum(axis=0)
        begin += len(windows)
        if (length := float(np.linalg.norm(total))) > 0:
            found[first] = np.asarray(total / length, np.float32)
    return found
