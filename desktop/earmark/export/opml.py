"""The list of shows for other programs (OPML 2.0), without names and passwords."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit
from xml.sax.saxutils import quoteattr

from earmark.export.clean import MOST_OF_A_TITLE, clean, web_address


@dataclass(frozen=True, slots=True)
class Listed:
    """A show as it goes into a list."""

    title: str
    url: str
    link: str | None = None


def as_opml(shows: Iterable[Listed], made: str) -> str:
    """A list of shows in their order; `made` is when, as RFC 822 has it. No address holds a login."""
    rows = "\n".join(f"    {_row(show)}" for show in shows)
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0">
  <head>
    <title>Shows from Earmark</title>
    <dateCreated>{made}</dateCreated>
  </head>
  <body>
{rows}
  </body>
</opml>
"""


def without_login(url: str) -> str:
    """An address without the name and password that stand in it.

    >>> without_login("https://ann:secret@example.org:8443/feed?x=1")
    'https://example.org:8443/feed?x=1'
    """
    try:
        place = urlsplit(url).netloc
    except ValueError:
        return url
    return url.replace(place, place.rpartition("@")[2], 1) if "@" in place else url


def _row(show: Listed) -> str:
    title = clean(show.title, MOST_OF_A_TITLE)
    values = {"type": "rss", "text": title, "title": title, "xmlUrl": clean(without_login(show.url), 8192)}
    if link := web_address(show.link):
        values["htmlUrl"] = link
    return "<outline " + " ".join(f"{name}={quoteattr(value)}" for name, value in values.items()) + "/>"
