"""The one fake language model: vectors from the words of a text, answers from a script."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from earmark.insights.words import content_words
from earmark.records import Tier

WIDTH = 384


class ScriptedModel:
    """A LanguageModel: texts that share words are close; `write` gives the next of `answers`."""

    model_id = "scripted"
    embedding_model_id = "hashed-words"
    context_tokens = 2048

    def __init__(self, tier: Tier = "quotes", answers: Sequence[str] = ()) -> None:
        self.tier: Tier = tier
        self.answers = list(answers)
        self.prompts: list[str] = []
        self.embedded: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """A unit vector for each text: the sum of a fixed direction for each content word."""
        self.embedded += texts
        return np.array([self._vector(text) for text in texts], np.float32)

    def choose(self, context: str, options: Sequence[str]) -> list[float]:
        """Likes short options."""
        return [-float(len(option)) for option in options]

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """A token a word and a third."""
        return [round(len(text.split()) * 4 / 3) for text in texts]

    def write(self, system: str, prompt: str, schema_name: str, max_tokens: int) -> str:
        """The next scripted answer."""
        self.prompts.append(prompt)
        return self.answers.pop(0) if self.answers else "{}"

    def _vector(self, text: str) -> NDArray[np.float64]:
        total = np.full(WIDTH, 1e-3)
        for word in content_words(text):
            seed = int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big")
            total += np.random.default_rng(seed).standard_normal(WIDTH)
        return np.asarray(total / np.linalg.norm(total))
