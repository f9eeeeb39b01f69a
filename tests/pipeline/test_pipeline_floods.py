"""F-11: feeds whose identities change, repeat, or come in floods."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from test_pipeline import Bench, opened

from earmark.pipeline import Watch, add_feed, refresh


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with opened(tmp_path / "profile") as made:
        yield made


def publish(bench: Bench, numbers: range, guid: str, audio: str = "{n}.mp3") -> str:
    items = "".join(
        f"<item><title>Episode {n}</title><guid>{guid.format(n=n)}</guid>"
        f"<pubDate>{1 + n % 28:02} Jan {2000 + n // 28} 10:00:00 GMT</pubDate>"
        f'<enclosure url="https://e.example/{audio.format(n=n)}" type="audio/mpeg"/></item>'
        for n in numbers
    )
    body = f"<rss><channel><title>A show</title>{items}</channel></rss>"
    return bench.web.add("/f.xml", "application/rss+xml", body.encode())


def test_f_11_identities_that_change_on_each_fetch_make_no_episode_anew(bench: Bench) -> None:
    add_feed(bench.tools, publish(bench, range(60), "first-{n}"))
    ids = {episode.title: episode.id for episode in bench.library.episodes()}
    for fetch in range(3):
        publish(bench, range(60), f"{fetch}-{{n}}", f"{{n}}.mp3?token={fetch}")
        assert refresh(bench.tools, Watch(), wish="now").new_episodes == 0
    assert {episode.title: episode.id for episode in bench.library.episodes()} == ids
    assert len(bench.library.jobs()) == 3


def test_f_11_more_than_fifty_new_at_once_are_listed_but_not_all_worked_on(bench: Bench) -> None:
    add_feed(bench.tools, publish(bench, range(2), "{n}"))
    publish(bench, range(52), "{n}")
    assert refresh(bench.tools, Watch(), wish="now").new_episodes == 50
    assert len(bench.library.jobs()) == 2 + 50
    publish(bench, range(52, 120), "{n}", "other/{n}.mp3")
    assert refresh(bench.tools, Watch(), wish="now").new_episodes == 68
    assert len(bench.library.episodes()) == 120
    assert len(bench.library.jobs()) == 52 + 50


def test_f_13_dates_of_every_kind_leave_a_sane_order(bench: Bench) -> None:
    dates = ["Mon, 06 Jan 2025 10:00:00 GMT", "Fri, 01 Jan 2099 10:00:00 GMT", "", "yesterday",
             "Thu, 01 Jan 1970 00:00:00 GMT", "Tue, 07 Jan 2025 10:00:00 GMT", "1" * 2000]  # fmt: skip
    items = "".join(
        f"<item><title>E{n}</title><guid>{n}</guid><pubDate>{date}</pubDate></item>"
        for n, date in enumerate(dates)
    )
    body = f"<rss><channel><title>A show</title>{items}</channel></rss>"
    add_feed(bench.tools, bench.web.add("/f.xml", "application/rss+xml", body.encode()))
    assert [episode.title for episode in bench.library.episodes()][:3] == ["E1", "E5", "E0"]
    now_ms = 1795420800000
    assert bench.library.episodes()[0].published_ms == now_ms, "what comes from the future was first seen now"
