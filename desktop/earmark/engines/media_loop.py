"""The audio decoder's child: any container to raw 16 kHz mono, with FFmpeg through PyAV.

A child decodes one recording. It is told on its command line what to read and what to write, opens both, and
then can open nothing else (`confine`): FFmpeg gets the open file, never a name.
"""

import errno
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO, Any, BinaryIO

import av
import av.logging
import av.subtitles.codeccontext
import av.subtitles.stream  # what PyAV would import at need, when it can open no file any more
import numpy as np
from numpy.typing import NDArray

from earmark.engines import confine
from earmark.engines.child import Emit, IsCancelled
from earmark.engines.clip import cut_clips
from earmark.engines.lines import Message
from earmark.engines.memory import free_disk_bytes, peak_meter, size_text
from earmark.engines.mixdown import Mixdown
from earmark.engines.outcome import Tally, warning
from earmark.engines.picture import small_picture
from earmark.engines.sniff import BROKE_OFF_AT_ONCE, LOCKED, Found, find_recording, refuse_impossible
from earmark.errors import Cancelled, KnownError

RATE_HZ = 16_000
_BYTES_PER_S = RATE_HZ * 2
_BLOCK = RATE_HZ // 2
_REPORT_EVERY_S = 0.5
_MAX_BAD_PACKETS = 20_000
_BELIEVABLE_MS = 48 * 3_600_000
_BITS_PER_MS = 1
"""No codec of a podcast goes below 1 kbit/s, so a file of so many bits cannot last longer."""
_MOST_BOXES = 1000
_MOST_CHAPTERS = 1000
_ROOM_LEFT_BYTES = 50_000_000
_LOCKED_TAGS = {"drms", "drmi", "enca", "aavd"}
"""Sample entries of protected sound: FairPlay's, Common Encryption's (ISO 14496-12, 8.12), Audible's."""
_NO_SOUND = "There is no sound in this file."
_UNREADABLE = (
    "The recording cannot be read: it is damaged, or it is not sound. Download it again; if that does not "
    "help, the publisher's file is at fault."
)


class MediaLoop:
    """Job: max_ms. `source` is read, `target` is written; it is whole only when the job is done."""

    def __init__(self, source: str = "", target: str = "") -> None:
        av.logging.set_level(av.logging.PANIC)
        self._trouble: KnownError | None = KnownError("The recording cannot be opened (none was named).")
        self._peak_bytes = peak_meter()
        if source:
            self._open(Path(source), Path(target))

    def work(self, job: Message, emit: Emit, cancelled: IsCancelled) -> Message:
        """Decode, or cut clips where `spans` are named, or tell what the file says `about` itself, or make a
        `picture` of so many points small.

        Event: `progress` with done_ms, total_ms (or null). Gives duration_ms, format, warning and peak_bytes.
        """
        if self._trouble is not None:
            raise self._trouble
        if "spans" in job:
            with self._source as source:
                return cut_clips(job, sound_of(source), emit, cancelled)
        if "picture" in job:
            with self._source as source:
                return small_picture(source, int(job["picture"]))
        if "about" in job:
            with self._source as source:
                return _about(source)
        max_bytes = int(job["max_ms"]) * _BYTES_PER_S // 1000
        confine.limit_result(max_bytes)
        try:
            with self._source as source, self._target as out:
                result = _decode(source, out, max_bytes, self._free_bytes, emit, cancelled)
                out.flush()
                os.fsync(out.fileno())
        except OSError as error:
            raise KnownError(_cannot_write(error)) from error
        except MemoryError as error:
            raise KnownError(
                f"The recording asks for more than {size_text(confine.MOST_MEMORY_BYTES)} of memory, which "
                "none should: it is damaged, or made to do harm."
            ) from error
        return {**result, "peak_bytes": self._peak_bytes()}

    def unload(self) -> None:
        """Nothing is kept between jobs."""

    def _open(self, source: Path, target: Path) -> None:
        self._trouble = None
        try:
            self._source: BinaryIO = source.open("rb", buffering=0)
        except OSError as error:
            self._trouble = KnownError(f"The recording cannot be opened ({error.strerror}).")
            return
        try:
            self._target: IO[bytes] = target.open("wb")
            self._free_bytes = free_disk_bytes(target.parent)
        except OSError as error:
            self._trouble = KnownError(_cannot_write(error))


class _From:
    """An open file from some byte on, as if it began there."""

    def __init__(self, file: BinaryIO, start_bytes: int) -> None:
        self._file, self._start = file, start_bytes
        file.seek(start_bytes)

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)

    def seek(self, offset: int, whence: int = 0) -> int:
        at = self._file.seek(offset + self._start if whence == 0 else offset, whence)
        return at - self._start

    def tell(self) -> int:
        return self._file.tell() - self._start


def _decode(
    source: BinaryIO, out: IO[bytes], max_bytes: int, free_bytes: int, emit: Emit, cancelled: IsCancelled
) -> Message:
    found = _found(source)
    tally, mixdown, told, done_bytes = Tally(), Mixdown(), 0.0, 0
    with _open(source, found) as container:
        stream = _sound_of(container)
        total_ms = _declared_ms(container, stream)
        _require_room(total_ms, source, max_bytes, free_bytes)
        for block in _blocks(container, stream, tally):
            if cancelled():
                raise Cancelled
            data = mixdown.mix(block).tobytes()
            tally.at_limit = done_bytes + len(data) > max_bytes
            done_bytes += out.write(data[: max_bytes - done_bytes])
            tally.done_ms = done_bytes * 1000 // _BYTES_PER_S
            if time.monotonic() - told > _REPORT_EVERY_S:
                told = time.monotonic()
                emit({"type": "progress", "done_ms": tally.done_ms, "total_ms": total_ms})
            if tally.at_limit:
                break
    if done_bytes == 0:
        raise KnownError(_UNREADABLE if tally.bad else BROKE_OFF_AT_ONCE)
    missing = warning(tally, found.claimed_ms or (total_ms if found.knows_length else None))
    return {"duration_ms": tally.done_ms, "format": found.form, "warning": missing}


def _about(source: BinaryIO) -> Message:
    """Gives duration_ms (None: it does not tell, or guesses) and chapters, as pairs of ms and title.

    FFmpeg reads them from ID3 (CHAP), MP4, Matroska and Vorbis comments. It is given the file from its very
    beginning, for tags stand there that decoding passes over.
    """
    found = _found(source)
    with _open(source, replace(found, start_bytes=0)) as container:
        length_ms = _declared_ms(container, _sound_of(container)) if found.knows_length else None
        chapters = [
            [round(1000 * each["start"] * each["time_base"]), str(each["metadata"].get("title", ""))[:500]]
            for each in container.chapters()[:_MOST_CHAPTERS]
        ]
    return {"duration_ms": found.claimed_ms or length_ms, "chapters": chapters}


def sound_of(source: BinaryIO) -> Iterator[NDArray[np.int16]]:
    """A recording as blocks of 16-bit mono at 16 kHz, as `work` writes them. Raises KnownError."""
    mixdown = Mixdown()
    with _open(source, _found(source)) as container:
        for block in _blocks(container, _sound_of(container), Tally()):
            yield mixdown.mix(block)


def _found(source: BinaryIO) -> Found:
    try:
        return find_recording(source)
    except OSError as error:
        raise KnownError(f"The recording cannot be read ({error.strerror}).") from error


def _open(source: BinaryIO, found: Found) -> Any:
    """FFmpeg over an open file. No protocol is allowed, so whatever else a recording names stays closed."""
    file = _From(source, found.start_bytes)
    options = {"protocol_whitelist": "none"}
    try:
        return av.open(file, format=found.form, options=options, metadata_errors="replace")
    except MemoryError:
        raise
    except (av.error.FFmpegError, OSError, ValueError) as error:
        sys.stderr.write(f"{found.form}: {error}\n")
        raise KnownError(_why_not(source, found.form)) from error


def _why_not(source: BinaryIO, form: str) -> str:
    """An MP4 file that cannot be opened is cut mostly, for its table of contents often stands at its end."""
    if form == "mp4" and not _has_table(source):
        return "The recording broke off before its table of contents; it has to be downloaded again."
    return _UNREADABLE


def _has_table(source: BinaryIO) -> bool:
    """Does an MP4 file have a whole `moov` box? Boxes name their own length (ISO 14496-12, 4.2)."""
    size_bytes, at = source.seek(0, 2), 0
    for _ in range(_MOST_BOXES):
        source.seek(at)
        head = source.read(16)
        length = int.from_bytes(head[:4])
        length = int.from_bytes(head[8:16]) if length == 1 else length
        if head[4:8] == b"moov" or length == 0 or at >= size_bytes:
            return head[4:8] == b"moov" and at + length <= size_bytes
        at += max(length, 8)
    return False


def _sound_of(container: Any) -> Any:
    stream = container.streams.best("audio")
    if stream is None:
        pictures = container.streams.best("video") is not None
        raise KnownError("There are only pictures in this file, no sound." if pictures else _NO_SOUND)
    context = stream.codec_context
    if context is None:
        raise KnownError(
            "The sound in this file is of a kind that Earmark cannot decode. "
            "Another program may turn it into MP3 or FLAC, which it can."
        )
    if _tag_of(context) in _LOCKED_TAGS:
        raise KnownError(LOCKED)
    if context.sample_rate and context.layout.nb_channels:
        refuse_impossible(context.layout.nb_channels, context.sample_rate)
    return stream


def _tag_of(context: Any) -> str:
    """The name of the sample entry; PyAV can give it only when it is ASCII."""
    try:
        return str(context.codec_tag)
    except UnicodeDecodeError:
        return ""


def _require_room(total_ms: int | None, source: BinaryIO, max_bytes: int, free_bytes: int) -> None:
    """Raise KnownError before hours of work where the disk could not hold their result."""
    if total_ms is None:
        return
    likely_ms = min(total_ms, os.fstat(source.fileno()).st_size * 8 // _BITS_PER_MS)
    needed = min(max_bytes, likely_ms * _BYTES_PER_S // 1000) + _ROOM_LEFT_BYTES
    if needed > free_bytes:
        raise KnownError(
            f"The disk has too little room: the decoded sound takes {size_text(needed)} for a while, and "
            f"{size_text(free_bytes)} are free. Free some space and try again."
        )


def _declared_ms(container: Any, stream: Any) -> int | None:
    """What the file says about its own length, when it is believable."""
    if stream.duration is not None and stream.time_base is not None:
        ms = int(stream.duration * stream.time_base * 1000)
    elif container.duration is not None:
        ms = container.duration // 1000
    else:
        return None
    return ms if 0 < ms <= _BELIEVABLE_MS else None


def _blocks(container: Any, stream: Any, tally: Tally) -> Iterator[NDArray[np.float32]]:
    """Half-second blocks of (channels, samples) at 16 kHz, mono as mono and all else as stereo.

    Where the rate or the channels change, and at the end, a block is shorter.
    """
    resampler: Any = None
    shape: tuple[object, ...] = ()
    for frame in _frames(container, stream, tally):
        if frame.samples == 0:
            continue
        now = (frame.format.name, frame.layout.name, frame.sample_rate)
        frame.pts = None  # broken clocks would make the resampler insert or drop sound
        try:
            if now != shape:
                if resampler is not None:
                    yield from _arrays(resampler.resample(None))
                layout = "mono" if frame.layout.nb_channels == 1 else "stereo"
                resampler, shape = av.AudioResampler("fltp", layout, RATE_HZ, frame_size=_BLOCK), now
            yield from _arrays(resampler.resample(frame))
        except (av.error.FFmpegError, ValueError):
            resampler, shape = None, ()
            _count_bad(tally)
    if resampler is not None:
        yield from _arrays(resampler.resample(None))


def _arrays(frames: list[Any]) -> Iterator[NDArray[np.float32]]:
    return (frame.to_ndarray() for frame in frames if frame.samples)


def _frames(container: Any, stream: Any, tally: Tally) -> Iterator[Any]:
    """Every frame that can be decoded; damaged packets are counted and passed over."""
    packets, known_bad = container.demux(stream), 0
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except MemoryError:
            raise
        except (av.error.FFmpegError, OSError, ValueError):
            tally.broke_off = True
            return
        try:
            frames = packet.decode()
        except (av.error.FFmpegError, ValueError):
            _count_bad(tally)
            continue
        tally.holes += bool(frames) and tally.bad > known_bad
        known_bad = tally.bad if frames else known_bad
        yield from frames


def _count_bad(tally: Tally) -> None:
    tally.bad += 1
    if tally.bad > _MAX_BAD_PACKETS:
        raise KnownError(_UNREADABLE)


def _cannot_write(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "The disk is full: there is no room for the decoded sound. Free some space and try again."
    return f"The decoded sound cannot be written ({error.strerror})."
