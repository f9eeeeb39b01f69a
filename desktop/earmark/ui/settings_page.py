"""Settings: every choice in plain words. What stands in it is set anew without disturbing who types."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from earmark.settings import Settings
from earmark.taste import LISTS, SHOWS, Lesson, Taste
from earmark.ui.below import said
from earmark.ui.controls import OneOf, Texts, Typed
from earmark.ui.fields import Likes
from earmark.ui.flow import flow, spread
from earmark.ui.page import Page
from earmark.ui.parts import SEMI_BOLD, Label, button, hairline, row
from earmark.ui.prose import Prose
from earmark.ui.settings_list import Choice, Group, TextsChoice, TypedChoice, WordChoice
from earmark.ui.theme import GRID, zoom
from earmark.ui.words import shown, tr

CONTROL_WIDTH, TOLD_WIDTH, WIDE = 300, 26 * GRID, 52 * GRID
LOOK_EVERY_MS = 1000
"""While the page is seen: a file that was changed in an editor shows within this time."""


class SettingsPage(Page):
    """All groups one below the other.

    Signals: wanted(str, str): a choice and what was typed or pressed; added(str, str), removed(str, str): a
    list and a text; looked_again(): it is time to look at the files; section_asked(str);
    opened(str): "settings", "taste" or "folder"; asked(str): "models", "network", "send", "forget-mail",
    "forget-learned", "forget-all"; password_given(str); taken_back(str): a lesson.
    """

    wanted = Signal(str, str)
    added = Signal(str, str)
    removed = Signal(str, str)
    looked_again = Signal()
    section_asked = Signal(str)
    opened = Signal(str)
    asked = Signal(str)
    password_given = Signal(str)
    taken_back = Signal(str)

    def __init__(self, groups: Sequence[Group]) -> None:
        super().__init__(tr("Settings"))
        self._controls: dict[str, OneOf | Typed | Texts] = {}
        self._words: dict[str, WordChoice | TypedChoice] = {}
        self._heads: dict[str, QWidget] = {}
        self._lessons: tuple[Lesson, ...] | None = None
        self._groups, self._built_at = groups, 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_EVERY_MS)
        self._timer.timeout.connect(self.looked_again)

    def show_values(self, settings: Settings, taste: Taste, fault: str) -> None:
        """Set what is chosen; `fault`: what is wrong with a file, which then counts as it was before."""
        # Not before the page stands in the window: what comes there afterwards is dressed and measured twice.
        if self._built_at != zoom():
            self._build(self._groups)
        self._fault.say(fault)
        self._fault.setVisible(bool(fault))
        for key, control in self._controls.items():
            if isinstance(control, Texts):
                control.show_texts(_texts(key, settings, taste))
            elif isinstance(control, OneOf):
                control.show_key(self._words[key].shown(settings))
            else:
                control.show_value(self._words[key].shown(settings))
        self._mail.setVisible(settings.mail_server is not None)
        self._show_lessons(taste.lessons)

    def show_fault(self, key: str, fault: str) -> None:
        """Why what was typed cannot be kept; empty: it is."""
        control = self._controls.get(key)
        if isinstance(control, Typed):
            control.show_fault(fault)

    def show_files(self, settings: Path, taste: Path) -> None:
        """Where the files lie; to be set after the values."""
        self._settings_file.setText(shown(str(settings)))
        self._taste_file.setText(shown(str(taste)))

    def go_to(self, section: str) -> None:
        """Scroll a group to the top."""
        head = self._heads.get(section)
        inside = self.widget()
        if head is not None and inside is not None:
            self.verticalScrollBar().setValue(head.mapTo(inside, head.rect().topLeft()).y() - GRID)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802  (Qt's name)
        """Look at the files now and then."""
        self._timer.start()
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        """No longer."""
        self._timer.stop()
        super().hideEvent(event)

    def _build(self, groups: Sequence[Group]) -> None:
        self._built_at, self._lessons = zoom(), None
        self.begin("settings", self._built_at)
        self._fault = Prose("", 15, "fault")
        self._fault.hide()
        self.add_title(tr("Settings"), tr("Each choice counts at once, and can be taken back."))
        jumps = [button(each.title, "word", self._jump(each.key)) for each in groups]
        self.add(flow(jumps, 6), ringed="left")
        self.add(self._fault, GRID)
        extra: dict[str, Callable[[], None]] = {
            "taste": self._add_taste,
            "listening": self._add_models,
            "network": self._add_network,
            "mail": self._add_mail,
            "files": self._add_files,
        }
        for group in groups:
            self._add_head(group)
            for choice in group.choices:
                self._add_choice(choice)
            extra.get(group.key, lambda: None)()
        self.finish()

    def _jump(self, key: str) -> Callable[[], None]:
        return lambda: self.section_asked.emit(key)

    def _add_head(self, group: Group) -> None:
        head = Label(group.title, 15, "ink", weight=SEMI_BOLD)
        self._heads[group.key] = head
        self.add(head, 5 * GRID)
        self.add(hairline(), 4)

    def _add_choice(self, choice: Choice) -> None:
        if isinstance(choice, TextsChoice):
            self._add_texts(choice)
            return
        control: OneOf | Typed
        wide = isinstance(choice, TypedChoice) and choice.wide
        if isinstance(choice, WordChoice):
            control = OneOf(choice.title, [(str(n), word) for n, (_value, word) in enumerate(choice.words)])
        else:
            width = WIDE if wide else 12 * GRID
            control = Typed(choice.title, width=width, unit=choice.unit, example=choice.example)
        control.wanted.connect(lambda text: self.wanted.emit(choice.key, text))
        self._controls[choice.key], self._words[choice.key] = control, choice
        self._place(choice.title, choice.detail, control, wide=wide)

    def _place(self, title: str, detail: str, control: QWidget, *, wide: bool) -> None:
        told = QWidget()
        words = QVBoxLayout(told)
        words.setContentsMargins(0, 0, 0, 0)
        words.setSpacing(2)
        words.addWidget(Label(title, 15, "soft"))
        if detail:
            words.addWidget(Label(detail, 13, "muted"))
        if wide:
            words.addSpacing(4)
            words.addWidget(control)
            self.add(told, 2 * GRID)
        else:
            beside = Likes(told, TOLD_WIDTH, grows=True)
            self.add(spread(beside, [Likes(control, CONTROL_WIDTH)], spacing=3 * GRID), 2 * GRID)

    def _add_texts(self, choice: TextsChoice) -> None:
        control = Texts(choice.title, choice.example)
        control.added.connect(lambda text: self.added.emit(choice.key, text))
        control.removed.connect(lambda text: self.removed.emit(choice.key, text))
        self._controls[choice.key] = control
        self._place(choice.title, choice.detail, control, wide=True)

    def _add_taste(self) -> None:
        for choice in _taste_lists():
            self._add_texts(choice)
        self._learned = QWidget()
        self._learned_lines = QVBoxLayout(self._learned)
        self._learned_lines.setContentsMargins(0, 0, 0, 0)
        self._learned_lines.setSpacing(2)
        told = tr("From what you saved, hid and read. What is taken back is not learned from again.")
        self._place(tr("Learned"), told, self._learned, wide=True)
        deeds = ((tr("Forget what was learned"), "forget-learned"), (tr("Forget everything"), "forget-all"))
        self.add(flow([button(word, "plain", self._ask(deed), px=14) for word, deed in deeds]), 2 * GRID)

    def _show_lessons(self, lessons: tuple[Lesson, ...]) -> None:
        if lessons == self._lessons:
            return
        self._lessons = lessons
        while (item := self._learned_lines.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        if not lessons:
            self._learned_lines.addWidget(Label(tr("Nothing yet."), 15))
        for lesson in lessons:
            says = shown(said(lesson.says))
            spoken = tr("Take back: {lesson}").format(lesson=says)
            back = button(tr("Take back"), "word", self._back(lesson.name), name=spoken)
            holder = QWidget()
            holder.setLayout(row(Label(says, 15), back))
            self._learned_lines.addWidget(holder)

    def _ask(self, deed: str) -> Callable[[], None]:
        return lambda: self.asked.emit(deed)

    def _back(self, name: str) -> Callable[[], None]:
        return lambda: self.taken_back.emit(name)

    def _add_models(self) -> None:
        told = tr("Which models listen, write and know meanings, and your own servers.")
        self._add_way(told, tr("Models"), "models")

    def _add_network(self) -> None:
        told = tr("Passwords and private addresses are kept by the system's keyring, never in a file.")
        self._add_way(told, tr("All requests"), "network")

    def _add_way(self, told: str, word: str, way: str) -> None:
        self.add(Label(told, 13, "muted"), 2 * GRID)
        self.add(row(button(word, "plain", lambda: self.asked.emit(way), px=14), None), GRID)

    def _add_mail(self) -> None:
        self._mail = QWidget()
        column = QVBoxLayout(self._mail)
        column.setContentsMargins(0, 0, 0, 0)
        password = Typed(tr("Password of the mail server"), width=WIDE, example=tr("Password"))
        password.field.setEchoMode(QLineEdit.EchoMode.Password)
        password.wanted.connect(self.password_given)
        password.wanted.connect(lambda _text: password.back())
        column.addWidget(Label(tr("The password is kept by the system's keyring."), 13, "muted"))
        column.addWidget(password)
        send = button(tr("Send the newest brief now"), "plain", lambda: self.asked.emit("send"), px=14)
        forget = button(tr("Forget the server"), "plain", lambda: self.asked.emit("forget-mail"), px=14)
        column.addWidget(flow((send, forget)))
        self.add(self._mail, 2 * GRID)

    def _add_files(self) -> None:
        self._settings_file, self._taste_file = Label("", 13, "muted"), Label("", 13, "muted")
        files = (
            (tr("Settings"), self._settings_file, "settings"),
            (tr("Taste"), self._taste_file, "taste"),
        )
        self.add(
            Label(tr("You may edit these in any editor; what you change there shows here."), 13, "muted"), 16
        )
        for title, path, way in files:
            spoken = tr("Open the file: {file}").format(file=title)
            open_ = button(tr("Open"), "plain", self._open(way), name=spoken, px=14)
            self._place(title, "", path, wide=True)
            self.add(row(open_, None), GRID)
        folder = button(tr("Open the data folder"), "plain", self._open("folder"), px=14)
        self.add(row(folder, None), 2 * GRID)

    def _open(self, way: str) -> Callable[[], None]:
        return lambda: self.opened.emit(way)


def _taste_lists() -> tuple[TextsChoice, ...]:
    return (
        TextsChoice(
            "interests",
            tr("What you care about"),
            tr("In your own words. The brief looks for what is close to them in meaning."),
            tr("sleep and memory"),
        ),
        TextsChoice(
            "muted_words", tr("Muted words"), tr("Cards with these are held back, and counted."), tr("A word")
        ),
        TextsChoice("muted_shows", tr("Muted shows"), tr("By their titles."), tr("The title of a show")),
        TextsChoice("muted_topics", tr("Muted topics"), tr("In a few words."), tr("A topic")),
    )


def _texts(key: str, settings: Settings, taste: Taste) -> tuple[str, ...]:
    if key == SHOWS:
        return tuple(show.title for show in taste.muted_shows)
    texts: tuple[str, ...] = getattr(taste if key in LISTS else settings, key)
    return texts
