"""The rows T-01 to T-10 of the reliability catalogue, through the real library with a clock that is moved."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from lived import Life, Meanings, lived
from numpy.typing import NDArray
from year import live

from earmark.clock import system_clock
from earmark.pipeline import brief_of, make_due_brief
from earmark.pipeline.out import due_letter
from earmark.records import Changes
from earmark.settings import Settings, save_settings
from earmark.taste import Taste, save_taste

PARIS, APIA, HONOLULU = ZoneInfo("Europe/Paris"), ZoneInfo("Pacific/Apia"), ZoneInfo("Pacific/Honolulu")
SEED = 20261123
MAIL = Settings(mail_server="127.0.0.1:1", mail_from="ann@example.org", mail_to="bo@example.org")


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """A library with more to tell than will be asked."""
    with lived(tmp_path / "profile") as made:
        for number in range(12):
            made.hear(f"Show {number}", *(f"n{number} m{number}{part} k{part}{number}" for part in range(3)))
        yield made


def brief_at(life: Life, at: str) -> None:
    save_settings(life.paths, Settings(brief_time=at))


def look(life: Life, *moments: datetime) -> list[str]:
    """Look at these moments; the days that have a brief then, oldest first."""
    for moment in moments:
        life.now = moment
        make_due_brief(life.tools)
    return sorted(life.library.brief_dates())


def test_t01_a_time_of_day_that_does_not_exist_gives_one_brief(life: Life) -> None:
    brief_at(life, "02:30")
    minutes = [datetime(2026, 3, 29, 0, minute, tzinfo=UTC).astimezone(PARIS) for minute in (0, 30, 59)]
    assert look(life, datetime(2026, 3, 28, 12, tzinfo=PARIS), *minutes) == ["2026-03-28"]
    after = [datetime(2026, 3, 29, 1, minute, tzinfo=UTC).astimezone(PARIS) for minute in (0, 1, 30)]
    assert look(life, *after) == ["2026-03-28", "2026-03-29"]


def test_t02_a_time_of_day_that_comes_twice_gives_one_brief(life: Life) -> None:
    brief_at(life, "02:30")
    look(life, datetime(2026, 10, 24, 12, tzinfo=PARIS))
    assert look(life, datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=0)) == ["2026-10-24", "2026-10-25"]
    first = life.library.brief("2026-10-25")
    assert look(life, datetime(2026, 10, 25, 2, 30, tzinfo=PARIS, fold=1)) == ["2026-10-24", "2026-10-25"]
    assert life.library.brief("2026-10-25") == first


def test_t03_journeys_over_the_date_line_give_each_date_one_brief(life: Life) -> None:
    apia = [datetime(2011, 12, 29, 20, tzinfo=APIA), datetime(2011, 12, 31, 8, tzinfo=APIA)]
    assert look(life, *apia) == ["2011-12-29", "2011-12-31"]
    back = [datetime(2011, 12, 30, 9, tzinfo=HONOLULU), datetime(2011, 12, 31, 9, tzinfo=HONOLULU)]
    assert look(life, *back) == ["2011-12-29", "2011-12-30", "2011-12-31"]


def test_t03_a_zone_that_is_changed_while_the_program_runs_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    for zone, hours in (("Pacific/Kiritimati", 14), ("Pacific/Honolulu", -10)):
        monkeypatch.setenv("TZ", zone)
        offset = system_clock().utcoffset()
        assert offset is not None
        assert offset.total_seconds() == hours * 3600
    monkeypatch.undo()
    system_clock()


def test_t04_a_clock_that_leaps_a_day_and_ten_years_and_back_floods_nobody(life: Life) -> None:
    true = datetime(2026, 11, 23, 9, tzinfo=UTC)
    leaps = [true, true.replace(day=24), true, true.replace(year=2036), true, true.replace(day=24)]
    assert look(life, *leaps) == ["2026-11-23", "2026-11-24", "2036-11-23"]
    assert look(life, true.replace(day=25)) == ["2026-11-23", "2026-11-24", "2026-11-25", "2036-11-23"]


def test_t05_after_eight_hours_of_sleep_there_is_one_brief(life: Life) -> None:
    evening, morning = datetime(2026, 11, 23, 23, tzinfo=PARIS), datetime(2026, 11, 24, 7, 1, tzinfo=PARIS)
    assert look(life, evening) == ["2026-11-23"]
    assert look(life, morning, morning, morning.replace(minute=2)) == ["2026-11-23", "2026-11-24"]


def test_t06_after_thirty_days_away_there_is_one_brief_of_the_newest(life: Life) -> None:
    look(life, datetime(2026, 11, 23, 9, tzinfo=UTC))
    life.now = datetime(2026, 12, 22, 9, tzinfo=UTC)
    fresh = {id_ for n in range(5) for id_ in life.hear(f"New {n}", f"new{n} thing{n} here{n}")}
    assert look(life, datetime(2026, 12, 23, 18, tzinfo=UTC)) == ["2026-11-23", "2026-12-23"]
    page = life.library.brief("2026-12-23")
    assert page is not None
    assert {item.insight_id for item in page.brief.items} == fresh


def test_t07_a_brief_that_is_made_over_midnight_belongs_to_the_day_on_which_it_began(life: Life) -> None:
    class Slow(Meanings):
        def embed(self, texts: list[str]) -> NDArray[np.float32]:  # type: ignore[override]
            life.now = datetime(2026, 11, 24, 0, 0, 5, tzinfo=UTC)
            return super().embed(texts)

    save_taste(life.paths, Taste(interests=("n1 m11",)))
    look(life, datetime(2026, 11, 22, 9, tzinfo=UTC))
    life.language = Slow()
    brief_at(life, "23:59")
    assert look(life, datetime(2026, 11, 23, 23, 59, 58, tzinfo=UTC)) == ["2026-11-22", "2026-11-23"]
    assert look(life, datetime(2026, 11, 24, 23, 59, tzinfo=UTC))[-1] == "2026-11-24"


def test_t08_nothing_one_and_ten_thousand_insights(tmp_path: Path) -> None:
    with lived(tmp_path / "profile") as life:
        empty = brief_of(life.tools, life.today)
        assert empty.cards == ()
        assert empty.brief.coverage.startswith("There is no show in your library yet. Add one")
        [only] = life.hear("One", "a single claim")
        one = brief_of(life.tools, life.today)
        assert [item.insight_id for item in one.brief.items] == [only]
        assert one.brief.coverage == "1 of 1 insight, from 1 of 1 new episode."
        for show in range(10):
            life.hear(f"Show {show}", *(f"s{show} n{number}" for number in range(1000)))
        many = brief_of(life.tools, life.today)
        assert many.brief.items[0] == one.brief.items[0]
        assert len(many.cards) == 5
        life.sleep(days=1)
        assert brief_of(life.tools, life.today) == brief_of(life.tools, life.today)


TELLING = """
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from lived import lived
from earmark.pipeline import make_due_brief
from earmark.pipeline.out import due_letter

folder, told, killed = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]

with lived(folder, datetime(2026, 11, 23, 9, tzinfo=UTC)) as life:
    make_due_brief(life.tools)
    if killed == "after it is made":
        os.kill(os.getpid(), signal.SIGKILL)
    letter = due_letter(life.tools)
    if killed == "before it is sent":
        os.kill(os.getpid(), signal.SIGKILL)
    with told.open("a") as file:
        file.write(letter.day + chr(10))
    if killed == "after it is sent":
        os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system has no kill -9")
@pytest.mark.parametrize(
    ("killed", "times"), [("after it is made", 1), ("before it is sent", 0), ("after it is sent", 1)]
)
def test_t09_a_kill_between_making_and_sending_never_sends_twice(
    tmp_path: Path, killed: str, times: int
) -> None:
    profile, told = tmp_path / "profile", tmp_path / "told"
    with lived(profile) as life:
        save_settings(life.paths, MAIL)
        for number in range(3):
            life.hear(f"Show {number}", f"n{number} m{number}")
    places = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-c", TELLING, str(profile), str(told), killed]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": places}, check=False)
    assert done.returncode == -signal.SIGKILL
    lines = told.read_text().splitlines() if told.exists() else []
    for _ in range(2):
        with lived(profile) as life:
            assert make_due_brief(life.tools) == Changes()
            if letter := due_letter(life.tools):
                lines.append(letter.day)
    assert lines == ["2026-11-23"] * times


def test_t09_of_past_days_nobody_gets_a_letter(life: Life) -> None:
    save_settings(life.paths, MAIL)
    look(life, datetime(2026, 11, 23, 9, tzinfo=UTC), datetime(2026, 11, 24, 9, tzinfo=UTC))
    letters = [due_letter(life.tools) for _ in range(2)]
    assert [letter.day if letter else None for letter in letters] == ["2026-11-24", None]


def test_t10_a_year_of_sleep_journeys_and_wrong_clocks_gives_every_lived_date_one_brief(
    tmp_path: Path,
) -> None:
    with lived(tmp_path / "profile") as life:
        brief_at(life, "07:00")
        year = live(life, SEED, dates=365, brief_at=time(7))
        assert min(year.faults, year.journeys, year.sleeps) > 10
        assert len(year.made) == len(set(year.made)) == 365
        assert set(year.made) == year.lived == set(life.library.archive())
        shown = [id_ for ids in year.first_seen.values() for id_ in ids]
        assert len(shown) == len(set(shown)) >= 365
        for day, ids in year.first_seen.items():
            page = life.library.brief(day)
            assert page is not None
            assert tuple(item.insight_id for item in page.brief.items)[: len(ids)] == ids
