"""Network: every request as a row, the words that find one, the list as a file, and the offline switch."""

from pathlib import Path

import pytest
from filled_library import NOW, FakeJobs, Show, fill
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit
from pytestqt.qtbot import QtBot
from test_ui_activity import sentences as _sentences
from test_ui_look import look_at
from test_ui_window import button, press, texts

from earmark.clock import to_ms
from earmark.library import Library
from earmark.paths import Paths
from earmark.settings import load_settings
from earmark.ui.main_window import MainWindow
from earmark.ui.network_page import NetworkPage

DAY_MS = 86_400_000


def asked(library: Library) -> None:
    """Four requests of two days."""
    now_ms = to_ms(NOW)
    library.log_request(now_ms - DAY_MS, "feeds.example.org", "refresh a feed", 200, 48_000)
    library.log_request(now_ms - 3_600_000, "feeds.example.org", "refresh a feed", 304, 0)
    library.log_request(now_ms - 60_000, "audio.example.net", "download an episode", 200, 28_400_000)
    library.log_request(now_ms - 1_000, "audio.example.net", "download an episode", None, 0)


def page_of(window: MainWindow) -> NetworkPage:
    """Network, shown."""
    window.go("Network")
    QApplication.processEvents()
    page = window.pages.currentWidget()
    assert isinstance(page, NetworkPage)
    return page


def sentences(page: NetworkPage) -> list[str]:
    """What a screen reader hears of the rows."""
    return _sentences(page)  # type: ignore[arg-type]


def test_every_request_is_a_sentence_under_its_day(library: Library, show: Show) -> None:
    asked(library)
    page = page_of(show())
    said = sentences(page)
    assert said[0] == "Today"
    assert "audio.example.net: download an episode. no answer." in said[1]
    assert "answered, 28.4 MB" in said[2]
    assert "nothing new" in said[3]
    assert said[4] == "Sunday, 22 November"
    assert "4 requests, 28.4 MB in all. The last 1,000 are kept." in texts(page)


def test_a_request_of_this_moment_is_listed(library: Library, show: Show) -> None:
    window = show()
    page = page_of(window)
    assert "Nothing was asked of anybody yet." in texts(page)
    library.log_request(to_ms(NOW), "feeds.example.org", "refresh a feed", 200, 48_000)
    window.pages.show_here()
    assert any("feeds.example.org" in sentence for sentence in sentences(page))


def test_words_find_requests_by_host_reason_and_outcome(library: Library, show: Show, qtbot: QtBot) -> None:
    asked(library)
    page = page_of(show())
    field = page.findChild(QLineEdit)
    assert field is not None
    qtbot.keyClicks(field, "feeds")
    assert len(sentences(page)) == 4, "two days, two requests"
    field.setText("audio no answer")
    assert len(sentences(page)) == 2
    field.setText("nobody")
    assert "No request has these words." in texts(page)


def test_the_list_is_saved_as_text(library: Library, show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    asked(library)
    window = show()
    page = page_of(window)
    press(qtbot, page, "Save as a text file")
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    file = tmp_path / "requests.txt"
    dialog.fileSelected.emit(str(file))
    dialog.close()
    lines = file.read_text().splitlines()
    assert lines[0] == "time\thost\twhy\tstatus\tbytes"
    assert lines[2].endswith("audio.example.net\tdownload an episode\t200\t28400000")
    assert len(lines) == 5
    assert window.notice.text() == "Saved."


def test_the_offline_switch_is_here_in_the_menu_and_undone(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = Paths(tmp_path / "profile")
    window = show()
    page = page_of(window)
    press(qtbot, page, "Go offline")
    assert load_settings(paths).offline
    assert jobs.tools.choices().offline, "whoever asks the network reads the same file"
    qtbot.waitUntil(lambda: window.places.note.text().startswith("Offline"))
    assert button(page, "Go online")
    press(qtbot, window.notice, "Undo")
    assert not load_settings(paths).offline
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_O, keys)
    assert load_settings(paths).offline
    assert "Offline: nothing is asked of anybody." in window.notice.text()


def test_the_line_at_the_foot_of_the_list_opens_it(library: Library, show: Show, qtbot: QtBot) -> None:
    fill(library)
    window = show()
    window.places.note.setFocus()
    qtbot.keyClick(window.places.note, Qt.Key.Key_Return)
    assert isinstance(window.pages.currentWidget(), NetworkPage)
    assert window.places.note.accessibleName().startswith("Network: Online for feeds only")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_network_is_painted(
    theme: str, library: Library, show: Show, qtbot: QtBot, pytestconfig: pytest.Config
) -> None:
    asked(library)
    window = show(theme=theme)
    page = page_of(window)
    look_at(window, f"network-{theme}", pytestconfig)
    press(qtbot, page, "Go offline")
    page.findChild(QLineEdit).setText("nobody")
    look_at(window, f"network-offline-{theme}", pytestconfig)
