"""A language model that knows the answers: it tells from the marks what a stretch holds, and nothing else.

What the pipeline loses with it is lost before and after the model, not by it.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earmark.insights.model import LanguageModel
from earmark.insights.sentences import Sentence
from earmark.records import Tier


class Oracle:
    """Answers in tier "full" from the marked insights of one episode; embeds with a real model."""

    model_id = "oracle"
    tier: Tier = "full"
    context_tokens = 1_000_000

    def __init__(
        self, real: LanguageModel, sentences: Sequence[Sentence], gold: Sequence[dict[str, Any]]
    ) -> None:
        self._real = real
        self._sentences = sentences
        self._gold = gold
        self._told: set[int] = set()
        self.embedding_model_id = real.embedding_model_id

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The real model's."""
        return self._real.embed(texts)

    def choose(self, context: str, options: Sequence[str]) -> list[float]:
        """The real model's."""
        return self._real.choose(context, options)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Everything fits."""
        return [0] * len(texts)

    def write(self, system: str, prompt: str, schema_name: str, max_tokens: int) -> str:
        """The two marked insights that the numbered sentences support best; each is told once an episode."""
        texts = [line.split("] ", 1)[1] for line in prompt.splitlines() if line.startswith("[")]
        begin = self._find(texts)
        segments = [
            set(range(s.first_segment, s.last_segment + 1))
            for s in self._sentences[begin : begin + len(texts)]
        ]
        found = []
        for place, gold in enumerate(self._gold):
            marked = {i for a, b in [gold["span"], *gold.get("also", [])] for i in range(a, b + 1)}
            numbers = [n for n, ids in enumerate(segments, start=1) if ids & marked]
            if numbers and place not in self._told:
                found.append((len(numbers), place, numbers))
        found = sorted(found, key=lambda each: (-each[0], each[1]))[:2]
        self._told |= {place for _, place, _ in found}
        return json.dumps({"insights": [_card(self._gold[place], numbers) for _, place, numbers in found]})

    def _find(self, texts: Sequence[str]) -> int:
        spoken = [" ".join(s.text.split()) for s in self._sentences]
        return next(i for i in range(len(spoken)) if spoken[i : i + len(texts)] == list(texts))


def _card(gold: dict[str, Any], numbers: list[int]) -> dict[str, Any]:
    return {
        "headline": gold["headline"],
        "text": gold["text"],
        "sentences": numbers,
        "worth": gold["grade"],
    }
