"""Models: what listens, writes and knows meanings here, what else fits, and one's own servers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from earmark.records import Progress
from earmark.ui.below import said
from earmark.ui.controls import OneOf, Typed
from earmark.ui.flow import flow
from earmark.ui.page import Page
from earmark.ui.parts import SEMI_BOLD, Label, button, hairline
from earmark.ui.prose import Prose
from earmark.ui.theme import GRID, keep_size
from earmark.ui.words import progress_detail, shown, tr

SERVER_WIDTH = 44 * GRID


@dataclass(frozen=True, slots=True)
class ModelLine:
    """A model as it is shown. `deeds` are (deed, word) that can be done with `key`, its id or path; `busy`:
    something is done with it just now; `fault`: why the last thing did not work."""

    key: str
    title: str
    details: tuple[str, ...]
    deeds: tuple[tuple[str, str], ...] = ()
    main: bool = False
    busy: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, a sentence and the models below it."""

    title: str
    lines: tuple[ModelLine, ...]
    told: str = ""


@dataclass(frozen=True, slots=True)
class ServerLine:
    """One of the two servers: its task, what is set, and why the last try did not work."""

    task: str
    title: str
    address: str
    told: str
    fault: str = ""


class ModelsPage(Page):
    """Signals: wanted(str, str): a deed and a model; asked(str): "add", "link", "folder", "clean", "all";
    spoken(str): "en" or ""; server_given(str, str, str): task, address, model; server_dropped(str)."""

    wanted = Signal(str, str)
    asked = Signal(str)
    spoken = Signal(str)
    server_given = Signal(str, str, str)
    server_dropped = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("Models"))
        self._bars: dict[str, tuple[QProgressBar, Label]] = {}

    def show_looking(self) -> None:
        """Nothing is known yet."""
        if self.begin("models", "looking"):
            self.add_title(tr("Models"), tr("Looking at what is here…"))
            self.finish()

    def show_models(
        self,
        detail: str,
        sections: Sequence[Section],
        servers: Sequence[ServerLine],
        *,
        english: bool,
        all_shown: bool,
        folder: str,
        left_over: str,
    ) -> None:
        """Set everything."""
        content = (detail, tuple(sections), tuple(servers), english, all_shown, folder, left_over)
        if not self.begin("models", *content):
            return
        self._bars = {}
        self.add_title(tr("Models"), detail)
        for number, section in enumerate(sections):
            self._add_section(section, first=number == 0)
            if number == len(sections) - 1:
                self._add_choice(english=english, all_shown=all_shown)
        self._add_files(folder, left_over)
        self._add_head(tr("Your own servers"))
        told = tr(
            "One that speaks like llama-server, vLLM, Ollama or whisper-server, in place of the models here."
        )
        self.add(Label(told, 13, "muted"), GRID)
        for server in servers:
            self._add_server(server)
        self.finish()

    def show_progress(self, subject: str, progress: Progress) -> None:
        """How far something is that is done with a model."""
        if subject in self._bars:
            bar, words = self._bars[subject]
            bar.setRange(0, 1000 if progress.fraction is not None else 0)
            bar.setValue(round(1000 * (progress.fraction or 0)))
            words.setText(", ".join(filter(None, (said(progress.doing), progress_detail(progress)))))

    def _add_head(self, title: str) -> None:
        self.add(Label(title, 15, "ink", weight=SEMI_BOLD), 5 * GRID)
        self.add(hairline(), 4)

    def _add_section(self, section: Section, *, first: bool) -> None:
        if first:
            self.add(Label(section.title, 15, "ink", weight=SEMI_BOLD), GRID)
            self.add(hairline(), 4)
        else:
            self._add_head(section.title)
        if section.told:
            self.add(Label(section.told, 13, "muted"), GRID)
        for line in section.lines:
            self._add_line(line)

    def _add_line(self, line: ModelLine) -> None:
        holder, words = QWidget(), QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(shown(line.title), 15, "ink"))
        for detail in line.details:
            words.addWidget(Label(detail, 13, "muted"))
        if line.busy:
            words.addWidget(self._bar(line))
        if line.fault:
            words.addWidget(Prose(line.fault, 13, "fault"))
        across = QHBoxLayout(holder)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(2 * GRID)
        across.addLayout(words, 1)
        if line.deeds:
            across.addWidget(self._deeds(line))
        self.add(holder, 2 * GRID)

    def _bar(self, line: ModelLine) -> QWidget:
        holder = QWidget()
        bar, words = QProgressBar(), Label("", 13, "muted", wrap=False)
        bar.setAccessibleName(tr("Progress of {model}").format(model=shown(line.title)))
        bar.setTextVisible(False)
        bar.setRange(0, 0)
        keep_size(bar, 22 * GRID)
        bar.setFixedHeight(4)
        self._bars[line.key] = (bar, words)
        holder.setLayout(across := QHBoxLayout())
        across.setContentsMargins(0, 4, 0, 4)
        across.addWidget(bar)
        across.addWidget(words, 1)
        return holder

    def _deeds(self, line: ModelLine) -> QWidget:
        holder = QWidget()
        across = QHBoxLayout(holder)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(6)
        for number, (deed, word) in enumerate(line.deeds):
            look = "plain" if number == 0 else "word"
            spoken = f"{word}: {shown(line.title)}"
            made = button(
                word, "main" if line.main and number == 0 else look, self._do(deed, line.key), name=spoken
            )
            across.addWidget(made)
        return holder

    def _do(self, deed: str, key: str) -> Callable[[], None]:
        return lambda: self.wanted.emit(deed, key)

    def _ask(self, deed: str) -> Callable[[], None]:
        return lambda: self.asked.emit(deed)

    def _add_choice(self, *, english: bool, all_shown: bool) -> None:
        listens = OneOf(tr("You listen to"), (("en", tr("English alone")), ("", tr("Other languages, too"))))
        listens.show_key("en" if english else "")
        listens.wanted.connect(self.spoken)
        fold = tr("Only what suits this computer") if all_shown else tr("All that can be fetched")
        self.add(Label(tr("You listen to"), 13, "muted"), 3 * GRID)
        self.add(listens, 4)
        self.add(flow((button(fold, "word", self._ask("all")),)), GRID, ringed="left")

    def _add_files(self, folder: str, left_over: str) -> None:
        self._add_head(tr("Files"))
        told = tr("They lie in {folder}").format(folder=shown(folder))
        self.add(Label(told, 13, "muted"), GRID)
        deeds = [
            button(tr("Add a file I have"), "plain", self._ask("add"), px=14),
            button(tr("Use a file where it lies"), "plain", self._ask("link"), px=14),
            button(tr("Another folder"), "plain", self._ask("folder"), px=14),
        ]
        if left_over:
            deeds.append(button(left_over, "plain", self._ask("clean"), px=14))
        self.add(flow(deeds), 2 * GRID)

    def _add_server(self, server: ServerLine) -> None:
        self.add(Label(server.title, 15, "ink"), 2 * GRID)
        self.add(Label(server.told, 13, "muted"), 2)
        address = Typed(server.title, width=SERVER_WIDTH, example="http://192.168.1.20:8080")
        address.field.setText(server.address)
        model = Typed(tr("Which of its models"), width=24 * GRID, example=tr("Which of its models"))
        self.add(flow((address.field, model.field)), GRID)
        if server.fault:
            self.add(Prose(server.fault, 13, "fault"), 4)

        def give() -> None:
            self.server_given.emit(server.task, address.field.text().strip(), model.field.text().strip())

        deeds = [
            button(
                tr("Use this server"), "plain", give, name=f"{tr('Use this server')}: {server.title}", px=14
            )
        ]
        if server.address:
            drop = tr("Stop using it")
            name = f"{drop}: {server.title}"
            deeds.append(
                button(drop, "plain", lambda: self.server_dropped.emit(server.task), name=name, px=14)
            )
        self.add(flow(deeds), GRID)
