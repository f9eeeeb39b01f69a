"""The self-test's look at Qt: a real window with a real library, and a real audio file loaded."""

import os
import tempfile
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QEventLoop, QTimer, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from earmark.app import open_tools
from earmark.clock import system_clock
from earmark.jobs import Jobs
from earmark.library import open_reader
from earmark.paths import Paths
from earmark.settings import Choices
from earmark.ui.main_window import MainWindow
from earmark.window import has_screen

WAIT_MS = 10_000
LIBRARY_OF_PULSE = "libpulse0"


def show_a_window() -> str:
    """Open the main window on an empty library, look at its pixels, close it."""
    application = _application()
    with tempfile.TemporaryDirectory() as folder:
        paths = Paths(Path(folder) / "profile")
        jobs = Jobs(lambda: open_tools(paths))
        jobs.start()
        try:
            with open_reader(paths) as reader:
                window = MainWindow(
                    reader, jobs, clock=system_clock, choices=Choices(paths), audio_path=lambda _id: None
                )
                window.show()
                application.processEvents()
                image = window.grab().toImage()
                colours = _colours(image)
                window.close()
        finally:
            jobs.shutdown()
    if len(colours) < 3:
        raise AssertionError("the window stayed blank")
    return f"{image.width()} x {image.height()} pixels shown by Qt's “{application.platformName()}” platform"


def load_audio(file: Path) -> str:
    """Load an audio file in the player; the reason when this system cannot play."""
    try:
        from PySide6.QtMultimedia import QMediaPlayer
    except ImportError as error:
        reason = f"Playing sound needs a library of the system ({error}). Debian: {LIBRARY_OF_PULSE}"
        raise ImportError(reason) from error
    _application()
    player = QMediaPlayer()
    if not player.isAvailable():
        raise RuntimeError("Qt found no way to play sound here.")
    loop = QEventLoop()
    player.durationChanged.connect(loop.quit)
    QTimer.singleShot(WAIT_MS, loop.quit)
    player.setSource(QUrl.fromLocalFile(str(file)))
    clock = QElapsedTimer()
    clock.start()
    while player.duration() <= 0 and clock.elapsed() < WAIT_MS:
        loop.exec()
    if player.duration() <= 0:
        raise RuntimeError("The sample audio could not be loaded.")
    return f"loaded {player.duration() / 1000:.0f} s of audio"


def _colours(image: QImage) -> set[int]:
    points = ((x, y) for x in range(0, image.width(), 7) for y in range(0, image.height(), 7))
    return {image.pixel(x, y) for x, y in points}


def _application() -> QApplication:
    if not has_screen():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    existing = QApplication.instance()
    return existing if isinstance(existing, QApplication) else QApplication([])
