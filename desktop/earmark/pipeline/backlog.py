"""How far back to go in a show, and how much work each choice is."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from earmark.engines.names import LLM_ID
from earmark.library import Reader
from earmark.pipeline.forecast import BYTES_A_SECOND, USUAL_LENGTH_S, WORDS_A_SECOND, sound_of
from earmark.pipeline.pace import Pace, Rate
from earmark.records import Episode, FeedId
from earmark.settings import Settings

if TYPE_CHECKING:
    from earmark.pipeline.tools import Tools

CHOICES = (1, 3, 10, 50)
"""So many of the newest episodes are offered, and all."""


@dataclass(frozen=True, slots=True)
class Choice:
    """To work through the newest `episodes`: seconds of work at this computer's pace.

    `unheard` of them have no transcript while no speech model is chosen; their listening is not counted.
    """

    episodes: int
    work_s: float
    unheard: int = 0


def choices_of(tools: Tools, feed_id: FeedId, *, also: int = 0) -> list[Choice]:
    """What may be chosen for a show, the least first; all of its episodes last. `also`: one more number."""
    episodes = [e for e in tools.library.episodes(feed_id) if e.transcripts or e.enclosure]
    numbers = sorted({number for number in (*CHOICES, also, len(episodes)) if 0 < number <= len(episodes)})
    works = _works(tools, episodes)
    return [
        Choice(number, sum(work for work, _ in works[:number]), sum(unheard for _, unheard in works[:number]))
        for number in numbers
    ]


def queue_newest(tools: Tools, feed_id: FeedId, number: int) -> int:
    """Queue the newest episodes of a show that have something to read or to hear; how many were not yet."""
    newest = [e.id for e in tools.library.episodes(feed_id) if e.transcripts or e.enclosure][:number]
    return tools.library.queue(newest)


def waiting_work(
    reader: Reader, pace: Pace, settings: Settings, speech_model: Path | None
) -> dict[FeedId, float]:
    """For each show, the seconds of work of what waits; hearing is not counted without a speech model.

    Told of all episodes together, so that hundreds of shows are no matter; `forecast` tells it of each.
    """
    heard = pace.listening(speech_model, settings.mode) if speech_model else Rate(0.0)
    read = pace.reading(_language_model(settings), settings.mode)
    return {
        feed_id: listen_s * heard.seconds + read_s * WORDS_A_SECOND * read.seconds
        for feed_id, (listen_s, read_s) in reader.waiting_sound(USUAL_LENGTH_S, BYTES_A_SECOND).items()
    }


def _works(tools: Tools, episodes: list[Episode]) -> list[tuple[float, bool]]:
    mode = tools.choices().mode
    heard = tools.pace.listening(tools.speech_model, mode) if tools.speech_model else None
    read = tools.pace.reading(tools.language.model_id, mode)
    works = []
    for episode in episodes:
        sound_s = sound_of(episode)
        listen_s = sound_s * heard.seconds if heard and not episode.transcripts else 0.0
        unheard = heard is None and not episode.transcripts
        works.append((listen_s + sound_s * WORDS_A_SECOND * read.seconds, unheard))
    return works


def _language_model(settings: Settings) -> str:
    """The name by which the pace of the chosen language model is kept."""
    if settings.language_server:
        return settings.language_server_model or ""
    return settings.language_model.stem if settings.language_model else LLM_ID
