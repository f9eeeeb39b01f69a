"""Activity: what goes on, what waits in which order, what failed and why, what is done today."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton

from earmark.records import EpisodeId
from earmark.ui.flow import flow
from earmark.ui.line_place import LinePlace
from earmark.ui.lines import LineList, RowAt
from earmark.ui.listed import Row
from earmark.ui.parts import button
from earmark.ui.theme import GRID
from earmark.ui.words import tr

DEEDS = {
    "open": ("running", "waiting", "failed", "done"),
    "move": ("waiting",),
    "out": ("waiting", "failed"),
    "again": ("failed",),
}
"""With which kinds of rows what can be done."""


class ActivityPage(LinePlace):
    """The queue as a list that keys and the mouse can put into another order.

    Signals: rest_asked(): pause, or go on; news_asked(); again_asked(): try all again that failed;
    model_asked(): choose a speech model; moved(int, int): from one row to the place of another;
    wanted(str, int): "open", "out" or "again", and the episode.
    """

    rest_asked = Signal()
    news_asked = Signal()
    again_asked = Signal()
    model_asked = Signal()
    moved = Signal(int, int)
    wanted = Signal(str, int)

    def __init__(self) -> None:
        super().__init__(tr("Activity"), LineList(tr("What is done, in its order")))
        self._rest = button(tr("Pause the work"), "plain", self.rest_asked.emit, px=14)
        news = button(tr("Look for new episodes"), "plain", self.news_asked.emit, px=14)
        self._again = button(tr("Try all again"), "plain", self.again_asked.emit, px=14)
        self._model = button(tr("Choose a speech model"), "main", self.model_asked.emit, px=14)
        self._deeds: dict[str, QPushButton] = {}
        self._make_deeds()
        self.add(flow((self._model, self._rest, news, self._again)), 2 * GRID)
        self.add(flow(list(self._deeds.values()), 6), GRID)
        self.rows.let_move()
        self.rows.moved.connect(self._move)
        self.rows.looked_at.connect(lambda _row: self._show_deeds())
        self.rows.chosen.connect(lambda _row: self._tell("open"))

    def show_work(self, detail: str, count: int, at: RowAt, *, failed: int, held: bool) -> None:
        """Set the list. `failed`: how many did; `held`: some wait for a speech model."""
        chosen = self.rows.row()
        self.detail.setText(detail)
        self._again.setVisible(failed > 1)
        self._model.setVisible(held)
        self.rows.set_source(count, at)
        self._keep(chosen, count)
        self._show_deeds()

    def show_rest(self, paused: bool) -> None:
        """The work goes on, or the user paused it."""
        word = tr("Go on") if paused else tr("Pause the work")
        self._rest.setText(word)
        self._rest.setAccessibleName(word)

    def _make_deeds(self) -> None:
        deeds: tuple[tuple[str, str, Callable[[], object]], ...] = (
            (tr("Try again"), "Ctrl+Return", lambda: self._tell("again")),
            (tr("First"), "Ctrl+Home", lambda: self._step(-self.rows.number)),
            (tr("Earlier"), "Ctrl+Up", lambda: self._step(-1)),
            (tr("Later"), "Ctrl+Down", lambda: self._step(1)),
            (tr("Take out"), "Delete", lambda: self._tell("out")),
        )
        for word, keys, do in deeds:
            spoken = tr("{word}, the chosen episode, {keys}").format(word=word, keys=keys)
            self._deeds[keys] = button(word, "word", do, name=spoken)
            self.key(keys, do)

    def _keep(self, chosen: Row | None, count: int) -> None:
        """Stay on the episode that was chosen, wherever it stands now."""
        if chosen is None or chosen.key is None:
            return
        near = sorted(range(min(count, 1000)), key=lambda number: abs(number - self.rows.number))
        for number in near:
            if self.rows.rows.row(number).key == chosen.key:
                self.rows.look_at(number)
                return

    def _show_deeds(self) -> None:
        row = self.rows.row()
        for keys, deed in self._deeds.items():
            kinds = DEEDS[{"Ctrl+Return": "again", "Delete": "out"}.get(keys, "move")]
            deed.setVisible(row is not None and _kind(row) in kinds)

    def _step(self, by: int) -> None:
        row = self.rows.row()
        if row is not None and row.movable:
            self._move(self.rows.number, max(0, self.rows.number + by))

    def _move(self, source: int, target: int) -> None:
        """To the nearest place that may be taken."""
        rows, step = self.rows.rows, 1 if target < source else -1
        target = min(target, rows.rowCount() - 1)
        while target != source and not rows.row(target).movable:
            target += step
        if target != source:
            self.moved.emit(source, target)

    def _tell(self, deed: str) -> None:
        row = self.rows.row()
        if row is not None and isinstance(row.key, tuple) and _kind(row) in DEEDS[deed]:
            self.wanted.emit(deed, int(row.key[1]))


def _kind(row: Row) -> str:
    return row.key[0] if isinstance(row.key, tuple) else ""


def key_of(kind: str, episode_id: EpisodeId) -> tuple[str, EpisodeId]:
    """What tells a row from others: running, waiting, failed or done, and which episode."""
    return kind, episode_id
