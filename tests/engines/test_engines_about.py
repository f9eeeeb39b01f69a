"""What recordings say of themselves, read in the confined child."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from earmark.engines import Media
from earmark.errors import KnownError
from earmark.paths import resource

AUPHONIC = ((0, "Chapter 1 - ❤️😊"), (3000, "Chapter 2 - ßöÄ"), (6000, "Chapter 3 - 爱"), (9000, "Chapter 4"))


@pytest.fixture(scope="module")
def media() -> Iterator[Media]:
    with Media() as opened:
        yield opened


@pytest.mark.needs_shared
@pytest.mark.parametrize(
    ("name", "chapters"),
    [
        ("auphonic.mp3", AUPHONIC),
        ("auphonic.m4a", AUPHONIC),
        ("auphonic.ogg", AUPHONIC),
        ("auphonic.opus", AUPHONIC),
        ("mp3chaps-py.mp3", ((0, "Start"), (7000, "Chapter 1"), (9000, "Chapter 2"), (11_000, "Chapter 3"))),
        ("ffmpeg-txxx-comment.mp3", ()),
        ("opus-comment.opus", ()),
    ],
)
def test_chapters_of_id3_mp4_and_vorbis_are_read(
    media: Media, shared: Callable[[str], Path], name: str, chapters: tuple[tuple[int, str], ...]
) -> None:
    assert media.about(shared(f"data/audio/chapters/{name}")).chapters == chapters


def test_a_recording_says_how_long_it_is(media: Media) -> None:
    (first, *_) = sorted(resource("demo").rglob("*.opus"))
    told = media.about(first)
    assert told.duration_ms is not None
    assert 10_000 < told.duration_ms < 600_000


@pytest.mark.needs_shared
def test_what_is_broken_is_refused_in_plain_words_or_read(
    media: Media, shared: Callable[[str], Path]
) -> None:
    reasons = []
    for name in ("html_404_page.mp3", "id3_size_lies.mp3", "jfk_truncated_no_moov.m4a", "zero_bytes.mp3"):
        try:
            assert media.about(shared(f"data/audio/broken/{name}")).chapters == ()
        except KnownError as error:
            reasons.append(str(error))
    assert len(reasons) >= 3
    assert all(reason.endswith(".") for reason in reasons)


def test_what_is_not_there_cannot_be_asked(media: Media, tmp_path: Path) -> None:
    with pytest.raises(KnownError, match="cannot be opened"):
        media.about(tmp_path / "none.mp3")
