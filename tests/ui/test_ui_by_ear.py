"""The first run and a day by ear: all that is known and done goes through the accessibility bus."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ears import CHECKED, Ears, desktop, missing
from living import User, new_profile, sample_show
from shows import served

from earmark.records import Card
from earmark.settings import load_settings
from earmark.taste import load_taste

pytestmark = pytest.mark.timeout(600)


@dataclass
class Listener(User):
    """Somebody who hears the program and does not see it."""

    ears: Ears

    def five(self) -> list[Card]:
        """The newest brief."""
        dates = self.reader.brief_dates()
        page = self.reader.brief(max(dates)) if dates else None
        return list(page.cards) if page else []

    def now(self, card: Card) -> Card:
        """It as it is kept now."""
        return self.reader.card(card.insight.id)


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[Listener]:
    """The program as a process of its own, on a screen and a bus of its own."""
    if absent := missing():
        reason = f"needs a screen and an accessibility bus: {', '.join(absent)}"
        if os.environ.get("EARMARK_REQUIRE_SHARED"):
            pytest.fail(reason)
        pytest.skip(reason)
    paths = new_profile(tmp_path / "profile")
    with served() as web, desktop(tmp_path) as environment:
        command = [sys.executable, "-m", "earmark", "--data-dir", str(paths.data)]
        program = subprocess.Popen(command, env=environment)
        try:
            ears = Ears(environment)
            made = Listener(paths, web, ears)
            yield made
            ears.close()
            made.close()
        finally:
            program.terminate()
            program.wait(20)


def first_run(listener: Listener) -> None:
    """Five steps."""
    ears = listener.ears
    ears.until_hears("Step 1 of 5")
    ears.write(ears.find("text", "Add: What you care about"), "sleep and memory")
    ears.press("push button", "Add to What you care about")
    ears.until(lambda: load_taste(listener.paths).interests == ("sleep and memory",))
    ears.press("push button", "Next")
    address = sample_show(listener.web, "second-look", "Second Look", 2, datetime.now(UTC))
    ears.write(ears.find("text", "The address of a show"), address)
    ears.press("push button", "Add")
    ears.until_hears("1 show so far: Second Look")
    for step in (3, 4, 5):
        ears.press("push button", "Next")
        ears.until_hears(f"Step {step} of 5")
    assert ears.hears("There is no account, no server of ours")
    ears.press("push button", "Done")
    ears.until(lambda: load_settings(listener.paths).welcomed)


def a_day(listener: Listener) -> None:
    """The five: quotation, thumbs, save, hide and back; an insight with a note."""
    ears = listener.ears
    ears.until(lambda: len(listener.five()) == 5 and not listener.works(), "the five")
    first, second, third, *_ = listener.five()
    ears.press("push button", f"Quote: {first.insight.headline}")
    ears.until_hears(first.insight.quote)
    ears.press("push button", f"More: {second.insight.headline}")
    ears.choose("More like this")
    ears.until_hears("You want more like this.")
    assert listener.now(second).thumb == 1
    ears.press("push button", f"Save: {second.insight.headline}")
    ears.find("push button", f"Saved: {second.insight.headline}")
    assert listener.now(second).saved
    ears.press("push button", f"More: {third.insight.headline}")
    ears.choose("Hide")
    ears.until_hears("You hid this one.")
    assert listener.now(third).hidden
    ears.until(lambda: "Hidden. It does not come back." in ears.announced(), "the announcement")
    ears.press("push button", "Undo")
    ears.find("push button", third.insight.headline)
    assert not listener.now(third).hidden
    ears.open(first.insight.headline, "Related Insights")
    ears.press("push button", "Note")
    ears.write(ears.find("text", "Your note"), "Tell Ada.")
    assert ears.text(ears.find("text", "Your note")) == "Tell Ada."
    ears.press("push button", "Back")
    ears.until(lambda: listener.now(first).note == "Tell Ada.")


def sound(listener: Listener) -> None:
    """A moment is heard, more quietly, and stopped."""
    ears = listener.ears
    first, *_ = listener.five()
    ears.press("radio button", "Today")
    assert CHECKED in ears.find("radio button", "Today").states
    ears.press("push button", "Play from ", end=f": {first.insight.headline}")
    ears.press("push button", "Download it")
    volume = ears.find("slider", "Volume")
    ears.set_value(volume, 40)
    ears.until(lambda: ears.value(volume) == 40)
    ears.press("push button", "Stop the sound")
    ears.until(lambda: not ears.hears("Stop the sound"))


def search_and_settings(listener: Listener) -> None:
    """Something found, a choice changed, and the way out."""
    ears = listener.ears
    first, *_ = listener.five()
    ears.press("radio button", "Search")
    ears.write(ears.find("text", "What to look for"), first.insight.headline)
    ears.press("push button", "Search")
    ears.open(first.insight.headline, "Related Insights")
    ears.press("radio button", "Settings")
    ears.press("radio button", "How hard this computer works: Quiet")
    ears.until(lambda: load_settings(listener.paths).mode == "quiet")
    ears.until(lambda: "How hard this computer works: Quiet." in ears.announced(), "the announcement")
    ears.press("push button", "Undo")
    ears.until(lambda: load_settings(listener.paths).mode == "fast")


def test_the_first_run_and_a_day_by_ear_alone(listener: Listener) -> None:
    first_run(listener)
    a_day(listener)
    sound(listener)
    search_and_settings(listener)
