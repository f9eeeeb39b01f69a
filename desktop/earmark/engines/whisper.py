"""whisper.cpp through pywhispercpp: one model, one window of sound at a time. Only in the speech child."""

import ctypes
import math
from importlib.metadata import version
from pathlib import Path
from typing import Any

import _pywhispercpp as whisper
import numpy as np
from numpy.typing import NDArray
from pywhispercpp.model import Model

from earmark.engines import whisper_file
from earmark.engines.child import IsCancelled
from earmark.engines.effort import OWN
from earmark.engines.fit import needed_bytes, speech_shape
from earmark.engines.hearing import RATE_HZ
from earmark.engines.mel import log_mel, sounding_frames
from earmark.engines.memory import NotEnoughMemory, free_bytes, require_room
from earmark.engines.word_times import word_starts_ms
from earmark.records import Segment

BUILD = f"whisper.cpp of pywhispercpp {version('pywhispercpp')}"
GGML: Any = ctypes.CDLL(whisper.__file__)
"""The library with the list of devices, or one that leads to it."""
_LEAST_SAMPLES = RATE_HZ * 1100 // 1000  # whisper.cpp ignores less than a second
_LOW_CONFIDENCE = 0.5
_HOTTER_BY = 0.2
_SILENT_FRAMES = 3000
_HEARD_ALREADY = np.zeros(0, dtype=np.float32)
_PROMPT_TOKENS = 224  # half of Whisper's text context, as in openai/whisper
_segments: Any = vars(Model)["_get_segments"].__func__
_SETTINGS: dict[str, Any] = {
    "print_progress": False,
    "print_realtime": False,
    "print_timestamps": False,
    "print_special": False,
    "no_context": True,
    "suppress_blank": True,
    "suppress_nst": True,
    "greedy": {"best_of": 1},
    "single_segment": False,
    "token_timestamps": False,
    "translate": False,
}


class _Model(Model):
    """pywhispercpp's model, which forgets whether whisper.cpp could do what it was told."""

    _ctx: Any
    _params: Any
    status = 0

    def _transcribe(self, audio: Any, **_: Any) -> Any:
        self.status = whisper.whisper_full(self._ctx, self._params, audio, audio.size)
        return _segments(self._ctx, 0, whisper.whisper_full_n_segments(self._ctx), False)


class Recognizer:
    """A whisper.cpp model that is loaded, with `on_graphics` on the graphics processor.

    Raises KnownError for a file that is none, NotEnoughMemory for one that does not fit.
    """

    def __init__(self, path: Path, *, on_graphics: bool = False) -> None:
        self.path = path
        self._header = whisper_file.check(path)
        self._filters = whisper_file.mel_filters(path, self._header)
        needed = needed_bytes(speech_shape(path))
        if not on_graphics:
            require_room(path.name, needed)
        self._model: Any = _Model(str(path), context_params={"use_gpu": on_graphics}, **_SETTINGS)
        if self._model._ctx is None:
            raise NotEnoughMemory.for_model(path.name, needed, free_bytes())

    def try_out(self) -> None:
        """Hear a second of silence, so that whatever may go wrong with a device does so now."""
        self.hear(
            np.zeros(_LEAST_SAMPLES, dtype=np.float32),
            language="en",
            prompt="",
            temperature=0.0,
            once=True,
            cancelled=lambda: False,
        )

    def known_language(self, wanted: str | None) -> str | None:
        """A language that the model knows: the wanted one, English for English models, else None."""
        if not self._header.multilingual:
            return "en"
        short = (wanted or "").lower().replace("_", "-").split("-")[0]
        return short if short in Model.available_languages() else None

    def languages(self, samples: NDArray[np.float32]) -> dict[str, float]:
        """The probability of each language in a window of sound (16 kHz mono)."""
        self._listen(samples)
        probabilities = np.zeros(whisper.whisper_lang_max_id() + 1, dtype=np.float32)
        if whisper.whisper_lang_auto_detect(self._model._ctx, 0, OWN.threads, probabilities) < 0:
            return {"en": 1.0}
        return {whisper.whisper_lang_str(number): float(p) for number, p in enumerate(probabilities)}

    def hear(
        self,
        samples: NDArray[np.float32],
        *,
        language: str,
        prompt: str,
        temperature: float,
        once: bool,
        cancelled: IsCancelled,
    ) -> list[Segment]:
        """The segments of one window of sound, from its own beginning; the same for the same arguments.

        With `once` the model hears it only one time: else whisper.cpp goes on to the cut-off rest, which the
        next window will hear whole. `prompt` is what the model is told that it will hear about. Temperatures
        above 0 are tried as they are; at 0 whisper.cpp goes on to higher ones where it doubts its own text.
        """
        rounds = 0

        def may_begin(*_: object) -> bool:
            nonlocal rounds
            rounds += 1
            return not cancelled() and not (once and rounds > 1)

        if samples.size < _LEAST_SAMPLES:
            samples = np.pad(samples, (0, _LEAST_SAMPLES - samples.size))
        loudness = self._listen(samples)
        prompt = prompt if self._header.takes_prompt else ""
        whisper.assign_encoder_begin_callback(self._model._params, may_begin)
        found = self._model.transcribe(
            _HEARD_ALREADY,
            abort_callback=lambda *_: cancelled(),
            language=language,
            temperature=temperature,
            temperature_inc=0.0 if temperature else _HOTTER_BY,
            initial_prompt=prompt,
            # no_context alone still feeds each round the words of the one before
            n_max_text_ctx=_PROMPT_TOKENS if prompt and once else 0,
            duration_ms=sounding_frames(samples.size) * 10,
            n_threads=OWN.threads,
        )
        if self._model.status != 0 and not cancelled():
            raise RuntimeError(f"whisper_full gave {self._model.status}")
        return [self._segment(number, s, loudness) for number, s in enumerate(found)]

    def _listen(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """Give the model a window's spectrum, and half a minute of silence; how loud it is, each 10 ms."""
        frames = sounding_frames(samples.size) + _SILENT_FRAMES
        mel = log_mel(samples, self._filters, frames)
        whisper.whisper_set_mel(self._model._ctx, mel, frames, len(mel))
        return np.asarray(mel.mean(axis=0))

    def _segment(self, number: int, found: Any, loudness: NDArray[np.float32]) -> Segment:
        text, sure = " ".join(found.text.split()), self._probabilities(number)
        start_ms, end_ms = _ms(found.t0), _ms(found.t1)
        words = text.split()
        if len(words) != len(sure):
            return Segment(start_ms, end_ms, text)
        starts = word_starts_ms(words, start_ms, end_ms, loudness)
        doubts = tuple((place, round(p, 3)) for place, p in enumerate(sure) if p < _LOW_CONFIDENCE)
        return Segment(start_ms, end_ms, text, None, starts, doubts)

    def _probabilities(self, number: int) -> list[float]:
        """Of each word of a segment: that of its least sure token."""
        context, last = self._model._ctx, whisper.whisper_token_eot(self._model._ctx)
        words: list[float] = []
        for place in range(whisper.whisper_full_n_tokens(context, number)):
            token = whisper.whisper_full_get_token_id(context, number, place)
            piece = b"" if token >= last else whisper.whisper_token_to_bytes(context, token)
            sure = float(whisper.whisper_full_get_token_p(context, number, place))
            if not piece.strip():
                continue
            if piece[:1].isspace() or not words:
                words.append(sure)
            else:
                words[-1] = min(words[-1], sure)
        return words


def _ms(centiseconds: float) -> int:
    """whisper.cpp counts hundredths of a second."""
    return 0 if math.isnan(centiseconds) else int(centiseconds) * 10
