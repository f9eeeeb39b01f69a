"""What every place is: one column in the middle of a scroll area."""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QHBoxLayout,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from earmark.ui.keyboard_place import KeyboardPlace, button_near, keyboard_place
from earmark.ui.parts import SEMI_BOLD, Label, Linked, Sides, inset
from earmark.ui.rows import RowList
from earmark.ui.theme import COLUMN, GRID, RING, SCROLL_BAR_WIDTH, zoom, zoomed


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the user was on a page: how far down, on which button or list (None: on none), and on which row
    of that list, by its number. `place`: on which button of the page's `rows`, which says more.
    """

    scrolled: int = 0
    focused: int | None = None
    row: int | None = None
    place: KeyboardPlace | None = None


class Page(QScrollArea):
    """A place, set anew as a whole.

    Set anew, it keeps its scroll position and the focus, as long as it is about the same `subject`.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always on, and invisible where there is nothing to scroll, so that the column never moves.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(lambda low, high: bar.setEnabled(high > low))
        self._shown: tuple[object, ...] = ()
        self.rows: dict[str, QWidget] = {}
        """What comes and goes, by what each is about, from the top: in these the keyboard is found again."""
        self.begin("")
        self.finish()

    def begin(self, subject: str, *content: object) -> bool:
        """Start an empty column; False when just this content is shown already and nothing is to do."""
        content = (*content, zoom())
        if (subject, *content) == self._shown:
            return False
        same_subject = bool(self._shown) and self._shown[0] == subject
        self._kept = self.mark() if same_subject else Mark()
        self.rows = {}
        self._shown = (subject, *content)
        self._page, inner = QWidget(), QWidget()
        self._page.setObjectName("page")
        inner.setMaximumWidth(zoomed(COLUMN) + 2 * RING)
        self.column = QVBoxLayout(inner)
        self.column.setContentsMargins(0, 4 * GRID - 2, 0, 6 * GRID)
        self.column.setSpacing(0)
        outer = QHBoxLayout(self._page)
        outer.setContentsMargins(3 * GRID - RING + SCROLL_BAR_WIDTH, 0, 3 * GRID - RING, 0)
        outer.addStretch(1)
        outer.addWidget(inner, 1000)
        outer.addStretch(1)
        return True

    def add(self, thing: QWidget | QLayout, above: int = 0, *, ringed: Sides = "none") -> None:
        """Put something under what is there, `above` pixels down; for `ringed` see `inset`."""
        if above:
            self.column.addSpacing(above)
        self.column.addLayout(inset(thing, ringed))

    def add_title(self, text: str, detail: str = "") -> None:
        """The name of a place, and a quiet line under it."""
        self.add(Label(text, 28, "ink", serif=True, weight=SEMI_BOLD))
        if detail:
            self.add(Label(detail, 13, "muted"), 4)
        self.column.addSpacing(2 * GRID)

    def finish(self) -> None:
        """Show the column in place of the one before."""
        self.column.addStretch(1)
        before = self.takeWidget()
        if before is not None:
            before.deleteLater()  # the key that led here may still be on its way up from one of its buttons
        self.setWidget(self._page)
        self._page.show()  # a widget given to a scroll area that is visible stays hidden otherwise
        self.return_to(self._kept)

    def mark(self) -> Mark:
        """Where the user is, or will be once they come back to the window."""
        focused_now = self.window().focusWidget()
        at = next(((n, each) for n, each in enumerate(self._stops()) if each is focused_now), None)
        focused, row = (at[0], at[1].number() if isinstance(at[1], RowList) else None) if at else (None, None)
        return Mark(self.verticalScrollBar().value(), focused, row, keyboard_place(self.rows))

    def return_to(self, mark: Mark) -> None:
        """Bring the user back to where they were."""
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        self.verticalScrollBar().setValue(mark.scrolled)
        controls = self._stops()
        if mark.place is not None and (there := button_near(self.rows, mark.place)) is not None:
            there.setFocus(Qt.FocusReason.TabFocusReason)
            self.verticalScrollBar().setValue(mark.scrolled)
        elif mark.focused is not None and mark.focused < len(controls):
            control = controls[mark.focused]
            if isinstance(control, RowList):
                control.go_to(mark.row)
            typed = isinstance(control, QLineEdit)  # by Tab all of it would be selected, and typed over
            control.setFocus(Qt.FocusReason.OtherFocusReason if typed else Qt.FocusReason.TabFocusReason)
            self.verticalScrollBar().setValue(mark.scrolled)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Up and Down go from claim to claim once one has the focus; else they scroll."""
        claims = [linked for linked in self.findChildren(Linked) if linked.isVisible()]
        at = next((n for n, each in enumerate(claims) if each.hasFocus()), None)
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if at is None or not step:
            super().keyPressEvent(event)
        elif 0 <= at + step < len(claims):
            claims[at + step].setFocus(Qt.FocusReason.TabFocusReason)
            self.ensureWidgetVisible(claims[at + step], 0, 8 * GRID)

    def follow(self, rows: RowList) -> None:
        """Scroll with the keyboard through a list of this page."""
        rows.looked_at.connect(lambda place: self._see(rows, place))

    def _see(self, rows: RowList, place: QRect) -> None:
        inside = self.widget()
        if inside is not None and inside.isAncestorOf(rows):
            at = rows.mapTo(inside, place.topLeft())
            bar, high = self.verticalScrollBar(), self.viewport().height()
            low = at.y() + place.height() + GRID - high
            bar.setValue(max(low, min(bar.value(), at.y() - GRID)))

    def _stops(self) -> list[QPushButton | RowList | QLineEdit]:
        inside = self.widget()
        if inside is None:
            return []
        # Buttons last: rows come and go, and with them the numbers of what follows.
        fields, lists = inside.findChildren(QLineEdit), inside.findChildren(RowList)
        return [*fields, *lists, *inside.findChildren(QPushButton)]
