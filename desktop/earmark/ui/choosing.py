"""Changing a choice from anywhere in the window: kept at once, said, and undone by one word."""

from collections.abc import Callable
from dataclasses import fields, replace
from typing import Any, Protocol

from earmark.errors import KnownError
from earmark.settings import Settings, change_settings
from earmark.ui.below import said
from earmark.ui.desk import Desk
from earmark.ui.settings_list import Choice, as_kept
from earmark.ui.settings_list import said as choice_said
from earmark.ui.words import tr

Changed = Callable[[Settings], Settings]


def _nothing() -> None:
    """What follows when nothing has to."""


def change(desk: Desk, sentence: str, changed: Changed, then: Callable[[], None] = _nothing) -> None:
    """Change the settings, say `sentence`, and offer to have it as it was; `then` follows either way."""
    before = desk.choices()

    def done(now: Settings) -> None:
        desk.turned.emit()
        if now != before:
            desk.offer(sentence, tr("Undo"), lambda: _back(desk, before, now, then))
            then()

    _keep(desk, changed, done)


class ShowsFaults(Protocol):
    """A page of choices."""

    def show_fault(self, key: str, fault: str) -> None:
        """Say below a choice why it cannot be so; nothing to say: empty."""


def want(desk: Desk, page: ShowsFaults, choice: Choice, text: str) -> None:
    """Keep what the user wrote or picked; what cannot be kept is told below it, and nothing is changed."""
    try:
        value = as_kept(choice, text, desk.choices())
    except (ValueError, KnownError) as error:
        page.show_fault(choice.key, said(str(error)))
        return
    page.show_fault(choice.key, "")
    chosen: dict[str, Any] = {choice.key: value}
    told = tr("{choice}: {value}.").format(choice=choice.title, value=choice_said(choice, value))
    # The network is put together with the proxy.
    anew = desk.jobs.reopen if choice.key == "proxy" else _nothing
    change(desk, told, lambda now: replace(now, **chosen), anew)


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
