"""Through everything that waits, one episode at a time, newest first."""

import time
from collections.abc import Container
from dataclasses import dataclass, field, replace

from earmark.engines import EngineDied
from earmark.errors import Cancelled, KnownError
from earmark.net import ServerAway
from earmark.pipeline.episode import STEPS, NoSpeechModelError, facts_of, next_step
from earmark.pipeline.finding import read_passages
from earmark.pipeline.gathering import gather_topics
from earmark.pipeline.relating import relate_all
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, Episode, EpisodeId, Job, Progress, Step

MAX_DEATHS = 2
MAX_NETWORK_TRIES = 5
LISTENING: tuple[Step, ...] = ("download", "decode", "transcribe")
OVER_THE_NETWORK: tuple[Step, ...] = ("words", "download")


@dataclass(frozen=True, slots=True)
class Worked:
    """What a run of `process` did; `failed` and `waiting` hold (title of the episode, plain reason)."""

    done: int
    failed: tuple[tuple[str, str], ...]
    waiting: tuple[tuple[str, str], ...]
    changes: Changes


@dataclass(slots=True)
class Pace:
    """How long episodes took in this run, to tell how long the rest will take."""

    seconds: list[float] = field(default_factory=list)

    def left_s(self, remaining: int) -> float | None:
        """Seconds for `remaining` episodes at the pace so far, or None while there is no pace."""
        if not self.seconds:
            return None
        return remaining * sum(self.seconds) / len(self.seconds)


def process(tools: Tools, watch: Watch) -> Worked:
    """Work through what waits; Cancelled leaves everything stored and may be raised at any point.

    An episode that cannot be worked on is noted with its reason and the next one goes on.
    """
    tools.library.requeue_interrupted()
    pace, changes, done = Pace(), Changes(), 0
    failed: list[tuple[str, str]] = []
    held: dict[EpisodeId, tuple[str, str]] = {}
    while queue := _queue(tools, held):
        episode = tools.library.episode(queue[0].episode_id)
        began = time.monotonic()
        told = _with_time_left(watch, pace, len(queue))
        try:
            changes |= _work_through(tools, episode, told)
            done += 1
        except NoSpeechModelError as reason:
            held[episode.id] = (episode.title, str(reason))
            tools.library.set_job(episode.id, step="transcribe", state="waiting", reason=str(reason))
        except ServerAway as reason:  # it may be asleep: nothing failed, and the next run asks again
            held[episode.id] = (episode.title, str(reason))
            job = tools.library.job(episode.id)
            step = job.step if job else "transcribe"
            tools.library.set_job(episode.id, step=step, state="waiting", reason=str(reason))
        except KnownError as error:
            failed.append((episode.title, str(error)))
            held[episode.id] = failed[-1]
            changes |= _note_failure(tools, episode, str(error))
        pace.seconds.append(time.monotonic() - began)
    read_passages(tools, watch)
    changes |= relate_all(tools, watch)
    changes |= gather_topics(tools)
    waiting = tuple(reason for reason in held.values() if reason not in failed)
    return Worked(done, tuple(failed), waiting, changes)


def _queue(tools: Tools, held: Container[EpisodeId]) -> list[Job]:
    """What waits and was not put aside in this run, newest first."""
    jobs = tools.library.jobs()
    return [job for job in jobs if job.state == "waiting" and job.episode_id not in held]


def _work_through(tools: Tools, episode: Episode, watch: Watch) -> Changes:
    """Take one episode from where it stands to its insights."""
    changes, refused = Changes(), False
    while (step := next_step(facts_of(tools, episode, refused=refused))) != "done":
        watch.stop_if_asked()
        if step in LISTENING and tools.speech_model is None:
            raise NoSpeechModelError
        tools.library.set_job(episode.id, step=step, state="running")
        try:
            changes |= _try_step(tools, episode, step, watch)
        except KnownError:
            if step != "words" or episode.enclosure is None:
                raise
            refused = True
    tools.library.set_job(episode.id, step="done", state="done", reason=None)
    return changes | Changes(episode_ids=frozenset({episode.id}))


def _try_step(tools: Tools, episode: Episode, step: Step, watch: Watch) -> Changes:
    """Run a step; an engine that dies without having got further since its last death is not tried again."""
    deaths, reached = 0, _reached(tools, episode)
    while True:
        try:
            return STEPS[step](tools, episode, watch)
        except Cancelled:
            tools.library.set_job(episode.id, step=step, state="waiting")
            raise
        except EngineDied:
            got = _reached(tools, episode)
            deaths = 1 if got > reached else deaths + 1
            reached = got
            if deaths >= MAX_DEATHS:
                raise


def _reached(tools: Tools, episode: Episode) -> int:
    return tools.library.partial_segments(episode.id)[1]


def _note_failure(tools: Tools, episode: Episode, reason: str) -> Changes:
    """What the network refused is asked for again in later runs, a few times; the rest has failed."""
    job = tools.library.job(episode.id)
    step, tries = (job.step, job.attempts + 1) if job else ("words", 1)
    again = step in OVER_THE_NETWORK and tries < MAX_NETWORK_TRIES
    return tools.library.set_job(
        episode.id,
        step=step,
        state="waiting" if again else "failed",
        attempts=tries,
        reason=reason,
    )


def _with_time_left(watch: Watch, pace: Pace, remaining: int) -> Watch:
    def told(progress: Progress) -> None:
        left_s = pace.left_s(remaining)
        if left_s is not None and progress.fraction is not None:
            left_s = max(0.0, left_s * (1 - progress.fraction / remaining))
        watch.on_progress(replace(progress, left_s=left_s))

    return Watch(told, watch.cancelled)
