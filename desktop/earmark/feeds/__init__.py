"""Feeds and transcripts: bytes from the network to records, and what a new document changes.

Pure functions. Nothing here fetches, stores, or trusts what it reads: texts are cleaned, sizes are bounded,
and a document is only ever handed to feedparser as a stream of bytes. Imports records and errors.
"""

from earmark.feeds.chapters import parse_chapters
from earmark.feeds.decide import FeedDecision, decide
from earmark.feeds.discover import find_feed_links
from earmark.feeds.parse import parse
from earmark.feeds.plain import clean, one_line
from earmark.feeds.prefixes import counter, direct
from earmark.feeds.transcripts import choose_transcript, fits, parse_transcript
from earmark.feeds.written import as_written

__all__ = [
    "FeedDecision",
    "as_written",
    "choose_transcript",
    "clean",
    "counter",
    "decide",
    "direct",
    "find_feed_links",
    "fits",
    "one_line",
    "parse",
    "parse_chapters",
    "parse_transcript",
]
