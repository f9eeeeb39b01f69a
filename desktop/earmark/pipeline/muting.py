"""Shows whose insights are held back, in the file of the user's taste.

A mute goes with its show whatever that is called. One that names no show, as the user writes it by hand, is
of all shows of its title; so is one whose show the library does not know, as after a new beginning.
"""

from collections.abc import Sequence, Set
from dataclasses import replace

from earmark.library import Reader
from earmark.paths import Paths
from earmark.records import Feed, FeedId
from earmark.taste import MutedShow, Taste, change_taste, folded, load_taste


def muted_feeds(reader: Reader, muted_shows: Sequence[MutedShow]) -> dict[FeedId, str]:
    """The shows of the library that are muted, with their titles."""
    if not muted_shows:
        return {}
    known = reader.lasting_ids()
    return {
        feed.id: feed.title
        for feed in reader.feeds()
        if any(_means(entry, feed, known) for entry in muted_shows)
    }


def mute(paths: Paths, reader: Reader, feed: Feed) -> None:
    """Hold a show's insights back from briefs, whatever it is called from now on. Raises KnownError."""
    known = reader.lasting_ids()
    others = [each for each in reader.feeds() if each.id != feed.id]

    def by_title_alone(entry: MutedShow) -> bool:
        return _means(entry, feed, known) and not any(_means(entry, other, known) for other in others)

    def with_it(taste: Taste) -> Taste:
        if any(entry.show == feed.lasting_id for entry in taste.muted_shows):
            return taste
        kept = tuple(entry for entry in taste.muted_shows if not by_title_alone(entry))
        return replace(taste, muted_shows=(*kept, MutedShow(folded(feed.title), feed.lasting_id)))

    change_taste(paths, with_it)


def unmute(paths: Paths, reader: Reader, feed: Feed) -> None:
    """No longer hold a show's insights back. Raises KnownError."""
    known = reader.lasting_ids()

    def without_it(taste: Taste) -> Taste:
        kept = tuple(entry for entry in taste.muted_shows if not _means(entry, feed, known))
        return replace(taste, muted_shows=kept)

    change_taste(paths, without_it)


def forget_mutes(paths: Paths, reader: Reader, left: Sequence[Feed]) -> None:
    """Take out the mutes of shows of which the library holds nothing any more; else another one of the same
    title would be meant from now on. Raises KnownError."""
    gone = {feed.lasting_id for feed in left} - reader.lasting_ids()
    if any(entry.show in gone for entry in load_taste(paths).muted_shows):
        change_taste(
            paths,
            lambda taste: replace(
                taste, muted_shows=tuple(entry for entry in taste.muted_shows if entry.show not in gone)
            ),
        )


def _means(entry: MutedShow, feed: Feed, known: Set[str]) -> bool:
    if entry.show in known:
        return entry.show == feed.lasting_id
    return folded(entry.title).casefold() == folded(feed.title).casefold()
