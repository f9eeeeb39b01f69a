"""Feeds and transcripts: bytes from the network to records, and what a new document changes.

Pure functions. Nothing here fetches, stores, or trusts what it reads: texts are cleaned, sizes are bounded,
and a document is only ever handed to feedparser as a stream of bytes. Imports records and errors.
"""

from earmark.feeds.chapters import parse_chapters
from earmark.feeds.decide import FeedDecision, decide
from earmark.feeds.discover import find_feed_links
from earmark.feeds.opml import BadRow, Outline, Outlines, parse_opml
from earmark.feeds.parse import is_web_page, parse
from earmark.feeds.plain import clean, one_line
from earmark.feeds.transcripts import choose_transcript, fits, parse_transcript
from earmark.feeds.trust import AWAY_AFTER, Failed, is_another_show, shares_an_episode, verdict
from earmark.feeds.written import as_written

__all__ = [
    "AWAY_AFTER",
    "BadRow",
    "Failed",
    "FeedDecision",
    "Outline",
    "Outlines",
    "as_written",
    "choose_transcript",
    "clean",
    "decide",
    "find_feed_links",
    "fits",
    "is_another_show",
    "is_web_page",
    "one_line",
    "parse",
    "parse_chapters",
    "parse_opml",
    "parse_transcript",
    "shares_an_episode",
    "verdict",
]
