"""The language engine's child: sentence vectors, choices and short texts with llama.cpp."""

import base64
import gc
import json
import re
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
from llama_cpp.llama_grammar import json_schema_to_gbnf
from numpy.typing import NDArray

from earmark.engines.child import Emit, IsCancelled
from earmark.engines.effort import OWN
from earmark.engines.fit import gguf_shape, needed_bytes
from earmark.engines.gpu import Place, Placed, load_at, tell_place
from earmark.engines.lines import Message
from earmark.engines.llama import BATCH, GGML, VERSION, Llama
from earmark.engines.memory import peak_bytes
from earmark.engines.templates import Template, template_for
from earmark.errors import Cancelled, KnownError
from earmark.paths import resource

N_CTX = 2048
N_CTX_SENTENCE = 512
SENTENCE_TOKENS = 256
"""all-MiniLM-L6-v2 was trained on at most this many; its published form cuts there too."""

_SCHEMA_NAME = re.compile(r"[a-z0-9_-]+")


class LanguageLoop:
    """Keeps at most one language model and one embedding model. Jobs: `do` embed, choose or write."""

    def __init__(self) -> None:
        self._models: dict[str, tuple[str, Llama, Place | None]] = {}
        self._primed: list[int] = []

    def work(self, job: Message, emit: Emit, cancelled: IsCancelled) -> Message:
        """Each job names its `model` file."""
        path = Path(job["model"])
        match job["do"]:
            case "embed":
                model = self._loaded("embedding", path, job, emit)
                vectors, tokens = _embed(model, job["texts"], cancelled)
                return {"vectors": _pack(vectors), "tokens_read": tokens}
            case "choose":
                self._primed = []
                model = self._loaded("llm", path, job, emit)
                return _choose(model, job["context"], job["options"], cancelled)
            case "write":
                return self._write(self._loaded("llm", path, job, emit), job, cancelled)
            case "count":
                model = self._loaded("llm", path, job, emit)
                return {"counts": [len(model.tokenize(text)) for text in job["texts"]]}
            case "describe":
                family = _template(self._loaded("llm", path, job, emit)).name
                return {"family": family, "peak_bytes": peak_bytes()}
        raise ValueError(job["do"])

    def unload(self) -> None:
        """Free both models."""
        for _, model, _ in self._models.values():
            model.close()
        self._models.clear()
        self._primed = []
        gc.collect()

    def _loaded(self, kind: str, path: Path, job: Message, emit: Emit) -> Llama:
        """The model of a kind, with the threads of the present mode: few for the small sums of sentences."""
        pooled = kind == "embedding"
        held = self._models.get(kind)
        if held is None or held[0] != str(path):
            if held is not None:
                held[1].close()
                del self._models[kind]
            if kind == "llm":
                self._primed = []
            held = self._load(path, job, emit, pooled=pooled)
            self._models[kind] = held
        else:
            tell_place(held[2], emit)
        held[1].use_threads(OWN.few_threads if pooled else OWN.threads)
        return held[1]

    def _load(self, path: Path, job: Message, emit: Emit, *, pooled: bool) -> tuple[str, Llama, Place | None]:
        placed = Placed(f"llama.cpp of llama-cpp-python {VERSION}", GGML, path)
        place = placed.chosen(job, needed_bytes(gguf_shape(path)))
        n_ctx = N_CTX_SENTENCE if pooled else N_CTX

        def load(on_graphics: bool) -> Llama:
            return Llama(path, n_ctx=n_ctx, threads=OWN.threads, pooled=pooled, on_graphics=on_graphics)

        return str(path), load_at(place, job, emit, load, Llama.try_out), place

    def _write(self, model: Llama, job: Message, cancelled: IsCancelled) -> Message:
        """Greedy text under the schema's grammar. The system part is evaluated once and kept; it is always
        evaluated alone, so that the text is the same whether it was still there or not."""
        template = _template(model)
        system = head(model, template, job["system"])
        rest = [*model.tokenize(job["prompt"]), *model.tokenize(template.end, markers=True)]
        room = model.n_ctx - len(system) - len(rest)
        if room < int(job["max_tokens"]):
            raise KnownError("This passage is too long for the language model.")
        began = time.monotonic()
        read = len(rest)
        if self._primed != system:
            self._primed = []
            model.forget()
            model.evaluate(system, 0)
            self._primed = system
            read += len(system)
        if not model.forget(len(system)):
            self._primed = []  # a model that cannot forget a part has forgotten all
            model.evaluate(system, 0)
            read += len(system)
        scores = model.evaluate(rest, len(system))
        heard = time.monotonic()
        rules = _rules(str(job["schema"]))
        position = len(system) + len(rest)
        text, count = _write_on(model, scores, position, int(job["max_tokens"]), rules, cancelled)
        seconds = {"read_s": heard - began, "write_s": time.monotonic() - heard}
        return {"text": text, "tokens_read": read, "tokens_written": count, **seconds}


def _template(model: Llama) -> Template:
    return template_for(lambda sign: len(model.tokenize(sign, markers=True)))


def head(model: Llama, template: Template, system: str) -> list[int]:
    """The beginning of a talk up to the user's words."""
    return [
        *model.tokenize(template.begin, markers=True),
        *model.tokenize(system),
        *model.tokenize(template.middle, markers=True),
    ]


def _write_on(
    model: Llama,
    scores: NDArray[np.float32],
    position: int,
    max_tokens: int,
    rules: str,
    cancelled: IsCancelled,
) -> tuple[str, int]:
    """The text and how many tokens it took."""
    written, count = bytearray(), 0
    grammar = model.grammar(rules)
    try:
        for _ in range(max_tokens):
            if cancelled():
                raise Cancelled
            token = grammar.choose(scores)
            if token is None or model.is_end(token):
                break
            written += model.piece(token)
            count += 1
            scores = model.evaluate([token], position)
            position += 1
    finally:
        grammar.close()
    return written.decode("utf-8", errors="replace"), count


def _embed(model: Llama, texts: list[str], cancelled: IsCancelled) -> tuple[NDArray[np.float32], int]:
    """One text at a time, so that a vector does not depend on what stands beside it; and the tokens read."""
    rows, read = [], 0
    for text in texts:
        if cancelled():
            raise Cancelled
        tokens = model.tokenize(text, framed=True)
        if len(tokens) > SENTENCE_TOKENS:
            tokens = [*tokens[: SENTENCE_TOKENS - 1], tokens[-1]]
        rows.append(model.vector(tokens))
        read += len(tokens)
    return np.stack(rows), read


def _choose(model: Llama, context: str, options: list[str], cancelled: IsCancelled) -> Message:
    """`scores`: mean log-probability of a token of each option after the context, which is evaluated once."""
    start = model.tokenize(context, framed=True)
    choices = [model.tokenize(option) for option in options]
    longest = max(len(choice) for choice in choices)
    if not start or min(len(choice) for choice in choices) == 0:
        raise KnownError("There is nothing to choose from.")
    if len(start) + longest > model.n_ctx or longest > BATCH:
        raise KnownError("This passage is too long for the language model.")
    model.forget()
    first = _log_softmax(model.evaluate(start, 0)[None, :])
    means = []
    for choice in choices:
        if cancelled():
            raise Cancelled
        rows = first
        if len(choice) > 1:
            rest = model.evaluate_each(choice[:-1], len(start))
            rows = np.concatenate([first, _log_softmax(rest)])
            model.forget(len(start))
        means.append(float(rows[np.arange(len(choice)), choice].mean()))
    return {"scores": means, "tokens_read": len(start) + sum(len(choice) for choice in choices)}


def _log_softmax(scores: NDArray[np.float32]) -> NDArray[np.float64]:
    wide = scores.astype(np.float64)
    wide -= wide.max(axis=1, keepdims=True)
    return np.asarray(wide - np.log(np.exp(wide).sum(axis=1, keepdims=True)))


@lru_cache
def _rules(schema_name: str) -> str:
    """Grammar rules of a schema that comes with the program, never of one made from data."""
    assert _SCHEMA_NAME.fullmatch(schema_name), schema_name
    text = resource(f"prompts/{schema_name}.json").read_text(encoding="utf-8")
    return str(json_schema_to_gbnf(json.dumps(json.loads(text))))


def _pack(vectors: NDArray[np.float32]) -> str:
    return base64.b64encode(vectors.astype("<f4").tobytes()).decode("ascii")
