"""How the window looks, as its user chose: colours, contrast, size of text. Each choice counts at once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from earmark.records import Changes
from earmark.settings import Contrast, Theme, change_settings
from earmark.ui.desk import Desk
from earmark.ui.theme import dress, zoom, zoom_to
from earmark.ui.words import tr

if TYPE_CHECKING:
    from earmark.jobs import Task
    from earmark.pipeline import Tools, Watch

PERCENTS = (75, 90, 100, 110, 125, 150, 175, 200, 250, 300)


def next_percent(now: int, step: int) -> int:
    """The next size of text up (1) or down (-1).

    >>> next_percent(100, 1), next_percent(105, -1), next_percent(300, 1)
    (110, 100, 300)
    """
    beyond = [percent for percent in PERCENTS if (percent - now) * step > 0]
    return min(beyond, key=lambda percent: abs(percent - now), default=now)


def keep_choice(**chosen: Any) -> Task:
    """A task that writes choices into the user's settings."""

    def keep(tools: Tools, _watch: Watch) -> Changes:
        change_settings(tools.paths, lambda now: replace(now, **chosen))
        return Changes()

    return keep


class Wardrobe(QObject):
    """Dresses the whole program, and keeps what was chosen.

    Signals: resized(): texts have another size.
    """

    resized = Signal()

    def __init__(self, desk: Desk, theme: Theme | None = None) -> None:
        super().__init__()
        self._desk = desk
        settings = desk.choices()
        self.theme: Theme = theme or settings.theme
        self.contrast: Contrast = settings.contrast
        hints = QGuiApplication.styleHints()
        self._told_by = [hints.colorSchemeChanged, hints.accessibility().contrastPreferenceChanged]
        for told in self._told_by:
            told.connect(self.dress)
        self._seen = settings
        desk.turned.connect(self.read_choices)
        self._zoom_to(settings.text_percent)
        self.dress()

    @Slot()
    def read_choices(self) -> None:
        """Put on what was chosen elsewhere since."""
        before, now = self._seen, self._desk.choices()
        self._seen = now
        if (before.theme, before.contrast) != (now.theme, now.contrast):
            self.theme, self.contrast = now.theme, now.contrast
            self.dress()
        if before.text_percent != now.text_percent:
            self._zoom_to(now.text_percent)
            self.dress()
            self.resized.emit()

    @Slot()
    def dress(self) -> None:
        """Put on what is chosen."""
        dress(_application(), self.theme, self.contrast)

    def choose_theme(self, theme: Theme) -> None:
        """Light, dark, or as the system has it."""
        self.theme = theme
        self.dress()
        self._desk.do(keep_choice(theme=theme))

    def turn_contrast(self) -> None:
        """High contrast, or no longer."""
        self.contrast = "normal" if self.contrast == "high" else "high"
        self.dress()
        high = self.contrast == "high"
        self._desk.say(tr("High contrast.") if high else tr("Usual contrast."), briefly=True)
        self._desk.do(keep_choice(contrast=self.contrast))

    def zoom_by(self, step: int) -> None:
        """Text one step larger (1), smaller (-1), or as it was drawn (0)."""
        percent = next_percent(round(100 * zoom()), step) if step else 100
        self._zoom_to(percent)
        self.dress()
        self.resized.emit()
        self._desk.say(tr("Text at {percent}%.").format(percent=percent), briefly=True)
        self._desk.do(keep_choice(text_percent=percent))

    def close(self) -> None:
        """Listen to the system no longer. May be called twice."""
        while self._told_by:
            self._told_by.pop().disconnect(self.dress)

    def _zoom_to(self, percent: int) -> None:
        if percent != round(100 * zoom()):
            zoom_to(_application(), max(PERCENTS[0], percent) / 100)
            QApplication.sendPostedEvents(
                None, QEvent.Type.LayoutRequest
            )  # what follows stands in new places


def _application() -> QApplication:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    return application
