"""Addresses that people have of shows, and what can be told from them alone."""

import re
from urllib.parse import parse_qs, quote, urlsplit

MOST_ADDRESSES = 100
_ADDRESS = re.compile(r"(?:https?|feed|podcast|itpc|pcast)://[^\s<>\"'“”]{1,8000}", re.I)
_BARE = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,10}(?:/\S{0,4000})?")
_APPLE_HOSTS = ("podcasts.apple.com", "itunes.apple.com", "geo.itunes.apple.com", "embed.podcasts.apple.com")
_OF_SEVERAL = re.compile(r"/(?:artist|channel|curator|genre|grouping)/")
"""Apple's pages of many shows, whose numbers are of something else."""
_SHORT_HOST = "youtu.be"
_NO_FEED_LISTS = ("RD", "UL")
"""Lists that YouTube makes up for whoever looks; they have no feed."""
_YOUTUBE_HOSTS = ("youtube.com", "www.youtube.com", "m.youtube.com", "music.youtube.com")
_CHANNEL_IN_PAGE = (
    re.compile(rb"channel_id=(UC[\w-]{22})\b"),
    re.compile(rb"<link[^<>]{0,300}/channel/(UC[\w-]{22})\b"),
    re.compile(rb"<meta[^<>]{0,300}\"(UC[\w-]{22})\""),
    re.compile(rb"\"(?:externalId|channelId)\":\"(UC[\w-]{22})\""),
)
"""In a channel's page: its feed, its lasting address, what it says of itself; the first is the surest."""


def addresses_in(text: str) -> list[str]:
    """The addresses in a text that was dropped or pasted, each once, at most 100.

    A line of a list (text/uri-list) that begins with "#" is a remark. A single word that looks like an
    address is one.

    >>> addresses_in("Hear https://example.org/feed, and feed://example.net/rss.")
    ['https://example.org/feed', 'feed://example.net/rss']
    >>> addresses_in(" example.org/feed ")
    ['example.org/feed']
    """
    lines = [line for line in text[:1_000_000].splitlines() if not line.startswith("#")]
    found = [match[0].rstrip(".,;:!?)]}") for line in lines for match in _ADDRESS.finditer(line)]
    bare = "\n".join(lines).strip()
    if not found and _BARE.fullmatch(bare):
        found = [bare]
    return list(dict.fromkeys(found))[:MOST_ADDRESSES]


def same_place(url: str) -> str:
    """What two addresses of one feed have in common, whatever their scheme, case of host and last slash.

    >>> same_place("HTTP://Example.org:80/Feed/#top") == same_place("https://example.org/Feed")
    True
    """
    try:
        parts = urlsplit(url.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return url.strip()
    place = host if port in (None, 80, 443) else f"{host}:{port}"
    login = f"{parts.username}@" if parts.username else ""
    return f"{login}{place}{parts.path.rstrip('/')}" + (f"?{parts.query}" if parts.query else "")


def apple_show_id(url: str) -> str | None:
    """The number of a show in an address of Apple's directory, else None.

    >>> apple_show_id("https://podcasts.apple.com/us/podcast/a-show/id123456789?i=1000")
    '123456789'
    """
    parts = _split(url)
    if parts is None or parts[0] not in _APPLE_HOSTS:
        return None
    _host, path, query = parts
    if _OF_SEVERAL.search(path):
        return None
    number = re.search(r"/id(\d{4,15})(?:/|$)", path)
    asked = query.get("id", [""])[0]
    return number[1] if number else asked if re.fullmatch(r"[0-9]{4,15}", asked) else None


def is_apple(url: str) -> bool:
    """Whether an address is of Apple's directory, be it of a show or not."""
    parts = _split(url)
    return parts is not None and parts[0] in _APPLE_HOSTS


def apple_country(url: str) -> str | None:
    """The country of Apple's shop in an address; a show may be in some of them alone.

    >>> apple_country("https://podcasts.apple.com/de/podcast/eine-sendung/id123456789")
    'de'
    """
    parts = _split(url)
    found = re.match(r"/([a-z]{2})/", parts[1]) if parts is not None and is_apple(url) else None
    return found[1] if found else None


def is_youtube(url: str) -> bool:
    """Whether an address is of YouTube's site, or of its short ones."""
    parts = _split(url)
    return parts is not None and parts[0] in (*_YOUTUBE_HOSTS, _SHORT_HOST)


def youtube_page(url: str) -> str:
    """Path and query of the page at YouTube that an address of theirs is of.

    >>> youtube_page("https://youtu.be/dQw4w9WgXcQ?si=abc"), youtube_page("https://youtube.com/@films?si=abc")
    ('/watch?v=dQw4w9WgXcQ', '/@films?si=abc')
    """
    parts = urlsplit(url)
    if parts.hostname == _SHORT_HOST:
        return f"/watch?v={quote(parts.path.strip('/'), safe='')}"
    return parts.path + (f"?{parts.query}" if parts.query else "")


def youtube_feed(url: str) -> str | None:
    """Path and query of the feed of a channel or playlist, as far as its address tells it; else None.

    >>> youtube_feed("https://www.youtube.com/playlist?list=PL12345678901")
    '/feeds/videos.xml?playlist_id=PL12345678901'
    """
    parts = _split(url)
    if parts is None or not is_youtube(url):
        return None
    _host, path, query = parts
    if path == "/feeds/videos.xml":
        return None
    if channel := re.match(r"/channel/(UC[\w-]{22})(?:/|$)", path):
        return channel_feed(channel[1])
    if user := re.match(r"/user/([\w.-]{1,100})(?:/|$)", path):
        return f"/feeds/videos.xml?user={quote(user[1])}"
    listed = query.get("list", [""])[0]
    usable = re.fullmatch(r"[\w-]{10,100}", listed) and not listed.startswith(_NO_FEED_LISTS)
    return f"/feeds/videos.xml?playlist_id={listed}" if usable else None


def youtube_channel_in(page: bytes) -> str | None:
    """The id of the channel that a page of YouTube's is of, or None."""
    for pattern in _CHANNEL_IN_PAGE:
        if found := pattern.search(page):
            return found[1].decode("ascii")
    return None


def channel_feed(channel_id: str) -> str:
    """Path and query of a channel's feed."""
    return f"/feeds/videos.xml?channel_id={channel_id}"


def _split(url: str) -> tuple[str, str, dict[str, list[str]]] | None:
    try:
        parts = urlsplit(url.strip())
        return (parts.hostname or "", parts.path, parse_qs(parts.query, max_num_fields=50))
    except ValueError:
        return None
