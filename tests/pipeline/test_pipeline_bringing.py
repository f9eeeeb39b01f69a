"""Whatever a user brings is known for what it is, and nothing is added that they still have to choose."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_pipeline import Bench, audio_show, opened

from earmark.errors import KnownError
from earmark.pipeline import Watch
from earmark.pipeline.backlog import Choice
from earmark.pipeline.bringing import bring, list_in, start_with, together, usual_choice
from earmark.pipeline.care import take_up_again, unsubscribe
from earmark.pipeline.refreshing import refresh

WATCH = Watch()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench whose user may ask this machine."""
    with opened(tmp_path / "profile") as made:
        made.tools.door.allow(made.web.origin + "/")
        yield made


def test_a_show_is_added_with_its_choices_and_nothing_is_queued_before_one_is_taken(bench: Bench) -> None:
    brought = bring(bench.tools, audio_show(bench.web, 5), WATCH)
    (added,) = brought.shows
    assert added.new
    assert [choice.episodes for choice in brought.choices] == [1, 3, 5]
    assert bench.library.jobs() == []
    start_with(bench.tools, [added.feed.id], 3)
    assert len(bench.library.jobs()) == 3


def test_a_page_with_several_feeds_is_left_to_the_user(bench: Bench) -> None:
    feed = audio_show(bench.web)
    links = f'<link rel="alternate" type="application/rss+xml" href="{feed}">'
    links += '<link rel="alternate" type="application/rss+xml" href="/second.xml">'
    page = bench.web.add("/page", "text/html", f"<html><head>{links}</head></html>".encode())
    brought = bring(bench.tools, page, WATCH)
    assert tuple(each.url for each in brought.feeds) == (feed, f"{bench.web.origin}/second.xml")
    assert bench.library.feeds() == []
    assert bring(bench.tools, brought.feeds[0].url, WATCH).shows[0].new


def test_what_cannot_be_had_does_not_keep_the_rest_away(bench: Bench) -> None:
    feed = audio_show(bench.web)
    brought = bring(bench.tools, f"{feed}\n{bench.web.origin}/nothing", WATCH)
    assert len(brought.shows) == 1
    assert brought.problems[0][0] == f"{bench.web.origin}/nothing"


def test_a_list_is_only_counted(bench: Bench, tmp_path: Path) -> None:
    text = '<opml><body><outline text="A" xmlUrl="https://example.org/a"/></body></opml>'
    assert bring(bench.tools, text, WATCH).rows == 1
    file = tmp_path / "mine.opml"
    file.write_text(text)
    assert bring(bench.tools, str(file), WATCH).rows == 1
    assert bench.library.feeds() == []
    assert list_in(f"{file}\n{file}") is None
    file.write_text("no list at all")
    with pytest.raises(KnownError, match="is not a list of shows"):
        bring(bench.tools, str(file), WATCH)


def test_choices_of_several_shows_are_told_together_and_a_usual_one_is_proposed() -> None:
    one, other = [Choice(1, 10.0), Choice(3, 30.0), Choice(5, 50.0, unheard=2)], [Choice(1, 7.0)]
    both = together([one, other])
    assert [(choice.episodes, choice.work_s) for choice in both] == [(1, 17.0), (3, 37.0), (5, 57.0)]
    assert both[-1].unheard == 2
    assert usual_choice(both, 3) == both[1]
    assert usual_choice([Choice(1, 7.0)], 3) == Choice(1, 7.0)
    assert usual_choice([], 3) is None


def test_a_show_that_was_left_is_taken_up_again_with_as_many_in_the_queue(bench: Bench) -> None:
    (added,) = bring(bench.tools, audio_show(bench.web, 5), WATCH).shows
    start_with(bench.tools, [added.feed.id], 2)
    unsubscribe(bench.tools, added.feed)
    assert bench.library.feeds() == []
    take_up_again(bench.tools, added.feed, first_episodes=2)
    refresh(bench.tools, WATCH, wish="news")
    (again,) = bench.library.feeds()
    assert again.title == added.feed.title
    assert len(bench.library.episode_ids(again.id)) == 5
    assert len(bench.library.jobs()) == 2
