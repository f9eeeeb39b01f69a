"""Kinds of files are told by their bytes, and what is no sound is refused in words."""

import io
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.engines.sniff import Found, find_recording, id3_bytes, sniff
from earmark.errors import KnownError

MP3_FRAME = b"\xff\xfb\x90\x00" + bytes(413)
ADTS_FRAME = bytes([0xFF, 0xF1, 0x50, 0x80, 0x01, 0x1F, 0xFC]) + bytes(1)


@pytest.mark.parametrize(
    ("head", "form"),
    [
        (MP3_FRAME * 4, "mp3"),
        (b"rubbish before" * 9 + MP3_FRAME * 4, "mp3"),
        (ADTS_FRAME * 4, "aac"),
        (b"OggS\0", "ogg"),
        (b"fLaC\0", "flac"),
        (b"\0\0\0\x20ftypM4A ", "mp4"),
        (b"RIFF\xff\xff\xff\xffWAVEfmt ", "wav"),
        (b"RF64\xff\xff\xff\xffWAVEds64", "wav"),
        (b"FORM\0\0\0\0AIFFCOMM", "aiff"),
        (b"\x1a\x45\xdf\xa3", "matroska"),
    ],
)
def test_the_format_is_told_by_the_first_bytes(head: bytes, form: str) -> None:
    assert sniff(head) == form


@pytest.mark.parametrize(
    ("head", "words"),
    [
        (b"", "empty"),
        (b"<!DOCTYPE html><html>", "web page"),
        (b"\xef\xbb\xbf\n <?xml version='1.0'?><MPD/>", "playlist"),
        (b"#EXTM3U\n#EXT-X-VERSION:3\nhttp://x/a.ts\n", "playlist"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "playlist"),
        (b"[playlist]\nFile1=/etc/passwd\n", "playlist"),
        (b"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n", "playlist"),
        (b"Not found. Sorry.\n" * 20, "text"),
        (b'{"error": "login"}', "text"),
        (b"PK\x03\x04\x14\0", "zip"),
        (b"MZ\x90\0", "program"),
        (b"\x7fELF", "program"),
        (b"%PDF-1.7", "PDF"),
        (b"RIFF\0\0\0\0AVI LIST", "not a recording"),
        (bytes(range(256)), "not a recording"),
    ],
)
def test_what_is_no_sound_is_refused_in_words(head: bytes, words: str) -> None:
    with pytest.raises(KnownError, match=words):
        sniff(head)


def test_the_length_of_a_tag_is_read_and_a_lying_one_is_not_followed() -> None:
    assert id3_bytes(b"ID3\x04\0\0" + bytes([0, 0, 2, 1]) + bytes(20)) == 10 + 257
    assert id3_bytes(b"ID3\x04\0\0" + bytes([0xFF, 0, 2, 1])) == 0
    assert id3_bytes(b"ID3") == 0


def wave(rate_hz: int, data_bytes: int, there: int) -> io.BytesIO:
    head = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 0, b"WAVE", b"fmt ", 16, 1, 1, rate_hz, rate_hz * 2, 2, 16)
    return io.BytesIO(head + struct.pack("<4sI", b"data", data_bytes) + bytes(there))


def test_a_wave_says_its_length_unless_it_was_streamed() -> None:
    assert find_recording(wave(8000, 64_000, 100)) == Found("wav", 0, True, 4000)
    assert find_recording(wave(8000, 0xFFFFFFFF, 100)).claimed_ms is None
    assert find_recording(wave(8000, 0x7FFFFFFF, 100)).claimed_ms is None


@pytest.mark.parametrize("tags", [0, 1, 2])
def test_a_recording_begins_behind_its_tags_and_a_bit_rate_alone_is_a_guess(tags: int) -> None:
    tag = b"ID3\3\0\0\0\0\0\x10" + bytes(16)
    frames = MP3_FRAME * 4
    assert find_recording(io.BytesIO(tag * tags + frames)) == Found("mp3", 26 * tags, False)
    told = frames[:36] + b"Xing" + frames[40:]
    assert find_recording(io.BytesIO(tag * tags + told)) == Found("mp3", 26 * tags, True)


def test_a_tag_that_claims_the_whole_file_hides_no_sound() -> None:
    lying = b"ID3\3\0\0\x7f\x7f\x7f\x7f"
    assert find_recording(io.BytesIO(lying + MP3_FRAME * 4)) == Found("mp3", 10, False)
    with pytest.raises(KnownError, match="before any sound"):
        find_recording(io.BytesIO(lying + bytes(500)))


def answer(head: bytes, after_tag: bool = False) -> str:
    try:
        return sniff(head, after_tag=after_tag)
    except KnownError as error:
        return str(error)


@given(st.binary(max_size=300), st.booleans())
def test_any_bytes_give_a_format_or_a_refusal(head: bytes, after_tag: bool) -> None:
    assert answer(head, after_tag).endswith(".") or answer(head, after_tag).isalnum()


@given(st.integers(0, 2**32 - 1))
def test_any_frame_header_is_taken_without_error(header: int) -> None:
    assert answer(struct.pack(">I", header) * 3)
