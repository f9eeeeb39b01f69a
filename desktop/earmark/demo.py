"""The sample feeds: a small web server on this computer, for a first look and for the tests."""

import hashlib
import html
import json
import re
import threading
import xml.etree.ElementTree as ET
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self

from earmark.paths import resource

ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"
PODCAST = "https://podcastindex.org/namespace/1.0"
ET.register_namespace("itunes", ITUNES)
ET.register_namespace("podcast", PODCAST)


@dataclass(frozen=True, slots=True)
class DemoLine:
    """One spoken sentence. `kind` is intro, chat, talk, ad or outro; only talk may become an insight."""

    speaker: str
    kind: str
    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class DemoEpisode:
    """One episode of a sample show, as its script file has it."""

    slug: str
    show: str
    title: str
    days_ago: int
    transcript: str
    voices: dict[str, str]
    notes: str
    lines: tuple[DemoLine, ...]

    @property
    def duration_s(self) -> float:
        """Length of the audio: the last sentence and the half second after it."""
        return self.lines[-1].end_s + 0.5


@dataclass(frozen=True, slots=True)
class DemoShow:
    """One sample show."""

    slug: str
    title: str
    author: str
    category: str
    description: str


def demo_shows() -> list[DemoShow]:
    """All sample shows, in the order of shows.txt."""
    blocks = (resource("demo") / "shows.txt").read_text("utf-8").strip().split("\n\n")
    fields = [_header(block) for block in blocks]
    return [
        DemoShow(field["slug"], field["title"], field["author"], field["category"], field["description"])
        for field in fields
    ]


def demo_episodes() -> list[DemoEpisode]:
    """All sample episodes, in the order of their file names."""
    times = json.loads((resource("demo") / "times.json").read_text("utf-8"))
    scripts = sorted((resource("demo")).glob("*-[0-9][0-9]-*.txt"))
    return [parse_script(script, times.get(script.stem)) for script in scripts]


def demo_script(slug: str) -> tuple[DemoLine, ...]:
    """What is said in the episode `slug`, sentence by sentence: the reference for tests."""
    return next(episode.lines for episode in demo_episodes() if episode.slug == slug)


def parse_script(path: Path, times: list[list[float]] | None) -> DemoEpisode:
    """Read a script file. Without `times` (audio not made yet) every sentence stands at 0 s."""
    head, _, body = path.read_text("utf-8").partition("\n\n")
    field = _header(head)
    spoken = _spoken(body)
    spans = times or [[0.0, 0.0]] * len(spoken)
    return DemoEpisode(
        slug=path.stem,
        show=field["show"],
        title=field["title"],
        days_ago=int(field["days-ago"]),
        transcript=field["transcript"],
        voices=dict(pair.split("=", 1) for pair in field["voices"].split("; ")),
        notes=field["notes"],
        lines=tuple(
            DemoLine(*said, start_s=start, end_s=end)
            for said, (start, end) in zip(spoken, spans, strict=True)
        ),
    )


def _header(text: str) -> dict[str, str]:
    pairs = (line.partition(": ") for line in text.splitlines())
    return {name: value for name, _, value in pairs}


def _spoken(body: str) -> list[tuple[str, str, str]]:
    """(speaker, kind, sentence) for each line; a line like `[ad]` sets the kind of those after it."""
    spoken, kind = [], "talk"
    for line in filter(None, body.splitlines()):
        if line.startswith("["):
            kind = line.strip("[]")
        else:
            speaker, _, text = line.partition(": ")
            spoken.append((speaker, kind, text))
    return spoken


def json_transcript(lines: tuple[DemoLine, ...]) -> str:
    """Podcasting 2.0 JSON."""
    segments = [
        {"speaker": line.speaker, "startTime": line.start_s, "endTime": line.end_s, "body": line.text}
        for line in lines
    ]
    return json.dumps({"version": "1.0.0", "segments": segments}, ensure_ascii=False, indent=1)


def vtt_transcript(lines: tuple[DemoLine, ...]) -> str:
    """WebVTT with voice tags."""
    cues = (
        f"{_clock(line.start_s)} --> {_clock(line.end_s)}\n"
        f"<v {html.escape(line.speaker)}>{html.escape(line.text, quote=False)}</v>\n"
        for line in lines
    )
    return "WEBVTT\n\n" + "\n".join(cues)


def srt_transcript(lines: tuple[DemoLine, ...]) -> str:
    """SubRip with the speaker before the text."""
    cues = (
        f"{number}\n{_clock(line.start_s)} --> {_clock(line.end_s)}\n".replace(".", ",")
        + f"{line.speaker}: {line.text}\n"
        for number, line in enumerate(lines, 1)
    )
    return "\n".join(cues)


def html_transcript(lines: tuple[DemoLine, ...]) -> str:
    """The HTML form of the podcast namespace: whole seconds, no ends."""
    return "\n".join(
        f"<cite>{html.escape(line.speaker)}:</cite>\n<time>{_minutes(line.start_s)}</time>\n"
        f"<p>{html.escape(line.text, quote=False)}</p>"
        for line in lines
    )


TRANSCRIPTS: dict[str, tuple[str, Callable[[tuple[DemoLine, ...]], str]]] = {
    "json": ("application/json", json_transcript),
    "vtt": ("text/vtt", vtt_transcript),
    "srt": ("application/x-subrip", srt_transcript),
    "html": ("text/html", html_transcript),
}


def feed_xml(show: DemoShow, episodes: list[DemoEpisode], base: str, now: datetime) -> bytes:
    """The show as RSS 2.0. `base` is the server's address without a slash at its end."""
    rss = ET.Element("rss", version="2.0")
    channel = ET.SubElement(rss, "channel")
    _tag(channel, "title", show.title)
    _tag(channel, "link", f"{base}/{show.slug}.xml")
    _tag(channel, "description", show.description)
    _tag(channel, "language", "en")
    _tag(channel, f"{{{ITUNES}}}author", show.author)
    _tag(channel, f"{{{ITUNES}}}explicit", "false")
    ET.SubElement(channel, f"{{{ITUNES}}}category", text=show.category)
    for episode in sorted(episodes, key=lambda one: one.days_ago):
        _add_item(channel, episode, base, now)
    document: bytes = ET.tostring(rss, encoding="utf-8", xml_declaration=True)
    return document


def _add_item(channel: ET.Element, episode: DemoEpisode, base: str, now: datetime) -> None:
    # An hour back, so that today's episode is not from the future for a clock that is a little behind.
    published = now - timedelta(days=episode.days_ago, hours=1)
    item = ET.SubElement(channel, "item")
    _tag(item, "title", episode.title)
    _tag(item, "guid", f"earmark-demo:{episode.slug}").set("isPermaLink", "false")
    _tag(item, "pubDate", format_datetime(published.astimezone(UTC), usegmt=True))
    _tag(item, "description", f"<p>{html.escape(episode.notes)}</p>")
    _tag(item, f"{{{ITUNES}}}duration", str(round(episode.duration_s)))
    length = str(_audio_file(episode).stat().st_size)
    ET.SubElement(item, "enclosure", url=f"{base}/audio/{episode.slug}.opus", type="audio/ogg", length=length)
    if episode.transcript in TRANSCRIPTS:
        address = f"{base}/transcripts/{episode.slug}.{episode.transcript}"
        mime = TRANSCRIPTS[episode.transcript][0]
        ET.SubElement(item, f"{{{PODCAST}}}transcript", url=address, type=mime, language="en")


def _tag(parent: ET.Element, name: str, text: str) -> ET.Element:
    child = ET.SubElement(parent, name)
    child.text = text
    return child


def _audio_file(episode: DemoEpisode) -> Path:
    return resource("demo") / f"{episode.slug}.opus"


def _clock(seconds: float) -> str:
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}.{thousandths:03}"


def _minutes(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


@dataclass(frozen=True, slots=True)
class _Page:
    body: bytes
    mime: str

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:16]}"'


class _Pages(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, now: datetime) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.changed = now.astimezone(UTC).replace(microsecond=0)
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        self.pages: dict[str, _Page] = {}
        episodes = demo_episodes()
        for show in demo_shows():
            own = [episode for episode in episodes if episode.show == show.slug]
            body = feed_xml(show, own, self.base, now)
            self.pages[f"/{show.slug}.xml"] = _Page(body, "application/rss+xml")
        for episode in episodes:
            self.pages[f"/audio/{episode.slug}.opus"] = _Page(_audio_file(episode).read_bytes(), "audio/ogg")
            if episode.transcript in TRANSCRIPTS:
                mime, write = TRANSCRIPTS[episode.transcript]
                body = write(episode.lines).encode()
                self.pages[f"/transcripts/{episode.slug}.{episode.transcript}"] = _Page(body, mime)

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a client that hangs up is no fault of the demo."""


class _Handler(BaseHTTPRequestHandler):
    server: _Pages
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, format: str, *args: object) -> None:
        """Keep stderr clean: the command line prints there."""

    def _answer(self, with_body: bool) -> None:
        page = self.server.pages.get(self.path.partition("?")[0])
        if page is None:
            self._send(HTTPStatus.NOT_FOUND, {"Content-Length": "0"}, b"")
            return
        headers = {
            "Content-Type": page.mime,
            "ETag": page.etag,
            "Last-Modified": format_datetime(self.server.changed, usegmt=True),
            "Accept-Ranges": "bytes",
        }
        status, body = HTTPStatus.OK, page.body
        if self._is_known(page):
            status, body = HTTPStatus.NOT_MODIFIED, b""
        elif span := self._range(page):
            status, body = HTTPStatus.PARTIAL_CONTENT, page.body[span.start : span.stop]
            headers["Content-Range"] = f"bytes {span.start}-{span.stop - 1}/{len(page.body)}"
            if not body:
                status = HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE
                headers["Content-Range"] = f"bytes */{len(page.body)}"
        if status != HTTPStatus.NOT_MODIFIED:
            headers["Content-Length"] = str(len(body))
        self._send(status, headers, body if with_body else b"")

    def _is_known(self, page: _Page) -> bool:
        """Whether the client says that it has this page already."""
        if given := self.headers.get("If-None-Match"):
            return page.etag in given
        try:
            return self.server.changed <= parsedate_to_datetime(self.headers["If-Modified-Since"])
        except (TypeError, ValueError):
            return False

    def _range(self, page: _Page) -> slice | None:
        """The bytes asked for; an empty slice when there are none such, None when all are asked for."""
        asked = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
        if not asked or asked[0] == "bytes=-" or self.headers.get("If-Range", page.etag) != page.etag:
            return None
        first, last = asked.groups()
        size = len(page.body)
        if not first:
            return slice(max(0, size - int(last)), size)
        return slice(int(first), min(size, int(last) + 1) if last else size)

    def _send(self, status: HTTPStatus, headers: dict[str, str], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


class DemoServer:
    """Serves the sample shows while the `with` block runs; `now` decides the episodes' dates."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def __enter__(self) -> Self:
        self._http = _Pages(self._now)
        self.feed_urls = [f"{self._http.base}/{show.slug}.xml" for show in demo_shows()]
        self._thread = threading.Thread(target=self._http.serve_forever, name="demo server", daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()
