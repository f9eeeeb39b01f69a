"""The places of care in a small window and with large text: nothing is cut off, and all has a name."""

from dataclasses import replace
from pathlib import Path

import pytest
from filled_library import FakeJobs, Show, fill
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QWidget
from test_ui_look import look_at

from earmark.library import Library
from earmark.paths import Paths
from earmark.settings import change_settings

ADDRESSES = ("Activity", "Network", "Settings", "Models", "About", *("welcome", "welcome/2", "welcome/5"))


def prepared(library: Library, jobs: FakeJobs) -> None:
    """Some of everything."""
    fill(library)
    first, second, *_ = library.episodes()
    library.set_job(first.id, step="words", state="waiting")
    library.set_job(second.id, step="download", state="failed", reason="The disk is full. Make some room.")
    library.log_request(1_795_424_000_000, "feeds.example.org", "refresh a feed", 200, 48_000)
    library.set_queue_order([])


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_small_window_and_large_text_cut_nothing_off(
    address: str, library: Library, jobs: FakeJobs, show: Show, tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    prepared(library, jobs)
    window = show()
    window.resize(640, 700)
    window.go(address)
    QApplication.processEvents()
    page = window.pages.currentWidget()
    assert page is not None
    assert window.width() == 640
    inside = [each for each in page.findChildren(QWidget) if each.isVisible()]
    assert all(each.width() <= page.width() for each in inside)
    name = address.lower().replace("/", "-")
    look_at(window, f"narrow-{name}", pytestconfig)
    change_settings(Paths(tmp_path / "profile"), lambda now: replace(now, text_percent=200))
    window.resize(1280, 860)
    window.desk.turned.emit()
    QApplication.processEvents()
    inside = [each for each in page.findChildren(QWidget) if each.isVisible()]
    assert window.width() == 1280
    assert all(each.width() <= page.width() for each in inside)
    look_at(window, f"large-{name}", pytestconfig)
    change_settings(Paths(tmp_path / "profile"), lambda now: replace(now, text_percent=100))
    window.desk.turned.emit()


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_control_has_a_name_and_takes_the_keyboard(
    address: str, library: Library, jobs: FakeJobs, show: Show
) -> None:
    prepared(library, jobs)
    window = show()
    window.go(address)
    QApplication.processEvents()
    page = window.pages.currentWidget()
    assert page is not None
    controls = [w for w in page.findChildren(QWidget) if w.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert len(controls) > 2
    for control in (each for each in controls if each.isVisible()):
        found = QAccessible.queryAccessibleInterface(control)
        assert found is not None
        assert found.text(QAccessible.Text.Name).strip(), control
