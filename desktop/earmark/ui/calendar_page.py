"""A month with its days: each that has a brief is one press away. It counts nothing and praises nothing."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QPushButton, QSizePolicy, QSpacerItem, QWidget

from earmark.ui.flow import spread
from earmark.ui.page import Page
from earmark.ui.parts import SEMI_BOLD, Label, Title, button
from earmark.ui.theme import GRID, font
from earmark.ui.weeks import month_beside, month_name, month_weeks, week_of
from earmark.ui.words import count_of, long_day, tr

DAY_SIDE, LEAST_DAY_SIDE, DAY_HEIGHT = 56, 36, 48
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Up: -7, Qt.Key.Key_Down: 7}


class DayButton(QPushButton):
    """A day with a brief. Arrow keys are for the page, which goes to another day."""

    def __init__(self, day: str, insights: int, *, today: bool) -> None:
        super().__init__(str(int(day[8:])))
        self.day = day
        self.setProperty("look", "day")
        self.setProperty("today", today)
        self.setAutoDefault(True)
        self.setFixedHeight(DAY_HEIGHT)
        self.setMinimumWidth(LEAST_DAY_SIDE)
        self.setFont(font(15, weight=SEMI_BOLD))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        counted = count_of(insights, "%n insight", "%n insights")
        self.setAccessibleName(f"{long_day(day)}, {counted}")

    def sizeHint(self) -> QSize:  # noqa: N802  (Qt's name)
        """As wide as its column."""
        return QSize(DAY_SIDE, DAY_HEIGHT)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Leave arrows to the page."""
        if Qt.Key(event.key()) in STEPS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class CalendarPage(Page):
    """A month. Signals: asked(str): the address of a day, of a week or of another month."""

    asked = Signal(str)

    def __init__(self) -> None:
        super().__init__(tr("All days"))
        self._days: dict[str, DayButton] = {}
        self._month = ""

    def show_month(self, month: str, briefs: Mapping[str, int], today: str) -> None:
        """Set a month; `briefs`: how many insights each day has that has a brief."""
        here = {day: count for day, count in briefs.items() if day.startswith(month)}
        earlier, later = any(day[:7] < month for day in briefs), month < today[:7]
        if not self.begin(month, here, today, earlier, later):
            return
        self._month = month
        words = [
            button(word, "word", partial(self.asked.emit, f"days/{month_beside(month, step)}"), name=spoken)
            for there, word, step, spoken in (
                (earlier, tr("Earlier"), -1, tr("The month before")),
                (later, tr("Later"), 1, tr("The month after")),
            )
            if there
        ]
        title = Title(month_name(month))
        self.add(spread(title, words), ringed="right")
        days = count_of(len(here), "%n day with a brief", "%n days with a brief")
        self.add(Label(days if here else tr("No brief in this month"), 13, "muted"), 6)
        self.add(self._grid(month, here, today), 3 * GRID)
        self.finish()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Arrows go to the nearest day with a brief in their direction; Page Up and Down turn the month."""
        step = STEPS.get(Qt.Key(event.key()))
        at = next((each.day for each in self._days.values() if each.hasFocus()), None)
        if Qt.Key(event.key()) in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            turned = month_beside(self._month, -1 if event.key() == Qt.Key.Key_PageUp else 1)
            self.asked.emit(f"days/{turned}")
        elif step is None or not self._days:
            super().keyPressEvent(event)
        elif at is None:
            self._focus(max(self._days))
        else:
            self._focus(day_beside(at, step, self._days))

    def _focus(self, day: str | None) -> None:
        if day is not None:
            self._days[day].setFocus(Qt.FocusReason.TabFocusReason)

    def _grid(self, month: str, briefs: Mapping[str, int], today: str) -> QWidget:
        holder = QWidget()
        grid = QGridLayout(holder)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID // 2)
        grid.setVerticalSpacing(GRID)
        first = QLocale().firstDayOfWeek().value - 1
        self._days = {}
        for column in range(7):
            name = QLocale().dayName((first + column) % 7 + 1, QLocale.FormatType.ShortFormat)
            head = Label(name, 12, "muted", wrap=False)
            grid.addWidget(head, 0, column, Qt.AlignmentFlag.AlignHCenter)
        for number, week in enumerate(month_weeks(month, first), start=1):
            for column, day in enumerate(week):
                if day is not None:
                    centred = Qt.AlignmentFlag.AlignCenter
                    grid.addWidget(self._day(day, briefs, today), number, column, centred)
            if any(day in briefs for day in week):
                some = next(day for day in week if day is not None)
                grid.addWidget(self._week_word(some), number, 7)
        for column in range(7):
            room = QSpacerItem(DAY_SIDE, 0, QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Minimum)
            grid.addItem(room, 7, column)
        for number in range(1, 7):
            grid.setRowMinimumHeight(number, DAY_HEIGHT)
        grid.setColumnStretch(8, 1)
        return holder

    def _day(self, day: str, briefs: Mapping[str, int], today: str) -> QWidget:
        if day not in briefs:
            return Label(str(int(day[8:])), 15, "ink" if day == today else "muted", wrap=False)
        made = DayButton(day, briefs[day], today=day == today)
        made.clicked.connect(lambda _checked=False: self.asked.emit(day))
        self._days[day] = made
        return made

    def _week_word(self, day: str) -> QWidget:
        week = week_of(day)
        spoken = tr("The week of {day}").format(day=long_day(day))
        return button(tr("The week"), "word", lambda: self.asked.emit(f"review/{week}"), name=spoken)


def day_beside(day: str, step: int, days: Mapping[str, object]) -> str | None:
    """The nearest of `days` in the direction of a step; by whole weeks where the step is one.

    >>> day_beside("2026-11-23", -7, {"2026-11-10": 1, "2026-11-09": 1})
    '2026-11-09'
    """
    at = date.fromisoformat(day)
    for _ in range(31):
        at += timedelta(days=step)
        if at.isoformat() in days:
            return at.isoformat()
    return None
