"""A real library in a real window."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from filled_library import NOW, FakeJobs, Show
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from earmark.library import Library, open_library, open_reader
from earmark.paths import Paths
from earmark.settings import Choices
from earmark.ui.main_window import MainWindow
from earmark.ui.remembered import Remembered
from earmark.ui.theme import Theme


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--screenshots DIR` keeps a picture of every place."""
    parser.addoption("--screenshots", metavar="DIR", help="keep pictures of every place in this folder")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """An empty library."""
    with open_library(Paths(tmp_path / "profile")) as opened:
        yield opened


@pytest.fixture
def jobs(library: Library, tmp_path: Path) -> Iterator[FakeJobs]:
    """Who works for the window."""
    made = FakeJobs(library, Paths(tmp_path / "profile"))
    yield made
    made.close()


@pytest.fixture
def show(jobs: FakeJobs, tmp_path: Path, qtbot: QtBot) -> Iterator[Show]:
    """`show(theme=..., audio=...)`: the window over the library, shown and exposed."""
    reader = open_reader(Paths(tmp_path / "profile"))
    windows: list[MainWindow] = []

    def shown(
        theme: Theme = "light", audio: Path | None = None, remembered: Remembered | None = None
    ) -> MainWindow:
        window = MainWindow(
            reader,
            jobs,
            clock=lambda: NOW,
            choices=Choices(Paths(tmp_path / "profile")),
            audio_path=lambda _id: audio,
            theme=theme,
            remembered=remembered,
        )
        windows.append(window)
        qtbot.addWidget(window)
        with qtbot.waitActive(window):
            window.show()
            window.activateWindow()  # bare X11 has nobody else to do it
        QApplication.processEvents()
        return window

    yield shown
    for window in windows:
        window.close()
    reader.close()
