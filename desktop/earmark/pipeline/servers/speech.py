"""The speech model of the user's own server, with the face of the one here."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earmark.engines import Heard, Speech, windows
from earmark.engines.hearing import SAMPLES_PER_MS, Hearing
from earmark.engines.judges import judge_of
from earmark.engines.pcm import open_sound, window_sound
from earmark.engines.speech import OnWindow
from earmark.errors import KnownError
from earmark.net import Reply, form_body
from earmark.pipeline.servers.place import ANSWER_S, OwnServer
from earmark.pipeline.servers.sound import has_times, pause_before, segments_in, wav

OPENAI, WHISPER_CPP = "/v1/audio/transcriptions", "/inference"
_WHISPER_CPP_FIELDS = {
    "temperature_inc": "0.2",
    "best_of": "1",
    "max_context": "0",
    "suppress_nst": "true",
    "token_timestamps": "false",  # with them, it cuts every segment at 60 characters
    "no_language_probabilities": "true",  # a second reading of the sound that nobody looks at
}
"""What makes whisper.cpp's server do as the engine here does."""
_ABSENT = {404, 405}


class ServerSpeech(Speech):
    """Hears with a model on the user's own server, one window after another, as the engine here does.

    What is sent is decided here: a window without speech never leaves this computer.
    """

    def __init__(self, server: OwnServer, model: str | None, *, detector: Path | None = None) -> None:
        super().__init__()
        self.server = server
        self._model = model
        self._judge = judge_of(detector)
        self._path: str | None = None
        self._has_times = True
        self._prompt = ""

    def prepare(self, model: Path, *, cancelled: Callable[[], bool] = lambda: False) -> None:
        """Nothing: the model is the server's."""

    def transcribe(
        self,
        pcm: Path,
        *,
        model: Path,
        on_window: OnWindow,
        start_ms: int = 0,
        language: str | None = None,
        prompt: str = "",
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """As Speech.transcribe; `model` is only a name here, since the model is the server's.

        Raises KnownError (sound gone, not let in, no speech server), ServerAway, Cancelled. Windows given so
        far stand, and a later call goes on from there.
        """
        sound = open_sound(pcm)
        hearing = Hearing(self._judge, sound)
        self._prompt = prompt

        def hear(window: windows.Window) -> windows.Kept:
            return self._window(sound, hearing, window, language, cancelled)

        for kept in windows.one_after_another(hearing, start_ms, hear, cancelled):
            on_window(Heard(kept.segments, kept.next_ms, hearing.total_ms, language))

    def _window(
        self,
        sound: NDArray[np.int16],
        hearing: Hearing,
        whole: windows.Window,
        language: str | None,
        cancelled: Callable[[], bool],
    ) -> windows.Kept:
        samples = window_sound(sound, whole)
        window = whole if self._has_times or whole.uncut else whole.cut(pause_before(samples))
        if not hearing.hears(window.start_ms, window.end_ms, windows.LEAST_SPEECH_MS):
            return windows.Kept((), window.end_ms)
        answer = self._heard(wav(samples[: window.length_ms * SAMPLES_PER_MS]), language, cancelled)
        if self._has_times and not has_times(answer, window.length_ms):
            self._has_times = False
            if not whole.uncut and pause_before(samples) != whole.length_ms:  # its last words may be cut
                return self._window(sound, hearing, whole, language, cancelled)
        return windows.keep(segments_in(answer, hearing, window), window, hearing)

    def _heard(self, sound: bytes, language: str | None, cancelled: Callable[[], bool]) -> dict[str, Any]:
        reply = self._sent(sound, language, cancelled)
        if reply.status != 200:
            raise self._fault(reply, cancelled)
        answer = self.server.json(reply)
        if not isinstance(answer, dict) or not ("text" in answer or "segments" in answer):
            raise KnownError(
                f"Your own server {self.server.host} answered, but not as a speech server does. "
                "Is it the right address?"
            )
        return answer

    def _sent(self, sound: bytes, language: str | None, cancelled: Callable[[], bool]) -> Reply:
        """The answer at the first path that is there: OpenAI's, then that of whisper.cpp's server."""
        paths = (self._path,) if self._path else (OPENAI, WHISPER_CPP)
        for path in paths:
            fields = self._fields(path, language)
            body = form_body(fields, file_name="window.wav", mime="audio/wav", content=sound)
            reply = self.server.ask(path, "speech", cancelled, body=body, deadline_s=ANSWER_S)
            if reply.status == 200:
                self._path = path
            if reply.status not in _ABSENT:
                break
        return reply

    def _fields(self, path: str, language: str | None) -> dict[str, str]:
        fields = {"response_format": "verbose_json", "temperature": "0"}
        if self._model:
            fields["model"] = self._model
        if self._prompt:
            fields["prompt"] = self._prompt
        short = (language or "").lower().replace("_", "-").split("-")[0]
        if path == WHISPER_CPP:
            return {**fields, **_WHISPER_CPP_FIELDS, "language": short or "auto"}
        return {**fields, "language": short} if short else fields

    def _fault(self, reply: Reply, cancelled: Callable[[], bool]) -> KnownError:
        """A refusal; where it may be for the model's name, the list of models is looked at."""
        if reply.status in (400, 404):
            self.server.chosen_model(self.server.facts(cancelled), self._model)
        return self.server.fault(reply)
