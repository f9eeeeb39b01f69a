"""Words and chapters from every place: which are used, which are refused, and what the user brings stays."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from shows import Item, serve_show
from test_pipeline import SENTENCES, Bench, opened, transcript

from earmark.engines import About
from earmark.errors import KnownError
from earmark.pipeline import Watch, add_feed, process, refresh
from earmark.pipeline.named import episode_named
from earmark.pipeline.offered import Chapters, offered_chapters, shown_chapters
from earmark.pipeline.own_words import add_own_transcript, remove_own_transcript
from earmark.records import Chapter, Episode

SPACES = (
    'xmlns:podcast="https://podcastindex.org/namespace/1.0" xmlns:psc="http://podlove.org/simple-chapters"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with opened(tmp_path / "profile") as made:
        yield made


def add_item(bench: Bench, item: str) -> Episode:
    """Subscribe to a show of one item."""
    body = (
        f"<rss {SPACES}><channel><title>A show</title><item><title>One</title>{item}</item></channel></rss>"
    )
    add_feed(bench.tools, bench.web.add("/f.xml", "application/rss+xml", body.encode()))
    (episode,) = bench.library.episodes()
    return episode


def srt(path: Path, *sentences: str, seconds: int = 10) -> Path:
    """A file of captions, one of so many seconds for each sentence."""
    cues = [
        f"{n + 1}\n00:{n * seconds // 60:02}:{n * seconds % 60:02},000 --> "
        f"00:{(n + 1) * seconds // 60:02}:{(n + 1) * seconds % 60:02},000\n{text}\n"
        for n, text in enumerate(sentences)
    ]
    path.write_text("\n".join(cues))
    return path


# ---- chapters ----------------------------------------------------------------------------------------


def everywhere(bench: Bench) -> Episode:
    """An episode with chapters in all four places, and its sound here."""
    web = bench.web
    said = web.add("/t.json", "application/json", json.dumps(transcript()).encode())
    listed = {"chapters": [{"startTime": 0, "title": "File"}, {"startTime": 20, "title": "File 2"}]}
    chapters = web.add("/c.json", "application/json", json.dumps(listed).encode())
    sound = web.add("/a.mp3", "audio/mpeg", b"sound")
    bench.engines.about_files = About(50_000, ((0, "Own"), (10_000, "Own <b>2</b>")))
    episode = add_item(
        bench,
        f'<podcast:transcript url="{said}" type="application/json"/><podcast:chapters url="{chapters}"/>'
        f'<enclosure url="{sound}" type="audio/mpeg"/>'
        '<psc:chapters><psc:chapter start="0:00" title="Tag"/></psc:chapters>'
        "<description>&lt;p>00:00 Note&lt;br>00:05 Note 2&lt;br>00:15 Note 3&lt;/p></description>",
    )
    bench.library.note_download(episode.id, "own.audio", 5, "hash")
    (bench.tools.paths.audio / "own.audio").write_bytes(b"sound")
    return episode


def test_the_file_goes_before_the_feed_s_tags_and_these_before_the_recording_and_the_notes(
    bench: Bench,
) -> None:
    episode = everywhere(bench)
    process(bench.tools, Watch())
    offers = list(offered_chapters(bench.library, episode))
    assert [(offer.source, offer.chapters[-1].title) for offer in offers] == [
        ("file", "File 2"), ("feed", "Tag"), ("recording", "Own 2"), ("notes", "Note 3"),
    ]  # fmt: skip
    assert shown_chapters(bench.library, episode) == offers[0]
    assert 20_000 in {passage.start_ms for passage in bench.library.passages(episode.id)}
    assert bench.engines.asked_about == ["own.audio"], "a recording is asked once"


def test_chapters_that_reach_beyond_the_episode_give_way_to_those_that_do_not(bench: Bench) -> None:
    far = b'{"chapters": [{"startTime": 0, "title": "a"}, {"startTime": 4000, "title": "of another cut"}]}'
    chapters = bench.web.add("/c.json", "application/json", far)
    said = bench.web.add("/t.json", "application/json", json.dumps(transcript()).encode())
    episode = add_item(
        bench,
        f'<podcast:transcript url="{said}" type="application/json"/><podcast:chapters url="{chapters}"/>'
        "<itunes:duration>50</itunes:duration>"
        "<description>00:00 Note&lt;br>00:20 Note 2&lt;br>00:30 Note 3</description>",
    )
    process(bench.tools, Watch())
    wanted = (Chapter(0, "Note"), Chapter(20_000, "Note 2"), Chapter(30_000, "Note 3"))
    assert shown_chapters(bench.library, episode) == Chapters("notes", wanted)
    assert {20_000, 30_000} <= {passage.start_ms for passage in bench.library.passages(episode.id)}


def test_a_recording_that_cannot_be_read_says_nothing_and_is_not_asked_again(bench: Bench) -> None:
    def broken(*_: object, **__: object) -> About:
        bench.engines.asked_about.append("again")
        raise KnownError("The recording cannot be read.")

    bench.engines.about = broken  # type: ignore[method-assign, assignment]
    episode = everywhere(bench)
    assert process(bench.tools, Watch()).done == 1
    assert bench.library.recording(episode.id, "hash") == (None, ())
    assert bench.engines.asked_about == ["again"]


# ---- the publisher's words ---------------------------------------------------------------------------


def test_words_that_do_not_fit_the_recording_are_refused_with_the_reason_and_it_is_heard(
    bench: Bench,
) -> None:
    episode = everywhere(bench)
    bench.engines.about_files = About(3_600_000, ())
    warnings: list[str] = []
    assert process(bench.tools, Watch(on_warning=warnings.append)).done == 1
    words = bench.library.transcript(episode.id)
    assert words is not None
    assert words.source == "speech"
    assert warnings == [
        "One: The publisher's transcript covers less than half of the episode."
        " The audio is listened to instead."
    ]


def test_a_translation_is_not_what_was_said_in_the_language_that_the_user_named(bench: Bench) -> None:
    web = bench.web
    said = web.add("/t.json", "application/json", json.dumps(transcript()).encode())
    sound = web.add("/a.mp3", "audio/mpeg", b"sound")
    episode = add_item(
        bench,
        f'<podcast:transcript url="{said}" type="application/json" language="en"/>'
        f'<enclosure url="{sound}" type="audio/mpeg"/>',
    )
    bench.library.set_listen_language(episode.feed_id, "de")
    warnings: list[str] = []
    process(bench.tools, Watch(on_warning=warnings.append))
    assert bench.library.transcript(episode.id).source == "speech"  # type: ignore[union-attr]
    assert "in another language (en) than is spoken (de)" in warnings[0]


# ---- the user's own words ----------------------------------------------------------------------------


@pytest.fixture
def read(bench: Bench) -> Bench:
    """A show whose episode was read with its publisher's words."""
    item = Item("e", "Bread and prices", 1, transcript=transcript(), duration_s=50)
    add_feed(bench.tools, serve_show(bench.web, "shop", "Shop Talk", [item]))
    process(bench.tools, Watch())
    return bench


MINE = (
    "I wrote this down by hand, for the published words were wrong.",
    "A shop that raised its prices by 12 percent lost only 3 percent of its customers.",
    "So the shop earned 9 percent more with less work and fewer ovens in the end.",
    "That surprised the owner, who had expected to lose a third of them.",
)


def test_the_user_s_own_words_replace_others_and_nothing_replaces_them(read: Bench, tmp_path: Path) -> None:
    before = read.library.insights()
    added = add_own_transcript(read.tools, "bread", srt(tmp_path / "mine.srt", *MINE))
    episode = added.episode
    assert read.library.insights() == before, "what was found is shown until the words are read"
    assert process(read.tools, Watch()).done == 1
    words = read.library.transcript(episode.id)
    assert words is not None
    assert (words.source, words.segments[0].text) == ("user", MINE[0])
    assert any("9 percent" in insight.quote for insight in read.library.insights())
    assert {read.library.card(insight.id).source for insight in read.library.insights()} == {"user"}
    assert read.library.store_transcript(episode.id, added.transcript).episode_ids == frozenset()
    item = Item("e", "Bread and prices, mended", 1, transcript=transcript(), duration_s=50)
    serve_show(read.web, "shop", "Shop Talk", [item])
    refresh(read.tools, Watch(), wish="now")
    process(read.tools, Watch())
    assert read.library.transcript(episode.id) == words


def test_the_user_s_own_words_can_be_removed_and_the_publisher_s_are_used_again(
    read: Bench, tmp_path: Path
) -> None:
    add_own_transcript(read.tools, "bread", srt(tmp_path / "mine.srt", *MINE))
    process(read.tools, Watch())
    found = read.library.insights()
    freed = remove_own_transcript(read.tools, "bread")
    assert [card.insight for card in read.library.cards([i.id for i in found])] == found
    with pytest.raises(KnownError, match="no transcript that you added"):
        remove_own_transcript(read.tools, "bread")
    assert process(read.tools, Watch()).done == 1
    words = read.library.transcript(freed.id)
    assert words is not None
    assert (words.source, words.segments[0].text) == ("publisher", SENTENCES[0])


def test_words_without_a_publisher_are_heard_from_the_first_second_after_removal(
    bench: Bench, tmp_path: Path
) -> None:
    item = Item("a", "Only audio", 1, audio=("audio/mpeg", b"sound"))
    add_feed(bench.tools, serve_show(bench.web, "shop", "Shop Talk", [item]))
    add_own_transcript(bench.tools, "only", srt(tmp_path / "mine.srt", *MINE))
    process(bench.tools, Watch())
    assert bench.engines.heard == []
    freed = remove_own_transcript(bench.tools, "only")
    process(bench.tools, Watch())
    words = bench.library.transcript(freed.id)
    assert words is not None
    assert [segment.text for segment in words.segments] == list(SENTENCES)


def test_own_words_that_do_not_fit_are_refused_unless_they_are_wanted_anyway(
    read: Bench, tmp_path: Path
) -> None:
    long = srt(tmp_path / "long.srt", *MINE, seconds=90)
    with pytest.raises(KnownError, match=r"long\.srt is longer than the episode.*--anyway"):
        add_own_transcript(read.tools, "bread", long)
    assert not read.library.has_own_transcript(read.library.episodes()[0].id)
    assert add_own_transcript(read.tools, "bread", long, anyway=True).transcript.segments
    empty = tmp_path / "empty.srt"
    empty.write_text("")
    with pytest.raises(KnownError, match="transcript"):
        add_own_transcript(read.tools, "bread", empty, anyway=True)


def test_an_episode_is_named_by_its_number_or_a_piece_of_its_title(bench: Bench) -> None:
    items = [Item(f"e{n}", title, n + 1) for n, title in enumerate(["Über Brot", "Brot", "Käse", "2026"])]
    add_feed(bench.tools, serve_show(bench.web, "shop", "Shop Talk", items))
    by_title = {episode.title: episode.id for episode in bench.library.episodes()}
    for typed, title in ((str(by_title["Käse"]), "Käse"), (" KÄSE ", "Käse"), ("über  brot", "Über Brot")):
        assert episode_named(bench.library, typed) == by_title[title]
    assert episode_named(bench.library, "brot") == by_title["Brot"], "a whole title goes before a piece"
    with pytest.raises(KnownError, match=r"“bro” fits 2 episodes.*\d+ Brot \(Shop Talk\)"):
        episode_named(bench.library, "bro")
    for typed in ("Wurst", "2026", "", " ", "9" * 30):
        with pytest.raises(KnownError):
            episode_named(bench.library, typed)
