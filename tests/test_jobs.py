"""The window's working thread, on real tools: small things are done between, and it ends when asked."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from at_work import working
from letter_box import start
from pytestqt.qtbot import QtBot
from shows import Item, item, serve_show, served

from earmark.app import open_alone, open_tools
from earmark.clock import system_clock
from earmark.errors import KnownError
from earmark.jobs import Jobs
from earmark.library import LibraryInUse, open_library, open_reader
from earmark.paths import Paths, resource
from earmark.pipeline import Tools, Watch, refresh
from earmark.pipeline.bringing import Brought, bring
from earmark.pipeline.care import unsubscribe
from earmark.pipeline.refreshing import AWAY
from earmark.pipeline.surroundings import Surroundings
from earmark.records import Changes, InsightId, ParsedFeed
from earmark.settings import Settings, change_settings, save_settings


@dataclass
class Later:
    """The system's clock, and some hours."""

    hours: float = 0.0

    def __call__(self) -> datetime:
        return system_clock() + timedelta(hours=self.hours)


def test_an_added_show_becomes_a_brief(tmp_path: Path, qtbot: QtBot) -> None:
    paths = Paths(tmp_path)
    with served() as web, working(paths) as jobs, open_reader(paths) as reader:
        progress: list[object] = []
        jobs.progressed.connect(progress.append)
        jobs.add_feed(serve_show(web, "shop", "Shop Talk", [item("one", 12)]))
        qtbot.waitUntil(lambda: bool(reader.brief_dates()), timeout=60_000)
        assert reader.library_counts()["insights"] > 0
        qtbot.waitUntil(lambda: bool(progress) and progress[-1] is None, timeout=10_000)


def test_the_days_brief_goes_by_mail_once_it_is_made(tmp_path: Path, qtbot: QtBot) -> None:
    paths, (box, stop) = Paths(tmp_path), start()
    addresses = {"mail_from": "ann@example.org", "mail_to": "bo@example.org"}
    paths.create()
    save_settings(paths, Settings(mail_server=f"127.0.0.1:{box.port}", mail_protection="none", **addresses))
    try:
        with served() as web, working(paths) as jobs, open_reader(paths) as reader:
            box.how = {"refuses": "MAIL"}
            with qtbot.waitSignal(jobs.failed, timeout=60_000) as failed:
                jobs.add_feed(serve_show(web, "shop", "Shop Talk", [item("one", 12)]))
            assert "does not take mail" in failed.args[0]
            assert reader.brief_dates()
            box.how = {}
            qtbot.waitUntil(lambda: bool(reader.unannounced()), timeout=10_000)
            jobs.process()
            qtbot.waitUntil(lambda: bool(box.letters), timeout=10_000)
        with working(paths) as jobs, qtbot.waitSignal(jobs.progressed, timeout=10_000):
            jobs.process()
        assert len(box.letters) == 1
    finally:
        stop()


def test_a_mark_is_kept_while_a_long_episode_is_read(tmp_path: Path, qtbot: QtBot) -> None:
    paths = Paths(tmp_path)
    with served() as web, working(paths) as jobs, open_reader(paths) as reader:
        jobs.add_feed(serve_show(web, "shop", "Shop Talk", [item("one", 12)]))
        qtbot.waitUntil(lambda: bool(reader.brief_dates()), timeout=60_000)
        insight = reader.insights()[0]
        jobs.add_feed(serve_show(web, "long", "Long", [item("two", 3000)]))
        with qtbot.waitSignal(
            jobs.progressed, timeout=30_000, check_params_cb=lambda p: p is not None and p.doing == "Reading"
        ):
            pass
        jobs.set_mark(insight.id, saved=True)
        qtbot.waitUntil(lambda: bool(reader.saved_cards()), timeout=10_000)
        assert reader.library_counts()["running"] == 1


def test_a_question_is_answered_on_the_threads_own_side_while_an_episode_is_read(
    tmp_path: Path, qtbot: QtBot
) -> None:
    with served() as web, working(Paths(tmp_path)) as jobs:
        with qtbot.waitSignal(
            jobs.progressed, timeout=60_000, check_params_cb=lambda p: p is not None and p.doing == "Reading"
        ):
            jobs.add_feed(serve_show(web, "long", "Long", [item("two", 3000)]))
        answers: list[tuple[int, threading.Thread]] = []
        jobs.ask(
            lambda tools, _watch: tools.library.library_counts()["running"],
            lambda running: answers.append((running, threading.current_thread())),
        )
        qtbot.waitUntil(lambda: bool(answers), timeout=10_000)
        assert answers == [(1, threading.current_thread())]


def test_a_show_can_be_left_while_an_episode_of_it_is_read_and_the_work_goes_on(
    tmp_path: Path, qtbot: QtBot
) -> None:
    with served() as web, working(Paths(tmp_path)) as jobs, open_reader(Paths(tmp_path)) as reader:
        with qtbot.waitSignal(
            jobs.progressed, timeout=60_000, check_params_cb=lambda p: p is not None and p.doing == "Reading"
        ):
            jobs.add_feed(serve_show(web, "long", "Long", [item("two", 3000)]))
        (feed,) = reader.feeds()
        failed: list[str] = []
        jobs.failed.connect(failed.append)

        def leave(tools: Tools, _watch: Watch) -> Changes:
            assert tools.library.library_counts()["running"] == 0, "nothing of it is worked on"
            unsubscribe(tools, feed)
            return Changes(feed_ids=frozenset({feed.id}))

        jobs.between(leave)
        qtbot.waitUntil(lambda: not reader.feeds(), timeout=20_000)
        jobs.add_feed(serve_show(web, "shop", "Shop Talk", [item("one", 12)]))
        qtbot.waitUntil(lambda: bool(reader.brief_dates()), timeout=60_000)
        assert failed == []


def test_a_question_without_an_answer_says_why(tmp_path: Path, qtbot: QtBot) -> None:
    def fail(_tools: Tools, _watch: Watch) -> None:
        raise KnownError("There is none.")

    with working(Paths(tmp_path)) as jobs:
        answers: list[None] = []
        with qtbot.waitSignal(jobs.failed, timeout=10_000) as failed:
            jobs.ask(fail, answers.append)
        assert failed.args == ["There is none."]
        assert not answers


def test_marks_are_kept_while_slow_servers_are_asked(tmp_path: Path, qtbot: QtBot) -> None:
    paths, clock = Paths(tmp_path), Later()
    with served() as web, working(paths, clock) as jobs, open_reader(paths) as reader:
        jobs.add_feed(serve_show(web, "shop", "Shop Talk", [item("one", 12)]))
        for number in range(6):
            jobs.add_feed(serve_show(web, f"s{number}", f"Show {number}", []))
        qtbot.waitUntil(lambda: bool(reader.brief_dates()) and len(reader.feeds()) == 7, timeout=60_000)
        insight_id = reader.insights()[0].id
        gate = threading.Event()
        web.held = dict.fromkeys(web.pages, gate)
        before = len(web.asked)
        clock.hours = 1
        jobs.refresh()
        qtbot.waitUntil(lambda: len(web.asked) > before, timeout=10_000)
        for saved in (True, False, True, False, True):
            jobs.set_mark(insight_id, saved=saved)
            qtbot.waitUntil(lambda saved=saved: bool(reader.saved_cards()) == saved, timeout=10_000)
        gate.set()


def test_the_window_asks_what_is_due_by_itself_while_a_long_episode_is_read(
    tmp_path: Path, qtbot: QtBot
) -> None:
    paths, clock = Paths(tmp_path), Later()
    with served() as web, working(paths, clock) as jobs, open_reader(paths) as reader:
        jobs.add_feed(serve_show(web, "shop", "Shop Talk", [item("one", 12)]))
        qtbot.waitUntil(lambda: bool(reader.brief_dates()), timeout=60_000)
        jobs.add_feed(serve_show(web, "long", "Long", [item("two", 3000)]))
        with qtbot.waitSignal(
            jobs.progressed, timeout=60_000, check_params_cb=lambda p: p is not None and p.doing == "Reading"
        ):
            pass
        serve_show(web, "shop", "Shop Talk", [item("one", 12), item("three", 12)])
        jobs.refresh_due()
        clock.hours = 20
        jobs.refresh_due()
        qtbot.waitUntil(lambda: len(reader.episodes()) == 3, timeout=10_000)
        assert reader.library_counts()["running"] == 1
        assert web.asked.count("/shop/feed.xml") == 2


def test_news_that_the_user_wants_while_a_round_goes_on_are_looked_for_after_it(
    tmp_path: Path, qtbot: QtBot
) -> None:
    paths, clock = Paths(tmp_path), Later()
    with served() as web, working(paths, clock) as jobs, open_reader(paths) as reader:
        jobs.add_feed(serve_show(web, "shop", "Shop Talk", [item("one", 12)]))
        qtbot.waitUntil(lambda: bool(reader.brief_dates()), timeout=60_000)
        gate, asked = threading.Event(), web.asked.count("/shop/feed.xml")
        web.held, clock.hours = {"/shop/feed.xml": gate}, 20
        jobs.refresh_due()
        qtbot.waitUntil(lambda: web.asked.count("/shop/feed.xml") == asked + 1, timeout=10_000)
        clock.hours = 44
        jobs.refresh()
        jobs.refresh()
        gate.set()
        qtbot.waitUntil(lambda: web.asked.count("/shop/feed.xml") == asked + 2, timeout=10_000)


def test_new_recordings_in_a_folder_of_ones_own_are_found_by_the_window(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.jobs.ROUND_EVERY_S", 0.0)
    folder = tmp_path / "Lectures"
    folder.mkdir()
    sound = sorted(resource("demo").glob("*.opus"))
    shutil.copy(sound[0], folder / "one.opus")
    paths = Paths(tmp_path / "profile")
    with working(paths) as jobs, open_reader(paths) as reader:
        told: list[str] = []
        jobs.failed.connect(told.append)
        jobs.add_feed(str(folder))
        qtbot.waitUntil(lambda: len(reader.episodes()) == 1, timeout=30_000)
        shutil.copy(sound[1], folder / "two.opus")
        jobs.refresh_due()
        qtbot.waitUntil(lambda: len(reader.episodes()) == 2, timeout=30_000)
        folder.rename(tmp_path / "Away")
        told.clear()
        jobs.refresh_due()
        jobs.refresh_due()
        qtbot.waitUntil(lambda: bool(told), timeout=30_000)
        jobs.shutdown()
        assert len([text for text in told if text.startswith("Lectures: ")]) == 1


def test_closing_in_the_middle_of_a_round_of_checks_leaves_nobody_asking(
    tmp_path: Path, qtbot: QtBot
) -> None:
    paths, clock = Paths(tmp_path), Later()
    with served() as web, working(paths, clock) as jobs, open_reader(paths) as reader:
        jobs.add_feed(serve_show(web, "shop", "Shop Talk", [item("one", 12)]))
        qtbot.waitUntil(lambda: bool(reader.brief_dates()), timeout=60_000)
        web.held = dict.fromkeys(web.pages, threading.Event())
        clock.hours, asked = 20, len(web.asked)
        jobs.refresh_due()
        qtbot.waitUntil(lambda: len(web.asked) > asked, timeout=10_000)
        jobs.shutdown()
        assert not any(t.name in ("jobs", "ask for news") for t in threading.enumerate())
        web.held["/shop/feed.xml"].set()


def test_n_01_without_a_network_the_window_says_so_once(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.jobs.ROUND_EVERY_S", 0.0)
    paths, clock = Paths(tmp_path), Later()
    with open_library(paths) as library:
        for number in range(20):
            address = f"http://127.0.0.{number + 1}:9/feed"
            library.add_feed(address, ParsedFeed(f"Show {number}", None, "", None, ()), near=True)
    with working(paths, clock) as jobs, open_reader(paths) as reader:
        told: list[str] = []
        jobs.failed.connect(told.append)
        for _ in range(3):
            with qtbot.waitSignal(jobs.progressed, timeout=30_000, check_params_cb=lambda p: p is None):
                jobs.refresh_due()
        assert told == [AWAY]
        assert all(feed.error is None for feed in reader.feeds())


def test_paused_work_does_not_keep_audio_from_being_fetched(tmp_path: Path, qtbot: QtBot) -> None:
    paths = Paths(tmp_path)
    heard = Item("heard", "Heard", 2, item("x", 3).transcript, ("audio/mpeg", b"sound" * 99))
    with served() as web, working(paths) as jobs, open_reader(paths) as reader:
        jobs.add_feed(serve_show(web, "shop", "Shop Talk", [item("one", 12), heard]))
        qtbot.waitUntil(lambda: len(reader.episodes()) == 2, timeout=60_000)
        jobs.pause()
        episode = next(e for e in reader.episodes() if e.title == "Heard")
        jobs.fetch_audio(episode.id)
        jobs.fetch_audio(episode.id)
        qtbot.waitUntil(lambda: reader.download(episode.id) is not None, timeout=10_000)
        assert (paths.audio / reader.download(episode.id).file_name).read_bytes() == b"sound" * 99


def test_a_show_is_added_and_asked_for_news_while_the_work_is_paused(tmp_path: Path, qtbot: QtBot) -> None:
    paths = Paths(tmp_path)
    with served() as web, working(paths) as jobs, open_reader(paths) as reader:
        url = serve_show(web, "shop", "Shop Talk", [item("one", 12)])
        jobs.pause()
        came: list[Brought] = []
        jobs.ask(lambda tools, watch: bring(tools, url, watch), came.append)
        qtbot.waitUntil(lambda: bool(came), timeout=20_000)
        assert [feed.title for feed in reader.feeds()] == ["Shop Talk"]
        serve_show(web, "shop", "Shop Talk", [item("one", 12), item("two", 12)])
        jobs.do(lambda tools, watch: refresh(tools, watch, wish="now").changes)
        qtbot.waitUntil(lambda: len(reader.episodes()) == 2, timeout=20_000)
        assert reader.library_counts()["insights"] == 0, "the pause stays one"


def test_closing_ends_a_fetch_of_audio_that_hangs(tmp_path: Path, qtbot: QtBot) -> None:
    paths = Paths(tmp_path)
    heard = Item("heard", "Heard", 2, item("x", 3).transcript, ("audio/mpeg", b"sound" * 99))
    with served() as web, working(paths) as jobs, open_reader(paths) as reader:
        jobs.add_feed(serve_show(web, "shop", "Shop Talk", [heard]))
        qtbot.waitUntil(lambda: bool(reader.episodes()), timeout=60_000)
        web.held = dict.fromkeys(web.pages, threading.Event())
        jobs.fetch_audio(reader.episodes()[0].id)
        qtbot.waitUntil(lambda: "/shop/heard.audio" in web.asked, timeout=10_000)
        jobs.shutdown()
        assert not any(t.name in ("jobs", "fetch audio") for t in threading.enumerate())
        web.held["/shop/heard.audio"].set()


def test_work_that_waits_for_mains_power_says_so_and_closing_works_at_once(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = Paths(tmp_path)
    paths.create()
    save_settings(paths, Settings(pause_on_battery=True))
    monkeypatch.setattr("earmark.app.look_around", lambda: Surroundings(on_battery=True))
    with served() as web, working(paths) as jobs:
        with qtbot.waitSignal(
            jobs.progressed, timeout=60_000, check_params_cb=lambda p: p is not None and bool(p.waiting)
        ) as told:
            jobs.add_feed(serve_show(web, "shop", "Shop Talk", [item("one", 12)]))
        assert told.args[0].waiting == "the computer runs on battery"
        jobs.shutdown()
        assert not any(thread.name == "jobs" for thread in threading.enumerate())
    with open_library(paths) as library:
        assert [job.state for job in library.jobs()] == ["waiting"]


def test_a_fault_is_told_in_plain_words_and_work_goes_on(tmp_path: Path, qtbot: QtBot) -> None:
    with served() as web, working(Paths(tmp_path)) as jobs:
        with qtbot.waitSignal(jobs.failed, timeout=20_000) as told:
            jobs.add_feed("ftp://nowhere")
        assert "not a web address" in told.args[0]
        with qtbot.waitSignal(jobs.changed, timeout=20_000):
            jobs.add_feed(serve_show(web, "shop", "Shop Talk", []))


def test_shutdown_in_the_middle_of_work_is_quick_and_may_be_repeated(tmp_path: Path, qtbot: QtBot) -> None:
    paths = Paths(tmp_path)
    with served() as web, working(paths) as jobs:
        jobs.add_feed(serve_show(web, "long", "Long", [item("two", 3000)]))
        with qtbot.waitSignal(
            jobs.progressed, timeout=30_000, check_params_cb=lambda p: p is not None and p.doing == "Reading"
        ):
            pass
        jobs.shutdown()
        assert not any(thread.name == "jobs" and thread.is_alive() for thread in threading.enumerate())
        jobs.shutdown()
    with open_library(paths) as library:
        assert library.transcript(library.episodes()[0].id) is not None


def test_start_tells_that_another_program_has_the_library(tmp_path: Path) -> None:
    with open_library(Paths(tmp_path)):
        jobs = Jobs(lambda: open_tools(Paths(tmp_path)))
        with pytest.raises(LibraryInUse):
            jobs.start()


def test_start_passes_on_whatever_opening_raised(tmp_path: Path) -> None:
    @contextmanager
    def broken() -> Iterator[Tools]:
        raise KnownError("The disk is gone.")
        yield

    with pytest.raises(KnownError, match="disk is gone"):
        Jobs(broken).start()


def test_what_the_user_does_before_the_first_opening_fails_is_kept(tmp_path: Path, qtbot: QtBot) -> None:
    paths = Paths(tmp_path / "profile")
    open_library(paths).close()
    change_settings(paths, lambda now: replace(now, models_folder=tmp_path / "no disk" / "models"))
    jobs = Jobs(lambda: open_tools(paths), lambda: open_alone(paths))
    with qtbot.waitSignal(jobs.opened, timeout=20_000) as told:
        jobs.begin()
    assert "Is its disk plugged in?" in str(told.args[0])
    jobs.do(lambda tools, _watch: tools.library.write_note(InsightId("a"), "mine", was=""))
    jobs.shutdown()
    assert jobs.left_undone == 0
    with open_reader(paths) as reader:
        assert reader.note(InsightId("a")) == "mine"


def test_deeds_that_cannot_be_kept_are_counted_and_hold_nobody_up(tmp_path: Path, qtbot: QtBot) -> None:
    paths = Paths(tmp_path)
    with open_library(paths) as library:
        jobs = Jobs(lambda: open_tools(paths), lambda: open_alone(paths))
        jobs.set_mark(InsightId("a"), saved=True)
        with qtbot.waitSignal(jobs.opened, timeout=20_000) as told:
            jobs.begin()
        assert isinstance(told.args[0], LibraryInUse)
        jobs.shutdown()
        assert jobs.left_undone == 1
        assert not jobs._thread.is_alive()
        assert not library.acts()


def test_the_brief_is_looked_for_again_only_when_something_changed(tmp_path: Path, qtbot: QtBot) -> None:
    paths = Paths(tmp_path)
    with served() as web, working(paths) as jobs, open_reader(paths) as reader:
        jobs.make_due_brief()
        jobs.add_feed(serve_show(web, "shop", "Shop Talk", [item("one", 12)]))
        qtbot.waitUntil(lambda: bool(reader.brief_dates()), timeout=60_000)
        shown = reader.shown_insight_ids()
        jobs.make_due_brief()
        jobs.make_due_brief()
        jobs.add_reading(next(iter(shown)), 40_000)
        qtbot.waitUntil(lambda: [act.read_ms for act in reader.acts()] == [40_000], timeout=10_000)
        assert reader.shown_insight_ids() == shown


def test_what_is_chosen_is_taken_into_use_without_losing_what_waits(tmp_path: Path, qtbot: QtBot) -> None:
    opened: list[Tools] = []
    paths = Paths(tmp_path / "profile")

    @contextmanager
    def counted() -> Iterator[Tools]:
        with open_tools(paths) as tools:
            opened.append(tools)
            yield tools

    jobs = Jobs(counted)
    jobs.start()
    try:
        change_settings(paths, lambda now: replace(now, glossary=("Anthropic",)))
        answers: list[object] = []
        jobs.reopen()
        jobs.ask(lambda tools, _watch: tools.glossary, answers.append)
        qtbot.waitUntil(lambda: answers == [("Anthropic",)], timeout=20_000)
        assert len(opened) == 2
    finally:
        jobs.shutdown()


def test_what_is_done_beside_answers_here_and_is_not_cut_off_by_a_new_choice(
    tmp_path: Path, qtbot: QtBot
) -> None:
    go, answers = threading.Event(), []
    with working(Paths(tmp_path / "profile")) as jobs:

        def slow(_tools: Tools, _watch: Watch) -> str:
            assert go.wait(20)
            return threading.current_thread().name

        def refuse(_tools: Tools, _watch: Watch) -> None:
            raise KnownError("No.")

        jobs.beside(
            slow, lambda name: answers.append((name, threading.current_thread().name)), answers.append
        )
        jobs.reopen()
        jobs.ask(lambda _tools, _watch: "meanwhile", answers.append)
        qtbot.waitUntil(lambda: answers == ["meanwhile"], timeout=20_000)
        go.set()
        qtbot.waitUntil(lambda: ("beside", "MainThread") in answers, timeout=20_000)
        jobs.beside(refuse, answers.append, answers.append)
        qtbot.waitUntil(lambda: answers[-1] == "No.", timeout=20_000)


def test_threads_that_did_what_was_to_be_done_beside_are_let_go_of(tmp_path: Path, qtbot: QtBot) -> None:
    with working(Paths(tmp_path / "profile")) as jobs:
        answers: list[object] = []
        for number in range(4):
            jobs.beside(lambda _tools, _watch: "done", answers.append, answers.append)
            qtbot.waitUntil(lambda number=number: len(answers) == number + 1, timeout=20_000)
            assert len(jobs._threads) == 1
            jobs._threads[0].join()
