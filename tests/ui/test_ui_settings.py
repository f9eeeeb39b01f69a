"""Settings: each choice is kept at once and taken back, bad values are explained, the taste is the user's."""

from dataclasses import fields
from pathlib import Path

import keyring
import pytest
from filled_library import FakeJobs, Show, fill, insight
from keyring.backend import KeyringBackend
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot
from test_ui_look import look_at
from test_ui_window import button, press, texts

from earmark.library import Library
from earmark.paths import Paths
from earmark.settings import Settings, change_settings, load_settings, settings_file
from earmark.taste import Lesson, Taste, load_taste, save_taste, taste_file
from earmark.ui.dialogs import Question
from earmark.ui.main_window import MainWindow
from earmark.ui.settings_list import by_key, groups
from earmark.ui.settings_page import SettingsPage

ELSEWHERE = {
    "speech_model",
    "language_model",
    "models_folder",
    "speech_server",
    "speech_server_model",
    "language_server",
    "language_server_model",
    "podcastindex_key",
    "language",
    "welcomed",
}
"""Chosen under Models, while looking for a show, and with the program's translations."""


def page_of(window: MainWindow, address: str = "Settings") -> SettingsPage:
    """Settings, shown."""
    window.go(address)
    QApplication.processEvents()
    page = window.pages.currentWidget()
    assert isinstance(page, SettingsPage)
    return page


def field(page: SettingsPage, name: str) -> QLineEdit:
    """The field whose name begins so."""
    return next(each for each in page.findChildren(QLineEdit) if each.accessibleName().startswith(name))


def type_in(qtbot: QtBot, line: QLineEdit, text: str) -> None:
    """Type a value and press Enter."""
    line.setFocus()
    line.selectAll()
    qtbot.keyClicks(line, text)
    qtbot.keyClick(line, Qt.Key.Key_Return)


@pytest.fixture
def paths(tmp_path: Path) -> Paths:
    """Of the profile that the window shows."""
    return Paths(tmp_path / "profile")


def test_every_setting_has_a_place(show: Show) -> None:
    known = {each.name for each in fields(Settings)}
    assert set(by_key(groups())) == known - ELSEWHERE


def test_a_word_that_is_pressed_is_kept_at_once_and_taken_back(
    show: Show, qtbot: QtBot, paths: Paths
) -> None:
    window = show()
    page = page_of(window)
    press(qtbot, page, "Fast")
    assert load_settings(paths).mode == "fast"
    assert window.notice.text() == "How hard this computer works: Fast."
    press(qtbot, window.notice, "Undo")
    assert load_settings(paths).mode == "balanced"
    assert button(page, "Balanced").isChecked()


def test_what_is_typed_is_kept_and_what_makes_no_sense_is_explained_beside_it(
    show: Show, qtbot: QtBot, paths: Paths
) -> None:
    window = show()
    page = page_of(window)
    type_in(qtbot, field(page, "Ready at"), "6.30")
    assert load_settings(paths).brief_time == "06:30"
    type_in(qtbot, field(page, "Ready at"), "late")
    assert "A time of day, like 07:00." in texts(page)
    assert load_settings(paths).brief_time == "06:30"
    assert field(page, "Ready at").text() == "late", "what was typed can be mended"
    type_in(qtbot, field(page, "Ready at"), "06:30")
    assert "A time of day, like 07:00." not in texts(page)
    type_in(qtbot, field(page, "Largest recording"), "0")
    assert "A whole number from 1 to 100000." in texts(page)
    type_in(qtbot, field(page, "Proxy"), "nonsense")
    assert "An address like http://HOST:PORT or socks5://HOST:PORT." in texts(page)
    type_in(qtbot, field(page, "To"), "nobody")
    assert any("is not a mail address" in text for text in texts(page))
    assert load_settings(paths) == Settings(brief_time="06:30")


def test_a_change_in_an_editor_shows_and_a_broken_file_is_told(
    show: Show, qtbot: QtBot, paths: Paths
) -> None:
    page = page_of(show())
    settings_file(paths).write_text('mode = "quiet"\nbrief_time = "05:15"\n')
    qtbot.waitUntil(lambda: button(page, "Quiet").isChecked(), timeout=5000)
    assert field(page, "Ready at").text() == "05:15"
    settings_file(paths).write_text('mode = "q')
    qtbot.waitUntil(lambda: any("settings.toml" in text and "line" in text for text in texts(page)))
    assert button(page, "Quiet").isChecked(), "what was good before counts"


def test_undo_takes_back_only_what_was_changed(show: Show, qtbot: QtBot, paths: Paths) -> None:
    window = show()
    page = page_of(window)
    press(qtbot, page, "Fast")
    change_settings(paths, lambda _now: Settings(mode="fast", brief_time="04:00"))
    press(qtbot, window.notice, "Undo")
    assert load_settings(paths) == Settings(mode="balanced", brief_time="04:00")


def test_words_of_the_user_are_added_and_taken_out_with_undo(show: Show, qtbot: QtBot, paths: Paths) -> None:
    window = show()
    page = page_of(window)
    type_in(qtbot, field(page, "Add: What you care about"), "sleep and memory")
    type_in(qtbot, field(page, "Add: Muted words"), "crypto")
    type_in(qtbot, field(page, "Add: Names and words"), "Anthropik")
    assert load_taste(paths) == Taste(interests=("sleep and memory",), muted_words=("crypto",))
    assert load_settings(paths).glossary == ("Anthropik",)
    out = next(b for b in page.findChildren(type(button(page, "Add"))) if "crypto" in b.accessibleName())
    qtbot.mouseClick(out, Qt.MouseButton.LeftButton)
    assert load_taste(paths).muted_words == ()
    press(qtbot, window.notice, "Undo")
    assert load_taste(paths).muted_words == ("crypto",)


def test_a_lesson_is_taken_back_and_learned_again(
    library: Library, show: Show, qtbot: QtBot, paths: Paths
) -> None:
    fill(library)
    lesson = Lesson("more-sleep", True, "topic", "sleep", "More on sleep.", 2.0, (insight(1).id,))
    save_taste(paths, Taste(lessons=(lesson,)))
    taught: dict[tuple[object, str], str | None] = {(insight(1).id, "topic"): "more-sleep"}
    library.store_taught(taught)  # type: ignore[arg-type]
    window = show()
    page = page_of(window)
    assert "More on sleep." in texts(page)
    press(qtbot, page, "Take back")
    assert load_taste(paths).lessons == ()
    assert library.taught() == {(insight(1).id, "topic"): None}
    press(qtbot, window.notice, "Undo")
    assert load_taste(paths).lessons == (lesson,)
    assert library.taught() == taught


def test_everything_is_forgotten_only_after_a_clear_question(show: Show, qtbot: QtBot, paths: Paths) -> None:
    save_taste(paths, Taste(interests=("sleep",)))
    window = show()
    page = page_of(window)
    press(qtbot, page, "Forget everything")
    question = window.findChild(Question)
    assert question is not None
    assert any("cannot be taken back" in text for text in texts(question))
    press(qtbot, question, "Cancel")
    assert load_taste(paths).interests == ("sleep",)
    press(qtbot, page, "Forget everything")
    asked = [each for each in window.findChildren(Question) if each.isVisible()]
    press(qtbot, asked[-1], "Forget")
    assert load_taste(paths) == Taste()
    assert "sleep" not in texts(page)


def test_the_look_changes_at_once(show: Show, qtbot: QtBot, paths: Paths) -> None:
    window = show()
    page = page_of(window)
    press(qtbot, page, "Dark")
    assert window.palette().window().color().name().upper() == "#15171A"
    press(qtbot, window.notice, "Undo")
    press(qtbot, page, "Light")
    assert window.palette().window().color().name().upper() == "#FAF9F6"


def test_a_size_of_text_that_keys_chose_is_shown_as_chosen(show: Show, qtbot: QtBot) -> None:
    window = show()
    page = page_of(window)
    for percent in (110, 125, 150, 175, 200, 250, 300):
        qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
        page.looked_again.emit()
        assert button(page, f"{percent}%").isChecked()
    window.wardrobe.zoom_by(0)


def test_the_files_open_and_are_there(
    show: Show, qtbot: QtBot, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return False

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    window = show()
    page = page_of(window, "Settings/files")
    for control in [b for b in page.findChildren(type(button(page, "Open"))) if b.text().startswith("Open")]:
        qtbot.mouseClick(control, Qt.MouseButton.LeftButton)
    assert opened == [str(settings_file(paths)), str(taste_file(paths)), str(paths.data)]
    assert settings_file(paths).exists()
    assert taste_file(paths).exists()
    assert str(paths.data) in window.notice.text(), "where nothing opens it, it says where it lies"


class Keyring(KeyringBackend):
    """The system's keyring, in memory."""

    priority = 1  # type: ignore[assignment]

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        """What is kept."""
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        """Kept."""
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        """Gone."""
        del self.kept[service, username]


def test_mail_is_set_up_with_its_password_in_the_keyring_alone_and_forgotten(
    jobs: FakeJobs, show: Show, qtbot: QtBot, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Keyring()
    before = keyring.get_keyring()
    keyring.set_keyring(kept)
    monkeypatch.setattr(keyring, "get_keyring", lambda: kept)
    try:
        window = show()
        page = page_of(window, "Settings/mail")
        assert "Forget the server" not in texts(page)
        type_in(qtbot, field(page, "Mail server"), "smtp.example.org:465")
        type_in(qtbot, field(page, "Name to log in"), "ann")
        type_in(qtbot, field(page, "Password"), "canary-5")
        assert kept.kept == {("Earmark mail", "ann@smtp.example.org"): "canary-5"}
        assert "canary-5" not in settings_file(paths).read_text()
        assert field(page, "Password").text() == ""
        press(qtbot, page, "Send the newest brief now")
        assert jobs.asked[-1][0] == "run"
        press(qtbot, page, "Forget the server")
        assert load_settings(paths) == Settings()
        assert kept.kept == {}
    finally:
        keyring.set_keyring(before)


def test_a_group_has_an_address_of_its_own(show: Show, qtbot: QtBot) -> None:
    window = show()
    page = page_of(window)
    assert page.verticalScrollBar().value() == 0
    press(qtbot, page, "Recordings")
    qtbot.waitUntil(lambda: page.verticalScrollBar().value() > 300)
    assert window.desk.history.here == "Settings/recordings"
    assert window.places.buttons["Settings"].isChecked()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("section", ["brief", "taste", "work", "network", "mail", "look"])
def test_settings_are_painted(
    theme: str, section: str, show: Show, qtbot: QtBot, paths: Paths, pytestconfig: pytest.Config
) -> None:
    lesson = Lesson("more-sleep", True, "topic", "sleep", "More on sleep, since you saved two on it.", 2.0)
    save_taste(paths, Taste(interests=("sleep and memory", "small software businesses"), lessons=(lesson,)))
    change_settings(paths, lambda _now: Settings(mail_server="smtp.example.org:465"))
    window = show(theme=theme)
    page = page_of(window, f"Settings/{section}")
    if section == "brief":
        type_in(qtbot, field(page, "Ready at"), "late")
    QApplication.processEvents()
    look_at(window, f"settings-{section}-{theme}", pytestconfig)
