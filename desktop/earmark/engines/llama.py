"""A thin hold on llama.cpp: tokens in, numbers out, and nothing remembered that was not asked for.

llama-cpp-python's own `Llama` class keeps a history of its own and cannot evaluate a shared beginning once;
so this uses the plain C functions that the package exposes.
"""

import ctypes
import sys
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import llama_cpp as c
import numpy as np
from llama_cpp._ggml import libggml
from numpy.typing import NDArray

from earmark.engines.fit import gguf_shape, needed_bytes
from earmark.engines.memory import NotEnoughMemory, free_bytes, require_room
from earmark.errors import KnownError

BATCH = 512
VERSION = str(c.__version__)
GGML: Any = libggml
"""The library with the list of devices."""
_WARNING = 3
_CONTINUED = 5
_MEAN_POOLING = 1
_ALL_LAYERS = 999
_NO_DEVICES = (ctypes.c_void_p * 1)(None)
"""A list that ends at once: a list that is missing stands for every device."""
_SHORT_OF_MEMORY = ("mmap", "alloc", "out of memory", "memory")
_complaints: deque[str] = deque(maxlen=20)
"""The latest warnings and errors of llama.cpp, which has no other way to say why it failed."""


@c.llama_log_callback  # type: ignore[untyped-decorator]
def _log(level: int, text: bytes, _data: object) -> None:
    """Warnings and errors go to stderr; the rest is chatter."""
    if _WARNING <= level < _CONTINUED:
        _complaints.append(text.decode("utf-8", errors="replace"))
        sys.stderr.write(_complaints[-1])


class Llama:
    """One model file and one context for one sequence of tokens.

    With `pooled` it gives sentence vectors (an encoder such as BERT), else next-token scores; `on_graphics`
    puts all of it on the graphics processor. Raises KnownError when the file is no whole GGUF model,
    NotEnoughMemory when it does not fit.
    """

    def __init__(
        self, path: Path, *, n_ctx: int, threads: int, pooled: bool = False, on_graphics: bool = False
    ) -> None:
        self._model: Any = None
        self._context: Any = None
        self._batch: Any = None
        self.n_ctx = n_ctx
        self._pooled = pooled
        c.llama_log_set(_log, ctypes.c_void_p(0))
        c.llama_backend_init()
        _check_magic(path)
        needed = needed_bytes(gguf_shape(path))
        if not on_graphics:
            require_room(path.name, needed)
        _complaints.clear()
        settings = c.llama_model_default_params()
        settings.n_gpu_layers = _ALL_LAYERS if on_graphics else 0
        if not on_graphics:  # else it works there in part with no layer on it, and dies when that fails
            settings.devices = ctypes.cast(_NO_DEVICES, ctypes.c_void_p)
        self._model = c.llama_model_load_from_file(str(path).encode(), settings)
        if not self._model:
            if _short_of_memory():
                raise NotEnoughMemory.for_model(path.name, needed, free_bytes())
            raise KnownError(f"The model {path.name} cannot be loaded: it is damaged or of a newer kind.")
        self._context = c.llama_init_from_model(self._model, _context_settings(n_ctx, threads, pooled))
        if not self._context:
            self.close()
            raise NotEnoughMemory.for_model(path.name, needed, free_bytes())
        self._vocab: Any = c.llama_model_get_vocab(self._model)
        self.n_vocab = int(c.llama_vocab_n_tokens(self._vocab))
        self._width = int(c.llama_model_n_embd(self._model))
        self._batch = c.llama_batch_init(BATCH, 0, 1)

    def use_threads(self, count: int) -> None:
        """For what is evaluated from now on."""
        c.llama_set_n_threads(self._context, count, count)

    def try_out(self) -> None:
        """Evaluate one token, so that whatever may go wrong with a device does so now."""
        token = self.tokenize("a", framed=True)[:1]
        numbers = self.vector(token) if self._pooled else self.evaluate(token, 0)
        if not np.isfinite(numbers).all():
            raise RuntimeError("the device gave numbers that are none")
        if not self._pooled:
            self.forget()

    def tokenize(self, text: str, *, markers: bool = False, framed: bool = False) -> list[int]:
        """Tokens of a text. `markers`: read "<|im_start|>" and its like as control tokens, which only our
        own template may; in data they stay plain text. `framed`: with the model's own begin and end."""
        data = text.encode("utf-8", errors="replace")
        room = len(data) + 16
        tokens = (c.llama_token * room)()
        count = c.llama_tokenize(self._vocab, data, len(data), tokens, room, framed, markers)
        assert count >= 0, (count, room)
        return list(tokens[:count])

    def piece(self, token: int) -> bytes:
        """The text of a token; may be part of a character."""
        room = ctypes.create_string_buffer(256)
        length = c.llama_token_to_piece(self._vocab, token, room, 256, 0, False)
        return room.raw[: max(0, length)]

    def is_end(self, token: int) -> bool:
        """Does the model end its turn with this token?"""
        return bool(c.llama_vocab_is_eog(self._vocab, token))

    def forget(self, from_position: int = 0) -> bool:
        """Drop what was evaluated at and after a position; False when the model could only drop all of it."""
        memory: Any = c.llama_get_memory(self._context)
        if from_position == 0 or not c.llama_memory_seq_rm(memory, 0, from_position, -1):
            c.llama_memory_clear(memory, True)
            return from_position == 0
        return True

    def evaluate(self, tokens: Sequence[int], position: int) -> NDArray[np.float32]:
        """Scores (n_vocab,) for what follows `tokens`, which stand at `position`."""
        for first in range(0, len(tokens), BATCH):
            part = tokens[first : first + BATCH]
            self._decode(part, position + first, [first + i == len(tokens) - 1 for i in range(len(part))])
        return self._scores((len(tokens) - 1) % BATCH)

    def evaluate_each(self, tokens: Sequence[int], position: int) -> NDArray[np.float32]:
        """Scores (len(tokens), n_vocab): a row for what follows each token. At most BATCH tokens."""
        self._decode(tokens, position, [True] * len(tokens))
        return np.stack([self._scores(i) for i in range(len(tokens))])

    def vector(self, tokens: Sequence[int]) -> NDArray[np.float32]:
        """The pooled vector of one text, of unit length."""
        self._fill(tokens, 0, [True] * len(tokens))
        if c.llama_encode(self._context, self._batch) != 0:
            raise RuntimeError("llama_encode failed")
        pooled: Any = c.llama_get_embeddings_seq(self._context, 0)
        values = np.ctypeslib.as_array(pooled, shape=(self._width,)).astype(np.float32)
        length = float(np.linalg.norm(values))
        return values / length if length > 0 else values

    def grammar(self, rules: str) -> "Grammar":
        """A checker of output against GBNF rules, which must be constants of ours: a bad rule can crash."""
        return Grammar(self._vocab, rules)

    def close(self) -> None:
        """Free everything. Safe to call twice."""
        if self._batch is not None:
            c.llama_batch_free(self._batch)
        if self._context:
            c.llama_free(self._context)
        if self._model:
            c.llama_model_free(self._model)
        self._batch = self._context = self._model = None

    def _decode(self, tokens: Sequence[int], position: int, wanted: list[bool]) -> None:
        self._fill(tokens, position, wanted)
        status = c.llama_decode(self._context, self._batch)
        if status != 0:
            raise RuntimeError(f"llama_decode gave {status}")

    def _fill(self, tokens: Sequence[int], position: int, wanted: list[bool]) -> None:
        assert 0 < len(tokens) <= BATCH, len(tokens)
        batch = self._batch
        batch.n_tokens = len(tokens)
        for i, token in enumerate(tokens):
            batch.token[i] = token
            batch.pos[i] = position + i
            batch.n_seq_id[i] = 1
            batch.seq_id[i][0] = 0
            batch.logits[i] = wanted[i]

    def _scores(self, row: int) -> NDArray[np.float32]:
        found: Any = c.llama_get_logits_ith(self._context, row)
        return np.ctypeslib.as_array(found, shape=(self.n_vocab,)).copy()


class Grammar:
    """Chooses the best token that the rules allow. Use it for one answer, then close it."""

    def __init__(self, vocab: Any, rules: str) -> None:
        self._sampler: Any = c.llama_sampler_init_grammar(vocab, rules.encode(), b"root")
        if not self._sampler:
            raise ValueError("the grammar cannot be read")

    def choose(self, scores: NDArray[np.float32]) -> int | None:
        """The highest-scoring allowed token, accepted; None when nothing is allowed.

        The best token is tried alone first: to put all 49,000 to the grammar takes longer than the model.
        """
        token = int(scores.argmax())
        if not self._allowed(np.array([token]), scores).size:
            allowed = self._allowed(np.arange(scores.size), scores)
            if not allowed.size:
                return None
            token = int(allowed[scores[allowed].argmax()])
        c.llama_sampler_accept(self._sampler, token)
        return token

    def close(self) -> None:
        """Free it."""
        c.llama_sampler_free(self._sampler)

    def _allowed(self, tokens: NDArray[np.intp], scores: NDArray[np.float32]) -> NDArray[np.intp]:
        rows = (c.llama_token_data * len(tokens))()
        kind = np.dtype([("id", "<i4"), ("logit", "<f4"), ("p", "<f4")])
        view = np.frombuffer(memoryview(rows).cast("B"), dtype=kind)
        view["id"], view["logit"] = tokens, scores[tokens]
        data = ctypes.cast(rows, ctypes.POINTER(c.llama_token_data))
        array = c.llama_token_data_array(data=data, size=len(tokens), selected=-1, sorted=False)
        c.llama_sampler_apply(self._sampler, ctypes.byref(array))
        return np.asarray(view["id"][np.isfinite(view["logit"])], dtype=np.intp)


def _context_settings(n_ctx: int, threads: int, pooled: bool) -> Any:
    settings = c.llama_context_default_params()
    settings.n_ctx = n_ctx
    settings.n_batch = settings.n_ubatch = BATCH
    settings.n_seq_max = 1
    settings.n_threads = settings.n_threads_batch = threads
    settings.no_perf = True
    if pooled:
        settings.embeddings = True
        settings.pooling_type = _MEAN_POOLING
    return settings


def _short_of_memory() -> bool:
    said = "".join(_complaints).lower()
    return any(word in said for word in _SHORT_OF_MEMORY)


def _check_magic(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(4)
    except OSError as error:
        raise KnownError(f"The model {path.name} cannot be read ({error.strerror}).") from error
    if magic != b"GGUF":
        raise KnownError(f"The file {path.name} is not a language model in GGUF form.")
