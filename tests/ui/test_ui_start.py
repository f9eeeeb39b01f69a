"""The start of the window: the brief is painted before anything is loaded that it does not need."""

import gc
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from filled_library import NOW, fill, insight
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from conftest import Show
from earmark.app import open_tools
from earmark.errors import KnownError
from earmark.jobs import Jobs
from earmark.library import Library, LibraryInUse, is_at_hand, open_library
from earmark.paths import Paths
from earmark.records import Progress
from earmark.ui.desk import Desk, Room
from earmark.ui.main_window import MainWindow
from earmark.ui.pages import ROOMS
from earmark.window import open_window

NOT_YET = [
    "numpy",
    "sqlite_utils",
    "feedparser",
    "httpcore2",
    "h11",
    "tomlkit",
    "keyring",
    "click",
    "psutil",
    "msgspec",
    "nh3",
    "listparser",
    "PySide6.QtMultimedia",
    "PySide6.QtSvg",
    "PySide6.QtPrintSupport",
    "PySide6.QtDBus",
    "earmark.app",
    "earmark.net.door",
    "earmark.engines.public",
    "earmark.insights",
    "earmark.feeds",
    "earmark.export",
    "earmark.pipeline.public",
    "earmark.pipeline.tools",
    "earmark.pipeline.work",
    "earmark.ui.library_room",
    "earmark.ui.show_room",
    "earmark.ui.insight_room",
    "earmark.ui.search_room",
    "earmark.ui.models_room",
    "earmark.ui.settings_room",
    "earmark.ui.adding",
    "earmark.ui.find_command",
]
"""What the first sight of the window waits for no longer."""

START = """
import gc, json, sys
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel

import earmark.ui.painted
from earmark.paths import Paths
from earmark.window import open_window

told = {}
when_painted = earmark.ui.painted.when_painted


def look_and_go_on(window, then):
    def look():
        told["frozen"] = gc.get_freeze_count()
        told["loaded"] = [name for name in sys.modules]
        told["texts"] = [each.accessibleName() or each.text() for each in window.findChildren(QLabel)]
        told["buttons"] = [str(each.accessibleName()) for each in window.pages.currentWidget()._stops()]
        then()
        wait.start(20)

    def look_later():
        if gc.get_freeze_count() > told["frozen"] + 10_000 and "earmark.ui.about" in sys.modules:
            told["later"] = [name for name in sys.modules]
            wait.stop()
            window.leave()

    wait = QTimer(window)
    wait.timeout.connect(look_later)
    when_painted(window, look)


earmark.ui.painted.when_painted = look_and_go_on
now = datetime.fromisoformat(sys.argv[2])
told["code"] = open_window(Paths(Path(sys.argv[1])), first_refresh=False, clock=lambda: now)
print(json.dumps(told))
"""

BOX = """
import json, os, sys
from pathlib import Path

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QPushButton

import earmark.window
from earmark.__main__ import main

told = Path(sys.argv.pop())
the_application = earmark.window.the_application


def application_that_is_looked_at():
    application = the_application()
    look = QTimer(application)
    look.timeout.connect(lambda: see(look))
    look.start(20)
    QTimer.singleShot(60_000, application, lambda: os._exit(3))
    return application


def see(look):
    box = QApplication.activeModalWidget()
    if isinstance(box, QMessageBox):
        look.stop()
        label = box.findChild(QLabel, "qt_msgbox_label")
        label.setSelection(0, len(label.text()))
        QTest.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        (close,) = box.findChildren(QPushButton)
        told.write_text(json.dumps([box.text(), QApplication.clipboard().text(), close.text()]))
        close.click()


earmark.window.the_application = application_that_is_looked_at
main()
"""


@pytest.fixture
def paths(library: Library, tmp_path: Path) -> Paths:
    """A profile with a brief, which nobody owns."""
    fill(library)
    library.close()
    return Paths(tmp_path / "profile")


def test_the_brief_is_painted_before_what_it_does_not_need_is_loaded(paths: Paths) -> None:
    screen = {"QT_QPA_PLATFORM": "offscreen", "DISPLAY": os.environ.get("DISPLAY", ":0")}
    ended = subprocess.run(
        [sys.executable, "-c", START, str(paths.data), NOW.isoformat()],
        env={**os.environ, **screen},
        stdout=subprocess.PIPE,
        check=True,
        text=True,
        timeout=120,
    )
    told = json.loads(ended.stdout)
    assert any(insight(0).headline in text for text in told["texts"] + told["buttons"])
    assert sorted(set(NOT_YET) & set(told["loaded"])) == []
    assert {"earmark.app", "earmark.pipeline.tools", "earmark.ui.library_room"} <= set(told["later"])
    assert told["code"] == 0


@pytest.mark.parametrize("fault", ["damaged", "newer"])
@pytest.mark.parametrize("read", [True, False], ids=["read", "from its icon"])
@pytest.mark.skipif(
    shutil.which("xvfb-run") is None, reason="needs an X server, for only a screen is looked at"
)
def test_a_fault_before_the_window_is_said_on_the_screen_where_nobody_reads_the_terminal(
    fault: str, read: bool, paths: Paths, tmp_path: Path
) -> None:
    if fault == "newer":
        with closing(sqlite3.connect(paths.library)) as db:
            db.execute("PRAGMA user_version = 999")
    else:
        paths.library.write_bytes(b"no library" * 1000)
    words, told, code = tmp_path / "words", tmp_path / "told.json", tmp_path / "code"
    # Its own code: xvfb-run has others, and 5 when X takes its time to tidy up.
    noted = ["sh", "-c", 'code=$1; shift; "$@"; echo $? > "$code"', "sh", str(code)]
    program = [sys.executable, "-c", BOX, "--data-dir", str(paths.data), str(told)]
    with words.open("wb") as journal:
        ended = subprocess.run(
            ["xvfb-run", "-a", *noted, *program],
            env={**os.environ, "QT_QPA_PLATFORM": "xcb", "LC_ALL": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            stdout=journal,
            stderr=subprocess.PIPE if read else journal,
            timeout=120,
            check=False,
        )
    printed = (words.read_bytes() + (ended.stderr or b"")).decode()
    says = printed.partition("earmark: ")[2].splitlines()[0]
    assert code.read_text() == "1\n", printed
    assert {"newer": "Install the newer version", "damaged": "is damaged"}[fault] in says
    assert told.exists() != read
    if not read:
        assert json.loads(told.read_text()) == [says, says, "Close"]


@pytest.fixture
def like_the_program(monkeypatch: pytest.MonkeyPatch, qapp: QApplication) -> Iterator[None]:
    """What the program changes in its process for good is put back."""
    monkeypatch.setattr("earmark.window.has_screen", lambda: True)
    every_s = sys.getswitchinterval()
    yield
    gc.enable()
    gc.unfreeze()
    sys.setswitchinterval(every_s)
    for sweep in qapp.findChildren(QTimer, options=Qt.FindChildOption.FindDirectChildrenOnly):
        sweep.stop()


@pytest.mark.usefixtures("like_the_program")
def test_a_library_that_somebody_owns_is_not_shown(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("earmark.ui.first_one.PATIENCE_MS", 0)
    monkeypatch.setattr("earmark.ui.main_window.MainWindow.show", lambda _window: pytest.fail("it was shown"))
    with open_library(paths), pytest.raises(LibraryInUse):
        open_window(paths)


@pytest.mark.usefixtures("like_the_program")
def test_a_window_whose_library_was_taken_meanwhile_ends_and_says_so(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.ui.first_one.PATIENCE_MS", 0)
    monkeypatch.setattr("earmark.window.is_at_hand", lambda _paths: True)
    with open_library(paths), pytest.raises(LibraryInUse):
        open_window(paths)


@pytest.mark.usefixtures("like_the_program")
def test_what_was_done_in_a_window_that_never_got_its_library_is_said_to_be_lost(
    paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.ui.first_one.PATIENCE_MS", 0)
    monkeypatch.setattr("earmark.window.is_at_hand", lambda _paths: True)
    show = MainWindow.show

    def save_and_show(window: MainWindow) -> None:
        window.desk.save(insight(0).id, True)
        show(window)

    monkeypatch.setattr(MainWindow, "show", save_and_show)
    with open_library(paths), pytest.raises(KnownError, match="you did meanwhile could not be kept"):
        open_window(paths)


def test_only_a_library_of_this_form_that_is_free_is_at_hand(paths: Paths, tmp_path: Path) -> None:
    assert is_at_hand(paths)
    with open_library(paths) as library:
        assert not is_at_hand(paths)
        library._db.execute("PRAGMA user_version = 1")
    assert not is_at_hand(paths)
    assert not is_at_hand(Paths(tmp_path / "nothing"))


def test_jobs_that_begin_say_when_the_library_is_theirs(paths: Paths, qtbot: QtBot) -> None:
    jobs = Jobs(lambda: open_tools(paths))
    with qtbot.waitSignal(jobs.opened, timeout=60_000) as told:
        jobs.begin()
    assert told.args == [None]
    with qtbot.waitSignal(jobs.opened, timeout=5_000) as told:
        jobs.begin()  # once more does no harm
    assert told.args == [None]
    other = Jobs(lambda: open_tools(paths))
    with qtbot.waitSignal(other.opened, timeout=60_000) as told:
        other.begin()
    assert told.args is not None
    assert isinstance(told.args[0], KnownError)
    jobs.shutdown()
    other.shutdown()


def test_jobs_that_were_ended_do_not_begin(paths: Paths, qtbot: QtBot) -> None:
    jobs = Jobs(lambda: open_tools(paths))
    jobs.shutdown()
    jobs.begin()
    assert is_at_hand(paths)


def test_every_address_leads_to_the_room_that_knows_it(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    for kind in ROOMS:
        room: Room = window.pages._room(kind)
        assert kind in room.kinds
        assert set(room.kinds) <= set(ROOMS)
        assert window.pages._room(kind) is room


def test_a_room_made_late_knows_that_the_work_rests_and_what_was_done(library: Library, show: Show) -> None:
    fill(library)
    window = show()
    window.pause_or_go_on()
    assert "Activity" not in window.pages._rooms
    window.go("Activity")
    page = window.pages.currentWidget()
    assert page is not None
    assert "Go on" in [word.text() for word in page.findChildren(QPushButton)]


def test_what_is_followed_late_is_told_what_was_told_last(library: Library, show: Show) -> None:
    window = show()
    desk: Desk = window.desk
    desk.progressed.emit(Progress("Listening", "Episode"))
    desk.rested.emit(True)
    seen: list[object] = []
    desk.follow(seen.append, seen.append)
    assert seen == [True, Progress("Listening", "Episode")]
    desk.progressed.emit(None)
    desk.rested.emit(False)
    desk.follow(seen.append, seen.append)
    assert seen[2:] == [None, False]


HEAPS_OF_MANY_THREADS = """
import ctypes, sys, threading
from earmark.window import be_modest
if sys.argv[1] == "small":
    be_modest()
c, gate = ctypes.CDLL(None), threading.Barrier(9)
c.malloc.restype = c.fopen.restype = ctypes.c_void_p
def work():
    c.malloc(100)
    gate.wait()
threads = [threading.Thread(target=work) for _ in range(8)]
[thread.start() for thread in threads]
gate.wait()
file = ctypes.c_void_p(c.fopen(sys.argv[2].encode(), b"w"))
c.malloc_info(0, file)
c.fclose(file)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="heaps of threads are glibc's")
def test_all_threads_of_the_window_share_two_heaps(tmp_path: Path) -> None:
    counts = []
    for how in ("as ever", "small"):
        told = tmp_path / how
        subprocess.run([sys.executable, "-c", HEAPS_OF_MANY_THREADS, how, str(told)], check=True)
        counts.append(told.read_text().count("<heap nr="))
    assert counts[0] > counts[1] == 2


COMPUTES = """
from earmark.window import be_modest
be_modest()
import os
import numpy as np
many = np.ones((900, 900), np.float32)
many @ many
print(len(os.listdir("/proc/self/task")))
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="counts the threads that /proc names")
def test_what_the_window_computes_takes_one_core() -> None:
    done = subprocess.run([sys.executable, "-c", COMPUTES], check=True, capture_output=True, text=True)
    assert done.stdout == "1\n"
