"""The speech engine's child: whisper.cpp over one window of sound after another."""

import gc
import math
from pathlib import Path
from typing import Any

import _pywhispercpp as whisper
import numpy as np
from numpy.typing import NDArray
from pywhispercpp.model import Model

from earmark.engines import gate, whisper_file, windows
from earmark.engines.child import Emit, IsCancelled, threads
from earmark.engines.lines import Message
from earmark.errors import Cancelled, KnownError
from earmark.records import Segment

SAMPLES_PER_MS = gate.RATE_HZ // 1000
_LEAST_SAMPLES = gate.RATE_HZ * 1100 // 1000  # whisper.cpp ignores less than a second
_FULL_SCALE = np.float32(1 / 32768)
_SETTINGS: dict[str, Any] = {
    "print_progress": False,
    "print_realtime": False,
    "print_timestamps": False,
    "print_special": False,
    "no_context": True,
    "n_max_text_ctx": 0,  # no_context alone still feeds each part the words of the one before
    "suppress_blank": True,
    "suppress_nst": True,
    "temperature": 0.0,
    "temperature_inc": 0.2,
    "greedy": {"best_of": 1},
    "single_segment": False,
    "token_timestamps": False,
    "translate": False,
}


class SpeechLoop:
    """Keeps one model loaded. Job: pcm, model (paths), start_ms, language (or None)."""

    def __init__(self) -> None:
        self._path: str | None = None
        self._model: Any = None
        self._multilingual = False

    def work(self, job: Message, emit: Emit, cancelled: IsCancelled) -> Message:
        """Transcribe from start_ms on. Events: `window` with segments, next_ms and total_ms."""
        model = self._loaded(Path(job["model"]))
        language = self._language(job.get("language"))
        sound = _open_sound(Path(job["pcm"]))
        total_ms = sound.size // SAMPLES_PER_MS
        frames = gate.speech_frames(sound)
        next_ms = max(0, int(job["start_ms"]))
        while next_ms < total_ms:
            if cancelled():
                raise Cancelled
            start_ms = windows.window_start_ms(frames, next_ms, total_ms)
            if start_ms is None:
                kept = windows.Kept((), total_ms)
            else:
                kept = self._window(model, language, sound, frames, start_ms, cancelled)
            next_ms = kept.next_ms
            segments = [[s.start_ms, s.end_ms, s.text] for s in kept.segments]
            emit({"type": "window", "segments": segments, "next_ms": next_ms, "total_ms": total_ms})
        return {"total_ms": total_ms}

    def unload(self) -> None:
        """Free the model's memory."""
        self._model = self._path = None
        gc.collect()

    def _window(
        self,
        model: Any,
        language: str,
        sound: NDArray[np.int16],
        frames: windows.Frames,
        start_ms: int,
        cancelled: IsCancelled,
    ) -> windows.Kept:
        total_ms = sound.size // SAMPLES_PER_MS
        end_ms = min(start_ms + windows.WINDOW_MS, total_ms)
        if gate.heard_ms(frames, start_ms, end_ms) < windows.LEAST_SPEECH_MS:
            return windows.Kept((), end_ms)
        piece = sound[start_ms * SAMPLES_PER_MS : end_ms * SAMPLES_PER_MS].astype(np.float32) * _FULL_SCALE
        found = _recognize(model, piece, language, once=end_ms < total_ms, cancelled=cancelled)
        if cancelled():
            raise Cancelled
        moved = [Segment(start_ms + s.start_ms, start_ms + s.end_ms, s.text) for s in found]
        return windows.keep(moved, frames, start_ms, end_ms, total_ms)

    def _loaded(self, path: Path) -> Any:
        if self._model is None or self._path != str(path):
            self.unload()
            header = whisper_file.check(path)
            self._model = Model(str(path), n_threads=threads(), **_SETTINGS)
            self._path, self._multilingual = str(path), header.multilingual
        return self._model

    def _language(self, wanted: str | None) -> str:
        """A language that whisper knows: the wanted one, English for English models, else "auto"."""
        if not self._multilingual:
            return "en"
        short = (wanted or "").lower().replace("_", "-").split("-")[0]
        return short if short in Model.available_languages() else "auto"


def _open_sound(path: Path) -> NDArray[np.int16]:
    try:
        if path.stat().st_size < 2:
            return np.zeros(0, dtype=np.int16)
        return np.memmap(path, dtype="<i2", mode="r", shape=(path.stat().st_size // 2,))
    except OSError as error:
        raise KnownError(f"The decoded sound is no longer there ({error.strerror}).") from error


def _recognize(
    model: Any, piece: NDArray[np.float32], language: str, *, once: bool, cancelled: IsCancelled
) -> list[Segment]:
    """The segments of one piece of sound, from its own beginning.

    With `once` the model hears the piece only one time: else whisper.cpp goes on to the cut-off rest, which
    the next window will hear whole.
    """
    if piece.size < _LEAST_SAMPLES:
        piece = np.pad(piece, (0, _LEAST_SAMPLES - piece.size))
    rounds = 0

    def may_begin(*_: object) -> bool:
        nonlocal rounds
        rounds += 1
        return not cancelled() and not (once and rounds > 1)

    params = model._params
    whisper.assign_encoder_begin_callback(params, may_begin)
    found = model.transcribe(piece, abort_callback=lambda *_: cancelled(), language=language)
    return [Segment(_ms(s.t0), _ms(s.t1), s.text) for s in found]


def _ms(centiseconds: float) -> int:
    """whisper.cpp counts hundredths of a second."""
    return 0 if math.isnan(centiseconds) else int(centiseconds) * 10
