"""What publishers say beside words and sound is kept as it was read."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from small_shows import take_in
from sqlite_utils import Database

from earmark.library import open_library
from earmark.library.facts_rows import episode_facts, facts_json, show_facts
from earmark.library.schema import migrations
from earmark.paths import Paths
from earmark.records import (
    Enclosure,
    EpisodeFacts,
    FeedId,
    Funding,
    ParsedEpisode,
    ShowFacts,
    Soundbite,
)

SAID = EpisodeFacts(
    season=2,
    season_name="The sea",
    number=204.5,
    kind="bonus",
    explicit=False,
    image_url="https://e.org/1.jpg",
    soundbites=(Soundbite(73_000, 60_000, "Why “bread”"),),
    alternates=(Enclosure("https://e.org/1.opus", "audio/opus", None),),
)
SHOW = ShowFacts("Talk", "Ann", "https://e.org/i.png", "917393e3", "audiobook", True, True, False,
                 (Funding("https://e.org/give", "Support us"),))  # fmt: skip


def subscribed(profile: Path, episode: ParsedEpisode, facts: ShowFacts) -> FeedId:
    with closing(open_library(Paths(profile))) as library:
        (episode_id,) = take_in(
            library, "A show", [episode], backlog=0, facts=facts, etag='"1"', body_sha256="x"
        )
        return library.episode(episode_id).feed_id


EPISODE = ParsedEpisode("1", "One", 5, None, (), None, "", None)


def test_everything_that_is_said_is_read_back(tmp_path: Path) -> None:
    feed_id = subscribed(tmp_path, replace(EPISODE, facts=SAID), SHOW)
    with closing(open_library(Paths(tmp_path))) as library:
        (episode,) = library.episodes(feed_id)
        assert episode.facts == SAID
        assert library.show_facts(feed_id) == SHOW


def test_of_what_is_not_said_nothing_is_written() -> None:
    assert facts_json(EpisodeFacts()) == "{}" == facts_json(ShowFacts())
    assert (episode_facts("{}"), show_facts("{}")) == (EpisodeFacts(), ShowFacts())
    assert facts_json(EpisodeFacts(explicit=False)) == '{"explicit": false}'


def test_a_library_of_an_older_form_reads_its_feeds_anew(tmp_path: Path) -> None:
    feed_id = subscribed(tmp_path, EPISODE, SHOW)
    with closing(sqlite3.connect(Paths(tmp_path).library)) as db:
        for undo in (
            "ALTER TABLE episodes DROP COLUMN facts",
            "DROP TABLE show_facts",
            "DROP TABLE recordings",
            "ALTER TABLE transcripts DROP COLUMN by_user",
            "PRAGMA user_version = 7",
            "DELETE FROM _sqlite_migrations WHERE name = 'm009_formats'",
        ):
            db.execute(undo)
        db.commit()
        assert "m009_formats" in {each.name for each in migrations.pending(Database(db))}
    with closing(open_library(Paths(tmp_path))) as library:
        assert library.feed(feed_id).etag is None
        assert library.feed(feed_id).body_sha256 is None
        assert library.episodes(feed_id)[0].facts == EpisodeFacts()
        assert library.show_facts(feed_id) == ShowFacts()
