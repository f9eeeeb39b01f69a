"""Mutes of shows by what they are called, as people say and read them; `muting` knows them by show."""

from collections.abc import Sequence
from dataclasses import replace

from earmark.errors import KnownError
from earmark.library import Reader
from earmark.paths import Paths
from earmark.pipeline import muting
from earmark.pipeline.named import feed_named, names_near
from earmark.records import Feed
from earmark.taste import MutedShow, Taste, change_taste, folded, load_taste


def mute_called(paths: Paths, reader: Reader | None, text: str) -> None:
    """Mute the show of this title; one that is not there only where it was known, or nothing is known yet.

    Without a `reader` there is no library yet. Raises KnownError, also where several have the title.
    """
    feeds = reader.feeds() if reader else []
    if reader and _called(feeds, text):
        muting.mute(paths, reader, feed_named(feeds, text))
        return
    known, wanted = load_taste(paths), folded(text).casefold()
    was = [each.title for each in known.muted_shows]
    was += [lesson.topic for lesson in known.lessons if lesson.about == "show"]
    if feeds and wanted and wanted not in {folded(title).casefold() for title in was}:
        near = names_near(wanted, [feed.title for feed in feeds])
        raise KnownError(f"There is no show “{text}” in your library. {near}")
    title = folded(next((title for title in was if folded(title).casefold() == wanted), text))
    if not title:
        raise KnownError("That is empty. Say it in a few words.")

    def with_it(now: Taste) -> Taste:
        there = any(each.title == title for each in now.muted_shows)
        return now if there else replace(now, muted_shows=(*now.muted_shows, MutedShow(title)))

    change_taste(paths, with_it)


def unmute_called(paths: Paths, reader: Reader | None, text: str) -> None:
    """Unmute each show of this title, now or when it was muted. Raises KnownError where none was muted."""
    before, wanted = load_taste(paths).muted_shows, folded(text).casefold()
    if reader:
        for feed in _called(reader.feeds(), text):
            muting.unmute(paths, reader, feed)

    def without_it(now: Taste) -> Taste:
        kept = tuple(each for each in now.muted_shows if each.title.casefold() != wanted)
        return replace(now, muted_shows=kept)

    if change_taste(paths, without_it).muted_shows == before:
        there = ", ".join(each.title for each in before)
        raise KnownError(f"“{text}” is not there. There is: {there or 'nothing'}.")


def _called(feeds: Sequence[Feed], text: str) -> list[Feed]:
    wanted = folded(text).casefold()
    return [feed for feed in feeds if wanted in (folded(feed.title).casefold(), str(feed.id))]
