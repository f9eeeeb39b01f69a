"""What a download that broke off leaves: it goes on where it was, and goes with what it belongs to."""

from pathlib import Path

import pytest
from shows import Item, serve_show
from test_pipeline import Bench, bench  # noqa: F401  (a fixture)

from earmark.errors import Cancelled
from earmark.pipeline import Watch, add_feed
from earmark.pipeline import episode as steps
from earmark.pipeline.care import undo_import, unsubscribe
from earmark.pipeline.lists import import_list
from earmark.pipeline.refreshing import refresh
from earmark.pipeline.tidying import clear, leftovers
from earmark.records import Episode

SOUND = bytes(range(256)) * 4000


def loud_show(bench: Bench, slug: str = "loud", count: int = 2) -> str:  # noqa: F811
    """A show whose recordings take more than one piece of the network."""
    items = [Item(f"e{n}", f"Episode {n}", n + 1, audio=("audio/mpeg", SOUND)) for n in range(count)]
    return serve_show(bench.web, slug, slug.title(), items)


def broken_off(bench: Bench, episode: Episode) -> list[str]:  # noqa: F811
    """Begin to fetch a recording and stop in the middle; the names of what lies there then."""
    begun: list[object] = []
    with pytest.raises(Cancelled):
        steps.fetch_audio(
            bench.tools, episode, Watch(on_progress=begun.append, cancelled=lambda: bool(begun))
        )
    return names(bench)


def names(bench: Bench) -> list[str]:  # noqa: F811
    return sorted(path.name for path in bench.tools.paths.audio.iterdir())


def test_what_broke_off_goes_with_its_show_and_that_of_other_shows_stays(bench: Bench) -> None:  # noqa: F811
    feed, other = add_feed(bench.tools, loud_show(bench)), add_feed(bench.tools, loud_show(bench, "other"))
    staying = broken_off(bench, bench.library.episodes(other.id)[0])
    for episode in bench.library.episodes(feed.id):
        there = broken_off(bench, episode)
    assert len(there) == 6, "a part and a note of each"
    unsubscribe(bench.tools, feed)
    assert names(bench) == staying


def test_a_show_that_is_taken_up_again_starts_its_downloads_over(bench: Bench) -> None:  # noqa: F811
    url = loud_show(bench)
    feed = add_feed(bench.tools, url)
    broken_off(bench, bench.library.episodes(feed.id)[0])
    unsubscribe(bench.tools, feed)
    add_feed(bench.tools, url)
    bench.web.heads.clear()
    got = steps.fetch_audio(bench.tools, bench.library.episodes()[0], Watch())
    assert got.size_bytes == len(SOUND)
    assert not any("Range" in head for head in bench.web.heads)


def test_a_list_that_is_taken_back_takes_what_broke_off_too(bench: Bench, tmp_path: Path) -> None:  # noqa: F811
    file = tmp_path / "shows.opml"
    file.write_text(f'<opml><body><outline text="Loud" xmlUrl="{loud_show(bench)}"/></body></opml>')
    import_list(bench.tools, file, Watch(), near=True)
    refresh(bench.tools, Watch())
    assert broken_off(bench, bench.library.episodes()[0])
    undo_import(bench.tools)
    assert names(bench) == []


def test_tidying_takes_what_broke_off_of_episodes_that_do_not_wait_and_leaves_the_rest(
    bench: Bench,  # noqa: F811
) -> None:
    add_feed(bench.tools, loud_show(bench))
    waiting, skipped = bench.library.episodes()
    staying = broken_off(bench, waiting)
    broken_off(bench, skipped)
    bench.library.skip([skipped.id])
    assert clear(bench.library, leftovers(bench.library, bench.tools.paths)) > 0
    assert names(bench) == staying
    bench.web.heads.clear()
    steps.fetch_audio(bench.tools, waiting, Watch())
    assert "Range" in bench.web.heads[0]
