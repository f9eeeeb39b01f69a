"""Network: every request that was made, and the switch that stops them."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit

from earmark.ui.flow import flow
from earmark.ui.line_place import LinePlace
from earmark.ui.lines import LineList, RowAt
from earmark.ui.parts import Label, button
from earmark.ui.theme import GRID, font, keep_size
from earmark.ui.words import tr

TIME_WIDTH = 7 * GRID


class NetworkPage(LinePlace):
    """The list of requests. Signals: offline_asked(); filtered(str); export_asked()."""

    offline_asked = Signal()
    filtered = Signal(str)
    export_asked = Signal()

    def __init__(self) -> None:
        rows = LineList(tr("Requests, the newest first"), height=56, figure_width=TIME_WIDTH, figure="muted")
        super().__init__(tr("Network"), rows)
        self._goes = Label("", 13, "muted")
        self.add(self._goes, 4)
        self._offline = button("", "main", self.offline_asked.emit, px=14)
        export = button(tr("Save as a text file"), "plain", self.export_asked.emit, px=14)
        self._filter = QLineEdit()
        self._filter.setFont(font(14))
        self._filter.setClearButtonEnabled(False)
        self._filter.setAccessibleName(tr("Show only requests with these words"))
        self._filter.setPlaceholderText(tr("Host or reason"))
        keep_size(self._filter, 30 * GRID, 36, around=2 * GRID)
        self._filter.textChanged.connect(self.filtered)
        self.add(flow((self._offline, export, self._filter)), 2 * GRID)

    def show_requests(self, count: int, at: RowAt, *, detail: str, goes: str, offline: bool) -> None:
        """Set the list."""
        self.detail.setText(detail)
        self._goes.setText(goes)
        word = tr("Go online") if offline else tr("Go offline")
        self._offline.setText(word)
        self._offline.setAccessibleName(word)
        self.rows.set_source(count, at)
