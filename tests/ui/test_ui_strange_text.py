"""Strange text from feeds, lists and users, at every place: shown as it is, and nothing is opened for it."""

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from evil_server import Evil
from file_watch import Opened, watched
from filled_library import PUBLISHED_MS, FakeJobs, Show, fill
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from small_shows import an_episode, take_in
from test_ui_look import look_at
from test_ui_reach import walked
from test_ui_window import here, texts

from earmark.library import Library
from earmark.records import Chapter, Enclosure, EpisodeFacts, Funding, Progress, ShowFacts, Soundbite
from earmark.ui.add_show import AddShow
from earmark.ui.links import link_host, open_link
from earmark.ui.main_window import MainWindow
from earmark.ui.prose import MOST_CHARACTERS

linux = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks inotify")


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Opened]:
    """A picture on this computer, and how often it was opened."""
    picture = QImage(4, 4, QImage.Format.Format_RGB32)
    assert picture.save(str(tmp_path / "trap.png"))
    with watched(tmp_path / "trap.png") as opened:
        yield opened


def markup(folder: Path, evil: Evil) -> str:
    """All that a rich text could be made to do, by a file, by its address, by a style and from the net."""
    file = folder / "trap.png"
    return (
        f'<img src="{file}"><img src="{file.as_uri()}"><b>bold</b><a href="{file.as_uri()}">here</a>'
        f"<style>@import url('{file.as_uri()}'); * {{ background: url({evil.url('/style')}) }}</style>"
        f'<iframe src="{evil.url("/frame")}"></iframe><img src="{evil.url("/picture")}"><img src="trap.png">'
        '<img src="data:image/png;base64,AAAA"><svg onload="x()"><image href="trap.png"/></svg>'
        f"<script>open('{file}')</script>&lt;i&gt;![x]({evil.url('/mark')}) "
    )


def fill_strangely(library: Library, trouble: str) -> int:
    """A library in which every text that comes from outside holds the trouble; an episode of it with all."""
    fill(library, trouble)
    url = "https://example.org/strange"
    episode = an_episode(
        "strange",
        title=f"{trouble}strange",
        published_ms=PUBLISHED_MS,
        enclosure=Enclosure("https://example.org/a.mp3", "audio/mpeg"),
        notes=f"<p>{trouble}</p>",
        link="https://example.org/page",
        chapters=(Chapter(0, trouble), Chapter(60_000, trouble)),
        people=(trouble,),
        facts=EpisodeFacts(season_name=trouble, number=3, soundbites=(Soundbite(0, 9000, trouble),)),
    )
    facts = ShowFacts(trouble, trouble, funding=(Funding("https://example.org/give", trouble),))
    (episode_id,) = take_in(library, f"{trouble}show", [episode], url=url, facts=facts)
    library.set_job(episode_id, step="download", state="failed", reason=trouble)
    return episode_id


def hear_of(window: MainWindow, jobs: FakeJobs, trouble: str) -> None:
    """Every strip that tells something tells of the trouble."""
    jobs.failed.emit(trouble)
    jobs.progressed.emit(Progress("Listening to", trouble, 0.5, 60, trouble))
    window.desk.offer(trouble, "Undo", lambda: None)
    QApplication.processEvents()


@linux
def test_u_01_u_03_markup_in_every_field_is_shown_as_it_is_and_opens_nothing(
    library: Library, jobs: FakeJobs, show: Show, tmp_path: Path, trap: Opened, evil: Evil
) -> None:
    trouble = markup(tmp_path, evil)
    episode_id = fill_strangely(library, trouble)
    window = show()
    hear_of(window, jobs, trouble)
    rooms = [*walked(window)]
    places = [address for address, _shown in rooms]
    assert len(places) > 15
    for address in (*places[:-2], f"episode/{episode_id}", f"show/{library.feeds()[-1].id}"):
        window.go(address)
        QApplication.processEvents()
        assert not window.grab().isNull()  # painted, however little of it is on the screen
    window.adding.begin(trouble)
    dialog = next(each for each in window.findChildren(AddShow) if each.isVisible())
    dialog.ask(trouble, trouble)
    dialog.grab()
    shown = texts(window)
    assert any("<b>bold</b>" in text for text in shown), "it stands there as it was written"
    assert trap.count() == 0
    assert evil.requests == []


@linux
def test_u_01_the_trap_is_sprung_by_a_label_that_reads_markup(
    qapp: QApplication, qtbot: object, tmp_path: Path, trap: Opened, evil: Evil
) -> None:
    poor = QLabel(markup(tmp_path, evil))
    poor.show()
    poor.grab()
    poor.close()
    assert trap.count() > 0


def test_u_03_notes_of_publishers_lose_all_markup_and_keep_their_words(library: Library, show: Show) -> None:
    notes = (
        "<p>We talk about <a href='file:///etc/passwd'>pumps</a> &amp; <em>pipes</em>.</p>"
        "<img src='https://tracker.example/x.png'><img src='file:///etc/passwd'><img src='../up.png'>"
        "<iframe src='https://frame.example'>inside</iframe><svg><image href='https://svg.example'/></svg>"
        "<style>p { background: url(https://style.example) }</style><script>steal()</script><p>Then rest.</p>"
    )
    (episode_id,) = take_in(library, "Show", [an_episode("g", notes=notes)])
    window = show()
    window.go(f"episode/{episode_id}")
    QApplication.processEvents()
    said = " ".join(texts(here(window)))
    assert "We talk about pumps & pipes." in said
    assert "Then rest." in said
    assert [part for part in ("<", "example/", "passwd", "steal", "background") if part in said] == []


LINKS = {
    "https://example.org/a?b=c#d": "https://example.org/a?b=c#d",
    "HTTP://Example.org": "http://example.org",
    "https://ann:secret@example.org/": "https://example.org/",
    "https://example.org@evil.example/": "https://evil.example/",
    "https://раypal.com/login": "https://xn--ypal-43d9g.com/login",
    "https://xn--pple-43d.com/": "https://xn--pple-43d.com/",
    "https://bücher.example/": "https://xn--bcher-kva.example/",
    "https://[::1]:8080/x": "https://[::1]:8080/x",
    "https://example.org/\u202egnp.exe": "https://example.org/gnp.exe",
    " https://example.org/\n\t": "https://example.org/",
    "file:///etc/passwd": None,
    "FILE:///etc/passwd": None,
    "\\\\host\\share": None,
    "//host/share": None,
    "smb://host/share": None,
    "javascript:alert(1)": None,
    "java\nscript:alert(1)": None,
    "data:text/html,<script>": None,
    "earmark:insight/1": None,
    "vscode://open?x": None,
    "ms-msdt:/id": None,
    "mailto:ann@example.org": None,
    "https://": None,
    "https:///etc/passwd": None,
    "https://exa mple.org/": None,
    "http://[::1": None,
    "-https://example.org": None,
    "": None,
}


@pytest.mark.parametrize(("link", "opened"), LINKS.items(), ids=[ascii(link)[1:40] for link in LINKS])
def test_u_04_only_addresses_of_the_web_are_opened_and_their_true_host_is_shown(
    link: str, opened: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def opener(url: QUrl) -> bool:
        asked.append(url.toString(QUrl.ComponentFormattingOption.FullyEncoded))
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", opener)
    assert open_link(link) is (opened is not None)
    assert asked == ([opened] if opened else [])
    assert link_host(link) == (str(urlsplit(opened).hostname) if opened else "")


TURNED = {
    "right to left": "\u202eתוכנית על שינה \u2066والنوم",
    "zalgo": "Z" + "\u0301\u0489\u0334" * 30 + "algo ",
    "heavy": "Ze\u0301\u0489" * 25_000,
    "family": "\U0001f469\u200d\U0001f469\u200d\U0001f467" * 40,
}


def turns_others(said: str) -> bool:
    """Whether a text would turn what stands beside it."""
    opened, closed = sum(map(said.count, "\u2066\u2067\u2068")), said.count("\u2069")
    return opened != closed or bool(set("\u202a\u202b\u202d\u202e") & set(said))


@pytest.mark.parametrize("trouble", TURNED.values(), ids=TURNED.keys())
def test_u_05_letters_that_turn_pile_up_or_never_end_leave_their_neighbours_alone(
    trouble: str, library: Library, jobs: FakeJobs, show: Show, pytestconfig: pytest.Config
) -> None:
    episode_id = fill_strangely(library, trouble)
    window = show()
    hear_of(window, jobs, trouble)
    rooms = ("Today", "Library", "Activity", f"episode/{episode_id}", f"show/{library.feeds()[-1].id}")
    for address in rooms:
        window.go(address)
        QApplication.processEvents()
        page = here(window)
        assert window.size().width() == 1280
        seen = [each for each in page.findChildren(QWidget) if each.isVisible()]
        assert [each for each in seen if each.width() > page.width()] == []
        labels = [each.text() for each in window.findChildren(QLabel) if each.isVisible()]
        assert [(len(said), said[:60]) for said in labels if len(said) > MOST_CHARACTERS] == []
        assert [said[:200] for said in labels if turns_others(said)] == []
        look_at(window, f"{address.replace('/', '-')}-{len(trouble)}", pytestconfig)


def test_u_05_a_title_of_a_hundred_kilobytes_is_one_line_with_its_end_left_out(
    library: Library, show: Show
) -> None:
    take_in(library, TURNED["heavy"], [an_episode("g", title="word " * 20_000)])
    window = show()
    window.go(f"show/{library.feeds()[0].id}")
    QApplication.processEvents()
    assert all(len(text) <= 400 for text in texts(window))
    assert any(text.endswith("…") for text in texts(window))
