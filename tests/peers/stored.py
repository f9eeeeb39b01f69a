"""Every file of the other readers' suites, served on loopback and subscribed to in a real library."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from loopback import HERE, running

from earmark.errors import KnownError
from earmark.library import open_library
from earmark.net import Door
from earmark.paths import Paths
from earmark.pipeline import Tools, add_feed
from earmark.records import Episode, Feed, ShowFacts

NOW = datetime(2026, 11, 26, tzinfo=UTC)
_HEADER = re.compile(rb"^\s*Header:[ \t]*([\w-]+):[ \t]*(.*?)\s*$", re.M)
_TYPES = {".json": "application/feed+json", ".html": "text/html"}


@dataclass(frozen=True)
class Stored:
    """What the library holds of one file; `refused` is what the user was told instead."""

    url: str
    refused: str = ""
    feed: Feed | None = None
    facts: ShowFacts = ShowFacts()  # noqa: RUF009
    episodes: tuple[Episode, ...] = ()


@contextmanager
def suites_served(root: Path) -> Iterator[str]:
    """The folder's files at the addresses of their names; the origin. Some name a header."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            file = root / self.path[1:]
            if not file.is_file():  # where a page of a suite links to
                self.send_error(404)
                return
            body = file.read_bytes()
            named = _HEADER.search(body[:2000])
            self.send_response(200)
            header = named and named[1].decode().lower() == "content-type"
            mime = named[2].decode() if named and header else _TYPES.get(Path(self.path).suffix)
            self.send_header("Content-Type", mime or "application/xml")
            if file.suffix == ".gz":
                self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args: object) -> None:
            return

    server = ThreadingHTTPServer(HERE, Answer)
    with running(server):
        yield f"http://127.0.0.1:{server.server_address[1]}"


def subscribe_to_all(
    root: Path, names: Sequence[str], profile: Path, around: Callable[[str], Any] = nullcontext
) -> dict[str, Stored]:
    """Subscribe to each file of `root` in one library, through the real door, and read the rows back.

    `around` gives a context for each file, in which alone it is asked for and taken in.
    """
    found: dict[str, Stored] = {}
    unused: Any = None
    paths = Paths(profile)
    with suites_served(root) as origin, open_library(paths, clock=lambda: NOW) as library:
        library._db.execute("PRAGMA synchronous = OFF")  # nothing of this is to be kept
        door = Door(user_agent="Earmark/test", log=library.log_request)
        tools = Tools(library, door, unused, unused, unused, paths, lambda: NOW, None)
        for name in names:
            url = f"{origin}/{name}"
            try:
                with around(name):
                    feed = add_feed(tools, url, backlog=0)
            except KnownError as error:
                found[name] = Stored(
                    url, refused=str(error).replace(url, "ADDRESS").replace(origin, "SERVER")
                )
                continue
            rows = sorted(library.episodes(feed.id), key=lambda episode: episode.id)
            found[name] = Stored(url, "", feed, library.show_facts(feed.id), tuple(rows))
    return found
