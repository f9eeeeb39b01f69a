"""Feeds and transcripts: bytes from the network to records, and what a new document changes.

Pure functions. Nothing here fetches, stores, or trusts what it reads: texts are cleaned, sizes are bounded,
and a document is only ever handed to feedparser as a stream of bytes. Imports records and errors.
"""

from earmark.feeds.chapters import chapters_in_notes, in_order, parse_chapters
from earmark.feeds.decide import FeedDecision, decide
from earmark.feeds.discover import FeedLink, find_feed_links, is_page, to_choose_from
from earmark.feeds.opml import BadRow, Outline, Outlines, parse_opml
from earmark.feeds.parse import parse
from earmark.feeds.parts import together
from earmark.feeds.plain import clean, one_line
from earmark.feeds.prefixes import counter, direct
from earmark.feeds.transcripts import choose_transcript, fits, other_language, parse_transcript
from earmark.feeds.trust import (
    AWAY_AFTER,
    Failed,
    is_another_show,
    network_went,
    server_died,
    shares_an_episode,
    verdict,
)
from earmark.feeds.written import as_written

__all__ = [
    "AWAY_AFTER",
    "BadRow",
    "Failed",
    "FeedDecision",
    "FeedLink",
    "Outline",
    "Outlines",
    "as_written",
    "chapters_in_notes",
    "choose_transcript",
    "clean",
    "counter",
    "decide",
    "direct",
    "find_feed_links",
    "fits",
    "in_order",
    "is_another_show",
    "is_page",
    "network_went",
    "one_line",
    "other_language",
    "parse",
    "parse_chapters",
    "parse_opml",
    "parse_transcript",
    "server_died",
    "shares_an_episode",
    "to_choose_from",
    "together",
    "verdict",
]
