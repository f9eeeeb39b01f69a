"""Taste, marks, the archive and the week on the command line."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from lived import Meanings, lived

from earmark.cli import main
from earmark.engines.starter import EMBEDDING_ID
from earmark.paths import Paths
from earmark.records import Brief
from earmark.settings import Settings, save_settings
from earmark.taste import MutedShow, Taste, change_taste, load_taste, taste_file

TRAMS = ("electric trams carry people", "electric trams need room", "electric trams last long")
OTHERS = ("alpha one two", "beta three four", "gamma five six", "delta seven eight")


def earmark(folder: Path, *arguments: str) -> Result:
    """Run a verb in this process."""
    return CliRunner().invoke(main, ["--data-dir", str(folder), *arguments])


@pytest.fixture
def profile(tmp_path: Path) -> Path:
    """A library with trams, other things, and a show that says one thing again."""
    folder = tmp_path / "profile"
    with lived(folder, datetime.now(UTC)) as life:
        life.language = Meanings()
        life.language.embedding_model_id = EMBEDDING_ID
        for number, claim in enumerate((*TRAMS, *OTHERS)):
            life.hear(f"Show {number}", claim)
        life.hear("Echo", TRAMS[0])
    return folder


def ids(folder: Path) -> list[str]:
    """The five of today."""
    return [item["id"] for item in json.loads(earmark(folder, "brief", "--json").stdout)["items"]]


def test_what_is_said_and_muted_stands_in_the_file(tmp_path: Path) -> None:
    for arguments in (
        ("add", " sleep  and memory"),
        ("add", "trams"),
        ("remove", "Trams"),
        ("mute", "word", "crypto"),
        ("mute", "show", "Loud Hour"),
        ("mute", "topic", "football"),
        ("unmute", "topic", "football"),
    ):
        assert earmark(tmp_path, "taste", *arguments).exit_code == 0
    wanted = Taste(("sleep and memory",), ("crypto",), (MutedShow("Loud Hour"),))
    assert load_taste(Paths(tmp_path)) == wanted
    told = json.loads(earmark(tmp_path, "taste", "--json").stdout)
    assert (told["interests"], told["muted_words"], told["lessons"]) == (["sleep and memory"], ["crypto"], [])
    assert told["file"] == str(taste_file(Paths(tmp_path)))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["taste", "remove", "nothing"], "is not there. There is: nothing"),
        (["taste", "add", "  "], "That is empty"),
        (["taste", "undo", "more-x"], "no lesson called “more-x”"),
        (["mark", "x"], "Say what to do with it"),
        (["mark", "x", "--save"], "no insight with the id"),
        (["mark", "x", "--save", "--unsave"], "Choose one of --save and --unsave"),
        (["mark", "x", "--hide", "--unhide"], "Choose one of --hide and --unhide"),
        (["mark", "x", "--up", "--down"], "Choose one of --up, --down and --no-thumb"),
        (["review"], "no library here yet"),
        (["brief", "--archive"], "no library here yet"),
    ],
)
def test_faults_are_one_plain_line(arguments: list[str], says: str, tmp_path: Path) -> None:
    result = earmark(tmp_path / "profile", *arguments)
    assert result.exit_code == 1
    assert says in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_broken_file_is_one_plain_line_and_stays(profile: Path) -> None:
    taste_file(Paths(profile)).write_text("interests = [", "utf-8")
    for verb in (["taste"], ["taste", "add", "x"], ["brief"]):
        result = earmark(profile, *verb)
        assert result.exit_code == 1
        assert "Mend it" in result.stderr
        assert "Traceback" not in result.output
    assert taste_file(Paths(profile)).read_text("utf-8") == "interests = ["


def test_marks_are_learned_told_taken_back_and_forgotten(profile: Path) -> None:
    with lived(profile) as life:
        trams = [card.insight.id for card in life.library.cards() if card.insight.text in TRAMS][:3]
    assert earmark(profile, "mark", trams[0], "--save").exit_code == 0
    assert earmark(profile, "mark", trams[1], "--up").exit_code == 0
    told = earmark(profile, "taste")
    assert "More on electric trams, because you saved 1 and liked 1." in told.stdout
    assert "earmark taste undo more-electric-trams" in told.stdout
    undone = earmark(profile, "taste", "undo", "more-electric-trams")
    assert undone.stdout.startswith("Taken back: More on electric trams")
    assert "nothing yet" in earmark(profile, "taste").stdout
    earmark(profile, "mark", trams[0], "--save")
    earmark(profile, "mark", trams[2], "--save")
    assert "because you saved 2" in earmark(profile, "taste").stdout
    assert "Forgotten: 1 lesson. What you wrote yourself stays." in earmark(profile, "taste", "forget").stdout
    assert json.loads(earmark(profile, "taste", "--json").stdout)["lessons"] == []


def test_a_brief_tells_its_terms_what_it_held_back_and_how_often_a_claim_was_heard(profile: Path) -> None:
    earmark(profile, "taste", "mute", "word", "alpha")
    page = json.loads(earmark(profile, "brief", "--json").stdout)
    assert [held["why"] for held in page["held_back"]] == ["the word “alpha”"]
    for item in page["items"]:
        assert set(item["terms"]) == {"quality", "interest", "novelty", "freshness", "company", "variety"}
        assert item["outside"] is False
    assert sorted(item["heard"] for item in page["items"])[-1] == 2
    text = earmark(profile, "brief").stdout
    assert "1 held back by what you muted." in text
    assert "Heard in 2 episodes." in text
    assert "because of the word “alpha”" in earmark(profile, "brief", "--held-back").stdout


def test_a_mute_that_came_after_the_brief_is_not_denied(profile: Path) -> None:
    earmark(profile, "brief")
    earmark(profile, "taste", "mute", "word", "alpha")
    told = earmark(profile, "brief", "--held-back").stdout
    assert told.startswith("Nothing was held back on ")
    assert "What you muted after that brief was made counts from the next one on." in told


def test_a_hidden_card_leaves_one_line_in_its_brief_and_comes_back(profile: Path) -> None:
    shown = json.loads(earmark(profile, "brief", "--json").stdout)["items"]
    assert shown[1]["headline"] in earmark(profile, "brief").stdout
    earmark(profile, "mark", shown[1]["id"], "--hide")
    text = earmark(profile, "brief").stdout
    assert shown[1]["headline"] not in text
    assert f"2. You hid this one.\n   To bring it back: earmark mark {shown[1]['id']} --unhide\n" in text
    hidden = [item["hidden"] for item in json.loads(earmark(profile, "brief", "--json").stdout)["items"]]
    assert hidden == [False, True, False, False, False]
    earmark(profile, "mark", shown[1]["id"], "--unhide")
    assert shown[1]["headline"] in earmark(profile, "brief").stdout


def test_muting_a_show_that_is_not_there_names_those_that_are(profile: Path) -> None:
    told = earmark(profile, "taste", "mute", "show", "Shaw 1")
    assert told.exit_code == 1
    assert "There is no show “Shaw 1” in your library. Near it: Show " in told.stderr
    assert "There is: Echo; Show 0; " in earmark(profile, "taste", "mute", "show", "Zzz").stderr
    assert load_taste(Paths(profile)).muted_shows == ()
    assert earmark(profile, "taste", "mute", "show", " show  1").exit_code == 0
    assert [each.title for each in load_taste(Paths(profile)).muted_shows] == ["Show 1"]
    gone = MutedShow("Gone Hour")
    change_taste(Paths(profile), lambda now: replace(now, muted_shows=(gone, *now.muted_shows)))
    assert earmark(profile, "taste", "mute", "show", "gone hour").exit_code == 0
    assert len(load_taste(Paths(profile)).muted_shows) == 2
    assert earmark(profile, "taste", "unmute", "show", "SHOW 1").exit_code == 0
    assert load_taste(Paths(profile)).muted_shows == (gone,)
    assert "There is: Gone Hour." in earmark(profile, "taste", "unmute", "show", "Show 1").stderr


def test_a_muted_topic_that_no_topic_is_called_is_said_and_heeded(profile: Path) -> None:
    with lived(profile) as life:
        claims = [card.insight.id for card in life.library.cards() if card.insight.text in TRAMS]
        life.library.store_topics({}, [("Electric trams", claims)], EMBEDDING_ID)
    said = "No topic of your library is called so"
    assert said not in earmark(profile, "taste", "mute", "topic", "electric trams").stdout
    other = earmark(profile, "taste", "mute", "topic", "trams of steel")
    assert said in other.stdout
    assert "There is: Electric trams." in other.stdout
    assert load_taste(Paths(profile)).muted_topics == ("electric trams", "trams of steel")


def test_past_days_and_the_week_can_be_looked_at(profile: Path) -> None:
    shown = ids(profile)
    earmark(profile, "mark", shown[2], "--save")
    archive = json.loads(earmark(profile, "brief", "--archive", "--json").stdout)
    assert list(archive.values()) == [5]
    assert " (5)" in earmark(profile, "brief", "--archive").stdout
    week = json.loads(earmark(profile, "review", "--json").stdout)
    assert (week["days"], week["shown"]) == (1, 5)
    assert week["best"][0]["id"] == shown[2]
    assert [card["id"] for card in week["saved"]] == [shown[2]]
    told = earmark(profile, "review").stdout
    assert "5 insights in 1 brief." in told
    assert "You saved" in told


def test_a_brief_before_its_time_says_that_it_was_made_early(profile: Path) -> None:
    late = Settings(brief_time="23:59")
    with lived(profile, datetime.now(UTC)) as life:
        life.library.store_brief(Brief("2026-01-01", "", ()), now_ms=1)
    save_settings(Paths(profile), late)
    early = earmark(profile, "brief")
    assert "Made now because you asked, before your usual time (23:59); it is today's" in early.stderr
    assert "before your usual time" not in earmark(profile, "brief").stderr, "it was told once"
