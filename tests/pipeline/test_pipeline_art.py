"""A show's picture comes from the show's own host, once, and from nobody else."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from test_engines_picture import png
from test_pipeline import Bench, audio_show, opened

from earmark.pipeline import Watch, add_show
from earmark.pipeline.art import art_file, fetch_art, points_in
from earmark.pipeline.care import unsubscribe
from earmark.records import Feed, ShowFacts

WATCH = Watch()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A bench whose user may ask this machine."""
    with opened(tmp_path / "profile") as made:
        made.tools.door.allow(made.web.origin + "/")
        yield made


def show_with(bench: Bench, image_url: str) -> Feed:
    """A show that names this picture."""
    feed = add_show(bench.tools, audio_show(bench.web), WATCH).feed
    bench.library.apply_refresh(
        feed.id, new=[], changed=[], title=feed.title, link=None, language=None, url=feed.url, etag=None,
        last_modified=None, body_sha256=None, now_ms=1, backlog=0, facts=ShowFacts(image_url=image_url),
    )  # fmt: skip
    bench.web.asked.clear()
    return bench.library.feed(feed.id)


def test_a_picture_is_fetched_once_and_goes_with_its_show(bench: Bench) -> None:
    address = bench.web.add("/art.png", "image/png", png(300, 200))
    feed = show_with(bench, address)
    assert fetch_art(bench.tools, feed.id, WATCH)
    file = art_file(bench.tools.paths, feed.id)
    assert points_in(file)
    assert not fetch_art(bench.tools, feed.id, WATCH)
    assert bench.web.asked == ["/art.png"]
    assert list(bench.tools.paths.scratch.glob("picture*")) == []
    unsubscribe(bench.tools, feed)
    assert not file.exists()


def test_a_picture_on_another_host_is_not_asked_for(bench: Bench) -> None:
    elsewhere = bench.web.add("/art.png", "image/png", png(300, 200)).replace("127.0.0.1", "localhost")
    feed = show_with(bench, elsewhere)
    assert not fetch_art(bench.tools, feed.id, WATCH)
    assert bench.web.asked == []


def test_what_is_no_picture_is_asked_for_once_and_a_new_address_again(bench: Bench) -> None:
    feed = show_with(bench, bench.web.add("/art.svg", "image/svg+xml", b"<svg/>"))
    assert not fetch_art(bench.tools, feed.id, WATCH)
    assert not fetch_art(bench.tools, feed.id, WATCH)
    assert bench.web.asked == ["/art.svg"]
    assert points_in(art_file(bench.tools.paths, feed.id)) is None
    show_with(bench, bench.web.add("/new.png", "image/png", png(96, 96)))
    assert fetch_art(bench.tools, feed.id, WATCH)


def test_nothing_is_asked_offline(bench: Bench) -> None:
    feed = show_with(bench, bench.web.add("/art.png", "image/png", png(300, 200)))
    settings = replace(bench.tools.choices(), offline=True)
    tools = replace(bench.tools, choices=lambda: settings)  # type: ignore[arg-type]
    assert not fetch_art(tools, feed.id, WATCH)
    assert bench.web.asked == []
    assert not art_file(bench.tools.paths, feed.id).exists()
