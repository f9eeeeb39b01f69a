"""Directories of podcasts: asked only when the user says so, each time, for they learn what is looked for.

Apple's (the iTunes search interface) needs nothing. The Podcast Index needs a key of the user's own, which
podcastindex.org gives for nothing; requests are signed with it as its documentation says.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode, urlsplit

from earmark.clock import Clock, to_ms
from earmark.errors import KnownError
from earmark.feeds import one_line
from earmark.net import Deadline, Door

Directory = Literal["apple", "podcastindex"]
MOST_FOUND = 25
_ADDRESS = re.compile(r"https?://[!-~]{1,2000}", re.I)
MOST_BYTES = 8 * 2**20
DEADLINE_S = 30.0
NAMES: dict[Directory, str] = {"apple": "Apple Podcasts", "podcastindex": "the Podcast Index"}
NO_KEY = (
    "The Podcast Index answers only to a key of your own, which it gives for nothing at "
    "https://api.podcastindex.org. Then: earmark find --podcastindex-key KEY"
)


@dataclass(frozen=True, slots=True)
class Directories:
    """Where the directories are, and YouTube; others in tests alone."""

    apple: str = "https://itunes.apple.com"
    podcastindex: str = "https://api.podcastindex.org"
    youtube: str = "https://www.youtube.com"


DIRECTORIES = Directories()


@dataclass(frozen=True, slots=True)
class Listing:
    """A show as a directory has it; `url` is the address of its feed."""

    title: str
    author: str
    url: str
    episodes: int | None = None


def find_shows(
    door: Door,
    words: str,
    directory: Directory,
    clock: Clock,
    *,
    key: tuple[str, str] | None = None,
    places: Directories = DIRECTORIES,
) -> list[Listing]:
    """What a directory has for some words, its own order. `key`: the user's key and secret.

    Raises KnownError, also where the directory needs a key and there is none.
    """
    words = " ".join(words.split())
    if not words:
        raise KnownError("Say in some words what you look for.")
    why = f"search {NAMES[directory]}"
    if directory == "apple":
        asked = urlencode({"term": words, "media": "podcast", "entity": "podcast", "limit": MOST_FOUND})
        rows = _asked(door, f"{places.apple}/search?{asked}", why).get("results")
        return _listings(rows, "collectionName", "artistName", "feedUrl", "trackCount")
    if key is None:
        raise KnownError(NO_KEY)
    asked = urlencode({"q": words, "max": MOST_FOUND})
    url = f"{places.podcastindex}/api/1.0/search/byterm?{asked}"
    rows = _asked(door, url, why, _signed(key, clock)).get("feeds")
    return _listings(rows, "title", "author", "url", "episodeCount")


def feed_at_apple(
    door: Door, show_id: str, places: Directories = DIRECTORIES, country: str | None = None
) -> str:
    """The address of the feed of a show of Apple's directory, as its shop in a country (else in the US) has
    it. Raises KnownError."""
    asked = {"id": show_id, "entity": "podcast", **({"country": country} if country else {})}
    url = f"{places.apple}/lookup?{urlencode(asked)}"
    rows = _asked(door, url, "ask Apple for a feed").get("results")
    meant = [row for row in rows if _is_show(row, show_id)] if isinstance(rows, list) else []
    found = _listings(meant, "collectionName", "artistName", "feedUrl")
    if not found:
        raise KnownError(
            "Apple does not tell the address of this show's feed. A show that only Apple has cannot be "
            "subscribed to elsewhere; else look for “RSS” on the show's own page."
        )
    return found[0].url


def _is_show(row: object, show_id: str) -> bool:
    """Whether a row is of the very show; of a person or a publisher Apple sends all of theirs."""
    return isinstance(row, dict) and str(row.get("collectionId", show_id)) == show_id


def _asked(door: Door, url: str, why: str, headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The JSON object at an address of a directory; what signs the request goes to no other host."""
    host = urlsplit(url).hostname or ""
    sent = {"Accept": "application/json", "Accept-Encoding": "gzip", **(headers or {})}
    deadline = Deadline(DEADLINE_S, monotonic=door.monotonic)
    with door.open(url, sent, why=why, deadline=deadline, may_go=lambda other: other == host) as answer:
        if answer.status in (401, 403):
            raise KnownError(f"{host} does not let Earmark in (answer {answer.status}). Is the key right?")
        if answer.status != 200:
            raise KnownError(f"{host} did not answer the search (answer {answer.status}).")
        body = answer.whole(MOST_BYTES)
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise KnownError(f"{host} gave an answer that makes no sense.") from error
    if not isinstance(found, dict):
        raise KnownError(f"{host} gave an answer that makes no sense.")
    return found


def _signed(key: tuple[str, str], clock: Clock) -> dict[str, str]:
    """The headers of a request (Podcast Index, "Authentication Details")."""
    moment = str(to_ms(clock()) // 1000)
    digest = hashlib.sha1("".join((*key, moment)).encode("utf-8"), usedforsecurity=False).hexdigest()
    return {"X-Auth-Key": key[0], "X-Auth-Date": moment, "Authorization": digest}


def _listings(rows: object, title: str, author: str, url: str, count: str = "") -> list[Listing]:
    """Rows of an answer; those without an address, or of another kind, are left out."""
    found = []
    for row in rows[:MOST_FOUND] if isinstance(rows, list) else []:
        address = row.get(url) if isinstance(row, dict) else None
        if isinstance(address, str) and _ADDRESS.fullmatch(address):
            number = row.get(count)
            found.append(
                Listing(
                    one_line(str(row.get(title) or "")) or "Untitled show",
                    one_line(str(row.get(author) or "")),
                    address,
                    number if isinstance(number, int) else None,
                )
            )
    return found
