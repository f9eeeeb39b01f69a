"""whisper.cpp through pywhispercpp: one model, one window of sound at a time. Only in the speech child."""

import math
from pathlib import Path
from typing import Any

import _pywhispercpp as whisper
import numpy as np
from numpy.typing import NDArray
from pywhispercpp.model import Model

from earmark.engines import whisper_file
from earmark.engines.child import IsCancelled, threads
from earmark.engines.hearing import RATE_HZ
from earmark.records import Segment

_LEAST_SAMPLES = RATE_HZ * 1100 // 1000  # whisper.cpp ignores less than a second
_LOW_CONFIDENCE = 0.5
_PROMPT_TOKENS = 224  # half of Whisper's text context, as in openai/whisper
_SETTINGS: dict[str, Any] = {
    "print_progress": False,
    "print_realtime": False,
    "print_timestamps": False,
    "print_special": False,
    "no_context": True,
    "suppress_blank": True,
    "suppress_nst": True,
    "temperature_inc": 0.2,
    "greedy": {"best_of": 1},
    "single_segment": False,
    "token_timestamps": True,
    "translate": False,
}


class Recognizer:
    """A whisper.cpp model that is loaded. Raises KnownError for a file that is none."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._header = whisper_file.check(path)
        self._model: Any = Model(str(path), n_threads=threads(), **_SETTINGS)

    def known_language(self, wanted: str | None) -> str | None:
        """A language that the model knows: the wanted one, English for English models, else None."""
        if not self._header.multilingual:
            return "en"
        short = (wanted or "").lower().replace("_", "-").split("-")[0]
        return short if short in Model.available_languages() else None

    def languages(self, samples: NDArray[np.float32]) -> dict[str, float]:
        """The probability of each language in a window of sound (16 kHz mono)."""
        context = self._model._ctx
        probabilities = np.zeros(whisper.whisper_lang_max_id() + 1, dtype=np.float32)
        whisper.whisper_pcm_to_mel(context, samples, samples.size, threads())
        if whisper.whisper_lang_auto_detect(context, 0, threads(), probabilities) < 0:
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
        next window will hear whole. `prompt` is what the model is told that it will hear about.
        """
        if samples.size < _LEAST_SAMPLES:
            samples = np.pad(samples, (0, _LEAST_SAMPLES - samples.size))
        rounds = 0

        def may_begin(*_: object) -> bool:
            nonlocal rounds
            rounds += 1
            return not cancelled() and not (once and rounds > 1)

        prompt = prompt if self._header.takes_prompt else ""
        whisper.assign_encoder_begin_callback(self._model._params, may_begin)
        found = self._model.transcribe(
            samples,
            abort_callback=lambda *_: cancelled(),
            language=language,
            temperature=temperature,
            initial_prompt=prompt,
            # no_context alone still feeds each round the words of the one before
            n_max_text_ctx=_PROMPT_TOKENS if prompt and once else 0,
        )
        return [self._segment(number, s) for number, s in enumerate(found)]

    def _segment(self, number: int, found: Any) -> Segment:
        words = self._words(number)
        text = " ".join(found.text.split())
        if len(words) != len(text.split()):
            return Segment(_ms(found.t0), _ms(found.t1), text)
        doubts = tuple((place, round(p, 3)) for place, (_, p) in enumerate(words) if p < _LOW_CONFIDENCE)
        return Segment(_ms(found.t0), _ms(found.t1), text, None, tuple(ms for ms, _ in words), doubts)

    def _words(self, number: int) -> list[tuple[int, float]]:
        """Where each word of a segment begins, and the probability of its least sure token."""
        context, last = self._model._ctx, whisper.whisper_token_eot(self._model._ctx)
        words: list[tuple[int, float]] = []
        for place in range(whisper.whisper_full_n_tokens(context, number)):
            token = whisper.whisper_full_get_token_data(context, number, place)
            if token.id >= last:
                continue
            piece = whisper.whisper_full_get_token_text(context, number, place)
            if not piece.strip():
                continue
            if piece[0].isspace() or not words:
                words.append((_ms(token.t0), token.p))
            else:
                words[-1] = (words[-1][0], min(words[-1][1], token.p))
        return words


def _ms(centiseconds: float) -> int:
    """whisper.cpp counts hundredths of a second."""
    return 0 if math.isnan(centiseconds) else int(centiseconds) * 10
