"""The Library page lists what is looked at, and asks for no more."""

import pytest
from pytestqt.qtbot import QtBot
from test_ui_window import here, press, texts

from conftest import Show
from earmark.library import Library, Reader
from earmark.records import ParsedEpisode, ParsedFeed


def test_the_newest_of_a_show_are_listed_all_when_wanted_and_the_library_is_not_read_whole(
    library: Library, show: Show, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = tuple(
        ParsedEpisode(f"g{n}", f"Number {n}", 1_000 + n, None, (), None, "", None) for n in range(7)
    )
    feed_id = library.add_feed("https://example.org/1", ParsedFeed("Shop Talk", None, "", None, ()))
    library.apply_refresh(
        feed_id, new=items, changed=[], title="Shop Talk", link=None, language=None, url="https://example.org/1",
        etag=None, last_modified=None, body_sha256=None, now_ms=1, backlog=2,
    )  # fmt: skip
    newest = library.episode_rows()[0].id
    library.skip([newest])
    for name in ("episodes", "jobs"):
        monkeypatch.setattr(Reader, name, lambda *_: pytest.fail("the whole library was read"))
    window = show()
    window.pages.go("Library")

    def listed() -> list[str]:
        return [text for text in texts(here(window)) if text.startswith("Number")]

    assert listed() == [f"Number {n}" for n in (6, 5, 4, 3, 2)]
    told = texts(here(window))
    assert "7 episodes" in told
    assert (told.count("skipped"), told.count("waiting"), told.count("not asked for")) == (1, 1, 3)
    press(qtbot, here(window), "All 7 episodes")
    assert len(listed()) == 7
    press(qtbot, here(window), "Only the newest")
    assert len(listed()) == 5
