"""The room of every choice: keeps each at once, says why not, and takes each back on one word."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer

from earmark.errors import KnownError
from earmark.passwords import forget_password, store_password
from earmark.pipeline import Tools, Watch, forget_taste, undo_lesson
from earmark.pipeline.muted_titles import mute_called, unmute_called
from earmark.pipeline.out import mail_account, mail_brief, mail_server
from earmark.records import Changes
from earmark.settings import Settings, load_settings, save_settings, settings_file
from earmark.taste import LISTS, SHOWS, Lesson, Taste, change_taste, load_taste, taste_file
from earmark.ui.below import said
from earmark.ui.choosing import change
from earmark.ui.desk import Desk, rest_of
from earmark.ui.dialogs import Question
from earmark.ui.opening import open_path
from earmark.ui.settings_list import TextsChoice, by_key, groups
from earmark.ui.settings_page import SettingsPage
from earmark.ui.wanted_choice import want
from earmark.ui.words import name as shown_name
from earmark.ui.words import tr

Changed = Callable[[tuple[str, ...]], tuple[str, ...]]


class SettingsRoom:
    """Shows "Settings", and "Settings/GROUP" from that group on."""

    kinds = ("Settings",)

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._groups = groups()
        self._choices = by_key(self._groups)
        self._went = ""
        self.page = SettingsPage(self._groups)
        self._connect()

    def name(self, _address: str) -> str:
        """Settings."""
        return tr("Settings")

    def show(self, address: str) -> None:
        """What is chosen now, in the files."""
        self._look()
        if address != self._went:
            self._went = address
            QTimer.singleShot(0, self.page, lambda: self.page.go_to(rest_of(address)))

    def _connect(self) -> None:
        page = self.page
        page.wanted.connect(lambda key, text: want(self._desk, page, self._choices[key], text))
        page.added.connect(self._add)
        page.removed.connect(self._remove)
        page.looked_again.connect(self._look)
        page.section_asked.connect(lambda key: self._jump(key))
        page.opened.connect(self._open)
        page.asked.connect(self._do)
        page.password_given.connect(self._keep_password)
        page.taken_back.connect(self._take_back)

    def _look(self) -> None:
        paths, fault = self._desk.choices.paths, ""
        taste = Taste()
        try:
            load_settings(paths)
            taste = load_taste(paths)
        except KnownError as error:
            fault = said(str(error))
        self.page.show_values(self._desk.choices(), taste, fault)
        self.page.show_files(settings_file(paths), taste_file(paths))

    def _jump(self, key: str) -> None:
        self._went = ""
        self._desk.go(f"Settings/{key}")

    def _add(self, key: str, text: str) -> None:
        if key == SHOWS:
            self._mute(text, muted=True)
            return
        self._change_list(key, text, lambda texts: texts if text in texts else (*texts, text))

    def _remove(self, key: str, text: str) -> None:
        if key == SHOWS:
            self._mute(text, muted=False)
            return
        self._change_list(key, text, lambda texts: tuple(each for each in texts if each != text))

    def _mute(self, text: str, *, muted: bool, undone: bool = False) -> None:
        """Mute a show by its title, or no longer."""

        def keep(tools: Tools, _watch: Watch) -> None:
            (mute_called if muted else unmute_called)(tools.paths, tools.library, text)

        def kept(_done: None) -> None:
            self._desk.turned.emit()
            if not undone:
                told = tr("Kept. The next brief heeds it.")
                self._desk.offer(told, tr("Undo"), lambda: self._mute(text, muted=not muted, undone=True))

        self._desk.ask(keep, kept)

    def _change_list(self, key: str, text: str, changed: Changed) -> None:
        if key not in LISTS:
            title = self._choices[key].title
            assert isinstance(self._choices[key], TextsChoice), key

            def with_it(now: Settings) -> Settings:
                chosen: dict[str, Any] = {key: changed(getattr(now, key))}
                return replace(now, **chosen)

            change(self._desk, f"{title}: {shown_name(text)}.", with_it)
            return
        before = getattr(load_taste(self._desk.choices.paths), key)
        self._keep_list(key, changed)
        self._desk.offer(
            tr("Kept. The next brief heeds it."),
            tr("Undo"),
            lambda: self._keep_list(key, lambda _now: before),
        )

    def _keep_list(self, key: str, changed: Changed) -> None:
        def keep(tools: Tools, _watch: Watch) -> None:
            change_taste(tools.paths, lambda now: _with_list(now, key, changed(getattr(now, key))))

        self._desk.ask(keep, lambda _done: self._desk.turned.emit())

    def _take_back(self, name: str) -> None:
        def take(tools: Tools, _watch: Watch) -> tuple[Lesson, dict[Any, str | None]]:
            taught = dict(tools.library.taught())
            return undo_lesson(tools, name), taught

        def taken(gone: tuple[Lesson, dict[Any, str | None]]) -> None:
            self._desk.turned.emit()
            told = tr("Taken back: {lesson}").format(lesson=shown_name(said(gone[0].says)))
            self._desk.offer(told, tr("Undo"), lambda: self._learn_again(*gone))

        self._desk.ask(take, taken)

    def _learn_again(self, lesson: Lesson, taught: dict[Any, str | None]) -> None:
        def learn(tools: Tools, _watch: Watch) -> None:
            tools.library.store_taught(taught)
            change_taste(tools.paths, lambda now: replace(now, lessons=(*now.lessons, lesson)))

        self._desk.ask(learn, lambda _done: self._desk.turned.emit())

    def _open(self, way: str) -> None:
        paths = self._desk.choices.paths
        file = {"settings": settings_file(paths), "taste": taste_file(paths)}.get(way, paths.data)

        def there(tools: Tools, _watch: Watch) -> Path:
            if way == "settings" and not file.exists():
                save_settings(tools.paths, load_settings(tools.paths))
            if way == "taste":
                change_taste(tools.paths, lambda now: now)
            return file

        self._desk.ask(there, self._open_it)

    def _open_it(self, file: Path) -> None:
        if not open_path(file):
            self._desk.say(tr("Nothing here opens it. It lies at {path}").format(path=file))

    def _do(self, deed: str) -> None:
        if deed in ("models", "network"):
            self._desk.go(deed.capitalize())
        elif deed == "send":
            self._send()
        elif deed == "forget-mail":
            self._forget_mail()
        else:
            self._ask_to_forget(all_=deed == "forget-all")

    def _ask_to_forget(self, *, all_: bool) -> None:
        asked = tr("Forget everything?") if all_ else tr("Forget what was learned?")
        lost = tr("Your interests, your muted words, shows and topics, and all that was learned go.")
        learned = tr("All that was learned goes. What you wrote yourself stays.")
        stays = tr("What is saved stays saved, and what is hidden stays hidden. This cannot be taken back.")
        told = f"{lost if all_ else learned} {stays}"
        Question(self.page.window(), asked, told, tr("Forget"), lambda: self._forget(all_=all_)).open()

    def _forget(self, *, all_: bool) -> None:
        def forgotten(_count: int) -> None:
            self._desk.turned.emit()
            self._desk.say(tr("Forgotten."))

        self._desk.ask(lambda tools, _watch: forget_taste(tools, all_=all_), forgotten)

    def _keep_password(self, password: str) -> None:
        server = mail_server(self._desk.choices())
        if server is None or not server.user:
            self._desk.say(tr("Name the mail server and the name to log in with first."))
            return
        account = mail_account(server)
        self._desk.ask(
            lambda _tools, _watch: store_password(account, password),
            lambda _done: self._desk.say(tr("The password is kept by the system."), briefly=True),
        )

    def _send(self) -> None:
        self._desk.say(tr("The brief is on its way. A server may take a minute to answer."))
        clock, choices = self._desk.clock, self._desk.choices

        def send(tools: Tools, _watch: Watch) -> Changes:
            day = mail_brief(tools.library, tools.door, choices(), None, clock)
            tools.library.note_announced(day)
            return Changes()

        self._desk.jobs.run(send)

    def _forget_mail(self) -> None:
        nothing: dict[str, Any] = dict.fromkeys(("mail_server", "mail_user", "mail_from", "mail_to"))
        server = mail_server(self._desk.choices())
        told = tr("No letter leaves this computer any more. The password is forgotten.")
        change(self._desk, told, lambda now: replace(now, **nothing))
        if server is not None and server.user:
            account = mail_account(server)
            self._desk.ask(lambda _tools, _watch: forget_password(account), lambda _done: None)


def _with_list(taste: Taste, key: str, texts: tuple[str, ...]) -> Taste:
    chosen: dict[str, Any] = {key: texts}
    return replace(taste, **chosen)
