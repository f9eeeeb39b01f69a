"""Library: every show in one list, with how its feed is and what of it waits."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from earmark.ui.flow import flow, spread
from earmark.ui.listed import Fetch
from earmark.ui.page import Page
from earmark.ui.parts import SEMI_BOLD, Label, button, hairline, one_of_several, search_line, switch
from earmark.ui.rows import RowList
from earmark.ui.theme import GRID
from earmark.ui.words import tr

ORDERS = ("newest", "title", "waiting")


class LibraryPage(Page):
    """The list of shows; it is set up once, so that nothing typed is lost when the library changes.

    Signals: add_asked(), opened(int): a show; filtered(str), ordered(str): one of ORDERS; export_asked().
    """

    add_asked = Signal()
    opened = Signal(int)
    filtered = Signal(str)
    ordered = Signal(str)
    export_asked = Signal()

    def __init__(self) -> None:
        super().__init__(tr("Library"))
        self.begin("Library")
        self.add(Label(tr("Library"), 28, "ink", serif=True, weight=SEMI_BOLD))
        self._detail = Label("", 13, "muted")
        self.add(self._detail, 4)
        self.add(self._actions(), 2 * GRID)
        self._tools = self._narrowing()
        self.add(self._tools, 2 * GRID)
        self.add(hairline(), GRID + 4)
        self._nothing = Label("", 15, "muted")
        self.add(self._nothing, 2 * GRID)
        self.shows = RowList(tr("Shows"))
        self.shows.opened.connect(self.opened)
        self.add(self.shows, ringed="both")
        self.follow(self.shows)
        self.finish()

    def show_shows(self, numbers: Sequence[int], fetch: Fetch, detail: str, *, any_show: bool) -> None:
        """Set the shows in their order; `detail` says how many there are and what waits."""
        self._detail.setText(detail)
        self._tools.setVisible(any_show)
        self._export.setVisible(any_show)
        self._nothing.setVisible(not numbers)
        none = tr("No show here has these words in its name.")
        start = tr("No show yet. Add the first one: its feed, its web page, or a list from another program.")
        self._nothing.setText(none if any_show else start)
        self.shows.set_keys(numbers, fetch)

    def look_for(self) -> None:
        """Bring the keyboard to where a name can be typed."""
        self.narrow.setFocus()
        self.narrow.selectAll()

    def _actions(self) -> QWidget:
        self._export = button(tr("Write the list to a file"), "plain", self.export_asked.emit, px=14)
        add = button(tr("Add a show"), "main", self.add_asked.emit, px=14)
        return flow((add, self._export))

    def _narrowing(self) -> QWidget:
        self.narrow = search_line(tr("Find a show"), tr("Only shows with these words in their names"))
        self.narrow.textChanged.connect(self.filtered)
        self._orders: dict[str, QPushButton] = {}
        words = {"newest": tr("Newest first"), "title": tr("By name"), "waiting": tr("What waits first")}
        for order in ORDERS:
            word = switch(words[order], lambda: None)
            one_of_several(word, partial(self.ordered.emit, order))
            self._orders[order] = word
        self._orders["newest"].setChecked(True)
        return spread(self.narrow, list(self._orders.values()), spacing=GRID)
