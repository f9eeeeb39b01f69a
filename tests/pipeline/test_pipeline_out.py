"""Out of a whole library: what is wished for, in every form, and nothing that is nobody's business."""

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import keyring
import pytest
from memory_keyring import MemoryKeyring
from small_library import (
    SECRET,
    TITLES,
    TODAY,
    YESTERDAY,
    add_audio,
    everything_below,
    fill,
    insight_id,
)

from earmark.engines import Media
from earmark.errors import Cancelled, KnownError
from earmark.library import Reader, open_library, open_reader
from earmark.net import Door
from earmark.passwords import forget_password, store_password, stored_password
from earmark.paths import Paths
from earmark.pipeline import Watch
from earmark.pipeline.out import (
    FORMS,
    Form,
    Wish,
    Written,
    chosen,
    mail_account,
    mail_brief,
    mail_server,
    write_out,
)
from earmark.records import Brief, BriefItem, Card, EpisodeId, InsightId
from earmark.settings import Settings

NOW = datetime(2026, 11, 26, 7, 30, tzinfo=UTC)


def clock() -> datetime:
    return NOW


@pytest.fixture(scope="module")
def media() -> Iterator[Media]:
    with Media() as face:
        yield face


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[EpisodeId]]:
    """A profile, and its episodes."""
    folder = tmp_path_factory.mktemp("filled") / "profile"
    return folder, fill(Paths(folder))


@pytest.fixture
def episodes(filled: tuple[Path, list[EpisodeId]]) -> list[EpisodeId]:
    return filled[1]


@pytest.fixture
def paths(tmp_path: Path, filled: tuple[Path, list[EpisodeId]]) -> Paths:
    return Paths(shutil.copytree(filled[0], tmp_path / "profile"))


@pytest.fixture
def reader(paths: Paths) -> Iterator[Reader]:
    with open_reader(paths) as opened:
        yield opened


def numbers(reader: Reader, **wish: Any) -> list[int]:
    return [int(item.id, 16) for item in chosen(reader, Wish(**wish), clock).items]


@pytest.mark.parametrize(
    ("wish", "found"),
    [
        ({}, [0, 2, 4]),
        ({"brief": YESTERDAY}, [6]),
        ({"saved": True}, [1, 4]),
        ({"insights": (insight_id(3), insight_id(0), insight_id(3))}, [0, 3]),
        ({"episode": "  SLEEP   on"}, [0, 1]),
        ({"episode": "=churn"}, [6]),
        ({"since": "2026-11-23"}, [0, 1, 2, 3]),
        ({"until": "2026-11-22"}, [4, 5, 6]),
        ({"since": "2026-11-22", "until": "2026-11-22"}, [4, 5]),
        ({"everything": True}, [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_wish_gives_what_it_names_and_nothing_hidden(
    wish: dict[str, Any], found: list[int], reader: Reader
) -> None:
    assert numbers(reader, **wish) == found


def test_a_selection_tells_the_briefs_that_are_whole_in_it(reader: Reader) -> None:
    everything = chosen(reader, Wish(everything=True), clock)
    assert [day.day for day in everything.days] == [TODAY, YESTERDAY]
    assert chosen(reader, Wish(saved=True), clock).days == ()
    assert [section.heading for section in everything.sections] == list(TITLES)
    assert everything.language == "en-GB"
    assert everything.made == "2026-11-26T07:30:00Z"


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (Wish(brief="2020-01-01"), "no brief of 2020-01-01"),
        (Wish(insights=(insight_id(99),)), "no insight with the id"),
        (Wish(episode="nothing of the kind"), "no episode"),
        (Wish(episode="sleep"), "fits 2 episodes"),
    ],
)
def test_what_is_not_there_is_said(wish: Wish, says: str, reader: Reader) -> None:
    with pytest.raises(KnownError, match=says):
        chosen(reader, wish, clock)


def test_an_episode_is_found_by_its_number_without_reading_all_of_the_library(
    reader: Reader, episodes: list[EpisodeId], monkeypatch: pytest.MonkeyPatch
) -> None:
    cards = reader.cards

    def some(ids: Iterable[InsightId] | None = None) -> list[Card]:
        assert ids is not None, "every card was read"
        return cards(ids)

    monkeypatch.setattr(reader, "cards", some)
    monkeypatch.setattr(reader, "episodes", lambda: pytest.fail("every episode was read"))
    assert numbers(reader, episode=str(episodes[1])) == [2, 3]


def write(
    reader: Reader, media: Media, paths: Paths, form: Form, to: Path, wish: Wish | None = None, **more: Any
) -> Written:
    return write_out(reader, media, paths, form, wish or Wish(everything=True), to, clock, Watch(), **more)


@pytest.mark.parametrize("form", FORMS)
def test_no_form_tells_a_feeds_address_its_token_or_a_path(
    form: Form, reader: Reader, media: Media, paths: Paths, tmp_path: Path, episodes: list[EpisodeId]
) -> None:
    add_audio(paths, episodes[0])
    to = tmp_path / "out" / f"a.{form}"
    result = write(reader, media, paths, form, to)
    assert result.problems == ()
    assert result.insights == (4 if form == "atom" else 7)
    assert result.clips == (2 if form in ("markdown", "html", "epub", "anki") else 0)
    told = everything_below(to).replace(str(to).encode(), b"")
    if form in ("epub", "anki"):
        with zipfile.ZipFile(to) as package:
            told = b"\n".join(package.read(name) for name in package.namelist())
    for secret in (SECRET, "feeds.example.org", "cdn.example.org", str(paths.data)):
        assert secret.encode() not in told
    assert b"Claim 0" in told


def test_saved_insights_exported_later_renew_all_notes_that_are_there(
    reader: Reader, media: Media, paths: Paths, tmp_path: Path
) -> None:
    vault = tmp_path / "vault"
    assert write(reader, media, paths, "markdown", vault).insights == 7
    names = {path.name for path in vault.rglob("*.md")}
    again = write(reader, media, paths, "markdown", vault, Wish(saved=True))
    assert (again.insights, again.notes, again.beside) == (7, 0, ())
    assert {path.name for path in vault.rglob("*.md")} == names
    some = write(reader, media, paths, "markdown", tmp_path / "other", Wish(saved=True))
    assert some.insights == 2


def test_a_file_that_is_there_is_left_alone_before_any_work_unless_it_may_be_replaced(
    reader: Reader, media: Media, paths: Paths, tmp_path: Path
) -> None:
    mine = tmp_path / "notes.html"
    mine.write_text("mine", encoding="utf-8")
    with pytest.raises(KnownError, match="left alone"):
        write(reader, media, paths, "html", mine)
    assert mine.read_text("utf-8") == "mine"
    write(reader, media, paths, "html", mine, replace=True)
    assert "Claim 0" in mine.read_text("utf-8")


def test_a_recording_that_cannot_be_read_costs_its_own_clips_only(
    reader: Reader, media: Media, paths: Paths, tmp_path: Path, episodes: list[EpisodeId]
) -> None:
    add_audio(paths, episodes[0], b"nonsense" * 999)
    add_audio(paths, episodes[1])
    result = write(reader, media, paths, "html", tmp_path / "a.html")
    assert result.clips == 2
    assert [title for title, _ in result.problems] == [TITLES[0]]
    page = (tmp_path / "a.html").read_text("utf-8")
    assert page.count("<audio") == 2
    assert page.count("data:audio/ogg;base64,T2dnUw") == 2  # "OggS"
    assert write(reader, media, paths, "html", tmp_path / "b.html", with_clips=False).clips == 0


def test_stopping_while_clips_are_cut_leaves_no_file(
    reader: Reader, media: Media, paths: Paths, tmp_path: Path, episodes: list[EpisodeId]
) -> None:
    add_audio(paths, episodes[0])
    watch = Watch(cancelled=lambda: True)
    with pytest.raises(Cancelled):
        write_out(reader, media, paths, "html", Wish(), tmp_path / "new" / "a.html", clock, watch)
    assert not (tmp_path / "new").exists()


def test_csv_and_json_of_a_library_tell_the_second_and_the_reason(
    reader: Reader, media: Media, paths: Paths, tmp_path: Path
) -> None:
    write(reader, media, paths, "csv", tmp_path / "a.csv")
    rows = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text("utf-8"))))
    assert rows[-1] == {
        "Highlight": "What was said in 6.",
        "Title": "'=Churn",
        "Author": "Show 1",
        "URL": "https://example.org/e3",
        "Note": "Claim 6. What is claimed in 6.",
        "Location": "5",
        "Date": "2026-11-21 00:00:00",
    }
    write(reader, media, paths, "json", tmp_path / "a.json", Wish())
    told = json.loads((tmp_path / "a.json").read_text("utf-8"))
    assert [place["why"] for place in told["briefs"][0]["items"]] == ["Why 0.", "Why 2.", "Why 4."]
    assert [other["id"] for other in told["insights"][0]["related"]] == [insight_id(n) for n in (2, 4)]


def test_a_clock_that_once_ran_ahead_does_not_hold_the_newest_brief_for_years(
    reader: Reader, media: Media, paths: Paths, tmp_path: Path
) -> None:
    with open_library(paths) as library:
        library.store_brief(Brief("2031-01-01", "1 of 8.", (BriefItem(insight_id(3), 0, "Why."),)), now_ms=3)
    assert numbers(reader) == [0, 2, 4]
    assert numbers(reader, brief="2031-01-01") == [3]
    feed = tmp_path / "a.atom"
    write(reader, media, paths, "atom", feed)
    assert "Claim 0" in feed.read_text("utf-8")
    assert "Claim 3" not in feed.read_text("utf-8")
    write(reader, media, paths, "json", tmp_path / "more.json", Wish(more=(insight_id(1),)))
    told = json.loads((tmp_path / "more.json").read_text("utf-8"))
    assert {insight["headline"] for insight in told["insights"]} == {f"Claim {n}" for n in (0, 1, 2, 4)}


def test_what_was_hidden_leaves_a_past_brief_and_every_list_of_what_bears_on_something(
    reader: Reader, media: Media, paths: Paths, tmp_path: Path
) -> None:
    with open_library(paths) as library:
        library.set_mark(insight_id(2), hidden=True)
    assert numbers(reader) == [0, 4]
    (day,) = chosen(reader, Wish(), clock).days
    assert [entry.item.headline for entry in day.entries] == ["Claim 0", "Claim 4"]
    assert numbers(reader, insights=(insight_id(2),)) == [2]  # asked for by name
    assert [day.day for day in chosen(reader, Wish(everything=True), clock).days] == [TODAY, YESTERDAY]
    assert [other.card.insight.id for other in reader.related(insight_id(0))] == [insight_id(4)]
    assert reader.card(insight_id(0)).related_count == 1
    for form in ("text", "atom", "html"):
        write(reader, media, paths, form, tmp_path / f"a.{form}", Wish())
        assert "Claim 0" in (tmp_path / f"a.{form}").read_text("utf-8")
        assert "Claim 2" not in (tmp_path / f"a.{form}").read_text("utf-8")


def test_no_mail_is_sent_while_it_is_off_half_set_up_or_to_go_through_a_proxy(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[Any] = []
    door = Door(user_agent="t", log=lambda *line: noted.append(line))
    monkeypatch.setattr(keyring, "get_keyring", MemoryKeyring)
    addresses = {"mail_from": "ann@example.org", "mail_to": "bo@example.org"}
    there = {"mail_server": "127.0.0.1:1", **addresses}
    cases = [
        (Settings(), "Mail is off"),
        (Settings(mail_server="127.0.0.1:1"), "Mail is off"),
        (Settings(proxy="socks5://127.0.0.1:9", **there), "through your proxy"),
        (Settings(mail_server="smtp example org", **addresses), "not a mail server"),
        (Settings(mail_server="127.0.0.1:99999", **addresses), "not a mail server"),
        (Settings(**{**there, "mail_to": "bo@example.org\nBcc: eve@example.org"}), "not a mail address"),
    ]
    for settings, says in cases:
        with pytest.raises(KnownError, match=says):
            mail_brief(reader, door, settings, None, clock)
    assert noted == []


def test_where_the_system_keeps_no_passwords_that_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    from keyring.backends.fail import Keyring as NoKeyring

    before = keyring.get_keyring()
    keyring.set_keyring(NoKeyring())  # type: ignore[no-untyped-call]
    try:
        for ask in (lambda: stored_password("a@b"), lambda: store_password("a@b", "s3cret")):
            with pytest.raises(KnownError, match="has no place for passwords") as fault:
                ask()
            assert "s3cret" not in str(fault.value)
        forget_password("a@b")
    finally:
        keyring.set_keyring(before)


def test_a_password_belongs_to_its_user_at_its_server() -> None:
    one = mail_server(Settings(mail_server="SMTP.example.org", mail_user="ann"))
    assert one is not None
    assert (one.host, one.port, mail_account(one)) == ("smtp.example.org", 465, "ann@smtp.example.org")
    other = mail_server(Settings(mail_server="evil.example", mail_protection="starttls", mail_user="ann"))
    assert other is not None
    assert (other.port, mail_account(other)) == (587, "ann@evil.example")
