"""A round of checks: which feeds are asked, and what becomes of what they say.

The network has threads of its own (`callers`); the library is used on one thread alone, which takes what came
whenever it likes. Faults are put down to their feeds only at the end of a round, when it is known that it was
not the network.
"""

import random
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from earmark.clock import to_ms
from earmark.errors import KnownError
from earmark.feeds import Failed, network_went, server_died, verdict
from earmark.feeds.when import after_answer, after_fault, is_due, rests, retry_after_ms, wants_all
from earmark.net import MAX_PER_HOST
from earmark.pipeline.callers import MAX_SOCKETS, Callers, host_of
from earmark.pipeline.fetching import Came, Question
from earmark.pipeline.local import is_local, look_into_all
from earmark.pipeline.taking import AnotherShow, take_document
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, Check, FeedId, Progress, Schedule, Stop, Wish

LOOK_EVERY_S = 0.1
OFFLINE = "Earmark is set to stay offline, so no show was asked for news."
AWAY = "None of your shows could be reached. Is this computer online? Nothing was changed."
WENT = "The network went away meanwhile. What came by then is here; your other shows are asked again later."
LATE = "This took too long and was ended. Did this computer sleep? The other shows are asked again later."
PORTAL = (
    "Web pages came in place of your shows, from several places: this network seems to want you to log in "
    "first. Nothing was changed. Open any page in your browser, log in, and look for news again."
)
UNPROVEN = (
    "None of your shows could prove who they are, so nothing was taken. Either this network wants you to log "
    "in first (open any page in your browser), or this computer's date and time are wrong."
)
NOTICES = {"portal": PORTAL, "unproven": UNPROVEN}
GONE_FOR_GOOD = "The publisher says that {title} is gone for good. What you have stays; it is asked no more."
GIVEN_UP = (
    "{error} That has been so for 30 days, so {title} is asked no more by itself. Try it with: "
    'earmark refresh "{title}", or unsubscribe from it.'
)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What a round brought: `asked` feeds were asked, of which `answered` gave something of use, and `left`
    were not asked, for they were not due or want to be left alone, or the round ended before.

    `problems` holds (title of the feed, plain reason), `told` what is good to know of single feeds. `notice`
    is the one fault that all had in common; then no feed is blamed for it. `ended` are the problems after
    which a feed is asked no more until the user wants it.
    """

    changes: Changes = field(default_factory=Changes)
    new_episodes: int = 0
    problems: tuple[tuple[str, str], ...] = ()
    told: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    notice: str | None = None
    asked: int = 0
    left: int = 0
    answered: int = 0


def refresh(
    tools: Tools,
    watch: Watch,
    *,
    wish: Wish = "due",
    feed_ids: Collection[FeedId] | None = None,
    accept: bool = False,
) -> Refreshed:
    """Ask feeds for news, several at once; a feed that fails is noted and does not stop the others.

    Of all, or of those that are named, those are asked that `feeds.when.is_due` names. `accept`: the user
    takes what comes, be it another show. Raises Cancelled.
    """
    change, found, gone = look_into_all(tools, watch)
    round_ = Round(tools, wish=wish, feed_ids=feed_ids, accept=accept)
    round_.begin()
    try:
        while not round_.finished:
            watch.stop_if_asked()
            round_.take(wait_s=LOOK_EVERY_S)
            watch.on_progress(Progress("Looking for news", round_.subject, fraction=round_.fraction))
        result = round_.conclude()
        return replace(
            result,
            changes=result.changes | change,
            new_episodes=result.new_episodes + found,
            problems=(*result.problems, *gone),
        )
    finally:
        round_.stop()


def due_feeds(tools: Tools, wish: Wish = "due", feed_ids: Collection[FeedId] | None = None) -> list[Question]:
    """Whom to ask now, in any order; but those that failed last come last.

    A server that asked one feed to wait is not asked for its others either, unless the user insists.
    """
    now_ms, schedules, found = to_ms(tools.clock()), tools.library.schedules(), []
    every = [feed for feed in tools.library.feeds() if not is_local(feed.url)]
    feeds = [(feed, schedules.get(feed.id, Schedule())) for feed in every]
    resting = {host_of(feed) for feed, schedule in feeds if wish != "now" and rests(schedule, now_ms)}
    for feed, schedule in feeds:
        wanted = (feed_ids is None or feed.id in feed_ids) and host_of(feed) not in resting
        if wanted and is_due(schedule, feed.checked_ms, now_ms, wish):
            found.append((schedule.errors, _chance(), Question(feed, wants_all(schedule, now_ms))))
    return [question for _, _, question in sorted(found, key=lambda each: each[:2])]


class Round:
    """One round of checks. All but the asking happens on the thread that made it.

    `on_answer` is called from any thread when there is something to take.
    """

    def __init__(
        self,
        tools: Tools,
        *,
        wish: Wish = "due",
        feed_ids: Collection[FeedId] | None = None,
        accept: bool = False,
        on_answer: Callable[[], None] = lambda: None,
    ) -> None:
        self._tools = tools
        self._began_ms = to_ms(tools.clock())
        """When all of its feeds count as asked: the computer may sleep before the last of them answers."""
        self._accept = accept
        self._offline = tools.choices().offline
        online = [feed.id for feed in tools.library.feeds() if not is_local(feed.url)]
        self._every = len([id_ for id_ in online if feed_ids is None or id_ in feed_ids])
        questions = [] if self._offline else due_feeds(tools, wish, feed_ids)
        self._chosen = len(questions)
        self._schedules = tools.library.schedules()
        self._callers = Callers(tools.door, tools.reader, questions, on_answer=on_answer)
        self._faults: list[Came] = []
        self._answers: deque[int] = deque(maxlen=MAX_SOCKETS)  # how many faults there were before each
        self._between: dict[str, deque[list[Came]]] = {}  # by host, the faults behind its last answers
        self._good = 0
        self._so_far = Refreshed()
        self.subject = ""

    @property
    def fraction(self) -> float:
        """How much of the round is done, in [0, 1]."""
        return self._so_far.asked / self._chosen if self._chosen else 1.0

    @property
    def finished(self) -> bool:
        """Whether everything that will come was taken."""
        return self._callers.finished

    def begin(self) -> None:
        """Start to ask."""
        self._callers.begin()

    def stop(self) -> None:
        """Ask nobody any more, and let the reader of large feeds go. May be called twice."""
        self._callers.stop()
        self._tools.reader.rest()

    def take(self, wait_s: float = 0.0) -> Changes:
        """Store what came since the last time, after waiting for something at most so long."""
        batch = self._callers.batch(wait_s)
        before, self._so_far = self._so_far, replace(self._so_far, changes=Changes())
        self._note(
            [self._unchanged(came) for came in batch if not (came.fault or came.gone or came.document)]
        )
        for came in batch:
            self.subject = came.question.feed.title
            self._good += came.fault is None
            if came.gone:
                self._ask_no_more(came, GONE_FOR_GOOD.format(title=self.subject), "gone")
            elif came.document:
                self._take_document(came)
            elif came.fault:
                self._faults.append(came)
            self._listen(came)
        changes = self._so_far.changes
        asked = before.asked + len(batch)
        self._so_far = replace(self._so_far, changes=before.changes | changes, asked=asked)
        return changes

    def conclude(self) -> Refreshed:
        """Put faults down to their feeds, unless they have one cause; what the round brought."""
        common = verdict(self._good, [_failed(came) for came in self._faults])
        notice = OFFLINE if self._offline else NOTICES.get(common or "")
        if common == "away":
            reasons = {str(each.fault) for each in self._faults}
            notice = reasons.pop() if len(reasons) == 1 else AWAY  # such as a proxy that is away
        went = 0 if common else self._drop_unheard()
        unheard = len(self._faults) if common else went or self._spare_shows_of_the_dead()
        if common is None:
            self._blame()
        left = max(0, self._every - self._so_far.asked)
        answered = max(0, self._so_far.asked - len(self._so_far.problems) - unheard)
        if went:
            notice = WENT
        elif notice is None and self._callers.ran_out:
            notice = LATE
        return replace(self._so_far, notice=notice, left=left, answered=answered)

    def _unchanged(self, came: Came) -> Check:
        return Check(came.question.feed.id, None, self._answered(came))

    def _answered(self, came: Came) -> Schedule:
        schedule = self._schedule(came)
        return after_answer(schedule, came.headers, now_ms=self._began_ms, full=came.whole, chance=_chance())

    def _take_document(self, came: Came) -> None:
        feed = came.question.feed
        assert came.document is not None
        try:
            taken = take_document(
                self._tools,
                self._tools.library.feed(feed.id),
                came.document,
                schedule=self._schedule(came),
                now_ms=self._began_ms,
                chance=_chance(),
                elsewhere=came.elsewhere,
                accept=self._accept,
            )
        except AnotherShow as error:
            self._ask_no_more(came, str(error), "another show")
        except KnownError as error:  # such as a full disk
            self._add(problems=((feed.title, str(error)),))
        else:
            told = (taken.told,) if taken.told else ()
            self._add(changes=taken.changes, new_episodes=taken.new_episodes, told=told)

    def _ask_no_more(self, came: Came, reason: str, stop: Stop) -> None:
        feed = came.question.feed
        self._note([Check(feed.id, reason, replace(self._answered(came), stopped=stop))])
        self._add(problems=((feed.title, reason),), ended=(reason,))

    def _listen(self, came: Came) -> None:
        between = self._between.setdefault(host_of(came.question.feed), deque([[]], maxlen=MAX_PER_HOST))
        if came.answered and not came.cut:
            self._answers.append(len(self._faults))
            between.append([])
        else:
            between[-1].append(came)

    def _drop_unheard(self) -> int:
        """Where the network went away meanwhile: forget whom it kept from answering; how many."""
        gave_up = self._callers.gave_up
        end = self._answers[0] if len(self._answers) == MAX_SOCKETS and not gave_up else 0
        unheard = [came for came in self._faults[end:] if not came.answered]
        silent = [_failed(came) for came in unheard if not self._schedule(came).errors]
        if not (gave_up or network_went(silent, MAX_SOCKETS)):
            return 0
        before = len(self._faults)
        self._faults[end:] = [came for came in self._faults[end:] if came.answered and not came.cut]
        return before - len(self._faults)

    def _spare_shows_of_the_dead(self) -> int:
        """Where a server died meanwhile: tell that once, and ask its shows again later; how many.

        What it cut may be here before the last of its answers, which were under way at once. A show that had
        a fault before is not spared: it may be what the server dies of.
        """
        spared: list[Came] = []
        for between in self._between.values():
            behind = [came for faults in between for came in faults]
            shows = [came for came in behind if not self._schedule(came).errors]
            has_answered = len(between) > 1
            if shows and has_answered and between[-1] and server_died([_failed(came) for came in behind]):
                self._add(told=(next(str(came.fault) for came in behind if came.cut),))
                spared += shows
        now_ms, checks = to_ms(self._tools.clock()), []
        for came in spared:
            after = after_fault(self._schedule(came), now_ms=now_ms, retry_ms=None, chance=_chance())
            checks.append(Check(came.question.feed.id, came.question.feed.error, after))
        self._note(checks)
        ids = {check.feed_id for check in checks}
        self._faults = [came for came in self._faults if came.question.feed.id not in ids]
        return len(spared)

    def _blame(self) -> None:
        """Each fault is its feed's own. Why a feed was stopped stays with it, whatever went wrong since."""
        now_ms, checks = self._began_ms, []
        for came in self._faults:
            feed, before = came.question.feed, self._schedule(came)
            retry_ms = retry_after_ms(came.retry_after, now_ms)
            after = after_fault(before, now_ms=now_ms, retry_ms=retry_ms, chance=_chance())
            error, given_up = str(came.fault), after.stopped != before.stopped
            if given_up:
                error = GIVEN_UP.format(error=error, title=feed.title)
            kept = feed.error if before.stopped else None
            checks.append(Check(feed.id, kept or error, after))
            self._add(problems=((feed.title, error),), ended=(error,) if given_up else ())
        self._note(checks)

    def _note(self, checks: list[Check]) -> None:
        if checks:
            self._add(changes=self._tools.library.note_checks(checks, now_ms=self._began_ms))

    def _add(
        self,
        *,
        changes: Changes | None = None,
        new_episodes: int = 0,
        problems: tuple[tuple[str, str], ...] = (),
        told: tuple[str, ...] = (),
        ended: tuple[str, ...] = (),
    ) -> None:
        so_far = self._so_far
        self._so_far = replace(
            so_far,
            changes=so_far.changes | (changes or Changes()),
            new_episodes=so_far.new_episodes + new_episodes,
            problems=so_far.problems + problems,
            told=so_far.told + told,
            ended=so_far.ended + ended,
        )

    def _schedule(self, came: Came) -> Schedule:
        return self._schedules.get(came.question.feed.id, Schedule())


def _failed(came: Came) -> Failed:
    return Failed(host_of(came.question.feed), came.answered, came.page, came.unproven, came.cut)


def _chance() -> float:
    return random.random()
