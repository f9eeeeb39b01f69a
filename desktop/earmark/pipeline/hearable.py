"""Whether a file of the user's holds sound: by its content, for names say little."""

import re
import shlex
from pathlib import Path

from earmark.engines import EngineDied, Media
from earmark.errors import KnownError
from earmark.feeds import is_page
from earmark.pipeline.watch import Watch

HEAD_BYTES = 4096
_ELEMENT = re.compile(rb"<(opml|rss|feed|rdf:rdf)[\s>]", re.I)
_CUE = re.compile(rb"^webvtt|\d\d[.,]\d{3}[ \t]+-->[ \t]+\d", re.I)
_ROWS = re.compile(rb"""^\s*[\[{].*"(?:startTime|start|segments|version)"\s*:""", re.S)
_MODELS = (b"GGUF", b"lmgg", b"ggml")
_FEEDS = "{file} is the document of a feed. Subscribe to it by its address: earmark add ADDRESS"


def require_sound(media: Media, file: Path, watch: Watch) -> None:
    """Raises KnownError for a file without sound, which says what it is instead and what to do with it.

    The media child looks, so that a file that is made to do harm does none here. Raises Cancelled.
    """
    try:
        media.about(file, cancelled=watch.cancelled)
    except EngineDied as error:
        raise KnownError(f"{file} cannot be read: it is damaged, or made to do harm.") from error
    except KnownError as error:
        raise KnownError(instead(file, _head(file)) or f"{file} was not added. {error}") from error


def instead(file: Path, head: bytes) -> str | None:
    """What a file without sound is, where its first bytes tell, and what to do with it.

    >>> instead(Path("a.opml"), b"<?xml version='1.0'?><opml version='2.0'>")
    'a.opml is a list of shows. To subscribe to all of them: earmark import a.opml'
    >>> instead(Path("a.vtt"), b"WEBVTT")
    'a.vtt is a transcript. To use it for an episode: earmark transcript add EPISODE a.vtt'
    """
    named, text = shlex.quote(str(file)), head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not head:
        return f"{file} is empty."
    if text.startswith(_MODELS):
        return f"{file} is a model. To take it in: earmark models add {named}"
    if (element := _ELEMENT.search(text)) and text.startswith(b"<") and not is_page(text[: element.start()]):
        lists = f"{file} is a list of shows. To subscribe to all of them: earmark import {named}"
        return lists if element[1].lower() == b"opml" else _FEEDS.format(file=file)
    if _CUE.search(text) or _ROWS.search(text):
        return f"{file} is a transcript. To use it for an episode: earmark transcript add EPISODE {named}"
    if is_page(text):
        return f"{file} is a web page. To subscribe to its show: earmark add ADDRESS, the address of the page"
    if text.startswith(b"%PDF"):
        return f"{file} is a PDF document. Earmark takes recordings, and transcripts with times."
    return (
        f"{file} is a text. Earmark takes recordings, and transcripts with times." if _is_text(head) else None
    )


def _is_text(head: bytes) -> bool:
    """Whether bytes read as text, cut anywhere."""
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(head) - 3 and b"\0" not in head
    return b"\0" not in head


def _head(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(HEAD_BYTES)
    except OSError as error:
        raise KnownError(f"{file} cannot be read ({error.strerror}).") from error
