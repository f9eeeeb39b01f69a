"""Bringing shows in through the dialog, a drop or a list, and writing the list of them."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filled_library import FakeJobs, Show, fill
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QRadioButton
from pytestqt.qtbot import QtBot
from test_ui_look import painted
from test_ui_window import plain, press, texts

from earmark.errors import Cancelled, KnownError
from earmark.feeds import FeedLink
from earmark.library import Library
from earmark.paths import resource
from earmark.pipeline import Watch
from earmark.pipeline.bringing import Brought, list_in
from earmark.pipeline.directory import Listing
from earmark.ui import adding
from earmark.ui.add_show import AddShow
from earmark.ui.drops import text_of
from earmark.ui.main_window import MainWindow
from earmark.ui.rows import RowList

LIST = """<opml version="2.0"><body>
<outline text="Ann" xmlUrl="https://example.org/ann"/>
<outline text="Ben" xmlUrl="https://example.org/ben"/>
<outline text="Router" xmlUrl="http://192.168.1.1/feed"/>
<outline text="Ann again" xmlUrl="https://example.org/ann"/>
</body></opml>"""


def dialog_of(window: MainWindow) -> AddShow:
    """The dialog that is open."""
    return next(each for each in window.findChildren(AddShow) if each.isVisible())


def rows_in(dialog: AddShow) -> list[str]:
    """The rows of the list that it shows."""
    listed = next(each for each in dialog.findChildren(RowList) if each.isVisible())
    return [plain(said) for said in listed.text()]


def open_with(window: MainWindow, text: str) -> AddShow:
    """The dialog with a text in it, which Add was pressed on."""
    window.adding.begin(text)
    dialog = dialog_of(window)
    dialog.given.emit(text)
    return dialog


def choices_in(dialog: AddShow) -> list[str]:
    """What can be chosen."""
    return [each.text() for each in dialog.findChildren(QRadioButton) if each.isVisible()]


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """A folder with five recordings."""
    folder = tmp_path / "Talks at home"
    folder.mkdir()
    (sound,) = sorted(resource("demo").glob("*.opus"))[:1]
    for number in range(5):
        shutil.copy(sound, folder / f"Talk {number}.opus")
    return folder


def test_a_folder_is_added_and_asks_how_far_back_with_the_work_of_each_choice(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot, recordings: Path
) -> None:
    window = show()
    dialog = open_with(window, str(recordings))
    offered = choices_in(dialog)
    assert [text.partition(",")[0] for text in offered] == [
        "None for now", "The newest episode", "The newest 3 episodes", "All 5 episodes",
    ]  # fmt: skip
    assert all("of work" in text for text in offered[1:])
    assert "5 episodes have no transcript, and no speech model is chosen to listen to them." in texts(dialog)
    assert next(each.text() for each in dialog.findChildren(QRadioButton) if each.isChecked()) == offered[2]
    press(qtbot, dialog, "Start")
    assert library.library_counts()["waiting"] == 3
    assert ("process",) in jobs.asked
    assert window.desk.history.here == f"show/{library.feeds()[0].id}"
    assert not window.findChildren(AddShow) or not dialog.isVisible()


@pytest.mark.parametrize(("width", "steps"), [(500, 0), (500, 5), (1280, 5)])
def test_the_dialog_is_as_wide_as_its_text_asks_for_and_not_wider_than_the_window(
    width: int, steps: int, show: Show
) -> None:
    window = show()
    window.resize(width, 860)
    for _step in range(steps):
        window.wardrobe.zoom_by(1)
    window.adding.begin("")
    QApplication.processEvents()
    dialog = dialog_of(window)
    assert dialog.width() == min(width, 1280 if steps else 640)
    pressed = [each for each in dialog.findChildren(QPushButton) if each.isVisible()]
    assert len(pressed) == 5
    for each in pressed:
        assert each.width() >= each.sizeHint().width(), each.text()
        assert each.mapTo(dialog, each.rect().topRight()).x() < dialog.width(), each.text()
    window.wardrobe.zoom_by(0)


def test_adding_a_show_again_says_so(library: Library, show: Show, recordings: Path) -> None:
    window = show()
    open_with(window, str(recordings)).reject()
    open_with(window, str(recordings))
    assert "You are subscribed to Talks at home already." in plain(window.notice.text())
    assert len(library.feeds()) == 1


class SlowJobs:
    """Does what is asked only when it is told to, as a thread with other work does."""

    def __init__(self, jobs: FakeJobs, monkeypatch: pytest.MonkeyPatch) -> None:
        self._jobs = jobs
        self._asked: list[tuple[Any, ...]] = []
        monkeypatch.setattr(jobs, "ask", lambda *asked: self._asked.append(asked))

    def find_out(self) -> Callable[[], None]:
        """Do what was asked first; what is given here gives the answer."""
        question, answered = self._asked.pop(0)
        found = question(self._jobs.tools, Watch())
        return lambda: answered(found)


def test_closing_the_dialog_while_it_looks_stops_that_and_nothing_is_added(
    library: Library, jobs: FakeJobs, show: Show, recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, window = SlowJobs(jobs, monkeypatch), show()
    open_with(window, str(recordings)).reject()
    with pytest.raises(Cancelled):
        slow.find_out()
    assert library.feeds() == []


@pytest.mark.parametrize("typed_since", ["", "example.org/other"])
def test_a_show_that_came_as_the_dialog_was_closed_is_taken_back(
    library: Library,
    jobs: FakeJobs,
    show: Show,
    recordings: Path,
    monkeypatch: pytest.MonkeyPatch,
    typed_since: str,
) -> None:
    slow, window = SlowJobs(jobs, monkeypatch), show()
    dialog = open_with(window, str(recordings))
    give = slow.find_out()
    dialog.reject()
    if typed_since:
        window.adding.begin(typed_since)
    give()
    assert library.feeds() == []
    assert (window.notice.text(), window.desk.history.here) == ("", "Today")
    if typed_since:
        assert dialog_of(window).address.toPlainText() == typed_since


@pytest.mark.parametrize(
    "came",
    [
        Brought(feeds=(FeedLink("https://example.org/a"), FeedLink("https://example.org/b"))),
        Brought(problems=(("example.org", "It did not answer."),)),
        KnownError("It did not answer."),
    ],
)
def test_what_comes_for_a_closed_dialog_is_not_told(
    came: Brought | KnownError, jobs: FakeJobs, show: Show, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bring(*_asked: object) -> Brought:
        if isinstance(came, KnownError):
            raise came
        return came

    monkeypatch.setattr(adding, "bring", bring)
    slow, window = SlowJobs(jobs, monkeypatch), show()
    open_with(window, "example.org").reject()
    slow.find_out()()
    assert window.notice.text() == ""


def test_a_list_that_was_taken_in_as_the_dialog_was_closed_is_taken_back(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = show()
    dialog = open_with(window, LIST)
    slow = SlowJobs(jobs, monkeypatch)
    press(qtbot, dialog, "Start")
    give = slow.find_out()
    assert len(library.feeds()) == 2
    dialog.reject()
    give()
    assert library.feeds() == []
    assert window.notice.text() == "The list was taken back."


def test_what_cannot_be_had_is_said_in_the_dialog_and_what_was_typed_stays(
    library: Library, show: Show, qtbot: QtBot
) -> None:
    window = show()
    dialog = open_with(window, "example.org/feed")
    assert any("offline" in text.lower() for text in texts(dialog)), texts(dialog)
    assert dialog.address.toPlainText() == "example.org/feed"
    dialog.given.emit("two words")
    assert any("There is no address of a show in this." in text for text in texts(dialog))


def test_a_list_asks_how_many_of_each_reports_and_is_taken_back(
    library: Library, jobs: FakeJobs, show: Show, qtbot: QtBot
) -> None:
    window = show()
    dialog = open_with(window, LIST)
    assert "A list of 4 shows" in texts(dialog)
    assert library.feeds() == [], "nothing is added before it is chosen"
    press(qtbot, dialog, "Start")
    assert [feed.title for feed in library.feeds()] == ["Ann", "Ben"]
    said = texts(dialog)
    assert "2 shows were added." in said
    assert "2 rows were passed over:" in said
    assert rows_in(dialog)[0].startswith("Router, It lies inside your own network")
    assert rows_in(dialog)[1] == "Ann again, It stands in this list twice., line 5"
    assert ("refresh",) in jobs.asked
    press(qtbot, dialog, "Take it back")
    assert library.feeds() == []


def test_a_list_in_a_file_is_known_by_what_it_holds(tmp_path: Path) -> None:
    file = tmp_path / "shows.txt"
    file.write_text(LIST)
    assert list_in(str(file)) == ("shows.txt", LIST.encode())
    (tmp_path / "notes.txt").write_text("https://example.org")
    assert list_in(str(tmp_path / "notes.txt")) is None
    assert list_in("https://example.org") is None


def test_a_page_with_several_feeds_lets_one_be_chosen_by_keys(
    show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def bring(_tools: object, text: str, _watch: object) -> Brought:
        asked.append(text)
        return Brought(
            feeds=(
                FeedLink(
                    "https://ann:pw@example.org/talks.xml?token=abcdefgh1234", "Talks\u202e of the week"
                ),
                FeedLink("https://example.org/comments/"),
                FeedLink("https://example.org/old.xml", "RSS"),
                FeedLink("https://cdn.example.net/new.xml?page=2", "RSS"),
            )
        )

    monkeypatch.setattr(adding, "bring", bring)
    window = show()
    dialog = open_with(window, "example.org")
    assert "This page has several feeds" in texts(dialog)
    assert rows_in(dialog) == [
        "Talks of the week, example.org", "comments, example.org",
        "RSS, old.xml, example.org", "RSS, new.xml, cdn.example.net",
    ]  # fmt: skip
    listed = dialog.focusWidget()
    assert isinstance(listed, RowList)
    qtbot.keyClick(listed, Qt.Key.Key_Down)
    qtbot.keyClick(listed, Qt.Key.Key_Return)
    assert asked == ["example.org", "https://example.org/comments/"]


def test_a_directory_is_asked_only_on_a_press_and_says_who_learns_what(
    show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def find(_door: object, words: str, *_more: object) -> list[Listing]:
        asked.append(words)
        return [Listing("Ann's talks", "Ann", "https://example.org/ann", 12)]

    monkeypatch.setattr(adding, "find_shows", find)
    window = show()
    window.adding.begin()
    dialog = dialog_of(window)
    assert any("Apple learns these words and this computer's address." in text for text in texts(dialog))
    qtbot.keyClicks(dialog.words, "ann talks")
    assert asked == []
    press(qtbot, dialog, "Ask Apple Podcasts")
    assert asked == ["ann talks"]
    assert rows_in(dialog) == ["Ann's talks, Ann, example.org, 12 episodes"]
    press(qtbot, dialog, "Back")
    assert dialog.words.text() == "ann talks"


def test_what_is_dropped_on_the_window_opens_the_dialog_and_asks_nobody(show: Show, tmp_path: Path) -> None:
    window = show()
    data = QMimeData()
    data.setUrls([QUrl("https://example.org/feed"), QUrl.fromLocalFile(str(tmp_path))])
    action, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    coming = QDragEnterEvent(QPoint(5, 5), action, data, button, keys)
    QApplication.sendEvent(window, coming)
    assert coming.isAccepted()
    QApplication.sendEvent(window, QDropEvent(QPointF(5, 5), action, data, button, keys))
    assert dialog_of(window).address.toPlainText() == f"https://example.org/feed\n{tmp_path}"
    plain_text = QMimeData()
    plain_text.setText(" example.org ")
    assert text_of(plain_text) == "example.org"


def test_the_list_of_shows_is_written(library: Library, show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    fill(library)
    window = show()
    window.go("Library")
    press(qtbot, window, "Write the list to a file")
    chooser = window.findChild(QFileDialog)
    assert chooser is not None
    file = tmp_path / "mine.opml"
    file.write_text("old")
    chooser.fileSelected.emit(str(file))
    chooser.close()
    assert "example.org" in file.read_text()
    assert window.notice.text() == "3 shows were written to mine.opml."


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_steps_of_the_dialog_are_painted(
    theme: str, library: Library, show: Show, pytestconfig: pytest.Config, recordings: Path
) -> None:
    window = show(theme=theme)
    window.adding.begin("https://example.org/feed")
    dialog = dialog_of(window)
    dialog.ask("https://example.org/feed", "example.org did not answer within 60 seconds.")
    keep(dialog, f"add-{theme}", pytestconfig)
    dialog.given.emit(str(recordings))
    keep(dialog, f"add-how-far-{theme}", pytestconfig)
    dialog.given.emit(LIST)
    keep(dialog, f"add-list-{theme}", pytestconfig)
    window.adding._take_list(LIST, 3)
    keep(dialog, f"add-report-{theme}", pytestconfig)
    window.adding._show_found(
        [Listing(f"Talks {n}", "Ann Example", f"https://example.org/{n}", 12 * n) for n in range(9)]
    )
    keep(dialog, f"add-found-{theme}", pytestconfig)


def keep(dialog: AddShow, name: str, config: pytest.Config) -> None:
    """Fail on a blank picture; keep it where the user asked for pictures."""
    QApplication.processEvents()
    for scale in (1, 2):
        image = painted(dialog, scale)
        points = ((x, y) for x in range(0, image.width(), 5) for y in range(0, image.height(), 5))
        assert len({image.pixel(x, y) for x, y in points}) > 8
        folder = config.getoption("--screenshots", default=None)
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            image.save(str(Path(folder) / f"{name}-{scale}00.png"))
