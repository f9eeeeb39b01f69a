"""A transcript that the user has of an episode, in place of its publisher's or of listening."""

from dataclasses import dataclass
from pathlib import Path

from earmark.errors import KnownError
from earmark.feeds import fits, parse_transcript
from earmark.feeds.transcripts import MAX_BYTES
from earmark.pipeline.named import episode_named
from earmark.pipeline.offered import length_ms
from earmark.pipeline.tools import Tools
from earmark.records import Episode, Transcript


class DoesNotFit(KnownError):  # noqa: N818  (says what happened)
    """The file is a transcript, but not of this episode's length; it may be wanted all the same."""

    def __init__(self, misfit: str) -> None:
        super().__init__(f"{misfit} Nothing was changed. To take it all the same, add --anyway.")
        self.misfit = misfit


@dataclass(frozen=True, slots=True)
class Added:
    """The user's own transcript of an episode, as it was taken in."""

    episode: Episode
    transcript: Transcript


def add_own_transcript(tools: Tools, typed: str, file: Path, *, anyway: bool = False) -> Added:
    """Take the user's file as the words of an episode; it waits to be read with them.

    The file may be SubRip, WebVTT, JSON or a page with times. Raises KnownError for what is none of these,
    and for one that does not fit the episode's length, unless it is wanted `anyway`.
    """
    episode = tools.library.episode(episode_named(tools.library, typed))
    try:
        with file.open("rb") as opened:
            body = opened.read(MAX_BYTES + 1)
    except OSError as error:
        raise KnownError(f"{file} cannot be read ({error.strerror}).") from error
    transcript = parse_transcript(body, None, file.name)
    misfit = fits(transcript, length_ms(tools.library, episode))
    if misfit and not anyway:
        own = misfit.replace("The publisher's transcript", file.name).replace(
            "the publisher's transcript", file.name
        )
        raise DoesNotFit(own)
    tools.library.store_own_transcript(episode.id, transcript)
    return Added(episode, transcript)


def remove_own_transcript(tools: Tools, typed: str) -> Episode:
    """Forget the user's own words of an episode, which waits for other words then. Raises KnownError."""
    episode = tools.library.episode(episode_named(tools.library, typed))
    if not tools.library.has_own_transcript(episode.id):
        raise KnownError(f"{episode.title} has no transcript that you added.")
    tools.library.remove_own_transcript(episode.id)
    return episode
