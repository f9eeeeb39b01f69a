"""What holds for every place: plain text, names, and that it is painted; with pictures for eyes."""

from pathlib import Path

import pytest
from filled_library import FakeJobs, Show, add_episode, fill, insight
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QImage, QPixmap
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from earmark.library import Library
from earmark.records import Check, Progress, Schedule
from earmark.ui.places import PLACES
from earmark.ui.prose import MOST_CHARACTERS

HOSTILE = {
    "image": '<img src="/etc/passwd"><b>bold</b> &amp; & ',
    "long": "long words " * 10_000,
    "one word": "w" * 100_000,
    "right to left": "\u202eתוכנית על שינה \u2066والنوم ",
    "controls": "a\0b\x1b\u200d\U0001f469\u200d\U0001f4bb\u0300\u0301 ",
}
PLACES_AND_AN_INSIGHT = [*PLACES, insight(0).id]


@pytest.mark.parametrize("trouble", HOSTILE.values(), ids=HOSTILE.keys())
def test_u_01_u_05_whatever_feeds_say_is_plain_text_and_keeps_the_layout(
    trouble: str, library: Library, jobs: FakeJobs, show: Show
) -> None:
    fill(library, trouble)
    window = show()
    jobs.failed.emit(trouble)
    jobs.progressed.emit(Progress("Listening to", trouble, 0.5, 60, trouble))
    for place in PLACES_AND_AN_INSIGHT:
        window.go(place)
        QApplication.processEvents()
        for label in window.findChildren(QLabel):
            assert label.textFormat() == Qt.TextFormat.PlainText
            assert len(label.text()) <= MOST_CHARACTERS
        assert not any(widget.toolTip() for widget in window.findChildren(QWidget))
        assert window.width() == 1280
        page = window.pages.currentWidget()
        assert all(each.width() <= page.width() for each in page.findChildren(QWidget) if each.isVisible())


@pytest.mark.parametrize("place", PLACES_AND_AN_INSIGHT)
def test_every_control_has_a_name(place: str, library: Library, show: Show) -> None:
    fill(library)
    window = show()
    window.go(place)
    window.adding.begin()
    controls = [w for w in window.findChildren(QWidget) if isinstance(w, QAbstractButton | QLineEdit)]
    controls += [w for w in window.findChildren(QWidget) if w.focusPolicy() != Qt.FocusPolicy.NoFocus]
    assert len(controls) > 10
    unnamed = []
    for control in controls:
        found = QAccessible.queryAccessibleInterface(control)
        if control.isVisible() and not (found and found.text(QAccessible.Text.Name).strip()):
            unnamed.append(control)
    assert not unnamed


def painted(window: QWidget, scale: float) -> QImage:
    """The window as it is painted on a screen of this scale."""
    QApplication.processEvents()
    picture = QPixmap(window.size() * scale)
    picture.setDevicePixelRatio(scale)
    window.render(picture)
    return picture.toImage()


def look_at(window: QWidget, name: str, config: pytest.Config) -> None:
    """Fail on a blank picture; keep it where the user asked for pictures."""
    for scale in (1, 2):
        image = painted(window, scale)
        points = ((x, y) for x in range(0, image.width(), 9) for y in range(0, image.height(), 9))
        assert len({image.pixel(x, y) for x, y in points}) > 8
        folder = config.getoption("--screenshots", default=None)
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            image.save(str(Path(folder) / f"{name}-{scale}00.png"))


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("place", PLACES_AND_AN_INSIGHT)
def test_every_place_is_painted_in_both_palettes(
    theme: str, place: str, library: Library, jobs: FakeJobs, show: Show, pytestconfig: pytest.Config
) -> None:
    fill(library)
    library.set_mark(insight(3).id, saved=True)
    first, second, third, *_ = library.episodes()
    library.set_job(first.id, step="transcribe", state="running")
    library.set_job(second.id, step="words", state="waiting")
    library.set_job(third.id, step="download", state="failed", reason="The disk is full. Make some room.")
    window = show(theme=theme)
    ready = {"left_s": 8000.0, "detail": "36 of 58 min", "ready_ms": 1_795_500_000_000}
    jobs.progressed.emit(Progress("Listening to", "Field Notes 88", 0.62, **ready))
    window.go(place)
    name = "insight" if place == insight(0).id else place.lower()
    look_at(window, f"{name}-{theme}", pytestconfig)
    assert painted(window, 1).pixelColor(2, 2).name().upper() == (
        "#FAF9F6" if theme == "light" else "#15171A"
    )


@pytest.mark.parametrize("width", [820, 640])
@pytest.mark.parametrize("place", ["Today", insight(0).id])
def test_narrow_windows_are_painted(
    width: int, place: str, library: Library, show: Show, pytestconfig: pytest.Config
) -> None:
    fill(library)
    window = show()
    window.resize(width, 700)
    window.go(place)
    name = "insight" if place == insight(0).id else place.lower()
    look_at(window, f"{name}-{width}", pytestconfig)


def test_empty_waiting_and_faulty_days_are_painted(
    library: Library, jobs: FakeJobs, show: Show, pytestconfig: pytest.Config
) -> None:
    window = show()
    look_at(window, "today-empty", pytestconfig)
    episode = library.episode(add_episode(library, 0))
    window.pages.show_here()
    jobs.progressed.emit(Progress("Listening to", "Field Notes 88", 0.62, 2280, "36 of 58 min"))
    look_at(window, "today-waiting", pytestconfig)
    jobs.progressed.emit(Progress("Waiting", "Field Notes 88", waiting="the computer runs on battery"))
    look_at(window, "today-on-battery", pytestconfig)
    library.set_job(episode.id, step="words", state="failed", reason="No words.")
    failed = Check(episode.feed_id, "example.org did not answer within 60 seconds.", Schedule())
    library.note_checks([failed], now_ms=2)
    window.pages.show_here()
    jobs.failed.emit("example.org did not answer within 60 seconds. Earmark will try again later.")
    jobs.progressed.emit(None)
    look_at(window, "today-fault", pytestconfig)
