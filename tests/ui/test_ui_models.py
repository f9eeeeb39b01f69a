"""Models: what is here and what fits, fetched, paused, taken in, tried, used and thrown away; own servers."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from filled_library import FakeJobs, Show
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QPushButton
from pytestqt.qtbot import QtBot
from test_ui_look import look_at
from test_ui_window import button, press, texts

from earmark.engines import sample_speech_model
from earmark.engines.catalogue import ModelRow
from earmark.errors import Cancelled, KnownError
from earmark.net import Door
from earmark.paths import Paths
from earmark.pipeline import Watch
from earmark.pipeline.models.fetch import part_file
from earmark.records import Progress
from earmark.settings import Settings, change_settings, load_settings
from earmark.ui import models_room
from earmark.ui.below import without_commands
from earmark.ui.dialogs import Question
from earmark.ui.main_window import MainWindow
from earmark.ui.models_page import ModelsPage


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Of the profile that the window shows."""
    return Paths(tmp_path / "profile")


@pytest.fixture
def small_computer(monkeypatch: pytest.MonkeyPatch) -> None:
    """One with 4 GB of memory, of which 2 GB are free."""
    from earmark.pipeline.models import Memory

    monkeypatch.setattr(models_room, "memory_here", lambda: Memory(2 * 10**9, 4 * 10**9))


def page_of(window: MainWindow) -> ModelsPage:
    """Models, shown."""
    window.go("Models")
    QApplication.processEvents()
    page = window.pages.currentWidget()
    assert isinstance(page, ModelsPage)
    return page


def deed(page: ModelsPage, word: str, model: str) -> QPushButton:
    """The button that does something with a model."""
    named = [b for b in page.findChildren(QPushButton) if b.accessibleName().startswith(f"{word}: ")]
    return next(b for b in named if model in b.accessibleName())


def click(qtbot: QtBot, control: QPushButton) -> None:
    """Press it."""
    qtbot.mouseClick(control, Qt.MouseButton.LeftButton)


def test_what_is_here_and_what_suits_is_said_with_size_memory_and_speed(
    show: Show, small_computer: None
) -> None:
    page = page_of(show())
    said = texts(page)
    assert "This computer has 4.0 GB of memory. Everything stays on this computer." in said
    assert any(each.startswith("Writing: SmolLM2") for each in said)
    assert any("its speed here was not measured" in each for each in said)
    assert any(each.startswith("No speech model is chosen") for each in said)
    assert any("English" in each or "many languages" in each for each in said)
    assert sum(b.text() == "Download" for b in page.findChildren(QPushButton)) == 2, (
        "one to listen, one to write"
    )
    assert any("too large" in each for each in said) is False


def test_all_that_can_be_fetched_is_one_press_away(show: Show, qtbot: QtBot, small_computer: None) -> None:
    page = page_of(show())
    press(qtbot, page, "All that can be fetched")
    assert sum(b.text() == "Download" for b in page.findChildren(QPushButton)) > 20
    assert any("too large for this computer" in each for each in texts(page))
    press(qtbot, page, "Only what suits this computer")
    assert sum(b.text() == "Download" for b in page.findChildren(QPushButton)) == 2


def test_english_alone_makes_english_models_the_better_ones(
    show: Show, qtbot: QtBot, small_computer: None
) -> None:
    page = page_of(show())
    press(qtbot, page, "English alone")
    assert any("Listening: whisper" in each and ".en-" in each for each in texts(page))


def test_offline_a_download_says_so_in_its_row_and_asks_nobody(
    jobs: FakeJobs, show: Show, qtbot: QtBot, small_computer: None
) -> None:
    page = page_of(show())
    press(qtbot, page, "Download")
    assert any("offline" in each.casefold() for each in texts(page))
    assert button(page, "Download").isEnabled()


def test_a_download_shows_how_far_it_is_pauses_and_goes_on(
    jobs: FakeJobs,
    show: Show,
    qtbot: QtBot,
    paths: Paths,
    small_computer: None,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    held: list[tuple[object, ...]] = []
    real = jobs.beside
    monkeypatch.setattr(jobs, "beside", lambda *call: held.append(call) if held is not None else real(*call))
    window = show()
    window.go("Models")
    work, answered, refused = held.pop()
    real(work, answered, refused)  # type: ignore[arg-type]
    page = window.pages.currentWidget()
    assert isinstance(page, ModelsPage)

    def fetch(_door: Door, models: Path, row: ModelRow, _hub: str, watch: Watch, _clock: object) -> Path:
        part_file(models / row.file).write_bytes(b"x" * 3_000_000)
        assert watch.cancelled()
        raise Cancelled

    monkeypatch.setattr(models_room, "fetch_model", fetch)
    press(qtbot, page, "Download")
    work, answered, refused = held.pop()
    row_id = next(iter(window.pages._room("Models")._busy))  # type: ignore[attr-defined]
    jobs.progressed.emit(Progress("Downloading", row_id, 0.25, 120, "15 MB of 60 MB, 400 kB a second"))
    assert "Downloading, 15 MB of 60 MB, 400 kB a second, about 2 min left" in texts(page)
    press(qtbot, page, "Pause")
    real(work, answered, refused)  # type: ignore[arg-type]
    work, answered, refused = held.pop()
    real(work, answered, refused)  # type: ignore[arg-type]
    assert "3 MB are here" in texts(page)
    assert button(page, "Go on")
    monkeypatch.setattr(jobs, "beside", real)
    press(qtbot, page, "Throw it away")
    assert not list(paths.models.glob("*.part"))
    assert "3 MB are here" not in texts(page)


def test_a_file_of_the_users_is_taken_in_and_used_with_undo(
    jobs: FakeJobs, show: Show, qtbot: QtBot, paths: Paths, tmp_path: Path, small_computer: None
) -> None:
    own = tmp_path / "my-ears.bin"
    shutil.copy(sample_speech_model(Paths(tmp_path / "other")), own)
    window = show()
    page = page_of(window)
    press(qtbot, page, "Add a file I have")
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(own))
    dialog.close()
    assert (paths.models / "my-ears.bin").is_file()
    press(qtbot, window.notice, "Use it")
    assert load_settings(paths).speech_model == paths.models / "my-ears.bin"
    assert jobs.asked[-1] == ("reopen",), "it counts from now on, not from the next start"
    assert any(each.startswith("Listening: my-ears.bin") for each in texts(page))
    press(qtbot, window.notice, "Undo")
    assert load_settings(paths).speech_model is None
    assert window.notice.text() == "As it was before.", "what is taken back is not offered to be taken back"
    assert "Undo" not in texts(window.notice)
    click(qtbot, deed(page, "Delete", "my-ears.bin"))
    question = window.findChild(Question)
    assert question is not None
    press(qtbot, question, "Delete")
    assert not (paths.models / "my-ears.bin").exists()
    assert own.exists(), "the user's own file stays"


def test_a_file_that_is_no_model_is_refused_in_words(
    show: Show, qtbot: QtBot, tmp_path: Path, small_computer: None
) -> None:
    wrong = tmp_path / "notes.bin"
    wrong.write_bytes(b"no model at all" * 100)
    window = show()
    page = page_of(window)
    press(qtbot, page, "Use a file where it lies")
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(wrong))
    dialog.close()
    assert "notes.bin" in window.notice.text()
    assert "earmark models" not in window.notice.text()


def test_another_folder_is_kept_and_taken_into_use(
    jobs: FakeJobs, show: Show, qtbot: QtBot, paths: Paths, tmp_path: Path, small_computer: None
) -> None:
    window = show()
    page = page_of(window)
    press(qtbot, page, "Another folder")
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    dialog.fileSelected.emit(str(tmp_path))
    dialog.close()
    assert load_settings(paths).models_folder == tmp_path
    assert ("reopen",) in jobs.asked


def test_a_server_that_does_not_answer_is_told_beside_its_address_and_not_kept(
    show: Show, qtbot: QtBot, paths: Paths, small_computer: None
) -> None:
    page = page_of(show())
    fields = [f for f in page.findChildren(QLineEdit) if f.accessibleName() == "To listen"]
    fields[0].setText("http://127.0.0.1:9")
    click(qtbot, deed(page, "Use this server", "To listen"))
    assert load_settings(paths).speech_server is None
    assert any("127.0.0.1" in each or "offline" in each.casefold() for each in texts(page))


def test_a_server_in_use_is_told_in_the_first_line_and_stopped_with_undo(
    show: Show, qtbot: QtBot, paths: Paths, small_computer: None
) -> None:
    change_settings(paths, lambda now: replace(now, speech_server="http://192.168.1.20:8080"))
    window = show()
    page = page_of(window)
    assert any("Audio is sent to 192.168.1.20, as you asked." in each for each in texts(page))
    click(qtbot, deed(page, "Stop using it", "To listen"))
    assert load_settings(paths) == Settings()
    press(qtbot, window.notice, "Undo")
    assert load_settings(paths).speech_server == "http://192.168.1.20:8080"


def test_faults_lose_what_is_typed_into_a_terminal() -> None:
    assert without_commands("Free some (earmark models clean shows what can go), or set another.") == (
        "Free some, or set another."
    )
    assert without_commands("It is gone. Bring it back, or choose another with: earmark models use FILE") == (
        "It is gone. Bring it back."
    )
    assert without_commands("The disk is full.") == "The disk is full."


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_models_are_painted(
    theme: str,
    jobs: FakeJobs,
    show: Show,
    qtbot: QtBot,
    paths: Paths,
    small_computer: None,
    monkeypatch: pytest.MonkeyPatch,
    pytestconfig: pytest.Config,
) -> None:
    def refuse(*_all: object) -> Path:
        raise KnownError("huggingface.co cannot be reached. Is this computer online?")

    monkeypatch.setattr(models_room, "fetch_model", refuse)
    window = show(theme=theme)
    page = page_of(window)
    look_at(window, f"models-{theme}", pytestconfig)
    press(qtbot, page, "Download")
    monkeypatch.setattr(jobs, "beside", lambda *_call: None)
    press(qtbot, page, "Download")
    room = window.pages._room("Models")
    busy = next(iter(room._busy))  # type: ignore[attr-defined]
    jobs.progressed.emit(Progress("Downloading", busy, 0.25, 120, "15 MB of 60 MB, 400 kB a second"))
    page.verticalScrollBar().setValue(260)
    look_at(window, f"models-busy-{theme}", pytestconfig)
    page.verticalScrollBar().setValue(10_000)
    look_at(window, f"models-foot-{theme}", pytestconfig)
