"""Every room, with everything that a filled library shows there: names, plain text, Tab, large text."""

from collections.abc import Iterator
from itertools import product
from types import SimpleNamespace

import pytest
from every_room import addresses
from filled_library import FakeJobs, Show, fill, insight
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent, QColor, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from test_ui_look import look_at
from typist import Typist

from earmark.library import Library
from earmark.look import DARK, HIGH_DARK, HIGH_LIGHT, LIGHT, Colours
from earmark.records import Progress
from earmark.ui.calendar_page import DayButton
from earmark.ui.commands import find_command, show_shortcuts
from earmark.ui.find_command import FindCommand
from earmark.ui.main_window import MainWindow
from earmark.ui.parts import Linked
from earmark.ui.shortcuts import Shortcuts

CONTROLS = (
    QAbstractButton,
    QLineEdit,
    QTextEdit,
    QComboBox,
    QAbstractSpinBox,
    QAbstractSlider,
    QAbstractItemView,
)
INSIDE = "qt_"
"""Qt's own parts of a control begin so; the control around them is what has a name."""


def everything(window: QWidget) -> list[QWidget]:
    """All that is seen in a window, but Qt's own parts of things."""
    return [
        each
        for each in window.findChildren(QWidget)
        if each.isVisible()
        and not each.objectName().startswith(INSIDE)
        and not isinstance(each, QScrollBar)
        and each.window() is window
    ]


def name_of(widget: QWidget) -> str:
    """What a screen reader calls it."""
    found = QAccessible.queryAccessibleInterface(widget)
    return found.text(QAccessible.Text.Name).strip() if found else ""


def controls_of(window: QWidget) -> list[QWidget]:
    """What can be pressed, typed into or chosen from."""
    inner = (QLineEdit,)
    return [
        each
        for each in everything(window)
        if isinstance(each, CONTROLS)
        and each.isEnabled()
        and not (isinstance(each, inner) and isinstance(each.parent(), QComboBox | QAbstractSpinBox))
    ]


def unnamed(window: QWidget) -> list[str]:
    """Controls that a screen reader cannot name."""
    focusable = [each for each in everything(window) if each.focusPolicy() != Qt.FocusPolicy.NoFocus]
    return [described(each) for each in {*controls_of(window), *focusable} if not name_of(each)]


def not_plain(window: QWidget) -> list[str]:
    """Labels that would read their text as anything else than text."""
    labels = [each for each in everything(window) if isinstance(each, QLabel) and each.text()]
    return [described(each) for each in labels if each.textFormat() != Qt.TextFormat.PlainText]


def tabbed(window: QWidget) -> set[QWidget]:
    """What Tab goes to, followed as Qt follows it, once around; of grouped buttons all count as reached."""
    found: set[QWidget] = set()
    widget = window
    while True:
        widget = widget.nextInFocusChain()
        if widget is window or widget in found:
            return {each for each in found if each.focusPolicy() & Qt.FocusPolicy.TabFocus}
        found.add(widget)


def out_of_reach(window: QWidget) -> list[str]:
    """Controls that Tab never comes to."""
    reached = tabbed(window)
    return [described(each) for each in controls_of(window) if each not in reached]


def cut_off(window: QWidget) -> list[str]:
    """Labels and buttons that have less room than their text needs, or that leave the window."""
    found = []
    for each in everything(window):
        if isinstance(each, QLabel) and each.text() and "…" not in each.text():
            need = each.heightForWidth(each.width()) if each.wordWrap() else each.minimumSizeHint().height()
            wide = 0 if each.wordWrap() else each.fontMetrics().horizontalAdvance(each.text()) - 2
            if each.height() < need - 1 or each.width() < wide:
                found.append(described(each))
        elif isinstance(each, QAbstractButton) and not isinstance(each, Linked) and each.text():
            need = each.fontMetrics().height()
            wide = max(map(each.fontMetrics().horizontalAdvance, each.text().replace("&&", "&").split("\n")))
            if each.height() < need or each.width() < wide - 2:
                found.append(described(each))
        if each.mapTo(window, QPoint(each.width(), 0)).x() > window.width() + 1:
            found.append(f"beyond the edge: {described(each)}")
    return found


def described(widget: QWidget) -> str:
    """So that whoever reads the failure finds it."""
    text = widget.text() if isinstance(widget, QLabel | QAbstractButton) else widget.accessibleName()
    parents = []
    at: QWidget | None = widget
    while at is not None and len(parents) < 4:
        parents.append(type(at).__name__)
        at = at.parentWidget()
    return f"{' in '.join(parents)}: {text[:60]!r}"


def busy_window(library: Library, jobs: FakeJobs, show: Show) -> MainWindow:
    """A window in which every strip shows something."""
    fill(library)
    library.set_mark(insight(3).id, saved=True)
    first, second, third, *_ = library.episodes()
    library.set_job(first.id, step="transcribe", state="running")
    library.set_job(second.id, step="words", state="waiting")
    library.set_job(third.id, step="download", state="failed", reason="The disk is full. Make some room.")
    window = show()
    jobs.progressed.emit(Progress("Listening to", "Field Notes 88", 0.62, 8000.0, "36 of 58 min"))
    window.desk.offer("It is gone.", "Undo", lambda: None)
    window.sound.show_card(library.card(insight(0).id))
    return window


def walked(window: MainWindow) -> Iterator[tuple[str, QWidget]]:
    """Every address with the window as it shows it, then the dialogs."""
    for address in addresses(window):
        window.go(address)
        QApplication.processEvents()
        yield address, window
    for ask, kind in ((find_command, FindCommand), (show_shortcuts, Shortcuts)):
        ask(window)
        QApplication.processEvents()
        dialog = next(each for each in window.findChildren(kind) if each.isVisible())
        yield kind.__name__, dialog
        dialog.close()


def test_u_02_the_walk_finds_what_is_wrong(show: Show) -> None:
    window = show()
    poor = QWidget(window.pages.currentWidget())
    rich, small, silent = QLabel("<b>bold</b>", poor), QLabel("Some words", poor), QPushButton(poor)
    small.setTextFormat(Qt.TextFormat.PlainText)
    small.setFixedSize(20, 4)
    silent.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    rich.setTextFormat(Qt.TextFormat.AutoText)
    poor.show()
    QApplication.processEvents()
    assert unnamed(window) == [described(silent)]
    assert not_plain(window) == [described(rich)]
    assert out_of_reach(window) == [described(silent)]
    assert described(small) in cut_off(window)


def test_u_02_every_room_can_be_heard_read_and_reached_by_keyboard(
    library: Library, jobs: FakeJobs, show: Show
) -> None:
    window = busy_window(library, jobs, show)
    faults = []
    seen = 0
    for address, shown in walked(window):
        seen += len(controls_of(shown))
        faults += [f"{address}: no name: {each}" for each in unnamed(shown)]
        faults += [f"{address}: not plain: {each}" for each in not_plain(shown)]
        faults += [f"{address}: Tab passes by: {each}" for each in out_of_reach(shown)]
    assert seen > 100
    assert faults == []


@pytest.mark.parametrize("percent", [100, 200])
@pytest.mark.parametrize("direction", ["left to right", "right to left"])
def test_no_text_is_cut_off_where_text_is_twice_as_large(
    percent: int, direction: str, library: Library, jobs: FakeJobs, show: Show, qapp: QApplication
) -> None:
    turned = direction == "right to left"
    QGuiApplication.setLayoutDirection(
        Qt.LayoutDirection.RightToLeft if turned else Qt.LayoutDirection.LeftToRight
    )
    try:
        window = busy_window(library, jobs, show)
        while jobs.tools.choices().text_percent != percent:
            window.wardrobe.zoom_by(1)
        faults = [f"{address}: {each}" for address, shown in walked(window) for each in cut_off(shown)]
        assert faults == []
    finally:
        QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def test_from_right_to_left_the_list_stands_at_the_right(
    library: Library, jobs: FakeJobs, show: Show, pytestconfig: pytest.Config
) -> None:
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        window = busy_window(library, jobs, show)
        QApplication.processEvents()
        assert window.places.geometry().right() >= window.width() - 2
        for address in ("Today", "Library", insight(0).id):
            window.go(address)
            look_at(window, f"{address}-turned", pytestconfig)
    finally:
        QGuiApplication.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


def role_of(widget: QWidget) -> QAccessible.Role:
    """What a screen reader says that it is."""
    return QAccessible.queryAccessibleInterface(widget).role()


def test_a_screen_reader_tells_what_is_one_of_several_what_is_pressed_and_what_is_read(
    library: Library, jobs: FakeJobs, show: Show
) -> None:
    window = busy_window(library, jobs, show)
    roles: dict[str, set[QAccessible.Role]] = {}
    for address, shown in walked(window):
        for each in everything(shown):
            roles.setdefault(type(each).__name__, set()).add(role_of(each))
        if address == "Settings":
            quiet = next(each for each in controls_of(shown) if name_of(each).endswith(": Quiet"))
            assert role_of(quiet) == QAccessible.Role.RadioButton
        if address == "Library":
            order = next(each for each in controls_of(shown) if name_of(each) == "By name")
            assert role_of(order) == QAccessible.Role.RadioButton
    assert roles["Place"] == {QAccessible.Role.RadioButton}
    assert roles["Prose"] == {QAccessible.Role.StaticText}
    window.go("days")
    QApplication.processEvents()
    days = [each for each in everything(window) if isinstance(each, DayButton)]
    assert {role_of(day) for day in days} == {QAccessible.Role.Button}


def test_what_is_turned_without_a_press_does_what_a_press_does(
    library: Library, jobs: FakeJobs, show: Show
) -> None:
    """So does the bus by which those who hear, and those who speak, work a program."""
    window = busy_window(library, jobs, show)
    window.places.buttons["Settings"].toggle()
    assert window.desk.history.here == "Settings"
    fast = next(each for each in controls_of(window) if name_of(each).endswith("works: Fast"))
    assert isinstance(fast, QPushButton)
    fast.toggle()
    assert jobs.tools.choices().mode == "fast"
    window.places.buttons["Library"].toggle()
    page = window.pages.library.page
    asked: list[str] = []
    page.ordered.connect(asked.append)
    order = next(each for each in controls_of(window) if name_of(each) == "By name")
    assert isinstance(order, QPushButton)
    order.toggle()
    assert asked == ["title"]


def test_a_menu_opens_with_the_keyboard_on_what_stands_first_in_it(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    busy_window(library, jobs, show)
    keys = Typist(qtbot)
    keys.press("F10")
    assert keys.here() == "Today"
    keys.press("Escape")
    keys.open("More for this day")
    assert keys.here() == "All days"
    keys.press("Escape")
    keys.open("More: ")
    assert keys.here() == "More like this"
    keys.press("Escape")


def test_what_happens_is_announced(jobs: FakeJobs, show: Show, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sentence in the strip reaches whoever does not see it."""
    heard: list[QAccessibleEvent] = []
    window = show()
    readers = SimpleNamespace(updateAccessibility=heard.append)
    monkeypatch.setattr("earmark.ui.bars.QAccessible", readers)
    jobs.failed.emit("The disk is full.")
    (event,) = heard
    assert isinstance(event, QAccessibleAnnouncementEvent)
    assert (event.object(), event.message()) == (window.notice, "The disk is full.")


WORDS_ON = [
    (words, ground)
    for words, grounds in {
        "ink": ("paper", "card", "select", "tint", "quote"),
        "soft": ("paper", "card", "quote"),
        "muted": ("paper", "card"),
        "accent": ("paper", "card"),
        "fault": ("paper", "card"),
    }.items()
    for ground in grounds
] + [("card", "accent")]
"""Which token is written on which."""
SEEN_ON = [("accent", "paper"), ("accent", "card"), ("accent", "line")]
"""What is not words but must be seen: rings, progress, the rule of a quotation."""


def contrast(one: str, other: str) -> float:
    """WCAG 2.2's ratio of two colours, 1 to 21."""

    def light(name: str) -> float:
        colour = QColor(name)
        parts = (colour.redF(), colour.greenF(), colour.blueF())
        linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("colours", "least"), [(LIGHT, 4.5), (DARK, 4.5), (HIGH_LIGHT, 7.0), (HIGH_DARK, 7.0)]
)
def test_every_palette_passes_wcag(colours: Colours, least: float) -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    faults = []
    lines = [("line", "paper")] if least > 5 else []
    for (words, ground), needed in [*product(WORDS_ON, [least]), *product([*SEEN_ON, *lines], [3.0])]:
        ratio = contrast(getattr(colours, words), getattr(colours, ground))
        if ratio < needed:
            faults.append(f"{words} on {ground}: {ratio:.2f} < {needed}")
    assert faults == []


def test_every_token_is_used_in_a_pair_that_is_tested() -> None:
    used = {token for pair in [*WORDS_ON, *SEEN_ON] for token in pair}
    assert used == set(Colours.__dataclass_fields__)


def test_scroll_areas_are_scrolled_by_keys(library: Library, jobs: FakeJobs, show: Show) -> None:
    window = busy_window(library, jobs, show)
    for _address, shown in walked(window):
        areas = [each for each in everything(shown) if isinstance(each, QScrollArea)]
        assert all(each.focusPolicy() != Qt.FocusPolicy.NoFocus for each in areas)
