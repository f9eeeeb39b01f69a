"""Saved: what the user keeps, to be searched, sorted, exported, and let go of."""

from collections.abc import Hashable, Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QAbstractItemView

from earmark.records import InsightId
from earmark.ui.choice import Choice
from earmark.ui.fields import Field
from earmark.ui.flow import flow
from earmark.ui.list_place import ListPlace
from earmark.ui.listed import Fetch
from earmark.ui.parts import button
from earmark.ui.pieces import RowsView
from earmark.ui.theme import GRID
from earmark.ui.words import count_of, tr

PAUSE_MS = 150
FIELD_WIDTH = 220
KEYS = frozenset(
    (Qt.Key.Key_P, Qt.Key.Key_S, Qt.Key.Key_C, Qt.Key.Key_Delete, Qt.Key.Key_Plus, Qt.Key.Key_Minus)
)


class SavedPage(ListPlace):
    """The list.

    Signals: opened(str), played(str), menu_asked(str): an insight; keyed(int, str): a key on one;
    unsaved(object), exported(object): ids, as a list; narrowed(): words or order changed.
    """

    opened = Signal(str)
    played = Signal(str)
    menu_asked = Signal(str)
    keyed = Signal(int, str)
    unsaved = Signal(object)
    exported = Signal(object)
    narrowed = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Saved"), RowsView(tr("Saved"), 3, keys=KEYS))
        self.title.setText(tr("Saved"))
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE_MS)
        self._pause.timeout.connect(self.narrowed)
        self.field = Field(13, FIELD_WIDTH)
        self.field.setProperty("look", "small")
        self.field.setAccessibleName(tr("Look among what you saved"))
        self.field.setPlaceholderText(tr("Look among what you saved"))
        self.field.textChanged.connect(lambda _text: self._pause.start())
        self.field.returnPressed.connect(self.view.setFocus)
        self.order = Choice(tr("Order"), _orders())
        self.order.chosen.connect(lambda _key: self.narrowed.emit())
        self._words = [
            button(tr("Play"), "word", lambda: self._on_current(self.played.emit)),
            button(tr("Unsave"), "word", lambda: self.unsaved.emit(self.chosen())),
            button(tr("Export"), "word", lambda: self.exported.emit(self.chosen_or_all())),
        ]
        self.add(flow((self.field, self.order, *self._words), 6), 2 * GRID)
        self.view.opened.connect(lambda key: self.opened.emit(str(key)))
        self.view.pressed_key.connect(self._on_key)
        self.view.menu_asked.connect(lambda key: self.menu_asked.emit(str(key)))

    @property
    def words(self) -> str:
        """What is looked for among them."""
        return self.field.text()

    def show_ids(self, ids: Sequence[InsightId], fetch: Fetch) -> None:
        """Set what is listed."""
        self.view.set_keys(ids, fetch)
        for word in self._words:
            word.setVisible(bool(ids))
        if ids:
            self.say(count_of(len(ids), "%n insight", "%n insights"))
        elif self.words.strip():
            self.say(tr("Nothing of what you saved has these words."))
        else:
            self.say(tr("Nothing yet. Press Save on an insight to keep it here."))

    def chosen(self) -> list[str]:
        """The ids that are selected."""
        return [str(key) for key in self.view.selected()]

    def chosen_or_all(self) -> list[str]:
        """The ids that are selected where they are several, else all that is listed."""
        chosen = self.chosen()
        return chosen if len(chosen) > 1 else [str(key) for key in self.view.rows.keys]

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802  (Qt's name)
        """What is hidden looks for nothing."""
        self._pause.stop()
        super().hideEvent(event)

    def _on_current(self, do: object) -> None:
        current = self.view.current()
        if current is not None and callable(do):
            do(str(current))

    def _on_key(self, key: int, row_key: Hashable) -> None:
        if key in (Qt.Key.Key_Delete, Qt.Key.Key_S):
            self.unsaved.emit(self.chosen() or [str(row_key)])
        else:
            self.keyed.emit(key, str(row_key))


def _orders() -> list[tuple[str, str]]:
    return [
        ("saved", tr("Saved last first")),
        ("newest", tr("Newest episode first")),
        ("show", tr("By show")),
        ("headline", tr("By headline")),
    ]
