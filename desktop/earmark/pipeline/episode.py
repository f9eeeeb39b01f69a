"""What happens to one episode: the table of its steps, and one function a step.

Every step may be killed at any moment and run again: it either finds its result stored, or makes it anew.
"""

import hashlib
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from earmark.clock import to_ms
from earmark.engines import Heard
from earmark.errors import Cancelled, KnownError
from earmark.feeds import direct
from earmark.insights import claim_text, extract, passage_vectors
from earmark.library import Reader
from earmark.net import Downloaded
from earmark.net import download as fetch_file
from earmark.pipeline.counters import naming_blocked_counters
from earmark.pipeline.keeping import cut_note, make_room, may_be_cut
from earmark.pipeline.local import GONE, file_of, own_file
from earmark.pipeline.offered import chapters_of, words
from earmark.pipeline.private import place_to_ask
from earmark.pipeline.prompt import speech_prompt
from earmark.pipeline.recordings import audio_name
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, Episode, EpisodeId, JobState, ParsedEpisode, Progress, Step


@dataclass(frozen=True, slots=True)
class Facts:
    """What is at hand for an episode, as `next_step` needs to know it."""

    extracted: bool
    transcript: bool
    transcript_offered: bool
    audio: bool
    decoded: bool


def next_step(facts: Facts) -> Step:
    """The first thing that is missing, from the end backwards.

    >>> next_step(Facts(False, False, False, audio=True, decoded=False))
    'decode'
    """
    table: tuple[tuple[bool, Step], ...] = (
        (facts.extracted, "done"),
        (facts.transcript, "extract"),
        (facts.transcript_offered, "words"),
        (facts.decoded, "transcribe"),
        (facts.audio, "decode"),
    )
    return next((step for present, step in table if present), "download")


def facts_of(tools: Tools, episode: Episode, *, refused: bool) -> Facts:
    """Look at what is stored; `refused` when the publisher's transcript was tried and is of no use."""
    return Facts(
        extracted=tools.library.counts(episode.id) is not None,
        transcript=tools.library.has_transcript(episode.id),
        transcript_offered=bool(episode.transcripts) and not refused,
        audio=audio_file(tools, episode) is not None,
        decoded=_pcm(tools, episode).exists(),
    )


def audio_file(tools: Tools, episode: Episode) -> Path | None:
    """The downloaded audio of an episode, or None when it is not on this computer."""
    return stored_audio(tools.library, tools.paths.audio, episode.id)


def stored_audio(library: Reader, folder: Path, episode_id: EpisodeId) -> Path | None:
    """The audio of an episode: downloaded, below `folder`, or the user's own file; or None."""
    own = own_file(library, episode_id)
    if own is not None:
        return own if own.is_file() else None
    download = library.download(episode_id)
    path = folder / download.file_name if download else None
    return path if path and path.exists() else None


def wait_for_turn(tools: Tools, episode: Episode, step: Step, watch: Watch) -> None:
    """Come back when the work may go on; meanwhile the episode's job says why it waits. Raises Cancelled."""

    def note(reason: str | None) -> None:
        state: JobState = "waiting" if reason else "running"
        tools.library.set_job(episode.id, step=step, state=state, reason=reason)

    tools.patience.wait(watch, episode.title, note)


def _enclosure_of(now: ParsedEpisode) -> str | None:
    return now.enclosure.url if now.enclosure else None


def download(tools: Tools, episode: Episode, watch: Watch) -> Changes:
    """Fetch the episode's audio and note it in the library. Raises Postponed where it has to wait."""
    make_room(tools, episode, watch)
    return note_audio(tools, episode, fetch_audio(tools, episode, watch))


def note_audio(tools: Tools, episode: Episode, got: Downloaded, *, asked: bool = False) -> Changes:
    """Note the audio that `fetch_audio` brought; `asked`: the user fetched it to listen to it."""
    library, name = tools.library, audio_name(episode)
    changes = library.note_download(episode.id, name, got.size_bytes, got.sha256)
    now_ms = to_ms(tools.clock())
    return changes | library.note_kept(
        episode.id, fetched_ms=now_ms, length_told=got.length_told, asked=asked
    )


def fetch_audio(tools: Tools, episode: Episode, watch: Watch) -> Downloaded:
    """Fetch the episode's audio under a name of our own; goes on where an earlier try broke off.

    Does not touch the library, so that it may run on any thread.
    """
    if episode.enclosure is None:
        raise KnownError("This episode has neither a transcript nor an audio file.")
    if (own := file_of(episode)) is not None:
        raise KnownError(GONE.format(path=own))

    def told(received: int, total: int | None) -> None:
        fraction = received / total if total else None
        detail = f"{received / 1e6:.0f} MB" if received > 1e6 else ""
        watch.on_progress(Progress("Downloading", episode.title, fraction=fraction, detail=detail))

    settings = tools.choices()
    address = place_to_ask(tools.door, episode, episode.enclosure.url, _enclosure_of, watch.cancelled)
    if settings.direct_addresses:  # secrets are of the host behind the services, too
        address = direct(tools.door.vault.reveal(address))
    with naming_blocked_counters(tools.door, address):
        return fetch_file(
            tools.door,
            address,
            _audio_target(tools, episode),
            why="download an episode",
            max_bytes=settings.max_episode_mb * 10**6,
            on_progress=told,
            cancelled=watch.cancelled,
        )


def _audio_target(tools: Tools, episode: Episode) -> Path:
    return tools.paths.audio / audio_name(episode)


def decode(tools: Tools, episode: Episode, watch: Watch) -> Changes:
    """Turn the audio into 16 kHz mono for the speech model."""
    source = audio_file(tools, episode)
    if source is None:
        raise KnownError("The audio of this episode is no longer on this computer.")
    watch.on_progress(Progress("Preparing the audio of", episode.title))
    decoded = tools.media.decode(source, _pcm(tools, episode), cancelled=watch.cancelled)
    if decoded.warning:
        watch.on_warning(f"{episode.title}: {decoded.warning}")
    told = tools.library.length_is_told(episode.id)
    if may_be_cut(decoded.duration_ms, episode.duration_ms, length_told=told):
        tools.library.note_cut(episode.id, decoded.duration_ms)
        watch.on_warning(f"{episode.title}: {cut_note(decoded.duration_ms, episode.duration_ms)}")
    return Changes(episode_ids=frozenset({episode.id}))


def transcribe(tools: Tools, episode: Episode, watch: Watch) -> Changes:
    """Listen to the audio, window by window; each window is stored as it comes.

    Where work has to wait it stops after a stored window, and goes on behind it.
    """
    if tools.speech_model is None:
        raise NoSpeechModelError
    told = tools.library.feed(episode.feed_id).listen_language
    listening = _Listening(tools, episode, tools.speech_model, watch)
    while True:
        wait_for_turn(tools, episode, "transcribe", watch)
        listening.begin()
        try:
            tools.speech.transcribe(
                _pcm(tools, episode),
                model=tools.speech_model,
                start_ms=tools.library.partial_segments(episode.id)[1],
                language=told or tools.library.heard_language(episode.id),
                prompt=speech_prompt(episode.feed_title, episode.title, episode.people, tools.glossary),
                on_window=listening.heard,
                cancelled=lambda: listening.set_aside or watch.cancelled(),
            )
            break
        except Cancelled:
            if watch.cancelled() or not listening.set_aside:
                raise
    changes = tools.library.finish_transcript(episode.id)
    _pcm(tools, episode).unlink(missing_ok=True)
    return changes


class _Listening:
    """Stores windows as they come, tells how far it is, measures the pace, and sees when work has to wait."""

    def __init__(self, tools: Tools, episode: Episode, model: Path, watch: Watch) -> None:
        self.set_aside = False
        self._tools, self._episode, self._model, self._watch = tools, episode, model, watch
        self._mode = tools.choices().mode
        self._since: tuple[float, int] | None = None

    def begin(self) -> None:
        """Listening begins, or goes on. The first window is not measured: it pays for loading the model."""
        self.set_aside = False
        self._since = None

    def heard(self, window: Heard) -> None:
        """One window is done."""
        tools, next_ms, total_ms = self._tools, window.next_ms, window.total_ms
        tools.library.append_window(
            self._episode.id,
            window.segments,
            next_ms=next_ms,
            total_ms=total_ms,
            model_id=self._model.name,
            language=window.language,
        )
        self._measure(next_ms)
        detail = f"{next_ms // 60_000} of {max(1, round(total_ms / 60_000))} min"
        fraction = min(1.0, next_ms / total_ms) if total_ms else None
        title = self._episode.title
        self._watch.on_progress(Progress("Listening to", title, fraction=fraction, detail=detail))
        self.set_aside = next_ms < total_ms and tools.patience.reason() is not None

    def _measure(self, next_ms: int) -> None:
        """A window during which the mode was changed belongs to neither."""
        now_s, mode = time.monotonic(), self._tools.choices().mode
        if self._since is not None and mode == self._mode:
            work_s, sound_s = now_s - self._since[0], (next_ms - self._since[1]) / 1000
            self._tools.pace.note_listening(self._model, mode, work_s=work_s, sound_s=sound_s)
        self._since, self._mode = (now_s, next_ms), mode


def read(tools: Tools, episode: Episode, watch: Watch) -> Changes:
    """Find the insights in the episode's words, verify and store them with their embeddings."""
    transcript = tools.library.transcript(episode.id)
    if transcript is None:
        raise ValueError(f"episode {episode.id} has no transcript to read")

    def told(fraction: float) -> None:
        watch.on_progress(Progress("Reading", episode.title, fraction=fraction))

    told(0.0)
    tools.language.cancelled = watch.cancelled
    clock = _WorkClock()

    def wait() -> None:
        clock.stop()
        wait_for_turn(tools, episode, "extract", watch)
        clock.go()

    with _before_each(tools, wait):
        extraction = extract(
            transcript,
            tools.language,
            identity=f"{episode.feed_url}\n{episode.guid}",
            chapters=chapters_of(tools, episode, transcript, watch),
            cancelled=watch.cancelled,
            on_progress=told,
        )
        claims = [claim_text(insight) for insight in extraction.insights]
        vectors = tools.language.embed(claims)
    clock.stop()
    mode, words = tools.choices().mode, sum(len(segment.text.split()) for segment in transcript.segments)
    tools.pace.note_reading(tools.language.model_id, mode, work_s=clock.work_s, words=words)
    embeddings = {i.id: v for i, v in zip(extraction.insights, vectors, strict=True)}
    return tools.library.store_extraction(
        episode.id,
        extraction,
        embeddings,
        tools.language.embedding_model_id,
        now_ms=to_ms(tools.clock()),
        passages=passage_vectors(transcript, extraction.passages, tools.language.embed),
    )


@contextmanager
def _before_each(tools: Tools, wait: Callable[[], None]) -> Iterator[None]:
    """Have the language engine call `wait` before each request, within this block only."""
    before = tools.language.before_each
    tools.language.before_each = wait
    try:
        yield
    finally:
        tools.language.before_each = before


class _WorkClock:
    """Counts the seconds of work, without those of waiting."""

    def __init__(self) -> None:
        self.work_s = 0.0
        self.go()

    def go(self) -> None:
        """Work goes on."""
        self._since = time.monotonic()

    def stop(self) -> None:
        """Work stands still."""
        self.work_s += time.monotonic() - self._since
        self.go()


STEPS: dict[Step, Callable[[Tools, Episode, Watch], Changes]] = {
    "words": words,
    "download": download,
    "decode": decode,
    "transcribe": transcribe,
    "extract": read,
}


class NoSpeechModelError(KnownError):
    """The user has chosen no speech model yet; the episode waits, nothing failed."""

    def __init__(self) -> None:
        super().__init__(
            "This episode has no transcript, and no speech model is chosen to listen to it. "
            "Choose one with: earmark process --speech-model FILE"
        )


def _pcm(tools: Tools, episode: Episode) -> Path:
    """Where the decoded audio lies, named after the very file it was decoded from."""
    own = file_of(episode)
    if own is not None:
        return tools.paths.scratch / f"{_state_of(own)}.pcm"
    got = tools.library.download(episode.id)
    return tools.paths.scratch / f"{got.sha256[:32] if got else 'nothing'}.pcm"


def _state_of(file: Path) -> str:
    """What tells a file of the user's from every other, and from itself before it was changed."""
    state = file.stat() if file.is_file() else None
    told = f"{file.as_uri()} {state.st_size} {state.st_mtime_ns}" if state else file.as_uri()
    return hashlib.sha256(told.encode()).hexdigest()[:32]
