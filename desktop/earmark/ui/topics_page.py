"""Topics and people: lists by size."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QLineEdit

from earmark.found import Person, Topic
from earmark.ui.list_place import ListPlace
from earmark.ui.listed import Row
from earmark.ui.parts import one_of_several, row, switch
from earmark.ui.pieces import RowsView
from earmark.ui.theme import GRID, font
from earmark.ui.words import count_of, name, tr


class TopicsPage(ListPlace):
    """Both lists, one at a time, with a field that narrows them. Signals: went(str): an address."""

    went = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("Topics"), RowsView(tr("Topics"), 1))
        self.title.setText(tr("Topics"))
        self._lists: dict[str, list[tuple[str, Row]]] = {"topics": [], "people": []}
        self._kind, self._known = "topics", False
        self.tabs = {kind: switch(text, lambda: None, px=14) for kind, text in _tabs()}
        group = QButtonGroup(self)
        for kind, tab in self.tabs.items():
            one_of_several(tab, partial(self._choose, kind))
            group.addButton(tab)
        self.field = QLineEdit()
        self.field.setFont(font(13))
        self.field.setProperty("look", "small")
        self.field.setAccessibleName(tr("Narrow the list"))
        self.field.setPlaceholderText(tr("Narrow the list"))
        self.field.setMinimumWidth(80)
        self.field.setMaximumWidth(200)
        self.field.textChanged.connect(lambda _text: self._show())
        self.field.returnPressed.connect(self.view.setFocus)
        self.add(row(*self.tabs.values(), None, self.field, spacing=6), 2 * GRID, ringed="left")
        self.view.opened.connect(lambda key: self.went.emit(str(key)))
        self._show()

    def show_lists(self, topics: Sequence[Topic], people: Sequence[Person]) -> None:
        """Set both, the largest first."""
        self._known = True
        self._lists = {
            "topics": [(f"topic/{each.id}", topic_row(each)) for each in topics],
            "people": [(f"person/{each.key}", person_row(each)) for each in people],
        }
        self._show()

    def _choose(self, kind: str) -> None:
        self._kind = kind
        self._show()

    def _show(self) -> None:
        wanted = " ".join(self.field.text().split()).casefold()
        whole = self._lists[self._kind]
        listed = {address: line for address, line in whole if wanted in line.title.casefold()}
        self.tabs[self._kind].setChecked(True)
        self.view.set_keys(tuple(listed), lambda keys: {key: listed[key] for key in keys})
        self.say(self._told(len(listed), whole=len(whole)))

    def _told(self, count: int, *, whole: int) -> str:
        if not self._known:
            return tr("Looking through your library")
        if not whole:
            if self._kind == "topics":
                return tr("There are no topics yet. They come when several episodes speak of one thing.")
            return tr("Nobody is named yet: neither the feeds nor the transcripts here say who speaks.")
        if self._kind == "topics":
            return count_of(count, "%n topic", "%n topics")
        return count_of(count, "%n person", "%n people")


def _tabs() -> tuple[tuple[str, str], ...]:
    return (("topics", tr("Topics")), ("people", tr("People")))


def topic_row(topic: Topic) -> Row:
    """A topic with its size."""
    return Row(topic.name, side=size_of(topic))


def person_row(person: Person) -> Row:
    """Somebody, with how much there is of them."""
    return Row(name(person.name), side=size_of(person))


def size_of(gathered: Topic | Person) -> str:
    """“12 insights of 5 episodes”."""
    insights = count_of(gathered.insights, "%n insight", "%n insights")
    episodes = count_of(gathered.episodes, "%n episode", "%n episodes")
    return tr("{insights}, {episodes}").format(insights=insights, episodes=episodes)
