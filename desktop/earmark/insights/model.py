"""What the insights ask of a language model; `engines` has a real one, the tests a scripted one."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from earmark.records import Tier


class LanguageModel(Protocol):
    """An embedding model and a language model behind one face. All answers are deterministic."""

    @property
    def model_id(self) -> str:
        """Names the language model in what it wrote."""

    @property
    def embedding_model_id(self) -> str:
        """Names the embedding model; vectors of different ones cannot be compared."""

    @property
    def tier(self) -> Tier:
        """What the model may do, as measured."""

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One row of unit length for each text."""

    def choose(self, context: str, options: Sequence[str]) -> list[float]:
        """Mean log-probability a token of each option as what follows `context`."""

    @property
    def context_tokens(self) -> int:
        """How many tokens prompt and answer may have together."""

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text for the language model."""

    def write(self, system: str, prompt: str, schema_name: str, max_tokens: int) -> str:
        """JSON text under the grammar of resources/prompts/<schema_name>.json."""
