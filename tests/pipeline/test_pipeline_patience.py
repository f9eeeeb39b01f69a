"""Work that waits: why, where, and that it goes on by itself. The surroundings are the one thing faked."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from shows import Item, serve_show
from test_pipeline import SENTENCES, Bench, audio_show, opened, transcript

from earmark.errors import Cancelled
from earmark.library import Library
from earmark.paths import Paths
from earmark.pipeline import Watch, add_feed, process
from earmark.pipeline import surroundings as around
from earmark.pipeline.patience import ACTIVE_FOR_S, IN_USE, ON_BATTERY, Patience, pause_lines, why_wait
from earmark.pipeline.surroundings import Surroundings
from earmark.records import Progress
from earmark.settings import Choices, Settings, load_settings, save_settings

BOTH = Settings(pause_on_battery=True, pause_when_active=True)


@pytest.mark.parametrize(
    ("settings", "seen", "reason"),
    [
        (Settings(), Surroundings(True, 0.0), None),
        (BOTH, Surroundings(), None),
        (BOTH, Surroundings(False, ACTIVE_FOR_S), None),
        (BOTH, Surroundings(True, 9999.0), ON_BATTERY),
        (BOTH, Surroundings(False, ACTIVE_FOR_S - 1), IN_USE),
        (Settings(pause_on_battery=True), Surroundings(False, 0.0), None),
        (Settings(pause_when_active=True), Surroundings(True, None), None),
    ],
)
def test_work_waits_only_where_it_was_asked_to_and_where_it_is_known(
    settings: Settings, seen: Surroundings, reason: str | None
) -> None:
    assert why_wait(settings, seen) == reason


def test_what_cannot_be_known_is_said() -> None:
    assert "cannot be known here" in " ".join(pause_lines(BOTH, Surroundings(False, None)))
    assert "there is none here" in " ".join(pause_lines(BOTH, Surroundings(None, 1.0)))


class Script:
    """Surroundings that change as a test says; time passes only while somebody waits."""

    def __init__(self, bench: Bench) -> None:
        self.now = Surroundings(on_battery=False, idle_s=9999.0)
        self.waited: Callable[[], None] = lambda: None
        self.time_s = 0.0
        self.looks = 0
        patience = Patience(lambda: BOTH, self.look, wait_s=self.wait, now_s=lambda: self.time_s)
        bench.tools = replace(bench.tools, choices=lambda: BOTH, patience=patience)

    def look(self) -> Surroundings:
        """How it is now."""
        self.looks += 1
        return self.now

    def wait(self, _seconds: float) -> None:
        """Two seconds pass."""
        self.time_s += 2.0
        self.waited()

    def plug_in(self) -> None:
        """Mains power is back."""
        self.now = Surroundings(on_battery=False, idle_s=9999.0)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with opened(tmp_path / "profile") as made:
        yield made


def unplug_at(script: Script, windows: int) -> Callable[[Progress], None]:
    """Somebody pulls the plug when so many windows are heard."""
    heard: list[Progress] = []

    def told(progress: Progress) -> None:
        heard.extend([progress] if progress.doing == "Listening to" else [])
        if len(heard) == windows:
            script.now = Surroundings(on_battery=True)
            script.time_s += 2.0

    return told


def job(library: Library) -> tuple[str, str, str | None]:
    """Step, state and reason of the only job."""
    [found] = library.jobs()
    return found.step, found.state, found.reason


def test_listening_waits_after_a_stored_window_and_goes_on_behind_it(bench: Bench) -> None:
    script, seen = Script(bench), []
    add_feed(bench.tools, audio_show(bench.web))
    told = unplug_at(script, 2)
    waits: list[Progress] = []

    def look_on() -> None:
        seen.append((job(bench.library), bench.library.partial_segments(1)[1]))  # type: ignore[arg-type]
        if len(seen) == 3:
            script.plug_in()

    script.waited = look_on

    def watch(progress: Progress) -> None:
        waits.extend([progress] if progress.waiting else [])
        told(progress)

    assert process(bench.tools, Watch(watch)).done == 1
    assert seen == [(("transcribe", "waiting", ON_BATTERY), 20_000)] * 3
    assert {progress.waiting for progress in waits} == {ON_BATTERY}
    assert bench.engines.heard == [0, 20_000], "no window is heard twice"
    heard = bench.library.transcript(bench.library.episodes()[0].id)
    assert heard is not None
    assert [s.text for s in heard.segments] == list(SENTENCES)
    assert job(bench.library) == ("done", "done", None)


def test_a_stop_while_it_waits_works_at_once_and_the_next_run_goes_on(bench: Bench) -> None:
    script = Script(bench)
    add_feed(bench.tools, audio_show(bench.web))
    told, waits = unplug_at(script, 2), []
    script.waited = lambda: waits.append(script.time_s)
    with pytest.raises(Cancelled):
        process(bench.tools, Watch(told, lambda: bool(waits)))
    assert len(waits) == 1
    assert job(bench.library) == ("transcribe", "waiting", None)
    script.plug_in()
    script.time_s += 2.0
    assert process(bench.tools, Watch()).done == 1
    assert bench.engines.heard == [0, 20_000]


def test_reading_waits_between_two_requests_and_loses_nothing(bench: Bench) -> None:
    script = Script(bench)
    item = Item("e", "An episode", 1, transcript=transcript())
    add_feed(bench.tools, serve_show(bench.web, "written", "Written", [item]))
    states = []

    def look_on() -> None:
        states.append(job(bench.library))
        script.plug_in()

    def read(progress: Progress) -> None:
        if progress.doing == "Reading" and not states:
            script.now = Surroundings(idle_s=1.0)
            script.time_s += 2.0

    script.waited = look_on
    assert process(bench.tools, Watch(read)).done == 1
    assert states == [("extract", "waiting", IN_USE)]
    assert bench.library.insights()


def test_nobody_asks_the_system_where_no_one_wants_to_wait() -> None:
    def look() -> Surroundings:
        raise AssertionError("asked")

    assert Patience(Settings, look).reason() is None


def test_choices_count_as_soon_as_the_file_has_changed(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.create()
    choices = Choices(paths)
    assert choices() == Settings()
    save_settings(paths, Settings(mode="quiet", pause_on_battery=True))
    assert choices() == load_settings(paths)
    assert choices.mode() == "quiet"
    (tmp_path / "settings.toml").write_text("mode = [", "utf-8")
    assert choices.mode() == "quiet", "a broken file changes nothing"
    (tmp_path / "settings.toml").unlink()
    assert choices() == Settings()


BUSCTL = """#!{python}
import json, sys
answers = {answers!r}
found = next((value for name, value in answers.items() if name in sys.argv), None)
sys.exit(1) if found is None else print(json.dumps(found))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="busctl")
@pytest.mark.parametrize(
    ("answers", "idle_s"),
    [
        ({}, None),
        ({"GetIdletime": {"type": "t", "data": [5000]}}, 5.0),
        ({"GetSessionIdleTime": {"type": "u", "data": [7000]}}, 7.0),
        ({"IdleHint": {"data": False}, "IdleSinceHint": {"data": 0}}, None),
        ({"IdleHint": {"data": False}, "IdleSinceHint": {"data": 900_000_000}}, 0.0),
        ({"IdleHint": {"data": True}, "IdleSinceHint": {"data": 900_000_000}}, 100.0),
        ({"GetIdletime": "nonsense"}, None),
    ],
)
def test_desktops_tell_how_long_nobody_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answers: dict[str, Any], idle_s: float | None
) -> None:
    fake = tmp_path / "busctl"
    fake.write_text(BUSCTL.format(python=sys.executable, answers=answers))
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setattr(around.time, "time", lambda: 1000.0)
    assert around.look_around().idle_s == idle_s
