"""What is offered of an episode beside its sound: its publisher's words, and chapters from every place."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from earmark.engines import EngineDied
from earmark.errors import KnownError
from earmark.feeds import (
    chapters_in_notes,
    choose_transcript,
    fits,
    in_order,
    other_language,
    parse_chapters,
    parse_transcript,
)
from earmark.library import Reader
from earmark.pipeline.local import file_of, transcript_beside
from earmark.pipeline.private import place_to_ask
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, Chapter, Episode, ParsedEpisode, Progress, Transcript, TranscriptLink

ChaptersFrom = Literal["file", "feed", "recording", "notes"]


@dataclass(frozen=True, slots=True)
class Chapters:
    """An episode's chapters, and where they come from."""

    source: ChaptersFrom
    chapters: tuple[Chapter, ...]


def words(tools: Tools, episode: Episode, watch: Watch) -> Changes:
    """Take the publisher's transcript, in the best format that is of use.

    Raises KnownError with every reason when none is: then the audio is listened to.
    """
    reasons = []
    look_into(tools, episode, watch)
    feed = tools.library.feed(episode.feed_id)
    for link in choose_transcript(episode.transcripts, feed.listen_language or feed.language):
        watch.stop_if_asked()
        watch.on_progress(Progress("Fetching the transcript of", episode.title))
        try:
            body, mime = _transcript_file(tools, episode, link, watch)
            transcript = parse_transcript(body, link.mime or mime, link.url)
            told = link.language or transcript.language
            misfit = fits(transcript, length_ms(tools.library, episode)) or (
                other_language(told, feed.listen_language)
            )
            if misfit is None:
                return tools.library.store_transcript(episode.id, transcript)
            reasons.append(misfit)
        except KnownError as error:
            reasons.append(str(error))
    raise KnownError(" ".join(reasons) or "The publisher offers no transcript.")


def _transcript_file(tools: Tools, episode: Episode, link: TranscriptLink, watch: Watch) -> tuple[bytes, str]:
    """A transcript as it is published, or as it lies beside the user's own recording; and its type."""
    if file_of(episode) is not None:
        return transcript_beside(link), link.mime
    number = episode.transcripts.index(link)

    def pick(now: ParsedEpisode) -> str | None:
        """A private show tells it by the place that it has in its list."""
        return now.transcripts[number].url if number < len(now.transcripts) else None

    place = place_to_ask(tools.door, episode, link.url, pick, watch.cancelled)
    response = tools.door.get(place, why="fetch a transcript", cancelled=watch.cancelled)
    return response.body, response.headers.get("content-type") or link.mime


def length_ms(library: Reader, episode: Episode) -> int | None:
    """How long an episode lasts: by its recording where that is here and says so, else by its feed."""
    got = library.download(episode.id)
    told = library.recording(episode.id, got.sha256) if got else None
    return (told[0] if told else None) or episode.duration_ms


def chapters_of(tools: Tools, episode: Episode, transcript: Transcript, watch: Watch) -> tuple[Chapter, ...]:
    """The chapters to read an episode by: the first, in the order of trust, that fit its words."""
    _fetch_chapters(tools, episode, watch)
    look_into(tools, episode, watch)
    end_ms = max((segment.end_ms for segment in transcript.segments), default=0)
    return _fitting(offered_chapters(tools.library, episode), end_ms)


def shown_chapters(library: Reader, episode: Episode) -> Chapters | None:
    """What is known of an episode's chapters, without asking: the most trusted that fit its length."""
    length = length_ms(library, episode)
    for offer in offered_chapters(library, episode):
        if length is None or offer.chapters[-1].start_ms <= length:
            return offer
    return None


def offered_chapters(library: Reader, episode: Episode) -> Iterator[Chapters]:
    """Everything that is known of an episode's chapters, most trusted first.

    The file that the feed names is made for this episode and can be mended; the feed's own tags come next,
    then what the recording holds, which an old copy may hold of another cut, then lines of the notes.
    """
    got = library.download(episode.id)
    told = library.recording(episode.id, got.sha256) if got else None
    listed = chapters_in_notes(episode.notes)
    own = episode.chapters if episode.chapters != listed else ()
    offers: tuple[tuple[ChaptersFrom, tuple[Chapter, ...]], ...] = (
        ("file", library.fetched_chapters(episode.id) or ()),
        ("feed", own),
        ("recording", told[1] if told else ()),
        ("notes", listed),
    )
    return (Chapters(source, chapters) for source, chapters in offers if chapters)


def _fitting(offers: Iterable[Chapters], end_ms: int) -> tuple[Chapter, ...]:
    fitting = (offer.chapters for offer in offers if offer.chapters[-1].start_ms <= end_ms)
    return next(fitting, ())


def _fetch_chapters(tools: Tools, episode: Episode, watch: Watch) -> None:
    """Fetch the file of chapters that a feed names, once.

    One that cannot be had is done without, and asked for again when the episode is read again.
    """
    if episode.chapters_url is None or tools.library.fetched_chapters(episode.id) is not None:
        return
    try:
        place = place_to_ask(
            tools.door, episode, episode.chapters_url, lambda now: now.chapters_url, watch.cancelled
        )
        got = tools.door.get(place, why="fetch chapters", cancelled=watch.cancelled)
        tools.library.store_chapters(episode.id, parse_chapters(got.body))
    except KnownError:  # said in the log of requests; nobody misses them
        return


def look_into(tools: Tools, episode: Episode, watch: Watch) -> None:
    """Ask a recording that is here for its length and its chapters, once for each file.

    One that cannot be read says nothing, which is kept, too: its reader shall not die on it again and again.
    """
    got = tools.library.download(episode.id)
    if got is None or tools.library.recording(episode.id, got.sha256) is not None:
        return
    audio = tools.paths.audio / got.file_name
    if not audio.exists():
        return
    try:
        told = tools.media.about(audio, cancelled=watch.cancelled)
    except (KnownError, EngineDied):
        tools.library.note_recording(episode.id, got.sha256, None, ())
        return
    tools.library.note_recording(episode.id, got.sha256, told.duration_ms, in_order(told.chapters))
