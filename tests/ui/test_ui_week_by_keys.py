"""The first run and a week of use by keyboard alone, in the whole program with its real engines."""

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from living import Living, new_profile
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shows import served
from typist import Typist

import earmark.window
from earmark.settings import load_settings
from earmark.taste import load_taste

pytestmark = [
    pytest.mark.timeout(600),
    pytest.mark.skipif(
        os.environ.get("QT_QPA_PLATFORM") != "xcb", reason="walked on a real X server (QT_QPA_PLATFORM=xcb)"
    ),
]


@pytest.fixture
def living(tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Living]:
    """A new user."""
    monkeypatch.setattr(earmark.window, "has_screen", lambda: True)
    monkeypatch.setenv("HOME", str(tmp_path))
    every_s = sys.getswitchinterval()
    with served() as web:
        made = Living(new_profile(tmp_path / "profile"), web, Typist(qtbot), monkeypatch)
        yield made
        made.close()
    sys.setswitchinterval(every_s)
    gc.enable()
    gc.unfreeze()


def first_run(living: Living) -> None:
    """Five steps, and a brief of the show that was pasted."""
    keys = living.keys
    address = living.publish("second-look", "Second Look", 2)
    assert keys.sees("Step 1 of 5")
    keys.to("Add: What you care about")
    keys.write("sleep and memory\n")
    keys.until(lambda: load_taste(living.paths).interests == ("sleep and memory",))
    keys.open("Next")
    keys.to("The address of a show")
    keys.write(address + "\n")
    keys.until_shown("1 show so far: Second Look")
    keys.open("Next")
    keys.open("Skip this step")
    keys.to("Ready at")
    keys.rewrite("7:30\n")
    keys.until(lambda: load_settings(living.paths).brief_time == "07:30")
    keys.open("Next")
    assert keys.sees("There is no account, no server of ours")
    keys.open("Done")
    keys.until(lambda: len(living.brief()) == 5 and not living.works())
    keys.until_shown(living.brief()[0])
    assert load_settings(living.paths).welcomed


def monday(living: Living) -> None:
    """The five are read, heard, judged, kept and put away."""
    keys = living.keys
    first, second, third, fourth, _ = living.brief()
    keys.to(first)
    quote = living.card(first).insight.quote
    keys.press("Q")
    assert any(" ".join(quote.split()) in each for each in keys.shown())
    keys.press("W")
    assert keys.sees(" = ")
    keys.press("P")
    keys.until_shown("The audio of this episode is not on this computer.")
    keys.open("Download it")
    keys.until_shown("Stop")
    keys.press("Ctrl+P")
    keys.until_shown("Play")
    keys.press("Ctrl+Shift+P")
    keys.until(lambda: not keys.sees("Stop"))
    keys.to(second)
    keys.press("+")
    keys.until(lambda: living.card(second).thumb == 1)
    keys.to(second)
    keys.press("S")
    keys.until(lambda: living.card(second).saved)
    assert keys.here() == second, "the keyboard stays where it was"
    keys.press("Down")
    assert keys.here() == third
    keys.press("-")
    keys.until(lambda: living.card(third).thumb == -1)
    keys.press("C")
    assert living.card(third).insight.quote in QApplication.clipboard().text()
    keys.press("Down")
    assert keys.here() == fourth
    keys.press("H")
    keys.until(lambda: living.card(fourth).hidden)
    keys.until_shown("You hid this one.")
    keys.open("Undo")
    keys.until(lambda: not living.card(fourth).hidden)
    keys.until_shown(fourth)


def tuesday(living: Living) -> None:
    """One more show; an insight with what is related to it, and a note."""
    keys = living.keys
    living.wake(days=1)
    address = living.publish("kitchen-table", "Kitchen Table", 2)
    keys.press("Ctrl+N")
    keys.write(address + "\n")
    keys.until_shown("How many of the newest episodes shall be worked through?")
    keys.press("Down")
    keys.press("Up")
    keys.open("Start")
    keys.until_shown("Unsubscribe")
    keys.press("Ctrl+1")
    keys.until(lambda: any(map(living.related, living.brief())) and not living.works())
    keys.until_shown(living.brief()[0])
    read = next(each for each in living.brief() if living.related(each))
    first, *_ = living.related(read)
    keys.open(read)
    keys.until_shown("Related Insights")
    keys.open("More around it")
    assert keys.sees("Less around it")
    keys.open(first.insight.text)
    keys.until_shown(first.insight.headline)
    keys.press("Alt+Left")
    keys.until_shown("Less around it")
    assert keys.here() == first.insight.text, "back where it was left"
    keys.press("Alt+Right")
    assert keys.sees("More around it")
    keys.press("Alt+Left")
    keys.open("Note", by="Shift+Tab")
    keys.write("Tell Ada.")
    keys.press("Escape")
    keys.until(lambda: living.card(read).note == "Tell Ada.")
    keys.open("Copy")
    assert living.card(read).insight.quote in QApplication.clipboard().text()
    keys.press("Ctrl+1")
    assert keys.sees(read)


def wednesday(living: Living) -> None:
    """The library: a show, an episode, its transcript; a show muted and left, and both taken back."""
    keys = living.keys
    living.wake(days=1)
    keys.press("Ctrl+2")
    keys.press("Ctrl+F")
    keys.write("second")
    keys.to("Second Look")
    keys.press("Return")
    keys.press("Ctrl+F")
    keys.write("sleep")
    keys.to("Sleep on it")
    keys.press("Return")
    keys.open("Read the transcript")
    keys.press("Ctrl+F")
    keys.write("memory")
    assert keys.sees("1 of ")
    keys.press("F3")
    assert keys.sees("2 of ")
    keys.press("Escape")
    keys.press("Ctrl+K")
    keys.write("kitchen\n")
    keys.until_shown("Unsubscribe")
    keys.open("Mute")
    keys.until(lambda: load_taste(living.paths).muted_shows != ())
    keys.open("Undo")
    keys.until(lambda: load_taste(living.paths).muted_shows == ())
    keys.open("Unsubscribe")
    keys.until(lambda: len(living.reader.feeds()) == 1)
    keys.open("Undo")
    keys.until(lambda: len(living.reader.feeds()) == 2)


def thursday(living: Living) -> None:
    """Searched, asked, and looked through by topic."""
    keys = living.keys
    living.publish("second-look", "Second Look", 1)  # before a round of the new day that begins by itself
    living.wake(days=1)
    title = "Learning a language after forty"
    keys.press("F5")
    keys.until(lambda: living.has_found(title))
    keys.until(lambda: living.has_read(title) and not living.works())
    keys.press("Ctrl+3")
    keys.write("alcohol deep sleep\n")
    keys.until_shown("Two glasses of wine")
    keys.press("Down")
    found = keys.here()
    keys.press("Return")
    keys.until_shown("Related Insights")
    assert keys.sees(found)
    keys.press("Alt+Left")
    keys.to("What to look for", by="Shift+Tab")
    keys.rewrite("How much does alcohol cut deep sleep?")
    keys.open("Ask your library")
    keys.until(lambda: keys.sees("word for word") or keys.sees("Not in your library."))
    keys.open("What is looked for: ")
    keys.choose("Insights")
    keys.until_shown("Insights ▾")
    keys.press("Ctrl+4")
    keys.until(lambda: not keys.sees("Looking through your library"))
    keys.to("Topics")
    keys.press("Right")
    keys.until(lambda: any(map(keys.sees, ("Nobody is named yet", " person", " people"))))


def friday(living: Living) -> None:
    """What was saved goes out, and the list of shows; the work is paused and put in order."""
    keys = living.keys
    living.wake(days=1)
    keys.press("Ctrl+5")
    keys.until_shown("1 insight")
    keys.open("Export")
    keys.to("Form: ")
    keys.press("Return")
    keys.choose("Plain text")
    keys.to("Where it is written")
    keys.rewrite(str(living.paths.data.parent / "kept.txt"))
    keys.open("Export")
    keys.until_shown("Show the folder")
    assert living.saved() in (living.paths.data.parent / "kept.txt").read_text("utf-8")
    keys.press("Ctrl+Shift+E")
    keys.until(lambda: keys.typed() == "earmark-shows.opml")
    keys.rewrite(str(living.paths.data.parent / "shows.opml") + "\n")
    keys.until(lambda: (living.paths.data.parent / "shows.opml").exists())
    keys.press("Ctrl+.")
    keys.until_shown("Paused. What is done is kept.")
    address = living.publish("working-ledger", "Working Ledger", 3)
    keys.press("Ctrl+N")
    keys.write(address + "\n")
    keys.until_shown("How many of the newest episodes shall be worked through?")
    keys.choose("All 3 episodes")
    keys.until(living.works)
    keys.press("Ctrl+6")
    keys.until(lambda: len(living.waiting()) == 3)
    first, second, third = living.waiting()
    keys.to(f"1, {first}")
    keys.press("Ctrl+Down")
    keys.until(lambda: living.waiting() == [second, first, third])
    keys.until(lambda: keys.here().startswith(f"2, {first}"))
    keys.press("Delete")
    keys.until(lambda: living.waiting() == [second, third])
    keys.to(f"2, {third}", by="Down")
    keys.press("Delete")
    keys.until(lambda: living.waiting() == [second])
    keys.press("Ctrl+.")
    keys.until(lambda: not living.works())


def saturday(living: Living) -> None:
    """Models, a choice in Settings, offline and online, all keys."""
    keys = living.keys
    living.wake(days=1)
    keys.press("Ctrl+7")
    keys.until_shown("Your own servers")
    keys.open("Use it: ")
    keys.until(lambda: load_settings(living.paths).speech_model is not None)
    keys.press("Ctrl+8")
    keys.to("From your shelf: Off")
    keys.press("Right")
    keys.until(lambda: load_settings(living.paths).from_your_shelf)
    assert keys.here() == "From your shelf: On"
    keys.to("Undo")
    keys.press("Return")
    keys.until(lambda: not load_settings(living.paths).from_your_shelf)
    keys.press("Ctrl+Shift+N")
    keys.until_shown("127.0.0.1")
    keys.open("Go offline")
    keys.until(lambda: load_settings(living.paths).offline)
    keys.press("Ctrl+Shift+O")
    keys.until(lambda: not load_settings(living.paths).offline)
    keys.press("F1")
    assert keys.sees("Find a command, place or show")
    assert keys.sees("Ctrl+K")
    keys.press("Escape")
    keys.command("dark col")
    keys.until(lambda: load_settings(living.paths).theme == "dark")


def sunday(living: Living) -> None:
    """A past day, the week, larger text."""
    keys = living.keys
    living.wake(days=1)
    keys.press("Ctrl+D")
    keys.until_shown("November 2026")
    keys.press("Left")
    assert keys.here().startswith("Saturday, 28 November")
    keys.to("Monday, 23 November, 5 insights", by="Left")
    keys.press("Return")
    keys.until_shown("Monday, 23 November")
    assert keys.sees("You want more like this.")
    keys.press("Alt+Down")
    assert not keys.sees("Monday, 23 November")
    keys.press("Ctrl+Shift+D")
    keys.until_shown("The best")
    keys.press("Ctrl++")
    keys.until(lambda: load_settings(living.paths).text_percent == 110)
    keys.press("Ctrl+0")
    keys.until(lambda: load_settings(living.paths).text_percent == 100)
    keys.press("F11")
    keys.until(living.is_whole_screen)
    keys.press("Ctrl+Q")


def monday_again(living: Living) -> None:
    """Everything is as it was left, and nobody asks the first questions again."""
    keys = living.keys
    keys.until_shown("Sunday, 29 November")
    assert living.is_whole_screen()
    assert load_settings(living.paths).theme == "dark"
    keys.press("F11")
    keys.until(lambda: not living.is_whole_screen())
    keys.press("Ctrl+5")
    keys.until_shown(living.saved())
    keys.press("Ctrl+Q")


DAYS = (first_run, monday, tuesday, wednesday, thursday, friday, saturday, sunday)


def test_the_first_run_and_a_week_by_keyboard_alone(living: Living) -> None:
    def week(living: Living) -> None:
        for day in DAYS:
            day(living)

    living.use(week)
    living.use(monday_again)
