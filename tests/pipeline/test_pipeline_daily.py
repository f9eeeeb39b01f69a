"""What follows a brief by itself: one letter a day, and the feed file."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from letter_box import LetterBox, start
from lived import Life, lived

from earmark.errors import KnownError
from earmark.net import Door
from earmark.pipeline import Tools, brief_of
from earmark.pipeline.out import Wish, mail_due_brief, renew_feed, write_out
from earmark.pipeline.watch import Watch
from earmark.settings import Settings, change_settings, load_settings


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    """A library with more to tell than fits in a day."""
    with lived(tmp_path / "profile") as made:
        for number in range(12):
            made.hear(f"Show {number}", f"n{number} m{number} k{number}")
        yield made


@pytest.fixture
def box() -> Iterator[LetterBox]:
    """A server that takes letters."""
    server, stop = start()
    yield server
    stop()


def set_up(life: Life, box: LetterBox, **more: Any) -> Tools:
    """Mail goes to the box; the tools with a network."""
    place = f"127.0.0.1:{box.port}"
    addresses = {"mail_from": "ann@example.org", "mail_to": "bo@example.org"}
    chosen: dict[str, Any] = {"mail_server": place, "mail_protection": "none", **addresses, **more}
    change_settings(life.paths, lambda now: replace(now, **chosen))
    return replace(life.tools, door=Door(user_agent="t", log=lambda *_: None))


def test_each_days_brief_goes_once(life: Life, box: LetterBox) -> None:
    tools = set_up(life, box)
    assert mail_due_brief(tools) is None  # there is no brief yet
    brief_of(tools, life.today)
    assert mail_due_brief(tools) == "bo@example.org"
    assert mail_due_brief(tools) is None
    life.sleep(days=1)
    brief_of(tools, life.today)
    assert [mail_due_brief(tools), mail_due_brief(tools)] == ["bo@example.org", None]
    subjects = [line for _, _, letter in box.letters for line in letter.splitlines() if b"Subject" in line]
    assert subjects == [
        b"Subject: Earmark: Monday, 23 November 2026",
        b"Subject: Earmark: Tuesday, 24 November 2026",
    ]


@pytest.mark.parametrize(
    "chosen",
    [{"mail_daily": False}, {"offline": True}, {"mail_server": None}],
    ids=lambda each: next(iter(each)),
)
def test_nothing_goes_by_itself_where_the_user_wants_none(
    chosen: dict[str, Any], life: Life, box: LetterBox
) -> None:
    tools = set_up(life, box, **chosen)
    brief_of(tools, life.today)
    assert mail_due_brief(tools) is None
    assert box.said == []
    set_up(life, box, mail_daily=True, offline=False)
    assert mail_due_brief(replace(tools, choices=life.tools.choices)) == "bo@example.org"


def test_what_did_not_go_is_said_and_goes_with_the_next_run(life: Life, box: LetterBox) -> None:
    tools = set_up(life, box)
    brief_of(tools, life.today)
    for command in ("MAIL", "EHLO"):
        box.how = {"refuses": command} if command == "MAIL" else {"goes_at": command}
        with pytest.raises(KnownError, match=r"does not take mail|Nothing was sent"):
            mail_due_brief(tools)
    box.how = {}
    assert mail_due_brief(tools) == "bo@example.org"
    assert len(box.letters) == 1


def test_a_letter_that_may_have_come_is_not_sent_again(life: Life, box: LetterBox) -> None:
    tools = set_up(life, box)
    brief_of(tools, life.today)
    box.how = {"goes_at": "the end of the letter"}
    with pytest.raises(KnownError, match="Look whether the letter came"):
        mail_due_brief(tools)
    box.how = {}
    assert mail_due_brief(tools) is None
    assert len(box.letters) == 1


def test_a_brief_with_free_places_waits_until_nothing_is_worked_on(life: Life, box: LetterBox) -> None:
    tools = set_up(life, box)
    for card in life.library.cards()[3:]:
        life.library.set_mark(card.insight.id, hidden=True)
    assert len(brief_of(tools, life.today).cards) == 3
    episode = life.library.episodes()[0].id
    life.library.set_job(episode, step="extract", state="running")
    assert mail_due_brief(tools) is None
    life.library.set_job(episode, step="done", state="done")
    assert mail_due_brief(tools) == "bo@example.org"


def test_the_feed_is_renewed_with_each_brief_until_the_user_takes_it_away(life: Life, tmp_path: Path) -> None:
    tools, nothing, file = life.tools, Any, tmp_path / "out" / "a.atom"
    brief_of(tools, life.today)
    renew_feed(tools)
    assert not file.exists()
    write_out(life.library, nothing, life.paths, "atom", Wish(), file, tools.clock, Watch())  # type: ignore[arg-type]
    assert load_settings(life.paths).feed_file == file
    life.sleep(days=1)
    brief_of(tools, life.today)
    assert "2026-11-24" not in file.read_text("utf-8")
    renew_feed(life.tools)
    assert "2026-11-24" in file.read_text("utf-8")
    before = file.stat().st_mtime_ns, file.stat().st_ino
    renew_feed(life.tools)
    assert (file.stat().st_mtime_ns, file.stat().st_ino) == before
    file.unlink()
    renew_feed(life.tools)
    assert not file.exists()
    assert Settings().feed_file is None
