"""The plan: what comes first, that no show is left out for ever, and when all is through."""

import doctest
import importlib
import json
import random
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shows import Item, serve_show
from test_pipeline import NOW, Bench, audio_show, opened, transcript

from earmark.clock import to_ms
from earmark.engines import sample_speech_model
from earmark.paths import Paths
from earmark.pipeline import Watch, add_feed, brief_of, process
from earmark.pipeline.forecast import plan_at_a_glance, plan_of
from earmark.pipeline.pace import Pace, Rate, guessed_listening, learned
from earmark.pipeline.plan import FAIR_EVERY, Waiting, _promise, about, in_order, next_time, timed
from earmark.records import EpisodeId, FeedId, Progress, Segment
from earmark.settings import Settings
from earmark.taste import Taste, save_taste, taste_file

DAY_MS = 86_400_000
MODEL = Path("model.bin")


def waiting(number: int, feed: int = 1, *, days_ago: float = 0, minutes: float = 10, **more: Any) -> Waiting:
    """An episode that waits."""
    published_ms = to_ms(NOW) - round(days_ago * DAY_MS)
    feed_id = FeedId(feed)
    return Waiting(
        EpisodeId(number), feed_id, f"E{number}", f"Show {feed}", published_ms, 0.0, 60 * minutes, **more
    )


def numbers(ordered: list[tuple[Waiting, str]]) -> list[int]:
    return [one.episode_id for one, _ in ordered]


def order(*given: Waiting, done: int = 0, last: dict[FeedId, int] | None = None) -> list[tuple[Waiting, str]]:
    return in_order(given, now=NOW, done=done, last_turn_ms=last or {})


def test_without_interests_the_newest_comes_first_and_of_a_day_the_shortest() -> None:
    found = order(
        waiting(1, days_ago=2), waiting(2, minutes=50), waiting(3, minutes=5), waiting(4, days_ago=1)
    )
    assert numbers(found) == [3, 2, 4, 1]
    assert [why for _, why in found] == ["new today", "new today", "from yesterday", "from 21 November"]


def plainly_ordered(queue: list[Waiting], done: int, last: dict[FeedId, int]) -> list[int]:
    """Looking at everything for each place: the first by promise, and every fourth time by turn."""
    feed_of = {int(one.episode_id): one.feed_id for one in queue}
    left = [int(one.episode_id) for one in sorted(queue, key=lambda one: _promise(one, NOW))]
    turns: dict[FeedId, int] = dict(last)
    found: list[int] = []
    while left:
        chosen = left[0]
        if (done + len(found)) % FAIR_EVERY == FAIR_EVERY - 1:
            longest = min({feed_of[n] for n in left}, key=lambda feed: (turns.get(feed, -1), feed))
            chosen = next(n for n in left if feed_of[n] == longest)
        left.remove(chosen)
        found.append(chosen)
        turns[feed_of[chosen]] = max(turns.values(), default=0) + 1
    return found


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3), st.integers(1, 3)), max_size=30),
    st.integers(0, 7),
    st.dictionaries(st.integers(1, 7).map(FeedId), st.integers(0, 9), max_size=5),
)
def test_the_order_is_that_of_looking_at_everything_for_each_place(
    given_: list[tuple[int, int, int]], done: int, last: dict[FeedId, int]
) -> None:
    queue = [
        waiting(n, feed, days_ago=days, minutes=minutes)
        for n, (feed, days, minutes) in enumerate(given_, start=1)
    ]
    assert numbers(order(*queue, done=done, last=last)) == plainly_ordered(queue, done, last)


def test_what_the_user_put_in_its_place_comes_first_and_the_plan_behind_it() -> None:
    given = [waiting(1), waiting(2, days_ago=9), waiting(3, days_ago=5), waiting(4, days_ago=1)]
    places = {EpisodeId(3): 0, EpisodeId(2): 1}
    found = in_order(given, now=NOW, done=0, last_turn_ms={}, places=places)
    assert numbers(found) == [3, 2, 1, 4]
    assert [why for _, why in found][:3] == ["you put it here", "you put it here", "new today"]


def test_what_is_close_to_an_interest_comes_before_what_is_new() -> None:
    close = waiting(1, days_ago=5, closeness=0.6, interest="sleep")
    found = order(waiting(2, closeness=0.1, interest="sleep"), close)
    assert numbers(found) == [1, 2]
    assert found[0][1] == "close to “sleep”"
    assert found[1][1] == "new today"


def test_every_fourth_place_is_for_the_show_that_has_waited_longest() -> None:
    loud = [waiting(n, feed=1) for n in range(1, 9)]
    found = order(
        *loud, waiting(20, feed=2, days_ago=90), waiting(30, feed=3, days_ago=60), last={FeedId(2): 1}
    )
    assert [one.feed_id for one, _ in found].index(FeedId(3)) == FAIR_EVERY - 1
    assert [one.feed_id for one, _ in found].index(FeedId(2)) == 2 * FAIR_EVERY - 1
    assert found[FAIR_EVERY - 1][1] == "its show has waited longest"


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 6))
def test_no_show_starves_however_many_close_and_new_episodes_the_others_bring(seed: int, shows: int) -> None:
    """Worked through one by one with a fresh plan each time, as `process` does."""
    chance = random.Random(seed)
    quiet = waiting(0, feed=0, days_ago=400, minutes=600)
    queue, last, number = [quiet], {FeedId(0): 0}, 0
    for done in range(FAIR_EVERY * shows + FAIR_EVERY):
        for _ in range(chance.randint(1, 3)):
            number += 1
            feed = chance.randint(1, shows - 1)
            queue.append(waiting(number, feed=feed, minutes=1, closeness=chance.random(), interest="x"))
        first = in_order(queue, now=NOW, done=done, last_turn_ms=last)[0][0]
        queue.remove(first)
        last[first.feed_id] = done + 1
    assert quiet not in queue


@given(
    st.lists(st.tuples(st.integers(1, 4), st.integers(0, 9), st.integers(1, 90)), max_size=20),
    st.integers(0, 9),
)
def test_the_order_holds_every_episode_once_whatever_order_they_come_in(
    rows: list[tuple[int, int, int]], done: int
) -> None:
    given = [waiting(n, feed, days_ago=d, minutes=m) for n, (feed, d, m) in enumerate(rows)]
    found = numbers(order(*given, done=done))
    assert sorted(found) == list(range(len(rows)))
    assert numbers(order(*reversed(given), done=done)) == found


def test_times_add_up_and_what_is_late_is_marked() -> None:
    deadline = next_time(NOW, "09:00")
    planned = timed(order(waiting(1, minutes=45), waiting(2, minutes=45)), now=NOW, deadline=deadline)
    assert [(item.ready - NOW, item.fits) for item in planned] == [
        (timedelta(minutes=45), True),
        (timedelta(minutes=90), False),
    ]


def test_the_next_brief_is_today_or_tomorrow() -> None:
    assert next_time(NOW, "08:00") == NOW + timedelta(days=1)
    assert next_time(NOW, "08:01") == NOW + timedelta(minutes=1)


@given(st.integers(1, 200_000))
def test_a_forecast_never_promises_an_earlier_moment(seconds: int) -> None:
    moment = NOW + timedelta(seconds=seconds)
    assert timedelta(0) <= about(moment, NOW) - moment < timedelta(minutes=5)


@given(st.lists(st.tuples(st.floats(0.01, 100), st.floats(0.1, 100)), min_size=1))
def test_a_measured_rate_lies_between_the_measurements(rows: list[tuple[float, float]]) -> None:
    rate = None
    for work_s, amount in rows:
        rate = learned(rate, work_s, amount, 600)
    assert rate is not None
    rates = [work_s / amount for work_s, amount in rows]
    assert min(rates) * 0.999 - 1e-6 <= rate.seconds <= max(rates) * 1.001 + 1e-6
    assert not rate.guessed


def test_a_change_of_pace_is_followed_within_some_minutes_of_sound() -> None:
    rate = Rate(0.1, 36_000)
    for _ in range(100):
        rate = learned(rate, 30, 30, 600)
    assert rate.seconds > 0.9


def test_measurements_are_kept_apart_by_model_and_mode_and_survive_damage(tmp_path: Path) -> None:
    pace = Pace(tmp_path)
    pace.note_listening(MODEL, "quiet", work_s=6, sound_s=30)
    assert Pace(tmp_path).listening(MODEL, "quiet") == Rate(0.2, 30)
    assert pace.listening(MODEL, "fast").guessed
    assert pace.listening(Path("other.bin"), "quiet").guessed
    for text in ("", "[]", '{"listening, model.bin, quiet": 3}', '{"listening, model.bin, quiet": [1, "x"]}'):
        (tmp_path / "pace.json").write_text(text)
        assert pace.listening(MODEL, "quiet").guessed
    pace.note_reading("m", "fast", work_s=1, words=100)
    assert pace.reading("m", "fast") == Rate(0.01, 100)


def test_a_first_guess_comes_from_the_size_of_the_encoder(tmp_path: Path) -> None:
    sample = guessed_listening(sample_speech_model(Paths(tmp_path)), "balanced")
    assert sample.guessed
    assert 0 < sample.seconds < guessed_listening(MODEL, "balanced").seconds
    assert guessed_listening(sample_speech_model(Paths(tmp_path)), "fast").seconds <= sample.seconds


class Meanings:
    """Stands for the embedding model: a direction for each of three words."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        bench.engines.embed = self.embed  # type: ignore[method-assign]

    def embed(self, texts: Any) -> Any:
        """Unit vectors; texts without any of the words are far from all."""
        self.bench.engines.before_each()
        found = np.zeros((len(texts), 384), dtype=np.float32)
        for row, text in enumerate(texts):
            for column, word in enumerate(("sleep", "bread", "tax")):
                found[row, column] = word in text.lower()
            found[row, 3 + row] = not found[row].any()
            found[row] /= np.linalg.norm(found[row])
        return found


def with_choices(bench: Bench, **chosen: Any) -> Bench:
    settings = Settings(**chosen)
    bench.tools = replace(bench.tools, choices=lambda: settings)
    return bench


def titles_by_work(bench: Bench) -> list[str]:
    told: list[Progress] = []
    process(bench.tools, Watch(told.append))
    return list(dict.fromkeys(progress.subject for progress in told if progress.doing == "Reading"))


def test_the_work_follows_the_plan(tmp_path: Path) -> None:
    with opened(tmp_path / "profile") as bench:
        Meanings(bench)
        save_taste(bench.tools.paths, Taste(interests=("tax", "sleep")))
        titles = ["A tax law", "Bread again", "On sleep", "Bread"]
        expected = ["On sleep", "A tax law", "Bread", "Bread again"]
        items = [Item(f"e{n}", title, n + 1, transcript=transcript()) for n, title in enumerate(titles)]
        add_feed(bench.tools, serve_show(bench.web, "w", "Written", items), backlog=9)
        plan = plan_of(bench.tools)
        assert [item.waiting.title for item in plan.items] == expected
        assert plan.items[0].why == "close to “sleep”"
        assert titles_by_work(bench) == expected
        assert plan_of(bench.tools).items == ()


def test_a_broken_taste_file_costs_the_order_and_not_the_work(tmp_path: Path) -> None:
    with opened(tmp_path / "profile") as bench:
        Meanings(bench)
        save_taste(bench.tools.paths, Taste(interests=("sleep",)))
        items = [
            Item(f"e{n}", title, n + 1, transcript=transcript()) for n, title in enumerate(("Sleep", "Tax"))
        ]
        add_feed(bench.tools, serve_show(bench.web, "w", "Written", items), backlog=9)
        assert [item.waiting.title for item in plan_of(bench.tools).items] == ["Sleep", "Tax"]
        taste_file(bench.tools.paths).write_text("interests = [", "utf-8")
        assert [item.waiting.title for item in plan_of(bench.tools).items] == ["Tax", "Sleep"]


def test_at_a_glance_the_plan_of_before_stands_and_the_users_own_order_before_it(tmp_path: Path) -> None:
    with opened(tmp_path / "profile") as bench:
        items = [Item(f"e{n}", f"E{n}", n + 1, transcript=transcript()) for n in range(3)]
        add_feed(bench.tools, serve_show(bench.web, "w", "Written", items), backlog=9)
        newest, middle, oldest = (item.waiting.episode_id for item in plan_of(bench.tools).items)

        def glance() -> list[EpisodeId]:
            plan = plan_at_a_glance(bench.tools, [middle, newest])
            return [item.waiting.episode_id for item in plan.items]

        assert glance() == [middle, newest, oldest]
        bench.library.set_queue_order([oldest])
        assert glance() == [oldest, middle, newest]
        assert plan_of(bench.tools).items[0].waiting.episode_id == oldest


def test_the_first_minutes_count_too_once_some_of_them_were_heard(tmp_path: Path) -> None:
    with opened(tmp_path / "profile") as bench:
        Meanings(bench)
        save_taste(bench.tools.paths, Taste(interests=("bread",)))
        add_feed(bench.tools, audio_show(bench.web, count=2))
        before = plan_of(bench.tools).items[0].waiting.title
        older = next(e for e in bench.library.episodes() if e.title != before)
        said = [Segment(10_000, 12_000, "Today we talk about bread.")]
        bench.library.append_window(older.id, said, next_ms=30_000, total_ms=60_000, model_id="m")
        assert plan_of(bench.tools).items[0].waiting.title == older.title


def test_what_was_heard_already_is_not_planned_again(tmp_path: Path) -> None:
    with opened(tmp_path / "profile") as bench:
        bench.tools.pace.note_listening(MODEL, "balanced", work_s=6, sound_s=60)
        bench.tools.pace.note_reading("scripted", "balanced", work_s=1, words=1000)
        items = [Item("e0", "E", 1, audio=("audio/mpeg", b"sound" * 9), duration_s=600)]
        add_feed(bench.tools, serve_show(bench.web, "s", "S", items))
        plan = plan_of(bench.tools)
        assert plan.items[0].waiting.listen_s == pytest.approx(60)
        assert plan.items[0].waiting.read_s == pytest.approx(1.5)
        assert not plan.guessed
        [episode] = bench.library.episodes()
        bench.library.append_window(episode.id, [], next_ms=450_000, total_ms=600_000, model_id="m")
        assert plan_of(bench.tools).items[0].waiting.listen_s == pytest.approx(15)


def test_progress_says_when_all_is_ready_and_learns_the_pace(tmp_path: Path) -> None:
    with opened(tmp_path / "profile") as bench:
        assert bench.tools.pace.listening(MODEL, "balanced").guessed
        add_feed(bench.tools, audio_show(bench.web, count=2))
        told: list[Progress] = []
        process(bench.tools, Watch(told.append))
        assert not bench.tools.pace.listening(MODEL, "balanced").guessed
        assert not bench.tools.pace.reading("scripted", "balanced").guessed
        assert all(p.ready_ms == to_ms(NOW) + round(1000 * (p.left_s or 0)) for p in told)
        assert len(told[0].order) == 2
        assert told[-1].left_s == pytest.approx(0, abs=1)


def test_without_a_speech_model_what_has_words_is_planned_and_the_rest_says_why(tmp_path: Path) -> None:
    with opened(tmp_path / "profile", speech_model=None) as bench:
        add_feed(bench.tools, audio_show(bench.web))
        item = Item("w", "With words", 3, transcript=transcript())
        add_feed(bench.tools, serve_show(bench.web, "written", "Written", [item]))
        plan = plan_of(bench.tools)
        assert [planned.waiting.title for planned in plan.items] == ["With words"]
        assert [title for title, _ in plan.held] == ["Episode 0"]


def test_a_brief_says_how_long_the_rest_takes(tmp_path: Path) -> None:
    with opened(tmp_path / "profile") as bench:
        bench.tools.pace.note_listening(MODEL, "balanced", work_s=6, sound_s=60)
        bench.tools.pace.note_reading("scripted", "balanced", work_s=0, words=1000)
        items = [Item(f"e{n}", "E", n + 1, audio=("audio/mpeg", b"x"), duration_s=1800) for n in range(2)]
        add_feed(bench.tools, serve_show(bench.web, "s", "S", items))
        assert "2 still to be read, about 6 minutes." in brief_of(bench.tools, "2026-11-23").brief.coverage


@pytest.mark.parametrize(
    "name",
    [
        "cli.text",
        "counting",
        "engines.effort",
        "pipeline.named",
        "pipeline.pace",
        "pipeline.patience",
        "pipeline.plan",
    ],
)
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    found = doctest.testmod(importlib.import_module(f"earmark.{name}"))
    assert found.attempted > 0
    assert found.failed == 0


def test_a_pause_is_said_not_to_be_counted(tmp_path: Path) -> None:
    with opened(tmp_path / "profile") as bench:
        assert not plan_of(bench.tools).pauses
        assert plan_of(with_choices(bench, pause_on_battery=True).tools).pauses


def test_the_pace_file_can_be_read_by_people(tmp_path: Path) -> None:
    Pace(tmp_path).note_listening(MODEL, "quiet", work_s=6, sound_s=30)
    assert json.loads((tmp_path / "pace.json").read_text()) == {"listening, model.bin, quiet": [0.2, 30]}
