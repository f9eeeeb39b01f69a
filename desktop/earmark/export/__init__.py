"""What goes out of the library in forms that other programs read.

Captions (`as_srt`, `as_vtt`, `as_podcast_json`) are made of a transcript; everything else of a `Selection`,
whose texts were cleaned (`clean`) when it was put together: each form then escapes in its own way. All are
pure functions from records to text or bytes but `write_vault`, `write_feed` and `write_whole`, which write
files whole or not at all. Imports records, errors, kept, clock and look alone, and never the network.
"""

from earmark.export.book import as_epub
from earmark.export.captions import as_podcast_json, as_srt, as_vtt
from earmark.export.clean import clean, file_name, web_address
from earmark.export.data_file import as_json
from earmark.export.feed_file import as_atom, write_feed
from earmark.export.flashcards import as_anki
from earmark.export.letter import as_letter
from earmark.export.opml import Listed, as_opml, without_login
from earmark.export.page import as_page
from earmark.export.plain_text import as_text
from earmark.export.readwise import as_csv
from earmark.export.selection import (
    Bearing,
    Clips,
    Entry,
    Item,
    Section,
    Selection,
    clock_time,
    long_date,
)
from earmark.export.vault import VaultResult, has_clip, noted_insights, write_vault
from earmark.export.whole import check_place, write_whole

__all__ = [
    "Bearing",
    "Clips",
    "Entry",
    "Item",
    "Listed",
    "Section",
    "Selection",
    "VaultResult",
    "as_anki",
    "as_atom",
    "as_csv",
    "as_epub",
    "as_json",
    "as_letter",
    "as_opml",
    "as_page",
    "as_podcast_json",
    "as_srt",
    "as_text",
    "as_vtt",
    "check_place",
    "clean",
    "clock_time",
    "file_name",
    "has_clip",
    "long_date",
    "noted_insights",
    "web_address",
    "without_login",
    "write_feed",
    "write_vault",
    "write_whole",
]
