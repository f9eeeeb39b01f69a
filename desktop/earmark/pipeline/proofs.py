"""The moments that prove insights: cut when an episode was read, so that they play for ever.

They are cut from the very recording that was listened to, so that adverts which its publisher puts in or
takes out later cannot shift them. Where only words were fetched there is no sound to cut.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from earmark.engines import clip_span
from earmark.errors import KnownError
from earmark.library import Reader
from earmark.paths import Paths
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, Clip, Episode, Insight, InsightId, Progress


@dataclass(frozen=True, slots=True)
class Moment:
    """A file with the sound of an insight, and where in it the insight begins."""

    file: Path
    start_ms: int


def moment_of(library: Reader, paths: Paths, insight_id: InsightId, start_ms: int) -> Moment | None:
    """The kept moment of an insight that begins at `start_ms` of its episode; None where none is kept."""
    clip = library.clip(insight_id)
    if clip is None or not clip.start_ms <= start_ms < clip.end_ms:
        return None
    file = paths.clips / clip.file_name
    return Moment(file, start_ms - clip.start_ms) if file.is_file() else None


def keep_moments(tools: Tools, episode: Episode, audio: Path | None, watch: Watch) -> Changes:
    """Cut the moments of an episode's insights that are not kept yet; nothing without its recording.

    What goes wrong is told and costs nothing else. Raises Cancelled.
    """
    try:
        return cut_moments(tools, episode, audio, watch)
    except KnownError as error:
        watch.on_warning(f"{episode.title}: its moments could not be kept. {error}")
        return Changes()


def cut_moments(tools: Tools, episode: Episode, audio: Path | None, watch: Watch) -> Changes:
    """The same. Raises KnownError where it cannot be read, or no moment be written; Cancelled."""
    missing = [i for i in tools.library.insights(episode.id) if not _is_kept(tools, i)] if audio else []
    if not audio or not missing:
        return Changes()
    spans = [clip_span(insight.start_ms, insight.end_ms) for insight in missing]

    def told(fraction: float) -> None:
        watch.on_progress(Progress("Keeping the moments of", episode.title, fraction=fraction))

    try:
        made = tools.media.clips(audio, spans, cancelled=watch.cancelled, on_progress=told)
        kept = [_stored(tools.paths, missing[number], spans[number], opus) for number, opus in made.items()]
    except OSError as error:
        raise KnownError(f"They could not be written ({error.strerror}).") from error
    return tools.library.store_clips(kept)


def _is_kept(tools: Tools, insight: Insight) -> bool:
    return moment_of(tools.library, tools.paths, insight.id, insight.start_ms) is not None


def _stored(paths: Paths, insight: Insight, span: tuple[int, int], opus: bytes) -> Clip:
    """Write a moment under a name of our own, whole or not at all."""
    name = hashlib.sha256(insight.id.encode("utf-8", "surrogatepass")).hexdigest()[:16] + ".opus"
    part = paths.clips / (name + ".part")
    part.write_bytes(opus)
    part.replace(paths.clips / name)
    return Clip(insight.id, name, span[0], span[1], len(opus))
