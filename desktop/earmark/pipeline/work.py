"""Through everything that waits, one episode at a time, in the order of the plan."""

import time
from dataclasses import dataclass, replace

from earmark.clock import to_ms
from earmark.engines import EngineDied, NotEnoughMemory
from earmark.errors import Cancelled, KnownError
from earmark.net import NoAnswer, ServerAway
from earmark.pipeline.episode import STEPS, NoSpeechModelError, audio_file, facts_of, next_step, wait_for_turn
from earmark.pipeline.finding import read_passages
from earmark.pipeline.forecast import plan_of
from earmark.pipeline.gathering import gather_topics
from earmark.pipeline.keeping import Postponed, sweep
from earmark.pipeline.models import ModelGone, ready_for
from earmark.pipeline.plan import Plan
from earmark.pipeline.proofs import keep_moments
from earmark.pipeline.relating import relate_all
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, Episode, EpisodeId, Progress, Step

MAX_DEATHS = 2
MAX_NETWORK_TRIES = 5
MOST_LOOKED_AT = 1000
LISTENING: tuple[Step, ...] = ("download", "decode", "transcribe")
OVER_THE_NETWORK: tuple[Step, ...] = ("words", "download")


@dataclass(frozen=True, slots=True)
class Worked:
    """What a run of `process` did; `failed` and `waiting` hold (title of the episode, plain reason)."""

    done: int
    failed: tuple[tuple[str, str], ...]
    waiting: tuple[tuple[str, str], ...]
    changes: Changes


def process(tools: Tools, watch: Watch) -> Worked:
    """Work through what waits; Cancelled leaves everything stored and may be raised at any point.

    An episode that cannot be worked on is noted with its reason and the next one goes on. Without a network
    nothing has failed: what needs it waits.
    """
    tools.library.requeue_interrupted()
    changes, done, began_ms = Changes(), 0, time.time_ns() // 1_000_000
    unheard: list[Episode] = []
    failed: list[tuple[str, str]] = []
    held: dict[EpisodeId, tuple[str, str]] = {}
    while (found := _next(tools, held)) is not None:
        episode, plan = found
        try:
            changes |= _work_through(tools, episode, _Outlook(tools, plan, watch))
            done += 1
        except (ModelGone, NoSpeechModelError, NotEnoughMemory, ServerAway, Postponed) as reason:
            # Nothing failed: a model is to be chosen or brought back, programs closed, a server is asleep,
            # a download is to wait.
            held[episode.id] = (episode.title, str(reason))
            _keep_waiting(tools, episode, str(reason))
        except NoAnswer as error:
            unheard.append(episode)
            held[episode.id] = (episode.title, str(error))
            changes |= _keep_waiting(tools, episode, str(error))
        except KnownError as error:
            failed.append((episode.title, str(error)))
            held[episode.id] = failed[-1]
            changes |= _note_failure(tools, episode, str(error))
    for episode in unheard if _somebody_answered(tools, began_ms) else ():
        failed.append(held[episode.id])
        changes |= _note_failure(tools, episode, failed[-1][1])
    changes |= sweep(tools, watch)
    read_passages(tools, watch)
    changes |= relate_all(tools, watch)
    changes |= gather_topics(tools)
    waiting = tuple(reason for reason in held.values() if reason not in failed)
    return Worked(done, tuple(failed), waiting, changes)


def _next(tools: Tools, held: dict[EpisodeId, tuple[str, str]]) -> tuple[Episode, Plan] | None:
    """The next episode, and the plan that it is the first of.

    What cannot be planned, since no speech model is chosen, comes last: its step says what is missing.
    """
    plan = plan_of(tools, held)
    if plan.items:
        return tools.library.episode(plan.items[0].waiting.episode_id), plan
    jobs = [
        job
        for job in tools.library.unfinished_jobs()
        if job.state == "waiting" and job.episode_id not in held
    ]
    return (tools.library.episode(jobs[0].episode_id), plan) if jobs else None


def _work_through(tools: Tools, episode: Episode, outlook: "_Outlook") -> Changes:
    """Take one episode from where it stands to its insights."""
    changes, refused = Changes(), False
    while (step := next_step(facts_of(tools, episode, refused=refused))) != "done":
        watch = outlook.watch(step)
        watch.stop_if_asked()
        if step in LISTENING and tools.speech_model is None:
            tools.library.set_job(episode.id, step="transcribe", state="waiting")
            raise NoSpeechModelError
        wait_for_turn(tools, episode, step, watch)
        tools.library.set_job(episode.id, step=step, state="running")
        ready_for(step, tools.paths, tools.choices(), tools.clock)
        try:
            changes |= _try_step(tools, episode, step, watch)
        except (NotEnoughMemory, ServerAway):
            raise
        except KnownError as reason:
            if step != "words" or episode.enclosure is None:
                raise
            refused = True
            watch.on_warning(f"{episode.title}: {reason} The audio is listened to instead.")
    changes |= keep_moments(tools, episode, audio_file(tools, episode), outlook.watch("extract"))
    tools.library.set_job(episode.id, step="done", state="done", reason=None)
    changes |= sweep(tools, outlook.watch("extract"))
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


def _keep_waiting(tools: Tools, episode: Episode, reason: str) -> Changes:
    """It stays where it is."""
    job = tools.library.job(episode.id)
    step = job.step if job else "transcribe"
    return tools.library.set_job(episode.id, step=step, state="waiting", reason=reason)


def _somebody_answered(tools: Tools, since_ms: int) -> bool:
    """Whether there is a network: by the answers that came since."""
    rows = tools.library.requests(MOST_LOOKED_AT)
    return any(row["status"] is not None and row["time_ms"] >= since_ms for row in rows)


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


class _Outlook:
    """Adds to what is told when everything will be through, at the pace that is being measured."""

    def __init__(self, tools: Tools, plan: Plan, watch: Watch) -> None:
        self._tools = tools
        self._watch = watch
        self._order = tuple(item.waiting.episode_id for item in plan.items)
        self._first = plan.items[0].waiting if plan.items else None
        self._rest_s = sum(item.waiting.work_s for item in plan.items[1:])

    def watch(self, step: Step) -> Watch:
        """For the work on one step of the plan's first episode."""

        def told(progress: Progress) -> None:
            if self._first is None or progress.waiting:
                self._watch.on_progress(replace(progress, order=self._order))
                return
            left_s = self._rest_s + self._left_s(step, progress.fraction or 0.0)
            ready_ms = to_ms(self._tools.clock()) + round(1000 * left_s)
            told = replace(progress, left_s=left_s, ready_ms=ready_ms, order=self._order)
            self._watch.on_progress(told)

        return Watch(told, self._watch.cancelled, self._watch.on_warning)

    def _left_s(self, step: Step, fraction: float) -> float:
        """Of the first episode, when so much of a step is done."""
        first, tools = self._first, self._tools
        assert first is not None
        if step == "extract":
            return first.read_s * (1 - fraction)
        if step == "transcribe" and tools.speech_model is not None:
            rate = tools.pace.listening(tools.speech_model, tools.choices().mode)
            return first.sound_s * (1 - fraction) * rate.seconds + first.read_s
        return first.work_s
