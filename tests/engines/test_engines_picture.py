"""Pictures of shows, through the decoder's real child: made small where they can be, refused where not."""

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from earmark.engines import Media
from earmark.errors import KnownError

RED, BLUE = (200, 30, 40), (20, 40, 220)


@pytest.fixture(scope="module")
def media() -> Iterator[Media]:
    with Media() as face:
        yield face


def png(width: int, height: int, *, rows: int | None = None) -> bytes:
    """A picture whose left half is red and whose right half is blue; of `rows` alone if that is named."""
    line = b"\0" + bytes(RED) * (width // 2) + bytes(BLUE) * (width - width // 2)
    body = zlib.compress(line * (height if rows is None else rows))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", body), (b"IEND", b"")]
    made = [struct.pack(">I", len(b)) + n + b + struct.pack(">I", zlib.crc32(n + b)) for n, b in parts]
    return b"\x89PNG\r\n\x1a\n" + b"".join(made)


def encoded(codec: str, pixels: str, width: int = 300, height: int = 200) -> bytes:
    """The same in another format."""
    points = np.zeros((height, width, 3), np.uint8)
    points[:, : width // 2], points[:, width // 2 :] = RED, BLUE
    context = av.CodecContext.create(codec, "w")
    context.width, context.height, context.pix_fmt = width, height, pixels  # type: ignore[attr-defined]
    context.time_base = 1  # type: ignore[assignment]
    frame = av.VideoFrame.from_ndarray(points, format="rgb24").reformat(format=pixels)
    frame.pts = 0
    return b"".join(bytes(p) for p in [*context.encode(frame), *context.encode(None)])  # type: ignore[attr-defined]


def small(media: Media, folder: Path, body: bytes) -> np.ndarray:
    file = folder / "picture"
    file.write_bytes(body)
    return np.frombuffer(media.picture(file, 96), np.uint8).reshape(96, 96, 3)


@pytest.mark.parametrize(
    "body",
    [png(300, 200), png(96, 96), encoded("mjpeg", "yuvj420p"), encoded("libwebp", "yuv420p")],
    ids=["png", "small png", "jpeg", "webp"],
)
def test_a_picture_becomes_a_small_square_of_its_middle(media: Media, tmp_path: Path, body: bytes) -> None:
    made = small(media, tmp_path, body).astype(int)
    assert abs(made[48, 10] - RED).max() < 30
    assert abs(made[48, 85] - BLUE).max() < 30


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"GIF89a" + bytes(100),
        png(30_000, 30_000, rows=1),
        png(6000, 2, rows=2),
        png(300, 200)[:60],
        b"\xff\xd8\xff\xe0\0\2" * 50,
        b"RIFF\0\0\0\0WEBPVP8X" + bytes(60),
        png(300, 200) + bytes(4 * 2**20),
    ],
    ids=["nothing", "svg", "gif", "30,000 wide", "strip", "cut", "jpeg without a size", "empty webp", "5 MB"],
)
def test_u_07_what_is_no_picture_or_too_large_is_refused_in_words(
    media: Media, tmp_path: Path, body: bytes
) -> None:
    with pytest.raises(KnownError, match="no picture that Earmark shows"):
        small(media, tmp_path, body)
