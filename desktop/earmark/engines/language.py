"""The language model and the embedding model, as extraction and the pipeline ask for them."""

import base64
import time
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

from earmark.engines.catalogue import model_row
from earmark.engines.client import Engine
from earmark.engines.gguf_file import check_language_model
from earmark.engines.lines import Message
from earmark.engines.places import Placer, Places
from earmark.engines.starter import EMBEDDING_ID, LLM_ID, starter_embedding, starter_llm
from earmark.engines.vectors import VectorCache
from earmark.errors import KnownError
from earmark.paths import Paths
from earmark.records import Tier

WIDTH = 384
CONTEXT_TOKENS = 2048
SILENT_FOR_S = 60.0
_TEXTS_A_REQUEST = 64


def _never() -> bool:
    return False


def _nothing() -> None:
    return None


def _unheard(_event: Message) -> None:
    return None


@dataclass
class Usage:
    """What the models have done so far: tokens by kind of work, and the seconds that each kind took.

    `read_s` and `write_s` are the two parts of writing: reading what is asked, and the answer.
    """

    tokens_read: int = 0
    tokens_written: int = 0
    tokens_embedded: int = 0
    read_s: float = 0.0
    write_s: float = 0.0
    seconds: dict[str, float] = field(default_factory=dict)

    def note(self, do: str, answer: Message, seconds: float) -> None:
        """Count one answer of the engine."""
        read = int(answer.get("tokens_read", 0))
        if do == "embed":
            self.tokens_embedded += read
        else:
            self.tokens_read += read
        self.tokens_written += int(answer.get("tokens_written", 0))
        self.read_s += float(answer.get("read_s", 0.0))
        self.write_s += float(answer.get("write_s", 0.0))
        self.seconds[do] = self.seconds.get(do, 0.0) + seconds


class Language:
    """Reads and writes with the starter models, or with a language model of the user's. Every answer depends
    on its arguments alone.

    `llm` names another model file than the starter's, with the `tier` that its trial earned. `cache` holds
    vectors between runs; without it every text is embedded anew. `cancelled` and `before_each` may be set by
    whoever runs a job: a call that is stopped by the first raises Cancelled, and the second is called before
    each request, where it may wait, or raise Cancelled itself.
    """

    embedding_model_id: str = EMBEDDING_ID
    context_tokens: int = CONTEXT_TOKENS

    def __init__(
        self,
        paths: Paths,
        engine: Engine | None = None,
        *,
        llm: Path | None = None,
        tier: Tier | None = None,
        cache: VectorCache | None = None,
    ) -> None:
        self.engine = engine or Engine("llm")
        self.before_each: Callable[[], None] = _nothing
        self._placer = Placer(self.engine, Places(paths.data))
        self.cancelled: Callable[[], bool] = _never
        self.model_id = llm.stem if llm else LLM_ID
        self.tier: Tier = tier or (None if llm else model_row(LLM_ID).tier) or "quotes"
        self.usage = Usage()
        self._cache = cache
        self._own_llm = llm
        self._paths = paths
        self._llm: Path | None = None
        self._embedding: Path | None = None

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """One unit-length row of 384 for each text; a text beyond 256 tokens is cut there.

        What the cache holds is not asked of the engine. Raises KnownError (no model), EngineDied, Cancelled.
        """
        if self._cache is None:
            return self._embedded(texts)
        known = self._cache.known(self.embedding_model_id, texts, WIDTH)
        missing = [text for text in dict.fromkeys(texts) if text not in known]
        if missing:
            made = dict(zip(missing, self._embedded(missing), strict=True))
            self._cache.keep(self.embedding_model_id, made)
            known |= made
        return np.array([known[text] for text in texts], np.float32).reshape(len(texts), WIDTH)

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self._embedding = self._embedding or self._ready(starter_embedding)
        rows = [np.zeros((0, WIDTH), dtype=np.float32)]
        for first in range(0, len(texts), _TEXTS_A_REQUEST):
            part = list(texts[first : first + _TEXTS_A_REQUEST])
            done = self._ask({"do": "embed", "model": str(self._embedding), "texts": part})
            packed = np.frombuffer(base64.b64decode(done["vectors"]), dtype="<f4")
            rows.append(packed.reshape(len(part), WIDTH).astype(np.float32))
        return np.concatenate(rows)

    def choose(self, context: str, options: Sequence[str]) -> list[float]:
        """How well each option goes on from `context`: the mean log-probability of its tokens.

        The text is taken as it stands, without a chat template; mind the space between the two.
        Raises KnownError (too long, an empty option), EngineDied, Cancelled.
        """
        if not options:
            return []
        job = {"do": "choose", "context": context, "options": list(options)}
        return [float(score) for score in self._ask_llm(job)["scores"]]

    def write(self, system: str, prompt: str, schema_name: str, max_tokens: int) -> str:
        """JSON under resources/prompts/<schema_name>.json, greedily, at most `max_tokens` long.

        Cut off by `max_tokens` it is not valid JSON: bound every string and list of the schema.
        Raises KnownError (too long for the model), EngineDied, Cancelled.
        """
        job = {"do": "write", "system": system, "prompt": prompt, "schema": schema_name}
        return str(self._ask_llm({**job, "max_tokens": max_tokens})["text"])

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """The tokens of each text for the language model. Raises KnownError, EngineDied, Cancelled."""
        return [int(count) for count in self._ask_llm({"do": "count", "texts": list(texts)})["counts"]]

    def describe(self) -> tuple[str, int | None]:
        """The model's family, and the most bytes of memory that its process has held, where that is known."""
        answer = self._ask_llm({"do": "describe"})
        return str(answer["family"]), answer["peak_bytes"]

    def beside(self, cancelled: Callable[[], bool]) -> Self:
        """The same for a question that is asked on another thread, beside the work: it takes its turn with
        the engine, and waits for nothing else. Not to be closed."""
        other = copy(self)
        other.cancelled, other.before_each = cancelled, _nothing
        return other

    def close(self) -> None:
        """End the child, and let go of the cache."""
        self.engine.close()
        if self._cache is not None:
            self._cache.close()

    def __enter__(self) -> "Language":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _ready(self, find: Callable[[Paths], Path]) -> Path:
        self._paths.create()
        return find(self._paths)

    def _sound(self, llm: Path) -> Path:
        if not llm.exists():
            raise KnownError(
                f"The language model {llm} is no longer there. Choose another with: earmark models use FILE, "
                "or go back to the one that came with Earmark: earmark models use --starter"
            )
        check_language_model(llm)
        return llm

    def _ask_llm(self, job: Message) -> Message:
        self._llm = self._llm or (self._sound(self._own_llm) if self._own_llm else self._ready(starter_llm))
        return self._ask({**job, "model": str(self._llm)})

    def _ask(self, job: Message) -> Message:
        self.before_each()
        began = time.monotonic()
        answer = self._placer.request(
            lambda: job, on_event=_unheard, cancelled=self.cancelled, silent_for_s=SILENT_FOR_S
        )
        self.usage.note(str(job["do"]), answer, time.monotonic() - began)
        return answer
