"""A topic or somebody: their insights in time, who contradicts whom, and in which episodes."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QWidget

from earmark.found import Disagreement
from earmark.records import Card, InsightId
from earmark.ui.list_place import ListPlace
from earmark.ui.listed import Fetch, Row
from earmark.ui.parts import Switch, button, one_of_several, row, switch
from earmark.ui.pieces import RowsView
from earmark.ui.theme import GRID
from earmark.ui.words import count_of, day_of, moment, name, tr

KEYS = frozenset((Qt.Key.Key_P, Qt.Key.Key_S, Qt.Key.Key_H, Qt.Key.Key_C, Qt.Key.Key_Plus, Qt.Key.Key_Minus))


@dataclass(frozen=True, slots=True)
class Subject:
    """What the page is about. `ids` in time, the oldest first. `episodes`: (address, row) of those with
    somebody; none for a topic. `liked` and `muted`: what the user said of it by now."""

    title: str
    detail: str
    ids: tuple[InsightId, ...]
    disagreements: tuple[Disagreement, ...] = ()
    episodes: tuple[tuple[str, Row], ...] = ()
    liked: bool = False
    muted: bool = False
    can_mute: bool = True


class SubjectPage(ListPlace):
    """The page. Signals: went(str): an address; keyed(int, str): a key on an insight; menu_asked(str);
    liked(bool), muted(bool): what the user wants from now on."""

    went = Signal(str)
    keyed = Signal(int, str)
    menu_asked = Signal(str)
    liked = Signal(bool)
    muted = Signal(bool)

    def __init__(self) -> None:
        super().__init__(tr("Topic"), RowsView(tr("Insights in time"), 3, keys=KEYS))
        self._subject = Subject("", "", ())
        self._fetch: Fetch = lambda _keys: {}
        self._part = "time"
        self._like = button("", "plain", lambda: self.liked.emit(not self._subject.liked), px=14)
        self._mute = button("", "plain", lambda: self.muted.emit(not self._subject.muted), px=14)
        self.tabs: dict[str, Switch] = {}
        group = QButtonGroup(self)
        for part in ("time", "against", "episodes"):
            self.tabs[part] = switch("", lambda: None, px=14)
            one_of_several(self.tabs[part], partial(self._choose, part))
            group.addButton(self.tabs[part])
        holder = QWidget()
        line = QHBoxLayout(holder)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(6)
        for thing in self.tabs.values():
            line.addWidget(thing)
        line.addStretch(1)
        self.add(row(self._like, self._mute, None, spacing=4), 2 * GRID)
        self.add(holder, 2 * GRID, ringed="left")
        self.view.opened.connect(lambda key: self.went.emit(_address(key)))
        self.view.pressed_key.connect(self._on_key)
        self.view.menu_asked.connect(self._on_menu)

    def show_looking(self, title: str) -> None:
        """What it is about is being looked for."""
        self.title.setText(name(title))
        self.say(tr("Looking through your library"))
        self._subject = Subject(title, "", ())
        self._show()

    def show_subject(self, subject: Subject, fetch: Fetch) -> None:
        """Set what it is about; `fetch` gives the rows of insights by their ids."""
        if subject.title != self._subject.title:
            self._part = "time"
        self._subject, self._fetch = subject, fetch
        self.title.setText(name(subject.title))
        self.say(subject.detail)
        self._show()

    def show_rows_again(self) -> None:
        """What was done with insights since is shown."""
        if self._part == "time":
            self.view.set_keys(self._subject.ids, self._fetch)

    def _choose(self, part: str) -> None:
        self._part = part
        self._show()

    def _show(self) -> None:
        subject = self._subject
        self._like.setText(tr("No longer more of this") if subject.liked else tr("More of this"))
        self._mute.setText(tr("Show it again") if subject.muted else tr("Mute this topic"))
        for word in (self._like, self._mute):
            word.setAccessibleName(word.text())
            word.setVisible(bool(subject.detail))
        self._mute.setVisible(subject.can_mute and bool(subject.detail))
        against = len(subject.disagreements)
        self.tabs["time"].setText(tr("In time"))
        self.tabs["against"].setText(count_of(against, "%n disagreement", "%n disagreements"))
        self.tabs["against"].setVisible(bool(against))
        self.tabs["episodes"].setText(count_of(len(subject.episodes), "%n episode", "%n episodes"))
        self.tabs["episodes"].setVisible(bool(subject.episodes))
        for tab in self.tabs.values():
            tab.setAccessibleName(tab.text())
        self.tabs[self._part].setChecked(True)
        rows = dict(subject.episodes) if self._part == "episodes" else against_rows(subject.disagreements)
        if self._part == "time":
            self.view.set_keys(subject.ids, self._fetch)
        else:
            self.view.set_keys(tuple(rows), lambda keys: {key: rows[key] for key in keys})

    def _on_key(self, key: int, row_key: Hashable) -> None:
        if (insight_id := insight_of(row_key)) is not None:
            self.keyed.emit(key, insight_id)

    def _on_menu(self, row_key: Hashable) -> None:
        if (insight_id := insight_of(row_key)) is not None:
            self.menu_asked.emit(insight_id)


def against_rows(found: Sequence[Disagreement]) -> Mapping[str, Row]:
    """Two rows for each: the older, which says what is the matter, and the newer, with the line why.

    Keys are addresses, with the number of the pair behind them, since an insight may stand in several pairs.
    """
    rows: dict[str, Row] = {}
    for number, each in enumerate(found):
        what = tr("Contradicted later")
        if each.same_speaker:
            what = tr("{name} changed a view").format(name=name(each.same_speaker))
        rows[f"insight/{each.older.insight.id}#{number}"] = card_row(each.older, under=what)
        rows[f"insight/{each.newer.insight.id}#{number}"] = card_row(each.newer, under=each.why)
    return rows


def card_row(card: Card, *, under: str | None = None, tell_saved: bool = True) -> Row:
    """An insight as a row: where it is from, its text (or what else is to be said), and when it came out."""
    source = f"{name(card.feed_title)}, {name(card.episode_title)}, {moment(card.insight.start_ms)}"
    told = f"{tr('Saved')}, {source}" if card.saved and tell_saved else source
    text = card.insight.text if under is None else under
    return Row(card.insight.headline, told, day_of(card.published_ms), text, said=True)


def insight_of(key: Hashable) -> str | None:
    """The insight that a row is about, if it is about one."""
    text = _address(key)
    return text.removeprefix("insight/") if text.startswith("insight/") else None


def _address(key: Hashable) -> str:
    text = str(key).partition("#")[0]
    return text if "/" in text else f"insight/{text}"
