"""The picture of a show: fetched from the show's own host and from nobody else, kept small in the cache."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from earmark.engines import EngineDied, Media
from earmark.engines.media import MOST_PICTURE_BYTES
from earmark.errors import KnownError
from earmark.hiding import host_of, is_hidden
from earmark.paths import Paths
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Feed, FeedId, ShowFacts

SIDE = 96
DEADLINE_S = 8.0
_MARK_BYTES = 32


def art_file(paths: Paths, feed_id: FeedId) -> Path:
    """Where a show's picture is kept, if it is: a mark of its address, then three bytes a point, or nothing
    where it could not be had."""
    return paths.cache / "art" / f"{feed_id}.rgb"


def points_in(file: Path) -> bytes | None:
    """The points of a kept picture, `SIDE` times `SIDE`; None where there is none."""
    with suppress(OSError):
        body = file.read_bytes()[_MARK_BYTES:]
        return body if len(body) == SIDE * SIDE * 3 else None
    return None


def wants_art(paths: Paths, feed: Feed, facts: ShowFacts) -> bool:
    """Whether a show's picture is to be fetched: it lies on the show's own host, and nobody asked yet."""
    address = facts.image_url
    if address is None or is_hidden(address) or not host_of(address) or host_of(address) != host_of(feed.url):
        return False
    try:
        with art_file(paths, feed.id).open("rb") as kept:
            return kept.read(_MARK_BYTES) != _mark(address)
    except OSError:
        return True


def fetch_art(tools: Tools, feed_id: FeedId, watch: Watch) -> bool:
    """Fetch and keep a show's picture; whether there is one now. What cannot be had is not asked for again.

    It is decoded in a child of its own, for the decoder may be busy with a recording.
    """
    feed, facts = tools.library.feed(feed_id), tools.library.show_facts(feed_id)
    file = art_file(tools.paths, feed_id)
    if facts.image_url is None or tools.choices().offline or not wants_art(tools.paths, feed, facts):
        return False
    host, raw = host_of(feed.url), tools.paths.scratch / f"picture-{feed_id}"
    points = b""
    try:
        got = tools.door.get(
            facts.image_url,
            why="fetch a show's picture",
            max_bytes=MOST_PICTURE_BYTES,
            deadline_s=DEADLINE_S,
            cancelled=watch.cancelled,
            may_go=lambda other: other == host,
        )
        raw.write_bytes(got.body)
        with Media() as media:
            points = media.picture(raw, SIDE, cancelled=watch.cancelled)
    except (KnownError, EngineDied, OSError):
        points = b""  # the letter stands in its place
    finally:
        raw.unlink(missing_ok=True)
    with suppress(OSError):
        file.parent.mkdir(mode=0o700, exist_ok=True)
        file.write_bytes(_mark(facts.image_url) + points)
    return bool(points)


def _mark(address: str) -> bytes:
    return sha256(address.encode("utf-8", "surrogatepass")).digest()
