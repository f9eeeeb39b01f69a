"""What kind of file is this, by its first bytes alone: names and server labels lie.

The answer is the FFmpeg demuxer to force, and where in the file the recording begins. Without the first,
FFmpeg takes a text file named .mp3 for a playlist and opens the other files it names; without the second, it
reads megabytes of cover picture into memory.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from earmark.errors import KnownError

HEAD_BYTES = 65_536
"""How much of a file `sniff` should see, after any ID3 tag."""

_STARTS = (
    (b"OggS", "ogg"),
    (b"fLaC", "flac"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"),
    (b"\x0b\x77", "ac3"),
    (b"wvpk", "wv"),
    (b"MAC ", "ape"),
    (b"MP+", "mpc"),
    (b"MPCK", "mpc8"),
    (b"caff", "caf"),
    (b".snd", "au"),
    (b"#!AMR", "amr"),
    (b"ADIF", "aac"),
)
_CHUNKED = {b"WAVE": "wav", b"AIFF": "aiff", b"AIFC": "aiff"}
_MP4_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide"}
_PLAYLISTS = (
    *(b"#extm3u", b"ffconcat", b"[playlist]", b"v=0\r\n", b"v=0\n", b"file '", b"[reference]"),
    *(b"concat:", b"concatf:", b"subfile,", b"subfile:", b"http://", b"https://", b"file://", b"rtsp://"),
    *(b"<asx", b"<playlist", b"<smil", b"<mpd"),
)
_XML_HEAD = re.compile(rb"<\?xml[^>]*>\s*")
_WMA_PROTECTION = bytes.fromhex("fbb3112223bdd211b4b700a0c955fc6e")
"""The Content Encryption Object of an ASF header (Advanced Systems Format specification, section 3.14)."""
_OTHER = (
    (b"PK\x03\x04", "a zip archive"),
    (b"MZ", "a Windows program"),
    (b"\x7fELF", "a program"),
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"\x1f\x8b", "a compressed archive"),
)
_BIT_RATES = {
    (3, 3): (32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448),
    (3, 2): (32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (3, 1): (32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (2, 3): (32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256),
    (2, 2): (8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
_SAMPLE_RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
_FRAMES_IN_A_ROW = 3
_MOST_TAGS = 8
_UNKNOWN_FROM_BYTES = 0x7FFF0000
"""Programs that stream WAVE write the largest number they have, signed or not."""
_VBR_HEADERS = (b"Xing", b"Info", b"VBRI")
MOST_CHANNELS = 64
MOST_RATE_HZ = 768_000

LOCKED = (
    "The recording is locked by copy protection (DRM), so only its shop's own player can play it. "
    "Ask the publisher for one without."
)
BROKE_OFF_AT_ONCE = (
    "The recording broke off before any sound. Download it again; if that does not help, "
    "the publisher's file is at fault."
)


@dataclass(frozen=True, slots=True)
class Found:
    """A recording in a file: its FFmpeg format, where it begins, and whether what FFmpeg makes of its length
    is more than a guess from its bit rate. `claimed_ms`: what its own head says, where FFmpeg does not."""

    form: str
    start_bytes: int
    knows_length: bool
    claimed_ms: int | None = None


def find_recording(file: BinaryIO) -> Found:
    """Look at a file's first bytes, behind any tags. Raises KnownError when it is no sound."""
    size_bytes = file.seek(0, 2)
    head, start_bytes = _read_at(file, 0), 0
    for _ in range(_MOST_TAGS):
        tag_bytes = id3_bytes(head)
        if not tag_bytes:
            break
        if start_bytes + tag_bytes >= size_bytes:
            return _behind_a_lying_tag(head, start_bytes)
        start_bytes += tag_bytes
        head = _read_at(file, start_bytes)
    form = sniff(head, after_tag=start_bytes > 0)
    guessed = form == "aac" or (form == "mp3" and not _has_vbr_header(head))
    return Found(form, start_bytes, not guessed, _wave_ms(head) if form == "wav" else None)


def _behind_a_lying_tag(head: bytes, start_bytes: int) -> Found:
    """A tag that claims the whole file: sound may stand right behind its first bytes all the same."""
    at = _mpeg_audio_at(head)
    if at is None:
        raise KnownError(BROKE_OFF_AT_ONCE)
    return Found("mp3", start_bytes + at, _has_vbr_header(head[at:]))


def _has_vbr_header(head: bytes) -> bool:
    return any(name in head[:4096] for name in _VBR_HEADERS)


def _wave_ms(head: bytes) -> int | None:
    """The length in a WAVE header; None where it was written before the length was known."""
    form, data = head.find(b"fmt ", 12), head.find(b"data", 36)
    if form < 0 or data < 0 or data + 8 > len(head):
        return None
    (bytes_a_second,) = struct.unpack_from("<I", head, form + 16)
    (data_bytes,) = struct.unpack_from("<I", head, data + 4)
    known = bytes_a_second and data_bytes < _UNKNOWN_FROM_BYTES
    return data_bytes * 1000 // bytes_a_second if known else None


def _read_at(file: BinaryIO, at: int) -> bytes:
    file.seek(at)
    return file.read(HEAD_BYTES)


def id3_bytes(head: bytes) -> int:
    """Length of the ID3v2 tag at the start, 0 if there is none. The tag itself may lie about it."""
    if len(head) < 10 or head[:3] != b"ID3" or any(byte > 127 for byte in head[6:10]):
        return 0
    size = (head[6] << 21) | (head[7] << 14) | (head[8] << 7) | head[9]
    return 10 + size + (10 if head[5] & 0x10 else 0)


def sniff(head: bytes, *, after_tag: bool = False) -> str:
    """The FFmpeg format of a file that begins with `head`. Raises KnownError when it is no sound.

    `after_tag`: the bytes follow an ID3 tag, so this may be MP3 whatever else it looks like.
    """
    if not head and not after_tag:
        raise KnownError("The file is empty. The publisher's server may be at fault; try again later.")
    known = _by_magic(head)
    if known == "wav":
        _refuse_nonsense(head)
    if known == "asf" and _WMA_PROTECTION in head:
        raise KnownError(LOCKED)
    if known is not None:
        return known
    for magic, what in _OTHER:
        if head.startswith(magic):
            raise KnownError(f"The file is not a recording: it is {what}.")
    _refuse_text(head)
    if after_tag or _mpeg_audio_at(head) is not None:
        return "mp3"
    raise KnownError(
        "The file is not a recording that Earmark knows. It knows MP3, M4A, AAC, Ogg, Opus, FLAC, WAV, AIFF, "
        "WMA, WebM and some more."
    )


def _by_magic(head: bytes) -> str | None:
    for magic, name in _STARTS:
        if head.startswith(magic):
            return name
    if head[:4] in (b"RIFF", b"RF64", b"BW64", b"FORM"):
        return _CHUNKED.get(head[8:12])
    if head[4:8] in _MP4_BOXES:
        return "mp4"
    if _adts_length(head, 0) and _chained(head, 0, _adts_length):
        return "aac"
    if _mpeg_length(head, 0) and _chained(head, 0, _mpeg_length):
        return "mp3"
    return None


def _refuse_text(head: bytes) -> None:
    text = _XML_HEAD.sub(b"", head.lstrip(b"\xef\xbb\xbf \t\r\n")).lower()
    if text.startswith(_PLAYLISTS):
        raise KnownError(
            "The file is a playlist that names other files, not a recording. "
            "Give Earmark the recording itself."
        )
    if text.startswith(b"<"):
        raise KnownError(
            "The file is a web page, not a recording. Perhaps the publisher's server asks for a login."
        )
    sample = head[:2048]
    printable = sum(32 <= byte < 127 or byte in b"\t\r\n" for byte in sample)
    if sample and printable / len(sample) > 0.97:
        raise KnownError("The file is text, not a recording.")


def _mpeg_audio_at(head: bytes) -> int | None:
    """Where a run of MPEG audio frames begins, as after a splice or a broken beginning."""
    at = head.find(b"\xff")
    while at >= 0:
        if _mpeg_length(head, at) and _chained(head, at, _mpeg_length):
            return at
        at = head.find(b"\xff", at + 1)
    return None


def _refuse_nonsense(head: bytes) -> None:
    """A WAVE header with impossible figures, before native code believes them."""
    at = head.find(b"fmt ", 12)
    if at < 0 or at + 16 > len(head):
        return
    channels, rate_hz = struct.unpack_from("<HI", head, at + 10)
    refuse_impossible(channels, rate_hz)


def refuse_impossible(channels: int, rate_hz: int) -> None:
    """Raises KnownError for figures that no recording has."""
    if not 0 < channels <= MOST_CHANNELS:
        claim = f"{channels} channels"
    elif not 0 < rate_hz <= MOST_RATE_HZ:
        claim = f"{rate_hz:,} samples a second"
    else:
        return
    raise KnownError(
        f"The recording's header makes no sense: it claims {claim}. Download it again; if that does not "
        "help, the publisher's file is at fault."
    )


def _chained(head: bytes, at: int, length_at: Callable[[bytes, int], int]) -> bool:
    """Do three frames follow one another? A file that ends before passes with fewer."""
    for _ in range(_FRAMES_IN_A_ROW):
        length = length_at(head, at)
        if not length:
            return False
        at += length
        if at + 7 > len(head):
            return True
    return True


def _adts_length(head: bytes, at: int) -> int:
    """Length of the ADTS (AAC) frame here, 0 if there is none."""
    h = head[at : at + 7]
    if len(h) < 7 or h[0] != 0xFF or h[1] & 0xF6 != 0xF0 or (h[2] >> 2) & 15 > 12:
        return 0
    length = ((h[3] & 3) << 11) | (h[4] << 3) | (h[5] >> 5)
    return length if length >= 7 else 0


def _mpeg_length(head: bytes, at: int) -> int:
    """Length of the MPEG audio frame here, 0 if there is none."""
    h = head[at : at + 4]
    if len(h) < 4 or h[0] != 0xFF or h[1] & 0xE0 != 0xE0:
        return 0
    version, layer = (h[1] >> 3) & 3, (h[1] >> 1) & 3
    rate_index, sample_index, padding = h[2] >> 4, (h[2] >> 2) & 3, (h[2] >> 1) & 1
    if version == 1 or layer == 0 or rate_index in (0, 15) or sample_index == 3:
        return 0
    table = (3, layer) if version == 3 else (2, 3 if layer == 3 else 2)
    bits, sample_rate = _BIT_RATES[table][rate_index - 1] * 1000, _SAMPLE_RATES[version][sample_index]
    if layer == 3:
        return (12 * bits // sample_rate + padding) * 4
    samples = 576 if version != 3 and layer == 1 else 1152
    return samples // 8 * bits // sample_rate + padding
