"""The plan for what waits in the library: how much work each episode is, and how close to the interests."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from earmark.clock import Clock
from earmark.errors import KnownError
from earmark.feeds import one_line
from earmark.library import Reader
from earmark.pipeline.pace import Pace, Rate
from earmark.pipeline.plan import Plan, Planned, Waiting, in_order, next_time, timed
from earmark.records import Episode, EpisodeId, Job
from earmark.settings import Settings
from earmark.taste import load_taste

if TYPE_CHECKING:
    from earmark.engines import Language
    from earmark.pipeline.tools import Tools

WORDS_A_SECOND = 2.5
BYTES_A_SECOND = 16_000
"""128 kbit/s, which most shows use, for an episode whose feed tells no length but a size."""
USUAL_LENGTH_S = 2400.0
MOST_COMPARED = 60
"""Episodes that are compared with the interests, the newest; each takes some hundredths of a second."""
NOTES_CHARACTERS = 600
FIRST_MINUTES = 3
NO_MODEL = "It has no transcript, and no speech model is chosen to listen to it."


@dataclass(frozen=True, slots=True)
class PlanTools:
    """What a plan is made from; nothing is written."""

    library: Reader
    language: Language
    pace: Pace
    clock: Clock
    settings: Settings
    speech_model: Path | None
    interests: tuple[str, ...] = ()


def plan_of(tools: Tools, apart: Container[EpisodeId] = ()) -> Plan:
    """The plan of the work at hand, without the episodes in `apart`."""
    return make_plan(_parts(tools, _interests(tools)), apart)


def plan_at_a_glance(tools: Tools, order: Sequence[EpisodeId] = ()) -> Plan:
    """The plan as it was made before, brought up to now: no engine is asked, so that it may be had while one
    works. What the plan of `order` did not know comes behind, as if nobody had an interest."""
    plan = make_plan(_parts(tools, ()))
    mine, known = tools.library.queue_places(), {id_: place for place, id_ in enumerate(order)}

    def place(item: Planned) -> tuple[bool, int]:
        id_ = item.waiting.episode_id
        return id_ not in mine, mine.get(id_, known.get(id_, len(known)))

    ordered = [(item.waiting, item.why) for item in sorted(plan.items, key=place)]
    return replace(plan, items=timed(ordered, now=tools.clock(), deadline=plan.deadline))


def work_left_s(tools: Tools) -> float:
    """Seconds of work for all that waits and can be worked on, at this computer's pace."""
    return make_plan(_parts(tools, ())).work_s


def _parts(tools: Tools, interests: tuple[str, ...]) -> PlanTools:
    return PlanTools(
        tools.library,
        tools.language,
        tools.pace,
        tools.clock,
        tools.choices(),
        tools.speech_model,
        interests,
    )


def _interests(tools: Tools) -> tuple[str, ...]:
    """What the user wrote into the file of their taste. While it is broken work goes on without: the brief
    says what is wrong with it."""
    try:
        return load_taste(tools.paths).interests
    except KnownError:
        return ()


def make_plan(tools: PlanTools, apart: Container[EpisodeId] = ()) -> Plan:
    """The queue in its order, with times."""
    now, library = tools.clock(), tools.library
    jobs = [job for job in library.unfinished_jobs() if job.state in ("waiting", "running")]
    jobs = [job for job in jobs if job.episode_id not in apart]
    episodes = {job.episode_id: library.episode(job.episode_id) for job in jobs}
    heard = _listening_rate(tools)
    read = tools.pace.reading(tools.language.model_id, tools.settings.mode)
    waiting: list[Waiting] = []
    held: list[Waiting] = []
    for job in jobs:
        episode = episodes[job.episode_id]
        one = _waiting(library, episode, job, heard or Rate(0.0), read)
        if one.listen_s or one.sound_s:
            (waiting if heard else held).append(one)
        else:
            waiting.append(one)
    compared = _compared(tools, waiting, episodes)
    ordered = in_order(
        compared,
        now=now,
        done=library.library_counts()["read"],
        last_turn_ms=library.turns(),
        places=library.queue_places(),
    )
    deadline = next_time(now, tools.settings.brief_time)
    return Plan(
        timed(ordered, now=now, deadline=deadline),
        deadline,
        guessed=read.guessed or bool(heard and heard.guessed and any(one.sound_s for one in waiting)),
        pauses=tools.settings.pause_on_battery or tools.settings.pause_when_active,
        held=tuple((one.title, NO_MODEL) for one in held),
    )


def sound_of(episode: Episode, job: Job | None = None) -> float:
    """How long an episode is, in seconds: as it was decoded, as its feed says, or guessed from its size."""
    if job and job.total_ms:
        return job.total_ms / 1000
    if episode.duration_ms:
        return episode.duration_ms / 1000
    size = episode.enclosure.length_bytes if episode.enclosure else None
    return size / BYTES_A_SECOND if size else USUAL_LENGTH_S


def _listening_rate(tools: PlanTools) -> Rate | None:
    if tools.speech_model is None:
        return None
    return tools.pace.listening(tools.speech_model, tools.settings.mode)


def _waiting(library: Reader, episode: Episode, job: Job, heard: Rate, read: Rate) -> Waiting:
    sound_s = sound_of(episode, job)
    words = library.word_count(episode.id) if library.has_transcript(episode.id) else None
    listens = words is None and (not episode.transcripts or job.step in ("download", "decode", "transcribe"))
    left_s = max(0.0, sound_s - job.progress_ms / 1000)
    return Waiting(
        episode.id,
        episode.feed_id,
        episode.title,
        episode.feed_title,
        episode.published_ms,
        listen_s=left_s * heard.seconds if listens else 0.0,
        read_s=(sound_s * WORDS_A_SECOND if words is None else words) * read.seconds,
        sound_s=sound_s if listens else 0.0,
    )


def _compared(tools: PlanTools, waiting: list[Waiting], episodes: dict[EpisodeId, Episode]) -> list[Waiting]:
    """The newest of them with their closeness to what the user is interested in; without an embedding model
    nothing is compared."""
    interests = tools.interests
    if not interests or not waiting:
        return waiting
    newest = [one.episode_id for one in waiting[:MOST_COMPARED]]
    texts = {episode_id: _texts(tools.library, episodes[episode_id]) for episode_id in newest}
    try:
        wanted = tools.language.embed(interests)
        rows = tools.language.embed([text for own in texts.values() for text in own])
    except KnownError:
        return waiting
    closest: dict[EpisodeId, tuple[float, str]] = {}
    first = 0
    for episode_id, own in texts.items():
        scores = (rows[first : first + len(own)] @ wanted.T).max(axis=0)
        first += len(own)
        best = int(scores.argmax())
        closest[episode_id] = float(scores[best]), interests[best]
    return [
        replace(one, closeness=closest[one.episode_id][0], interest=closest[one.episode_id][1])
        if one.episode_id in closest
        else one
        for one in waiting
    ]


def _texts(library: Reader, episode: Episode) -> list[str]:
    """What an episode promises: its title, what its publisher says of it, and its first minutes, if known."""
    said: dict[int, list[str]] = {}
    for segment in library.segments(episode.id, 0, 100):
        if (minute := segment.start_ms // 60_000) < FIRST_MINUTES:
            said.setdefault(minute, []).append(segment.text)
    minutes = [" ".join(texts) for texts in said.values()]
    return [text for text in (episode.title, one_line(episode.notes, NOTES_CHARACTERS), *minutes) if text]
