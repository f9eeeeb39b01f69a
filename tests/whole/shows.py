"""Feeds made on the fly and served on loopback, for tests of the whole job."""

import hashlib
import html
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from loopback import HERE, running

from earmark.export import as_podcast_json
from earmark.records import Segment

LINE = "A shop that raised its prices by {n} percent lost only 2 percent of its customers in a year."


@dataclass
class Web:
    """Pages by path, and what was asked of them; bytes with a content type. Pages in `held` wait.

    Those in `no_length` do not tell theirs; those in `names` wish to be called something, those in
    `locked` want that Authorization. `redirects` lead elsewhere, those in `moved` for good; `heads` are the
    headers of all requests.
    """

    pages: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    held: dict[str, threading.Event] = field(default_factory=dict)
    origin: str = ""
    no_length: set[str] = field(default_factory=set)
    names: dict[str, str] = field(default_factory=dict)
    locked: dict[str, str] = field(default_factory=dict)
    redirects: dict[str, str] = field(default_factory=dict)
    moved: set[str] = field(default_factory=set)
    heads: list[dict[str, str]] = field(default_factory=list)

    def add(self, path: str, mime: str, body: bytes) -> str:
        """Put a page at `path`; its address."""
        self.pages[path] = (mime, body)
        return self.origin + path


@contextmanager
def served() -> Iterator[Web]:
    """A Web on a free port of 127.0.0.1, with ETag and 304."""
    web = Web()

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            web.asked.append(self.path)
            web.heads.append(dict(self.headers))
            if self.path in web.held:
                web.held[self.path].wait(60)
            if self.path in web.locked and self.headers.get("Authorization") != web.locked[self.path]:
                self.send_error(401)
                return
            if self.path in web.redirects:
                self.send_response(301 if self.path in web.moved else 302)
                self.send_header("Location", web.redirects[self.path])
                self.end_headers()
                return
            if self.path not in web.pages:
                self.send_error(404)
                return
            mime, body = web.pages[self.path]
            etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
            unchanged = self.headers.get("If-None-Match") == etag
            self.send_response(304 if unchanged else 200)
            self.send_header("ETag", etag)
            if not unchanged:
                self.send_header("Content-Type", mime)
                if self.path not in web.no_length:
                    self.send_header("Content-Length", str(len(body)))
                if self.path in web.names:
                    wish = f'attachment; filename="{web.names[self.path]}"'
                    self.send_header("Content-Disposition", wish)
            self.end_headers()
            if not unchanged:
                self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(HERE, Answer)
    web.origin = f"http://127.0.0.1:{server.server_address[1]}"
    with running(server):
        yield web


@dataclass(frozen=True)
class Item:
    """One episode of a served show: a transcript, or audio, or both."""

    slug: str
    title: str
    days: int
    transcript: dict[str, object] | None = None
    audio: tuple[str, bytes] | None = None
    duration_s: float | None = None
    chapters: dict[str, object] | None = None


def item(slug: str, count: int) -> Item:
    """An episode of `count` sentences, one every five seconds."""
    rows = [Segment(n * 5000, n * 5000 + 4900, LINE.format(n=n)) for n in range(count)]
    return Item(slug, f"Episode {slug}", 1, transcript=as_podcast_json(rows))


def serve_show(web: Web, slug: str, title: str, items: list[Item]) -> str:
    """Publish a show; the address of its feed."""
    parts = [
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0"'
        ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
        ' xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>'
        f"<title>{html.escape(title)}</title><link>https://{slug}.example</link>"
        "<description>Served by a test.</description>"
    ]
    for each in items:
        parts.append(_item(web, slug, each))
    parts.append("</channel></rss>")
    return web.add(f"/{slug}/feed.xml", "application/rss+xml", "".join(parts).encode())


def _item(web: Web, show: str, item: Item) -> str:
    body = f"<item><title>{html.escape(item.title)}</title><guid>{show}-{item.slug}</guid>"
    body += f"<pubDate>{item.days:02} Nov 2026 06:00:00 GMT</pubDate>"
    if item.duration_s:
        body += f"<itunes:duration>{round(item.duration_s)}</itunes:duration>"
    if item.transcript is not None:
        url = web.add(f"/{show}/{item.slug}.json", "application/json", json.dumps(item.transcript).encode())
        body += f'<podcast:transcript url="{url}" type="application/json"/>'
    if item.chapters is not None:
        url = web.add(f"/{show}/{item.slug}.chapters", "application/json", json.dumps(item.chapters).encode())
        body += f'<podcast:chapters url="{url}" type="application/json+chapters"/>'
    if item.audio is not None:
        mime, data = item.audio
        url = web.add(f"/{show}/{item.slug}.audio", mime, data)
        body += f'<enclosure url="{url}" type="{mime}" length="{len(data)}"/>'
    return body + "</item>"
