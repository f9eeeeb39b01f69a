"""How a show and an episode describe themselves on a terminal."""

import json
from pathlib import Path

from click.testing import CliRunner
from shows import served

from earmark.cli import main
from earmark.cli.facts_text import episode_lines, facts_dict, numbered, show_lines
from earmark.records import EpisodeFacts, Funding, ShowFacts, Soundbite


def test_of_what_is_not_said_nothing_is_printed() -> None:
    assert (show_lines(ShowFacts(medium="podcast", explicit=False)), episode_lines(EpisodeFacts())) == (
        [],
        [],
    )
    assert numbered(EpisodeFacts(season=1)) == "S1"


def test_a_show_tells_its_description_and_where_to_support_it() -> None:
    giving = Funding("https://e.org/give", "Give"), Funding("https://e.org/too")
    facts = ShowFacts("Talk", "Ann", medium="audiobook", serial=True, explicit=True, funding=giving)
    assert show_lines(facts) == [
        "Talk",
        "By: Ann",
        "Medium: audiobook",
        "Order: meant to be heard from the first episode on",
        "Explicit: yes",
        "Support: https://e.org/give (Give)",
        "Support: https://e.org/too",
    ]


def test_an_episode_tells_the_moments_that_its_publisher_picked() -> None:
    facts = EpisodeFacts(season=2, number=5, soundbites=(Soundbite(73_000, 60_000, "Why bread"),))
    assert episode_lines(facts) == ["S2 E5", "The publisher's own pick: 01:13 to 02:13, Why bread"]
    assert facts_dict(facts)["soundbites"] == (
        {"start_ms": 73_000, "duration_ms": 60_000, "title": "Why bread"},
    )


FEED = b"""<?xml version="1.0"?><rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
 xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters">
<channel><title>Bread Talk</title><itunes:author>Ann Lee</itunes:author>
<podcast:funding url="https://e.org/give?token=canary-4711">Give</podcast:funding>
<item><title>Rye</title><guid>g</guid><itunes:season>2</itunes:season><itunes:episode>5</itunes:episode>
<itunes:duration>600</itunes:duration><enclosure url="https://e.org/a.mp3" type="audio/mpeg"/>
<psc:chapters><psc:chapter start="0:00" title="Flour"/>
<psc:chapter start="5:00" title="Water"/></psc:chapters>
</item></channel></rss>"""


def earmark(folder: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, ["--data-dir", str(folder), *arguments])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_a_show_and_an_episode_tell_what_their_publisher_says_of_them(tmp_path: Path) -> None:
    with served() as web:
        earmark(tmp_path, "add", web.add("/feed", "application/rss+xml", FEED))
    show = earmark(tmp_path, "feed", "Bread", "Talk")
    assert "By: Ann Lee" in show
    assert "Support: https://e.org/give?token=… (Give)" in show
    episode = earmark(tmp_path, "episode", "rye")
    assert "Bread Talk, 10 min" in episode
    assert "S2 E5" in episode
    assert "Chapters, from its feed\n   00:00 Flour\n   05:00 Water\n" in episode
    told = json.loads(earmark(tmp_path, "episode", "Rye", "--json"))
    assert (told["title"], told["season"], told["chapters_from"]) == ("Rye", 2, "feed")
    assert told["chapters"][1] == {"start_ms": 300_000, "title": "Water"}
    listed = json.loads(earmark(tmp_path, "feed", "Bread Talk", "--json"))
    assert (listed["author"], listed["funding"][0]["text"]) == ("Ann Lee", "Give")
    assert "canary-4711" not in json.dumps(listed)
