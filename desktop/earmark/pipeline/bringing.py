"""What a user brings, whatever it is: an address, a page, a file, a folder, a list; and what came of it."""

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass

from earmark.errors import Cancelled, KnownError
from earmark.feeds import FeedLink, parse_opml
from earmark.pipeline.adding import Added, add_show, named_in
from earmark.pipeline.backlog import Choice, choices_of, queue_newest
from earmark.pipeline.care import unsubscribe
from earmark.pipeline.local import local_path
from earmark.pipeline.subscribe import SeveralFeeds, address_of
from earmark.pipeline.tools import Tools, Watch
from earmark.records import Changes, FeedId

_OPML = re.compile(rb"<opml\b", re.I)
_LISTS = (".opml", ".xml")
MOST_BYTES = 17 * 2**20


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of it.

    `shows` were added, nothing of them is queued yet; `choices` is how far back one can go in all of them
    together. `problems`: (what was asked for, why it could not be had). `feeds` are those of a page that has
    several, `rows` is how many shows a list names: of these nothing was added yet.
    """

    shows: tuple[Added, ...] = ()
    choices: tuple[Choice, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    rows: int | None = None


def bring(tools: Tools, text: str, watch: Watch) -> Brought:
    """Subscribe to what a text names; a list is only looked at. Raises KnownError where it names nothing, and
    Cancelled where the user wants none of it any more: then it is as it was before."""
    listed = list_in(text)
    if listed is not None:
        return Brought(rows=len(parse_opml(listed[1]).rows))
    before = {feed.id for feed in tools.library.feeds()}
    try:
        return _bring_named(tools, text, watch)
    except Cancelled:
        take_back(tools, {feed.id for feed in tools.library.feeds()} - before)
        raise


def take_back(tools: Tools, feed_ids: Container[FeedId]) -> Changes:
    """Leave shows that were only just added, and of which nothing is queued."""
    left = [feed for feed in tools.library.feeds() if feed.id in feed_ids]
    for feed in left:
        unsubscribe(tools, feed)
    return Changes(feed_ids=frozenset(feed.id for feed in left))


def _bring_named(tools: Tools, text: str, watch: Watch) -> Brought:
    shows, problems = [], []
    feeds: list[FeedLink] = []
    found, are_paths = named_in(text)
    for typed in found:
        watch.stop_if_asked()
        try:
            place = typed if are_paths else address_of(typed)
            shows.append(add_show(tools, place, watch, backlog=0))
        except SeveralFeeds as several:
            feeds += several.choices
        except KnownError as error:
            problems.append((typed, str(error)))
    watch.stop_if_asked()
    new = [choices_of(tools, added.feed.id) for added in shows if added.new]
    return Brought(tuple(shows), together(new), tuple(problems), tuple(feeds))


def list_in(text: str) -> tuple[str, bytes] | None:
    """The name and the bytes of a list of shows (OPML) that a text is, or that the file is which it names.

    Raises KnownError for a file that cannot be read.
    """
    if _OPML.search(text[:4000].encode("utf-8", "replace")):
        return "OPML", text.encode("utf-8", "replace")
    path = local_path(text) if "\n" not in text.strip() else None
    if path is None or not path.is_file():
        return None
    try:
        with path.open("rb") as opened:
            head = opened.read(4000)
            if path.suffix.lower() not in _LISTS and not _OPML.search(head):
                return None
            return path.name, head + opened.read(MOST_BYTES)
    except OSError as error:
        raise KnownError(f"{path} cannot be read ({error.strerror}).") from error


def together(choices: Sequence[Sequence[Choice]]) -> tuple[Choice, ...]:
    """How far one can go back in several shows at once: the newest so many of each, and all.

    >>> [(each.episodes, each.work_s) for each in together([[Choice(1, 5), Choice(2, 9)], [Choice(1, 7)]])]
    [(1, 12), (2, 16)]
    """
    numbers = sorted({choice.episodes for each in choices for choice in each})
    made = []
    for number in numbers:
        reached = [
            max((c for c in each if c.episodes <= number), key=_episodes, default=None) for each in choices
        ]
        used = [choice for choice in reached if choice is not None]
        made.append(Choice(number, sum(c.work_s for c in used), sum(c.unheard for c in used)))
    return tuple(made)


def start_with(tools: Tools, feed_ids: Sequence[FeedId], episodes: int) -> Changes:
    """Queue the newest episodes of each of these shows."""
    for feed_id in feed_ids:
        queue_newest(tools, feed_id, episodes)
    return Changes(feed_ids=frozenset(feed_ids))


def usual_choice(choices: Sequence[Choice], wanted: int) -> Choice | None:
    """What is chosen unless the user says otherwise: so many episodes, or all where there are fewer."""
    fewer = [choice for choice in choices if choice.episodes <= wanted]
    return max(fewer, key=_episodes, default=choices[0] if choices else None)


def _episodes(choice: Choice) -> int:
    return choice.episodes
