"""Changing a choice from anywhere in the window: kept at once, said, and undone by one word."""

from collections.abc import Callable
from dataclasses import replace

from earmark.settings import Settings, change_settings
from earmark.ui.desk import Desk
from earmark.ui.words import tr


def change(desk: Desk, sentence: str, changed: Callable[[Settings], Settings]) -> None:
    """Change the settings, say `sentence`, and offer to have it as it was before."""
    before = desk.choices()

    def done(now: Settings) -> None:
        desk.turned.emit()
        if now != before:
            desk.offer(sentence, tr("Undo"), lambda: _back(desk, before, now))

    _keep(desk, changed, done)


def _back(desk: Desk, before: Settings, after: Settings) -> None:
    """Only what was changed goes back; what was changed elsewhere meanwhile stays."""
    touched = {
        field: getattr(before, field)
        for field in Settings.__dataclass_fields__
        if getattr(before, field) != getattr(after, field)
    }
    _keep(desk, lambda now: replace(now, **touched), lambda _now: desk.turned.emit())


def _keep(desk: Desk, changed: Callable[[Settings], Settings], done: Callable[[Settings], None]) -> None:
    desk.ask(lambda tools, _watch: change_settings(tools.paths, changed), done)


def turn_offline(desk: Desk) -> None:
    """Ask nothing of the network any more, or do again."""
    offline = not desk.choices().offline
    off, on = tr("Offline: nothing is asked of anybody."), tr("Online again, for feeds and what you ask for.")
    change(desk, off if offline else on, lambda now: replace(now, offline=offline))
