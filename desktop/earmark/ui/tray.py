"""The sign in the tray, and the one notification of the day: where they work, and never the only way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from earmark.autostart import set_autostart, starts_itself
from earmark.pipeline.due import telling
from earmark.settings import Settings, change_settings
from earmark.ui.desk import Desk
from earmark.ui.remembered import Remembered
from earmark.ui.words import tr

if TYPE_CHECKING:
    from earmark.pipeline import Tools, Watch

TOLD_OF = "told of"


class Tray(QObject):
    """Tells once a day that the five are ready, and keeps the program running without a window if wanted.

    `opened` brings the window to the front; `quit_` ends the program.
    """

    def __init__(
        self,
        desk: Desk,
        remembered: Remembered,
        icon: QIcon,
        opened: Callable[[], object],
        quit_: Callable[[], object],
    ) -> None:
        super().__init__()
        self._desk, self._remembered, self._opened = desk, remembered, opened
        self._icon: QSystemTrayIcon | None = None
        self._menu = QMenu()
        for text, do in ((tr("Open Earmark"), opened), (tr("Quit"), quit_)):
            self._menu.addAction(text).triggered.connect(lambda _checked=False, do=do: do())
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._icon = QSystemTrayIcon(icon, self)
            self._icon.setToolTip("Earmark")
            self._icon.setContextMenu(self._menu)
            self._icon.activated.connect(lambda _reason: opened())
            self._icon.messageClicked.connect(opened)
        self.look()

    def look(self) -> None:
        """Show the sign only where the user wants something of it."""
        if self._icon is not None:
            settings = self._desk.choices()
            self._icon.setVisible(settings.keep_running or settings.notify)

    def stays(self) -> bool:
        """Whether the program goes on when its window is closed."""
        return self._icon is not None and self._icon.isVisible() and self._desk.choices().keep_running

    def turn_keeping(self) -> None:
        """Go on when the window is closed, or no longer."""
        if self._icon is None:
            self._desk.say(tr("This desktop has no tray, so Earmark ends with its window."))
            return
        on = tr("Earmark goes on working when its window is closed. Its sign is in the tray.")
        off = tr("Earmark ends with its window.")
        self._turn(
            lambda now: replace(now, keep_running=not now.keep_running),
            lambda now: on if now.keep_running else off,
        )

    def turn_telling(self) -> None:
        """Tell when the five are ready, or no longer."""
        on = tr("The system will tell when the day's five are ready.")
        off = tr("The system will not tell any more when the day's five are ready.")
        self._turn(lambda now: replace(now, notify=not now.notify), lambda now: on if now.notify else off)

    def turn_autostart(self) -> None:
        """Start with the computer, or no longer."""

        def turn(tools: Tools, _watch: Watch) -> bool:
            on = not starts_itself()
            set_autostart(tools.paths, on)
            return on

        def told(on: bool) -> None:
            off = tr("Earmark starts when you open it.")
            self._desk.say(tr("Earmark starts with the computer.") if on else off)

        self._desk.ask(turn, told)

    def look_for_brief(self, day: str, looking: bool) -> None:
        """Tell of a day's brief where there is one; of what was told the library is not asked again."""
        if self._remembered.text(TOLD_OF) != day and (brief := self._desk.reader.brief(day)) is not None:
            self.tell_of_brief(day, len(brief.cards), looking)

    def tell_of_brief(self, day: str, count: int, looking: bool) -> None:
        """The day's brief is there, with so many cards: tell it as `telling` says."""
        wanted = self._desk.choices().notify
        how = telling(day, self._remembered.text(TOLD_OF), count, looking=looking, wanted=wanted)
        if how != "not now":
            self._remembered.note(TOLD_OF, day)
        if how == "aloud":
            self._tell(tr("Today's five are ready"), tr("Each with the words that prove it."))

    def close(self) -> None:
        """Leave the tray."""
        if self._icon is not None:
            self._icon.hide()

    def _turn(self, turned: Callable[[Settings], Settings], sentence: Callable[[Settings], str]) -> None:
        """Turn a choice over as it stands when its turn comes, then say it and show what follows from it."""

        def told(now: Settings) -> None:
            self.look()
            self._desk.turned.emit()
            self._desk.say(sentence(now))

        self._desk.ask(lambda tools, _watch: change_settings(tools.paths, turned), told)

    def _tell(self, title: str, body: str) -> None:
        if self._icon is not None:
            self._icon.showMessage(title, body, self._icon.icon())
