"""The room of Activity."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from earmark.clock import to_ms
from earmark.errors import KnownError
from earmark.pipeline import Tools
from earmark.pipeline.forecast import NO_MODEL, plan_at_a_glance
from earmark.pipeline.plan import Plan, Planned
from earmark.records import Changes, EpisodeId, EpisodeRow, Job, Progress
from earmark.ui.activity_page import ActivityPage, key_of
from earmark.ui.below import said
from earmark.ui.desk import Desk
from earmark.ui.listed import Row
from earmark.ui.words import count_of, job_state, name, progress_detail, ready_by, time_left, tr, work_line

AT_ONCE = 100
"""Episodes that are asked for together when one of them is seen."""
STALE_MS = 6_000
"""What was not told of for so long goes on no more."""


@dataclass(slots=True)
class _Shown:
    """What the list stands for just now: the numbers of episodes, and the rows of those that were seen."""

    waiting: list[EpisodeId] = field(default_factory=list)
    failed: list[EpisodeId] = field(default_factory=list)
    done: list[EpisodeId] = field(default_factory=list)
    rows: dict[EpisodeId, EpisodeRow] = field(default_factory=dict)


class ActivityRoom:
    """Shows "Activity"."""

    kinds = ("Activity",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.page = ActivityPage()
        self._shown = _Shown()
        self._order: tuple[EpisodeId, ...] = ()
        self._planned: dict[EpisodeId, Planned] = {}
        self._plan: Plan | None = None
        self._asking = False
        self._fault = ""
        self._work: Progress | None = None
        self._beside: dict[str, tuple[int, Progress]] = {}
        self._lines: list[Callable[[], Row]] = []
        self._paused = False
        page = self.page
        page.rest_asked.connect(desk.rest_asked)
        page.news_asked.connect(desk.news_wanted)
        page.again_asked.connect(self._try_all)
        page.model_asked.connect(lambda: desk.go("Models"))
        page.moved.connect(self._move)
        page.wanted.connect(self._do)
        desk.follow(self._show_progress, self._rest)

    def name(self, _address: str) -> str:
        """Activity."""
        return tr("Activity")

    def show(self, _address: str) -> None:
        """What is done in which order; when each will be ready is asked for and comes a moment later."""
        self._look()
        self._set()
        if not self._asking:
            self._asking = True
            order = self._order
            self._desk.ask(lambda tools, _watch: _glance(tools, order), self._take_plan)

    def _look(self) -> None:
        reader, now = self._desk.reader, self._desk.clock()
        jobs = reader.open_jobs()
        places = reader.queue_places()
        known = {id_: place for place, id_ in enumerate(self._order)}
        running = {id_ for id_, state in jobs if state == "running"}

        def place(id_: EpisodeId) -> tuple[bool, bool, int]:
            return id_ not in running, id_ not in places, places.get(id_, known.get(id_, len(known)))

        midnight = now.astimezone().replace(hour=0, minute=0, second=0, microsecond=0)
        self._shown = _Shown(
            sorted((id_ for id_, state in jobs if state != "failed"), key=place),
            [id_ for id_, state in jobs if state == "failed"],
            reader.read_since(to_ms(midnight)),
        )

    def _set(self) -> None:
        shown = self._shown
        beside = [progress for _at, progress in self._beside.values()]
        self._lines = []
        self._section(tr("Beside the work"), [partial(_beside_line, each) for each in beside])
        self._section(tr("In this order"), self._episodes(shown.waiting, self._waiting_line))
        self._section(tr("Did not work"), self._episodes(shown.failed, self._failed_line))
        self._section(tr("Read today"), self._episodes(shown.done, self._done_line))
        held = bool(self._plan and any(reason == NO_MODEL for _title, reason in self._plan.held))
        lines = self._lines
        self.page.show_work(
            self._detail(), len(lines), lambda number: lines[number](), failed=len(shown.failed), held=held
        )

    def _section(self, title: str, lines: Sequence[Callable[[], Row]]) -> None:
        if lines:
            self._lines.append(lambda: Row(title, heading=True))
            self._lines += lines

    def _episodes(
        self, ids: Sequence[EpisodeId], line: Callable[[EpisodeRow, int], Row]
    ) -> list[Callable[[], Row]]:
        rows = self._shown.rows

        def at(number: int) -> Row:
            row = self._row(rows, ids, number)
            return line(row, number + 1) if row and row.step else Row(tr("No longer there"))

        return [partial(at, number) for number in range(len(ids))]

    def _row(
        self, rows: dict[EpisodeId, EpisodeRow], ids: Sequence[EpisodeId], number: int
    ) -> EpisodeRow | None:
        if ids[number] not in rows:
            first = number - number % AT_ONCE
            rows |= {row.id: row for row in self._desk.reader.episode_rows(ids=ids[first : first + AT_ONCE])}
        return rows.get(ids[number])

    def _waiting_line(self, row: EpisodeRow, number: int) -> Row:
        running = row.state == "running"
        state = job_state(_job(row))
        if running and self._work is not None and row.step:
            state = work_line(row.step, self._work)
        planned = self._planned.get(row.id)
        if planned and not running and not row.reason:
            state = f"{state}, {said(planned.why)}" if planned.why else state
        kind = "running" if running else "waiting"
        return Row(
            name(row.title),
            f"{name(row.feed_title)}, {state}",
            side=ready_by(planned.ready, self._desk.clock()) if planned and not running else "",
            figure=str(number),
            tile=row.feed_title,
            key=key_of(kind, row.id),
            movable=not running,
        )

    def _failed_line(self, row: EpisodeRow, _number: int) -> Row:
        reason = said(row.reason) if row.reason else tr("no reason was given")
        key = key_of("failed", row.id)
        return Row(name(row.title), reason, side=name(row.feed_title), tile=row.feed_title, key=key)

    def _done_line(self, row: EpisodeRow, _number: int) -> Row:
        found = count_of(row.insights, "%n insight", "%n insights") if row.insights else tr("no insight")
        key = key_of("done", row.id)
        return Row(name(row.title), name(row.feed_title), side=found, tile=row.feed_title, key=key)

    def _detail(self) -> str:
        shown, plan = self._shown, self._plan
        if not shown.waiting and not shown.failed:
            return tr("All done. New episodes are worked through as they come.")
        parts = (
            [count_of(len(shown.waiting), "%n episode to go", "%n episodes to go")] if shown.waiting else []
        )
        if plan and plan.items:
            parts += [time_left(plan.work_s), ready_by(plan.items[-1].ready, self._desk.clock())]
            if plan.late:
                come = f"{self._desk.choices().brief_at:%H:%M}"
                late = count_of(len(plan.late), "%n not before the brief at", "%n not before the brief at")
                parts.append(f"{late} {come}")
        if shown.failed:
            parts.append(count_of(len(shown.failed), "%n did not work", "%n did not work"))
        return ", ".join(parts)

    def _take_plan(self, plan: Plan | KnownError) -> None:
        self._asking = False
        fault, self._fault = self._fault, str(plan) if isinstance(plan, KnownError) else ""
        if isinstance(plan, KnownError):
            if self._fault != fault:  # once, not at each change of the library
                self._desk.say(self._fault)
            return
        self._plan = plan
        self._planned = {item.waiting.episode_id: item for item in plan.items}
        if self.page.isVisible() or not self._order:
            self._set()

    def _show_progress(self, progress: Progress | None) -> None:
        now_ms = to_ms(self._desk.clock())
        if progress is None:
            self._work, self._beside = None, {}
        elif progress.order or progress.waiting:
            self._work = progress
            self._order = progress.order or self._order
        else:
            news = progress.doing == "Looking for news"
            key = progress.doing if news else f"{progress.doing} {progress.subject}"
            self._beside[key] = (now_ms, progress)
        self._beside = {key: told for key, told in self._beside.items() if now_ms - told[0] < STALE_MS}
        if self.page.isVisible():
            self._set()

    def _move(self, source: int, target: int) -> None:
        """The user's order reaches as far down as they changed it; what comes behind stays the plan's."""
        keys = [self.page.rows.rows.row(number).key for number in (source, target)]
        moved, other = (key[1] for key in keys if isinstance(key, tuple))
        ids = [id_ for id_ in self._shown.waiting if id_ != moved]
        at = ids.index(other) + (1 if target > source else 0)
        ids.insert(at, moved)
        mine = len(self._desk.reader.queue_places())
        reach = max(at + 1, self._shown.waiting.index(moved) + 1, mine)
        self._desk.do(lambda tools, _watch: tools.library.set_queue_order(ids[:reach]))

    def _do(self, deed: str, number: int) -> None:
        id_ = EpisodeId(number)
        row = self._shown.rows.get(id_)
        if deed == "open":
            self._desk.go(f"episode/{number}")
        elif deed == "again":
            self._desk.do(lambda tools, _watch: _try_again(tools, [id_]))
            self._go_on()
        elif row is not None:
            self._desk.do(lambda tools, _watch: _take_out(tools, id_))
            told = tr("{episode} is no longer to be worked on.").format(episode=name(row.title))
            self._desk.offer(told, tr("Undo"), lambda: self._bring_back(row))

    def _bring_back(self, row: EpisodeRow) -> None:
        self._desk.do(lambda tools, _watch: tools.library.unskip([row.id]))
        self._go_on()

    def _rest(self, paused: bool) -> None:
        self._paused = paused
        self.page.show_rest(paused)

    def _go_on(self) -> None:
        """What waits again is worked on at once, unless the user paused the work."""
        if not self._paused:
            self._desk.jobs.process()

    def _try_all(self) -> None:
        failed = list(self._shown.failed)
        self._desk.do(lambda tools, _watch: _try_again(tools, failed))
        self._go_on()


def _glance(tools: Tools, order: Sequence[EpisodeId]) -> Plan | KnownError:
    """A fault is an answer too, so that the plan can be asked for again."""
    try:
        return plan_at_a_glance(tools, order)
    except KnownError as error:
        return error


def _take_out(tools: Tools, id_: EpisodeId) -> Changes:
    job = tools.library.job(id_)
    if job and job.state == "running":
        raise KnownError(tr("It is being worked on just now. Pause the work, then take it out."))
    return tools.library.skip([id_])


def _try_again(tools: Tools, ids: Sequence[EpisodeId]) -> Changes:
    changes = Changes()
    for id_ in ids:
        job = tools.library.job(id_)
        if job and job.state == "failed":
            changes |= tools.library.set_job(id_, step=job.step, state="waiting", attempts=0)
    return changes


def _job(row: EpisodeRow) -> Job:
    assert row.step, row
    assert row.state, row
    return Job(row.id, row.step, row.state, 0, row.progress_ms, row.total_ms, row.reason)


def _beside_line(progress: Progress) -> Row:
    far = progress_detail(progress)
    percent = f"{progress.fraction:.0%}" if progress.fraction is not None else ""
    doing = tr("Looking for new episodes") if progress.doing == "Looking for news" else said(progress.doing)
    return Row(doing, name(progress.subject), side=", ".join(part for part in (percent, far) if part))
