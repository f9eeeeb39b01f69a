"""About: the version, every part with its licence, and facts in which nothing is private."""

from dataclasses import replace
from pathlib import Path

import pytest
from filled_library import SHOWS, Show, fill
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from test_ui_look import look_at
from test_ui_window import press, texts

from earmark import __version__
from earmark.library import Library
from earmark.paths import Paths
from earmark.pipeline.ships import parts
from earmark.settings import change_settings
from earmark.ui.about import AboutPage
from earmark.ui.main_window import MainWindow


def page_of(window: MainWindow) -> AboutPage:
    """About, shown."""
    window.go("About")
    QApplication.processEvents()
    page = window.pages.currentWidget()
    assert isinstance(page, AboutPage)
    return page


def test_every_package_that_is_needed_has_a_licence() -> None:
    named = {part.name.lower(): part for part in parts()}
    assert {"qt", "ffmpeg", "whisper.cpp and ggml", "llama.cpp"} <= set(named)
    assert {"pyside6_essentials", "numpy", "feedparser", "keyring"} <= set(named)
    assert all(part.licence for part in parts())
    assert "MIT" in named["platformdirs"].licence
    assert named["earmark"].version == __version__


def test_the_version_and_the_parts_are_shown(show: Show) -> None:
    page = page_of(show())
    assert any(text.startswith(f"Version {__version__}") for text in texts(page))
    rows = page.rows.rows
    assert any("LGPL-3.0-only" in rows.row(n).sentence for n in range(rows.rowCount()))


def test_p_09_facts_for_a_report_hold_nothing_private(
    library: Library, show: Show, qtbot: QtBot, tmp_path: Path
) -> None:
    fill(library)
    paths = Paths(tmp_path / "profile")
    secret = {
        "speech_model": tmp_path / "canary-model.bin",
        "proxy": "http://canary:canary@canary.example:8080",
        "speech_server": "http://canary.example",
        "glossary": ("canary",),
        "mail_to": "canary@example.org",
    }
    change_settings(paths, lambda now: replace(now, **secret))  # type: ignore[arg-type]
    page = page_of(show())
    press(qtbot, page, "Copy facts for a report")
    copied = QGuiApplication.clipboard().text()
    assert f"Earmark {__version__}" in copied
    assert "6 episodes" in copied
    assert "a proxy" in copied
    assert "own servers: speech" in copied
    for private in ("canary", str(tmp_path), "example.org", *SHOWS):
        assert private not in copied


def test_the_data_folder_opens_or_is_named(
    show: Show, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: False)
    window = show()
    press(qtbot, page_of(window), "Open the data folder")
    assert str(tmp_path / "profile") in window.notice.text()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_about_is_painted(theme: str, show: Show, pytestconfig: pytest.Config) -> None:
    window = show(theme=theme)
    page_of(window)
    look_at(window, f"about-{theme}", pytestconfig)
