"""A show's picture, made small, in the decoder's child: strangers made it, so it is read where it can do no
harm. PNG, JPEG and WebP alone, none larger than a picture of a show needs to be, and never moving ones."""

import base64
import struct
import sys
from io import BytesIO
from typing import BinaryIO

import av
import av.video.reformatter  # what PyAV would import at need, when it can open no file any more
import numpy as np
from numpy.typing import NDArray

from earmark.engines.lines import Message
from earmark.engines.media import MOST_PICTURE_BYTES
from earmark.errors import KnownError

MOST_SIDE = 6000
_NO_PICTURE = "This is no picture that Earmark shows: PNG, JPEG or WebP, at most 4 MB and 6000 pixels wide."
_SIZES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG after which its size stands (ITU T.81, table B.1)."""


def small_picture(source: BinaryIO, side: int) -> Message:
    """The middle of a picture as `side` times `side` points: gives rgb, three bytes a point, in base64.

    Raises KnownError for what is no picture, or is larger than one should be.
    """
    body = source.read(MOST_PICTURE_BYTES + 1)
    form = _form(body)
    if form is None or len(body) > MOST_PICTURE_BYTES:
        raise KnownError(_NO_PICTURE)
    try:
        with av.open(BytesIO(body), "r", format=form, options={"protocol_whitelist": "none"}) as container:
            frame = next(container.decode(container.streams.video[0]))
            points = _middle(frame, side)
    except (av.error.FFmpegError, MemoryError, ValueError, StopIteration, IndexError) as error:
        sys.stderr.write(f"{form}: {error}\n")
        raise KnownError(_NO_PICTURE) from error
    return {"rgb": base64.b64encode(points.tobytes()).decode()}


def _middle(frame: av.VideoFrame, side: int) -> NDArray[np.uint8]:
    scale = side / min(frame.width, frame.height)
    width, height = max(side, round(frame.width * scale)), max(side, round(frame.height * scale))
    points = frame.reformat(width=width, height=height, format="rgb24").to_ndarray()
    left, top = (width - side) // 2, (height - side) // 2
    return np.ascontiguousarray(points[top : top + side, left : left + side])


def _form(body: bytes) -> str | None:
    """FFmpeg's name of the format, where the size that stands in the file is one to be decoded."""
    for form, size in (("png_pipe", _png(body)), ("jpeg_pipe", _jpeg(body)), ("webp_pipe", _webp(body))):
        if size is not None:
            return form if all(0 < each <= MOST_SIDE for each in size) and not _is_strip(size) else None
    return None


def _is_strip(size: tuple[int, int]) -> bool:
    """A picture a few points high, which would be blown up to a huge one."""
    return max(size) > 20 * min(size)


def _png(body: bytes) -> tuple[int, int] | None:
    """Width and height (PNG, 11.2.2)."""
    if body[:8] != b"\x89PNG\r\n\x1a\n" or len(body) < 24:
        return None
    return struct.unpack(">II", body[16:24])


def _jpeg(body: bytes) -> tuple[int, int] | None:
    """Height and width, from the first marker that tells them."""
    at = 2
    while body[:2] == b"\xff\xd8" and at + 9 <= len(body) and body[at] == 0xFF:
        marker, length = body[at + 1], int.from_bytes(body[at + 2 : at + 4])
        if marker in _SIZES:
            return struct.unpack(">HH", body[at + 5 : at + 9])
        at += 2 + max(2, length)
    return None


def _webp(body: bytes) -> tuple[int, int] | None:
    """Width and height of its three kinds (RFC 9649, 2.5 to 2.7)."""
    if body[:4] != b"RIFF" or body[8:12] != b"WEBP" or len(body) < 30:
        return None
    kind = body[12:16]
    if kind == b"VP8X":
        return 1 + int.from_bytes(body[24:27], "little"), 1 + int.from_bytes(body[27:30], "little")
    if kind == b"VP8L":
        bits = int.from_bytes(body[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack("<HH", body[26:30])
    return width & 0x3FFF, height & 0x3FFF
