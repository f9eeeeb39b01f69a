"""Changing a choice from anywhere in the window: kept at once, said, and undone by one word."""

from collections.abc import Callable
from dataclasses import fields, replace

from earmark.settings import Settings, change_settings
from earmark.ui.desk import Desk
from earmark.ui.words import tr

Changed = Callable[[Settings], Settings]


def nothing() -> None:
    """What follows when nothing has to."""


def change(
    desk: Desk, sentence: str, changed: Changed, then: Callable[[], None] = nothing, *, back: bool = False
) -> None:
    """Change the settings, say `sentence`, and offer to have it as it was; `then` follows either way.

    `back`: this takes something back itself, so that only the deed before it can be undone.
    """
    before = desk.choices()

    def done(now: Settings) -> None:
        desk.turned.emit()
        if now == before:
            return
        if back:
            desk.say(sentence, briefly=True)
        else:
            desk.offer(sentence, tr("Undo"), lambda: _back(desk, before, now, then))
        then()

    _keep(desk, changed, done)


def turn_offline(desk: Desk) -> None:
    """Ask nothing of the network any more, or do again."""
    offline = not desk.choices().offline
    off, on = tr("Offline: nothing is asked of anybody."), tr("Online again, for feeds and what you ask for.")
    change(desk, off if offline else on, lambda now: replace(now, offline=offline))


def _back(desk: Desk, before: Settings, after: Settings, then: Callable[[], None]) -> None:
    """Only what was changed goes back; what was changed elsewhere meanwhile stays."""
    names = (field.name for field in fields(Settings))
    touched = {name: getattr(before, name) for name in names if getattr(before, name) != getattr(after, name)}

    def done(_now: Settings) -> None:
        desk.turned.emit()
        then()

    _keep(desk, lambda now: replace(now, **touched), done)


def _keep(desk: Desk, changed: Changed, done: Callable[[Settings], None]) -> None:
    desk.ask(lambda tools, _watch: change_settings(tools.paths, changed), done)
