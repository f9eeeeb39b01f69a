"""Small recordings in many containers, made from the sample episodes' speech."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from earmark.paths import resource

RATE_HZ = 48_000
CODECS = {
    "mp3": ("mp3", "libmp3lame"),
    "m4a": ("mp4", "aac"),
    "ogg": ("ogg", "flac"),
    "opus": ("ogg", "libopus"),
    "flac": ("flac", "flac"),
    "wav": ("wav", "pcm_s16le"),
    "mka": ("matroska", "libopus"),
    "wma": ("asf", "wmav2"),
    "aac": ("adts", "aac"),
    "aiff": ("aiff", "pcm_s16be"),
}


def speech(seconds: float) -> NDArray[np.int16]:
    """The first seconds of a sample episode, mono at 48 kHz."""
    pieces: list[NDArray[np.int16]] = []
    wanted = int(seconds * RATE_HZ)
    with av.open(str(min(resource("demo").glob("*.opus")))) as container:
        resampler = av.AudioResampler("s16", "mono", RATE_HZ)
        for frame in container.decode(audio=0):
            pieces += [each.to_ndarray()[0] for each in resampler.resample(frame)]
            if sum(piece.size for piece in pieces) >= wanted:
                break
    return np.concatenate(pieces)[:wanted]


def write_recording(
    path: Path, sound: NDArray[np.int16], *, options: dict[str, str] | None = None, bit_rate: int = 64_000
) -> Path:
    """Encode mono sound at 48 kHz in the container that the suffix of `path` names."""
    form, codec = CODECS[path.suffix[1:]]
    with av.open(str(path), "w", format=form, options=options or {}) as container:
        stream = container.add_stream(codec, rate=RATE_HZ, layout="mono")
        stream.bit_rate = bit_rate
        resampler = av.AudioResampler(
            stream.format.name, "mono", RATE_HZ, frame_size=stream.frame_size or 1024
        )
        frame = av.AudioFrame.from_ndarray(sound[np.newaxis, :], "s16", "mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE_HZ, 0, Fraction(1, RATE_HZ)
        for piece in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(piece))
        container.mux(stream.encode(None))
    return path


def add_cover(path: Path, size_bytes: int) -> Path:
    """Put a picture of so many bytes before an MP3, as an ID3v2.3 tag (id3.org, ID3v2.3.0, 4.15)."""
    picture = b"APIC" + (size_bytes + 14).to_bytes(4) + b"\0\0" + b"\0image/jpeg\0\3\0" + bytes(size_bytes)
    length = len(picture)
    syncsafe = bytes((length >> shift) & 127 for shift in (21, 14, 7, 0))
    path.write_bytes(b"ID3\3\0\0" + syncsafe + picture + path.read_bytes())
    return path
