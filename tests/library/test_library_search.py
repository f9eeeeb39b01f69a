"""Search by words: the indexes hold what the library holds, whatever comes and goes; nothing is an error."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_shows import an_episode, an_insight, take_in

from earmark.errors import KnownError
from earmark.found import Narrow, TopicId
from earmark.library import Library, open_library, open_reader, search_queries
from earmark.library.search_queries import SearchDamagedError
from earmark.library.search_text import excerpt, marks_in, match_all, match_any, plain, share_held, stretched
from earmark.paths import Paths
from earmark.records import (
    EpisodeId,
    Extraction,
    ExtractionCounts,
    Insight,
    InsightId,
    ParsedEpisode,
    Passage,
    Segment,
    Transcript,
)

INDEXES = ("insight_words", "spoken_words", "episode_words", "show_words")
FEED = "https://example.org/feed"
ANYWHERE = Narrow()


def refreshed(
    library: Library, *new: ParsedEpisode, title: str = "Some show", changed: Any = (), url: str = FEED
) -> list[EpisodeId]:
    return take_in(library, title, new, changed=changed, url=url)


def said(library: Library, episode_id: EpisodeId, *texts: str, speaker: str | None = None) -> None:
    segments = [Segment(1000 * n, 1000 * n + 900, text, speaker) for n, text in enumerate(texts)]
    library.store_transcript(episode_id, Transcript("publisher", tuple(segments)))


def learned(library: Library, episode_id: EpisodeId, *insights: Insight) -> None:
    made = Extraction(insights, (Passage(0, 1, 0, 500, "talk"),), ExtractionCounts())
    vectors = {i.id: np.ones(4, np.float32) / 2 for i in insights}
    library.store_extraction(episode_id, made, vectors, "m", now_ms=1)


def assert_indexes_are_right(library: Library) -> None:
    """SQLite compares every index of words with the text it is of, and raises when they differ."""
    for index in INDEXES:
        library._db.execute(f"INSERT INTO {index} ({index}, rank) VALUES ('integrity-check', 1)")


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    """A library with nothing in it."""
    with open_library(Paths(tmp_path / "profile")) as opened:
        yield opened


def test_words_are_found_in_insights_speech_titles_notes_and_shows(library: Library) -> None:
    notes = "<p>About <b>Zwieback</b> &amp; <a href='https://x.org/hidden'>more</a></p>"
    (one,) = refreshed(library, an_episode("a", title="Baking at home", notes=notes), title="Bread Talk")
    said(library, one, "Rye needs", "a sour dough.")
    learned(library, one, an_insight("i1", "A hot stone gives the crust.", headline="Stones make crusts"))
    assert [m.insight_id for m, _ in library.insights_with("crusts", ANYWHERE, 5)] == ["i1"]
    assert [s for s, _ in library.stretches_with("rye sour", ANYWHERE, 5)] == [(one, 0, 1)]
    assert library.episodes_with("zwieback", ANYWHERE, 5) == [one]
    assert library.episodes_with("baking", ANYWHERE, 5) == [one]
    assert library.episodes_with("hidden", ANYWHERE, 5) == []
    assert [show.title for show in library.shows_with("bread", 5)] == ["Bread Talk"]


def test_accents_endings_and_a_word_that_is_still_typed_do_not_matter(library: Library) -> None:
    (one,) = refreshed(library, an_episode("a"))
    said(library, one, "They deployed the café's Änderung twice.")
    for asked in ("cafe", "CAFÉ", "anderung", "deploying", "deploys"):
        assert library.stretches_with(asked, ANYWHERE, 5), asked
    assert library.stretches_with("twi", ANYWHERE, 5, typing=True)
    assert not library.stretches_with("twi", ANYWHERE, 5)


def test_what_holds_every_word_comes_before_what_holds_one_often(library: Library) -> None:
    one, two = refreshed(library, an_episode("a"), an_episode("b"))
    said(library, one, "Copper copper copper, nothing but copper all day.")
    said(library, two, "A long talk in which once the word copper stands, and far from it the word price.")
    assert [s.episode_id for s, _ in library.stretches_with("copper price", ANYWHERE, 5)] == [two, one]


def test_a_phrase_between_quotation_marks_is_one(library: Library) -> None:
    one, two = refreshed(library, an_episode("a"), an_episode("b"))
    said(library, one, "A market for second hand ovens.")
    said(library, two, "Every second counts, on the other hand.")
    (best, score), (_, other) = library.stretches_with("“second hand”", ANYWHERE, 5)
    assert best.episode_id == one
    assert score > 100 > other


@given(st.text(max_size=60) | st.text('"*():^-+{}ANDORNEAR \0\n', max_size=40))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_is_typed_is_an_error(library: Library, asked: str) -> None:
    for typing in (True, False):
        library.stretches_with(asked, ANYWHERE, 3, typing=typing)
        library.insights_with(asked, ANYWHERE, 3, typing=typing)
        library.episodes_with(asked, ANYWHERE, 3, typing=typing)
        library.shows_with(asked, 3, typing=typing)


def test_a_search_is_narrowed_by_show_day_mark_and_topic(library: Library) -> None:
    early, late = refreshed(library, an_episode("a"), an_episode("b", published_ms=5000))
    (other,) = refreshed(library, an_episode("c", published_ms=None), url=FEED + "2", title="Another")
    for n, episode_id in enumerate((early, late, other)):
        said(library, episode_id, "copper")
        learned(library, episode_id, an_insight(f"i{n}", "Copper."))
    library.set_mark(InsightId("i1"), saved=True)
    library.store_topics({}, [("Metals", [InsightId("i0"), InsightId("i2")])], "m")
    (topic,) = library.topics()

    def found(narrow: Narrow) -> tuple[set[str], set[EpisodeId]]:
        insights = {str(m.insight_id) for m, _ in library.insights_with("copper", narrow, 9)}
        return insights, {s.episode_id for s, _ in library.stretches_with("copper", narrow, 9)}

    feed_id = library.episode(early).feed_id
    assert found(ANYWHERE) == ({"i0", "i1", "i2"}, {early, late, other})
    assert found(Narrow(feed_id=feed_id)) == ({"i0", "i1"}, {early, late})
    assert found(Narrow(since_ms=1001)) == ({"i1"}, {late})
    assert found(Narrow(until_ms=5000)) == ({"i0"}, {early})
    assert found(Narrow(saved=True)) == ({"i1"}, set())
    assert found(Narrow(topic_id=topic.id)) == ({"i0", "i2"}, set())
    ids = [InsightId(f"i{n}") for n in range(3)]
    assert library.insights_within(ids, Narrow(saved=True, feed_id=feed_id)) == {"i1"}
    assert library.episodes_within([early, late, other], Narrow(since_ms=1001)) == {late}


OPERATIONS = st.lists(
    st.tuples(st.sampled_from("rtwaxoduv"), st.integers(0, 2), st.integers(0, 3)), max_size=25
)


@given(OPERATIONS)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_indexes_follow_whatever_happens(tmp_path_factory: Any, operations: list[Any]) -> None:
    with open_library(Paths(tmp_path_factory.mktemp("p"))) as library:
        known: dict[int, EpisodeId] = {}
        for what, which, version in operations:
            if which not in known:
                (known[which],) = refreshed(library, an_episode(f"g{which}"), title=f"Show {version}")
            one = known[which]
            words = [f"word{version} und{n}" for n in range(version * 20)]
            if what == "r":
                changed = [(one, an_episode(f"g{which}", title=f"New {version}", people=("Ann Lee",)))]
                refreshed(library, changed=changed, title=f"Show {version}")
            elif what == "t":
                said(library, one, *words)
            elif what == "w":
                library.append_window(
                    one, [Segment(0, 1, w) for w in words], next_ms=1, total_ms=2, model_id="m"
                )
            elif what == "a":
                learned(
                    library, one, *(an_insight(f"{which}-{n}", f"claim {version}") for n in range(version))
                )
            elif what == "o":
                library.rebuild_search()
            elif what == "d":
                with library._transaction() as db:
                    db.execute("DELETE FROM episodes WHERE id = ?", [one])
                del known[which]
            elif what == "u":
                with library._transaction() as db:
                    db.execute("UPDATE insights SET text = ? WHERE episode_id = ?", [f"new {version}", one])
            elif what == "v" and version == 3:
                with library._transaction() as db:
                    db.execute("DELETE FROM feeds WHERE url = ?", [FEED])
                known = {}
        assert_indexes_are_right(library)
        count = library._db.execute(
            "SELECT count(*) FROM stretches s LEFT JOIN transcripts t USING (episode_id)"
            " WHERE t.episode_id IS NULL"
        ).fetchone()
        assert count[0] == 0


def test_an_older_library_is_made_findable_when_it_is_opened(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "profile")
    with open_library(paths) as library:
        (one,) = refreshed(library, an_episode("a", notes="<i>Zwieback</i>", people=("Ann Lee",)))
        said(library, one, "Rye needs a sour dough.", speaker="Bo Ek")
        learned(library, one, an_insight("i1", "A hot stone."))
    with closing(sqlite3.connect(paths.library, isolation_level=None)) as db:
        tables = db.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for (name,) in tables:
            if any(word in name for word in ("words", "transcript_goes", "an_insight")):
                db.execute(f"DROP TRIGGER {name}")
        for name in (*INDEXES, "insight_numbers", "episode_texts", "stretches", "people"):
            db.execute(f"DROP TABLE {name}")
        for name in ("topic_insights", "topics"):
            db.execute(f"DROP TABLE {name}")
        db.execute("DROP VIEW stretch_texts")
        db.execute("DROP VIEW insight_texts")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm007_search'")
        db.execute("PRAGMA user_version = 6")
    with open_reader(paths) as reader:
        assert reader.stretches_with("sour", ANYWHERE, 5)
    with open_library(paths) as library:
        assert_indexes_are_right(library)
        assert library.insights_with("stone", ANYWHERE, 5)
        assert library.episodes_with("zwieback", ANYWHERE, 5) == [one]
        assert {p.name for p in library.people()} == {"Ann Lee", "Bo Ek"}


def test_a_damaged_index_is_told_in_plain_words_and_built_anew(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "profile")
    with open_library(paths) as library:
        (one,) = refreshed(library, an_episode("a"))
        said(library, one, *(f"copper number{n} and more of it" for n in range(400)))
        library._db.execute("UPDATE spoken_words_data SET block = zeroblob(20) WHERE id > 10")
    with open_reader(paths) as reader, pytest.raises(SearchDamagedError, match="--rebuild"):
        reader.stretches_with("copper", ANYWHERE, 5)
    with open_library(paths) as library:
        library.rebuild_search()
        assert_indexes_are_right(library)
        assert library.stretches_with("copper", ANYWHERE, 5)


def test_topics_keep_their_numbers_and_lose_what_goes(library: Library) -> None:
    (one,) = refreshed(library, an_episode("a"))
    said(library, one, "copper")
    learned(library, one, *(an_insight(f"i{n}", "Copper.") for n in range(4)))
    ids = [InsightId(f"i{n}") for n in range(4)]
    library.store_topics({}, [("Metals", ids[:2]), ("Prices", ids[2:])], "m")
    metals, prices = library.topic_named("metals"), library.topic_named("Prices")
    changes = library.store_topics({ids[2]: metals.id, ids[3]: None}, [], "m")
    assert changes.insight_ids == {ids[2], ids[3]}
    assert library.topic_insight_ids(metals.id) == ids[:3]
    library.store_topics({}, [("New", ids[1:])], "m")
    assert library.topic_named("New").id not in (metals.id, prices.id, TopicId(0))
    assert library.topic_members() == {ids[0]: metals.id} | dict.fromkeys(
        ids[1:], library.topic_named("new").id
    )
    learned(library, one, an_insight("i0", "Copper."))
    assert [(t.name, t.insights) for t in library.topics()] == []
    with pytest.raises(KnownError, match="no topic “Prices”"):
        library.topic_named("Prices")


def test_names_are_found_by_whole_words_before_words_that_begin_so(library: Library) -> None:
    (one,) = refreshed(library, an_episode("a", people=("Ian Chain", "Christian Paid", "Annabel Lee")))
    said(library, one, "copper", speaker="Ann Brain")
    names = ("Chains of custody", "Paid brains", "AI, in hospitals", "Open-source AI", "Aiming high")
    learned(library, one, *(an_insight(f"i{n}", "Copper.") for n in range(len(names))))
    library.store_topics({}, [(name, [InsightId(f"i{n}")]) for n, name in enumerate(names)], "m")
    with pytest.raises(KnownError, match="several topics: AI, in hospitals; Open-source AI"):
        library.topic_named("AI")
    assert library.topic_named("source ai").name == "Open-source AI"
    assert library.topic_named("hosp").name == "AI, in hospitals"
    assert library.topic_named("BRAIN").name == "Paid brains"
    for inside in ("hain", "ource", " ", "--"):
        with pytest.raises(KnownError, match="no topic"):
            library.topic_named(inside)
    assert library.person_named("ian").name == "Ian Chain"
    assert library.person_named("ann").name == "Ann Brain"
    assert library.person_named("anna").name == "Annabel Lee"


def test_people_are_those_who_are_named_and_a_single_name_stays_in_its_show(library: Library) -> None:
    one, two = refreshed(library, an_episode("a", people=("José Ruiz, PhD",)), an_episode("b"))
    (other,) = refreshed(library, an_episode("c"), url=FEED + "2", title="Another")
    said(library, one, "copper", speaker="Jose Ruiz")
    said(library, two, "copper", "iron", "tin", speaker="Ann")
    said(library, other, "copper", speaker="Ann")
    learned(library, one, an_insight("i1", "Copper."))
    learned(library, two, an_insight("i2", "Iron.", first_segment=1, last_segment=2))
    people = {p.key: p for p in library.people()}
    assert set(people) == {
        "jose ruiz",
        f"ann ({library.episode(one).feed_id})",
        f"ann ({library.episode(other).feed_id})",
    }
    assert (people["jose ruiz"].episodes, people["jose ruiz"].insights) == (1, 1)
    assert library.said_by("jose ruiz") == ["i1"]
    assert library.speaker_of(InsightId("i2")) == (f"ann ({library.episode(one).feed_id})", "Ann")
    assert library.episodes_with_person("jose ruiz") == [one]
    with pytest.raises(KnownError, match="several people"):
        library.person_named("Ann")


def test_what_several_speakers_say_is_nobodys(library: Library) -> None:
    (one,) = refreshed(library, an_episode("a"))
    segments = (Segment(0, 9, "Copper", "Ann Lee"), Segment(9, 19, "is dear.", "Speaker 2"))
    library.store_transcript(one, Transcript("publisher", segments))
    learned(library, one, an_insight("i1", "Copper is dear.", last_segment=1))
    assert library.said_by("ann lee") == []
    assert library.speaker_of(InsightId("i1")) is None
    assert [p.name for p in library.people()] == ["Ann Lee"]


def test_texts_are_cut_and_marked_where_the_words_are() -> None:
    text = "Nothing here. " * 30 + "The price of copper fell. " + "And on it goes. " * 30
    begin, end = excerpt(text, marks_in(text, "copper price"), 120)
    assert text[begin:end].startswith(("The price", "Nothing here. The price"))
    assert end - begin <= 120
    assert share_held(text, "copper price zinc") == pytest.approx(2 / 3)
    assert plain("<script>x</script>a<br>b &lt;c&gt;") == "a b <c>"
    assert stretched([(4, "a " * 40), (5, "b " * 30), (6, "c")]) == [(4, 5), (6, 6)]
    assert match_all("...") is None
    assert match_any("—") is None


def test_vectors_of_passages_take_two_bytes_a_number_and_are_as_near(library: Library) -> None:
    (one,) = refreshed(library, an_episode("a"))
    said(library, one, "copper")
    rows = np.random.default_rng(1).standard_normal((3, 384)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    made = Extraction((), tuple(Passage(n, n, 0, 9, "talk") for n in range(3)), ExtractionCounts())
    library.store_extraction(one, made, {}, "m", now_ms=1, passages=dict(enumerate(rows)))
    sizes = library._db.execute("SELECT DISTINCT length(vector) FROM passage_embeddings").fetchall()
    assert [size[0] for size in sizes] == [2 * 384]
    for n, row in enumerate(rows):
        (_, passage, score), *_ = library.nearest_passages(row, 3, "m")
        assert passage.first_sentence == n
        assert score == pytest.approx(1.0, abs=1e-3)
    library.store_passages(one, {0: rows[1]}, "other")
    assert library.episodes_without_passages("m") == [one]
    assert library.episodes_without_passages("other") == []


def test_words_that_very_much_holds_find_nothing_alone_beside_a_rarer_one(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_queries, "FREQUENT", 3)
    ids = refreshed(library, *(an_episode(f"g{n}") for n in range(5)))
    for one in ids[:4]:
        said(library, one, "common words everywhere")
    said(library, ids[4], "a zeppelin over the lake")
    assert [s.episode_id for s, _ in library.stretches_with("common zeppelin", ANYWHERE, 9)] == [ids[4]]
    assert len(library.stretches_with("common lakes nobody", ANYWHERE, 9)) == 1
    assert len(library.stretches_with("common", ANYWHERE, 9)) == 4


def test_a_script_in_the_notes_is_no_word_however_long_it_is() -> None:
    assert plain(f"<p>Rye</p><script>{'trap ' * 9000}</script> and wheat") == "Rye and wheat"
    assert plain("<script>" * 500_000) == "", "time grows with the length of the notes, not with its square"
