"""A choice as the user writes or picks it on a page, checked before it is kept."""

from dataclasses import replace
from typing import Any, Protocol

from earmark.errors import KnownError
from earmark.ui.below import said
from earmark.ui.choosing import change, nothing
from earmark.ui.desk import Desk
from earmark.ui.settings_list import Choice, as_kept, value_words
from earmark.ui.words import tr


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
    told = tr("{choice}: {value}.").format(choice=choice.title, value=value_words(choice, value))
    # The network is put together with the proxy.
    anew = desk.jobs.reopen if choice.key == "proxy" else nothing
    change(desk, told, lambda now: replace(now, **chosen), anew)
