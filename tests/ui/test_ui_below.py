"""What comes from below the window, in German: every template, what is made of them, and the window."""

import re
from collections.abc import Iterator
from errno import ENOSPC
from pathlib import Path

import pytest
import strings
from below import Texts
from filled_library import FakeJobs, Show, add_episode, insight
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QApplication, QListView
from test_ui_reach import busy_window, walked
from test_ui_window import plain, texts

from earmark.export.whole import cannot
from earmark.insights.coverage import Coverage, coverage_line
from earmark.library import Library
from earmark.net.door import UNPROVEN
from earmark.net.faults import Refusal, Unproven
from earmark.records import Check, Progress, Schedule
from earmark.taste import Lesson, change_taste
from earmark.ui.below import said, without_commands
from earmark.ui.language import speak, tr
from earmark.ui.main_window import MainWindow
from earmark.ui.words import progress_detail
from earmark.vault import Forgotten

BLANK = re.compile(r"\{(\w+)\}")
SAMPLES = {
    "number": ("3", "3"),
    "day": ("5", "5"),
    "month": ("March", "März"),
    "insights": ("3 insights", "3 Erkenntnisse"),
    "list": ('"eco"', '"eco"'),
    "mine": ("saved 3", "3 gemerkt"),
    "says": ("more on rye, because you saved 3", "mehr zu rye, weil Sie 3 gemerkt haben"),
    "strerror": ("Permission denied", "keine Berechtigung"),
}
"""What may stand in some blanks, and what becomes of it."""


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    """The window speaks German."""
    before = QLocale()
    installed = speak(qapp, "de")
    yield
    for each in installed:
        qapp.removeTranslator(each)
    QLocale.setDefault(before)


def test_the_window_knows_every_text_from_below() -> None:
    listed = (strings.STRINGS / "below.json").read_text(encoding="utf-8")
    assert listed == strings.listed_below(), "run tests/tools/strings.py"
    assert len(strings.below_texts()) > 400


ENGLISH = {"the", "is", "and", "of", "not", "it", "was", "could", "does", "has", "to", "that", "you", "this"}
ELSEWHERE = {
    "engines/media_loop.py: KnownError(_cannot_write(error))",
    "engines/media_loop.py: KnownError(_why_not(source, found.form))",
    "export/vault.py: KnownError(cannot(root, error))",
    "export/whole.py: KnownError(cannot(path, error))",
    "feeds/parse.py: KnownError(_no_feed(body, shown(url)))",
    "insights/extract.py: Refused(window.first, window.last, worth=2)",
    "insights/write.py: Refused(first, last, draft.worth)",
    "net/door.py: Refusal(answer.url, answer.status, answer.headers.get('retry-after'))",
    "net/door.py: Unproven(f'{host} {UNPROVEN}')",
    "net/download.py: KnownError(refusal(answer.url, answer.status))",
    "net/mail.py: KnownError(_tls_fault(host, error))",
    "pipeline/models/choice.py: ModelGone(_gone(file, word, entry))",
    "pipeline/models/choice.py: ModelGone(str(error))",
    "pipeline/models/fetch.py: KnownError(busy)",
    "pipeline/models/fetch.py: KnownError(f'{why.removesuffix(AGAIN_LATER).rstrip()} {NEXT_STEP}')",
    "pipeline/models/heads.py: KnownError(str(error).replace(path.name, name or path.name))",
    "pipeline/named.py: KnownError(_several(text, 'episodes', told, len(found)))",
    "pipeline/named.py: KnownError(_several(shown, 'shows', told, len(found)))",
    "pipeline/own_words.py: DoesNotFit(own)",
    "pipeline/subscribe.py: SeveralFeeds(page.url, links)",
    "vault.py: Forgotten(host)",
}
"""Errors whose words are made in a function or a class, where they are found, or are those of another."""


def test_no_error_has_words_that_are_not_found() -> None:
    assert Texts().silent() == ELSEWHERE


@pytest.mark.parametrize(
    "error",
    [
        *(Refusal("https://x.org/a", status, None) for status in (401, 403, 404, 410, 418, 429, 503)),
        Unproven(f"x.org {UNPROVEN}"),
        cannot(Path("/a/b.txt"), PermissionError(13, "Permission denied")),
        cannot(Path("/a/b.txt"), OSError(ENOSPC, "No space left on device")),
        Forgotten("x.org"),
    ],
    ids=str,
)
def test_what_errors_say_by_themselves_is_said_in_german(error: object, german: None) -> None:
    english = without_commands(str(error))
    assert set(re.findall(r"[A-Za-z]+", said(english))) & ENGLISH == set(), said(english)


def test_whatever_a_template_makes_is_said_in_german(german: None) -> None:
    wrong = {}
    for template in strings.below_texts():
        samples = {
            name: SAMPLES.get(name, (f"{number}.example",) * 2)
            for number, name in enumerate(BLANK.findall(template))
        }
        english = template.format(**{name: each[0] for name, each in samples.items()})
        wanted = tr(template).format(**{name: each[1] for name, each in samples.items()})
        if said(english) != wanted:
            wrong[english] = said(english)
    assert wrong == {}


@pytest.mark.parametrize(
    ("english", "german_text"),
    [
        (
            coverage_line(5, Coverage(1041, 7, 9, waiting=2, waiting_ms=2_280_000, adverts=3, dropped=1)),
            "1041 Erkenntnisse, davon 5 hier, aus 7 von 9 neuen Folgen. 2 noch zu lesen, etwa 38 Minuten. "
            "3 Werbeblöcke ausgelassen. Wichen vom Gesagten ab: 1 weggelassen.",
        ),
        (
            "Close to “sleep, and rest”, which you wrote, somewhat more on rye, because you saved 3 and "
            "read 2, ranked first of 9 in its episode.",
            "Nahe an „sleep, and rest“, was Sie geschrieben haben, etwas mehr zu rye, weil Sie 3 gemerkt und "
            "2 gelesen haben, die erste von 9 in ihrer Folge.",
        ),
        (
            "Less from Small Numbers, because you hid 2, disliked 1 and hid 4.",
            "Weniger aus Small Numbers, weil Sie 2 ausgeblendet, 1 nicht gemocht und 4 ausgeblendet haben.",
        ),
        (
            "As a full writer: 0 of 3 cards held to what was said, where 5 of 7 are needed.",
            "Als voller Schreiber: 0 von 3 Karten blieben bei dem, was gesagt wurde, wo 5 von 7 nötig sind.",
        ),
        ("bears on 1,200 others in your library", "hängt mit 1.200 anderen in Ihrer Bibliothek zusammen"),
        ("30.5 MB of 1.2 GB, 1.5 MB a second", "30,5 MB von 1,2 GB, 1,5 MB pro Sekunde"),
        ("from 5 March", "vom 5. März"),
        (
            "x.org did not answer within 60 seconds. Earmark will try again later.",
            "x.org hat nicht innerhalb von 60 Sekunden geantwortet. Earmark versucht es später noch einmal.",
        ),
        (
            'In settings.toml, mode must be one of "eco", "quiet".',
            'In settings.toml muss mode so sein: eines von "eco", "quiet".',
        ),
        ("The audio decoder stopped: it no longer answered.", "Tonleser hat aufgehört: keine Antwort mehr."),
        (
            "There is no brief of 2026-11-23. The latest are: none yet.",
            "Vom Montag, 23. November 2026 gibt es keinen Überblick. Die neuesten sind: noch keine.",
        ),
        (
            "a.example did not answer. Earmark will try again later. That has been so for 30 days, so "
            'Reading is asked no more by itself. Try it with: earmark refresh "Reading", or unsubscribe.',
            "a.example hat nicht geantwortet. Earmark versucht es später noch einmal. Das ist seit 30 Tagen "
            "so, daher wird Reading nicht mehr von selbst gefragt.",
        ),
    ],
)
def test_what_is_put_together_is_said_whole(english: str, german_text: str, german: None) -> None:
    assert said(english) == german_text


def test_what_others_wrote_stays_as_they_wrote_it(german: None) -> None:
    for text in (
        "A feed, read aloud",
        "Reading in bed: a talk",
        "x" * 5000,
        "1 of 2, " * 80,
        "",
        "A: b, c. D? E",
    ):
        assert said(text) == text
    assert said("Reading cannot be read: it is damaged, or made to do harm.").startswith("Reading lässt sich")


def test_english_stays_english_without_what_is_typed_into_a_terminal() -> None:
    assert said("Mail is off. Set it up with: earmark mail setup") == "Mail is off."
    assert said("1,200 of 1.5 GB") == "1,200 of 1.5 GB"


def test_progress_is_said_in_german(german: None) -> None:
    reading = Progress("Listening to", "Field Notes", 0.5, 60.0, "36 of 58 min")
    assert progress_detail(reading) == "36 von 58 min, noch etwa 1 min"


def spoken_rows(window: MainWindow) -> list[str]:
    """What the rows of the shown lists say."""
    role = Qt.ItemDataRole.AccessibleTextRole
    lists = [each.model() for each in window.findChildren(QListView) if each.isVisible()]
    return [plain(str(rows.index(n, 0).data(role))) for rows in lists for n in range(rows.rowCount())]


def english_left(shown: list[str]) -> list[str]:
    """Those of some texts that are ours, in part at least, and in English."""
    return [f"{text} -> {said(tr(text))}" for text in shown if said(tr(text)) != text]


def test_the_german_window_says_nothing_in_english(
    german: None, library: Library, jobs: FakeJobs, show: Show
) -> None:
    """Scripted trouble in every place that tells of some."""
    window = busy_window(library, jobs, show)
    first, second, third, fourth, *_ = library.episodes()
    library.set_job(fourth.id, step="words", state="waiting", reason="the computer runs on battery")
    library.set_job(third.id, step="download", state="failed", reason="The server sent an empty file.")
    away = Check(second.feed_id, "x.org did not answer. Earmark will try again later.", Schedule())
    library.note_checks([away], now_ms=2)
    library.log_request(1_795_500_000_000, "x.org", "refresh a feed", 200, 12_000)
    paths = window.desk.choices.paths
    lesson = Lesson(
        "one", True, "topic", "sleep", "More on sleep, because you saved 3.", 3.0, (insight(0).id,)
    )
    change_taste(paths, lambda now: type(now)(interests=now.interests, lessons=(lesson,)))
    jobs.progressed.emit(
        Progress("Listening to", "Field Notes 88", 0.62, 8000.0, "36 of 58 min", order=(first.id,))
    )
    jobs.progressed.emit(Progress("Downloading", "whisper-base", 0.5, 60.0, "30.0 MB of 1.2 GB"))
    left = {}
    for address, shown in walked(window):
        jobs.failed.emit("x.org cannot be reached. Is this computer online?")
        found = english_left(texts(shown) + (spoken_rows(window) if shown is window else []))
        if found:
            left[address] = found
    assert left == {}


def test_an_empty_day_tells_of_a_fault_in_german(
    german: None, library: Library, jobs: FakeJobs, show: Show
) -> None:
    episode = library.episode(add_episode(library, 0))
    fault = "Earmark is set to stay offline."
    library.set_job(episode.id, step="words", state="failed", reason="No words.")
    library.note_checks([Check(episode.feed_id, fault, Schedule())], now_ms=2)
    assert "Earmark soll offline bleiben." in texts(show())
