"""The speech engine's child: whisper.cpp over one window of sound after another."""

import gc
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from earmark.engines import windows
from earmark.engines.child import Emit, IsCancelled
from earmark.engines.fit import needed_bytes, speech_shape
from earmark.engines.gpu import Place, Placed, load_at, tell_place
from earmark.engines.hearing import Hearing, Judge
from earmark.engines.judges import judge_of
from earmark.engines.lines import Message
from earmark.engines.loops import is_looped
from earmark.engines.pcm import open_sound, window_sound
from earmark.engines.whisper import BUILD, GGML, Recognizer
from earmark.errors import Cancelled
from earmark.records import Segment

_FULL_SCALE = np.float32(1 / 32768)
_LEAST_SURE = 0.5
_LANGUAGE_WINDOWS = 3
_EMPTY_FROM_MS = 5_000
HOTTER = (0.4, 0.8)
"""Temperatures at which a window is heard again when its text goes round in circles."""


class SpeechLoop:
    """Keeps one model and one detector loaded. Job: pcm, model, detector (paths; detector may be None),
    start_ms, language (None: to be heard), prompt. Without pcm they are only loaded."""

    def __init__(self) -> None:
        self._model: Recognizer | None = None
        self._place: Place | None = None
        self._judge: tuple[str | None, Judge] | None = None

    def work(self, job: Message, emit: Emit, cancelled: IsCancelled) -> Message:
        """Transcribe from start_ms on. Events: `window` with segments, next_ms, total_ms and language."""
        model, judge = self._loaded(Path(job["model"]), job, emit), self._judge_of(job.get("detector"))
        if "pcm" not in job:
            return {}
        sound = open_sound(Path(job["pcm"]))
        hearing = Hearing(judge, sound)
        language = model.known_language(job.get("language"))
        prompt = str(job.get("prompt") or "")

        def hear(window: windows.Window) -> windows.Kept:
            nonlocal language
            language = language or _language_heard(model, sound, hearing, window, cancelled)
            return _heard(model, sound, hearing, window, language, prompt, cancelled)

        for kept in windows.one_after_another(hearing, int(job["start_ms"]), hear, cancelled):
            emit(_event(kept, hearing.total_ms, language))
        return {"total_ms": hearing.total_ms, "language": language}

    def unload(self) -> None:
        """Free the model's memory."""
        self._model = self._judge = None
        gc.collect()

    def _loaded(self, path: Path, job: Message, emit: Emit) -> Recognizer:
        if self._model is not None and self._model.path == path:
            tell_place(self._place, emit)
            return self._model
        self.unload()
        self._place = Placed(BUILD, GGML, path).chosen(job, needed_bytes(speech_shape(path)))
        self._model = load_at(
            self._place,
            job,
            emit,
            lambda on_graphics: Recognizer(path, on_graphics=on_graphics),
            Recognizer.try_out,
        )
        return self._model

    def _judge_of(self, path: str | None) -> Judge:
        if self._judge is None or self._judge[0] != path:
            self._judge = (path, judge_of(Path(path) if path else None))
        return self._judge[1]


def hear_again(segments: list[Segment], hearing: Hearing, window: windows.Window) -> bool:
    """Is a window's text a loop, or is there none although somebody spoke for seconds?"""
    if segments:
        return is_looped(segments)
    return hearing.hears(window.start_ms, window.end_ms, _EMPTY_FROM_MS)


def _heard(
    model: Recognizer,
    sound: NDArray[np.int16],
    hearing: Hearing,
    window: windows.Window,
    language: str,
    prompt: str,
    cancelled: IsCancelled,
) -> windows.Kept:
    """What a window gives: at the lowest temperature, and at higher ones while it is doubtful."""
    if not hearing.hears(window.start_ms, window.end_ms, windows.LEAST_SPEECH_MS):
        return windows.Kept((), window.end_ms)
    samples = _samples(sound, window)
    first: list[Segment] | None = None
    for temperature in (0.0, *HOTTER):
        found = model.hear(
            samples,
            language=language,
            prompt=prompt,
            temperature=temperature,
            once=not window.uncut,
            cancelled=cancelled,
        )
        if cancelled():
            raise Cancelled
        first = found if first is None else first
        if not hear_again(found, hearing, window):
            return windows.keep(found, window, hearing)
    return windows.keep(first or [], window, hearing)


def _language_heard(
    model: Recognizer,
    sound: NDArray[np.int16],
    hearing: Hearing,
    window: windows.Window,
    cancelled: IsCancelled,
) -> str:
    """The language of the first window; where that is not clear, of the first three together."""
    total: dict[str, float] = {}
    here: windows.Window | None = window
    for _ in range(_LANGUAGE_WINDOWS):
        if here is None or cancelled():
            break
        for language, probability in model.languages(_samples(sound, here)).items():
            total[language] = total.get(language, 0.0) + probability
        if max(total.values()) > _LEAST_SURE and here is window:
            break
        here = windows.window_at(hearing, here.end_ms)
    return max(total, key=lambda language: total[language], default="en")


def _samples(sound: NDArray[np.int16], window: windows.Window) -> NDArray[np.float32]:
    return np.asarray(window_sound(sound, window).astype(np.float32) * _FULL_SCALE)


def _event(kept: windows.Kept, total_ms: int, language: str | None) -> Message:
    segments = [[s.start_ms, s.end_ms, s.text, s.word_ms, s.doubts] for s in kept.segments]
    return {
        "type": "window",
        "segments": segments,
        "next_ms": kept.next_ms,
        "total_ms": total_ms,
        "language": language,
    }
