"""`earmark export` and `earmark mail`: one plain line, JSON where asked, no password anywhere."""

import json
import shutil
from datetime import UTC, datetime
from email.parser import BytesParser
from email.policy import default as modern
from pathlib import Path

import keyring
import keyring.errors
import pytest
from click.testing import CliRunner, Result
from letter_box import start
from memory_keyring import MemoryKeyring
from small_library import TODAY, add_audio, everything_below, fill, insight_id

from earmark.cli import export_verb, library_verbs, mail_verbs, main
from earmark.library import open_library, open_reader
from earmark.paths import Paths
from earmark.settings import load_settings, save_settings

PASSWORD = "s3cret-pass"
NOW = datetime(2026, 11, 26, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile with one recording."""
    folder = tmp_path_factory.mktemp("filled") / "profile"
    add_audio(Paths(folder), fill(Paths(folder))[0])
    return folder


@pytest.fixture(autouse=True)
def now(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the day of the newest brief."""
    for verbs in (export_verb, library_verbs, mail_verbs):
        monkeypatch.setattr(verbs, "system_clock", lambda: NOW)


@pytest.fixture
def paths(tmp_path: Path, filled: Path) -> Paths:
    return Paths(shutil.copytree(filled, tmp_path / "profile"))


def earmark(paths: Paths, *arguments: str, typed: str | None = None) -> Result:
    """Run a verb in this process."""
    return CliRunner().invoke(main, ["--data-dir", str(paths.data), *arguments], input=typed)


def test_the_newest_brief_becomes_a_page_with_sound(paths: Paths, tmp_path: Path) -> None:
    to = tmp_path / "a.html"
    result = earmark(paths, "export", "html", "--to", str(to))
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{to}: 3 insights, 1 with sound.\n"
    assert to.read_text("utf-8").count("<audio") == 1
    again = earmark(paths, "export", "html", "--to", str(to))
    assert (again.exit_code, again.stdout) == (1, "")
    assert "left alone" in again.stderr
    replaced = earmark(paths, "export", "html", "--to", str(to), "--replace", "--no-clips", "--json")
    assert json.loads(replaced.stdout) == {
        "path": str(to),
        "insights": 3,
        "clips": 0,
        "notes": 0,
        "beside": [],
        "problems": [],
    }


def test_a_vault_is_renewed_and_a_changed_note_is_told(paths: Paths, tmp_path: Path) -> None:
    vault = tmp_path / "Earmark"
    first = earmark(paths, "export", "markdown", "--to", str(vault), "--all")
    assert first.stdout.splitlines() == [
        f"{vault}: 7 insights, 2 with sound.",
        "15 notes were new or changed.",
    ]
    note = next((vault / "Insights").glob("Claim 0*"))
    text = note.read_text("utf-8").replace("# Claim 0", "# Mine").replace("Claim 2", "Claim two")
    note.write_text(text, encoding="utf-8")
    again = earmark(paths, "export", "markdown", "--to", str(vault), "--saved", "--no-clips")
    assert again.stdout.splitlines() == [
        f"{vault}: 7 insights, 2 with sound.",
        "0 notes were new or changed.",
    ]
    with open_library(paths) as library:
        library.store_links({insight_id(0): []}, {insight_id(0): 0.0}, "e")
    result = earmark(paths, "export", "markdown", "--to", str(vault), "--json")
    assert json.loads(result.stdout)["beside"] == [str(note.with_name(f"{note.stem} (from Earmark).md"))]
    assert note.read_text("utf-8") == text


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["html", "--saved", "--all"], "Choose one of"),
        (["html", "--since", "monday"], "is not a date"),
        (["html", "--brief", "2020-01-01"], "no brief of 2020-01-01"),
        (["html", "--insight", "nothing"], "no insight with the id"),
        (["html", "--episode", "Sleep"], "fits 2 episodes"),
        (["atom", "--saved"], "always of all your briefs"),
        (["html", "--episode", ""], "--episode is empty"),
        (["html", "--brief", ""], "is not a date"),
        (["html", "--since", "2026-11-23", "--until", "2026-11-22"], "Is it the other way round?"),
        (["html", "--since", "", "--all"], "Choose one of"),
    ],
)
def test_faults_are_one_plain_line(arguments: list[str], says: str, paths: Paths, tmp_path: Path) -> None:
    result = earmark(paths, "export", *arguments, "--to", str(tmp_path / "x"))
    assert result.exit_code == 1
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("form", ["html", "markdown", "atom", "epub"])
def test_a_name_that_is_too_long_and_no_name_are_plain_faults(
    form: str, paths: Paths, tmp_path: Path
) -> None:
    for to, says in ((str(tmp_path / ("a" * 300)), "too long"), ("-", "is a file or a folder")):
        result = earmark(paths, "export", form, "--to", to)
        assert (result.exit_code, result.stdout) == (1, ""), result.exception
        assert says in result.stderr
    assert list(tmp_path.glob("a*")) == []


def test_one_changed_note_is_one(paths: Paths, tmp_path: Path) -> None:
    vault = tmp_path / "Earmark"
    earmark(paths, "export", "markdown", "--to", str(vault), "--all", "--no-clips")
    next((vault / "Insights").glob("Claim 6*")).unlink()
    again = earmark(paths, "export", "markdown", "--to", str(vault), "--all", "--no-clips")
    assert again.stdout.splitlines()[1] == "1 note was new or changed."


def test_an_insight_is_named_as_show_names_it(paths: Paths, tmp_path: Path) -> None:
    to = tmp_path / "a.txt"
    result = earmark(
        paths, "export", "text", "--insight", f"earmark:insight/{insight_id(3)}", "--to", str(to)
    )
    assert result.stdout == f"{to}: 1 insight.\n"
    assert to.read_text("utf-8").startswith("Claim 3\n=======\n")


def test_export_works_while_the_window_owns_the_library(paths: Paths, tmp_path: Path) -> None:
    with open_library(paths):
        result = earmark(paths, "export", "json", "--to", str(tmp_path / "a.json"))
    assert result.exit_code == 0, result.output


def test_mail_is_off_until_it_is_set_up_and_off_again(paths: Paths, memory: MemoryKeyring) -> None:
    assert "Mail is off" in earmark(paths, "mail").stdout
    assert "Mail is off" in earmark(paths, "mail", "brief").stderr
    setup = (
        "mail",
        "setup",
        "smtp.example.org",
        "--from",
        "ann@example.org",
        "--to",
        "bo@example.org",
        "--user",
        "ann",
    )
    result = earmark(paths, *setup, "--password-stdin", typed=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    assert "through smtp.example.org:465, encrypted." in result.stdout
    assert memory.kept == {("Earmark mail", "ann@smtp.example.org"): PASSWORD}
    assert json.loads(earmark(paths, "mail", "--json").stdout) == {
        "on": True,
        "server": "smtp.example.org:465",
        "protection": "tls",
        "user": "ann",
        "from": "ann@example.org",
        "to": "bo@example.org",
        "daily": True,
    }
    assert PASSWORD.encode() not in everything_below(paths.data)
    earmark(paths, "mail", "--off")
    assert memory.kept == {}
    assert load_settings(paths).mail_server is None
    asked = earmark(paths, *setup, typed=f"{PASSWORD}\n")
    assert PASSWORD not in asked.output
    assert list(memory.kept.values()) == [PASSWORD]
    earmark(paths, "mail", "setup", "other.example.org", *setup[3:], typed="new\n")
    assert memory.kept == {("Earmark mail", "ann@other.example.org"): "new"}


def test_a_setup_that_fails_keeps_the_password_that_works(
    paths: Paths, memory: MemoryKeyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    addresses = ("--from", "ann@example.org", "--to", "bo@example.org", "--user", "ann", "--password-stdin")
    assert earmark(paths, "mail", "setup", "old.example.org", *addresses, typed="old\n").exit_code == 0

    def refuse(*_: str) -> None:
        raise keyring.errors.KeyringLocked

    with monkeypatch.context() as locked:
        locked.setattr(memory, "set_password", refuse)
        again = earmark(paths, "mail", "setup", "new.example.org", *addresses, typed="new\n")
    assert "no place for passwords" in again.stderr
    assert memory.kept == {("Earmark mail", "ann@old.example.org"): "old"}
    assert load_settings(paths).mail_server == "old.example.org"
    asked = addresses[:-1]
    assert earmark(paths, "mail", "setup", "new.example.org", *asked, typed="").exit_code == 1
    assert memory.kept == {("Earmark mail", "ann@old.example.org"): "old"}


def test_mail_goes_each_day_or_only_when_asked(paths: Paths) -> None:
    setup = ("mail", "setup", "127.0.0.1:1", "--no-encryption", "--from", "a@b.org", "--to", "c@d.org")
    assert "Your brief goes to c@d.org each day, through 127.0.0.1:1" in earmark(paths, *setup).stdout
    told = earmark(paths, *setup, "--only-when-asked").stdout
    assert "Your brief goes to c@d.org when you say so, through 127.0.0.1:1" in told
    assert "Send it with: earmark mail brief" in told
    assert load_settings(paths).mail_daily is False
    assert "goes to c@d.org when you say so" in earmark(paths, "mail").stdout


def test_a_brief_is_told_mailed_once_and_put_into_the_feed(paths: Paths, tmp_path: Path) -> None:
    feed = tmp_path / "a.atom"
    assert "renewed with each brief" in earmark(paths, "export", "atom", "--to", str(feed)).stdout
    feed.write_text(feed.read_text("utf-8").replace("Claim 0", "Old"), encoding="utf-8")
    box, stop = start()
    try:
        setup = ("mail", "setup", f"127.0.0.1:{box.port}", "--from", "ann@example.org")
        earmark(paths, *setup, "--to", "bo@example.org", "--no-encryption")
        box.how = {"refuses": "MAIL"}
        first = earmark(paths, "brief")
        assert (first.exit_code, "1. Claim 0" in first.stdout) == (0, True)
        assert "does not take mail" in first.stderr
        assert "Claim 0" in feed.read_text("utf-8")
        box.how = {}
        assert "It went to bo@example.org, too." in earmark(paths, "brief").stderr
        assert "went to" not in earmark(paths, "brief").stderr
        assert len(box.letters) == 1
    finally:
        stop()


def test_a_brief_that_was_sent_by_hand_does_not_go_again(paths: Paths) -> None:
    box, stop = start()
    try:
        setup = ("mail", "setup", f"127.0.0.1:{box.port}", "--from", "ann@example.org")
        earmark(paths, *setup, "--to", "bo@example.org", "--no-encryption")
        assert "went to" in earmark(paths, "mail", "brief").stdout
        with open_library(paths) as library:
            assert TODAY not in library.unannounced()
    finally:
        stop()


def test_a_busy_library_is_said_to_be_busy(paths: Paths, monkeypatch: pytest.MonkeyPatch) -> None:
    tomorrow = datetime(2026, 11, 27, 9, tzinfo=UTC)
    monkeypatch.setattr(library_verbs, "system_clock", lambda: tomorrow)
    with open_library(paths):
        told = earmark(paths, "brief")
        assert "Earmark is working on this library just now; try again when it is through." in told.stderr
        assert told.exit_code == 1
        monkeypatch.setattr(library_verbs, "system_clock", lambda: NOW)
        assert "1. Claim 0" in earmark(paths, "brief").stdout


def test_setting_up_says_what_is_no_address_and_keeps_nothing(paths: Paths, memory: MemoryKeyring) -> None:
    wrong = earmark(paths, "mail", "setup", "smtp.example.org", "--from", "ann", "--to", "bo@example.org")
    assert "not a mail address" in wrong.stderr
    wrong = earmark(paths, "mail", "setup", "https://x", "--from", "a@b.org", "--to", "b@b.org")
    assert "not a mail server" in wrong.stderr
    assert load_settings(paths).mail_server is None
    assert memory.kept == {}


def test_the_brief_goes_by_mail_and_stands_in_the_list_of_requests(paths: Paths, tmp_path: Path) -> None:
    box, stop = start()
    try:
        place = f"127.0.0.1:{box.port}"
        setup = (
            "mail",
            "setup",
            place,
            "--from",
            "ann@example.org",
            "--to",
            "bo@example.org",
            "--no-encryption",
        )
        assert earmark(paths, *setup).exit_code == 0
        sent = earmark(paths, "mail", "brief", "--json")
        assert sent.exit_code == 0, sent.output
        assert json.loads(sent.stdout) == {"brief": TODAY, "to": "bo@example.org", "server": place}
        letter = BytesParser(policy=modern).parsebytes(box.letters[0][2])
        assert letter["Subject"] == "Earmark: Thursday, 26 November 2026"
        plain = letter.get_body(("plain",))
        assert plain is not None
        assert "What was said in 4." in plain.get_content()
        with open_reader(paths) as reader:
            request = reader.requests()[0]
        assert (request["host"], request["why"], request["status"]) == ("127.0.0.1", "mail the brief", 250)
        settings = load_settings(paths)
        save_settings(
            paths,
            type(settings)(**{**{n: getattr(settings, n) for n in settings.__slots__}, "offline": True}),
        )
        offline = earmark(paths, "mail", "brief")
        assert (offline.exit_code, len(box.letters)) == (1, 1)
        assert "stay offline" in offline.stderr
    finally:
        stop()
