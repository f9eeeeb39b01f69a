"""The speech model of the user's own server, with the face of the one here."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from earmark.engines import Speech, windows
from earmark.engines.gate import heard_ms
from earmark.engines.speech import OnWindow
from earmark.errors import Cancelled, KnownError
from earmark.net import Reply, form_body
from earmark.pipeline.servers.place import ANSWER_S, OwnServer
from earmark.pipeline.servers.sound import (
    SAMPLES_PER_MS,
    has_times,
    heard_frames,
    open_sound,
    pause_before,
    segments_in,
    wav,
)

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
_PROMPT_CHARACTERS = 600


class ServerSpeech(Speech):
    """Hears with a model on the user's own server, one window after another, as the engine here does.

    The gate decides here what is sent: a window without speech never leaves this computer. `glossary` are
    names and words to expect.
    """

    def __init__(self, server: OwnServer, model: str | None, *, glossary: Sequence[str] = ()) -> None:
        super().__init__()
        self.server = server
        self._model = model
        self._glossary = ", ".join(glossary)[:_PROMPT_CHARACTERS]
        self._path: str | None = None
        self._has_times = True

    def transcribe(
        self,
        pcm: Path,
        *,
        model: Path,
        on_window: OnWindow,
        start_ms: int = 0,
        language: str | None = None,
        cancelled: Callable[[], bool] = lambda: False,
    ) -> None:
        """As Speech.transcribe; `model` is only a name here, since the model is the server's.

        Raises KnownError (sound gone, not let in, no speech server), ServerAway, Cancelled. Windows given so
        far stand, and a later call goes on from there.
        """
        sound = open_sound(pcm)
        total_ms = sound.size // SAMPLES_PER_MS
        frames = heard_frames(sound, cancelled)
        next_ms = max(0, start_ms)
        while next_ms < total_ms:
            if cancelled():
                raise Cancelled
            window_ms = windows.window_start_ms(frames, next_ms, total_ms)
            if window_ms is None:
                kept = windows.Kept((), total_ms)
            else:
                kept = self._window(sound, frames, window_ms, language, cancelled)
            next_ms = kept.next_ms
            on_window(list(kept.segments), next_ms, total_ms)

    def _window(
        self,
        sound: NDArray[np.int16],
        frames: windows.Frames,
        start_ms: int,
        language: str | None,
        cancelled: Callable[[], bool],
    ) -> windows.Kept:
        total_ms = sound.size // SAMPLES_PER_MS
        end_ms = min(start_ms + windows.WINDOW_MS, total_ms)
        if not self._has_times:
            end_ms = pause_before(sound, start_ms, end_ms)
        if heard_ms(frames, start_ms, end_ms) < windows.LEAST_SPEECH_MS:
            return windows.Kept((), end_ms)
        answer = self._heard(wav(sound, start_ms, end_ms), language, cancelled)
        if self._has_times and not has_times(answer, end_ms - start_ms):
            self._has_times = False
            if pause_before(sound, start_ms, end_ms) != end_ms:  # its last words may be cut in two
                return self._window(sound, frames, start_ms, language, cancelled)
        found = segments_in(answer, frames, start_ms, end_ms)
        return windows.keep(found, frames, start_ms, end_ms, total_ms)

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
        if self._glossary:
            fields["prompt"] = self._glossary
        short = (language or "").lower().replace("_", "-").split("-")[0]
        if path == WHISPER_CPP:
            return {**fields, **_WHISPER_CPP_FIELDS, "language": short or "auto"}
        return {**fields, "language": short} if short else fields

    def _fault(self, reply: Reply, cancelled: Callable[[], bool]) -> KnownError:
        """A refusal; where it may be for the model's name, the list of models is looked at."""
        if reply.status in (400, 404):
            self.server.chosen_model(self.server.facts(cancelled), self._model)
        return self.server.fault(reply)
