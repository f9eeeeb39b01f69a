"""Questions beside the work: while a model reads a long episode, and when the window closes."""

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from at_work import working
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shows import item, serve_show, served

from earmark.app import open_tools
from earmark.errors import DISK_FULL, Cancelled, KnownError
from earmark.jobs import Jobs
from earmark.jobs.worker import OPENING_S, SHUTDOWN_S
from earmark.library import Reader, open_library, open_reader
from earmark.paths import Paths
from earmark.pipeline import Tools, Watch
from earmark.pipeline.beside import Beside
from earmark.records import InsightId
from earmark.settings import change_settings
from earmark.ui.asides import Asides


@pytest.fixture
def program(tmp_path: Path, qtbot: QtBot) -> Iterator[Jobs]:
    """The program at work on a new profile; it ends before the application does."""
    with working(Paths(tmp_path)) as jobs:
        yield jobs


@pytest.fixture
def asides(program: Jobs) -> Iterator[Asides]:
    """Who asks beside its work."""
    made = Asides(program)
    yield made
    made.close()


def test_a_meaning_is_found_while_a_long_episode_is_read(program: Jobs, asides: Asides, qtbot: QtBot) -> None:
    answers: list[Any] = []
    with served() as web:
        with qtbot.waitSignal(
            program.progressed, timeout=60_000, check_params_cb=lambda p: bool(p and p.doing == "Reading")
        ):
            program.add_feed(serve_show(web, "long", "Long", [item("long", 3000)]))
        asides.find("search", vector_of_tea, answers.append)
        qtbot.waitUntil(lambda: bool(answers), timeout=60_000)
    assert answers[0].shape == (1, 384)


def test_the_newest_question_of_a_kind_is_the_one_that_is_answered(
    program: Jobs, asides: Asides, qtbot: QtBot
) -> None:
    begun, answers = threading.Event(), []

    def long(_reader: Reader, _tools: Tools, watch: Watch) -> None:
        begun.set()
        while not watch.cancelled():
            threading.Event().wait(0.005)
        raise Cancelled

    asides.find("ask", long, answers.append)
    qtbot.waitUntil(begun.is_set)
    asides.find("ask", lambda reader, _tools, _watch: reader.library_counts()["feeds"], answers.append)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == [0]
    begun.clear()
    asides.find("ask", long, answers.append)
    qtbot.waitUntil(begun.is_set)
    asides.stop("ask")
    asides.find("other", fail, answers.append)
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert str(answers[1]) == "There is none."
    asides.close()
    program.shutdown()
    QApplication.processEvents()
    assert len(answers) == 2


def test_an_answer_that_is_on_its_way_is_not_given_once_it_is_not_wanted(
    asides: Asides, qtbot: QtBot
) -> None:
    answers, found = [], threading.Event()

    def find(_reader: Reader, _tools: Tools, _watch: Watch) -> str:
        found.set()
        return "late"

    asides.find("search", lambda _reader, _tools, _watch: "first", answers.append)
    qtbot.waitUntil(lambda: answers == ["first"])
    asides.find("search", find, answers.append)
    found.wait(5.0)
    asides.stop("search")
    asides.find("other", lambda _reader, _tools, _watch: "other", answers.append)
    qtbot.waitUntil(lambda: "other" in answers)
    assert answers == ["first", "other"]


def test_questions_are_answered_with_what_was_chosen_since(
    program: Jobs, asides: Asides, qtbot: QtBot
) -> None:
    answers, begun, changed = [], threading.Event(), threading.Event()

    def long(reader: Reader, tools: Tools, watch: Watch) -> NDArray[np.float32]:
        begun.set()
        changed.wait(20.0)
        return vector_of_tea(reader, tools, watch)

    asides.find("search", vector_of_tea, answers.append)
    qtbot.waitUntil(lambda: bool(answers), timeout=60_000)
    asides.find("ask", long, answers.append)
    qtbot.waitUntil(begun.is_set)
    with qtbot.waitSignal(program.renewing, timeout=20_000):
        program.reopen()
    changed.set()
    qtbot.waitUntil(lambda: len(answers) == 2, timeout=60_000)
    asides.find("search", vector_of_tea, answers.append)
    qtbot.waitUntil(lambda: len(answers) == 3, timeout=60_000)
    assert [getattr(answer, "shape", answer) for answer in answers] == [(1, 384)] * 3


def test_a_question_whose_engine_was_closed_meanwhile_is_not_waited_for(tmp_path: Path, qtbot: QtBot) -> None:
    answers: list[object] = []
    with open_tools(Paths(tmp_path)) as tools:
        tools.language.close()
        beside = Beside(tools, lambda _progress: None)
        beside.ask(vector_of_tea, answers.append)
        qtbot.waitUntil(lambda: bool(answers))
        beside.close()
    assert isinstance(answers[0], KnownError)


def test_what_was_looked_up_to_answer_is_given_back_after_each_answer(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested: list[bool] = []
    answers: list[object] = []
    with open_tools(Paths(tmp_path)) as tools:
        monkeypatch.setattr(Reader, "rest", lambda _reader: rested.append(bool(answers)))
        beside = Beside(tools, lambda _progress: None)
        for question in (fail, fail):
            answers.clear()
            beside.ask(question, answers.append)
            qtbot.waitUntil(lambda: bool(answers))
        beside.close()
    assert rested == [True, True]


def vector_of_tea(_reader: Reader, tools: Tools, _watch: Watch) -> NDArray[np.float32]:
    """What search by meaning asks the language engine for."""
    return tools.language.embed(["tea"])


def fail(_reader: Reader, _tools: Tools, _watch: Watch) -> None:
    """A question that has no answer."""
    raise KnownError("There is none.")


def close_while_held(jobs: Jobs, held: threading.Event, qtbot: QtBot) -> None:
    """End the program while something waits for `held`, which is set once the end has begun."""
    closing = threading.Thread(target=jobs.shutdown)
    closing.start()
    qtbot.waitUntil(jobs._closing.is_set)
    held.set()
    closing.join()


def test_what_the_user_does_just_before_closing_is_kept(program: Jobs, tmp_path: Path, qtbot: QtBot) -> None:
    held = threading.Event()
    program.ask(lambda _tools, _watch: held.wait(2.0), lambda _answer: None)
    program.set_mark(InsightId("a"), saved=True)
    program.do(lambda tools, _watch: tools.library.write_note(InsightId("a"), "mine", was=""))
    close_while_held(program, held, qtbot)
    with open_library(Paths(tmp_path)) as library:
        assert library.note(InsightId("a")) == "mine"
        assert [act.saved for act in library.acts()] == [True]


def test_what_the_user_does_while_what_was_chosen_cannot_be_used_is_kept(
    program: Jobs, tmp_path: Path, qtbot: QtBot
) -> None:
    paths = Paths(tmp_path)
    change_settings(paths, lambda now: replace(now, models_folder=tmp_path / "no disk" / "models"))
    with open_reader(paths) as reader:
        with qtbot.waitSignal(program.failed, timeout=20_000) as told:
            program.reopen()
        assert "Is its disk plugged in?" in told.args[0]
        with qtbot.waitSignal(program.changed, timeout=20_000):
            program.do(lambda tools, _watch: tools.library.write_note(InsightId("a"), "mine", was=""))
        assert reader.note(InsightId("a")) == "mine"
        program.do(lambda tools, _watch: tools.library.write_note(InsightId("a"), "mine too", was="mine"))
        program.shutdown()
        assert reader.note(InsightId("a")) == "mine too"


@pytest.mark.parametrize(
    ("fault", "words"),
    [(OSError(errno.ENOSPC, "No space left"), DISK_FULL), (ValueError("a bug"), "Earmark itself")],
)
def test_a_fault_while_the_program_is_put_together_again_is_told_and_the_next_choice_mends_it(
    tmp_path: Path, qtbot: QtBot, caplog: pytest.LogCaptureFixture, fault: Exception, words: str
) -> None:
    faults: list[Exception] = []

    @contextmanager
    def opened() -> Iterator[Tools]:
        if faults:
            raise faults.pop()
        with open_tools(Paths(tmp_path)) as tools:
            yield tools

    jobs, answers = Jobs(opened), []
    jobs.start()
    try:
        faults.append(fault)
        with qtbot.waitSignal(jobs.failed, timeout=20_000) as told:
            jobs.reopen()
        assert words in told.args[0]
        assert type(fault).__name__ in caplog.text
        assert "Traceback" in caplog.text
        jobs.reopen()
        jobs.ask(lambda _tools, _watch: "answered", answers.append)
        qtbot.waitUntil(lambda: bool(answers), timeout=20_000)
    finally:
        jobs.shutdown()


def test_what_the_user_does_while_the_library_is_still_opened_is_kept_at_the_end(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("earmark.jobs.worker.SHUTDOWN_S", 0.001)
    paths, go = Paths(tmp_path), threading.Event()
    open_library(paths).close()

    @contextmanager
    def held() -> Iterator[Tools]:
        assert go.wait(20.0)
        with open_tools(paths) as tools:
            yield tools

    jobs = Jobs(held)
    jobs.begin()
    jobs.set_mark(InsightId("a"), saved=True)
    close_while_held(jobs, go, qtbot)
    with open_reader(paths) as reader:
        assert [act.saved for act in reader.acts()] == [True]
    jobs._thread.join()


@dataclass
class Stuck:
    """A thread that does not end, and the clock of who waits for it."""

    now_s: float = 0.0

    def is_alive(self) -> bool:
        return True

    def join(self, for_s: float) -> None:
        self.now_s += for_s

    def monotonic(self) -> float:
        return self.now_s


@pytest.mark.parametrize(("deeds", "limit_s"), [(0, SHUTDOWN_S), (1, OPENING_S)])
def test_who_waits_twice_for_the_end_waits_no_longer(
    deeds: int, limit_s: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs, stuck = Jobs(lambda: pytest.fail("it was opened")), Stuck()
    monkeypatch.setattr("earmark.jobs.worker.time", stuck)
    monkeypatch.setattr(jobs, "_thread", stuck)
    for _ in range(deeds):
        jobs.set_mark(InsightId("a"), saved=True)
    jobs.shutdown()
    jobs.shutdown()
    assert stuck.now_s == pytest.approx(limit_s)
