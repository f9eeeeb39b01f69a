"""The audio decoder's child: any container to raw 16 kHz mono, with FFmpeg through PyAV."""

import contextlib
import errno
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import av
import av.logging
import numpy as np
from numpy.typing import NDArray

from earmark.engines.child import Emit, IsCancelled
from earmark.engines.clip import cut_clips
from earmark.engines.lines import Message
from earmark.engines.mixdown import Mixdown
from earmark.engines.sniff import HEAD_BYTES, id3_bytes, sniff
from earmark.errors import Cancelled, KnownError

RATE_HZ = 16_000
_BYTES_PER_S = RATE_HZ * 2
_BLOCK = RATE_HZ // 2
_MAX_BYTES_OF_MEMORY = 2 * 2**30
_MAX_CPU_S = 1800
_MAX_SOURCE_RATE_HZ = 768_000
_REPORT_EVERY_S = 0.5
_WHOLE_ENOUGH = 0.97
_MAX_BAD_PACKETS = 20_000
_UNREADABLE = "The recording cannot be read: it is damaged, or it is not sound."


class MediaLoop:
    """Job: source, pcm (paths), max_ms. The result lies at `pcm` only when it is complete."""

    def __init__(self) -> None:
        av.logging.set_level(av.logging.PANIC)
        _limit_memory()

    def work(self, job: Message, emit: Emit, cancelled: IsCancelled) -> Message:
        """Decode. Event: `progress` with done_ms, total_ms (or null). Gives duration_ms, format, partial."""
        _limit_cpu()
        if "clip_of" in job:
            return cut_clips(job, sound_of(Path(job["clip_of"])), emit, cancelled)
        pcm = Path(job["pcm"])
        part = pcm.with_name(pcm.name + ".part")
        try:
            with part.open("wb") as out:
                result = _decode(Path(job["source"]), out, int(job["max_ms"]), emit, cancelled)
                out.flush()
                os.fsync(out.fileno())
            part.replace(pcm)
        except OSError as error:
            raise KnownError(_cannot_write(error)) from error
        finally:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
        return result

    def unload(self) -> None:
        """Nothing is kept between jobs."""


@dataclass(slots=True)
class _Tally:
    """What went by while decoding."""

    done_bytes: int = 0
    bad: int = 0
    broke_off: bool = False


def _decode(source: Path, out: IO[bytes], max_ms: int, emit: Emit, cancelled: IsCancelled) -> Message:
    form = _format_of(source)
    max_bytes = max_ms * _BYTES_PER_S // 1000
    tally, mixdown, told = _Tally(), Mixdown(), 0.0
    with _open(source, form) as container:
        stream = _sound_of(container)
        total_ms = _declared_ms(container, stream)
        for block in _blocks(container, stream, tally):
            if cancelled():
                raise Cancelled
            data = mixdown.mix(block).tobytes()[: max_bytes - tally.done_bytes]
            out.write(data)
            tally.done_bytes += len(data)
            if time.monotonic() - told > _REPORT_EVERY_S:
                told = time.monotonic()
                emit({"type": "progress", "done_ms": _ms(tally.done_bytes), "total_ms": total_ms})
            if tally.done_bytes >= max_bytes:
                tally.broke_off = True
                break
    if tally.done_bytes == 0:
        raise KnownError(_UNREADABLE)
    done_ms = _ms(tally.done_bytes)
    short = total_ms is not None and done_ms < total_ms * _WHOLE_ENOUGH - 500
    return {"duration_ms": done_ms, "format": form, "partial": tally.broke_off or short}


def sound_of(source: Path) -> Iterator[NDArray[np.int16]]:
    """A recording as blocks of 16-bit mono at 16 kHz, as `work` writes them. Raises KnownError."""
    mixdown = Mixdown()
    with _open(source, _format_of(source)) as container:
        for block in _blocks(container, _sound_of(container), _Tally()):
            yield mixdown.mix(block)


def _format_of(source: Path) -> str:
    try:
        with source.open("rb") as file:
            head = file.read(HEAD_BYTES)
            tag = id3_bytes(head)
            if not tag:
                return sniff(head)
            file.seek(tag)
            return sniff(file.read(HEAD_BYTES), after_tag=True)
    except OSError as error:
        raise KnownError(f"The recording cannot be opened ({error.strerror}).") from error


def _open(source: Path, form: str) -> Any:
    try:
        return av.open(
            str(source), format=form, options={"protocol_whitelist": "file"}, metadata_errors="replace"
        )
    except (av.error.FFmpegError, OSError, ValueError) as error:
        raise KnownError(_why_not(error, form)) from error


def _why_not(error: Exception, form: str) -> str:
    if form == "mp4":
        return "The recording broke off before its table of contents; it has to be downloaded again."
    sys.stderr.write(f"{form}: {error}\n")
    return _UNREADABLE


def _sound_of(container: Any) -> Any:
    stream = container.streams.best("audio")
    if stream is None:
        raise KnownError("There is no sound in this file.")
    context = stream.codec_context
    if context is None:
        raise KnownError("The sound in this file is of a kind that Earmark cannot decode.")
    if not 0 < (context.sample_rate or 1) <= _MAX_SOURCE_RATE_HZ:
        raise KnownError(_UNREADABLE)
    return stream


def _declared_ms(container: Any, stream: Any) -> int | None:
    """What the file says about its own length, when it is believable."""
    if stream.duration is not None and stream.time_base is not None:
        ms = int(stream.duration * stream.time_base * 1000)
    elif container.duration is not None:
        ms = container.duration // 1000
    else:
        return None
    return ms if 0 < ms <= 48 * 3600 * 1000 else None


def _blocks(container: Any, stream: Any, tally: _Tally) -> Iterator[NDArray[np.float32]]:
    """Half-second blocks of (channels, samples) at 16 kHz; a change of channels begins a new block."""
    waiting: list[NDArray[np.float32]] = []
    for piece in _resampled(container, stream, tally):
        if waiting and waiting[0].shape[0] != piece.shape[0]:
            yield np.concatenate(waiting, axis=1)
            waiting = []
        waiting.append(piece)
        if sum(part.shape[1] for part in waiting) >= _BLOCK:
            yield np.concatenate(waiting, axis=1)
            waiting = []
    if waiting:
        yield np.concatenate(waiting, axis=1)


def _resampled(container: Any, stream: Any, tally: _Tally) -> Iterator[NDArray[np.float32]]:
    """Decoded sound at 16 kHz, mono as mono and all else as stereo, through changes of rate or channels."""
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
                resampler, shape = av.AudioResampler("fltp", layout, RATE_HZ), now
            yield from _arrays(resampler.resample(frame))
        except (av.error.FFmpegError, ValueError):
            resampler, shape = None, ()
            _count_bad(tally)
    if resampler is not None:
        yield from _arrays(resampler.resample(None))


def _arrays(frames: list[Any]) -> Iterator[NDArray[np.float32]]:
    return (frame.to_ndarray() for frame in frames if frame.samples)


def _frames(container: Any, stream: Any, tally: _Tally) -> Iterator[Any]:
    """Every frame that can be decoded; damaged packets are counted and passed over."""
    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except (av.error.FFmpegError, OSError, ValueError):
            tally.broke_off = True
            return
        try:
            frames = packet.decode()
        except (av.error.FFmpegError, ValueError):
            _count_bad(tally)
            continue
        yield from frames


def _count_bad(tally: _Tally) -> None:
    tally.bad += 1
    if tally.bad > _MAX_BAD_PACKETS:
        raise KnownError(_UNREADABLE)


def _ms(size: int) -> int:
    return size * 1000 // _BYTES_PER_S


def _cannot_write(error: OSError) -> str:
    if error.errno == errno.ENOSPC:
        return "The disk is full: there is no room for the decoded sound. Free some space and try again."
    return f"The decoded sound cannot be written ({error.strerror})."


def _limit_memory() -> None:
    if sys.platform != "win32":
        import resource

        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_AS, (_MAX_BYTES_OF_MEMORY, resource.RLIM_INFINITY))


def _limit_cpu() -> None:
    """A file on which the decoder turns in circles ends the process, not the battery."""
    if sys.platform != "win32":
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(used.ru_utime + used.ru_stime) + _MAX_CPU_S
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
