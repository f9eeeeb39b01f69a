"""The room of the models: finds out what is here, and has done what the user wants with it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from earmark.engines import TrialRecord
from earmark.engines.catalogue import catalogue
from earmark.engines.memory import size_text
from earmark.errors import Cancelled
from earmark.pipeline import Tools, Watch
from earmark.pipeline.models import (
    Advice,
    Leftover,
    Memory,
    add_file,
    clean,
    fetch_model,
    hub_address,
    leftovers,
    memory_here,
    recommend,
    remove,
)
from earmark.pipeline.models.here import Here, models_here
from earmark.pipeline.servers import OwnServer, shown_address, where_it_goes
from earmark.pipeline.servers.meeting import keep_server, leads_away, met, root_of, trial_on
from earmark.pipeline.trial import hold_server_trial
from earmark.pipeline.using import try_model, use_model
from earmark.records import Progress
from earmark.settings import Settings
from earmark.ui.below import said
from earmark.ui.choosing import change
from earmark.ui.desk import Desk
from earmark.ui.dialogs import Question, ask_folder, ask_which
from earmark.ui.models_page import ModelsPage, Section, ServerLine
from earmark.ui.models_words import here_line, in_use_line, may, offered_line, suited
from earmark.ui.words import tr

Server = Literal["speech", "language"]
Work = Callable[[Tools, Watch], Any]


@dataclass(frozen=True, slots=True)
class Found:
    """What was found out about this computer and its models."""

    memory: Memory
    here: tuple[Here, ...]
    advice: tuple[Advice, ...]
    left_over: tuple[Leftover, ...]
    folder: Path


class ModelsRoom:
    """Shows "Models"."""

    kinds = ("Models",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.page = ModelsPage()
        self._found: Found | None = None
        self._looking = False
        self._english, self._all = False, False
        self._busy: dict[str, threading.Event] = {}
        self._subjects: dict[str, str] = {}
        self._faults: dict[str, str] = {}
        self._connect()

    def name(self, _address: str) -> str:
        """Models."""
        return tr("Models")

    def show(self, _address: str) -> None:
        """What was known before, and a moment later what is so now."""
        if self._found is None:
            self.page.show_looking()
        else:
            self._set()
        self._look()

    def _connect(self) -> None:
        page = self.page
        page.wanted.connect(self._do)
        page.asked.connect(self._ask)
        page.spoken.connect(self._listen_to)
        page.server_given.connect(self._meet)
        page.server_dropped.connect(self._drop_server)
        self._desk.follow(self._show_progress)

    def _look(self) -> None:
        if self._looking:
            return
        self._looking = True
        languages = ("en",) if self._english else ()

        def look(tools: Tools, _watch: Watch) -> Found:
            memory, settings = memory_here(), tools.choices()
            here = tuple(models_here(tools.paths, memory))
            advice = tuple(recommend(catalogue(), memory, languages, settings.mode))
            left = tuple(leftovers(tools.paths.models, settings, unused=False))
            return Found(memory, here, advice, left, tools.paths.models)

        self._desk.jobs.beside(look, self._take, self._refused)

    def _take(self, found: Found) -> None:
        self._looking, self._found = False, found
        self._set()

    def _refused(self, fault: str) -> None:
        self._looking = False
        self._desk.say(fault)

    def _set(self) -> None:
        found = self._found
        assert found is not None
        total = said(size_text(found.memory.total_bytes))
        told = tr("This computer has {total} of memory. {goes}")
        settings = self._desk.choices()
        left = sum(each.bytes for each in found.left_over)
        self.page.show_models(
            told.format(total=total, goes=said(where_it_goes(settings))),
            self._sections(found),
            self._servers(settings),
            english=self._english,
            all_shown=self._all,
            folder=str(found.folder),
            left_over=tr("Free {size} left of downloads").format(size=said(size_text(left))) if left else "",
        )

    def _sections(self, found: Found) -> list[Section]:
        parts = {each.id: each.bytes for each in found.here if each.id and each.state == "part"}
        order = ("speech", "llm", "embedding", "vad")
        used = sorted((each for each in found.here if each.in_use), key=lambda each: order.index(each.task))
        rest = [each for each in found.here if not each.in_use and each.state != "part"]
        there = {each.id for each in found.here if each.state != "part"}
        offered = [each for each in found.advice if each.row.id not in there]
        shown = suited(offered, all_=self._all, begun={*parts, *self._busy, *self._faults})
        fault = self._faults
        no_ears = tr("No speech model is chosen: episodes without a transcript wait. Download one below.")
        deaf = not any(each.task == "speech" for each in used) and not self._desk.choices().speech_server
        sections = [
            Section(
                tr("In use"),
                tuple(in_use_line(each, self._busy, fault.get(str(each.file), "")) for each in used),
                no_ears if deaf else "",
            )
        ]
        if rest:
            lines = tuple(here_line(each, self._busy, fault.get(str(each.file), "")) for each in rest)
            sections.append(Section(tr("Here, not in use"), lines))
        lines = tuple(
            offered_line(each, parts.get(each.row.id), self._busy, fault.get(each.row.id, ""))
            for each in shown
        )
        asks = tr(
            "Download asks the model hub, which then knows this computer's address. Nothing is asked before."
        )
        title = tr("To be had") if self._all else tr("Suited to this computer")
        return [*sections, Section(title, lines, asks)]

    def _servers(self, settings: Settings) -> list[ServerLine]:
        rows: tuple[tuple[Server, str, str | None, str | None, str], ...] = (
            ("speech", tr("To listen"), settings.speech_server, settings.speech_server_model,
             tr("What you listen to is sent to it.")),
            ("language", tr("To write"), settings.language_server, settings.language_server_model,
             tr("What was said in your podcasts is sent to it. It is tried first.")),
        )  # fmt: skip
        lines = []
        for task, title, address, model, told in rows:
            known = shown_address(address) if address else ""
            told = f"{told} {tr('Its model: {model}.').format(model=model)}" if model else told
            lines.append(ServerLine(task, title, known, told, self._faults.get(task, "")))
        return lines

    def _listen_to(self, spoken: str) -> None:
        self._english = spoken == "en"
        self._look()

    def _begin(self, key: str, subject: str, work: Work, done: Callable[[Any], None]) -> None:
        """Have something done with a model, beside all else; its row says how far it is, or why it failed."""
        stop = threading.Event()
        self._busy[key] = stop
        self._subjects[subject] = key
        self._faults.pop(key, None)

        def stoppable(tools: Tools, watch: Watch) -> Any:
            own = Watch(watch.on_progress, lambda: stop.is_set() or watch.cancelled(), watch.on_warning)
            try:
                return work(tools, own)
            except Cancelled:
                return None

        def ended(answer: Any) -> None:
            self._busy.pop(key, None)
            if answer is not None:
                done(answer)
            self._look()

        def refused(fault: str) -> None:
            self._busy.pop(key, None)
            self._faults[key] = said(fault)
            self._look()

        if self._found is not None:
            self._set()
        self._desk.jobs.beside(stoppable, ended, refused)

    def _do(self, deed: str, key: str) -> None:
        deeds: dict[str, Callable[[str], None]] = {
            "download": self._download,
            "pause": lambda key: self._busy[key].set() if key in self._busy else None,
            "drop": self._drop,
            "use": self._use,
            "try": self._try,
            "delete": self._ask_to_delete,
            "starter": lambda _key: self._use_starter(),
        }
        deeds[deed](key)

    def _download(self, row_id: str) -> None:
        row = next(each for each in catalogue() if each.id == row_id)

        def fetch(tools: Tools, watch: Watch) -> Path:
            hub = hub_address(tools.choices())
            return fetch_model(tools.door, tools.paths.models, row, hub, watch, tools.clock)

        def here(file: Path) -> None:
            told = tr("{model} is here, proven by its hash.").format(model=row_id)
            if row.task in ("speech", "llm"):
                self._desk.offer(told, tr("Use it"), lambda: self._use(str(file)))
            else:
                self._desk.say(told)

        self._begin(row_id, row_id, fetch, here)

    def _drop(self, row_id: str) -> None:
        row = next(each for each in catalogue() if each.id == row_id)
        self._throw(row_id, lambda tools: tools.paths.models / row.file)

    def _throw(self, key: str, file_of: Callable[[Tools], Path]) -> None:
        def throw(tools: Tools, _watch: Watch) -> int:
            return remove(tools.paths.models, tools.choices(), file_of(tools))

        def thrown(freed: int) -> None:
            self._desk.say(tr("{size} are free again.").format(size=said(size_text(freed))), briefly=True)

        self._begin(key, key, throw, thrown)

    def _use(self, key: str) -> None:
        file, before = Path(key), self._desk.choices()

        def use(tools: Tools, watch: Watch) -> tuple[TrialRecord | None]:
            return (use_model(tools.paths, file, watch, tools.clock),)

        def used(answer: tuple[TrialRecord | None]) -> None:
            record = answer[0]
            told = tr("{model} is used from now on.").format(model=file.name)
            if record is not None:
                told = f"{told} {tr('It {may}.').format(may=may(record.tier))} {said(record.why)}"
            self._desk.jobs.reopen()
            self._desk.offer(told, tr("Undo"), lambda: self._use_again(before))

        self._begin(key, file.name, use, used)

    def _use_again(self, before: Settings) -> None:
        chosen: dict[str, Any] = {
            "speech_model": before.speech_model,
            "language_model": before.language_model,
        }
        self._change(tr("As it was before."), lambda now: replace(now, **chosen), back=True)

    def _use_starter(self) -> None:
        told = tr("The language model that came with Earmark is used again.")
        self._change(told, lambda now: replace(now, language_model=None))

    def _change(self, told: str, changed: Callable[[Settings], Settings], *, back: bool = False) -> None:
        def taken() -> None:
            self._desk.jobs.reopen()
            self._look()

        change(self._desk, told, changed, taken, back=back)

    def _try(self, key: str) -> None:
        file = Path(key)

        def tried(record: TrialRecord) -> None:
            told = tr("{model} {may}. {why}")
            self._desk.say(told.format(model=file.name, may=may(record.tier), why=said(record.why)))

        def try_(tools: Tools, watch: Watch) -> TrialRecord:
            return try_model(tools.paths, file, watch, tools.clock)

        self._begin(key, file.name, try_, tried)

    def _ask_to_delete(self, key: str) -> None:
        assert self._found is not None
        each = next(each for each in self._found.here if str(each.file) == key)
        if each.kept and each.kept.linked:
            self._throw(key, lambda _tools: each.file)
            return
        asked = tr("Delete {model}?").format(model=each.file.name)
        told = tr(
            "{size} come free. What was made with it stays. To have it again it must be downloaded again."
        )
        size = said(size_text(each.bytes or 0))
        meant = lambda: self._throw(key, lambda _tools: each.file)  # noqa: E731
        Question(self.page.window(), asked, told.format(size=size), tr("Delete"), meant).open()

    def _ask(self, deed: str) -> None:
        window = self.page.window()
        kinds = tr("Models (*.gguf *.bin)")
        if deed == "all":
            self._all = not self._all
            self._set()
        elif deed == "folder":
            ask_folder(window, tr("A folder for models"), self._move_to)
        elif deed == "clean":
            self._clean()
        else:
            link = deed == "link"
            ask_which(window, tr("A model that you have"), lambda path: self._add(path, link=link), kinds)

    def _add(self, path: str, *, link: bool) -> None:
        file = Path(path)

        def add(tools: Tools, watch: Watch) -> Path:
            return add_file(tools.paths.models, file, tools.clock, watch, link=link).file

        def added(where: Path) -> None:
            told = tr("{model} was taken in.").format(model=file.name)
            self._desk.offer(told, tr("Use it"), lambda: self._use(str(where)))
            self._look()

        self._desk.say(tr("{model} is being read.").format(model=file.name))
        self._desk.jobs.beside(add, added, self._refused)

    def _move_to(self, folder: str) -> None:
        told = tr("Models lie in {folder} from now on. Those in the folder before stay there.")
        self._change(told.format(folder=folder), lambda now: replace(now, models_folder=Path(folder)))

    def _clean(self) -> None:
        assert self._found is not None
        left = list(self._found.left_over)

        def sweep(tools: Tools, _watch: Watch) -> int:
            return clean(tools.paths.models, left)

        def swept(freed: int) -> None:
            self._desk.say(tr("{size} are free again.").format(size=said(size_text(freed))), briefly=True)
            self._look()

        self._desk.jobs.beside(sweep, swept, self._refused)

    def _meet(self, task: Server, typed: str, model: str) -> None:
        def away(_tools: Tools, _watch: Watch) -> tuple[str, str]:
            root = root_of(typed)
            return root, said(leads_away(root, task))

        def known(answer: tuple[str, str]) -> None:
            root, told = answer
            if not told:
                self._take_server(task, root, model or None)
                return
            asked = tr("Send it outside your network?")
            meant = lambda: self._take_server(task, root, model or None)  # noqa: E731
            Question(self.page.window(), asked, told, tr("Use this server"), meant).open()

        self._begin(task, task, away, known)

    def _take_server(self, task: Server, root: str, model: str | None) -> None:
        def take(tools: Tools, watch: Watch) -> str:
            chosen, _told = met(tools.door, root, task, model, watch)
            if task == "language" and trial_on(tools.paths, root, chosen) is None:
                own = OwnServer(tools.door, root, "language")
                hold_server_trial(tools.paths, own, chosen, watch, tools.clock)
            keep_server(tools.paths, task, root, chosen)
            return chosen or ""

        def taken(_model: str) -> None:
            self._desk.jobs.reopen()
            told = tr("Your server is used from now on. {goes}")
            goes = said(where_it_goes(self._desk.choices()))
            self._desk.offer(told.format(goes=goes), tr("Undo"), lambda: self._drop_server(task, back=True))

        self._begin(task, task, take, taken)

    def _drop_server(self, task: Server, *, back: bool = False) -> None:
        nothing: dict[str, Any] = dict.fromkeys((f"{task}_server", f"{task}_server_model"))
        self._change(tr("Your server is used no more."), lambda now: replace(now, **nothing), back=back)

    def _show_progress(self, progress: Progress | None) -> None:
        if progress is not None and progress.subject in self._subjects:
            self.page.show_progress(self._subjects[progress.subject], progress)
