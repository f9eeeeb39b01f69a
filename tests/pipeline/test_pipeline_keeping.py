"""What stays of recordings, for how long, and what plays when they are gone."""

import os
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shows import Item, serve_show
from test_pipeline import NOW, Bench, audio_show, bench, opened, transcript  # noqa: F401  (a fixture)

from earmark.clock import to_ms
from earmark.errors import KnownError
from earmark.pipeline import Watch, add_feed, process
from earmark.pipeline import episode as steps
from earmark.pipeline.care import unsubscribe
from earmark.pipeline.keeping import (
    DAY_MS,
    METERED,
    drop_audio,
    keep_moments_of,
    sweep,
    to_free,
    to_sweep,
)
from earmark.pipeline.out.write import cut_clips
from earmark.pipeline.proofs import keep_moments, moment_of
from earmark.pipeline.recordings import audio_name
from earmark.pipeline.surroundings import is_metered
from earmark.pipeline.tidying import clear, leftovers, sizes, without_audio_of
from earmark.records import EpisodeId, KeptAudio
from earmark.settings import Settings


def with_settings(bench: Bench, **chosen: Any) -> None:  # noqa: F811
    """The user's choices from now on."""
    bench.tools = replace(bench.tools, choices=lambda: Settings(**chosen))


def audio_names(bench: Bench) -> list[str]:  # noqa: F811
    return sorted(path.name for path in bench.tools.paths.audio.iterdir())


kept_audio = st.builds(
    KeptAudio,
    st.integers(1, 9).map(EpisodeId),
    st.just("name"),
    st.integers(0, 100),
    st.integers(0, 10 * DAY_MS),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(kept_audio, max_size=12), st.integers(0, 12), st.integers(0, 20 * DAY_MS))
def test_only_what_was_read_and_not_asked_for_goes_and_longer_days_let_less_go(
    kept: list[KeptAudio], days: int, now_ms: int
) -> None:
    going = to_sweep(kept, days, now_ms)
    assert all(each.read and not each.asked for each in going)
    assert len(to_sweep(kept, days + 1, now_ms)) <= len(going)
    if days == 0:
        assert going == [each for each in kept if each.read and not each.asked]


@given(st.lists(kept_audio, max_size=12), st.integers(0, 300), st.integers(0, 600))
def test_no_more_goes_than_has_to_so_that_the_limit_holds(
    kept: list[KeptAudio], need: int, most: int
) -> None:
    going = to_free(kept, need, most)
    total = sum(each.size_bytes for each in kept)
    may_go = sum(each.size_bytes for each in kept if each.read and not each.asked)
    if going is None:
        assert total - may_go + need > most
        return
    freed = sum(each.size_bytes for each in going)
    assert total + need - freed <= most or not kept
    if going:
        assert total + need - freed + going[-1].size_bytes > most


def test_with_no_days_the_recording_goes_as_soon_as_it_was_read_and_its_moments_stay(
    bench: Bench,  # noqa: F811
) -> None:
    with_settings(bench, keep_audio_days=0)
    add_feed(bench.tools, audio_show(bench.web))
    assert process(bench.tools, Watch()).done == 1
    assert audio_names(bench) == []
    assert bench.library.kept_audio() == []
    insights = bench.library.insights()
    assert insights
    for insight in insights:
        moment = moment_of(bench.library, bench.tools.paths, insight.id, insight.start_ms)
        assert moment is not None
        assert moment.file.read_bytes().startswith(b"opus ")
        assert 0 <= moment.start_ms <= 1500


def test_a_recording_stays_its_days_and_then_goes(tmp_path: Path) -> None:
    with opened(tmp_path / "profile") as made:
        with_settings(made, keep_audio_days=14)
        add_feed(made.tools, audio_show(made.web))
        process(made.tools, Watch())
        for days, left in ((13, 1), (14, 0)):
            later = NOW + timedelta(days=days)
            made.tools = replace(made.tools, clock=lambda later=later: later)
            sweep(made.tools, Watch())
            assert len(audio_names(made)) == left


def test_what_the_user_fetched_stays_and_what_waits_stays(bench: Bench) -> None:  # noqa: F811
    with_settings(bench, keep_audio_days=0)
    add_feed(bench.tools, audio_show(bench.web, 2))
    process(bench.tools, Watch())
    first, second = bench.library.episodes()
    got = steps.fetch_audio(bench.tools, first, Watch())
    steps.note_audio(bench.tools, first, got, asked=True)
    steps.note_audio(bench.tools, second, steps.fetch_audio(bench.tools, second, Watch()))
    bench.library.set_job(second.id, step="extract", state="waiting")
    sweep(bench.tools, Watch())
    assert len(audio_names(bench)) == 2


def test_moments_are_cut_after_a_kill_between_reading_and_cutting(bench: Bench) -> None:  # noqa: F811
    add_feed(bench.tools, audio_show(bench.web))
    process(bench.tools, Watch())
    episode = bench.library.episodes()[0]
    bench.library.forget_clips([insight.id for insight in bench.library.insights()])
    bench.library.set_job(episode.id, step="extract", state="running")
    process(bench.tools, Watch())
    assert len(bench.library.clips()) == len(bench.library.insights())


def test_a_recording_that_was_read_before_moments_were_kept_gives_them_before_it_goes(
    bench: Bench,  # noqa: F811
) -> None:
    add_feed(bench.tools, audio_show(bench.web))
    process(bench.tools, Watch())
    bench.library.forget_clips([insight.id for insight in bench.library.insights()])
    with_settings(bench, keep_audio_days=0)
    sweep(bench.tools, Watch())
    assert audio_names(bench) == []
    assert len(bench.library.clips()) == len(bench.library.insights()) > 0


def test_a_recording_whose_moments_cannot_be_cut_stays_until_they_can(bench: Bench) -> None:  # noqa: F811
    add_feed(bench.tools, audio_show(bench.web))
    process(bench.tools, Watch())
    bench.library.forget_clips([insight.id for insight in bench.library.insights()])
    for file in bench.tools.paths.clips.iterdir():
        file.unlink()
    with_settings(bench, keep_audio_days=0)
    bench.engines.deaths = {"clips": 3}
    told: list[str] = []
    sweep(bench.tools, Watch(on_warning=told.append))
    assert len(audio_names(bench)) == 1
    assert "its recording stays" in told[0]
    (feed,) = bench.library.feeds()
    with pytest.raises(KnownError, match="Nothing changed"):
        unsubscribe(bench.tools, feed)
    assert bench.library.feeds() == [feed]
    found = leftovers(bench.library, bench.tools.paths, all_audio=True)
    _, uncut = keep_moments_of(bench.tools, found.episode_ids, Watch())
    clear(bench.library, without_audio_of(bench.tools, found, uncut))
    assert len(audio_names(bench)) == 1
    bench.engines.deaths = {}
    unsubscribe(bench.tools, feed)
    assert audio_names(bench) == []
    assert len(bench.library.clips()) == len(bench.library.insights()) > 0


def test_a_recording_that_gives_no_moments_is_told_and_nothing_fails(bench: Bench) -> None:  # noqa: F811
    bench.engines.deaths = {"clips": 1}
    add_feed(bench.tools, audio_show(bench.web))
    warnings: list[str] = []
    worked = process(bench.tools, Watch(on_warning=warnings.append))
    assert (worked.done, worked.failed) == (1, ())
    assert any("moments could not be kept" in warning for warning in warnings)


def test_a_moment_that_is_lost_or_stands_elsewhere_is_not_played_and_is_cut_again(
    bench: Bench,  # noqa: F811
) -> None:
    add_feed(bench.tools, audio_show(bench.web))
    process(bench.tools, Watch())
    episode, insight = bench.library.episodes()[0], bench.library.insights()[0]
    place = (bench.library, bench.tools.paths, insight.id)
    assert moment_of(*place, insight.start_ms + 60_000) is None
    moment = moment_of(*place, insight.start_ms)
    assert moment is not None
    moment.file.unlink()
    assert moment_of(*place, insight.start_ms) is None
    keep_moments(bench.tools, episode, steps.audio_file(bench.tools, episode), Watch())
    assert moment_of(*place, insight.start_ms) == moment


def test_an_export_takes_the_kept_moments_where_the_recording_is_gone(bench: Bench) -> None:  # noqa: F811
    with_settings(bench, keep_audio_days=0)
    add_feed(bench.tools, audio_show(bench.web))
    process(bench.tools, Watch())
    items: Any = bench.library.insights()
    clips, problems = cut_clips(bench.library, bench.tools.media, bench.tools.paths, items, Watch())
    assert set(clips) == {insight.id for insight in bench.library.insights()}
    assert problems == []


def test_where_only_words_were_fetched_there_is_no_moment_and_no_fault(bench: Bench) -> None:  # noqa: F811
    item = Item("e", "An episode", 1, transcript=transcript(), audio=("audio/mpeg", b"sound"))
    add_feed(bench.tools, serve_show(bench.web, "written", "Written", [item]))
    assert process(bench.tools, Watch()).done == 1
    assert bench.library.clips() == []


def test_n_03_a_recording_of_no_told_length_that_is_too_short_may_be_cut(bench: Bench) -> None:  # noqa: F811
    item = Item("e", "An episode", 1, audio=("audio/mpeg", b"sound" * 9), duration_s=600)
    add_feed(bench.tools, serve_show(bench.web, "spoken", "Spoken", [item]))
    bench.web.no_length.add("/spoken/e.audio")
    warnings: list[str] = []
    assert process(bench.tools, Watch(on_warning=warnings.append)).done == 1
    assert "An episode: The recording may be cut: 0 of about 10 min came" in warnings[0]
    assert [audio.cut_ms for audio in bench.library.kept_audio()] == [1000]


def test_n_03_the_same_length_is_no_cut_where_the_server_told_it(bench: Bench) -> None:  # noqa: F811
    item = Item("e", "An episode", 1, audio=("audio/mpeg", b"sound" * 9), duration_s=600)
    add_feed(bench.tools, serve_show(bench.web, "spoken", "Spoken", [item]))
    process(bench.tools, Watch())
    assert [audio.cut_ms for audio in bench.library.kept_audio()] == [None]


def test_a_recording_larger_than_the_user_allows_is_not_taken(bench: Bench) -> None:  # noqa: F811
    with_settings(bench, max_episode_mb=0)
    add_feed(bench.tools, audio_show(bench.web))
    assert "larger than 0 MB" in process(bench.tools, Watch()).failed[0][1]
    assert audio_names(bench) == []


def test_when_all_recordings_may_take_no_more_a_download_waits_and_nothing_failed(
    bench: Bench,  # noqa: F811
) -> None:
    with_settings(bench, max_audio_gb=0)
    add_feed(bench.tools, audio_show(bench.web))
    worked = process(bench.tools, Watch())
    assert worked.failed == ()
    assert "Recordings may take 0 GB and do" in worked.waiting[0][1]
    assert bench.job_states()[0][0] == "waiting"
    with_settings(bench, max_audio_gb=1)
    assert process(bench.tools, Watch()).done == 1


def test_on_a_metered_connection_no_recording_is_fetched_but_words_are(
    bench: Bench,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("earmark.pipeline.keeping.is_metered", lambda: True)
    with_settings(bench, wait_on_metered=True)
    items = [Item("w", "Written", 1, transcript()), Item("s", "Spoken", 2, audio=("audio/mpeg", b"sound"))]
    add_feed(bench.tools, serve_show(bench.web, "both", "Both", items))
    worked = process(bench.tools, Watch())
    assert (worked.done, worked.waiting) == (1, (("Spoken", METERED),))
    assert not any(path.endswith(".audio") for path in bench.web.asked)
    monkeypatch.setattr("earmark.pipeline.keeping.is_metered", lambda: None)
    assert process(bench.tools, Watch()).done == 1


@pytest.mark.skipif(sys.platform != "linux", reason="only there is the kind of connection asked for")
@pytest.mark.parametrize(
    ("answer", "metered"),
    [
        ('{"type":"u","data":1}', True),
        ('{"type":"u","data":3}', True),
        ('{"type":"u","data":4}', False),
        ('{"type":"u","data":0}', None),
        ("Failed to get property", None),
    ],
)
def test_networkmanager_is_asked_whether_the_connection_is_metered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, metered: bool | None
) -> None:
    stand_in = tmp_path / "busctl"
    stand_in.write_text(f"#!/bin/sh\necho \"$@\" > {tmp_path}/asked\necho '{answer}'\n")
    stand_in.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert is_metered() is metered
    asked = (tmp_path / "asked").read_text().split()
    manager = "org.freedesktop.NetworkManager"
    assert asked[-5:] == ["get-property", manager, "/org/freedesktop/NetworkManager", manager, "Metered"]
    assert "--auto-start=no" in asked


def test_asking_for_the_kind_of_connection_needs_no_service_to_be_there() -> None:
    assert is_metered() in (True, False, None)


def test_counting_services_are_left_out_where_the_user_says_so(bench: Bench) -> None:  # noqa: F811
    own = bench.web.add("/own.audio", "audio/mpeg", b"sound")
    add_feed(bench.tools, audio_show(bench.web))
    episode = bench.library.episodes()[0]
    assert episode.enclosure is not None
    counted = "http://pdst.fm/e/" + own.removeprefix("http://").replace("127.0.0.1", "localhost.example")
    episode = replace(episode, enclosure=replace(episode.enclosure, url=counted))
    hosts = set()
    for chosen in (False, True):
        with_settings(bench, direct_addresses=chosen)
        with pytest.raises(KnownError) as fault:
            steps.fetch_audio(bench.tools, episode, Watch())
        hosts.add(str(fault.value).split()[0])
    assert hosts == {"pdst.fm", "localhost.example"}


@pytest.mark.parametrize("answer", ["0.0.0.0", "::", None])
def test_n_23_a_blocked_counting_service_is_named_with_the_way_around_it(
    bench: Bench,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
    answer: str | None,
) -> None:
    """N-23"""
    import socket

    def lookup(host: str, port: int, **_: object) -> list[Any]:
        found = {"pdst.fm": answer, "own.example": "127.0.0.1"}[host]
        if found is None:
            raise socket.gaierror(-2, "Name or service not known")
        return [(2, 1, 6, "", (found, port))]

    add_feed(bench.tools, audio_show(bench.web))
    episode = bench.library.episodes()[0]
    assert episode.enclosure is not None
    counted = "http://pdst.fm/e/own.example/a.mp3"
    episode = replace(episode, enclosure=replace(episode.enclosure, url=counted))
    monkeypatch.setattr("socket.getaddrinfo", lookup)
    with pytest.raises(KnownError) as fault:
        steps.fetch_audio(bench.tools, episode, Watch())
    assert str(fault.value) == (
        "pdst.fm, which only counts who listens, is blocked in this network. The recording itself lies at "
        "own.example. To go there directly: earmark library keep --direct"
    )


def test_n_22_a_name_that_the_server_wishes_for_and_a_lie_about_the_kind_count_for_nothing(
    bench: Bench,  # noqa: F811
) -> None:
    """N-22"""
    bench.web.names["/spoken/e0.audio"] = "../../../evil.sh"
    add_feed(bench.tools, audio_show(bench.web))
    episode = bench.library.episodes()[0]
    bench.web.add("/spoken/e0.audio", "text/html; charset=evil", b"sound")
    steps.download(bench.tools, episode, Watch())
    assert all(len(name) == 22 and name.endswith(".audio") for name in audio_names(bench))
    profile = bench.tools.paths.data
    assert not list(profile.parent.rglob("*evil*"))


def test_what_is_left_over_is_found_and_freed_and_what_is_needed_stays(bench: Bench) -> None:  # noqa: F811
    add_feed(bench.tools, audio_show(bench.web, 3))
    process(bench.tools, Watch())
    paths, library = bench.tools.paths, bench.library
    asked, waiting, read = library.episodes()
    library.keep_asked(asked.id)
    library.set_job(waiting.id, step="transcribe", state="waiting")
    steps.decode(bench.tools, waiting, Watch())
    for folder, name in ((paths.audio, "old.audio"), (paths.scratch, "old.pcm"), (paths.clips, "old.opus")):
        (folder / name).write_bytes(b"x" * 100)
    (paths.audio / f"{audio_name(waiting)}.part").write_bytes(b"x")
    found = leftovers(library, paths)
    names = sorted(file.name for files in found.files.values() for file in files)
    gone = library.download(read.id)
    assert gone is not None
    assert names == sorted(["old.audio", "old.opus", "old.pcm", gone.file_name])
    assert found.size_bytes == 300 + gone.size_bytes
    assert clear(library, found) == 300 + gone.size_bytes
    assert [audio.episode_id for audio in library.kept_audio()] == [asked.id, waiting.id]
    assert len(library.clips()) == len(library.insights())
    assert not leftovers(library, paths).files
    assert leftovers(library, paths, all_audio=True).files["recordings"]


def test_a_saved_moment_stays_when_its_insight_is_withdrawn(bench: Bench) -> None:  # noqa: F811
    add_feed(bench.tools, audio_show(bench.web))
    process(bench.tools, Watch())
    kept = bench.library.insights()[0].id
    bench.library.set_mark(kept, saved=True)
    with bench.library._transaction() as db:
        db.execute("DELETE FROM insights")
    assert kept not in [clip.insight_id for clip in bench.library.lost_clips()]


def test_every_file_of_a_profile_is_counted_once(bench: Bench) -> None:  # noqa: F811
    add_feed(bench.tools, audio_show(bench.web))
    process(bench.tools, Watch())
    data = bench.tools.paths.data
    whole = sum(path.stat().st_size for path in data.rglob("*") if path.is_file())
    assert sum(each.size_bytes for each in sizes(bench.tools.paths)) == whole


def test_a_recording_that_cannot_be_deleted_stays_noted(
    bench: Bench,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    add_feed(bench.tools, audio_show(bench.web))
    process(bench.tools, Watch())

    def held(self: Path, **_: object) -> None:
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "unlink", held)
    drop_audio(bench.tools, bench.library.kept_audio(), Watch())
    assert len(bench.library.kept_audio()) == 1


def test_a_clock_that_was_set_back_lets_nothing_go_early() -> None:
    ahead = KeptAudio(EpisodeId(1), "a", 1, to_ms(NOW) + 9 * DAY_MS, read=True)
    assert to_sweep([ahead], 1, to_ms(NOW)) == []
